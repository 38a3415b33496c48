"""The invented figures of a rule's example can always be counted, need no lot, and leave somebody out."""

from __future__ import annotations

from fractions import Fraction

import pytest

from elections.counting.count import count
from elections.counting.rule import Apportionment, CountingRule, Method, QuotaScope
from elections.rules.presets import PRESETS
from elections.rules.worked_example import tally_for

GROUPS = {"north": 2, "south": 3}
RULES = {
    **{preset.key: preset.counting for preset in PRESETS},
    "one seat": CountingRule(Method.BLOCK, 1),
    "approval": CountingRule(Method.BLOCK, 5, votes_per_voter=None),
    "many seats": CountingRule(Method.CUMULATIVE, 60, votes_per_voter=60, most_per_candidate=3),
    "a minimum": CountingRule(Method.BLOCK, 5, votes_per_voter=5, minimums={"women": 2}),
    "a maximum": CountingRule(Method.BLOCK, 5, votes_per_voter=5, maximums={"men": 3}),
    "minimums in groups": CountingRule(
        Method.PLURALITY_IN_GROUPS, 5, seats_per_group=GROUPS, minimums={"women": 1}
    ),
    "minimums over all": CountingRule(
        Method.PLURALITY_IN_GROUPS,
        5,
        seats_per_group=GROUPS,
        minimums={"women": 2},
        quota_scope=QuotaScope.ALL_SEATS,
    ),
    **{
        f"lists by {way}": CountingRule(Method.LISTS, 19, apportionment=way, barrier=Fraction(1, 20))
        for way in Apportionment
    },
    **{
        f"open lists by {way}": CountingRule(
            Method.CUMULATIVE, 15, votes_per_voter=15, most_per_candidate=3, apportionment=way
        )
        for way in Apportionment
    },
    **{f"ranked, {seats} seats": CountingRule(Method.STV, seats) for seats in (1, 2, 5, 12, 30)},
}


@pytest.mark.parametrize("name", RULES)
def test_an_example_is_counted_to_its_end_with_a_reason_for_each_seat(name: str) -> None:
    rule = RULES[name]
    tally = tally_for(rule)
    result = count(rule, tally)
    assert result.complete
    assert len(result.elected) == rule.seats
    assert all(seat.reasons for seat in result.seats)
    assert len(tally.candidates) > rule.seats


def test_a_minimum_shows_what_it_does() -> None:
    result = count(RULES["a minimum"], tally_for(RULES["a minimum"]))
    codes = {reason.code for seat in result.seats for reason in seat.reasons}
    assert any(code.startswith("seat_minimum") for code in codes), codes
