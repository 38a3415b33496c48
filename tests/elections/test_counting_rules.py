"""What goes into a count: rules that contradict themselves, tallies that cannot be, ballots, lots."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from elections.counting import block, cumulative
from elections.counting.count import count
from elections.counting.lots import DecidedBy, Lots, draw
from elections.counting.rule import Apportionment, CountingRule, EqualInList, Method, QuotaScope, TooFew
from elections.counting.tally import Ballot, Candidate, CandidateList, Tally
from tests.properties import many

PLURALITY = CountingRule(
    Method.PLURALITY_IN_GROUPS, 4, {"n": 2, "s": 2}, votes_per_voter=3, most_per_candidate=3
)
BLOCK = CountingRule(Method.BLOCK, 3, votes_per_voter=3)
CUMULATIVE = CountingRule(Method.CUMULATIVE, 3, votes_per_voter=5, most_per_candidate=3)
LISTS = CountingRule(Method.LISTS, 5, apportionment=Apportionment.SAINTE_LAGUE)
STV = CountingRule(Method.STV, 3)
SOUND = [PLURALITY, BLOCK, CUMULATIVE, LISTS, STV]


def codes(errors: list[DomainError]) -> list[str]:
    return [error.code for error in errors]


@pytest.mark.parametrize("rule", SOUND, ids=[rule.method.value for rule in SOUND])
def test_a_sound_rule_has_no_problems_and_survives_json(rule: CountingRule) -> None:
    assert rule.problems() == []
    assert CountingRule.from_plain(rule.to_plain()) == rule


CONTRADICTIONS: dict[str, tuple[CountingRule, dict[str, object], str]] = {
    "no seats": (BLOCK, {"seats": 0}, "rule_seats_range"),
    "too many seats": (BLOCK, {"seats": 10_001}, "rule_seats_range"),
    "no groups": (PLURALITY, {"seats_per_group": {}}, "rule_groups_missing"),
    "wrong sum": (PLURALITY, {"seats": 5}, "rule_groups_sum"),
    "empty group": (PLURALITY, {"seats_per_group": {"n": 4, "s": 0}}, "rule_group_seats"),
    "groups without need": (BLOCK, {"seats_per_group": {"n": 3}}, "rule_groups_not_here"),
    "no votes": (BLOCK, {"votes_per_voter": 0}, "rule_votes_range"),
    "votes unsaid": (CUMULATIVE, {"votes_per_voter": None}, "rule_votes_missing"),
    "no vote for anybody": (CUMULATIVE, {"most_per_candidate": 0}, "rule_most_range"),
    "more than one has": (CUMULATIVE, {"most_per_candidate": 6}, "rule_most_over_votes"),
    "several in a block vote": (BLOCK, {"most_per_candidate": 2}, "rule_most_not_here"),
    "several lists": (LISTS, {"votes_per_voter": 2}, "rule_one_vote"),
    "several rankings": (STV, {"votes_per_voter": None}, "rule_one_vote"),
    "lists without method": (LISTS, {"apportionment": None}, "rule_apportionment_missing"),
    "a method without lists": (STV, {"apportionment": Apportionment.DHONDT}, "rule_apportionment_not_here"),
    "all of the votes": (LISTS, {"barrier": Fraction(1)}, "rule_barrier_range"),
    "less than nothing": (LISTS, {"barrier": Fraction(-1, 20)}, "rule_barrier_range"),
    "a barrier without lists": (BLOCK, {"barrier": Fraction(1, 20)}, "rule_barrier_not_here"),
    "quotas with ranking": (STV, {"minimums": {"w": 1}}, "rule_quotas_not_here"),
    "quotas with lists": (LISTS, {"maximums": {"w": 1}}, "rule_quotas_not_here"),
    "negative quota": (BLOCK, {"minimums": {"w": -1}}, "rule_quota_negative"),
    "crossed quota": (BLOCK, {"minimums": {"w": 2}, "maximums": {"w": 1}}, "rule_quota_crossed"),
    "more minimums than seats": (BLOCK, {"minimums": {"w": 2, "m": 2}}, "rule_minimums_sum"),
    "more minimums than a region": (PLURALITY, {"minimums": {"w": 3}}, "rule_minimums_sum"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_named(name: str) -> None:
    rule, changes, code = CONTRADICTIONS[name]
    broken = replace(rule, **changes)  # type: ignore[arg-type]
    assert code in codes(broken.problems())
    with pytest.raises(DomainError):
        count(broken, Tally(()))


def test_all_contradictions_come_at_once() -> None:
    broken = replace(BLOCK, seats=0, votes_per_voter=0, most_per_candidate=0, barrier=Fraction(2))
    assert len(broken.problems()) == 4


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"colour": "red"}, "rule_key_unknown"),
        ({"method": "coin"}, "rule_value"),
        ({"method": ["block"]}, "rule_value"),
        ({"seats": "3"}, "rule_value"),
        ({"seats": 3.0}, "rule_value"),
        ({"seats": True}, "rule_value"),
        ({"barrier": 0.05}, "rule_value"),
        ({"barrier": "1/0"}, "rule_value"),
        ({"minimums": [1]}, "rule_value"),
        ({"maximums": {"w": "1"}}, "rule_value"),
    ],
)
def test_unknown_keys_and_wrong_values_are_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(DomainError) as caught:
        CountingRule.from_plain({**BLOCK.to_plain(), **changes})
    assert caught.value.code == code


def test_what_a_rule_does_not_say_is_named() -> None:
    with pytest.raises(DomainError) as caught:
        CountingRule.from_plain({})
    assert [error.parameters["key"] for error in caught.value.all()] == ["method", "seats"]


@many
@given(
    st.builds(
        CountingRule,
        method=st.sampled_from(Method),
        seats=st.integers(-1, 30),
        seats_per_group=st.dictionaries(st.text(max_size=3), st.integers(0, 3), max_size=2),
        votes_per_voter=st.none() | st.integers(0, 9),
        most_per_candidate=st.integers(0, 3),
        apportionment=st.none() | st.sampled_from(Apportionment),
        barrier=st.fractions(0, 1),
        too_few=st.sampled_from(TooFew),
        equal_in_list=st.sampled_from(EqualInList),
        minimums=st.dictionaries(st.text(max_size=3), st.integers(0, 3), max_size=2),
        maximums=st.dictionaries(st.text(max_size=3), st.integers(0, 3), max_size=2),
        quota_scope=st.sampled_from(QuotaScope),
    )
)
def test_every_rule_survives_json_and_counts_or_says_why_not(rule: CountingRule) -> None:
    assert CountingRule.from_plain(rule.to_plain()) == rule
    if not rule.problems():
        assert len(count(rule, Tally(())).seats) == rule.seats


# Tallies ---------------------------------------------------------------------------------------------------------

ANA, BEN = Candidate("ana", group="n"), Candidate("ben", group="s")


@pytest.mark.parametrize(
    ("rule", "tally", "code"),
    [
        (PLURALITY, Tally((ANA, ANA)), "tally_id_twice"),
        (PLURALITY, Tally((Candidate("eve", group="moon"),)), "tally_group_unknown"),
        (LISTS, Tally((Candidate("eve", list="Q"),), {}, (CandidateList("X"),)), "tally_list_unknown"),
        (
            LISTS,
            Tally((Candidate("a", list="X"), Candidate("b", list="X")), {}, (CandidateList("X"),)),
            "tally_position_twice",
        ),
        (PLURALITY, Tally((ANA,), {"ana": -1}), "tally_negative"),
        (PLURALITY, Tally((ANA,), {}, valid=-1), "tally_negative"),
        (PLURALITY, Tally((ANA,), {"eve": 1}), "tally_vote_unknown"),
        (LISTS, Tally((), {"Q": 1}), "tally_vote_unknown"),
        (PLURALITY, Tally((ANA, BEN), {"ana": 31}, valid=10), "tally_candidate_votes"),
        (PLURALITY, Tally((ANA, BEN), {"ana": 20, "ben": 11}, valid=10), "tally_votes"),
        (BLOCK, Tally((ANA,), {}, ballots=(Ballot(("ana",)),)), "tally_rankings_not_here"),
        (STV, Tally((ANA,), ballots=(Ballot(("ana", "ana")),)), "tally_ranked_twice"),
        (STV, Tally((ANA,), ballots=(Ballot(("eve",)),)), "tally_vote_unknown"),
        (STV, Tally((ANA,), ballots=(Ballot(("ana",), -1),)), "tally_negative"),
    ],
)
def test_a_tally_that_cannot_be_is_refused(rule: CountingRule, tally: Tally, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        count(rule, tally)
    assert code in [error.code for error in caught.value.all()]


def test_as_many_votes_as_the_ballots_allow_are_fine() -> None:
    assert Tally((ANA, BEN), {"ana": 20, "ben": 10}, valid=10).problems(PLURALITY) == []


# Ballots ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ballot", "expected"),
    [
        ("", []),
        ("ab", []),
        ("abc", []),
        ("abcd", ["ballot_too_many_votes"]),
        ("aa", ["ballot_candidate_votes"]),
        ("ax", ["ballot_candidate_unknown"]),
    ],
)
def test_a_block_ballot_has_up_to_three_different_votes(ballot: str, expected: list[str]) -> None:
    assert codes(block.check_ballot(ballot, "abcd", 3)) == expected


@pytest.mark.parametrize(
    ("ballot", "expected"),
    [
        ("aaabb", []),
        ("aaaab", ["ballot_candidate_votes"]),
        ("aabbcc", ["ballot_too_many_votes"]),
        ("aaaaxx", ["ballot_candidate_votes", "ballot_candidate_unknown", "ballot_too_many_votes"]),
    ],
)
def test_a_cumulative_ballot_has_up_to_five_votes_and_three_for_one(ballot: str, expected: list[str]) -> None:
    assert codes(cumulative.check_ballot(ballot, "abcd", votes=5, most=3)) == expected


def test_ballots_add_up_and_an_invalid_one_counts_for_nobody() -> None:
    total = block.add_up(["ab", "a", "", "aa", "abcd"], "abcd", 3)
    assert (total.votes, total.valid, total.invalid, total.blank) == (
        {"a": 2, "b": 1, "c": 0, "d": 0},
        2,
        2,
        1,
    )


def test_approval_is_a_block_vote_with_as_many_votes_as_candidates() -> None:
    assert block.add_up(["abcd", "a"], "abcd", None).votes == {"a": 2, "b": 1, "c": 1, "d": 1}


# Lots ------------------------------------------------------------------------------------------------------------


def test_a_lot_can_be_recomputed_with_nothing_but_sha_256() -> None:
    ids = ["ana", "ben", "žofie", "أمل"]
    ticket = {each: hashlib.sha256(f"6 49 12\nlists:3\n{each}".encode()).hexdigest() for each in ids}
    assert draw("6 49 12", "lists:3", ids) == tuple(sorted(ids, key=ticket.__getitem__))


def test_another_seed_or_purpose_draws_anew() -> None:
    ids = [str(number) for number in range(30)]
    assert len({draw("a", "x", ids), draw("b", "x", ids), draw("a", "y", ids)}) == 3


@many
@given(st.text(), st.lists(st.text(), unique=True, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference_to_a_lot(
    seed: str, ids: list[str], chance: random.Random
) -> None:
    shuffled = chance.sample(ids, len(ids))
    assert draw(seed, "p", ids) == draw(seed, "p", shuffled)


def test_what_was_drawn_by_hand_goes_before_the_seed() -> None:
    lots = Lots("seed", {"k": ("b", "a")})
    assert lots.decide("k", "ab") == (("b", "a"), DecidedBy.HAND)
    assert lots.decide("other", "ab")[1] is DecidedBy.SEED
    assert Lots().decide("k", "ab") == ((), DecidedBy.NOTHING)
