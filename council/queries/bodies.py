"""Who sits on a council today, what is vacant, how many must be present, and what changed when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Department
from core import clock
from core.db import db
from core.errors import NotFound
from core.localized import Localized
from council import rules
from council.models import Body, Member, Removal, SeatClass, SeatCount, Successor, Term, Training
from council.rules import Candidate, Count, Succession
from followup.models import Register


@dataclass(frozen=True, slots=True)
class BodyLine:
    """One council in a list."""

    key: str
    name: Localized
    seats: int
    vacant: int
    sitting: int


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Somebody on a seat, with the personal deputy if there is one; ``signs_in`` and the like are for the office."""

    id: int
    name: str
    organisation: str | None
    office: str | None
    since_on: date
    left_on: date | None
    deputy: str | None
    deputy_id: int | None = None
    signs_in: bool = False
    deputy_signs_in: bool = False


@dataclass(frozen=True, slots=True)
class SuccessorLine:
    """Somebody whom the result named next, and what became of it."""

    id: int
    rank: int
    name: str
    votes: int | None
    tied: bool
    declined_on: date | None
    seated: bool

    @property
    def available(self) -> bool:
        return self.declined_on is None and not self.seated


@dataclass(frozen=True, slots=True)
class SeatClassPage:
    """The seats of one class: how many, who sits on them, and who could follow. ``coming`` take their seat later."""

    key: str
    way: str
    name: Localized
    seats: int
    members: Sequence[MemberLine]
    coming: Sequence[MemberLine]
    successors: Sequence[SuccessorLine]

    @property
    def vacant(self) -> int:
        return rules.vacancies(self.seats, len(self.members))

    @property
    def successors_left(self) -> int:
        return sum(1 for each in self.successors if each.available)

    @property
    def next(self) -> Succession:
        """Who would follow today."""
        return rules.succession([Candidate(each.id, each.rank, each.available) for each in self.successors])


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """One day of training."""

    held_on: date
    title: Localized
    place: str | None


@dataclass(frozen=True, slots=True)
class SeatChange:
    """Another number of seats from a day on. ``before`` is None where a class begins."""

    from_on: date
    name: Localized
    before: int | None
    seats: int
    reason: Localized
    quorum: int


@dataclass(frozen=True, slots=True)
class TermLine:
    """The time that a council sits for."""

    id: int
    number: int
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class BodyPage:
    """A council on one day. ``term`` is None before its first one."""

    id: int
    key: str
    register_code: str
    register_id: int
    language: str
    name: Localized
    about: Localized
    department: Localized
    quorum_share: int
    day: date
    classes: Sequence[SeatClassPage]
    term: TermLine | None
    next_term: TermLine | None
    trainings: Sequence[TrainingLine]
    coming_changes: Sequence[SeatChange]

    @property
    def in_term(self) -> bool:
        """Whether a term runs on this day: only then does somebody follow on an empty seat."""
        return self.term is not None and self.term.begins_on <= self.day <= self.term.ends_on

    @property
    def seats(self) -> int:
        return sum(each.seats for each in self.classes)

    @property
    def sitting(self) -> int:
        return sum(len(each.members) for each in self.classes)

    @property
    def vacant(self) -> int:
        return sum(each.vacant for each in self.classes)

    @property
    def quorum(self) -> int:
        return rules.quorum(self.seats, self.quorum_share)


@dataclass(frozen=True, slots=True)
class Happening:
    """One day in a council's history: ``kind`` is ``seats``, ``term``, ``came``, ``deputy`` or ``left``."""

    day: date
    kind: str
    name: str = ""
    seat_class: Localized = Localized()  # noqa: RUF009 - frozen
    ground: str = ""
    term: TermLine | None = None
    change: SeatChange | None = None
    removal: Removal | None = None


def list_bodies() -> list[BodyLine]:
    """Every council, by key."""
    keys = db.session.scalars(select(Body.key).order_by(Body.key)).all()
    pages = [find_body(key) for key in keys]
    return [BodyLine(page.key, page.name, page.seats, page.vacant, page.sitting) for page in pages]


