"""D'Hondt, Sainte-Laguë and Hare-Niemeyer: worked examples, and what each method promises."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from elections.counting.lots import NO_LOTS, Lots
from elections.counting.rule import Apportionment
from elections.counting.seats import Shares, share_out
from tests.properties import many

DHONDT, SAINTE_LAGUE, HARE = Apportionment.DHONDT, Apportionment.SAINTE_LAGUE, Apportionment.HARE_NIEMEYER
DIVISOR_METHODS = [DHONDT, SAINTE_LAGUE]
Votes = dict[str, int]


def won(method: Apportionment, votes: Votes, seats: int, **options: object) -> list[int]:
    shares = share_out(method, votes, seats, **options)  # type: ignore[arg-type]
    return [shares.seats[name] for name in sorted(votes)]


# Worked examples -------------------------------------------------------------------------------------------------

BIG_FIRST = {"A": 53_000, "B": 24_000, "C": 23_000}
"""The textbook case in which all three methods differ.

D'Hondt: 53, 26.5, 24, 23, 17.7, 13.25, 12 (B again). Sainte-Laguë: 53, 24, 23, 17.7, 10.6, 8, 7.67.
Hare-Niemeyer: 3.71, 1.68, 1.61.
"""
FOUR = {"A": 100_000, "B": 80_000, "C": 30_000, "D": 20_000}


@pytest.mark.parametrize(
    ("method", "votes", "seats", "expected"),
    [
        (DHONDT, BIG_FIRST, 7, [4, 2, 1]),
        (SAINTE_LAGUE, BIG_FIRST, 7, [3, 2, 2]),
        (HARE, BIG_FIRST, 7, [4, 2, 1]),
        (DHONDT, FOUR, 8, [4, 3, 1, 0]),
        (SAINTE_LAGUE, FOUR, 8, [3, 3, 1, 1]),
        (HARE, FOUR, 8, [3, 3, 1, 1]),
        (DHONDT, {"A": 1}, 5, [5]),
        (HARE, {"A": 1}, 5, [5]),
        (SAINTE_LAGUE, {"A": 1, "B": 0}, 3, [3, 0]),
        (DHONDT, {"A": 7, "B": 3}, 0, [0, 0]),
    ],
)
def test_worked_examples(method: Apportionment, votes: Votes, seats: int, expected: list[int]) -> None:
    assert won(method, votes, seats) == expected


def test_hare_niemeyer_can_take_a_seat_from_a_list_when_the_house_grows() -> None:
    # The Alabama paradox: 4.29, 4.29, 1.43 for ten seats; 4.71, 4.71, 1.57 for eleven.
    votes = {"A": 6, "B": 6, "C": 2}
    assert won(HARE, votes, 10) == [4, 4, 2]
    assert won(HARE, votes, 11) == [5, 5, 1]


def test_quotients_are_exact_where_decimals_would_be_equal() -> None:
    votes = {"A": 10**20 + 1, "B": 10**20}
    for method in Apportionment:
        assert won(method, votes, 1) == [1, 0]


def test_every_seat_says_its_quotient_and_who_was_next() -> None:
    shares = share_out(DHONDT, BIG_FIRST, 7)
    second = shares.awards[1]
    assert second.list == "A"
    assert dict(second.reasons[0].parameters) == {
        "list": "A",
        "votes": 53_000,
        "divisor": 2,
        "quotient": "53000/2",
        "runner_up": ["B"],
        "runner_up_quotient": "24000",
    }


def test_hare_niemeyer_tells_whole_seats_and_remainders() -> None:
    shares = share_out(HARE, BIG_FIRST, 7)
    codes = [(award.list, award.reasons[0].code) for award in shares.awards]
    assert codes == [("A", "seat_whole_quota")] * 3 + [
        ("B", "seat_whole_quota"),
        ("C", "seat_whole_quota"),
        ("A", "seat_remainder"),
        ("B", "seat_remainder"),
    ]
    assert shares.awards[-1].reasons[0].parameters["remainder"] == "68000/100000"
    assert shares.awards[-1].reasons[0].parameters["runner_up"] == ["C"]


# Equals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "votes", "seats", "sure", "tied", "left"),
    [
        (DHONDT, {"A": 120, "B": 60, "C": 60}, 2, [1, 0, 0], ("A", "B", "C"), 1),
        (SAINTE_LAGUE, {"A": 90, "B": 30, "C": 10}, 2, [1, 0, 0], ("A", "B"), 1),
        (HARE, {"A": 10, "B": 10, "C": 10}, 4, [1, 1, 1], ("A", "B", "C"), 1),
        (HARE, {"A": 10, "B": 10, "C": 10}, 2, [0, 0, 0], ("A", "B", "C"), 2),
    ],
)
def test_equals_wait_for_a_lot_and_their_seats_for_them(
    method: Apportionment, votes: Votes, seats: int, sure: list[int], tied: tuple[str, ...], left: int
) -> None:
    shares = share_out(method, votes, seats)
    assert [shares.seats[name] for name in sorted(votes)] == sure
    assert [(tie.names, tie.seats, tie.order) for tie in shares.ties] == [(tied, left, ())]
    assert [award.reasons[-1].code for award in shares.awards if not award.list] == ["seat_undecided"] * left
    assert len(shares.awards) == seats


def test_equals_who_all_get_a_seat_need_no_lot() -> None:
    shares = share_out(SAINTE_LAGUE, FOUR, 7)
    assert not shares.ties
    assert won(SAINTE_LAGUE, FOUR, 7) == [3, 2, 1, 1]


@pytest.mark.parametrize("method", list(Apportionment))
def test_a_lot_by_hand_decides_and_is_named_as_the_reason(method: Apportionment) -> None:
    votes = {"A": 10, "B": 10}
    (tie,) = share_out(method, votes, 1).ties
    shares = share_out(method, votes, 1, lots=Lots(drawn={tie.key: ("B", "A")}))
    assert shares.seats == {"A": 0, "B": 1}
    assert [reason.code for reason in shares.awards[0].reasons][-1] == "seat_by_lot"
    assert shares.ties[0].order == ("B", "A")


def test_a_lot_drawn_among_others_is_refused() -> None:
    lots = Lots(drawn={"lists:1": ("B", "C")})
    with pytest.raises(DomainError) as caught:
        share_out(DHONDT, {"A": 1, "B": 1}, 1, lots=lots)
    assert caught.value.code == "lot_names_differ"
    assert caught.value.parameters == {"key": "lists:1", "missing": ["A"], "extra": ["C"]}


# Barriers, rooms, nonsense ---------------------------------------------------------------------------------------


def test_who_has_the_smallest_share_exactly_takes_part_and_who_is_below_does_not() -> None:
    votes = {"A": 900, "B": 50, "C": 49, "D": 1}
    shares = share_out(SAINTE_LAGUE, votes, 50, barrier=Fraction(1, 20))
    assert shares.seats["B"] > 0
    assert shares.seats["C"] == shares.seats["D"] == 0
    assert [note.parameters["list"] for note in shares.notes] == ["C", "D"]


@pytest.mark.parametrize("method", list(Apportionment))
def test_a_full_list_leaves_its_seats_to_the_others(method: Apportionment) -> None:
    shares = share_out(method, {"A": 80, "B": 15, "C": 5}, 10, room={"A": 2, "B": 9, "C": 9})
    assert shares.seats["A"] == 2
    assert sum(shares.seats.values()) == 10
    assert [note.code for note in shares.notes] == ["list_full"]


@pytest.mark.parametrize("method", list(Apportionment))
def test_when_all_lists_are_full_seats_stay_vacant(method: Apportionment) -> None:
    shares = share_out(method, {"A": 80, "B": 15}, 5, room={"A": 2, "B": 1})
    assert shares.seats == {"A": 2, "B": 1}
    assert [award.reasons[-1].code for award in shares.awards[3:]] == ["seat_vacant_lists"] * 2


@pytest.mark.parametrize("method", list(Apportionment))
def test_without_votes_no_list_gets_a_seat(method: Apportionment) -> None:
    shares = share_out(method, {"A": 0, "B": 0}, 3)
    assert sum(shares.seats.values()) == 0
    assert not shares.ties


@pytest.mark.parametrize(
    ("votes", "seats", "code"),
    [({"A": -1}, 3, "votes_negative"), ({"A": 1}, -1, "seats_range"), ({"A": 1}, 10_001, "seats_range")],
)
def test_impossible_numbers_are_refused(votes: Votes, seats: int, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        share_out(DHONDT, votes, seats)
    assert caught.value.code == code


# Promises --------------------------------------------------------------------------------------------------------

some_votes = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 60), min_size=1)
some_seats = st.integers(1, 40)
SEED = Lots("6 49 12 33 21 8")


def complete(shares: Shares) -> bool:
    return not any(tie.undecided for tie in shares.ties)


@many
@given(some_votes, some_seats, st.sampled_from(list(Apportionment)), st.randoms(use_true_random=False))
def test_every_seat_is_accounted_for_in_any_order_of_rows(
    votes: Votes, seats: int, method: Apportionment, chance: random.Random
) -> None:
    rows = list(votes.items())
    chance.shuffle(rows)
    for lots in (NO_LOTS, SEED):
        shares = share_out(method, votes, seats, lots=lots)
        assert len(shares.awards) == seats
        assert share_out(method, dict(rows), seats, lots=lots) == shares
    assert complete(share_out(method, votes, seats, lots=SEED))
    if any(votes.values()):
        assert sum(share_out(method, votes, seats, lots=SEED).seats.values()) == seats


@many
@given(some_votes, some_seats, st.sampled_from(DIVISOR_METHODS))
def test_a_larger_house_takes_no_seat_from_anybody(votes: Votes, seats: int, method: Apportionment) -> None:
    fewer, more = share_out(method, votes, seats), share_out(method, votes, seats + 1)
    for name in votes:
        assert fewer.seats[name] <= more.seats[name] or not complete(more)


@many
@given(some_votes, some_seats, st.sampled_from(DIVISOR_METHODS), st.integers(1, 20))
def test_more_votes_take_no_seat_from_whoever_gains_them(
    votes: Votes, seats: int, method: Apportionment, more: int
) -> None:
    name = min(votes)
    before = share_out(method, votes, seats)
    after = share_out(method, {**votes, name: votes[name] + more}, seats)
    possible = after.seats[name] + sum(tie.seats for tie in after.ties if name in tie.names)
    assert before.seats[name] <= possible


@many
@given(some_votes, some_seats)
def test_hare_niemeyer_keeps_within_one_seat_of_the_exact_share(votes: Votes, seats: int) -> None:
    total = sum(votes.values())
    for name, number in share_out(HARE, votes, seats, lots=SEED).seats.items():
        if total:
            assert votes[name] * seats // total <= number <= -(-votes[name] * seats // total)


@many
@given(some_votes, some_seats, st.sampled_from(DIVISOR_METHODS))
def test_no_seat_could_be_moved_to_a_larger_quotient(votes: Votes, seats: int, method: Apportionment) -> None:
    step, first = (2, 1) if method is SAINTE_LAGUE else (1, 1)
    shares = share_out(method, votes, seats, lots=SEED).seats
    last_won = [Fraction(votes[n], first + step * (k - 1)) for n, k in shares.items() if k]
    next_up = [Fraction(votes[n], first + step * k) for n, k in shares.items()]
    assert not last_won or min(last_won) >= max(next_up)


@many
@given(some_votes, some_seats, st.sampled_from(list(Apportionment)))
def test_names_make_no_difference(votes: Votes, seats: int, method: Apportionment) -> None:
    renamed = {"zyxwvut"["ABCDEFG".index(name)]: number for name, number in votes.items()}
    first, second = share_out(method, votes, seats), share_out(method, renamed, seats)
    assert first.seats == {name: second.seats["zyxwvut"["ABCDEFG".index(name)]] for name in votes}
