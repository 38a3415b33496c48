"""Changing and committing the roll: what the acts of two persons do, and what must be there before.

The public log names roll numbers and grounds. Names stay sealed: an added person comes from a registration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.errors import DomainError, raise_all
from elections.eligibility.checklists import Verdict
from elections.models.elections import Act, Election
from elections.models.roll import Registration, RollCommit, RollCorrection, RollEntry
from elections.rules import roll as rules
from elections.rules.checklists import Check
from elections.rules.deadlines import Step, read_timetable
from elections.rules.roll import Change, Kind
from elections.rules.stages import Stage
from elections.services.roll.seals import Seals
from followup.models import Promise, Register

Facts = Mapping[str, Any]

# What must be there before -------------------------------------------------------------------------------------------


def look_imported(session: Session, election: Election, _facts: Facts) -> list[Check]:
    """Somebody is on the roll."""
    people = session.scalar(
        select(func.count()).where(RollEntry.election_id == election.id, RollEntry.verdict == "met")
    )
    return [Check("roll_imported", done=bool(people))]


def look_decided(session: Session, election: Election, _facts: Facts) -> list[Check]:
    """Everybody who asked to be on the roll was decided on, and what is owed before voting is answered."""
    waiting = session.scalar(
        select(func.count()).where(Registration.election_id == election.id, Registration.decided_on.is_(None))
    )
    timetable = read_timetable(election.timetable)
    before = timetable.get(Step.VOTING_OPENS, election.election_day)
    unanswered = session.scalar(
        select(func.count()).where(
            Promise.register_id == election.register_id,
            Promise.answered_on.is_(None),
            Promise.due_on <= before,
        )
    )
    return [
        Check("registrations_decided", done=not waiting, parameters={"count": waiting}),
        Check("roll_answers", done=not unanswered, needed=False, parameters={"count": unanswered}),
    ]


def look_changes(session: Session, election: Election, facts: Facts) -> list[Check]:
    """The proposal names changes, and each of them can be made."""
    try:
        changes = rules.read_changes(facts)
        _check(session, election, changes)
    except DomainError:
        return [Check("roll_changes", done=False)]
    return [Check("roll_changes", done=True)]


def check_changes(session: Session, election: Election, facts: Facts) -> None:
    """Raises, together, what stands in the way: what ``rules.read_changes`` raises, ``registration_unknown``,
    ``registration_not_ready`` or ``roll_number_unknown``, each with ``number``."""
    _check(session, election, rules.read_changes(facts))


def _check(session: Session, election: Election, changes: list[Change]) -> None:
    errors = []
    for change in changes:
        if change.registration:
            asked = _registration(session, election, change.registration)
            if asked is None:
                errors.append(DomainError("registration_unknown", number=change.registration))
            elif asked.decided_on is not None or asked.verdict != Verdict.MET or asked.sealed is None:
                errors.append(DomainError("registration_not_ready", number=change.registration))
        elif _entry(session, election, change.strike) is None:
            errors.append(DomainError("roll_number_unknown", number=change.strike))
    raise_all(errors)


# What is done --------------------------------------------------------------------------------------------------------


def change_roll(
    session: Session, election: Election, _register: Register, act: Act, _actor: audit.Actor
) -> dict[str, Any]:
    """Make every change of the proposal, log each by its number, and commit anew if the roll was committed."""
    changes = rules.read_changes(act.facts)
    _check(session, election, changes)
    number = session.scalar(
        select(func.coalesce(func.max(RollCorrection.number), 0)).where(
            RollCorrection.election_id == election.id
        )
    )
    lines = []
    for place, change in enumerate(changes, start=int(number or 0) + 1):
        roll_number, kind = _make(session, election, change)
        session.add(
            RollCorrection(
                election_id=election.id,
                number=place,
                roll_number=roll_number,
                kind=kind.value,
                ground=change.ground.value,
                made_on=clock.today(),
                act_id=act.id,
            )
        )
        lines.append({"correction": place, "number": roll_number, "kind": kind.value})
        session.flush()
    outcome: dict[str, Any] = {"corrections": lines}
    if election.stage == Stage.READY:
        outcome |= _commit(session, election, act)
    return outcome


def commit_roll(
    session: Session, election: Election, _register: Register, act: Act, _actor: audit.Actor
) -> dict[str, Any]:
    """Publish the roll's hash and how many may vote."""
    return _commit(session, election, act)


def _make(session: Session, election: Election, change: Change) -> tuple[int, Kind]:
    if change.strike:
        entry = _entry(session, election, change.strike)
        assert entry is not None  # checked before
        entry.struck_on = clock.today()
        return entry.number, Kind.STRUCK
    asked = _registration(session, election, change.registration)
    assert asked is not None
    assert asked.sealed is not None
    assert asked.person_digest is not None
    asked.decided_on = clock.today()
    entry = session.scalars(
        select(RollEntry)
        .where(
            RollEntry.election_id == election.id,
            RollEntry.person_digest == asked.person_digest,
            RollEntry.struck_on.is_(None),
        )
        .order_by(RollEntry.number)
        .limit(1)
    ).one_or_none()
    kind = Kind.MENDED
    if entry is None:
        kind = Kind.ADDED
        last = session.scalar(select(func.max(RollEntry.number)).where(RollEntry.election_id == election.id))
        entry = RollEntry(election_id=election.id, number=(last or 0) + 1, person_digest=asked.person_digest)
        session.add(entry)
    entry.sealed, entry.verdict, entry.method = asked.sealed, Verdict.MET.value, "evidence"
    entry.checked_on, entry.officer_id = asked.seen_on or clock.today(), asked.officer_id
    return entry.number, kind


def _commit(session: Session, election: Election, act: Act) -> dict[str, Any]:
    session.flush()
    seals = Seals(election.code)
    people = session.execute(
        select(RollEntry.number, RollEntry.person_digest, RollEntry.register_digest).where(
            RollEntry.election_id == election.id,
            RollEntry.verdict == Verdict.MET.value,
            RollEntry.struck_on.is_(None),
        )
    ).all()
    leaves = [(number, seals.leaf(number, person, register)) for number, person, register in people]
    last = session.scalar(select(func.max(RollCommit.number)).where(RollCommit.election_id == election.id))
    commit = RollCommit(
        election_id=election.id,
        number=(last or 0) + 1,
        roll_hash=rules.roll_hash(leaves),
        people=len(leaves),
        committed_on=clock.today(),
        act_id=act.id,
    )
    session.add(commit)
    session.flush()
    return {"hash": commit.roll_hash, "people": commit.people}


def _registration(session: Session, election: Election, number: int) -> Registration | None:
    return session.scalars(
        select(Registration).where(Registration.election_id == election.id, Registration.number == number)
    ).one_or_none()


def _entry(session: Session, election: Election, number: int) -> RollEntry | None:
    """Somebody who is on the roll and was not struck."""
    return session.scalars(
        select(RollEntry).where(
            RollEntry.election_id == election.id, RollEntry.number == number, RollEntry.struck_on.is_(None)
        )
    ).one_or_none()
