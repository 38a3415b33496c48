"""What a member needs to take part in a meeting: an interpreter, childcare, expenses. Each is a promise on the clock.

Text and answer are private: whoever answers reads them, and the member. The chain names neither member nor meeting.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from accounts.models import Account
from core import audit, calendar, clock, languages
from core.calendar import add_working_days
from core.db import find, reserve_ids, write
from core.errors import DomainError, NotFound, raise_all
from core.localized import clean
from core.traces import clear_traces
from council.services.bodies import lock_body
from followup.rules import PromiseKind
from followup.services.contacts import keep_contact
from followup.services.promises import NewPromise, open_promises, take_numbers
from followup.services.receipts import find_promise
from motions import events
from motions.models.meetings import Meeting, MeetingRequest
from motions.queries.commitments import request_content
from motions.rules import meetings as rules
from motions.rules.deadlines import REQUEST_DAYS

DESK = "/office/meetings/requests/"
"""Where a member reads what came of their requests."""


def ask_for_help(
    meeting_id: int,
    member_id: int,
    kind: str,
    text: str,
    cents: int | None,
    language: str,
    actor: audit.Actor,
) -> int:
    """Ask for help with a meeting; an answer is owed within five working days, with word of it by mail. Returns the id.

    Raises NotFound, ``meeting_act_not_now`` for one that is cancelled, and what ``rules.meetings.check_request`` raises.
    """
    text = clean(text)
    with write() as session:
        meeting = find(session, Meeting, meeting_id)
        if meeting is None:
            raise NotFound("meeting", meeting_id)
        body, register = lock_body(session, meeting.body_id)
        errors = []
        if meeting.state == rules.MeetingState.CANCELLED.value:
            errors.append(DomainError("meeting_act_not_now", state=meeting.state))
        try:
            rules.check_request(kind, text, cents)
        except DomainError as error:
            errors += error.all()
        raise_all(errors)
        today = clock.today()
        number = take_numbers(session, register, 1, PromiseKind.ANSWER)[0]
        request = MeetingRequest(
            id=reserve_ids(session, MeetingRequest, 1)[0],
            meeting_id=meeting.id,
            member_id=member_id,
            number=number,
            kind=kind,
            language=language if language in languages.OFFERED else body.language,
            text=text,
            salt=audit.new_salt(),
            cents=cents,
            asked_on=today,
        )
        session.add(request)
        session.flush()
        due_on = add_working_days(today, REQUEST_DAYS, calendar.city_holidays(today.year))
        promise = NewPromise(number, request.id, body.department_id, today, due_on)
        open_promises(session, register, PromiseKind.ANSWER, events.REQUEST, [promise])
        account = session.get(Account, actor.account_id)
        if account is not None:
            owed = find_promise(session, events.REQUEST, request.id)
            keep_contact(session, owed.id, "email", account.email, account.language, desk=DESK)
        facts = {"number": number, "due": due_on.isoformat()}
        commitment = audit.commit_to(request.salt or b"", request_content(request))
        entry = audit.Entry(events.REQUEST_RECEIVE, events.REQUEST, request.id, facts, commitment)
        audit.append(session, register.chain, [entry], actor.by_role())
        return request.id


def erase_request(request_id: int, member_ids: Collection[int], actor: audit.Actor) -> None:
    """Take the text of a request of one of these seats out; number, promise and answer stay. Raises NotFound."""
    with write() as session:
        request = _own(session, request_id, member_ids)
        meeting = session.get_one(Meeting, request.meeting_id)
        _body, register = lock_body(session, meeting.body_id)
        session.refresh(request)
        if request.text is None:
            return
        request.text = request.salt = request.cents = None
        session.flush()
        entry = audit.Entry(events.REQUEST_ERASE, events.REQUEST, request.id, {"number": request.number})
        audit.append(session, register.chain, [entry], actor.by_role())
    clear_traces()


def _own(session: Session, request_id: int, member_ids: Collection[int]) -> MeetingRequest:
    request = find(session, MeetingRequest, request_id)
    if request is None or request.member_id not in member_ids:
        raise NotFound("request", request_id)
    return request
