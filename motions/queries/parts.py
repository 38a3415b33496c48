"""As whom somebody may act on a motion today: from their roles, their department, and their seat on the council."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Account
from accounts.rules import RoleName
from core import clock
from council.models import Body, Member
from council.queries.members import SittingMember, members_of_account
from council.rules import Office
from motions.models.implementation import Measure
from motions.models.motions import Motion
from motions.rules.stages import Part


@dataclass(frozen=True, slots=True)
class Standing:
    """All as whom somebody may act, and the seat that they hold on the motion's council, if any.

    ``measures`` are those of their own department, on which alone it reports for the city (``rules.city.whose``).
    """

    parts: frozenset[Part]
    member: SittingMember | None
    measures: frozenset[int] = frozenset()

    @property
    def member_id(self) -> int | None:
        return self.member.member_id if self.member else None


def standing_of(session: Session, motion: Motion, account: Account) -> Standing:
    """Who ``account`` is to ``motion`` today. Nobody is both author and co-signer.

    An author who was elected again stays the author of what they wrote on an earlier seat, with the same account.
    """
    seats = members_of_account(session, account.id, clock.today())
    member = next((seat for seat in seats if seat.body_id == motion.body_id), None)
    parts: set[Part] = set()
    measures: frozenset[int] = frozenset()
    if member is not None:
        own = {member.member_id} if member.is_deputy else seats_with(session, member.member_id)
        parts.add(Part.AUTHOR if motion.author_id in own else Part.MEMBER)
        if member.office == Office.CHAIR:
            parts.add(Part.CHAIR)
    if RoleName.CLERK in account.role_names:
        parts.add(Part.CLERK)
    if RoleName.OFFICER in account.role_names and account.department_id is not None:
        office = session.get_one(Body, motion.body_id).department_id
        if account.department_id == office:
            parts.add(Part.OFFICE)
        if account.department_id == motion.department_id:
            parts.add(Part.CITY)
        doing = select(Measure.id).where(
            Measure.motion_id == motion.id, Measure.department_id == account.department_id
        )
        measures = frozenset(session.scalars(doing))
    return Standing(frozenset(parts), member, measures)


def seats_with(session: Session, member_id: int) -> set[int]:
    """A member's seat, and all others of the same account, in whichever term."""
    account = select(Member.account_id).where(Member.id == member_id).scalar_subquery()
    return {member_id, *session.scalars(select(Member.id).where(Member.account_id == account))}


def releases(standing: Standing) -> bool:
    """Whether somebody lets the office's check count: chair or deputy chair, and neither for a motion of their own."""
    office = standing.member.office if standing.member else None
    return office in (Office.CHAIR, Office.DEPUTY_CHAIR) and Part.AUTHOR not in standing.parts
