"""Public calls for seats, and the applications that they bring. Each application is a promise with a receipt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock, languages
from core.db import find, reserve_ids, write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.localized import Localized, clean
from core.traces import clear_traces
from council import events, rules
from council.models import Application, Body, Call, SeatClass
from council.queries.commitments import application_content
from council.rules import Way
from council.services.bodies import find_class, lock_body, name_problems, text_problems, title_problems
from followup.models import Register
from followup.rules import PromiseKind
from followup.services import receipts
from followup.services.promises import NewPromise, open_promises, take_numbers
from followup.services.receipts import Contact, Receipt


@dataclass(frozen=True, slots=True)
class NewApplication:
    """What somebody writes to a call. ``organisation`` may be empty, except where organisations hold the seats."""

    name: str
    text: str
    language: str
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What a call says. ``closes_on`` is the last day for applications; each is answered by ``answers_due_on``."""

    seat_class_key: str
    title: Localized
    about: Localized
    closes_on: date
    answers_due_on: date


def open_call(body_id: int, facts: CallFacts, actor: audit.Actor) -> int:
    """Invite applications from today on; return the call's id.

    Raises, all together: ``title_missing``, ``words_too_long``, ``words_missing``, ``words_too_long``, ``day_passed``,
    ``call_answers_late``; before them NotFound, ``seat_class_unknown`` and ``call_not_for_class``.
    """
    today = clock.today()
    with write() as session:
        body, register = lock_body(session, body_id)
        seat_class = find_class(session, body, facts.seat_class_key)
        if Way(seat_class.way) not in rules.CALLED:
            raise DomainError("call_not_for_class")
        errors = title_problems(facts.title.best(body.language).text)
        errors += text_problems(facts.about.best(body.language).text)
        if facts.closes_on < today:
            errors.append(DomainError("day_passed"))
        if facts.answers_due_on <= facts.closes_on:
            errors.append(DomainError("call_answers_late"))
        raise_all(errors)
        call = Call(
            body_id=body.id,
            seat_class_id=seat_class.id,
            title=facts.title,
            about=facts.about,
            opened_on=today,
            closes_on=facts.closes_on,
            answers_due_on=facts.answers_due_on,
        )
        session.add(call)
        session.flush()
        recorded = {
            "seat_class": seat_class.key,
            "title": call.title.dump(),
            "closes": call.closes_on.isoformat(),
            "answers_due": call.answers_due_on.isoformat(),
        }
        audit.append(
            session, register.chain, [audit.Entry(events.CALL_OPEN, events.CALL, call.id, recorded)], actor
        )
        return call.id


def close_call(call_id: int, actor: audit.Actor) -> None:
    """Take no more applications, before the last day. Raises NotFound or Conflict ``call_closed``."""
    with write() as session:
        call, _body, register = _locked(session, call_id)
        if not _is_open(call):
            raise Conflict("call_closed", day=call.closed_on or call.closes_on)
        call.closed_on = clock.today()
        session.flush()
        facts = {"closed": call.closed_on.isoformat()}
        audit.append(
            session, register.chain, [audit.Entry(events.CALL_CLOSE, events.CALL, call.id, facts)], actor
        )


def apply(call_id: int, form_key: str, new: NewApplication, contact: Contact | None = None) -> Receipt:
    """Receive an application from a public form; return its receipt.

    The same form sent again gives the same receipt (``repeated``), and with a changed text raises Conflict
    ``already_sent`` (``number``). Raises also ``form_key``, NotFound, Conflict ``call_closed``, and, all together,
    ``name_missing``, ``words_too_long``, ``organisation_missing``, ``words_missing``, ``words_too_long``.
    """
    new = replace(new, name=clean(new.name), text=clean(new.text), organisation=clean(new.organisation))
    code = receipts.code_of(form_key)
    mac = receipts.code_mac(code)
    with write() as session:
        call, body, register = _locked(session, call_id)
        earlier = session.scalars(select(Application).where(Application.code_mac == mac)).one_or_none()
        if earlier is not None:
            receipt = _repeat(session, call, earlier, new, code)
        else:
            if not _is_open(call):
                raise Conflict("call_closed", day=call.closed_on or call.closes_on)
            raise_all(_problems(session, call, new))
            receipt = _receive(session, call, body, register, new, code, mac)
            earlier = session.scalars(select(Application).where(Application.code_mac == mac)).one()
        if contact is not None:
            title = call.title.best(contact.language).text
            receipts.promise_word(
                session,
                receipt,
                events.APPLICATION,
                earlier.id,
                contact,
                "council/receipt",
                title=title,
            )
        return receipt


