"""What the public register of motions can be filtered by: councils, their terms and members, departments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Department
from core import clock
from core.localized import Localized
from council.models import Body, Member, Term


@dataclass(frozen=True, slots=True)
class TermChoice:
    """A term that has begun."""

    id: int
    number: int
    council: Localized
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that a list can be filtered by, in the order in which it is offered; the others by id."""

    councils: dict[int, Localized]
    terms: Sequence[TermChoice]
    members: dict[int, str]
    departments: dict[int, Localized]


def choices(session: Session) -> Choices:
    """Councils by name, terms newest first, members by name, departments."""
    bodies = session.execute(select(Body.id, Body.name).order_by(Body.key))
    terms = session.execute(
        select(Term.id, Term.number, Body.name, Term.begins_on, Term.ends_on)
        .join(Body, Body.id == Term.body_id)
        .where(Term.begins_on <= clock.today())
        .order_by(Term.begins_on.desc(), Body.key)
    )
    members = session.execute(
        select(Member.id, Member.name).where(Member.deputy_of_id.is_(None)).order_by(Member.name, Member.id)
    )
    departments = session.execute(select(Department.id, Department.name).order_by(Department.key))
    return Choices(
        {row.id: row.name for row in bodies},
        [TermChoice(*row) for row in terms],
        {row.id: row.name for row in members},
        {row.id: row.name for row in departments},
    )


def body_id_of(session: Session, key: str) -> int | None:
    """The id of the council called ``key``."""
    return session.scalar(select(Body.id).where(Body.key == key))
