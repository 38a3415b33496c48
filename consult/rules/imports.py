"""Reading submissions from a CSV file by a map of its columns. Pure.

The map (TOML) names the file's encoding, the column that identifies a row, defaults, how values of a column become
kinds of author, and which columns hold texts on which unit. Every fault names its row and column; when one row is
wrong, nothing is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from consult.rules import submissions
from consult.rules.submissions import NewSubmission
from core import spreadsheets
from core.errors import DomainError, raise_all
from core.localized import clean


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column whose cells are submissions about ``unit`` (empty: the whole draft)."""

    column: str
    unit: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ImportMap:
    """How the columns of a file become submissions."""

    columns: Sequence[TextColumn]
    encoding: str = "utf-8"
    delimiter: str = ","
    row_key: str | None = None
    language: str = ""
    channel: str = submissions.Channel.IMPORT.value
    author_kind: str = submissions.AuthorKind.PERSON.value
    publish: bool = False
    received_on: date | None = None
    author_column: str | None = None
    author_kinds: Mapping[str, str] = field(default_factory=dict)
    language_column: str | None = None
    channel_column: str | None = None
    received_column: str | None = None
    unit_column: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedText:
    """One submission read from a file: where it stood, what identifies it there, and its facts."""

    row: int
    column: str
    key: str
    unit: str
    submission: NewSubmission


_TABLES: dict[str, dict[str, type]] = {
    "file": {"encoding": str, "delimiter": str, "row_key": str},
    "defaults": {
        "language": str,
        "channel": str,
        "author_kind": str,
        "publish": bool,
        "received_on": date,
    },
    "author_kind": {"column": str, "values": dict},
    "language": {"column": str},
    "channel": {"column": str},
    "received_on": {"column": str},
    "unit": {"column": str},
}


def read_map(tables: Mapping[str, object]) -> ImportMap:
    """An import map from parsed TOML. Raises, together, ``map_key_unknown`` (``key``), ``map_value`` (``key``) and
    ``map_columns_missing``."""
    errors: list[DomainError] = []
    read: dict[str, dict[str, object]] = {}
    for name, value in tables.items():
        if name == "columns":
            continue
        known = _TABLES.get(name)
        if known is None or not isinstance(value, Mapping):
            errors.append(DomainError("map_key_unknown", key=name))
            continue
        for key, inner in value.items():
            if key not in known:
                errors.append(DomainError("map_key_unknown", key=f"{name}.{key}"))
            elif not _fits(key, inner, known[key]):
                errors.append(DomainError("map_value", key=f"{name}.{key}"))
        read[name] = dict(value)
    columns = _read_columns(tables.get("columns"), errors)
    raise_all(errors)
    values = read.get("author_kind", {}).get("values", {})
    file, defaults = read.get("file", {}), read.get("defaults", {})
    return ImportMap(
        columns=columns,
        author_column=read.get("author_kind", {}).get("column"),  # type: ignore[arg-type]
        author_kinds={str(k): str(v) for k, v in values.items()},  # type: ignore[attr-defined]
        language_column=read.get("language", {}).get("column"),  # type: ignore[arg-type]
        channel_column=read.get("channel", {}).get("column"),  # type: ignore[arg-type]
        received_column=read.get("received_on", {}).get("column"),  # type: ignore[arg-type]
        unit_column=read.get("unit", {}).get("column"),  # type: ignore[arg-type]
        **file,  # type: ignore[arg-type]
        **defaults,  # type: ignore[arg-type]
    )


def _fits(key: str, value: object, kind: type) -> bool:
    """Whether a value of the map is of its kind, and can be what it stands for."""
    if not isinstance(value, kind) or isinstance(value, datetime):  # a datetime is a date, too
        return False
    if key == "delimiter":
        return len(str(value)) == 1 and str(value) not in '"\r\n\0'
    return key != "row_key" or bool(value)


def _read_columns(value: object, errors: list[DomainError]) -> list[TextColumn]:
    if not isinstance(value, list) or not value:
        errors.append(DomainError("map_columns_missing"))
        return []
    columns = []
    for entry in value:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("column"), str):
            errors.append(DomainError("map_columns_missing"))
            continue
        for key in set(entry) - {"column", "unit", "kind"}:
            errors.append(DomainError("map_key_unknown", key=f"columns.{key}"))
        columns.append(
            TextColumn(
                str(entry["column"]),
                str(entry.get("unit", "")),
                str(entry["kind"]) if entry.get("kind") else None,
            )
        )
    return columns


def read_rows(text: str, mapping: ImportMap, units: Sequence[str], today: date) -> list[ImportedText]:
    """Every non-empty cell of the mapped columns as a submission, in the file's order.

    ``units`` are the numbers of the draft's measures. Rows count from 1 for the first row under the heading. Raises
    together (at most 50): ``column_missing``, ``column_twice``, ``unit_not_in_draft`` (``unit``), ``row_length``
    (``row``, ``expected``, ``found``), ``row_key_missing`` (``row``), ``row_key_twice`` (``row``, ``first_row``),
    ``value_not_mapped`` (``row``, ``column``, ``value``), ``day_unreadable`` and ``day_in_future`` (``row``,
    ``column``), ``cell`` (``row``, ``column``, and ``cause``, the submission's own error), ``csv_broken`` (``row``,
    ``reason``) and ``file_empty``.
    """
    numbered = spreadsheets.records(text, mapping.delimiter)
    _row, heading = next(numbered, (0, None))
    if heading is None:
        raise DomainError("file_empty")
    places = {name.strip(): place for place, name in enumerate(heading)}
    _check_heading(heading, mapping, units)
    reading = _Reading(mapping, places, len(heading), frozenset(units), today)
    texts: list[ImportedText] = []
    for number, row in _until_broken(numbered, reading.errors):
        if row:
            texts += reading.row(number, row)
        if len(reading.errors) >= spreadsheets.FAULT_LIMIT:
            break
    raise_all(reading.errors[: spreadsheets.FAULT_LIMIT])
    if not texts:
        raise DomainError("file_empty")
    return texts