def withdraw(digits: str) -> None:
    """Erase an application's text and names, by whoever holds its code; number, promise and answer stay.

    Raises NotFound.
    """
    with write() as session:
        known = session.scalars(
            select(Application).where(Application.code_mac == receipts.code_mac(digits))
        ).one_or_none()
        if known is None:
            raise NotFound("application", "code")
        _body, register = lock_body(session, known.body_id)
        session.refresh(known)
        if known.text is None:
            return
        known.text = known.name = known.organisation = known.salt = None
        session.flush()
        entry = audit.Entry(events.APPLICATION_ERASE, events.APPLICATION, known.id, {"number": known.number})
        audit.append(session, register.chain, [entry], audit.RESIDENT)
    clear_traces()


def _locked(session: Session, call_id: int) -> tuple[Call, Body, Register]:
    call = find(session, Call, call_id)
    if call is None:
        raise NotFound("call", call_id)
    body, register = lock_body(session, call.body_id)
    session.refresh(call)
    return call, body, register


def _is_open(call: Call) -> bool:
    return rules.call_is_open(call.opened_on, call.closes_on, call.closed_on, clock.today())


def _repeat(session: Session, call: Call, earlier: Application, new: NewApplication, code: str) -> Receipt:
    if earlier.call_id != call.id:
        raise DomainError("form_key")
    same = (earlier.name, earlier.text, earlier.organisation or "") == (
        new.name,
        new.text,
        new.organisation,
    )
    if not same:
        raise Conflict("already_sent", number=earlier.number)
    return receipts.repeat_receipt(session, code, events.APPLICATION, earlier.id, events.APPLICATION_RECEIVE)


def _receive(
    session: Session,
    call: Call,
    body: Body,
    register: Register,
    new: NewApplication,
    code: str,
    mac: bytes,
) -> Receipt:
    number = take_numbers(session, register, 1, PromiseKind.ANSWER)[0]
    application = Application(
        id=reserve_ids(session, Application, 1)[0],
        body_id=body.id,
        call_id=call.id,
        number=number,
        language=new.language,
        name=new.name,
        organisation=new.organisation or None,
        text=new.text,
        salt=audit.new_salt(),
        received_on=clock.today(),
        code_mac=mac,
    )
    session.add(application)
    session.flush()
    due_on = call.answers_due_on
    promise = NewPromise(number, application.id, body.department_id, clock.today(), due_on)
    open_promises(session, register, PromiseKind.ANSWER, events.APPLICATION, [promise])
    facts = {"number": number, "call": call.id, "due": due_on.isoformat()}
    commitment = audit.commit_to(application.salt or b"", application_content(application))
    entry = audit.Entry(events.APPLICATION_RECEIVE, events.APPLICATION, application.id, facts, commitment)
    entry_hash = audit.append(session, register.chain, [entry], audit.RESIDENT)[0]
    return Receipt(register.code, number, code, clock.today(), due_on, entry_hash, repeated=False)


def _problems(session: Session, call: Call, new: NewApplication) -> list[DomainError]:
    errors = name_problems(new.name)
    way = Way(session.get_one(SeatClass, call.seat_class_id).way)
    if way is Way.ORGANISATION and not new.organisation:
        errors.append(DomainError("organisation_missing"))
    if len(new.organisation) > rules.NAME_LENGTH:
        errors.append(DomainError("words_too_long", limit=rules.NAME_LENGTH))
    if new.language not in languages.OFFERED:
        errors.append(DomainError("language_unknown", language=new.language[: rules.KEY_LENGTH]))
    return errors + text_problems(new.text)
