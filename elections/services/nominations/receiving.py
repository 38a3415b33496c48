"""What nominees and their supporters do: hand in, support by link, mend, withdraw. Nobody needs an account.

Receipt code and supporters' link both follow from the form's own key, so that a form sent twice shows the same ones;
the database keeps an HMAC of each.
"""

from __future__ import annotations

import base64
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock, keys
from core.db import write
from core.errors import Conflict, DomainError, NotFound
from core.localized import Localized, clean
from core.texts import fold
from elections import events
from elections.models.candidates import Candidate
from elections.models.elections import Election
from elections.models.nominations import Nomination, Supporter
from elections.queries.commitments import nomination_content
from elections.rules import nominations as rules
from elections.rules.deadlines import Step, read_timetable
from elections.rules.nominations import Event, NewNomination, State
from elections.rules.plain_rule_sets import from_plain
from elections.rules.stages import Stage
from elections.services.elections import lock_election
from elections.services.nominations import seals
from followup.models import Register
from followup.rules import PromiseKind
from followup.services import receipts, replies
from followup.services.promises import NewPromise, open_promises, take_numbers
from followup.services.receipts import Contact, Receipt

KEY = "nomination"
"""The name of the key that supporters' links follow from; what is sealed has a key for each election (``seals``)."""
LONGEST_TOKEN = 64


def link_token(code: str) -> str:
    """The secret part of the supporters' link that belongs to a receipt code."""
    return (
        base64.urlsafe_b64encode(keys.mac(KEY, b"link:" + code.encode("ascii"))[:16])
        .decode("ascii")
        .rstrip("=")
    )


def link_mac(token: str) -> bytes:
    """The only form in which a supporters' link is stored."""
    return keys.mac(KEY, b"lookup:" + token[:LONGEST_TOKEN].encode("utf-8", "replace"))


def nominate(code: str, form_key: str, new: NewNomination, contact: Contact | None = None) -> Receipt:
    """Receive a nomination; return its receipt. The answer is due on the day the candidates are published.

    The same form sent again gives the same receipt, and with other content Conflict ``already_sent`` (``number``).
    Raises also NotFound, ``form_key``, ``nominations_not_open_yet``, ``nominations_closed`` and what
    ``rules.check_nomination`` raises.
    """
    new = cleaned(new)
    secret = receipts.code_of(form_key)
    with write() as session:
        election, register = lock_election(session, code)
        if election.stage == Stage.PREPARED:
            raise NotFound("election", code)
        earlier = find_by_code(session, receipts.code_mac(secret))
        if earlier is not None:
            return _repeated(session, election, earlier, secret, new)
        timetable = read_timetable(election.timetable)
        rules.check_open(Stage(election.stage), timetable, clock.today())
        rule_set = from_plain(election.rule_set)
        rules.check_nomination(
            new,
            groups=[group.key for group in rule_set.groups],
            lists=rule_set.counting.apportionment is not None,
            languages=election.languages,
        )
        number = take_numbers(session, register, 1, PromiseKind.ANSWER)[0]
        nomination = _row(election, number, secret, new)
        session.add(nomination)
        session.flush()
        due_on = timetable[Step.CANDIDATES_PUBLISHED]
        promise = NewPromise(number, nomination.id, election.department_id, clock.today(), due_on)
        open_promises(session, register, PromiseKind.ANSWER, events.NOMINATION, [promise])
        facts = {"number": number, "due": due_on.isoformat(), "group": nomination.group_key}
        commitment = audit.commit_to(nomination.salt or b"", nomination_content(nomination))
        entry = audit.Entry(events.NOMINATION_RECEIVE, events.NOMINATION, nomination.id, facts, commitment)
        entry_hash = audit.append(session, register.chain, [entry], audit.RESIDENT)[0]
        receipt = Receipt(code, number, secret, clock.today(), due_on, entry_hash, repeated=False)
        if contact is not None:
            title = election.title.best(contact.language).text
            receipts.promise_word(
                session,
                receipt,
                events.NOMINATION,
                nomination.id,
                contact,
                "elections/nomination",
                title=title,
            )
        return receipt


def support(token: str, name: str, address: str) -> bool:
    """Support the nomination behind a link; False if this person did so before, which counts once.

    Raises NotFound, ``mending_closed``, ``nomination_state`` or what ``rules.check_support`` raises.
    """
    name, address = clean(name), clean(address)
    rules.check_support(name, address)
    with write() as session:
        nomination, election, register = _locked(session, Nomination.link_mac == link_mac(token))
        rules.check_mending(Stage(election.stage), read_timetable(election.timetable), clock.today())
        rules.next_state(State(nomination.state), Event.SUPPORT)
        who = f"{nomination.id}\n{_same(name)}\n{_same(address)}"
        digest = seals.digest(election.code, who)
        known = select(Supporter.id).where(
            Supporter.nomination_id == nomination.id, Supporter.digest == digest
        )
        if session.scalar(known) is not None:
            return False
        sealed = seals.seal(election.code, {"name": name, "address": address})
        session.add(
            Supporter(nomination_id=nomination.id, digest=digest, sealed=sealed, supported_on=clock.today())
        )
        session.flush()
        _record(session, register, events.NOMINATION_SUPPORT, nomination, audit.RESIDENT)
        return True