def find_body(key: str) -> BodyPage:
    """A council as it is today. Raises NotFound."""
    session, day = db.session(), clock.today()
    body, code, department = _body(session, key)
    terms = _terms(session, body.id)
    begun = [term for term in terms if term.begins_on <= day]
    term = begun[-1] if begun else None
    changes = _changes(session, body)
    return BodyPage(
        id=body.id,
        key=body.key,
        register_code=code,
        register_id=body.register_id,
        language=body.language,
        name=body.name,
        about=body.about,
        department=department,
        quorum_share=body.quorum_share,
        day=day,
        classes=_classes(session, body, term, day),
        term=term,
        next_term=next((each for each in terms if each.begins_on > day), None),
        trainings=_trainings(session, term),
        coming_changes=[each for each in changes if each.from_on > day],
    )


def history(key: str) -> list[Happening]:
    """Everything that changed, the newest day first; only days that have come. Raises NotFound."""
    session, day = db.session(), clock.today()
    body, _code, _department = _body(session, key)
    found = [Happening(each.from_on, "seats", change=each) for each in _changes(session, body)]
    found += [Happening(each.begins_on, "term", term=each) for each in _terms(session, body.id)]
    removals = {
        each.member_id: each
        for each in session.scalars(
            select(Removal)
            .join(Member, Member.id == Removal.member_id)
            .join(Term, Term.id == Member.term_id)
            .where(Term.body_id == body.id)
        )
    }
    rows = session.execute(
        select(Member, SeatClass.name)
        .join(Term, Term.id == Member.term_id)
        .join(SeatClass, SeatClass.id == Member.seat_class_id)
        .where(Term.body_id == body.id)
        .order_by(Member.id)
    )
    for member, seat_class in rows:
        kind = "deputy" if member.deputy_of_id else "came"
        found.append(Happening(member.since_on, kind, member.name, seat_class))
        if member.left_on is not None:
            found.append(
                Happening(
                    member.left_on,
                    "left",
                    member.name,
                    seat_class,
                    ground=member.left_ground or "",
                    removal=removals.get(member.id),
                )
            )
    order = ("left", "seats", "term", "came", "deputy")
    come = [each for each in found if each.day <= day]
    return sorted(come, key=lambda each: (-each.day.toordinal(), order.index(each.kind)))


def keys_by_code(session: Session, codes: Sequence[str]) -> dict[str, tuple[str, Localized]]:
    """Key and name of councils by the code of their register."""
    rows = session.execute(
        select(Register.code, Body.key, Body.name)
        .join(Body, Body.register_id == Register.id)
        .where(Register.code.in_(codes))
    )
    return {row.code: (row.key, row.name) for row in rows}


def titles(session: Session, codes: Sequence[str]) -> dict[str, Localized]:
    """The names of councils by the code of their register; every council is public."""
    return {code: name for code, (_key, name) in keys_by_code(session, codes).items()}


def _body(session: Session, key: str) -> tuple[Body, str, Localized]:
    found = None
    if len(key) <= rules.KEY_LENGTH and rules.KEY.fullmatch(key):
        found = session.execute(
            select(Body, Register.code, Department.name)
            .join(Register, Register.id == Body.register_id)
            .join(Department, Department.id == Body.department_id)
            .where(Body.key == key)
        ).one_or_none()
    if found is None:
        raise NotFound("body", key)
    return found[0], found[1], found[2]


def _terms(session: Session, body_id: int) -> list[TermLine]:
    rows = session.scalars(select(Term).where(Term.body_id == body_id).order_by(Term.number))
    return [TermLine(row.id, row.number, row.begins_on, row.ends_on) for row in rows]


def _classes(session: Session, body: Body, term: TermLine | None, day: date) -> list[SeatClassPage]:
    classes = session.scalars(
        select(SeatClass).where(SeatClass.body_id == body.id).order_by(SeatClass.position)
    ).all()
    counts = seat_counts(session, body.id)
    members = session.scalars(
        select(Member)
        .join(Term, Term.id == Member.term_id)
        .where(Term.body_id == body.id, Member.term_id == (term.id if term else 0))
        .order_by(Member.id)
    ).all()
    deputies = {
        each.deputy_of_id: each
        for each in members
        if each.deputy_of_id and rules.sits_on(each.since_on, each.left_on, day)
    }
    successors = session.scalars(
        select(Successor)
        .where(Successor.term_id == (term.id if term else 0), Successor.replaced_on.is_(None))
        .order_by(Successor.rank, Successor.id)
    ).all()
    pages = []
    for each in classes:
        own = [m for m in members if m.seat_class_id == each.id and m.deputy_of_id is None]
        pages.append(
            SeatClassPage(
                key=each.key,
                way=each.way,
                name=each.name,
                seats=rules.seats_on(counts.get(each.id, []), day),
                members=[_line(m, deputies) for m in own if rules.sits_on(m.since_on, m.left_on, day)],
                coming=[_line(m, deputies) for m in own if m.since_on > day],
                successors=[_successor(s) for s in successors if s.seat_class_id == each.id],
            )
        )
    return pages


