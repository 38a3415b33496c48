"""Working days: neither weekend nor holiday. Pure once the holidays are given.

The city's holidays are those of its country and region, and days of its own from the settings: ``2027-06-14`` for
one year, ``06-14`` for every year.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

import holidays

from core import settings

_SATURDAY = 5


def is_working_day(day: date, free: Collection[date]) -> bool:
    """Whether people work on ``day``; ``free`` are the holidays."""
    return day.weekday() < _SATURDAY and day not in free


def next_working_day(day: date, free: Collection[date]) -> date:
    """``day`` itself if it is a working day, else the first one after it."""
    while not is_working_day(day, free):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, free: Collection[date]) -> date:
    """The day on which ``count`` working days after ``day`` are over; ``day`` itself does not count.

    Raises ValueError for a negative ``count``.
    """
    if count < 0:
        raise ValueError("working days are counted forwards")
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1), free)
    return day


def working_days_before(day: date, count: int, free: Collection[date]) -> date:
    """The working day that lies ``count`` working days before ``day``; ``day`` itself does not count.

    Raises ValueError for a negative ``count``.
    """
    if count < 0:
        raise ValueError("working days are counted backwards from here")
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day, free)
    return day


def city_holidays(year: int) -> frozenset[date]:
    """The city's holidays of ``year`` and of the year after, so that a term may run across the turn of the year."""
    here = settings.current()
    return _holidays(here.holidays_country, here.holidays_region, here.extra_holidays, year)


def holidays_around(year: int) -> frozenset[date]:
    """The city's holidays from two years before ``year`` to two years after it, for deadlines that reach so far."""
    return frozenset().union(*(city_holidays(each) for each in range(year - 2, year + 3)))


@lru_cache(maxsize=64)
def _holidays(country: str, region: str | None, extra: tuple[str, ...], year: int) -> frozenset[date]:
    """Raises NotImplementedError for a country or region that ``holidays`` does not know, ValueError for a bad day."""
    years = (year, year + 1)
    days = set(holidays.country_holidays(country, subdiv=region, years=years))
    for own in extra:
        if len(own) == len("06-14"):
            days.update(date.fromisoformat(f"{each}-{own}") for each in years)
        else:
            days.add(date.fromisoformat(own))
    return frozenset(days)
