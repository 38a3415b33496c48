"""A council election in real browsers, from its preparation to the seated council: two officers, the board, an observer,
a candidate, a supporter and a resident, each with a browser of their own; the days pass between what they do."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from elections.services.nominations import receiving
from tests.browser.conftest import DESK, Opener
from tests.browser.office import SEND_TO_BE_CHECKED, sign_in
from tests.browser.people import NARROW, SENT, Looking, Somebody, at, number
from tests.browser.town import Town
from tests.elections.city import CODE as ELECTION
from tests.elections.nominees import admit, nominate, nomination
from tests.elections.registers import person, table

pytestmark = pytest.mark.browser

MAP = """
[columns]
name = ["Vorname", "Nachname"]
street = "Anschrift"
postcode = "PLZ"
city = "Ort"
language = "Sprache"
register_id = "Nr"
born_on = "Geburtsdatum"
resident_since = "Einzug"
citizenship = ["Staat 1", "Staat 2"]

[values.citizenship]
DEU = "citizen"
"*" = "foreign"

[values.language]
arabisch = "ar"
"""


@pytest.mark.parametrize(
    ("language", "script"),
    [("en", True), ("ar", False)],
    ids=["English with script", "Arabic without script"],
)
def test_a_council_is_elected_from_the_preparation_to_its_seats(
    town: Town, open_page: Opener, axe: str, language: str, script: bool
) -> None:
    looking = Looking(axe, None if script else open_page(viewport=NARROW, locale=language, bypass_csp=True))

    def somebody(role: str = "", nth: int = 0) -> Somebody:
        size = DESK if role else NARROW
        page = open_page(viewport=size, java_script_enabled=script, bypass_csp=True)
        page.set_default_timeout(10_000)
        if role:
            sign_in(page, town, role, language, nth)
        return Somebody(page, town, language, looking)

    town.it_is(date(2028, 1, 10))
    officer, board = somebody("returning_officer"), somebody("election_board")
    prepare(officer)
    observer, resident = somebody("observer"), somebody()
    watch(observer)

    town.it_is(date(2028, 1, 25))
    check_oneself(resident)
    candidate, supporter = somebody(), somebody()
    code = stand(candidate, supporter)
    have_mended(officer, candidate, code)
    admit_to_ballot(officer, board)
    import_register(officer)

    town.it_is(date(2028, 3, 1))
    officer.does("publish-candidates")
    officer.does("open-roll")
    assert "Amina Yusuf" in resident.opens("candidates/").locator("main").inner_text()
    registered, objected = ask_for_the_roll(resident)
    put_on_roll(officer, board)
    answer(officer, board)
    for own in (registered, objected):
        assert "You are on the roll now." in resident.asks_with(own, "answered").locator("main").inner_text()
    record_effect(officer)

    town.it_is(date(2028, 3, 6))
    officer.does("commit-roll")
    board.confirms()
    resident.opens("roll/")
    town.it_is(at(12, 9))
    officer.does("open-voting")
    board.confirms()
    board.desk("stations/town-hall/")
    board.fills(ballots="25")
    board.sends("/turnout")
    assert number(25, resident.opens("turnout/"))

    town.it_is(at(19, 19))
    other = somebody("election_board", 1)
    count(officer, board, other)
    hidden = resident.page.goto(f"{town.url}/{language}/elections/{ELECTION}/result/")
    assert hidden is not None
    assert hidden.status == 404  # nobody sees it before it is published

    town.it_is(date(2028, 3, 20))
    clerk = somebody("clerk")
    clerk.does("approve", decided_on="20.3.2028")
    officer.confirms()
    name_delegate(officer)
    officer.does("publish-result")
    read_result(resident, observer)

    town.it_is(date(2028, 5, 5))
    officer.does("conclude")
    resident.opens("minutes/")
    council = resident.opens("/council/migrant-council/").locator("main")
    for name in ("Amina Yusuf", "Dana Roth"):
        expect(council).to_contain_text(name)
    assert looking.found == {}


# What each of them does ----------------------------------------------------------------------------------------------


def prepare(officer: Somebody) -> None:
    """From nothing to an election that was called: texts, days, own rules, a station."""
    officer.opens("/office/elections/new")
    officer.page.locator("main details:has([name=title_en]) summary").click()
    officer.fills(
        code=ELECTION,
        preset="regions-leipzig-2025",
        language="en",
        election_day="19.3.2028",
        term_begins_on="1.5.2028",
        term_ends_on="30.4.2033",
        title_en="Migrant council 2028",
        summary_en="Sixteen seats for five years.",
        how_to_vote_en="At the town hall.",
    )
    officer.sends()
    expect(officer.page).to_have_url(re.compile(f"/{ELECTION}/change$"))
    officer.desk("rules/change")
    officer.fills(supporters="1")
    officer.sends()
    officer.desk("stations/")
    officer.page.locator("main details:has(form[action$='/stations/add']) summary").click()
    officer.fills(name="Town hall", key="town-hall", place="Hafenstraße 4")
    officer.sends("/stations/add")
    officer.desk()
    officer.does("call")


def watch(observer: Somebody) -> None:
    """An observer reads the desk and the minutes, and has no button for any act."""
    observer.desk()
    expect(observer.page.locator("main form")).to_have_count(0)
    observer.desk("minutes")


def check_oneself(resident: Somebody) -> None:
    """Nobody needs an account to see line by line whether they may vote."""
    resident.opens("/elections/")
    resident.opens("")
    resident.opens("eligibility/")
    resident.fills(born_on="1.2.1990", lives_here="yes", resident_since="1.2.2020", citizenship="foreign")
    resident.sends("/eligibility/")
    expect(resident.page.locator("main table").first).to_be_visible()
    resident.looking.at(resident.page, "checklist")
    resident.opens("nominate/")


def stand(candidate: Somebody, supporter: Somebody) -> str:
    """Hand in a nomination with too little in it, and be supported by link; return the receipt code."""
    candidate.opens("nominate/", look=False)
    candidate.presses(SENT)
    expect(candidate.page.locator(".govuk-error-summary")).to_be_visible()
    candidate.looking.at(candidate.page, "nomination with errors")
    candidate.fills(
        name="Amina Yusuf",
        group="europe-1",
        address="Seestraße 1, Lindhafen",
        language="en",
        statement_en="…",
    )
    candidate.page.locator("input[name=consents]").check()
    candidate.presses(SENT)
    code = candidate.keeps_code("receipt of a nomination")
    link = candidate.page.locator("a[href*='/support/']").get_attribute("href") or ""
    supporter.opens("/elections" + link.split("/elections", 1)[1])
    supporter.fills(name="Bilal Haddad", address="Seestraße 2, Lindhafen")
    supporter.sends()
    expect(supporter.page.locator(".govuk-notification-banner, .a-notice").first).to_be_visible()
    supporter.looking.at(supporter.page, "supported")
    return code


def have_mended(officer: Somebody, candidate: Somebody, code: str) -> None:
    """An officer names what is missing, and whoever holds the code mends it."""
    officer.desk("nominations/")
    officer.desk("nominations/1/")
    officer.fills(deficiencies="The statement says nothing.")
    officer.sends("/request-mending")
    candidate.asks_with(code, "nomination to be mended")
    candidate.fills(statement_en="Longer opening hours.", note="Now it says something.")
    candidate.sends("/mend")
    assert "Longer opening hours." in candidate.page.locator("main").inner_text()
    candidate.looking.at(candidate.page, "mended nomination")


def admit_to_ballot(officer: Somebody, board: Somebody) -> None:
    """Two persons admit; a public lot decides on the order of the ballot."""
    officer.desk("nominations/1/", look=False)
    for select in officer.page.locator("main select[name^=result_]").all():
        select.select_option("met")
    for select in officer.page.locator("main select[name^=method_]").all():
        select.select_option("register")
    officer.sends("/check")
    officer.fills(decision="admit")
    officer.sends("/decide")
    board.desk("nominations/1/")
    board.sends("/release")
    for place, name in enumerate(("Bilal Haddad", "Chidi Okafor"), start=2):
        receipt = nominate(name)
        receiving.support(receiving.link_token(receipt.code), "Dana Roth", "Seestraße 4")
        admit(place)
        assert nomination(place).state == "admitted"
    officer.desk("ballot-order/")
    officer.fills(way="seed", source="The lottery of next Saturday.")
    officer.sends("/announce")
    officer.page.locator("main details:has(form[action$='/draw/europe-1']) summary").click()
    officer.fills(seed="4 8 15 16 23 42")
    officer.sends("/draw/europe-1")


def import_register(officer: Somebody) -> None:
    """The register's file is checked, then imported."""
    file = {
        "name": "register.csv",
        "mimeType": "text/csv",
        "buffer": table([person(n) for n in range(1, 41)]),
    }
    officer.desk("roll/import")
    for button in ("[formaction$='/check-import']", ":not([formaction])"):
        officer.page.locator("main input[type=file]").set_input_files(file)
        officer.fills(map=MAP)
        officer.presses(f"main form button[type=submit]{button}")
        expect(officer.page.locator(".govuk-error-summary")).to_have_count(0)
        officer.looking.at(officer.page, f"import {button}")
    assert number(40, officer.page)


