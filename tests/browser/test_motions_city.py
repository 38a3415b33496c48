"""The city's side of motions on a phone and on a desk: axe finds nothing, nothing sticks out, in both directions."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from accounts.models import Account, Department
from core import clock
from core.db import db, write
from motions.models.motions import Motion
from motions.queries import motions
from motions.rules.city import DecisionFacts, ReportFacts
from motions.rules.stages import Stage
from motions.services import city, implementation
from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.office import sign_in
from tests.browser.test_accessibility import faults
from tests.browser.town import Town
from tests.motions.city import at, found_council_desk, tabled
from tests.motions.test_city import acting, decided, forwarded, paper, planned

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("PICTURES_OF_THE_CITY")
"""A folder for pictures of every page, for looking at them."""


@pytest.fixture
def sides(town: Town) -> dict[str, int]:
    """Motions at every stage of the city's side, one of them late and given more time; the officer is the city's."""
    found_council_desk(key="newcomers-council", register_code="NC")
    with write() as session:
        housing = session.scalars(select(Department.id).where(Department.key == "housing")).one()
        session.scalars(select(Account).where(Account.handle == "0ff1ce02")).one().department_id = housing
    adopted = at(Stage.ADOPTED)
    late = forwarded()
    noted = decided(DecisionFacts("noted_without_vote", "Committee for schools"))
    doing, measure_id = planned()
    claimed, done_id = planned()
    waiting = forwarded(at(Stage.ADOPTED, tabled(title="A night bus")))
    step = motions.owed(db.session(), waiting)[-1].id
    city.extend(waiting, step, date(2027, 10, 29), acting(waiting, reason="The post is on strike."))
    with clock.freeze(date(2027, 9, 28)):
        delayed = ReportFacts("delayed", "Nobody applied. We ask again.", date(2029, 1, 31))
        implementation.update(doing, measure_id, delayed, acting(doing))
        implementation.update(
            claimed, done_id, ReportFacts("done", "Ten guides work."), acting(claimed), paper()
        )
        implementation.claim_done(claimed, "Ten guides work in **two** schools.", acting(claimed), paper())
    town.it_is(date(2027, 10, 5))
    return {
        "adopted": adopted,
        "late": late,
        "noted": noted,
        "doing": doing,
        "claimed": claimed,
        "waiting": waiting,
    }


@pytest.mark.parametrize(
    ("language", "size"), [("en", DESK), ("ar", PHONE)], ids=["English at a desk", "Arabic on a phone"]
)
def test_the_city_s_side_is_accessible_and_fits(
    town: Town, sides: dict[str, int], open_page: Opener, axe: str, language: str, size: dict[str, int]
) -> None:
    page = open_page(viewport=size, bypass_csp=True)
    numbers = {motion.id: motion.number for motion in db.session.scalars(select(Motion))}
    db.session.rollback()

    def look(name: str, path: str) -> None:
        page.goto(f"{town.url}/{language}/{path}")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{language}-{size['width']}.png", full_page=True)
        assert page.locator("h1").count() == 1, path
        assert faults(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

    for name in ("noted", "doing", "claimed", "waiting"):
        look(f"public-{name}", f"motions/NC-{numbers[sides[name]]:04d}/")
    look("statistics", "motions/statistics/")
    sign_in(page, town, "officer")
    for name, path in (
        ("desk", "city/"),
        ("verification", "verification/"),
        ("motion", f"{sides['doing']}/"),
        ("forward", f"{sides['adopted']}/forward"),
        ("acknowledge", f"{sides['late']}/acknowledge"),
        ("position", f"{sides['late']}/file-position"),
        ("decide", f"{sides['late']}/decide"),
        ("extend", f"{sides['doing']}/extend"),
        ("measure", f"{sides['doing']}/plan"),
        ("measures", f"{sides['doing']}/update"),
        ("report", f"{sides['doing']}/measures/1/update"),
    ):
        look(name, f"office/motions/{path}")
    page.goto(f"{town.url}/{language}/office/motions/{sides['late']}/acknowledge")
    page.locator("main form button.govuk-button").click()
    assert page.locator("[data-errors]").count() == 1
    assert faults(page, axe) == []
