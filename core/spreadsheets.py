"""Rows of tables that people hand over, as CSV or XLSX: one reader for every import. Pure.

What is wrong names its row, as a spreadsheet counts them (the heading is row 1), and its column. Faults in the file or
its heading are raised at once, faults in rows together after the last one: what reads must take nothing for granted
before it has come to the end.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core import workbooks
from core.errors import DomainError, raise_all
from core.localized import clean

FAULT_LIMIT = 50
"""So many faults are named; whoever has more corrects these first."""
TEXT_LIMIT = 200_000_000
"""Bytes of a text file that are read at all; each import has limits of its own."""

# A cell that is too long is told with its row and column; the reader itself must not stop at it before.
csv.field_size_limit(TEXT_LIMIT)

_DELIMITERS = (",", ";", "\t")
_CSV_NAMES = (".csv", ".tsv", ".txt")
_FILLED = re.compile(r"[^\r\n]*\w[^\r\n]*")
_LOOKED_AT = 100_000  # characters of a heading
_ZIP = b"PK\x03\x04"
_LOCKED = b"\xd0\xcf\x11\xe0"  # Office puts what has a password into a file of the old kind
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read. A register of 75,000 people fills about a tenth of it."""

    size: int = 60_000_000
    unpacked: int = 300_000_000
    rows: int = 200_000
    columns: int = 60
    cell: int = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the spreadsheet, and its cells by column, cleaned and trimmed."""

    number: int
    cells: Mapping[str, str]


def rows(
    source: bytes | Path,
    name: str,
    *,
    wanted: Sequence[str] = (),
    encoding: str = "",
    limits: Limits = Limits(),
) -> Iterator[Row]:
    """The rows of a CSV or XLSX file, empty ones passed over, each as columns and cells.

    ``name`` is the file's name, which says what kind it is. ``wanted`` columns must be there; case does not matter,
    and rows carry the names as ``wanted`` writes them. CSV is UTF-8, or UTF-16 with its mark, or ``encoding``; its
    delimiter is found.

    Raises DomainError at once: ``file_kind``, ``file_too_large`` (``limit``), ``file_empty``, ``file_unreadable``,
    ``file_locked``, ``file_unpacks_too_large``, ``encoding_unknown``, ``file_not_in_encoding`` (``line``, ``column``),
    ``file_has_nul`` (``line``, ``column``), ``csv_broken`` (``row``), ``column_missing``, ``column_twice``,
    ``columns_too_many``, ``rows_too_many`` (``limit``). After the last row, together: ``row_length`` (``row``,
    ``expected``, ``found``), ``column_unnamed``, ``cell_too_long`` and ``cell_unreadable`` (``row``, ``column``).
    """
    data = _read(source, limits)
    is_workbook = data.startswith(_ZIP)
    suffix = Path(name.lower()).suffix
    if suffix != ".xlsx" and (suffix not in _CSV_NAMES or is_workbook):
        raise DomainError("file_kind")
    if suffix == ".xlsx":
        if not is_workbook:
            raise DomainError("file_locked" if data.startswith(_LOCKED) else "file_unreadable")
        lines = workbooks.read(data, limits.unpacked, limits.rows, limits.columns)
        return _table(enumerate(lines, start=1), wanted, limits)
    text = decode(data, encoding or _encoding_of(data), limits.size)
    del data
    return _table(records(text, delimiter_of(text), first=1), wanted, limits)


def decode(data: bytes, encoding: str, limit: int = TEXT_LIMIT) -> str:
    """A file's text. Raises ``file_too_large``, ``encoding_unknown``, ``file_not_in_encoding`` (``line``, ``column``,
    ``encoding``) or ``file_has_nul`` (``line``, ``column``)."""
    if len(data) > limit:
        raise DomainError("file_too_large", limit=limit)
    name = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        place = _place(_readable(error.object[: error.start], name))
        raise DomainError("file_not_in_encoding", **place, encoding=encoding[:40]) from None
    except (LookupError, ValueError):  # ValueError: encodings that are none of texts
        raise DomainError("encoding_unknown", encoding=clean(encoding)[:40]) from None
    before, nul, _after = text.partition("\0")
    if nul:
        raise DomainError("file_has_nul", **_place(before))
    return text


def records(text: str, delimiter: str, *, first: int = 0) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV text, the heading first, numbered from ``first``. Raises ``csv_broken`` (``row``,
    ``reason``)."""
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    number = first
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DomainError("csv_broken", row=number, reason=str(error)) from None
        yield number, record
        number += 1


