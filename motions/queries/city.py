"""The city's side of a motion as everybody reads it, what departments owe councils, and what waits to be verified."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Department
from core import clock, settings
from core.documents.stored import DocumentFacts, describe
from core.errors import NotFound
from core.localized import Localized
from council.models import Body
from followup.models import Promise, Register
from followup.numbers import register_number
from followup.queries.debts import Debt, find_steps
from followup.rules import PromiseKind
from motions import events
from motions.models.implementation import Measure
from motions.models.meetings import Meeting
from motions.models.motions import Motion, MotionEvent, MotionStep
from motions.rules import deadlines
from motions.rules.city import MeasureState
from motions.rules.deadlines import Step
from motions.rules.stages import REALLY_DECIDED, Act, CityDecision, Stage

DESK_LINES = 200
"""Lines that the desk of the city shows; the most urgent come first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the city said at one step, as it is right now. ``corrected_on`` is the day on which it was set right."""

    event_id: int
    sequence: int
    day: date
    part: str
    facts: Mapping[str, Any]
    document: DocumentFacts | None
    corrected_on: date | None
    correction: Localized

    def text(self, name: str) -> Localized:
        """One of the texts among the facts."""
        return Localized.load(self.facts.get(name))


@dataclass(frozen=True, slots=True)
class Report:
    """One report on a measure."""

    day: date
    state: str
    text: Localized
    from_day: date | None
    due_on: date | None
    document: DocumentFacts | None


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """One thing that the city does. ``reports`` begin with the newest; ``next_report`` is owed while it is not done."""

    id: int
    number: int
    title: Localized
    department: Localized
    due_on: date
    cents: int | None
    state: str
    planned_on: date
    updated_on: date
    stalled: bool
    reports: Sequence[Report]
    next_report: Debt | None
    plan_document: DocumentFacts | None


@dataclass(frozen=True, slots=True)
class Extension:
    """A step that was given longer, and why."""

    step: str
    day: date
    from_day: date
    until: date
    reason: Localized
    document: DocumentFacts | None


@dataclass(frozen=True, slots=True)
class CitySide:
    """All that the city said and did. Steps of an earlier way, before the motion was opened again, stay in the history."""

    department: Localized
    forwarded: Entry
    digest: str
    acknowledged: Entry | None
    position: Entry | None
    decision: Entry | None
    extensions: Sequence[Extension]
    measures: Sequence[MeasurePage]
    claim: Entry | None

    @property
    def is_decided(self) -> bool:
        """Whether the city really decided. What was noted or settled by an office was not."""
        return self.decision is not None and CityDecision(self.decision.facts["decision"]) in REALLY_DECIDED


def city_side(session: Session, motion_id: int) -> CitySide | None:
    """The city's side of a motion; None before it was sent to the city."""
    motion = session.get(Motion, motion_id)
    events_ = session.scalars(
        select(MotionEvent)
        .where(MotionEvent.motion_id == motion_id, MotionEvent.public)
        .order_by(MotionEvent.sequence)
    ).all()
    last = max((event.sequence for event in events_ if event.kind == Act.FORWARD), default=None)
    if motion is None or motion.department_id is None or last is None:
        return None
    now = [event for event in events_ if event.sequence >= last]
    papers = describe(session, {event.document_id for event in now if event.document_id})
    corrections: dict[int | None, MotionEvent] = {
        event.corrects_id: event for event in now if event.corrects_id
    }

    def entry(act: Act) -> Entry | None:
        found = [event for event in now if event.kind == act.value]
        return _entry(found[-1], corrections, papers) if found else None

    forwarded = entry(Act.FORWARD)
    assert forwarded is not None  # its sequence was found above
    extensions = [
        Extension(
            event.facts["step"],
            event.day,
            date.fromisoformat(event.facts["from"]),
            date.fromisoformat(event.facts["until"]),
            event.reason,
            papers.get(event.document_id or 0),
        )
        for event in now
        if event.kind == Act.EXTEND and "step" in event.facts
    ]
    return CitySide(
        department=session.get_one(Department, motion.department_id).name,
        forwarded=forwarded,
        digest=forwarded.facts.get("digest") or motion.final_digest or "",
        acknowledged=entry(Act.ACKNOWLEDGE),
        position=entry(Act.FILE_POSITION),
        decision=entry(Act.DECIDE),
        extensions=extensions,
        measures=_measures(session, motion_id, now, papers),
        claim=entry(Act.CLAIM_DONE),
    )


def _entry(
    event: MotionEvent, corrections: Mapping[int | None, MotionEvent], papers: Mapping[int, DocumentFacts]
) -> Entry:
    right = event
    while right.id in corrections:
        right = corrections[right.id]
    corrected = right is not event
    return Entry(
        event_id=right.id,
        sequence=right.sequence,
        day=event.day,
        part=right.part,
        facts=right.facts,
        document=papers.get(right.document_id or event.document_id or 0),
        corrected_on=right.day if corrected else None,
        correction=right.reason if corrected else Localized(),
    )


