"""The one source of time: days are the city's, moments are UTC, and tests can stop it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from tests.properties import many


@pytest.fixture(autouse=True)
def _berlin() -> Iterator[None]:
    clock.set_zone("Europe/Berlin")
    yield
    clock.set_zone("Europe/Berlin")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2027-07-13T21:59:59+00:00", date(2027, 7, 13)),
        ("2027-07-13T22:00:00+00:00", date(2027, 7, 14)),
        ("2027-01-13T22:59:59+00:00", date(2027, 1, 13)),
        ("2027-01-13T23:00:00+00:00", date(2027, 1, 14)),
        ("2027-12-31T23:00:00+00:00", date(2028, 1, 1)),
        ("2027-07-14T08:00:00+09:00", date(2027, 7, 14)),
    ],
)
def test_a_day_begins_at_midnight_in_the_city(moment: str, day: date) -> None:
    with clock.freeze(datetime.fromisoformat(moment)):
        assert clock.today() == day


def test_another_city_counts_its_own_days() -> None:
    with clock.freeze(datetime(2027, 7, 13, 21, 30, tzinfo=UTC)):
        assert clock.today() == date(2027, 7, 13)
        clock.set_zone("Asia/Tokyo")
        assert clock.today() == date(2027, 7, 14)
        clock.set_zone("America/Santiago")
        assert clock.today() == date(2027, 7, 13)


def test_an_unknown_zone_is_refused_and_changes_nothing() -> None:
    with clock.freeze(datetime(2027, 7, 13, 22, 30, tzinfo=UTC)):
        with pytest.raises(KeyError):
            clock.set_zone("Europe/Lindhafen")
        assert clock.today() == date(2027, 7, 14)


def test_a_frozen_day_is_that_day_at_noon_in_the_city() -> None:
    with clock.freeze(date(2027, 9, 14)):
        assert clock.now() == datetime(2027, 9, 14, 10, tzinfo=UTC)
        assert clock.today() == date(2027, 9, 14)


def test_moments_are_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    with clock.freeze(datetime(2027, 9, 14, 12, tzinfo=timezone(timedelta(hours=5, minutes=45)))):
        assert clock.now() == datetime(2027, 9, 14, 6, 15, tzinfo=UTC)
        assert clock.now().tzinfo is UTC


def test_the_clock_runs_by_itself() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_frozen_clock_does_not_run_and_goes_on_afterwards() -> None:
    with clock.freeze(date(2000, 1, 1)):
        assert clock.now() == clock.now()
        with clock.freeze(date(2000, 1, 2)):
            assert clock.today() == date(2000, 1, 2)
        assert clock.today() == date(2000, 1, 1)
    assert clock.today() > date(2020, 1, 1)


def test_an_error_while_frozen_sets_the_clock_free() -> None:
    with pytest.raises(ZeroDivisionError), clock.freeze(date(2000, 1, 1)):
        1 / 0  # noqa: B018
    assert clock.today() > date(2020, 1, 1)


@many
@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_today_is_the_city_s_calendar_day_of_every_moment(moment: datetime) -> None:
    with clock.freeze(moment):
        assert clock.today() == moment.astimezone(ZoneInfo("Europe/Berlin")).date()
