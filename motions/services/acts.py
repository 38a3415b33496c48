"""The one way in which something happens to a motion: the rules are asked, the event is kept, debts are opened and settled.

A verb of this room locks the motion (``lock_motion``), decides, calls ``perform`` or ``note`` inside its transaction, and
appends the returned audit entries last. Whoever follows the motion is told in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, calendar, clock, outbox
from core.db import find
from core.errors import Conflict, DomainError, NotFound
from core.localized import Localized, clean
from council.models import Body
from council.services.bodies import lock_body
from followup.models import Register
from followup.services import steps as promises
from motions import events
from motions.models.implementation import Measure
from motions.models.motions import Motion, MotionEvent, MotionStep
from motions.rules import deadlines, stages, steps
from motions.rules.deadlines import Step
from motions.rules.stages import Act, CityDecision, MotionKind, Part, Stage


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something with a motion, as what, and what is recorded of it.

    ``parts`` are all as whom this person may act; the first that the act is for is recorded. ``measures`` are those of
    their own department. ``reason`` is public, in ``language``; ``facts`` are what the act asks for. ``day`` is when it
    happened if that was before today.
    """

    actor: audit.Actor
    parts: Collection[Part]
    member_id: int | None = None
    reason: str = ""
    language: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    day: date | None = None
    document_id: int | None = None
    vote_id: int | None = None
    measure_id: int | None = None
    measures: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Locked:
    """A motion with its council and register, locked for one transaction."""

    motion: Motion
    body: Body
    register: Register


_DAYS = {Act.FORWARD: "forwarded_on", Act.FILE_POSITION: "position_on", Act.DECIDE: "decided_on"}
"""Which of a motion's days an act sets."""

BY_THE_CLOCK = Doing(audit.SYSTEM, frozenset({Part.CLOCK}))
"""Nobody: a day has passed."""


def lock_motion(session: Session, motion_id: int) -> Locked:
    """The motion with its council's register locked first of all (see ``followup``). Raises NotFound."""
    motion = find(session, Motion, motion_id)
    if motion is None:
        raise NotFound("motion", motion_id)
    body, register = lock_body(session, motion.body_id)
    session.refresh(motion, with_for_update=True)
    return Locked(motion, body, register)


def perform(
    session: Session, locked: Locked, act: Act, doing: Doing, *, decision: CityDecision | None = None
) -> tuple[MotionEvent, list[audit.Entry]]:
    """Do ``act``: move the motion, keep the event, settle what it settles, owe what it owes; the caller appends the entries.

    ``decision`` is the city's, which DECIDE brings. Steps of measures that are in the session count as they are there.
    Raises what ``rules.stages.check_act`` raises, and ``day_of_act_wrong`` for a day to come or before the event before.
    """
    motion = locked.motion
    kind, stage = MotionKind(motion.kind), Stage(motion.stage)
    known = CityDecision(motion.city_decision) if motion.city_decision else None
    stages.check_act(stage, act, kind, doing.parts, reason=doing.reason, decision=known)
    after = stages.next_stage(stage, act)
    if act is Act.CARRY_OVER:
        after = stages.carried_to(_lapsed_in(session, motion))
    if decision is not None:
        motion.city_decision = known = decision
    part = next(part for part in Part if part in stages.DOES[act] and part in doing.parts)
    if act is Act.SUBMIT and motion.number is None:
        # The check of whether it is admissible is owed next, and its number is the motion's for good.
        motion.number, motion.submitted_on = locked.register.last_number + 1, doing.day or clock.today()
    event = _keep(session, locked, act.value, after, doing, part)
    motion.stage, motion.stage_since = after.value, event.day
    if after is not stage:
        motion.closed_on = event.day if after is Stage.CLOSED else None
    if act is Act.FORWARD:  # for the first time, or again after the council has opened it anew
        motion.position = motion.position_on = motion.city_decision = motion.decided_on = None
    if act in _DAYS:
        setattr(motion, _DAYS[act], event.day)
    session.flush()
    entries = [_entry(motion, event)] if event.public else []
    entries += settle(session, locked, event, steps.settled_by(act), doing.measure_id)
    for step in steps.owed_after(act, after, kind, known):
        entries.append(owe(session, locked, event, step))
    if act in steps.OWES_UPDATES:
        for measure in _measures(session, motion):
            if act is Act.DISPUTE and measure.state == "done":
                measure.state, measure.updated_on = "running", event.day  # it is not, says the council
            if measure.state != "done" and not _owes_update(session, motion, measure):
                entries.append(owe(session, locked, event, Step.UPDATE, measure))
    return event, entries


