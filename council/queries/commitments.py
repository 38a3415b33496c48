"""What the audit chain committed to when people were seated, named as successors, or applied."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from council import events
from council.models import Application, Member, Successor
from followup.queries.commitments import Opening, Openings, source


def member_content(member: Member) -> dict[str, object]:
    """What is committed to when somebody is seated."""
    return {"name": member.name, "organisation": member.organisation, "seat_class": member.seat_class_id}


def successor_content(successor: Successor) -> dict[str, object]:
    """What is committed to when a result names a successor."""
    return {"name": successor.name, "seat_class": successor.seat_class_id, "rank": successor.rank}


def application_content(application: Application | SimpleNamespace) -> dict[str, object]:
    """What is committed to when an application comes in."""
    return {
        "number": application.number,
        "call": application.call_id,
        "name": application.name,
        "organisation": application.organisation,
        "text": application.text,
        "received_on": application.received_on.isoformat(),
    }


def members(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of members; their names are public."""
    rows = session.scalars(select(Member).where(Member.id.in_(ids)))
    return {row.id: (row.salt, member_content(row)) if row.salt else None for row in rows}


def successors(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of successors; the published result names them."""
    rows = session.scalars(select(Successor).where(Successor.id.in_(ids)))
    return {row.id: (row.salt, successor_content(row)) for row in rows}


def applications(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of applications. They are never public."""
    rows = session.scalars(select(Application).where(Application.id.in_(ids)))
    return {row.id: (row.salt, application_content(row)) if row.salt else None for row in rows}


SOURCES: dict[str, audit.Source] = {
    events.MEMBER: source(members),
    events.SUCCESSOR: source(successors),
    events.APPLICATION: source(applications),
}
PUBLIC: dict[str, Openings] = {events.MEMBER: members, events.SUCCESSOR: successors}
"""The openings that anybody may have."""
