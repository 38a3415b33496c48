"""The public board of an encrypted election: its trackers, its archive, and whether a credential was used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from elections.ballot import archive, canonical
from elections.ballot.board import credential_key
from elections.ballot.chain import Event, Kind, read_setup
from elections.ballot.replacements import read_record
from elections.models.elections import Election
from elections.models.urn import Urn, UrnCredential, UrnEvent, UrnSetup
from elections.rules.urn import CredentialState, UrnState

PAGE = 100
_BATCH = 50
_SIGNATURE = 2048  # bytes at a ballot's end, among which its signature stands
_SEAL = re.compile(rb'"signature":\{"hash":"([A-Za-z0-9+/]{43})"')


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
    fingerprint = canonical.fingerprint(urn.election)
    setup = session.scalars(
        select(UrnEvent.payload).where(UrnEvent.urn_id == urn.id, UrnEvent.height == 0)
    ).one()
    listed = read_setup(setup or b"").credentials
    return Board(
        urn.id, urn.uuid, urn.state, urn.head, urn.height, ballots_on(session, urn), fingerprint, listed
    )


def ballots_on(session: Session, urn: Urn) -> int:
    """How many ballots are on the board, without counting them: all events between the first and the end of voting."""
    if UrnState(urn.state) in (UrnState.OPEN, UrnState.INTERRUPTED):
        return urn.height
    end = session.scalar(
        select(UrnEvent.height).where(UrnEvent.urn_id == urn.id, UrnEvent.kind == Kind.END_BALLOTS.value)
    )
    return max((end or 0) - 1, 0)


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
    found = _record(session, board)
    if found is None:
        raise NotFound("replacements", board.uuid)
    return found


def _record(session: Session, board: Board) -> bytes | None:
    return session.scalar(select(UrnSetup.replacements).where(UrnSetup.urn_id == board.id))


def list_ballots(
    session: Session, board: Board, *, below: int | None = None, above: int | None = None
) -> Sequence[Line]:
    """A page of ballots, the latest first: those before the height ``below``, or the next after the height ``above``.

    Only the rows of the page are read, and of each the last ballot of its credential.
    """
    rows = select(UrnEvent.height, UrnEvent.payload_digest, UrnEvent.credential).where(
        UrnEvent.urn_id == board.id,
        UrnEvent.height >= 1,
        UrnEvent.height <= board.ballots,
    )
    if above is not None:
        rows = rows.where(UrnEvent.height > above).order_by(UrnEvent.height).limit(PAGE)
    else:
        if below is not None:
            rows = rows.where(UrnEvent.height < below)
        rows = rows.order_by(UrnEvent.height.desc()).limit(PAGE)
    found = sorted(session.execute(rows).all(), reverse=True)
    last = set(
        session.scalars(
            select(func.max(UrnEvent.height))
            .where(UrnEvent.urn_id == board.id, UrnEvent.credential.in_({row.credential for row in found}))
            .group_by(UrnEvent.credential)
        )
    )
    return [_line(row.height, row.payload_digest, row.height in last) for row in found]


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


def seal_of(ballot: bytes) -> str:
    """The ballot's seal, which the booth shows before the voter decides: the hash that its signature signs."""
    found = _SEAL.search(ballot[-_SIGNATURE:])
    return found[1].decode("ascii") if found else ""


@dataclass(frozen=True, slots=True)
class CodeUse:
    """What became of a code. ``state`` is None where its credential is not on the list."""

    state: CredentialState | None
    replaced: bool
    """Whether another code was given out instead of it."""
    line: Line | None
    """Its ballot that counts, if one was cast."""


def find_use(session: Session, board: Board, key: bytes) -> CodeUse:
    """What became of the credential with this short hash, of which whoever asks must know the code.

    ``key`` is what ``elections.ballot.board.credential_key`` makes of the credential's digits: the browser derives it from
    a code, and the code is never sent.
    """
    state = session.scalar(
        select(UrnCredential.state).where(UrnCredential.urn_id == board.id, UrnCredential.key == key)
    )
    if state is None:
        return CodeUse(None, False, None)
    replaced = False
    if state == CredentialState.REVOKED:
        record = _record(session, board)
        entries = read_record(record).entries if record else ()
        replaced = any(each.new and credential_key(each.old.encode()) == key for each in entries if each.old)
    height = _last_height(session, board, key)
    line = None
    if height is not None:
        digest = session.scalar(
            select(UrnEvent.payload_digest).where(UrnEvent.urn_id == board.id, UrnEvent.height == height)
        )
        line = _line(height, digest, True)
    return CodeUse(CredentialState(state), replaced, line)


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
