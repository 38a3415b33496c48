"""What happened to motions in public, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import SQLColumnExpression, select
from sqlalchemy.orm import Session

from core.localized import Localized
from council.models import Body
from followup.models import Register
from followup.numbers import register_number
from motions.models.motions import Motion, MotionEvent
from motions.queries.listing import Filter, conditions, find_ids, public_titles
from motions.rules.stages import Act

_MOTIONS = 500
"""Motions whose news a feed with words looks through, the newest."""


@dataclass(frozen=True, slots=True)
class News:
    """One event of a motion, as a feed tells it. ``city_decision`` is set on the event that brought it."""

    number: str
    title: Localized
    sequence: int
    kind: str
    city_decision: str | None
    day: date
    reason: Localized


def latest(session: Session, wanted: Filter, most: int) -> list[News]:
    """The last things that happened to the motions that fit; with words, to the newest 500 of them."""
    if wanted.words:
        return _read(session, MotionEvent.motion_id.in_(find_ids(session, wanted, most=_MOTIONS)), most)
    if wanted == Filter(word=wanted.word):
        return _read(session, MotionEvent.public, most)
    return _read(session, MotionEvent.motion_id.in_(select(Motion.id).where(*conditions(wanted))), most)


def of_motion(session: Session, motion_id: int, most: int) -> list[News]:
    """The last things that happened to one motion."""
    return _read(session, MotionEvent.motion_id == motion_id, most)


def _read(session: Session, which: SQLColumnExpression[bool], most: int) -> list[News]:
    rows: Sequence[tuple[MotionEvent, Motion, str]] = [
        (event, motion, code)
        for event, motion, code in session.execute(
            select(MotionEvent, Motion, Register.code)
            .join(Motion, Motion.id == MotionEvent.motion_id)
            .join(Body, Body.id == Motion.body_id)
            .join(Register, Register.id == Body.register_id)
            .where(which, MotionEvent.public, Motion.number.is_not(None))
            .order_by(MotionEvent.id.desc())
            .limit(most)
        )
    ]
    titles = public_titles(session, list({motion.id for _event, motion, _code in rows}))
    return [
        News(
            number=register_number(code, motion.number or 0),
            title=titles.get(motion.id, Localized()),
            sequence=event.sequence,
            kind=event.kind,
            city_decision=motion.city_decision if event.kind == Act.DECIDE else None,
            day=event.entered_on,
            reason=event.reason,
        )
        for event, motion, code in rows
    ]
