"""Printing papers, against Chromium printing the same letters from HTML.

Every letter has a name, a sentence, a table, a code and a QR code of its own. Chromium gets one page with all of
them and a page break after each, as one would print it from a site.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from markupsafe import escape

from core import settings
from core.documents import papers, parts
from core.settings import Settings
from tests.core.notices import NOTICES
from tests.servers import CHROMIUM_ARGUMENTS, Missing, chromium_path

ROOT = Path(__file__).resolve().parent.parent.parent
LETTERS = 1_000
FIRST = 100.0
"""Milliseconds that one paper may take."""


def run() -> bool:
    """Print the times; True if a paper takes at most 100 ms and 1,000 letters less than Chromium takes."""
    with tempfile.TemporaryDirectory() as name:
        _city(Path(name))
        papers.render("test/notice", "en", NOTICES["en"])  # the fonts are read once
        single = []
        for language in ("en", "de", "ar") * 3:
            start = time.perf_counter()
            papers.render("test/notice", language, NOTICES[language])
            single.append((time.perf_counter() - start) * 1_000)
        data = _letters()
        start = time.perf_counter()
        made = papers.render("test/letters", "ar", data)
        ours = time.perf_counter() - start
    print(f"a notice with table and QR code      {statistics.median(single):7.0f} ms  (at most {FIRST:g})")
    print(f"{LETTERS:,} letters, each its own code    {ours:7.2f} s   ({LETTERS / ours:,.0f} letters/s, "
          f"{len(made) / 1_000_000:.1f} MB)")  # fmt: skip
    theirs = _chromium(data)
    if theirs is None:
        return statistics.median(single) <= FIRST
    print(f"  Chromium prints the same HTML in   {theirs:7.2f} s   ({theirs / ours:.1f} times as long)")
    return statistics.median(single) <= FIRST and ours <= theirs


def _city(folder: Path) -> None:
    settings.configure(Settings(folder=folder / "var"))
    shutil.copytree(ROOT / "templates" / "_papers", folder / "_papers")
    shutil.copytree(ROOT / "tests" / "data" / "papers", folder / "test" / "papers")
    papers.init_papers(folder)


def _letters() -> dict[str, Any]:
    letters = [
        {
            "name": f"أمل حداد {number}",
            "qr": parts.qr_code(f"https://lindhafen.example/answer/#{number:032d}", "QR"),
            "groups": [f"{number:032d}"[place : place + 4] for place in range(0, 32, 4)],
        }
        for number in range(LETTERS)
    ]
    return {**NOTICES["ar"], "letters": letters}


def _chromium(data: dict[str, Any]) -> float | None:
    try:
        program = chromium_path()
    except Missing as missing:
        print(f"  {missing}")
        return None
    from playwright.sync_api import sync_playwright

    rows = "".join(f"<tr><td>{escape(a)}<td>{escape(b)}" for a, b in data["rows"])
    pages = "".join(
        f'<section style="break-after: page"><h1>{escape(data["title"])}</h1><p>{escape(letter["name"])}'
        f"<p>{escape(data['lead'])}<table>{rows}</table>{letter['qr']['svg']}<p>{' '.join(letter['groups'])}</section>"
        for letter in data["letters"]
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
        page = browser.new_page()
        start = time.perf_counter()
        page.set_content(f'<html lang="ar" dir="rtl">{pages}', timeout=120_000)
        page.pdf(format="A4", tagged=True)
        seconds = time.perf_counter() - start
        browser.close()
    return seconds
