"""One way to write: kept together or not at all, and the same on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import literal, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from accounts.models import Account, Department
from core.db import LocalizedText, UtcDateTime, db, insert_rows, reserve_ids, write
from core.localized import Localized
from core.outbox import OutboxItem
from followup.models import Register
from tests.city import at_once, everything, found_city, fresh, rows


def add_register(code: str) -> None:
    with write() as session:
        session.add(Register(code=code, kind="test"))


def codes() -> list[str]:
    return [register.code for register in rows(Register)]


def test_what_is_written_together_is_kept_together(app: Flask) -> None:
    with write() as session:
        session.add(Register(code="A-27", kind="test"))
        session.add(Register(code="B-27", kind="test"))
    assert codes() == ["A-27", "B-27"]


@pytest.mark.parametrize("flushed", [True, False])
def test_an_error_in_the_middle_leaves_no_trace(app: Flask, flushed: bool) -> None:
    before = everything()
    with pytest.raises(ZeroDivisionError), write() as session:
        session.add(Register(code="A-27", kind="test"))
        if flushed:
            session.flush()
        1 / 0  # noqa: B018
    assert everything() == before


def test_an_interruption_leaves_no_trace_either(app: Flask) -> None:
    with pytest.raises(KeyboardInterrupt), write() as session:
        session.add(Register(code="A-27", kind="test"))
        session.flush()
        raise KeyboardInterrupt
    assert codes() == []


def test_a_refusal_by_the_database_leaves_no_trace_and_the_next_verb_works(app: Flask) -> None:
    add_register("A-27")
    with pytest.raises(IntegrityError):
        add_register("A-27")
    add_register("B-27")
    assert codes() == ["A-27", "B-27"]


def test_a_refusal_at_commit_is_told_too(app: Flask) -> None:
    with pytest.raises(IntegrityError), write() as session:
        session.add(Register(code="A-27", kind="test"))
        session.add(Register(code="A-27", kind="test"))
    assert codes() == []


def test_a_verb_inside_a_verb_is_refused_and_breaks_the_outer_one(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="one transaction per verb"), write() as session:
        session.add(Register(code="A-27", kind="test"))
        add_register("B-27")
    assert codes() == []
    add_register("C-27")
    assert codes() == ["C-27"]


def test_a_verb_decides_on_what_is_there_now_and_not_on_what_the_page_had_read(app: Flask) -> None:
    add_register("A-27")
    seen = db.session.scalars(select(Register)).one()
    assert seen.last_number == 0

    def meanwhile() -> None:
        with write() as session:
            session.scalars(select(Register)).one().last_number = 7

    assert at_once(app, [meanwhile]) == [None]
    with write() as session:
        assert session.scalars(select(Register)).one().last_number == 7
        assert seen.last_number == 7


def test_what_was_begun_before_a_verb_is_not_kept_by_it(app: Flask) -> None:
    db.session.add(Register(code="stray", kind="test"))
    db.session.flush()
    add_register("A-27")
    assert codes() == ["A-27"]


def test_sixteen_counters_at_once_lose_no_count(app: Flask) -> None:
    add_register("A-27")

    def count() -> None:
        for _ in range(5):
            with write() as session:
                session.scalars(select(Register).with_for_update()).one().last_number += 1

    assert at_once(app, [count] * 16) == [None] * 16
    assert rows(Register)[0].last_number == 80


def test_a_page_never_waits_for_a_writer(app: Flask) -> None:
    add_register("A-27")
    writing, read = threading.Event(), threading.Event()

    def writer() -> bool:
        with write() as session:
            session.add(Register(code="B-27", kind="test"))
            session.flush()
            writing.set()
            return read.wait(20)

    def reader() -> list[str]:
        writing.wait(20)
        found = list(db.session.scalars(select(Register.code)))
        read.set()
        return found

    assert at_once(app, [writer, reader]) == [True, ["A-27"]]


def test_references_are_enforced(app: Flask) -> None:
    found_city()
    with pytest.raises(IntegrityError), write() as session:
        session.scalars(select(Account)).all()[0].department_id = 999


def test_the_embedded_database_runs_in_the_modes_of_the_design(sqlite_app: Flask) -> None:
    def pragma(name: str) -> object:
        return db.session.execute(text(f"PRAGMA {name}")).scalar()

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2, "FULL: a receipt never outlives its row"
    assert pragma("foreign_keys") == 1
    assert pragma("recursive_triggers") == 1
    assert pragma("secure_delete") == 1
    assert pragma("trusted_schema") == 0
    assert int(str(pragma("busy_timeout"))) >= 5000


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 9, 14, 10, 30, 15, 123456, tzinfo=UTC),
        datetime(2027, 9, 14, 23, 30, tzinfo=timezone(timedelta(hours=-5))),
        datetime(1999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ],
)
def test_a_moment_comes_back_as_itself_in_utc(app: Flask, moment: datetime) -> None:
    with write() as session:
        session.add(OutboxItem(kind="test", payload={}, due=moment))
    kept = rows(OutboxItem)[0].due
    assert kept == moment
    assert kept.tzinfo is UTC


def test_a_moment_without_time_zone_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="without time zone"), write() as session:
        session.add(OutboxItem(kind="test", payload={}, due=datetime(2027, 9, 14)))  # noqa: DTZ001
        session.flush()


def test_no_moment_is_nothing(app: Flask) -> None:
    assert db.session.scalar(select(literal(None, UtcDateTime()))) is None


@pytest.mark.parametrize(
    "name",
    [Localized(), Localized.of({"de": "Wohnungsamt", "ar": "مكتب الإسكان", "en": 'a "b" \\ {c}'}, "de")],
    ids=["empty", "three languages"],
)
def test_a_text_in_several_languages_comes_back_as_itself(app: Flask, name: Localized) -> None:
    with write() as session:
        session.add(Department(key="housing", name=name))
    assert rows(Department)[0].name == name


def test_an_empty_text_is_an_empty_object_and_never_null(app: Flask) -> None:
    with write() as session:
        session.add(Department(key="housing", name=Localized()))
    assert db.session.scalar(text("SELECT count(*) FROM accounts_department WHERE name IS NULL")) == 0
    assert LocalizedText().process_bind_param(None, db.engine.dialect) == {}


def test_rows_are_inserted_with_the_keys_that_were_reserved(app: Flask) -> None:
    add_register("A-27")
    with write() as session:
        ids = list(reserve_ids(session, Register, 3))
        new = [
            {"id": id, "code": f"N-{id}", "kind": "test", "last_number": 0, "concluded_on": None}
            for id in ids
        ]
        insert_rows(session, Register, new)
        insert_rows(session, Register, [])
    add_register("Z-27")
    assert [register.id for register in rows(Register)] == [1, *ids, max(ids) + 1]
    assert len(set(ids)) == 3


def test_two_who_reserve_at_once_never_get_the_same_keys(app: Flask) -> None:
    def add() -> list[int]:
        with write() as session:
            ids = list(reserve_ids(session, Register, 10))
            insert_rows(
                session,
                Register,
                [
                    {"id": id, "code": f"N-{id}", "kind": "test", "last_number": 0, "concluded_on": None}
                    for id in ids
                ],
            )
            return ids

    reserved = [id for ids in at_once(app, [add] * 6) for id in ids]  # type: ignore[attr-defined]
    assert len(reserved) == len(set(reserved)) == 60
    assert len(rows(Register)) == 60


def test_days_are_days_on_both_databases(app: Flask) -> None:
    add_register("A-27")
    with write() as session:
        session.scalars(select(Register)).one().concluded_on = date(2027, 9, 14)
    fresh()
    assert db.session.scalars(select(Register.concluded_on)).one() == date(2027, 9, 14)
