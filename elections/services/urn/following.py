"""Following the credential authority: what it replaced, revoked or gave out later counts from now on."""

from __future__ import annotations

import io

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.db import write
from core.errors import Conflict, DomainError
from elections import events
from elections.ballot.board import credential_key
from elections.ballot.chain import Kind
from elections.ballot.credentials import read_credentials
from elections.ballot.replacements import Record, read_record, standing
from elections.models.urn import Urn, UrnCredential, UrnEvent
from elections.rules.urn import CredentialState, UrnState
from elections.services.elections import lock_election
from elections.services.roll.paper import check_record
from elections.services.urn.board import lock_urn
from elections.services.urn.preparing import apply_entries, urn_of


def follow_replacements(code: str, data: bytes, actor: audit.Actor) -> int:
    """Take the authority's public record; return how many entries are new. It is published as it is.

    Refused once ballots are no longer taken, and for an entry that takes away a credential with a ballot on the board:
    nobody can be voted out of the urn. Raises NotFound, ``urn_missing``, Conflict ``urn_state``, ``replacements_other``,
    ``replacement_voted`` (``number``), or what ``read_record``, ``standing`` and ``paper.check_struck`` raise.
    """
    record = read_record(data)
    with write() as session:
        election, register = lock_election(session, code)
        known = urn_of(session, election)
        if known is None:
            raise DomainError("urn_missing")
        urn = lock_urn(session, known.id)
        if UrnState(urn.state) not in (UrnState.PREPARED, UrnState.OPEN, UrnState.INTERRUPTED):
            raise Conflict("urn_state")
        before = read_record(urn.replacements) if urn.replacements else Record(urn.uuid)
        if record.election != urn.uuid or not before.begins(record):
            raise DomainError("replacements_other")
        fresh = record.entries[len(before.entries) :]
        for entry in fresh:
            if entry.old and _voted(session, urn, entry.old):
                raise DomainError("replacement_voted", number=entry.number)
        _check_whole(session, urn, record)
        check_record(session, election, urn, before, record)
        apply_entries(session, urn, fresh)
        urn.replacements = data
        facts = {"entries": len(record.entries), "head": record.head()}
        audit.append(
            session,
            register.chain,
            [audit.Entry(events.CREDENTIAL_REPLACE, events.URN, urn.id, facts)],
            actor,
        )
        return len(fresh)


def _check_whole(session: Session, urn: Urn, record: Record) -> None:
    """Whether every entry takes and brings what it may. Raises what ``standing`` raises."""
    assert urn.credentials is not None
    listed = [
        str(each.element) for each in read_credentials(io.BytesIO(urn.credentials), len(urn.credentials))
    ]
    spare = set(
        session.scalars(
            select(UrnCredential.key).where(
                UrnCredential.urn_id == urn.id, UrnCredential.state == CredentialState.SPARE.value
            )
        )
    )
    earlier = read_record(urn.replacements) if urn.replacements else Record(urn.uuid)
    given = {entry.new for entry in earlier.entries if entry.new}
    spares = [each for each in listed if each in given or credential_key(each.encode()) in spare]
    standing(record, listed, spares)


def _voted(session: Session, urn: Urn, number: str) -> bool:
    return (
        session.scalar(
            select(UrnEvent.height)
            .where(
                UrnEvent.urn_id == urn.id,
                UrnEvent.kind == Kind.BALLOT.value,
                UrnEvent.credential == credential_key(number.encode()),
            )
            .limit(1)
        )
        is not None
    )
