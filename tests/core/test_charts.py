"""Bars are as long as their numbers say, and never longer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts import SHORTEST, bars
from tests.properties import many


def test_the_longest_bar_fills_the_line_and_shares_are_parts_of_the_sum() -> None:
    found = bars([("a", 50), ("b", 150)])
    assert [(bar.width, bar.share) for bar in found] == [(33.33, 0.25), (100.0, 0.75)]


def test_shares_may_be_of_something_else_and_charts_may_share_one_measure() -> None:
    (bar,) = bars([("a", 50)], total=400, longest=200)
    assert (bar.width, bar.share) == (25.0, 0.125)


def test_nothing_at_all_draws_nothing() -> None:
    assert bars([]) == []
    assert [(bar.width, bar.share) for bar in bars([("a", 0), ("b", 0)])] == [(0.0, 0.0)] * 2


def test_one_among_very_many_is_still_seen_and_none_is_not() -> None:
    few, none, _most = bars([("few", 1), ("none", 0), ("most", 1_000_000)])
    assert (few.width, none.width) == (SHORTEST, 0.0)


@pytest.mark.parametrize("rows", [[("a", -1)], [("a", 1, "red")]])
def test_what_cannot_be_drawn_is_a_fault(rows: list[tuple[object, int]]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - either way
        bars(rows)


@many
@given(st.lists(st.integers(0, 10**12), max_size=20), st.integers(0, 10**6))
def test_no_bar_leaves_its_line_and_order_is_kept(values: list[int], longest: int) -> None:
    found = bars([(str(value), value) for value in values], longest=longest)
    assert [bar.value for bar in found] == values
    assert all(0 <= bar.width <= 100 for bar in found)
