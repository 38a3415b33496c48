"""Hostile files in every form of the office that takes one: a clear message, nothing changed, no memory eaten."""

from __future__ import annotations

import io
import resource
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask

from core.db import db
from elections.models.roll import RollEntry
from elections.rules.stages import Stage
from tests.city import everything, found_city, rows
from tests.core.test_spreadsheets import SHEET, changed
from tests.council.test_office_pages import errors_of
from tests.elections.boxes import open_stations, stand
from tests.elections.city import CODE, bring_to, found_council, prepare_election, rules
from tests.elections.registers import HEADING, person, table
from tests.elections.test_pages_results import one_elected_class
from tests.elections.test_roll_pages import MAP, ROLL
from tests.office import Desk
from tests.security.test_traces_roll import workbook

MEMORY = 700 * 1024
"""Kilobytes that a hostile file may cost at most beyond what an honest one does."""


def bomb() -> bytes:
    """300 kB that unpack to 301 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(SHEET, "w") as sheet:
        for _part in range(301):
            sheet.write(b" " * 1_000_000)
    return file.getvalue()


def honest(**cells: object) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADING)
    sheet.append([{**person(1), **cells}[name] for name in HEADING])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_rows(more: bytes) -> bytes:
    return changed(honest(), SHEET, b"</sheetData>", more + b"</sheetData>")


def merged() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook([person(1), person(2)])))
    book.worksheets[0].merge_cells("B2:D3")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a bomb": ("x.xlsx", bomb, "unpack"),
    "empty rows without end": ("x.xlsx", lambda: with_rows(b"<row/>" * 1_000_000), "room for 200,000"),
    "a million numbered rows": ("x.xlsx", lambda: with_rows(b'<row r="1000000"/>'), "room for 200,000"),
    "room for two billion cells": (
        "x.xlsx", lambda: with_rows(b"<row>" + b"<c/>" * 10_000 + b'</row><row r="200000"/>'), "room for 60",
    ),
    "merged cells": ("x.xlsx", merged, "Row 3"),
    "an error for a name": ("x.xlsx", lambda: honest(Vorname="#REF!", Nachname="", Anschrift=""), "Row 2"),
    "another file by entity": (
        "x.xlsx", lambda: changed(honest(), SHEET, b"<worksheet", ENTITY + b"<worksheet"), "",
    ),
    "a truncated workbook": ("x.xlsx", lambda: honest()[:-300], ""),
    "a workbook called a table": ("x.csv", honest, ""),
    "a table called a workbook": ("x.xlsx", lambda: table([person(1)]), ""),
    "a program": ("x.exe", lambda: b"MZ" + bytes(range(256)) * 100, ""),
    "an old workbook": ("x.xls", lambda: b"\xd0\xcf\x11\xe0" + bytes(5_000), ""),
    "a name that climbs": ("../../x.xlsx\r\nX: y", lambda: b"x", ""),
    "a million empty lines": ("x.csv", lambda: b"\n" * 10_000_000, ""),
    "a million columns": ("x.csv", lambda: b";".join([b"a%d" % n for n in range(1_000_000)]) + b"\n", "room for 60"),
    "a cell of ten megabytes": ("x.csv", lambda: table([person(1, Vorname="x" * 10_000_000)]), "Row 2"),
    "a quote that never closes": ("x.csv", lambda: table([person(1)]) + b'"' + b"x;\n" * 3_000_000, ""),
    "a row of a million cells": ("x.csv", lambda: table([person(1)]) + b"x;" * 1_000_000, "Row 3"),
}  # fmt: skip


@pytest.fixture
def called(sqlite_app: Flask) -> Flask:
    found_city()
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
    return sqlite_app


@pytest.mark.parametrize("kind", FILES)
def test_a_hostile_register_is_refused_with_a_reason_and_nothing_else_happens(
    called: Flask, kind: str
) -> None:
    name, make, said = FILES[kind]
    data, desk = make(), Desk(called, "returning_officer")
    before = everything()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for path in (f"{ROLL}/import", f"{ROLL}/check-import"):
        answer = desk.upload(path, data, name, f"{ROLL}/import", map=MAP)
        assert answer.status_code in (413, 422), (kind, answer.status_code)
        assert any(said in error for error in errors_of(answer)), errors_of(answer)
        assert len(answer.data) < 100_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < MEMORY
    assert everything() == before


def test_a_formula_is_no_more_than_what_it_last_said(called: Flask) -> None:
    desk = Desk(called, "returning_officer")
    answer = desk.upload(f"{ROLL}/import", honest(Vorname="=1+1"), "x.xlsx", map=MAP)
    assert answer.status_code == 302
    assert len(rows(RollEntry)) == 1
    assert b"=1+1" not in repr(everything()).encode()


NAMES = "".join(f'"Candidate {number:02}"\n' for number in range(1, 9)) + '"Box"\n'
BALLOTS = {
    "nothing": "",
    "quotes that never close": "2 1\n1 1 0\n0\n" + '"\\' * 200_000,
    "millions of candidates": "9999999 2\n0\n",
    "a huge number": "8 2\n" + "9" * 500_000 + " 1 0\n0\n",
    "a negative number": "8 2\n-5 1 0\n0\n",
    "no end": "8 2\n1 1 2",
    "bytes": "\x00\x01\ufffe\x7f" * 1_000,
    "more ballots than anybody": "8 2\n" + "999999999 1 0\n" * 100 + "0\n" + NAMES,
    "ten megabytes": "1 " * 5_000_000,
}


@pytest.mark.parametrize("kind", BALLOTS)
def test_hostile_ballots_of_a_station_are_refused_with_a_reason(sqlite_app: Flask, kind: str) -> None:
    found_city()
    found_council()
    prepare_election(rules("stv"))
    one_elected_class()
    stand(8, groups=False)
    bring_to(Stage.CLOSED)
    open_stations(("market",))
    page = f"/office/elections/{CODE}/stations/market/"
    desk = Desk(sqlite_app, "returning_officer")
    before = everything()
    answer = desk.send(
        f"{page}enter",
        {"ballots": "12", "invalid": "1", "blank": "0", "rankings": BALLOTS[kind]},
        page=page,
    )
    assert answer.status_code == 422
    assert errors_of(answer)
    db.session.rollback()
    assert everything() == before
