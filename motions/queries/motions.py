"""One motion as pages show it: where it stands, its words, what happened, and what is owed to it by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Department
from core.db import find
from core.errors import NotFound
from core.localized import Localized
from council.models import Body, Member, Term
from followup.models import Register
from followup.numbers import read_number, register_number
from followup.queries.debts import Debt, find_steps
from motions import events
from motions.models.drafting import Cosigner, MotionText, Signature
from motions.models.motions import Motion, MotionEvent, MotionStep
from motions.queries.texts import public_text


@dataclass(frozen=True, slots=True)
class MotionHead:
    """What stands at the top of every page about a motion. ``number`` is as everybody sees it; none before submission."""

    id: int
    body_id: int
    body_key: str
    body_name: Localized
    number: str | None
    kind: str
    topic: str
    stage: str
    stage_since: date
    title: Localized
    language: str
    term_number: int
    term_ends_on: date
    author_id: int
    author: str
    department: Localized | None
    text_version: int
    created_on: date
    submitted_on: date | None
    dealt_on: date | None
    returns_on: date | None
    position: str | None
    city_decision: str | None
    final_digest: str | None
    closed_on: date | None
    suggestion_id: int | None
    follows_id: int | None

    @property
    def is_public(self) -> bool:
        return self.number is not None


@dataclass(frozen=True, slots=True)
class Words:
    """One version of a motion's text."""

    version: int
    title: Localized
    text: Localized
    reasons: Localized
    costs: Localized
    digest: str
    written_on: date
    public_on: date | None


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a motion's history. ``corrected_by`` is the sequence of the event that sets it right."""

    id: int
    sequence: int
    kind: str
    stage: str
    day: date
    entered_on: date
    public: bool
    part: str
    role: str
    member: str | None
    reason: Localized
    facts: Mapping[str, Any]
    vote_id: int | None
    measure_id: int | None
    document_id: int | None
    corrects_id: int | None
    corrected_by: int | None


@dataclass(frozen=True, slots=True)
class Owed:
    """One step that somebody owes or has met, with its clock."""

    id: int
    step: str
    measure_id: int | None
    met: bool
    debt: Debt


@dataclass(frozen=True, slots=True)
class Signer:
    """A member whose signature stands under the words that count."""

    member_id: int
    name: str
    signed_on: date


def find_motion(session: Session, motion_id: int) -> MotionHead:
    """A motion, public or not: the caller asks who may see it. Raises NotFound."""
    motion = find(session, Motion, motion_id)
    if motion is None:
        raise NotFound("motion", motion_id)
    return _head(session, motion)


def find_public(session: Session, label: str) -> MotionHead:
    """The motion with a register number such as ``MC-0012``. Raises NotFound for a number of something else."""
    code = label.rpartition("-")[0]
    number = read_number(code, label)
    if number is None:
        raise NotFound("motion", label[:40])
    motion = session.scalars(
        select(Motion)
        .join(Body, Body.id == Motion.body_id)
        .join(Register, Register.id == Body.register_id)
        .where(Register.code == code, Motion.number == number)
    ).one_or_none()
    if motion is None:
        raise NotFound("motion", label[:40])
    return _head(session, motion)


def words(session: Session, motion_id: int, *, public: bool = False) -> Words:
    """The words that count now, or with ``public`` the newest that everybody may read. Raises NotFound."""
    if public:
        return _words(public_text(session, motion_id))
    counting = select(MotionText).join(
        Motion, (Motion.id == MotionText.motion_id) & (Motion.text_version == MotionText.version)
    )
    found = session.scalars(counting.where(MotionText.motion_id == motion_id)).one_or_none()
    if found is None:
        raise NotFound("text", motion_id)
    return _words(found)


