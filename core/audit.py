"""The audit chains: numbered, hash-linked entries that nobody can change, drop or reorder unnoticed.

There is one chain per round (later: per election, per council) and one for accounts. A chain's numbered public view
is its register. An entry keeps the day, the acting role, a tag such as ``consult:submission:receive``, the subject,
small public facts, and, where there is text, only a *commitment* to it: SHA-256 over a random salt and the content.
Content and salt live with the subject, so a text can be erased by law and the chain still verifies.

An entry's hash covers everything in it and the hash before it; any published hash is therefore an anchor for all
that came before. Triggers refuse UPDATE and DELETE on both tables' history.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.db import Model, insert_rows

GENESIS = "0" * 64


class Chain(Model):
    """One chain and its head."""

    __tablename__ = "core_audit_chain"
    __table_args__ = (CheckConstraint("length >= 0", name="length_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    length: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(default=GENESIS)


class AuditEntry(Model):
    """One link. ``facts`` is the canonical JSON text that was hashed, kept to the byte."""

    __tablename__ = "core_audit_entry"
    __table_args__ = (
        UniqueConstraint("chain_id", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence_from_one"),
        Index("ix_core_audit_entry_subject", "subject_kind", "subject_id"),
        Index("ix_core_audit_entry_entry_hash", "entry_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("core_audit_chain.id"))
    sequence: Mapped[int]
    day: Mapped[date]
    role: Mapped[str]
    actor: Mapped[str | None]
    tag: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    facts: Mapped[str]
    commitment: Mapped[str | None]
    previous_hash: Mapped[str]
    entry_hash: Mapped[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a role, and for staff the account's public handle. Residents have none.

    ``account_id`` is for the verbs alone (who may approve what); it is neither recorded nor hashed.
    """

    role: str
    handle: str | None = None
    account_id: int = 0

    def by_role(self) -> Actor:
        """The same person, recorded by role alone: for what nobody may trace to them."""
        return Actor(self.role, account_id=self.account_id)


RESIDENT = Actor("resident")
SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a verb wants recorded. ``facts`` must hold nothing personal and only JSON values."""

    tag: str
    subject_kind: str
    subject_id: int
    facts: Mapping[str, object] = field(default_factory=dict)
    commitment: str | None = None


def canonical(value: object) -> str:
    """The one JSON text of ``value``: sorted keys, no blanks, no escapes beyond JSON's own."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def new_salt() -> bytes:
    """128 random bits, so that a short text cannot be guessed from its commitment."""
    return secrets.token_bytes(16)


def commit_to(salt: bytes, content: object) -> str:
    """The commitment (hexadecimal SHA-256) to ``content``, a JSON value, under ``salt``."""
    return hashlib.sha256(salt + canonical(content).encode("utf-8")).hexdigest()


def entry_hash(
    chain: str,
    sequence: int,
    day: date,
    actor: Actor,
    tag: str,
    subject: str,
    facts: str,
    commitment: str | None,
    previous: str,
) -> str:
    """The hash of one entry: SHA-256 over the canonical JSON list of its parts, in this order."""
    parts = [
        chain,
        sequence,
        day.isoformat(),
        actor.role,
        actor.handle,
        tag,
        subject,
        facts,
        commitment,
        previous,
    ]
    return hashlib.sha256(canonical(parts).encode("utf-8")).hexdigest()


def append(session: Session, chain: str, entries: Sequence[Entry], actor: Actor = SYSTEM) -> list[str]:
    """Add ``entries`` to the chain called ``chain`` inside the caller's transaction; return their hashes.

    Call it last: it locks the chain's head until the transaction ends.
    """
    link = session.scalars(select(Chain).where(Chain.name == chain).with_for_update()).one_or_none()
    if link is None:
        link = Chain(name=chain, length=0, head=GENESIS)
        session.add(link)
        session.flush()
    day, previous, sequence = clock.today(), link.head, link.length
    rows: list[dict[str, object]] = []
    hashes: list[str] = []
    for entry in entries:
        sequence += 1
        facts = canonical(dict(entry.facts))
        subject = f"{entry.subject_kind}:{entry.subject_id}"
        current = entry_hash(
            chain, sequence, day, actor, entry.tag, subject, facts, entry.commitment, previous
        )
        rows.append(
            {
                "chain_id": link.id,
                "sequence": sequence,
                "day": day,
                "role": actor.role,
                "actor": actor.handle,
                "tag": entry.tag,
                "subject_kind": entry.subject_kind,
                "subject_id": entry.subject_id,
                "facts": facts,
                "commitment": entry.commitment,
                "previous_hash": previous,
                "entry_hash": current,
            }
        )
        hashes.append(current)
        previous = current
    if rows:
        insert_rows(session, AuditEntry, rows)
        session.execute(update(Chain).where(Chain.id == link.id).values(length=sequence, head=previous))
        session.expire(link)
    return hashes


