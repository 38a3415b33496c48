"""Databases for the tests of core that need no more than core."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from core.db import db
from tests.core.desk import open_desk, small_city
from tests.servers import create_database


@pytest.fixture(scope="session")
def core_postgresql(postgresql: str) -> str:
    """A PostgreSQL database that these tests share one after the other."""
    return create_database(postgresql)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'answerable.db'}"
        return
    url: str = request.getfixturevalue("core_postgresql")
    yield url
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS core_outbox, core_message")


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """A desk with outbox and mail, inside its app context, in real time; mail becomes files."""
    app = open_desk(small_city(tmp_path), database_url)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
