"""What a station's figures must be, and how two persons' figures differ."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import DomainError
from elections.counting.rule import Apportionment, CountingRule, Method
from elections.rules import stations
from elections.rules.stages import Stage
from elections.rules.stations import Difference, Figures, check_figures, differences, published_together

OPTIONS = {"1": "Ana", "2": "Bo", "3": "Cem"}
THREE_VOTES = CountingRule(Method.BLOCK, 2, votes_per_voter=3)
PILED = CountingRule(Method.CUMULATIVE, 2, votes_per_voter=3, most_per_candidate=3)
RANKED = CountingRule(Method.STV, 2)
ONE_LIST = CountingRule(Method.LISTS, 2, apportionment=Apportionment.DHONDT)


def figures(one: int = 20, two: int = 15, three: int = 5, **changed: Any) -> Figures:
    """40 votes on 30 ballots, of which 2 are invalid and 1 has no vote."""
    facts: dict[str, Any] = {"ballots": 30, "invalid": 2, "blank": 1, **changed}
    return Figures(facts.pop("votes", {"1": one, "2": two, "3": three}), **facts)


def refusals(entered: Figures, rule: CountingRule = THREE_VOTES) -> list[str]:
    try:
        check_figures(entered, rule, OPTIONS, 10)
    except DomainError as error:
        return [each.code for each in error.all()]
    return []


@pytest.mark.parametrize(
    ("entered", "rule", "codes"),
    [
        (figures(), THREE_VOTES, []),
        (figures(27, 27, 27), THREE_VOTES, []),
        (figures(28, 27, 26), THREE_VOTES, ["station_option_over"]),
        (figures(28, 27, 26), PILED, []),
        (figures(81, 0, 0), PILED, []),
        (figures(82, 0, 0), PILED, ["station_votes_over", "station_option_over"]),
        (figures(20, 4, 3), ONE_LIST, []),
        (figures(20, 5, 3), ONE_LIST, ["station_votes_over"]),
        (figures(20, 3, 3), ONE_LIST, ["station_votes_under"]),
        (figures(-1), THREE_VOTES, ["station_range"]),
        (figures(ballots=1_000_001), THREE_VOTES, ["station_range"]),
        (figures(invalid=31), THREE_VOTES, ["station_invalid_over"]),
        (figures(blank=29), THREE_VOTES, ["station_blank_over"]),
        (figures(3, 3, 3, ballots=9, invalid=0, blank=0), THREE_VOTES, ["station_few_ballots"]),
        (figures(4, 3, 3, ballots=10, invalid=0, blank=0), THREE_VOTES, []),
        (figures(0, 0, 0, ballots=0, invalid=0, blank=0), THREE_VOTES, []),
        (figures(votes={"1": 27}), THREE_VOTES, ["station_votes_missing"]),
        (figures(votes={"1": 27, "2": 0, "3": 0, "4": 1}), THREE_VOTES, ["station_vote_unknown"]),
        (figures(votes={"1 2": 20, "3": 7}), RANKED, []),
        (figures(votes={"1 2": 20, "3": 6}), RANKED, ["station_rankings_sum"]),
        (figures(votes={"1 1": 20, "4": 7}), RANKED, ["station_ranked_twice", "station_vote_unknown"]),
    ],
)
def test_figures_are_checked_against_the_ballots(
    entered: Figures, rule: CountingRule, codes: list[str]
) -> None:
    assert sorted(refusals(entered, rule)) == sorted(codes)


def test_differences_name_every_figure_that_differs_and_nothing_else() -> None:
    assert differences(figures(), figures()) == []
    assert differences(figures(), figures(21, ballots=31)) == [
        Difference("ballots", 30, 31, is_vote=False),
        Difference("1", 20, 21),
    ]
    assert differences(figures(votes={"1 2": 3}), figures(votes={"2 1": 3})) == [
        Difference("1 2", 3, None),
        Difference("2 1", None, 3),
    ]


def test_what_is_entered_does_not_hang_on_the_order_of_fields() -> None:
    one, other = figures(), figures(votes={"3": 5, "1": 20, "2": 15})
    assert one.to_plain() == other.to_plain()
    assert differences(one, other) == []


def test_stages_say_when_stations_report_and_when_results_are_entered() -> None:
    assert {*stations.REPORTING} == {Stage.VOTING, Stage.INTERRUPTED}
    assert {*stations.ENTERING} == {Stage.CLOSED, Stage.COUNTED}
    assert Stage.COUNTED not in stations.ADDING
    assert Stage.APPROVED in stations.DELEGATING


def boxes(**ballots: int) -> dict[str, Figures]:
    """Stations with so many ballots, each with a vote for candidate 1."""
    return {key: Figures({"1": number}, number) for key, number in ballots.items()}


@pytest.mark.parametrize(
    ("stations", "shown"),
    [
        (boxes(), []),
        (boxes(a=30, b=10), ["a: 30", "b: 10"]),
        (boxes(a=30, b=9, c=12), ["a: 30", "b+c: 21"]),  # the total would give b away, if c stood alone
        (boxes(a=30, b=9, c=1), ["a: 30", "b+c: 10"]),
        (boxes(a=30, b=4, c=5, d=11), ["a: 30", "b+c+d: 20"]),
        (boxes(a=0, b=30), ["a: 0", "b: 30"]),
        (boxes(a=0, b=30, c=1), ["a: 0", "b+c: 31"]),
        (boxes(a=4, b=5), ["a+b: 9"]),  # that is the total itself
        (boxes(a=9), ["a: 9"]),
    ],
)
def test_a_station_with_fewer_than_ten_ballots_is_never_told_alone(
    stations: dict[str, Figures], shown: list[str]
) -> None:
    found = published_together(stations)
    assert [f"{'+'.join(keys)}: {figures.ballots}" for keys, figures in found] == shown
    assert sum(figures.votes["1"] for _keys, figures in found) == sum(
        each.ballots for each in stations.values()
    )
