"""Long lists written piece by piece: CSV that a spreadsheet shows and never runs, and JSON.

CSV is UTF-8 *with* a byte order mark: without it Excel reads Arabic or Ukrainian as rubbish, and whoever takes a
register along opens it there. Programs read it as ``utf-8-sig``, or take the JSON. Lines end as RFC 4180 says.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy.orm import Session

from core.db import db

MARK = "\ufeff"

# What spreadsheets take for the beginning of a formula, in half and in full width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BATCH = 200


def neutral(value: object) -> object:
    """``value`` as a cell: a text that a spreadsheet could run gets an apostrophe in front, NUL is taken out.

    Numbers stay numbers, None is an empty cell.
    """
    if not isinstance(value, str):
        return "" if value is None else value
    changed = value.replace("\0", "\ufffd")
    return f"'{changed}" if value.startswith((*_FORMULA, "\0")) else changed


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The table in pieces of some hundred lines, the mark and the header first; every cell is ``neutral``."""
    buffer = io.StringIO()
    buffer.write(MARK)
    writer = csv.writer(buffer, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([neutral(name) for name in header])
    for count, row in enumerate(rows, start=1):
        writer.writerow([neutral(cell) for cell in row])
        if count % _BATCH == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def json_text(head: Mapping[str, object], name: str, items: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The object ``head`` (which must have a member) with the list ``name`` as its last one, an item a line."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + f', "{name}": ['
    comma = "\n"
    lines: list[str] = []
    for count, item in enumerate(items, start=1):
        lines.append(comma + json.dumps(item, ensure_ascii=False))
        comma = ",\n"
        if count % _BATCH == 0:
            yield "".join(lines)
            lines = []
    yield "".join(lines) + "\n]}\n"


Piece = TypeVar("Piece", str, bytes)


def of_one_moment(pieces: Callable[[Session], Iterator[Piece]]) -> Iterator[Piece]:
    """The ``pieces`` of one file, all read from one moment.

    To be consumed inside ``stream_with_context``: a request's session ends before its answer is streamed, so whatever
    the file holds must be read in here.
    """
    session = db.session()
    one_moment(session)
    try:
        yield from pieces(session)
    finally:
        session.rollback()


def one_moment(session: Session) -> None:
    """Let everything that ``session`` reads from here on be of one moment, so that long reads add up.

    Ends the read that had begun. SQLite's reads are of one moment anyway.
    """
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
