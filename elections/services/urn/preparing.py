"""Before voting: the identifier first, then trustees and credentials made for it, then everything is fixed together."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import insert_rows, write
from core.errors import Conflict, DomainError, raise_all
from elections import events
from elections.ballot import canonical, trustees
from elections.ballot.board import credential_key
from elections.ballot.chain import Kind, Setup
from elections.ballot.credentials import read_credentials
from elections.ballot.group import BELENIOS_2048
from elections.ballot.questions import Question, make_election, new_identifier, question_for
from elections.ballot.replacements import Entry, Record, read_record
from elections.models.elections import Election
from elections.models.urn import Urn, UrnCredential
from elections.queries.tallies import options_of, rules_of
from elections.rules.stages import Stage
from elections.rules.urn import CredentialState, UrnState
from elections.services.elections import lock_election
from elections.services.urn.board import append, lock_urn
from elections.services.urn.keys import assemble_keys
from elections.services.urn.observing import note_head

PREPARING = frozenset({Stage.CANDIDATES, Stage.ROLL, Stage.READY})


def begin_urn(code: str, actor: audit.Actor) -> str:
    """Give the election its identifier, for which trustees and credential authority then make theirs; return it.

    Raises NotFound, ``urn_stage``, ``encrypted_ballot_unsupported`` (``method``) for rules that stay on paper, or
    Conflict ``urn_begun``.
    """
    with write() as session:
        election, register = lock_election(session, code)
        if Stage(election.stage) not in PREPARING:
            raise DomainError("urn_stage")
        if urn_of(session, election) is not None:
            raise Conflict("urn_begun")
        _question(session, election)
        midnight = datetime.combine(clock.today(), time(), UTC)
        urn = Urn(
            election_id=election.id,
            uuid=new_identifier(),
            timestamp=int(midnight.timestamp()),
            options=[],
            state=UrnState.BEGUN.value,
            closes_at=election.voting_closes_at,
            head=None,
            height=-1,
        )
        session.add(urn)
        session.flush()
        entry = audit.Entry(events.URN_BEGIN, events.URN, urn.id, {"uuid": urn.uuid})
        audit.append(session, register.chain, [entry], actor)
        return urn.uuid


def prepare_urn(
    code: str, keys: bytes | None, listed: bytes, spares: Iterable[str], actor: audit.Actor
) -> None:
    """Fix trustees, public credentials (``listed``) and the question. ``spares`` are those drawn in reserve.

    ``keys`` is a set of trustees assembled elsewhere, such as one with a threshold; None takes the keys handed in one by
    one. Until voting opens this can be done again; what was revoked of the same credentials stays revoked. Raises NotFound, ``urn_stage``, ``urn_missing``, what
    ``assemble_keys`` raises, and together ``trustee_set_unsound`` (``faults``), ``credentials_wrong`` (``count``: how
    many are outside the group), ``credentials_twice``, ``spares_not_listed`` (``count``), or what the readers raise.
    """
    group = BELENIOS_2048
    found = () if keys is None else trustees.read_trustees(group, keys)
    public = list(read_credentials(io.BytesIO(listed), len(listed), group))
    numbers = [group.write(each.element) for each in public]
    errors = []
    faults = sorted(set(trustees.faults(group, found)))
    if faults:
        errors.append(DomainError("trustee_set_unsound", faults=", ".join(faults)))
    wrong = sum(each.element == group.identity or not group.contains(each.element) for each in public)
    if wrong or any(each.weight != 1 for each in public):
        errors.append(DomainError("credentials_wrong", count=wrong))
    if len(set(numbers)) < len(numbers):
        errors.append(DomainError("credentials_twice"))
    reserved = set(spares)
    if not reserved <= set(numbers):
        errors.append(DomainError("spares_not_listed", count=len(reserved - set(numbers))))
    raise_all(errors)
    with write() as session:
        election, register = lock_election(session, code)
        if Stage(election.stage) not in PREPARING:
            raise DomainError("urn_stage")
        known = urn_of(session, election)
        if known is None:
            raise DomainError("urn_missing")
        urn = lock_urn(session, known.id)
        if keys is None:
            keys = assemble_keys(session, urn)
            found = trustees.read_trustees(group, keys)
        asked = make_election(
            urn.uuid,
            election.title.best(election.language).text,
            "",
            (_question(session, election),),
            trustees.public_key(group, found),
        )
        record = _record_of(urn, numbers)
        urn.replacements = urn.replacements if record else None
        urn.election, urn.trustees, urn.credentials = asked.message, keys, listed
        urn.options = list(options_of(session, election))
        urn.state = UrnState.PREPARED.value
        session.query(UrnCredential).where(UrnCredential.urn_id == urn.id).delete()
        session.flush()
        insert_rows(session, UrnCredential, list(_rows(urn.id, numbers, reserved)))
        apply_entries(session, urn, record.entries if record else ())
        facts = {
            "fingerprint": asked.fingerprint,
            "election": canonical.digest(asked.message),
            "trustees": canonical.digest(keys),
            "credentials": canonical.digest(listed),
            "count": len(numbers),
            "spares": len(reserved),
        }
        entry = audit.Entry(events.URN_PREPARE, events.URN, urn.id, facts)
        audit.append(session, register.chain, [entry], actor)


def _record_of(urn: Urn, numbers: Iterable[str]) -> Record | None:
    """What the authority has replaced and revoked of these credentials, which being prepared anew does not undo.

    None where it is about others: with other codes the authority begins a new record.
    """
    if not urn.replacements:
        return None
    record = read_record(urn.replacements)
    named = {number for entry in record.entries for number in (entry.old, entry.new) if number}
    return record if named <= set(numbers) else None


def apply_entries(session: Session, urn: Urn, entries: Iterable[Entry]) -> None:
    """Let what the entries take away cast no more, and what they bring cast."""
    for entry in entries:
        for number, state in ((entry.old, CredentialState.REVOKED), (entry.new, CredentialState.LISTED)):
            if number:
                session.execute(
                    update(UrnCredential)
                    .where(
                        UrnCredential.urn_id == urn.id, UrnCredential.key == credential_key(number.encode())
                    )
                    .values(state=state.value)
                )


def _rows(urn_id: int, numbers: Iterable[str], reserved: set[str]) -> Iterator[dict[str, object]]:
    for number in numbers:
        state = CredentialState.SPARE if number in reserved else CredentialState.LISTED
        yield {"urn_id": urn_id, "key": credential_key(number.encode()), "state": state.value}


def urn_of(session: Session, election: Election) -> Urn | None:
    """The urn of an election that votes online, or None."""
    return session.scalars(select(Urn).where(Urn.election_id == election.id)).one_or_none()


def _question(session: Session, election: Election) -> Question:
    """What is asked: the election's own rules over its candidates or lists, in the ballot's order, or a blank vote."""
    rule = rules_of(election).counting
    names = list(options_of(session, election).values())
    title = election.title.best(election.language).text
    return question_for(rule, title, names, blank=True, least=1)


def open_urn(session: Session, election: Election) -> dict[str, object]:
    """The first event, in the transaction that opens voting. Returns the public facts; nothing for paper elections.

    Raises ``urn_unprepared`` if an urn was begun and not prepared.
    """
    known = urn_of(session, election)
    if known is None:
        return {}
    urn = lock_urn(session, known.id)
    if UrnState(urn.state) is not UrnState.PREPARED:
        raise DomainError("urn_unprepared")
    assert urn.election is not None
    assert urn.trustees is not None
    assert urn.credentials is not None
    parts = (urn.election, urn.trustees, urn.credentials)
    setup = Setup(*map(canonical.digest, parts)).write()
    event = append(session, urn, Kind.SETUP, [setup])
    urn.state, urn.closes_at = UrnState.OPEN.value, election.voting_closes_at
    session.flush()
    note_head(session, urn, "opened")
    return {"urn": urn.uuid, "head": event.digest}
