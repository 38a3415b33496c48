"""A member of a council as everybody may know them: seat and days, what they tabled and what they signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.db import find
from core.errors import NotFound
from core.localized import Localized
from council.models import Body, Member, SeatClass, Term
from motions.models.meetings import Meeting, Presence
from motions.models.motions import Motion
from motions.models.register import Sponsor
from motions.queries.listing import Row, read_rows

SHOWN = 10
"""Motions of each list; the register shows all of them."""


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A member: nothing of their account. ``deputy_of`` is whose personal deputy this is, ``tabled`` and ``signed`` counts.

    ``meetings`` were held while this member had the seat; at ``attended`` of them the member was there.
    """

    id: int
    name: str
    body_id: int
    body_key: str
    body_name: Localized
    seat_class: Localized
    organisation: str | None
    office: str | None
    since_on: date
    left_on: date | None
    term_number: int
    begins_on: date
    ends_on: date
    deputy_of: str | None
    tabled: int
    signed: int
    meetings: int
    attended: int
    latest_tabled: Sequence[Row]
    latest_signed: Sequence[Row]


def read_member(session: Session, key: str, member_id: int) -> MemberPage:
    """A member of the council called ``key``, in any of its terms. Raises NotFound."""
    member = find(session, Member, member_id)
    row = (
        session.execute(
            select(Body, Term, SeatClass.name)
            .join(Term, Term.body_id == Body.id)
            .join(SeatClass, SeatClass.id == member.seat_class_id)
            .where(Term.id == member.term_id)
        ).one_or_none()
        if member
        else None
    )
    if member is None or row is None or row[0].key != key:
        raise NotFound("member", member_id)
    body, term, seat_class = row
    principal = session.get(Member, member.deputy_of_id) if member.deputy_of_id else None
    own = select(Motion.id).where(Motion.author_id == member_id, Motion.submitted_on.is_not(None))
    signed = (
        select(Motion.id)
        .join(Sponsor, Sponsor.motion_id == Motion.id)
        .where(Sponsor.member_id == member_id, Motion.author_id != member_id)
    )
    newest = (Motion.submitted_on.desc(), Motion.id.desc())
    return MemberPage(
        id=member.id,
        name=member.name,
        body_id=body.id,
        body_key=body.key,
        body_name=body.name,
        seat_class=seat_class,
        organisation=member.organisation,
        office=member.office,
        since_on=member.since_on,
        left_on=member.left_on,
        term_number=term.number,
        begins_on=term.begins_on,
        ends_on=term.ends_on,
        deputy_of=principal.name if principal else None,
        tabled=session.scalar(select(func.count()).select_from(own.subquery())) or 0,
        signed=session.scalar(select(func.count()).select_from(signed.subquery())) or 0,
        meetings=_held(session, member),
        attended=_held(session, member, only_attended=True),
        latest_tabled=read_rows(session, list(session.scalars(own.order_by(*newest).limit(SHOWN)))),
        latest_signed=read_rows(
            session, list(session.scalars(signed.order_by(Sponsor.place.desc()).limit(SHOWN)))
        ),
    )


def _held(session: Session, member: Member, *, only_attended: bool = False) -> int:
    """The meetings that were held while a member had the seat; or those of them that the member was at, if only for a time."""
    begins = clock.in_the_city(member.since_on, time())
    wanted = select(func.count()).where(
        Meeting.term_id == member.term_id, Meeting.state == "held", Meeting.starts_at >= begins
    )
    if member.left_on is not None:
        wanted = wanted.where(Meeting.starts_at < clock.in_the_city(member.left_on, time()))
    if only_attended:
        there = select(Presence.meeting_id).where(Presence.member_id == member.id, Presence.present)
        wanted = wanted.where(Meeting.id.in_(there))
    return session.scalar(wanted) or 0
