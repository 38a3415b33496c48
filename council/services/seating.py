"""Seating a council for a term. An election's result, or a clerk, says who sits on which seats and who comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.localized import clean
from council import events, rules
from council.models import Member, SeatClass, Successor, Term
from council.queries.commitments import member_content, successor_content
from council.rules import Ground
from council.services.bodies import counts_of, lock_body, name_problems


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody to be seated. ``source_kind`` and ``source_id`` say by what, such as an election's candidate.

    ``deputy_of`` is the place (from 0) in the same list of the member whose personal deputy this one is; a deputy
    takes no seat.
    """

    seat_class_key: str
    name: str
    organisation: str | None = None
    source_kind: str | None = None
    source_id: int | None = None
    deputy_of: int | None = None


@dataclass(frozen=True, slots=True)
class NewSuccessor:
    """Somebody who comes next for a seat class. Equals share a ``rank`` and are ``tied``; a lot decides when needed."""

    seat_class_key: str
    rank: int
    name: str
    votes: int | None = None
    tied: bool = False
    source_kind: str | None = None
    source_id: int | None = None


def seat_council(
    session: Session,
    body_id: int,
    begins_on: date,
    ends_on: date,
    members: Sequence[NewMember],
    successors: Sequence[NewSuccessor],
    actor: audit.Actor,
) -> Term:
    """Begin a term with its members and successors, inside the caller's transaction; return the term.

    Whoever sits for the term before ceases to on ``begins_on``. Fewer members than seats leave vacancies. Written to
    the audit chain of the body's register. Raises NotFound, what ``rules.check_term`` raises, and, all together,
    ``seat_class_unknown``, ``name_missing``, ``words_too_long``, ``too_many_members`` (``seat_class``, ``seats``),
    ``deputy_of_nobody`` or ``rank_range``.
    """
    body, register = lock_body(session, body_id)
    classes = {
        each.key: each for each in session.scalars(select(SeatClass).where(SeatClass.body_id == body.id))
    }
    previous = session.scalars(
        select(Term).where(Term.body_id == body.id).order_by(Term.number.desc()).limit(1)
    ).one_or_none()
    rules.check_term(begins_on, ends_on, previous.begins_on if previous else None)
    raise_all(_problems(session, classes, begins_on, members, successors))
    entries = _end_term(session, previous, begins_on) if previous else []
    term = Term(
        body_id=body.id,
        number=previous.number + 1 if previous else 1,
        begins_on=begins_on,
        ends_on=ends_on,
    )
    session.add(term)
    session.flush()
    facts = {"number": term.number, "begins": begins_on.isoformat(), "ends": ends_on.isoformat()}
    entries.append(audit.Entry(events.TERM_BEGIN, events.TERM, term.id, facts))
    seated: dict[int, Member] = {}
    in_order = sorted(enumerate(members), key=lambda each: each[1].deputy_of is not None)
    for place, new in in_order:
        deputy_of = seated[new.deputy_of] if new.deputy_of is not None else None
        seated[place], entry = seat(session, term, classes[new.seat_class_key], new, begins_on, deputy_of)
        entries.append(entry)
    entries += [_name_successor(session, term, classes[new.seat_class_key], new) for new in successors]
    audit.append(session, register.chain, entries, actor)
    return term


