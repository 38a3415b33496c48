"""axe-core finds nothing where members draft, sign and read answers, where the office checks, and anybody suggests something.

No server: what the browser asks for is answered by the application itself, as whoever is signed in.
"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, Route

from motions.rules import amendments as rules
from motions.rules.stages import Stage
from motions.services import drafting
from motions.services.amendments import NewAmendment, propose_amendment
from tests.accounts.browsers import hidden_fields
from tests.accounts.people import Person
from tests.browser.conftest import PHONE, Opener
from tests.browser.test_accessibility import faults
from tests.city import answer, found_city
from tests.council.city import KEY
from tests.motions.city import acting_member, at, draft, found_council_desk, member_id, tabled
from tests.motions.test_private_answers import ask
from tests.motions.test_service_admissibility import propose
from tests.motions.test_service_amendments import TEXT, decide

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AUTHOR, SECOND, CHAIR = "Bilal Saleh", "Chiara Rossi", "Adwoa Mensah"
ARABIC = drafting.Text("مترجمون في المدارس", "تدفع المدينة للمترجمين.", "يترجم الأطفال.")


@pytest.fixture
def desk(sqlite_app: Flask) -> Flask:
    """1: a draft that one member signed. 2: admissible, with changes that contradict each other. 3: being checked."""
    found_city()
    found_council_desk()
    first = draft()
    drafting.invite(first, [member_id(SECOND), member_id("Elif Demir")], acting_member(AUTHOR))
    digest = drafting.drafting.digest(
        drafting.Text("Interpreters in schools", "The city pays for interpreters.", "Children translate.")
    )
    drafting.sign(first, digest, acting_member(SECOND))
    drafting.translate(first, digest, "ar", ARABIC, acting_member(AUTHOR), machine=True)
    second = at(Stage.SCHEDULED, tabled(text=TEXT))
    for name in (SECOND, "Elif Demir"):
        words = NewAmendment(rules.digest(TEXT), 2, "replace", f"It begins with {name}.", "More.")
        propose_amendment(second, words, acting_member(name))
    decide(second, {1: True, 2: True})
    propose(tabled())
    answer([ask()], code="AB", reason="A carer comes to your home.", outcome="accepted")
    ask(SECOND)
    return sqlite_app


PAGES = (
    (AUTHOR, "/office/motions/new"),
    (AUTHOR, "/office/motions/1/"),
    (AUTHOR, "/office/motions/1/change-text"),
    (AUTHOR, "/office/motions/1/invite"),
    (AUTHOR, "/office/motions/1/submit"),
    (AUTHOR, "/office/motions/1/translate?language=ar"),
    (AUTHOR, "/office/motions/suggestions/"),
    ("Elif Demir", "/office/motions/1/sign"),
    (SECOND, "/office/motions/2/amendments/"),
    (SECOND, "/office/motions/2/propose-amendment"),
    ("clerk", "/office/motions/2/amendments/1/settle"),
    ("officer", "/office/motions/3/check"),
    (CHAIR, "/office/motions/3/"),
    (CHAIR, "/office/motions/3/release"),
    (AUTHOR, "/office/meetings/requests/"),
    ("clerk", "/office/promises/AB/?queue=answered"),
    ("clerk", "/office/promises/AB/answer?pick=4"),
    ("nobody", f"/council/{KEY}/register/"),
    ("nobody", f"/council/{KEY}/suggest/"),
    ("nobody", "/motions/AB-0001/versions/"),
)


def answer_by(page: Page, person: Person) -> None:
    """What ``page`` asks for is answered by the application, as ``person``."""

    def respond(route: Route) -> None:
        path = route.request.url.removeprefix("http://127.0.0.1")
        if route.request.method == "POST":
            kind = route.request.headers["content-type"]
            found = person.browser.client.post(path, data=route.request.post_data_buffer, content_type=kind)
        else:
            found = person.browser.client.get(path)
        headers = {name.lower(): value for name, value in found.headers.items()}
        headers.pop("content-length", None)
        route.fulfill(status=found.status_code, headers=headers, body=found.get_data())

    page.route("**/*", respond)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_and_nothing_leaves_a_phone_at_the_side(
    desk: Flask, open_page: Opener, axe: str, language: str
) -> None:
    wrong = {}
    for who, path in PAGES:
        page = open_page(viewport=PHONE)
        answer_by(page, Person(desk, who))
        page.goto(f"http://127.0.0.1/{language}{path}")
        found = faults(page, axe)
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            found.append("wider than the phone")
        if found:
            wrong[who, path] = found
        page.close()
    assert wrong == {}


def test_a_suggestion_in_arabic_on_a_phone_without_script(desk: Flask, open_page: Opener, axe: str) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False)
    resident = Person(desk, "nobody")
    fields = hidden_fields(resident.open(f"/ar/council/{KEY}/suggest/"))
    assert fields["form_key"]
    answer_by(page, resident)
    page.goto(f"http://127.0.0.1/ar/council/{KEY}/suggest/")
    page.select_option("#topic", "schools")
    page.fill("#text", "لا أحد في مكتب المدرسة يتكلم العربية.")
    page.click("#suggest button[type=submit]")
    assert page.locator(".a-code").is_visible()
    assert page.locator("html").get_attribute("dir") == "rtl"
