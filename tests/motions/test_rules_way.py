"""The way of a motion: what was done, what is on, what is late and what is to come, and nothing that will not come."""

from __future__ import annotations

from datetime import date

import pytest

from motions.rules.deadlines import Step
from motions.rules.stages import CityDecision, MotionKind, Stage
from motions.rules.way import Due, Event, Mark, way

DAY, DUE, LATER = date(2027, 9, 14), date(2027, 9, 21), date(2027, 10, 5)

SUBMITTED = "submit done"
CHECKED = "admissibility done"
BEFORE_THE_CITY = [SUBMITTED, CHECKED, "adopt done", "forward done"]


def told(
    kind: MotionKind,
    stage: Stage,
    happened: str = "",
    owed: tuple[tuple[Step, date | None], ...] = ((Step.ADMISSIBILITY, DAY),),
    decision: CityDecision | None = None,
    today: date = DAY,
) -> list[str]:
    events = [Event(act, DAY) for act in happened.split()]
    dues = [Due(step, DUE, met) for step, met in owed]
    stretches = way(kind, stage, decision, DAY, None, events, dues, today)
    return [f"{each.name} {each.mark.value or 'to come'}" for each in stretches]


CITY = ((Step.ADMISSIBILITY, DAY), (Step.ACKNOWLEDGEMENT, DAY), (Step.POSITION, DAY), (Step.DECISION, DAY))


def test_what_was_handed_in_has_its_whole_way_before_it() -> None:
    assert told(MotionKind.MOTION, Stage.SUBMITTED, "submit", ((Step.ADMISSIBILITY, None),)) == [
        SUBMITTED,
        "admissibility now",
        "schedule to come",
        "forward to come",
        "acknowledgement to come",
        "position to come",
        "decision to come",
        "plan to come",
        "verify to come",
    ]


def test_a_question_goes_to_the_city_without_vote_and_ends_with_its_position() -> None:
    assert told(MotionKind.QUESTION, Stage.ADMISSIBLE, "submit admit") == [
        SUBMITTED,
        CHECKED,
        "forward now",
        "acknowledgement to come",
        "position to come",
    ]


def test_a_statement_ends_with_the_receipt() -> None:
    found = told(MotionKind.STATEMENT, Stage.ADOPTED, "submit admit schedule adopt")
    assert found == [SUBMITTED, CHECKED, "adopt done", "forward now", "acknowledgement to come"]


def test_a_step_is_late_from_the_day_after_its_day() -> None:
    owed = ((Step.ADMISSIBILITY, DAY), (Step.ACKNOWLEDGEMENT, None))
    for today, mark in ((DUE, "now"), (LATER, "late")):
        found = told(MotionKind.MOTION, Stage.FORWARDED, "submit adopt forward", owed, today=today)
        assert found[:5] == [*BEFORE_THE_CITY, f"acknowledgement {mark}"]


@pytest.mark.parametrize(
    ("stage", "happened", "end"),
    [
        (Stage.REJECTED, "submit admit schedule reject", ["reject done"]),
        (Stage.WITHDRAWN, "submit admit withdraw", ["withdraw done"]),
        (Stage.LAPSED, "submit admit lapse", ["lapse done"]),
        (Stage.CLOSED, "submit admit schedule reject close", ["reject done", "close done"]),
    ],
)
def test_what_ended_in_the_council_has_nothing_to_come(stage: Stage, happened: str, end: list[str]) -> None:
    assert told(MotionKind.MOTION, stage, happened) == [SUBMITTED, CHECKED, *end]


def test_what_the_city_only_noted_waits_for_no_plan() -> None:
    happened = "submit adopt forward acknowledge file_position decide"
    noted = told(MotionKind.MOTION, Stage.DECIDED, happened, CITY, CityDecision.NOTED_WITHOUT_VOTE)
    adopted = told(
        MotionKind.MOTION, Stage.DECIDED, happened, (*CITY, (Step.PLAN, None)), CityDecision.ADOPTED
    )
    done = [*BEFORE_THE_CITY, "acknowledgement done", "position done", "decision done"]
    assert noted == done
    assert adopted == [*done, "plan now", "verify to come"]


def test_a_motion_that_was_put_off_names_that_and_not_an_earlier_vote() -> None:
    found = told(MotionKind.MOTION, Stage.POSTPONED, "submit admit schedule postpone")
    assert found[2] == "postpone now"
    reopened = told(MotionKind.MOTION, Stage.ADMISSIBLE, "submit admit schedule adopt close reopen")
    assert reopened[2] == "schedule now"


def test_each_measure_has_its_last_report_and_the_next_one() -> None:
    owed = [
        Due(Step.UPDATE, DUE, DAY, about=1),
        Due(Step.UPDATE, LATER, None, about=1),
        Due(Step.UPDATE, DUE, None, about=2),
    ]
    found = way(
        MotionKind.MOTION, Stage.IMPLEMENTING, CityDecision.ADOPTED, DAY, None, [], owed, date(2027, 9, 30)
    )
    updates = [(each.about, each.mark, each.early) for each in found if each.name == Step.UPDATE]
    assert updates == [(1, Mark.DONE, 7), (1, Mark.NOW, 5), (2, Mark.LATE, -9)]
