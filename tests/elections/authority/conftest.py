"""Letters that were made once, for all tests that only read them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import resources
from core import settings
from core.documents import papers
from tests.elections.authority.offices import PEOPLE, make_words, passphrases, run_apart, write_roll
from tests.servers import Missing, skip_or_fail


@dataclass(frozen=True)
class Office:
    """A folder in which ``make`` ran: once, as a program of its own."""

    folder: Path
    said: bytes
    trace: str

    @property
    def out(self) -> Path:
        return self.folder / "out"


@pytest.fixture(autouse=True)
def _settings() -> Iterator[None]:
    """The commands name their own city, and are the only ones in their process; here others come after."""
    before = settings._current
    yield
    settings._current = before
    papers.init_papers(resources.folder("templates"))


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Made without environment, settings, server or database, and watched by strace."""
    if shutil.which("strace") is None:
        skip_or_fail(Missing("install strace"))
    folder = tmp_path_factory.mktemp("authority")
    log = folder.parent / f"{folder.name}.strace"
    wrap = (
        shutil.which("strace") or "", "-f", "-qq", "-s", "0",
        "-e", "trace=open,openat,creat,rename,renameat,renameat2,mkdir,connect", "-e", "signal=none", "-o", str(log),
    )  # fmt: skip
    words = make_words(write_roll(folder / "roll.csv", PEOPLE), folder / "out")
    done = run_apart(folder, *words, *passphrases(folder), wrap=wrap)
    assert done.returncode == 0, done.stderr
    return Office(folder, done.stdout + done.stderr, log.read_text(encoding="utf-8", errors="replace"))


@pytest.fixture
def own(office: Office, tmp_path: Path) -> Path:
    """A copy of that folder, to change."""
    shutil.copytree(office.folder, tmp_path / "own")
    return tmp_path / "own"
