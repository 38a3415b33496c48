"""What a register says about people is nowhere once its roll is imported: not in tables, logs, exports, backups or Redis.

And once the roll is deleted, nothing is left of the people themselves, sealed or not.
"""

from __future__ import annotations

import io
import logging
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import openpyxl
import pypdf
import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import make_url, text
from werkzeug.test import TestResponse

from core import clock, keys, limits, outbox, settings
from core.db import db, write
from core.relay import Relay, serve
from core.settings import Settings
from elections.models.roll import Registration, Roll, RollEntry
from elections.rules.stages import Stage
from elections.rules.stations import Figures
from elections.services.roll import imports
from elections.services.roll.seals import Seals, key_name
from tests.city import found_city, rows
from tests.core.test_outbox_redis import all_that_redis_holds, signals_as_before
from tests.elections.boxes import enter_everywhere, ids, open_stations, stand
from tests.elections.city import CODE, bring_to, found_council, prepare_election, rules
from tests.elections.registers import HEADING, person, table, town
from tests.elections.test_pages_results import one_elected_class, publish
from tests.elections.test_roll_pages import MAP, ROLL
from tests.elections.test_service_roll_changes import DELETED, see
from tests.security.test_traces import raw_bytes
from tests.security.test_traces_elections import answer_everything, send
from tests.security.test_traces_elections import resident_of as browser_of_a_resident
from tests.security.walk import all_pages, chief
from tests.servers import RedisServer, postgresql_programs

__all__ = ["signals_as_before"]

HURTFUL = {
    "nationality": ("QZNATIONALITYQ",),
    "second nationality": ("QZSECONDSTATEQ",),
    "status": ("QZSTATUSQ",),
    "day of birth": ("17.05.1977", "1977-05-17", "19770517", "17 May 1977", "1977, 5, 17"),
    "day of arrival": ("19.06.2011", "2011-06-19", "20110619", "19 June 2011", "2011, 6, 19"),
    "document number": ("QZPASSPORTQ",),
    "register number": ("QZREGISTERQ",),
}
"""Planted in a register, each in the forms in which it might lie somewhere: never kept at all."""
PEOPLE = {
    "name": ("QZFIRSTNAMEQ", "QZLASTNAMEQ"),
    "street": ("QZSTREETQ",),
    "who asked to be on the roll": ("QZAPPLICANTQ", "QZLANEQ"),
}
"""Kept sealed until the roll is deleted."""
CANARIES = {**HURTFUL, **PEOPLE}
MAPPING = (
    MAP.replace('"Staat 1"', '["Staat 1", "Staat 2"]\nexclusions = "Sperre"')
    + """
[values.exclusions]
"*" = "asylum_procedure"
"""
)
FAULT = "QZFIRSTNAMEQ was born on 17.05.1977"


def canary(number: int = 1, **changed: str) -> dict[str, str]:
    planted = {
        "Nr": f"QZREGISTERQ{number}",
        "Vorname": "QZFIRSTNAMEQ",
        "Nachname": f"QZLASTNAMEQ {number}",
        "Anschrift": f"QZSTREETQ {number}",
        "Geburtsdatum": "17.05.1977",
        "Einzug": "19.06.2011",
        "Passnummer": "QZPASSPORTQ",
        "Sperre": "QZSTATUSQ",
        "Staat 1": "QZNATIONALITYQ",
        "Staat 2": "QZSECONDSTATEQ",
    }
    return person(number, **{**planted, **changed})


