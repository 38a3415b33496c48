"""How Alembic runs our revisions: on the application's own engine, all wanted revisions in one transaction.

Batch mode rebuilds a table on SQLite by dropping it, which with foreign keys on would delete what refers to it.
So foreign keys are off there meanwhile; they are checked before the transaction ends, and an orphan undoes it all.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection, text

from core.db import LocalizedText, UtcDateTime, db, json_type

ONE_AT_A_TIME = 8_203_614
"""PostgreSQL's advisory lock for migrations; the number only has to be ours."""

_JSON = "sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"


def run() -> None:
    """Run the wanted revisions, together or not at all."""
    with db.engine.connect().execution_options(begin="IMMEDIATE") as connection:
        sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=True,  # on SQLite too: the begin event says BEGIN, and DDL is undone like the rest
            include_name=is_ours,
            render_item=_render_plainly,
            **current_app.extensions["migrate"].configure_args,
        )
        if sqlite:
            _foreign_keys(connection, "OFF")
        try:
            with context.begin_transaction():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_AT_A_TIME})
                context.run_migrations()
                if sqlite:
                    _refuse_orphans(connection)
        finally:
            if sqlite:
                _foreign_keys(connection, "ON")


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic compares this with the models: not a search index, which is a matter of each database."""
    return kind not in ("table", "index") or name is None or "_search" not in name


def _render_plainly(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain ones, so that a revision never depends on what the application becomes."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and (isinstance(item, LocalizedText) or item is json_type):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return _JSON
    return False


def _foreign_keys(connection: Connection, value: str) -> None:
    """Set the pragma outside any transaction, where alone it takes effect."""
    raw = connection.connection.dbapi_connection
    if raw is None:
        raise RuntimeError("no connection")
    if raw.in_transaction:
        raw.rollback()
    raw.execute(f"PRAGMA foreign_keys = {value}")


def _refuse_orphans(connection: Connection) -> None:
    orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    if orphans:
        raise RuntimeError(
            f"the migration left {len(orphans)} rows without what they refer to: {orphans[:3]}"
        )


run()
