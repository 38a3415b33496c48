"""Somebody who has all that the server has, and looks for what joins the people on a roll to the ballots of an urn.

``see`` takes everything: each row of each table with the place where the database keeps it, and the bytes of files, logs and
backups. ``find_links`` follows keys, compares values, and puts whatever can be ordered side by side: a pair of columns, places
or offsets that runs the same way for people and for ballots is a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, inspect, text

from core.db import db
from tests.city import fresh

URN = ("elections_urn", "elections_urn_credential", "elections_urn_event")
PEOPLE = "elections_roll_entry"
ALIKE = 0.85
"""Kendall's tau of two orders that have something to do with each other: for 24 people, chance stays below this."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """All that the attacker has. ``places`` are the bytes of files and backups, by name."""

    tables: Mapping[str, Sequence[Row]]
    places: Mapping[str, bytes]


@dataclass(frozen=True)
class Link:
    """What joins people and ballots: where it stands on either side, and how it was found."""

    people: str
    ballots: str
    how: str


def see(places: Mapping[str, bytes]) -> Seen:
    """Every row of every table, also of those that no model knows."""
    fresh()
    tables = {}
    with db.engine.connect() as connection:
        without = _without_rowid(connection)
        for table in inspect(connection).get_table_names():
            rows = connection.execute(text(_everything_of(table, table in without)))
            tables[table] = [_with_place(dict(row)) for row in rows.mappings()]
    return Seen(tables, places)


def _without_rowid(connection: Connection) -> set[str]:
    """Tables in which SQLite gives rows no number of their own."""
    if db.engine.dialect.name != "sqlite":
        return set()
    return set(connection.scalars(text("SELECT name FROM pragma_table_list WHERE wr = 1")))


def _everything_of(table: str, without_rowid: bool) -> str:
    if without_rowid:
        return f'SELECT * FROM "{table}"'
    if db.engine.dialect.name == "sqlite":
        return f'SELECT rowid AS "(rowid)", * FROM "{table}"'
    return f'SELECT ctid::text AS "(ctid)", xmin::text::bigint AS "(xmin)", * FROM "{table}"'


def _with_place(row: Row) -> Row:
    if "(ctid)" in row:
        page, _comma, line = row["(ctid)"].strip("()").partition(",")
        row["(ctid)"] = int(page) * 10_000 + int(line)
    return row


def without_urn(seen: Seen) -> dict[str, Sequence[Row]]:
    """All tables but the urn's, each row with its place."""
    return {name: rows for name, rows in seen.tables.items() if name not in URN}


def find_links(seen: Seen, people: Sequence[Row], ballots: Sequence[Row]) -> list[Link]:
    """What joins ``people`` (rows of the roll) to ``ballots``, given in the same order: each person's own ballot.

    The attacker does not know that order: it only says whether what was found is right.
    """
    of_people = _features(seen, people, {name for name in seen.tables if name not in URN})
    of_ballots = _features(seen, ballots, set(seen.tables))
    links = []
    for left, mine in of_people.items():
        for right, theirs in of_ballots.items():
            if mine.same(theirs):
                links.append(Link(left, right, "the same values"))
            elif abs(mine.tau(theirs)) >= ALIKE:
                links.append(Link(left, right, "the same order"))
    return links


class Feature:
    """One value for each person, or for each ballot."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = [repr(value) for value in values]
        self.telling = len({*self.values} - {"None"}) > len(values) / 2
        signs = [_sign(a, b) for a, b in combinations(values, 2)]
        self.pairs = len(signs)
        self.rising = sum(1 << place for place, sign in enumerate(signs) if sign > 0)
        self.falling = sum(1 << place for place, sign in enumerate(signs) if sign < 0)

    def same(self, other: Feature) -> bool:
        """Whether most values are those of the other, and tell people apart."""
        if not (self.telling and other.telling):
            return False
        equal = sum(a == b != "None" for a, b in zip(self.values, other.values, strict=True))
        return equal > len(self.values) / 2

    def tau(self, other: Feature) -> float:
        """Kendall's tau of both orders: 1 if they run the same way, -1 if the other way round."""
        agree = (self.rising & other.rising).bit_count() + (self.falling & other.falling).bit_count()
        differ = (self.rising & other.falling).bit_count() + (self.falling & other.rising).bit_count()
        return (agree - differ) / self.pairs


def _features(seen: Seen, own: Sequence[Row], tables: set[str]) -> dict[str, Feature]:
    """By name, one value for each of ``own`` rows: their columns and sizes, what joins to these, and where they lie."""
    found: dict[str, list[Any]] = {}
    for column in own[0]:
        values = [row[column] for row in own]
        found[column] = values
        if isinstance(values[0], str | bytes):
            found[f"size of {column}"] = [len(value or b"") for value in values]
        marks = [_mark(value) for value in values]
        if all(marks):
            found |= _offsets(seen.places, column, [mark or b"" for mark in marks])
        if len(set(map(repr, values))) < len(own):
            continue
        for table in tables:
            found |= _joined(table, seen.tables[table], column, values)
    return {name: Feature(values) for name, values in found.items()}


def _joined(table: str, rows: Sequence[Row], column: str, values: Sequence[Any]) -> dict[str, list[Any]]:
    """Columns of a table that has a row for most of ``values``."""
    found: dict[str, list[Any]] = {}
    for key in rows[0] if rows else ():
        by_value = {repr(row[key]): row for row in rows}
        mine = [by_value.get(repr(value)) for value in values]
        if sum(row is not None for row in mine) > len(values) / 2:
            for other in rows[0]:
                found[f"{table}.{other} by {key} = {column}"] = [row[other] if row else None for row in mine]
    return found


def _mark(value: Any) -> bytes | None:
    """What is looked for in files: values that cannot stand there by chance."""
    if isinstance(value, str) and len(value) >= 22:
        return value[:64].encode()
    return value[:32] if isinstance(value, bytes) and len(value) >= 16 else None


def _offsets(places: Mapping[str, bytes], column: str, marks: Sequence[bytes]) -> dict[str, list[Any]]:
    """Where the marks stand first and last in each place that has most of them, as they are or in hexadecimal digits."""
    found: dict[str, list[Any]] = {}
    for place, data in places.items():
        for form, written in (("", marks), (" in hexadecimal", [mark.hex().encode() for mark in marks])):
            if data.find(written[0]) < 0 and data.find(written[-1]) < 0:
                continue
            for end, find in (("first", data.find), ("last", data.rfind)):
                offsets = [find(mark) for mark in written]
                if sum(offset >= 0 for offset in offsets) > len(marks) / 2:
                    found[f"{end} offset of {column}{form} in {place}"] = [
                        offset if offset >= 0 else None for offset in offsets
                    ]
    return found


def _sign(a: Any, b: Any) -> int:
    if a is None or b is None or type(a) is not type(b) or isinstance(a, dict | list):
        return 0
    return (a < b) - (a > b)
