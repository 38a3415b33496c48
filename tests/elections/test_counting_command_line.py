"""``answerable elections count`` and ``seats``: what they print, and how they refuse a bad file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from app.cli import main

BLT = '4 2\n6 1 2 0\n4 1 0\n3 2 0\n4 3 0\n3 4 3 0\n0\n"Ana"\n"Ben"\n"أمل"\n"Dóra"\n"Council"\n'
TIED = '2 1\n4 1 2 0\n4 2 1 0\n0\n"Ana"\n"Ben"\n"T"\n'


def run(app: Flask, *words: str) -> Result:
    return CliRunner().invoke(main, ["elections", *words], obj=ScriptInfo(create_app=lambda: app))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def counted(app: Flask, path: Path, text: str, *words: str) -> dict[str, object]:
    path.write_text(text, encoding="utf-8")
    done = run(app, "count", str(path), "--rule", "scottish-stv", "--json", *words)
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


def shared(app: Flask, path: Path, votes: object, method: str, seats: int, *words: str) -> dict[str, object]:
    path.write_text(json.dumps(votes), encoding="utf-8")
    done = run(app, "seats", str(path), "--method", method, "--seats", str(seats), "--json", *words)
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_count_names_the_elected_by_their_numbers(sqlite_app: Flask, path: Path) -> None:
    assert counted(sqlite_app, path, BLT) == {
        "elected": [1, 3],
        "complete": True,
        "vacant": 0,
        "valid": 20,
        "quota": 7,
        "ties": [],
    }


def test_count_shows_a_tie_and_waits_for_the_seed(sqlite_app: Flask, path: Path) -> None:
    waiting = counted(sqlite_app, path, TIED)
    assert (waiting["elected"], waiting["complete"]) == ([], False)
    assert waiting["ties"] == [{"key": "exclusion:2", "names": [1, 2], "seats": 1, "order": []}]
    decided = counted(sqlite_app, path, TIED, "--lot", "6 49 12 33 21 8")
    assert decided["complete"]
    assert decided == counted(sqlite_app, path, TIED, "--lot", "6 49 12 33 21 8")


def test_count_prints_the_sheet_for_people(sqlite_app: Flask, path: Path) -> None:
    path.write_text(BLT, encoding="utf-8")
    done = run(sqlite_app, "count", str(path), "--rule", "scottish-stv")
    assert done.exit_code == 0
    assert "Stage 1" in done.stdout
    assert "4.80000" in done.stdout
    assert "Seat 1: Ana reached the quota of 7.00000 in stage 1, with 10.00000 votes." in done.stdout


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("dhondt", {"A": 4, "B": 2, "C": 1}),
        ("sainte-lague", {"A": 3, "B": 2, "C": 2}),
        ("hare-niemeyer", {"A": 4, "B": 2, "C": 1}),
    ],
)
def test_seats_are_shared_out_by_each_method(
    sqlite_app: Flask, path: Path, method: str, expected: dict[str, int]
) -> None:
    printed = shared(sqlite_app, path, {"A": 53_000, "B": 24_000, "C": 23_000}, method, 7)
    assert printed == {"seats": expected, "ties": [], "complete": True, "vacant": 0}


def test_seats_show_a_tie_and_take_a_seed(sqlite_app: Flask, path: Path) -> None:
    votes = {"A": 10, "B": 10}
    waiting = shared(sqlite_app, path, votes, "dhondt", 3)
    assert waiting["seats"] == {"A": 1, "B": 1}
    assert waiting["ties"] == [{"key": "lists:3", "names": ["A", "B"], "seats": 1, "order": []}]
    decided = shared(sqlite_app, path, votes, "dhondt", 3, "--lot", "seed")
    assert sorted(dict(decided["seats"]).values()) == [1, 2]  # type: ignore[call-overload]


def test_seats_are_explained_for_people(sqlite_app: Flask, path: Path) -> None:
    path.write_text('{"A": 120, "B": 60, "C": 60}', encoding="utf-8")
    done = run(sqlite_app, "seats", str(path), "--method", "dhondt", "--seats", "2")
    assert "Seat 1: A has the largest quotient: 120 ÷ 1. Next is B and C: 60." in done.stdout
    assert "Undecided (lists:2): A, B, C." in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1, 2]", "map names to votes"),
        ("{}", "map names to votes"),
        ("", "Line 1"),
        ('{"A": 1,\n"B": }', "Line 2"),
        ('{"A": 1.5}', "“A”"),
        ('{"A": "7"}', "“A”"),
        ('{"A": true}', "“A”"),
        ('{"A": NaN}', "“A”"),
        ('{"A": -3}', "“A”"),
        ('{"A": 1, "A": 2}', "“A” stands twice"),
        ('{"A": ' + "9" * 5000 + "}", "Line 1"),
        ("[" * 100_000, "Line 1"),
    ],
)
def test_a_bad_file_of_votes_is_refused_by_line_or_key(
    sqlite_app: Flask, path: Path, text: str, said: str
) -> None:
    path.write_text(text, encoding="utf-8")
    done = run(sqlite_app, "seats", str(path), "--method", "dhondt", "--seats", "3", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Line 1"),
        (BLT.replace("3 2 0", "-3 2 0"), "Line 4"),
        (BLT.replace("3 2 0", "3 1=2 0"), "Line 4: “1=2” ranks candidates as equal"),
        (
            BLT.replace('"Council"\n', "").replace('"Dóra"\n', ""),
            "Line 10: names are missing. Found: 3. Needed: 4.",
        ),
    ],
)
def test_a_broken_blt_file_is_refused_by_its_line(
    sqlite_app: Flask, path: Path, text: str, said: str
) -> None:
    path.write_text(text, encoding="utf-8")
    done = run(sqlite_app, "count", str(path), "--rule", "scottish-stv", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr


@pytest.mark.parametrize("seats", ["-1", "10001"])
def test_an_impossible_number_of_seats_is_refused(sqlite_app: Flask, path: Path, seats: str) -> None:
    path.write_text('{"A": 1}', encoding="utf-8")
    done = run(sqlite_app, "seats", str(path), "--method", "dhondt", "--seats", seats)
    assert done.exit_code == 1
    assert "10000" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"\\ud800": 1}', "“?” cannot be a name"),
        ('{"\\u0000": 1}', "cannot be a name"),
        ('{"\\u001b[2J": 1}', "“?[2J” cannot be a name"),
        (json.dumps({"x" * 5_000_000: 1}), "cannot be a name"),
        (json.dumps({"A": int("9" * 4_299), "B": 1}), "“A” has more votes than a count can take"),
        (json.dumps({f"List {number}": 1 for number in range(100_000)}), "at most"),
        ('{"A": 1e999999}', "“A” has no whole number"),
        ('{"A":' * 1_000_000, "Line 1"),
    ],
    ids=range(8),
)
@pytest.mark.parametrize("how", [(), ("--json",)])
def test_a_hostile_file_of_votes_is_refused_before_anything_is_counted(
    sqlite_app: Flask, path: Path, text: str, said: str, how: tuple[str, ...]
) -> None:
    path.write_text(text, encoding="utf-8")
    done = run(sqlite_app, "seats", str(path), "--method", "dhondt", "--seats", "10000", *how)
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr) < 1_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2 1\n1 1 0\n0\n" + '"\\' * 500_000, "Line 4"),  # quotation marks that open and never close
        ("2 1\n" + "1 " * 1_000_000, "Line 2"),
        ("2 1\n1 " + "1" * 5_000_000 + " 0\n", "Line 2"),
        ("9" * 5_000_000 + " 1\n", "Line 1"),
        ("9999999 1\n", "Line 1"),
        ("2 9999999\n", "Line 1"),
        ("2 -1\n", "Line 1"),
        ("2 1\n0\n" + '"Ana" ' * 200_000, "Line 3"),
        ("2 1\n" + "-1 " * 200_000 + "\n-9 0\n", "Line 3"),
        ("1000 1\n1 " + " ".join(map(str, range(1, 1_001))) + " 1 0\n", "Line 2"),
        ("\0" * 1_000_000, "Line 1"),
        ("\x1b[2J 1\n", "Line 1"),
        (BLT[:40], "Line"),
    ],
    ids=range(13),
)
def test_a_hostile_blt_file_is_refused_by_its_line_and_soon(
    sqlite_app: Flask, path: Path, text: str, said: str
) -> None:
    path.write_text(text, encoding="utf-8")
    done = run(sqlite_app, "count", str(path), "--rule", "scottish-stv", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr) < 1_000
    assert "\x1b" not in done.stderr