def ask_for_the_roll(resident: Somebody) -> tuple[str, str]:
    """Somebody whom the register misses asks to be on the roll, and objects; both receipt codes."""
    resident.opens("roll/")
    resident.opens("register/")
    resident.fills(name="Dana Roth", street="Seestraße 99", postcode="01234")
    resident.sends()
    registered = resident.keeps_code("receipt of a registration")
    resident.opens("object/")
    resident.presses("main a[href*='matter=roll']")
    resident.looking.at(resident.page, "objection")
    resident.fills(ground="not_on_roll", text="I am not on the roll.")
    resident.sends("/object/")
    return registered, resident.keeps_code("receipt of an objection")


def put_on_roll(officer: Somebody, board: Somebody) -> None:
    """An officer sees the evidence; two persons correct the roll, which the desk leads to."""
    officer.desk("roll/registrations/4")
    officer.fills(method="in_person", verdict="met")
    officer.sends()
    officer.desk()
    officer.presses("main a[href$='/roll/correct']")
    officer.looking.at(officer.page, "correction")
    officer.page.locator("main input[name=add]").check()
    officer.fills(reason="The evidence was seen.")
    officer.sends()
    board.confirms()


def answer(officer: Somebody, board: Somebody) -> None:
    """Registration and objection are answered at the reply desk, and released by a second person."""
    queue = f"/office/promises/{ELECTION}/"
    officer.opens(queue)
    for box in officer.page.locator("main input[name=pick]").all():
        box.check()
    officer.presses("main form[data-selection] button[type=submit]:not([formaction])")
    officer.fills(outcome="accepted", reason="You are on the roll now.", change="Since today.")
    officer.presses(SEND_TO_BE_CHECKED)
    expect(officer.page.locator(".govuk-error-summary")).to_have_count(0)
    board.opens(f"{queue}?queue=to-check")
    board.presses("main a[href*='/replies/']")
    board.sends("/approve")
    board.opens(f"{queue}publish-replies")
    board.sends("/publish-replies")


