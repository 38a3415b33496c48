"""Words of a motion: signatures bound to them, the check, earlier motions, amendments and the final text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from motions.rules import admissibility, amendments, drafting
from motions.rules.admissibility import Criterion, Earlier, Finding
from motions.rules.amendments import Amendment, Change
from motions.rules.drafting import Signature, Text
from motions.rules.stages import Act, MotionKind

WORDS = Text("Lights in the park", "The city puts up lamps.\n\nIn the old park first.", "It is dark.")
DAY = date(2028, 3, 1)


def codes(error: DomainError) -> list[str]:
    return [each.code for each in error.all()]


# Signatures ----------------------------------------------------------------------------------------------------------


def test_a_changed_word_voids_every_signature_and_a_blank_at_the_end_none() -> None:
    read = drafting.digest(WORDS)
    signed = [Signature(2, read, DAY), Signature(3, read, DAY)]
    assert drafting.standing(signed, drafting.digest(replace(WORDS, text=WORDS.text + "\r\n "))) == (
        [2, 3],
        [],
    )
    for part in ("title", "text", "reasons", "costs"):
        changed = drafting.digest(replace(WORDS, **{part: getattr(WORDS, part) + " Soon."}))
        assert drafting.standing(signed, changed) == ([], [2, 3])


def test_words_that_move_from_one_part_to_another_are_other_words() -> None:
    assert drafting.digest(Text("a", "b", "c")) != drafting.digest(Text("a", "bc", ""))


def test_whoever_signs_again_signs_the_new_words() -> None:
    old, new = "1" * 64, "2" * 64
    assert drafting.standing(
        [Signature(2, old, DAY), Signature(2, new, DAY), Signature(3, old, DAY)], new
    ) == (
        [2],
        [3],
    )


@pytest.mark.parametrize(
    ("member", "read", "said"),
    [
        (2, "same", []),
        (1, "same", ["own_motion"]),
        (9, "same", ["not_invited"]),
        (2, "other", ["text_changed"]),
        (9, "other", ["not_invited", "text_changed"]),
    ],
)
def test_who_was_asked_signs_what_they_read(member: int, read: str, said: list[str]) -> None:
    if not said:
        drafting.check_signature(member, 1, {2, 3}, read, "same")
        return
    with pytest.raises(DomainError) as refused:
        drafting.check_signature(member, 1, {2, 3}, read, "same")
    assert codes(refused.value) == said


def test_two_members_must_sign_and_who_left_the_council_does_not_count() -> None:
    current = drafting.digest(WORDS)
    signed = [Signature(2, current, DAY), Signature(3, current, DAY), Signature(4, "0" * 64, DAY)]
    assert drafting.check_submission(signed, current, {2, 3, 4}) == [2, 3]
    with pytest.raises(DomainError) as refused:
        drafting.check_submission(signed, current, {2, 4})
    assert (refused.value.code, refused.value.parameters) == ("cosigners_missing", {"have": 1, "need": 2})


@pytest.mark.parametrize("kind", MotionKind)
def test_each_kind_needs_its_parts(kind: MotionKind) -> None:
    with pytest.raises(DomainError) as refused:
        drafting.check_text(Text(" ", "", "\n", ""), kind)
    needed = {"title_missing", "motion_text_missing"}
    if kind is not MotionKind.QUESTION:
        needed.add("reasons_missing")
    if kind is MotionKind.BUDGET_REQUEST:
        needed.add("costs_missing")
    assert set(codes(refused.value)) == needed


@pytest.mark.parametrize("part", ["title", "text", "reasons", "costs"])
def test_a_gap_of_a_template_is_no_text_and_an_ellipsis_is(part: str) -> None:
    words = {"title": "Guides", "text": "The city pays …", "reasons": "“Nobody […] told us.”", "costs": "?"}
    drafting.check_text(Text(**words), MotionKind.BUDGET_REQUEST)
    drafting.check_draft(Text(**words | {part: f"by {drafting.GAP}"}))  # a draft may be kept with it
    with pytest.raises(DomainError) as refused:
        drafting.check_text(Text(**words | {part: f"by {drafting.GAP}"}), MotionKind.BUDGET_REQUEST)
    assert codes(refused.value) == ["gaps_left"]


def test_what_is_too_long_is_said_part_by_part() -> None:
    with pytest.raises(DomainError) as refused:
        drafting.check_text(Text("x" * 201, "x" * 20_001, "y", "z" * 2_001), MotionKind.MOTION)
    assert [each.parameters["part"] for each in refused.value.all()] == ["title", "text", "costs"]


# Admissibility -------------------------------------------------------------------------------------------------------

MET = dict.fromkeys(Criterion, Finding.MET)


def found(**unmet: Finding) -> dict[Criterion, Finding]:
    return {**MET, **{Criterion(name): finding for name, finding in unmet.items()}}


def test_a_motion_is_admitted_when_everything_is_met_and_only_then() -> None:
    assert admissibility.check_findings(Act.ADMIT, MET) == []
    with pytest.raises(DomainError) as refused:
        admissibility.check_findings(Act.ADMIT, found(clear=Finding.NOT_MET))
    assert refused.value.code == "grounds_against"


def test_what_can_be_mended_is_returned_and_what_cannot_is_refused() -> None:
    for criterion in Criterion:
        hard = criterion in (Criterion.COMPETENT, Criterion.LAWFUL, Criterion.NOT_REPEATED)
        right, wrong = (Act.REFUSE, Act.RETURN) if hard else (Act.RETURN, Act.REFUSE)
        unmet = found(**{criterion.value: Finding.NOT_MET})
        assert admissibility.check_findings(right, unmet) == [criterion]
        with pytest.raises(DomainError) as refused:
            admissibility.check_findings(wrong, unmet)
        assert refused.value.code == "finding_ground_missing"


def test_nothing_is_decided_before_everything_was_looked_at() -> None:
    for act in (Act.ADMIT, Act.RETURN, Act.REFUSE):
        with pytest.raises(DomainError) as refused:
            admissibility.check_findings(act, {Criterion.CLEAR: Finding.MET})
        assert refused.value.code == "finding_missing"


def test_the_same_matter_rests_for_six_months() -> None:
    earlier = Earlier(7, "Lights", "…", date(2027, 8, 31))
    assert admissibility.blocked_until(earlier.dealt_on) == date(2028, 2, 29)
    admissibility.check_repetition(earlier, date(2028, 2, 29))
    for named, day, code in ((None, DAY, "earlier_missing"), (earlier, DAY, "earlier_too_old")):
        with pytest.raises(DomainError) as refused:
            admissibility.check_repetition(named, day)
        assert refused.value.code == code


def test_earlier_motions_about_the_same_are_shown_the_most_alike_first() -> None:
    same = Earlier(1, "LIGHTS in the Park!", WORDS.text, date(2028, 1, 10))
    near = Earlier(2, "Lamps", "In the old park first. The city puts up benches.", date(2028, 1, 10))
    other = Earlier(3, "Swimming", "More hours at the pool for women.", date(2028, 1, 10))
    old = replace(same, number=4, dealt_on=date(2027, 1, 10))
    shown = admissibility.alike(WORDS.title, WORDS.text, DAY, [other, old, near, same])
    assert [each.number for each, _share in shown] == [1, 2]
    assert admissibility.alike("", "", DAY, [same]) == []


# Amendments ----------------------------------------------------------------------------------------------------------

TEXT = "First.\n\nSecond.\n \n\nThird."


def amend(id: int, paragraph: int, change: Change, text: str = "", base: str = TEXT) -> Amendment:
    return Amendment(id, amendments.digest(base), paragraph, change, text)


def test_amendments_of_different_paragraphs_become_one_text() -> None:
    accepted = [
        amend(1, 0, Change.INSERT_AFTER, "Before."),
        amend(2, 1, Change.REPLACE, "The first."),
        amend(3, 2, Change.DELETE),
        amend(4, 3, Change.INSERT_AFTER, "Fourth.\n\nFifth."),
    ]
    merged = amendments.merge(TEXT, accepted)
    assert amendments.paragraphs(merged) == ["Before.", "The first.", "Third.", "Fourth.", "Fifth."]
    assert amendments.digest(merged) == amendments.digest(amendments.merge(TEXT, accepted[::-1]))


def test_two_changes_of_one_paragraph_are_refused_until_one_gives_way() -> None:
    first, second = amend(1, 2, Change.REPLACE, "This."), amend(2, 2, Change.REPLACE, "That.")
    with pytest.raises(DomainError) as refused:
        amendments.merge(TEXT, [first, second])
    assert (refused.value.code, refused.value.parameters) == (
        "amendments_conflict",
        {"paragraph": 2, "amendments": [1, 2]},
    )
    assert amendments.paragraphs(amendments.merge(TEXT, [second])) == ["First.", "That.", "Third."]


def test_two_who_want_the_very_same_do_not_contradict_each_other() -> None:
    both = [amend(1, 2, Change.REPLACE, "This."), amend(2, 2, Change.REPLACE, "This.\n")]
    assert amendments.conflicts(both) == []
    assert amendments.paragraphs(amendments.merge(TEXT, both)) == ["First.", "This.", "Third."]


def test_insertions_at_one_place_need_an_order() -> None:
    both = [amend(1, 2, Change.INSERT_AFTER, "A."), amend(2, 2, Change.INSERT_AFTER, "B.")]
    assert amendments.conflicts(both) == [(2, [1, 2])]
    one = [amend(1, 2, Change.DELETE), amend(2, 2, Change.INSERT_AFTER, "B.")]
    assert amendments.paragraphs(amendments.merge(TEXT, one)) == ["First.", "B.", "Third."]


@pytest.mark.parametrize(
    ("amendment", "said"),
    [
        (amend(1, 2, Change.REPLACE, "New.", base="Other."), ["text_changed"]),
        (amend(1, 4, Change.REPLACE, "New."), ["paragraph_unknown"]),
        (amend(1, 0, Change.DELETE), ["paragraph_unknown"]),
        (amend(1, 1, Change.REPLACE, " "), ["amendment_empty"]),
        (amend(1, 1, Change.REPLACE, "One.\n\nTwo."), ["amendment_several"]),
        (amend(1, 1, Change.REPLACE, "First."), ["amendment_changes_nothing"]),
        (amend(1, -1, Change.INSERT_AFTER, ""), ["paragraph_unknown", "amendment_empty"]),
    ],
)
def test_an_amendment_that_does_not_fit_is_refused_and_changes_nothing(
    amendment: Amendment, said: list[str]
) -> None:
    with pytest.raises(DomainError) as refused:
        amendments.check_amendment(amendment, TEXT)
    assert codes(refused.value) == said
    with pytest.raises(DomainError):
        amendments.merge(TEXT, [amendment])


PARAGRAPHS = st.lists(st.text("ab c", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=6)


@given(PARAGRAPHS)
def test_a_text_is_its_paragraphs(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    assert amendments.paragraphs(text) == parts
    assert amendments.merge(text, []) == text
    assert amendments.digest(text) == amendments.digest(text.replace("\n\n", "\r\n  \r\n"))
