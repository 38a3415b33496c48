"""An archive as a whole: read once from end to end, its chain checked, its ballots found but not opened.

Ballots stay in the file; of each only its place and its credential's hash are kept, so that memory hardly grows with them.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from core.errors import DomainError
from elections.ballot import archive, canonical, chain, trustees
from elections.ballot.chain import Kind
from elections.ballot.credentials import Credential, read_credentials
from elections.ballot.questions import Election, read_election

_CREDENTIAL = re.compile(rb'"credential":"([0-9]{1,1300})"')
_BODIES = {Kind.SETUP: 4, Kind.ENCRYPTED_TALLY: 2, Kind.PARTIAL_DECRYPTION: 2, Kind.RESULT: 1}
"""How many messages stand before an event; before a ballot's its own one."""
BUNDLED = ".bel"
"""How an archive is called where it lies in another file."""
_BEGINNING = 4096  # bytes of a ballot among which its credential stands


class Structure(StrEnum):
    """What can be wrong with an archive's form and order."""

    HEADER = "archive_header"
    """It does not begin with the member BELENIOS, version 1, with the time as a string, canonical."""
    FORM = "archive_form"
    """A tar header or padding is not as written."""
    TIME = "archive_time"
    """A member has another time than the first."""
    NAME = "archive_name"
    """A member is not named by the hash of what it holds."""
    DATA = "archive_data"
    """Before an event there is not exactly the data that it refers to."""
    CANONICAL = "archive_not_canonical"
    """A message other than a ballot is not written canonically."""
    PARENT = "event_parent"
    HEIGHT = "event_height"
    ORDER = "event_order"
    """An event that cannot come after the one before."""
    BALLOT_TWICE = "ballot_twice"
    """The same ballot, to the last byte, stands there twice."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: a code, and where in the archive."""

    code: str
    where: str


KEY = 16
"""Bytes of a short hash. Two things with the same one would take 2**64 tries to find."""


def credential_key(digits: bytes) -> bytes:
    """A short hash of a credential, from its decimal digits."""
    return hashlib.sha256(digits).digest()[:KEY]


@dataclass
class Ballots:
    """Where each ballot lies in the file, and short hashes of it and of the credential that it names."""

    offsets: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("L"))
    credentials: bytearray = field(default_factory=bytearray)
    digests: bytearray = field(default_factory=bytearray)

    def __len__(self) -> int:
        return len(self.offsets)

    def add(self, offset: int, size: int, credential: bytes, digest: str) -> None:
        """One more ballot."""
        self.offsets.append(offset)
        self.sizes.append(size)
        self.credentials += credential
        self.digests += bytes.fromhex(digest)[:KEY]

    def credential(self, at: int) -> bytes:
        """The hash of the credential of the ballot at ``at``, as ``credential_key`` gives it."""
        return bytes(self.credentials[KEY * at : KEY * (at + 1)])

    def repeated(self) -> list[int]:
        """The places of ballots that stand there for the second time, or a further one."""

        def digest(at: int) -> bytes:
            return bytes(self.digests[KEY * at : KEY * (at + 1)])

        order = sorted(range(len(self)), key=digest)
        return sorted(at for before, at in pairwise(order) if digest(before) == digest(at))


@dataclass
class Board:
    """What an archive holds so far."""

    path: Path
    election: Election
    trustees: trustees.Trustees
    credentials: archive.Member
    setup: chain.Setup
    ballots: Ballots
    last: Kind
    head: str
    height: int
    table: bytes | None = None
    sized: chain.SizedTally | None = None
    parts: list[tuple[int, bytes]] = field(default_factory=list)
    result: bytes | None = None
    problems: list[Problem] = field(default_factory=list)

    def public_credentials(self) -> Iterator[Credential]:
        """The published list, read from the file. Raises what ``credentials.read_credentials`` raises."""
        with self.path.open("rb") as stream:
            stream.seek(self.credentials.offset)
            yield from read_credentials(stream, self.credentials.size, self.election.group)


