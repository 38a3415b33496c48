"""A reply's way to the public: written, checked by a second person, released together, corrected in the open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import audit, clock
from core.db import db
from core.errors import Conflict, DomainError, NotFound
from core.localized import Localized, State, Version
from followup import events
from followup.models import Promise, Reply, ReplyVersion
from followup.rules import NOTE_LENGTH, Outcome, ReplyEvent, ReplyState
from followup.services import replies
from tests.city import (
    answer,
    at_once,
    draft_answer,
    entries,
    everything,
    on_one_database,
    open_city,
    open_round,
    promise,
    refused,
    register_id,
    reply_text,
    rows,
    staff,
    submit_comment,
)


@pytest.fixture(autouse=True)
def _round(app: Flask) -> None:
    open_city(4)


def version(reply_id: int, number: int = 0) -> ReplyVersion:
    """A version of a reply; without a number the newest."""
    found = [v for v in rows(ReplyVersion) if v.reply_id == reply_id and number in (0, v.version)]
    return found[-1]


def public_reason(reply_id: int) -> str:
    """What the public reads as the reason of a reply now."""
    reply = next(r for r in rows(Reply) if r.id == reply_id)
    return version(reply_id, reply.published_version).reason.best("en").text


def publish() -> int:
    return replies.publish_replies(register_id(), staff("approver"))


# Every state and every event ---------------------------------------------------------------------------------


def in_state(state: ReplyState) -> int:
    """A reply to number 1 whose newest version is in ``state``."""
    reply_id = draft_answer([1], submit=state is not ReplyState.DRAFT)
    if state in (ReplyState.APPROVED, ReplyState.PUBLISHED):
        replies.approve_answers([(reply_id, 1)], staff("approver"))
    if state is ReplyState.PUBLISHED:
        publish()
    return reply_id


EVENTS: dict[ReplyEvent, Callable[[int], object]] = {
    ReplyEvent.EDIT: lambda reply: replies.edit_answer(reply, 1, reply_text(), staff("officer")),
    ReplyEvent.SUBMIT: lambda reply: replies.edit_answer(
        reply, 1, reply_text(), staff("officer"), submit=True
    ),
    ReplyEvent.APPROVE: lambda reply: replies.approve_answers([(reply, 1)], staff("approver")),
    ReplyEvent.SEND_BACK: lambda reply: replies.send_back_answer(reply, 1, "Too short", staff("approver")),
    ReplyEvent.DISCARD: lambda reply: replies.discard_answer(reply, 1, staff("officer")),
}
LEADS_TO = {
    (ReplyState.DRAFT, ReplyEvent.EDIT): "draft",
    (ReplyState.DRAFT, ReplyEvent.SUBMIT): "submitted",
    (ReplyState.DRAFT, ReplyEvent.DISCARD): "gone",
    (ReplyState.SUBMITTED, ReplyEvent.EDIT): "draft",
    (ReplyState.SUBMITTED, ReplyEvent.SUBMIT): "submitted",  # edited and sent again
    (ReplyState.SUBMITTED, ReplyEvent.APPROVE): "approved",
    (ReplyState.SUBMITTED, ReplyEvent.SEND_BACK): "draft",
    (ReplyState.APPROVED, ReplyEvent.SEND_BACK): "draft",
}


@on_one_database
@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", ReplyState)
def test_a_reply_moves_only_along_its_way(state: ReplyState, event: ReplyEvent) -> None:
    reply_id = in_state(state)
    if (state, event) not in LEADS_TO:
        with refused("reply_state"):
            EVENTS[event](reply_id)
        return
    EVENTS[event](reply_id)
    expected = LEADS_TO[state, event]
    if expected == "gone":
        assert rows(ReplyVersion) == []
    else:
        assert version(reply_id).state == expected


@on_one_database
@pytest.mark.parametrize("state", [ReplyState.DRAFT, ReplyState.SUBMITTED, ReplyState.PUBLISHED])
def test_only_what_is_approved_is_released(state: ReplyState) -> None:
    reply_id = in_state(state)
    assert publish() == 0
    assert version(reply_id).state == state


# Writing -----------------------------------------------------------------------------------------------------


def test_one_answer_is_given_to_exactly_the_selection() -> None:
    reply_id = draft_answer([1, 3], submit=False)
    assert [promise(n).reply_id for n in (1, 2, 3, 4)] == [reply_id, None, reply_id, None]
    written = version(reply_id)
    assert (written.version, written.revision, written.state) == (1, 1, "draft")
    assert written.written_by == staff("officer").account_id
    assert promise(1).answered_on is None


def test_selecting_a_number_twice_is_selecting_it_once() -> None:
    reply_id = draft_answer([2, 2])
    assert [p.number for p in rows(Promise) if p.reply_id == reply_id] == [2]


def test_a_selection_that_somebody_took_meanwhile_is_refused_as_a_whole() -> None:
    draft_answer([2, 3], submit=False)
    with refused("selection_changed") as errors:
        draft_answer([1, 2, 3, 4])
    assert errors[0].parameters == {"numbers": [2, 3]}


def test_two_who_answer_the_same_at_once_write_one_answer(app: Flask) -> None:
    outcomes = at_once(app, [lambda: draft_answer([1, 2])] * 4)
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert [o.code for o in outcomes if isinstance(o, DomainError)] == ["selection_changed"] * 3
    assert len(rows(Reply)) == len(rows(ReplyVersion)) == 1


def test_a_draft_may_be_unfinished_and_what_is_sent_may_not() -> None:
    draft_answer([1], outcome="", reason="", submit=False)
    with refused("outcome_missing", "reason_missing"):
        draft_answer([2], outcome="", reason=" ", submit=True)


def test_a_fifth_outcome_is_refused_even_in_a_draft() -> None:
    with refused("outcome_unknown"):
        draft_answer([1], outcome="no answer", submit=False)


def test_an_answer_to_nothing_or_to_what_is_not_there_is_refused() -> None:
    with refused("selection_empty"):
        draft_answer([])
    with refused("not_found"):
        draft_answer([1, 99])


def test_an_answer_is_kept_in_every_language_it_was_written_in() -> None:
    text = replies.ReplyText(
        outcome="accepted",
        language="de",
        reasons={"de": "Gut\u202e.", "ar": "جيد", "en": " "},
        change="Maßnahme 3",
        changes={"ar": "الإجراء 3"},
    )
    reply_id = replies.write_answer(register_id(), [1], text, staff("officer"))
    kept = version(reply_id)
    assert kept.reason.versions == (
        Version("de", "Gut.", State.ORIGINAL),
        Version("ar", "جيد", State.CHECKED),
    )
    assert kept.change == Localized.of({"de": "Maßnahme 3", "ar": "الإجراء 3"}, "de")


def test_hostile_characters_in_an_answer_are_taken_out_and_break_nothing() -> None:
    reply_id = answer([1], reason="a\0b\ud800c\u2066d", change="e\0f", outcome="accepted")
    kept = version(reply_id)
    assert kept.reason.best("en").text == "abcd"
    assert kept.change.best("en").text == "ef"


def test_equal_texts_have_equal_digests_and_others_not() -> None:
    one = version(draft_answer([1], reason="We keep this in mind.")).digest
    same = version(draft_answer([2], reason=" we KEEP this  in mind.")).digest
    other = version(draft_answer([3], reason="We will do this.")).digest
    assert one == same != other


# Two editors -------------------------------------------------------------------------------------------------


def test_the_second_editor_sees_the_conflict_and_the_first_text_stays() -> None:
    reply_id = draft_answer([1], submit=False)
    replies.edit_answer(reply_id, 1, reply_text(reason="The first editor's text."), staff("officer"))
    with refused("reply_changed") as errors:
        replies.edit_answer(reply_id, 1, reply_text(reason="The second's."), staff("other officer"))
    assert isinstance(errors[0], Conflict)
    assert errors[0].parameters == {"reply": reply_id, "revision": 2}
    assert version(reply_id).reason.best("en").text == "The first editor's text."
    replies.edit_answer(reply_id, 2, reply_text(reason="Both together."), staff("other officer"))
    assert version(reply_id).revision == 3


def test_of_many_who_save_at_once_one_is_kept_and_the_others_are_told(app: Flask) -> None:
    reply_id = draft_answer([1], submit=False)

    def save(place: int) -> None:
        text = reply_text(reason=f"Text {place}")
        replies.edit_answer(reply_id, 1, text, staff("officer"))

    outcomes = at_once(app, [lambda place=place: save(place) for place in range(6)])
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5
    assert version(reply_id).reason.best("en").text == f"Text {outcomes.index(None)}"
    assert version(reply_id).revision == 2


@on_one_database
@pytest.mark.parametrize(
    "event", [ReplyEvent.EDIT, ReplyEvent.APPROVE, ReplyEvent.SEND_BACK, ReplyEvent.DISCARD]
)
def test_nobody_acts_on_a_text_they_have_not_seen(event: ReplyEvent) -> None:
    reply_id = draft_answer([1])
    replies.edit_answer(reply_id, 1, reply_text(reason="Another text."), staff("officer"), submit=True)
    with refused("reply_changed"):
        EVENTS[event](reply_id)


def test_a_page_left_open_never_writes_into_another_answer() -> None:
    thrown_away = draft_answer([1], submit=False)
    replies.discard_answer(thrown_away, 1, staff("officer"))
    new = draft_answer([2], reason="Another answer.", submit=False)
    with refused("not_found"):
        replies.edit_answer(thrown_away, 1, reply_text(reason="Meant for number 1."), staff("officer"))
    assert version(new).reason.best("en").text == "Another answer."


def test_a_draft_thrown_away_sets_its_promises_free() -> None:
    reply_id = draft_answer([1, 2], submit=False)
    replies.discard_answer(reply_id, 1, staff("officer"))
    assert [promise(n).reply_id for n in (1, 2)] == [None, None]
    assert draft_answer([1, 2]) != reply_id


def test_of_throwing_away_and_saving_at_once_one_happens(app: Flask) -> None:
    reply_id = draft_answer([1], submit=False)
    outcomes = at_once(
        app, [lambda: EVENTS[ReplyEvent.EDIT](reply_id), lambda: EVENTS[ReplyEvent.DISCARD](reply_id)]
    )
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, DomainError) for outcome in outcomes) == 1


@pytest.mark.parametrize("reply_id", [0, -1, 999, 10**12, 10**30])
def test_an_answer_that_is_not_there_is_not_found(reply_id: int) -> None:
    for act in (*EVENTS.values(), lambda reply: replies.correct_reply(reply, staff("officer"))):
        with refused("not_found"):
            act(reply_id)


# The second person -------------------------------------------------------------------------------------------


def test_whoever_wrote_an_answer_cannot_approve_it() -> None:
    reply_id = draft_answer([1])
    with refused("second_person"):
        replies.approve_answers([(reply_id, 1)], staff("officer"))


def test_whoever_edited_an_answer_cannot_approve_it_either() -> None:
    reply_id = draft_answer([1], submit=False)
    replies.edit_answer(reply_id, 1, reply_text(), staff("approver"))
    replies.edit_answer(reply_id, 2, reply_text(), staff("officer"), submit=True)
    with refused("second_person"):
        replies.approve_answers([(reply_id, 3)], staff("approver"))
    replies.approve_answers([(reply_id, 3)], staff("other officer"))
    assert version(reply_id).approved_by == staff("other officer").account_id


def test_answers_are_approved_together_or_not_at_all() -> None:
    good, mine = draft_answer([1]), draft_answer([2])
    replies.edit_answer(mine, 1, reply_text(), staff("approver"), submit=True)
    with refused("second_person"):
        replies.approve_answers([(good, 1), (mine, 2)], staff("approver"))
    with refused("reply_changed"):
        replies.approve_answers([(good, 1), (mine, 1)], staff("other officer"))
    with refused("reply_state"):
        replies.approve_answers([(good, 1), (good, 1)], staff("approver"))


def test_what_is_sent_back_carries_its_note_until_it_is_mended() -> None:
    reply_id = draft_answer([1])
    replies.send_back_answer(reply_id, 1, "Name\0 the\ud800 day\u202e.", staff("approver"))
    assert version(reply_id).note_back == "Name the day."
    replies.edit_answer(reply_id, 1, reply_text(), staff("officer"), submit=True)
    assert version(reply_id).note_back is None


@on_one_database
@pytest.mark.parametrize("above", [-1, 0, 1])
def test_a_note_has_its_limit(above: int) -> None:
    reply_id = draft_answer([1])
    replies.send_back_answer(reply_id, 1, "x" * (NOTE_LENGTH + above), staff("approver"))
    assert len(version(reply_id).note_back or "") == NOTE_LENGTH + min(above, 0)


def test_what_was_approved_and_sent_back_must_be_approved_again() -> None:
    reply_id = in_state(ReplyState.APPROVED)
    replies.send_back_answer(reply_id, 1, "Not yet", staff("approver"))
    assert version(reply_id).approved_by is None
    assert publish() == 0


# Release -----------------------------------------------------------------------------------------------------


def test_approved_answers_are_released_together_and_each_is_recorded() -> None:
    one, two = answer([1, 3], release=False), answer([2], release=False, outcome="accepted")
    draft_answer([4])
    assert promise(1).answered_on is None
    assert publish() == 3
    assert [promise(n).answered_on for n in (1, 2, 3, 4)] == [clock.today()] * 3 + [None]
    recorded = entries(events.REPLY_PUBLISH)
    people = {"writers": [staff("officer").handle], "approver": staff("approver").handle}
    assert [entry.facts for entry in recorded] == [
        audit.canonical({"numbers": [1, 3], "outcome": "noted", "version": 1, **people}),
        audit.canonical({"numbers": [2], "outcome": "accepted", "version": 1, **people}),
    ]
    for entry, reply_id in zip(recorded, (one, two), strict=True):
        released = version(reply_id)
        assert entry.subject_id == released.id
        assert entry.commitment == audit.commit_to(released.salt, replies.content(released))
        assert (released.state, released.published_on) == ("published", clock.today())
        assert (entry.role, entry.actor) == ("approver", staff("approver").handle)
    assert [(r.published_version, r.answered_count) for r in rows(Reply)] == [(1, 2), (1, 1), (0, 0)]


def test_releasing_nothing_records_nothing() -> None:
    before = everything()
    assert publish() == 0
    assert everything() == before


def test_two_who_release_at_once_release_once(app: Flask) -> None:
    answer([1, 2], release=False)
    assert sorted(at_once(app, [publish] * 4)) == [0, 0, 0, 2]  # type: ignore[type-var]
    assert len(entries(events.REPLY_PUBLISH)) == 1


def test_another_round_s_answers_are_not_released_with_it() -> None:
    open_round("WS-27")
    submit_comment(code="WS-27")
    reply_id = answer([1], code="WS-27", release=False)
    assert publish() == 0
    assert version(reply_id).state == "approved"


def test_each_outcome_reaches_the_public() -> None:
    for number, outcome in enumerate(Outcome, start=1):
        answer([number], outcome=outcome)
    assert [v.outcome for v in rows(ReplyVersion)] == list(Outcome)
    assert all(p.answered_on for p in rows(Promise))


def test_a_late_answer_is_an_answer() -> None:
    with clock.freeze(promise(1).due_on + timedelta(days=40)):
        answer([1])
        assert promise(1).answered_on == clock.today()


# Corrections -------------------------------------------------------------------------------------------------


def begin_correction(reply_id: int, reason: str = "In 2029.", note: str = "The year was wrong.") -> None:
    replies.correct_reply(reply_id, staff("officer"))
    text = reply_text(reason=reason, correction_note=note)
    replies.edit_answer(reply_id, 1, text, staff("officer"), submit=True)


def test_a_correction_leaves_the_old_version_public_until_the_new_one_is_released() -> None:
    reply_id = answer([1, 2], reason="In 2028.")
    begin_correction(reply_id)
    assert public_reason(reply_id) == "In 2028."
    replies.approve_answers([(reply_id, 2)], staff("approver"))
    assert public_reason(reply_id) == "In 2028."
    with clock.freeze(clock.today() + timedelta(days=5)):
        assert publish() == 0, "nothing is answered a second time"
        corrected_on = clock.today()
    assert public_reason(reply_id) == "In 2029."
    old, new = version(reply_id, 1), version(reply_id, 2)
    assert old.reason.best("en").text == "In 2028."
    assert (old.state, new.state, new.published_on) == ("published", "published", corrected_on)
    assert new.correction_note.best("en").text == "The year was wrong."
    assert promise(1).answered_on == clock.today()


def test_a_correction_is_recorded_as_one() -> None:
    reply_id = answer([1, 2])
    begin_correction(reply_id)
    replies.approve_answers([(reply_id, 2)], staff("approver"))
    publish()
    recorded = entries(events.REPLY_CORRECT)
    assert [entry.facts for entry in recorded] == [
        audit.canonical(
            {
                "numbers": [1, 2],
                "outcome": "noted",
                "version": 2,
                "writers": [staff("officer").handle],
                "approver": staff("approver").handle,
            }
        )
    ]
    assert len(entries(events.REPLY_PUBLISH)) == 1


def test_a_correction_says_what_was_wrong() -> None:
    reply_id = answer([1])
    replies.correct_reply(reply_id, staff("officer"))
    with refused("correction_note_missing"):
        replies.edit_answer(reply_id, 1, reply_text(reason="In 2029."), staff("officer"), submit=True)


def test_a_correction_needs_a_second_person_too() -> None:
    reply_id = answer([1])
    begin_correction(reply_id)
    with refused("second_person"):
        replies.approve_answers([(reply_id, 2)], staff("officer"))


def test_only_one_correction_is_begun(app: Flask) -> None:
    reply_id = answer([1])
    outcomes = at_once(app, [lambda: replies.correct_reply(reply_id, staff("officer"))] * 4)
    assert outcomes.count(None) == 1
    assert [o.code for o in outcomes if isinstance(o, Conflict)] == ["correction_begun"] * 3
    assert len(rows(ReplyVersion)) == 2


def test_a_correction_thrown_away_leaves_the_public_version() -> None:
    reply_id = answer([1], reason="In 2028.")
    replies.correct_reply(reply_id, staff("officer"))
    replies.discard_answer(reply_id, 1, staff("officer"))
    assert public_reason(reply_id) == "In 2028."
    assert promise(1).answered_on is not None
    assert promise(1).reply_id == reply_id
    begin_correction(reply_id)


def test_what_is_not_public_yet_is_edited_and_not_corrected() -> None:
    reply_id = draft_answer([1])
    with pytest.raises(NotFound):
        replies.correct_reply(reply_id, staff("officer"))
    with refused("not_found"):
        replies.correct_reply(999, staff("officer"))


def test_a_published_answer_can_be_corrected_again_and_again() -> None:
    reply_id = answer([1], reason="In 2028.")
    for year, revision in ((2029, 2), (2030, 2)):
        begin_correction(reply_id, f"In {year}.")
        replies.approve_answers([(reply_id, revision)], staff("approver"))
        publish()
    assert public_reason(reply_id) == "In 2030."
    assert [v.version for v in rows(ReplyVersion)] == [1, 2, 3]


# All or nothing ----------------------------------------------------------------------------------------------


def test_a_release_that_breaks_in_the_middle_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    answer([1, 2], release=False)
    before = everything()

    def broken(*_arguments: object, **_choices: object) -> list[str]:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "append", broken)
    with pytest.raises(OSError, match="disk full"):
        publish()
    assert everything() == before


def test_an_answer_whose_writer_is_nobody_is_not_half_written() -> None:
    before = everything()
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        replies.write_answer(register_id(), [1], reply_text(), audit.SYSTEM)
    assert everything() == before
    assert db.session.scalar(select(Reply.id)) is None
