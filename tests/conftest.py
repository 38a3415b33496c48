"""Fixtures of the whole suite. Every test that uses ``app`` runs on SQLite and on PostgreSQL.

The application is built once per database; each test begins with the same migrated, empty tables (SQLite: a copied
file; PostgreSQL: tables emptied with triggers held off).
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.factory import create_app
from core import clock, limits
from core import settings as core_settings
from core.db import Base, db
from core.localized import Localized
from core.settings import Settings
from tests.servers import Missing, create_database, postgresql_server, redis_server, skip_or_fail

TODAY = date(2027, 9, 14)
"""The frozen day of every test: a Tuesday."""


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the test city; keys are made once."""
    return Settings(
        folder=tmp_path_factory.mktemp("var"),
        base_url="http://answerable.test",
        city=Localized.of({"en": "City of Lindhafen", "de": "Stadt Lindhafen", "ar": "مدينة ليندهافن"}, "de"),
        limits={"submit": "1000000 per hour"},
        second_factor=False,
    )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a private PostgreSQL server's maintenance database."""
    try:
        with postgresql_server() as url:
            yield url
    except Missing as missing:
        skip_or_fail(missing)


@pytest.fixture(scope="session")
def redis() -> Iterator[object]:
    """A private Redis server."""
    try:
        with redis_server() as server:
            yield server
    except Missing as missing:
        skip_or_fail(missing)


@pytest.fixture(scope="session")
def build(
    city: Settings, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], tuple[Flask, Callable[[], None]]]]:
    """Build the application on ``sqlite`` or ``postgresql`` once; give it back with what empties its tables."""
    built: dict[str, tuple[Flask, Callable[[], None]]] = {}

    def make(kind: str) -> tuple[Flask, Callable[[], None]]:
        if kind not in built:
            built[kind] = (
                _sqlite(city, tmp_path_factory.mktemp("db"))
                if kind == "sqlite"
                else _postgresql(city, request)
            )
        return built[kind]

    yield make
    for app, _empty in built.values():
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _sqlite(city: Settings, folder: Path) -> tuple[Flask, Callable[[], None]]:
    path = folder / "test.db"
    app = create_app(city, f"sqlite:///{path}", TESTING=True)
    app.test_client_class = FreshClient
    with app.app_context():
        upgrade()
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    template = path.read_bytes()

    def empty() -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(template)

    return app, empty


def _postgresql(city: Settings, request: pytest.FixtureRequest) -> tuple[Flask, Callable[[], None]]:
    url = create_database(request.getfixturevalue("postgresql"))
    app = create_app(city, url, TESTING=True)
    app.test_client_class = FreshClient
    with app.app_context():
        upgrade()
    # Asking which tables hold a row, or have ever given out a number, is quicker than emptying them all.
    tables = list(reversed(Base.metadata.sorted_tables))
    holding = text(
        " UNION ALL ".join(f"(SELECT '{table.name}' FROM \"{table.name}\" LIMIT 1)" for table in tables)
    )
    counting = text(
        "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences WHERE last_value IS NOT NULL"
    )

    def empty() -> None:
        with app.app_context():
            db.session.remove()
            with db.engine.begin() as connection:
                orders = [f'DELETE FROM "{name}"' for name in connection.scalars(holding)]
                orders += [f"ALTER SEQUENCE {name} RESTART" for name in connection.scalars(counting)]
                if orders:
                    together = ("SET LOCAL session_replication_role = replica", *orders)
                    connection.exec_driver_sql("; ".join(together))

    return app, empty


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app(
    request: pytest.FixtureRequest, build: Callable[[str], tuple[Flask, Callable[[], None]]], city: Settings
) -> Iterator[Flask]:
    """The application with empty tables, inside an application context, on the frozen day."""
    app, empty = build(request.param)
    core_settings.configure(city)
    empty()
    limits.reset()
    with clock.freeze(TODAY), app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def sqlite_app(build: Callable[[str], tuple[Flask, Callable[[], None]]], city: Settings) -> Iterator[Flask]:
    """Like ``app``, on SQLite alone: for what does not touch the database's own ways."""
    app, empty = build("sqlite")
    core_settings.configure(city)
    empty()
    limits.reset()
    with clock.freeze(TODAY), app.app_context():
        yield app
        db.session.remove()


class FreshClient(FlaskClient):
    """Sends every request in a context of its own, as a server would.

    The fixtures hold an application context open; requests would share its ``g``, and with it who is signed in.
    """

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        options.setdefault("buffered", True)  # a streamed answer is read in its own context too
        answer: TestResponse = contextvars.Context().run(super().open, *arguments, **options)
        if has_app_context():
            db.session.rollback()  # so that the test sees what the request has changed
            db.session.expire_all()
        return answer


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript that keeps cookies."""
    return app.test_client()
