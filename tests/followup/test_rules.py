"""Promises, replies and the closing gate as pure decisions, over the full grid of what may come."""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from followup import rules
from followup.rules import Outcome, PromiseKind, PromiseState, ReplyEvent, ReplyState, ReplyText
from tests.properties import many

DUE = date(2027, 9, 14)
INVISIBLE = "\u202e\u200f \0\ufeff"
"""Not blank to Python, yet nothing that anybody could read."""


def grid(*axes: Any, repeat: int = 1) -> list[tuple[Any, ...]]:
    return list(itertools.product(*axes, repeat=repeat))


def codes(error: DomainError) -> list[str]:
    return sorted(single.code for single in error.all())


# The reply's way ---------------------------------------------------------------------------------------------

ALLOWED = {
    (ReplyState.DRAFT, ReplyEvent.EDIT): ReplyState.DRAFT,
    (ReplyState.DRAFT, ReplyEvent.SUBMIT): ReplyState.SUBMITTED,
    (ReplyState.DRAFT, ReplyEvent.DISCARD): None,
    (ReplyState.SUBMITTED, ReplyEvent.EDIT): ReplyState.DRAFT,
    (ReplyState.SUBMITTED, ReplyEvent.APPROVE): ReplyState.APPROVED,
    (ReplyState.SUBMITTED, ReplyEvent.SEND_BACK): ReplyState.DRAFT,
    (ReplyState.APPROVED, ReplyEvent.SEND_BACK): ReplyState.DRAFT,
    (ReplyState.APPROVED, ReplyEvent.PUBLISH): ReplyState.PUBLISHED,
}


@pytest.mark.parametrize(("state", "event"), grid(ReplyState, ReplyEvent))
def test_a_reply_moves_only_along_its_way(state: ReplyState, event: ReplyEvent) -> None:
    if (state, event) in ALLOWED:
        assert rules.next_reply_state(state, event) is ALLOWED[state, event]
        return
    with pytest.raises(DomainError) as caught:
        rules.next_reply_state(state, event)
    assert caught.value.code == "reply_state"
    assert caught.value.parameters == {"state": state.value, "event": event.value}


def test_nothing_is_published_without_approval_and_nothing_published_moves_on() -> None:
    ways_to_the_public = [
        state for (state, _event), to in rules.REPLY_WAY.items() if to is ReplyState.PUBLISHED
    ]
    assert ways_to_the_public == [ReplyState.APPROVED]
    assert not any(state is ReplyState.PUBLISHED for state, _event in rules.REPLY_WAY)


def test_an_approved_text_cannot_be_edited_unseen() -> None:
    assert (ReplyState.APPROVED, ReplyEvent.EDIT) not in rules.REPLY_WAY


# What follows from days --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_after_due", "state"),
    [
        (-1000, PromiseState.OPEN),
        (-1, PromiseState.OPEN),
        (0, PromiseState.OPEN),
        (1, PromiseState.OVERDUE),
        (29, PromiseState.OVERDUE),
        (30, PromiseState.LONG_OVERDUE),
        (31, PromiseState.LONG_OVERDUE),
        (5000, PromiseState.LONG_OVERDUE),
    ],
)
def test_a_promise_is_overdue_on_the_day_after_and_long_overdue_after_thirty(
    days_after_due: int, state: PromiseState
) -> None:
    today = DUE + timedelta(days=days_after_due)
    assert rules.promise_state(DUE, None, today) is state
    assert rules.promise_state(DUE, today, today) is PromiseState.ANSWERED
    assert rules.promise_state(DUE, DUE - timedelta(days=3), today) is PromiseState.ANSWERED


def test_a_city_may_count_long_overdue_differently() -> None:
    assert rules.promise_state(DUE, None, DUE + timedelta(days=10), 10) is PromiseState.LONG_OVERDUE
    assert rules.promise_state(DUE, None, DUE + timedelta(days=9), 10) is PromiseState.OVERDUE


@pytest.mark.parametrize(
    ("closes_on", "weeks", "due_on"),
    [
        (date(2027, 10, 31), 12, date(2028, 1, 23)),
        (date(2028, 2, 28), 1, date(2028, 3, 6)),
        (date(2027, 9, 14), 0, date(2027, 9, 14)),
    ],
)
def test_answers_are_due_weeks_after_closing(closes_on: date, weeks: int, due_on: date) -> None:
    assert rules.due_day(closes_on, weeks) == due_on


@pytest.mark.parametrize(("closes_on", "weeks"), [(date(9999, 12, 31), 12), (DUE, 10**12), (DUE, -(10**6))])
def test_a_due_day_that_no_calendar_has_is_refused(closes_on: date, weeks: int) -> None:
    with pytest.raises(DomainError) as caught:
        rules.due_day(closes_on, weeks)
    assert caught.value.code == "day_out_of_range"


