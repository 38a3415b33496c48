"""What anybody suggests to a council, without an account: each is a promise with a receipt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock, languages, settings
from core.db import reserve_ids, write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.localized import clean
from core.traces import clear_traces
from council.models import Body
from council.services.bodies import lock_body
from followup.models import Register
from followup.rules import PromiseKind, due_day
from followup.services import receipts
from followup.services.promises import NewPromise, open_promises, take_numbers
from followup.services.receipts import Contact, Receipt
from motions import events
from motions.models.drafting import Suggestion
from motions.queries.commitments import suggestion_content
from motions.rules.topics import NAME_LENGTH, SUGGESTION_LENGTH, Topic

LANGUAGE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class NewSuggestion:
    """What somebody suggests. ``name`` may be empty; ``language`` is that of the text."""

    topic: str
    text: str
    language: str
    name: str = ""


def suggest(body_id: int, form_key: str, new: NewSuggestion, contact: Contact | None = None) -> Receipt:
    """Receive a suggestion from the public form; return its receipt.

    The same form sent again gives the same receipt (``repeated``), and with a changed text raises Conflict
    ``already_sent`` (``number``). Raises also ``form_key``, NotFound, and, all together, ``suggestion_topic``,
    ``words_missing``, ``words_too_long`` (``limit``), ``language_unknown``.
    """
    new = replace(new, text=clean(new.text), name=clean(new.name))
    code = receipts.code_of(form_key)
    mac = receipts.code_mac(code)
    with write() as session:
        body, register = lock_body(session, body_id)
        found = session.scalars(select(Suggestion).where(Suggestion.code_mac == mac)).one_or_none()
        if found is not None:
            receipt = _repeat(session, body, found, new, code)
        else:
            raise_all(_problems(new))
            receipt, found = _receive(session, body, register, new, code, mac)
        if contact is not None:
            receipts.promise_word(
                session,
                receipt,
                events.SUGGESTION,
                found.id,
                contact,
                "motions/receipt",
                body=body.name.best(contact.language).text,
            )
        return receipt


def withdraw(digits: str) -> None:
    """Erase a suggestion's text and name, by whoever holds its code; number, promise and answer stay. Raises NotFound."""
    with write() as session:
        known = session.scalars(
            select(Suggestion).where(Suggestion.code_mac == receipts.code_mac(digits))
        ).one_or_none()
        if known is None:
            raise NotFound("suggestion", "code")
        _body, register = lock_body(session, known.body_id)
        session.refresh(known)
        if known.text is None:
            return
        known.text = known.name = known.salt = None
        session.flush()
        entry = audit.Entry(events.SUGGESTION_ERASE, events.SUGGESTION, known.id, {"number": known.number})
        audit.append(session, register.chain, [entry], audit.RESIDENT)
    clear_traces()


def _repeat(session: Session, body: Body, found: Suggestion, new: NewSuggestion, code: str) -> Receipt:
    if found.body_id != body.id:
        raise DomainError("form_key")
    if (found.topic, found.text, found.name or "") != (new.topic, new.text, new.name):
        raise Conflict("already_sent", number=found.number)
    return receipts.repeat_receipt(session, code, events.SUGGESTION, found.id, events.SUGGESTION_RECEIVE)


def _receive(
    session: Session, body: Body, register: Register, new: NewSuggestion, code: str, mac: bytes
) -> tuple[Receipt, Suggestion]:
    today = clock.today()
    number = take_numbers(session, register, 1, PromiseKind.ANSWER)[0]
    suggestion = Suggestion(
        id=reserve_ids(session, Suggestion, 1)[0],
        body_id=body.id,
        number=number,
        language=new.language,
        topic=new.topic,
        text=new.text,
        name=new.name or None,
        salt=audit.new_salt(),
        received_on=today,
        code_mac=mac,
    )
    session.add(suggestion)
    session.flush()
    due_on = due_day(today, settings.current().answer_weeks)
    promise = NewPromise(number, suggestion.id, body.department_id, today, due_on)
    open_promises(session, register, PromiseKind.ANSWER, events.SUGGESTION, [promise])
    facts = {"number": number, "topic": new.topic, "due": due_on.isoformat()}
    commitment = audit.commit_to(suggestion.salt or b"", suggestion_content(suggestion))
    entry = audit.Entry(events.SUGGESTION_RECEIVE, events.SUGGESTION, suggestion.id, facts, commitment)
    entry_hash = audit.append(session, register.chain, [entry], audit.RESIDENT)[0]
    return Receipt(register.code, number, code, today, due_on, entry_hash, repeated=False), suggestion


def _problems(new: NewSuggestion) -> list[DomainError]:
    errors = []
    if new.topic not in set(Topic):
        errors.append(DomainError("suggestion_topic"))
    if not new.text:
        errors.append(DomainError("words_missing"))
    if len(new.text) > SUGGESTION_LENGTH:
        errors.append(DomainError("words_too_long", limit=SUGGESTION_LENGTH))
    if len(new.name) > NAME_LENGTH:
        errors.append(DomainError("words_too_long", limit=NAME_LENGTH))
    if new.language not in languages.OFFERED:
        errors.append(DomainError("language_unknown", language=new.language[:LANGUAGE_LENGTH]))
    return errors
