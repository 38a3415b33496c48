"""One motion as everybody reads it: last public words, signers, the way it came, what is owed, and its entry in the chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.audit import AuditEntry
from core.errors import NotFound
from core.localized import Localized
from council.models import Body
from followup.models import Register
from followup.numbers import read_number, register_number
from motions import events
from motions.models.drafting import Suggestion
from motions.models.meetings import Vote
from motions.models.motions import Motion, MotionStep
from motions.queries import motions
from motions.queries.listing import Row, public_stage, public_titles, read_rows
from motions.queries.motions import Happening, MotionHead, Owed, Signer, Words
from motions.rules.deadlines import Step
from motions.rules.stages import CityDecision, MotionKind, Stage
from motions.rules.way import Due, Event, Stretch, way


@dataclass(frozen=True, slots=True)
class Figures:
    """How a vote went."""

    yes: int
    no: int
    abstain: int


@dataclass(frozen=True, slots=True)
class PublicMotion:
    """Everything that a motion's page needs. ``due`` is what is owed first; ``follows`` and ``followed_by`` are motions."""

    head: MotionHead
    words: Words
    versions: int
    signers: Sequence[Signer]
    happened: Sequence[Happening]
    owed: Sequence[Owed]
    due: Owed | None
    way: Sequence[Stretch]
    votes: dict[int, Figures]
    follows: Row | None
    followed_by: Sequence[Row]
    suggestion: str | None
    entry_hash: str | None


@dataclass(frozen=True, slots=True)
class StepAt:
    """A step that somebody owes or owed to the motion with this number."""

    motion: str
    title: Localized
    step: str


def find_number(session: Session, typed: str) -> list[str]:
    """The numbers of the motions that somebody may have meant who typed ``typed``, in any script's digits.

    The register number of a step, which stands on the public clock, means the motion to which it is owed.
    """
    found = []
    for code, body_id in _codes(session):
        number = read_number(code, typed)
        if number is None:
            continue
        known = select(Motion.id).where(Motion.body_id == body_id, Motion.number == number)
        if session.scalar(known) is not None:
            found.append(register_number(code, number))
        elif (step := step_at(session, code, number)) is not None:
            found.append(step.motion)
    return found


def canonical(session: Session, label: str) -> str:
    """How the number of a motion is written, by one of its spellings with the council's code. Raises NotFound."""
    found = find_number(session, label) if "-" in label else []
    if not found:
        raise NotFound("motion", label[:40])
    return found[0]


def step_at(session: Session, code: str, number: int) -> StepAt | None:
    """What the step with this register number is, and to which motion it is owed; None for what is no step."""
    row = session.execute(
        select(Motion.id, Motion.number, MotionStep.step)
        .join(MotionStep, MotionStep.motion_id == Motion.id)
        .join(Body, Body.id == Motion.body_id)
        .join(Register, Register.id == Body.register_id)
        .where(Register.code == code, MotionStep.number == number)
    ).first()
    if row is None or not row.number:
        return None
    title = public_titles(session, [row.id]).get(row.id, Localized())
    return StepAt(register_number(code, row.number), title, row.step)


def numbers_of_steps(session: Session, step_ids: Sequence[int]) -> dict[int, str]:
    """The numbers of the motions that these steps are owed to, by the steps' ids."""
    rows = session.execute(
        select(MotionStep.id, Register.code, Motion.number)
        .join(Motion, Motion.id == MotionStep.motion_id)
        .join(Body, Body.id == Motion.body_id)
        .join(Register, Register.id == Body.register_id)
        .where(MotionStep.id.in_(step_ids), Motion.number.is_not(None))
    )
    return {id: register_number(code, number or 0) for id, code, number in rows}


def read_motion(session: Session, number: str) -> PublicMotion:
    """The motion with this number, as everybody may read it. Raises NotFound."""
    head = motions.find_public(session, number)
    if head.submitted_on is None:
        raise NotFound("motion", number[:40])
    titles = public_titles(session, [head.id])
    head = replace(head, stage=public_stage(head.stage), title=titles.get(head.id, Localized()))
    versions = motions.versions(session, head.id)
    if not versions:
        raise NotFound("text", number[:40])
    happened = motions.history(session, head.id)
    owed = motions.owed(session, head.id)
    unmet = sorted((each for each in owed if not each.met), key=lambda each: each.debt.due_on)
    stretches = _way(head, happened, owed)
    return PublicMotion(
        head=head,
        words=versions[0],
        versions=len(versions),
        signers=motions.signers(session, head.id, _signed(session, head, versions)),
        happened=happened,
        owed=owed,
        due=unmet[0] if unmet else None,
        way=stretches,
        votes=_figures(session, [stretch.vote_id for stretch in stretches if stretch.vote_id]),
        follows=next(iter(read_rows(session, [head.follows_id])), None) if head.follows_id else None,
        followed_by=_followers(session, head.id),
        suggestion=_suggestion(session, head.suggestion_id),
        entry_hash=_entry_hash(session, head.id),
    )


def _signed(session: Session, head: MotionHead, versions: Sequence[Words]) -> str:
    """The digest that was signed when it was handed in last: what the council amends, members do not sign again."""
    for words in versions:
        if motions.signers(session, head.id, words.digest):
            return words.digest
    return versions[0].digest


def _codes(session: Session) -> list[tuple[str, int]]:
    rows = session.execute(
        select(Register.code, Body.id).join(Body, Body.register_id == Register.id).order_by(Register.code)
    )
    return [(code, body_id) for code, body_id in rows]


def _way(head: MotionHead, happened: Sequence[Happening], owed: Sequence[Owed]) -> list[Stretch]:
    return way(
        MotionKind(head.kind),
        Stage(head.stage),
        CityDecision(head.city_decision) if head.city_decision else None,
        head.submitted_on or date.min,
        head.returns_on,
        [Event(each.kind, each.day, each.vote_id) for each in happened],
        [Due(Step(each.step), each.debt.due_on, each.debt.answered_on, each.measure_id) for each in owed],
        clock.today(),
    )


def _figures(session: Session, ids: Sequence[int]) -> dict[int, Figures]:
    if not ids:
        return {}
    rows = session.execute(select(Vote.id, Vote.yes, Vote.no, Vote.abstain).where(Vote.id.in_(ids)))
    return {id: Figures(yes, no, abstain) for id, yes, no, abstain in rows}


def _followers(session: Session, motion_id: int) -> list[Row]:
    ids = session.scalars(
        select(Motion.id)
        .where(Motion.follows_id == motion_id, Motion.number.is_not(None))
        .order_by(Motion.id)
    )
    return read_rows(session, list(ids))


def _suggestion(session: Session, suggestion_id: int | None) -> str | None:
    """The register number of the suggestion that was tabled."""
    if suggestion_id is None:
        return None
    code, number = session.execute(
        select(Register.code, Suggestion.number)
        .join(Body, Body.register_id == Register.id)
        .join(Suggestion, Suggestion.body_id == Body.id)
        .where(Suggestion.id == suggestion_id)
    ).one()
    return register_number(code, number)


def _entry_hash(session: Session, motion_id: int) -> str | None:
    """The hash of the newest entry about the motion in its council's chain."""
    newest = select(func.max(AuditEntry.id)).where(
        AuditEntry.subject_kind == events.MOTION, AuditEntry.subject_id == motion_id
    )
    return session.scalar(select(AuditEntry.entry_hash).where(AuditEntry.id == newest.scalar_subquery()))
