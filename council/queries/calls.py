"""Public calls and applications: what anybody may know, what the holder of a code may know, what the office reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from core import clock
from core.db import LARGEST_ID, db
from core.errors import NotFound
from core.localized import Localized
from council import events, rules
from council.models import Application, Body, Call, SeatClass
from council.rules import Way
from followup import subjects
from followup.models import Promise, Register, Reply, ReplyVersion
from followup.queries.debts import Debt, find_debt
from followup.queries.private import private_replies

PAGE = 100
"""Numbers on one page of the register."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as everybody reads it."""

    id: int
    body_key: str
    body_name: Localized
    register_code: str
    seat_class: Localized
    way: str
    title: Localized
    about: Localized
    opened_on: date
    closes_on: date
    answers_due_on: date
    closed_on: date | None
    is_open: bool

    @property
    def for_organisations(self) -> bool:
        return self.way == Way.ORGANISATION


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """An application with everything its author may know. ``text`` is None once it was withdrawn."""

    id: int
    number: int
    register_code: str
    body_key: str
    body_name: Localized
    call_title: Localized
    language: str
    name: str | None
    organisation: str | None
    text: str | None
    received_on: date
    debt: Debt


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One number of a council's register: what it is, where it stands, and what was answered.

    A step has no outcome; it was met on ``answered_on``. Of a ``private`` answer nothing but its day is here.
    """

    number: int
    kind: str
    subject_kind: str
    subject_id: int
    received_on: date
    due_on: date
    answered_on: date | None
    outcome: str | None
    reason: Localized
    late: bool
    private: bool

    @property
    def subject(self) -> tuple[str, int]:
        return (self.subject_kind, self.subject_id)


@dataclass(frozen=True, slots=True)
class OfficeApplication:
    """An application as the office reads it."""

    number: int
    call_title: Localized
    language: str
    name: str | None
    organisation: str | None
    text: str | None
    received_on: date
    due_on: date
    answered_on: date | None


def list_calls(body_key: str, *, only_open: bool = False) -> list[CallLine]:
    """The calls of a council, the newest first."""
    rows = db.session.execute(_calls().where(Body.key == body_key).order_by(Call.id.desc()))
    lines = [_line(*row) for row in rows]
    return [line for line in lines if line.is_open or not only_open]


def find_call(body_key: str, call_id: int) -> CallLine:
    """One call of a council. Raises NotFound."""
    wanted = _calls().where(Call.id == min(call_id, LARGEST_ID), Body.key == body_key)
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound("call", call_id)
    return _line(*row)


def find_own(code_mac: bytes) -> OwnApplication | None:
    """The application that a receipt code belongs to."""
    session = db.session()
    row = session.execute(
        select(Application, Call.title, Body.key, Body.name, Register.code)
        .join(Call, Call.id == Application.call_id)
        .join(Body, Body.id == Application.body_id)
        .join(Register, Register.id == Body.register_id)
        .where(Application.code_mac == code_mac)
    ).one_or_none()
    if row is None:
        return None
    application, title, key, name, code = row
    return OwnApplication(
        application.id,
        application.number,
        code,
        key,
        name,
        title,
        application.language,
        application.name,
        application.organisation,
        application.text,
        application.received_on,
        find_debt(session, events.APPLICATION, application.id),
    )


def read_register(register_id: int, after: int = 0) -> Sequence[RegisterRow]:
    """A page of a council's register, from the number after ``after`` on; one row more says that others follow."""
    today = clock.today()
    rows = db.session.execute(
        select(
            Reply.id,
            Promise.number,
            Promise.kind,
            Promise.subject_kind,
            Promise.subject_id,
            Promise.opened_on,
            Promise.due_on,
            Promise.answered_on,
            ReplyVersion.outcome,
            ReplyVersion.reason,
        )
        .outerjoin(Reply, (Reply.id == Promise.reply_id) & Promise.answered_on.is_not(None))
        .outerjoin(
            ReplyVersion,
            (ReplyVersion.reply_id == Reply.id) & (ReplyVersion.version == Reply.published_version),
        )
        .where(Promise.register_id == register_id, Promise.number > after)
        .order_by(Promise.number)
        .limit(PAGE + 1)
    ).all()
    hidden = private_replies(db.session(), {row[0] for row in rows if row[0]})
    kinds = subjects.private_kinds()
    return [
        RegisterRow(
            number,
            kind,
            subject_kind,
            subject_id,
            opened,
            due,
            answered,
            outcome=None if (private := subject_kind in kinds or reply_id in hidden) else outcome,
            reason=Localized() if private else reason or Localized(),
            late=answered is None and due < today,
            private=private,
        )
        for reply_id, number, kind, subject_kind, subject_id, opened, due, answered, outcome, reason in rows
    ]


def applications(body_key: str) -> list[OfficeApplication]:
    """Every application to a council, the newest first."""
    rows = db.session.execute(
        select(Application, Call.title, Promise.due_on, Promise.answered_on)
        .join(Call, Call.id == Application.call_id)
        .join(Body, Body.id == Application.body_id)
        .join(
            Promise,
            (Promise.subject_kind == events.APPLICATION) & (Promise.subject_id == Application.id),
        )
        .where(Body.key == body_key)
        .order_by(Application.number.desc())
    )
    return [
        OfficeApplication(
            found.number,
            title,
            found.language,
            found.name,
            found.organisation,
            found.text,
            found.received_on,
            due,
            answered,
        )
        for found, title, due, answered in rows
    ]


def _calls() -> Select[Call, SeatClass, Body, str]:
    return (
        select(Call, SeatClass, Body, Register.code)
        .join(SeatClass, SeatClass.id == Call.seat_class_id)
        .join(Body, Body.id == Call.body_id)
        .join(Register, Register.id == Body.register_id)
    )


def _line(call: Call, seat_class: SeatClass, body: Body, code: str) -> CallLine:
    return CallLine(
        call.id,
        body.key,
        body.name,
        code,
        seat_class.name,
        seat_class.way,
        call.title,
        call.about,
        call.opened_on,
        call.closes_on,
        call.answers_due_on,
        call.closed_on,
        rules.call_is_open(call.opened_on, call.closes_on, call.closed_on, clock.today()),
    )
