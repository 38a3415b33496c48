"""Who gets a letter: the roll as a CSV table, read whole and refused whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import DomainError, raise_all
from core.spreadsheets import FAULT_LIMIT, Limits, Row, rows
from core.texts import fold

COLUMNS = ("number", "name", "street", "postcode", "city", "language")
LINE = 70
"""Characters of a cell: two lines of the address field."""
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Who a letter goes to. ``row`` is where they stand in the table."""

    row: int
    number: int
    name: str
    street: str
    postcode: str
    city: str
    language: str

    def __repr__(self) -> str:
        return "Person(withheld)"


def read_roll(path: Path, official: str, *, namesakes: bool = False) -> list[Person]:
    """Everybody in the table at ``path``, in its order; who has no language gets the ``official`` one.

    ``namesakes`` allows several people of one name at one address. Raises, all at once, what
    ``core.spreadsheets.rows`` raises, and for each row ``roll_cell_empty`` (``row``, ``column``), ``roll_number_wrong``,
    ``roll_language_wrong`` (``row``), ``roll_number_twice`` and ``roll_person_twice`` (``row``, ``first``), and
    ``roll_without_people``.
    """
    people: list[Person] = []
    errors: list[DomainError] = []
    numbers: dict[str, int] = {}
    known: dict[str, int] = {}
    try:
        for row in rows(path, path.name, wanted=COLUMNS, limits=Limits(cell=LINE)):
            cells = row.cells
            errors += _faults(row)
            first = numbers.setdefault(cells["number"], row.number)
            if first != row.number:
                errors.append(DomainError("roll_number_twice", row=row.number, first=first))
            who = fold("\n".join(cells[name] for name in ("name", "street", "postcode")))
            first = known.setdefault(who, row.number)
            if first != row.number and not namesakes:
                errors.append(DomainError("roll_person_twice", row=row.number, first=first))
            if not errors:
                people.append(_person(row, official))
    except DomainError as error:
        errors += error.all()
    raise_all(errors[:FAULT_LIMIT])
    if not people:
        raise DomainError("roll_without_people")
    return people


def _faults(row: Row) -> list[DomainError]:
    cells = row.cells
    errors = [
        DomainError("roll_cell_empty", row=row.number, column=column)
        for column in ("name", "street", "postcode", "city")
        if not cells[column]
    ]
    if not _NUMBER.fullmatch(cells["number"]):
        errors.append(DomainError("roll_number_wrong", row=row.number))
    if cells["language"] and not _LANGUAGE.fullmatch(cells["language"]):
        errors.append(DomainError("roll_language_wrong", row=row.number))
    return errors


def _person(row: Row, official: str) -> Person:
    cells = row.cells
    return Person(
        row.number,
        int(cells["number"]),
        cells["name"],
        cells["street"],
        cells["postcode"],
        cells["city"],
        cells["language"] or official,
    )
