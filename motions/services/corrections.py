"""Setting votes right that were recorded wrongly: another vote names the one before, and the motion is led back and on."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import find, write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.localized import clean
from council.models import Body
from motions.models.meetings import AgendaItem, Meeting, PaperCount, Vote
from motions.models.motions import MotionEvent
from motions.queries.attendance import room_at
from motions.rules import meetings as rules
from motions.rules import stages
from motions.rules.meetings import About, MeetingState
from motions.rules.stages import Act, Part, Stage
from motions.rules.steps import Notice
from motions.rules.votes import Figures, Outcome, VoteRule, Way
from motions.services import agenda, amendments
from motions.services.acts import Locked, lock_motion, note, take_back
from motions.services.meetings import lock_item
from motions.services.votes import (
    RULE,
    NewVote,
    Taken,
    against_teller,
    decided,
    doing_of,
    first_count,
    follow,
    keep_row,
    problems,
    voted_text,
)

BINDING: frozenset[About] = frozenset({About.AMENDMENT, About.MINUTES})
"""Texts depend on the outcome: only figures are corrected."""
_MOVES = frozenset(act.value for act in Act)
"""What moves a motion; the rest is said of it."""


def correct_vote(vote_id: int, new: NewVote, actor: audit.Actor) -> int | None:
    """Record what was really counted, with a public reason; the vote before stays. Returns the new vote's id.

    None for a secret vote: its papers are counted anew by two, as the vote was. Who was there stays as it was recorded. A
    changed outcome leads the motion back and on, as long as nothing else has happened to it. Raises NotFound, Conflict
    ``vote_corrected``, ``paper_count_open``, ``motion_moved_on``, ``vote_outcome_binds``, ``motion_reason_missing``,
    ``return_day_missing``, and what ``rules.votes`` raises.
    """
    new = replace(new, reason=clean(new.reason))
    with write() as session:
        old = find(session, Vote, vote_id)
        if old is None:
            raise NotFound("vote", vote_id)
        item, meeting, body, register = lock_item(session, old.agenda_item_id)
        if session.get(PaperCount, item.id) is not None:
            raise Conflict("paper_count_open")
        new = replace(
            new, about=About(old.about), way=Way(old.way), question=old.question.best(body.language).text
        )
        taken = counted_anew(session, old, item, meeting, new)
        if new.way is Way.ON_PAPER:
            entry = first_count(session, item, new, taken.figures, actor, old.id)
            audit.append(session, register.chain, [entry], actor)
            return None
        vote, entries = set_right(session, old, item, meeting, body, new, taken, actor)
        audit.append(session, register.chain, entries, actor)
        return vote.id


def counted_anew(session: Session, old: Vote, item: AgendaItem, meeting: Meeting, new: NewVote) -> Taken:
    """What follows from the figures that are right, with those who were there; or everything that speaks against them."""
    if session.scalars(select(Vote.id).where(Vote.corrects_id == old.id)).first() is not None:
        raise Conflict("vote_corrected")
    there = room_at(session, meeting, item)
    errors = against_teller(new, there)
    if not new.reason:
        errors.append(DomainError("motion_reason_missing"))
    room = replace(
        there,
        seats=old.seats,
        quorum=old.quorum,
        counted=tuple(old.present),
        excluded=tuple(old.excluded),
    )
    rule = VoteRule(**{name: RULE[name](value) for name, value in old.rule.items()})
    counted: list[tuple[Figures, Outcome]] = []
    errors += problems(lambda: counted.append(decided(new, room, rule)))
    flips = bool(counted) and counted[0][1].adopted != old.adopted
    if flips and new.about in BINDING:
        errors.append(Conflict("vote_outcome_binds"))
    act = rules.act_after(new.about, not old.adopted, False) if flips else None
    if act in stages.NEEDS_RETURN_DAY:
        errors += problems(lambda: stages.check_return_day(act, new.returns_on, clock.today()))
    raise_all(errors)
    return Taken(room, rule, *counted[0])


def set_right(
    session: Session,
    old: Vote,
    item: AgendaItem,
    meeting: Meeting,
    body: Body,
    new: NewVote,
    taken: Taken,
    actor: audit.Actor,
) -> tuple[Vote, list[audit.Entry]]:
    """Keep the correction, and lead the motion where it leads."""
    flips = taken.outcome.adopted != old.adopted
    locked = lock_motion(session, old.motion_id) if old.motion_id is not None else None
    digest, amended = old.text_digest, False
    if locked is not None and flips and new.about is About.MOTION:
        amended = bool(amendments.accepted(session, locked.motion))
        digest = voted_text(session, locked, taken.outcome.adopted, actor)
    vote, entries = keep_row(session, item, meeting, body, new, taken, digest, old.id)
    if locked is not None:
        entries += _correct_motion(session, locked, meeting, old, vote, new, flips, actor, amended)
    return vote, entries


def _correct_motion(
    session: Session,
    locked: Locked,
    meeting: Meeting,
    old: Vote,
    vote: Vote,
    new: NewVote,
    flips: bool,
    actor: audit.Actor,
    amended: bool,
) -> list[audit.Entry]:
    """A notice for everybody, and, where the outcome is another one, the motion's way from where it stood before."""
    event = _followed(session, locked.motion.id, old.id)
    doing = doing_of(session, locked, meeting, vote, new, actor)
    motion, about = locked.motion, About(vote.about)
    if not flips or event.kind not in _MOVES:
        _event, entries = note(session, locked, Notice.CORRECT, doing, Part.CLERK, event.id)
        if flips and rules.act_after(about, vote.adopted, amended) is not None:
            entries += follow(session, locked, meeting, vote, new, actor, amended)
        return entries
    if old.adopted and event.kind == Act.ADOPT_AMENDED.value:
        raise Conflict("vote_outcome_binds")
    _event, entries = take_back(session, locked, event, doing, Part.CLERK)
    if about is About.MOTION:
        motion.dealt_on = motion.final_digest = None
    if about in (About.REFERRAL, About.POSTPONEMENT) and old.adopted:
        motion.returns_on = None
    entries += follow(session, locked, meeting, vote, new, actor, amended)
    if motion.stage == Stage.SCHEDULED.value and meeting.state == MeetingState.HELD.value:
        body, register = locked.body, locked.register
        entries += agenda.send_back(session, body, register, meeting, actor, "")
    return entries


def _followed(session: Session, motion_id: int, vote_id: int) -> MotionEvent:
    """What followed from a vote; where it confirmed the outcome of another vote, what had followed from that one."""
    event = session.scalars(
        select(MotionEvent)
        .where(MotionEvent.motion_id == motion_id, MotionEvent.vote_id == vote_id)
        .order_by(MotionEvent.sequence.desc())
        .limit(1)
    ).one()
    while event.kind == Notice.CORRECT.value and event.corrects_id is not None:
        event = session.get_one(MotionEvent, event.corrects_id)
    return event
