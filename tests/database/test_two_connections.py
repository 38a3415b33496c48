"""Two connections at once: no promise slips in between counting and concluding, and no number is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, OperationalError

from consult.rules.submissions import NewSubmission
from consult.services import rounds
from consult.services.submissions import receive
from core import audit
from core.db import db, write
from core.errors import DomainError
from followup.rules import PromiseKind
from followup.services import gate
from followup.services.promises import lock_register, take_numbers
from tests.database.procedure import Procedure, open_procedure, refused, register, sql, sqlite

CONCLUDE = "UPDATE followup_register SET concluded_on = '2027-11-01' WHERE id = :register"
PROMISE = """
    INSERT INTO followup_promise (register_id, number, kind, subject_kind, subject_id, department_id, opened_on, due_on,
        extension_reason)
    VALUES (:register, 1, 'answer', 'test', :register, :department, '2027-09-14', '2027-12-01', '{}')
"""

Elsewhere = Callable[[Callable[[], Any]], "Future[Any]"]


@pytest.fixture
def procedure(app: Flask) -> Procedure:
    return open_procedure()


@pytest.fixture
def elsewhere(app: Flask) -> Iterator[Elsewhere]:
    """Do something at the same time, on a thread and a connection of its own."""
    with ThreadPoolExecutor(4) as pool:

        def act(what: Callable[[], Any]) -> Any:
            with app.app_context():
                try:
                    return what()
                finally:
                    db.session.remove()

        yield lambda what: pool.submit(act, what)


@contextmanager
def connection(**options: Any) -> Iterator[Connection]:
    """A connection of its own; what is not committed in it never happened."""
    with db.engine.connect().execution_options(**{"begin": "IMMEDIATE", **options}) as opened:
        yield opened


def run(opened: Connection, statement: str, procedure: Procedure) -> None:
    parameters = {"register": procedure.register_id, "department": procedure.departments[0]}
    opened.execute(text(statement), parameters)


def run_alone(statement: str, procedure: Procedure) -> None:
    """Run ``statement`` in a transaction of its own. Raises IntegrityError."""
    with connection() as opened:
        run(opened, statement, procedure)
        opened.commit()


def see_it_wait(waiting: Future[Any]) -> None:
    """Return when the other one waits for us; fail if it got through."""
    if sqlite():
        time.sleep(0.2)  # SQLite asks again and again, and tells nobody that it does
    else:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as observer:
            locks = text(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            for _attempt in range(200):
                if waiting.done() or observer.execute(locks).scalar():
                    break
                time.sleep(0.02)
    assert not waiting.done()


def unanswered(procedure: Procedure) -> int:
    count = sql(
        "SELECT count(*) FROM followup_promise WHERE register_id = :register AND answered_on IS NULL",
        register=procedure.register_id,
    ).scalar_one()
    db.session.rollback()
    return int(count)


def test_a_bare_conclusion_waits_for_a_promise_and_is_refused(
    procedure: Procedure, elsewhere: Elsewhere
) -> None:
    with connection() as opening:
        run(opening, PROMISE, procedure)
        concluding = elsewhere(lambda: run_alone(CONCLUDE, procedure))
        see_it_wait(concluding)
        opening.commit()
    with pytest.raises(IntegrityError, match=r"gate: promises unanswered"):
        concluding.result()
    assert register(procedure).concluded_on is None


def test_a_bare_promise_waits_for_a_conclusion_and_is_refused(
    procedure: Procedure, elsewhere: Elsewhere
) -> None:
    with connection() as concluding:
        run(concluding, CONCLUDE, procedure)
        opening = elsewhere(lambda: run_alone(PROMISE, procedure))
        see_it_wait(opening)
        concluding.commit()
    with pytest.raises(IntegrityError, match=r"gate: register concluded"):
        opening.result()
    assert unanswered(procedure) == 0


def conclude(procedure: Procedure) -> None:
    """Conclude although the round is still open: the gate alone is on trial."""
    with write() as session:
        _found, locked = rounds.lock_round(session, procedure.code)
        gate.conclude(session, locked, procedure.officer)


def test_a_submission_waits_for_a_conclusion_and_is_refused(
    procedure: Procedure, elsewhere: Elsewhere
) -> None:
    with write() as session:
        _found, locked = rounds.lock_round(session, procedure.code)
        gate.conclude(session, locked, procedure.officer)
        submitting = elsewhere(procedure.submit)
        see_it_wait(submitting)
    with pytest.raises(DomainError) as refusal:
        submitting.result()
    assert refusal.value.code in ("round_concluded", "register_concluded", "round_closed")
    assert unanswered(procedure) == 0


def test_a_conclusion_waits_for_a_submission_and_is_refused(
    procedure: Procedure, elsewhere: Elsewhere
) -> None:
    with write() as session:
        found, locked = rounds.lock_round(session, procedure.code)
        receive(session, found, locked, [NewSubmission(None, "Just in time.", "concern")], audit.SYSTEM)
        concluding = elsewhere(lambda: conclude(procedure))
        see_it_wait(concluding)
    with pytest.raises(DomainError) as refusal:
        concluding.result()
    assert (refusal.value.code, refusal.value.parameters["numbers"]) == ("promises_unanswered", [1])
    assert register(procedure).concluded_on is None


@pytest.mark.parametrize("turn", range(8))
def test_in_a_race_either_the_promise_or_the_conclusion_stands(
    procedure: Procedure, elsewhere: Elsewhere, turn: int
) -> None:
    start = threading.Barrier(2)

    def race(statement: str) -> None:
        start.wait()
        if (statement == PROMISE) == bool(turn % 2):
            time.sleep(0.002)
        run_alone(statement, procedure)

    both = [elsewhere(lambda: race(PROMISE)), elsewhere(lambda: race(CONCLUDE))]
    failures = [str(error) for error in (future.exception() for future in both) if error]
    assert len(failures) == 1
    assert "gate: " in failures[0]
    assert bool(unanswered(procedure)) != bool(register(procedure).concluded_on)


def test_a_transaction_that_counts_from_its_own_past_cannot_conclude(procedure: Procedure) -> None:
    isolation = {"begin": "DEFERRED"} if sqlite() else {"isolation_level": "REPEATABLE READ"}
    with connection(**isolation) as concluding:
        concluding.execute(text("SELECT count(*) FROM followup_promise")).scalar()
        run_alone(PROMISE, procedure)
        with pytest.raises((IntegrityError, OperationalError), match=r"read committed|locked"):
            run(concluding, CONCLUDE, procedure)
    with refused("gate: promises unanswered"):
        sql(CONCLUDE, register=procedure.register_id)


def test_of_five_hundred_numbers_taken_at_once_none_is_lost_or_given_twice(
    procedure: Procedure, elsewhere: Elsewhere
) -> None:
    def take(times: int) -> list[int]:
        taken = []
        for _time in range(times):
            with write() as session:
                locked = lock_register(session, procedure.register_id)
                taken += take_numbers(session, locked, 1, PromiseKind.ANSWER)
        return taken

    futures = [elsewhere(lambda: take(125)) for _worker in range(4)]
    numbers = sorted(number for future in futures for number in future.result())
    assert numbers == list(range(1, 501))
    assert register(procedure).last_number == 500


def test_a_read_never_waits_for_a_writer(procedure: Procedure, elsewhere: Elsewhere) -> None:
    with connection() as writing:
        run(writing, PROMISE, procedure)
        assert elsewhere(lambda: unanswered(procedure)).result(timeout=5) == 0
