"""The roll for the credential authority: who gets a letter, once, in a file that leaves this machine with a person."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sqlalchemy import select

from core import audit, settings
from core.db import write
from core.errors import DomainError, NotFound
from elections import events
from elections.eligibility.checklists import Verdict
from elections.models.roll import Roll, RollEntry
from elections.sealing import write_private
from elections.services.elections import lock_election
from elections.services.roll.seals import Seals

COLUMNS = ("number", "name", "street", "postcode", "city", "language")
"""As ``answerable credentials make`` reads it."""


def export_for_letters(code: str, file: Path, actor: audit.Actor) -> int:
    """Write everybody who may vote to ``file``, which only its owner can read; return how many. The minutes say so.

    Raises NotFound for an election without a roll or whose roll is deleted, or DomainError ``file_exists``.
    """
    if file.exists():
        raise DomainError("file_exists", file=str(file))
    with write() as session:
        election, register = lock_election(session, code)
        roll = session.scalars(select(Roll).where(Roll.election_id == election.id)).one_or_none()
        if roll is None or roll.deleted_on is not None:
            raise NotFound("roll", code)
        entries = session.execute(
            select(RollEntry.number, RollEntry.sealed)
            .where(
                RollEntry.election_id == election.id,
                RollEntry.verdict == Verdict.MET.value,
                RollEntry.struck_on.is_(None),
            )
            .order_by(RollEntry.number)
        ).all()
        seals = Seals(code)
        out = io.StringIO()
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(COLUMNS)
        town = settings.current().city.best(election.language).text
        for number, sealed in entries:
            who = seals.open(sealed)
            lines.writerow((number, who.name, who.street, who.postcode, who.city or town, who.language))
        write_private(file, out.getvalue().encode("utf-8"))
        facts = {"people": len(entries)}
        audit.append(
            session, register.chain, [audit.Entry(events.ROLL_EXPORT, events.ROLL, roll.id, facts)], actor
        )
        return len(entries)
