"""Receiving what people send in. Follow one submission from ``submit``.

In one transaction: the submission, its register number, its promise, its audit entry, and, if an address was left,
its receipt by message. The receipt code itself is never stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from consult import events
from consult.models import Draft, PublicText, Reconsideration, Round, Submission, Unit
from consult.queries.commitments import content, public_content, reconsideration_content
from consult.rules import rounds as round_rules
from consult.rules import submissions as rules
from consult.rules.submissions import NewSubmission
from consult.services.rounds import lock_round
from core import audit, clock
from core.db import find, insert_rows, reserve_ids, write
from core.errors import Conflict, DomainError, NotFound
from core.localized import clean
from core.texts import fold
from core.traces import clear_traces
from followup.models import Promise, Register
from followup.rules import PromiseKind, due_day
from followup.services import receipts
from followup.services.contacts import share_contact
from followup.services.promises import NewPromise, open_promises, take_numbers
from followup.services.receipts import Contact, Receipt

Units = dict[int, tuple[int, int | None]]
"""Measures of a round by id: the draft each belongs to, and the department responsible, if it is known."""


@dataclass(frozen=True, slots=True)
class Received:
    """What ``receive`` wrote for one submission."""

    id: int
    number: int
    entry_hash: str


def submit(round_code: str, form_key: str, new: NewSubmission, contact: Contact | None = None) -> Receipt:
    """Receive one comment from a public form; return its receipt.

    ``form_key`` is the form's own 128-bit key (32 hexadecimal digits): the same form sent again gives the same
    receipt (``repeated``; an address added or corrected meanwhile is kept), and with a changed text raises Conflict
    ``already_sent`` (``number``) and changes nothing. Raises also ``form_key``, ``round_not_open_yet``, ``round_closed``, ``unit_unknown`` and what
    ``rules.check_submission`` raises.
    """
    new = cleaned(new)
    code = receipts.code_of(form_key)
    new = replace(new, code_mac=receipts.code_mac(code), received_on=clock.today())
    with write() as session:
        found, register = lock_round(session, round_code)
        earlier = session.scalars(
            select(Submission)
            .where(Submission.code_mac == new.code_mac)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if earlier is not None:
            if earlier.round_id != found.id:
                raise DomainError("form_key")
            if not _same(earlier, new):
                raise Conflict("already_sent", number=earlier.number)
            receipt = receipts.repeat_receipt(
                session, code, events.SUBMISSION, earlier.id, events.SUBMISSION_RECEIVE
            )
            if contact is not None:
                _promise_word(session, found, earlier.id, receipt, contact)
            return receipt
        rules.check_submission(new)
        rules.check_phase(phase_of(found, register))
        _check_unit(session, found, new.unit_id)
        received = receive(session, found, register, [new], audit.RESIDENT)[0]
        receipt = Receipt(
            round_code,
            received.number,
            code,
            clock.today(),
            found.answers_due_on,
            received.entry_hash,
            repeated=False,
        )
        if contact is not None:
            _promise_word(session, found, received.id, receipt, contact)
        return receipt


def receive(
    session: Session,
    found: Round,
    register: Register,
    submissions: Sequence[NewSubmission],
    actor: audit.Actor,
    *,
    release: bool = False,
) -> list[Received]:
    """Write ``submissions`` with numbers, promises and audit entries, inside the caller's transaction.

    The round must be locked and the submissions checked. ``release`` publishes their texts at once, for sources
    that have done so already.
    """
    numbers = take_numbers(session, register, len(submissions), PromiseKind.ANSWER)
    draft_id = session.scalar(
        select(Draft.id).where(Draft.round_id == found.id).order_by(Draft.version.desc()).limit(1)
    )
    units: Units = {
        unit.id: (unit.draft_id, unit.department_id)
        for unit in session.execute(
            select(Unit.id, Unit.draft_id, Unit.department_id)
            .join(Draft, Draft.id == Unit.draft_id)
            .where(Draft.round_id == found.id)
        )
    }
    ids = reserve_ids(session, Submission, len(submissions))
    rows = [
        _row(found, draft_id, units, id, number, new)
        for id, number, new in zip(ids, numbers, submissions, strict=True)
    ]
    public = _public_rows(session, rows) if release else []
    insert_rows(session, Submission, rows)
    insert_rows(session, PublicText, public)
    promises = [
        NewPromise(number, row["id"], _owner(found, units, new), row["received_on"], found.answers_due_on)
        for number, row, new in zip(numbers, rows, submissions, strict=True)
    ]
    open_promises(session, register, PromiseKind.ANSWER, events.SUBMISSION, promises)
    _count_received(session, submissions)
    entries = [_receive_entry(row, found) for row in rows]
    entries += [_release_entry(text, number) for text, number in zip(public, numbers, strict=bool(public))]
    hashes = audit.append(session, register.chain, entries, actor)
    return [
        Received(id, number, entry_hash) for id, number, entry_hash in zip(ids, numbers, hashes, strict=False)
    ]


def reconsider(digits: str, text: str, language: str) -> int:
    """ "You misread me", once, by whoever holds the receipt code; return the new register number.

    Opens a promise of its own kind, due after the round's number of weeks, also when the round is concluded.
    Raises NotFound, ``language_unknown``, ``not_answered_yet``, ``reconsidered_before``, ``text_missing`` or
    ``text_too_long``.
    """
    rules.check_language(language)
    text = clean(text)
    with write() as session:
        known = session.scalars(
            select(Submission).where(Submission.code_mac == receipts.code_mac(digits))
        ).one_or_none()
        if known is None:
            raise NotFound("submission", "code")
        round_code = session.scalars(select(Round.code).where(Round.id == known.round_id)).one()
        found, register = lock_round(session, round_code)
        promise = receipts.find_promise(session, events.SUBMISSION, known.id)
        earlier = session.scalar(select(func.count()).where(Reconsideration.submission_id == known.id))
        rules.check_reconsideration(text, promise.answered_on, bool(earlier))
        number = take_numbers(session, register, 1, PromiseKind.RECONSIDERATION)[0]
        asked = Reconsideration(
            round_id=found.id,
            number=number,
            submission_id=known.id,
            language=language,
            text=text,
            salt=audit.new_salt(),
            received_on=clock.today(),
        )
        session.add(asked)
        session.flush()
        due_on = due_day(clock.today(), found.answer_weeks)
        open_promises(
            session,
            register,
            PromiseKind.RECONSIDERATION,
            events.RECONSIDERATION,
            [NewPromise(number, asked.id, promise.department_id, clock.today(), due_on)],
        )
        opened = select(Promise.id).where(Promise.register_id == register.id, Promise.number == number)
        share_contact(session, promise.id, session.scalars(opened).one())
        facts = {"number": number, "about": known.number, "due": due_on.isoformat()}
        commitment = audit.commit_to(asked.salt or b"", reconsideration_content(asked))
        entry = audit.Entry(
            events.RECONSIDERATION_RECEIVE, events.RECONSIDERATION, asked.id, facts, commitment
        )
        audit.append(session, register.chain, [entry], audit.RESIDENT)
        return number


def withdraw(digits: str) -> None:
    """Erase the text of a submission, and of its reconsideration, by whoever holds its code.

    Number, outcome and reply stay, and so does the promise: a withdrawn item still ends with a published reply.
    Raises NotFound.
    """
    with write() as session:
        known = session.scalars(
            select(Submission).where(Submission.code_mac == receipts.code_mac(digits))
        ).one_or_none()
        if known is None:
            raise NotFound("submission", "code")
        round_code = session.scalars(select(Round.code).where(Round.id == known.round_id)).one()
        _found, register = lock_round(session, round_code)
        session.refresh(known)  # a text may have been released, or withdrawn, while we waited for the lock
        if known.text is None:
            return
        facts = {"number": known.number}
        entries = [audit.Entry(events.SUBMISSION_ERASE, events.SUBMISSION, known.id, facts)]
        for version in session.scalars(select(PublicText).where(PublicText.submission_id == known.id)):
            version.text = version.proposed_wording = version.salt = None
            entries.append(audit.Entry(events.SUBMISSION_ERASE, events.PUBLIC_TEXT, version.id, facts))
        for asked in session.scalars(
            select(Reconsideration).where(Reconsideration.submission_id == known.id)
        ):
            asked.text = asked.salt = None
            entries.append(audit.Entry(events.SUBMISSION_ERASE, events.RECONSIDERATION, asked.id, facts))
        known.text = known.proposed_wording = known.salt = known.name = known.folded = None
        session.flush()
        audit.append(session, register.chain, entries, audit.RESIDENT)
    clear_traces()


def phase_of(found: Round, register: Register) -> round_rules.Phase:
    """The round's phase today; whether something is unanswered does not matter to who may submit."""
    return round_rules.phase(
        found.published_on, found.opens_on, found.closes_on, 1, register.concluded_on, clock.today()
    )


