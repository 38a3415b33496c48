"""What a resident does, on a phone of 360 px, with and without JavaScript, in both directions of writing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import City, Opener

pytestmark = pytest.mark.browser

SEND = "form[action*='/submit'] button[type=submit]:not([name])"


def write_comment(page: Page, text: str) -> None:
    page.locator("input[name=kind][value=proposal]").check()
    page.locator("textarea[name=text]").fill(text)


def read_code(page: Page) -> str:
    code = re.sub(r"\D", "", page.locator(".a-code").first.inner_text())
    assert len(code) == 32
    return code


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_resident_comments_and_finds_the_comment_again(
    demo: City, open_page: Opener, language: str, direction: str, script: bool
) -> None:
    page = open_page(java_script_enabled=script)
    text = f"A bench at the ferry, please. ({language}, {script})"
    page.goto(f"{demo.url}/{language}/rounds/AS-26/")
    expect(page.locator("html")).to_have_attribute("dir", direction)
    page.locator("a[href*='/measures/3/']").first.click()
    write_comment(page, text)
    page.locator(SEND).click()
    code = read_code(page)
    number = page.locator(".a-ticket").first.inner_text()
    page.goto(f"{demo.url}/{language}/answer/")
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    page.locator("main input[name=code]").fill(" ".join(arabic[i : i + 4] for i in range(0, 32, 4)))
    page.locator("main form button[type=submit]:not([name])").first.click()
    body = page.locator("main").inner_text()
    assert text in body
    assert number.strip() in body
    page.goto(f"{demo.url}/{language}/rounds/AS-26/register/?q=ferry")
    assert text not in page.locator("main").inner_text()  # received and numbered, but not released yet


def test_a_double_click_going_back_and_reloading_make_one_comment(demo: City, open_page: Opener) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{demo.url}/en/rounds/AS-26/measures/4/")
    write_comment(page, "Sent by a nervous finger.")
    page.locator(SEND).dblclick()
    code = read_code(page)
    page.go_back()
    page.locator("textarea[name=text]").fill("Sent by a nervous finger.")
    page.locator("input[name=kind][value=proposal]").check()
    page.locator(SEND).click()
    assert read_code(page) == code
    page.reload()
    assert read_code(page) == code


def test_a_changed_text_comes_back_as_a_new_draft(demo: City, open_page: Opener) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{demo.url}/en/rounds/AS-26/measures/4/")
    write_comment(page, "The first thought.")
    page.locator(SEND).click()
    code = read_code(page)
    page.go_back()
    write_comment(page, "The second thought.")
    page.locator(SEND).click()
    expect(page.locator("textarea[name=text]")).to_have_value("The second thought.")
    page.locator(SEND).click()
    assert read_code(page) != code


def test_an_empty_form_names_everything_that_is_missing_and_keeps_the_rest(
    demo: City, open_page: Opener
) -> None:
    page = open_page()
    page.goto(f"{demo.url}/en/rounds/AS-26/measures/5/")
    page.locator("input[name=contact]").fill("samira.h")
    page.locator(SEND).click()
    summary = page.locator(".govuk-error-summary")
    expect(summary.locator("a")).to_have_count(3)
    summary.locator("a").first.click()
    assert page.evaluate("document.activeElement.name") == "kind"
    expect(page.locator("input[name=contact]")).to_have_value("samira.h")


def test_what_was_typed_survives_a_lost_page_and_is_forgotten_after_sending(
    demo: City, open_page: Opener
) -> None:
    page = open_page()
    address = f"{demo.url}/en/rounds/AS-26/measures/6/"
    page.goto(address)
    page.locator("textarea[name=text]").press_sequentially("Half a sentence")
    page.goto(f"{demo.url}/en/")
    page.goto(address)
    expect(page.locator("textarea[name=text]")).to_have_value("Half a sentence")
    page.locator("input[name=kind][value=question]").check()
    page.locator(SEND).click()
    read_code(page)
    page.goto(address)
    expect(page.locator("textarea[name=text]")).to_have_value("")


def test_the_qr_address_fills_the_code_in_and_leaves_no_trace_of_it(demo: City, open_page: Opener) -> None:
    page = open_page()
    page.goto(f"{demo.url}/en/rounds/AS-26/measures/7/")
    write_comment(page, "By QR code.")
    page.locator(SEND).click()
    code = read_code(page)
    page.goto(f"{demo.url}/en/answer/#{code}")
    field = page.locator("main input[name=code]")
    expect(field).not_to_have_value("")
    assert re.sub(r"\D", "", field.input_value()) == code
    assert code not in page.url
    page.locator("main form button[type=submit]:not([name])").first.click()
    assert "By QR code." in page.locator("main").inner_text()


def test_a_receipt_can_be_had_in_another_language(demo: City, open_page: Opener) -> None:
    page = open_page()
    page.goto(f"{demo.url}/en/rounds/AS-26/measures/8/")
    write_comment(page, "In whose language?")
    page.locator(SEND).click()
    code = read_code(page)
    page.locator("nav.a-languages button[lang=ar], nav.a-languages a[lang=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert read_code(page) == code


def test_no_page_of_the_journey_scrolls_sideways_at_320_px(demo: City, open_page: Opener) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    for language in ("en", "ar"):
        for path in (
            "",
            "rounds/",
            "rounds/AS-26/",
            "rounds/AS-26/measures/1/",
            "answer/",
            "rounds/NB-26/register/",
            "ledger/",
            "eligibility/?rules=lists-nrw-2025",
        ):
            page.goto(f"{demo.url}/{language}/{path}")
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{language}/{path} is {wide} px too wide"


def test_the_whole_journey_needs_the_keyboard_alone(demo: City, open_page: Opener) -> None:
    page = open_page()
    page.goto(f"{demo.url}/en/rounds/AS-26/measures/9/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    for _press in range(60):
        if page.evaluate("document.activeElement.name") == "kind":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _press in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "text":
            break
    page.keyboard.type("Typed without a mouse.")
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    page.locator(".a-code").first.wait_for()
    read_code(page)
