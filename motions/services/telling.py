"""Telling those who follow a motion that something happened: its author and whoever signed what it says.

One mail for each person and event; whoever did it is not told. Members are told in their language.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Account
from core import letters, settings
from core.db import find, write
from council.models import Body, Member
from followup.models import Register
from followup.numbers import register_number
from motions.models.drafting import Cosigner, MotionText, Signature
from motions.models.motions import Motion, MotionEvent


def tell(event_id: int) -> int:
    """Write to the followers of the event's motion; return how many mails that are."""
    with write() as session:
        event = find(session, MotionEvent, event_id)
        if event is None or not event.public:
            return 0
        motion = session.get_one(Motion, event.motion_id)
        code = session.scalars(
            select(Register.code).join(Body, Body.register_id == Register.id).where(Body.id == motion.body_id)
        ).one()
        assert motion.number is not None  # a public event has a number
        number = register_number(code, motion.number)
        followers = followers_of(session, motion)
        for account in followers:
            if account.handle == event.handle:
                continue
            letters.send(
                session,
                "email",
                account.email,
                account.language,
                "motions/happened",
                event=event,
                number=number,
                title=motion.title.best(account.language).text,
                reason=event.reason.best(account.language).text,
                late=late_steps(event),
                link=f"{settings.current().base_url}/{account.language}/motions/{number}/",
            )
        return sum(account.handle != event.handle for account in followers)


def late_steps(event: MotionEvent) -> list[tuple[str, date]]:
    """Of which steps an alarm speaks, and by when they were due."""
    return [(each["step"], date.fromisoformat(each["due"])) for each in event.facts.get("steps", ())]


def followers_of(session: Session, motion: Motion) -> list[Account]:
    """The accounts of its author and of the members whose signature stands, active ones."""
    current = select(MotionText.digest).where(
        MotionText.motion_id == motion.id, MotionText.version == motion.text_version
    )
    signed = (
        select(Signature.member_id)
        .join(
            Cosigner,
            (Cosigner.motion_id == Signature.motion_id) & (Cosigner.member_id == Signature.member_id),
        )
        .where(
            Signature.motion_id == motion.id, Signature.digest.in_(current), Cosigner.declined_on.is_(None)
        )
    )
    return list(
        session.scalars(
            select(Account)
            .join(Member, Member.account_id == Account.id)
            .where((Member.id == motion.author_id) | Member.id.in_(signed), Account.active)
            .distinct()
            .order_by(Account.id)
        )
    )
