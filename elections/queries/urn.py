"""What the office sees of an urn: its state, its keys, and who of the trustees has decrypted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elections.ballot import canonical, trustees
from elections.ballot.chain import Kind, read_owned
from elections.ballot.group import BELENIOS_2048
from elections.models.elections import Election
from elections.models.urn import Urn, UrnCredential, UrnEvent
from elections.models.watching import Multiplication
from elections.queries.board import ballots_on


@dataclass(frozen=True, slots=True)
class Part:
    """A trustee, and whether their part was taken."""

    owner: int
    taken: bool


@dataclass(frozen=True, slots=True)
class UrnDesk:
    """Everything on the desk. Hashes are empty before there is something to hash."""

    uuid: str
    state: str
    fingerprint: str
    trustees: str
    credentials: str
    listed: int
    spare: int
    revoked: int
    ballots: int
    head: str
    parts: tuple[Part, ...]
    needed: int
    """How many trustees must decrypt."""
    multiplying: Multiplication | None
    """The multiplying that was ordered, while it is under way."""


def urn_desk(session: Session, code: str) -> UrnDesk | None:
    """The urn of the election called ``code``; None where none was begun."""
    urn = session.scalars(
        select(Urn).join(Election, Election.id == Urn.election_id).where(Election.code == code)
    ).one_or_none()
    if urn is None:
        return None
    by_state = session.execute(
        select(UrnCredential.state, func.count())
        .where(UrnCredential.urn_id == urn.id)
        .group_by(UrnCredential.state)
    )
    counts = {row.state: row[1] for row in by_state}
    taken = {
        read_owned(payload).owner
        for payload in session.scalars(
            select(UrnEvent.payload).where(
                UrnEvent.urn_id == urn.id, UrnEvent.kind == Kind.PARTIAL_DECRYPTION.value
            )
        )
        if payload is not None
    }
    keys = trustees.read_trustees(BELENIOS_2048, urn.trustees) if urn.trustees else ()
    return UrnDesk(
        uuid=urn.uuid,
        state=urn.state,
        fingerprint=canonical.fingerprint(urn.election) if urn.election else "",
        trustees=canonical.digest(urn.trustees) if urn.trustees else "",
        credentials=canonical.digest(urn.credentials) if urn.credentials else "",
        listed=counts.get("listed", 0),
        spare=counts.get("spare", 0),
        revoked=counts.get("revoked", 0),
        ballots=ballots_on(session, urn) if urn.head else 0,
        head=urn.head or "",
        parts=tuple(Part(owner, owner in taken) for owner in trustees.owners(keys)),
        needed=sum(each.needed for each in keys),
        multiplying=session.get(Multiplication, urn.id),
    )
