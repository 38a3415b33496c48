"""The roll's pages: what the public may know, how somebody asks to be on it, and the office at work."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core import clock, keys
from elections.eligibility.checklists import Verdict
from elections.models.elections import Act
from elections.models.roll import Registration, RollEntry
from elections.rules.roll import Change, Ground
from elections.rules.stages import ActKind, Stage
from elections.services.roll.seals import key_name
from tests.accounts.browsers import Browser, hidden_fields, text_of
from tests.city import found_city, rows
from tests.elections.city import CODE, act, bring_to, found_council, prepare_election
from tests.elections.registers import person, table
from tests.elections.test_service_roll_changes import DELETED, ask, bring_in, change, see
from tests.office import Desk

ROLL = f"/office/elections/{CODE}/roll"
MAP = """
[columns]
name = ["Vorname", "Nachname"]
street = "Anschrift"
postcode = "PLZ"
register_id = "Nr"
born_on = "Geburtsdatum"
resident_since = "Einzug"
citizenship = "Staat 1"

[values.citizenship]
"*" = "foreign"
"""


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    keys.destroy(key_name(CODE))
    found_city()
    found_council()
    prepare_election()


def fill_in(desk: Desk, path: str, fields: dict[str, str], page: str = "") -> TestResponse:
    """Send a form of the office as the page that holds it shows it."""
    return desk.browser.post(path, {**hidden_fields(desk.open(page or path)), **fields})


def upload(desk: Desk, data: bytes, path: str = f"{ROLL}/import", **fields: str) -> TestResponse:
    """Send a register's file."""
    hidden = hidden_fields(desk.open(f"{ROLL}/import"))
    parts = {**hidden, **fields, "file": (io.BytesIO(data), "register.csv")}
    return desk.browser.client.post(path, data=parts, content_type="multipart/form-data")


def send(app: Flask, **changed: str) -> str:
    """Ask to be on the roll in the browser; returns the text of the page that comes back."""
    browser = Browser(app)
    path = f"/elections/{CODE}/register/"
    fields = {
        "name": "Mariam Canaryname",
        "street": "Canarystraße 7",
        "postcode": "04109",
        "contact": "",
        **changed,
    }
    return text_of(browser.post(path, {**hidden_fields(browser.get(path)), **fields}))


def test_an_election_that_is_only_prepared_shows_no_roll(app: Flask) -> None:
    browser = Browser(app)
    assert browser.get(f"/elections/{CODE}/roll/").status_code == 404
    assert browser.get(f"/elections/{CODE}/register/").status_code == 404
    assert browser.get("/elections/NO-99/roll/").status_code == 404


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_public_reads_hash_count_and_corrections_and_no_name(app: Flask, language: str) -> None:
    bring_to(Stage.CANDIDATES)
    bring_in(person(1), person(2))
    act(ActKind.OPEN_ROLL)
    change(Change(strike=2, ground=Ground.MOVED_AWAY))
    act(ActKind.COMMIT_ROLL)
    page = Browser(app).get(f"/{language}/elections/{CODE}/roll/")
    assert page.status_code == 200
    assert "Haddad" not in page.text
    if language == "en":
        assert "Moved away" in page.text
        assert "People who may vote 1" in text_of(page)


def test_somebody_asks_in_the_browser_and_reads_where_it_stands(app: Flask) -> None:
    bring_to(Stage.CALLED)
    assert "Keep this code" in send(app)
    assert "Write your name." in send(app, name="")
    assert len(rows(Registration)) == 1
    bring_to(Stage.READY)
    assert "You cannot ask to be on the roll now" in text_of(Browser(app).get(f"/elections/{CODE}/register/"))


