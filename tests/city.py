"""A small city to test in: departments, staff, a round on a draft of three measures, and what happens in it.

``found_city()``, then ``open_round()``, ``submit_comment()`` and ``answer([1])`` are a whole procedure;
``staff("approver")`` is who acts. ``open_city(4)`` is a city with an open round and four comments, quickly.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar, cast

import pytest
from flask import Flask
from sqlalchemy import select, text

from accounts.models import Account, Department, Role
from accounts.queries import department_id_of
from consult.models import Draft, Round, Submission, Unit
from consult.rules.submissions import NewSubmission
from consult.services import drafts, rounds
from consult.services.submissions import submit
from core import audit, keys, settings
from core.db import Base, Model, db, write
from core.errors import DomainError
from core.localized import Localized
from followup.models import Promise, Register
from followup.rules import Outcome, ReplyText
from followup.services import replies, steps
from followup.services.promises import lock_register
from followup.services.receipts import Contact, Receipt

Row = TypeVar("Row", bound=Model)

on_one_database = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
"""For what no database decides: one of them is enough."""

CODE = "AS-27"
OPENS, CLOSES = date(2027, 9, 1), date(2027, 10, 31)
DUE = date(2028, 1, 23)
"""Twelve weeks after closing."""
AFTER_CLOSING = date(2027, 11, 8)

DRAFT = """# Arrive and stay

What the city plans for people who are new here.

## Housing

### 1. A room for the first night

Nobody sleeps in the street on the first night.

- Responsible: Housing Office
- Done by: end of 2028

### 2. A tenants' interpreter

An interpreter goes along to viewings.

## Language

### 3. Evening courses

Courses after work, with childcare.
"""

STAFF = {
    "officer": ("officer", "0ff1ce01"),
    "other officer": ("officer", "0ff1ce02"),
    "approver": ("approver", "appr0ver"),
    "moderator": ("moderator", "m0derat0"),
    "administrator": ("administrator", "adm1n001"),
    "returning_officer": ("returning_officer", "retur001"),
    "other returning_officer": ("returning_officer", "retur002"),
    "election_board": ("election_board", "b0ard001"),
    "other election_board": ("election_board", "b0ard002"),
    "observer": ("observer", "0bserv01"),
    "clerk": ("clerk", "c1erk001"),
    "other clerk": ("clerk", "c1erk002"),
    "member": ("member", "m3mber01"),
}


def found_city() -> None:
    """Two departments (``integration``, ``housing``) and one account for each entry of ``STAFF``."""
    with write() as session:
        integration = Department(key="integration", name=Localized.of({"en": "Integration Office"}, "en"))
        session.add(integration)
        session.flush()  # the first department, on both databases
        session.add(Department(key="housing", name=Localized.of({"en": "Housing Office"}, "en")))
        roles = {name: Role(name=name) for name in dict.fromkeys(role for role, _handle in STAFF.values())}
        for name, (role, handle) in STAFF.items():
            session.add(
                Account(
                    email=f"{handle}@lindhafen.example",
                    name=name.title(),
                    handle=handle,
                    department_id=integration.id,
                    language="en",
                    fs_uniquifier=secrets.token_hex(16),
                    roles=[roles[role]],
                )
            )


def staff(role: str) -> audit.Actor:
    """Who acts as ``role``: a key of ``STAFF``, such as ``officer`` or ``other officer``."""
    name, handle = STAFF[role]
    return audit.Actor(
        name, handle, db.session.scalars(select(Account.id).where(Account.handle == handle)).one()
    )


def round_facts(**changed: Any) -> rounds.RoundFacts:
    """What makes up the test round, with ``changed`` facts."""
    facts: dict[str, Any] = {
        "title": Localized.original("en", "Arrive and stay"),
        "opens_on": OPENS,
        "closes_on": CLOSES,
        "language": "en",
        "department": "integration",
        "code": CODE,
    }
    return rounds.RoundFacts(**{**facts, **changed})


def open_round(code: str = CODE, markdown: str = DRAFT, *, publish: bool = True, **changed: Any) -> str:
    """A round on ``markdown``, before the public unless ``publish`` is False; returns its code."""
    officer = staff("officer")
    rounds.create_round(round_facts(code=code, **changed), officer)
    drafts.import_draft(code, markdown, officer)
    if publish:
        rounds.publish_round(code, officer)
    return code


def comment(words: str = "Please add evening courses.", measure: str = "1", **facts: Any) -> NewSubmission:
    """One comment on a measure of the test round (an empty ``measure``: on the whole draft), not yet sent."""
    code = facts.pop("code", CODE)
    return NewSubmission(
        unit_id=unit_id(measure, code) if measure else None,
        text=words,
        **{"kind": "proposal", "language": "en", **facts},
    )


def submit_comment(
    words: str = "Please add evening courses.",
    measure: str = "1",
    *,
    code: str = CODE,
    form_key: str | None = None,
    contact: Contact | None = None,
    **facts: Any,
) -> Receipt:
    """Send one comment through the public form's service."""
    new = comment(words, measure, code=code, **facts)
    return submit(code, form_key or secrets.token_hex(16), new, contact)


