"""Minutes: drafted from what was recorded, sent within a month, objected to until the next meeting, and approved there.

What was sent stays. A correction that the council accepted goes into a new version, which the approval makes public.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock, letters, settings
from core.db import find, write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.i18n import show_day
from core.localized import Localized, clean
from council.models import Body
from council.services.bodies import lock_body
from followup.models import Register
from motions import events
from motions.models.meetings import Meeting, Minutes, MinutesObjection, Vote
from motions.queries.recorded import digest_of
from motions.rules import meetings as rules
from motions.rules.meetings import MeetingState


def write_minutes(meeting_id: int, text: str, actor: audit.Actor) -> int:
    """Keep the clerk's text as the draft, or as a new version once it was sent; return its id.

    Raises NotFound, Conflict ``meeting_act_not_now`` (before it was held), ``minutes_approved``, and
    ``minutes_empty``, ``meeting_words_too_long``.
    """
    text = clean(text)
    with write() as session:
        meeting, body, register = _locked(session, meeting_id)
        _check_held(meeting)
        errors = []
        if not text:
            errors.append(DomainError("minutes_empty"))
        if len(text) > rules.MINUTES_LENGTH:
            errors.append(DomainError("meeting_words_too_long", limit=rules.MINUTES_LENGTH))
        raise_all(errors)
        known = newest(session, meeting.id)
        if known is not None and known.state == "approved":
            raise Conflict("minutes_approved")
        if known is None or known.state != "draft":
            known = Minutes(
                meeting_id=meeting.id,
                version=known.version + 1 if known else 1,
                state="draft",
                text=Localized(),
                written_on=clock.today(),
            )
            session.add(known)
        known.text = Localized.original(body.language, text)
        known.written_on = clock.today()
        session.flush()
        entry = audit.Entry(events.MINUTES_WRITE, events.MINUTES, known.id, _facts(known))
        audit.append(session, register.chain, [entry], actor)
        return known.id


def send_minutes(meeting_id: int, actor: audit.Actor) -> int:
    """Send the draft to every member; return how many mails that are.

    Raises NotFound, Conflict ``meeting_act_not_now``, ``minutes_not_drafted``.
    """
    from motions.services.meetings import accounts_of

    with write() as session:
        meeting, body, register = _locked(session, meeting_id)
        _check_held(meeting)
        known = newest(session, meeting.id)
        if known is None or known.state != "draft":
            raise Conflict("minutes_not_drafted")
        known.state, known.sent_on = "sent", clock.today()
        meeting.modified_at = clock.now()
        session.flush()
        base = settings.current().base_url
        accounts = accounts_of(session, body.id)
        for account in accounts:
            letters.send(
                session,
                "email",
                account.email,
                account.language,
                "motions/minutes",
                body=body.name.best(account.language).text,
                day=clock.day_of(meeting.starts_at),
                show_day=show_day,
                link=f"{base}/{account.language}/office/meetings/{meeting.id}/minutes/",
            )
        entry = audit.Entry(events.MINUTES_SEND, events.MINUTES, known.id, _facts(known))
        audit.append(session, register.chain, [entry], actor)
        return len(accounts)


def object_to_minutes(meeting_id: int, member_id: int, text: str, language: str, actor: audit.Actor) -> int:
    """A member says what is wrong in the minutes that were sent; return the objection's id.

    Raises NotFound, Conflict ``minutes_not_open``, ``objection_empty``, ``meeting_words_too_long``.
    """
    text = clean(text)
    with write() as session:
        meeting, _body, register = _locked(session, meeting_id)
        known = newest(session, meeting.id)
        if known is None or known.state != "sent":
            raise Conflict("minutes_not_open")
        if not text:
            raise DomainError("objection_empty")
        if len(text) > rules.TEXT_LENGTH:
            raise DomainError("meeting_words_too_long", limit=rules.TEXT_LENGTH)
        objection = MinutesObjection(
            minutes_id=known.id,
            member_id=member_id,
            text=Localized.original(language, text),
            raised_on=clock.today(),
            answer=Localized(),
        )
        session.add(objection)
        session.flush()
        facts = {"minutes": known.id, "member": member_id}
        entry = audit.Entry(events.MINUTES_OBJECT, events.OBJECTION, objection.id, facts)
        audit.append(session, register.chain, [entry], actor)
        return objection.id


def decide_within(
    session: Session, meeting: Meeting, vote: Vote, objection_id: int | None, answer: str, language: str
) -> list[audit.Entry]:
    """What a vote under the item "minutes" decides: an objection, or, without one, that the minutes are approved.

    Words to which the council accepted an objection are not approved: they are written anew first. Raises NotFound, Conflict
    ``minutes_not_open``, ``objections_open``, ``objection_decided``, ``minutes_not_corrected``.
    """
    known = to_approve(session, meeting)
    if known is None:
        raise Conflict("minutes_not_open")
    if objection_id is not None:
        objection = find(session, MinutesObjection, objection_id)
        if objection is None or objection.id not in {
            each.id for each in objections(session, known.meeting_id)
        }:
            raise NotFound("objection", objection_id)
        if objection.outcome is not None:
            raise Conflict("objection_decided")
        objection.outcome = "accepted" if vote.adopted else "rejected"
        objection.answer = Localized.original(language, answer) if answer else Localized()
        objection.decided_on, objection.vote_id = clock.today(), vote.id
        session.flush()
        facts = {"outcome": objection.outcome, "vote": vote.id}
        return [audit.Entry(events.MINUTES_DECIDE, events.OBJECTION, objection.id, facts)]
    raised = objections(session, known.meeting_id)
    if any(each.outcome is None for each in raised):
        raise Conflict("objections_open")
    if not vote.adopted:
        return []
    if any(each.outcome == "accepted" and each.minutes_id == known.id for each in raised):
        raise Conflict("minutes_not_corrected")
    known.state, known.approved_on, known.vote_id = "approved", vote.taken_on, vote.id
    known.sent_on = known.sent_on or clock.today()
    session.get_one(Meeting, known.meeting_id).modified_at = clock.now()
    session.flush()
    return [audit.Entry(events.MINUTES_APPROVE, events.MINUTES, known.id, {**_facts(known), "vote": vote.id})]


def newest(session: Session, meeting_id: int) -> Minutes | None:
    """The version of a meeting's minutes that counts."""
    return session.scalars(
        select(Minutes).where(Minutes.meeting_id == meeting_id).order_by(Minutes.version.desc()).limit(1)
    ).one_or_none()


