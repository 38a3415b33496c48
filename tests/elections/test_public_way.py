"""Milestones, the next day and open doors of an election: the full grid of stages and days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from elections.rules import public_way
from elections.rules.deadlines import Step
from elections.rules.presets import PRESETS
from elections.rules.public_way import Door, Milestone, Period, State
from elections.rules.stages import Stage

ELECTION_DAY = date(2028, 3, 19)
DAYS = PRESETS[0].timetable(ELECTION_DAY, ())
CALLED_ON = date(2027, 11, 1)
PUBLIC = [stage for stage in Stage if stage is not Stage.PREPARED]
BEFORE, AFTER = min(DAYS.values()) - timedelta(1), max(DAYS.values()) + timedelta(1)


def states(stage: Stage, today: date) -> dict[Milestone, State]:
    passed = public_way.milestones(
        stage, DAYS, called_on=CALLED_ON, closes_on=ELECTION_DAY, published_on=None, today=today
    )
    return {each.milestone: each.state for each in passed}


@pytest.mark.parametrize("stage", PUBLIC)
@pytest.mark.parametrize("today", [BEFORE, *sorted(set(DAYS.values())), AFTER])
def test_what_is_reached_is_done_or_running_and_nothing_after_it_is(stage: Stage, today: date) -> None:
    shown = list(states(stage, today).values())
    assert shown[0] is State.DONE
    reached = [place for place, state in enumerate(shown) if state in (State.DONE, State.NOW)]
    assert reached == list(range(len(reached)))
    assert shown.count(State.NOW) <= 1
    if stage is Stage.ABANDONED:
        assert set(shown) == {State.DONE, State.AHEAD}


@pytest.mark.parametrize(
    "milestone", [Milestone.CANDIDATES, Milestone.ROLL, Milestone.VOTING, Milestone.FOUND]
)
def test_a_milestone_is_late_from_the_day_after_its_own(milestone: Milestone) -> None:
    step = {
        Milestone.CANDIDATES: Step.CANDIDATES_PUBLISHED,
        Milestone.ROLL: Step.ROLL_OPENS,
        Milestone.VOTING: Step.VOTING_OPENS,
        Milestone.FOUND: Step.FINDING,
    }[milestone]
    assert states(Stage.CALLED, DAYS[step])[milestone] is State.AHEAD
    assert states(Stage.CALLED, DAYS[step] + timedelta(1))[milestone] is State.LATE


@pytest.mark.parametrize("stage", PUBLIC)
def test_an_election_is_coming_running_or_past(stage: Stage) -> None:
    over = stage in (Stage.PUBLISHED, Stage.CONCLUDED, Stage.ABANDONED)
    early = public_way.period(stage, DAYS, BEFORE)
    assert early is (Period.PAST if over else Period.COMING if stage is Stage.CALLED else Period.NOW)
    assert public_way.period(stage, DAYS, ELECTION_DAY) is (Period.PAST if over else Period.NOW)


def test_the_next_day_is_the_first_that_has_not_passed() -> None:
    ordered = sorted(DAYS.values())
    first = public_way.next_day(Stage.CALLED, DAYS, BEFORE)
    assert first is not None
    assert (first.day, first.since) == (ordered[0], BEFORE)
    later = public_way.next_day(Stage.CALLED, DAYS, ordered[0] + timedelta(1))
    assert later is not None
    assert (later.day, later.since) == (min(day for day in ordered if day > ordered[0]), ordered[0])
    assert public_way.next_day(Stage.PUBLISHED, DAYS, AFTER) is None
    assert public_way.next_day(Stage.CONCLUDED, DAYS, BEFORE) is None
    assert public_way.next_day(Stage.ABANDONED, DAYS, BEFORE) is None


OPEN = {
    Door.NOMINATE: (Stage.CALLED, Step.NOMINATIONS_OPEN, Step.NOMINATIONS_CLOSE),
    Door.CHECK_ROLL: (Stage.ROLL, Step.ROLL_OPENS, Step.ROLL_CLOSES),
    Door.REGISTER: (Stage.ROLL, Step.ROLL_OPENS, Step.ROLL_APPLICATIONS_CLOSE),
    Door.OBJECT_TO_ROLL: (Stage.ROLL, Step.ROLL_OPENS, Step.ROLL_OBJECTIONS_CLOSE),
    Door.OBJECT_TO_RESULT: (Stage.PUBLISHED, Step.FINDING, Step.RESULT_OBJECTIONS_CLOSE),
}


@pytest.mark.parametrize("stage", PUBLIC)
@pytest.mark.parametrize("door", OPEN)
def test_a_door_is_open_in_its_stage_from_its_first_to_its_last_day(stage: Stage, door: Door) -> None:
    own, first, last = OPEN[door]
    for today in (
        DAYS[first] - timedelta(1),
        DAYS[first],
        DAYS[last],
        DAYS[last] + timedelta(1),
    ):
        doors = dict(public_way.open_doors(stage, DAYS, ELECTION_DAY, today))
        assert (door in doors) is (stage is own and DAYS[first] <= today <= DAYS[last]), today
        if door in doors:
            assert doors[door] == DAYS[last]


@pytest.mark.parametrize("stage", PUBLIC)
def test_voting_is_offered_only_while_it_is_open_and_a_check_until_it_closes(stage: Stage) -> None:
    doors = dict(public_way.open_doors(stage, DAYS, ELECTION_DAY, ELECTION_DAY))
    assert (Door.VOTE in doors) is (stage is Stage.VOTING)
    after = dict(public_way.open_doors(stage, DAYS, ELECTION_DAY, ELECTION_DAY + timedelta(1)))
    assert Door.CHECK_ELIGIBILITY not in after


@pytest.mark.parametrize("stage", Stage)
def test_turnout_is_told_while_people_vote_and_then_by_the_result(stage: Stage) -> None:
    assert public_way.shows_turnout(stage) == (stage in (Stage.VOTING, Stage.INTERRUPTED))
