"""What the ledger and the office say about the steps that are owed to motions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask import url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.i18n import localized, show_day
from council.models import Body, Member
from followup.models import Register
from followup.numbers import register_number
from followup.subjects import Item
from motions.messages.meetings import REQUESTS
from motions.messages.words import STEPS, TOPICS
from motions.models.drafting import Suggestion
from motions.models.meetings import Meeting, MeetingRequest
from motions.models.motions import Motion, MotionStep
from motions.queries.public import numbers_of_steps
from motions.views.motions import motion_url


def steps(session: Session, ids: Sequence[int]) -> Mapping[int, Item]:
    """Steps with the motion that they are owed to."""
    return {
        step.id: Item(
            title=str(STEPS[step.step]),
            text="",
            facts=(number, localized(motion.title).text),
            link=url_for("office_motions.show_motion", motion_id=motion.id),
        )
        for step, motion, number in _found(session, ids)
    }


def public_steps(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    """What is owed, and to which motion."""
    return {step.id: f"{STEPS[step.step]}, {number}" for step, _motion, number in _found(session, ids)}


def suggestions(session: Session, ids: Sequence[int]) -> Mapping[int, Item]:
    """Suggestions with what was written. The name is for the council and its office alone."""
    rows = session.scalars(select(Suggestion).where(Suggestion.id.in_(ids)))
    return {
        found.id: Item(
            title=found.name or str(TOPICS[found.topic]),
            text=found.text,
            language=found.language,
            facts=(str(TOPICS[found.topic]),),
        )
        for found in rows
    }


def public_links(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    """Where everybody reads the motions that these steps are owed to."""
    return {id: motion_url(number) for id, number in numbers_of_steps(session, ids).items()}


def _found(session: Session, ids: Sequence[int]) -> list[tuple[MotionStep, Motion, str]]:
    rows = session.execute(
        select(MotionStep, Motion, Register.code)
        .join(Motion, Motion.id == MotionStep.motion_id)
        .join(Body, Body.id == Motion.body_id)
        .join(Register, Register.id == Body.register_id)
        .where(MotionStep.id.in_(ids))
    )
    return [(step, motion, register_number(code, motion.number or 0)) for step, motion, code in rows]


def requests(session: Session, ids: Sequence[int]) -> dict[int, Item]:
    """What members asked for, for the office alone: nothing of it is public but its number."""
    rows = session.execute(
        select(MeetingRequest, Member.name, Meeting.starts_at)
        .join(Member, Member.id == MeetingRequest.member_id)
        .join(Meeting, Meeting.id == MeetingRequest.meeting_id)
        .where(MeetingRequest.id.in_(ids))
    )
    found = {}
    for each, name, starts_at in rows:
        facts = [str(REQUESTS[each.kind]), show_day(clock.day_of(starts_at))]
        if each.cents is not None:
            facts.append(_("%(amount)s euros", amount=format_decimal(Decimal(each.cents) / 100)))
        found[each.id] = Item(
            title=name,
            text=each.text,
            language=each.language,
            facts=tuple(facts),
            link=url_for("office_meetings.show_meeting", meeting_id=each.meeting_id),
        )
    return found
