"""The chain of events: what happened in which order, each event naming the hash of the one before.

Specification of Belenios 2.0, "Public data". An event's data stands before it in the archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO

from core.errors import DomainError
from elections.ballot import archive, canonical


class Kind(StrEnum):
    """What happened."""

    SETUP = "Setup"
    BALLOT = "Ballot"
    END_BALLOTS = "EndBallots"
    ENCRYPTED_TALLY = "EncryptedTally"
    SHUFFLE = "Shuffle"
    END_SHUFFLES = "EndShuffles"
    PARTIAL_DECRYPTION = "PartialDecryption"
    RESULT = "Result"


FOLLOWS: Mapping[Kind | None, frozenset[Kind | None]] = {
    None: frozenset({Kind.SETUP}),
    Kind.SETUP: frozenset({Kind.BALLOT, Kind.END_BALLOTS, None}),
    Kind.BALLOT: frozenset({Kind.BALLOT, Kind.END_BALLOTS, None}),
    Kind.END_BALLOTS: frozenset({Kind.ENCRYPTED_TALLY, None}),
    Kind.ENCRYPTED_TALLY: frozenset({Kind.PARTIAL_DECRYPTION, None}),
    Kind.PARTIAL_DECRYPTION: frozenset({Kind.PARTIAL_DECRYPTION, Kind.RESULT, None}),
    Kind.RESULT: frozenset({None}),
}
"""What may come after what. ``None`` is the start, and the end of what is there so far."""

NO_PAYLOAD = frozenset({Kind.END_BALLOTS, Kind.END_SHUFFLES})


@dataclass(frozen=True, slots=True)
class Event:
    """One link of the chain."""

    parent: str | None
    height: int
    kind: Kind
    payload: str | None

    def write(self) -> bytes:
        """As stored."""
        message: dict[str, Any] = {} if self.parent is None else {"parent": self.parent}
        message |= {"height": self.height, "type": self.kind.value}
        if self.payload is not None:
            message["payload"] = self.payload
        return canonical.write(message)


def read_event(data: bytes) -> Event:
    """An event from its bytes.

    Raises DomainError ``json_unreadable``, ``message_malformed`` or ``event_unknown`` (``type``).
    """
    names = ("parent", "height", "type", "payload")
    found = canonical.fields(canonical.read(data), names, optional=("parent", "payload"))
    kind = canonical.text(found["type"])
    if kind not in {each.value for each in Kind}:
        raise DomainError("event_unknown", type=kind)
    return Event(
        canonical.text(found["parent"]) if "parent" in found else None,
        canonical.whole(found["height"]),
        Kind(kind),
        canonical.text(found["payload"]) if "payload" in found else None,
    )


@dataclass(frozen=True, slots=True)
class Setup:
    """The hashes of what an election begins with."""

    election: str
    trustees: str
    credentials: str

    def write(self) -> bytes:
        """As stored."""
        return canonical.write(
            {"election": self.election, "trustees": self.trustees, "credentials": self.credentials}
        )


def read_setup(data: bytes) -> Setup:
    """Raises DomainError ``json_unreadable`` or ``message_malformed``."""
    found = canonical.fields(canonical.read(data), ("election", "trustees", "credentials"))
    return Setup(*(canonical.text(found[name]) for name in ("election", "trustees", "credentials")))


@dataclass(frozen=True, slots=True)
class SizedTally:
    """How many ballots an encrypted tally holds, their weight, and its hash."""

    ballots: int
    weight: int
    tally: str

    def write(self) -> bytes:
        """As stored."""
        return canonical.write(
            {"num_tallied": self.ballots, "total_weight": self.weight, "encrypted_tally": self.tally}
        )


def read_sized_tally(data: bytes) -> SizedTally:
    """Raises DomainError ``json_unreadable`` or ``message_malformed``."""
    found = canonical.fields(canonical.read(data), ("num_tallied", "total_weight", "encrypted_tally"))
    return SizedTally(
        canonical.whole(found["num_tallied"]),
        canonical.whole(found["total_weight"]),
        canonical.text(found["encrypted_tally"]),
    )


@dataclass(frozen=True, slots=True)
class Owned:
    """A partial decryption's hash and the number of the trustee who made it."""

    owner: int
    payload: str

    def write(self) -> bytes:
        """As stored."""
        return canonical.write({"owner": self.owner, "payload": self.payload})


def read_owned(data: bytes) -> Owned:
    """Raises DomainError ``json_unreadable`` or ``message_malformed``."""
    found = canonical.fields(canonical.read(data), ("owner", "payload"))
    return Owned(canonical.whole(found["owner"], 1), canonical.text(found["payload"]))


class Writer:
    """Writes an archive, event after event.

    ``stream`` takes the bytes; ``timestamp`` is the beginning of the election, in seconds since 1970.
    """

    def __init__(self, stream: BinaryIO, timestamp: int) -> None:
        self._stream = stream
        self._timestamp = timestamp
        self._last: Kind | None = None
        self.head: str | None = None
        self.height = -1
        stream.write(archive.header(timestamp))

    def append(self, kind: Kind, data: Sequence[bytes] = ()) -> Event:
        """One event after its ``data``, the last of which is its payload.

        Raises DomainError ``event_out_of_order`` (``last``, ``type``) if ``kind`` cannot come now.
        """
        if kind not in FOLLOWS[self._last]:
            raise DomainError("event_out_of_order", last=str(self._last), type=kind.value)
        for body in data:
            self._stream.write(archive.data_member(body, self._timestamp))
        payload = canonical.digest(data[-1]) if data else None
        event = Event(self.head, self.height + 1, kind, payload)
        body = event.write()
        self._stream.write(archive.event_member(body, self._timestamp))
        self._last, self.head, self.height = kind, canonical.digest(body), event.height
        return event

    def setup(self, election: bytes, trustees: bytes, credentials: bytes) -> Event:
        """The first event: everything that is fixed before voting."""
        parts = (election, trustees, credentials)
        return self.append(Kind.SETUP, (*parts, Setup(*map(canonical.digest, parts)).write()))

    def ballot(self, ballot: bytes) -> Event:
        """A ballot cast."""
        return self.append(Kind.BALLOT, (ballot,))

    def end_ballots(self) -> Event:
        """Voting is closed."""
        return self.append(Kind.END_BALLOTS)

    def encrypted_tally(self, table: bytes, ballots: int, weight: int) -> Event:
        """The product of the ``ballots`` that count."""
        sized = SizedTally(ballots, weight, canonical.digest(table))
        return self.append(Kind.ENCRYPTED_TALLY, (table, sized.write()))

    def partial_decryption(self, owner: int, part: bytes) -> Event:
        """What the trustee numbered ``owner`` computed."""
        return self.append(Kind.PARTIAL_DECRYPTION, (part, Owned(owner, canonical.digest(part)).write()))

    def result(self, result: bytes) -> Event:
        """The result, after which nothing comes."""
        return self.append(Kind.RESULT, (result,))
