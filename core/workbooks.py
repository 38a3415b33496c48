"""Opening an XLSX file that somebody sent, without trusting it. Pure.

An XLSX file is a ZIP of XML. Before a reader sees any of it, it is unpacked here piece by piece, up to a limit, and
looked through: a file that unpacks without end, names cells at the far end of an endless sheet, or carries a DTD is
refused. The reader gets only the parts that hold cells, packed anew, so that it reads what was measured.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time

import python_calamine

from core.errors import DomainError

PARTS_LIMIT = 500
"""Files in one workbook; an honest one has some dozens."""

_WANTED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:[^/]+\.xml|_rels/[^/]+|worksheets/[^/]+\.xml)"
)
_SHEET = re.compile(r"xl/worksheets/")
_FACT = rb"""\s+[^\s=<>/"']+\s*=\s*(?:"[^"<]*"|'[^'<]*')"""
_TAG = re.compile(
    rb"""<(?:[^\s<>/:"']+:)?(?P<tag>row|c)(?=[\s/>])"""
    rb"""(?:(?:\s+r\s*=\s*["'](?P<letters>[A-Za-z]*)(?P<row>[0-9]*)["'])?(?P<facts>(?:"""
    + _FACT
    + rb""")*+)\s*/?>)?"""
)
"""A row or cell, with its place if that stands first; no ``facts`` where its attributes are not well formed."""
_PLACE = re.compile(rb"""\s+r\s*=\s*["'](?P<letters>[A-Za-z]*)(?P<row>[0-9]*)["']""")
_ONE_FACT = re.compile(_FACT)
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LONGEST_PLACE = 12
_LONGEST_TEXT = 1_000_000
"""Bytes between two marks; a cell of a spreadsheet holds at most 32,767 characters."""
_PIECE = 64 * 1024


def read(data: bytes, unpacked: int, rows: int, columns: int) -> Iterator[list[str]]:
    """The cells of the first sheet as text, row by row, from its first filled row on and all of the same length.

    Whole numbers have no decimals, days are ISO days. Raises DomainError ``file_unreadable``, ``file_locked``,
    ``file_unpacks_too_large`` (``limit``), ``rows_too_many`` or ``columns_too_many`` (``limit``).
    """
    packed = _packed_anew(data, unpacked, rows, columns)
    try:
        with python_calamine.load_workbook(packed) as book:
            sheet = book.get_sheet_by_index(0)
            for row in sheet.iter_rows():
                yield [as_text(cell) for cell in row]
    except python_calamine.PasswordError:
        raise DomainError("file_locked") from None
    except (python_calamine.CalamineError, python_calamine.WorksheetNotFound, OSError, IndexError):
        raise DomainError("file_unreadable") from None


def as_text(value: object) -> str:
    """A cell as it would be written into a CSV file: 12 and not 12.0, 2027-03-14 and not a moment."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == time()
            else value.isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _packed_anew(data: bytes, limit: int, rows: int, columns: int) -> io.BytesIO:
    left = limit
    anew = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as sent, zipfile.ZipFile(anew, "w") as packed:
            parts = sent.infolist()
            if len(parts) > PARTS_LIMIT:
                raise DomainError("file_unreadable")
            for part in parts:
                if not _WANTED.fullmatch(part.filename):
                    continue
                content = _unpacked(sent, part, left, limit)
                left -= len(content)
                _look_through(part.filename, content, rows, columns)
                packed.writestr(part.filename, content)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError):
        raise DomainError("file_unreadable") from None
    except RuntimeError:  # zipfile's word for a password
        raise DomainError("file_locked") from None
    anew.seek(0)
    return anew


def _unpacked(sent: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, limit: int) -> bytes:
    """One part's content, whatever size it claims to have."""
    content = bytearray()
    with sent.open(part) as stream:
        while piece := stream.read(_PIECE):
            content += piece
            if len(content) > left:
                raise DomainError("file_unpacks_too_large", limit=limit)
    return bytes(content)


def _look_through(name: str, content: bytes, rows: int, columns: int) -> None:
    if b"\0" in content or _DTD.search(content) or _has_endless_text(content):
        raise DomainError("file_unreadable")
    if not _SHEET.match(name):
        return
    _look_at_places(content, rows, columns)


def _has_endless_text(content: bytes) -> bool:
    """Whether somewhere no mark follows for longer than any cell may be."""
    start = 0
    while start + _LONGEST_TEXT < len(content):
        start = content.rfind(b"<", start, start + _LONGEST_TEXT) + 1
        if not start:
            return True
    return False


def _look_at_places(content: bytes, rows: int, columns: int) -> None:
    """Refuse a sheet whose cells reach too far: a reader makes room for all between the first and the last.

    A row or cell that names no place is the next one.
    """
    row = column = row_tags = cell_tags = 0
    last = rows + 1  # the heading is a row, too
    numbers: dict[bytes, int] = {}
    for found in _TAG.finditer(content):
        tag, letters, digits, facts = found.groups()
        if facts is None:
            raise DomainError("file_unreadable")
        if digits is None:
            letters, digits = _place(facts)
        if len(letters) + len(digits) > _LONGEST_PLACE:
            raise DomainError("file_unreadable")
        at = int(digits) if digits else 0
        if tag == b"row":
            row = at or row + 1
            row_tags += 1
            column = cell_tags = 0
        else:
            column = numbers.get(letters) or numbers.setdefault(letters, _number(letters)) or column + 1
            cell_tags += 1
        if row > last or at > last or row_tags > last:
            raise DomainError("rows_too_many", limit=rows)
        if column > columns or cell_tags > columns:
            raise DomainError("columns_too_many", limit=columns)


def _place(facts: bytes) -> tuple[bytes, bytes]:
    """Letters and digits of the place among what a row or cell says of itself; both empty if it names none."""
    for fact in _ONE_FACT.findall(facts):
        if fact.split(b"=", 1)[0].strip() == b"r":
            place = _PLACE.fullmatch(fact)
            if place is None:
                raise DomainError("file_unreadable")
            return place["letters"], place["row"]
    return b"", b""


def _number(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column
