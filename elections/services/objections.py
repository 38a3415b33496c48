"""Objections: taken in from anybody, withdrawn by their author, and what followed from those that were accepted.

They are answered at the reply desk (``followup.staff``), like everything else that an election receives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import find, write
from core.errors import Conflict, DomainError, NotFound
from core.localized import clean
from core.traces import clear_traces
from elections import events
from elections.models.elections import Act, Election
from elections.models.nominations import Nomination
from elections.models.objections import Objection
from elections.queries.objections import content
from elections.rules import objections as rules
from elections.rules.deadlines import read_timetable
from elections.rules.objections import Effect, Window
from elections.rules.plain_rule_sets import from_plain
from elections.rules.rule_sets import Matter
from elections.rules.stages import ActKind, Stage
from elections.services.elections import lock_election
from elections.services.nominations.decisions import decide_anew
from followup.models import Promise, Reply, ReplyVersion
from followup.rules import PromiseKind
from followup.services import receipts
from followup.services.promises import NewPromise, open_promises, take_numbers
from followup.services.receipts import Contact, Receipt


@dataclass(frozen=True, slots=True)
class NewObjection:
    """What somebody sends. ``about`` is the number that the objection is about, if it is about one."""

    matter: str
    ground: str
    text: str
    language: str
    about: int | None = None


def object_to(code: str, form_key: str, new: NewObjection, contact: Contact | None = None) -> Receipt:
    """Receive one objection from the public form; return its receipt.

    The same form sent again gives the same receipt (``repeated``), and with another text raises Conflict
    ``already_sent`` (``number``). Raises NotFound for an election that nobody called, ``form_key``, and what
    ``rules.check_objection`` and ``rules.check_open`` raise; ``about_unknown`` (``number``) or ``about_not_answered``
    (``number``) where a nomination's number stands for nothing that was decided.
    """
    rules.check_objection(new.matter, new.ground, new.text, new.language, new.about)
    text, matter = clean(new.text), Matter(new.matter)
    receipt_code = receipts.code_of(form_key)
    code_mac = receipts.code_mac(receipt_code)
    with write() as session:
        election, register = lock_election(session, code)
        if election.called_on is None:
            raise NotFound("election", code)
        earlier = session.scalars(
            select(Objection).where(Objection.code_mac == code_mac).execution_options(populate_existing=True)
        ).one_or_none()
        if earlier is not None:
            return _again(session, election, earlier, new, text, receipt_code, contact)
        today = clock.today()
        told_on = _told_on(session, election, matter, new)
        rules.check_open(matter, Stage(election.stage), window_of(election, matter, told_on), today)
        number = take_numbers(session, register, 1, PromiseKind.ANSWER)[0]
        due_on = rules.due_day(matter, read_timetable(election.timetable), today)
        objection = Objection(
            election_id=election.id,
            number=number,
            matter=matter.value,
            ground=new.ground,
            about=new.about,
            language=new.language,
            text=text,
            salt=audit.new_salt(),
            received_on=today,
            code_mac=code_mac,
        )
        session.add(objection)
        session.flush()
        promise = NewPromise(number, objection.id, election.department_id, today, due_on)
        open_promises(session, register, PromiseKind.ANSWER, events.OBJECTION, [promise])
        facts = {"number": number, "due": due_on.isoformat(), "matter": matter.value}
        commitment = audit.commit_to(objection.salt or b"", content(objection))
        entry = audit.Entry(events.OBJECTION_RECEIVE, events.OBJECTION, objection.id, facts, commitment)
        entry_hash = audit.append(session, register.chain, [entry], audit.RESIDENT)[0]
        receipt = Receipt(code, number, receipt_code, today, due_on, entry_hash, repeated=False)
        _promise_word(session, election, objection.id, receipt, contact)
        return receipt


def withdraw(digits: str) -> None:
    """Erase the text of an objection, by whoever holds its code; number and answer stay. Raises NotFound."""
    with write() as session:
        known = session.scalars(
            select(Objection).where(Objection.code_mac == receipts.code_mac(digits))
        ).one_or_none()
        if known is None:
            raise NotFound("objection", "code")
        _election, register = lock_election(session, _code_of(session, known))
        session.refresh(known)
        if known.text is None:
            return
        known.text = known.salt = None
        session.flush()
        entry = audit.Entry(events.OBJECTION_ERASE, events.OBJECTION, known.id, {"number": known.number})
        audit.append(session, register.chain, [entry], audit.RESIDENT)
    clear_traces()


def decide_effect(
    objection_id: int,
    effect: Effect,
    actor: audit.Actor,
    act_id: int | None = None,
    *,
    refusal_ground: str = "",
) -> None:
    """Record what followed from an answered objection: nothing, or what was done about it by which act.

    ``act_id`` is the performed act that changed the roll or sent the result back. A nomination that is reopened is decided
    the other way in the same transaction: refused, it is admitted; admitted, it is refused on ``refusal_ground`` and its
    candidate struck. Two persons answered the objection, and two corrected the answer to the nomination. Raises NotFound,
    what ``rules.check_effect`` and ``decisions.decide_anew`` raise, ``about_needed`` or ``about_unknown`` where no
    nomination is named, or ``reopened_too_late`` once people vote.
    """
    with write() as session:
        known = find(session, Objection, objection_id)
        if known is None:
            raise NotFound("objection", objection_id)
        election, register = lock_election(session, _code_of(session, known))
        session.refresh(known)
        act = find(session, Act, act_id) if act_id is not None else None
        if act_id is not None and (act is None or act.election_id != election.id or act.performed_on is None):
            raise NotFound("act", act_id)
        rules.check_effect(
            Matter(known.matter),
            effect,
            _outcome_of(session, known),
            ActKind(act.kind) if act else None,
            Effect(known.effect) if known.effect else None,
        )
        known.effect, known.effect_on, known.act_id = effect.value, clock.today(), act_id
        session.flush()
        facts = {"number": known.number, "effect": effect.value, "act": act_id}
        entries = [audit.Entry(events.OBJECTION_DECIDE_EFFECT, events.OBJECTION, known.id, facts)]
        if effect is Effect.NOMINATION_REOPENED:
            entries.append(_reopen(session, election, known, refusal_ground))
        audit.append(session, register.chain, entries, actor)


def window_of(election: Election, matter: Matter, told_on: date | None = None) -> Window | None:
    """When this election's ``matter`` can be objected to; ``told_on`` as ``rules.window`` has it."""
    return rules.window(
        matter,
        read_timetable(election.timetable),
        from_plain(election.rule_set).windows,
        told_on=told_on,
        published_on=election.published_on,
    )