def workbook(people: list[dict[str, str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADING)
    for each in people:
        sheet.append([each[name] for name in HEADING])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def own_redis(
    request: pytest.FixtureRequest, app: Flask, city: Settings
) -> Iterator[tuple[RedisServer, Redis]]:
    """A Redis that counts the limits and wakes the worker, as a city with several processes has."""
    server: RedisServer = request.getfixturevalue("redis")
    settings.configure(replace(city, redis_url=server.url))
    limits.reset()
    with Redis.from_url(server.url) as client:
        client.flushall()
        client.config_set("rdbcompression", "no")  # so that what is looked for can be found
        yield server, client
    limits.reset()
    settings.configure(city)


class Places:
    """Everywhere where something of a roll could lie, raw, by the name of the place."""

    def __init__(
        self, app: Flask, redis: tuple[RedisServer, Redis], uploads: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        self.app, self.uploads, self.caplog = app, uploads, caplog
        self.server, self.client = redis

    def take(self) -> list[tuple[str, bytes]]:
        return list(self._all())

    def _all(self) -> Iterator[tuple[str, bytes]]:
        yield "log", self.caplog.text.encode()
        for file in self.uploads.rglob("*"):
            yield f"upload {file.name}", file.read_bytes() if file.is_file() else b""
        folder = settings.current().folder
        for file in (folder / "keys").iterdir():
            yield f"key {file.name}", file.read_bytes()
        yield from self._redis()
        yield from _database(self.app)
        for path, page in all_pages(self.app, "en"):
            yield f"page {path}", page.data + str(page.headers).encode()
            if page.mimetype == "application/pdf":
                paper = pypdf.PdfReader(io.BytesIO(page.data))
                said = [each.extract_text() for each in paper.pages]
                yield f"paper {path}", "\n".join([*said, str(paper.metadata)]).encode()

    def _redis(self) -> Iterator[tuple[str, bytes]]:
        yield "Redis", all_that_redis_holds(self.client)
        self.client.save()
        yield "Redis' file", (self.server.folder / "dump.rdb").read_bytes()


def holding(places: list[tuple[str, bytes]], words: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Which of ``words`` lie in which place, as text in either of two codings or as hexadecimal numbers."""
    forms = {name: [form for word in said for form in _forms(word.encode())] for name, said in words.items()}
    return [
        (name, place)
        for place, data in places
        for name, looked_for in forms.items()
        if any(form in data for form in looked_for)
    ]


def _forms(word: bytes) -> tuple[bytes, ...]:
    return (word, word.decode("latin-1").encode("utf-16-le"), word.hex().encode())


def _database(app: Flask) -> Iterator[tuple[str, bytes]]:
    """The database's own files, and the backup that ``docs/operations.md`` describes."""
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        yield from ((f"file {name}", data) for name, data in raw_bytes(app).items())
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.db"
            source = sqlite3.connect(str(db.engine.url.database))
            target = sqlite3.connect(copy)
            source.backup(target)
            source.close()
            target.close()
            yield "backup", copy.read_bytes()
        return
    own = text("SELECT oid FROM pg_database WHERE datname = current_database()")
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))  # as the server does by itself: the planner keeps samples
        connection.execute(text("CHECKPOINT"))
        folder = Path(connection.scalar(text("SHOW data_directory")))
        ours = (f"base/{connection.scalar(own)}", "pg_wal")
    for file in (file for part in ours for file in (folder / part).rglob("*")):
        if file.is_file():
            yield f"server's file {file.relative_to(folder)}", file.read_bytes()
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    dump = [postgresql_programs() / "pg_dump", "-h", url.query["host"], "-U", url.username, url.database]
    for how in ("plain", "custom"):
        done = subprocess.run([*map(str, dump), f"--format={how}", "--compress=0"], capture_output=True)
        assert (done.returncode, b"elections_roll_entry" in done.stdout) == (0, True), done.stderr
        yield f"{how} backup", done.stdout


def upload(app: Flask, path: str, data: bytes, name: str, **fields: str) -> TestResponse:
    return chief(app).upload(path, data, name, f"{ROLL}/import", map=MAPPING, **fields)


def hand_over(app: Flask, server: RedisServer) -> int:
    """Tell the workers by Redis what waits to be done; returns how much."""
    relay = Relay(app, server.url)
    with closing(relay.connection):
        return relay.turn()


def _break(*_arguments: object) -> NoReturn:
    raise RuntimeError(FAULT)


@pytest.mark.slow
def test_nothing_of_a_register_lies_anywhere_after_import_and_nothing_of_its_people_after_deletion(
    app: Flask,
    own_redis: tuple[RedisServer, Redis],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # where large uploads wait
    keys.destroy(key_name(CODE))
    found_city()
    found_council()
    prepare_election(rules("stv"))  # whose result goes out as a BLT file too
    one_elected_class()
    stand(8, groups=False)
    bring_to(Stage.CALLED)
    places = Places(app, own_redis, tmp_path, caplog)

    # Imported, in every way in which a file may come
    good = [canary(number) for number in range(1, 4)]
    wrong = [canary(1, Geburtsdatum="17.05.1977x"), canary(2, Einzug="19.06.2011x"), canary(3, Anschrift="")]
    again = [canary(1), canary(1)]
    for path in (f"{ROLL}/check-import", f"{ROLL}/import"):
        for people in (wrong, again):
            shown = upload(app, path, table(people), "register.csv")
            for said in CANARIES.values():
                assert not [word for word in said if word in shown.text]
    checked = upload(app, f"{ROLL}/check-import", table(good), "register.csv")
    assert "Nothing was saved" in checked.text
    with monkeypatch.context() as broken:
        broken.setattr(imports, "_insert", _break)
        assert upload(app, f"{ROLL}/import", workbook(good), "register.xlsx").status_code == 500
    large = town(6000) + table(good).split(b"\r\n", 1)[1]
    assert len(large) > 512 * 1024
    assert upload(app, f"{ROLL}/import", large, "register.csv", skip_duplicates="y").status_code == 302
    assert upload(app, f"{ROLL}/import", workbook(good), "register.xlsx", replace="y").status_code == 302
    assert len(rows(RollEntry)) == len(good)
    assert Seals(CODE).open(rows(RollEntry)[0].sealed).name.startswith("QZFIRSTNAMEQ")
    hand_over(app, own_redis[0])
    assert holding(places.take(), CANARIES) == []

    # Published, so that every page and export there is stands open
    resident = browser_of_a_resident(app)
    asked = send(
        resident, f"/elections/{CODE}/register/",
        {"name": "QZAPPLICANTQ", "street": "QZLANEQ 1", "postcode": "99875", "city": "Lindhafen"},
    )  # fmt: skip
    assert asked.status_code == 200
    see(rows(Registration)[0].number)
    bring_to(Stage.CLOSED)
    open_stations(("market", "school"))
    people = ids()
    rankings = {f"{who} {people[n - 1]}": 5 + n for n, who in enumerate(people)}
    box = Figures(rankings, ballots=sum(rankings.values()))
    enter_everywhere(dict.fromkeys(("market", "school"), box))
    publish()
    answer_everything()
    for export in ("result.csv", "result.json", "result.blt", "timetable.ics", "letters.atom"):
        assert resident.open(f"/elections/{CODE}/{export}").status_code == 200, export
    taken = places.take()
    assert holding(taken, HURTFUL) == []
    mine = {place for _name, place in holding(taken, PEOPLE)}
    assert mine <= {f"page {ROLL}/registrations/1"}, "only an officer who decides on it sees who asked"

    # Deleted, by the night's work
    sealed = [
        secret
        for entry in rows(RollEntry)
        for secret in (entry.sealed, entry.person_digest, entry.register_digest or b"")
    ]
    asked_for = rows(Registration)[0]
    sealed += [asked_for.sealed or b"", asked_for.person_digest or b""]
    sealed.append(keys.unremembered(key_name(CODE)).hex().encode())
    assert all(sealed)
    for secret in sealed:
        assert any(form in data for _place, data in taken for form in _forms(secret)), "the search can find"
    with clock.freeze(DELETED):
        with write() as session:
            outbox.enqueue(session, "elections.delete_rolls", {})
        assert hand_over(app, own_redis[0]) > 0
        serve(own_redis[0].url, burst=True)
        assert rows(Roll)[0].deleted_on == DELETED
        assert rows(RollEntry) == []
        taken = places.take()
    assert holding(taken, CANARIES) == []
    for place, data in taken:
        if "pg_wal" not in place:  # recycled by the server in its time; its key is gone
            assert not [secret for secret in sealed for form in _forms(secret) if form in data], place
    printed = capfd.readouterr()
    for said in CANARIES.values():
        assert not [word for word in said if word in printed.out + printed.err]