def note(
    session: Session,
    locked: Locked,
    notice: steps.Notice,
    doing: Doing,
    part: Part,
    corrects_id: int | None = None,
) -> tuple[MotionEvent, list[audit.Entry]]:
    """Keep something that is said about a motion and does not move it."""
    event = _keep(session, locked, notice.value, Stage(locked.motion.stage), doing, part, corrects_id)
    session.flush()
    return event, [_entry(locked.motion, event)] if event.public else []


def take_back(
    session: Session, locked: Locked, event: MotionEvent, doing: Doing, part: Part
) -> tuple[MotionEvent, list[audit.Entry]]:
    """Say that ``event`` was recorded wrongly: the motion stands again where it stood before; the event stays.

    Raises Conflict ``motion_moved_on`` where something else has moved it since, or its text changed.
    """
    motion = locked.motion
    later = session.scalars(
        select(MotionEvent.kind).where(
            MotionEvent.motion_id == motion.id, MotionEvent.sequence > event.sequence
        )
    ).all()
    if set(later) & ({act.value for act in Act} | {steps.Notice.DECIDE_AMENDMENT.value}):
        raise Conflict("motion_moved_on")
    before = session.scalars(
        select(MotionEvent.stage)
        .where(MotionEvent.motion_id == motion.id, MotionEvent.sequence < event.sequence)
        .order_by(MotionEvent.sequence.desc())
        .limit(1)
    ).one()
    kept = _keep(session, locked, steps.Notice.CORRECT.value, Stage(before), doing, part, event.id)
    if motion.stage != before:
        motion.stage, motion.stage_since = before, kept.day
    motion.closed_on = None
    if before == Stage.CLOSED.value:
        motion.closed_on = session.scalar(
            select(func.max(MotionEvent.day)).where(
                MotionEvent.motion_id == motion.id,
                MotionEvent.sequence < event.sequence,
                MotionEvent.stage == before,
                MotionEvent.kind.in_([act.value for act in Act]),
            )
        )
    session.flush()
    return kept, [_entry(motion, kept)] if kept.public else []


def owe(
    session: Session, locked: Locked, event: MotionEvent, step: Step, measure: Measure | None = None
) -> audit.Entry:
    """Open a step on the public clock, owed from the event's day on, by the responsible department or the office."""
    motion, body = locked.motion, locked.body
    department = body.department_id
    if measure is not None:
        department = measure.department_id
    elif step not in steps.FROM_THE_OFFICE and motion.department_id is not None:
        department = motion.department_id
    due = deadlines.due_on(step, event.day, calendar.city_holidays(event.day.year))
    owed = MotionStep(
        motion_id=motion.id,
        step=step.value,
        measure_id=measure.id if measure else None,
        number=0,
        opened_by_id=event.id,
    )
    session.add(owed)
    session.flush()
    facts: dict[str, object] = {"motion": motion.id, "step": step.value}
    if measure is not None:
        facts["measure"] = measure.number
    owed.number, entry = promises.owe(
        session, locked.register, events.STEP, owed.id, department, due, facts, since=event.day
    )
    session.flush()
    return entry


