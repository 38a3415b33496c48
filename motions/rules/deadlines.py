"""The clock: what is owed by which day, when it is said aloud, and what stalls.

Sources: ``domain.md`` ("Motions and meetings"), ``reference/motions.md`` section 2 with its escalation. Karlsruhe's archive
shows that six weeks and three months can be kept: 75 % and 95 % of 1,638 statements came within them.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.calendar import add_working_days
from core.errors import DomainError

REMIND_BEFORE = 14
"""Days before the day on which somebody is reminded of what they owe."""
ESCALATE_AFTER = 14
LONG_AFTER = 30
ADMISSIBILITY_DAYS = 10
"""Working days; a month at most."""
ACKNOWLEDGE_DAYS = 5
"""Working days."""
POSITION_WEEKS = 6
DECISION_MONTHS = 3
"""After the city has acknowledged."""
PLAN_WEEKS = 6
UPDATE_MONTHS = 3
MISSED_UPDATES = 2
"""So many missed in a row, and a measure is stalled."""
INVITATION_DAYS = 7
MINUTES_MONTHS = 1
REQUEST_DAYS = 5
"""Working days within which a member knows whether interpreter, childcare or expenses are there."""
VERIFY_MEETINGS = 2


class Step(StrEnum):
    """What somebody owes on the way of a motion."""

    ADMISSIBILITY = "admissibility"
    ACKNOWLEDGEMENT = "acknowledgement"
    POSITION = "position"
    DECISION = "decision"
    PLAN = "plan"
    UPDATE = "update"


class Alarm(StrEnum):
    """What is said when, once for each step: the first to the department alone, the others in public."""

    REMINDER = "reminder"
    OVERDUE = "overdue"
    MAYOR_AND_CHAIR = "mayor_and_chair"
    LONG_OVERDUE = "long_overdue"
    """The motion places itself on the agenda of the next meeting."""


def due_on(step: Step, since: date, free: Collection[date]) -> date:
    """The last day for ``step``, which is owed since ``since``; ``free`` are the holidays of that time.

    ``since`` is the day of: submission (admissibility), forwarding (acknowledgement), acknowledgement (position,
    decision), the city's decision (plan), the plan or the update before (update).
    """
    match step:
        case Step.ADMISSIBILITY:
            return min(add_working_days(since, ADMISSIBILITY_DAYS, free), add_months(since, 1))
        case Step.ACKNOWLEDGEMENT:
            return add_working_days(since, ACKNOWLEDGE_DAYS, free)
        case Step.POSITION:
            return since + timedelta(weeks=POSITION_WEEKS)
        case Step.DECISION:
            return add_months(since, DECISION_MONTHS)
        case Step.PLAN:
            return since + timedelta(weeks=PLAN_WEEKS)
        case Step.UPDATE:
            return add_months(since, UPDATE_MONTHS)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later; the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def alarms(due: date, met_on: date | None, today: date) -> list[Alarm]:
    """What has to have been said by ``today``; a step that was met stops the clock on that day."""
    end = today if met_on is None else min(today, met_on - timedelta(days=1))
    days = {
        Alarm.REMINDER: due - timedelta(days=REMIND_BEFORE),
        Alarm.OVERDUE: due + timedelta(days=1),
        Alarm.MAYOR_AND_CHAIR: due + timedelta(days=ESCALATE_AFTER),
        Alarm.LONG_OVERDUE: due + timedelta(days=LONG_AFTER),
    }
    return [alarm for alarm in Alarm if days[alarm] <= end]


def stalled(due: Sequence[date], today: date) -> bool:
    """Whether a measure is stalled: ``due`` are the days of the updates that did not come since the last that did."""
    return sum(day < today for day in due) >= MISSED_UPDATES


def updates_missed(last_on: date, today: date) -> list[date]:
    """The days since the last update, or the plan, on which one was due and did not come."""
    missed = []
    months = UPDATE_MONTHS
    while (day := add_months(last_on, months)) < today:
        missed.append(day)
        months += UPDATE_MONTHS
    return missed


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting to come, and whether its invitation has gone out."""

    id: int
    held_on: date
    invited: bool


def check_invitation(held_on: date, today: date, days: int = INVITATION_DAYS) -> None:
    """An invitation leaves so many ``days`` before the meeting, or earlier, as the council's rule says.

    Raises ``invitation_too_late`` (``last``: its last day).
    """
    last = held_on - timedelta(days=days)
    if today > last:
        raise DomainError("invitation_too_late", last=last)


def next_meeting(meetings: Sequence[Meeting], today: date, days: int = INVITATION_DAYS) -> Meeting | None:
    """The next meeting that something can still be placed on: a timely invitation must be possible (SächsOVG 4 B 24/20)."""
    possible = [
        each for each in meetings if not each.invited and each.held_on - timedelta(days=days) >= today
    ]
    return min(possible, key=lambda each: (each.held_on, each.id), default=None)
