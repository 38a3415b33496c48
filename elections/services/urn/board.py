"""Appending to the board: the only place that writes events. The urn's row is locked, so there is one head."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from elections.ballot import canonical
from elections.ballot.chain import Event, Kind
from elections.models.urn import Urn, UrnEvent


def lock_urn(session: Session, urn_id: int) -> Urn:
    """The urn, locked until the transaction ends. Raises NotFound."""
    found = session.scalars(
        select(Urn).where(Urn.id == urn_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound("urn", urn_id)
    return found


def append(
    session: Session, urn: Urn, kind: Kind, data: Sequence[bytes] = (), credential: bytes | None = None
) -> UrnEvent:
    """One event after the head of the locked ``urn``, with the ``data`` that stands before it, its payload last."""
    payload = data[-1] if data else None
    payload_digest = canonical.digest(payload) if payload is not None else None
    event = Event(urn.head, urn.height + 1, kind, payload_digest)
    digest = canonical.digest(event.write())
    row = UrnEvent(
        urn_id=urn.id,
        height=event.height,
        kind=kind.value,
        digest=digest,
        payload_digest=payload_digest,
        payload=payload,
        before=data[-2] if len(data) == 2 else None,
        credential=credential,
    )
    session.add(row)
    urn.head, urn.height = digest, event.height
    return row
