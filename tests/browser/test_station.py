"""The booth on a device in a city office: language first, anew for everybody, nothing left of whoever was there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.booth.server import Site, council, serving
from tests.browser.conftest import Opener
from tests.browser.test_accessibility import faults
from tests.browser.test_booth import choose, go_on, seal

pytestmark = pytest.mark.browser


@pytest.fixture
def site() -> Iterator[Site]:
    """A council election whose booth is shown as on a station device."""
    with serving(Site.of(council())) as site:
        site.station = True
        yield site


def begin_in_arabic(page: Page, site: Site) -> None:
    """At a station the language comes first; then a reader of QR codes types the address that stands in the letter."""
    page.locator(".a-booth__tongues button[lang=ar]").click()
    page.locator("#code").wait_for()
    assert page.input_value("#code") == ""
    page.locator("#code").type(f"{site.url}/vote/#{site.codes[0]}")
    page.keyboard.press("Enter")


def test_a_station_begins_anew_for_everybody_and_leaves_nothing_of_whoever_was_there(
    site: Site, open_page: Opener, axe: str
) -> None:
    page = open_page(bypass_csp=True)
    page.goto(f"{site.url}/en/vote/")
    at = page.url
    page.locator(".a-booth__tongues").wait_for()
    assert faults(page, axe) == []
    begin_in_arabic(page, site)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    choose(page, 2)
    seal(page)
    go_on(page)
    page.locator("#tracker").wait_for()
    assert page.locator("main a").count() == 0  # nothing leads away
    page.locator("main .govuk-button--secondary").click()
    page.locator(".a-booth__tongues button[lang=en]").click()
    assert page.input_value("#code") == ""
    assert page.url == at
    assert page.locator("input[type=file]").count() == 0
    assert site.votes() == [[[0, 0, 0, 1, 0, 0, 0, 0, 0]]]


def test_a_station_forgets_who_walked_away_but_asks_first(site: Site, open_page: Opener, axe: str) -> None:
    page = open_page(bypass_csp=True)
    page.clock.install()
    page.goto(f"{site.url}/en/vote/")
    page.locator(".a-booth__tongues").wait_for()
    begin_in_arabic(page, site)
    choose(page, 5)
    page.clock.fast_forward(121_000)
    expect(page.get_by_role("alert")).to_contain_text("هل ما زلتم هنا؟")
    assert faults(page, axe) == []
    page.get_by_role("alert").get_by_role("button").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("#q0s5")).to_be_checked()
    page.clock.fast_forward(121_000)
    page.clock.fast_forward(31_000)
    page.locator(".a-booth__tongues").wait_for()
    begin_in_arabic(page, site)
    assert page.locator("input:checked").count() == 0
    assert site.received == 0
