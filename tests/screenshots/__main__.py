"""`python -m tests.screenshots [NAME…]` writes screenshots/NAME-LANGUAGE-WIDTH.png; needs Chromium.

`python -m tests.screenshots --readme` renews the README's pictures in docs/pictures/.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.live import ROOT, command, live_server
from tests.servers import CHROMIUM_ARGUMENTS, Missing, chromium_path

LANGUAGES = ("en", "de", "ar")
WIDTHS = (360, 1200)
TARGET = ROOT / "screenshots"
README = (("round", "en", 1200), ("workbench", "en", 1200), ("receipt", "ar", 360), ("entry", "en", 360))
README_TARGET = ROOT / "docs" / "pictures"

Visit = Callable[[Page, str], None]


def at(path: str) -> Visit:
    """A page that is simply opened."""

    def visit(page: Page, base: str) -> None:
        page.goto(base + path)

    return visit


def returning(path: str) -> Visit:
    """A page of the elections' office, seen by a returning officer."""
    return office(path, "returning_officer", "")


def clerk(path: str) -> Visit:
    """A page of the council's office, seen by a clerk."""
    return office(path, "clerk", "")


def errors(page: Page, base: str) -> None:
    """The form of a measure, sent empty."""
    page.goto(f"{base}/rounds/AS-26/measures/1/")
    page.locator("form[action*='/submit'] button[type=submit]").click()


def receipt(page: Page, base: str) -> None:
    """A comment sent, and its receipt."""
    page.goto(f"{base}/rounds/AS-26/measures/2/")
    page.locator("input[name=kind][value=proposal]").check()
    page.locator("textarea[name=text]").fill(
        "Please open one afternoon for people with small children, with a corner to play."
    )
    page.locator("form[action*='/submit'] button[type=submit]").click()
    page.locator("#code, .a-code").first.wait_for()


def checklist(page: Page, base: str) -> None:
    """The self-check of eligibility, half answered."""
    page.goto(f"{base}/eligibility/?rules=lists-nrw-2025")
    for name, value in (
        ("election_day", "7 11 2027"),
        ("born_on", "17 5 1991"),
        ("resident_since", "30 8 2027"),
    ):
        for part, written in zip(("day", "month", "year"), value.split(), strict=True):
            page.locator(f"input[name={name}-{part}]").fill(written)
    page.locator("input[name=citizenship][value=naturalised]").check()
    page.locator("#check button[type=submit]").click()
    page.locator("table").first.wait_for()


def office(path: str, role: str = "officer", email: str = "integration") -> Visit:
    """A page of the office, seen by a person of ``role`` whose address begins with ``email``."""

    def visit(page: Page, base: str) -> None:
        person = next(p for p in STAFF if p["role"] == role and p["email"].startswith(email))
        page.goto(f"{base}/office/sign-in")
        page.locator("input[name=email]").fill(person["email"])
        page.locator("input[name=password]").fill(person["password"])
        page.locator("main form button[type=submit], main form input[type=submit]").first.click()
        page.goto(base + path)

    return visit


