"""Founding a body, changing its seats, beginning terms, and the days of training that belong to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Department
from core import audit, clock, settings
from core.db import find, write
from core.errors import DomainError, NotFound, raise_all
from core.localized import Localized, clean
from council import events, rules
from council.models import Body, SeatClass, SeatCount, Term, Training
from council.rules import Count, Way
from followup.models import Register
from followup.services.promises import lock_register

REGISTER_KIND = "council.body"


@dataclass(frozen=True, slots=True)
class NewSeatClass:
    """Seats of one kind that a body begins with."""

    key: str
    way: Way
    name: Localized
    seats: int


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """What a body is founded with. ``quorum_share`` is in thousandths of the statutory seats."""

    key: str
    register_code: str
    department: str
    language: str
    name: Localized
    about: Localized
    seat_classes: Sequence[NewSeatClass]
    seats_from: date
    quorum_share: int = 500


def lock_body(session: Session, body_id: int) -> tuple[Body, Register]:
    """The body and its register, locked first of all (see ``followup``). Raises NotFound."""
    body = find(session, Body, body_id)
    if body is None:
        raise NotFound("body", body_id)
    register = lock_register(session, body.register_id)
    session.refresh(body)
    return body, register


def create_body(facts: BodyFacts, actor: audit.Actor) -> int:
    """Found a body with its seat classes; return its id.

    Raises, all together: ``body_key_form``, ``body_key_taken``, ``register_code_form``, ``register_code_taken``,
    ``department_unknown``, ``language_unknown``, ``title_missing``, ``words_too_long``, ``words_too_long``,
    ``quorum_share_range``, ``seat_classes_missing``, ``seat_class_twice``, ``seat_number_range``.
    """
    errors = _problems(facts)
    with write() as session:
        department = session.scalars(
            select(Department).where(Department.key == clean(facts.department))
        ).one_or_none()
        if department is None:
            errors.append(DomainError("department_unknown", department=clean(facts.department)[:40]))
        if session.scalar(select(func.count()).where(Body.key == facts.key)):
            errors.append(DomainError("body_key_taken", key=facts.key))
        if session.scalar(select(func.count()).where(Register.code == facts.register_code)):
            errors.append(DomainError("register_code_taken", value=facts.register_code))
        raise_all(errors)
        assert department is not None
        register = Register(code=facts.register_code, kind=REGISTER_KIND)
        session.add(register)
        session.flush()
        body = Body(
            key=facts.key,
            register_id=register.id,
            department_id=department.id,
            language=facts.language,
            name=facts.name,
            about=facts.about,
            quorum_share=facts.quorum_share,
            created_on=clock.today(),
        )
        session.add(body)
        session.flush()
        for position, each in enumerate(facts.seat_classes, start=1):
            _add_class(session, body, each, position, facts.seats_from)
        recorded = {
            "key": body.key,
            "name": body.name.dump(),
            "quorum_share": body.quorum_share,
            "seats_from": facts.seats_from.isoformat(),
            "seats": {each.key: each.seats for each in facts.seat_classes},
        }
        audit.append(
            session, register.chain, [audit.Entry(events.BODY_CREATE, events.BODY, body.id, recorded)], actor
        )
        return body.id


def change_seats(
    body_id: int, seat_class_key: str, from_on: date, seats: int, reason: str, actor: audit.Actor
) -> None:
    """Give a class another number of seats from a day on, with a public reason; the quorum follows the same day.

    Days that have passed stay as they were. Raises ``seat_class_unknown``, ``seat_number_range``, ``reason_missing``,
    ``words_too_long``, ``day_passed``, ``seats_unchanged``, ``seats_set_before`` (the same day twice).
    """
    reason = clean(reason)
    with write() as session:
        body, register = lock_body(session, body_id)
        seat_class = find_class(session, body, seat_class_key)
        errors = []
        if not 0 <= seats <= rules.MOST_SEATS:
            errors.append(DomainError("seat_number_range", limit=rules.MOST_SEATS))
        errors += _problems_of(reason, "reason_missing", rules.TEXT_LENGTH)
        if from_on < clock.today():
            errors.append(DomainError("day_passed"))
        counts = counts_of(session, seat_class.id)
        if any(count.from_on == from_on for count in counts):
            errors.append(DomainError("seats_set_before", day=from_on))
        elif rules.seats_on(counts, from_on) == seats:
            errors.append(DomainError("seats_unchanged", seats=seats))
        raise_all(errors)
        count = SeatCount(
            seat_class_id=seat_class.id,
            from_on=from_on,
            seats=seats,
            reason=Localized.original(body.language, reason),
        )
        session.add(count)
        session.flush()
        facts = {
            "seat_class": seat_class.key,
            "from": from_on.isoformat(),
            "seats": seats,
            "before": rules.seats_on(counts, from_on),
            "reason": count.reason.dump(),
        }
        audit.append(
            session, register.chain, [audit.Entry(events.SEATS_CHANGE, events.SEATS, count.id, facts)], actor
        )


def add_training(term_id: int, held_on: date, title: str, place: str, actor: audit.Actor) -> int:
    """Set a day of training for the members of a term; return its id.

    Raises NotFound, ``title_missing``, ``words_too_long`` or ``day_outside_term``.
    """
    title, place = clean(title), clean(place)
    with write() as session:
        term = find(session, Term, term_id)
        if term is None:
            raise NotFound("term", term_id)
        body, register = lock_body(session, term.body_id)
        errors = title_problems(title)
        if len(place) > rules.NAME_LENGTH:
            errors.append(DomainError("words_too_long", limit=rules.NAME_LENGTH))
        raise_all(errors)
        rules.check_in_term(held_on, term.begins_on, term.ends_on)
        taken = session.scalar(select(func.count()).where(Training.term_id == term_id)) or 0
        training = Training(
            term_id=term_id,
            position=taken + 1,
            held_on=held_on,
            title=Localized.original(body.language, title),
            place=place or None,
        )
        session.add(training)
        session.flush()
        facts = {"term": term.number, "day": held_on.isoformat(), "title": training.title.dump()}
        audit.append(
            session,
            register.chain,
            [audit.Entry(events.TRAINING_ADD, events.TRAINING, training.id, facts)],
            actor,
        )
        return training.id


def find_class(session: Session, body: Body, key: str) -> SeatClass:
    """A seat class of the body by its key. Raises ``seat_class_unknown``."""
    found = session.scalars(
        select(SeatClass).where(SeatClass.body_id == body.id, SeatClass.key == clean(key))
    ).one_or_none()
    if found is None:
        raise DomainError("seat_class_unknown", seat_class=clean(key)[: rules.KEY_LENGTH])
    return found


def counts_of(session: Session, seat_class_id: int) -> list[Count]:
    """The dated numbers of seats of a class."""
    rows = session.execute(
        select(SeatCount.from_on, SeatCount.seats).where(SeatCount.seat_class_id == seat_class_id)
    )
    return [Count(row.from_on, row.seats) for row in rows]


def name_problems(name: str) -> list[DomainError]:
    """What is wrong with the name of somebody."""
    return _problems_of(name, "name_missing", rules.NAME_LENGTH)


def title_problems(title: str) -> list[DomainError]:
    """What is wrong with the title or name of a thing."""
    return _problems_of(title, "title_missing", rules.NAME_LENGTH)


def text_problems(text: str) -> list[DomainError]:
    """What is wrong with a text that must be given."""
    return _problems_of(text, "words_missing", rules.TEXT_LENGTH)


def _problems_of(words: str, missing: str, limit: int) -> list[DomainError]:
    if not words:
        return [DomainError(missing)]
    return [DomainError("words_too_long", limit=limit)] if len(words) > limit else []


def _problems(facts: BodyFacts) -> list[DomainError]:
    errors = []
    if not _is_key(facts.key):
        errors.append(DomainError("body_key_form"))
    if not rules.REGISTER_CODE.fullmatch(facts.register_code):
        errors.append(DomainError("register_code_form"))
    if facts.language not in settings.current().languages:
        errors.append(DomainError("language_unknown", language=clean(facts.language)[: rules.KEY_LENGTH]))
    errors += title_problems(facts.name.best(facts.language).text)
    if len(facts.about.best(facts.language).text) > rules.TEXT_LENGTH:
        errors.append(DomainError("words_too_long", limit=rules.TEXT_LENGTH))
    if not 1 <= facts.quorum_share <= 1000:
        errors.append(DomainError("quorum_share_range"))
    keys = [each.key for each in facts.seat_classes]
    if not keys or not all(_is_key(key) for key in keys):
        errors.append(DomainError("seat_classes_missing"))
    for each in facts.seat_classes:
        errors += title_problems(each.name.best(facts.language).text)
    if len(set(keys)) < len(keys):
        errors.append(DomainError("seat_class_twice"))
    if not all(0 <= each.seats <= rules.MOST_SEATS for each in facts.seat_classes):
        errors.append(DomainError("seat_number_range", limit=rules.MOST_SEATS))
    return errors


def _is_key(key: str) -> bool:
    return len(key) <= rules.KEY_LENGTH and bool(rules.KEY.fullmatch(key))


def _add_class(session: Session, body: Body, new: NewSeatClass, position: int, from_on: date) -> None:
    seat_class = SeatClass(body_id=body.id, key=new.key, way=new.way.value, name=new.name, position=position)
    session.add(seat_class)
    session.flush()
    session.add(SeatCount(seat_class_id=seat_class.id, from_on=from_on, seats=new.seats, reason=Localized()))
    session.flush()