# Recomputing --------------------------------------------------------------------------------------------------------

ERASED = "erased"
Source = Callable[[Session, Sequence[int]], Mapping[int, str]]
"""For one kind of subject: ids in, commitments recomputed from what is stored out; ``ERASED`` where text and salt
were lawfully erased; an id that is missing from the answer no longer exists."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong in a chain: which entry (0 for the chain as a whole) and a code saying how."""

    chain: str
    sequence: int
    code: str


@dataclass(frozen=True, slots=True)
class Account:
    """What ``verify`` found in one chain."""

    chain: str
    length: int
    head: str
    fault: Fault | None


def verify(
    session: Session, sources: Mapping[str, Source], anchors: Iterable[str] = (), batch: int = 1000
) -> tuple[list[Account], list[str]]:
    """Recompute every chain; return an account per chain and the ``anchors`` that no sound entry carries.

    Fault codes: ``sequence`` (an entry is missing or out of order), ``link`` (previous hash differs), ``hash`` (the
    entry was changed), ``length`` and ``head`` (the chain's end was cut or rewritten), ``content`` (the text differs
    from its commitment), ``missing`` (the text is gone without an entry that erased it).
    """
    wanted = {anchor.strip().lower() for anchor in anchors}
    accounts = []
    for chain in session.scalars(select(Chain).order_by(Chain.id)):
        fault, seen = _verify_chain(session, chain, sources, batch, wanted)
        wanted -= seen
        accounts.append(Account(chain.name, chain.length, chain.head, fault))
    return accounts, sorted(wanted)


def _verify_chain(
    session: Session, chain: Chain, sources: Mapping[str, Source], batch: int, wanted: set[str]
) -> tuple[Fault | None, set[str]]:
    previous, expected, seen = GENESIS, 0, set[str]()
    for rows in _batches(session, chain.id, batch):
        contents = _check_contents(session, chain, rows, sources)
        for row in rows:
            expected += 1
            actor = Actor(row.role, row.actor)
            subject = f"{row.subject_kind}:{row.subject_id}"
            computed = entry_hash(
                chain.name,
                row.sequence,
                row.day,
                actor,
                row.tag,
                subject,
                row.facts,
                row.commitment,
                previous,
            )
            for wrong, code in (
                (row.sequence != expected, "sequence"),
                (row.previous_hash != previous, "link"),
                (row.entry_hash != computed, "hash"),
                (row.sequence in contents, contents.get(row.sequence, "")),
            ):
                if wrong:
                    return Fault(chain.name, expected, code), seen
            previous = computed
            if computed in wanted:
                seen.add(computed)
    if expected != chain.length:
        return Fault(chain.name, expected + 1 if expected < chain.length else expected, "length"), seen
    if previous != chain.head:
        return Fault(chain.name, expected, "head"), seen
    return None, seen


def _batches(session: Session, chain_id: int, size: int) -> Iterator[Sequence[AuditEntry]]:
    after = -1
    while True:
        rows = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.chain_id == chain_id, AuditEntry.sequence > after)
            .order_by(AuditEntry.sequence)
            .limit(size)
        ).all()
        if not rows:
            return
        yield rows
        after = rows[-1].sequence
        session.expunge_all()


def _check_contents(
    session: Session, chain: Chain, rows: Sequence[AuditEntry], sources: Mapping[str, Source]
) -> dict[int, str]:
    """Fault codes by sequence for the entries of ``rows`` whose text no longer fits its commitment."""
    faults: dict[int, str] = {}
    for kind in {row.subject_kind for row in rows if row.commitment and row.subject_kind in sources}:
        committed = [row for row in rows if row.commitment and row.subject_kind == kind]
        found = sources[kind](session, [row.subject_id for row in committed])
        for row in committed:
            commitment = found.get(row.subject_id)
            if commitment == row.commitment:
                continue
            if commitment == ERASED and _was_erased(session, chain.id, row):
                continue
            faults[row.sequence] = "missing" if commitment in (None, ERASED) else "content"
    return faults


def _was_erased(session: Session, chain_id: int, row: AuditEntry) -> bool:
    statement = select(func.count()).where(
        AuditEntry.chain_id == chain_id,
        AuditEntry.subject_kind == row.subject_kind,
        AuditEntry.subject_id == row.subject_id,
        AuditEntry.tag.like("%:erase"),
    )
    return bool(session.scalar(statement))