# Extensions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "extended", "expired", "later", "reason"), grid([False, True], repeat=5)
)
def test_an_extension_is_granted_in_time_once_to_a_later_day_with_a_reason(
    answered: bool, extended: bool, expired: bool, later: bool, reason: bool
) -> None:
    expected = sorted(
        code
        for code, wrong in {
            "already_answered": answered,
            "extended_before": extended,
            "extension_too_late": expired,
            "extension_not_later": not later,
            "extension_reason_missing": not reason,
        }.items()
        if wrong
    )
    arguments = (
        DUE,
        DUE + timedelta(days=1 if later else 0),
        "The survey is late." if reason else " \n",
        DUE if answered else None,
        DUE if extended else None,
        DUE + timedelta(days=1 if expired else 0),
    )
    if not expected:
        rules.check_extension(*arguments)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_extension(*arguments)
    assert codes(caught.value) == expected


def test_an_extension_needs_a_reason_that_can_be_read() -> None:
    with pytest.raises(DomainError) as caught:
        rules.check_extension(DUE, DUE + timedelta(days=7), INVISIBLE, None, None, DUE)
    assert codes(caught.value) == ["extension_reason_missing"]


@pytest.mark.parametrize(
    ("length", "fits"),
    [(rules.NOTE_LENGTH - 1, True), (rules.NOTE_LENGTH, True), (rules.NOTE_LENGTH + 1, False)],
)
def test_a_public_reason_for_an_extension_has_a_limit(length: int, fits: bool) -> None:
    def check() -> None:
        rules.check_extension(DUE, DUE + timedelta(days=7), "x" * length, None, None, DUE)

    if fits:
        check()
        return
    with pytest.raises(DomainError) as caught:
        check()
    assert codes(caught.value) == ["note_too_long"]


# What an answer must have ------------------------------------------------------------------------------------

OUTCOMES = ["", *Outcome, "no answer"]


@pytest.mark.parametrize(
    ("outcome", "reason", "change", "note", "version", "complete"),
    grid(OUTCOMES, [True, False], [True, False], [True, False], [1, 2], [True, False]),
)
def test_an_answer_has_an_outcome_and_a_reason_always(
    outcome: str, reason: bool, change: bool, note: bool, version: int, complete: bool
) -> None:
    text = ReplyText(
        outcome=outcome,
        language="de",
        reasons={"de": "Wir nehmen es auf." if reason else " "},
        change="Maßnahme 3" if change else "",
        correction_note="Das Datum war falsch." if note else "",
    )
    expected = sorted(
        code
        for code, wrong in {
            "outcome_unknown": outcome == "no answer",
            "outcome_missing": complete and outcome == "",
            "reason_missing": complete and not reason,
            "change_missing": complete and outcome in ("accepted", "partly_accepted") and not change,
            "correction_note_missing": complete and version > 1 and not note,
        }.items()
        if wrong
    )
    if not expected:
        rules.check_reply(text, version=version, complete=complete)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_reply(text, version=version, complete=complete)
    assert codes(caught.value) == expected


def test_there_are_four_outcomes_and_none_of_them_is_no_answer() -> None:
    assert list(Outcome) == ["accepted", "partly_accepted", "not_accepted", "noted"]


def test_a_reason_in_another_language_only_is_no_reason() -> None:
    with pytest.raises(DomainError) as caught:
        rules.check_reply(ReplyText("noted", "de", {"en": "We keep this in mind."}), version=1)
    assert codes(caught.value) == ["reason_missing"]


@pytest.mark.parametrize("invisible", [INVISIBLE, "\u202e", "\0", "\ud800"], ids=ascii)
def test_what_nobody_can_read_is_no_answer(invisible: str) -> None:
    text = ReplyText("accepted", "de", {"de": invisible}, change=invisible, correction_note=invisible)
    with pytest.raises(DomainError) as caught:
        rules.check_reply(text, version=2)
    assert codes(caught.value) == ["change_missing", "correction_note_missing", "reason_missing"]


LIMITS = [
    ("reasons", rules.REASON_LENGTH, "reason_too_long"),
    ("other reasons", rules.REASON_LENGTH, "reason_too_long"),
    ("change", rules.NOTE_LENGTH, "note_too_long"),
    ("other changes", rules.NOTE_LENGTH, "note_too_long"),
    ("note", rules.NOTE_LENGTH, "note_too_long"),
    ("other notes", rules.NOTE_LENGTH, "note_too_long"),
]


@pytest.mark.parametrize(("field", "limit", "code"), LIMITS, ids=[field for field, _limit, _code in LIMITS])
@pytest.mark.parametrize("above", [-1, 0, 1])
@pytest.mark.parametrize("complete", [True, False])
def test_every_part_of_an_answer_has_a_limit_in_every_language(
    field: str, limit: int, code: str, above: int, complete: bool
) -> None:
    long = "x" * (limit + above)
    text = ReplyText(
        outcome="accepted",
        language="de",
        reasons={
            "de": long if field == "reasons" else "Gut.",
            "ar": long if field == "other reasons" else "",
        },
        change=long if field == "change" else "Maßnahme 3",
        changes={"ar": long} if field == "other changes" else {},
        correction_note=long if field == "note" else "Falsches Datum",
        notes={"ar": long} if field == "other notes" else {},
    )
    if above <= 0:
        rules.check_reply(text, version=2, complete=complete)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_reply(text, version=2, complete=complete)
    assert codes(caught.value) == [code]
    assert caught.value.parameters == {"limit": limit}


