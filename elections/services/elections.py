"""Preparing an election: its rules, days and texts. What happens afterwards are ``acts``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Department
from core import audit, clock, settings
from core.db import write
from core.errors import DomainError, NotFound, raise_all
from core.localized import Localized, clean
from council.models import Body
from elections import events
from elections.models.elections import Election
from elections.rules.deadlines import Step, Timetable, check_timetable, plain_timetable
from elections.rules.elections import CODE
from elections.rules.plain_rule_sets import to_plain
from elections.rules.rule_sets import RuleSet
from elections.rules.stages import Stage
from followup.models import Register
from followup.services.promises import lock_register

REGISTER_KIND = "elections.election"
TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ElectionFacts:
    """What a returning officer sets for an election. Moments are aware; ``rule_set`` is a ``RuleSet`` as plain JSON."""

    code: str
    body_key: str
    department: str
    language: str
    languages: tuple[str, ...]
    title: Localized
    rule_set: Mapping[str, Any]
    timetable: Timetable
    election_day: date
    voting_opens_at: datetime
    voting_closes_at: datetime
    term_begins_on: date
    term_ends_on: date
    texts: Mapping[str, Localized] = field(default_factory=dict)
    """By column: summary, how_to_vote."""


TEXTS = ("summary", "how_to_vote")


def lock_election(session: Session, code: str) -> tuple[Election, Register]:
    """The election called ``code`` and its register, locked first of all (see ``followup``). Raises NotFound."""
    found = None
    if CODE.fullmatch(code):
        found = session.scalars(select(Election).where(Election.code == code)).one_or_none()
    if found is None:
        raise NotFound("election", code)
    register = lock_register(session, found.register_id)
    session.refresh(found)
    return found, register


def create_election(facts: ElectionFacts, actor: audit.Actor) -> str:
    """Prepare an election that nobody sees yet; return its code.

    Raises, all together, what is wrong: ``election_code_form``, ``code_taken``, ``title_missing``, ``title_too_long``,
    ``languages_missing``, ``language_unknown``, ``department_unknown``, ``body_unknown``, ``moments_order``,
    ``term_order``, and what ``check_timetable`` raises.
    """
    errors = _problems(facts)
    with write() as session:
        department = session.scalars(
            select(Department).where(Department.key == clean(facts.department))
        ).one_or_none()
        body = session.scalars(select(Body).where(Body.key == clean(facts.body_key))).one_or_none()
        if department is None:
            errors.append(DomainError("department_unknown", department=clean(facts.department)[:40]))
        if body is None:
            errors.append(DomainError("body_unknown", body=clean(facts.body_key)[:40]))
        if session.scalar(select(func.count()).where(Register.code == facts.code)):
            errors.append(DomainError("code_taken", value=facts.code))
        raise_all(errors)
        assert department is not None
        assert body is not None
        register = Register(code=facts.code, kind=REGISTER_KIND)
        session.add(register)
        session.flush()
        election = Election(
            code=facts.code,
            register_id=register.id,
            body_id=body.id,
            department_id=department.id,
            stage=Stage.PREPARED.value,
            **_columns(facts),
        )
        session.add(election)
        session.flush()
        entry = audit.Entry(events.ELECTION_CREATE, events.ELECTION, election.id, _recorded(election))
        audit.append(session, register.chain, [entry], actor)
        return facts.code


def change_election(code: str, facts: ElectionFacts, actor: audit.Actor) -> None:
    """Change what was prepared, before the election is called. Code, body and department stay.

    Raises what ``create_election`` raises about the rest, or ``already_called`` (``day``): a running election keeps
    its own rules and days.
    """
    errors = _problems(facts)
    with write() as session:
        election, register = lock_election(session, code)
        if election.called_on is not None:
            raise DomainError("already_called", day=election.called_on)
        raise_all(errors)
        for name, value in _columns(facts).items():
            setattr(election, name, value)
        session.flush()
        entry = audit.Entry(events.ELECTION_CHANGE, events.ELECTION, election.id, _recorded(election))
        audit.append(session, register.chain, [entry], actor)


def change_rules(code: str, rules: RuleSet, timetable: Timetable, actor: audit.Actor) -> None:
    """Give an election other rules of its own and the days that follow from them, before it is called.

    Voting opens on the day that the rules now say, at the hour that was set. Raises, together, every contradiction in
    the rules and the days, ``moments_order``, or ``already_called`` (``day``).
    """
    errors = rules.problems()
    try:
        check_timetable(timetable)
    except DomainError as error:
        errors += error.all()
    with write() as session:
        election, register = lock_election(session, code)
        if election.called_on is not None:
            raise DomainError("already_called", day=election.called_on)
        opens_at = election.voting_opens_at
        if Step.VOTING_OPENS in timetable:
            hour = clock.shown_in_the_city(opens_at).time()
            opens_at = clock.in_the_city(timetable[Step.VOTING_OPENS], hour)
        if opens_at >= election.voting_closes_at:
            errors.append(DomainError("moments_order"))
        raise_all(errors)
        election.rule_set, election.timetable = to_plain(rules), plain_timetable(timetable)
        election.voting_opens_at = opens_at
        session.flush()
        entry = audit.Entry(events.ELECTION_CHANGE, events.ELECTION, election.id, _recorded(election))
        audit.append(session, register.chain, [entry], actor)


def _problems(facts: ElectionFacts) -> list[DomainError]:
    errors = []
    written = facts.title.get(facts.language)
    title = written.text if written else ""
    if not CODE.fullmatch(facts.code):
        errors.append(DomainError("election_code_form", value=facts.code[:40]))
    if not title:
        errors.append(DomainError("title_missing"))
    if len(title) > TITLE_LENGTH:
        errors.append(DomainError("title_too_long", limit=TITLE_LENGTH))
    if not facts.languages:
        errors.append(DomainError("languages_missing"))
    known = settings.current().languages
    errors += [
        DomainError("language_unknown", language=language)
        for language in dict.fromkeys((facts.language, *facts.languages))
        if language not in known
    ]
    if facts.voting_closes_at <= facts.voting_opens_at:
        errors.append(DomainError("moments_order"))
    if facts.term_ends_on <= facts.term_begins_on:
        errors.append(DomainError("term_order"))
    try:
        check_timetable(facts.timetable)
    except DomainError as error:
        errors += error.all()
    return errors


def _columns(facts: ElectionFacts) -> dict[str, Any]:
    return {
        "language": facts.language,
        "languages": list(dict.fromkeys((facts.language, *facts.languages))),
        "title": facts.title,
        "rule_set": dict(facts.rule_set),
        "timetable": plain_timetable(facts.timetable),
        "election_day": facts.election_day,
        "voting_opens_at": facts.voting_opens_at,
        "voting_closes_at": facts.voting_closes_at,
        "term_begins_on": facts.term_begins_on,
        "term_ends_on": facts.term_ends_on,
        **{name: facts.texts.get(name, Localized()) for name in TEXTS},
    }


def _recorded(election: Election) -> dict[str, object]:
    """What the minutes say about an election's set-up: everything that binds."""
    return {
        "code": election.code,
        "title": election.title.dump(),
        "rule_set": election.rule_set,
        "timetable": election.timetable,
        "election_day": election.election_day.isoformat(),
        "voting": [election.voting_opens_at.isoformat(), election.voting_closes_at.isoformat()],
        "term": [election.term_begins_on.isoformat(), election.term_ends_on.isoformat()],
    }
