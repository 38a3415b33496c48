"""After voting: the end of ballots, their product, the trustees' parts, the result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock, outbox
from core.db import db, write
from core.errors import Conflict, DomainError
from elections import events
from elections.ballot import ballots, canonical, tally, trustees
from elections.ballot.chain import Kind, Owned, SizedTally, read_owned
from elections.ballot.questions import Election as Asked
from elections.ballot.questions import read_election
from elections.models.elections import Election
from elections.models.urn import Urn, UrnEvent
from elections.models.watching import Multiplication
from elections.rules.urn import UrnState
from elections.services.elections import lock_election
from elections.services.urn.board import append, lock_urn
from elections.services.urn.observing import note_head
from elections.services.urn.preparing import urn_of

MULTIPLY = "elections.multiply"
_BATCH = 100
_PAUSE = 2.0  # seconds between two notes of progress


def interrupt_urn(session: Session, election: Election) -> None:
    """No ballot is taken until voting is resumed."""
    _move(session, election, UrnState.OPEN, UrnState.INTERRUPTED)


def resume_urn(session: Session, election: Election) -> None:
    """Ballots are taken again."""
    _move(session, election, UrnState.INTERRUPTED, UrnState.OPEN)


def extend_urn(session: Session, election: Election) -> None:
    """Ballots are taken until the election's new closing moment."""
    known = urn_of(session, election)
    if known is not None:
        lock_urn(session, known.id).closes_at = election.voting_closes_at


def _move(session: Session, election: Election, before: UrnState, after: UrnState) -> None:
    known = urn_of(session, election)
    if known is not None:
        urn = lock_urn(session, known.id)
        if UrnState(urn.state) is not before:
            raise Conflict("urn_state")
        urn.state = after.value


def close_urn(session: Session, election: Election) -> dict[str, object]:
    """The end of ballots, in the transaction that closes voting: what was acknowledged stands before it."""
    known = urn_of(session, election)
    if known is None:
        return {}
    urn = lock_urn(session, known.id)
    if UrnState(urn.state) not in (UrnState.OPEN, UrnState.INTERRUPTED):
        raise Conflict("urn_state")
    event = append(session, urn, Kind.END_BALLOTS)
    urn.state = UrnState.CLOSED.value
    session.flush()
    note_head(session, urn, "closed")
    return {"urn": urn.uuid, "head": event.digest, "ballots": urn.height - 1}


def order_multiplication(code: str, actor: audit.Actor) -> None:
    """Let the ballots be multiplied in the background; asked again, nothing changes.

    One person is enough: closing, which two persons did, has fixed what is multiplied, the product follows from it, and
    anybody can compute it from the board, as every trustee's program does before it decrypts.

    Raises NotFound, ``urn_missing``, or Conflict ``urn_state`` before voting is closed.
    """
    with write() as session:
        election, _register = lock_election(session, code)
        known = urn_of(session, election)
        if known is None:
            raise DomainError("urn_missing")
        urn = lock_urn(session, known.id)
        if UrnState(urn.state) in (UrnState.MULTIPLIED, UrnState.OPENED):
            return
        if UrnState(urn.state) is not UrnState.CLOSED:
            raise Conflict("urn_state")
        if session.get(Multiplication, urn.id) is None:
            ordered = Multiplication(
                urn_id=urn.id,
                asked_on=clock.today(),
                role=actor.role,
                handle=actor.handle,
                done=0,
                total=urn.height - 1,
            )
            session.add(ordered)
            outbox.enqueue(session, MULTIPLY, {"urn": urn.id}, unique=f"{MULTIPLY}:{urn.id}")


def multiply_ordered(urn_id: int) -> None:
    """Multiply what was ordered, as whoever ordered it. Nothing happens if that is done."""
    session = db.session()
    ordered = session.get(Multiplication, urn_id)
    if ordered is None:
        return
    code = session.scalars(
        select(Election.code).join(Urn, Urn.election_id == Election.id).where(Urn.id == urn_id)
    ).one()
    multiply_ballots(code, audit.Actor(ordered.role, ordered.handle), _note)


