"""Objections as their authors and the office read them, and what the audit chain committed to when they came in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from core import audit
from core.db import db
from core.errors import NotFound
from core.localized import Localized
from elections import events
from elections.models.elections import Act, Election
from elections.models.objections import Objection
from followup.models import Promise, Register, Reply, ReplyVersion
from followup.queries import chain
from followup.queries.commitments import Opening, source
from followup.queries.consistency import Mismatch
from followup.queries.debts import Debt, find_debt


@dataclass(frozen=True, slots=True)
class OwnObjection:
    """One objection with everything its author may know. ``text`` is None once it was withdrawn."""

    id: int
    election_code: str
    election_title: Localized
    number: int
    matter: str
    ground: str
    about: int | None
    language: str
    text: str | None
    received_on: date
    effect: str | None
    effect_on: date | None
    debt: Debt


def find_own(code_mac: bytes) -> OwnObjection | None:
    """The objection that belongs to a receipt code (see ``followup.services.receipts.code_mac``), or None."""
    row = db.session.execute(
        select(Objection, Election.code, Election.title)
        .join(Election, Election.id == Objection.election_id)
        .where(Objection.code_mac == code_mac)
    ).one_or_none()
    if row is None:
        return None
    own, code, title = row
    return OwnObjection(
        id=own.id,
        election_code=code,
        election_title=title,
        number=own.number,
        matter=own.matter,
        ground=own.ground,
        about=own.about,
        language=own.language,
        text=own.text,
        received_on=own.received_on,
        effect=own.effect,
        effect_on=own.effect_on,
        debt=find_debt(db.session(), events.OBJECTION, own.id),
    )


@dataclass(frozen=True, slots=True)
class OfficeObjection:
    """One objection as the office lists it; ``outcome`` is that of the published answer, None while there is none."""

    id: int
    number: int
    matter: str
    ground: str
    about: int | None
    received_on: date
    due_on: date
    answered_on: date | None
    outcome: str | None
    effect: str | None
    effect_on: date | None


def find_election(session: Session, code: str) -> Election:
    """The election called ``code``, called or not; for the office. Raises NotFound."""
    found = None
    if re.fullmatch(r"[A-Z0-9-]{1,20}", code):
        found = session.scalars(select(Election).where(Election.code == code)).one_or_none()
    if found is None:
        raise NotFound("election", code)
    return found


def list_objections(session: Session, election_id: int, number: int | None = None) -> list[OfficeObjection]:
    """Every objection of an election, in the order of their numbers; or the one with this number, if there is one."""
    statement = (
        select(
            Objection.id,
            Objection.number,
            Objection.matter,
            Objection.ground,
            Objection.about,
            Objection.received_on,
            Promise.due_on,
            Promise.answered_on,
            ReplyVersion.outcome,
            Objection.effect,
            Objection.effect_on,
        )
        .join(Promise, and_(Promise.subject_kind == events.OBJECTION, Promise.subject_id == Objection.id))
        .outerjoin(Reply, (Reply.id == Promise.reply_id) & Promise.answered_on.is_not(None))
        .outerjoin(
            ReplyVersion,
            (ReplyVersion.reply_id == Reply.id) & (ReplyVersion.version == Reply.published_version),
        )
        .where(Objection.election_id == election_id)
        .order_by(Objection.number)
    )
    if number is not None:
        statement = statement.where(Objection.number == number)
    return [OfficeObjection(*row) for row in session.execute(statement)]


def performed_acts(session: Session, election_id: int, kind: str) -> list[tuple[int, date]]:
    """The performed acts of one kind, the newest first, with their days."""
    rows = session.execute(
        select(Act.id, Act.performed_on)
        .where(Act.election_id == election_id, Act.kind == kind, Act.performed_on.is_not(None))
        .order_by(Act.id.desc())
    )
    return [(row.id, row.performed_on) for row in rows if row.performed_on is not None]


def codes_of(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The code of the election that each of these objections belongs to."""
    rows = session.execute(
        select(Objection.id, Election.code)
        .join(Election, Election.id == Objection.election_id)
        .where(Objection.id.in_(ids))
    )
    return {row.id: row.code for row in rows}


def by_id(session: Session, ids: Sequence[int]) -> dict[int, Objection]:
    """The objections with these ids."""
    found: dict[int, Objection] = {}
    for start in range(0, len(ids), 500):
        rows = session.scalars(select(Objection).where(Objection.id.in_(ids[start : start + 500])))
        found |= {row.id: row for row in rows}
    return found


