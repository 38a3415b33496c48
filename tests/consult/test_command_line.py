"""``answerable consult``: rounds, imports and conclusion from a terminal, and what a refusal looks like there."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from accounts.models import Department
from app.cli import main
from consult.models import Draft, Round, Submission
from core import clock
from followup.models import Promise, Register
from tests.city import (
    AFTER_CLOSING,
    CODE,
    DRAFT,
    answer,
    everything,
    found_city,
    on_one_database,
    open_city,
    open_round,
    rows,
    submit_comment,
)

MAP = """
[file]
row_key = "id"
[defaults]
language = "es"
channel = "survey"
[[columns]]
column = "good"
unit = "1"
[[columns]]
column = "other"
"""
FILE = "id,good,other\n1,Sí,Más\n2,,Menos\n"


pytestmark = on_one_database
"""The services below are tested on both; a terminal adds nothing that a database decides."""


class Desk:
    """A terminal at the desk, and a folder with the files of the day."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(
            main, ["consult", *words], obj=ScriptInfo(create_app=lambda: self.app), catch_exceptions=False
        )

    def create(self, *more: str, draft: str | bytes = DRAFT) -> Result:
        words = [
            "--title",
            "Arrive and stay",
            "--language",
            "en",
            "--opens",
            "2027-09-01",
            "--closes",
            "2027-10-31",
        ]
        return self.run("create-round", self.file("draft.md", draft), *words, *more)

    def bring(
        self, *more: str, file: str | bytes = FILE, mapping: str | bytes = MAP, code: str = CODE
    ) -> Result:
        words = [code, self.file("file.csv", file), "--map", self.file("map.toml", mapping)]
        return self.run("import-submissions", *words, *more)


@pytest.fixture
def desk(app: Flask, tmp_path: Path) -> Desk:
    return Desk(app, tmp_path)


