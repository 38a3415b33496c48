"""Importing the roll: who may vote is decided row by row, and nothing but the decision stays."""

from __future__ import annotations

import contextvars
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from app.cli import main
from core.db import db
from core.errors import DomainError
from elections.models.roll import RollEntry
from elections.rules.roll_maps import read_map
from elections.rules.stages import Stage
from elections.services.roll.imports import ImportReport, import_roll
from elections.services.roll.seals import Seals
from tests.city import entries, found_city, refused, rows, staff
from tests.elections.city import CODE, bring_to, found_council, prepare_election
from tests.elections.registers import HEADING, MAP, mapping, person, table, town


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)


def bring_in(source: bytes, name: str = "register.csv", **how: bool) -> ImportReport:
    return import_roll(CODE, source, name, mapping(), staff("returning_officer"), **how)


ROWS = {
    "met": [{}, {"Sperre": "A"}, {"Staat 1": "XXA"}, {"Sprache": "klingonisch"}],
    "not_met": [
        {"Geburtsdatum": "20.03.2010"},
        {"Einzug": "2028-03-01"},
        {"Einzug": "2027-12-20"},
    ],
    "unknown": [{"Geburtsdatum": ""}, {"Einzug": ""}, {"Staat 1": ""}, {"Staat 1": "SYR", "Staat 2": "DEU"}],
}


def test_every_row_is_decided_by_the_rules_of_the_election() -> None:
    people = [
        person(number, Anschrift=verdict, **changed)
        for number, (verdict, changed) in enumerate(
            ((verdict, changed) for verdict, all_of in ROWS.items() for changed in all_of), start=1
        )
    ]
    report = bring_in(table(people))
    assert (report.met, report.not_met, report.unknown) == (4, 3, 4)
    seals = Seals(CODE)
    found = rows(RollEntry)
    assert sorted(entry.number for entry in found) == list(range(1, 12))
    for entry in found:
        letter = seals.open(entry.sealed)
        assert letter.street == entry.verdict, letter.name
        assert (entry.method, entry.officer_id, entry.struck_on) == ("register", None, None)
    assert json.loads(entries("elections:roll:import")[0].facts)["met"] == 4


def test_numbers_do_not_follow_the_order_of_the_register() -> None:
    bring_in(town(300))
    seals = Seals(CODE)
    by_row = {seals.register_digest(str(number)): number for number in range(1, 301)}
    order = [by_row[entry.register_digest or b""] for entry in rows(RollEntry)]
    assert sorted(order) == list(range(1, 301))
    assert order != sorted(order)


def test_a_dry_run_counts_and_writes_nothing() -> None:
    report = bring_in(table([person(1), person(2, Einzug="01.03.2028"), person(1)]), dry_run=True)
    assert (report.rows, report.met, report.not_met, report.dry_run) == (3, 1, 1, True)
    assert [(each.row, each.first_row, each.by) for each in report.duplicates] == [(4, 2, "register_id")]
    assert rows(RollEntry) == []


def test_duplicates_are_found_by_several_keys_and_refused_with_their_rows() -> None:
    same = {"Vorname": "AMIRA", "Nachname": "Haddád 1", "Anschrift": "Seestrasse 1"}
    people = [
        person(1),
        person(1, Nachname="Else"),  # the number
        person(3, **same),  # name and address, however they are written
        person(4, **same, Geburtsdatum="03.04.1960"),  # the mother of the same name
    ]
    with refused("roll_duplicate", "roll_duplicate") as errors:
        bring_in(table(people))
    told = [(error.parameters["row"], error.parameters["by"]) for error in errors]
    assert told == [(3, "register_id"), (4, "person")]
    assert bring_in(table(people), skip_duplicates=True).imported == 2
    with refused("roll_duplicate_on_roll"):
        bring_in(table([person(9), person(1)]))
    assert bring_in(table([person(9)])).imported == 1
    assert bring_in(table([person(1), person(2)]), replace=True).imported == 2
    assert sorted(entry.number for entry in rows(RollEntry)) == [1, 2]