def delimiter_of(text: str) -> str:
    """Comma, semicolon or tab: whichever parts the heading into the most columns."""
    start = text[:_LOOKED_AT]
    filled = _FILLED.search(start)
    heading = filled[0] if filled else start
    unquoted = "".join(heading.split('"')[::2])
    return max(_DELIMITERS, key=unquoted.count)


def _read(source: bytes | Path, limits: Limits) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as file:
            source = file.read(limits.size + 1)
    if len(source) > limits.size:
        raise DomainError("file_too_large", limit=limits.size)
    if not source.strip():
        raise DomainError("file_empty")
    return source


def _encoding_of(data: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")


def _lines(text: str) -> Iterator[str]:
    """``text`` line by line, each with its end, without a second copy of all of it."""
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    start, size = 0, len(text)
    while start < size:
        end = text.find("\n", start) + 1 or size
        yield text[start:end]
        start = end


def _readable(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "ignore")
    except UnicodeError:  # an encoding that cannot pass over anything
        return ""


def _place(before: str) -> dict[str, int]:
    """Line and column, counted from 1 in characters, of what comes after the text ``before``."""
    return {"line": before.count("\n") + 1, "column": len(before) - before.rfind("\n")}


# Tables --------------------------------------------------------------------------------------------------------------


def _table(numbered: Iterator[tuple[int, list[str]]], wanted: Sequence[str], limits: Limits) -> Iterator[Row]:
    """The heading is read at once, so that what is wrong with it is said before any row is."""
    for _number, cells in numbered:
        if any(cell.strip() for cell in cells):
            return _rows(numbered, _heading(cells, wanted, limits), limits)
    raise DomainError("file_empty")


def _heading(cells: Sequence[str], wanted: Sequence[str], limits: Limits) -> list[str]:
    if len(cells) > limits.columns:
        raise DomainError("columns_too_many", limit=limits.columns)
    spelt = {name.casefold(): name for name in wanted}
    names = [clean(cell)[:80].strip() for cell in cells]
    names = [spelt.get(name.casefold(), name) for name in names]
    folded = [name.casefold() for name in names]
    errors = [DomainError("column_missing", column=name) for name in wanted if name not in names]
    errors += [
        DomainError("column_twice", column=name)
        for place, name in enumerate(names)
        if name and folded.index(folded[place]) < place
    ]
    raise_all(errors[:FAULT_LIMIT])
    return names


def _rows(numbered: Iterator[tuple[int, list[str]]], heading: Sequence[str], limits: Limits) -> Iterator[Row]:
    errors: list[DomainError] = []
    width, count, named = len(heading), 0, all(heading)
    for number, cells in numbered:
        line = "".join(cells)
        if not line or line.isspace():
            continue
        count += 1
        if count > limits.rows:
            raise DomainError("rows_too_many", limit=limits.rows)
        if len(cells) != width:
            errors.append(DomainError("row_length", row=number, expected=width, found=len(cells)))
        elif named and line.isprintable() and max(map(len, cells)) <= limits.cell:
            if (
                not errors
            ):  # nearly every row of a large table: nothing in it needs to be taken out, or can be wrong
                yield Row(number, dict(zip(heading, [cell.strip() for cell in cells], strict=True)))
        else:
            found: dict[str, str] = {}
            for place, (name, cell) in enumerate(zip(heading, cells, strict=True)):
                text = clean(cell)
                if text and not name:
                    errors.append(DomainError("column_unnamed", row=number, column=_letters(place)))
                elif len(text) > limits.cell:
                    errors.append(DomainError("cell_too_long", row=number, column=name, limit=limits.cell))
                elif "\0" in cell:
                    errors.append(DomainError("cell_unreadable", row=number, column=name))
                elif name:
                    found[name] = text
            if not errors:
                yield Row(number, found)
        if len(errors) >= FAULT_LIMIT:
            break
    raise_all(errors[:FAULT_LIMIT])


def _letters(place: int) -> str:
    """A column as spreadsheets name it: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
