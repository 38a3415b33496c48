"""Watching an online vote in a real browser: what became of a code, and the board's page, check and heads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core import clock
from core.codes import Kind, draw
from elections.ballot.replacements import Change, Record
from elections.messages.booth import POLICY
from elections.services.urn.checking import ask_check
from elections.services.urn.following import follow_replacements
from tests.browser.conftest import DESK, Opener
from tests.browser.test_accessibility import faults
from tests.browser.town import serving
from tests.city import staff
from tests.elections.city import CODE
from tests.elections.voters import VOTING, Town, open_town, work

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}


@dataclass
class Watched:
    """An election in which people vote, on a running server."""

    url: str
    town: Town
    tracker: str

    def at(self, path: str, language: str = "en") -> str:
        return f"{self.url}/{language}/elections/{CODE}/{path}"


@pytest.fixture
def watched(sqlite_app: Flask) -> Iterator[Watched]:
    """Four codes: of the first a ballot counts, the second is unused, the third replaced, the fourth revoked."""
    town = open_town(voters=4)
    with clock.freeze(VOTING):
        record = Record(town.uuid)
        record = record.added(VOTING.date(), Change.REPLACED, old=town.numbers[2], new=town.spares[0])
        record = record.added(VOTING.date(), Change.REVOKED, old=town.numbers[3], reason="struck")
        follow_replacements(CODE, record.write(), staff("returning_officer"))
        tracker = town.vote(0, 1).tracker
        ask_check(CODE)
        work()
        with serving(sqlite_app) as url:
            yield Watched(url, town, tracker)


def look_up(page: Page, typed: str, heading: str) -> None:
    """Type a code and press Enter; the answer takes the focus."""
    page.fill("#code", typed)
    page.press("#code", "Enter")
    expect(page.locator("[data-answer]:visible h2")).to_have_text(heading)
    expect(page.locator("[data-answer]:visible h2")).to_be_focused()
    expect(page.locator("#code")).to_have_value("")


def test_whoever_holds_a_code_learns_what_became_of_it_and_the_code_is_never_sent(
    watched: Watched, open_page: Opener
) -> None:
    page = open_page(viewport=NARROW)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    codes = watched.town.codes
    answer = page.goto(watched.at(f"code/#{codes[0]}"))
    assert answer is not None
    assert answer.headers["content-security-policy"] == POLICY
    expect(page.locator("#code")).to_have_value(codes[0])
    assert "#" not in page.url
    page.click("form button")
    expect(page.locator("[data-tracker]:visible")).to_have_text(watched.tracker)
    expect(page.locator("[data-answer]:visible")).to_contain_text("Vote again yourself")
    look_up(page, codes[1], "Nobody has voted with this code")
    eastern = codes[2].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    look_up(page, eastern, "This code was replaced by another one")
    look_up(page, codes[3], "This code cannot vote any more")
    look_up(page, draw(Kind.VOTING), "This code is not for this election")
    page.fill("#code", "1234")
    page.click("form button")
    expect(page.locator("#code-error")).to_contain_text("Digits here: 4.")
    assert page.get_attribute("#code", "aria-invalid") == "true"
    assert not [line for line in sent for code in codes if code in line]
    page.fill("#code", codes[0])
    page.click("form button")
    page.click("[data-answer]:visible a[data-board]")
    expect(page.locator("main")).to_contain_text("This ballot is on the board, at place 1, and it counts.")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_on_the_pages_of_whoever_watches(
    watched: Watched, open_page: Opener, axe: str, language: str
) -> None:
    page = open_page(viewport=NARROW, bypass_csp=True)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    found = {}
    for path in ("code/", "check/", "observe/", f"board/?tracker={watched.tracker.replace('+', '%2B')}"):
        for size in (NARROW, DESK):
            page.set_viewport_size(size)
            page.goto(watched.at(path, language))
            if path == "code/":
                page.fill("#code", watched.town.codes[0])
                page.click("form button")
                page.locator("[data-tracker]:visible").wait_for()
            lines = faults(page, axe)
            if page.evaluate(wide) > 0:
                lines.append("too wide")
            if lines:
                found[path, size["width"]] = lines
    assert found == {}
