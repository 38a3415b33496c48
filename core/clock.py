"""The one source of time. Pure, and frozen in tests.

Days are counted in the city's time zone (``settings.time_zone``); moments are kept in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_zone = ZoneInfo("Europe/Berlin")
_source: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731


def set_zone(name: str) -> None:
    """Count days in the time zone ``name`` (an IANA name) from now on."""
    global _zone
    _zone = ZoneInfo(name)


def now() -> datetime:
    """The present moment, in UTC and aware of it."""
    return _source()


def today() -> date:
    """The calendar day it is in the city."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The calendar day in the city of an aware ``moment``."""
    return moment.astimezone(_zone).date()


def in_the_city(day: date, at: time) -> datetime:
    """The moment, in UTC, at which the city's clocks show ``at`` on ``day``."""
    return datetime.combine(day, at, _zone).astimezone(UTC)


def shown_in_the_city(moment: datetime) -> datetime:
    """An aware ``moment`` as the city's clocks show it."""
    return moment.astimezone(_zone)


def share(start: date, end: date, today: date) -> float:
    """How much of the time from ``start`` to the end of ``end`` has run, from 0 to 1."""
    return min(1.0, max(0.0, (today - start).days / ((end - start).days + 1)))


@contextmanager
def freeze(moment: datetime | date) -> Iterator[None]:
    """Stop the clock at ``moment`` (a day means its noon in the city) for the length of a ``with`` block."""
    global _source
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=_zone)
    fixed = moment.astimezone(UTC)
    before = _source
    _source = lambda: fixed  # noqa: E731
    try:
        yield
    finally:
        _source = before
