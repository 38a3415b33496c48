"""The archive: one file of an election's public data, to which things are only ever added.

Specification of Belenios 2.0, "Public data"; the tar headers as its ``archive`` commands write them: plain blocks of 512
bytes, mode 0000644, owner and group 0000000, type 0, one time throughout, no end-of-archive blocks. A file of any other
form is not an archive, so that one election has one sequence of bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.errors import DomainError
from elections.ballot import canonical

BLOCK = 512
HEADER = "BELENIOS"
DATA = ".data.json"
EVENT = ".event.json"
LARGEST = 1024 * 1024 * 1024
"""Bytes of one member: the credentials of 100,000 people take 62 MB."""
KEPT = 4 * 1024 * 1024
"""Bytes up to which a member is read at once. Only a list of credentials is longer."""


def member(name: str, body: bytes, timestamp: int) -> bytes:
    """The blocks of one member. ``timestamp`` in seconds since 1970."""
    return _header(name, len(body), timestamp) + body + bytes(-len(body) % BLOCK)


def _header(name: str, size: int, timestamp: int) -> bytes:
    head = bytearray(BLOCK)
    head[0 : len(name)] = name.encode("ascii")
    head[100:107] = b"0000644"
    head[108:115] = b"0000000"
    head[116:123] = b"0000000"
    head[124:135] = f"{size:011o}".encode("ascii")
    head[136:147] = f"{timestamp:011o}".encode("ascii")
    head[148:156] = b" " * 8
    head[156:157] = b"0"
    head[148:155] = f"{sum(head):06o}".encode("ascii") + b"\0"
    return bytes(head)


def header(timestamp: int) -> bytes:
    """The first member, with which every archive begins."""
    return member(HEADER, canonical.write({"version": 1, "timestamp": str(timestamp)}), timestamp)


def data_member(body: bytes, timestamp: int) -> bytes:
    """A member that holds data, named by its hash."""
    return member(canonical.digest(body) + DATA, body, timestamp)


def event_member(body: bytes, timestamp: int) -> bytes:
    """A member that holds an event, named by its hash."""
    return member(canonical.digest(body) + EVENT, body, timestamp)


@dataclass(frozen=True, slots=True)
class Member:
    """A member found in an archive."""

    name: str
    offset: int
    """Where its body begins, in bytes."""
    size: int
    """Bytes of its body."""
    timestamp: int
    well_formed: bool
    """Whether header and padding are as ``member`` writes them."""
    digest: str
    """The hash of its body, whatever its name says."""
    body: bytes | None
    """Its body, unless it is longer than ``KEPT``."""

    @property
    def is_event(self) -> bool:
        return self.name.endswith(EVENT)


def members(stream: BinaryIO) -> Iterator[Member]:
    """Every member, one after the other, from the start of ``stream``.

    Raises DomainError ``archive_unreadable`` (``at``: byte offset) where no member can be found.
    """
    offset = 0
    while head := stream.read(BLOCK):
        name, size, timestamp = _read_header(head, offset)
        body = stream.read(size) if size <= KEPT else None
        digest = canonical.digest(body) if body is not None else _digest(stream, size)
        padding = stream.read(-size % BLOCK)
        if (body is not None and len(body) < size) or len(padding) < -size % BLOCK:
            raise DomainError("archive_unreadable", at=offset)
        well_formed = head == _header(name, size, timestamp) and not any(padding)
        yield Member(name, offset + BLOCK, size, timestamp, well_formed, digest, body)
        offset += BLOCK + size + len(padding)


def _digest(stream: BinaryIO, size: int) -> str:
    found = hashlib.sha256()
    while size and (chunk := stream.read(min(size, KEPT))):
        found.update(chunk)
        size -= len(chunk)
    return found.hexdigest()


def _read_header(head: bytes, offset: int) -> tuple[str, int, int]:
    try:
        name = head[:100].rstrip(b"\0").decode("ascii")
        size = int(head[124:135], 8)
        timestamp = int(head[136:147], 8)
    except ValueError:
        raise DomainError("archive_unreadable", at=offset) from None
    if len(head) < BLOCK or not name or not 0 <= size <= LARGEST or timestamp < 0:
        raise DomainError("archive_unreadable", at=offset)
    return name, size, timestamp
