"""The public register of an election: every number, what it is, by when it is answered, and how. No text is read here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.db import LARGEST_ID
from core.errors import NotFound
from core.localized import Localized
from elections.models.elections import Election
from elections.rules.deadlines import Timetable, read_timetable
from elections.rules.stages import Stage
from followup.models import Promise, Register, Reply, ReplyVersion
from followup.rules import PromiseState, promise_state

PAGE = 50
CODE = re.compile(r"[A-Z0-9-]{1,20}")
_BATCH = 500
STATES = {
    "answered": Promise.answered_on.is_not(None),
    "waiting": Promise.answered_on.is_(None),
}
"""What a reader can ask for by state, beside ``overdue`` and the outcomes."""


@dataclass(frozen=True, slots=True)
class PublicElection:
    """An election that is before the public, with what its register and the form for objections need."""

    id: int
    code: str
    register_id: int
    title: Localized
    language: str
    languages: Sequence[str]
    stage: Stage
    timetable: Timetable
    called_on: date | None
    published_on: date | None
    last_number: int
    concluded_on: date | None

    @property
    def chain(self) -> str:
        return f"register:{self.code}"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader wants to see; empty fields do not filter. ``state`` may be one of ``STATES`` or ``overdue``."""

    kind: str = ""
    state: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One number of the register."""

    number: int
    kind: str
    subject_id: int
    received_on: date
    due_on: date
    extended_from: date | None
    extended_on: date | None
    extension_reason: Localized
    answered_on: date | None
    outcome: str | None
    reason: Localized
    change: Localized
    version: int | None
    reply_id: int | None

    @property
    def state(self) -> PromiseState:
        return promise_state(self.due_on, self.answered_on, clock.today())


def find_election(session: Session, code: str) -> PublicElection:
    """The election called ``code``, if it is before the public. Raises NotFound."""
    row = None
    if CODE.fullmatch(code):
        row = session.execute(
            select(Election, Register.last_number, Register.concluded_on)
            .join(Register, Register.id == Election.register_id)
            .where(Election.code == code, Election.called_on.is_not(None))
        ).one_or_none()
    if row is None:
        raise NotFound("election", code)
    election, last_number, concluded_on = row
    return PublicElection(
        id=election.id,
        code=election.code,
        register_id=election.register_id,
        title=election.title,
        language=election.language,
        languages=election.languages,
        stage=Stage(election.stage),
        timetable=read_timetable(election.timetable),
        called_on=election.called_on,
        published_on=election.published_on,
        last_number=last_number,
        concluded_on=concluded_on,
    )


def list_letters(
    session: Session, register_id: int, wanted: Filter, *, after: int = 0, limit: int = PAGE
) -> list[Letter]:
    """So many numbers of the register that ``wanted`` asks for, after the number ``after``; one more tells of a next page."""
    statement = _letters(register_id).where(Promise.number > after)
    if wanted.kind:
        statement = statement.where(Promise.subject_kind == wanted.kind)
    if wanted.state == "overdue":
        statement = statement.where(Promise.answered_on.is_(None), Promise.due_on < clock.today())
    elif wanted.state in STATES:
        statement = statement.where(STATES[wanted.state])
    if wanted.outcome:
        statement = statement.where(ReplyVersion.outcome == wanted.outcome)
    rows = session.execute(statement.order_by(Promise.number).limit(limit + 1))
    return [Letter(*row) for row in rows]


def all_letters(session: Session, register_id: int) -> Iterator[Letter]:
    """The whole register, read in batches."""
    after = 0
    while True:
        found = list_letters(session, register_id, Filter(), after=after, limit=_BATCH)
        yield from found[:_BATCH]
        if len(found) <= _BATCH:
            return
        after = found[_BATCH - 1].number


def find_letter(session: Session, register_id: int, number: int) -> Letter:
    """One number of the register. Raises NotFound."""
    row = None
    if 0 < number <= LARGEST_ID:
        row = session.execute(_letters(register_id).where(Promise.number == number)).one_or_none()
    if row is None:
        raise NotFound("promise", number)
    return Letter(*row)


def newest_answers(session: Session, register_id: int, limit: int) -> list[Letter]:
    """The numbers that were answered last, newest first."""
    rows = session.execute(
        _letters(register_id)
        .where(Promise.answered_on.is_not(None))
        .order_by(Promise.answered_on.desc(), Promise.number.desc())
        .limit(limit)
    )
    return [Letter(*row) for row in rows]


def kinds_in(session: Session, register_id: int) -> list[str]:
    """The kinds of subjects that the register holds."""
    return list(
        session.scalars(select(Promise.subject_kind).where(Promise.register_id == register_id).distinct())
    )


def _letters(register_id: int) -> Any:
    return (
        select(
            Promise.number,
            Promise.subject_kind,
            Promise.subject_id,
            Promise.opened_on,
            Promise.due_on,
            Promise.extended_from,
            Promise.extended_on,
            Promise.extension_reason,
            Promise.answered_on,
            ReplyVersion.outcome,
            ReplyVersion.reason,
            ReplyVersion.change,
            ReplyVersion.version,
            Reply.id,
        )
        .outerjoin(Reply, (Reply.id == Promise.reply_id) & Promise.answered_on.is_not(None))
        .outerjoin(
            ReplyVersion,
            (ReplyVersion.reply_id == Reply.id) & (ReplyVersion.version == Reply.published_version),
        )
        .where(Promise.register_id == register_id)
    )