def test_everything_wrong_in_a_file_is_told_with_row_and_column_and_without_what_stood_there() -> None:
    people = [
        person(1, Geburtsdatum="31.02.1990"),
        person(2, Anschrift=" "),
        person(3, Sperre="Q-secret"),
        person(4, Einzug="yesterday"),
    ]
    with refused("cell_not_a_day", "cell_empty", "cell_not_understood", "cell_not_a_day") as errors:
        bring_in(table(people))
    places = [(error.parameters["row"], error.parameters["column"]) for error in errors]
    assert places == [(2, "Geburtsdatum"), (3, "Anschrift"), (4, "Sperre"), (5, "Einzug")]
    assert "secret" not in repr([error.parameters for error in errors])


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "register.csv", "file_empty"),
        (b"Nr;Vorname\n1;A\n", "register.csv", "column_missing"),
        (b"%PDF-1.7", "register.pdf", "file_kind"),
        (table([person(1)]) + b"only;three;cells\n", "register.csv", "row_length"),
    ],
)
def test_a_file_that_is_no_register_changes_nothing(data: bytes, name: str, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        bring_in(data, name)
    assert {error.code for error in caught.value.all()} == {code}
    assert rows(RollEntry) == []


def test_a_hundred_faults_are_named_and_no_more() -> None:
    with pytest.raises(DomainError) as caught:
        bring_in(table([person(number, Geburtsdatum="?") for number in range(1, 400)]))
    assert len(list(caught.value.all())) == 100


def test_what_is_wrong_with_a_mapping_is_told_at_once() -> None:
    wrong = {
        "columns": {"name": [], "street": "Anschrift", "born": "Geburtsdatum", "citizenship": "Staat 1"},
        "values": {"lives_here": {"J": "perhaps"}},
        "possible": {"citizenship": ["martian"]},
        "other": 1,
    }
    with pytest.raises(DomainError) as caught:
        read_map(wrong)
    assert Counter(error.code for error in caught.value.all()) == {
        "map_unknown": 2, "map_missing": 2, "map_column": 1, "map_value": 2,
    }  # fmt: skip


@pytest.mark.parametrize("stage", [Stage.ROLL, Stage.READY, Stage.VOTING, Stage.CLOSED])
def test_once_the_roll_is_open_nobody_imports_alone(stage: Stage) -> None:
    bring_to(stage)
    with refused("roll_import_over"):
        bring_in(table([person(1)]))


def test_a_workbook_is_read_as_its_table_is() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADING)
    for number in (1, 2):
        cells = {**person(number), "Geburtsdatum": date(1990, 2, 1), "Nr": number}
        sheet.append([cells[name] for name in HEADING])
    file = io.BytesIO()
    book.save(file)
    assert bring_in(file.getvalue(), "register.xlsx").met == 2


def test_three_thousand_people_come_in(app: Flask) -> None:
    report = bring_in(town(3000), skip_duplicates=True)
    assert report.imported > 2900
    assert report.met > 500
    assert report.not_met > 100
    assert report.unknown > 100


def test_the_command_line_imports_and_counts(app: Flask, tmp_path: Path) -> None:
    file, map_file = tmp_path / "register.csv", tmp_path / "map.toml"
    file.write_bytes(table([person(1), person(2), person(2)]))
    columns = "\n".join(
        f"{key} = {value!r}".replace("'", '"') for key, value in MAP["columns"].items() if key != "exclusions"
    )
    map_file.write_text(f'[columns]\n{columns}\n[values.citizenship]\n"*" = "foreign"\n', encoding="utf-8")
    words = ["import-roll", CODE, str(file), "--map", str(map_file)]
    dry = run(app, *words, "--dry-run")
    assert "would be imported" in dry
    assert "row 4 is the same person as row 3 (by register id)" in dry
    assert rows(RollEntry) == []
    assert '"rows": 3' in run(app, *words, "--skip-duplicates", "--json")
    assert len(rows(RollEntry)) == 2


def run(app: Flask, *words: str) -> str:
    """What the command prints, run as a process of its own would run it."""
    db.session.remove()
    context = contextvars.Context()
    invoke = CliRunner().invoke
    shown = context.run(invoke, main, ["elections", *words], obj=ScriptInfo(create_app=lambda: app))
    assert shown.exit_code == 0, shown.output
    return shown.output