def reseat_council(
    session: Session,
    body_id: int,
    begins_on: date,
    members: Sequence[NewMember],
    successors: Sequence[NewSuccessor],
    actor: audit.Actor,
) -> Term:
    """Replace what a result seated in the term that begins on ``begins_on``, after its votes were counted anew.

    Inside the caller's transaction. Who is in both results keeps the seat, and whoever left by themselves does not come
    back; who is only in the old one loses it today on the ground ``result_replaced``, together with a deputy; who is
    only in the new one sits from today, or from the term's first day. The old successors are marked, the new ones named.
    Whoever a by-election seated keeps the seat as long as the class has one left beside the new result's members; where
    it has not, the vacancy never was, and the seat is lost on the same ground, the last elected first. Seats that neither
    filled stay as they are, and deputies are named by the clerk. Returns the term; raises NotFound, Conflict ``term_over``
    where a later term has begun, and what ``seat_council`` raises about members and successors.
    """
    body, register = lock_body(session, body_id)
    term = session.scalars(
        select(Term).where(Term.body_id == body.id).order_by(Term.number.desc()).limit(1)
    ).one_or_none()
    if term is None or term.begins_on < begins_on:
        raise NotFound("term", body_id)
    if term.begins_on > begins_on or term.ends_on < clock.today():
        raise Conflict("term_over")
    classes = {
        each.key: each for each in session.scalars(select(SeatClass).where(SeatClass.body_id == body.id))
    }
    since_on = max(clock.today(), begins_on)
    raise_all(_problems(session, classes, since_on, members, successors))
    wanted = {_holder(classes[new.seat_class_key].id, new) for new in members}
    of_result = {new.source_kind for new in members} | {new.source_kind for new in successors}
    seated = session.scalars(
        select(Member).where(Member.term_id == term.id, Member.source_kind.in_(of_result)).order_by(Member.id)
    ).all()
    kept = wanted & {
        _holder(each.seat_class_id, each) for each in seated if each.left_ground != Ground.RESULT_REPLACED
    }
    entries = []
    for member in seated:
        if member.left_on is None and _holder(member.seat_class_id, member) not in kept:
            entries += _unseat(session, member)
    old = session.scalars(
        select(Successor)
        .where(Successor.term_id == term.id, Successor.replaced_on.is_(None))
        .order_by(Successor.id)
    ).all()
    for successor in old:
        successor.replaced_on = clock.today()
    session.flush()
    facts = {"number": term.number, "since": since_on.isoformat(), "successors_replaced": len(old)}
    entries.insert(0, audit.Entry(events.TERM_RESEAT, events.TERM, term.id, facts))
    for new in members:
        seat_class = classes[new.seat_class_key]
        if _holder(seat_class.id, new) not in kept:
            entries.append(seat(session, term, seat_class, new, since_on)[1])
    for key in sorted({new.seat_class_key for new in members}):
        entries += _make_room(session, term, classes[key], since_on, of_result)
    entries += [_name_successor(session, term, classes[new.seat_class_key], new) for new in successors]
    audit.append(session, register.chain, entries, actor)
    return term


def begin_term(
    body_id: int,
    begins_on: date,
    ends_on: date,
    members: Sequence[NewMember],
    successors: Sequence[NewSuccessor],
    actor: audit.Actor,
) -> int:
    """``seat_council`` as a clerk's verb of its own; return the term's id."""
    with write() as session:
        return seat_council(session, body_id, begins_on, ends_on, members, successors, actor).id


def seat(
    session: Session,
    term: Term,
    seat_class: SeatClass,
    new: NewMember,
    since_on: date,
    deputy_of: Member | None = None,
) -> tuple[Member, audit.Entry]:
    """Put somebody on a seat; return the row and the entry that says so, for the caller to append."""
    member = Member(
        term_id=term.id,
        seat_class_id=seat_class.id,
        name=clean(new.name),
        organisation=clean(new.organisation or "") or None,
        deputy_of_id=deputy_of.id if deputy_of else None,
        source_kind=new.source_kind,
        source_id=new.source_id,
        since_on=since_on,
        salt=audit.new_salt(),
    )
    session.add(member)
    session.flush()
    facts = {
        "seat_class": seat_class.key,
        "since": since_on.isoformat(),
        "source": [new.source_kind, new.source_id],
        "deputy_of": member.deputy_of_id,
    }
    commitment = audit.commit_to(member.salt or b"", member_content(member))
    return member, audit.Entry(events.MEMBER_SEAT, events.MEMBER, member.id, facts, commitment)


def leave(member: Member, day: date, ground: Ground) -> audit.Entry:
    """Take somebody's seat away from ``day`` on; return the entry that says so, for the caller to append."""
    member.left_on, member.left_ground, member.office = max(day, member.since_on), ground.value, None
    facts = {"left": member.left_on.isoformat(), "ground": ground.value}
    return audit.Entry(events.MEMBER_LEAVE, events.MEMBER, member.id, facts)


