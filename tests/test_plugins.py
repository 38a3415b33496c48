"""Several workers share the suite, and still nothing is skipped, lost or counted twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins import share

ROOT = Path(__file__).resolve().parent.parent
WORKERS = ("0", "2")

RUNS = "def test_it_runs():\n    pass\n"
SKIPS = "import pytest\n\n@pytest.mark.skip(reason='no time')\ndef test_it_runs():\n    pass\n"
SKIPS_ITSELF = "import pytest\n\npytest.skip('no time', allow_module_level=True)\n"
FAILS = "def test_it_runs():\n    assert False, 'as expected'\n"
EXPECTED_TO_FAIL = "import pytest\n\n@pytest.mark.xfail\ndef test_it_runs():\n    assert False\n"


def run(folder: Path, workers: str, required: bool, **files: str) -> tuple[int, str]:
    """Run pytest with our plugin on ``files``; return its status and what it printed."""
    for name, content in files.items():
        (folder / f"test_{name}.py").write_text(content, encoding="utf-8")
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"PYTHONPATH": str(ROOT), **({"ANSWERABLE_REQUIRE_ALL": "1"} if required else {})}
    words = [
        "-c",
        os.devnull,
        "--rootdir",
        str(folder),
        "-p",
        "tests.plugins",
        "-p",
        "no:cacheprovider",
        "-ra",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "-n", workers, str(folder)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("content", [SKIPS, SKIPS_ITSELF], ids=["a test", "a file"])
def test_where_everything_is_required_a_skip_fails_the_run(
    tmp_path: Path, content: str, workers: str
) -> None:
    status, printed = run(tmp_path, workers, required=True, gap=content, other=RUNS)
    assert status != 0
    assert "ANSWERABLE_REQUIRE_ALL is set" in printed
    assert "test_gap.py" in printed


@pytest.mark.parametrize("workers", WORKERS)
def test_elsewhere_a_skip_is_told_with_its_reason(tmp_path: Path, workers: str) -> None:
    status, printed = run(tmp_path, workers, required=False, gap=SKIPS, other=RUNS)
    assert status == 0
    assert "no time" in printed
    assert "1 passed, 1 skipped in " in printed.splitlines()[-1]


@pytest.mark.parametrize("workers", WORKERS)
def test_an_expected_failure_is_no_gap(tmp_path: Path, workers: str) -> None:
    status, printed = run(tmp_path, workers, required=True, expected=EXPECTED_TO_FAIL, other=RUNS)
    assert status == 0
    assert "1 passed, 1 xfailed in " in printed.splitlines()[-1]


@pytest.mark.parametrize("workers", WORKERS)
def test_a_failure_in_a_worker_fails_the_run(tmp_path: Path, workers: str) -> None:
    status, printed = run(tmp_path, workers, required=False, wrong=FAILS, other=RUNS)
    assert status == 1
    assert "FAILED test_wrong.py::test_it_runs - AssertionError: as expected" in printed
    assert "1 failed, 1 passed in " in printed.splitlines()[-1]


def test_every_test_runs_once_and_each_file_on_one_worker(tmp_path: Path) -> None:
    note = (
        "import os, pathlib, pytest\n\n"
        "@pytest.mark.parametrize('turn', range(4))\n"
        "def test_it_runs(turn):\n"
        "    with open(pathlib.Path(__file__).with_suffix('.seen'), 'a') as seen:\n"
        "        print(turn, os.environ['PYTEST_XDIST_WORKER'], file=seen)\n"
    )
    status, printed = run(tmp_path, "2", required=True, **{f"file_{n}": note for n in range(6)})
    assert status == 0
    assert "24 passed in " in printed.splitlines()[-1]
    workers = set()
    for path in tmp_path.glob("*.seen"):
        turns, names = zip(*(line.split() for line in path.read_text().splitlines()), strict=True)
        assert turns == ("0", "1", "2", "3")
        assert len(set(names)) == 1
        workers.update(names)
    assert workers == {"gw0", "gw1"}


def test_files_that_share_a_browser_stay_together() -> None:
    assert share("tests/browser/test_officer.py::test_a") == share(
        "tests/browser/test_resident.py::test_b[en]"
    )
    assert share("tests/core/test_db.py::test_a[sqlite]") != share("tests/core/test_mail.py::test_b")