def refused(result: Result, *words: str) -> None:
    """The command failed with sentences on standard error that hold ``words``, and with nothing else."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr


# Rounds ------------------------------------------------------------------------------------------------------


def test_a_round_is_created_and_published_and_its_code_printed(desk: Desk) -> None:
    found_city()
    result = desk.create("--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"round": "AS-27"}
    created = rows(Round)[0]
    assert (created.code, created.language, created.published_on) == ("AS-27", "en", clock.today())
    assert created.answers_due_on == date(2028, 1, 23)


def test_people_read_a_sentence_instead(desk: Desk) -> None:
    found_city()
    assert "AS-27" in desk.create().stdout


def test_an_empty_installation_gets_a_department_that_owes_the_answers(desk: Desk) -> None:
    assert desk.create().exit_code == 0
    assert desk.create().exit_code == 0
    assert len(rows(Department)) == 1
    assert [r.code for r in rows(Round)] == ["AS-27", "AS-27-2"]


def test_code_department_due_day_and_publication_can_be_chosen(desk: Desk) -> None:
    found_city()
    more = [
        "--code",
        "WS-27",
        "--department",
        "housing",
        "--answers-due",
        "2027-12-24",
        "--unpublished",
        "--json",
    ]
    assert json.loads(desk.create(*more).stdout) == {"round": "WS-27"}
    created = rows(Round)[0]
    housing = next(d.id for d in rows(Department) if d.key == "housing")
    assert (created.department_id, created.answers_due_on, created.published_on) == (
        housing,
        date(2027, 12, 24),
        None,
    )


def test_a_round_of_the_past_is_created_without_asking_for_a_reason(desk: Desk) -> None:
    found_city()
    result = desk.create("--opens", "2020-05-04", "--closes", "2020-05-25", "--json")
    assert result.exit_code == 0
    assert rows(Round)[0].short_reason.best("en").text


def test_a_short_round_of_today_needs_a_reason(desk: Desk) -> None:
    found_city()
    refused(desk.create("--closes", "2027-09-20"), "20 days")
    assert rows(Round) == rows(Register) == rows(Draft) == []
    assert desk.create("--closes", "2027-09-20", "--short-reason", "The law sets the date.").exit_code == 0


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (b"", ["no headings"]),
        (b"# T\n\n## Chapter\n", ["No numbered measure"]),
        (b"# T\n### 1. A\n### 1. B\n", ["line 2", "line 3"]),
        (b"# T\n\xff", ["Line 2"]),
        (b"# T\n### 1. A\0", ["Line 2"]),
        (b"x" * 10_000_000, ["too large"]),
    ],
    ids=["empty", "no measures", "number twice", "wrong encoding", "NUL", "ten megabytes"],
)
def test_a_draft_that_is_not_understood_creates_nothing(desk: Desk, draft: bytes, words: list[str]) -> None:
    found_city()
    before = everything()
    refused(desk.create(draft=draft), *words)
    assert everything() == before


@pytest.mark.parametrize(
    "more",
    [
        ["--title", " "],
        ["--title", "x" * 201],
        ["--title", "\udcff\x00"],
        ["--code", "no code"],
        ["--code", "AS-٢٧"],
        ["--language", "english"],
        ["--language", "e\udcffn"],
        ["--department", "nobody"],
        ["--department", "no\x00body"],
        ["--department", "no\udcffbody"],
        ["--closes", "2027-08-31"],
        ["--closes", "9999-12-31"],
        ["--answers-due", "2027-10-31"],
    ],
    ids=ascii,
)
def test_a_round_that_cannot_be_creates_nothing(desk: Desk, more: list[str]) -> None:
    found_city()
    before = everything()
    refused(desk.create(*more))
    assert everything() == before


@pytest.mark.parametrize("day", ["31.10.2027", "2027-13-01", "yesterday", ""])
def test_a_day_that_is_none_is_a_mistake_of_usage(desk: Desk, day: str) -> None:
    result = desk.create("--closes", day)
    assert result.exit_code == 2
    assert "--closes" in result.stderr


# Imports -----------------------------------------------------------------------------------------------------


def test_a_file_is_imported_and_the_report_says_how_much(desk: Desk) -> None:
    open_city()
    result = desk.bring("--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"rows": 2, "new": 3, "already_there": 0, "dry_run": False}
    assert len(rows(Submission)) == len(rows(Promise)) == 3
    assert json.loads(desk.bring("--json").stdout)["already_there"] == 3
    assert len(rows(Submission)) == 3


def test_a_dry_run_says_the_same_and_writes_nothing(desk: Desk) -> None:
    open_city()
    before = everything()
    assert json.loads(desk.bring("--dry-run", "--json").stdout) == {
        "rows": 2, "new": 3, "already_there": 0, "dry_run": True,
    }  # fmt: skip
    assert "would be imported" in desk.bring("--dry-run").stdout
    assert everything() == before


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"id,good,other\n1,a\n", ["Row 1"]),
        (b"id,good,other\n1,a,\n2,," + b"x" * 200_000 + b"\n", ["Row 2", "other"]),
        (b'id,good,other\n1,"a,\n', ["Row 1"]),
        (b"id,good,other\n1,\xff,\n", ["Line 2"]),
        (b"id,good,other\n1,a\0,\n", ["Line 2"]),
        (b"id,good\n1,a\n", ["other"]),
        (b"", ["no text"]),
    ],
    ids=["short row", "long cell", "open quote", "wrong encoding", "NUL", "missing column", "empty"],
)
def test_a_file_with_a_fault_changes_nothing_and_the_place_is_named(
    desk: Desk, file: bytes, words: list[str]
) -> None:
    open_city()
    before = everything()
    refused(desk.bring(file=file), *words)
    assert everything() == before


@pytest.mark.parametrize(
    "mapping",
    [
        b"not toml",
        b"\xff\xfe",
        b"",
        b"columns = 1",
        b"[[columns]]\ncolumn = 'good'\nunit = '99'",
        b"[fiel]\n[[columns]]\ncolumn = 'good'",
        b"[file]\ndelimiter = ';;'\n[[columns]]\ncolumn = 'good'",
        b"[file]\nencoding = 'klingon'\n[[columns]]\ncolumn = 'good'",
        b"[file]\nencoding = 'undefined'\n[[columns]]\ncolumn = 'good'",
        b"[file]\nrow_key = ''\n[[columns]]\ncolumn = 'good'",
        b"[defaults]\nreceived_on = 2020-05-04T10:00:00\n[[columns]]\ncolumn = 'good'",
        b"[defaults]\nreceived_on = 2999-01-01\n[[columns]]\ncolumn = 'good'",
        b"a = " + b"[" * 5_000,
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_map_that_is_not_understood_changes_nothing(desk: Desk, mapping: bytes) -> None:
    open_city()
    before = everything()
    refused(desk.bring(mapping=mapping))
    assert everything() == before


@pytest.mark.parametrize("code", ["XX-99", "", "AS-27\x00", "AS-27\udcff", "' OR 1=1 --"])
def test_a_round_that_is_not_there_is_said_to_be_missing(desk: Desk, code: str) -> None:
    open_city()
    before = everything()
    refused(desk.bring(code=code))
    refused(desk.run("conclude", code))
    assert everything() == before


def test_a_file_that_is_not_there_is_a_mistake_of_usage(desk: Desk) -> None:
    there = desk.file("there.csv", FILE)
    for file, mapping in (("nowhere", there), (there, "nowhere")):
        result = desk.run("import-submissions", CODE, file, "--map", mapping)
        assert result.exit_code == 2
        assert "nowhere" in result.stderr


# Conclusion --------------------------------------------------------------------------------------------------


def test_the_terminal_knows_the_gate_and_names_every_missing_number(desk: Desk) -> None:
    open_city()
    for n in range(4):
        submit_comment(f"Comment {n}")
    answer([2])
    with clock.freeze(AFTER_CLOSING):
        before = everything()
        refused(desk.run("conclude", CODE), "1", "3-4")
        assert everything() == before
        answer([1, 3, 4])
        result = desk.run("conclude", CODE)
        assert (result.exit_code, CODE in result.stdout) == (0, True)
        assert rows(Register)[0].concluded_on == AFTER_CLOSING
        refused(desk.run("conclude", CODE), "concluded")
        refused(desk.bring())


def test_a_round_that_is_still_open_is_not_concluded(desk: Desk) -> None:
    open_city()
    refused(desk.run("conclude", CODE))
    with clock.freeze(AFTER_CLOSING - timedelta(days=8)):
        refused(desk.run("conclude", CODE))


def test_a_round_that_was_never_public_is_not_concluded(desk: Desk) -> None:
    found_city()
    open_round(publish=False)
    with clock.freeze(AFTER_CLOSING):
        refused(desk.run("conclude", CODE), "never public")


def test_a_second_round_is_chosen_by_its_code(desk: Desk) -> None:
    open_city()
    open_round("WS-27")
    assert desk.bring(code="WS-27").exit_code == 0
    assert [r.last_number for r in rows(Register)] == [0, 3]


def test_help_says_what_each_command_needs(desk: Desk) -> None:
    assert {"create-round", "import-submissions", "conclude"} <= set(desk.run("--help").stdout.split())
    for command in ("create-round", "import-submissions", "conclude"):
        assert desk.run(command, "--help").exit_code == 0
