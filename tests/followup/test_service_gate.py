"""The closing gate: nothing is concluded while one answer is missing, and no promise slips through beside it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from consult.models import Submission
from consult.services.rounds import conclude_round, lock_round
from consult.services.submissions import receive, reconsider
from core import audit, clock
from core.db import write
from core.errors import DomainError
from followup import events
from followup.models import Promise, Register
from followup.services import gate, replies
from followup.services.promises import extend_due_day, lock_register
from tests.city import (
    AFTER_CLOSING,
    CODE,
    DUE,
    answer,
    at_once,
    comment,
    draft_answer,
    entries,
    everything,
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


@pytest.fixture(autouse=True)
def _closed_round(app: Flask) -> Iterator[None]:
    """A round with three comments, a week after it closed."""
    open_city(3)
    with clock.freeze(AFTER_CLOSING):
        yield


def conclude() -> None:
    conclude_round(CODE, staff("officer"))


def receive_late() -> int:
    """A comment that comes in on another way after closing, such as a letter that lay in a drawer."""
    with write() as session:
        found, register = lock_round(session, CODE)
        return receive(session, found, register, [comment("From a letter", channel="paper")], audit.SYSTEM)[
            0
        ].number


def test_a_round_with_every_answer_is_concluded_and_it_is_recorded() -> None:
    answer([1, 2, 3])
    conclude()
    assert rows(Register)[0].concluded_on == AFTER_CLOSING
    entry = entries(events.REGISTER_CONCLUDE)[-1]
    assert entry.facts == '{"received":3}'
    assert (entry.role, entry.actor) == ("officer", staff("officer").handle)


def test_a_round_that_received_nothing_can_be_concluded(app: Flask) -> None:
    open_round("WS-27")
    conclude_round("WS-27", staff("officer"))
    assert [r.concluded_on for r in rows(Register)] == [None, AFTER_CLOSING]


def test_the_gate_names_every_missing_number() -> None:
    answer([2])
    with refused("promises_unanswered") as errors:
        conclude()
    assert errors[0].parameters == {"numbers": [1, 3], "count": 2}


@on_one_database
@pytest.mark.parametrize("day", [DUE, DUE.replace(month=12), DUE.replace(year=2030)])
def test_an_overdue_answer_is_missing_as_much_as_one_in_time(day: object) -> None:
    answer([1, 2])
    with clock.freeze(day), refused("promises_unanswered"):  # type: ignore[arg-type]
        conclude()


def test_an_answer_that_is_written_or_approved_is_not_given_yet() -> None:
    answer([1])
    draft_answer([2])
    answer([3], release=False)
    with refused("promises_unanswered") as errors:
        conclude()
    assert errors[0].parameters["numbers"] == [2, 3]


def test_everything_in_the_way_is_told_at_once() -> None:
    with (
        clock.freeze(AFTER_CLOSING.replace(month=10, day=31)),
        refused("promises_unanswered", "round_still_open"),
    ):
        conclude()


def test_a_round_is_concluded_once() -> None:
    answer([1, 2, 3])
    conclude()
    with refused("already_concluded"):
        conclude()


def test_a_reconsideration_opened_before_holds_the_gate_and_one_opened_later_does_not_open_it_again() -> None:
    with clock.freeze(AFTER_CLOSING):
        receipt_code = _submitted_with_code()
    answer([1, 2, 3, 4])
    reconsider(receipt_code, "You misread me.", "en")
    with refused("promises_unanswered") as errors:
        conclude()
    assert errors[0].parameters["numbers"] == [5]
    answer([5])
    conclude()


def _submitted_with_code() -> str:
    """The code of one more comment, sent while the round was open."""
    with clock.freeze(AFTER_CLOSING.replace(month=10, day=1)):
        return submit_comment("Comment 4").code


def test_after_conclusion_only_a_reconsideration_is_opened() -> None:
    code = _submitted_with_code()
    answer([1, 2, 3, 4])
    conclude()
    with refused("register_concluded"):
        receive_late()
    assert reconsider(code, "You misread me.", "en") == 5
    assert rows(Register)[0].concluded_on == AFTER_CLOSING
    late = promise(5)
    assert (late.kind, late.answered_on, late.opened_on) == ("reconsideration", None, AFTER_CLOSING)
    answer([5])
    assert promise(5).answered_on == AFTER_CLOSING
    assert rows(Register)[0].concluded_on == AFTER_CLOSING


def test_after_conclusion_answers_can_still_be_corrected() -> None:
    reply_id = answer([1, 2, 3])
    conclude()
    replies.correct_reply(reply_id, staff("officer"))


def test_a_conclusion_that_breaks_in_the_middle_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    answer([1, 2, 3])
    before = everything()

    def broken(*_arguments: object, **_choices: object) -> list[str]:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "append", broken)
    with pytest.raises(OSError, match="disk full"):
        conclude()
    assert everything() == before


# Two connections ---------------------------------------------------------------------------------------------


def test_a_promise_that_is_being_opened_is_waited_for_and_keeps_the_gate_shut(app: Flask) -> None:
    answer([1, 2, 3])
    opened, concluding = threading.Event(), threading.Event()

    def open_slowly() -> None:
        with write() as session:
            found, register = lock_round(session, CODE)
            receive(session, found, register, [comment("Just in time", channel="paper")], audit.SYSTEM)
            opened.set()
            concluding.wait(20)
            time.sleep(0.2)  # the other one is waiting for us now

    def conclude_meanwhile() -> None:
        opened.wait(20)
        concluding.set()
        conclude()

    outcomes = at_once(app, [open_slowly, conclude_meanwhile])
    assert outcomes[0] is None
    assert isinstance(outcomes[1], DomainError)
    assert outcomes[1].parameters["numbers"] == [4]
    assert rows(Register)[0].concluded_on is None


def test_a_conclusion_under_way_is_waited_for_and_shuts_out_what_comes_later(app: Flask) -> None:
    answer([1, 2, 3])
    concluded, opening = threading.Event(), threading.Event()

    def conclude_slowly() -> None:
        with write() as session:
            gate.conclude(session, lock_register(session, register_id()), staff("officer"))
            concluded.set()
            opening.wait(20)
            time.sleep(0.2)

    def open_meanwhile() -> None:
        concluded.wait(20)
        opening.set()
        receive_late()

    outcomes = at_once(app, [conclude_slowly, open_meanwhile])
    assert outcomes[0] is None
    assert isinstance(outcomes[1], DomainError)
    assert outcomes[1].code == "register_concluded"
    assert len(rows(Submission)) == len(rows(Promise)) == 3


def test_whatever_the_order_no_promise_slips_through(app: Flask) -> None:
    answer([1, 2, 3])
    outcomes = at_once(app, [receive_late, conclude, receive_late, conclude, receive_late, receive_late])
    register = rows(Register)[0]
    unanswered = [p.number for p in rows(Promise) if p.answered_on is None]
    assert register.last_number == len(rows(Promise)) == len(rows(Submission))
    assert [p.number for p in rows(Promise)] == list(range(1, register.last_number + 1))
    if register.concluded_on:
        assert unanswered == []
        assert outcomes.count(None) == 1
    else:
        assert len(unanswered) == 4
    assert all(outcome is None or isinstance(outcome, int | DomainError) for outcome in outcomes)


def test_of_many_who_conclude_at_once_one_does(app: Flask) -> None:
    answer([1, 2, 3])
    outcomes = at_once(app, [conclude] * 4)
    assert outcomes.count(None) == 1
    assert len(entries(events.REGISTER_CONCLUDE)) == 1


def test_an_extension_does_not_open_the_gate() -> None:
    answer([1, 2])
    extend_due_day(register_id(), [3], DUE.replace(month=6), "en", "The survey is late.", staff("officer"))
    with refused("promises_unanswered"):
        conclude()
