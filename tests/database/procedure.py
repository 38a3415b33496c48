"""A small round on which the database's own rules are tried, made through the services."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import CursorResult, text
from sqlalchemy.exc import IntegrityError

from accounts.models import Account
from accounts.services import create_department
from consult.rules.submissions import NewSubmission
from consult.services import drafts, moderation, rounds, submissions
from core import audit, clock
from core.db import db, write
from core.localized import Localized
from followup.models import Register
from followup.rules import ReplyText
from followup.services import promises, replies

OPENS = date(2027, 9, 1)
CLOSES = date(2027, 10, 10)
AFTERWARDS = date(2027, 11, 2)
DRAFT = "# Arrive and stay\n\n## Arriving\n\n### 1. A desk for newcomers\n\nOne desk.\n\n### 2. Courses\n\nMore courses.\n"


@dataclass(frozen=True)
class Procedure:
    """One published round, its people, and what they do in these tests."""

    code: str
    register_id: int
    departments: tuple[int, int]
    officer: audit.Actor
    approver: audit.Actor

    def submit(self, comment: str = "Please open on Saturdays.") -> submissions.Receipt:
        return submissions.submit(
            self.code, secrets.token_hex(16), NewSubmission(None, comment, "concern", language="en")
        )

    def receive(self, comments: Sequence[str], *, release: bool = False) -> list[submissions.Received]:
        with write() as session:
            found, register = rounds.lock_round(session, self.code)
            new = [NewSubmission(None, comment, "concern", language="en") for comment in comments]
            return submissions.receive(session, found, register, new, audit.SYSTEM, release=release)

    def release(self, *numbers: int) -> None:
        moderation.release_texts(self.code, numbers, self.officer)

    def draft(self, *numbers: int) -> int:
        """Write an answer for these numbers and send it to be checked; return the reply's id."""
        reply = ReplyText("noted", "en", {"en": f"We read {len(numbers)} of them."})
        return replies.write_answer(self.register_id, numbers, reply, self.officer, submit=True)

    def approve(self, *reply_ids: int) -> None:
        replies.approve_answers([(reply_id, 1) for reply_id in reply_ids], self.approver)

    def publish(self) -> int:
        return replies.publish_replies(self.register_id, self.approver)

    def answer(self, *numbers: int) -> int:
        """Draft, approve and publish one answer for these numbers; return the reply's id."""
        reply_id = self.draft(*numbers)
        self.approve(reply_id)
        self.publish()
        return reply_id

    def pass_on(self, *numbers: int) -> None:
        promises.pass_on(self.register_id, numbers, self.departments[1], self.officer)

    def conclude(self) -> None:
        with clock.freeze(AFTERWARDS):
            rounds.conclude_round(self.code, self.officer)


def open_procedure(code: str = "AS-27") -> Procedure:
    """A new published round called ``code``, in a city whose people are made with the first one."""
    if sql("SELECT id FROM accounts_department").first() is None:
        for key in ("newcomers", "education"):
            create_department(audit.SYSTEM, key, Localized.original("en", key.title()))
        db.session.add_all(_account(role) for role in ("officer", "approver"))
        db.session.commit()
    first, second = sql("SELECT id FROM accounts_department ORDER BY id").scalars()
    people = sql("SELECT handle, id FROM accounts_account ORDER BY id").all()
    officer, approver = (
        audit.Actor(role, *person) for role, person in zip(("officer", "approver"), people, strict=True)
    )
    facts = rounds.RoundFacts(
        title=Localized.original("en", "Arrive and stay"),
        opens_on=OPENS,
        closes_on=CLOSES,
        language="en",
        department="newcomers",
        code=code,
    )
    rounds.create_round(facts, officer)
    drafts.import_draft(code, DRAFT, officer)
    rounds.publish_round(code, officer)
    register_id = sql("SELECT id FROM followup_register WHERE code = :code", code=code).scalar_one()
    db.session.rollback()
    return Procedure(code, register_id, (first, second), officer, approver)


def _account(role: str) -> Account:
    return Account(
        email=f"{role}@lindhafen.example",
        name=role.title(),
        handle=secrets.token_hex(4),
        language="en",
        fs_uniquifier=secrets.token_hex(16),
    )


def later(days: int) -> Any:
    """A context in which it is ``days`` later."""
    return clock.freeze(clock.today() + timedelta(days=days))


def sql(statement: str, **parameters: Any) -> CursorResult[Any]:
    """Run bare SQL in the session's transaction, past every service."""
    return db.session.execute(text(statement), parameters)


def sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


@contextmanager
def refused(sentence: str) -> Iterator[None]:
    """What is inside ends in the database's refusal, in these words, and leaves nothing behind."""
    with pytest.raises(IntegrityError) as caught:
        yield
    db.session.rollback()
    assert sentence in str(caught.value.orig)


def register(procedure: Procedure) -> Register:
    found = db.session.get(Register, procedure.register_id, populate_existing=True)
    assert found is not None
    return found
