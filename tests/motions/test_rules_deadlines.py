"""The city's clock: which day, what is said when, what stalls, and which meeting comes next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import DomainError
from motions.rules import deadlines
from motions.rules.deadlines import Alarm, Meeting, Step

FREE = {date(2028, 4, 14), date(2028, 4, 17), date(2028, 5, 1)}
"""Good Friday, Easter Monday, May Day."""


@pytest.mark.parametrize(
    ("step", "since", "day"),
    [
        (Step.ADMISSIBILITY, date(2028, 4, 10), date(2028, 4, 26)),
        (Step.ACKNOWLEDGEMENT, date(2028, 4, 10), date(2028, 4, 19)),
        (Step.POSITION, date(2028, 4, 10), date(2028, 5, 22)),
        (Step.DECISION, date(2028, 11, 30), date(2029, 2, 28)),
        (Step.PLAN, date(2028, 4, 10), date(2028, 5, 22)),
        (Step.UPDATE, date(2028, 1, 31), date(2028, 4, 30)),
    ],
)
def test_each_step_is_owed_by_a_day_that_follows_from_a_rule(step: Step, since: date, day: date) -> None:
    assert deadlines.due_on(step, since, FREE) == day


def test_a_month_is_the_most_that_checking_may_take_however_many_days_are_free() -> None:
    april = {date(2028, 4, 1) + timedelta(days=day) for day in range(60)}
    assert deadlines.due_on(Step.ADMISSIBILITY, date(2028, 3, 31), april) == date(2028, 4, 30)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 12, 15), 1, date(2029, 1, 15)),
        (date(2028, 12, 31), 12, date(2029, 12, 31)),
        (date(2028, 8, 31), 6, date(2029, 2, 28)),
    ],
)
def test_a_month_that_has_no_such_day_ends_on_its_last(day: date, months: int, later: date) -> None:
    assert deadlines.add_months(day, months) == later


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-15, []),
        (-14, [Alarm.REMINDER]),
        (0, [Alarm.REMINDER]),
        (1, [Alarm.REMINDER, Alarm.OVERDUE]),
        (13, [Alarm.REMINDER, Alarm.OVERDUE]),
        (14, [Alarm.REMINDER, Alarm.OVERDUE, Alarm.MAYOR_AND_CHAIR]),
        (30, list(Alarm)),
        (400, list(Alarm)),
    ],
)
def test_alarms_come_on_their_days(days: int, said: list[Alarm]) -> None:
    due = date(2028, 6, 30)
    assert deadlines.alarms(due, None, due + timedelta(days=days)) == said


def test_a_step_that_was_met_says_nothing_more() -> None:
    due = date(2028, 6, 30)
    assert deadlines.alarms(due, due, date(2028, 9, 1)) == [Alarm.REMINDER]
    assert deadlines.alarms(due, due + timedelta(days=2), date(2028, 9, 1)) == [Alarm.REMINDER, Alarm.OVERDUE]


def test_two_missed_updates_stall_a_measure() -> None:
    last = date(2028, 1, 15)
    for today, missed in (
        (date(2028, 4, 15), []),
        (date(2028, 4, 16), [date(2028, 4, 15)]),
        (date(2028, 7, 15), [date(2028, 4, 15)]),
        (date(2028, 7, 16), [date(2028, 4, 15), date(2028, 7, 15)]),
    ):
        found = deadlines.updates_missed(last, today)
        assert found == missed
        assert deadlines.stalled(found, today) == (len(missed) >= 2)


def test_an_invitation_leaves_a_week_before_or_is_refused() -> None:
    deadlines.check_invitation(date(2028, 6, 20), date(2028, 6, 13))
    with pytest.raises(DomainError) as refused:
        deadlines.check_invitation(date(2028, 6, 20), date(2028, 6, 14))
    assert (refused.value.code, refused.value.parameters["last"]) == (
        "invitation_too_late",
        date(2028, 6, 13),
    )


def test_what_is_overdue_lands_on_the_next_meeting_that_can_still_be_invited_to() -> None:
    june, july, august = (
        Meeting(1, date(2028, 6, 20), True),
        Meeting(2, date(2028, 7, 18), False),
        Meeting(3, date(2028, 8, 15), False),
    )
    everything = [august, june, july]
    assert deadlines.next_meeting(everything, date(2028, 6, 1)) == july
    assert deadlines.next_meeting(everything, date(2028, 7, 11)) == july
    assert deadlines.next_meeting(everything, date(2028, 7, 12)) == august
    assert deadlines.next_meeting(everything, date(2028, 9, 1)) is None
