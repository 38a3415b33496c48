"""Figures by department, counted by the database: as many rows as there are departments and lengths of time, not motions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from accounts.models import Department
from core.localized import Localized
from motions.models.motions import Motion
from motions.rules.stages import REALLY_DECIDED, CityDecision
from motions.rules.statistics import Counted, Figures, figures


@dataclass(frozen=True, slots=True)
class DepartmentFigures:
    """What one department made of what it was sent."""

    department_id: int
    name: Localized
    figures: Figures


def by_department(session: Session, body_id: int | None = None) -> list[DepartmentFigures]:
    """The figures of every department that a motion was sent to, of one council or of all, in the order of their names' keys."""
    forwarded: dict[int, int] = {
        department: count
        for department, count in session.execute(
            select(Motion.department_id, func.count()).where(*_wanted(body_id)).group_by(Motion.department_id)
        )
        if department is not None
    }
    decisions: dict[int, dict[CityDecision, int]] = defaultdict(dict)
    for department, decision, count in session.execute(
        select(Motion.department_id, Motion.city_decision, func.count())
        .where(*_wanted(body_id), Motion.city_decision.is_not(None))
        .group_by(Motion.department_id, Motion.city_decision)
    ):
        decisions[department or 0][CityDecision(decision or "")] = count
    to_position = _days(session, body_id, Motion.position_on)
    to_decision = _days(
        session,
        body_id,
        Motion.decided_on,
        Motion.city_decision.in_([decision.value for decision in REALLY_DECIDED]),
    )
    departments = session.scalars(
        select(Department).where(Department.id.in_(list(forwarded))).order_by(Department.key)
    )
    return [
        DepartmentFigures(
            each.id,
            each.name,
            figures(
                Counted(forwarded[each.id], decisions[each.id], to_position[each.id], to_decision[each.id])
            ),
        )
        for each in departments
    ]


def _wanted(body_id: int | None) -> list[ColumnElement[bool]]:
    """Which motions count: those that were sent to a department, of one council or of all."""
    wanted: list[ColumnElement[bool]] = [Motion.department_id.is_not(None), Motion.forwarded_on.is_not(None)]
    return wanted if body_id is None else [*wanted, Motion.body_id == body_id]


def _days(
    session: Session,
    body_id: int | None,
    until: InstrumentedAttribute[date | None],
    *where: ColumnElement[bool],
) -> dict[int, dict[int, int]]:
    """How many motions took how many days from forwarding to ``until``, by department."""
    days: ColumnElement[Any] = until - Motion.forwarded_on
    if session.get_bind().dialect.name == "sqlite":  # which keeps days as text
        days = cast(func.julianday(until) - func.julianday(Motion.forwarded_on), Integer)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for department, took, count in session.execute(
        select(Motion.department_id, days, func.count())
        .where(*_wanted(body_id), until.is_not(None), *where)
        .group_by(Motion.department_id, days)
    ):
        found[department][int(took)] = count
    return found
