"""The public board of an encrypted election: its trackers, its archive, and whether a credential was used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from elections.ballot import archive, canonical
from elections.ballot.chain import Event, Kind, read_setup
from elections.models.elections import Election
from elections.models.urn import Urn, UrnEvent

PAGE = 100
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Board:
    """What everybody sees at a glance."""

    id: int
    uuid: str
    state: str
    head: str | None
    height: int
    ballots: int
    fingerprint: str
    credentials: str
    """The hash of the published list."""


@dataclass(frozen=True, slots=True)
class Line:
    """A ballot on the board."""

    height: int
    tracker: str
    digest: str
    counts: bool
    """Whether no later ballot of the same credential replaced it."""


def find_board(session: Session, code: str) -> Board:
    """The board of the election called ``code``. Raises NotFound where nobody votes online or it has not begun."""
    urn = session.scalars(
        select(Urn).join(Election, Election.id == Urn.election_id).where(Election.code == code)
    ).one_or_none()
    if urn is None or urn.election is None or urn.head is None:
        raise NotFound("board", code)
    count = session.scalar(
        select(func.count()).where(UrnEvent.urn_id == urn.id, UrnEvent.kind == Kind.BALLOT.value)
    )
    fingerprint = canonical.fingerprint(urn.election)
    setup = session.scalars(
        select(UrnEvent.payload).where(UrnEvent.urn_id == urn.id, UrnEvent.height == 0)
    ).one()
    listed = read_setup(setup or b"").credentials
    return Board(urn.id, urn.uuid, urn.state, urn.head, urn.height, count or 0, fingerprint, listed)


def identifier_and_state(session: Session, code: str) -> tuple[str, str] | None:
    """Identifier and state of an election's urn once its board has begun, else None: for what needs no more than that."""
    found = session.execute(
        select(Urn.uuid, Urn.state)
        .join(Election, Election.id == Urn.election_id)
        .where(Election.code == code, Urn.head.is_not(None))
    ).one_or_none()
    return None if found is None else (found.uuid, found.state)


def options_asked(session: Session, board: Board) -> Sequence[str]:
    """Whom the slots of a ballot stand for, after the blank: ids of candidates, or keys of lists."""
    return session.scalars(select(Urn.options).where(Urn.id == board.id)).one()


def published_election(session: Session, board: Board) -> bytes:
    """The election's message, to the byte: what the booth encrypts for."""
    return session.scalars(select(Urn.election).where(Urn.id == board.id)).one() or b""


def published_replacements(session: Session, board: Board) -> bytes:
    """The authority's record of replaced and revoked credentials as it stands. Raises NotFound while there is none."""
    found = session.scalars(select(Urn.replacements).where(Urn.id == board.id)).one()
    if found is None:
        raise NotFound("replacements", board.uuid)
    return found


def list_ballots(session: Session, board: Board, *, below: int | None = None) -> Sequence[Line]:
    """A page of ballots, the latest first; ``below`` is the height of the last one on the page before."""
    later = (
        select(func.max(UrnEvent.height))
        .where(UrnEvent.urn_id == board.id, UrnEvent.kind == Kind.BALLOT.value)
        .group_by(UrnEvent.credential)
    )
    rows = select(UrnEvent.height, UrnEvent.payload_digest, UrnEvent.height.in_(later)).where(
        UrnEvent.urn_id == board.id, UrnEvent.kind == Kind.BALLOT.value
    )
    if below is not None:
        rows = rows.where(UrnEvent.height < below)
    found = session.execute(rows.order_by(UrnEvent.height.desc()).limit(PAGE))
    return [_line(height, digest, counts) for height, digest, counts in found]


def find_ballot(session: Session, board: Board, tracker: str) -> tuple[Line, bytes]:
    """The ballot with this tracker, or whose hash in hexadecimal is given instead. Raises NotFound."""
    digest = tracker
    if not re.fullmatch(r"[0-9a-f]{64}", tracker):
        try:
            digest = canonical.digest_of_fingerprint(tracker)
        except ValueError:
            raise NotFound("ballot", tracker[:64]) from None
    row = session.scalars(
        select(UrnEvent).where(
            UrnEvent.urn_id == board.id,
            UrnEvent.kind == Kind.BALLOT.value,
            UrnEvent.payload_digest == digest,
        )
    ).one_or_none()
    if row is None or row.payload is None:
        raise NotFound("ballot", tracker[:64])
    last = _last_height(session, board, row.credential)
    return _line(row.height, digest, last == row.height), row.payload


def credential_used(session: Session, board: Board, key: bytes) -> Line | None:
    """The ballot that counts of the credential with this short hash, or None if none was cast.

    ``key`` is what ``elections.ballot.board.credential_key`` makes of the credential's digits: the browser derives it from
    a code, and the code is never sent.
    """
    height = _last_height(session, board, key)
    if height is None:
        return None
    digest = session.scalar(
        select(UrnEvent.payload_digest).where(UrnEvent.urn_id == board.id, UrnEvent.height == height)
    )
    return _line(height, digest, True)


def _last_height(session: Session, board: Board, key: bytes | None) -> int | None:
    return session.scalar(
        select(func.max(UrnEvent.height)).where(UrnEvent.urn_id == board.id, UrnEvent.credential == key)
    )


def _line(height: int, digest: str | None, counts: bool) -> Line:
    return Line(height, canonical.fingerprint_of_digest(digest or ""), digest or "", counts)


def archive_parts(session: Session, board: Board) -> Iterator[bytes]:
    """The live archive, member after member, up to the board's head; the same bytes every time, and only ever more."""
    urn = session.scalars(select(Urn).where(Urn.id == board.id)).one()
    yield archive.header(urn.timestamp)
    for start in range(0, board.height + 1, _BATCH):
        rows = session.scalars(
            select(UrnEvent)
            .where(
                UrnEvent.urn_id == board.id,
                UrnEvent.height >= start,
                UrnEvent.height < min(start + _BATCH, board.height + 1),
            )
            .order_by(UrnEvent.height)
        ).all()
        parent = None if start == 0 else _digest_at(session, board, start - 1)
        for row in rows:
            data = [row.before, row.payload]
            if row.kind == Kind.SETUP.value:
                data = [urn.election, urn.trustees, urn.credentials, row.payload]
            for body in data:
                if body is not None:
                    yield archive.data_member(body, urn.timestamp)
            event = Event(parent, row.height, Kind(row.kind), row.payload_digest)
            yield archive.event_member(event.write(), urn.timestamp)
            parent = row.digest
            session.expunge(row)


def _digest_at(session: Session, board: Board, height: int) -> str | None:
    return session.scalar(
        select(UrnEvent.digest).where(UrnEvent.urn_id == board.id, UrnEvent.height == height)
    )
