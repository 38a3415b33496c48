"""The way of a motion as the public sees it: what was done, what is on, what is late, what is to come. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from motions.rules.deadlines import Step
from motions.rules.stages import CITY_OWES, TO_IMPLEMENT, UNDECIDED, Act, CityDecision, MotionKind, Stage


class Mark(StrEnum):
    """How far a stretch of the way is."""

    DONE = "done"
    NOW = "now"
    LATE = "late"
    TO_COME = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: an act, and the day; ``vote_id`` names the vote it follows from."""

    kind: str
    day: date
    vote_id: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is or was owed. ``about`` is the measure of an update."""

    step: Step
    due_on: date
    met_on: date | None = None
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of the way. ``name`` is a step's or an act's; ``day`` is when it was done, or when it is due.

    ``early``: days before the due day on which it came, or that are left; negative when late. None without a due day.
    """

    name: str
    mark: Mark
    day: date | None = None
    early: int | None = None
    vote_id: int | None = None
    about: int | None = None


VOTED = (Act.ADOPT, Act.ADOPT_AMENDED, Act.REJECT)
_ON_THE_WAY = UNDECIDED | CITY_OWES | {Stage.ADOPTED, Stage.ADOPTED_AMENDED, Stage.CLAIMED_DONE}
_PUT_OFF = {Stage.REFERRED: Act.REFER, Stage.POSTPONED: Act.POSTPONE}


def way(
    kind: MotionKind,
    stage: Stage,
    decision: CityDecision | None,
    submitted_on: date,
    returns_on: date | None,
    happened: Sequence[Event],
    owed: Sequence[Due],
    today: date,
) -> list[Stretch]:
    """The way from handing in to the end. What will not come any more, because the motion ended, is left out.

    ``happened`` stands in the order in which it was recorded: of several votes on one day the last counts.
    """
    last = {event.kind: event for event in happened}
    coming = stage in _ON_THE_WAY
    found = [Stretch(Act.SUBMIT.value, Mark.DONE, submitted_on)]
    found += _step(Step.ADMISSIBILITY, owed, today, coming=False)
    if kind is not MotionKind.QUESTION:
        voted = next((event for event in reversed(happened) if event.kind in VOTED), None)
        found += _council(stage, voted, returns_on, coming)
    if Act.FORWARD in last:
        found.append(Stretch(Act.FORWARD.value, Mark.DONE, last[Act.FORWARD].day))
    elif coming:
        ready = stage in (Stage.ADOPTED, Stage.ADOPTED_AMENDED) or (
            kind is MotionKind.QUESTION and stage is Stage.ADMISSIBLE
        )
        found.append(Stretch(Act.FORWARD.value, Mark.NOW if ready else Mark.TO_COME))
    found += _step(Step.ACKNOWLEDGEMENT, owed, today, coming)
    if kind is not MotionKind.STATEMENT:
        found += _step(Step.POSITION, owed, today, coming)
    if kind in (MotionKind.MOTION, MotionKind.BUDGET_REQUEST):
        found += _step(Step.DECISION, owed, today, coming)
        to_do = decision is None or decision in TO_IMPLEMENT
        found += _step(Step.PLAN, owed, today, coming and to_do)
        found += _updates(owed, today)
        found += _check(stage, last, coming and to_do)
    for act in (Act.WITHDRAW, Act.LAPSE, Act.CLOSE):
        if act in last and not coming:
            found.append(Stretch(act.value, Mark.DONE, last[act].day))
    return found


def _step(step: Step, owed: Sequence[Due], today: date, coming: bool) -> list[Stretch]:
    due = next((each for each in reversed(owed) if each.step is step), None)
    if due is None:
        return [Stretch(step.value, Mark.TO_COME)] if coming else []
    return [_stretch(due, today)]


def _stretch(due: Due, today: date) -> Stretch:
    if due.met_on is not None:
        return Stretch(due.step.value, Mark.DONE, due.met_on, (due.due_on - due.met_on).days, about=due.about)
    left = (due.due_on - today).days
    return Stretch(due.step.value, Mark.LATE if left < 0 else Mark.NOW, due.due_on, left, about=due.about)


def _council(stage: Stage, voted: Event | None, returns_on: date | None, coming: bool) -> list[Stretch]:
    if stage in _PUT_OFF:
        return [Stretch(_PUT_OFF[stage].value, Mark.NOW, returns_on)]
    if voted is not None and stage not in UNDECIDED:
        return [Stretch(voted.kind, Mark.DONE, voted.day, vote_id=voted.vote_id)]
    if not coming:
        return []
    now = stage in (Stage.ADMISSIBLE, Stage.SCHEDULED)
    return [Stretch(Act.SCHEDULE.value, Mark.NOW if now else Mark.TO_COME)]


def _updates(owed: Sequence[Due], today: date) -> list[Stretch]:
    """The last report on each measure, and the next one that is owed."""
    updates = [each for each in owed if each.step is Step.UPDATE]
    met = {each.about: each for each in updates if each.met_on is not None}
    open_ones = [each for each in updates if each.met_on is None]
    return [_stretch(each, today) for each in (*met.values(), *open_ones)]


def _check(stage: Stage, last: dict[str, Event], coming: bool) -> list[Stretch]:
    if stage in (Stage.VERIFIED, Stage.CLOSED) and Act.VERIFY in last:
        verified = last[Act.VERIFY]
        return [Stretch(Act.VERIFY.value, Mark.DONE, verified.day, vote_id=verified.vote_id)]
    if stage is Stage.DISPUTED:
        disputed = last[Act.DISPUTE]
        return [Stretch(Act.DISPUTE.value, Mark.DONE, disputed.day, vote_id=disputed.vote_id)]
    if coming:
        return [Stretch(Act.VERIFY.value, Mark.NOW if stage is Stage.CLAIMED_DONE else Mark.TO_COME)]
    return []
