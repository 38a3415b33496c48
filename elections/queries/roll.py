"""The roll as the public may know it, as the office works on it, and as somebody who asked reads their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core import clock
from core.db import db
from core.errors import NotFound
from core.localized import Localized
from elections import events
from elections.models.elections import Act, Election
from elections.models.roll import Registration, Roll, RollCommit, RollCorrection, RollEntry
from elections.rules import roll as rules
from elections.rules.deadlines import Step, Timetable, read_timetable
from elections.rules.stages import ActKind, Stage
from followup.queries.debts import Debt, find_debt


@dataclass(frozen=True, slots=True)
class RollPage:
    """An election and everything about its roll that says nothing about any one person."""

    code: str
    title: Localized
    stage: Stage
    timetable: Timetable
    imported_on: date | None
    deleted_on: date | None
    commits: Sequence[RollCommit]
    """The one in force first."""
    corrections: Sequence[RollCorrection]
    apply_until: date
    registers: bool
    """Whether somebody can ask to be on the roll now."""

    @property
    def deletion_day(self) -> date | None:
        return rules.deletion_day(self.timetable)

    @property
    def objections_close(self) -> date | None:
        return self.timetable.get(Step.ROLL_OBJECTIONS_CLOSE)

    @property
    def may_import(self) -> bool:
        return self.stage in rules.IMPORTS

    @property
    def may_change(self) -> bool:
        return self.stage in (Stage.ROLL, Stage.READY) and self.deleted_on is None


@dataclass(frozen=True, slots=True)
class Asked:
    """One registration, as the office sees it."""

    number: int
    received_on: date
    seen_on: date | None
    method: str | None
    verdict: str | None
    decided_on: date | None
    sealed: bytes | None

    @property
    def is_ready(self) -> bool:
        """Whether two persons may put it on the roll."""
        return self.verdict == "met" and self.decided_on is None and self.sealed is not None


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """What the holder of a receipt code may know of their own registration."""

    election_code: str
    title: Localized
    number: int
    received_on: date
    verdict: str | None
    decided_on: date | None
    debt: Debt


def find_roll(code: str, *, public: bool = True) -> RollPage:
    """The roll of an election. Raises NotFound; for the public also while the election is only prepared."""
    election = _election(code)
    stage = Stage(election.stage)
    if public and stage is Stage.PREPARED:
        raise NotFound("election", code)
    session = db.session
    roll = session.scalars(select(Roll).where(Roll.election_id == election.id)).one_or_none()
    commits = session.scalars(
        select(RollCommit).where(RollCommit.election_id == election.id).order_by(RollCommit.number.desc())
    ).all()
    corrections = session.scalars(
        select(RollCorrection)
        .where(RollCorrection.election_id == election.id)
        .order_by(RollCorrection.number.desc())
    ).all()
    timetable = read_timetable(election.timetable)
    last = rules.apply_until(timetable)
    return RollPage(
        code=election.code,
        title=election.title,
        stage=stage,
        timetable=timetable,
        imported_on=roll.imported_on if roll else None,
        deleted_on=roll.deleted_on if roll else None,
        commits=commits,
        corrections=corrections,
        apply_until=last,
        registers=stage in rules.REGISTERS and clock.today() <= last,
    )


def counts(code: str) -> dict[str, int]:
    """How many people of each verdict are on the roll, and how many were struck (``struck``)."""
    election = _election(code)
    found = Counter[str]()
    query = (
        select(RollEntry.verdict, RollEntry.struck_on.is_not(None), func.count())
        .where(RollEntry.election_id == election.id)
        .group_by(RollEntry.verdict, RollEntry.struck_on.is_not(None))
    )
    for verdict, struck, number in db.session.execute(query):
        found["struck" if struck else verdict] += number
    return {name: found[name] for name in ("met", "not_met", "unknown", "struck")}


def registrations(code: str) -> list[Asked]:
    """Everybody who asked to be on the roll, whoever waits longest first."""
    election = _election(code)
    rows = db.session.scalars(
        select(Registration).where(Registration.election_id == election.id).order_by(Registration.number)
    )
    return [_asked(row) for row in rows]


def registration(code: str, number: int) -> Asked:
    """One of them. Raises NotFound."""
    for asked in registrations(code):
        if asked.number == number:
            return asked
    raise NotFound("registration", number)


def waiting_change(code: str) -> Act | None:
    """The correction that waits for its second person."""
    return db.session.scalars(
        select(Act).where(
            Act.election_id == _election(code).id,
            Act.kind == ActKind.CHANGE_ROLL.value,
            Act.performed_on.is_(None),
            Act.withdrawn_on.is_(None),
        )
    ).one_or_none()


def find_own(code_mac: bytes) -> OwnRegistration | None:
    """What a receipt code opens."""
    asked = db.session.scalars(select(Registration).where(Registration.code_mac == code_mac)).one_or_none()
    if asked is None:
        return None
    election = db.session.get_one(Election, asked.election_id)
    debt = find_debt(db.session(), events.REGISTRATION, asked.id)
    return OwnRegistration(
        election.code, election.title, asked.number, asked.received_on, asked.verdict, asked.decided_on, debt
    )


def _asked(row: Registration) -> Asked:
    return Asked(
        row.number, row.received_on, row.seen_on, row.method, row.verdict, row.decided_on, row.sealed
    )


def _election(code: str) -> Election:
    found = None
    if code.isascii() and code.replace("-", "").isalnum():  # no database reads what else an address can hold
        found = db.session.scalars(select(Election).where(Election.code == code)).one_or_none()
    if found is None:
        raise NotFound("election", code)
    return found
