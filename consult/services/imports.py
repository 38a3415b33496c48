"""Importing submissions from a file: all or nothing, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Submission, Unit
from consult.rules import imports as rules
from consult.rules.imports import ImportedText, ImportMap
from consult.services.drafts import newest_draft
from consult.services.rounds import lock_round
from consult.services.submissions import receive
from core import audit, clock, keys, spreadsheets
from core.db import write
from core.errors import DomainError
from followup.rules import PromiseKind, check_register_open

BATCH = 500


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do: rows of the file, submissions new and already there."""

    rows: int
    new: int
    already_there: int
    dry_run: bool


def import_submissions(
    round_code: str,
    data: bytes,
    mapping: ImportMap,
    actor: audit.Actor,
    *,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ImportReport:
    """Import the texts of a CSV file into a round that is not concluded, each with its number and promise.

    A text that an earlier import brought is passed over. ``progress(done, total)`` is called as rows are written;
    nothing is kept until the last one is. Raises what ``rules.read_rows`` raises, or ``register_concluded``.
    """
    text = spreadsheets.decode(data, mapping.encoding)
    with write() as session:
        found, register = lock_round(session, round_code)
        check_register_open(register.concluded_on, PromiseKind.ANSWER)
        draft = newest_draft(session, found.id)
        if draft is None:
            raise DomainError("draft_missing")
        measures = select(Unit.number, Unit.id).where(Unit.draft_id == draft.id, Unit.kind == "measure")
        units = {unit.number: unit.id for unit in session.execute(measures)}
        texts = rules.read_rows(text, mapping, [str(number) for number in units], clock.today())
        keyed = {_import_key(item): item for item in texts}
        known = _known_keys(session, found.id)
        fresh = [(key, item) for key, item in keyed.items() if key not in known]
        rows = max(item.row for item in texts)
        report = ImportReport(rows, len(fresh), len(texts) - len(fresh), dry_run)
        if dry_run:
            session.rollback()
            return report
        for start in range(0, len(fresh), BATCH):
            batch = [
                replace(item.submission, unit_id=units[item.unit] if item.unit else None, import_key=key)
                for key, item in fresh[start : start + BATCH]
            ]
            receive(session, found, register, batch, actor, release=mapping.publish)
            progress(min(start + BATCH, len(fresh)), len(fresh))
        return report


def _import_key(item: ImportedText) -> str:
    """What identifies a text of a file for good, without telling who wrote it."""
    return keys.mac("import", item.key.encode("utf-8", "surrogatepass")).hex()[:32]


def _known_keys(session: Session, round_id: int) -> set[str]:
    statement = select(Submission.import_key).where(
        Submission.round_id == round_id, Submission.import_key.is_not(None)
    )
    return set(session.scalars(statement))
