"""Taking ballots. Proofs are checked outside the transaction, which is short and touches only the urn.

A ballot's event on the board is its audit entry; it has no other, no time, and no row in any other table, so that nothing
joins a voter to a ballot.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.db import db, write
from core.errors import DomainError, NotFound
from elections.ballot import ballots, canonical
from elections.ballot.board import credential_key
from elections.ballot.chain import Kind
from elections.ballot.questions import Election as Asked
from elections.ballot.questions import read_election
from elections.models.urn import Urn, UrnCredential, UrnEvent
from elections.rules.urn import UrnState, check_casting, check_credential, check_size
from elections.services.urn.board import append, lock_urn


@dataclass(frozen=True, slots=True)
class Cast:
    """What a voter is told: the ballot's tracker, its place on the board, and the head of the chain after it."""

    tracker: str
    height: int
    head: str


def cast_ballot(uuid: str, data: bytes) -> Cast:
    """Put a ballot into the urn of the election ``uuid``. The same bytes again give the same answer and count once.

    Raises NotFound, Conflict ``urn_not_open``, ``urn_interrupted`` or ``urn_closed``, DomainError ``ballot_too_long``,
    ``credential_unknown``, ``credential_spare``, ``credential_revoked``, or what ``ballots.check_ballot`` raises.
    """
    session = db.session()
    urn = _urn(session, uuid)
    again = _already(session, urn, data)
    if again is not None:
        return again
    check_casting(UrnState(urn.state), clock.now(), urn.closes_at)
    assert urn.election is not None
    asked = _asked(urn.election)
    check_size(data, asked.questions)
    ballot = ballots.read_ballot(asked, data)
    credential = credential_key(asked.group.write(ballot.credential).encode())
    check_credential(_credential_state(session, urn, credential))
    for fault in ballots.faults(asked, ballot):
        raise DomainError(fault.value)
    return _append(urn.id, data, credential)


def _append(urn_id: int, data: bytes, credential: bytes) -> Cast:
    with write() as session:
        urn = lock_urn(session, urn_id)
        again = _already(session, urn, data)
        if again is not None:
            return again
        check_casting(UrnState(urn.state), clock.now(), urn.closes_at)
        check_credential(_credential_state(session, urn, credential))
        event = append(session, urn, Kind.BALLOT, [data], credential)
        return Cast(canonical.fingerprint(data), event.height, event.digest)


def _urn(session: Session, uuid: str) -> Urn:
    found = session.scalars(select(Urn).where(Urn.uuid == uuid)).one_or_none() if len(uuid) <= 64 else None
    if found is None:
        raise NotFound("urn", uuid[:64])
    return found


def _already(session: Session, urn: Urn, data: bytes) -> Cast | None:
    """The answer that was given, or lost on the way, when these very bytes came before."""
    found = session.scalars(
        select(UrnEvent).where(
            UrnEvent.urn_id == urn.id,
            UrnEvent.kind == Kind.BALLOT.value,
            UrnEvent.payload_digest == canonical.digest(data),
        )
    ).one_or_none()
    return None if found is None else Cast(canonical.fingerprint(data), found.height, found.digest)


def _credential_state(session: Session, urn: Urn, credential: bytes) -> str | None:
    return session.scalar(
        select(UrnCredential.state).where(UrnCredential.urn_id == urn.id, UrnCredential.key == credential)
    )


@lru_cache(maxsize=4)
def _asked(message: bytes) -> Asked:
    """The election with the tables of its key, which cost more than a ballot. Kept by its very bytes."""
    return read_election(message)
