"""Opening promises, passing them to another department, and extending a due day once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.models import Department
from core import audit, clock
from core.db import LARGEST_ID, find, insert_rows, write
from core.errors import DomainError, NotFound
from core.localized import Localized
from followup import events, rules
from followup.models import Promise, Register
from followup.rules import PromiseKind


@dataclass(frozen=True, slots=True)
class NewPromise:
    """What a promise is opened with; ``number`` comes from ``take_numbers``."""

    number: int
    subject_id: int
    department_id: int
    opened_on: date
    due_on: date


def lock_register(session: Session, register_id: int) -> Register:
    """The register's row, locked until the caller's transaction ends.

    Everything that opens a promise or concludes calls this first, so the two never overlap.
    """
    register = session.scalars(
        select(Register)
        .where(Register.id == register_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if register is None:
        raise NotFound("register", register_id)
    return register


def take_numbers(session: Session, register: Register, count: int, kind: PromiseKind) -> range:
    """The next ``count`` register numbers, without a gap. ``register`` must be locked and, for answers, open."""
    rules.check_register_open(register.concluded_on, kind)
    first = register.last_number + 1
    register.last_number += count
    session.flush()
    return range(first, first + count)


def open_promises(
    session: Session, register: Register, kind: PromiseKind, subject_kind: str, promises: Sequence[NewPromise]
) -> None:
    """Owe an answer to each of ``promises``, inside the transaction that writes their subjects."""
    insert_rows(
        session,
        Promise,
        [
            {
                "register_id": register.id,
                "number": promise.number,
                "kind": kind.value,
                "subject_kind": subject_kind,
                "subject_id": promise.subject_id,
                "department_id": promise.department_id,
                "opened_on": promise.opened_on,
                "due_on": promise.due_on,
                "extension_reason": Localized(),
            }
            for promise in promises
        ],
    )


def locked_promises(session: Session, register_id: int, numbers: Sequence[int]) -> list[Promise]:
    """The promises with these register numbers, locked. Raises NotFound for the first that does not exist."""
    wanted = sorted(set(numbers))
    possible = [number for number in wanted if 0 < number <= LARGEST_ID]
    found: list[Promise] = []
    for start in range(0, len(possible), 500):
        found += session.scalars(
            select(Promise)
            .where(Promise.register_id == register_id, Promise.number.in_(possible[start : start + 500]))
            .order_by(Promise.number)
            .with_for_update()
        )
    missing = set(wanted) - {promise.number for promise in found}
    if missing:
        raise NotFound("promise", min(missing))
    return found


def pass_on(register_id: int, numbers: Sequence[int], department_id: int, actor: audit.Actor) -> None:
    """Give the promises with these numbers to another department; what is answered stays where it was answered.

    Raises ``selection_empty``, ``selection_changed``, ``step_not_written``, or NotFound for a promise or the department.
    """
    with write() as session:
        register = lock_register(session, register_id)
        if find(session, Department, department_id) is None:
            raise NotFound("department", department_id)
        promises = locked_promises(session, register_id, numbers)
        rules.check_written({promise.number: promise.kind for promise in promises})
        free = [promise.id for promise in promises if promise.reply_id is None]
        rules.check_selection([p.id for p in promises], free, {p.id: p.number for p in promises})
        for start in range(0, len(free), 500):
            session.execute(
                update(Promise)
                .where(Promise.id.in_(free[start : start + 500]))
                .values(department_id=department_id)
            )
        facts = {"numbers": [p.number for p in promises], "department": department_id}
        audit.append(
            session,
            register.chain,
            [audit.Entry(events.PROMISE_PASS_ON, events.REGISTER, register.id, facts)],
            actor,
        )


def extend_due_day(
    register_id: int, numbers: Sequence[int], new_due_on: date, language: str, reason: str, actor: audit.Actor
) -> None:
    """Move the due day of these promises once, before it has passed, with a public reason.

    All of them move or none. Raises ``selection_empty``, ``step_not_written``, or what ``rules.check_extension`` raises
    for the first that cannot.
    """
    if not numbers:
        raise DomainError("selection_empty")
    with write() as session:
        register = lock_register(session, register_id)
        promises = locked_promises(session, register_id, numbers)
        rules.check_written({promise.number: promise.kind for promise in promises})
        entries = [extend_within(promise, new_due_on, language, reason) for promise in promises]
        session.flush()
        audit.append(session, register.chain, entries, actor)


def extend_within(promise: Promise, new_due_on: date, language: str, reason: str) -> audit.Entry:
    """Move the due day of one locked promise inside the caller's transaction; the caller appends the entry.

    Raises what ``rules.check_extension`` raises.
    """
    today = clock.today()
    rules.check_extension(promise.due_on, new_due_on, reason, promise.answered_on, promise.extended_on, today)
    public_reason = Localized.original(language, reason)
    promise.extended_from, promise.extended_on, promise.due_on = promise.due_on, today, new_due_on
    promise.extension_reason = public_reason
    facts = {"number": promise.number, "due": new_due_on.isoformat(), "reason": public_reason.dump()}
    return audit.Entry(events.PROMISE_EXTEND, events.PROMISE, promise.id, facts)
