"""Steps: what a department owes on the way of a matter, met by a recorded act of its procedure instead of a reply.

Every verb runs inside the caller's transaction, with the register locked (``promises.lock_register``). It returns the
audit entry, which the caller appends last, to the register's chain. A step that is no longer owed because its matter
ended is met by the act that ended it. The reasons are in docs/adr/0025.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Department
from core import audit, clock
from core.db import find
from core.errors import Conflict, NotFound
from followup import events, rules
from followup.models import Promise, Register
from followup.rules import PromiseKind
from followup.services.promises import NewPromise, extend_within, open_promises, take_numbers


def owe(
    session: Session,
    register: Register,
    subject_kind: str,
    subject_id: int,
    department_id: int,
    due_on: date,
    facts: Mapping[str, object] | None = None,
    since: date | None = None,
) -> tuple[int, audit.Entry]:
    """Owe a step, once for each subject; its register number, and the entry with the caller's ``facts``.

    It is owed from today on, or from an earlier day ``since``, on which what it follows from happened. Raises NotFound
    for the department, or DomainError ``register_concluded`` or ``step_day``.
    """
    opened_on = since or clock.today()
    rules.check_step_day(date.min, opened_on, clock.today())
    if find(session, Department, department_id) is None:
        raise NotFound("department", department_id)
    number = take_numbers(session, register, 1, PromiseKind.STEP)[0]
    promise = NewPromise(number, subject_id, department_id, opened_on, due_on)
    open_promises(session, register, PromiseKind.STEP, subject_kind, [promise])
    said = {**(facts or {}), "number": number, "due": due_on.isoformat()}
    return number, audit.Entry(events.STEP_OWE, subject_kind, subject_id, said)


def meet(
    session: Session, register: Register, subject_kind: str, subject_id: int, met_on: date | None = None
) -> audit.Entry:
    """The act happened, today or on the day ``met_on``: the step is met, for good.

    Raises NotFound, Conflict ``step_met`` (``day``), or DomainError ``step_day``.
    """
    promise = _locked(session, register, subject_kind, subject_id)
    _check_unmet(promise)
    day = met_on or clock.today()
    rules.check_step_day(promise.opened_on, day, clock.today())
    promise.answered_on = day
    session.flush()
    facts = {"number": promise.number, "day": day.isoformat()}
    return audit.Entry(events.STEP_MEET, subject_kind, subject_id, facts)


def extend(
    session: Session,
    register: Register,
    subject_kind: str,
    subject_id: int,
    new_due_on: date,
    language: str,
    reason: str,
) -> audit.Entry:
    """Move the step's due day once, before it has passed, with a public reason.

    Raises NotFound, or what ``rules.check_extension`` raises.
    """
    promise = _locked(session, register, subject_kind, subject_id)
    entry = extend_within(promise, new_due_on, language, reason)
    session.flush()
    return entry


def pass_on_within(
    session: Session, register: Register, subject_kind: str, subject_id: int, department_id: int
) -> audit.Entry:
    """Another department owes the step from now on; number and due day stay.

    Raises NotFound for the step or the department, or Conflict ``step_met`` (``day``).
    """
    if find(session, Department, department_id) is None:
        raise NotFound("department", department_id)
    promise = _locked(session, register, subject_kind, subject_id)
    _check_unmet(promise)
    promise.department_id = department_id
    session.flush()
    facts = {"numbers": [promise.number], "department": department_id}
    return audit.Entry(events.PROMISE_PASS_ON, events.REGISTER, register.id, facts)


def _locked(session: Session, register: Register, subject_kind: str, subject_id: int) -> Promise:
    promise = session.scalars(
        select(Promise)
        .where(
            Promise.register_id == register.id,
            Promise.subject_kind == subject_kind,
            Promise.subject_id == subject_id,
            Promise.kind == PromiseKind.STEP.value,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if promise is None:
        raise NotFound("step", subject_id)
    return promise


def _check_unmet(promise: Promise) -> None:
    if promise.answered_on is not None:
        raise Conflict("step_met", day=promise.answered_on)
