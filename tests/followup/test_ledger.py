"""What the city owes: received = answered + open + overdue, on every day and in every register."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from accounts.queries import department_id_of
from consult.services.submissions import reconsider
from core import clock
from core.db import db
from core.errors import NotFound
from followup.queries import ledger as queries
from followup.queries.ledger import Answers, Ledger, Totals
from followup.services.promises import extend_due_day, pass_on
from tests.city import (
    AFTER_CLOSING,
    DUE,
    MATTER,
    answer,
    found_city,
    meet_steps,
    open_round,
    owe_steps,
    register_id,
    staff,
    submit_comment,
)


@pytest.fixture(autouse=True)
def _city(app: Flask) -> None:
    found_city()
    open_round()


def look(day: date | None = None, code: str | None = None) -> Ledger:
    db.session.rollback()
    return queries.ledger(db.session(), register_id(code) if code else None, day)


def test_an_empty_ledger_owes_nothing_and_divides_by_nothing() -> None:
    found = look()
    assert found.totals == Totals()
    assert found.answers == Answers()
    assert found.noted_share is None
    assert found.registers == ()


def test_what_was_received_is_answered_open_or_overdue() -> None:
    for n in range(5):
        submit_comment(f"Comment {n}")
    answer([2, 4])
    on_the_day = look(DUE).totals
    assert (on_the_day.received, on_the_day.answered, on_the_day.open, on_the_day.overdue) == (5, 2, 3, 0)
    a_day_later = look(DUE + timedelta(days=1)).totals
    assert (a_day_later.open, a_day_later.overdue, a_day_later.long_overdue) == (0, 3, 0)


def test_long_overdue_begins_after_thirty_days_and_stays_overdue() -> None:
    submit_comment()
    assert look(DUE + timedelta(days=29)).totals.long_overdue == 0
    late = look(DUE + timedelta(days=30)).totals
    assert (late.overdue, late.long_overdue) == (1, 1)


def test_the_same_text_twice_is_one_text_and_makes_one_group() -> None:
    for n in range(6):
        submit_comment(f"Comment {n}")
    answer([1, 2, 3], reason="We keep this in mind.")
    answer([4], reason="We keep  this in MIND.")
    answer([5], outcome="accepted", reason="Yes, from May on.")
    found = look()
    assert found.answers == Answers(distinct_texts=2, largest_group=4, noted=4, answered_by_reply=5)
    assert found.noted_share == 0.8


def test_the_median_counts_the_days_from_opening_to_answer() -> None:
    for n in range(3):
        submit_comment(f"Comment {n}")
    with clock.freeze(clock.today() + timedelta(days=10)):
        answer([1])
    with clock.freeze(clock.today() + timedelta(days=20)):
        answer([2])
    assert look().totals.median_days == 15.0


def test_a_department_owes_what_was_passed_on_to_it() -> None:
    for n in range(3):
        submit_comment(f"Comment {n}", measure="3")
    pass_on(register_id(), [2], department_id_of("housing"), staff("officer"))
    assert {line.key: line.totals.received for line in look().departments} == {"integration": 2, "housing": 1}


def test_one_register_is_counted_by_itself() -> None:
    open_round("NB-27")
    submit_comment("Here")
    submit_comment("There", code="NB-27")
    submit_comment("And there", code="NB-27")
    assert look(code="NB-27").totals.received == 2
    assert look().totals.received == 3
    assert {line.code: line.totals.received for line in look().registers} == {"AS-27": 1, "NB-27": 2}


def test_every_late_item_is_listed_with_its_number_and_since_when() -> None:
    submit_comment("First")
    submit_comment("Second")
    answer([1])
    late = queries.overdue(db.session(), today=DUE + timedelta(days=31))
    assert [(item.code, item.number, item.since, item.days_late, item.long) for item in late] == [
        ("AS-27", 2, DUE + timedelta(days=1), 31, True)
    ]


def test_late_items_come_page_by_page_without_gap_or_repetition() -> None:
    for n in range(7):
        submit_comment(f"Comment {n}")
    day, seen = DUE + timedelta(days=1), list[int]()
    page = queries.overdue(db.session(), today=day, limit=3)
    while page:
        seen += [item.number for item in page]
        page = queries.overdue(db.session(), today=day, limit=3, after=page[-1].place)
    assert seen == [1, 2, 3, 4, 5, 6, 7]


def test_an_extension_is_listed_once_for_all_its_numbers() -> None:
    for n in range(4):
        submit_comment(f"Comment {n}")
    later = DUE + timedelta(days=14)
    extend_due_day(register_id(), [1, 2, 4], later, "en", "The expert is ill.", staff("officer"))
    found = queries.extensions(db.session())
    assert [(one.runs, one.count, one.due_before, one.due_on) for one in found] == [
        (((1, 2), (4, 4)), 3, DUE, later)
    ]
    assert found[0].reason.best("en").text == "The expert is ill."
    assert look(DUE + timedelta(days=1)).totals.overdue == 1


def test_a_second_look_is_owed_beside_the_first_answer() -> None:
    receipt = submit_comment()
    answer([1])
    reconsider(receipt.code, "That is not what I meant.", "en")
    assert (look().totals.received, look().totals.answered, look().totals.open) == (2, 1, 1)


def test_steps_are_counted_and_do_not_thin_out_what_was_noted() -> None:
    for n in range(2):
        submit_comment(f"Comment {n}")
    answer([1])
    answer([2], outcome="accepted", reason="Yes, from May on.")
    owe_steps(1, 2, 3, department="housing")
    meet_steps(1, 2)
    found = look(DUE + timedelta(days=1))
    assert (found.totals.received, found.totals.answered, found.totals.overdue) == (5, 4, 1)
    assert found.answers == Answers(distinct_texts=2, largest_group=1, noted=1, answered_by_reply=2)
    assert found.noted_share == 0.5
    assert {line.key: line.totals.overdue for line in found.departments}["housing"] == 1
    late = queries.overdue(db.session(), today=DUE + timedelta(days=1))
    assert [(item.number, item.promise_kind, item.subject_kind) for item in late] == [(5, "step", MATTER)]


def test_lateness_is_told_once_for_each_register_and_day() -> None:
    submit_comment("First")
    submit_comment("Second")
    found = queries.latenesses(db.session(), today=AFTER_CLOSING)
    assert found == []
    found = queries.latenesses(db.session(), today=DUE + timedelta(days=1))
    assert [(one.code, one.due_on, one.count) for one in found] == [("AS-27", DUE, 2)]


def test_an_unknown_register_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.register_id_of(db.session(), "XX-99")