PAGES: dict[str, Visit] = {
    "home": at("/"),
    "rounds": at("/rounds/"),
    "round": at("/rounds/AS-26/"),
    "measure": at("/rounds/AS-26/measures/1/"),
    "errors": errors,
    "receipt": receipt,
    "find-answer": at("/answer/"),
    "register": at("/rounds/NB-26/register/"),
    "entry": at("/rounds/NB-26/register/6/"),
    "redacted": at("/rounds/NB-26/register/33/"),
    "ledger": at("/ledger/"),
    "eligibility": at("/eligibility/?rules=lists-nrw-2025"),
    "checklist": checklist,
    "how": at("/how-this-works/"),
    "your-data": at("/your-data/"),
    "sign-in": at("/office/sign-in"),
    "office": office("/office/"),
    "workbench": office("/office/rounds/AS-26/"),
    "office-rounds": office("/office/rounds/"),
    "texts": office("/office/rounds/AS-26/texts/"),
    "text": office("/office/rounds/NB-26/texts/33/"),
    "item": office("/office/rounds/AS-26/items/3/"),
    "answering": office("/office/rounds/AS-26/answer?pick=3"),
    "replies": office("/office/rounds/NB-26/?queue=answered"),
    "set-up": office("/office/rounds/AS-26/set-up"),
    "new-round": office("/office/rounds/new"),
    "gate": office("/office/rounds/AS-26/conclude"),
    "account": office("/office/account"),
    # elections and councils
    "elections": at("/elections/"),
    "election": at("/elections/TB-26/"),
    "election-finished": at("/elections/MC-26/"),
    "election-online": at("/elections/SH-26/"),
    "board": at("/elections/WH-26/board/"),
    "practice": at("/elections/practice/"),
    "candidates": at("/elections/MC-26/candidates/"),
    "candidate": at("/elections/MC-26/candidates/1/"),
    "result": at("/elections/MC-26/result/"),
    "counting": at("/elections/TB-26/counting/"),
    "rules": at("/elections/MC-26/rules/"),
    "minutes": at("/elections/MC-26/minutes/"),
    "lots": at("/elections/MC-26/lots/"),
    "roll": at("/elections/MC-26/roll/"),
    "letters": at("/elections/MC-26/letters/"),
    "object": at("/elections/TB-26/object/"),
    "nominate": at("/elections/TB-26/nominate/"),
    "kit": at("/elections/TB-26/kit/"),
    "may-i": at("/elections/TB-26/eligibility/"),
    "councils": at("/council/"),
    "council": at("/council/migrant-council/"),
    "council-history": at("/council/migrant-council/history/"),
    "office-elections": returning("/office/elections/"),
    "election-desk": returning("/office/elections/TB-26/"),
    "new-election": returning("/office/elections/new"),
    "office-rules": returning("/office/elections/TB-26/rules"),
    "office-roll": returning("/office/elections/TB-26/roll/"),
    "nominations": returning("/office/elections/TB-26/nominations/"),
    "nomination": returning("/office/elections/TB-26/nominations/3/"),
    "ballot-order": returning("/office/elections/TB-26/ballot-order/"),
    "stations": returning("/office/elections/MC-26/stations/"),
    "office-result": returning("/office/elections/MC-26/result/"),
    "objections": returning("/office/elections/MC-26/objections/"),
    "promises": returning("/office/promises/TB-26/"),
    "office-council": clerk("/office/council/migrant-council/"),
}
STAFF: list[dict[str, str]] = []


def main(names: list[str]) -> int:
    for_readme = names == ["--readme"]
    if for_readme:
        names = []
    unknown = [name for name in names if name not in PAGES]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are {', '.join(PAGES)}.", file=sys.stderr)
        return 2
    try:
        program = chromium_path()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    (README_TARGET if for_readme else TARGET).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "var"
        command(folder, "demo", "--no-serve")
        STAFF.extend(json.loads((folder / "demo-sign-ins.json").read_text(encoding="utf-8")))
        with live_server(folder) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(program), args=list(CHROMIUM_ARGUMENTS))
            wanted = [
                (page, lang, width) for page in names or PAGES for lang in LANGUAGES for width in WIDTHS
            ]
            for page, language, width in README if for_readme else wanted:
                _picture(browser, f"{server.url}/{language}", page, language, width, for_readme)
            browser.close()
    return 0


def _picture(browser: Browser, base: str, name: str, language: str, width: int, for_readme: bool) -> None:
    height = 1000 if for_readme else 800
    context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
    page = context.new_page()
    try:
        PAGES[name](page, base)
        target = (README_TARGET if for_readme else TARGET) / f"{name}-{language}-{width}.png"
        page.screenshot(path=target, full_page=not for_readme)
        print(target.relative_to(ROOT))
    finally:
        context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
