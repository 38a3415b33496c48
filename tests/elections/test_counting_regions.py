"""Most votes win: regions of origin, minimums and maximums, too few candidates, successors."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.count import count
from elections.counting.lots import NO_LOTS, Lots
from elections.counting.result import Result
from elections.counting.rule import CountingRule, Method, QuotaScope, TooFew
from elections.counting.tally import Candidate, Tally
from tests.properties import many

SEED = Lots("6 49 12 33 21 8")


def block(votes: dict[str, int], seats: int, lots: Lots = NO_LOTS, **changes: object) -> Result:
    """Candidates named like ``w1`` and ``m2``; the letter is the quota group."""
    rule = replace(CountingRule(Method.BLOCK, seats, votes_per_voter=None), **changes)  # type: ignore[arg-type]
    people = tuple(Candidate(key, quota_group=key[0]) for key in votes)
    return count(rule, Tally(people, votes), lots)


# Regions ---------------------------------------------------------------------------------------------------------

REGIONS = [f"region-{number}" for number in range(1, 9)]
LEIPZIG = CountingRule(
    Method.PLURALITY_IN_GROUPS,
    seats=16,
    seats_per_group=dict.fromkeys(REGIONS, 2),
    votes_per_voter=3,
    most_per_candidate=3,
)
"""The shape of Leipzig's election of 2025: eight regions of origin with two seats each, up to three votes."""


def leipzig() -> Tally:
    """53 invented candidates, 4,918 valid ballots, every number of votes different."""
    people = tuple(Candidate(f"c{n:02}", group=REGIONS[n % 8]) for n in range(53))
    votes = {person.id: 20 + (n * 37) % 53 * 8 for n, person in enumerate(people)}
    return Tally(people, votes, valid=4_918, invalid=11)


def test_each_region_seats_its_two_with_the_most_votes() -> None:
    result = count(LEIPZIG, leipzig())
    assert result.complete
    assert len(result.elected) == 16
    for region in REGIONS:
        standing = [each.id for each in leipzig().candidates if each.group == region]
        by_votes = sorted(standing, key=lambda key: -result.votes[key])
        assert [seat.holder for seat in result.seats if seat.where == region] == by_votes[:2]
        assert result.successors[region] == tuple((key,) for key in by_votes[2:])


def test_a_seat_says_its_votes_its_place_and_who_was_next() -> None:
    rule = CountingRule(Method.PLURALITY_IN_GROUPS, 1, {"north": 1})
    people = tuple(Candidate(key, group="north") for key in "abc")
    result = count(rule, Tally(people, {"a": 10, "b": 7, "c": 7}))
    assert dict(result.seats[0].reasons[0].parameters) == {
        "candidate": "a",
        "group": "north",
        "votes": 10,
        "place": 1,
        "runner_up": ["b", "c"],
        "runner_up_votes": 7,
    }
    assert result.successors == {"north": (("b", "c"),)}


def small(votes: dict[str, int], lots: Lots = NO_LOTS, too_few: TooFew = TooFew.VACANT) -> Result:
    """Two regions with two seats each; a candidate's first letter is the region."""
    rule = CountingRule(Method.PLURALITY_IN_GROUPS, 4, {"n": 2, "s": 2}, too_few=too_few)
    return count(rule, Tally(tuple(Candidate(key, group=key[0]) for key in votes), votes), lots)


def test_a_region_with_too_few_candidates_keeps_an_empty_seat() -> None:
    result = small({"n1": 5, "s1": 9, "s2": 8, "s3": 7})
    assert result.elected == ("n1", "s1", "s2")
    assert [(seat.number, seat.where, seat.reasons[0].code) for seat in result.vacant] == [
        (2, "n", "seat_vacant")
    ]
    assert result.seats[0].reasons[0].code == "seat_no_contest"


def test_or_the_seat_goes_on_to_the_candidate_next_in_votes_if_the_rule_says_so() -> None:
    result = small({"n1": 5, "s1": 9, "s2": 8, "s3": 7}, too_few=TooFew.NEXT)
    assert result.elected == ("n1", "s3", "s1", "s2")
    assert [reason.code for reason in result.seats[1].reasons] == ["seat_passed_on", "seat_next_votes"]
    assert result.successors == {"n": (), "s": ()}