def _holder(seat_class_id: int, each: Member | NewMember) -> tuple[int, str | None, int | None, str]:
    """What tells one holder of a seat from another in two results. A faction may have named somebody else meanwhile."""
    return seat_class_id, each.source_kind, each.source_id, clean(each.name)


def _unseat(session: Session, member: Member) -> list[audit.Entry]:
    """Take a seat away since another result gives it to somebody else, and a personal deputy's place with it."""
    entries = [leave(member, clock.today(), Ground.RESULT_REPLACED)]
    deputies = session.scalars(
        select(Member).where(Member.deputy_of_id == member.id, Member.left_on.is_(None)).order_by(Member.id)
    )
    return entries + [leave(each, clock.today(), Ground.MEMBER_LEFT) for each in deputies]


def _make_room(
    session: Session, term: Term, seat_class: SeatClass, day: date, of_result: set[str | None]
) -> list[audit.Entry]:
    """Take back the seats that others than a result filled, as far as a class has more members than seats."""
    sitting = session.scalars(
        select(Member)
        .where(
            Member.term_id == term.id,
            Member.seat_class_id == seat_class.id,
            Member.deputy_of_id.is_(None),
            Member.left_on.is_(None),
        )
        .order_by(Member.since_on.desc(), Member.id.desc())
    ).all()
    over = len(sitting) - rules.seats_on(counts_of(session, seat_class.id), day)
    others = [each for each in sitting if each.source_kind not in of_result]
    return [entry for member in others[: max(0, over)] for entry in _unseat(session, member)]


def _name_successor(session: Session, term: Term, seat_class: SeatClass, new: NewSuccessor) -> audit.Entry:
    successor = Successor(
        term_id=term.id,
        seat_class_id=seat_class.id,
        rank=new.rank,
        name=clean(new.name),
        votes=new.votes,
        tied=new.tied,
        source_kind=new.source_kind,
        source_id=new.source_id,
        salt=audit.new_salt(),
    )
    session.add(successor)
    session.flush()
    facts = {"seat_class": seat_class.key, "rank": new.rank, "votes": new.votes, "tied": new.tied}
    commitment = audit.commit_to(successor.salt, successor_content(successor))
    return audit.Entry(events.SUCCESSOR_NAME, events.SUCCESSOR, successor.id, facts, commitment)


def _end_term(session: Session, previous: Term, begins_on: date) -> list[audit.Entry]:
    """End the term before, and every seat that is still held in it."""
    last_day = begins_on - timedelta(days=1)
    if previous.begins_on < last_day < previous.ends_on:
        previous.ends_on = last_day
    sitting = session.scalars(
        select(Member).where(Member.term_id == previous.id, Member.left_on.is_(None)).order_by(Member.id)
    ).all()
    entries = [_end(member, begins_on) for member in sitting]
    session.flush()
    return entries


def _end(member: Member, begins_on: date) -> audit.Entry:
    office = member.office
    entry = leave(member, begins_on, Ground.TERM_ENDED)
    member.office = office  # until the term ends, and in history
    return entry


def _problems(
    session: Session,
    classes: dict[str, SeatClass],
    day: date,
    members: Sequence[NewMember],
    successors: Sequence[NewSuccessor],
) -> list[DomainError]:
    keys = {new.seat_class_key for new in members} | {new.seat_class_key for new in successors}
    errors = [
        DomainError("seat_class_unknown", seat_class=clean(key)[: rules.KEY_LENGTH])
        for key in sorted(keys - set(classes))
    ]
    for name in [*(new.name for new in members), *(new.name for new in successors)]:
        errors += name_problems(clean(name))
    for key, taken in Counter(each.seat_class_key for each in members if each.deputy_of is None).items():
        seats = rules.seats_on(counts_of(session, classes[key].id), day) if key in classes else taken
        if taken > seats:
            errors.append(DomainError("too_many_members", seat_class=key, seats=seats))
    for each in members:
        if each.deputy_of is not None and not _is_member(members, each.deputy_of):
            errors.append(DomainError("deputy_of_nobody"))
    if any(each.rank < 1 for each in successors):
        errors.append(DomainError("rank_range"))
    return errors


def _is_member(members: Sequence[NewMember], place: int) -> bool:
    return 0 <= place < len(members) and members[place].deputy_of is None
