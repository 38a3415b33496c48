"""Measures: the city plans them, reports on them every quarter, and claims that they are done; the council checks that.

Nothing here verifies or closes: that follows from a vote of the council (``rules.stages.VOTED``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from accounts.models import Department
from core import clock
from core.db import find, write
from core.documents.stored import Checked
from core.errors import DomainError, NotFound
from core.localized import Localized, clean
from motions.models.implementation import Measure
from motions.rules import city
from motions.rules.city import MeasureState, ReportFacts
from motions.rules.stages import Act
from motions.services.acts import Doing, lock_motion
from motions.services.city import enter


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """What a department will do, by when, with which budget. ``department`` is its key."""

    title: str
    department: str
    due_on: date | None
    cents: int | None = None


def plan(motion_id: int, new: NewMeasure, doing: Doing, document: Checked | None = None) -> int:
    """Plan one measure; return its id. Its department reports every quarter from now on.

    Raises what ``rules.city.check_measure`` and ``services.city.enter`` raise, or ``department_unknown``.
    """
    day = doing.day or clock.today()
    city.check_measure(new.title, new.due_on, new.cents, day)
    assert new.due_on is not None  # checked
    with write() as session:
        locked = lock_motion(session, motion_id)
        department = session.scalars(
            select(Department.id).where(Department.key == new.department)
        ).one_or_none()
        if department is None:
            raise DomainError("department_unknown", department=clean(new.department)[:40])
        last = session.scalar(select(func.max(Measure.number)).where(Measure.motion_id == motion_id))
        measure = Measure(
            motion_id=motion_id,
            number=(last or 0) + 1,
            title=Localized.original(doing.language, new.title),
            department_id=department,
            due_on=new.due_on,
            cents=new.cents,
            state=MeasureState.PLANNED.value,
            planned_on=day,
            updated_on=day,
        )
        session.add(measure)
        session.flush()
        facts = {
            "measure": measure.number,
            "title": measure.title.dump(),
            "department": department,
            "due": new.due_on.isoformat(),
            **({"cents": new.cents} if new.cents is not None else {}),
        }
        enter(session, locked, Act.PLAN, replace(doing, measure_id=measure.id), facts, document)
        return measure.id


def update(
    motion_id: int, measure_id: int, facts: ReportFacts, doing: Doing, document: Checked | None = None
) -> None:
    """Report on one measure. Raises NotFound, or what ``rules.city.check_report`` and ``services.city.enter`` raise."""
    day = doing.day or clock.today()
    with write() as session:
        locked = lock_motion(session, motion_id)
        measure = find(session, Measure, measure_id)
        if measure is None or measure.motion_id != motion_id:
            raise NotFound("measure", measure_id)
        city.check_report(facts, measure.due_on, day, attached=document is not None)
        kept = {
            "measure": measure.number,
            "state": facts.state,
            "text": Localized.original(doing.language, facts.text).dump(),
        }
        if facts.new_due_on is not None:
            kept |= {"from": measure.due_on.isoformat(), "due": facts.new_due_on.isoformat()}
            measure.due_on = facts.new_due_on
        measure.state, measure.updated_on = facts.state, day
        enter(session, locked, Act.UPDATE, replace(doing, measure_id=measure_id), kept, document)


def claim_done(motion_id: int, text: str, doing: Doing, document: Checked | None = None) -> None:
    """The city says that all is done, and shows it. Raises what ``rules.city.check_claim`` and ``services.city.enter`` raise."""
    with write() as session:
        locked = lock_motion(session, motion_id)
        states = session.scalars(select(Measure.state).where(Measure.motion_id == motion_id)).all()
        city.check_claim(text, states)
        facts = {"text": Localized.original(doing.language, text).dump()}
        enter(session, locked, Act.CLAIM_DONE, doing, facts, document)
