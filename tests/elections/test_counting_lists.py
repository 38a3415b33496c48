"""Closed and open lists: seats to lists, seats to people, successors, lists that are too short."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from elections.counting.count import count
from elections.counting.lots import NO_LOTS, Lots
from elections.counting.result import Result
from elections.counting.rule import Apportionment, CountingRule, EqualInList, Method, TooFew
from elections.counting.tally import Candidate, CandidateList, Tally, together

NRW = CountingRule(Method.LISTS, 6, apportionment=Apportionment.SAINTE_LAGUE)
"""North Rhine-Westphalia: one vote for a whole list, Sainte-Laguë."""
HESSE = CountingRule(
    Method.CUMULATIVE,
    5,
    votes_per_voter=5,
    most_per_candidate=3,
    apportionment=Apportionment.HARE_NIEMEYER,
)
"""Hesse: as many votes as seats, up to three for a candidate, Hare-Niemeyer among the lists."""

LISTS = (CandidateList("X", "Together"), CandidateList("Y", "Bridges"), CandidateList("Z", "Ada alone"))
PEOPLE = tuple(
    Candidate(f"{name}{place}", list=name, position=place)
    for name, size in (("X", 4), ("Y", 3), ("Z", 1))
    for place in range(1, size + 1)
)


def counted(rule: CountingRule, votes: dict[str, int], lots: Lots = NO_LOTS) -> Result:
    return count(rule, Tally(PEOPLE, votes, LISTS), lots)


def test_a_closed_list_seats_its_people_in_its_own_order() -> None:
    # Quotients: X 600, 200, 120; Y 300, 100; Z 150.
    result = counted(NRW, {"X": 600, "Y": 300, "Z": 150})
    assert [(seat.where, seat.holder) for seat in result.seats] == [
        ("X", "X1"),
        ("Y", "Y1"),
        ("X", "X2"),
        ("Z", "Z1"),
        ("X", "X3"),
        ("Y", "Y2"),
    ]
    assert result.shares == {"X": 3, "Y": 2, "Z": 1}
    assert result.successors == {"X": (("X4",),), "Y": (("Y3",),), "Z": ()}
    assert [reason.code for reason in result.seats[0].reasons] == ["seat_quotient", "seat_list_order"]


def test_a_single_applicant_who_wins_two_seats_fills_one() -> None:
    result = counted(NRW, {"X": 300, "Y": 300, "Z": 600})
    assert result.shares["Z"] == 3
    assert [seat.where for seat in result.vacant] == ["Z", "Z"]
    assert [seat.reasons[-1].code for seat in result.vacant] == ["seat_vacant_list"] * 2


def test_or_the_seats_go_on_to_the_other_lists_if_the_rule_says_so() -> None:
    result = counted(replace(NRW, too_few=TooFew.NEXT), {"X": 301, "Y": 300, "Z": 600})
    assert result.shares == {"X": 3, "Y": 2, "Z": 1}
    assert not result.vacant


def test_a_list_below_the_smallest_share_is_out() -> None:
    result = counted(replace(NRW, barrier=Fraction(3, 20)), {"X": 600, "Y": 300, "Z": 150})
    assert result.shares["Z"] == 0
    assert result.successors["Z"] == (("Z1",),)
    assert [note.code for note in result.notes] == ["barrier_missed"]


def test_a_tie_among_lists_leaves_the_seat_open_until_the_lot() -> None:
    rule = replace(NRW, seats=1)
    waiting = counted(rule, {"X": 5, "Y": 5})
    assert (waiting.elected, waiting.complete) == ((), False)
    decided = counted(rule, {"X": 5, "Y": 5}, Lots(drawn={"lists:1": ("Y", "X")}))
    assert decided.elected == ("Y1",)
    assert [reason.code for reason in decided.seats[0].reasons] == [
        "seat_quotient",
        "seat_by_lot",
        "seat_list_order",
    ]


OPEN = {"X1": 10, "X2": 30, "X3": 30, "X4": 5, "Y1": 20, "Y2": 20, "Y3": 1, "Z1": 9}


def test_an_open_list_has_its_people_s_votes_and_seats_those_with_most() -> None:
    # X 75, Y 41, Z 9 of 125 votes; five seats: 3.0, 1.64, 0.36.
    result = counted(HESSE, OPEN)
    assert result.shares == {"X": 3, "Y": 2, "Z": 0}
    assert set(result.elected) == {"X2", "X3", "X1", "Y1", "Y2"}
    assert result.votes["X"] == 75
    assert result.successors == {"X": (("X4",),), "Y": (("Y3",),), "Z": (("Z1",),)}


@pytest.mark.parametrize(
    ("equal", "elected", "ties"),
    [(EqualInList.LIST_ORDER, {"X2", "Y1"}, []), (EqualInList.LOT, set(), [("X2", "X3"), ("Y1", "Y2")])],
)
def test_equals_on_a_list_follow_its_order_or_the_lot(
    equal: EqualInList, elected: set[str], ties: list[tuple[str, ...]]
) -> None:
    result = counted(replace(HESSE, seats=2, votes_per_voter=3, equal_in_list=equal), OPEN)
    assert set(result.elected) == elected
    assert [tie.names for tie in result.undecided] == ties


def test_a_lot_within_a_list_decides_and_is_named() -> None:
    rule = replace(HESSE, seats=2, votes_per_voter=3, equal_in_list=EqualInList.LOT)
    result = counted(
        rule, OPEN, Lots(drawn={"candidates:X:30": ("X3", "X2"), "candidates:Y:20": ("Y1", "Y2")})
    )
    assert result.elected == ("X3", "Y1")
    assert "seat_by_lot" in [reason.code for reason in result.seats[0].reasons]


def test_stations_add_up_to_the_same_result_in_any_order() -> None:
    whole = Tally(PEOPLE, {}, LISTS)
    stations = [
        Tally((), {"X": 400, "Z": 150}, valid=550, invalid=2),
        Tally((), {"X": 200, "Y": 300}, valid=500, blank=1),
    ]
    forward, backward = together(whole, stations), together(whole, reversed(stations))
    assert (forward.valid, forward.invalid, forward.blank) == (1050, 2, 1)
    assert count(NRW, forward).to_json() == count(NRW, backward).to_json()
    assert count(NRW, forward).elected == counted(NRW, {"X": 600, "Y": 300, "Z": 150}).elected


def test_results_survive_json() -> None:
    for result in (counted(HESSE, OPEN), counted(NRW, {"X": 5, "Y": 5}), counted(NRW, {})):
        assert Result.from_json(result.to_json()) == result
