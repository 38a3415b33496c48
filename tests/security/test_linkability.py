"""Roll and urn: whoever has the database, its log, the backups, all files and an officer's account joins no voter to a ballot."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from core import keys, settings
from core.db import db, write
from elections.ballot import canonical
from elections.ballot.board import credential_key
from elections.models.roll import RollEntry
from elections.rules.stages import ActKind, Stage
from elections.services.roll.imports import import_roll
from elections.services.roll.seals import key_name
from tests.city import found_city, open_round, rows, staff
from tests.consult.resident import Resident
from tests.elections.boxes import stand
from tests.elections.city import CODE, act, bring_to, found_council, prepare_election
from tests.elections.registers import mapping, person, table
from tests.elections.voters import CANDIDATES, VOTING, at, town_on_the_roll
from tests.security.linking import PEOPLE, URN, Link, Row, Seen, find_links, see, without_urn
from tests.security.test_traces_roll import _database as database_files
from tests.security.walk import all_pages

WATCHING = (
    "elections_board_check",
    "elections_board_head",
    "elections_multiplication",
    "elections_observer",
    "elections_urn_trustee",
)
"""What is kept about a board as a whole: it leads to no credential, no event and nobody on the roll."""
VOTERS = 24
BALLOTS = f"/en/elections/{CODE}/ballots"


class City:
    """A town whose roll was imported, whose codes the authority made for it, and who votes in an order of its own."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        keys.destroy(key_name(CODE))
        found_city()
        open_round(closes_on=date(2028, 4, 30))
        found_council()
        prepare_election()
        stand(CANDIDATES)
        bring_to(Stage.CALLED)
        people = [person(number) for number in range(1, VOTERS + 1)]
        import_roll(CODE, table(people), "register.csv", mapping(), staff("returning_officer"))
        bring_to(Stage.READY)
        self.town, self.numbers = town_on_the_roll(folder)
        self.order = list(range(VOTERS))
        random.Random(20280314).shuffle(self.order)
        self.trackers: dict[int, str] = {}
        self.town.prepare()
        with at(VOTING):
            act(ActKind.OPEN_VOTING)

    def resident(self, voter: int) -> Resident:
        resident = Resident(self.app, address=f"203.0.113.{voter + 1}")
        resident.arguments["environ_overrides"] = {"HTTP_USER_AGENT": f"Phone/{voter + 1}.7"}  # type: ignore[assignment]
        return resident

    def vote(self, voter: int, *chosen: int) -> None:
        """As the booth does it, from the voter's own address."""
        ballot = self.town.ballot(voter, *chosen)
        resident = self.resident(voter)
        answer = resident.browser.client.post(
            BALLOTS, data=ballot, content_type="application/json", **resident.arguments
        )
        assert answer.status_code == 200, answer.text
        self.trackers[voter] = answer.get_json()["tracker"]

    def pairs(self, seen: Seen) -> tuple[list[Row], list[Row]]:
        """Rows of the roll, and for each the ballot of the same person, with its credential's row."""
        entries = {row["number"]: row for row in seen.tables[PEOPLE]}
        events = {row["payload_digest"]: row for row in seen.tables["elections_urn_event"]}
        credentials = {bytes(row["key"]): row for row in seen.tables["elections_urn_credential"]}
        ballots = []
        for voter in range(VOTERS):
            event = events[canonical.digest_of_fingerprint(self.trackers[voter])]
            listed = credentials[bytes(event["credential"])]
            ballots.append({**event, **{f"credential's {name}": value for name, value in listed.items()}})
        return [entries[number] for number in self.numbers], ballots

    def links(self, places: dict[str, bytes]) -> list[Link]:
        seen = see(places)
        return find_links(seen, *self.pairs(seen))


@pytest.fixture
def the_city(app: Flask, tmp_path: Path) -> City:
    return City(app, tmp_path)


