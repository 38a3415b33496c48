"""Taking deleted rows out of the files beside the tables, as far as the database lets us.

SQLite overwrites deleted rows (``secure_delete``), but its write-ahead log holds copies until it is cut. PostgreSQL
rewrites the tables; its own write-ahead log is recycled in time, and holds nothing sealed that is readable without the
key.
"""

from __future__ import annotations

from sqlalchemy import text

from core.db import Model, db


def clear_traces(*models: type[Model]) -> None:
    """Leave no copy of what was deleted from, or emptied in, the tables of ``models``."""
    db.session.rollback()  # a read that lasts would keep the log from being cut
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        else:
            for model in models:
                connection.execute(text(f"VACUUM FULL {model.__tablename__}"))
