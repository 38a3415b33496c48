"""Working days, with the holidays of a region and the city's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core import settings
from core.calendar import add_working_days, city_holidays, is_working_day, next_working_day

FRIDAY = date(2027, 3, 26)
"""Good Friday; Easter Monday is the 29th."""
FREE = frozenset({FRIDAY, date(2027, 3, 29)})


def test_weekends_and_holidays_are_no_working_days() -> None:
    assert is_working_day(date(2027, 3, 25), FREE)
    assert not is_working_day(FRIDAY, FREE)
    assert not is_working_day(date(2027, 3, 27), FREE)


def test_the_next_working_day_may_be_the_day_itself() -> None:
    assert next_working_day(date(2027, 3, 25), FREE) == date(2027, 3, 25)
    assert next_working_day(FRIDAY, FREE) == date(2027, 3, 30)


@pytest.mark.parametrize(("count", "expected"), [(0, 25), (1, 30), (2, 31)])
def test_working_days_are_counted_across_a_long_weekend(count: int, expected: int) -> None:
    assert add_working_days(date(2027, 3, 25), count, FREE) == date(2027, 3, expected)


def test_ten_working_days_are_two_weeks_where_nobody_celebrates() -> None:
    assert add_working_days(date(2027, 9, 14), 10, frozenset()) == date(2027, 9, 28)


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(FRIDAY, -1, FREE)


def test_a_citys_holidays_are_its_countrys_its_regions_and_its_own(tmp_path: Path) -> None:
    before = settings.current() if settings._current else None
    settings.configure(
        settings.Settings(
            folder=tmp_path,
            holidays_country="DE",
            holidays_region="SN",
            extra_holidays=("06-14", "2027-08-02"),
        )
    )
    try:
        found = city_holidays(2027)
    finally:
        if before:
            settings.configure(before)
    assert date(2027, 10, 3) in found, "the whole country's"
    assert date(2027, 11, 17) in found, "Saxony's own"
    assert {date(2027, 6, 14), date(2028, 6, 14)} <= found, "the city's, every year"
    assert date(2027, 8, 2) in found
    assert date(2028, 8, 2) not in found, "the city's, once"
