"""Revisions, run forwards and backwards with data in the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from app.factory import create_app
from consult.services.submissions import reconsider
from core import clock
from core.db import Base, db, write
from core.settings import Settings
from motions.services.search import keep_found
from tests.city import found_city
from tests.conftest import TODAY
from tests.database.procedure import open_procedure, sql, sqlite
from tests.motions.city import found_council_desk, tabled
from tests.servers import create_database

TABLES_ONLY = "0004"
"""The last of the revisions that make the first tables; the rest add what guards and counts them."""

DROPPED_ON_PURPOSE: dict[str, set[str]] = {}
"""Triggers that a revision takes away for good: none so far. Batch mode on SQLite loses them without a word."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Make an empty database of one kind and return its URL."""
    made: list[int] = []

    def make() -> str:
        made.append(1)
        if request.param == "sqlite":
            return f"sqlite:///{tmp_path / f'{len(made)}.db'}"
        return create_database(request.getfixturevalue("postgresql"))

    return make


@pytest.fixture
def desk(new_database: Callable[[], str], city: Settings) -> Iterator[Flask]:
    """The application on an empty database of its own, without tables."""
    yield from _desk(new_database(), city)


def _desk(url: str, city: Settings) -> Iterator[Flask]:
    app = create_app(city, url, TESTING=True)
    with clock.freeze(TODAY), app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def revisions() -> list[str]:
    """All revisions, the oldest first."""
    script = ScriptDirectory.from_config(_config())
    return [revision.revision for revision in script.walk_revisions()][::-1]


def _config() -> Config:
    from flask import current_app

    found: Config = current_app.extensions["migrate"].migrate.get_config()
    return found


def triggers() -> dict[str, str]:
    """Every trigger of the database by name, with what it does."""
    catalogue = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        if sqlite()
        else "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    )
    found = {row[0]: row[1] for row in sql(catalogue)}
    db.session.rollback()
    return found


def row_counts() -> dict[str, int]:
    """The number of rows of every table that a model describes."""
    present = set(inspect(db.engine).get_table_names())
    counts = {
        table.name: sql(f"SELECT count(*) FROM {table.name}").scalar_one()
        for table in Base.metadata.sorted_tables
        if table.name in present
    }
    db.session.rollback()
    return counts


def fill() -> None:
    """A concluded round and an open one, with every kind of row that a procedure leaves."""
    concluded, current = open_procedure("AS-27"), open_procedure("BS-27")
    receipt = concluded.submit()
    concluded.receive([f"Letter {number}" for number in range(5)], release=True)
    concluded.answer(1, 2, 3)
    concluded.answer(4, 5, 6)
    concluded.conclude()
    reconsider(receipt.code, "You misread me.", "en")
    current.receive([f"Card {number}" for number in range(5)])
    current.release(1)
    current.pass_on(2)
    current.answer(3)
    current.draft(4)


def test_every_revision_keeps_all_rows_and_triggers(desk: Flask) -> None:
    upgrade()
    fill()
    tally = "SELECT * FROM followup_tally ORDER BY 1, 2, 3, 4"
    answered = "SELECT id, answered_count FROM followup_reply ORDER BY id"
    rows, guards, counted = row_counts(), triggers(), (sql(tally).all(), sql(answered).all())
    db.session.rollback()
    assert (
        min(rows[name] for name in rows if name.startswith(("followup_promise", "consult_", "core_audit")))
        > 0
    )

    downgrade(revision=TABLES_ONLY)
    assert triggers() == {}
    filled = {name: count for name, count in rows.items() if count}
    assert filled.items() <= row_counts().items()
    for revision in revisions()[revisions().index(TABLES_ONLY) + 1 :]:
        before = set(triggers())
        upgrade(revision=revision)
        assert before - set(triggers()) == DROPPED_ON_PURPOSE.get(revision, set()), revision
        assert filled.items() <= row_counts().items(), revision
    assert row_counts() == rows
    assert triggers() == guards
    assert (sql(tally).all(), sql(answered).all()) == counted


