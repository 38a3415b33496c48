"""How register numbers are written, read and listed."""

from __future__ import annotations

import pytest

from followup.numbers import in_short, ranges, read_number, register_number


def test_a_number_has_the_code_in_front_and_four_digits_at_least() -> None:
    assert register_number("AS-26", 7) == "AS-26-0007"
    assert register_number("AS-26", 12345) == "AS-26-12345"


@pytest.mark.parametrize(
    "typed", ["149", " 0149 ", "AS-26-0149", "as-26-149", "AS-26 - 0149", "١٤٩", "AS-26-۰۱۴۹"]
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_number("AS-26", typed) == 149


@pytest.mark.parametrize("typed", ["", "0", "N4", "NB-27-0149", "12a", "-3", "1" * 12, "²"])
def test_what_is_no_number_is_not_read_as_one(typed: str) -> None:
    assert read_number("AS-26", typed) is None


def test_neighbours_are_listed_as_one_run() -> None:
    assert in_short([20, 3, 5, 4, 4]) == "3-5, 20"
    assert ranges([]) == []
    assert in_short(range(3, 18)) == "3-17"