def objections(session: Session, meeting_id: int) -> list[MinutesObjection]:
    """Every objection to any version of a meeting's minutes, in the order in which they came."""
    return list(
        session.scalars(
            select(MinutesObjection)
            .join(Minutes, Minutes.id == MinutesObjection.minutes_id)
            .where(Minutes.meeting_id == meeting_id)
            .order_by(MinutesObjection.id)
        )
    )


def to_approve(session: Session, meeting: Meeting) -> Minutes | None:
    """The minutes that are approved in ``meeting``: of the oldest one before it whose minutes were sent and wait."""
    earlier = session.scalars(
        select(Meeting.id)
        .where(
            Meeting.body_id == meeting.body_id,
            Meeting.starts_at < meeting.starts_at,
            Meeting.state == MeetingState.HELD.value,
        )
        .order_by(Meeting.starts_at)
    ).all()
    for meeting_id in earlier:
        known = newest(session, meeting_id)
        sent = session.scalars(
            select(Minutes.id).where(Minutes.meeting_id == meeting_id, Minutes.sent_on.is_not(None))
        ).first()
        if known is not None and known.state != "approved" and sent is not None:
            return known
    return None


def _check_held(meeting: Meeting) -> None:
    if meeting.state != MeetingState.HELD.value:
        raise Conflict("meeting_act_not_now", state=meeting.state)


def _facts(minutes: Minutes) -> dict[str, object]:
    return {
        "meeting": minutes.meeting_id,
        "version": minutes.version,
        "digest": digest_of(minutes),
        "day": (minutes.approved_on or minutes.sent_on or minutes.written_on).isoformat(),
    }


def _locked(session: Session, meeting_id: int) -> tuple[Meeting, Body, Register]:
    meeting = find(session, Meeting, meeting_id)
    if meeting is None:
        raise NotFound("meeting", meeting_id)
    body, register = lock_body(session, meeting.body_id)
    session.refresh(meeting, with_for_update=True)
    return meeting, body, register
