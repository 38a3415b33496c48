"""The public register of motions on a phone and on a desk: axe finds nothing, nothing sticks out, no script is needed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.db import db, write
from core.localized import Localized, State
from motions.models.drafting import MotionText
from motions.models.motions import Motion
from motions.queries.listing import read_rows
from motions.rules.stages import CityDecision, Stage
from motions.services.search import keep_found
from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.test_accessibility import faults
from tests.browser.town import Town
from tests.motions.city import at, found_council_desk, member_id, tabled

pytestmark = pytest.mark.browser

KEY = "newcomers-council"


@pytest.fixture
def tabled_in(town: Town) -> str:
    """A council whose motions stand at every point of the way, one of them late; returns the late one's number."""
    found_council_desk(key=KEY, register_code="NC")
    late = at(Stage.FORWARDED, tabled(title="Interpreters at parents’ evenings in all primary schools"))
    at(Stage.DECIDED, tabled(title="A playground"), decision=CityDecision.NOTED_WITHOUT_VOTE)
    at(Stage.IMPLEMENTING, tabled(title="A night bus"))
    tabled(title="Will the office open on Saturdays?", kind="question")
    with write() as session:
        for text in session.scalars(select(MotionText)):
            text.title = text.title.with_version("ar", f"طلب: {text.title.best('en').text}", State.MACHINE)
            text.text = Localized.load(
                {
                    "en": {"text": "The city\n\n1. pays,\n2. reports.", "state": "original"},
                    "ar": {"text": "المدينة\n\n1. تدفع،\n2. تقدم تقريرا.", "state": "machine"},
                }
            )
        for motion_id in session.scalars(select(Motion.id)):
            keep_found(session, motion_id)
    number = read_rows(db.session(), [late])[0].number
    town.it_is(date(2027, 10, 5))
    return number


@pytest.mark.parametrize(
    ("language", "size", "scripted"),
    [("en", DESK, True), ("ar", PHONE, True), ("ar", PHONE, False)],
    ids=["English at a desk", "Arabic on a phone", "Arabic on a phone without script"],
)
def test_the_register_is_accessible_and_fits(
    town: Town,
    tabled_in: str,
    open_page: Opener,
    axe: str,
    language: str,
    size: dict[str, int],
    scripted: bool,
) -> None:
    page = open_page(viewport=size, bypass_csp=True, java_script_enabled=scripted)
    member = member_id("Bilal Saleh")
    db.session.rollback()
    for path in (
        "motions/",
        "motions/?word=interpreters&state=late",
        f"motions/{tabled_in}/",
        "motions/statistics/",
        f"council/{KEY}/members/{member}/",
        "",
    ):
        page.goto(f"{town.url}/{language}/{path}")
        assert page.locator("h1").count() == 1, path
        if scripted:
            assert faults(page, axe) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if path:
            assert page.get_by_text(tabled_in).first.is_visible() or "statistics" in path
