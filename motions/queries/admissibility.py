"""What the office looks at when it checks a motion: what was proposed, and earlier motions that are about the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Account
from core import clock
from core.localized import Localized
from council.models import Body
from followup.models import Register
from followup.numbers import register_number
from motions.models.drafting import Finding, MotionText
from motions.models.motions import Motion
from motions.queries.texts import public_text
from motions.rules import admissibility
from motions.rules.admissibility import REPEAT_MONTHS, Earlier
from motions.rules.deadlines import add_months
from motions.rules.drafting import own_text


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier motion that is about the same, as far as its words tell. ``share`` is in hundredths."""

    number: int
    label: str
    title: Localized
    dealt_on: date
    blocked_until: date
    share: int


@dataclass(frozen=True, slots=True)
class ProposedFinding:
    """What the office proposes, and waits for the chair."""

    id: int
    act: str
    findings: Mapping[str, str]
    reason: Localized
    earlier: str | None
    proposed_by: int
    proposer: str
    proposed_on: date


def open_finding(session: Session, motion_id: int) -> ProposedFinding | None:
    """What waits for the chair, if anything does."""
    row = session.execute(
        select(Finding, Account.name)
        .join(Account, Account.id == Finding.proposed_by)
        .where(Finding.motion_id == motion_id, Finding.released_on.is_(None), Finding.taken_back_on.is_(None))
    ).one_or_none()
    if row is None:
        return None
    finding, name = row
    return ProposedFinding(
        finding.id,
        finding.act,
        finding.findings,
        finding.reason,
        label_of(session, finding.earlier_id) if finding.earlier_id else None,
        finding.proposed_by,
        name,
        finding.proposed_on,
    )


def alike_motions(session: Session, motion_id: int) -> Sequence[Alike]:
    """Motions of the same council, dealt with in the last six months, whose words are alike: for people to judge."""
    motion = session.get_one(Motion, motion_id)
    day = motion.submitted_on or clock.today()
    code = _code(session, motion.body_id)
    mine = _words(session, motion)
    rows = session.execute(
        select(Motion, MotionText)
        .join(MotionText, (MotionText.motion_id == Motion.id) & (MotionText.version == Motion.text_version))
        .where(
            Motion.body_id == motion.body_id,
            Motion.dealt_on >= add_months(day, -REPEAT_MONTHS),
            Motion.id != motion.id,
            Motion.number.is_not(None),
            MotionText.public_on.is_not(None),
        )
        .order_by(Motion.dealt_on, Motion.id)
    ).all()
    known = {earlier.number: earlier for earlier, _text in rows}
    candidates = [
        Earlier(earlier.number or 0, *_plain(earlier, text), earlier.dealt_on or day)
        for earlier, text in rows
    ]
    return [
        Alike(
            each.number,
            register_number(code, each.number),
            known[each.number].title,
            each.dealt_on,
            admissibility.blocked_until(each.dealt_on),
            round(share * 100),
        )
        for each, share in admissibility.alike(*mine, day, candidates)
    ]


def label_of(session: Session, motion_id: int) -> str:
    """The register number of a public motion."""
    motion = session.get_one(Motion, motion_id)
    return register_number(_code(session, motion.body_id), motion.number or 0)


def _code(session: Session, body_id: int) -> str:
    return session.scalars(
        select(Register.code).join(Body, Body.register_id == Register.id).where(Body.id == body_id)
    ).one()


def _words(session: Session, motion: Motion) -> tuple[str, str]:
    return _plain(motion, public_text(session, motion.id))


def _plain(motion: Motion, text: MotionText) -> tuple[str, str]:
    own = own_text(text, motion.language)
    return own.title, own.text
