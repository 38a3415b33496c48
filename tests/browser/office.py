"""What people of the office do again and again in a browser."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Page

from tests.browser.conftest import City
from tests.browser.town import Town

ROUND = "AS-26"
ANSWER_TOGETHER = ".a-actionbar button[type=submit]:not([formaction])"
SEND_TO_BE_CHECKED = "button[name=send]"


def sign_in(page: Page, city: City | Town, role: str, language: str = "en", nth: int = 0) -> str:
    """Sign the ``nth`` demo person of ``role`` in; return where the office begins, in ``language``."""
    return sign_in_as(page, city, city.staff[role][nth], language)


def sign_in_as(page: Page, city: City | Town, person: Mapping[str, str], language: str = "en") -> str:
    """Sign somebody in by ``email`` and ``password``; return where the office begins."""
    page.goto(f"{city.url}/{language}/office/sign-in")
    page.locator("main input[name=email]").fill(person["email"])
    page.locator("main input[name=password]").fill(person["password"])
    page.locator("main form button[type=submit]").first.click()
    page.locator(".a-staffbar").wait_for()
    return f"{city.url}/{language}/office"


def choose(page: Page, office: str, count: int) -> list[str]:
    """Open the workbench and choose the first ``count`` comments; return their numbers."""
    page.goto(f"{office}/rounds/{ROUND}/")
    boxes = page.locator("input[name=pick]")
    numbers = []
    for place in range(count):
        boxes.nth(place).check()
        numbers.append(boxes.nth(place).get_attribute("value") or "")
    return numbers


def write(page: Page, reason: str, outcome: str = "noted") -> None:
    """Fill the answer's form in."""
    page.locator(f"input[name=outcome][value={outcome}]").check()
    page.locator("textarea[name=reason]").fill(reason)


def begin_answer(page: Page, office: str, reason: str) -> str:
    """Answer one comment without sending it; return the address of the answer."""
    choose(page, office, 1)
    page.locator(ANSWER_TOGETHER).click()
    write(page, reason)
    page.locator("button[name=save]").click()
    page.goto(f"{office}/rounds/{ROUND}/?queue=begun")
    row = page.locator(".a-queue > li", has_text=reason)
    return (
        f"{page.url.split('/en/')[0].split('/ar/')[0]}{row.locator('a[href*=replies]').get_attribute('href')}"
    )