def cleaned(new: NewSubmission) -> NewSubmission:
    """``new`` without control characters and bidi overrides."""
    return replace(
        new, text=clean(new.text), proposed_wording=clean(new.proposed_wording), name=clean(new.name)
    )


def _row(
    found: Round, draft_id: int | None, units: Units, id: int, number: int, new: NewSubmission
) -> dict[str, Any]:
    return {
        "id": id,
        "round_id": found.id,
        "number": number,
        "draft_id": units[new.unit_id][0] if new.unit_id else draft_id,
        "unit_id": new.unit_id,
        "kind": new.kind or None,
        "channel": new.channel,
        "author_kind": new.author_kind,
        "name": new.name or None,
        "publish_name": new.publish_name and bool(new.name),
        "language": new.language or found.language,
        "text": new.text,
        "proposed_wording": new.proposed_wording or None,
        "salt": audit.new_salt(),
        "received_on": new.received_on or clock.today(),
        "code_mac": new.code_mac,
        "import_key": new.import_key,
        "public_text_id": None,
        "folded": None,
    }


def _owner(found: Round, units: Units, new: NewSubmission) -> int:
    """The department that owes the answer: the measure's, else the round's."""
    responsible = units[new.unit_id][1] if new.unit_id else None
    return responsible or found.department_id


