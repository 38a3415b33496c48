"""A meeting from its calling to its end: planned, changed, invited to, opened, closed, or cancelled with a public reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Account
from core import audit, clock, letters, settings
from core.db import find, write
from core.errors import DomainError, NotFound, raise_all
from core.i18n import show_day
from core.localized import Localized, clean
from council.models import Body, Member, Term
from council.queries.members import sitting_members
from council.services.bodies import lock_body
from followup.models import Register
from motions import events
from motions.models.meetings import AgendaItem, Meeting
from motions.queries.council_rules import rule_on
from motions.rules import deadlines
from motions.rules import meetings as rules
from motions.rules.meetings import ItemKind, MeetingAct, MeetingState
from motions.services import agenda

PLACE_LENGTH = 200
NOTE_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What everybody reads of a meeting to come. Moments are aware; place and note are in the council's language."""

    starts_at: datetime
    place: str
    ends_at: datetime | None = None
    note: str = ""


def plan_meeting(body_id: int, facts: MeetingFacts, actor: audit.Actor) -> int:
    """Put a meeting into the council's calendar, with the minutes to approve and whatever waits; return its id.

    Raises NotFound, and all together ``meeting_past``, ``meeting_ends_early``, ``meeting_outside_term``,
    ``meeting_place_missing``, ``meeting_words_too_long`` (``limit``), ``meeting_same_time``, ``invitation_too_late``
    (``last``: nobody could be invited in time).
    """
    with write() as session:
        body, register = lock_body(session, body_id)
        term = _check(session, body, facts)
        last = session.scalar(select(func.max(Meeting.number)).where(Meeting.term_id == term.id)) or 0
        now = clock.now()
        meeting = Meeting(
            body_id=body.id,
            term_id=term.id,
            number=last + 1,
            state=MeetingState.PLANNED.value,
            starts_at=facts.starts_at,
            ends_at=facts.ends_at,
            place=Localized.original(body.language, facts.place),
            note=Localized.original(body.language, facts.note),
            sequence=0,
            created_at=now,
            modified_at=now,
        )
        session.add(meeting)
        session.flush()
        entries = [audit.Entry(events.MEETING_CALL, events.MEETING, meeting.id, _recorded(meeting))]
        entries += agenda.place_minutes(session, meeting)
        entries += agenda.place_waiting(session, body, register)
        audit.append(session, register.chain, entries, actor)
        return meeting.id


def change_meeting(meeting_id: int, facts: MeetingFacts, actor: audit.Actor) -> None:
    """Another time, place or note. Whoever was invited is told; a new day must leave the invitation period.

    Raises what ``plan_meeting`` raises, and Conflict ``meeting_act_not_now``.
    """
    with write() as session:
        meeting, body, register = lock_meeting(session, meeting_id)
        rules.next_state(MeetingState(meeting.state), MeetingAct.CHANGE)
        term = _check(session, body, facts, meeting)
        if term.id != meeting.term_id:
            raise DomainError("meeting_outside_term", first=term.begins_on, last=term.ends_on)
        meeting.starts_at, meeting.ends_at = facts.starts_at, facts.ends_at
        meeting.place = Localized.original(body.language, facts.place)
        meeting.note = Localized.original(body.language, facts.note)
        meeting.sequence += 1
        meeting.modified_at = clock.now()
        session.flush()
        if meeting.invited_on is not None:
            _write_to_members(session, meeting, body, "motions/meeting_changed")
        entry = audit.Entry(events.MEETING_CHANGE, events.MEETING, meeting.id, _recorded(meeting))
        audit.append(session, register.chain, [entry], actor)


