"""What the office sees of an urn: its state, its keys, and who of the trustees has decrypted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import DomainError, NotFound
from elections.ballot import canonical, trustees
from elections.ballot.chain import Kind, read_owned, read_sized_tally
from elections.ballot.group import BELENIOS_2048
from elections.ballot.questions import check_method
from elections.models.elections import Election
from elections.models.urn import Urn, UrnCredential, UrnEvent, UrnTrustee
from elections.models.watching import Multiplication
from elections.queries.board import ballots_on
from elections.queries.tallies import rules_of
from elections.rules.urn import UrnState


@dataclass(frozen=True, slots=True)
class TrusteeLine:
    """A trustee, as everybody may see them."""

    number: int
    name: str
    fingerprint: str
    """Of the key; empty until it is handed in."""
    turn: int
    """Which key may be handed in at this place, counted from 1; 0 where none is collected."""
    decrypted: bool
    """Whether their part was taken."""


@dataclass(frozen=True, slots=True)
class Ceremony:
    """Where the trustees are, from the first key to the last part."""

    uuid: str
    state: str
    fixed: bool
    """Whether the keys are part of the election already."""
    trustees: tuple[TrusteeLine, ...]
    needed: int
    """How many trustees must decrypt."""
    tally: str
    """The hash of the encrypted tally; empty before there is one."""

    @property
    def keys(self) -> int:
        """How many keys are handed in."""
        return sum(bool(each.fingerprint) for each in self.trustees)

    @property
    def parts(self) -> int:
        """How many parts are handed in."""
        return sum(each.decrypted for each in self.trustees)


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
    ceremony: Ceremony
    multiplying: Multiplication | None
    """The multiplying that was ordered, while it is under way."""


def find_ceremony(session: Session, code: str) -> Ceremony:
    """The trustees of the election called ``code``. Raises NotFound where nobody votes online."""
    urn = _urn(session, code)
    if urn is None:
        raise NotFound("urn", code)
    return _ceremony(session, urn)


def why_paper(session: Session, code: str) -> DomainError | None:
    """Why the rules of the election called ``code`` keep its votes on paper; None where people can vote online."""
    election = session.scalars(select(Election).where(Election.code == code)).one()
    try:
        check_method(rules_of(election).counting)
    except DomainError as error:
        return error
    return None


def urn_desk(session: Session, code: str) -> UrnDesk | None:
    """The urn of the election called ``code``; None where none was begun."""
    urn = _urn(session, code)
    if urn is None:
        return None
    by_state = session.execute(
        select(UrnCredential.state, func.count())
        .where(UrnCredential.urn_id == urn.id)
        .group_by(UrnCredential.state)
    )
    counts = {row.state: row[1] for row in by_state}
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
        ceremony=_ceremony(session, urn),
        multiplying=session.get(Multiplication, urn.id),
    )


def _urn(session: Session, code: str) -> Urn | None:
    return session.scalars(
        select(Urn).join(Election, Election.id == Urn.election_id).where(Election.code == code)
    ).one_or_none()


def _ceremony(session: Session, urn: Urn) -> Ceremony:
    fixed = trustees.read_trustees(BELENIOS_2048, urn.trustees) if urn.trustees else ()
    taken: set[int] = set()
    multiplied = ""
    for kind, payload in _after_voting(session, urn):
        if kind == Kind.ENCRYPTED_TALLY:
            multiplied = read_sized_tally(payload).tally
        else:
            taken.add(read_owned(payload).owner)
    return Ceremony(
        uuid=urn.uuid,
        state=urn.state,
        fixed=bool(fixed),
        trustees=tuple(_lines(session, urn, trustees.owners(fixed), taken)),
        needed=sum(each.needed for each in fixed),
        tally=multiplied,
    )


def _after_voting(session: Session, urn: Urn) -> Iterator[tuple[str, bytes]]:
    """What the events say that come after the ballots, by kind."""
    if UrnState(urn.state) not in (UrnState.MULTIPLIED, UrnState.OPENED):
        return
    rows = session.execute(
        select(UrnEvent.kind, UrnEvent.payload).where(
            UrnEvent.urn_id == urn.id, UrnEvent.kind.in_((Kind.ENCRYPTED_TALLY, Kind.PARTIAL_DECRYPTION))
        )
    )
    for kind, payload in rows:
        if payload is not None:
            yield kind, payload


def _lines(
    session: Session, urn: Urn, owners: Mapping[int, trustees.TrusteeKey], taken: Collection[int]
) -> Iterator[TrusteeLine]:
    """Those whose keys are fixed; before, those whose keys are collected."""
    rows = session.scalars(
        select(UrnTrustee).where(UrnTrustee.urn_id == urn.id).order_by(UrnTrustee.number)
    ).all()
    if not owners:
        for row in rows:
            key = trustees.read_key(BELENIOS_2048, canonical.read(row.key)) if row.key else None
            yield TrusteeLine(row.number, row.name, _fingerprint(key), row.turn, False)
        return
    # A set that was assembled elsewhere need not have the trustees who were named.
    named = {row.number: row for row in rows} if len(rows) == len(owners) else {}
    for number, fixed in owners.items():
        place = named.get(number)
        name, turn = "", 0
        if place is not None:
            own = place.key == canonical.write(fixed.plain(BELENIOS_2048))
            name, turn = place.name, place.turn if own else 0
        yield TrusteeLine(number, name, _fingerprint(fixed), turn, number in taken)


def _fingerprint(key: trustees.TrusteeKey | None) -> str:
    return "" if key is None else trustees.fingerprint(BELENIOS_2048, key)
