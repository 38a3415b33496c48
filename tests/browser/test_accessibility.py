"""axe-core finds nothing on the main pages and their error states, in both directions of writing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, City, Opener

pytestmark = pytest.mark.browser

PUBLIC = (
    "",
    "rounds/",
    "rounds/AS-26/",
    "rounds/AS-26/measures/1/",
    "rounds/AS-26/whole-draft/",
    "rounds/NB-26/",
    "rounds/NB-26/measures/7/",
    "answer/",
    "rounds/NB-26/register/",
    "rounds/NB-26/register/?q=bus",
    "rounds/NB-26/register/6/",
    "rounds/NB-26/register/check/",
    "ledger/",
    "eligibility/?rules=lists-nrw-2025",
    "elections/",
    "elections/practice/",
    "elections/SH-26/",
    "elections/SH-26/board/",
    "elections/WH-26/",
    "motions/",
    "motions/MC-0003/",
    "motions/MC-0002/",
    "motions/MC-0002/versions/",
    "motions/statistics/",
    "meetings/",
    "meetings/1/",
    "council/migrant-council/members/7/",
    "council/migrant-council/suggest/",
    "how-this-works/",
    "your-data/",
    "accessibility/",
    "open-data/",
    "office/sign-in",
    "there-is-no-such-page/",
)
ELECTION = ("", "rules/", "counting/", "minutes/", "eligibility/", "kit/")
"""Pages of every election that the city's open data names, but for those of the houses."""
HOUSES = ("SH-26", "WH-26")
"""Their elections differ from the others in the online vote alone."""
RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']"


def faults(page: Page, axe: str) -> list[str]:
    """What axe finds, a line each."""
    page.evaluate(axe)
    options = f"{{runOnly: {{type: 'tag', values: {RULES}}}, resultTypes: ['violations']}}"
    found = page.evaluate(f"axe.run(document, {options})")
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(
    ("language", "size"), [("en", DESK), ("ar", PHONE)], ids=["English at a desk", "Arabic on a phone"]
)
def test_axe_finds_nothing_on_the_public_pages(
    demo: City, open_page: Opener, axe: str, language: str, size: dict[str, int]
) -> None:
    page = open_page(viewport=size, bypass_csp=True)
    found = {}
    elections = page.request.get(f"{demo.url}/elections.json").json()["elections"]
    codes = [each["code"] for each in elections if each["code"] not in HOUSES]
    for path in (*PUBLIC, *(f"elections/{code}/{below}" for code in codes for below in ELECTION)):
        page.goto(f"{demo.url}/{language}/{path}")
        assert page.locator("h1").count() == 1, path
        if lines := faults(page, axe):
            found[path] = lines
    assert found == {}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_on_errors_receipt_answer_and_checklist(
    demo: City, open_page: Opener, axe: str, language: str
) -> None:
    page = open_page(bypass_csp=True)
    send = "form[action*='/submit'] button[type=submit]:not([name])"
    page.goto(f"{demo.url}/{language}/rounds/AS-26/measures/1/")
    page.locator(send).click()
    found = {"errors": faults(page, axe)}
    page.locator("input[name=kind][value=concern]").check()
    page.locator("textarea[name=text]").fill("Is this page easy to read?")
    page.locator(send).click()
    code = page.locator(".a-code").first.inner_text()
    found["receipt"] = faults(page, axe)
    page.goto(f"{demo.url}/{language}/answer/")
    page.locator("main input[name=code]").fill("123")
    page.locator("main form button[type=submit]:not([name])").first.click()
    found["wrong code"] = faults(page, axe)
    page.locator("main input[name=code]").fill(code)
    page.locator("main form button[type=submit]:not([name])").first.click()
    found["answer"] = faults(page, axe)
    page.goto(f"{demo.url}/{language}/eligibility/?rules=lists-nrw-2025")
    page.locator("input[name=born_on-day]").fill("31")
    page.locator("#check button[type=submit]").click()
    found["unclear day"] = faults(page, axe)
    page.locator("input[name=born_on-day]").fill("")
    page.locator("input[name=citizenship][value=foreign]").check()
    page.locator("#check button[type=submit]").click()
    page.locator("table").first.wait_for()
    found["checklist"] = faults(page, axe)
    assert {name: lines for name, lines in found.items() if lines} == {}