def reply_text(
    outcome: str = Outcome.NOTED, reason: str = "We keep this in mind.", **facts: Any
) -> ReplyText:
    """A complete answer in English; what is accepted says what changes."""
    accepted = outcome in (Outcome.ACCEPTED, Outcome.PARTLY_ACCEPTED)
    facts.setdefault("change", "Measure 3 names the courses." if accepted else "")
    return ReplyText(outcome=outcome, language="en", reasons={"en": reason}, **facts)


def draft_answer(
    numbers: Sequence[int],
    *,
    code: str = CODE,
    outcome: str = Outcome.NOTED,
    reason: str = "We keep this in mind.",
    submit: bool = True,
    **facts: Any,
) -> int:
    """Write one answer for ``numbers`` as the officer, sent to be checked unless ``submit`` is False."""
    words = reply_text(outcome, reason, **facts)
    return replies.write_answer(register_id(code), numbers, words, staff("officer"), submit=submit)


def answer(numbers: Sequence[int], *, code: str = CODE, release: bool = True, **facts: Any) -> int:
    """Answer ``numbers`` as officers do: written, approved by a second person, released; returns the reply's id."""
    reply_id = draft_answer(numbers, code=code, **facts)
    replies.approve_answers([(reply_id, 1)], staff("approver"))
    if release:
        replies.publish_replies(register_id(code), staff("approver"))
    return reply_id


MATTER = "tests.matter"
"""The kind of what steps are about in tests."""


def owe_steps(
    *matters: int, code: str = CODE, department: str = "integration", due_on: date = DUE
) -> list[int]:
    """A step on the way of each of these matters, recorded as rooms do it; returns their register numbers."""
    with write() as session:
        register = lock_register(session, register_id(code))
        owner = department_id_of(department)
        owed = [steps.owe(session, register, MATTER, matter, owner, due_on) for matter in matters]
        audit.append(session, register.chain, [entry for _number, entry in owed])
    return [number for number, _entry in owed]


def meet_steps(*matters: int, code: str = CODE) -> None:
    """The acts that these matters waited for happened today."""
    with write() as session:
        register = lock_register(session, register_id(code))
        done = [steps.meet(session, register, MATTER, matter) for matter in matters]
        audit.append(session, register.chain, done)


# The same beginning for many tests ---------------------------------------------------------------------------

Value = TypeVar("Value")
_beginnings: dict[tuple[str, str], tuple[Any, dict[str, bytes], Any]] = {}


def beginning(name: str, play: Callable[[], Value]) -> Value:
    """What ``play`` does into empty tables, under a ``name`` of its own: once per database, and from then on put back.

    Returns what it returned the first time, so nobody may change that. The keys beside the database come back with it.
    """
    known = (str(db.engine.url), name)
    folder = settings.current().folder / "keys"
    if known not in _beginnings:
        value = play()
        held = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}
        _beginnings[known] = (taken(), held, value)
        return value
    found, held, value = _beginnings[known]
    put_back(found)
    for key, content in held.items():
        if not (folder / key).exists() or (folder / key).read_bytes() != content:
            (folder / key).write_bytes(content)
            keys._read.cache_clear()
    return cast(Value, value)


