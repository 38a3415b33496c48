"""An election's days by name, and what speaks against them. Pure.

The names are the same in the rule set's deadlines, on the pages and in the calendar feed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise

from core.errors import DomainError, raise_all


class Milestone(StrEnum):
    """A day of the timetable, in the order in which they come. ``…_UNTIL`` days are included."""

    NOMINATIONS_FROM = "nominations_from"
    NOMINATIONS_UNTIL = "nominations_until"
    MENDING_UNTIL = "mending_until"
    CANDIDATES_PUBLISHED = "candidates_published"
    ROLL_FROM = "roll_from"
    ROLL_UNTIL = "roll_until"
    VOTING_FROM = "voting_from"
    VOTING_UNTIL = "voting_until"
    FINDING = "finding"
    RESULT_OBJECTIONS_UNTIL = "result_objections_until"
    ROLL_DELETED = "roll_deleted"


Timetable = Mapping[Milestone, date]

_ORDER = tuple(Milestone)


def read_timetable(stored: Mapping[str, str]) -> dict[Milestone, date]:
    """The timetable that the database keeps: ISO days by name."""
    return {Milestone(name): date.fromisoformat(day) for name, day in stored.items()}


def plain_timetable(days: Timetable) -> dict[str, str]:
    """The form that the database keeps, in order."""
    return {name.value: days[name].isoformat() for name in _ORDER if name in days}


def check_timetable(days: Timetable) -> None:
    """Whether every day is there and none comes before the one before it.

    Raises, all together, ``milestone_missing`` (``milestone``) and ``milestone_order`` (``earlier``, ``later``: the
    first comes after the second).
    """
    errors = [DomainError("milestone_missing", milestone=name.value) for name in _ORDER if name not in days]
    given = [name for name in _ORDER if name in days]
    errors += [
        DomainError("milestone_order", earlier=earlier.value, later=later.value)
        for earlier, later in pairwise(given)
        if days[earlier] > days[later]
    ]
    raise_all(errors)


def is_within(days: Timetable, first: Milestone, last: Milestone, today: date) -> bool:
    """Whether ``today`` lies between two days of the timetable, both included."""
    return days[first] <= today <= days[last]