def versions(session: Session, motion_id: int) -> list[Words]:
    """Every version of the words that everybody may read, the newest first."""
    wanted = (
        select(MotionText)
        .where(MotionText.motion_id == motion_id, MotionText.public_on.is_not(None))
        .order_by(MotionText.version.desc())
    )
    return [_words(row) for row in session.scalars(wanted)]


def signers(session: Session, motion_id: int, digest: str) -> list[Signer]:
    """Who signed the words with this digest and did not decline since, in the order of the signatures."""
    rows = session.execute(
        select(Member.id, Member.name, Signature.signed_on)
        .join(Signature, Signature.member_id == Member.id)
        .join(
            Cosigner,
            (Cosigner.motion_id == Signature.motion_id) & (Cosigner.member_id == Signature.member_id),
        )
        .where(Signature.motion_id == motion_id, Signature.digest == digest, Cosigner.declined_on.is_(None))
        .order_by(Signature.id)
    )
    return [Signer(id, name, signed_on) for id, name, signed_on in rows]


def history(session: Session, motion_id: int, *, public: bool = True) -> list[Happening]:
    """What happened, in order; only what is public, unless told otherwise."""
    wanted = (
        select(MotionEvent, Member.name)
        .outerjoin(Member, Member.id == MotionEvent.member_id)
        .where(MotionEvent.motion_id == motion_id)
        .order_by(MotionEvent.sequence)
    )
    if public:
        wanted = wanted.where(MotionEvent.public)
    rows = session.execute(wanted).all()
    corrected = {event.corrects_id: event.sequence for event, _name in rows if event.corrects_id}
    return [
        Happening(
            event.id,
            event.sequence,
            event.kind,
            event.stage,
            event.day,
            event.entered_on,
            event.public,
            event.part,
            event.role,
            name,
            event.reason,
            event.facts,
            event.vote_id,
            event.measure_id,
            event.document_id,
            event.corrects_id,
            corrected.get(event.id),
        )
        for event, name in rows
    ]


def owed(session: Session, motion_id: int) -> Sequence[Owed]:
    """Every step that was owed to a motion, met or not, in the order in which they were opened."""
    rows = session.scalars(
        select(MotionStep).where(MotionStep.motion_id == motion_id).order_by(MotionStep.id)
    ).all()
    debts = find_steps(session, events.STEP, [row.id for row in rows])
    return [Owed(row.id, row.step, row.measure_id, row.met_by_id is not None, debts[row.id]) for row in rows]


def _words(row: MotionText) -> Words:
    return Words(
        row.version, row.title, row.text, row.reasons, row.costs, row.digest, row.written_on, row.public_on
    )


def _head(session: Session, motion: Motion) -> MotionHead:
    body, code, term_number, term_ends_on, author = session.execute(
        select(Body, Register.code, Term.number, Term.ends_on, Member.name)
        .join(Register, Register.id == Body.register_id)
        .join(Term, Term.id == motion.term_id)
        .join(Member, Member.id == motion.author_id)
        .where(Body.id == motion.body_id)
    ).one()
    department = session.get(Department, motion.department_id) if motion.department_id else None
    return MotionHead(
        id=motion.id,
        body_id=body.id,
        body_key=body.key,
        body_name=body.name,
        number=register_number(code, motion.number) if motion.number else None,
        kind=motion.kind,
        topic=motion.topic,
        stage=motion.stage,
        stage_since=motion.stage_since,
        title=motion.title,
        language=motion.language,
        term_number=term_number,
        term_ends_on=term_ends_on,
        author_id=motion.author_id,
        author=author,
        department=department.name if department else None,
        text_version=motion.text_version,
        created_on=motion.created_on,
        submitted_on=motion.submitted_on,
        dealt_on=motion.dealt_on,
        returns_on=motion.returns_on,
        position=motion.position,
        city_decision=motion.city_decision,
        final_digest=motion.final_digest,
        closed_on=motion.closed_on,
        suggestion_id=motion.suggestion_id,
        follows_id=motion.follows_id,
    )