def invite(meeting_id: int, actor: audit.Actor) -> int:
    """Send invitation, agenda and papers to every member once, in time; return how many mails that are.

    Raises NotFound, Conflict ``meeting_act_not_now``, and together ``invitation_too_late`` (``last``) and ``agenda_empty``.
    """
    today = clock.today()
    with write() as session:
        meeting, body, register = lock_meeting(session, meeting_id)
        after = rules.next_state(MeetingState(meeting.state), MeetingAct.INVITE)
        held_on = clock.day_of(meeting.starts_at)
        errors = []
        try:
            deadlines.check_invitation(held_on, today, rule_on(session, body.id, held_on).invitation_days)
        except DomainError as error:
            errors.append(error)
        if not agenda.items_of(session, meeting.id):
            errors.append(DomainError("agenda_empty"))
        raise_all(errors)
        meeting.state, meeting.invited_on, meeting.modified_at = after.value, today, clock.now()
        session.flush()
        sent = _write_to_members(session, meeting, body, "motions/invitation")
        items = [item.id for item in agenda.items_of(session, meeting.id)]
        facts = {"day": today.isoformat(), "agenda": items}
        entry = audit.Entry(events.MEETING_INVITE, events.MEETING, meeting.id, facts)
        audit.append(session, register.chain, [entry], actor)
        return sent


def cancel_meeting(meeting_id: int, reason: str, actor: audit.Actor) -> None:
    """Call a meeting off. Its motions go back, and what placed itself waits for the next one; members are told.

    Raises NotFound, Conflict ``meeting_act_not_now``, ``motion_reason_missing``, ``meeting_words_too_long``.
    """
    reason = clean(reason)
    with write() as session:
        meeting, body, register = lock_meeting(session, meeting_id)
        after = rules.next_state(MeetingState(meeting.state), MeetingAct.CANCEL)
        if not reason:
            raise DomainError("motion_reason_missing")
        if len(reason) > NOTE_LENGTH:
            raise DomainError("meeting_words_too_long", limit=NOTE_LENGTH)
        meeting.state = after.value
        meeting.note = Localized.original(body.language, reason)
        meeting.sequence += 1
        meeting.modified_at = clock.now()
        session.flush()
        facts = {"reason": meeting.note.dump()}
        entries = [audit.Entry(events.MEETING_CANCEL, events.MEETING, meeting.id, facts)]
        entries += agenda.send_back(session, body, register, meeting, actor, reason)
        entries += agenda.place_waiting(session, body, register)
        if meeting.invited_on is not None:
            _write_to_members(session, meeting, body, "motions/meeting_cancelled")
        audit.append(session, register.chain, entries, actor)


def open_meeting(meeting_id: int, actor: audit.Actor) -> None:
    """The meeting begins, on its day. Raises NotFound, Conflict ``meeting_act_not_now``, ``meeting_day_not_come``."""
    with write() as session:
        meeting, _body, register = lock_meeting(session, meeting_id)
        after = rules.next_state(MeetingState(meeting.state), MeetingAct.OPEN)
        if clock.today() < clock.day_of(meeting.starts_at):
            raise DomainError("meeting_day_not_come", day=clock.day_of(meeting.starts_at))
        meeting.state, meeting.modified_at = after.value, clock.now()
        session.flush()
        entry = audit.Entry(events.MEETING_OPEN, events.MEETING, meeting.id)
        audit.append(session, register.chain, [entry], actor)


def close_meeting(meeting_id: int, actor: audit.Actor) -> None:
    """The meeting is over: motions that it did not deal with go back, and what placed itself moves on to the next.

    Raises NotFound, Conflict ``meeting_act_not_now``, ``paper_count_open`` (a second teller has not counted yet).
    """
    with write() as session:
        meeting, body, register = lock_meeting(session, meeting_id)
        after = rules.next_state(MeetingState(meeting.state), MeetingAct.CLOSE)
        agenda.check_counts_done(session, meeting.id)
        meeting.state, meeting.modified_at = after.value, clock.now()
        now = clock.now().astimezone(UTC)
        if meeting.ends_at is None and meeting.starts_at <= now:
            meeting.ends_at = now
        session.flush()
        entries = [audit.Entry(events.MEETING_CLOSE, events.MEETING, meeting.id)]
        agenda.deal_with_what_was_discussed(session, meeting)
        entries += agenda.send_back(session, body, register, meeting, actor, "")
        entries += agenda.place_waiting(session, body, register)
        audit.append(session, register.chain, entries, actor)


