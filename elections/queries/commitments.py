"""What an election's audit chain committed to, found again in what is stored now. Nobody else may have the openings."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from elections import events
from elections.models.nominations import Nomination
from followup.queries.commitments import Opening, source


def nomination_content(nomination: Nomination) -> dict[str, object]:
    """What is committed to when a nomination is received; the statement may be mended later."""
    return {
        "number": nomination.number,
        "name": nomination.name,
        "group": nomination.group_key,
        "list": nomination.list_name,
        "consented_on": nomination.consented_on.isoformat(),
    }


def nominations(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of nominations, as long as their names are not erased."""
    rows = session.scalars(select(Nomination).where(Nomination.id.in_(ids)))
    return {row.id: (row.salt, nomination_content(row)) if row.salt else None for row in rows}


SOURCES: dict[str, audit.Source] = {events.NOMINATION: source(nominations)}