def _until_broken(
    numbered: Iterator[tuple[int, list[str]]], errors: list[DomainError]
) -> Iterator[tuple[int, list[str]]]:
    """The rows up to one that is no CSV, which becomes a fault among the others."""
    try:
        yield from numbered
    except DomainError as error:
        errors.append(error)


def _check_heading(heading: Sequence[str], mapping: ImportMap, units: Sequence[str]) -> None:
    names = [name.strip() for name in heading]
    wanted = [text.column for text in mapping.columns]
    wanted += [
        name
        for name in (
            mapping.row_key,
            mapping.author_column,
            mapping.language_column,
            mapping.channel_column,
            mapping.received_column,
            mapping.unit_column,
        )
        if name
    ]
    errors = [
        DomainError("column_missing", column=name[:80]) for name in dict.fromkeys(wanted) if name not in names
    ]
    errors += [
        DomainError("column_twice", column=name[:80])
        for name in dict.fromkeys(wanted)
        if names.count(name) > 1 or [text.column for text in mapping.columns].count(name) > 1
    ]
    errors += [
        DomainError("unit_not_in_draft", unit=text.unit[:40], column=text.column[:80])
        for text in mapping.columns
        if text.unit and text.unit not in units
    ]
    raise_all(errors)


class _Reading:
    """The state of one pass over a file: faults so far and the row keys already seen."""

    def __init__(
        self,
        mapping: ImportMap,
        places: dict[str, int],
        width: int,
        units: frozenset[str],
        today: date,
    ) -> None:
        self.mapping, self.places, self.width, self.units = mapping, places, width, units
        self.today = today
        self.errors: list[DomainError] = []
        self.seen: dict[str, int] = {}

    def row(self, number: int, row: list[str]) -> list[ImportedText]:
        if len(row) != self.width:
            self.errors.append(DomainError("row_length", row=number, expected=self.width, found=len(row)))
            return []
        key = self._key(number, row)
        facts = self._facts(number, row)
        if key is None or facts is None:
            return []
        texts = []
        own_unit = self._unit(number, row) if self.mapping.unit_column else None
        for column in self.mapping.columns:
            cell = row[self.places[column.column]]
            text = clean(cell)
            if not text:
                continue
            unit = column.unit if own_unit is None else own_unit
            submission = NewSubmission(unit_id=None, text=text, kind=column.kind, **facts)  # type: ignore[arg-type]
            try:
                submissions.check_submission(submission, kind_required=False)
            except DomainError as error:
                self.errors += [
                    DomainError("cell", row=number, column=column.column, cause=cause)
                    for cause in error.all()
                ]
                continue
            texts.append(ImportedText(number, column.column, f"{key}\0{column.column}", unit, submission))
        return texts

    def _key(self, number: int, row: list[str]) -> str | None:
        if self.mapping.row_key is None:
            base = "\x1f".join(row)
            self.seen[base] = (
                self.seen.get(base, 0) + 1
            )  # equal rows are different submissions, in their order
            return f"{base}\x1f{self.seen[base]}"
        key = row[self.places[self.mapping.row_key]].strip()
        if not key:
            self.errors.append(DomainError("row_key_missing", row=number, column=self.mapping.row_key))
            return None
        if key in self.seen:
            self.errors.append(
                DomainError(
                    "row_key_twice", row=number, column=self.mapping.row_key, first_row=self.seen[key]
                )
            )
            return None
        self.seen[key] = number
        return key

    def _facts(self, number: int, row: list[str]) -> dict[str, object] | None:
        mapping = self.mapping
        facts: dict[str, object] = {
            "language": mapping.language,
            "channel": mapping.channel,
            "author_kind": mapping.author_kind,
            "received_on": mapping.received_on,
        }
        if mapping.author_column:
            value = row[self.places[mapping.author_column]].strip()
            if value not in mapping.author_kinds:
                self._not_mapped(number, mapping.author_column, value)
                return None
            facts["author_kind"] = mapping.author_kinds[value]
        if mapping.language_column:
            facts["language"] = row[self.places[mapping.language_column]].strip() or mapping.language
        if mapping.channel_column:
            facts["channel"] = row[self.places[mapping.channel_column]].strip() or mapping.channel
        if mapping.received_column:
            day = row[self.places[mapping.received_column]].strip()[:10]
            try:
                facts["received_on"] = date.fromisoformat(day)
            except ValueError:
                self.errors.append(DomainError("day_unreadable", row=number, column=mapping.received_column))
                return None
        received_on = facts["received_on"]
        if isinstance(received_on, date) and received_on > self.today:
            column = mapping.received_column or "received_on"
            self.errors.append(DomainError("day_in_future", row=number, column=column))
            return None
        return facts

    def _unit(self, number: int, row: list[str]) -> str:
        unit = row[self.places[str(self.mapping.unit_column)]].strip()
        if unit and unit not in self.units:
            self._not_mapped(number, str(self.mapping.unit_column), unit)
        return unit

    def _not_mapped(self, row: int, column: str, value: str) -> None:
        self.errors.append(DomainError("value_not_mapped", row=row, column=column, value=clean(value)[:80]))
