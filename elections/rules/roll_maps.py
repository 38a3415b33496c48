"""How the columns of a city's register become facts about a person: a mapping that each city writes once. Pure.

```toml
[columns]
name = ["Vorname", "Nachname"]        # several columns are joined by a blank
street = "Anschrift"
postcode = "PLZ"
register_id = "Lfd. Nr."
born_on = "Geburtsdatum"
resident_since = "Einzug"
citizenship = ["1. Staatsangeh.", "2. Staatsangeh."]

[values.citizenship]                  # what stands in the cells, and what it means
DEU = "citizen"
"*" = "foreign"                       # everything else

[possible]
citizenship = ["naturalised"]         # what this register cannot rule out
```

``citizen`` is the country's own citizenship: together with ``foreign`` it makes ``dual``, alone it is none of the groups.
Faults name row and column, never what stood there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.errors import DomainError, raise_all
from core.spreadsheets import Row
from elections.eligibility.facts import Citizenship, Exclusion, Facts

NEEDED = ("name", "street", "postcode")
LETTER = ("city", "language")
DAYS = ("born_on", "resident_since", "lawful_since")
TRUTHS = ("lives_here", "stays_lawfully", "born_abroad")
GROUPS = ("citizenship", "exclusions")
COLUMNS = (*NEEDED, *LETTER, "register_id", *DAYS, *TRUTHS, *GROUPS)
CELL_LENGTH = 200
CITIZEN, NONE, UNKNOWN, ANYTHING = "citizen", "none", "unknown", "*"

_YES_NO = {
    "yes": True, "ja": True, "true": True, "1": True, "x": True,
    "no": False, "nein": False, "false": False, "0": False,
}  # fmt: skip
_MEANINGS: Mapping[str, frozenset[str]] = {
    "citizenship": frozenset({CITIZEN, NONE, UNKNOWN, *(each.value for each in Citizenship)}),
    "exclusions": frozenset({NONE, UNKNOWN, *(each.value for each in Exclusion)}),
}


@dataclass(frozen=True, slots=True)
class RollMap:
    """A mapping that was read and found sound."""

    columns: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    possible: frozenset[Citizenship] = frozenset()
    encoding: str = ""

    @property
    def wanted(self) -> list[str]:
        """The columns that the file must have."""
        return list(dict.fromkeys(name for names in self.columns.values() for name in names))


def read_map(tables: Mapping[str, Any]) -> RollMap:
    """A mapping from its TOML tables. Raises, together, ``map_unknown`` (``key``), ``map_missing`` (``key``),
    ``map_column`` (``key``) and ``map_value`` (``key``, ``value``)."""
    errors = [
        DomainError("map_unknown", key=str(key)[:40])
        for key in tables
        if key not in ("columns", "values", "possible", "encoding")
    ]
    columns = _table(tables, "columns", errors)
    values = _table(tables, "values", errors)
    errors += [DomainError("map_unknown", key=f"columns.{key}"[:60]) for key in columns if key not in COLUMNS]
    errors += [DomainError("map_missing", key=f"columns.{key}") for key in NEEDED if key not in columns]
    named: dict[str, tuple[str, ...]] = {}
    for key, given in columns.items():
        names = [given] if isinstance(given, str) else given
        if (
            not isinstance(names, list)
            or not names
            or not all(isinstance(n, str) and n.strip() for n in names)
        ):
            errors.append(DomainError("map_column", key=f"columns.{key}"[:60]))
        else:
            named[key] = tuple(names)
    meanings = {}
    for key in values:
        if key not in (*GROUPS, *TRUTHS, "language"):
            errors.append(DomainError("map_unknown", key=f"values.{key}"[:60]))
            continue
        meanings[key] = dict(_meanings(key, _table(values, key, errors, "values."), errors))
    return _finished(tables, named, meanings, errors)


def _finished(
    tables: Mapping[str, Any],
    columns: Mapping[str, tuple[str, ...]],
    values: Mapping[str, Mapping[str, str]],
    errors: list[DomainError],
) -> RollMap:
    possible = _table(tables, "possible", errors).get("citizenship", [])
    known = {each.value: each for each in Citizenship}
    for each in possible if isinstance(possible, list) else [possible]:
        if not isinstance(each, str) or each not in known:
            errors.append(DomainError("map_value", key="possible.citizenship", value=str(each)[:40]))
    for key in GROUPS:
        if key in columns and key not in values:
            errors.append(DomainError("map_missing", key=f"values.{key}"))
    encoding = tables.get("encoding", "")
    if not isinstance(encoding, str):
        errors.append(DomainError("map_value", key="encoding", value=str(encoding)[:40]))
    raise_all(errors)
    return RollMap(columns, values, frozenset(known[each] for each in possible), encoding)


def _table(
    tables: Mapping[str, Any], key: str, errors: list[DomainError], before: str = ""
) -> Mapping[str, Any]:
    table = tables.get(key, {})
    if isinstance(table, Mapping):
        return table
    errors.append(DomainError("map_unknown", key=before + key))
    return {}


def _meanings(key: str, table: Mapping[str, Any], errors: list[DomainError]) -> Iterator[tuple[str, str]]:
    for cell, meaning in table.items():
        text = ("no", "yes")[meaning] if isinstance(meaning, bool) else str(meaning)
        if key in GROUPS:
            fits = text in _MEANINGS[key]
        else:
            fits = key == "language" or text in ("yes", "no", UNKNOWN)
        if fits:
            yield cell.strip().casefold(), text
        else:
            errors.append(DomainError("map_value", key=f"values.{key}", value=str(meaning)[:40]))


@dataclass(slots=True, repr=False)
class Read:
    """One row of the register, understood: what the letter needs, and facts for one evaluation."""

    row: int
    name: str
    street: str
    postcode: str
    city: str
    language: str
    register_id: str
    facts: Facts

    def __repr__(self) -> str:
        return f"Read(row={self.row}, withheld)"


class Reader:
    """Reads rows by a mapping and collects what is wrong with them. It lives as long as one import."""

    def __init__(self, mapping: RollMap, languages: Sequence[str], limit: int) -> None:
        self.mapping = mapping
        self.languages = frozenset(languages)
        self.default = languages[0]
        self.limit = limit
        self.errors: list[DomainError] = []
        self._columns = {key: mapping.columns.get(key, ()) for key in COLUMNS}
        # Registers say the same few things again and again; what they mean is forgotten with this reader.
        self._languages: dict[str, str] = {}
        self._days: dict[str, date] = {}
        self._groups: dict[str, dict[tuple[str, ...], set[str]]] = {key: {} for key in GROUPS}
        self._belonging: dict[
            frozenset[str], tuple[frozenset[Citizenship] | None, frozenset[Citizenship]]
        ] = {}

    def read(self, row: Row) -> Read:
        """One row. What is wrong with it is in ``errors``: ``cell_empty``, ``cell_too_long``, ``cell_not_a_day``,
        ``cell_not_understood``, each with ``row`` and ``column``."""
        return Read(
            row.number,
            self._needed(row, "name"),
            self._needed(row, "street"),
            self._needed(row, "postcode"),
            self._text(row, "city"),
            self._language(row),
            self._text(row, "register_id"),
            self._facts(row),
        )

    def fault(self, code: str, row: Row, column: str, **more: object) -> None:
        """Note what is wrong, as far as there is room."""
        if len(self.errors) < self.limit:
            self.errors.append(DomainError(code, row=row.number, column=column, **more))

    def _text(self, row: Row, key: str) -> str:
        columns = self._columns[key]
        if len(columns) == 1:
            text = row.cells.get(columns[0], "")
        else:
            text = " ".join([cell for column in columns if (cell := row.cells.get(column, ""))])
        if len(text) > CELL_LENGTH:
            self.fault("cell_too_long", row, columns[0], limit=CELL_LENGTH)
            return ""
        return text

    def _needed(self, row: Row, key: str) -> str:
        text = self._text(row, key)
        if not text:
            self.fault("cell_empty", row, self.mapping.columns[key][0])
        return text

    def _language(self, row: Row) -> str:
        text = self._text(row, "language")
        if text not in self._languages:
            self._languages[text] = self._language_of(text.casefold())
        return self._languages[text]

    def _language_of(self, text: str) -> str:
        meanings = self.mapping.values.get("language", {})
        language = meanings.get(text, meanings.get(ANYTHING, text) if text else "")
        return language if language in self.languages else self.default

    def _facts(self, row: Row) -> Facts:
        citizenship, possible = self._citizenship(row)
        return Facts(
            born_on=self._day(row, "born_on"),
            lives_here=self._truth(row, "lives_here"),
            resident_since=self._day(row, "resident_since"),
            citizenship=citizenship,
            citizenship_possible=possible,
            stays_lawfully=self._truth(row, "stays_lawfully"),
            lawful_since=self._day(row, "lawful_since"),
            exclusions=self._exclusions(row),
            born_abroad=self._truth(row, "born_abroad"),
        )

    def _day(self, row: Row, key: str) -> date | None:
        text = self._text(row, key) if self._columns[key] else ""
        if not text:
            return None
        if text in self._days:
            return self._days[text]
        day = _day(text)
        if day is None:
            self.fault("cell_not_a_day", row, self._columns[key][0])
        else:
            self._days[text] = day
        return day

    def _truth(self, row: Row, key: str) -> bool | None:
        if not self._columns[key]:
            return None
        text = self._text(row, key).casefold()
        if not text:
            return None
        meanings = self.mapping.values.get(key, {})
        meaning = meanings.get(text, meanings.get(ANYTHING, text))
        if meaning == UNKNOWN:
            return None
        if meaning not in _YES_NO:
            self.fault("cell_not_understood", row, self.mapping.columns[key][0])
        return _YES_NO.get(meaning)

    def _said(self, row: Row, key: str) -> set[str]:
        """What the cells of a group mean; empty ones say nothing."""
        columns = self._columns[key]
        cells = tuple([row.cells.get(column, "") for column in columns])
        known = self._groups[key].get(cells)
        if known is not None:
            return known
        meanings, said, errors = self.mapping.values.get(key, {}), set(), len(self.errors)
        for column, cell in zip(columns, cells, strict=True):
            text = cell.casefold()
            meaning = meanings.get(text, meanings.get(ANYTHING) if text else "")
            if meaning is None:
                self.fault("cell_not_understood", row, column)
            elif meaning:
                said.add(meaning)
        if len(self.errors) == errors:
            self._groups[key][cells] = said
        return said

    def _citizenship(self, row: Row) -> tuple[frozenset[Citizenship] | None, frozenset[Citizenship]]:
        said = frozenset(self._said(row, "citizenship"))
        if said not in self._belonging:
            self._belonging[said] = self._groups_of(said)
        return self._belonging[said]

    def _groups_of(
        self, said: frozenset[str]
    ) -> tuple[frozenset[Citizenship] | None, frozenset[Citizenship]]:
        """The groups that follow from what a register says, and those it cannot rule out."""
        if not said or UNKNOWN in said:
            return None, frozenset()
        groups = {each for each in Citizenship if each.value in said}
        if CITIZEN in said and Citizenship.FOREIGN in groups:
            groups = (groups - {Citizenship.FOREIGN}) | {Citizenship.DUAL}
        possible = self.mapping.possible if CITIZEN in said else frozenset[Citizenship]()
        return frozenset(groups), possible - groups

    def _exclusions(self, row: Row) -> frozenset[Exclusion] | None:
        """A register names who is excluded: an empty cell of it says that somebody is not."""
        if "exclusions" not in self.mapping.columns:
            return None
        said = self._said(row, "exclusions")
        if not said:
            return frozenset()
        return None if UNKNOWN in said else frozenset(each for each in Exclusion if each.value in said)


def _day(text: str) -> date | None:
    """A day as registers write it: ``1990-05-31``, ``31.05.1990``, or a spreadsheet's day with an empty hour."""
    day = text.removesuffix(" 00:00:00").removesuffix("T00:00:00")
    try:
        if day[-5:-4] == "." and day.isascii() and day.replace(".", "", 2).isdigit():
            first, second, year = day.split(".")
            return date(int(year), int(second), int(first))
        return date.fromisoformat(day)
    except ValueError:
        return None
