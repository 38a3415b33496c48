"""A newcomer to the demo city practises on their phone and then votes with a code that the terminal printed."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import City, Opener

pytestmark = pytest.mark.browser


def vote(page: Page) -> str:
    """From the filled-in code to the end; the tracker."""
    page.locator("main form button").click()
    page.check("#q0s1")
    page.check("#q0s4")
    page.locator(".a-actionbar button").click()
    page.locator(".a-choices").wait_for()
    page.locator("main .govuk-button").first.click()
    page.locator("details.govuk-details").wait_for()
    page.locator("main .govuk-button").first.click()
    page.locator("#tracker").wait_for()
    return page.locator("#tracker + p code").inner_text()


def test_a_newcomer_practises_and_then_votes_in_arabic_and_finds_the_vote_on_the_board(
    demo: City, open_page: Opener
) -> None:
    page = open_page(locale="ar")
    page.goto(f"{demo.url}/ar/elections/practice/")
    page.locator("main a.govuk-button").click()
    page.locator("main form button").wait_for()
    vote(page)
    expect(page.get_by_text("هذا تدريب. لا يُحتسب شيء هنا.")).to_be_visible()
    (running,) = json.loads((demo.server.folder / "demo-votes.json").read_text(encoding="utf-8"))
    page.goto(f"{demo.url}/elections/{running['election']}/vote/#{running['codes'][0]}")
    page.locator("main form button").wait_for()
    assert page.locator("html").get_attribute("dir") == "rtl"
    tracker = vote(page)
    page.locator("main a.govuk-button").click()
    expect(page.get_by_text(tracker)).to_be_visible()