def _note(urn_id: int, done: int, total: int) -> None:
    with write() as session:
        ordered = session.get(Multiplication, urn_id)
        if ordered is not None:
            ordered.done, ordered.total = done, total
    outbox.still_running()


Note = Callable[[int, int, int], None]
"""Told the urn, how many ballots are multiplied, and how many there are."""


def multiply_ballots(code: str, actor: audit.Actor, note: Note | None = None) -> None:
    """Publish the product of the ballots that count. Safe to run twice: who comes second changes nothing.

    Killed on its way it leaves nothing, and begins anew. Raises NotFound, ``urn_missing``, or Conflict ``urn_state`` before
    voting is closed.
    """
    _election, urn = _found(db.session(), code)
    if UrnState(urn.state) in (UrnState.MULTIPLIED, UrnState.OPENED):
        return
    if UrnState(urn.state) is not UrnState.CLOSED:
        raise Conflict("urn_state")
    asked = _asked(urn)
    urn_id = urn.id
    product = tally.Tally(asked)
    heights = _heights(db.session(), urn_id)
    noted = time.monotonic()
    for at, message in enumerate(_counted(db.session(), urn_id, heights), 1):
        product.add(ballots.read_ballot(asked, message))
        if note is not None and at % _BATCH == 0 and time.monotonic() - noted > _PAUSE:
            note(urn_id, at, len(heights))
            noted = time.monotonic()
    count = len(heights)
    table = tally.write_table(asked.group, product.table)
    sized = SizedTally(count, count, canonical.digest(table)).write()
    with write() as session:
        _election, register = lock_election(session, code)
        urn = lock_urn(session, urn_id)
        ordered = session.get(Multiplication, urn_id)
        if ordered is not None:
            session.delete(ordered)
        if UrnState(urn.state) is not UrnState.CLOSED:
            return
        event = append(session, urn, Kind.ENCRYPTED_TALLY, [table, sized])
        urn.state = UrnState.MULTIPLIED.value
        facts = {"ballots": count, "tally": canonical.digest(table), "head": event.digest}
        audit.append(
            session, register.chain, [audit.Entry(events.URN_MULTIPLY, events.URN, urn.id, facts)], actor
        )


def take_part(code: str, owner: int, part: bytes, actor: audit.Actor) -> bool:
    """Take a trustee's partial decryption; with the last that is needed the result is published too.

    Returns whether the result is there; the same part again gets the same answer. Raises NotFound, ``urn_missing``,
    Conflict ``urn_state`` or ``part_twice``, DomainError ``part_owner``, ``part_wrong``, or what ``tally.read_part``
    raises. What a stranger sends costs little: it ends with its first proof.
    """
    _election, urn = _found(db.session(), code)
    again = _taken(db.session(), urn, owner, part)
    if again is not None:
        return again
    asked = _asked(urn)
    keys = _keys(urn, asked)
    owners = trustees.owners(keys)
    if owner not in owners:
        raise DomainError("part_owner")
    table = _table(db.session(), urn, asked)
    found = tally.read_part(asked, part)
    if not canonical.is_canonical(part, canonical.read(part)):
        raise DomainError("part_wrong")
    if not tally.part_holds(asked, table, owners[owner], found) or not tally.part_is_member(
        asked.group, found
    ):
        raise DomainError("part_wrong")
    with write() as session:
        _election, register = lock_election(session, code)
        urn = lock_urn(session, urn.id)
        again = _taken(session, urn, owner, part)
        if again is not None:
            return again
        parts = _parts(session, urn, asked)
        event = append(
            session, urn, Kind.PARTIAL_DECRYPTION, [part, Owned(owner, canonical.digest(part)).write()]
        )
        entries = [
            audit.Entry(events.URN_TAKE_PART, events.URN, urn.id, {"owner": owner, "head": event.digest})
        ]
        parts[owner] = found
        done = tally.enough(keys, parts)
        if done:
            result = _result(session, urn, asked, keys, table, parts)
            event = append(session, urn, Kind.RESULT, [tally.write_result(result)])
            urn.state = UrnState.OPENED.value
            session.flush()
            note_head(session, urn, "result")
            entries.append(audit.Entry(events.URN_OPEN, events.URN, urn.id, {"head": event.digest}))
        audit.append(session, register.chain, entries, actor)
        return done


