"""Elections as the office sees them: all of them, what waits for a second person, and the minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from accounts.models import Account, Department
from core.db import db
from core.errors import NotFound
from core.localized import Localized, clean
from council.models import Body
from elections import events
from elections.models.elections import Act, Election
from elections.rules.elections import CODE
from elections.rules.stages import ActKind
from followup.events import REGISTER_CONCLUDE
from followup.models import Promise, Register
from followup.queries.chain import Link, newest


@dataclass(frozen=True, slots=True)
class WaitingAct:
    """What somebody proposed and nobody has confirmed yet. ``proposer`` is the public handle."""

    id: int
    code: str
    kind: ActKind
    facts: Mapping[str, Any]
    reason: Localized
    proposed_by: int
    proposer: str
    proposed_on: date


@dataclass(frozen=True, slots=True)
class MinutesEntry:
    """One entry of an election's minutes, as it stands in the audit chain."""

    sequence: int
    day: date
    role: str
    actor: str | None
    tag: str
    facts: Mapping[str, Any]
    hash: str

    @property
    def reason(self) -> Localized:
        return Localized.load(self.facts.get("reason") or {})


MINUTED = (
    events.ELECTION_CREATE,
    events.ELECTION_CHANGE,
    events.ACT_PROPOSE,
    events.ACT_WITHDRAW,
    events.ACT_PERFORM,
    events.LOT_ANNOUNCE,
    events.LOT_DRAW,
    events.OBJECTION_DECIDE_EFFECT,
    REGISTER_CONCLUDE,
)
"""What the minutes show of the chain; the rest of it is the register's."""
MOST_ENTRIES = 10_000


def list_elections() -> list[Election]:
    """Every election, the newest first."""
    return list(db.session.scalars(select(Election).order_by(Election.id.desc())))


def find_election(code: str) -> Election:
    """The election called ``code``, in whatever stage. Raises NotFound."""
    found = None
    if CODE.fullmatch(code):
        found = db.session.scalars(select(Election).where(Election.code == code)).one_or_none()
    if found is None:
        raise NotFound("election", code[:40])
    return found


def body_of(election: Election) -> Body:
    """The body that is elected."""
    return db.session.scalars(select(Body).where(Body.id == election.body_id)).one()


def find_body(key: str) -> Body | None:
    """The body with this key."""
    return db.session.scalars(select(Body).where(Body.key == clean(key))).one_or_none()


def department_key(body: Body) -> str:
    """The key of the department that a body's letters go to."""
    return db.session.scalars(select(Department.key).where(Department.id == body.department_id)).one()


def count_unanswered(register_id: int) -> int:
    """How many numbers of a register have no published answer."""
    return (
        db.session.scalar(
            select(func.count()).where(Promise.register_id == register_id, Promise.answered_on.is_(None))
        )
        or 0
    )


def bodies() -> list[tuple[str, Localized]]:
    """Key and name of every body."""
    return [(key, name) for key, name in db.session.execute(select(Body.key, Body.name).order_by(Body.id))]


def departments() -> list[tuple[int, str, Localized]]:
    """Id, key and name of every department."""
    rows = db.session.execute(select(Department.id, Department.key, Department.name).order_by(Department.id))
    return [(id, key, name) for id, key, name in rows]


def waiting_acts(election_id: int | None = None) -> list[WaitingAct]:
    """What waits for a second person, in one election or in all of them, the oldest first."""
    asked = (
        select(Act, Election.code, Account.handle)
        .join(Election, Election.id == Act.election_id)
        .join(Account, Account.id == Act.proposed_by)
        .where(Act.performed_on.is_(None), Act.withdrawn_on.is_(None))
        .order_by(Act.id)
    )
    if election_id is not None:
        asked = asked.where(Act.election_id == election_id)
    return [
        WaitingAct(
            act.id,
            code,
            ActKind(act.kind),
            act.facts,
            act.reason,
            act.proposed_by,
            handle,
            act.proposed_on,
        )
        for act, code, handle in db.session.execute(asked)
    ]


def act_in(code: str, act_id: int) -> Act:
    """An act of the election called ``code``. Raises NotFound."""
    election = find_election(code)
    act = db.session.scalars(
        select(Act).where(Act.id == act_id, Act.election_id == election.id)
    ).one_or_none()
    if act is None:
        raise NotFound("act", act_id)
    return act


def days_of(election_id: int) -> dict[str, date]:
    """The day on which each kind of act was last done."""
    done = db.session.execute(
        select(Act.kind, Act.performed_on)
        .where(Act.election_id == election_id, Act.performed_on.is_not(None))
        .order_by(Act.id)
    )
    return {kind: day for kind, day in done if day is not None}


def unanswered_numbers(register_id: int, limit: int) -> Sequence[int]:
    """The first ``limit`` numbers of a register that have no published answer."""
    return db.session.scalars(
        select(Promise.number)
        .where(Promise.register_id == register_id, Promise.answered_on.is_(None))
        .order_by(Promise.number)
        .limit(limit)
    ).all()


def minutes(election: Election) -> list[MinutesEntry]:
    """Every act of an election from its audit chain, in order."""
    register = db.session.scalars(select(Register).where(Register.id == election.register_id)).one()
    return [_entry(link) for link in reversed(newest(db.session(), register.chain, MINUTED, MOST_ENTRIES))]


def _entry(link: Link) -> MinutesEntry:
    return MinutesEntry(link.sequence, link.day, link.role, link.actor, link.tag, link.facts, link.entry_hash)
