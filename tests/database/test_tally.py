"""The tally that the triggers keep is always what counting the rows would give."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from flask import Flask

from consult.services.submissions import reconsider
from core import clock
from core.db import db
from core.errors import DomainError
from followup.rules import ReplyText
from followup.services import promises, replies
from tests.database.procedure import Procedure, open_procedure, refused, sql, sqlite

Standing = tuple[int, int, str, int]


def tally() -> Counter[Standing]:
    """Counts by register, department, due day and days taken, as the triggers keep them."""
    rows = sql("SELECT register_id, department_id, due_on, days_taken, count FROM followup_tally").all()
    db.session.rollback()
    assert all(row.count > 0 for row in rows), "what has gone leaves no row behind"
    return Counter({(row[0], row[1], str(row.due_on), row.days_taken): row[4] for row in rows})


def recount() -> Counter[Standing]:
    """The same, counted from the promises."""
    rows = sql(
        "SELECT register_id, department_id, due_on, opened_on, answered_on FROM followup_promise"
    ).all()
    db.session.rollback()

    def days(row: object) -> int:
        opened_on, answered_on = (date.fromisoformat(str(day)) if day else None for day in row[3:])  # type: ignore[index]
        return (answered_on - opened_on).days if answered_on and opened_on else -1

    return Counter((row[0], row[1], str(row.due_on), days(row)) for row in rows)


def counted_replies() -> list[tuple[int, int]]:
    """For every reply the number of promises it answers: kept, and counted."""
    rows = sql(
        "SELECT answered_count, (SELECT count(*) FROM followup_promise"
        " WHERE reply_id = followup_reply.id AND answered_on IS NOT NULL) FROM followup_reply"
    ).all()
    db.session.rollback()
    return [(row[0], row[1]) for row in rows]


class Office:
    """People who do at random whatever the procedure lets them do."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.rounds = [open_procedure("AS-27"), open_procedure("BS-27")]
        self.codes: list[str] = []

    def act(self) -> None:
        procedure = self.random.choice(self.rounds)
        ways = (
            self.submit,
            self.receive,
            self.answer,
            self.publish,
            self.pass_on,
            self.extend,
            self.discard,
            self.ask,
        )
        try:
            self.random.choice(ways)(procedure)
        except DomainError:
            db.session.rollback()  # not possible just now

    def some(self, procedure: Procedure, condition: str) -> list[int]:
        """One to five numbers of promises that fulfil ``condition``, or none if none does."""
        numbers = sql(
            f"SELECT number FROM followup_promise WHERE register_id = :register AND {condition} ORDER BY number",
            register=procedure.register_id,
        ).scalars()
        found = list(numbers)
        db.session.rollback()
        return self.random.sample(found, min(len(found), self.random.randint(1, 5)))

    def submit(self, procedure: Procedure) -> None:
        self.codes.append(procedure.submit(f"Comment {self.random.random()}").code)

    def receive(self, procedure: Procedure) -> None:
        procedure.receive([f"Letter {number}" for number in range(self.random.randint(1, 8))])

    def answer(self, procedure: Procedure) -> None:
        reply_id = procedure.draft(*self.some(procedure, "reply_id IS NULL"))
        if self.random.random() < 0.7:
            procedure.approve(reply_id)

    def publish(self, procedure: Procedure) -> None:
        procedure.publish()

    def pass_on(self, procedure: Procedure) -> None:
        numbers = self.some(procedure, "reply_id IS NULL")
        department = self.random.choice(procedure.departments)
        promises.pass_on(procedure.register_id, numbers, department, procedure.officer)

    def extend(self, procedure: Procedure) -> None:
        numbers = self.some(procedure, "extended_on IS NULL AND answered_on IS NULL")
        day = date(2028, 1, 2) + timedelta(days=self.random.randint(1, 3))
        promises.extend_due_day(
            procedure.register_id, numbers, day, "en", "We ask experts.", procedure.officer
        )

    def discard(self, procedure: Procedure) -> None:
        text = ReplyText("", "en", {"en": "Perhaps"})
        numbers = self.some(procedure, "reply_id IS NULL")
        reply_id = replies.write_answer(procedure.register_id, numbers, text, procedure.officer)
        replies.discard_answer(reply_id, 1, procedure.officer)

    def ask(self, _procedure: Procedure) -> None:
        if self.codes:
            reconsider(self.random.choice(self.codes), "You misread me.", "en")


@pytest.mark.parametrize("seed", [1, 2])
def test_after_anything_people_do_the_tally_equals_a_recount(app: Flask, seed: int) -> None:
    office = Office(seed)
    for day in range(60):
        with clock.freeze(clock.today() + timedelta(days=day // 4)):
            office.act()
        assert tally() == recount()
    assert all(kept == counted for kept, counted in counted_replies())
    assert {days for *_rest, days in tally()} > {-1}, "some were answered, some were not"


def test_one_statement_over_many_rows_moves_each_of_them(app: Flask) -> None:
    procedure = open_procedure()
    procedure.receive([f"Letter {number}" for number in range(30)])
    procedure.approve(procedure.draft(*range(1, 21)))
    sql(
        "UPDATE followup_promise SET due_on = CASE WHEN number % 2 = 0 THEN opened_on ELSE due_on END,"
        " department_id = CASE WHEN number % 3 = 0 THEN :other ELSE department_id END",
        other=procedure.departments[1],
    )
    db.session.commit()
    assert tally() == recount()
    assert len(tally()) == 4
    with clock.freeze(date(2027, 9, 20)):
        assert procedure.publish() == 20
    assert tally() == recount()
    assert counted_replies() == [(20, 20)]


def test_what_is_undone_is_not_counted(app: Flask) -> None:
    procedure = open_procedure()
    procedure.submit()
    before = tally()
    with refused("followup_promise_register_id_number" if not sqlite() else "never replaced"):
        sql(
            "INSERT INTO followup_promise (register_id, number, kind, subject_kind, subject_id, department_id, opened_on,"
            " due_on, extension_reason) SELECT register_id, number, kind, 'test', 9, department_id, opened_on, due_on,"
            " extension_reason FROM followup_promise"
        )
    assert tally() == before == recount()


def test_the_way_a_statement_handles_conflicts_does_not_reach_the_tally(app: Flask) -> None:
    """In SQLite the outer statement's conflict clause rules inside its triggers, too."""
    if not sqlite():
        return
    procedure = open_procedure()
    procedure.submit()
    for number, clause in enumerate(("OR IGNORE", "OR REPLACE", "OR FAIL", "OR ABORT"), start=50):
        sql(
            f"INSERT {clause} INTO followup_promise (register_id, number, kind, subject_kind, subject_id, department_id,"
            " opened_on, due_on, extension_reason) SELECT register_id, :number, kind, 'test', :number, department_id,"
            " opened_on, due_on, extension_reason FROM followup_promise WHERE number = 1",
            number=number,
        )
        sql(
            f"UPDATE {clause} followup_promise SET due_on = '2028-03-03' WHERE number = :number",
            number=number,
        )
    db.session.commit()
    assert tally() == recount()
    assert sum(tally().values()) == 5
