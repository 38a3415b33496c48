"""Importing the 3,211 real submissions, against filling the same tables with bare SQL.

The bare run writes the very rows that the import wrote, with one ``executemany`` per table in one transaction, into a
database with the same tables, indexes and triggers.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
import tomllib
from datetime import date
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, text

from app.factory import create_app
from consult.rules.imports import read_map
from consult.services import drafts, imports, rounds
from core import audit
from core.db import db, prepare_engine
from core.localized import Localized
from core.settings import Settings

DATA = Path(__file__).resolve().parent.parent / "data" / "anid"
TABLES = ("consult_submission", "consult_public_text", "followup_promise", "core_audit_entry")
LIMIT = 8.0
RUNS = 5


def run() -> bool:
    """Print both times and their ratio; True if the import takes at most eight times as long."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared = folder / "prepared.db"
        app = _prepare(folder, prepared)
        ours, rows = [], {}
        for _run in range(RUNS):
            seconds, rows = _import(app, folder, prepared)
            ours.append(seconds)
        bare = [_fill(folder, prepared, rows) for _run in range(RUNS)]
    mine, theirs = statistics.median(ours), statistics.median(bare)
    print(f"import of {len(rows['consult_submission']):,} submissions on SQLite, median of {RUNS}")
    print(f"  import      {mine:7.3f} s   ({min(ours):.3f} to {max(ours):.3f})")
    print(f"  bare SQL    {theirs:7.3f} s   ({min(bare):.3f} to {max(bare):.3f})")
    print(f"  ratio       {mine / theirs:7.1f}     (at most {LIMIT:g})")
    return mine / theirs <= LIMIT


def _prepare(folder: Path, prepared: Path) -> Flask:
    from consult.cli import _first_department

    app = create_app(Settings(folder=folder / "var"), f"sqlite:///{folder / 'work.db'}")
    with app.app_context():
        upgrade()
        facts = rounds.RoundFacts(
            title=Localized.original("es", "Acceso abierto"),
            opens_on=date(2020, 6, 1),
            closes_on=date(2020, 7, 15),
            language="es",
            department=_first_department(),
            code="AA-20",
            short_reason="Over.",
        )
        rounds.create_round(facts, audit.SYSTEM)
        drafts.import_draft("AA-20", (DATA / "draft.md").read_text(encoding="utf-8"), audit.SYSTEM)
        db.session.remove()
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    shutil.copy(folder / "work.db", prepared)
    return app


def _import(app: Flask, folder: Path, prepared: Path) -> tuple[float, dict[str, list[dict[str, object]]]]:
    data = (DATA / "responses.csv").read_bytes()
    mapping = read_map(tomllib.loads((DATA / "map.toml").read_text(encoding="utf-8")))
    with app.app_context():
        db.engine.dispose()
        _copy(prepared, folder / "work.db")
        db.session.execute(text("SELECT 1"))  # connect before the watch runs, as the bare run does
        db.session.remove()
        start = time.perf_counter()
        imports.import_submissions("AA-20", data, mapping, audit.SYSTEM)
        seconds = time.perf_counter() - start
        rows = {
            table: [
                dict(row) for row in db.session.execute(text(f"SELECT * FROM {table} ORDER BY id")).mappings()
            ]
            for table in TABLES
        }
        db.session.remove()
    return seconds, rows


def _fill(folder: Path, prepared: Path, rows: dict[str, list[dict[str, object]]]) -> float:
    _copy(prepared, folder / "bare.db")
    engine = _engine(folder / "bare.db")
    with engine.connect() as connection:
        known = connection.execute(text("SELECT count(*) FROM core_audit_entry")).scalar_one()
        connection.rollback()
        raw = connection.connection.dbapi_connection
        assert raw is not None
        start = time.perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        for table, values in rows.items():
            values = values[known:] if table == "core_audit_entry" else values
            columns = list(values[0])
            places = ", ".join("?" for _column in columns)
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
            raw.executemany(statement, [tuple(row.values()) for row in values])
        raw.execute("COMMIT")
        seconds = time.perf_counter() - start
    engine.dispose()
    return seconds


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")
    prepare_engine(engine)
    return engine


def _copy(source: Path, target: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copy(source, target)