def take_handed_part(code: str, data: bytes, actor: audit.Actor) -> bool:
    """As ``take_part``, from the file that a trustee hands in. Raises ``part_other_election`` and what its reader raises."""
    uuid, owner, part = tally.read_handed(data)
    _election, urn = _found(db.session(), code)
    if uuid != urn.uuid:
        raise DomainError("part_other_election")
    return take_part(code, owner, part, actor)


def _taken(session: Session, urn: Urn, owner: int, part: bytes) -> bool | None:
    """The answer that was given when this very part came before; None if it can be taken now.

    Raises Conflict ``part_twice`` for another part of the same trustee, or ``urn_state``.
    """
    rows = session.execute(
        select(UrnEvent.payload, UrnEvent.before).where(
            UrnEvent.urn_id == urn.id, UrnEvent.kind == Kind.PARTIAL_DECRYPTION.value
        )
    )
    before = {read_owned(owned).owner: known for owned, known in rows if owned is not None}
    if owner in before:
        if before[owner] != part:
            raise Conflict("part_twice")
        return UrnState(urn.state) is UrnState.OPENED
    if UrnState(urn.state) is not UrnState.MULTIPLIED:
        raise Conflict("urn_state")
    return None


def _found(session: Session, code: str) -> tuple[Election, Urn]:
    election = session.scalars(select(Election).where(Election.code == code)).one_or_none()
    urn = None if election is None else urn_of(session, election)
    if election is None or urn is None:
        raise DomainError("urn_missing")
    return election, urn


def _asked(urn: Urn) -> Asked:
    assert urn.election is not None
    return read_election(urn.election)


def _keys(urn: Urn, asked: Asked) -> trustees.Trustees:
    assert urn.trustees is not None
    return trustees.read_trustees(asked.group, urn.trustees)


def _heights(session: Session, urn_id: int) -> list[int]:
    """Where the ballots stand that count: of each credential the last."""
    last = (
        select(func.max(UrnEvent.height))
        .where(UrnEvent.urn_id == urn_id, UrnEvent.kind == Kind.BALLOT.value)
        .group_by(UrnEvent.credential)
    )
    return sorted(session.scalars(last).all())


def _counted(session: Session, urn_id: int, heights: Sequence[int]) -> Iterator[bytes]:
    """The ballots at these heights, a batch at a time."""
    for start in range(0, len(heights), _BATCH):
        rows = select(UrnEvent.payload).where(
            UrnEvent.urn_id == urn_id, UrnEvent.height.in_(heights[start : start + _BATCH])
        )
        yield from (payload for payload in session.scalars(rows).all() if payload is not None)


def _table(session: Session, urn: Urn, asked: Asked) -> tally.Table:
    data = session.scalars(
        select(UrnEvent.before).where(UrnEvent.urn_id == urn.id, UrnEvent.kind == Kind.ENCRYPTED_TALLY.value)
    ).one()
    assert data is not None
    return tally.read_table(asked, data)


def _parts(session: Session, urn: Urn, asked: Asked) -> dict[int, tally.PartialDecryption]:
    rows = session.execute(
        select(UrnEvent.payload, UrnEvent.before).where(
            UrnEvent.urn_id == urn.id, UrnEvent.kind == Kind.PARTIAL_DECRYPTION.value
        )
    )
    found = {}
    for owned, part in rows:
        assert owned is not None
        assert part is not None
        found[read_owned(owned).owner] = tally.read_part(asked, part)
    return found


def _result(
    session: Session,
    urn: Urn,
    asked: Asked,
    keys: trustees.Trustees,
    table: tally.Table,
    parts: dict[int, tally.PartialDecryption],
) -> list[list[int]]:
    factors = tally.combine(asked.group, keys, parts)
    most = len(_heights(session, urn.id))
    return tally.numbers(asked.group, tally.opened(asked.group, table, factors), most)