def files(app: Flask) -> dict[str, bytes]:
    """The database's own files, its backups, and the server's folder (where the keys are, too)."""
    found = dict(database_files(app))
    folder = settings.current().folder
    found |= {f"folder {path.name}": path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    logs = [found.pop(name) for name in sorted(found) if "pg_wal" in name]
    return {**found, "write-ahead log": b"".join(logs)} if logs else found


@pytest.mark.slow
def test_with_database_log_backups_and_an_officers_account_nobody_joins_a_voter_to_a_ballot(
    the_city: City, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    app, order = the_city.app, the_city.order
    caplog.clear()
    before, folder_before = without_urn(see({})), _folder()
    with at(VOTING):
        for voter in order[:12]:
            the_city.vote(voter, 1 + voter % 4)
        logged = caplog.text
        assert without_urn(see({})) == before, (
            "casting writes nothing but the urn: no row moved, no key was given out"
        )
        assert _folder() == folder_before
        for voter in order[12:]:
            if voter % 3 == 0:  # some write to the city just before, and look at the board afterwards
                written = the_city.resident(voter).comment(f"Comment of {voter}", contact="who@example.org")
                assert written.status_code == 200
            the_city.vote(voter, 2)
            the_city.resident(voter).open(f"/elections/{CODE}/board/")
        the_city.vote(order[0], 3)

    taken = files(app)
    digest = canonical.digest_of_fingerprint(the_city.trackers[0]).encode()
    assert any(digest in data for data in taken.values()), "the search can find"
    assert the_city.links(taken) == []

    printed = capfd.readouterr()
    said = "\n".join((logged, caplog.text, printed.out, printed.err))
    for voter in range(VOTERS):
        for trace in _traces(the_city, voter):
            assert trace not in said
    _assert_pages_tell_nothing(the_city)


def _folder() -> dict[str, bytes]:
    """All that lies beside the database."""
    folder = settings.current().folder
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _traces(city: City, voter: int) -> list[str]:
    """What a log could say about somebody's cast."""
    public = str(json.loads(_payload(city, voter))["credential"])
    digest = canonical.digest_of_fingerprint(city.trackers[voter])
    own = [
        city.trackers[voter],
        digest,
        public,
        credential_key(public.encode()).hex(),
        city.town.codes[voter],
    ]
    return [*own, f"203.0.113.{voter + 1}", f"Phone/{voter + 1}.7"]


def _payload(city: City, voter: int) -> bytes:
    digest = canonical.digest_of_fingerprint(city.trackers[voter])
    with db.engine.connect() as connection:
        query = text("SELECT payload FROM elections_urn_event WHERE payload_digest = :digest")
        return bytes(connection.execute(query, {"digest": digest}).scalar_one())


def _assert_pages_tell_nothing(city: City) -> None:
    """Ballots are told of on the public board alone, on no page of the office, and there without a number of the roll."""
    digests = {canonical.digest_of_fingerprint(tracker) for tracker in city.trackers.values()}
    own = [mark.encode() for mark in [*city.trackers.values(), *digests]]
    telling = {path for path, page in all_pages(city.app, "en") if any(mark in page.data for mark in own)}
    assert telling == {f"/elections/{CODE}/board/", f"/elections/{CODE}/board.bel"}


# What the attacker would find ------------------------------------------------------------------------------------------


def _count_turnout(city: City) -> None:
    """A table of who has voted, without any time."""
    _run("CREATE TABLE planted (entry_id integer)")
    for voter in city.order:
        _run("INSERT INTO planted VALUES (:entry)", entry=_entry(city, voter).id)


def _note_the_tracker(city: City) -> None:
    _run("CREATE TABLE planted (roll_number integer, tracker text)")
    for voter in random.Random(1).sample(range(VOTERS), VOTERS):
        digest = canonical.digest_of_fingerprint(city.trackers[voter])
        _run(
            "INSERT INTO planted VALUES (:number, :digest)",
            number=city.numbers[voter],
            digest=digest,
        )


def _list_credentials_as_the_roll(city: City) -> None:
    """The authority's list in the order of the letters."""
    _run("DELETE FROM elections_urn_credential")
    for voter in range(VOTERS):
        public = str(json.loads(_payload(city, voter))["credential"])
        _run(
            "INSERT INTO elections_urn_credential (urn_id, key, state) SELECT id, :key, 'listed' FROM elections_urn",
            key=credential_key(public.encode()),
        )


def _tick_the_roll(city: City) -> None:
    """A tick on the roll that is taken off again: on PostgreSQL the row has moved."""
    for voter in city.order:
        _run(
            "UPDATE elections_roll_entry SET checked_on = checked_on WHERE id = :id",
            id=_entry(city, voter).id,
        )


def _write_a_log(city: City) -> dict[str, bytes]:
    lines = [_entry(city, voter).person_digest.hex() for voter in city.order]
    return {"access.log": "\n".join(f"voted: {line}" for line in lines).encode()}


PLANTED: dict[str, Callable[[City], dict[str, bytes] | None]] = {
    "turnout": _count_turnout,
    "tracker": _note_the_tracker,
    "letters' order": _list_credentials_as_the_roll,
    "tick": _tick_the_roll,
    "log": _write_a_log,
}


def _run(statement: str, **values: Any) -> None:
    with write() as session:
        session.execute(text(statement), values)


def _entry(city: City, voter: int) -> RollEntry:
    return next(row for row in rows(RollEntry) if row.number == city.numbers[voter])


@contextmanager
def _planted(city: City, plant: Callable[[City], dict[str, bytes] | None]) -> Iterator[dict[str, bytes]]:
    try:
        yield plant(city) or {}
    finally:
        _run("DROP TABLE IF EXISTS planted")


@pytest.mark.slow
def test_the_same_search_finds_each_link_that_somebody_plants(the_city: City) -> None:
    with at(VOTING):
        for voter in the_city.order:
            the_city.vote(voter, 1)
    assert the_city.links({}) == []
    ways = dict(PLANTED)
    if db.engine.dialect.name == "sqlite":
        del ways["tick"]  # a row that is written over stays where it is
    for name, plant in ways.items():
        with _planted(the_city, plant) as places:
            assert the_city.links(places), name


# What the tables are -----------------------------------------------------------------------------------------------------


def test_no_key_leads_from_the_roll_to_a_credential_or_an_event_and_neither_has_a_time(app: Flask) -> None:
    looker = inspect(db.engine)
    for name in looker.get_table_names():
        led_to = {key["referred_table"] for key in looker.get_foreign_keys(name)}
        if name in URN[1:] or name in WATCHING:
            assert led_to == {"elections_urn"}
        else:
            assert led_to.isdisjoint(URN[1:])
            assert not (name.startswith("elections_roll") and led_to & {*URN})
    for name in URN[1:]:
        for column in looker.get_columns(name):
            assert not any(word in str(column["type"]).lower() for word in ("date", "time"))


def test_all_credentials_come_in_at_once_and_in_the_order_of_their_own_digits(the_city: City) -> None:
    seen = see({})
    place = "(rowid)" if db.engine.dialect.name == "sqlite" else "(ctid)"
    listed = sorted(seen.tables["elections_urn_credential"], key=lambda row: row[place])
    numbers = json.loads(the_city.town.listed)
    assert numbers == sorted(numbers)
    assert [bytes(row["key"]) for row in listed] == [credential_key(number.encode()) for number in numbers]
    assert len({row.get("(xmin)") for row in listed}) == 1