@pytest.mark.parametrize("verdict", [None, Verdict.MET, Verdict.NOT_MET])
def test_the_code_opens_where_a_registration_stands(app: Flask, verdict: Verdict | None) -> None:
    bring_to(Stage.CALLED)
    receipt = ask()
    if verdict is not None:
        see(receipt.number, verdict)
    browser = Browser(app)
    page = browser.post("/answer/", {**hidden_fields(browser.get("/answer/")), "code": receipt.code})
    told = {
        None: "Show your papers",
        Verdict.MET: "Your papers were seen",
        Verdict.NOT_MET: "You are not on the roll",
    }
    assert told[verdict] in text_of(page)


def test_the_office_checks_a_file_and_then_imports_it(app: Flask) -> None:
    desk = Desk(app, "returning_officer")
    data = table([person(1), person(2), person(2)])
    refused = upload(desk, data, map=MAP)
    assert "Row 4 is the same person as row 3" in text_of(refused)
    checked = upload(desk, data, f"{ROLL}/check-import", map=MAP)
    assert "Nothing was saved" in text_of(checked)
    assert rows(RollEntry) == []
    done = upload(desk, data, map=MAP, skip_duplicates="y")
    assert (done.status_code, done.location) == (302, f"{ROLL}/")
    assert len(rows(RollEntry)) == 2
    assert "May vote 2" in desk.read(f"{ROLL}/")


@pytest.mark.parametrize("mapping", ["", "[columns", "[columns]\nname = 'x'", "=" * 5000])
def test_a_bad_mapping_is_explained_and_kept(app: Flask, mapping: str) -> None:
    page = upload(Desk(app, "returning_officer"), table([person(1)]), map=mapping)
    assert page.status_code == 422
    assert rows(RollEntry) == []


def test_the_office_looks_somebody_up_without_leaving_a_trace(app: Flask) -> None:
    bring_in(person(1))
    desk = Desk(app, "returning_officer")
    found = fill_in(
        desk, f"{ROLL}/look-up", {"name": "amira haddad 1", "street": "Seestr. 1", "postcode": "01234"}
    )
    assert "Roll number 1" in text_of(found)
    nobody = fill_in(desk, f"{ROLL}/look-up", {"name": "Else", "street": "Seestr. 1", "postcode": "01234"})
    assert "Nobody of this name" in text_of(nobody)


def test_evidence_and_correction_in_the_office(app: Flask) -> None:
    bring_to(Stage.CALLED)
    number = ask().number
    bring_to(Stage.ROLL)
    desk = Desk(app, "returning_officer")
    path = f"{ROLL}/registrations/{number}"
    assert "Mariam Canaryname" in desk.read(path)
    assert fill_in(desk, path, {}).status_code == 422
    assert fill_in(desk, path, {"method": "in_person", "verdict": "met"}).status_code == 302
    refused = fill_in(desk, f"{ROLL}/correct", {"add": str(number), "reason": ""})
    assert "Give a reason" in text_of(refused)
    wrong = fill_in(desk, f"{ROLL}/correct", {"numbers": "seven", "reason": "So."})
    assert wrong.status_code == 422
    assert fill_in(desk, f"{ROLL}/correct", {"add": str(number), "reason": "Seen."}).status_code == 302
    assert "waits for a second person" in desk.read(f"{ROLL}/")
    assert rows(Act)[-1].facts == {"changes": [{"registration": number}]}


def test_the_office_deletes_the_roll_only_when_its_day_has_come(app: Flask) -> None:
    bring_in(person(1))
    bring_to(Stage.PUBLISHED)
    desk = Desk(app, "returning_officer")
    early = fill_in(desk, f"{ROLL}/delete", {}, page=f"{ROLL}/")
    assert early.status_code == 409
    assert "The roll is kept until" in text_of(early)
    with clock.freeze(DELETED):
        later = Desk(app, "returning_officer")
        assert fill_in(later, f"{ROLL}/delete", {}, page=f"{ROLL}/").status_code == 302
        assert "was deleted on" in later.read(f"{ROLL}/")
        assert "was deleted on" in text_of(Browser(app).get(f"/elections/{CODE}/roll/"))
    assert rows(RollEntry) == []
