"""How long until, and since when: days, weeks, months and years, counted as the Civil Code counts them.

A period that begins on a day is over on the day of the same number. Where the month has no such day, it is over with
the month (section 188 (3)): who was born on 29 February comes of age on 1 March where no leap year helps, and who moved
in on 30 November has lived here for three months on 1 March, in every year.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

LONGEST = 1500
"""Units in the longest period that a rule can ask for: 125 years in months."""


class Unit(StrEnum):
    """What a period is counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time, such as three months. "Since the 16th day before" is a period of 16 days."""

    count: int
    unit: Unit

    def after(self, first: date) -> date:
        """The first day on which a period that began on ``first`` is over. Past the last day there is: that day."""
        return _after(first, self.count, self.unit)

    def before(self, day: date) -> date:
        """The last day on which a period can begin that is over on ``day``."""
        return _before(day, self.count, self.unit)


def days(count: int) -> Period:
    return Period(count, Unit.DAYS)


def weeks(count: int) -> Period:
    return Period(count, Unit.WEEKS)


def months(count: int) -> Period:
    return Period(count, Unit.MONTHS)


def years(count: int) -> Period:
    return Period(count, Unit.YEARS)


def _after(first: date, count: int, unit: Unit) -> date:
    try:
        if unit is Unit.DAYS or unit is Unit.WEEKS:
            return first + timedelta(count if unit is Unit.DAYS else 7 * count)
        year, month = _month(first, count, unit)
        if first.day <= calendar.monthrange(year, month)[1]:
            return date(year, month, first.day)
        return date(year, month + 1, 1)  # never December: it has every day
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        return date.max


@lru_cache(maxsize=256)
def _before(day: date, count: int, unit: Unit) -> date:
    try:
        if unit is Unit.DAYS or unit is Unit.WEEKS:
            return day - timedelta(count if unit is Unit.DAYS else 7 * count)
        year, month = _month(day, -count, unit)
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        return date.min


def _month(day: date, count: int, unit: Unit) -> tuple[int, int]:
    """Year and month that lie ``count`` months (or years) from ``day``."""
    moved = day.year * 12 + day.month - 1 + (12 * count if unit is Unit.YEARS else count)
    return moved // 12, moved % 12 + 1