def _line(member: Member, deputies: dict[int, Member]) -> MemberLine:
    deputy = deputies.get(member.id)
    return MemberLine(
        member.id,
        member.name,
        member.organisation,
        member.office,
        member.since_on,
        member.left_on,
        deputy.name if deputy else None,
        deputy.id if deputy else None,
        member.account_id is not None,
        deputy is not None and deputy.account_id is not None,
    )


def _successor(row: Successor) -> SuccessorLine:
    return SuccessorLine(
        row.id, row.rank, row.name, row.votes, row.tied, row.declined_on, row.member_id is not None
    )


def seat_counts(session: Session, body_id: int) -> dict[int, list[Count]]:
    """The dated numbers of seats of a council's classes, by the class's id."""
    counts: dict[int, list[Count]] = {}
    rows = session.execute(
        select(SeatCount.seat_class_id, SeatCount.from_on, SeatCount.seats)
        .join(SeatClass, SeatClass.id == SeatCount.seat_class_id)
        .where(SeatClass.body_id == body_id)
    )
    for row in rows:
        counts.setdefault(row.seat_class_id, []).append(Count(row.from_on, row.seats))
    return counts


def _changes(session: Session, body: Body) -> list[SeatChange]:
    """Every dated number of seats, with what it was before and the whole body's quorum from that day."""
    counts = seat_counts(session, body.id)
    rows = session.execute(
        select(SeatCount, SeatClass.name)
        .join(SeatClass, SeatClass.id == SeatCount.seat_class_id)
        .where(SeatClass.body_id == body.id)
        .order_by(SeatCount.from_on, SeatClass.position)
    )
    changes = []
    for count, name in rows:
        earlier = [each for each in counts[count.seat_class_id] if each.from_on < count.from_on]
        all_seats = sum(rules.seats_on(each, count.from_on) for each in counts.values())
        changes.append(
            SeatChange(
                count.from_on,
                name,
                rules.seats_on(earlier, count.from_on) if earlier else None,
                count.seats,
                count.reason,
                rules.quorum(all_seats, body.quorum_share),
            )
        )
    return changes


def _trainings(session: Session, term: TermLine | None) -> list[TrainingLine]:
    rows = session.scalars(
        select(Training)
        .where(Training.term_id == (term.id if term else 0))
        .order_by(Training.held_on, Training.position)
    )
    return [TrainingLine(row.held_on, row.title, row.place) for row in rows]


def find_member(member_id: int) -> tuple[MemberLine, SeatClassPage, BodyPage]:
    """A member of a sitting council, with seat class and council. Raises NotFound."""
    key = key_of(Member, member_id)
    body = find_body(key)
    for seat_class in body.classes:
        for member in (*seat_class.members, *seat_class.coming):
            if member.id == member_id:
                return member, seat_class, body
    raise NotFound("member", member_id)


def find_successor(successor_id: int) -> tuple[SuccessorLine, SeatClassPage, BodyPage]:
    """A successor of the present term, with seat class and council. Raises NotFound."""
    body = find_body(key_of(Successor, successor_id))
    for seat_class in body.classes:
        for successor in seat_class.successors:
            if successor.id == successor_id:
                return successor, seat_class, body
    raise NotFound("successor", successor_id)


def find_class(body: BodyPage, key: str) -> SeatClassPage:
    """A seat class of a council by its key. Raises NotFound."""
    for seat_class in body.classes:
        if seat_class.key == key:
            return seat_class
    raise NotFound("seat_class", key)


def departments() -> list[tuple[str, Localized]]:
    """Key and name of every department, by key."""
    rows = db.session.execute(select(Department.key, Department.name).order_by(Department.key))
    return [(key, name) for key, name in rows]


def key_of(model: type[Member] | type[Successor], id: int) -> str:
    """The key of the council that a member or successor belongs to. Raises NotFound."""
    key = db.session.scalars(
        select(Body.key)
        .join(Term, Term.body_id == Body.id)
        .join(model, model.term_id == Term.id)
        .where(model.id == id)
    ).one_or_none()
    if key is None:
        raise NotFound("member" if model is Member else "successor", id)
    return key
