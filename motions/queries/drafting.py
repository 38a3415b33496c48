"""What author and invited members read about a draft, and what residents suggested to a council."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from council.models import Body, Member
from council.queries.members import SittingMember, members_of_account, sitting_members
from followup.models import Promise, Register
from followup.numbers import register_number
from motions import events
from motions.models.drafting import Cosigner, Signature, Suggestion
from motions.models.motions import Motion
from motions.queries.council_rules import rule_on
from motions.queries.motions import MotionHead
from motions.queries.parts import Standing, seats_with
from motions.rules.stages import Part


@dataclass(frozen=True, slots=True)
class Asked:
    """A member who was asked to sign: ``signed_on`` under the words that count, ``before`` under others.

    ``sits``: whether they may still sign for the council; a signature counts as long as its member sits.
    """

    member_id: int
    name: str
    invited_on: date
    declined_on: date | None
    signed_on: date | None
    before: bool
    sits: bool

    @property
    def state(self) -> str:
        """``declined``, ``signed``, ``left``, ``void`` or ``asked``."""
        if self.declined_on is not None:
            return "declined"
        if self.signed_on is not None:
            return "signed" if self.sits else "left"
        return "void" if self.before else "asked"


@dataclass(frozen=True, slots=True)
class Circle:
    """Who was asked, how many signatures stand, and how many are needed."""

    asked: Sequence[Asked]
    needed: int

    @property
    def signed(self) -> int:
        return sum(each.state == "signed" for each in self.asked)

    @property
    def is_enough(self) -> bool:
        """Whether it can be handed in."""
        return self.signed >= self.needed

    def state_of(self, member_id: int | None) -> str | None:
        """Where a member stands; None for whoever was not asked."""
        return next((each.state for each in self.asked if each.member_id == member_id), None)


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """A suggestion as members read it. ``text`` is None once it was withdrawn; ``motions`` are those that took it up."""

    id: int
    number: str
    body_id: int
    topic: str
    language: str
    name: str | None
    text: str | None
    received_on: date
    due_on: date
    answered_on: date | None
    motions: Sequence[str]


def reads_draft(session: Session, motion_id: int, standing: Standing) -> bool:
    """Whether somebody may read words that are not public: the author, and members who were asked."""
    if Part.AUTHOR in standing.parts:
        return True
    return (
        standing.member_id is not None and session.get(Cosigner, (motion_id, standing.member_id)) is not None
    )


def circle(session: Session, head: MotionHead, digest: str) -> Circle:
    """Everybody who was asked to sign, in the order of their names; ``digest`` is of the words that count."""
    rows = session.execute(
        select(Cosigner, Member.name)
        .join(Member, Member.id == Cosigner.member_id)
        .where(Cosigner.motion_id == head.id)
        .order_by(Member.name, Member.id)
    ).all()
    sitting = {
        each.member_id for each in sitting_members(session, head.body_id, clock.today()) if each.voting
    }
    signed: dict[int, dict[str, date]] = {}
    for given in session.scalars(select(Signature).where(Signature.motion_id == head.id)):
        signed.setdefault(given.member_id, {})[given.digest] = given.signed_on
    asked = [
        Asked(
            row.member_id,
            name,
            row.invited_on,
            row.declined_on,
            signed.get(row.member_id, {}).get(digest),
            row.member_id in signed,
            row.member_id in sitting,
        )
        for row, name in rows
    ]
    return Circle(asked, rule_on(session, head.body_id, clock.today()).cosigners)


def may_be_asked(session: Session, head: MotionHead) -> list[SittingMember]:
    """Members of the motion's council whom its author may still ask."""
    asked = set(
        session.scalars(
            select(Cosigner.member_id).where(Cosigner.motion_id == head.id, Cosigner.declined_on.is_(None))
        )
    )
    known = asked | seats_with(session, head.author_id)
    return [
        each
        for each in sitting_members(session, head.body_id, clock.today())
        if each.voting and each.member_id not in known
    ]


def seats_of(session: Session, account_id: int) -> list[SittingMember]:
    """The seats that somebody holds in their own right today: where they may begin a draft."""
    return [each for each in members_of_account(session, account_id, clock.today()) if each.voting]


def suggestions(session: Session, body_ids: Sequence[int]) -> list[SuggestionLine]:
    """What was suggested to these councils, the newest first."""
    rows = session.execute(
        select(Suggestion, Register.code, Promise.due_on, Promise.answered_on)
        .join(Body, Body.id == Suggestion.body_id)
        .join(Register, Register.id == Body.register_id)
        .join(Promise, (Promise.subject_kind == events.SUGGESTION) & (Promise.subject_id == Suggestion.id))
        .where(Suggestion.body_id.in_(body_ids))
        .order_by(Suggestion.id.desc())
    ).all()
    ids = [row.id for row, _code, _due, _answered in rows]
    taken: dict[int, list[str]] = {}
    for suggestion_id, number, code in session.execute(
        select(Motion.suggestion_id, Motion.number, Register.code)
        .join(Body, Body.id == Motion.body_id)
        .join(Register, Register.id == Body.register_id)
        .where(Motion.suggestion_id.in_(ids), Motion.number.is_not(None))
        .order_by(Motion.number)
    ):
        taken.setdefault(suggestion_id or 0, []).append(register_number(code, number or 0))
    return [
        SuggestionLine(
            row.id,
            register_number(code, row.number),
            row.body_id,
            row.topic,
            row.language,
            row.name,
            row.text,
            row.received_on,
            due_on,
            answered_on,
            taken.get(row.id, []),
        )
        for row, code, due_on, answered_on in rows
    ]


def suggestion_number(session: Session, suggestion_id: int) -> str:
    """The register number of a suggestion, for the motion that took it up."""
    code, number = session.execute(
        select(Register.code, Suggestion.number)
        .join(Body, Body.register_id == Register.id)
        .join(Suggestion, Suggestion.body_id == Body.id)
        .where(Suggestion.id == suggestion_id)
    ).one()
    return register_number(code, number)
