"""What an officer and an approver do, at a desk, with and without JavaScript, in both directions of writing."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from tests.browser.conftest import DESK, City, Opener
from tests.browser.office import (
    ANSWER_TOGETHER,
    ROUND,
    SEND_TO_BE_CHECKED,
    begin_answer,
    choose,
    sign_in,
    write,
)

pytestmark = pytest.mark.browser

DRAFT = """# Sauberes Ufer

Was die Stadt am Ufer vorhat.

## Müll

### 1. Mehr Eimer

- Zuständig: Amt für Verkehr
- Bis: Juni 2028

Vierzig Eimer am Ufer.

### 2. Ein Tag zum Aufräumen

Jedes Jahr im Mai.
"""
SAYS = {
    "title_de": "Sauberes Ufer",
    "decided_de": "wo Eimer stehen",
    "not_decided_de": "die Gebühren",
    "use_of_input_de": "Jeder Kommentar bekommt eine Antwort.",
    "who_decides_de": "Der Stadtrat.",
}


@pytest.mark.parametrize(
    ("language", "script"),
    [("en", True), ("ar", False)],
    ids=["English with script", "Arabic without script"],
)
def test_one_answer_goes_from_the_officer_by_a_second_person_to_the_public(
    demo: City, open_page: Opener, language: str, script: bool
) -> None:
    officer = open_page(viewport=DESK, java_script_enabled=script)
    reason = f"The city looks at this next spring. ({language})"
    office = sign_in(officer, demo, "officer", language)
    numbers = choose(officer, office, 2)
    if script:
        expect(officer.locator("[data-row-count]")).to_have_text("2")
    officer.locator(ANSWER_TOGETHER).click()
    tickets = officer.locator("main .a-letter .a-ticket")
    assert [int(text.split("-")[-1]) for text in tickets.all_inner_texts()] == [int(n) for n in numbers]
    write(officer, reason)
    officer.locator(SEND_TO_BE_CHECKED).click()

    approver = open_page(viewport=DESK, java_script_enabled=script)
    office = sign_in(approver, demo, "approver", language)
    approver.goto(f"{demo.url}/{language}/rounds/{ROUND}/register/{numbers[0]}/")
    assert reason not in approver.locator("main").inner_text()
    approver.goto(f"{office}/rounds/{ROUND}/?queue=to-check")
    approver.locator(".a-queue > li", has_text=reason).locator("input[name=reply]").check()
    approver.locator(ANSWER_TOGETHER).click()
    expect(approver).to_have_url(re.compile("queue=to-release"))
    expect(approver.locator(".a-queue")).to_contain_text(reason)
    approver.locator("a[href$='/publish-replies']").first.click()
    approver.locator("main form[action$='/publish-replies'] button[type=submit]").click()
    expect(approver).to_have_url(re.compile("queue=answered"))

    resident = open_page(java_script_enabled=script)
    for number in numbers:
        resident.goto(f"{demo.url}/{language}/rounds/{ROUND}/register/{number}/")
        expect(resident.locator("main")).to_contain_text(reason)


def test_an_officer_cannot_approve_or_release(demo: City, open_page: Opener) -> None:
    page = open_page(viewport=DESK)
    office = sign_in(page, demo, "officer")
    page.goto(f"{office}/rounds/{ROUND}/?queue=to-check")
    expect(page.locator("input[name=reply]")).to_have_count(0)
    refused = page.goto(f"{office}/rounds/{ROUND}/publish-replies")
    assert refused is not None
    assert refused.status == 403


def test_the_second_of_two_editors_sees_both_texts_and_loses_neither(demo: City, open_page: Opener) -> None:
    first, second = open_page(viewport=DESK), open_page(viewport=DESK)
    office = sign_in(first, demo, "officer", nth=0)
    sign_in(second, demo, "officer", nth=1)
    address = begin_answer(first, office, "Begun by one of us.") + "edit"
    for page, text in ((first, "What the first one wrote."), (second, "What the second one wrote.")):
        page.goto(address)
        page.locator("textarea[name=reason]").fill(text)
    first.locator("button[name=save]").click()
    expect(first.locator(".govuk-notification-banner, .a-notice").first).to_be_visible()

    second.locator("button[name=save]").click()
    theirs = second.locator(".a-letter--theirs")
    expect(theirs).to_contain_text("What the first one wrote.")
    expect(theirs).to_contain_text(demo.staff["officer"][0]["name"])
    expect(second.locator("textarea[name=reason]")).to_have_value("What the second one wrote.")

    second.locator("button[name=save]").click()  # having seen both, it replaces the first
    second.goto(address)
    expect(second.locator("textarea[name=reason]")).to_have_value("What the second one wrote.")


def test_a_forgotten_outcome_keeps_the_text_and_leads_to_the_field(demo: City, open_page: Opener) -> None:
    page = open_page(viewport=DESK)
    office = sign_in(page, demo, "officer")
    choose(page, office, 1)
    page.locator(ANSWER_TOGETHER).click()
    page.locator("textarea[name=reason]").fill("A reason without an outcome.")
    page.locator(SEND_TO_BE_CHECKED).click()
    page.locator(".govuk-error-summary a").first.click()
    assert page.evaluate("document.activeElement.name") == "outcome"
    expect(page.locator("textarea[name=reason]")).to_have_value("A reason without an outcome.")


def test_concluding_too_early_names_the_numbers_that_miss_an_answer(demo: City, open_page: Opener) -> None:
    page = open_page(viewport=DESK)
    office = sign_in(page, demo, "officer")
    page.goto(f"{office}/rounds/{ROUND}/conclude")
    page.locator("main form[action$='/conclude'] button[type=submit]").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    named = page.locator("main .a-ticket")
    assert named.count() > 0
    number = int(named.first.inner_text().split("-")[-1])
    page.goto(f"{demo.url}/en/rounds/{ROUND}/register/{number}/")
    expect(page.locator("main")).to_contain_text("The city has not answered yet.")


def fill_day(page: Page, name: str, day: date) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"input[name={name}-{part}]").fill(str(getattr(day, part)))


def test_an_officer_creates_a_round_imports_a_pasted_draft_and_publishes_it(
    demo: City, open_page: Opener
) -> None:
    page = open_page(viewport=DESK)
    office = sign_in(page, demo, "officer")
    page.goto(f"{office}/rounds/new")
    for name, text in SAYS.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("input[name=code]").fill("SU-26")
    fill_day(page, "opens_on", clock.today())
    fill_day(page, "closes_on", clock.today() + timedelta(days=60))
    page.locator("textarea[name=short_reason]").fill("Damit der Sommer nicht verloren geht.")
    page.locator("main form button[type=submit]").click()

    expect(page).to_have_url(re.compile("/SU-26/import-draft$"))
    page.locator("textarea[name=text]").fill(DRAFT)
    page.locator("main form button[type=submit]:not([name])").click()
    preview = page.locator("main table")
    expect(preview).to_contain_text("Ein Tag zum Aufräumen")
    resident = open_page()
    assert (there := resident.goto(f"{demo.url}/en/rounds/SU-26/")) is not None
    assert there.status == 404  # nobody sees it before it is published
    page.locator("button[name=save]").click()

    expect(page).to_have_url(re.compile("/SU-26/set-up$"))
    page.locator("main form[action$='/publish'] button[type=submit]").click()
    resident.goto(f"{demo.url}/de/rounds/SU-26/measures/2/")
    expect(resident.locator("h1")).to_contain_text("Ein Tag zum Aufräumen")
    expect(resident.locator("textarea[name=text]")).to_be_visible()
