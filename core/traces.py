"""Taking deleted words out of the files beside the tables, as far as the database lets us.

SQLite overwrites deleted rows (``secure_delete``), but its write-ahead log holds copies until it is cut. PostgreSQL
rewrites the tables that are named; its own write-ahead log is recycled in time.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.engine import Connection

from core import outbox
from core.db import BUSY_TIMEOUT, Model, db, write

PATIENCE = 500
"""Milliseconds that cutting the log waits for readers: nobody else can write meanwhile."""
AGAIN = "core.clear_traces"


class StillRead(Exception):
    """Somebody reads what stands in the log, so that it cannot be cut now."""


def clear_traces(*models: type[Model]) -> None:
    """Leave no copy of what was just deleted or emptied: in SQLite's log, or in PostgreSQL's tables of ``models``.

    Call it after the transaction. Without ``models`` nothing happens on PostgreSQL, where rewriting a table locks it. While
    a reader keeps SQLite's log from being cut, background work tries again.
    """
    db.session.rollback()  # a read that lasts would keep the log from being cut
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name != "sqlite":
            for model in models:
                connection.execute(text(f"VACUUM FULL {model.__tablename__}"))
            return
        cut = _cut_log(connection)
    if not cut:
        with write() as session:
            outbox.enqueue(session, AGAIN, {})


def clear_again(_payload: outbox.Payload) -> None:
    """Cut SQLite's log. Raises StillRead, so that it is tried again later."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite" and not _cut_log(connection):
            raise StillRead


def _cut_log(connection: Connection) -> bool:
    """Move all of SQLite's log into its file and empty it; False if somebody still reads from it."""
    connection.execute(text(f"PRAGMA busy_timeout = {PATIENCE}"))
    try:
        return not connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
    finally:
        connection.execute(text(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}"))


outbox.register(AGAIN, clear_again)
