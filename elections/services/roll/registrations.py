"""People whom the register misses: they ask, an officer sees their evidence, two persons put them on the roll."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from accounts.rules import RoleName
from core import audit, clock
from core.db import db, write
from core.errors import Conflict, DomainError, NotFound
from elections import events
from elections.eligibility.checklists import Verdict
from elections.models.elections import Election
from elections.models.roll import Registration, RollEntry
from elections.rules import roll as rules
from elections.rules.deadlines import read_timetable
from elections.rules.roll import Change
from elections.rules.stages import ActKind, Stage
from elections.services.acts import Facts, propose_act
from elections.services.elections import lock_election
from elections.services.roll.changes import check_changes
from elections.services.roll.seals import Person, Seals
from followup.rules import PromiseKind
from followup.services import receipts
from followup.services.promises import NewPromise, open_promises, take_numbers
from followup.services.receipts import Contact, Receipt

METHODS = ("in_person", "by_letter")
"""How an officer saw the evidence. What it was is kept nowhere."""


def register_person(code: str, form_key: str, person: Person, contact: Contact | None = None) -> Receipt:
    """Take in that somebody asks to be on the roll; return the receipt. The same form sent again gives the same one.

    Raises NotFound, what ``rules.check_person`` raises, Conflict ``registering_closed`` (``day``), or ``form_key``.
    """
    rules.check_person(person.name, person.street, person.postcode)
    receipt_code = receipts.code_of(form_key)
    code_mac = receipts.code_mac(receipt_code)
    today = clock.today()
    with write() as session:
        election, register = lock_election(session, code)
        earlier = session.scalars(select(Registration).where(Registration.code_mac == code_mac)).one_or_none()
        if earlier is not None:
            if earlier.election_id != election.id:
                raise DomainError("form_key")
            return receipts.repeat_receipt(
                session, receipt_code, events.REGISTRATION, earlier.id, events.REGISTRATION_RECEIVE
            )
        timetable = read_timetable(election.timetable)
        rules.check_registering(Stage(election.stage), timetable, today)
        seals = Seals(code)
        number = take_numbers(session, register, 1, PromiseKind.ANSWER)[0]
        asked = Registration(
            election_id=election.id,
            number=number,
            code_mac=code_mac,
            sealed=seals.seal(person),
            person_digest=seals.person_digest(person.name, person.street, person.postcode),
            received_on=today,
        )
        session.add(asked)
        session.flush()
        due_on = rules.answer_due(timetable, today)
        promise = NewPromise(number, asked.id, election.department_id, today, due_on)
        open_promises(session, register, PromiseKind.ANSWER, events.REGISTRATION, [promise])
        facts = {"number": number, "due": due_on.isoformat()}
        entry = audit.Entry(events.REGISTRATION_RECEIVE, events.REGISTRATION, asked.id, facts)
        entry_hash = audit.append(session, register.chain, [entry], audit.RESIDENT)[0]
        receipt = Receipt(code, number, receipt_code, today, due_on, entry_hash, repeated=False)
        if contact is not None:
            title = election.title.best(contact.language).text
            receipts.promise_word(
                session,
                receipt,
                events.REGISTRATION,
                asked.id,
                contact,
                "elections/registration",
                title=title,
            )
        return receipt


def see_evidence(code: str, number: int, method: str, verdict: Verdict, actor: audit.Actor) -> None:
    """Note that an officer saw the evidence of registration ``number``, how, today, and whether the rules are met.

    Not met decides it: the person is told why in the answer. Met, it waits for a correction by two persons. Raises
    NotFound, ``evidence_method_unknown``, ``evidence_verdict_unknown``, or Conflict ``registration_decided``.
    """
    if method not in METHODS:
        raise DomainError("evidence_method_unknown")
    if verdict is Verdict.UNKNOWN:
        raise DomainError("evidence_verdict_unknown")
    with write() as session:
        election, register = lock_election(session, code)
        asked = session.scalars(
            select(Registration).where(Registration.election_id == election.id, Registration.number == number)
        ).one_or_none()
        if asked is None:
            raise NotFound("registration", number)
        if asked.decided_on is not None:
            raise Conflict("registration_decided")
        asked.seen_on, asked.officer_id = clock.today(), actor.account_id
        asked.method, asked.verdict = method, verdict.value
        asked.decided_on = clock.today() if verdict is Verdict.NOT_MET else None
        session.flush()
        facts = {"number": number, "method": method, "verdict": verdict.value}
        entry = audit.Entry(events.REGISTRATION_SEE, events.REGISTRATION, asked.id, facts)
        audit.append(session, register.chain, [entry], actor)


def propose_change(
    code: str,
    changes: Sequence[Change],
    reason: str,
    actor: audit.Actor,
    roles: Collection[RoleName],
) -> int:
    """Propose corrections of the roll, which a second person confirms; return the act's id.

    Raises what ``check_changes`` and ``acts.propose_act`` raise.
    """
    facts: Facts = {"changes": [change.plain() for change in changes]}
    election = db.session.scalars(select(Election).where(Election.code == code)).one_or_none()
    if election is None:
        raise NotFound("election", code)
    check_changes(db.session(), election, facts)
    return propose_act(code, ActKind.CHANGE_ROLL, actor, roles, reason=reason, facts=facts)


def find_people(code: str, name: str, street: str, postcode: str) -> list[RollEntry]:
    """ "Am I on the roll?": who is there under this name and address, also whoever was struck. Nothing is logged."""
    election = db.session.scalars(select(Election).where(Election.code == code)).one_or_none()
    if election is None:
        raise NotFound("election", code)
    digest = Seals(code).person_digest(name, street, postcode)
    return list(
        db.session.scalars(
            select(RollEntry)
            .where(RollEntry.election_id == election.id, RollEntry.person_digest == digest)
            .order_by(RollEntry.number)
        )
    )


def opened(code: str, sealed: bytes | None) -> Person | None:
    """Who was sealed, for the officer who decides; None once the key or the row is gone."""
    if sealed is None:
        return None
    try:
        return Seals(code).open(sealed)
    except InvalidTag:
        return None
