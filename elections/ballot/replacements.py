"""What became of credentials after the list was published: a public record that anybody can follow.

The record is JSON: ``{"election": UUID, "entries": [...]}``. Each entry has ``number`` (from 1), ``day`` (YYYY-MM-DD),
``kind``, the credential ``old`` that counts no longer and the spare ``new`` that counts from now on, as far as the kind
has them, a ``reason`` where something is revoked, and ``before``: the SHA-256 of the entry before, written canonically; of
the first, of ``{"election": UUID}``. So no entry can be changed or left out once a later one was seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from core.errors import DomainError
from elections.ballot import canonical


class Change(StrEnum):
    """What an entry says."""

    REPLACED = "replaced"
    """The letter was lost: the old credential counts no longer, a spare counts instead."""
    REVOKED = "revoked"
    """The credential counts no longer."""
    ADDED = "added"
    """Somebody came on the roll later: a spare counts."""


class Reason(StrEnum):
    """Why a credential was revoked. No free text: it could name somebody."""

    STRUCK = "struck"
    """Struck from the roll."""
    PAPER = "paper"
    """Votes on paper."""


NAMES = {
    Change.REPLACED: ("old", "new"),
    Change.REVOKED: ("old", "reason"),
    Change.ADDED: ("new",),
}
"""What an entry holds besides number, day, kind and the hash before."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record. Credentials are written as on the published list."""

    number: int
    day: date
    kind: Change
    before: str
    old: str = ""
    new: str = ""
    reason: str = ""

    def plain(self) -> dict[str, Any]:
        """As it stands in the record."""
        held = {name: str(getattr(self, name)) for name in NAMES[self.kind]}
        head = {"number": self.number, "day": self.day.isoformat(), "kind": self.kind.value}
        return head | held | {"before": self.before}

    def digest(self) -> str:
        """What the next entry names."""
        return canonical.digest(canonical.write(self.plain()))


@dataclass(frozen=True, slots=True)
class Record:
    """All entries of an election, in their order."""

    election: str
    entries: tuple[Entry, ...] = ()

    def head(self) -> str:
        """The hash that the next entry has to name."""
        if self.entries:
            return self.entries[-1].digest()
        return hashlib.sha256(canonical.write({"election": self.election})).hexdigest()

    def added(self, day: date, kind: Change, *, old: str = "", new: str = "", reason: str = "") -> Record:
        """This record with one entry more."""
        entry = Entry(len(self.entries) + 1, day, kind, self.head(), old, new, reason)
        return Record(self.election, (*self.entries, entry))

    def begins(self, later: Record) -> bool:
        """Whether ``later`` is this record with something added, or the same."""
        return self.election == later.election and self.entries == later.entries[: len(self.entries)]

    def write(self) -> bytes:
        """As it is published, an entry on each line."""
        lines = ",\n".join(canonical.write_text(entry.plain()) for entry in self.entries)
        head = canonical.write_text(self.election)
        return f'{{"election":{head},"entries":[\n{lines}\n]}}\n'.encode()


def read_record(data: bytes) -> Record:
    """A published record, its chain checked.

    Raises DomainError ``record_unreadable`` if it is none, ``record_broken`` (``number``) at the first entry that does not
    follow from the one before.
    """
    try:
        found = canonical.fields(canonical.read(data), ("election", "entries"))
        record = Record(canonical.text(found["election"]))
        entries = [_read_entry(each) for each in canonical.items(found["entries"])]
    except (DomainError, ValueError):
        raise DomainError("record_unreadable") from None
    for number, entry in enumerate(entries, start=1):
        if (entry.number, entry.before) != (number, record.head()):
            raise DomainError("record_broken", number=number)
        record = Record(record.election, (*record.entries, entry))
    return record


def _read_entry(value: object) -> Entry:
    kind = Change(canonical.text(value["kind"])) if isinstance(value, dict) and "kind" in value else None
    if kind is None:
        raise DomainError("record_unreadable")
    found = canonical.fields(value, ("number", "day", "kind", *NAMES[kind], "before"))
    held = {name: canonical.text(found[name]) for name in NAMES[kind]}
    if "reason" in held:
        held["reason"] = Reason(held["reason"])
    day = date.fromisoformat(canonical.text(found["day"]))
    return Entry(canonical.whole(found["number"], 1), day, kind, canonical.text(found["before"]), **held)


def standing(record: Record, listed: Collection[str], spares: Sequence[str]) -> set[str]:
    """The credentials that may cast after the last entry: those ``listed``, but for ``spares`` that no entry names.

    Raises DomainError ``record_impossible`` (``number``) at the first entry that takes away what does not count, or brings
    what is no spare or was named before.
    """
    waiting = set(spares)
    counting = set(listed) - waiting
    for entry in record.entries:
        if (entry.old and entry.old not in counting) or (entry.new and entry.new not in waiting):
            raise DomainError("record_impossible", number=entry.number)
        counting.discard(entry.old)
        waiting.discard(entry.new)
        if entry.new:
            counting.add(entry.new)
    return counting
