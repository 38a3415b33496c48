"""The single transferable vote by the Scottish rule: worked by hand, by single papers, and by its promises."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.count import count
from elections.counting.lots import NO_LOTS, Lots
from elections.counting.result import Result
from elections.counting.rule import CountingRule, Method
from elections.counting.sheet import sheet
from elections.counting.stv import ONE, decimals, quota_of
from elections.counting.tally import Ballot, Candidate, Tally
from tests.elections.paper_count import NeedsLot, count_papers
from tests.properties import many

Ranked = dict[str, int]


def tally(ballots: Ranked, candidates: str = "") -> Tally:
    """``{"AB": 3}``: three ballots with A first and B second."""
    names = candidates or "".join(sorted(set("".join(ballots))))
    return Tally(
        tuple(Candidate(name) for name in names),
        ballots=tuple(Ballot(tuple(ranking), number) for ranking, number in ballots.items()),
    )


def counted(ballots: Ranked, seats: int, lots: Lots = NO_LOTS, candidates: str = "") -> Result:
    return count(CountingRule(Method.STV, seats), tally(ballots, candidates), lots)


def column(result: Result, stage: int) -> dict[str, str]:
    return {key: decimals(votes) for key, votes in result.stages[stage - 1].votes.items()}


# By hand ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valid", "seats", "quota"), [(0, 1, 1), (99, 3, 25), (100, 3, 26), (100, 1, 51), (10_000, 4, 2001)]
)
def test_the_quota_is_the_next_whole_number_above_a_fair_part(valid: int, seats: int, quota: int) -> None:
    assert quota_of(valid, seats) == quota


def test_a_surplus_goes_on_in_part_and_the_last_seat_after_an_exclusion() -> None:
    # 20 papers, 2 seats: quota 20 / 3 = 6, plus 1 = 7. A has 3 too many: each of A's 10 papers goes on at 3/10.
    result = counted({"AB": 6, "A": 4, "B": 3, "C": 4, "DC": 3}, 2)
    assert result.quota == 7
    assert column(result, 1) == {"A": "10.00000", "B": "3.00000", "C": "4.00000", "D": "3.00000"}
    assert column(result, 2) == {"A": "7.00000", "B": "4.80000", "C": "4.00000", "D": "3.00000"}
    assert decimals(result.stages[1].non_transferable) == "1.20000"
    assert column(result, 3) == {"A": "7.00000", "B": "4.80000", "C": "7.00000", "D": "0.00000"}
    assert result.elected == ("A", "C")
    assert [stage.kind for stage in result.stages] == ["first", "surplus", "exclusion"]
    assert [reason.code for seat in result.seats for reason in seat.reasons] == ["seat_quota"] * 2


def test_transfer_values_are_cut_off_after_five_places_and_what_is_lost_is_shown() -> None:
    # 17 papers, 2 seats: quota 6. A's 9 papers go on at 3/9 = 0.33333, so 0.00003 is lost.
    result = counted({"AB": 9, "B": 3, "C": 5}, 2)
    assert column(result, 2) == {"A": "6.00000", "B": "5.99997", "C": "5.00000"}
    assert decimals(result.stages[1].lost) == "0.00003"
    assert result.elected == ("A", "B")


def test_a_paper_that_came_with_a_surplus_goes_on_at_its_smaller_value() -> None:
    # 30 papers, 3 seats: quota 8. A (14): 6/14 = 0.42857 for each. B then has 4 + 14 x 0.42857 = 9.99998,
    # surplus 1.99998: A's papers go on at 1.99998 x 0.42857 / 9.99998 = 0.08571, B's own at 0.19999.
    result = counted({"ABC": 14, "BD": 4, "C": 5, "D": 4, "E": 3}, 3)
    assert column(result, 2)["B"] == "9.99998"
    assert column(result, 3) == {
        "A": "8.00000",
        "B": "8.00000",
        "C": "6.19994",
        "D": "4.79996",
        "E": "3.00000",
    }
    assert decimals(result.stages[2].lost) == decimals(2 + 199_998 - 119_994 - 79_996)


def test_the_larger_surplus_goes_first() -> None:
    result = counted({"AC": 9, "BC": 11, "C": 1, "D": 4}, 3)
    assert [stage.subject for stage in result.stages[1:3]] == ["B", "A"]


def test_the_last_vacancies_fill_without_a_transfer() -> None:
    result = counted({"A": 5, "B": 4, "C": 3}, 2)
    # Quota 5: A is elected without surplus; C is excluded, and B alone is left.
    assert result.elected == ("A", "B")
    assert result.seats[1].reasons[0].code == "seat_last_vacancies"


@pytest.mark.parametrize("seats", [3, 4, 6])
def test_who_has_no_rival_is_elected_and_the_other_seats_stay_vacant(seats: int) -> None:
    result = counted({"A": 2, "BC": 1}, seats)
    assert sorted(result.elected) == ["A", "B", "C"]
    assert len(result.vacant) == seats - 3
    assert result.complete


def test_nobody_votes_and_nobody_is_chosen_silently() -> None:
    result = counted({}, 1, candidates="AB")
    assert result.elected == ()
    assert [tie.names for tie in result.undecided] == [("A", "B")]


# Equals ----------------------------------------------------------------------------------------------------------


def test_equals_are_told_apart_by_the_latest_stage_at_which_they_differed() -> None:
    # Quota 8. E goes first and lifts C from 4 to 5, where B has been all the time: C had fewer, C is excluded.
    result = counted({"A": 7, "B": 5, "C": 4, "EC": 1, "D": 6}, 2)
    assert [stage.excluded for stage in result.stages[1:3]] == ["E", "C"]
    assert result.stages[2].reasons[1].code == "tie_by_earlier_stage"
    assert result.stages[2].reasons[1].parameters["stage"] == 1


def test_equal_at_all_stages_waits_for_a_lot_and_says_who_is_elected_anyway() -> None:
    ballots = {"A": 9, "B": 4, "C": 3, "DB": 3}
    result = counted(ballots, 2)
    assert not result.complete
    assert result.elected == ("A", "B")
    (tie,) = result.undecided
    assert (tie.key, tie.kind, tie.names) == ("exclusion:3", "exclusion", ("C", "D"))
    assert result.seats[1].reasons[0].code == "seat_any_lot"


def test_a_seat_that_hangs_on_the_lot_goes_to_nobody_before_it_is_drawn() -> None:
    result = counted({"AB": 4, "BA": 4}, 1)
    assert result.elected == ()
    assert result.seats[0].undecided
    assert not result.seats[0].vacant


@pytest.mark.parametrize(("out", "elected"), [("A", "B"), ("B", "A")])
def test_a_lot_drawn_by_hand_says_who_is_excluded(out: str, elected: str) -> None:
    result = counted({"AB": 4, "BA": 4}, 1, Lots(drawn={"exclusion:2": (out, elected)}))
    assert result.elected == (elected,)
    assert result.complete
    assert [tie.decided_by.value for tie in result.ties] == ["hand"]


def test_equal_surpluses_wait_for_a_lot_too() -> None:
    result = counted({"AC": 9, "BD": 9, "C": 2, "D": 3, "E": 4}, 3)
    assert [tie.kind for tie in result.undecided] == ["surplus"]


# Promises --------------------------------------------------------------------------------------------------------

LETTERS = "ABCDEF"
rankings = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=6, unique=True).map("".join)
elections = st.dictionaries(rankings, st.integers(1, 9), max_size=14)


@many
@given(elections, st.integers(1, 4))
def test_the_count_equals_one_with_single_papers_and_fractions(ballots: Ranked, seats: int) -> None:
    papers = [tuple(ranking) for ranking, number in ballots.items() for _paper in range(number)]
    for lots in (NO_LOTS, Lots("Lottozahlen vom 6. Juni")):
        ours = counted(ballots, seats, lots, LETTERS)
        try:
            elected, history = count_papers(list(LETTERS), papers, seats, lots)
        except NeedsLot:
            assert not ours.complete
            continue
        assert ours.complete
        assert set(ours.elected) == set(elected)
        assert [dict(stage.votes) for stage in ours.stages] == [
            {key: votes * ONE for key, votes in stage.items()} for stage in history
        ]


@many
@given(elections, st.integers(1, 7))
def test_no_vote_is_won_or_lost_on_the_way_and_every_seat_is_accounted_for(
    ballots: Ranked, seats: int
) -> None:
    result = counted(ballots, seats, Lots("seed"), LETTERS)
    for stage in result.stages:
        assert sum(stage.votes.values()) + stage.non_transferable + stage.lost == result.valid * ONE
        assert 0 <= stage.lost <= result.valid * seats
        assert all(votes >= 0 for votes in stage.votes.values())
    assert len(result.elected) == min(seats, len(LETTERS))
    assert len(set(result.elected)) == len(result.elected)
    assert [seat.number for seat in result.seats] == list(range(1, seats + 1))


@many
@given(elections, st.integers(1, 3), st.randoms(use_true_random=False))
def test_order_and_names_of_what_comes_in_make_no_difference(
    ballots: Ranked, seats: int, chance: random.Random
) -> None:
    first = counted(ballots, seats, candidates=LETTERS)
    rows = [ballot for ranking, number in ballots.items() for ballot in [(ranking, 1)] * number]
    chance.shuffle(rows)
    shuffled = Tally(
        tuple(Candidate(key) for key in chance.sample(LETTERS, len(LETTERS))),
        ballots=tuple(Ballot(tuple(ranking), number) for ranking, number in rows),
    )
    assert count(CountingRule(Method.STV, seats), shuffled).to_json() == first.to_json()
    other = dict(zip(LETTERS, chance.sample(LETTERS, len(LETTERS)), strict=True))
    renamed = {"".join(other[key] for key in ranking): number for ranking, number in ballots.items()}
    second = counted(renamed, seats, candidates=LETTERS)
    assert set(second.elected) == {other[key] for key in first.elected}


@many
@given(elections, st.integers(1, 3))
def test_who_is_elected_whatever_the_lot_says_is_elected_by_every_lot(ballots: Ranked, seats: int) -> None:
    sure = set(counted(ballots, seats, candidates=LETTERS).elected)
    for seed in "123":
        assert sure <= set(counted(ballots, seats, Lots(seed), LETTERS).elected)


def test_the_sheet_adds_up_in_every_column() -> None:
    result = counted({"AB": 9, "B": 3, "C": 5}, 2)
    table = sheet(result)
    assert [row.candidate for row in table.rows] == ["A", "B", "C"]
    assert table.rows[0].votes == ("9.00000", "6.00000", "6.00000")
    assert table.rows[0].transfers == ("+9.00000", "-3.00000", "")
    assert table.rows[2].outcomes == ("", "", "excluded")
    assert table.total == "17.00000"


def test_a_result_survives_json_to_the_last_digit() -> None:
    result = counted({"ABC": 14, "BD": 4, "C": 5, "D": 4, "E": 3}, 3, Lots("x"))
    assert Result.from_json(result.to_json()) == result
    assert Result.from_json(result.to_json()).to_json() == result.to_json()
