"""Changing, committing and deleting the roll: two persons, a public log by number, and nothing left at the end."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import text

from accounts.rules import RoleName
from app.cli import main
from core import clock, keys
from core import settings as core_settings
from core.db import db
from elections.eligibility.checklists import Verdict
from elections.models.roll import Registration, Roll, RollCommit, RollCorrection, RollEntry
from elections.rules.roll import Change, Ground, roll_hash
from elections.rules.stages import ActKind, Stage
from elections.services import acts
from elections.services.roll import registrations
from elections.services.roll.deletion import delete_due_rolls, delete_roll
from elections.services.roll.imports import import_roll
from elections.services.roll.seals import Person, Seals, key_name
from followup.models import Promise
from followup.services.receipts import Receipt
from tests.accounts.browsers import Browser
from tests.city import everything, found_city, refused, rows, staff
from tests.elections.city import CODE, act, bring_to, election, found_council, prepare_election
from tests.elections.registers import mapping, person, table

RETURNING, BOARD = [RoleName.RETURNING_OFFICER], [RoleName.ELECTION_BOARD]
MARIAM = Person("Mariam Canaryname", "Canarystraße 7", "04109", "Lindhafen", "ar")
DELETED = date(2028, 12, 1)


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    keys.destroy(key_name(CODE))
    found_city()
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)


def bring_in(*people: dict[str, str]) -> None:
    import_roll(CODE, table(people), "register.csv", mapping(), staff("returning_officer"))


def ask(someone: Person = MARIAM, form_key: str = "") -> Receipt:
    return registrations.register_person(CODE, form_key or secrets.token_hex(16), someone)


def see(number: int, verdict: Verdict = Verdict.MET) -> None:
    registrations.see_evidence(CODE, number, "in_person", verdict, staff("returning_officer"))


def change(*changes: Change) -> int:
    """Propose and confirm a correction."""
    proposed = registrations.propose_change(CODE, changes, "Checked.", staff("returning_officer"), RETURNING)
    acts.confirm_act(proposed, staff("election_board"), BOARD)
    return proposed


def log() -> list[tuple[int, int, str, str]]:
    return [(line.number, line.roll_number, line.kind, line.ground) for line in rows(RollCorrection)]


# Asking to be on the roll --------------------------------------------------------------------------------------------


def test_whoever_asks_gets_a_receipt_and_the_same_one_again() -> None:
    key = secrets.token_hex(16)
    first, again = ask(form_key=key), ask(form_key=key)
    assert (first.number, first.code, again.repeated) == (again.number, again.code, True)
    promise = rows(Promise)[0]
    assert (promise.subject_kind, promise.due_on > clock.today()) == ("elections.registration", True)
    stored = rows(Registration)[0]
    assert b"Canary" not in (stored.sealed or b"")
    assert registrations.opened(CODE, stored.sealed) == MARIAM


def test_what_is_missing_is_told_together_and_the_days_hold() -> None:
    with refused("person_name_missing", "person_street_missing", "person_postcode_missing"):
        ask(Person("", "", ""))
    with refused("person_too_long"):
        ask(Person("x" * 201, "y", "z"))
    with clock.freeze(date(2028, 3, 18)), refused("registering_closed"):
        ask()
    bring_to(Stage.READY)
    with refused("registering_closed"):
        ask()


def test_two_persons_put_somebody_on_the_roll_after_an_officer_saw_the_evidence() -> None:
    bring_in(person(1))
    receipt = ask()
    bring_to(Stage.ROLL)
    with refused("registration_not_ready"):
        change(Change(registration=receipt.number))
    see(receipt.number)
    change(Change(registration=receipt.number))
    assert log() == [(1, 2, "added", "evidence")]
    entry = rows(RollEntry)[-1]
    assert (entry.number, entry.verdict, entry.method) == (2, "met", "evidence")
    assert entry.officer_id == staff("returning_officer").account_id
    assert [
        found.number
        for found in registrations.find_people(CODE, "mariam CANARYNAME", "Canarystr. 7", "04109")
    ] == [2]
    with refused("registration_decided"):
        see(receipt.number)


def test_somebody_whose_facts_were_not_known_is_mended_and_keeps_the_number() -> None:
    bring_in(
        person(1, Vorname="Mariam", Nachname="Canaryname", Anschrift=MARIAM.street, PLZ="04109", Einzug="")
    )
    receipt = ask()
    see(receipt.number)
    bring_to(Stage.ROLL)
    change(Change(registration=receipt.number))
    assert log() == [(1, 1, "mended", "evidence")]
    assert [entry.verdict for entry in rows(RollEntry)] == ["met"]


def test_a_refusal_changes_nothing_on_the_roll() -> None:
    receipt = ask()
    see(receipt.number, Verdict.NOT_MET)
    assert rows(Registration)[0].decided_on == clock.today()
    assert rows(RollEntry) == []


def test_the_chain_is_whole_and_the_ledger_counts_whoever_asked(app: Flask) -> None:
    bring_in(person(1))
    receipt = ask()
    see(receipt.number)
    shown = CliRunner().invoke(main, ["audit", "verify"], obj=ScriptInfo(create_app=lambda: app))
    assert f"sound      register:{CODE}:" in shown.output
    assert Browser(app).get("/ledger/").status_code == 200


# Corrections and the commitment --------------------------------------------------------------------------------------


def test_a_correction_is_proposed_by_one_and_made_by_another() -> None:
    bring_in(person(1), person(2))
    bring_to(Stage.ROLL)
    struck = [Change(strike=1, ground=Ground.MOVED_AWAY)]
    proposed = registrations.propose_change(CODE, struck, "Moved.", staff("returning_officer"), RETURNING)
    with refused("act_second_person"):
        acts.confirm_act(proposed, staff("returning_officer"), RETURNING)
    assert log() == []
    acts.confirm_act(proposed, staff("other returning_officer"), RETURNING)
    assert log() == [(1, 1, "struck", "moved_away")]
    with refused("roll_number_unknown"):
        change(Change(strike=1, ground=Ground.DIED))


@pytest.mark.parametrize(
    "changes",
    [None, [], [{}], [{"strike": 1}], [{"strike": 1, "ground": "evidence"}], [{"registration": "1"}], ["1"],
     [{"strike": 9, "ground": "died"}], [{"registration": 1, "name": "Canary"}]],
)  # fmt: skip
def test_a_proposal_that_names_no_possible_change_is_refused(changes: object) -> None:
    bring_in(person(1))
    bring_to(Stage.ROLL)
    with refused("missing_roll_changes"):
        act(ActKind.CHANGE_ROLL, changes=changes)


def test_the_roll_is_opened_and_committed_only_when_it_is_there_and_everybody_is_decided_on() -> None:
    bring_to(Stage.CANDIDATES)
    with refused("missing_roll_imported"):
        act(ActKind.OPEN_ROLL)
    bring_in(person(1), person(2), person(3, Einzug="01.03.2028"))
    act(ActKind.OPEN_ROLL)
    receipt = ask()
    with refused("missing_registrations_decided"):
        act(ActKind.COMMIT_ROLL)
    see(receipt.number, Verdict.NOT_MET)
    act(ActKind.COMMIT_ROLL)
    commit = rows(RollCommit)[0]
    assert (commit.people, len(commit.roll_hash)) == (2, 64)
    change(
        Change(
            strike=next(entry.number for entry in rows(RollEntry) if entry.verdict == "met"),
            ground=Ground.DIED,
        )
    )
    first, second = rows(RollCommit)
    assert (second.number, second.people) == (2, 1)
    assert second.roll_hash != first.roll_hash
    assert election().stage == Stage.READY


def test_the_hash_is_the_same_whatever_the_order_of_rows() -> None:
    leaves = [(number, bytes([number]) * 32) for number in range(1, 20)]
    assert roll_hash(leaves) == roll_hash(reversed(leaves))
    assert roll_hash(leaves) != roll_hash(leaves[:-1])


# Deletion ------------------------------------------------------------------------------------------------------------


def test_the_roll_is_kept_until_nobody_can_object_any_more() -> None:
    bring_in(person(1))
    bring_to(Stage.CLOSED)
    with clock.freeze(DELETED), refused("roll_still_needed"):
        delete_roll(CODE, staff("returning_officer"))
    bring_to(Stage.PUBLISHED)
    with refused("roll_kept_until"):
        delete_roll(CODE, staff("returning_officer"))
    assert delete_due_rolls() == []
    with clock.freeze(DELETED):
        assert delete_due_rolls() == [CODE]
        assert delete_due_rolls() == []
    assert rows(RollEntry) == []
    assert rows(Roll)[0].deleted_on == DELETED
    assert not keys.exists(key_name(CODE))


def test_as_long_as_an_answer_is_owed_the_roll_is_kept() -> None:
    bring_in(person(1))
    ask()
    bring_to(Stage.PUBLISHED)
    with clock.freeze(DELETED), refused("roll_unanswered"):
        delete_roll(CODE, staff("returning_officer"))


CANARIES = ("QZNATIONALITYQ", "QZPASSPORTQ", "17.05.1977", "1977-05-17", "QZSTATUSQ", "QZNAMEQ", "QZSTREETQ")
"""Planted in a register: what must be nowhere right after the import, names included, since they are sealed."""


def test_nothing_of_what_could_hurt_people_is_anywhere_after_import_and_nothing_at_all_after_deletion(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bring_in(
        person(
            1, Vorname="QZNAMEQ", Anschrift="QZSTREETQ 1", Geburtsdatum="17.05.1977", Passnummer="QZPASSPORTQ",
            **{"Staat 1": "QZNATIONALITYQ"},
        ),
        person(2),
    )  # fmt: skip
    with refused("cell_not_understood", "cell_not_a_day") as errors:
        bring_in(person(3, Sperre="QZSTATUSQ", Geburtsdatum="17.05.1977x"))
    bring_to(Stage.ROLL)
    change(Change(strike=2, ground=Ground.MOVED_AWAY))
    sealed = [entry.sealed for entry in rows(RollEntry)] + [entry.person_digest for entry in rows(RollEntry)]
    secret = keys.unremembered(key_name(CODE)).hex().encode()
    told = repr([error.parameters for error in errors])
    everywhere = [*_everywhere(app), caplog.text.encode(), told.encode()]
    for data in chain(everywhere, _of_the_server()):
        assert [canary for canary in CANARIES if canary.encode() in data] == []
    for value in (*sealed, secret):
        assert any(value in data for data in everywhere)  # the search finds what is there
    act(ActKind.COMMIT_ROLL)
    published = rows(RollCommit)[0].roll_hash
    bring_to(Stage.PUBLISHED)
    with clock.freeze(DELETED):
        delete_roll(CODE, staff("returning_officer"))
    everywhere = [*_everywhere(app), caplog.text.encode()]
    for value in (*sealed, secret):
        assert not any(value in data for data in everywhere)
    assert rows(RollCommit)[0].roll_hash == published
    assert log() == [(1, 2, "struck", "moved_away")]
    assert Seals(CODE) is not None  # a new key opens nothing
    assert registrations.opened(CODE, sealed[0]) is None
    keys.destroy(key_name(CODE))


def _everywhere(app: Flask) -> list[bytes]:
    """The raw bytes of all that the application keeps: the database's files and every file in its folder."""
    db.session.remove()
    folder = core_settings.current().folder
    kept = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        files = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]
        return [*kept, *(file.read_bytes() for file in files if file.exists())]
    with app.app_context():
        return [*kept, repr(everything()).encode(), _bytes_of_rows()]


def _of_the_server() -> Iterator[bytes]:
    """Every file of a PostgreSQL server, its write-ahead log and its own log included."""
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
        folder = Path(connection.scalar(text("SHOW data_directory")))
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def _bytes_of_rows() -> bytes:
    """What the columns of bytes hold: ``repr`` would write them otherwise."""
    values = [entry.sealed + entry.person_digest for entry in rows(RollEntry)]
    return b"".join([*values, *(asked.sealed or b"" for asked in rows(Registration))])
