"""A suggestion as the holder of its code reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.db import db
from core.localized import Localized
from council.models import Body
from followup.models import Register
from followup.numbers import register_number
from followup.queries.debts import Debt, find_debt
from motions import events
from motions.models.drafting import Suggestion
from motions.models.motions import Motion


@dataclass(frozen=True, slots=True)
class OwnSuggestion:
    """A suggestion with everything its author may know. ``text`` is None once it was withdrawn.

    ``motions`` are the numbers of the public motions that took it up.
    """

    id: int
    number: int
    register_code: str
    body_key: str
    body_name: Localized
    topic: str
    language: str
    name: str | None
    text: str | None
    received_on: date
    debt: Debt
    motions: Sequence[str]


def find_own(code_mac: bytes) -> OwnSuggestion | None:
    """The suggestion that a receipt code belongs to."""
    session = db.session()
    row = session.execute(
        select(Suggestion, Body.key, Body.name, Register.code)
        .join(Body, Body.id == Suggestion.body_id)
        .join(Register, Register.id == Body.register_id)
        .where(Suggestion.code_mac == code_mac)
    ).one_or_none()
    if row is None:
        return None
    found, key, name, code = row
    taken = session.scalars(
        select(Motion.number)
        .where(Motion.suggestion_id == found.id, Motion.number.is_not(None))
        .order_by(Motion.number)
    )
    return OwnSuggestion(
        found.id,
        found.number,
        code,
        key,
        name,
        found.topic,
        found.language,
        found.name,
        found.text,
        found.received_on,
        find_debt(session, events.SUGGESTION, found.id),
        [register_number(code, number or 0) for number in taken],
    )