def _again(
    session: Session,
    election: Election,
    earlier: Objection,
    new: NewObjection,
    text: str,
    receipt_code: str,
    contact: Contact | None,
) -> Receipt:
    """The receipt of a form that was sent before."""
    if earlier.election_id != election.id:
        raise DomainError("form_key")
    sent = (earlier.text, earlier.matter, earlier.ground, earlier.about)
    if sent != (text, new.matter, new.ground, new.about):
        raise Conflict("already_sent", number=earlier.number)
    receipt = receipts.repeat_receipt(
        session, receipt_code, events.OBJECTION, earlier.id, events.OBJECTION_RECEIVE
    )
    _promise_word(session, election, earlier.id, receipt, contact)
    return receipt


def _told_on(session: Session, election: Election, matter: Matter, new: NewObjection) -> date | None:
    """The day on which the decision on a nomination was published, or turned round, by its number in the register."""
    if matter is not Matter.NOMINATION or new.about is None:
        return None
    decided = session.scalars(
        select(Promise).where(
            Promise.register_id == election.register_id,
            Promise.number == new.about,
            Promise.subject_kind == events.NOMINATION,
        )
    ).one_or_none()
    if decided is None:
        raise DomainError("about_unknown", number=new.about)
    if decided.answered_on is None:
        raise DomainError("about_not_answered", number=new.about)
    decided_on = session.scalars(
        select(Nomination.decided_on).where(
            Nomination.election_id == election.id, Nomination.number == new.about
        )
    ).one_or_none()
    return max(decided.answered_on, decided_on or decided.answered_on)


def _reopen(session: Session, election: Election, objection: Objection, refusal_ground: str) -> audit.Entry:
    """Turn round the decision on the nomination that the objection is about."""
    if objection.about is None:
        raise DomainError("about_needed")
    if Stage(election.stage) not in rules.STAGES[Matter.NOMINATION]:
        raise DomainError("reopened_too_late")
    nomination = session.scalars(
        select(Nomination)
        .where(Nomination.election_id == election.id, Nomination.number == objection.about)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if nomination is None:
        raise DomainError("about_unknown", number=objection.about)
    return decide_anew(session, election, nomination, refusal_ground)


def _outcome_of(session: Session, objection: Objection) -> str | None:
    """The outcome of the answer in force; None while there is none."""
    return session.scalars(
        select(ReplyVersion.outcome)
        .join(Reply, (Reply.id == ReplyVersion.reply_id) & (Reply.published_version == ReplyVersion.version))
        .join(Promise, Promise.reply_id == Reply.id)
        .where(Promise.subject_kind == events.OBJECTION, Promise.subject_id == objection.id)
    ).one_or_none()


def _code_of(session: Session, objection: Objection) -> str:
    return session.scalars(select(Election.code).where(Election.id == objection.election_id)).one()


def _promise_word(
    session: Session, election: Election, id: int, receipt: Receipt, contact: Contact | None
) -> None:
    if contact is not None:
        title = election.title.best(contact.language).text
        receipts.promise_word(
            session, receipt, events.OBJECTION, id, contact, "elections/objection", title=title
        )