def test_a_region_without_candidates_is_empty() -> None:
    assert [seat.where for seat in small({"s1": 1, "s2": 1}).vacant] == ["n", "n"]


@pytest.mark.parametrize("too_few", list(TooFew))
def test_a_tie_holds_up_its_own_region_only(too_few: TooFew) -> None:
    result = small({"n1": 5, "n2": 3, "n3": 3, "s1": 9, "s2": 8, "s3": 8, "s4": 1}, too_few=too_few)
    assert result.elected == ("n1", "s1")
    assert [(tie.key, tie.names, tie.seats) for tie in result.undecided] == [
        ("candidates:n:3", ("n2", "n3"), 1),
        ("candidates:s:8", ("s2", "s3"), 1),
    ]
    assert [seat.number for seat in result.seats if seat.undecided] == [2, 4]
    assert not result.vacant


def test_each_tie_has_its_own_lot() -> None:
    votes = {"n1": 5, "n2": 3, "n3": 3, "s1": 9, "s2": 8, "s3": 8}
    drawn = {"candidates:n:3": ("n3", "n2"), "candidates:s:8": ("s2", "s3")}
    result = small(votes, Lots(drawn=drawn))
    assert result.elected == ("n1", "n3", "s1", "s2")
    assert [reason.code for reason in result.seats[1].reasons] == ["seat_most_votes", "seat_by_lot"]


def test_equals_who_are_all_elected_or_all_not_need_no_lot() -> None:
    result = small({"n1": 5, "n2": 5, "n3": 1, "n4": 1, "s1": 2, "s2": 1})
    assert not result.ties
    assert result.successors["n"] == (("n3", "n4"),)


# Minimums and maximums -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("votes", "seats", "minimums", "maximums", "elected"),
    [
        ({"m1": 9, "m2": 8, "w1": 7}, 2, {"w": 1}, {}, ["m1", "w1"]),
        ({"m1": 9, "w1": 8, "w2": 7}, 2, {"w": 1}, {}, ["m1", "w1"]),
        ({"m1": 9, "m2": 8, "m3": 7, "w1": 2, "w2": 1}, 3, {"w": 2}, {}, ["m1", "w1", "w2"]),
        ({"m1": 9, "m2": 8, "w1": 7, "d1": 1}, 3, {"w": 1, "d": 1}, {}, ["m1", "w1", "d1"]),
        ({"m1": 9, "m2": 8, "m3": 7, "w1": 1}, 3, {}, {"m": 2}, ["m1", "m2", "w1"]),
        ({"m1": 9, "m2": 8, "w1": 1, "w2": 1, "d1": 0}, 3, {"d": 1}, {"m": 1}, ["m1", "d1"]),
    ],
)
def test_quotas_are_applied_in_the_stated_order(
    votes: dict[str, int], seats: int, minimums: dict[str, int], maximums: dict[str, int], elected: list[str]
) -> None:
    result = block(votes, seats, minimums=minimums, maximums=maximums)
    assert sorted(result.elected) == sorted(elected)


def test_whoever_comes_in_by_a_minimum_is_named_with_whoever_gives_way() -> None:
    result = block({"m1": 9, "m2": 8, "w1": 7}, 2, minimums={"w": 1})
    (reason,) = [reason for reason in result.seats[1].reasons if reason.code == "seat_minimum"]
    assert dict(reason.parameters) == {
        "candidate": "w1",
        "quota_group": "w",
        "minimum": 1,
        "instead_of": "m2",
    }
    assert result.successors == {"": (("m2",),)}


def test_whoever_is_passed_over_is_noted() -> None:
    result = block({"m1": 9, "m2": 8, "w1": 7}, 2, maximums={"m": 1})
    assert [(note.code, note.parameters["candidate"]) for note in result.notes] == [("maximum_reached", "m2")]


@pytest.mark.parametrize(("too_few", "elected"), [(TooFew.VACANT, ("m1",)), (TooFew.NEXT, ("m1", "m2"))])
def test_a_minimum_without_candidates_keeps_its_seat_or_lets_it_go(
    too_few: TooFew, elected: tuple[str, ...]
) -> None:
    result = block({"m1": 9, "m2": 8}, 2, minimums={"w": 1}, too_few=too_few)
    assert result.elected == elected
    assert [note.code for note in result.notes] == ["minimum_unmet"]


