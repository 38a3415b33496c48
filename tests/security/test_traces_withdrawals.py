"""What somebody withdraws is gone from the database's file and from its log in that moment, whatever room it came to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from core import clock, outbox, settings
from core.db import db
from core.traces import AGAIN
from elections.rules.deadlines import Step, read_timetable
from elections.rules.stages import Stage
from followup.jobs import forget_contacts
from followup.models import Contact
from tests.city import CODE as ROUND
from tests.city import answer, found_city, open_round, rows
from tests.conftest import TODAY
from tests.consult.resident import Resident
from tests.consult.test_resident_comment import code_of
from tests.council.city import KEY, call_for, sitting_council
from tests.elections.city import CODE, bring_to, election, found_council, prepare_election
from tests.motions.city import found_council_desk
from tests.security.test_traces import raw_bytes, run_outbox
from tests.security.test_traces_elections import send, withdraw

SECRET = "Canary words that somebody takes back"


def comment(resident: Resident) -> str:
    found_city()
    open_round()
    return code_of(resident.comment(SECRET, proposed_wording=SECRET, name=SECRET))


def application(resident: Resident) -> str:
    found_city()
    sitting_council()
    page = f"/council/{KEY}/calls/{call_for()}/"
    fields = {"name": SECRET, "organisation": SECRET, "text": SECRET}
    return code_of(send(resident, f"{page}apply", fields, page=page))


def objection(resident: Resident) -> str:
    found_city()
    found_council()
    prepare_election()
    bring_to(Stage.ROLL)
    with clock.freeze(read_timetable(election().timetable)[Step.ROLL_OPENS]):
        page = f"/elections/{CODE}/object/"
        return code_of(send(resident, page, {"ground": "other", "text": SECRET}, page=f"{page}?matter=roll"))


def suggestion(resident: Resident) -> str:
    found_city()
    found_council_desk()
    page = f"/council/{KEY}/suggest/"
    return code_of(send(resident, page, {"topic": "work", "name": SECRET, "text": SECRET}, page=page))


def places_of(secret: str, app: Flask) -> list[str]:
    db.session.remove()
    return [file for file, content in raw_bytes(app).items() if secret.encode() in content]


@pytest.mark.parametrize("sent", [comment, application, objection, suggestion])
def test_what_is_withdrawn_is_in_no_byte_of_the_database_any_more(
    sqlite_app: Flask, sent: Callable[[Resident], str]
) -> None:
    resident = Resident(sqlite_app)
    code = sent(resident)
    assert places_of(SECRET, sqlite_app), "the search finds what is there"
    withdraw(resident, code)
    assert places_of(SECRET, sqlite_app) == []


@pytest.fixture
def reader(sqlite_app: Flask) -> Iterator[sqlite3.Connection]:
    """Somebody who may read for as long as they like."""
    connection = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    yield connection
    connection.close()


def test_where_somebody_still_reads_the_log_is_cut_once_they_have_done(
    sqlite_app: Flask, reader: sqlite3.Connection
) -> None:
    resident = Resident(sqlite_app)
    code = comment(resident)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM consult_submission").fetchall()
    withdraw(resident, code)
    assert places_of(SECRET, sqlite_app), "the reader still sees it"
    waiting = [item for item in rows(outbox.OutboxItem) if item.kind == AGAIN]
    assert len(waiting) == 1
    run_outbox()
    assert rows(outbox.OutboxItem)[-1].done_at is None
    reader.execute("ROLLBACK")
    with clock.freeze(clock.now() + timedelta(hours=1)):
        run_outbox()
    assert places_of(SECRET, sqlite_app) == []
    assert all(item.done_at for item in rows(outbox.OutboxItem) if item.kind == AGAIN)


def test_an_address_is_in_no_byte_once_its_days_are_over(sqlite_app: Flask) -> None:
    found_city()
    open_round()
    Resident(sqlite_app).comment(SECRET, contact="canary@example.org")
    sealed = rows(Contact)[0].sealed.decode()
    answer([1], code=ROUND)
    assert places_of(sealed, sqlite_app)
    with clock.freeze(TODAY + timedelta(days=settings.current().contact_kept_days)):
        forget_contacts({})
    assert rows(Contact) == []
    assert places_of(sealed, sqlite_app) == []
