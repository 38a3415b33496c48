"""The way of an election as the public sees it: ten milestones, the next day that matters, what anybody can do now.

Pure. Milestones follow from the stage, which acts alone move; whether one is late follows from the timetable. A day that
has passed without its act is shown as late, so that nobody has to compare days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from elections.rules.deadlines import Step, Timetable, is_within
from elections.rules.stages import Stage


class Milestone(StrEnum):
    """What the public way of an election leads through."""

    CALLED = "called"
    NOMINATIONS = "nominations"
    CANDIDATES = "candidates"
    ROLL = "roll"
    VOTING = "voting"
    CLOSED = "closed"
    COUNTED = "counted"
    FOUND = "found"
    APPROVED = "approved"
    PUBLISHED = "published"


class State(StrEnum):
    """How far a milestone is."""

    DONE = "done"
    NOW = "now"
    LATE = "late"
    AHEAD = ""


class Period(StrEnum):
    """Where an election stands among others."""

    COMING = "coming"
    NOW = "now"
    PAST = "past"


class Door(StrEnum):
    """What anybody can do in an election, as long as its day has not passed."""

    NOMINATE = "nominate"
    CHECK_ELIGIBILITY = "check_eligibility"
    CHECK_ROLL = "check_roll"
    REGISTER = "register"
    VOTE = "vote"
    OBJECT_TO_ROLL = "object_to_roll"
    OBJECT_TO_RESULT = "object_to_result"


@dataclass(frozen=True, slots=True)
class Passed:
    """One milestone: the days it takes (both the same for one day; none where nothing sets it), and its state."""

    milestone: Milestone
    begins: date | None
    ends: date | None
    state: State


@dataclass(frozen=True, slots=True)
class NextDay:
    """The next day that matters, and the one before it, from which on we wait for it."""

    step: Step
    day: date
    since: date


_REACHED: Mapping[Stage, int] = {
    Stage.PREPARED: -1,
    Stage.CALLED: 0,
    Stage.CANDIDATES: 2,
    Stage.ROLL: 3,
    Stage.READY: 3,
    Stage.VOTING: 4,
    Stage.INTERRUPTED: 4,
    Stage.CLOSED: 5,
    Stage.COUNTED: 6,
    Stage.FOUND: 7,
    Stage.APPROVED: 8,
    Stage.PUBLISHED: 9,
    Stage.CONCLUDED: 9,
    Stage.ABANDONED: 0,
}
"""The place of the last milestone that a stage has come to."""

_OVER = frozenset({Stage.PUBLISHED, Stage.CONCLUDED, Stage.ABANDONED})
_BEFORE_CLOSING = frozenset(
    {Stage.CALLED, Stage.CANDIDATES, Stage.ROLL, Stage.READY, Stage.VOTING, Stage.INTERRUPTED}
)


def period(stage: Stage, timetable: Timetable, today: date) -> Period:
    """Whether an election is to come (called, nominations not open yet), runs now, or is past."""
    if stage in _OVER:
        return Period.PAST
    if stage is Stage.CALLED and today < timetable[Step.NOMINATIONS_OPEN]:
        return Period.COMING
    return Period.NOW


def milestones(
    stage: Stage,
    timetable: Timetable,
    *,
    called_on: date,
    closes_on: date,
    published_on: date | None,
    today: date,
) -> list[Passed]:
    """Every milestone with its days and its state ``today``. ``closes_on`` is the day on which voting really closes."""
    days: Mapping[Milestone, tuple[date | None, date | None]] = {
        Milestone.CALLED: (called_on, called_on),
        Milestone.NOMINATIONS: (timetable[Step.NOMINATIONS_OPEN], timetable[Step.NOMINATIONS_CLOSE]),
        Milestone.CANDIDATES: (timetable[Step.CANDIDATES_PUBLISHED], timetable[Step.CANDIDATES_PUBLISHED]),
        Milestone.ROLL: (timetable[Step.ROLL_OPENS], timetable[Step.ROLL_CLOSES]),
        Milestone.VOTING: (timetable[Step.VOTING_OPENS], closes_on),
        Milestone.CLOSED: (closes_on, closes_on),
        Milestone.COUNTED: (None, None),
        Milestone.FOUND: (timetable[Step.FINDING], timetable[Step.FINDING]),
        Milestone.APPROVED: (None, None),
        Milestone.PUBLISHED: (published_on, published_on),
    }
    return [
        Passed(milestone, *days[milestone], _state(place, milestone, stage, days[milestone], today))
        for place, milestone in enumerate(Milestone)
    ]


def _state(
    place: int, milestone: Milestone, stage: Stage, days: tuple[date | None, date | None], today: date
) -> State:
    reached = _REACHED[stage]
    begins, ends = days
    if milestone is Milestone.NOMINATIONS and stage is Stage.CALLED:
        assert begins
        assert ends
        return State.AHEAD if today < begins else State.NOW if today <= ends else State.DONE
    if place <= reached:
        running = {Milestone.ROLL: {Stage.ROLL}, Milestone.VOTING: {Stage.VOTING, Stage.INTERRUPTED}}
        return State.NOW if stage in running.get(milestone, ()) else State.DONE
    if begins is not None and today > begins and stage is not Stage.ABANDONED:
        return State.LATE
    return State.AHEAD


def next_day(stage: Stage, timetable: Timetable, today: date) -> NextDay | None:
    """The first day of the timetable that has not passed; none once an election is concluded or abandoned."""
    if stage in (Stage.CONCLUDED, Stage.ABANDONED):
        return None
    ordered = sorted(timetable.items(), key=lambda item: item[1])
    ahead = [(step, day) for step, day in ordered if day >= today]
    if not ahead:
        return None
    step, day = ahead[0]
    return NextDay(step, day, max((past for _step, past in ordered if past < today), default=today))


def open_doors(stage: Stage, timetable: Timetable, closes_on: date, today: date) -> list[tuple[Door, date]]:
    """What anybody can do ``today``, each with its last day; what ends first stands first."""
    found: list[tuple[Door, date]] = []

    def add(door: Door, first: Step, last: Step) -> None:
        if is_within(timetable, first, last, today):
            found.append((door, timetable[last]))

    if stage is Stage.CALLED:
        add(Door.NOMINATE, Step.NOMINATIONS_OPEN, Step.NOMINATIONS_CLOSE)
    if stage is Stage.ROLL:
        add(Door.CHECK_ROLL, Step.ROLL_OPENS, Step.ROLL_CLOSES)
        add(Door.REGISTER, Step.ROLL_OPENS, Step.ROLL_APPLICATIONS_CLOSE)
        add(Door.OBJECT_TO_ROLL, Step.ROLL_OPENS, Step.ROLL_OBJECTIONS_CLOSE)
    if stage is Stage.VOTING:
        found.append((Door.VOTE, closes_on))
    if stage is Stage.PUBLISHED:
        add(Door.OBJECT_TO_RESULT, Step.FINDING, Step.RESULT_OBJECTIONS_CLOSE)
    if stage in _BEFORE_CLOSING and today <= closes_on:
        found.append((Door.CHECK_ELIGIBILITY, closes_on))
    return sorted(found, key=lambda item: item[1])


def shows_candidates(stage: Stage) -> bool:
    """Whether the candidates are public."""
    return stage is not Stage.ABANDONED and _REACHED[stage] >= _REACHED[Stage.CANDIDATES]


def shows_roll(stage: Stage) -> bool:
    """Whether the roll was ever open for inspection."""
    return stage is not Stage.ABANDONED and _REACHED[stage] >= _REACHED[Stage.ROLL]


def shows_turnout(stage: Stage) -> bool:
    """Whether it is told how many have voted so far; once votes are counted, the result says how many did."""
    return stage in (Stage.VOTING, Stage.INTERRUPTED)


def shows_result(stage: Stage) -> bool:
    """Whether the result is public."""
    return stage in (Stage.PUBLISHED, Stage.CONCLUDED)
