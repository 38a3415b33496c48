"""People with browsers in the test city: residents, officers, the board; and an eye on every page they open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import faults
from tests.browser.town import Town
from tests.elections.city import CODE as ELECTION

NARROW = {"width": 320, "height": 640}
SENT = "main form button[type=submit]"


@dataclass
class Looking:
    """What was wrong on the pages that were looked at, by what each of them showed."""

    axe: str
    reader: Page | None = None
    """Looks at the public pages of somebody whose browser runs no script, which axe itself needs."""
    found: dict[str, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def once(self, page: Page, what: str) -> None:
        """Look at what comes again and again only the first time."""
        if what not in self.seen:
            self.at(page, what)

    def at(self, page: Page, what: str) -> None:
        """Let axe look at a page, and see whether it scrolls sideways on a phone."""
        self.seen.add(what)
        lines = self._too_wide(page)
        if self.reader is None:
            lines += faults(page, self.axe)
        elif "/office/" not in page.url and what.endswith("/"):
            self.reader.goto(page.url)
            lines += faults(self.reader, self.axe)
        if lines:
            self.found[what] = lines

    def _too_wide(self, page: Page) -> list[str]:
        if page.viewport_size not in (NARROW, PHONE):
            return []
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [f"{wide} px too wide"] if wide > 0 else []


@dataclass
class Somebody:
    """One person with a browser, who reads in one language."""

    page: Page
    town: Town
    language: str
    looking: Looking

    def opens(self, path: str, look: bool = True) -> Page:
        """Go to a page of the election (``path`` without a slash), or to any other (``/…``)."""
        path = path if path.startswith("/") else f"/elections/{ELECTION}/{path}"
        answer = self.page.goto(f"{self.town.url}/{self.language}{path}")
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        if look:
            self.looking.at(self.page, path)
        return self.page

    def desk(self, path: str = "", look: bool = True) -> Page:
        """Go to an office page of the election."""
        return self.opens(f"/office/elections/{ELECTION}/{path}", look)

    def fills(self, **fields: str) -> None:
        """Write into fields by their names; days are written ``19.3.2028``."""
        for name, text in fields.items():
            box = self.page.locator(f"main [name={name}]:not([type=hidden])")
            if box.count() == 0:
                for part, typed in zip(("day", "month", "year"), text.split("."), strict=True):
                    self.page.locator(f"main input[name={name}-{part}]").fill(typed)
            elif box.first.evaluate("box => box.tagName") == "SELECT":
                box.select_option(text)
            elif box.first.get_attribute("type") in ("radio", "checkbox"):
                self.page.locator(f"main [name={name}][value={text!r}]").check()
            else:
                box.fill(text)

    def sends(self, form: str = "") -> Page:
        """Press the button of the form whose address ends so; the page must be fine with what was sent."""
        button = f"main form[action$={form!r}] button[type=submit]" if form else SENT
        self.presses(button)
        assert self.page.locator(".govuk-error-summary").all_inner_texts() == []
        return self.page

    def presses(self, what: str) -> None:
        """Press a button or follow a link, and wait for the page that comes."""
        with self.page.expect_navigation():
            self.page.locator(what).first.click()

    def does(self, kind: str, **fields: str) -> None:
        """Propose an act at the desk, or do it where one person is enough."""
        self.desk(look=False)
        form = self.page.locator(f"main form[action$='/acts/{kind}']")
        for name, text in fields.items():
            if name == "reason":
                form.locator("textarea").fill(text)
            else:
                for part, typed in zip(("day", "month", "year"), text.split("."), strict=True):
                    form.locator(f"input[name={name}-{part}]").fill(typed)
        with self.page.expect_navigation():
            form.locator("button[type=submit]").click()
        expect(self.page.locator(".govuk-error-summary")).to_have_count(0)
        expect(self.page.locator(".govuk-notification-banner, .a-notice").first).to_be_visible()

    def confirms(self) -> None:
        """Confirm what waits at the desk."""
        self.desk()
        self.presses("main form[action$='/confirm'] button")
        expect(self.page.locator("main form[action$='/confirm']")).to_have_count(0)

    def keeps_code(self, what: str) -> str:
        """Read the code of a receipt."""
        code = re.sub(r"\D", "", self.page.locator(".a-code").first.inner_text())
        assert len(code) == 32
        self.looking.at(self.page, what)
        return code

    def asks_with(self, code: str, what: str) -> Page:
        """Open what a receipt code opens."""
        self.opens("/answer/", look=False)
        self.page.locator("main input[name=code]").fill(code)
        self.presses("main form button[type=submit]:not([name])")
        expect(self.page.locator("main form#held")).to_have_count(1)
        self.looking.at(self.page, what)
        return self.page


def at(day: int, hour: int) -> datetime:
    """An hour of a day of the voting week in March."""
    return datetime(2028, 3, day, hour, tzinfo=ZoneInfo("Europe/Berlin"))


def number(wanted: int, page: Page) -> bool:
    """Whether a page shows a figure, in whatever digits it shows them."""
    text = page.locator("main").inner_text().translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    return re.search(rf"\b{wanted}\b", text) is not None
