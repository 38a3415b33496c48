"""Reading a register's audit chain: its head, all of it, one number's entries, the newest of some kinds."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, select
from sqlalchemy.orm import Session

from core.audit import GENESIS, AuditEntry, Chain

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: how many entries it has and the hash of the last one."""

    name: str
    length: int
    hash: str


@dataclass(frozen=True, slots=True)
class Link:
    """One entry, with everything that its hash is made from."""

    sequence: int
    day: date
    role: str
    actor: str | None
    tag: str
    subject_kind: str
    subject_id: int
    facts_text: str
    commitment: str | None
    previous_hash: str
    entry_hash: str

    @property
    def subject(self) -> tuple[str, int]:
        return (self.subject_kind, self.subject_id)

    @property
    def facts(self) -> dict[str, Any]:
        """What was recorded; nothing if somebody made it unreadable, which the audit check finds."""
        try:
            found = json.loads(self.facts_text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def numbers(self) -> list[int]:
        """The register numbers that the entry is about."""
        facts = self.facts
        if isinstance(facts.get("number"), int):
            return [facts["number"]]
        return [number for number in facts.get("numbers", ()) if isinstance(number, int)]

    @property
    def writers(self) -> list[str]:
        """The handles of those who wrote the answer that the entry is about; none before these were recorded."""
        found = self.facts.get("writers")
        return [str(handle) for handle in found] if isinstance(found, list) else []

    @property
    def approver(self) -> str:
        """The handle of whoever approved the answer that the entry is about, if it says so."""
        return str(self.facts.get("approver") or "")


def head(session: Session, chain: str) -> Head:
    """The chain's end; an empty one for a chain that nobody wrote to yet."""
    row = session.execute(select(Chain.length, Chain.head).where(Chain.name == chain)).one_or_none()
    return Head(chain, row.length, row.head) if row else Head(chain, 0, GENESIS)


def links(session: Session, chain: str) -> Iterator[Link]:
    """The whole chain from its first entry, read in batches."""
    after = 0
    while True:
        batch = _read(session, _links(chain).where(AuditEntry.sequence > after).limit(_BATCH))
        if not batch:
            return
        yield from batch
        after = batch[-1].sequence


def newest(session: Session, chain: str, tags: Collection[str], limit: int) -> list[Link]:
    """The last entries with one of ``tags``, newest first."""
    wanted = _links(chain).where(AuditEntry.tag.in_(tags)).order_by(None)
    return _read(session, wanted.order_by(AuditEntry.sequence.desc()).limit(limit))


def of_subjects(session: Session, chain: str, subjects: Sequence[tuple[str, int]]) -> list[Link]:
    """What was recorded about these (kind, id), in order."""
    found: list[Link] = []
    for kind in dict(subjects):
        ids = [id for other, id in subjects if other == kind]
        # Sorted below: asked for in order, SQLite would read the whole chain along its other index.
        wanted = _links(chain).where(AuditEntry.subject_kind == kind, AuditEntry.subject_id.in_(ids))
        found += _read(session, wanted.order_by(None))
    return sorted(found, key=lambda link: link.sequence)


def at(session: Session, chain: str, sequence: int) -> Link | None:
    """The entry at this place, if there is one."""
    found = _read(session, _links(chain).where(AuditEntry.sequence == sequence).limit(1))
    return found[0] if found else None


def by_hash(session: Session, chain: str, entry_hash: str) -> Link | None:
    """The entry with this hash, if the chain has one."""
    found = _read(session, _links(chain).where(AuditEntry.entry_hash == entry_hash).limit(1))
    return found[0] if found else None


def _links(chain: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            AuditEntry.sequence,
            AuditEntry.day,
            AuditEntry.role,
            AuditEntry.actor,
            AuditEntry.tag,
            AuditEntry.subject_kind,
            AuditEntry.subject_id,
            AuditEntry.facts,
            AuditEntry.commitment,
            AuditEntry.previous_hash,
            AuditEntry.entry_hash,
        )
        .where(AuditEntry.chain_id == _id_of(chain).c.id)
        .order_by(AuditEntry.sequence)
    )


def _id_of(chain: str) -> Subquery:
    return select(Chain.id).where(Chain.name == chain).subquery()


def _read(session: Session, wanted: Select[*tuple[Any, ...]]) -> list[Link]:
    return [Link(*row) for row in session.execute(wanted)]