def _receive_entry(row: dict[str, Any], found: Round) -> audit.Entry:
    facts = {"number": row["number"], "due": found.answers_due_on.isoformat()}
    commitment = audit.commit_to(row["salt"], content(SimpleNamespace(**row)))
    return audit.Entry(events.SUBMISSION_RECEIVE, events.SUBMISSION, row["id"], facts, commitment)


def _public_rows(session: Session, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first public version of each of ``rows``, which are told about it."""
    ids = reserve_ids(session, PublicText, len(rows))
    for id, row in zip(ids, rows, strict=True):
        row["public_text_id"] = id
        row["folded"] = folded(row["text"], row["proposed_wording"])
    return [
        {
            "id": id,
            "submission_id": row["id"],
            "version": 1,
            "text": row["text"],
            "proposed_wording": row["proposed_wording"],
            "salt": audit.new_salt(),
            "released_on": clock.today(),
        }
        for id, row in zip(ids, rows, strict=True)
    ]


def _release_entry(text: dict[str, Any], number: int) -> audit.Entry:
    commitment = audit.commit_to(text["salt"], public_content(SimpleNamespace(**text)))
    facts = {"number": number, "version": text["version"]}
    return audit.Entry(events.SUBMISSION_RELEASE, events.PUBLIC_TEXT, text["id"], facts, commitment)


def folded(text: object, proposed_wording: object) -> str:
    """What search compares: both parts of a public text, folded."""
    return fold(f"{text or ''}\n{proposed_wording or ''}")


def _count_received(session: Session, submissions: Sequence[NewSubmission]) -> None:
    counts = Counter(new.unit_id for new in submissions if new.unit_id)
    for unit_id, count in counts.items():
        session.execute(update(Unit).where(Unit.id == unit_id).values(received=Unit.received + count))


def _check_unit(session: Session, found: Round, unit_id: int | None) -> None:
    if unit_id is None:
        return
    unit = find(session, Unit, unit_id)
    if unit is None or unit.kind != "measure" or session.get_one(Draft, unit.draft_id).round_id != found.id:
        raise DomainError("unit_unknown")


def _same(earlier: Submission, new: NewSubmission) -> bool:
    return (
        earlier.text == new.text
        and (earlier.proposed_wording or "") == new.proposed_wording
        and (earlier.kind or "") == (new.kind or "")
        and earlier.unit_id == new.unit_id
        and (earlier.name or "") == new.name
        and earlier.publish_name == (new.publish_name and bool(new.name))
        and earlier.author_kind == new.author_kind
    )


def _promise_word(session: Session, found: Round, id: int, receipt: Receipt, contact: Contact) -> None:
    title = found.title.best(contact.language).text
    receipts.promise_word(session, receipt, events.SUBMISSION, id, contact, "consult/receipt", title=title)