def record_effect(officer: Somebody) -> None:
    """What followed from the objection is recorded."""
    officer.desk("objections/")
    officer.presses("main a[href$='/decide-effect']")
    officer.fills(effect="roll_changed")
    officer.page.locator("main select[name=act]").select_option(index=1)
    officer.sends()


def count(officer: Somebody, board: Somebody, other: Somebody) -> None:
    """Voting is closed, two persons enter what the station reports, the board counts and finds."""
    officer.does("close-voting")
    board.confirms()
    for each in (board, other):
        each.desk("stations/town-hall/")
        each.fills(ballots="40", invalid="2", blank="0")
        for name, votes in (("Amina Yusuf", "30"), ("Bilal Haddad", "25"), ("Chidi Okafor", "10")):
            each.page.get_by_label(name).fill(votes)
        each.sends("/enter")
    for kind in ("count", "find"):
        board.does(kind)
        other.confirms()
    officer.desk("result/")


def name_delegate(officer: Somebody) -> None:
    """A faction sends somebody."""
    officer.desk("stations/")
    officer.page.locator("main details:has(form[action$='/delegates']) summary").click()
    officer.fills(organisation="Hafenliste", person="Dana Roth")
    officer.sends("/delegates")


def read_result(resident: Somebody, observer: Somebody) -> None:
    """The result is public, with its seats; the minutes name every act."""
    resident.opens("result/")
    expect(resident.page.locator("main")).to_contain_text("Amina Yusuf")
    resident.opens("letters/")
    observer.desk("minutes")
    assert observer.page.locator("main .a-steps > li").count() >= 15
