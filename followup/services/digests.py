"""Reminding departments, once a day at most: of what is due soon, and of what is late.

A department hears of a due day when it is two weeks off, and every day of whatever is late; what is late for two
weeks goes to its head as well. Rows of ``Digest`` make each of these happen once, however often a job runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from accounts.models import Account, Department
from accounts.rules import AccountState, RoleName
from core import clock, letters, settings
from core.db import write
from followup.models import Digest, Promise, Register
from followup.numbers import ranges, written
from followup.rules import PromiseKind

OF_THE_DAY = "digest"
TO_THE_HEAD = "head"
REMINDED = "reminder"
"""A row of this kind stands under the due day it is about, not under the day of the mail."""


RUNS_SHOWN = 100
"""Runs of numbers that a mail lists; the workbench shows all."""


class _Owed(NamedTuple):
    code: str
    number: int
    due_on: date
    step: bool


@dataclass(frozen=True, slots=True)
class Due:
    """What a department owes in one register by one day: answers, or steps. ``days`` are left, or negative: late."""

    code: str
    due_on: date
    days: int
    count: int
    numbers: str
    """In short: ``3-17, 20``."""
    steps: bool


def send_digest(department_id: int) -> int:
    """Write to the department what is due soon and what is late, unless that was done today; return the mails sent.

    Mails go to its active officers, or, if it has none, to its head. If nobody can be written to, nothing counts as
    said, and the next run tries again.
    """
    today = clock.today()
    here = settings.current()
    with write() as session:
        department = session.get(Department, department_id)
        if department is None:
            return 0
        sent = 0
        late = _together(_promises(session, department_id, Promise.due_on < today), today)
        recipients = recipients_of(session, department)
        if recipients and _first_time(session, department_id, today, OF_THE_DAY):
            soon = _news(session, department_id, today)
            for address, language in recipients if soon or late else ():
                _send(session, "followup/digest", address, language, department, soon=soon, late=late)
                sent += 1
        long = [due for due in late if -due.days >= here.digest_head_after_days]
        head_reads = any(address == department.head_email for address, _language in recipients)
        if (
            long
            and department.head_email
            and not (head_reads and late)  # who has the digest of the day needs no second mail about the same
            and _first_time(session, department_id, today, TO_THE_HEAD)
        ):
            address, language = department.head_email, here.official_language
            _send(session, "followup/digest_head", address, language, department, late=long)
            sent += 1
        return sent


def _news(session: Session, department_id: int, today: date) -> list[Due]:
    """What is due within two weeks and was not spoken of before; it counts as spoken of from now on.

    Answers are spoken of all together, as those of a round fall due together; each step by itself.
    """
    until = today + timedelta(days=settings.current().reminder_days)
    known: dict[tuple[date, str], bool] = {}
    found = []
    for each in _promises(session, department_id, Promise.due_on.between(today, until)):
        kind = f"{REMINDED}:{each.code}" + (f":{each.number}" if each.step else "")
        if (each.due_on, kind) not in known:
            known[each.due_on, kind] = _first_time(session, department_id, each.due_on, kind)
        if known[each.due_on, kind]:
            found.append(each)
    return _together(found, today)


def departments_that_owe(session: Session) -> list[int]:
    """The departments with something unanswered."""
    return list(
        session.scalars(
            select(Promise.department_id)
            .where(Promise.answered_on.is_(None))
            .distinct()
            .order_by(Promise.department_id)
        )
    )


def _promises(session: Session, department_id: int, when: ColumnElement[bool]) -> list[_Owed]:
    """What the department still owes, by due day and register."""
    rows = session.execute(
        select(Register.code, Promise.number, Promise.due_on, Promise.kind)
        .join(Register, Register.id == Promise.register_id)
        .where(Promise.department_id == department_id, Promise.answered_on.is_(None), when)
        .order_by(Promise.due_on, Register.code)
    )
    return [_Owed(code, number, due_on, kind == PromiseKind.STEP) for code, number, due_on, kind in rows]


def _together(owed: Sequence[_Owed], today: date) -> list[Due]:
    """One line for each register, day and kind."""
    numbers: dict[tuple[str, date, bool], list[int]] = {}
    for each in owed:
        numbers.setdefault((each.code, each.due_on, each.step), []).append(each.number)
    return [
        Due(code, due_on, (due_on - today).days, len(found), _shown(found), steps)
        for (code, due_on, steps), found in numbers.items()
    ]


def _shown(numbers: Sequence[int]) -> str:
    runs = ranges(numbers)
    return written(runs[:RUNS_SHOWN]) + (" …" if len(runs) > RUNS_SHOWN else "")


def _first_time(session: Session, department_id: int, day: date, kind: str) -> bool:
    """Whether this is the first time, remembered in the caller's transaction."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    done = session.scalar(
        insert(Digest)
        .values(department_id=department_id, day=day, kind=kind)
        .on_conflict_do_nothing()
        .returning(Digest.kind)
    )
    return done is not None


def recipients_of(session: Session, department: Department) -> Sequence[tuple[str, str]]:
    """Addresses and languages of the department's active officers; of its head where there is none."""
    accounts = session.scalars(
        select(Account).where(Account.department_id == department.id, Account.active).order_by(Account.id)
    )
    officers = [
        (account.email, account.language)
        for account in accounts
        if account.state is AccountState.ACTIVE and RoleName.OFFICER in account.role_names
    ]
    if not officers and department.head_email:
        return [(department.head_email, settings.current().official_language)]
    return officers


def _send(
    session: Session,
    template: str,
    address: str,
    language: str,
    department: Department,
    **parts: Sequence[Due],
) -> None:
    letters.send(
        session,
        "email",
        address,
        language,
        template,
        department=department.name.best(language).text,
        link=f"{settings.current().base_url}/office/",
        ledger=f"{settings.current().base_url}/ledger/",
        **parts,
    )