def mend(digits: str, statements: dict[str, str], note: str = "") -> None:
    """Change the statement, or answer what was missing, by whoever holds the receipt code, until mending closes.

    ``note`` goes to the officers alone. Raises NotFound, ``mending_closed``, ``nomination_state``, and what
    ``rules.check_statements`` raises, or ``note_too_long``.
    """
    with write() as session:
        nomination, election, register = _locked(session, Nomination.code_mac == receipts.code_mac(digits))
        rules.check_mending(Stage(election.stage), read_timetable(election.timetable), clock.today())
        state = rules.next_state(State(nomination.state), Event.MEND)
        rules.check_statements(statements, nomination.language, election.languages)
        if len(note) > rules.NOTE_LENGTH:
            raise DomainError("note_too_long", limit=rules.NOTE_LENGTH)
        nomination.statement = Localized.of(statements, nomination.language)
        if clean(note):
            known = seals.unseal(election.code, nomination.sealed)
            nomination.sealed = seals.seal(election.code, {**known, "note": clean(note)})
        nomination.state, nomination.mended_on = state.value, clock.today()
        session.flush()
        _record(session, register, events.NOMINATION_MEND, nomination, audit.RESIDENT)


def withdraw(digits: str) -> None:
    """Withdraw a nomination, by whoever holds its code; its number stays, and it still ends with an answer.

    After the candidates are published the ballot stays as it is. Raises NotFound, ``withdrawal_too_late``,
    ``nomination_state``.
    """
    with write() as session:
        nomination, election, register = _locked(session, Nomination.code_mac == receipts.code_mac(digits))
        if election.stage != Stage.CALLED:
            raise DomainError("withdrawal_too_late")
        nomination.state = rules.next_state(State(nomination.state), Event.WITHDRAW).value
        nomination.withdrawn_on = clock.today()
        pending, decided = nomination.reply_id, nomination.decided_on
        if pending is not None and decided is None:
            nomination.decision = nomination.refusal_ground = nomination.reply_id = None
        if nomination.candidate_id is not None:
            session.get_one(Candidate, nomination.candidate_id).withdrawn_on = clock.today()
        session.flush()
        if pending is not None and decided is None:
            replies.take_back_within(session, pending)
        _record(session, register, events.NOMINATION_WITHDRAW, nomination, audit.RESIDENT)


def find_by_code(session: Session, code_mac: bytes) -> Nomination | None:
    """The nomination that a receipt code belongs to."""
    return session.scalars(
        select(Nomination).where(Nomination.code_mac == code_mac).execution_options(populate_existing=True)
    ).one_or_none()


def cleaned(new: NewNomination) -> NewNomination:
    """``new`` without control characters and bidi overrides, and without empty translations."""
    statements = {language: clean(text) for language, text in new.statements.items() if clean(text)}
    return replace(
        new,
        name=clean(new.name),
        address=clean(new.address),
        contact=clean(new.contact),
        list_name=clean(new.list_name),
        statements=statements,
    )


def _row(election: Election, number: int, secret: str, new: NewNomination) -> Nomination:
    return Nomination(
        election_id=election.id,
        number=number,
        code_mac=receipts.code_mac(secret),
        link_mac=link_mac(link_token(secret)),
        state=State.RECEIVED.value,
        group_key=new.group_key or None,
        list_name=new.list_name or None,
        name=new.name,
        language=new.language,
        statement=Localized.of(new.statements, new.language),
        sealed=seals.seal(election.code, {"address": new.address, "contact": new.contact}),
        salt=audit.new_salt(),
        consented_on=clock.today(),
        received_on=clock.today(),
        deficiencies=Localized(),
    )


def _repeated(
    session: Session, election: Election, earlier: Nomination, secret: str, new: NewNomination
) -> Receipt:
    if earlier.election_id != election.id:
        raise DomainError("form_key")
    same = (earlier.name, earlier.group_key or "", earlier.list_name or "")
    if earlier.mended_on is None and (
        same != (new.name, new.group_key, new.list_name)
        or earlier.statement != Localized.of(new.statements, new.language)
    ):
        raise Conflict("already_sent", number=earlier.number)
    return receipts.repeat_receipt(session, secret, events.NOMINATION, earlier.id, events.NOMINATION_RECEIVE)


def _locked(session: Session, which: object) -> tuple[Nomination, Election, Register]:
    found = session.execute(
        select(Nomination, Election.code).join(Election, Election.id == Nomination.election_id).where(which)  # type: ignore[arg-type]
    ).one_or_none()
    if found is None:
        raise NotFound("nomination", "code")
    nomination, code = found
    election, register = lock_election(session, code)
    session.refresh(nomination)
    return nomination, election, register


def _same(text: str) -> str:
    """What two spellings of one name or address have in common."""
    return " ".join(fold(text).replace(",", " ").replace(".", " ").split())


def _record(
    session: Session, register: Register, tag: str, nomination: Nomination, actor: audit.Actor
) -> None:
    facts = {"number": nomination.number}
    audit.append(session, register.chain, [audit.Entry(tag, events.NOMINATION, nomination.id, facts)], actor)