def test_a_lot_decides_whom_a_minimum_replaces() -> None:
    votes = {"m1": 9, "m2": 9, "w1": 1}
    waiting = block(votes, 2, minimums={"w": 1})
    assert waiting.elected == ("w1",)
    assert [tie.names for tie in waiting.undecided] == [("m1", "m2")]
    drawn = block(votes, 2, Lots(drawn={"candidates::9": ("m2", "m1")}), minimums={"w": 1})
    assert set(drawn.elected) == {"m2", "w1"}


def test_equals_whom_a_maximum_tells_apart_need_no_lot() -> None:
    result = block({"m1": 9, "m2": 5, "w1": 5}, 2, maximums={"m": 1})
    assert result.elected == ("m1", "w1")
    assert not result.ties


def test_over_all_seats_somebody_gives_way_in_the_newcomer_s_own_region() -> None:
    rule = CountingRule(
        Method.PLURALITY_IN_GROUPS,
        2,
        {"n": 1, "s": 1},
        minimums={"w": 1},
        quota_scope=QuotaScope.ALL_SEATS,
    )
    people = (
        Candidate("m1", group="n", quota_group="m"),
        Candidate("w1", group="n", quota_group="w"),
        Candidate("m2", group="s", quota_group="m"),
    )
    result = count(rule, Tally(people, {"m1": 9, "w1": 1, "m2": 2}))
    assert [(seat.where, seat.holder) for seat in result.seats] == [("n", "w1"), ("s", "m2")]


# Promises --------------------------------------------------------------------------------------------------------

keys = st.builds(lambda letter, number: f"{letter}{number}", st.sampled_from("wmd"), st.integers(1, 4))
ballots = st.dictionaries(keys, st.integers(0, 6), max_size=10)
quotas = st.dictionaries(st.sampled_from("wmd"), st.integers(0, 2), max_size=3)


@many
@given(ballots, st.integers(1, 6), quotas, st.sampled_from(list(TooFew)), st.randoms(use_true_random=False))
def test_minimums_are_kept_where_candidates_allow_and_order_makes_no_difference(
    votes: dict[str, int], seats: int, minimums: dict[str, int], too_few: TooFew, chance: random.Random
) -> None:
    minimums = minimums if sum(minimums.values()) <= seats else {}
    rows = list(votes.items())
    chance.shuffle(rows)
    for lots in (NO_LOTS, SEED):
        result = block(votes, seats, lots, minimums=minimums, too_few=too_few)
        again = block(dict(rows), seats, lots, minimums=minimums, too_few=too_few)
        assert result.to_json() == again.to_json()
        assert len(result.seats) == seats
    assert result.complete
    elected = Counter(key[0] for key in result.elected)
    standing = Counter(key[0] for key in votes)
    for group, minimum in minimums.items():
        assert elected[group] >= min(minimum, standing[group])
    if too_few is TooFew.NEXT or not minimums:
        assert len(result.elected) == min(seats, len(votes))


@many
@given(ballots, st.integers(1, 6), quotas, quotas)
def test_nobody_is_elected_without_a_lot_whom_a_lot_could_leave_out(
    votes: dict[str, int], seats: int, minimums: dict[str, int], maximums: dict[str, int]
) -> None:
    minimums = minimums if sum(minimums.values()) <= seats else {}
    maximums = {key: max(number, minimums.get(key, 0)) for key, number in maximums.items()}
    sure = set(block(votes, seats, minimums=minimums, maximums=maximums).elected)
    for seed in "12345":
        result = block(votes, seats, Lots(seed), minimums=minimums, maximums=maximums)
        assert sure <= set(result.elected)
        assert all(Counter(key[0] for key in result.elected)[g] <= most for g, most in maximums.items())


@many
@given(ballots, st.integers(1, 6), keys, st.integers(1, 5))
def test_more_votes_never_cost_a_seat(votes: dict[str, int], seats: int, key: str, more: int) -> None:
    if key in votes and key in block(votes, seats).elected:
        assert key in block({**votes, key: votes[key] + more}, seats).elected