def settle(
    session: Session,
    locked: Locked,
    event: MotionEvent,
    wanted: Collection[Step],
    measure_id: int | None = None,
) -> list[audit.Entry]:
    """Settle the owed steps among ``wanted``; with ``measure_id``, of the measures' only that one's."""
    entries = []
    for owed in owed_steps(session, locked.motion.id):
        if Step(owed.step) not in wanted:
            continue
        if measure_id is not None and owed.measure_id not in (None, measure_id):
            continue
        owed.met_by_id = event.id
        session.flush()
        entries.append(promises.meet(session, locked.register, events.STEP, owed.id, event.day))
    return entries


def owed_steps(session: Session, motion_id: int) -> Sequence[MotionStep]:
    """What somebody still owes a motion, in the order in which it was opened."""
    return session.scalars(
        select(MotionStep)
        .where(MotionStep.motion_id == motion_id, MotionStep.met_by_id.is_(None))
        .order_by(MotionStep.id)
    ).all()


def _keep(
    session: Session,
    locked: Locked,
    kind: str,
    after: Stage,
    doing: Doing,
    part: Part,
    corrects_id: int | None = None,
) -> MotionEvent:
    motion, today = locked.motion, clock.today()
    before = session.scalars(
        select(MotionEvent)
        .where(MotionEvent.motion_id == motion.id)
        .order_by(MotionEvent.sequence.desc())
        .limit(1)
    ).one_or_none()
    # What a day passing by made somebody say comes from no act: the city's letter may be older than the word "late".
    first = session.scalar(
        select(func.max(MotionEvent.day)).where(
            MotionEvent.motion_id == motion.id, MotionEvent.kind.in_([act.value for act in Act])
        )
    )
    day = doing.day or today
    if day > today or (first is not None and day < first):
        raise DomainError("day_of_act_wrong", first=first or today, last=today)
    reason = clean(doing.reason)
    event = MotionEvent(
        motion_id=motion.id,
        sequence=before.sequence + 1 if before else 1,
        kind=kind,
        stage=after.value,
        day=day,
        entered_on=today,
        public=motion.number is not None,
        part=part.value,
        role=doing.actor.role,
        handle=doing.actor.handle,
        member_id=doing.member_id,
        reason=Localized.original(doing.language or motion.language, reason) if reason else Localized(),
        facts=dict(doing.facts),
        vote_id=doing.vote_id,
        measure_id=doing.measure_id,
        document_id=doing.document_id,
        corrects_id=corrects_id,
    )
    session.add(event)
    motion.modified_at = clock.now()
    session.flush()
    if event.public:
        outbox.enqueue(session, "motions.tell", {"event_id": event.id}, unique=f"motions.tell:{event.id}")
    return event


def _lapsed_in(session: Session, motion: Motion) -> Stage:
    """Where a motion stood when it lapsed."""
    happened = session.execute(
        select(MotionEvent.kind, MotionEvent.stage)
        .where(MotionEvent.motion_id == motion.id)
        .order_by(MotionEvent.sequence.desc())
    ).all()
    lapsed = next(place for place, event in enumerate(happened) if event.kind == Act.LAPSE)
    return Stage(happened[lapsed + 1].stage)


def _entry(motion: Motion, event: MotionEvent) -> audit.Entry:
    facts: dict[str, object] = {
        "sequence": event.sequence,
        "stage": event.stage,
        "day": event.day.isoformat(),
    }
    if event.reason:
        facts["reason"] = event.reason.dump()
    if event.facts:
        facts["facts"] = event.facts
    for name in ("vote_id", "measure_id", "document_id", "corrects_id"):
        if getattr(event, name) is not None:
            facts[name.removesuffix("_id")] = getattr(event, name)
    return audit.Entry(events.happened(event.kind), events.MOTION, motion.id, facts)


def _measures(session: Session, motion: Motion) -> Iterable[Measure]:
    return session.scalars(
        select(Measure).where(Measure.motion_id == motion.id).order_by(Measure.number)
    ).all()


def _owes_update(session: Session, motion: Motion, measure: Measure) -> bool:
    return any(owed.measure_id == measure.id for owed in owed_steps(session, motion.id))
