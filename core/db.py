"""The database: one session, one way to write, the same invariants on SQLite and PostgreSQL.

Reads run in a deferred transaction, so a page never waits for a writer. Writes go through ``write()``, which ends
that read and begins anew: IMMEDIATE on SQLite, since a transaction that reads first and writes later fails there
with "database is locked" (measured: 1,201 of 2,000 increments lost, none with IMMEDIATE).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, MetaData, event, func, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from core.localized import Localized

BUSY_TIMEOUT = 30_000
"""Milliseconds that a writer waits for another one on SQLite."""
LARGEST_ID = 2**31 - 1
"""The largest number that a key or register number can be: PostgreSQL's ``integer``."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table's base, with names for every constraint."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:

    class Model(Base):
        """What the type checker sees; at run time it is Flask-SQLAlchemy's own base."""

        __abstract__ = True
else:
    Model = db.Model

Row = TypeVar("Row", bound=Model)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on both databases (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


json_type = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class LocalizedText(TypeDecorator[Localized]):
    """A ``Localized`` value as one JSON column; empty is an empty object, never NULL."""

    impl = json_type
    cache_ok = True

    def process_bind_param(self, value: Localized | None, dialect: Dialect) -> Any:
        return (value or Localized()).dump()

    def process_result_value(self, value: Any, dialect: Dialect) -> Localized:
        return Localized.load(value)


@contextmanager
def write() -> Iterator[Session]:
    """One verb's transaction: everything inside is kept together, or not at all.

    Ends the read that the request had begun, so what a verb decides on must be read again inside. Objects loaded
    before are expired. Raises RuntimeError when called inside another ``write()``: one transaction per verb.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("one transaction per verb: write() inside write()")
    session.rollback()
    session.expire_all()
    session.info["writing"] = True
    try:
        session.connection(execution_options={"begin": "IMMEDIATE"})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False


def find(session: Session, model: type[Row], id: int) -> Row | None:
    """The row with this primary key; None for what is not there, and for numbers too large for any column."""
    return session.get(model, id) if 0 < id <= LARGEST_ID else None


def reserve_ids(session: Session, model: type[Model], count: int) -> Sequence[int]:
    """``count`` fresh primary keys for ``model``, known before the rows are written, inside a ``write()``.

    So that many rows that refer to each other go in with one statement per table.
    """
    table = model.__tablename__
    if session.get_bind().dialect.name == "sqlite":  # the write lock is ours: nobody else takes the next ones
        last = session.scalar(select(func.max(model.__table__.c.id))) or 0
        return range(last + 1, last + 1 + count)
    numbers = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return session.scalars(numbers, {"name": table, "count": count}).all()


def insert_rows(session: Session, model: type[Model], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert ``rows`` (column name to value, the same columns in each) with one statement."""
    if rows:
        session.execute(insert(model.__table__), rows)  # type: ignore[arg-type]


def prepare_engine(engine: Engine) -> None:
    """Give every new connection of ``engine`` our modes. Call once per engine, right after it was made."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, in _begin
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT}",
        "journal_mode = WAL",
        "synchronous = FULL",  # NORMAL does not sync on commit: a receipt could outlive its row
        "foreign_keys = ON",
        "recursive_triggers = ON",  # so that REPLACE fires delete triggers too
        "secure_delete = ON",
        "cache_size = -16000",
        "trusted_schema = OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