def read_board(path: Path) -> Board:
    """Reads the archive at ``path`` from end to end.

    What is wrong with form and chain is listed in ``problems``. Raises DomainError ``archive_unreadable`` (``at``),
    ``archive_incomplete`` if no election stands in it, or what the readers of its messages raise, where one cannot go on.
    """
    with path.open("rb") as stream:
        reader = _Reader()
        for member in archive.members(stream):
            reader.take(member)
    return reader.board(path)


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.ballots = Ballots()
        self.pending: list[archive.Member] = []
        self.first: archive.Member | None = None
        self.previous: chain.Event | None = None
        self.head = ""
        self.setup: tuple[bytes, bytes, archive.Member, chain.Setup] | None = None
        self.table: bytes | None = None
        self.sized: chain.SizedTally | None = None
        self.parts: list[tuple[int, bytes]] = []
        self.result: bytes | None = None

    def problem(self, code: Structure, where: str) -> None:
        self.problems.append(Problem(code, where))

    def take(self, member: archive.Member) -> None:
        if not member.well_formed:
            self.problem(Structure.FORM, member.name)
        if self.first is None:
            self.first = member
            self._header(member)
            return
        if member.timestamp != self.first.timestamp:
            self.problem(Structure.TIME, member.name)
        suffix = archive.EVENT if member.is_event else archive.DATA
        if member.name != member.digest + suffix:
            self.problem(Structure.NAME, member.name)
        if member.is_event:
            self._event(member)
        else:
            self.pending.append(member)

    def _header(self, member: archive.Member) -> None:
        expected = {"version": 1, "timestamp": str(member.timestamp)}
        if member.name != archive.HEADER or member.body != canonical.write(expected):
            self.problem(Structure.HEADER, member.name)

    def _canonical(self, where: str, body: bytes) -> None:
        if not canonical.is_canonical(body, canonical.read(body)):
            self.problem(Structure.CANONICAL, where)

    def _event(self, member: archive.Member) -> None:
        body = _body(member)
        event = chain.read_event(body)
        where = f"event {event.height}"
        self._canonical(where, body)
        if event.parent != (self.head or None):
            self.problem(Structure.PARENT, where)
        if event.height != (0 if self.previous is None else self.previous.height + 1):
            self.problem(Structure.HEIGHT, where)
        last = None if self.previous is None else self.previous.kind
        if event.kind not in chain.FOLLOWS.get(last, frozenset()):
            self.problem(Structure.ORDER, where)
        pending, self.pending = self.pending, []
        self._payload(event, where, pending)
        self.previous, self.head = event, member.digest

    def _payload(self, event: chain.Event, where: str, pending: list[archive.Member]) -> None:
        if event.kind is Kind.BALLOT:
            self._ballot(event, where, pending)
            return
        refers: list[str] = []
        if event.kind is Kind.SETUP and len(pending) >= 4:
            election, keys, public, last = pending[-4:]
            setup = chain.read_setup(_body(last))
            refers = [setup.election, setup.trustees, setup.credentials]
            self.setup = self.setup or (_body(election), _body(keys), public, setup)
            pending_messages = [each for each in pending if each is not public]
        else:
            pending_messages = pending
        for each in pending_messages:
            self._canonical(each.name, _body(each))
        if event.kind is Kind.ENCRYPTED_TALLY and len(pending) >= 2:
            self.sized = chain.read_sized_tally(_body(pending[-1]))
            self.table = _body(pending[-2])
            refers = [self.sized.tally]
        elif event.kind is Kind.PARTIAL_DECRYPTION and len(pending) >= 2:
            owned = chain.read_owned(_body(pending[-1]))
            self.parts.append((owned.owner, _body(pending[-2])))
            refers = [owned.payload]
        elif event.kind is Kind.RESULT and pending:
            self.result = _body(pending[-1])
        if event.payload is not None:
            refers.append(event.payload)
        digests = [each.digest for each in pending]
        # As many as it needs: without its data an event, and all that follows from it, could not be checked.
        complete = len(pending) == _BODIES.get(event.kind, 0)
        if digests != refers or not complete or (event.payload is None) != (event.kind in chain.NO_PAYLOAD):
            self.problem(Structure.DATA, where)

    def _ballot(self, event: chain.Event, where: str, pending: list[archive.Member]) -> None:
        if [each.digest for each in pending] != [event.payload]:
            self.problem(Structure.DATA, where)
        if not pending:
            return
        ballot = pending[-1]
        found = _CREDENTIAL.search(_body(ballot), 0, _BEGINNING)
        key = credential_key(found.group(1) if found else b"")
        self.ballots.add(ballot.offset, ballot.size, key, ballot.digest)

    def board(self, path: Path) -> Board:
        if self.setup is None or self.previous is None:
            raise DomainError("archive_incomplete")
        if self.pending:
            self.problem(Structure.DATA, self.pending[0].name)
        for at in self.ballots.repeated():
            self.problem(Structure.BALLOT_TWICE, f"ballot {at + 1}")
        election, keys, public, setup = self.setup
        opened = read_election(election)
        return Board(
            path,
            opened,
            trustees.read_trustees(opened.group, keys),
            public,
            setup,
            self.ballots,
            self.previous.kind,
            self.head,
            self.previous.height,
            self.table,
            self.sized,
            self.parts,
            self.result,
            self.problems,
        )


def _body(member: archive.Member) -> bytes:
    """The body of a member that must not be long. Raises DomainError ``archive_unreadable`` (``at``) if it is."""
    if member.body is None:
        raise DomainError("archive_unreadable", at=member.offset)
    return member.body


def missing_events(path: Path, digests: Collection[str]) -> list[str]:
    """Which of these hashes no event in the file at ``path`` has: a head that was written down stays in the chain.

    The archive may lie in a larger tar, such as the audit bundle. Only names are looked at; whether they are true is
    for ``read_board`` to say.
    """
    left = {digest.strip().lower() for digest in digests}
    if left:
        with path.open("rb") as stream:
            while left and (head := stream.read(archive.BLOCK)):
                name = head[:100].rstrip(b"\0").decode("ascii", "replace")
                left.discard(name.removesuffix(archive.EVENT))
                size = head[124:135].split(b"\0")[0]
                if not re.fullmatch(rb"[0-7]*", size):
                    break
                if not name.endswith(BUNDLED):  # that one's members lie inside
                    stream.seek(-(-int(size or b"0", 8) // archive.BLOCK) * archive.BLOCK, 1)
    return sorted(left)


def read_ballots(stream: BinaryIO, places: Iterator[tuple[int, int]]) -> Iterator[bytes]:
    """The bytes of the ballots at the given offsets and sizes."""
    for offset, size in places:
        stream.seek(offset)
        yield stream.read(size)


def prefix_problem(old: Path, new: Path) -> str:
    """Why ``new`` is not ``old`` with something added: a code, or nothing if it is.

    Codes: ``board_shorter`` (events are missing), ``board_changed`` (what stood there was changed).
    """
    size = old.stat().st_size
    if new.stat().st_size < size:
        return "board_shorter"
    with old.open("rb") as before, new.open("rb") as after:
        while chunk := before.read(1 << 20):
            if after.read(len(chunk)) != chunk:
                return "board_changed"
    return ""
