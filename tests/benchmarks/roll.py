"""Importing a roll of 75,000 people, against writing the very same rows with a bare ``executemany``; and eligibility.

Each import runs in a process of its own, so that its memory can be measured. On PostgreSQL too, where a server is found.
"""

from __future__ import annotations

import csv
import io
import multiprocessing
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import text

from app.factory import create_app
from core import clock, settings
from core.db import db
from core.settings import Settings
from core.spreadsheets import Row
from elections.eligibility.criteria import verdict_of
from elections.eligibility.facts import Purpose
from elections.models.roll import RollEntry
from elections.rules.roll_maps import Reader
from elections.services.roll.imports import ImportReport, import_roll
from tests.city import found_city, staff
from tests.elections.city import CODE, election_facts, found_council, prepare_election, rules
from tests.elections.registers import mapping, town
from tests.servers import Missing, create_database, postgresql_server

PEOPLE = 75_000
LIMIT, MEMORY, ELIGIBILITY = 8.0, 400, 60.0
RUNS = 3
COLUMNS = [column.name for column in RollEntry.__table__.columns if column.name != "id"]


def run() -> bool:
    """Print ratios, memory and the time of eligibility; True if all of them are within their limits."""
    with tempfile.TemporaryDirectory() as name:
        settings.configure(Settings(folder=Path(name) / "var"))
        met = [_eligibility()]
        file = Path(name) / "register.csv"
        file.write_bytes(town(PEOPLE))
        met.append(_compare("SQLite", f"sqlite:///{name}/work.db", file))
        try:
            with postgresql_server() as url:
                met.append(_compare("PostgreSQL", create_database(url), file))
        except Missing as missing:
            print(f"PostgreSQL was not measured: {missing}")
    return all(met)


def _compare(database: str, url: str, file: Path) -> bool:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        ours, bare, memory, people = pool.apply(_measure, (url, file))
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"import of {people:,} people on {database}, median of {RUNS}")
    print(f"  import      {statistics.median(ours):7.3f} s   ({min(ours):.3f} to {max(ours):.3f})")
    print(f"  bare SQL    {statistics.median(bare):7.3f} s   ({min(bare):.3f} to {max(bare):.3f})")
    print(f"  ratio       {ratio:7.1f}     (at most {LIMIT:g})")
    print(f"  memory      {memory:7.0f} MB  (at most {MEMORY})")
    return ratio <= LIMIT and memory <= MEMORY


def _measure(url: str, file: Path) -> tuple[list[float], list[float], float, int]:
    app = create_app(Settings(folder=file.parent / "var"), url)
    with app.app_context():
        upgrade()
        found_city()
        found_council()
        prepare_election()
        ours, bare, report = [], [], _import(file)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows = _rows()
        for _run in range(RUNS):  # in turns, so that a busy machine slows both
            start = time.perf_counter()
            report = _import(file)
            ours.append(time.perf_counter() - start)
            bare.append(_bare(rows))
        return ours, bare, memory, report.imported


def _import(file: Path) -> ImportReport:
    """Into an empty table each time, as the bare run."""
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM elections_roll_entry"))
    actor = staff("returning_officer")
    db.session.remove()
    return import_roll(CODE, file, file.name, mapping(), actor, skip_duplicates=True)


def _rows() -> list[tuple[Any, ...]]:
    """What an import wrote."""
    query = text(f"SELECT {', '.join(COLUMNS)} FROM elections_roll_entry ORDER BY id")
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def _bare(rows: list[tuple[Any, ...]]) -> float:
    """Write the same rows once more, as the driver does it when nobody is in between."""
    with db.engine.connect() as connection:
        connection.execute(text("DELETE FROM elections_roll_entry"))
        connection.commit()
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        values = ", ".join([mark] * len(COLUMNS))
        statement = f"INSERT INTO elections_roll_entry ({', '.join(COLUMNS)}) VALUES ({values})"
        raw: Any = connection.connection.dbapi_connection
        connection.execute(text("SELECT 1"))
        cursor = raw.cursor()
        start = time.perf_counter()
        cursor.executemany(statement, rows)
        connection.commit()
        return time.perf_counter() - start


def _eligibility() -> bool:
    """All of them by the rules of one election, from the cells of their rows to the verdict."""
    rule_set = rules()
    days = rule_set.days(Purpose.VOTE, election_facts(rule_set).timetable, clock.today())
    lines = csv.DictReader(io.StringIO(town(PEOPLE).decode("utf-8")), delimiter=";")
    read = [Row(number, cells) for number, cells in enumerate(lines, start=2)]
    reader = Reader(mapping(), ("en", "de", "ar"), 100)
    start = time.perf_counter()
    facts = [reader.read(row).facts for row in read]
    understood = time.perf_counter() - start
    start = time.perf_counter()
    for each in facts:
        verdict_of(rule_set.to_vote, each, days)
    seconds = time.perf_counter() - start
    print(
        f"eligibility of {PEOPLE:,} people: {seconds:.2f} s, reading their facts {understood:.2f} s"
        f"   (at most {ELIGIBILITY:g})"
    )
    return seconds + understood <= ELIGIBILITY
