"""Whether votes, agendas, minutes and the stages of motions are what the audit chain says they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from council.models import Body
from followup.models import Register
from followup.queries import chain
from followup.queries.consistency import Mismatch
from motions import events
from motions.models.meetings import AgendaItem, Meeting, Minutes, Vote, VoteByName
from motions.models.motions import Motion
from motions.queries.recorded import digest_of, in_chain

_HAPPENED = events.happened("")


@dataclass(slots=True)
class _Recorded:
    """What a chain says: the last stage of each motion, each vote, what is on agendas, and where minutes stand."""

    stages: dict[int, str] = field(default_factory=dict)
    votes: dict[int, dict[str, Any]] = field(default_factory=dict)
    placed: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    approved: dict[int, str] = field(default_factory=dict)


def mismatches(session: Session, broken: Collection[str] = ()) -> Iterator[Mismatch]:
    """The first mismatch of every council that has one.

    Reasons: ``motion_stage`` (a motion stands elsewhere than what happened to it leads), ``vote`` (a vote is missing, or
    another than was recorded), ``agenda`` (an item is on or off an agenda without an entry), ``minutes`` (other minutes
    are approved than the council approved).
    """
    bodies = session.execute(select(Body.id, Register).join(Register, Register.id == Body.register_id))
    for body_id, register in bodies.all():
        found = _first(session, body_id, register) if register.chain not in broken else None
        if found is not None:
            yield found


def _first(session: Session, body_id: int, register: Register) -> Mismatch | None:
    known = _read(session, register.chain)
    motions = session.execute(
        select(Motion.id, Motion.number, Motion.stage).where(
            Motion.body_id == body_id, Motion.number.is_not(None)
        )
    )
    for motion_id, number, stage in motions:
        if known.stages.get(motion_id) != stage:
            return Mismatch(register.code, number or 0, "motion_stage")
    names: dict[int, dict[int, str]] = {}
    for vote_id, member_id, choice in session.execute(
        select(VoteByName.vote_id, VoteByName.member_id, VoteByName.choice)
    ):
        names.setdefault(vote_id, {})[member_id] = choice
    votes = session.scalars(
        select(Vote)
        .join(AgendaItem, AgendaItem.id == Vote.agenda_item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.body_id == body_id)
    ).all()
    in_tables = {vote.id: in_chain(vote, names.get(vote.id, {})) for vote in votes}
    if in_tables != known.votes:
        return Mismatch(register.code, 0, "vote")
    items = session.execute(
        select(AgendaItem.id, AgendaItem.removed_on.is_not(None))
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.body_id == body_id)
    ).all()
    if {id for id, _removed in items} != known.placed or {id for id, gone in items if gone} != known.removed:
        return Mismatch(register.code, 0, "agenda")
    approved = session.scalars(
        select(Minutes)
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .where(Meeting.body_id == body_id, Minutes.state == "approved")
    ).all()
    if {row.id: digest_of(row) for row in approved} != known.approved:
        return Mismatch(register.code, 0, "minutes")
    return None


def _read(session: Session, name: str) -> _Recorded:
    known = _Recorded()
    for link in chain.links(session, name):
        if link.subject_kind == events.MOTION and link.tag.startswith(_HAPPENED):
            known.stages[link.subject_id] = str(link.facts["stage"])
        elif link.tag in (events.VOTE_RECORD, events.VOTE_CORRECT):
            facts = dict(link.facts)
            facts.pop("reason", None)
            known.votes[link.subject_id] = facts
        elif link.tag == events.AGENDA_PLACE:
            known.placed.add(link.subject_id)
        elif link.tag == events.AGENDA_REMOVE:
            known.removed.add(link.subject_id)
        elif link.tag == events.MINUTES_APPROVE:
            known.approved[link.subject_id] = str(link.facts["digest"])
    return known
