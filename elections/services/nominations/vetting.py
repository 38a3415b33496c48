"""Checking a nomination line by line, and naming what must be mended. What the evidence said is kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import find, write
from core.errors import DomainError, NotFound
from core.localized import Localized, clean
from elections import events
from elections.eligibility.checklists import Verdict
from elections.eligibility.criteria import Supporters
from elections.models.elections import Election
from elections.models.nominations import Nomination, Supporter, VettingCheck
from elections.rules import nominations as rules
from elections.rules.deadlines import read_timetable
from elections.rules.nominations import Event, Method, Question, State
from elections.rules.plain_rule_sets import from_plain
from elections.rules.stages import Stage
from elections.services.elections import lock_election
from followup.models import Register


@dataclass(frozen=True, slots=True)
class Found:
    """What an officer found about one line: ``result`` is met, not_met or unknown."""

    result: str
    method: str


def check_nomination(nomination_id: int, found: Mapping[str, Found], actor: audit.Actor) -> None:
    """Keep what was found for lines of the checklist, by ``rules.Question.key``; each line has its newest finding.

    What the site counts itself cannot be ticked. Raises NotFound, ``nomination_state``, ``checklist_line_unknown``,
    ``finding_unknown``.
    """
    with write() as session:
        nomination, election, register = locked(session, nomination_id)
        rules.next_state(State(nomination.state), Event.CHECK)
        asked = {each.key for each in questions_of(election) if not rules.is_counted(each.criterion)}
        if set(found) - asked:
            raise DomainError("checklist_line_unknown")
        methods = set(Method) - {Method.COUNTED}
        if any(each.result not in set(Verdict) or each.method not in methods for each in found.values()):
            raise DomainError("finding_unknown")
        stored = {check.criterion: check for check in checks_of(session, nomination)}
        for key, each in found.items():
            check = stored.get(key) or VettingCheck(nomination_id=nomination.id, criterion=key)
            check.result, check.method = each.result, each.method
            check.checked_on, check.officer_id = clock.today(), actor.account_id
            session.add(check)
        session.flush()
        facts = {"number": nomination.number, "lines": sorted(found)}
        record(session, register, events.NOMINATION_CHECK, nomination, facts, actor)


def request_mending(nomination_id: int, language: str, deficiencies: str, actor: audit.Actor) -> None:
    """Name what is missing; whoever holds the code reads it and can mend it until the day in the timetable.

    Raises NotFound, ``nomination_state``, ``mending_closed``, ``deficiencies_missing``, ``note_too_long``.
    """
    deficiencies = clean(deficiencies)
    with write() as session:
        nomination, election, register = locked(session, nomination_id)
        rules.check_mending(Stage(election.stage), read_timetable(election.timetable), clock.today())
        state = rules.next_state(State(nomination.state), Event.REQUEST_MENDING)
        if not deficiencies:
            raise DomainError("deficiencies_missing")
        if len(deficiencies) > rules.NOTE_LENGTH:
            raise DomainError("note_too_long", limit=rules.NOTE_LENGTH)
        nomination.state, nomination.mending_requested_on = state.value, clock.today()
        nomination.deficiencies = Localized.original(language, deficiencies)
        session.flush()
        facts = {"number": nomination.number}
        record(session, register, events.NOMINATION_REQUEST_MENDING, nomination, facts, actor)


def results(session: Session, election: Election, nomination: Nomination) -> dict[str, str]:
    """Every line of the checklist with its result; what nobody looked at is unknown."""
    stored = {check.criterion: check.result for check in checks_of(session, nomination)}
    return {
        each.key: _counted(session, each, nomination)
        if rules.is_counted(each.criterion)
        else stored.get(each.key, Verdict.UNKNOWN.value)
        for each in questions_of(election)
    }


def questions_of(election: Election) -> list[Question]:
    """The lines of the checklist for candidates of this election."""
    return list(rules.questions(from_plain(election.rule_set).standing))


def checks_of(session: Session, nomination: Nomination) -> list[VettingCheck]:
    """What officers found so far."""
    return list(session.scalars(select(VettingCheck).where(VettingCheck.nomination_id == nomination.id)))


def count_supporters(session: Session, nomination: Nomination) -> int:
    """How many different persons support it."""
    return session.scalar(select(func.count()).where(Supporter.nomination_id == nomination.id)) or 0


def locked(session: Session, nomination_id: int) -> tuple[Nomination, Election, Register]:
    """A nomination, with its election's register locked. Raises NotFound."""
    nomination = find(session, Nomination, nomination_id)
    if nomination is None:
        raise NotFound("nomination", nomination_id)
    code = session.scalars(select(Election.code).where(Election.id == nomination.election_id)).one()
    election, register = lock_election(session, code)
    session.refresh(nomination)
    return nomination, election, register


def record(
    session: Session,
    register: Register,
    tag: str,
    nomination: Nomination,
    facts: Mapping[str, object],
    actor: audit.Actor,
) -> None:
    """Write one entry about a nomination, last of all."""
    audit.append(session, register.chain, [audit.Entry(tag, events.NOMINATION, nomination.id, facts)], actor)


def _counted(session: Session, question: Question, nomination: Nomination) -> str:
    assert isinstance(question.criterion, Supporters)
    enough = count_supporters(session, nomination) >= question.criterion.minimum
    return (Verdict.MET if enough else Verdict.NOT_MET).value