# Who, and which ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written_by", "approver", "allowed"),
    [([1], 2, True), ([1], 1, False), ([1, 2, 3], 2, False), ([1, 2, 3], 4, True)],
)
def test_whoever_wrote_in_an_answer_cannot_approve_it(
    written_by: list[int], approver: int, allowed: bool
) -> None:
    if allowed:
        rules.check_second_person(written_by, approver)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_second_person(written_by, approver)
    assert caught.value.code == "second_person"


@many
@given(st.sets(st.integers(1, 20)), st.sets(st.integers(1, 20)))
def test_exactly_the_selection_is_answered_or_none_of_it(wanted: set[int], free: set[int]) -> None:
    numbers = {promise: promise * 10 for promise in range(1, 21)}
    if wanted and wanted <= free:
        rules.check_selection(wanted, free, numbers)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_selection(wanted, free, numbers)
    if not wanted:
        assert caught.value.code == "selection_empty"
    else:
        assert caught.value.code == "selection_changed"
        assert caught.value.parameters == {"numbers": sorted(p * 10 for p in wanted - free)}


# Steps -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("opened", "met"), grid(range(-2, 2), range(-2, 3)))
def test_a_step_is_met_between_its_opening_and_today(opened: int, met: int) -> None:
    today = DUE
    opened_on, met_on = today + timedelta(days=opened), today + timedelta(days=met)
    if opened <= met <= 0:
        rules.check_step_day(opened_on, met_on, today)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_step_day(opened_on, met_on, today)
    assert (caught.value.code, caught.value.parameters) == ("step_day", {"day": opened_on})


@pytest.mark.parametrize(("first", "second"), grid(PromiseKind, PromiseKind))
def test_only_what_is_no_step_is_answered_in_writing(first: PromiseKind, second: PromiseKind) -> None:
    kinds = {3: first.value, 9: second.value}
    step_numbers = [number for number, kind in kinds.items() if kind == "step"]
    if not step_numbers:
        rules.check_written(kinds)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_written(kinds)
    assert (caught.value.code, caught.value.parameters) == ("step_not_written", {"numbers": step_numbers})


# The closing gate --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("concluded", "kind"), grid([None, DUE], PromiseKind))
def test_after_conclusion_only_a_reconsideration_is_opened(concluded: date | None, kind: PromiseKind) -> None:
    if concluded is None or kind is PromiseKind.RECONSIDERATION:
        rules.check_register_open(concluded, kind)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_register_open(concluded, kind)
    assert caught.value.code == "register_concluded"


@pytest.mark.parametrize(
    ("concluded", "unanswered", "obstacle"),
    grid([None, DUE], [[], [3], [3, 9, 12]], [False, True]),
)
def test_nothing_is_concluded_while_one_answer_is_missing(
    concluded: date | None, unanswered: list[int], obstacle: bool
) -> None:
    obstacles = [DomainError("round_still_open")] if obstacle else []
    expected = sorted(
        (["already_concluded"] if concluded else [])
        + (["promises_unanswered"] if unanswered else [])
        + (["round_still_open"] if obstacle else [])
    )
    if not expected:
        rules.check_conclusion(concluded, unanswered, obstacles)
        return
    with pytest.raises(DomainError) as caught:
        rules.check_conclusion(concluded, unanswered, obstacles)
    assert codes(caught.value) == expected
    for error in caught.value.all():
        if error.code == "promises_unanswered":
            assert error.parameters == {"numbers": unanswered, "count": len(unanswered)}


# Private answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "named"),
    [
        ({}, None),
        ({4: "help"}, None),
        ({4: "letter", 5: "letter"}, None),
        ({4: "letter", 5: "help"}, [5]),
        ({4: "help", 5: "help"}, [4, 5]),
    ],
)
def test_what_is_private_is_answered_by_itself(kinds: dict[int, str], named: list[int] | None) -> None:
    if named is None:
        rules.check_private_alone(kinds, ("help",))
        return
    with pytest.raises(DomainError, match="private_alone") as caught:
        rules.check_private_alone(kinds, ("help",))
    assert caught.value.parameters == {"numbers": named}


# The ledger's figures ----------------------------------------------------------------------------------------


@many
@given(st.lists(st.integers(0, 400), min_size=1, max_size=200))
def test_the_median_of_counted_values_is_the_median_of_the_values(values: list[int]) -> None:
    assert rules.median(Counter(values)) == statistics.median(values)


def test_the_median_of_nothing_is_nothing() -> None:
    assert rules.median({}) is None
    assert rules.median({5: 0}) is None
    assert rules.median({5: 0, 8: 3}) == 8


def test_the_median_of_very_many_is_quick() -> None:
    assert rules.median({3: 10**9, 4: 10**9}) == 3.5
