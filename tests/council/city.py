"""A council to test with, on top of ``tests.city``: two regions with two seats, factions, appointed, organisations.

``found_council()`` after ``found_city()``, then ``seat()``: a first term with three members and four successors.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from core.db import db
from core.localized import Localized
from council.models import Body, Member, Successor
from council.rules import Way
from council.services.bodies import BodyFacts, NewSeatClass, create_body
from council.services.calls import CallFacts, open_call
from council.services.seating import NewMember, NewSuccessor, begin_term
from tests.city import staff

KEY = "advisory-board"
BEGINS, ENDS = date(2027, 9, 1), date(2032, 8, 31)
"""The tests' day, 14 September 2027, lies in the first term."""


def facts(**changed: Any) -> BodyFacts:
    """What makes up the test council."""
    classes = [
        NewSeatClass("region-1", Way.ELECTED, english("Region 1"), 2),
        NewSeatClass("region-2", Way.ELECTED, english("Region 2"), 2),
        NewSeatClass("factions", Way.DELEGATED, english("Factions"), 2),
        NewSeatClass("experts", Way.APPOINTED, english("Experts"), 1),
        NewSeatClass("associations", Way.ORGANISATION, english("Associations"), 1),
    ]
    known: dict[str, Any] = {
        "key": KEY,
        "register_code": "AB",
        "department": "integration",
        "language": "en",
        "name": english("Advisory Board"),
        "about": english("It advises the city."),
        "seat_classes": classes,
        "seats_from": date(2027, 1, 1),
    }
    return BodyFacts(**{**known, **changed})


def english(text: str) -> Localized:
    return Localized.original("en", text)


def found_council(**changed: Any) -> int:
    """The council without members; returns its id."""
    return create_body(facts(**changed), staff("clerk"))


MEMBERS = (
    NewMember("region-1", "Amina Haddad", None, "elections.candidate", 1),
    NewMember("region-1", "Bao Nguyen", None, "elections.candidate", 2),
    NewMember("factions", "Clara Vogel", "The Lindens"),
    NewMember("region-1", "Dana Haddad", deputy_of=0),
)
SUCCESSORS = (
    NewSuccessor("region-1", 1, "Emre Kaya", 120, True, "elections.candidate", 3),
    NewSuccessor("region-1", 1, "Fatou Diop", 120, True, "elections.candidate", 4),
    NewSuccessor("region-1", 2, "Goran Babic", 80, False, "elections.candidate", 5),
    NewSuccessor("region-2", 1, "Hiwa Karim", 40, False, "elections.candidate", 6),
)


def seat(body_id: int, begins: date = BEGINS, ends: date = ENDS) -> int:
    """Begin a term with ``MEMBERS`` and ``SUCCESSORS``; returns its id."""
    return begin_term(body_id, begins, ends, MEMBERS, SUCCESSORS, staff("clerk"))


def sitting_council() -> int:
    """The council in its first term; returns the term's id."""
    return seat(found_council())


def call_for(seat_class: str = "associations", **changed: Any) -> int:
    """An open call; returns its id."""
    known: dict[str, Any] = {
        "seat_class_key": seat_class,
        "title": english("A seat for an association"),
        "about": english("Tell us what you do."),
        "closes_on": date(2027, 9, 30),
        "answers_due_on": date(2027, 11, 30),
    }
    body_id = db.session.scalars(select(Body.id).where(Body.key == KEY)).one()
    return open_call(body_id, CallFacts(**{**known, **changed}), staff("clerk"))


def member(name: str) -> Member:
    """Somebody on a seat, as it is now."""
    db.session.expire_all()
    return db.session.scalars(select(Member).where(Member.name == name).order_by(Member.id.desc())).first()  # type: ignore[return-value]


def successor(name: str) -> Successor:
    """Somebody whom the result names next."""
    db.session.expire_all()
    return db.session.scalars(select(Successor).where(Successor.name == name)).one()
