"""axe-core finds nothing on the pages of the office and their error states, in both directions of writing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, City, Opener
from tests.browser.office import ROUND, begin_answer, sign_in
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.browser

ELECTION, FINISHED = "TB-26", "MC-26"

OFFICER = (
    "/",
    f"/rounds/{ROUND}/",
    f"/rounds/{ROUND}/?queue=overdue",
    f"/rounds/{ROUND}/?queue=begun",
    "/rounds/NB-26/?queue=answered",
    f"/rounds/{ROUND}/?q=bus",
    f"/rounds/{ROUND}/answer?pick=20&pick=22",
    f"/rounds/{ROUND}/pass-on?pick=20",
    f"/rounds/{ROUND}/extend-due-day?pick=20",
    f"/rounds/{ROUND}/items/20/",
    f"/rounds/{ROUND}/conclude",
    f"/rounds/{ROUND}/set-up",
    f"/rounds/{ROUND}/retime",
    f"/rounds/{ROUND}/import-draft",
    f"/rounds/{ROUND}/import-translation",
    "/rounds/",
    "/account",
    "/motions/",
    "/motions/city/",
    "/motions/verification/",
    "/motions/3/",
    "/motions/3/file-position",
    "/motions/3/extend",
    "/motions/3/decide",
    "/motions/1/update",
    "/motions/11/check",
)
APPROVER = (f"/rounds/{ROUND}/?queue=to-check", f"/rounds/{ROUND}/publish-replies")
MODERATOR = (f"/rounds/{ROUND}/texts/", f"/rounds/{ROUND}/texts/?list=released", f"/rounds/{ROUND}/texts/3/")
RETURNING_OFFICER = (
    "/elections/",
    "/elections/new",
    f"/elections/{ELECTION}/",
    f"/elections/{ELECTION}/rules",
    f"/elections/{ELECTION}/roll/",
    f"/elections/{ELECTION}/roll/import",
    f"/elections/{ELECTION}/roll/look-up",
    f"/elections/{ELECTION}/roll/registrations/5",
    f"/elections/{ELECTION}/nominations/",
    f"/elections/{ELECTION}/nominations/3/",
    f"/elections/{ELECTION}/ballot-order/",
    f"/elections/{ELECTION}/stations/",
    f"/elections/{ELECTION}/minutes",
    "/elections/SH-26/urn/",
    "/elections/SH-26/devices/",
    "/elections/SH-26/paper/",
    f"/elections/{FINISHED}/stations/",
    f"/elections/{FINISHED}/stations/city-hall/",
    f"/elections/{FINISHED}/result/",
    f"/elections/{FINISHED}/objections/",
    "/promises/",
    f"/promises/{ELECTION}/",
)
CLERK = (
    "/elections/",
    "/council/",
    "/council/new",
    "/council/migrant-council/",
    "/council/migrant-council/begin-term",
    "/council/migrant-council/open-call",
    "/council/migrant-council/applications/",
    "/motions/",
    "/meetings/",
    "/meetings/migrant-council/plan",
    "/meetings/3/",
    "/meetings/3/minutes/",
    "/meetings/4/",
    "/meetings/4/invite",
    "/meetings/items/12/choose-vote",
    "/meetings/items/12/vote?about=motion&way=by_name",
)
MEMBER = (
    "/motions/",
    "/motions/guide/",
    "/motions/suggestions/",
    "/motions/new?template=improve",
    "/motions/11/",
    "/motions/9/amendments/",
    "/motions/9/propose-amendment",
    "/meetings/4/",
    "/meetings/3/minutes/",
)
ADMINISTRATOR = ("/accounts", "/accounts/1", "/accounts/invite")

SENT_EMPTY = (
    ("/rounds/new", "main form button[type=submit]"),
    (f"/rounds/{ROUND}/import-draft", "main form button[type=submit]:not([name])"),
    (f"/rounds/{ROUND}/answer?pick=20&pick=22", "main button[name=send]"),
)


def look_at(page: Page, axe: str, office: str, paths: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    for path in paths:
        answer = page.goto(office + path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("h1").count() == 1, path
        yield path, faults(page, axe)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("role", "paths"),
    [
        ("officer", OFFICER),
        ("approver", APPROVER),
        ("moderator", MODERATOR),
        ("administrator", ADMINISTRATOR),
        ("returning_officer", RETURNING_OFFICER),
        ("clerk", CLERK),
        ("member", MEMBER),
    ],
)
def test_axe_finds_nothing_on_the_pages_of_the_office(
    demo: City, open_page: Opener, axe: str, role: str, paths: tuple[str, ...], language: str
) -> None:
    page = open_page(viewport=DESK, bypass_csp=True)
    office = sign_in(page, demo, role, language)
    found = dict(look_at(page, axe, office, paths))
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_where_the_office_gets_something_wrong(
    demo: City, open_page: Opener, axe: str, language: str
) -> None:
    page = open_page(viewport=DESK, bypass_csp=True)
    page.goto(f"{demo.url}/{language}/office/sign-in")
    page.locator("main input[name=email]").fill("nobody@example.org")
    page.locator("main input[name=password]").fill("wrong")
    page.locator("main form button[type=submit]").first.click()
    page.locator(".govuk-error-summary").wait_for()
    found = {"sign-in": faults(page, axe)}
    office = sign_in(page, demo, "officer", language)
    for path, button in SENT_EMPTY:
        page.goto(office + path)
        page.locator(button).first.click()
        page.locator(".govuk-error-summary").wait_for()
        found[path] = faults(page, axe)
    page.goto(f"{office}/rounds/{ROUND}/conclude")
    page.locator("main form[action$='/conclude'] button").click()
    page.locator(".govuk-error-summary").wait_for()
    found["conclude"] = faults(page, axe)
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_on_an_answer_in_work_and_a_preview(
    demo: City, open_page: Opener, axe: str, language: str
) -> None:
    page = open_page(viewport=DESK, bypass_csp=True)
    office = sign_in(page, demo, "officer", language)
    address = begin_answer(page, office, f"Begun, to be looked at. ({language})")
    page.goto(address)
    found = {"reply": faults(page, axe)}
    page.goto(address + "edit")
    found["editor"] = faults(page, axe)
    page.goto(f"{office}/rounds/{ROUND}/import-draft")
    page.locator("textarea[name=text]").fill(
        "# Title\n\n## Chapter\n\n### 1. Measure\n\n- Responsible: Nobody\n"
    )
    page.locator("main form button[type=submit]:not([name])").first.click()
    page.locator("main table").wait_for()
    found["preview"] = faults(page, axe)
    assert {name: lines for name, lines in found.items() if lines} == {}