def lock_meeting(session: Session, meeting_id: int) -> tuple[Meeting, Body, Register]:
    """A meeting with its council's register locked first of all. Raises NotFound."""
    meeting = find(session, Meeting, meeting_id)
    if meeting is None:
        raise NotFound("meeting", meeting_id)
    body, register = lock_body(session, meeting.body_id)
    session.refresh(meeting, with_for_update=True)
    return meeting, body, register


def lock_item(session: Session, item_id: int) -> tuple[AgendaItem, Meeting, Body, Register]:
    """An item with its meeting, as ``lock_meeting``. Raises NotFound, also for one that was taken off."""
    item = find(session, AgendaItem, item_id)
    if item is None:
        raise NotFound("item", item_id)
    meeting, body, register = lock_meeting(session, item.meeting_id)
    session.refresh(item, with_for_update=True)
    if item.removed_on is not None:
        raise NotFound("item", item_id)
    return item, meeting, body, register


def accounts_of(session: Session, body_id: int) -> list[Account]:
    """The accounts of everybody who sits on a council today, deputies too; active ones, each once."""
    sitting = [each.member_id for each in sitting_members(session, body_id, clock.today())]
    return list(
        session.scalars(
            select(Account)
            .join(Member, Member.account_id == Account.id)
            .where(Member.id.in_(sitting), Account.active)
            .distinct()
            .order_by(Account.id)
        )
    )


def _write_to_members(session: Session, meeting: Meeting, body: Body, letter: str) -> int:
    items = agenda.items_of(session, meeting.id)
    accounts = accounts_of(session, body.id)
    base = settings.current().base_url
    for account in accounts:
        language = account.language
        starts = clock.shown_in_the_city(meeting.starts_at)
        letters.send(
            session,
            "email",
            account.email,
            language,
            letter,
            body=body.name.best(language).text,
            day=clock.day_of(meeting.starts_at),
            show_day=show_day,
            time=f"{starts:%H:%M}",
            place=meeting.place.best(language).text,
            note=meeting.note.best(language).text,
            items=[(ItemKind(item.kind), item.title.best(language).text) for item in items],
            papers=f"{base}/{language}/office/meetings/{meeting.id}/invitation.pdf",
            link=f"{base}/{language}/office/meetings/{meeting.id}/",
        )
    return len(accounts)


def _check(session: Session, body: Body, facts: MeetingFacts, own: Meeting | None = None) -> Term:
    errors = []
    day = clock.day_of(facts.starts_at)
    if facts.starts_at <= clock.now():
        errors.append(DomainError("meeting_past"))
    elif own is None or day != clock.day_of(own.starts_at):
        try:
            deadlines.check_invitation(day, clock.today(), rule_on(session, body.id, day).invitation_days)
        except DomainError as error:
            errors.append(error)
    if facts.ends_at is not None and facts.ends_at <= facts.starts_at:
        errors.append(DomainError("meeting_ends_early"))
    if not clean(facts.place):
        errors.append(DomainError("meeting_place_missing"))
    if len(facts.place) > PLACE_LENGTH:
        errors.append(DomainError("meeting_words_too_long", limit=PLACE_LENGTH))
    if len(facts.note) > NOTE_LENGTH:
        errors.append(DomainError("meeting_words_too_long", limit=NOTE_LENGTH))
    term = session.scalars(
        select(Term)
        .where(Term.body_id == body.id, Term.begins_on <= day, Term.ends_on >= day)
        .order_by(Term.number.desc())
        .limit(1)
    ).one_or_none()
    if term is None:
        errors.append(DomainError("meeting_without_term"))
    same = select(Meeting.id).where(
        Meeting.body_id == body.id,
        Meeting.starts_at == facts.starts_at,
        Meeting.state != MeetingState.CANCELLED.value,
    )
    if any(id != (own.id if own else 0) for id in session.scalars(same)):
        errors.append(DomainError("meeting_same_time"))
    raise_all(errors)
    assert term is not None
    return term


def _recorded(meeting: Meeting) -> dict[str, object]:
    return {
        "number": meeting.number,
        "starts": meeting.starts_at.isoformat(),
        "ends": meeting.ends_at.isoformat() if meeting.ends_at else None,
        "place": meeting.place.dump(),
    }
