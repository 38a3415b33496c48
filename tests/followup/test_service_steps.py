"""Steps: owed in the one ledger, met by an act instead of a reply, extended once, found in all accounts of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from accounts.queries import department_id_of
from core import audit, clock
from core.db import db, write
from core.errors import Conflict
from core.localized import Localized
from followup import events
from followup.models import Promise, Register, Tally
from followup.queries.debts import find_steps
from followup.rules import PromiseKind, PromiseState, promise_state
from followup.services import gate, replies, steps
from followup.services.promises import extend_due_day, lock_register, pass_on
from tests.city import (
    DUE,
    MATTER,
    answer,
    at_once,
    entries,
    everything,
    fresh,
    open_city,
    promise,
    refused,
    register_id,
    reply_text,
    rows,
    staff,
    submit_comment,
)

LATER = DUE + timedelta(days=28)


@pytest.fixture(autouse=True)
def _round(app: Flask) -> None:
    open_city()


def within(verb: Callable[..., Any], *arguments: Any) -> Any:
    """Do one verb as a caller does: register locked, its entry appended last."""
    with write() as session:
        register = lock_register(session, register_id())
        done = verb(session, register, MATTER, *arguments)
        entry = done[1] if isinstance(done, tuple) else done
        audit.append(session, register.chain, [entry], staff("officer"))
    return done


def owe(subject: int, due_on: date = DUE, department: str = "housing", **facts: object) -> int:
    number, _entry = within(steps.owe, subject, department_id_of(department), due_on, facts)
    return int(number)


def meet(subject: int, met_on: date | None = None) -> None:
    within(steps.meet, subject, met_on)


def extend(subject: int, to: date = LATER, reason: str = "The council meets later.") -> None:
    within(steps.extend, subject, to, "en", reason)


# Owing ---------------------------------------------------------------------------------------------------------------


def test_a_step_takes_the_next_number_of_its_register() -> None:
    assert submit_comment().number == 1
    assert [owe(7), owe(8)] == [2, 3]
    assert submit_comment().number == 4
    owed = promise(2)
    assert (owed.kind, owed.subject_kind, owed.subject_id) == ("step", MATTER, 7)
    assert (owed.opened_on, owed.due_on, owed.answered_on) == (clock.today(), DUE, None)
    assert owed.department_id == department_id_of("housing")


def test_what_is_owed_is_recorded_with_the_caller_s_own_facts() -> None:
    owe(7, stage="position", number=99)
    entry = entries(events.STEP_OWE)[-1]
    assert (entry.subject_kind, entry.subject_id) == (MATTER, 7)
    assert entry.facts == audit.canonical({"due": DUE.isoformat(), "number": 1, "stage": "position"})


def test_a_subject_owes_one_step_and_one_only() -> None:
    owe(7)
    before = everything()
    with pytest.raises(IntegrityError):
        owe(7)
    fresh()
    assert everything() == before


def test_no_step_is_owed_by_nobody_or_after_conclusion() -> None:
    for nowhere in (0, 999, 10**30):
        with refused("not_found"):
            within(steps.owe, 7, nowhere, DUE)
    with write() as session:
        gate.conclude(session, lock_register(session, register_id()), staff("officer"))
    with refused("register_concluded"):
        owe(7)


# Meeting -------------------------------------------------------------------------------------------------------------


def test_a_step_is_met_today_without_a_reply_and_it_is_recorded() -> None:
    owe(7)
    day = clock.today() + timedelta(days=5)
    with clock.freeze(day):
        meet(7)
    met = promise(1)
    assert (met.answered_on, met.reply_id) == (day, None)
    assert promise_state(met.due_on, met.answered_on, DUE + timedelta(days=1)) is PromiseState.ANSWERED
    entry = entries(events.STEP_MEET)[-1]
    assert (entry.subject_kind, entry.subject_id) == (MATTER, 7)
    assert entry.facts == audit.canonical({"day": day.isoformat(), "number": 1})
    assert [(t.days_taken, t.count) for t in rows(Tally)] == [(5, 1)]


def test_a_step_may_be_recorded_as_met_on_an_earlier_day_since_it_was_opened() -> None:
    owe(7)
    owe(8)
    opened = clock.today()
    with clock.freeze(opened + timedelta(days=9)):
        meet(7, opened)
        meet(8, opened + timedelta(days=9))
    assert [p.answered_on for p in rows(Promise)] == [opened, opened + timedelta(days=9)]


@pytest.mark.parametrize("days", [-1, 1], ids=["before it was opened", "in the future"])
def test_no_step_is_met_on_an_impossible_day(days: int) -> None:
    owe(7)
    with refused("step_day"):
        meet(7, clock.today() + timedelta(days=days))


def test_a_step_is_met_once() -> None:
    owe(7)
    meet(7)
    with refused("step_met"):
        meet(7)
    with pytest.raises(Conflict):
        meet(7)


def test_two_who_meet_a_step_at_once_meet_it_once(app: Flask) -> None:
    owe(7)
    outcomes = at_once(app, [lambda: meet(7)] * 4)
    assert outcomes.count(None) == 1
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Conflict] * 3
    assert len(entries(events.STEP_MEET)) == 1


def test_what_is_no_step_is_not_found() -> None:
    submit_comment()
    own = rows(Promise)[0]
    for subject in (7, 0, own.subject_id):
        with refused("not_found"):
            meet(subject)
        with refused("not_found"):
            extend(subject)
        with refused("not_found"):
            within(steps.pass_on_within, subject, department_id_of("housing"))


def test_a_register_is_concluded_once_its_steps_are_met() -> None:
    owe(7)
    with refused("promises_unanswered"), write() as session:
        gate.conclude(session, lock_register(session, register_id()), staff("officer"))
    meet(7)
    with write() as session:
        gate.conclude(session, lock_register(session, register_id()), staff("officer"))
    assert rows(Register)[0].concluded_on == clock.today()


# Moving --------------------------------------------------------------------------------------------------------------


def test_a_step_is_extended_once_with_a_public_reason() -> None:
    owe(7)
    extend(7)
    moved = promise(1)
    assert (moved.due_on, moved.extended_from, moved.extended_on) == (LATER, DUE, clock.today())
    assert moved.extension_reason == Localized.original("en", "The council meets later.")
    assert '"number":1' in entries(events.PROMISE_EXTEND)[-1].facts
    with refused("extended_before"):
        extend(7, LATER + timedelta(days=1))


def test_a_step_is_extended_by_the_rule_of_every_promise() -> None:
    owe(7)
    with refused("extension_not_later", "extension_reason_missing"):
        extend(7, DUE, " ")
    with clock.freeze(DUE + timedelta(days=1)), refused("extension_too_late"):
        extend(7)
    meet(7)
    with refused("already_answered"):
        extend(7)


def test_a_step_is_passed_on_until_it_is_met() -> None:
    owe(7)
    other = department_id_of("integration")
    within(steps.pass_on_within, 7, other)
    assert (promise(1).department_id, promise(1).number, promise(1).due_on) == (other, 1, DUE)
    assert entries(events.PROMISE_PASS_ON)[-1].facts == audit.canonical({"department": other, "numbers": [1]})
    with refused("not_found"):
        within(steps.pass_on_within, 7, 999)
    meet(7)
    with refused("step_met"):
        within(steps.pass_on_within, 7, department_id_of("housing"))


def test_a_step_is_not_dealt_with_as_an_answer_is() -> None:
    submit_comment()
    owe(7)
    officer = staff("officer")
    with refused("step_not_written") as errors:
        replies.write_answer(register_id(), [1, 2], reply_text(), officer)
    assert errors[0].parameters == {"numbers": [2]}
    with refused("step_not_written"):
        pass_on(register_id(), [1, 2], department_id_of("integration"), officer)
    with refused("step_not_written"):
        extend_due_day(register_id(), [2], LATER, "en", "Later.", officer)


# Reading -------------------------------------------------------------------------------------------------------------


def test_steps_are_found_by_what_they_are_about() -> None:
    for subject in (7, 8, 9):
        owe(subject)
    meet(8)
    extend(9)
    submit_comment()
    found = find_steps(db.session(), MATTER, [7, 8, 9, 10])
    assert sorted(found) == [7, 8, 9]
    assert [found[n].number for n in (7, 8, 9)] == [1, 2, 3]
    assert (found[7].answered_on, found[8].answered_on) == (None, clock.today())
    assert (found[9].due_on, found[9].extended_from) == (LATER, DUE)
    assert found[7].department.best("en").text == "Housing Office"
    assert [list(step.versions) for step in found.values()] == [[], [], []]
    assert find_steps(db.session(), MATTER, []) == {}
    assert find_steps(db.session(), "tests.other", [7]) == {}


def test_a_subject_may_owe_a_step_beside_an_answer() -> None:
    submit_comment()
    own = rows(Promise)[0]
    with write() as session:
        register = lock_register(session, register_id())
        _number, entry = steps.owe(
            session, register, own.subject_kind, own.subject_id, own.department_id, DUE
        )
        audit.append(session, register.chain, [entry])
    answer([1])
    owed = {p.kind: p.answered_on for p in rows(Promise)}
    assert owed == {PromiseKind.ANSWER: clock.today(), PromiseKind.STEP: None}
