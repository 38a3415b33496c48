"""Letters with voting codes: 1,000 in one PDF, beside an empty PDF of as many pages; and the whole command with its memory.

Nothing is asserted: there is no other program to measure against.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from app.commands.alone import bare_application
from core import codes, settings
from core.documents import apart, papers
from core.localized import Localized
from core.settings import Settings
from elections.authority import letters
from elections.authority.letters import Facts, Letter
from elections.authority.roll import Person
from tests.elections.authority.offices import make_words, passphrases, write_roll

ROOT = Path(__file__).resolve().parent.parent.parent
LETTERS = 1_000
SIZES = (1_000, 2_000)
LANGUAGES = ("de", "ar", "en", "uk")
EMPTY = '#import "/_papers/house.typ": *\n#show: house\n#for page in range(data.pages - 1) { pagebreak() }\n'
COMMAND = (
    "import resource, sys; from app.cli import main\n"
    "try: main(sys.argv[1:])\n"
    "finally: print(*(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)), file=sys.stderr)"
)


def run() -> bool:
    """Print the times; always True."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _print_letters(folder)
        for size in SIZES:
            _run_command(folder / str(size), size)
    return True


def _print_letters(folder: Path) -> None:
    facts = Facts(
        title=Localized.of({"de": "Wahl des Migrationsbeirats 2028", "ar": "انتخاب مجلس الهجرة 2028"}, "de"),
        official="de",
        languages=frozenset({"de", "en", "ar"}),
        sender=("Stadt Lindhafen", "Wahlamt"),
        returns="Stadt Lindhafen, Rathausplatz 1, 04109 Lindhafen",
        contact=("0341 123 456",),
        opens=datetime(2028, 3, 6, 8),  # noqa: DTZ001
        closes=datetime(2028, 3, 19, 18),  # noqa: DTZ001
        address="https://vote.lindhafen.example/",
    )
    drawn = [
        Letter(each.number, codes.draw(codes.Kind.VOTING), each.language, each)
        for each in (Person(int(row[0]) + 1, int(row[0]), *row[1:]) for row in _people(LETTERS))
    ]
    with bare_application().app_context():
        settings.configure(Settings(folder=folder, city=Localized.original("de", "Stadt Lindhafen")))
        letters.render(facts, drawn[:1])  # the fonts are read once
        data, drawing = _timed(lambda: letters._data(facts, drawn))
        made, ours = _timed(lambda: letters.render_apart(facts, drawn))
        templates = folder / "templates"
        shutil.copytree(ROOT / "templates" / "_papers", templates / "_papers")
        (templates / "test" / "papers").mkdir(parents=True)
        (templates / "test" / "papers" / "empty.typ").write_text(EMPTY, encoding="utf-8")
        papers.init_papers(templates)
        papers.render("test/empty", "de", {"title": "Empty", "pages": 1})
        blank, empty = _timed(
            lambda: apart.render_apart("test/empty", "de", {"title": "Empty", "pages": LETTERS})
        )
    print(f"{LETTERS:,} letters in one PDF          {ours}, {len(made) / 1_000_000:.1f} MB")
    print(f"  sentences and QR codes of these  {drawing}, {len(json.dumps(data)) / 1_000_000:.1f} MB of data")
    print(f"  an empty PDF of as many pages    {empty}, {len(blank) / 1_000_000:.1f} MB")


def _run_command(folder: Path, size: int) -> None:
    folder.mkdir()
    words = make_words(write_roll(folder / "roll.csv", _people(size)), folder / "out")
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "credentials", *words, *passphrases(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - start
    own, printing = (int(each) // 1024 for each in done.stderr.split())
    print(f"answerable credentials make, {size:,} people {seconds:6.1f} s, memory at most {own:,} MB, "
          f"and {printing:,} MB while it prints a file")  # fmt: skip


def _people(count: int) -> list[tuple[str, ...]]:
    return [
        (
            str(number),
            f"Amal Haddad {number}",
            f"Hafenstr. {number}",
            "04177",
            "Lindhafen",
            LANGUAGES[number % 4],
        )
        for number in range(1, count + 1)
    ]


def _timed(work: Callable[[], Any]) -> tuple[Any, str]:
    """What ``work`` gives, and its seconds: by the clock, and of the processor, also in processes that it starts."""
    before, start = os.times(), time.perf_counter()
    result = work()
    seconds, after = time.perf_counter() - start, os.times()
    spent = sum(after[:4]) - sum(before[:4])
    return result, f"{seconds:7.2f} s ({spent:.1f} s of the processor)"