def test_a_database_that_holds_a_step_does_not_go_back_behind_steps(
    desk: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    upgrade()
    open_procedure().submit()
    sql(
        "INSERT INTO followup_promise (register_id, number, kind, subject_kind, subject_id, department_id,"
        " opened_on, due_on, extension_reason) SELECT register_id, 2, 'step', 'test', 1, department_id, opened_on,"
        " due_on, extension_reason FROM followup_promise"
    )
    db.session.commit()
    rows, guards = row_counts(), triggers()
    with pytest.raises(SystemExit):
        downgrade(revision="0025")
    assert "steps are recorded in this database" in caplog.text
    assert (row_counts(), triggers()) == (rows, guards)


def test_members_are_found_under_the_motions_that_were_public_before(desk: Flask) -> None:
    upgrade()
    found_city()
    found_council_desk()
    for motion_id in [tabled(author=author) for author in ("Femi Okoro", "Bilal Saleh")]:
        with write() as session:
            keep_found(session, motion_id)
    sponsors = "SELECT * FROM motions_sponsor ORDER BY 1, 2"
    before = sql(sponsors).all()
    assert len(before) == 6
    db.session.remove()
    downgrade(revision="0031")
    upgrade()
    assert sql(sponsors).all() == before


def test_a_wrong_tally_is_mended_by_counting_anew(desk: Flask) -> None:
    upgrade()
    fill()
    before = sql("SELECT * FROM followup_tally ORDER BY 1, 2, 3, 4").all()
    sql("DELETE FROM followup_tally")
    sql("UPDATE followup_reply SET answered_count = 77")
    db.session.commit()
    downgrade(revision="0006")
    upgrade()
    assert sql("SELECT * FROM followup_tally ORDER BY 1, 2, 3, 4").all() == before
    assert sql("SELECT sum(answered_count) FROM followup_reply").scalar() == 7


def test_the_way_back_to_nothing_and_up_again_ends_where_it_began(desk: Flask) -> None:
    upgrade()
    described, guards = describe(db.engine), triggers()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    assert triggers() == {}
    if not sqlite():
        ours = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND probin IS NULL"
        assert sql(ours).scalar() == 0, "functions were left behind"
        db.session.rollback()
    upgrade()
    assert (describe(db.engine), triggers()) == (described, guards)


def test_the_models_are_what_the_last_revision_makes(desk: Flask, new_database: Callable[[], str]) -> None:
    upgrade()
    command.check(_config())  # raises when autogenerate would write anything
    other = create_engine(new_database())
    Base.metadata.create_all(other)
    expected = describe(other)
    other.dispose()
    assert describe(db.engine) == expected


def describe(engine: Engine) -> dict[str, Any]:
    """Everything about the tables, constraints included, which Alembic does not all compare.

    Without the search index, which no model describes since it differs with the database.
    """
    look = inspect(engine)
    described: dict[str, Any] = {}
    for table in sorted(look.get_table_names()):
        if table == "alembic_version" or "_search" in table:
            continue
        described[table] = {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in look.get_columns(table)
            ],
            "key": look.get_pk_constraint(table),
            "foreign keys": _sorted(look.get_foreign_keys(table)),
            "unique": _sorted(look.get_unique_constraints(table)),
            "checks": _sorted(look.get_check_constraints(table)),
            "indexes": _sorted(
                [index for index in look.get_indexes(table) if "_search" not in str(index["name"])]
            ),
        }
    return described


def _sorted(found: Any) -> list[str]:
    return sorted(str({key: _plain(value) for key, value in sorted(item.items())}) for item in found)


def _plain(value: Any) -> Any:
    """Where a condition stands alone it is an object of its own each time; its words are what counts."""
    return {key: str(inner) for key, inner in value.items()} if isinstance(value, dict) else value


def test_a_migration_that_fails_leaves_nothing_behind(desk: Flask) -> None:
    sql("CREATE TABLE consult_round (id INTEGER)")
    db.session.commit()
    with pytest.raises(DBAPIError, match=r"consult_round.* already exists"):
        upgrade()
    db.session.rollback()
    assert set(inspect(db.engine).get_table_names()) <= {"consult_round", "alembic_version"}
    if sqlite():
        assert sql("PRAGMA foreign_keys").scalar() == 1


def test_a_migration_that_leaves_orphans_on_sqlite_is_undone(
    desk: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    if not sqlite():
        return  # PostgreSQL never lets go of its foreign keys
    upgrade()
    fill()
    downgrade(revision="0007")
    with db.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("UPDATE consult_unit SET draft_id = 999 WHERE id = 1")
        raw.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(SystemExit):
        upgrade()
    assert "rows without what they refer to" in caplog.text
    assert sql("SELECT version_num FROM alembic_version").scalar() == "0007"


@pytest.mark.postgresql
def test_without_the_right_to_make_an_extension_the_upgrade_says_what_to_do(
    postgresql: str, city: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    url = make_url(create_database(postgresql))
    owner = create_engine(url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("CREATE ROLE clerk LOGIN"))
        connection.execute(text("GRANT ALL ON SCHEMA public TO clerk"))
    for desk in _desk(url.set(username="clerk").render_as_string(hide_password=False), city):
        with desk.app_context(), pytest.raises(SystemExit):
            upgrade()
        assert "CREATE EXTENSION pg_trgm" in caplog.text
        assert "consult_round" not in inspect(db.engine).get_table_names()
        with owner.connect() as connection:
            connection.execute(text("CREATE EXTENSION pg_trgm"))
        upgrade()
        assert "consult_round" in inspect(db.engine).get_table_names()
    owner.dispose()
