"""Seats that fall vacant, and who takes them: leaving, removal by vote, succession, deputies, offices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import find, write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.localized import Localized, clean
from council import events, rules
from council.models import Body, Member, Removal, SeatClass, Successor, Term
from council.queries.members import seats_and_quorum
from council.rules import Candidate, Filling, Ground, Office, RemovalGround, Votes, Way
from council.services.bodies import counts_of, find_class, lock_body, name_problems
from council.services.seating import NewMember, leave, seat
from followup.models import Register


@dataclass(frozen=True, slots=True)
class Seated:
    """Who is to take a vacant seat.

    By succession nobody is named here: the order of the result says who. ``drawn_id`` is the successor whom a lot
    among equals has drawn, and ``lot`` says how it was drawn and who saw it.
    """

    filling: Filling
    name: str = ""
    organisation: str = ""
    drawn_id: int | None = None
    lot: str = ""
    source_kind: str | None = None
    source_id: int | None = None


def leave_member(member_id: int, day: date, ground: Ground, actor: audit.Actor) -> None:
    """Record that a member leaves; ``day`` is the first one without the seat. A personal deputy leaves with them.

    Raises NotFound, Conflict ``member_left``, ``day_outside_term``, and what ``rules.check_leaving`` raises.
    """
    with write() as session:
        member, term, _body, register = lock_member(session, member_id)
        rules.check_leaving(Way(session.get_one(SeatClass, member.seat_class_id).way), ground)
        _check_day(term, member, day)
        audit.append(session, register.chain, _vacate(session, member, day, ground), actor)


def remove_member(
    member_id: int,
    day: date,
    ground: RemovalGround | None,
    reason: str,
    votes: Votes,
    actor: audit.Actor,
) -> None:
    """Record that the body voted a member out: the rule it did so under, a public reason, and every vote.

    Raises NotFound, Conflict ``member_left``, ``day_outside_term``, ``words_too_long``, and what
    ``rules.check_removal`` raises.
    """
    reason = clean(reason)
    with write() as session:
        member, term, body, register = lock_member(session, member_id)
        _check_day(term, member, day)
        if len(reason) > rules.TEXT_LENGTH:
            raise DomainError("words_too_long", limit=rules.TEXT_LENGTH)
        _seats, needed = seats_and_quorum(session, body.id, day)
        rules.check_removal(ground, reason, votes, _all_sitting(session, term, day), needed)
        assert ground is not None
        removal = Removal(
            member_id=member.id,
            ground=ground.value,
            reason=Localized.original(body.language, reason),
            yes=votes.yes,
            no=votes.no,
            abstain=votes.abstain,
        )
        session.add(removal)
        entries = _vacate(session, member, day, Ground.REMOVED)
        facts = {
            "ground": removal.ground,
            "reason": removal.reason.dump(),
            "yes": votes.yes,
            "no": votes.no,
            "abstain": votes.abstain,
        }
        entries.append(audit.Entry(events.MEMBER_REMOVE, events.MEMBER, member.id, facts))
        session.flush()
        audit.append(session, register.chain, entries, actor)


def fill_vacancy(
    term_id: int, seat_class_key: str, since_on: date, seated: Seated, actor: audit.Actor
) -> int:
    """Put somebody on a vacant seat from a day on; return the new member's id.

    A successor is ranked now, from who is still available. Raises NotFound, Conflict ``no_vacancy``,
    ``seat_class_unknown``, ``day_outside_term``, ``name_missing``, ``words_too_long``, ``lot_unexplained``, and what
    ``rules.check_filling`` and ``rules.choose_successor`` raise.
    """
    with write() as session:
        term = find(session, Term, term_id)
        if term is None:
            raise NotFound("term", term_id)
        body, register = lock_body(session, term.body_id)
        seat_class = find_class(session, body, seat_class_key)
        rules.check_in_term(since_on, term.begins_on, term.ends_on)
        seats = rules.seats_on(counts_of(session, seat_class.id), since_on)
        if not rules.vacancies(seats, _sitting(session, term, seat_class.id, since_on)):
            raise Conflict("no_vacancy")
        candidates = _candidates(session, term, seat_class)
        rules.check_filling(Way(seat_class.way), seated.filling, candidates)
        facts: dict[str, object] = {"seat_class": seat_class.key, "filling": seated.filling.value}
        successor = None
        if seated.filling is Filling.SUCCESSION:
            successor, drawn = _next(session, candidates, seated, body.language)
            facts |= drawn
            new = NewMember(
                seat_class.key,
                successor.name,
                source_kind=successor.source_kind,
                source_id=successor.source_id,
            )
        else:
            raise_all(name_problems(clean(seated.name)))
            new = NewMember(
                seat_class.key,
                seated.name,
                seated.organisation,
                source_kind=seated.source_kind,
                source_id=seated.source_id,
            )
        member, entry = seat(session, term, seat_class, new, since_on)
        if successor is not None:
            successor.member_id = member.id
        session.flush()
        filled = audit.Entry(events.VACANCY_FILL, events.MEMBER, member.id, facts)
        audit.append(session, register.chain, [entry, filled], actor)
        return member.id


def decline(successor_id: int, day: date, actor: audit.Actor) -> None:
    """Record that a successor does not want the seat; the next in order is then asked.

    Raises NotFound, Conflict ``successor_settled`` or ``day_ahead``.
    """
    with write() as session:
        found = find(session, Successor, successor_id)
        if found is None:
            raise NotFound("successor", successor_id)
        _body, register = lock_body(session, session.get_one(Term, found.term_id).body_id)
        session.refresh(found)
        if found.declined_on is not None or found.member_id is not None or found.replaced_on is not None:
            raise Conflict("successor_settled")
        if day > clock.today():
            raise DomainError("day_ahead")
        found.declined_on = day
        session.flush()
        entry = audit.Entry(
            events.SUCCESSOR_DECLINE, events.SUCCESSOR, found.id, {"declined": day.isoformat()}
        )
        audit.append(session, register.chain, [entry], actor)


def name_deputy(member_id: int, name: str, since_on: date, actor: audit.Actor) -> int:
    """Name a member's personal deputy; one who was named before ceases to be. Return the deputy's id.

    Raises NotFound, Conflict ``member_left``, ``deputy_of_deputy``, ``name_missing``, ``words_too_long`` or
    ``day_outside_term``.
    """
    name = clean(name)
    with write() as session:
        member, term, _body, register = lock_member(session, member_id)
        if member.deputy_of_id is not None:
            raise DomainError("deputy_of_deputy")
        raise_all(name_problems(name))
        _check_day(term, member, since_on)
        entries = [leave(each, since_on, Ground.RECALLED) for each in _deputies(session, member)]
        seat_class = session.get_one(SeatClass, member.seat_class_id)
        deputy, entry = seat(session, term, seat_class, NewMember(seat_class.key, name), since_on, member)
        facts = {"deputy": deputy.id}
        entries += [entry, audit.Entry(events.DEPUTY_NAME, events.MEMBER, member.id, facts)]
        session.flush()
        audit.append(session, register.chain, entries, actor)
        return deputy.id


def elect_office(member_id: int, office: Office | None, actor: audit.Actor) -> None:
    """Record that the body elected a member to an office, or that they no longer hold one (None).

    There is one chair: whoever was it before ceases to be. Raises NotFound, Conflict ``member_left``,
    ``deputy_no_office`` or ``not_sitting_yet``.
    """
    with write() as session:
        member, term, _body, register = lock_member(session, member_id)
        if member.deputy_of_id is not None:
            raise DomainError("deputy_no_office")
        if not rules.sits_on(member.since_on, member.left_on, clock.today()):
            raise DomainError("not_sitting_yet", day=member.since_on)
        entries = []
        if office is Office.CHAIR:
            for before in session.scalars(
                select(Member).where(
                    Member.term_id == term.id, Member.office == office.value, Member.id != member.id
                )
            ):
                before.office = None
                entries.append(audit.Entry(events.OFFICE_ELECT, events.MEMBER, before.id, {"office": None}))
        member.office = office.value if office else None
        session.flush()
        entries.append(audit.Entry(events.OFFICE_ELECT, events.MEMBER, member.id, {"office": member.office}))
        audit.append(session, register.chain, entries, actor)


def lock_member(session: Session, member_id: int) -> tuple[Member, Term, Body, Register]:
    """A member whose seat is held, with the body locked. Raises NotFound or Conflict ``member_left``."""
    member = find(session, Member, member_id)
    if member is None:
        raise NotFound("member", member_id)
    term = session.get_one(Term, member.term_id)
    body, register = lock_body(session, term.body_id)
    session.refresh(member)
    still_sits = member.left_on is None or (
        member.left_ground == Ground.TERM_ENDED and clock.today() < member.left_on
    )
    if not still_sits:
        raise Conflict("member_left")
    return member, term, body, register


def _check_day(term: Term, member: Member, day: date) -> None:
    """A day in the term, on which the member sits."""
    rules.check_in_term(day, max(term.begins_on, member.since_on), member.left_on or term.ends_on)


def _vacate(session: Session, member: Member, day: date, ground: Ground) -> list[audit.Entry]:
    entries = [leave(member, day, ground)]
    entries += [leave(each, day, Ground.MEMBER_LEFT) for each in _deputies(session, member)]
    session.flush()
    return entries


def _deputies(session: Session, member: Member) -> list[Member]:
    return list(
        session.scalars(
            select(Member)
            .where(
                Member.deputy_of_id == member.id,
                or_(Member.left_on.is_(None), Member.left_on > clock.today()),
            )
            .order_by(Member.id)
        )
    )


def _candidates(session: Session, term: Term, seat_class: SeatClass) -> list[Candidate]:
    rows = session.scalars(
        select(Successor).where(
            Successor.term_id == term.id,
            Successor.seat_class_id == seat_class.id,
            Successor.replaced_on.is_(None),
        )
    )
    return [Candidate(row.id, row.rank, row.declined_on is None and row.member_id is None) for row in rows]


def _next(
    session: Session, candidates: list[Candidate], seated: Seated, language: str
) -> tuple[Successor, dict[str, object]]:
    """The successor whose turn it is, and what the minutes say about a lot."""
    chosen = rules.choose_successor(candidates, seated.drawn_id)
    equals = rules.succession(candidates).equals
    facts: dict[str, object] = {"successor": chosen}
    if equals:
        lot = clean(seated.lot)
        if not lot:
            raise DomainError("lot_unexplained")
        if len(lot) > rules.TEXT_LENGTH:
            raise DomainError("words_too_long", limit=rules.TEXT_LENGTH)
        facts |= {"equals": list(equals), "lot": Localized.original(language, lot).dump()}
    return session.get_one(Successor, chosen), facts


def _sitting(session: Session, term: Term, seat_class_id: int, day: date) -> int:
    """How many seats of a class are held, or promised to somebody, on ``day``."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Member)
            .where(
                Member.term_id == term.id,
                Member.seat_class_id == seat_class_id,
                Member.deputy_of_id.is_(None),
                or_(Member.left_on.is_(None), Member.left_on > day),
            )
        )
        or 0
    )


def _all_sitting(session: Session, term: Term, day: date) -> int:
    classes = session.scalars(select(SeatClass.id).where(SeatClass.body_id == term.body_id)).all()
    return sum(_sitting(session, term, seat_class_id, day) for seat_class_id in classes)
