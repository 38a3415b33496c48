"""Opening promises, passing them on and extending their day: numbered without gaps, all or none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Department
from core import audit, clock
from core.db import db, write
from core.errors import DomainError, NotFound
from core.localized import Localized
from followup import events
from followup.models import Promise, Register, Tally
from followup.rules import PromiseKind
from followup.services.promises import (
    NewPromise,
    extend_due_day,
    lock_register,
    locked_promises,
    open_promises,
    pass_on,
    take_numbers,
)
from tests.city import (
    DUE,
    answer,
    at_once,
    draft_answer,
    entries,
    everything,
    fresh,
    on_one_database,
    open_city,
    open_round,
    promise,
    refused,
    register_id,
    rows,
    staff,
    submit_comment,
)

LATER = DUE + timedelta(days=28)


@pytest.fixture(autouse=True)
def _round(app: Flask) -> None:
    open_city()


def comments(count: int) -> list[int]:
    return [submit_comment(f"Comment {n}").number for n in range(count)]


def department(key: str) -> int:
    return db.session.scalars(select(Department.id).where(Department.key == key)).one()


def extend(numbers: list[int], to: date = LATER, reason: str = "The survey is late.") -> None:
    extend_due_day(register_id(), numbers, to, "en", reason, staff("officer"))


# Numbers -----------------------------------------------------------------------------------------------------


def test_numbers_run_from_one_without_a_gap() -> None:
    with write() as session:
        register = lock_register(session, register_id())
        assert list(take_numbers(session, register, 3, PromiseKind.ANSWER)) == [1, 2, 3]
        assert list(take_numbers(session, register, 0, PromiseKind.ANSWER)) == []
        assert list(take_numbers(session, register, 2, PromiseKind.RECONSIDERATION)) == [4, 5]
    assert rows(Register)[0].last_number == 5


def test_numbers_of_a_refused_verb_are_taken_by_the_next() -> None:
    with pytest.raises(ZeroDivisionError), write() as session:
        take_numbers(session, lock_register(session, register_id()), 3, PromiseKind.ANSWER)
        1 / 0  # noqa: B018
    assert submit_comment().number == 1


def test_sixteen_who_open_at_once_leave_no_gap_and_no_double(app: Flask) -> None:
    register, owner = register_id(), department("integration")

    def open_three(place: int) -> list[int]:
        with write() as session:
            locked = lock_register(session, register)
            numbers = list(take_numbers(session, locked, 3, PromiseKind.ANSWER))
            new = [NewPromise(n, 1000 * place + n, owner, clock.today(), DUE) for n in numbers]
            open_promises(session, locked, PromiseKind.ANSWER, "test.subject", new)
            return numbers

    taken = at_once(app, [lambda place=place: open_three(place) for place in range(16)])
    assert sorted(n for numbers in taken for n in numbers) == list(range(1, 49))  # type: ignore[attr-defined]
    assert sorted(p.number for p in rows(Promise)) == list(range(1, 49))


def test_a_register_or_promise_that_is_not_there_is_not_found() -> None:
    comments(2)
    with pytest.raises(NotFound), write() as session:
        lock_register(session, 999)
    with pytest.raises(NotFound) as caught, write() as session:
        locked_promises(session, register_id(), [1, 2, 3, 7])
    assert caught.value.parameters["key"] == 3


def test_a_number_that_cannot_be_is_not_found() -> None:
    comments(1)
    for number in (0, -1, 10**12, 10**30):
        with refused("not_found"):
            pass_on(register_id(), [number], department("housing"), staff("officer"))
        with refused("not_found"):
            extend([1, number])


def test_another_register_s_promises_are_not_found() -> None:
    comments(1)
    open_round("WS-27")
    with pytest.raises(NotFound), write() as session:
        locked_promises(session, register_id("WS-27"), [1])


def test_many_promises_are_found_in_the_order_of_their_numbers() -> None:
    comments(5)
    with write() as session:
        found = locked_promises(session, register_id(), [5, 1, 3, 3, 1])
        assert [p.number for p in found] == [1, 3, 5]


# Passing on --------------------------------------------------------------------------------------------------


def test_a_promise_is_passed_on_and_it_is_recorded() -> None:
    comments(3)
    housing, other = department("housing"), department("integration")
    pass_on(register_id(), [1, 3], other, staff("officer"))
    assert [promise(n).department_id for n in (1, 2, 3)] == [other, housing, other]
    entry = entries(events.PROMISE_PASS_ON)[-1]
    assert entry.facts == audit.canonical({"numbers": [1, 3], "department": other})
    assert (entry.role, entry.actor) == ("officer", staff("officer").handle)
    assert [(t.department_id, t.count) for t in rows(Tally)] == [(other, 2), (housing, 1)]


def test_due_day_and_number_stay_when_a_promise_is_passed_on() -> None:
    comments(1)
    pass_on(register_id(), [1], department("housing"), staff("officer"))
    assert (promise(1).number, promise(1).due_on) == (1, DUE)


def test_what_is_answered_or_being_answered_is_not_passed_on() -> None:
    comments(3)
    answer([1])
    draft_answer([2], submit=False)
    with refused("selection_changed") as errors:
        pass_on(register_id(), [1, 2, 3], department("housing"), staff("officer"))
    assert errors[0].parameters == {"numbers": [1, 2]}


def test_nothing_selected_is_nothing_done() -> None:
    comments(1)
    with refused("selection_empty"):
        pass_on(register_id(), [], department("housing"), staff("officer"))
    with refused("selection_empty"):
        extend([])


def test_a_promise_is_not_passed_to_nobody() -> None:
    comments(1)
    for nowhere in (0, -1, 999, 10**12, 10**30):
        with refused("not_found"):
            pass_on(register_id(), [1], nowhere, staff("officer"))


# Extensions --------------------------------------------------------------------------------------------------


def test_a_due_day_is_extended_once_in_public() -> None:
    comments(2)
    extend([1])
    extended = promise(1)
    assert (extended.due_on, extended.extended_from, extended.extended_on) == (LATER, DUE, clock.today())
    assert extended.extension_reason == Localized.original("en", "The survey is late.")
    assert promise(2).due_on == DUE
    entry = entries(events.PROMISE_EXTEND)[-1]
    assert (entry.subject_kind, entry.subject_id) == (events.PROMISE, extended.id)
    assert '"due":"2028-02-20"' in entry.facts
    assert "The survey is late." in entry.facts
    with refused("extended_before"):
        extend([1], LATER + timedelta(days=1))


def test_an_extension_on_the_due_day_is_in_time_and_the_day_after_too_late() -> None:
    comments(2)
    with clock.freeze(DUE):
        extend([1])
    with clock.freeze(DUE + timedelta(days=1)), refused("extension_too_late"):
        extend([2])


def test_either_all_of_a_selection_are_extended_or_none() -> None:
    comments(3)
    answer([2])
    with refused("already_answered"):
        extend([1, 2, 3])


@on_one_database
@pytest.mark.parametrize("to", [DUE, DUE - timedelta(days=1), date(2000, 1, 1)])
def test_an_extension_leads_to_a_later_day(to: date) -> None:
    comments(1)
    with refused("extension_not_later"):
        extend([1], to)


def test_everything_wrong_with_an_extension_is_told_at_once() -> None:
    comments(1)
    with refused("extension_not_later", "extension_reason_missing"):
        extend([1], DUE, " \u202e")


def test_the_tally_follows_an_extension() -> None:
    comments(2)
    extend([1])
    assert [(t.due_on, t.days_taken, t.count) for t in rows(Tally)] == [(DUE, -1, 1), (LATER, -1, 1)]


def test_two_who_extend_at_once_extend_once(app: Flask) -> None:
    comments(1)
    outcomes = at_once(app, [lambda: extend([1])] * 4)
    assert outcomes.count(None) == 1
    told = [error.code for o in outcomes if isinstance(o, DomainError) for error in o.all()]
    assert told.count("extended_before") == 3
    assert len(entries(events.PROMISE_EXTEND)) == 1


@pytest.mark.parametrize("verb", ["pass on", "extend"])
def test_an_error_in_the_middle_leaves_no_trace(monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    comments(2)
    housing, before = department("housing"), everything()

    def broken(*_arguments: object, **_choices: object) -> list[str]:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "append", broken)
    with pytest.raises(OSError, match="disk full"):
        if verb == "extend":
            extend([1, 2])
        else:
            pass_on(register_id(), [1, 2], housing, staff("officer"))
    fresh()
    assert everything() == before
