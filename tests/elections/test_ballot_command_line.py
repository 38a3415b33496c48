"""Rehearsing, verifying and comparing boards from a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def answerable(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "elections", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rehearsal") / "out"
    done = answerable(
        "rehearse", "--voters", "6", "--candidates", "3", "--max", "2", "--trustees", "3", "--threshold", "2",
        "--seed", "spring", "--out", str(folder),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_a_rehearsal_leaves_a_bundle_and_two_results_that_agree(rehearsed: Path) -> None:
    expected, result = (
        json.loads((rehearsed / name).read_text()) for name in ("expected.json", "result.json")
    )
    assert expected == result
    assert sum(result["result"][0]) > 0
    assert (rehearsed / "bundle.bel").stat().st_size > 10_000


def test_the_same_seed_gives_the_same_votes_and_never_the_same_keys(rehearsed: Path, tmp_path: Path) -> None:
    again = answerable(
        "rehearse", "--voters", "6", "--candidates", "3", "--max", "2", "--trustees", "3", "--threshold", "2",
        "--seed", "spring", "--out", str(tmp_path),
    )  # fmt: skip
    assert again.returncode == 0
    assert (tmp_path / "expected.json").read_text() == (rehearsed / "expected.json").read_text()
    ours, theirs = ((folder / "bundle.bel").read_bytes() for folder in (tmp_path, rehearsed))
    numbers = {number for number in ours.split(b'"') if len(number) > 60 and number.isdigit()}
    assert numbers
    assert not numbers & set(theirs.split(b'"'))


def test_a_sound_bundle_is_accepted_and_its_account_names_the_result(rehearsed: Path) -> None:
    done = answerable("verify", str(rehearsed / "bundle.bel"))
    assert done.returncode == 0
    assert "All checks passed." in done.stdout
    assert "any 2 of 3 trustees" in done.stdout


def test_a_bundle_with_one_changed_byte_is_refused(rehearsed: Path, tmp_path: Path) -> None:
    data = bytearray((rehearsed / "bundle.bel").read_bytes())
    at = data.rindex(b'"result":[[') + len(b'"result":[[')
    data[at] = ord("9") if data[at] != ord("9") else ord("8")
    changed = tmp_path / "changed.bel"
    changed.write_bytes(data)
    done = answerable("verify", str(changed))
    assert done.returncode == 1
    assert "NOT SOUND" in done.stdout


def test_an_older_board_is_found_at_the_beginning_of_a_newer_one(rehearsed: Path, tmp_path: Path) -> None:
    whole = (rehearsed / "bundle.bel").read_bytes()
    # The last member is the event of the result, before it the result.
    older = tmp_path / "older.bel"
    older.write_bytes(whole[: -(2 * 1024)])
    done = answerable("verify-diff", str(older), str(rehearsed / "bundle.bel"))
    assert done.returncode == 0, done.stdout
    backwards = answerable("verify-diff", str(rehearsed / "bundle.bel"), str(older))
    assert backwards.returncode == 1
    assert "something is missing" in backwards.stdout
