"""What the city's side has to say at each step, and who needs a paper for it: a grid by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import DomainError
from motions.rules import city
from motions.rules.city import DecisionFacts, MeasureState, PositionFacts, ReportFacts, Votes
from motions.rules.stages import DOES, Act, CityDecision, Part
from motions.rules.statistics import Counted, figures

TODAY = date(2027, 9, 14)

# Who enters which step, and whether the paper has to be there: "free" may be left out, "paper" must be attached, "-" not at all.
GRID = """
act            author member chair clerk office city
forward        -      -      -     -     free   -
acknowledge    -      -      -     -     paper  free
file_position  -      -      -     -     paper  free
decide         -      -      -     -     paper  free
extend         -      -      -     -     paper  free
plan           -      -      -     -     paper  free
update         -      -      -     -     paper  free
claim_done     -      -      -     -     paper  paper
verify         -      -      -     free  -      -
dispute        -      -      -     free  -      -
close          -      -      -     free  -      -
"""


def lines() -> list[tuple[Act, Part, str]]:
    head, *rows = [line.split() for line in GRID.strip().splitlines()]
    return [
        (Act(row[0]), Part(part), cell) for row in rows for part, cell in zip(head[1:], row[1:], strict=True)
    ]


@pytest.mark.parametrize(("act", "part", "cell"), lines())
def test_who_enters_which_step_with_or_without_a_paper(act: Act, part: Part, cell: str) -> None:
    allowed = bool(DOES[act] & city.whose(act, {part}))
    assert allowed == (cell != "-")
    if allowed:
        assert city.needs_source(act, {part}) == (cell == "paper")
        city.check_source(act, {part}, attached=True)


def test_who_belongs_to_office_and_department_acts_for_the_department() -> None:
    both = {Part.OFFICE, Part.CITY}
    assert city.whose(Act.DECIDE, both) == {Part.CITY}
    assert city.whose(Act.FORWARD, both) == both
    city.check_source(Act.DECIDE, both, attached=False)
    with pytest.raises(DomainError, match="city_source_missing"):
        city.check_source(Act.DECIDE, {Part.OFFICE}, attached=False)


@pytest.mark.parametrize("act", Act)
def test_the_department_of_a_measure_reports_on_it_and_asks_for_more_time_and_no_more(act: Act) -> None:
    held = city.whose(act, set(), own_measure=True)
    assert held == ({Part.CITY} if act in (Act.UPDATE, Act.EXTEND) else set())


def codes(error: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [each.code for each in error.value.all()]


@pytest.mark.parametrize(
    ("decision", "votes", "code"),
    [
        ("adopted", Votes(), None),
        ("adopted", Votes(5, 3, 1), None),
        ("adopted", Votes(5, 3), None),
        ("rejected", Votes(3, 5), None),
        ("rejected", Votes(4, 4), None),
        ("adopted", Votes(3, 5), "city_votes_contradict"),
        ("adopted", Votes(4, 4), "city_votes_contradict"),
        ("rejected", Votes(5, 3), "city_votes_contradict"),
        ("adopted", Votes(5, None), "city_votes_incomplete"),
        ("adopted", Votes(None, None, 2), "city_votes_incomplete"),
        ("adopted", Votes(5, -1), "city_votes_negative"),
        ("noted_without_vote", Votes(5, 3), "city_votes_without_decision"),
        ("settled_by_office", Votes(0, 0), "city_votes_without_decision"),
        ("not_competent", Votes(), None),
    ],
)
def test_votes_fit_the_outcome_or_are_refused(decision: str, votes: Votes, code: str | None) -> None:
    facts = DecisionFacts(decision, "City council", votes=votes)
    if code is None:
        city.check_decision(facts)
        return
    with pytest.raises(DomainError) as error:
        city.check_decision(facts)
    assert codes(error) == [code]


def test_everything_that_is_wrong_with_a_step_comes_at_once() -> None:
    with pytest.raises(DomainError) as error:
        city.check_position(PositionFacts("maybe", " ", -1, "x" * 8001))
    assert codes(error) == [
        "city_position_missing",
        "city_text_missing",
        "city_text_too_long",
        "city_cents_range",
    ]
    with pytest.raises(DomainError) as error:
        city.check_decision(DecisionFacts("amended", "", votes=Votes(1, 2)))
    assert codes(error) == ["city_body_missing", "city_wording_missing", "city_votes_contradict"]
    with pytest.raises(DomainError) as error:
        city.check_measure("", None, 10**15, TODAY)
    assert codes(error) == ["measure_title_missing", "measure_day_missing", "city_cents_range"]


@pytest.mark.parametrize(
    ("state", "new_day", "attached", "code"),
    [
        (MeasureState.RUNNING, None, False, None),
        (MeasureState.STOPPED, None, False, None),
        (MeasureState.DELAYED, 60, False, None),
        (MeasureState.DELAYED, None, False, "measure_new_day_missing"),
        (MeasureState.DELAYED, 30, False, "measure_new_day_not_later"),
        (MeasureState.RUNNING, 60, False, "measure_not_delayed"),
        (MeasureState.DONE, None, True, None),
        (MeasureState.DONE, None, False, "city_evidence_missing"),
        ("finished", None, True, "measure_state_missing"),
    ],
)
def test_a_report_says_how_far_it_is_and_shows_it(
    state: str, new_day: int | None, attached: bool, code: str | None
) -> None:
    due_on = TODAY + timedelta(days=30)
    day = TODAY + timedelta(days=new_day) if new_day else None
    facts = ReportFacts(state, "Two schools have guides.", day)
    if code is None:
        city.check_report(facts, due_on, TODAY, attached=attached)
        return
    with pytest.raises(DomainError) as error:
        city.check_report(facts, due_on, TODAY, attached=attached)
    assert codes(error) == [code]


def test_all_is_done_once_every_measure_is_done_or_was_stopped() -> None:
    city.check_claim("Look at it.", ["done", "stopped"])
    with pytest.raises(DomainError) as error:
        city.check_claim("", ["done", "running", "planned"])
    assert codes(error) == ["city_text_missing", "measures_unfinished"]


# Statistics ----------------------------------------------------------------------------------------------------------


def test_what_was_noted_or_settled_ends_a_procedure_and_decides_nothing() -> None:
    found = figures(
        Counted(
            forwarded=12,
            decisions={
                CityDecision.ADOPTED: 1,
                CityDecision.PARTLY: 1,
                CityDecision.REJECTED: 2,
                CityDecision.NOTED_WITHOUT_VOTE: 4,
                CityDecision.SETTLED_BY_OFFICE: 1,
                CityDecision.NOT_COMPETENT: 1,
            },
            days_to_position={20: 5, 30: 1, 90: 1},
            days_to_decision={40: 2, 60: 2},
        )
    )
    assert (found.forwarded, found.ended, found.decided) == (12, 10, 4)
    assert (found.noted, found.settled, found.not_competent) == (4, 1, 1)
    assert (found.share_decided, found.share_not_decided) == (0.4, 0.5)
    assert (found.median_to_position, found.median_to_decision) == (20, 50)


def test_nothing_counted_has_no_shares_and_no_medians() -> None:
    found = figures(Counted(3, {}, {}, {}))
    assert (found.share_decided, found.share_not_decided) == (None, None)
    assert (found.median_to_position, found.median_to_decision) == (None, None)
