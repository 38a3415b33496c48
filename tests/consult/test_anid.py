"""The real consultation of ANID, Chile, 2020: 3,211 texts of 732 respondents on six units and the whole draft.

Source and licence: tests/data/anid/ATTRIBUTION.md.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from app.cli import main
from app.commands.audit import SOURCES
from consult.models import PublicText, Submission, Unit
from consult.rules import imports as rules
from core import audit, clock
from core.db import db
from core.localized import clean
from followup.models import Promise, Register, Tally
from tests.city import everything, rows

DATA = Path(__file__).parents[1] / "data" / "anid"
TEXTS, RESPONDENTS = 3_211, 732


def run(app: Flask, *words: str) -> Any:
    """What a command prints as JSON."""
    result = CliRunner().invoke(
        main, ["consult", *words, "--json"], obj=ScriptInfo(create_app=lambda: app), catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def bring(app: Flask, *more: str) -> Any:
    return run(
        app,
        "import-submissions",
        "AA-20",
        str(DATA / "responses.csv"),
        "--map",
        str(DATA / "map.toml"),
        *more,
    )


@pytest.fixture
def round_code(app: Flask) -> str:
    """The round as it was held, created from a terminal."""
    created = run(
        app, "create-round", str(DATA / "draft.md"),
        "--title", "Acceso Abierto a información científica", "--language", "es",
        "--opens", "2020-05-04", "--closes", "2020-06-30", "--code", "AA-20",
    )  # fmt: skip
    return str(created["round"])


def respondents() -> list[dict[str, str]]:
    """Every row of the file, read with nothing but the standard library."""
    with (DATA / "responses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells() -> list[tuple[str, str]]:
    """Column and text of every mapped cell that holds one."""
    mapped = [entry["column"] for entry in tomllib.loads((DATA / "map.toml").read_text("utf-8"))["columns"]]
    found = [(column, row[column]) for row in respondents() for column in mapped]
    return [(column, text) for column, text in found if clean(text)]


def test_the_file_is_what_we_say_it_is() -> None:
    assert len(respondents()) == RESPONDENTS
    assert len(cells()) == TEXTS


def test_every_text_arrives_with_its_number_and_promise_and_nothing_twice(
    app: Flask, round_code: str
) -> None:
    before = everything()
    dry = bring(app, "--dry-run")
    assert (dry["new"], dry["already_there"], dry["dry_run"]) == (TEXTS, 0, True)
    assert everything() == before, "a dry run writes nothing"

    assert bring(app)["new"] == TEXTS
    submissions, promises = rows(Submission), rows(Promise)
    assert [s.number for s in submissions] == [p.number for p in promises] == list(range(1, TEXTS + 1))
    assert {(p.subject_kind, p.subject_id) for p in promises} == {
        ("consult.submission", s.id) for s in submissions
    }
    assert all(p.answered_on is None and p.kind == "answer" for p in promises)
    assert Counter(s.text for s in submissions) == Counter(clean(text) for _column, text in cells())
    assert sum(t.count for t in rows(Tally)) == rows(Register)[0].last_number == TEXTS

    numbers = {u.id: u.number for u in rows(Unit)}
    by_unit = Counter(numbers[s.unit_id] if s.unit_id else "" for s in submissions)
    mapping = rules.read_map(tomllib.loads((DATA / "map.toml").read_text("utf-8")))
    units = {column.column: column.unit for column in mapping.columns}
    assert by_unit == Counter(units[column] for column, _text in cells())
    assert set(by_unit) == {"1", "2", "3", "4", "5", "6", ""}
    assert {u.number: u.received for u in rows(Unit) if u.number} == {n: by_unit[n] for n in "123456"}
    assert {(s.language, s.channel) for s in submissions} == {("es", "survey")}
    assert {s.author_kind for s in submissions} == {"person", "other"}

    assert len(rows(PublicText)) == TEXTS, "the source has published the texts itself"
    accounts, _missing = audit.verify(db.session(), SOURCES)
    assert [account.fault for account in accounts] == [None] * len(accounts)

    again = bring(app)
    assert (again["new"], again["already_there"]) == (0, TEXTS)
    assert db.session.scalar(select(func.count()).select_from(Submission)) == TEXTS
    assert clock.today().year == 2027, "a past round is brought long after it closed"


def test_a_spoiled_copy_of_the_file_brings_nothing(sqlite_app: Flask, tmp_path: Path) -> None:
    run(
        sqlite_app, "create-round", str(DATA / "draft.md"), "--title", "Acceso Abierto", "--language", "es",
        "--opens", "2020-05-04", "--closes", "2020-06-30", "--code", "AA-20",
    )  # fmt: skip
    before, good = everything(), (DATA / "responses.csv").read_bytes()
    spoiled = {
        "last row cut off": good[:-200],
        "another encoding": good.decode("utf-8").encode("utf-16"),
        "NUL at the end": good + b"\0",
        "a quote never closed": good + b'9999,"Persona Natural\n',
        "an unknown author": good.replace(b"Persona Juridica", b"Persona Desconocida", 1),
    }
    for name, data in spoiled.items():
        copy = tmp_path / "responses.csv"
        copy.write_bytes(data)
        result = CliRunner().invoke(
            main,
            ["consult", "import-submissions", "AA-20", str(copy), "--map", str(DATA / "map.toml")],
            obj=ScriptInfo(create_app=lambda: sqlite_app),
            catch_exceptions=False,
        )
        assert result.exit_code == 1, name
        assert result.stderr.strip(), name
    assert everything() == before