def unanswered(session: Session, election_id: int, matter: str) -> int:
    """How many objections to ``matter`` wait for their answer."""
    return _count(session, election_id, matter, Promise.answered_on.is_(None))


def without_effect(session: Session, election_id: int, matter: str) -> int:
    """How many objections to ``matter`` were accepted, at least in part, and nothing is recorded that followed."""
    in_force = exists().where(
        Reply.id == Promise.reply_id,
        ReplyVersion.reply_id == Reply.id,
        ReplyVersion.version == Reply.published_version,
        ReplyVersion.outcome.in_(("accepted", "partly_accepted")),
    )
    return _count(
        session,
        election_id,
        matter,
        and_(Promise.answered_on.is_not(None), Objection.effect.is_(None), in_force),
    )


def _count(session: Session, election_id: int, matter: str, condition: object) -> int:
    promised = and_(Promise.subject_kind == events.OBJECTION, Promise.subject_id == Objection.id)
    return (
        session.scalar(
            select(func.count())
            .select_from(Objection)
            .join(Promise, promised)
            .where(Objection.election_id == election_id, Objection.matter == matter, condition)  # type: ignore[arg-type]
        )
        or 0
    )


# The audit chain -----------------------------------------------------------------------------------------------------


def content(objection: Objection) -> dict[str, object]:
    """What is committed to when an objection is received."""
    return {
        "number": objection.number,
        "matter": objection.matter,
        "ground": objection.ground,
        "about": objection.about,
        "language": objection.language,
        "text": objection.text,
        "received_on": objection.received_on.isoformat(),
    }


def openings(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of objections. Their texts are never public."""
    rows = session.scalars(select(Objection).where(Objection.id.in_(ids)))
    return {row.id: (row.salt, content(row)) if row.salt else None for row in rows}


SOURCES: dict[str, audit.Source] = {events.OBJECTION: source(openings)}


def mismatches(session: Session, broken: Collection[str] = ()) -> Iterator[Mismatch]:
    """The first mismatch of every election that has one.

    Reasons: ``promise_missing`` (an objection without promise), ``subject_missing`` (a promise without its objection),
    ``erasure`` (a text erased without an entry, or back), ``effect`` (another effect than was recorded).
    """
    rows = session.execute(select(Election.id, Register).join(Register, Register.id == Election.register_id))
    for election_id, register in rows.all():
        found = _first(session, election_id, register) if register.chain not in broken else None
        if found is not None:
            yield found


def _first(session: Session, election_id: int, register: Register) -> Mismatch | None:
    promised = and_(
        Promise.register_id == register.id,
        Promise.number == Objection.number,
        Promise.subject_kind == events.OBJECTION,
        Promise.subject_id == Objection.id,
    )
    number = session.scalar(
        select(func.min(Objection.number)).where(
            Objection.election_id == election_id, ~exists().where(promised)
        )
    )
    if number is not None:
        return Mismatch(register.code, number, "promise_missing")
    there = exists().where(Objection.election_id == election_id, Objection.id == Promise.subject_id)
    number = session.scalar(
        select(func.min(Promise.number)).where(
            Promise.register_id == register.id, Promise.subject_kind == events.OBJECTION, ~there
        )
    )
    if number is not None:
        return Mismatch(register.code, number, "subject_missing")
    erased, effects = _recorded(session, register.chain)
    rows = session.execute(
        select(Objection.id, Objection.number, Objection.text.is_(None), Objection.effect)
        .where(Objection.election_id == election_id)
        .order_by(Objection.number)
    )
    for id, number, gone, effect in rows:
        if bool(gone) != (id in erased):
            return Mismatch(register.code, number, "erasure")
        if effect != effects.get(id):
            return Mismatch(register.code, number, "effect")
    return None


def _recorded(session: Session, name: str) -> tuple[set[int], dict[int, str]]:
    """Which texts a chain says were erased, and which effects it says were decided."""
    erased: set[int] = set()
    effects: dict[int, str] = {}
    for link in chain.links(session, name):
        if link.tag == events.OBJECTION_ERASE:
            erased.add(link.subject_id)
        elif link.tag == events.OBJECTION_DECIDE_EFFECT:
            effects[link.subject_id] = str(link.facts["effect"])
    return erased, effects
