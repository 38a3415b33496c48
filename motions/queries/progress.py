"""How far the motions of each council came."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session

from core.localized import Localized
from council.models import Body
from motions.models.motions import STATES, Motion


@dataclass(frozen=True, slots=True)
class CouncilProgress:
    """How many motions of a council are in each state of the register."""

    body_id: int
    name: Localized
    motions: int
    states: dict[str, int]


def by_council(session: Session) -> list[CouncilProgress]:
    """Every council that tabled something, by its key."""
    in_state = [func.count(case((text(condition), 1))).label(state) for state, condition in STATES.items()]
    counted = (
        select(Motion.body_id, func.count().label("motions"), *in_state)
        .where(Motion.submitted_on.is_not(None))
        .group_by(Motion.body_id)
        .subquery()
    )
    rows = session.execute(
        select(Body.name, counted).join(counted, counted.c.body_id == Body.id).order_by(Body.key)
    )
    return [
        CouncilProgress(row.body_id, row.name, row.motions, {state: getattr(row, state) for state in STATES})
        for row in rows
    ]
