"""A draft is private; a signature holds for the words that were read; what is handed in is public for good."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.commands.audit import check
from core import audit
from core.audit import AuditEntry
from core.db import db, write
from core.errors import DomainError
from core.localized import Localized, State
from council.services.seating import NewMember, begin_term
from motions.models.drafting import Amendment, Cosigner, MotionText, Signature
from motions.models.meetings import CouncilRule
from motions.models.motions import Motion
from motions.queries import motions
from motions.queries.amendments import version_lines
from motions.queries.council_rules import rule_on
from motions.rules.amendments import digest as amendment_digest
from motions.rules.drafting import TEXT_LENGTH, Text
from motions.rules.stages import Act, Stage
from motions.services import drafting
from motions.services.acts import lock_motion
from motions.services.amendments import NewAmendment, decide_amendments, final_text, propose_amendment
from motions.services.drafting import NewDraft
from tests.accounts.browsers import letters
from tests.city import everything, found_city, on_one_database, staff
from tests.conftest import TODAY
from tests.council.city import ENDS
from tests.motions.city import acting_member, at, do, found_council_desk, member_id, stage_of, tabled

AUTHOR = "Bilal Saleh"
WORDS = Text("Interpreters in schools", "The city pays for interpreters.", "Children translate.")


@pytest.fixture
def desk(app: Flask) -> int:
    found_city()
    return found_council_desk()


def begin(body_id: int, author: str = AUTHOR, **changed: Any) -> int:
    known: dict[str, Any] = {"kind": "motion", "topic": "schools", "language": "en", "text": WORDS}
    return drafting.begin_draft(body_id, NewDraft(**{**known, **changed}), acting_member(author))


def invited(body_id: int, *names: str) -> int:
    motion_id = begin(body_id)
    drafting.invite(motion_id, [member_id(name) for name in names], acting_member(AUTHOR))
    return motion_id


def words(motion_id: int) -> MotionText:
    db.session.expire_all()
    return drafting.words_of(db.session(), db.session.get_one(Motion, motion_id))


def sign(motion_id: int, *names: str) -> None:
    for name in names:
        drafting.sign(motion_id, words(motion_id).digest, acting_member(name))


def change(motion_id: int, text: Text, **changed: Any) -> bool:
    known: dict[str, Any] = {"revision": words(motion_id).version, "topic": "schools"}
    known |= changed
    return drafting.change_text(motion_id, known["revision"], known["topic"], text, acting_member(AUTHOR))


def mails(subject: str) -> list[str]:
    return sorted(letter["recipient"] for letter in letters() if subject in letter["subject"])


def sound() -> bool:
    """The audit chain holds, and what it commits to is still there."""
    return not [result.finding for result in check(db.session())[0] if result.finding]


def codes(error: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [each.code for each in error.value.all()]


def test_from_draft_to_handing_in_with_two_signatures(desk: int) -> None:
    motion_id = invited(desk, "Chiara Rossi", "Elif Demir")
    assert stage_of(motion_id) is Stage.COSIGNING
    assert len(mails("asks you to sign")) == 2
    with pytest.raises(DomainError, match="cosigners_missing"):
        drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))
    sign(motion_id, "Chiara Rossi", "Elif Demir")
    number = drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))
    assert stage_of(motion_id) is Stage.SUBMITTED
    assert (number, words(motion_id).public_on) == (1, TODAY)
    assert [each.name for each in motions.signers(db.session(), motion_id, words(motion_id).digest)] == [
        "Chiara Rossi",
        "Elif Demir",
    ]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "motions:text:publish")).one()
    assert entry.commitment is not None
    assert sound()


def test_handing_in_twice_changes_nothing(desk: int) -> None:
    motion_id = invited(desk, "Chiara Rossi", "Elif Demir")
    sign(motion_id, "Chiara Rossi", "Elif Demir")
    first = drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))
    before = everything()
    assert drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR)) == first
    assert everything() == before


def test_a_draft_or_a_translation_that_is_sent_twice_is_kept_once(desk: int) -> None:
    motion_id = begin(desk)
    drafting.translate(motion_id, words(motion_id).digest, "de", WORDS, acting_member(AUTHOR))
    before = everything()
    assert begin(desk) == motion_id
    drafting.translate(motion_id, words(motion_id).digest, "de", WORDS, acting_member(AUTHOR))
    assert everything() == before
    assert begin(desk, kind="statement") != motion_id


def test_signing_twice_changes_nothing(desk: int) -> None:
    motion_id = invited(desk, "Chiara Rossi")
    sign(motion_id, "Chiara Rossi")
    before = everything()
    sign(motion_id, "Chiara Rossi")
    assert everything() == before


def test_a_changed_sentence_voids_signatures_and_writes_to_each_signer_once(desk: int) -> None:
    motion_id = invited(desk, "Chiara Rossi", "Elif Demir", "Femi Okoro")
    sign(motion_id, "Chiara Rossi", "Elif Demir")
    assert change(motion_id, Text(WORDS.title, "The city pays interpreters well.", WORDS.reasons))
    assert mails("counts no longer") == ["member3@lindhafen.example", "member5@lindhafen.example"]
    assert words(motion_id).version == 2
    assert motions.signers(db.session(), motion_id, words(motion_id).digest) == []
    change(motion_id, Text(WORDS.title, "The city pays interpreters very well.", WORDS.reasons))
    assert len(mails("counts no longer")) == 2
    with pytest.raises(DomainError, match="cosigners_missing"):
        drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))
    sign(motion_id, "Chiara Rossi", "Femi Okoro")
    drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))
    assert stage_of(motion_id) is Stage.SUBMITTED


def test_words_that_were_not_read_cannot_be_signed_or_handed_in(desk: int) -> None:
    motion_id = invited(desk, "Chiara Rossi", "Elif Demir")
    read = words(motion_id).digest
    sign(motion_id, "Elif Demir")
    change(motion_id, Text(WORDS.title, "Something else.", WORDS.reasons))
    before = everything()
    with pytest.raises(DomainError, match="text_changed"):
        drafting.sign(motion_id, read, acting_member("Chiara Rossi"))
    with pytest.raises(DomainError, match="text_changed"):
        drafting.submit(motion_id, read, acting_member(AUTHOR))
    assert everything() == before


def test_a_text_that_moved_is_not_overwritten_and_one_that_did_not_change_is_no_version(desk: int) -> None:
    motion_id = begin(desk)
    assert not change(motion_id, WORDS)
    assert change(motion_id, WORDS, topic="language")
    assert words(motion_id).version == 1
    change(motion_id, Text("Another title", WORDS.text, WORDS.reasons))
    before = everything()
    with pytest.raises(DomainError, match="motion_changed_meanwhile"):
        change(motion_id, Text("A third title", WORDS.text, WORDS.reasons), revision=1)
    assert everything() == before


@pytest.mark.parametrize("who", ["Adwoa Mensah", "Chiara Rossi"])
def test_nobody_but_its_author_changes_a_draft(desk: int, who: str) -> None:
    motion_id = invited(desk, "Chiara Rossi")
    before = everything()
    digest = words(motion_id).digest
    for act in (
        lambda: drafting.change_text(motion_id, 1, "schools", Text("Mine", "Mine.", ""), acting_member(who)),
        lambda: drafting.invite(motion_id, [member_id("Elif Demir")], acting_member(who)),
        lambda: drafting.withdraw_invitation(motion_id, member_id("Chiara Rossi"), acting_member(who)),
        lambda: drafting.withdraw(motion_id, "No.", acting_member(who)),
        lambda: drafting.submit(motion_id, digest, acting_member(who)),
        lambda: drafting.translate(motion_id, digest, "de", WORDS, acting_member(who)),
    ):
        with pytest.raises(DomainError, match="motion_act_not_yours"):
            act()
    assert everything() == before


def test_only_members_of_the_same_council_are_asked_and_sign(desk: int) -> None:
    from tests.council.city import found_council

    other = found_council(key="other-council", register_code="OC")
    begin_term(other, date(2027, 9, 1), ENDS, [NewMember("experts", "Zora Neale")], (), staff("clerk"))
    motion_id = begin(desk)
    before = everything()
    for ids, code in (
        ([member_id("Zora Neale")], "foreign_cosigner"),
        ([99_999], "foreign_cosigner"),
        ([member_id(AUTHOR)], "own_motion"),
        ([], "cosigners_chosen_none"),
    ):
        with pytest.raises(DomainError, match=code):
            drafting.invite(motion_id, ids, acting_member(AUTHOR))
    assert everything() == before
    drafting.invite(motion_id, [member_id("Chiara Rossi")], acting_member(AUTHOR))
    with pytest.raises(DomainError) as refused:
        drafting.sign(motion_id, words(motion_id).digest, acting_member("Elif Demir"))
    assert codes(refused) == ["not_invited"]
    with pytest.raises(DomainError, match="own_motion"):
        drafting.sign(motion_id, words(motion_id).digest, acting_member(AUTHOR))


def test_whoever_left_the_council_no_longer_counts_as_a_signature(desk: int) -> None:
    from council.rules import Ground
    from council.services.vacancies import leave_member

    motion_id = invited(desk, "Chiara Rossi", "Elif Demir")
    sign(motion_id, "Chiara Rossi", "Elif Demir")
    leave_member(member_id("Elif Demir"), TODAY, Ground.RESIGNED, staff("clerk"))
    with pytest.raises(DomainError, match="cosigners_missing"):
        drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))


def test_who_declines_does_not_count_and_may_sign_again(desk: int) -> None:
    motion_id = invited(desk, "Chiara Rossi", "Elif Demir")
    sign(motion_id, "Chiara Rossi", "Elif Demir")
    drafting.decline(motion_id, acting_member("Elif Demir"))
    with pytest.raises(DomainError, match="cosigners_missing"):
        drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))
    sign(motion_id, "Elif Demir")
    drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))
    with pytest.raises(DomainError, match="motion_act_not_now"):
        drafting.decline(motion_id, acting_member("Elif Demir"))


def test_an_invitation_is_withdrawn_unless_the_member_has_signed(desk: int) -> None:
    motion_id = invited(desk, "Chiara Rossi", "Elif Demir")
    sign(motion_id, "Chiara Rossi")
    drafting.withdraw_invitation(motion_id, member_id("Elif Demir"), acting_member(AUTHOR))
    with pytest.raises(DomainError, match="signed_before"):
        drafting.withdraw_invitation(motion_id, member_id("Chiara Rossi"), acting_member(AUTHOR))
    assert db.session.scalar(select(func.count()).select_from(Cosigner)) == 1


def test_the_council_says_how_many_must_sign_from_which_day(desk: int) -> None:
    def rule(from_on: date, cosigners: int) -> CouncilRule:
        return CouncilRule(
            body_id=desk,
            from_on=from_on,
            majority="simple",
            abstentions="do_not_count",
            tie="rejects",
            cosigners=cosigners,
            invitation_days=10,
        )

    assert rule_on(db.session(), desk, TODAY).cosigners == 2
    with write() as session:
        session.add_all([rule(TODAY, 1), rule(TODAY + timedelta(days=1), 3)])
    assert (
        rule_on(db.session(), desk, TODAY).cosigners,
        rule_on(db.session(), desk, TODAY).invitation_days,
    ) == (
        1,
        10,
    )
    assert rule_on(db.session(), desk, TODAY + timedelta(days=5)).cosigners == 3
    motion_id = invited(desk, "Chiara Rossi")
    sign(motion_id, "Chiara Rossi")
    drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))
    assert stage_of(motion_id) is Stage.SUBMITTED


def test_a_translation_changes_no_digest_and_is_outdated_once_the_words_change(desk: int) -> None:
    motion_id = invited(desk, "Chiara Rossi", "Elif Demir")
    sign(motion_id, "Chiara Rossi", "Elif Demir")
    digest = words(motion_id).digest
    german = Text("Dolmetschen in Schulen", "Die Stadt zahlt.", "Kinder dolmetschen.")
    drafting.translate(motion_id, digest, "de", german, acting_member(AUTHOR))
    drafting.translate(motion_id, digest, "ar", german, acting_member(AUTHOR), machine=True)
    assert words(motion_id).digest == digest
    assert len(motions.signers(db.session(), motion_id, digest)) == 2
    states = {each.language: each.state.value for each in words(motion_id).text.versions}
    assert states == {"en": "original", "de": "checked", "ar": "machine"}
    change(motion_id, Text(WORDS.title, "The city pays more.", WORDS.reasons))
    assert {each.language: each.state.value for each in words(motion_id).text.versions} == {
        "en": "original",
        "de": "outdated",
        "ar": "outdated",
    }
    assert {each.state.value for each in words(motion_id).reasons.versions} == {
        "original",
        "checked",
        "machine",
    }


GERMAN = Text("Dolmetschen in Schulen", "Die Stadt zahlt.", "Kinder dolmetschen.", "Es kostet 900000 Euro.")


def test_a_translation_adds_nothing_that_the_motion_does_not_say(desk: int) -> None:
    motion_id = tabled()
    before = everything()
    with pytest.raises(DomainError) as refused:
        drafting.translate(motion_id, words(motion_id).digest, "de", GERMAN, staff("officer"))
    assert [(each.code, each.parameters) for each in refused.value.all()] == [
        ("translation_of_nothing", {"part": "costs"})
    ]
    assert everything() == before


def translated_costs(motion_id: int) -> None:
    """Costs that stand in a translation alone, as a version may have held them once."""
    with write() as session:
        kept = drafting.words_of(session, session.get_one(Motion, motion_id))
        kept.costs = Localized().with_version("de", GERMAN.costs, State.CHECKED)


def test_what_stands_in_a_translation_alone_never_binds(desk: int) -> None:
    motion_id = at(Stage.SCHEDULED)
    translated_costs(motion_id)
    read = drafting.plain(db.session.get_one(Motion, motion_id), words(motion_id))
    assert (read.costs, drafting.drafting.digest(read)) == ("", words(motion_id).digest)
    new = NewAmendment(amendment_digest(WORDS.text), 1, "replace", "It pays well.", "It is fair.")
    propose_amendment(motion_id, new, acting_member("Chiara Rossi"))
    with write() as session:
        locked = lock_motion(session, motion_id)
        accepted = session.scalars(select(Amendment.id)).one()
        audit.append(session, locked.register.chain, decide_amendments(session, locked, {accepted: True}))
        final_text(session, locked, TODAY)
    adopted = words(motion_id)
    assert (adopted.version, adopted.costs) == (2, Localized())
    (line, _first) = version_lines(db.session(), motions.find_motion(db.session(), motion_id))
    assert [each.part for each in line.changes] == ["text"]
    assert sound()


def test_a_budget_request_says_its_costs_in_its_own_language(desk: int) -> None:
    motion_id = begin(desk, kind="budget_request")
    translated_costs(motion_id)
    with pytest.raises(DomainError, match="costs_missing"):
        drafting.invite(motion_id, [member_id("Chiara Rossi")], acting_member(AUTHOR))


def test_what_its_author_takes_out_is_gone_in_every_language(desk: int) -> None:
    motion_id = begin(desk, text=Text(WORDS.title, WORDS.text, WORDS.reasons, "It costs 900000 euros."))
    drafting.translate(motion_id, words(motion_id).digest, "de", GERMAN, acting_member(AUTHOR))
    change(motion_id, WORDS)
    assert words(motion_id).costs == Localized()
    assert words(motion_id).digest == drafting.drafting.digest(WORDS)


@pytest.mark.parametrize("language", ["en", "xx", ""])
def test_a_translation_is_into_another_language_that_is_known(desk: int, language: str) -> None:
    motion_id = begin(desk)
    with pytest.raises(DomainError, match="translation_language"):
        drafting.translate(motion_id, words(motion_id).digest, language, WORDS, acting_member(AUTHOR))


def test_the_office_translates_what_is_public_and_nothing_else(desk: int) -> None:
    motion_id = invited(desk, "Chiara Rossi", "Elif Demir")
    with pytest.raises(DomainError, match="motion_act_not_yours"):
        drafting.translate(motion_id, words(motion_id).digest, "de", WORDS, staff("officer"))
    sign(motion_id, "Chiara Rossi", "Elif Demir")
    drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))
    drafting.translate(motion_id, words(motion_id).digest, "de", WORDS, staff("officer"))
    assert motions.history(db.session(), motion_id)[-1].kind == "translate"
    assert sound()


@on_one_database
def test_what_cannot_be_a_draft_is_named_all_at_once(desk: int) -> None:
    before = everything()
    with pytest.raises(DomainError) as refused:
        begin(desk, kind="poem", topic="weather", language="xx", text=Text("", "a" * (TEXT_LENGTH + 1), ""))
    assert set(codes(refused)) == {
        "motion_kind_unknown",
        "motion_topic_unknown",
        "language_unknown",
        "title_missing",
        "too_long",
    }
    with pytest.raises(DomainError, match="seat_missing"):
        drafting.begin_draft(desk, NewDraft("motion", "work", "en", WORDS), staff("officer"))
    with pytest.raises(DomainError, match="not_found"):
        begin(desk, suggestion_id=9)
    with pytest.raises(DomainError, match="not_found"):
        begin(desk, follows_id=9)
    assert everything() == before


def test_nobody_is_asked_to_sign_what_is_not_complete(desk: int) -> None:
    motion_id = begin(desk, kind="budget_request", text=Text("Money", "", ""))
    with pytest.raises(DomainError) as refused:
        drafting.invite(motion_id, [member_id("Chiara Rossi")], acting_member(AUTHOR))
    assert codes(refused) == ["motion_text_missing", "reasons_missing", "costs_missing"]


def test_a_withdrawn_draft_leaves_nothing_in_public(desk: int) -> None:
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    motion_id = begin(desk)
    with pytest.raises(DomainError, match="motion_reason_missing"):
        drafting.withdraw(motion_id, " ", acting_member(AUTHOR))
    drafting.withdraw(motion_id, "I changed my mind.", acting_member(AUTHOR))
    assert stage_of(motion_id) is Stage.WITHDRAWN
    assert motions.history(db.session(), motion_id) == []
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries


def test_a_returned_motion_is_mended_in_private_signed_anew_and_keeps_its_number(desk: int) -> None:
    motion_id = tabled()
    do(motion_id, Act.RETURN, "officer", reason="It says nobody who should do it.")
    change(motion_id, Text("A secret new title", "The school office pays.", WORDS.reasons))
    motion = db.session.get_one(Motion, motion_id)
    number = motion.number
    assert motion.title.best("en").text == "Interpreters in schools"
    assert motions.words(db.session(), motion_id, public=True).version == 1
    sign(motion_id, "Chiara Rossi", "Elif Demir")
    drafting.submit(motion_id, words(motion_id).digest, acting_member(AUTHOR))
    db.session.expire_all()
    assert db.session.get_one(Motion, motion_id).number == number
    assert db.session.get_one(Motion, motion_id).title.best("en").text == "A secret new title"
    assert motions.words(db.session(), motion_id, public=True).version == 2
    assert sound()


def test_a_refused_author_appeals_and_others_cannot(desk: int) -> None:
    motion_id = tabled()
    do(motion_id, Act.REFUSE, "officer", reason="Not ours.")
    with pytest.raises(DomainError, match="motion_act_not_yours"):
        drafting.appeal(motion_id, "It is.", acting_member("Elif Demir"))
    with pytest.raises(DomainError, match="motion_reason_missing"):
        drafting.appeal(motion_id, "", acting_member(AUTHOR))
    drafting.appeal(motion_id, "It is.", acting_member(AUTHOR))
    assert stage_of(motion_id) is Stage.APPEALED


def test_a_motion_follows_one_up_and_takes_a_suggestion_of_its_council_alone(desk: int) -> None:
    earlier = tabled()
    follow = begin(desk, follows_id=earlier)
    assert db.session.get_one(Motion, follow).follows_id == earlier
    private = begin(desk)
    with pytest.raises(DomainError, match="not_found"):
        begin(desk, follows_id=private)


def test_signatures_are_kept_for_good(desk: int) -> None:
    motion_id = invited(desk, "Chiara Rossi")
    sign(motion_id, "Chiara Rossi")
    with pytest.raises(Exception, match="kept for good"), write() as session:
        session.delete(session.scalars(select(Signature)).one())
