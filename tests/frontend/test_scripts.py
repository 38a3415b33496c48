"""The small scripts in a real browser: they save steps, and never take one on their own."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

from tests.frontend.built import Asset
from tests.servers import CHROMIUM_ARGUMENTS, Missing, chromium_path, skip_or_fail

pytestmark = pytest.mark.browser

RECEIPT = "48210937552611807349206588143712"
HOST = "http://answerable.test"


def with_remainder(remainder: int) -> str:
    """32 digits that leave this remainder modulo 97."""
    body = RECEIPT[:30]
    return body + f"{(remainder - int(body) * 100) % 97:02d}"


VOTING_CODE = with_remainder(2)
RECEIPT_CODE = with_remainder(1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        path = chromium_path()
    except Missing as missing:
        skip_or_fail(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


class Site:
    """A browser on a site of made-up pages with the built scripts under the real policy for content."""

    def __init__(self, browser: Browser, assets: dict[str, Asset]) -> None:
        self.pages: dict[str, str] = {}
        self.sent: list[dict[str, list[str]]] = []
        self.assets = assets
        self.context = browser.new_context()
        self.context.set_default_timeout(5000)
        self.context.route("**/*", self._answer)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _answer(self, route: Route, request: Request) -> None:
        path = request.url.removeprefix(HOST).partition("?")[0]
        if path.endswith(".js"):
            route.fulfill(content_type="text/javascript", body=self.assets[path[1:]].text)
            return
        if request.method == "POST":
            self.sent.append(parse_qs(request.post_data or ""))
            route.fulfill(status=204)  # the browser stays where it is
            return
        body = f"<!DOCTYPE html><script src=/public.js defer></script><script src=/staff.js defer></script>{self.pages.get(path, '')}"
        route.fulfill(
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": "default-src 'none'; script-src 'self'; form-action 'self'"},
            body=body,
        )

    def open(self, markup: str, address: str = "/") -> Page:
        self.pages[address.partition("#")[0]] = markup
        self.page.goto("about:blank")
        self.page.goto(HOST + address)
        return self.page


@pytest.fixture
def site(browser: Browser, assets: dict[str, Asset]) -> Iterator[Site]:
    site = Site(browser, assets)
    yield site
    site.context.close()
    assert site.errors == []


# --- the menu --------------------------------------------------------------------------------------------------

MENU = '<nav><button class="a-nav__toggle" aria-expanded="false">Menu</button><ul class="a-nav__list"></ul></nav>'


def test_the_menu_opens_and_escape_closes_it(site: Site) -> None:
    page = site.open(MENU)
    button = page.locator("button")
    assert "a-js" in (page.locator("html").get_attribute("class") or "")
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"


# --- the code --------------------------------------------------------------------------------------------------

CODE_FORM = """<form data-code-form method="post" action="/answer/"><input name="code">
    <p data-code-warning hidden>This is a voting code.</p><button>Show my answer</button></form>"""


@pytest.mark.parametrize(
    "scanned", [RECEIPT_CODE, " ".join(RECEIPT_CODE[i : i + 4] for i in range(0, 32, 4))]
)
def test_a_scanned_code_moves_into_the_field_and_out_of_the_address(site: Site, scanned: str) -> None:
    page = site.open(CODE_FORM, f"/answer/#{scanned}")
    assert page.input_value("[name=code]").replace(" ", "") == RECEIPT_CODE
    assert page.url == f"{HOST}/answer/"
    assert site.sent == [], "nothing is ever sent by itself"


@pytest.mark.parametrize("zero", ["٠", "۰"])
def test_arabic_and_persian_digits_are_read(site: Site, zero: str) -> None:
    written = "".join(chr(ord(zero) + int(digit)) for digit in RECEIPT_CODE)
    page = site.open(CODE_FORM, f"/answer/#{written}")
    assert page.input_value("[name=code]").replace(" ", "") == RECEIPT_CODE


@pytest.mark.parametrize("fragment", ["main", "123", "%E0%A4%A", RECEIPT_CODE + "1"])
def test_other_fragments_are_left_alone(site: Site, fragment: str) -> None:
    page = site.open(CODE_FORM, f"/answer/#{fragment}")
    assert page.input_value("[name=code]") == ""
    assert page.url.endswith(f"#{fragment}")


@pytest.mark.parametrize("zero", ["0", "٠"])
def test_a_voting_code_is_named_and_never_sent(site: Site, zero: str) -> None:
    page = site.open(CODE_FORM)
    assert not page.locator("[data-code-warning]").is_visible()
    page.fill("[name=code]", "-".join(chr(ord(zero) + int(digit)) for digit in VOTING_CODE))
    assert page.locator("[data-code-warning]").is_visible()
    page.click("button")
    page.wait_for_timeout(200)
    assert site.sent == []
    page.fill("[name=code]", RECEIPT_CODE)
    assert not page.locator("[data-code-warning]").is_visible()
    page.click("button")
    page.wait_for_timeout(200)
    assert [each["code"] for each in site.sent] == [[RECEIPT_CODE]]


# --- what was typed --------------------------------------------------------------------------------------------

COMMENT = """<form data-keep="measure-14" method="post"><input type="hidden" name="token" value="t">
    <textarea name="text">{text}</textarea><input type="email" name="mail"><button>Send my comment</button></form>"""


def test_what_was_typed_survives_a_reload_until_the_receipt_is_shown(site: Site) -> None:
    page = site.open(COMMENT.format(text=""), "/measure/")
    page.fill("textarea", "Темно на зупинці\nдруга")
    page.fill("[name=mail]", "olena@example.org")
    page.reload()
    assert page.input_value("textarea") == "Темно на зупинці\nдруга"
    assert page.input_value("[name=mail]") == "olena@example.org"
    site.open('<section data-kept-clear="measure-14"></section>', "/receipt/")
    site.open(COMMENT.format(text=""), "/measure/")
    assert page.input_value("textarea") == ""


def test_what_the_server_shows_again_wins_and_other_forms_are_not_touched(site: Site) -> None:
    page = site.open(COMMENT.format(text=""), "/measure/")
    page.fill("textarea", "old")
    site.open(COMMENT.format(text="from the server"), "/measure/")
    assert page.input_value("textarea") == "from the server"
    site.open(COMMENT.format(text="").replace("measure-14", "measure-15"), "/other/")
    assert page.input_value("textarea") == ""


def test_secrets_are_not_kept(site: Site) -> None:
    page = site.open(
        '<form data-keep="a"><input type="password" name="p"><textarea name="t"></textarea></form>'
    )
    page.fill("[name=p]", "secret")
    page.fill("[name=t]", "text")
    assert "secret" not in page.evaluate("JSON.stringify(sessionStorage)")


# --- sending ---------------------------------------------------------------------------------------------------


def test_a_double_click_sends_once_and_a_later_click_sends_again(site: Site) -> None:
    page = site.open(COMMENT.format(text="x"), "/measure/")
    page.dblclick("button")
    page.wait_for_timeout(300)
    assert len(site.sent) == 1
    assert page.locator("button").is_enabled()
    page.wait_for_timeout(1900)
    page.click("button")
    page.wait_for_timeout(200)
    assert len(site.sent) == 2


# --- buttons ---------------------------------------------------------------------------------------------------


def test_print_and_copy_show_themselves_and_work(site: Site) -> None:
    site.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = site.open("""<div id="code"><span>4821</span> <span>0937</span> </div><button data-print hidden>Print</button>
        <button data-copy="#code" hidden>Copy</button><span data-copied="Copied." role="status"></span>""")
    page.evaluate("window.print = () => { window.printed = true }")
    page.click("[data-print]")
    assert page.evaluate("window.printed")
    page.click("[data-copy]")
    page.wait_for_function("document.querySelector('[data-copied]').textContent === 'Copied.'")


def test_a_failed_form_begins_at_its_errors(site: Site) -> None:
    page = site.open('<input><div data-errors="true" tabindex="-1" id="errors"></div>')
    assert page.evaluate("document.activeElement.id") == "errors"


# --- the office ------------------------------------------------------------------------------------------------

QUEUE = """<form data-selection><p data-with-script hidden><input type="checkbox" data-row-all></p>
    <ul><li><input type="checkbox" data-row name="pick" value="1"></li><li><input type="checkbox" data-row name="pick" value="2">
    </li></ul><span data-row-count>0</span></form>"""


def test_one_box_chooses_every_row_and_the_number_follows(site: Site) -> None:
    page = site.open(QUEUE)
    count = page.locator("[data-row-count]")
    page.check("[data-row-all]")
    assert count.text_content() == "2"
    assert page.locator("li.is-chosen").count() == 2
    page.uncheck("[value='1']")
    assert count.text_content() == "1"
    assert page.evaluate("document.querySelector('[data-row-all]').indeterminate")
    assert page.locator("li.is-chosen").count() == 1


@pytest.mark.parametrize(("typed", "asked"), [("", False), ("You are right.", True)])
def test_leaving_asks_only_when_an_answer_would_be_lost(site: Site, typed: str, asked: bool) -> None:
    page = site.open(
        '<form data-unsaved method="post"><textarea name="reason"></textarea><button>Send</button></form>'
    )
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    page.locator("textarea").press_sequentially(typed)
    page.goto(f"{HOST}/elsewhere/")
    assert dialogs == (["beforeunload"] if asked else [])


def test_sending_an_answer_asks_nothing(site: Site) -> None:
    page = site.open(
        '<form data-unsaved method="get" action="/sent/"><textarea name="reason"></textarea><button>Send</button></form>'
    )
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    page.locator("textarea").press_sequentially("You are right.")
    page.click("button")
    page.wait_for_url("**/sent/**")
    assert dialogs == []