def _measures(
    session: Session, motion_id: int, happened: Sequence[MotionEvent], papers: Mapping[int, DocumentFacts]
) -> list[MeasurePage]:
    rows = session.execute(
        select(Measure, Department.name, MotionStep.id)
        .join(Department, Department.id == Measure.department_id)
        .outerjoin(MotionStep, (MotionStep.measure_id == Measure.id) & MotionStep.met_by_id.is_(None))
        .where(Measure.motion_id == motion_id)
        .order_by(Measure.number)
    ).all()
    debts = find_steps(session, events.STEP, [step_id for _measure, _name, step_id in rows if step_id])
    found = []
    for measure, department, step_id in rows:
        mine = [event for event in happened if event.measure_id == measure.id]
        owed = debts.get(step_id or 0)
        missed = deadlines.updates_missed(measure.updated_on, clock.today()) if owed else []
        if owed and owed.extended_from:
            missed = [owed.due_on, *(day for day in missed if day > owed.due_on)]
        found.append(
            MeasurePage(
                id=measure.id,
                number=measure.number,
                title=measure.title,
                department=department,
                due_on=measure.due_on,
                cents=measure.cents,
                state=measure.state,
                planned_on=measure.planned_on,
                updated_on=measure.updated_on,
                stalled=deadlines.stalled(missed, clock.today()),
                reports=[
                    Report(
                        event.day,
                        event.facts.get("state", MeasureState.PLANNED),
                        Localized.load(event.facts.get("text")),
                        _day(event.facts.get("from")),
                        _day(event.facts.get("due")),
                        papers.get(event.document_id or 0),
                    )
                    for event in reversed(mine)
                    if event.kind == Act.UPDATE
                ],
                next_report=owed,
                plan_document=next(
                    (papers.get(event.document_id or 0) for event in mine if event.kind == Act.PLAN), None
                ),
            )
        )
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def measures_of(session: Session, motion_id: int) -> Sequence[Measure]:
    """The measures of a motion, in their order."""
    return session.scalars(
        select(Measure).where(Measure.motion_id == motion_id).order_by(Measure.number)
    ).all()


def find_measure(session: Session, motion_id: int, measure_id: int) -> Measure:
    """A measure of this motion. Raises NotFound."""
    measure = session.get(Measure, measure_id)
    if measure is None or measure.motion_id != motion_id:
        raise NotFound("measure", measure_id)
    return measure


def document_of(session: Session, motion_id: int, document_id: int) -> None:
    """Whether a public event of this motion names this file. Raises NotFound where none does."""
    named = session.scalars(
        select(MotionEvent.id).where(
            MotionEvent.motion_id == motion_id, MotionEvent.document_id == document_id, MotionEvent.public
        )
    ).first()
    if named is None:
        raise NotFound("document", document_id)


def _day_after(day: date) -> datetime:
    """The moment at which ``day`` is over in the city."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings.current().time_zone))


# The desk ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One step that a department owes a council."""

    motion_id: int
    number: str
    title: Localized
    council: Localized
    step: str
    measure: Localized | None
    department: Localized
    debt: Debt


def owed_by(session: Session, department_id: int) -> list[DeskLine]:
    """What this department owes councils, and, where it is a council's own office, what all departments owe that council.

    The most urgent first; at most ``DESK_LINES``.
    """
    rows = session.execute(
        select(MotionStep, Motion, Body, Register.code, Measure.title, Department.name)
        .join(Promise, (Promise.subject_id == MotionStep.id) & (Promise.subject_kind == events.STEP))
        .join(Motion, Motion.id == MotionStep.motion_id)
        .join(Body, Body.id == Motion.body_id)
        .join(Register, Register.id == Body.register_id)
        .join(Department, Department.id == Promise.department_id)
        .outerjoin(Measure, Measure.id == MotionStep.measure_id)
        .where(
            MotionStep.met_by_id.is_(None),
            Promise.kind == PromiseKind.STEP.value,
            MotionStep.step != Step.ADMISSIBILITY.value,
            or_(Promise.department_id == department_id, Body.department_id == department_id),
        )
        .order_by(Promise.due_on, MotionStep.id)
        .limit(DESK_LINES)
    ).all()
    debts = find_steps(session, events.STEP, [step.id for step, *_rest in rows])
    return [
        DeskLine(
            motion.id,
            register_number(code, motion.number or 0),
            motion.title,
            body.name,
            step.step,
            measure,
            department,
            debts[step.id],
        )
        for step, motion, body, code, measure, department in rows
    ]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A motion of which the city says that it is done, and what the council has to check it by."""

    motion_id: int
    number: str
    title: Localized
    council: Localized
    department: Localized | None
    claimed_on: date
    text: Localized
    document: DocumentFacts | None
    meetings: int
    """How many the council has held since."""

    @property
    def meetings_left(self) -> int:
        return deadlines.VERIFY_MEETINGS - self.meetings


def to_verify(session: Session, body_ids: Collection[int] | None = None) -> list[Claimed]:
    """What waits for the council's check, the oldest claim first; of all councils, or of these."""
    wanted = (
        select(Motion, Body, Register.code, Department.name, MotionEvent)
        .join(Body, Body.id == Motion.body_id)
        .join(Register, Register.id == Body.register_id)
        .join(MotionEvent, MotionEvent.motion_id == Motion.id)
        .outerjoin(Department, Department.id == Motion.department_id)
        .where(Motion.stage == Stage.CLAIMED_DONE.value, MotionEvent.kind == Act.CLAIM_DONE.value)
        .order_by(Motion.stage_since, Motion.id, MotionEvent.sequence)
    )
    if body_ids is not None:
        wanted = wanted.where(Motion.body_id.in_(body_ids))
    newest = {
        row[0].id: row for row in session.execute(wanted)
    }  # a claim after a dispute replaces the one before
    papers = describe(session, {row[4].document_id for row in newest.values() if row[4].document_id})
    found = []
    for motion, body, code, department, claim in newest.values():
        meetings = session.scalar(
            select(func.count())
            .select_from(Meeting)
            .where(
                Meeting.body_id == body.id,
                Meeting.state == "held",
                Meeting.starts_at >= _day_after(claim.day),
            )
        )
        found.append(
            Claimed(
                motion.id,
                register_number(code, motion.number or 0),
                motion.title,
                body.name,
                department,
                claim.day,
                Localized.load(claim.facts.get("text")),
                papers.get(claim.document_id or 0),
                meetings or 0,
            )
        )
    return found
