"""Who sits on a council on a day, with which account, and how many must be there: what meetings and motions ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from core.errors import NotFound
from core.localized import Localized
from council import rules
from council.models import Body, Member, Term
from council.queries.bodies import BodyPage, find_body, key_of, seat_counts


@dataclass(frozen=True, slots=True)
class SittingMember:
    """Somebody who sits on a council on a day, or a member's personal deputy (``deputy_of_id``)."""

    member_id: int
    body_id: int
    body_key: str
    term_id: int
    name: str
    organisation: str | None
    office: str | None
    deputy_of_id: int | None

    @property
    def is_deputy(self) -> bool:
        return self.deputy_of_id is not None

    @property
    def voting(self) -> bool:
        """Whether this person votes in their own right: a deputy does so only while the member is away."""
        return not self.is_deputy


@dataclass(frozen=True, slots=True)
class SignIn:
    """A member or personal deputy for whom a clerk decides about signing in."""

    name: str
    seat_class: Localized
    signs_in: bool
    body: BodyPage


def members_of_account(session: Session, account_id: int, day: date) -> list[SittingMember]:
    """As whom the holder of an account sits on ``day``, council by council; nothing once they left."""
    return _sitting(session, _on(day).where(Member.account_id == account_id))


def member_ids_of(session: Session, account_id: int) -> list[int]:
    """Every seat that an account was linked to, also of those that were left: for what stays its holder's own."""
    return list(session.scalars(select(Member.id).where(Member.account_id == account_id)))


def sitting_members(session: Session, body_id: int, day: date) -> list[SittingMember]:
    """Everybody who sits on a council on ``day``, personal deputies too, in the order in which they were seated.

    As on the council's page, the members of a term that ran out sit until the next one begins.
    """
    return _sitting(session, _on(day).where(Body.id == body_id))


def seats_and_quorum(session: Session, body_id: int, day: date) -> tuple[int, int]:
    """The statutory seats of a council on ``day``, and how many members must be present for a decision."""
    share = session.scalars(select(Body.quorum_share).where(Body.id == body_id)).one()
    seats = sum(rules.seats_on(counts, day) for counts in seat_counts(session, body_id).values())
    return seats, rules.quorum(seats, share)


def find_sign_in(member_id: int) -> SignIn:
    """A member of a sitting council, or a member's personal deputy, and whether they sign in. Raises NotFound."""
    body = find_body(key_of(Member, member_id))
    for seat_class in body.classes:
        for member in (*seat_class.members, *seat_class.coming):
            if member.id == member_id:
                return SignIn(member.name, seat_class.name, member.signs_in, body)
            if member.deputy_id == member_id:
                return SignIn(member.deputy or "", seat_class.name, member.deputy_signs_in, body)
    raise NotFound("member", member_id)


def _on(day: date) -> Select[Member, Body]:
    """The members of each council's latest term that has begun, as far as they sit on ``day`` (``rules.sits_on``)."""
    later = aliased(Term)
    newer = select(later.id).where(
        later.body_id == Term.body_id, later.number > Term.number, later.begins_on <= day
    )
    return (
        select(Member, Body)
        .join(Term, Term.id == Member.term_id)
        .join(Body, Body.id == Term.body_id)
        .where(
            Term.begins_on <= day,
            ~newer.exists(),
            Member.since_on <= day,
            or_(Member.left_on.is_(None), Member.left_on > day),
        )
        .order_by(Body.key, Member.id)
    )


def _sitting(session: Session, query: Select[Member, Body]) -> list[SittingMember]:
    return [
        SittingMember(
            member.id,
            body.id,
            body.key,
            member.term_id,
            member.name,
            member.organisation,
            member.office,
            member.deputy_of_id,
        )
        for member, body in session.execute(query)
    ]
