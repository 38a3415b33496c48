"""Searching a folded text column, in any script, with the same answer on both databases.

A query's words are folded as the texts were (``core.texts.fold``), and each of them must occur somewhere, as a word
or inside one. PostgreSQL finds words of three characters and more through a trigram index on the column; shorter
ones, such as two Chinese characters, are looked for in the rows themselves, which is slower. SQLite always looks in
the rows: 100,000 texts of 400 characters take about 0.1 s. (An FTS5 table that triggers keep would be quicker, but
SQLite 3.40 calls that unsafe under ``trusted_schema = OFF``.)
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import QueryableAttribute

from core.localized import clean
from core.texts import fold

LONGEST_QUERY = 400
"""Characters of a query that count; nobody types more, and both databases limit the size of an expression."""


def words(query: str) -> list[str]:
    """The folded words of what somebody typed, each once."""
    return list(dict.fromkeys(fold(clean(query[:LONGEST_QUERY])).split()))


def matches(searched: QueryableAttribute[Any], query: str) -> ColumnElement[bool]:
    """The rows in whose folded column ``searched`` every word of ``query`` occurs; all rows when there is no word.

    Whatever is typed is meant literally: ``%``, ``_``, quotes and operators are characters like any other.
    """
    return and_(true(), *(searched.contains(word, autoescape=True) for word in words(query)))
