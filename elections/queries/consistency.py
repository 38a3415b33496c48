"""Whether elections stand where the minutes in their audit chains lead."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry, Chain
from elections import events
from elections.models.elections import Election
from elections.rules.stages import WAY, ActKind, Stage
from followup.models import Register
from followup.queries.consistency import Mismatch


def mismatches(session: Session, broken: Collection[str] = ()) -> Iterator[Mismatch]:
    """Every election whose recorded acts do not lead to the stage it stands at.

    Reason: ``stage`` (an act was performed out of its place, or the stage was moved without an entry).
    """
    found = session.execute(
        select(Register, Election.stage).join(Election, Election.register_id == Register.id)
    )
    for register, stage in found.all():
        if register.chain not in broken and _stage_by_minutes(session, register.chain) != stage:
            yield Mismatch(register.code, 0, "stage")


def _stage_by_minutes(session: Session, chain: str) -> Stage | None:
    """Where the acts of a chain lead from the beginning; None where one of them could not be done when it was."""
    facts = session.scalars(
        select(AuditEntry.facts)
        .join(Chain, Chain.id == AuditEntry.chain_id)
        .where(Chain.name == chain, AuditEntry.tag == events.ACT_PERFORM)
        .order_by(AuditEntry.sequence)
    )
    stage: Stage | None = Stage.PREPARED
    for recorded in facts:
        if stage is not None:
            stage = WAY.get((stage, ActKind(json.loads(recorded)["act"])))
    return stage