def open_city(comments: int = 0) -> None:
    """A founded city with an open round and ``comments`` comments on measure 1 (``Comment 1``, …). The tables must be empty."""
    beginning(f"open city {comments}", lambda: _open_city(comments))


def _open_city(comments: int) -> None:
    found_city()
    open_round()
    for number in range(1, comments + 1):
        submit_comment(f"Comment {number}")


def taken() -> Any:
    """All that is in the database: on SQLite a copy of it, else every row."""
    fresh()
    if db.engine.dialect.name == "sqlite":
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        _with_sqlite(lambda connection: connection.backup(copy))
        return copy
    tables = Base.metadata.sorted_tables
    found = {table: [row._asdict() for row in db.session.execute(table.select())] for table in tables}
    fresh()
    return {table: rows for table, rows in found.items() if rows}


def put_back(taken: Any) -> None:
    """What ``taken`` found into empty tables; on SQLite, over all that is there."""
    fresh()
    if isinstance(taken, sqlite3.Connection):
        _with_sqlite(taken.backup)
        return
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table, found in taken.items():
            connection.execute(table.insert(), found)
            if "id" in table.c:
                last = max(row["id"] for row in found)
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last})")
                )


def _with_sqlite(do: Callable[[sqlite3.Connection], object]) -> None:
    pooled = db.engine.raw_connection()
    try:
        do(cast(sqlite3.Connection, pooled.driver_connection))
    finally:
        pooled.close()


# Looking -----------------------------------------------------------------------------------------------------


def register_id(code: str = CODE) -> int:
    return db.session.scalars(select(Register.id).where(Register.code == code)).one()


def unit_id(measure: str, code: str = CODE) -> int:
    """The measure called ``measure`` in the newest version of a round's draft."""
    return db.session.scalars(
        select(Unit.id)
        .join(Draft, Draft.id == Unit.draft_id)
        .join(Round, Round.id == Draft.round_id)
        .where(Round.code == code, Unit.number == measure)
        .order_by(Draft.version.desc())
        .limit(1)
    ).one()


def fresh() -> None:
    """End what this session has begun, so that the next look is at the database; rows read before stay as they were."""
    db.session.expunge_all()
    db.session.rollback()


def rows(model: type[Row]) -> list[Row]:
    """Every row of a table as it is now, in the order of its keys."""
    fresh()
    return list(db.session.scalars(select(model).order_by(*model.__table__.primary_key.columns)))


def promise(number: int, code: str = CODE) -> Promise:
    fresh()
    return db.session.scalars(
        select(Promise).where(Promise.register_id == register_id(code), Promise.number == number)
    ).one()


def submission(number: int, code: str = CODE) -> Submission:
    fresh()
    return db.session.scalars(
        select(Submission)
        .join(Round, Round.id == Submission.round_id)
        .where(Round.code == code, Submission.number == number)
    ).one()


def entries(tag: str = "%") -> list[audit.AuditEntry]:
    """The audit entries whose tag is like ``tag``, oldest first."""
    fresh()
    return list(
        db.session.scalars(
            select(audit.AuditEntry).where(audit.AuditEntry.tag.like(tag)).order_by(audit.AuditEntry.id)
        )
    )


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the database keeps it, to compare before and after."""
    fresh()
    connection = db.session.connection()
    found = {
        table.name: sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')), key=repr)
        for table in Base.metadata.sorted_tables
    }
    fresh()
    return found


# Refusals and races ------------------------------------------------------------------------------------------


@contextmanager
def refused(*codes: str) -> Iterator[list[DomainError]]:
    """What is inside is refused for exactly these reasons, and leaves no trace in any table."""
    before = everything()
    errors: list[DomainError] = []
    with pytest.raises(DomainError) as caught:
        yield errors
    errors += caught.value.all()
    assert sorted(error.code for error in errors) == sorted(codes)
    assert everything() == before


def at_once(app: Flask, acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all of ``acts`` at the same time, each on a connection of its own; returns results or what was raised."""
    outcomes: list[object] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int) -> None:
        with app.app_context():
            start.wait(30)
            try:
                outcomes[place] = acts[place]()
            except Exception as error:
                outcomes[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes
