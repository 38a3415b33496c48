"""The pages of nominees, supporters and readers: without account, without script, in the reader's language."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pypdf
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from elections.models.nominations import Nomination, Supporter
from elections.rules.stages import ActKind, Stage
from elections.services.nominations import vetting
from tests.accounts.browsers import Browser, hidden_fields, text_of
from tests.city import on_one_database, rows, staff
from tests.elections.city import CODE, act, bring_to, on, prepare_election, rules
from tests.elections.nominees import (
    AFTER,
    MENDING,
    OPEN,
    admit,
    call_election,
    draw_order,
    nominate,
    nomination,
    prepare,
    release,
    the_day,
)

pytestmark = on_one_database
REGION = rules().groups[0].key
FORM = f"/elections/{CODE}/nominate/"
FILLED: dict[str, Any] = {
    "name": "Amina Yusuf",
    "address": "Canarygasse 7",
    "group": REGION,
    "language": "ar",
    "statement_ar": "ساعات عمل أطول.",
    "statement_en": "Longer opening hours.",
    "consents": "y",
}


@pytest.fixture(autouse=True)
def called(app: Flask) -> Iterator[None]:
    with the_day(OPEN):
        call_election()
        yield


def send(browser: Browser, fields: dict[str, Any], path: str = FORM) -> TestResponse:
    shown = browser.get(path)
    assert shown.status_code == 200
    return browser.post(path, {**hidden_fields(shown), **fields})


def open_code(browser: Browser, code: str) -> TestResponse:
    return browser.post("/answer/", {**hidden_fields(browser.get("/answer/")), "code": code})


def link_in(page: TestResponse) -> str:
    found = re.search(r'href="[^"]*(/elections/[^"]*/support/[^"]*)"', page.text)
    assert found is not None
    return unescape(found[1])


def test_anybody_hands_in_a_nomination_and_gets_a_receipt_and_a_link(app: Flask) -> None:
    page = send(Browser(app), FILLED)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "We have your nomination. Keep this code." in text_of(page)
    supporter = Browser(app)
    link = link_in(page)
    shown = supporter.get(link)
    assert "Longer opening hours." in text_of(shown)
    assert shown.headers["Cache-Control"] == "no-store"
    person = {"name": "Karim", "address": "Am Markt 1"}
    assert "Your support is counted." in text_of(send(supporter, person, link))
    assert "You supported this before." in text_of(send(Browser(app), person, link))
    assert len(rows(Supporter)) == 1


def test_a_form_with_holes_comes_back_filled_with_every_reason(app: Flask) -> None:
    page = send(Browser(app), {"name": "\u202eAmina", "language": "en", "statement_de": "<b>Hallo</b>"})
    shown = text_of(page)
    assert page.status_code == 422
    for reason in (
        "Enter the address where you live.",
        "Choose the group whose seats you stand for.",
        "Write a statement in the language that you chose.",
        "Say that you agree, or the nomination does not count.",
    ):
        assert reason in shown
    assert "&lt;b&gt;Hallo" in page.text
    assert rows(Nomination) == []


def test_a_lost_token_loses_nothing_that_was_typed(app: Flask) -> None:
    page = Browser(app).post(FORM, FILLED)
    assert page.status_code == 422
    assert "Canarygasse 7" in page.text
    assert rows(Nomination) == []


def test_before_and_after_the_form_the_page_says_when(app: Flask) -> None:
    with the_day(on(-70)):
        assert "Nominations open on" in text_of(Browser(app).get(FORM))
    with the_day(AFTER):
        assert "Nominations closed on" in text_of(Browser(app).get(FORM))


def test_nobody_reads_about_an_election_that_was_not_called(app: Flask) -> None:
    prepare_election(code="MC-29")
    receipt = nominate()
    link = link_in(open_code(Browser(app), receipt.code))
    for path in ("nominate/", "candidates/", "candidates/1/", "booklet.en.pdf", "support/x/"):
        assert Browser(app).get(f"/elections/MC-29/{path}").status_code == 404
    assert Browser(app).get(link.replace(CODE, "MC-29")).status_code == 404
    assert Browser(app).get(f"/elections/{CODE}/support/%00%ff/").status_code == 404


def test_the_code_shows_what_is_missing_and_lets_its_holder_mend(app: Flask) -> None:
    receipt = nominate()
    vetting.request_mending(nomination().id, "en", "The street is missing.", staff("returning_officer"))
    with the_day(MENDING):
        browser = Browser(app)
        page = open_code(browser, receipt.code)
        assert "The street is missing." in text_of(page)
        fields = {**hidden_fields(page), "code": receipt.code}
        done = browser.post(
            "/answer/nomination/mend", {**fields, "statement_en": "New words.", "note": "Canarygasse 7"}
        )
        assert "Your nomination is mended." in text_of(done)
        emptied = browser.post("/answer/nomination/mend", fields)
        assert emptied.status_code == 422
        assert "Write a statement" in text_of(emptied)
    assert nomination().statement.best("en").text == "New words."


def test_the_code_withdraws_after_asking(app: Flask) -> None:
    receipt = nominate()
    browser = Browser(app)
    fields = {**hidden_fields(open_code(browser, receipt.code)), "code": receipt.code}
    assert "Withdraw your nomination?" in text_of(browser.post("/answer/withdraw", fields))
    done = browser.post("/answer/withdraw", {**fields, "confirm": "yes"})
    assert "Your nomination is withdrawn." in text_of(done)
    assert nomination().state == "withdrawn"
    again = browser.post("/answer/withdraw", {**fields, "confirm": "yes"})
    assert again.status_code == 422


def test_who_is_refused_reads_the_reason_and_until_when_to_object(app: Flask) -> None:
    receipt = nominate()
    prepare(decision="refuse")
    assert "refused" not in text_of(open_code(Browser(app), receipt.code)).lower()
    release()
    shown = text_of(open_code(Browser(app), receipt.code))
    assert "Every line of the rule was checked." in shown
    assert "You can object to this until" in shown


def published() -> None:
    """Two candidates in one region, in the order of the lot."""
    nominate()
    nominate("Boris <i>Novak", statements={"en": '#panic("no") <script>'})
    admit(1)
    admit(2)
    with the_day(AFTER):
        draw_order(REGION)
        act(ActKind.PUBLISH_CANDIDATES)


def test_candidates_are_read_in_lot_order_and_in_the_readers_language(app: Flask) -> None:
    hidden = Browser(app).get(f"/elections/{CODE}/candidates/")
    assert "The candidates are published on" in text_of(hidden)
    published()
    page = Browser(app).get(f"/elections/{CODE}/candidates/")
    assert "Boris &lt;i&gt;Novak" in page.text
    links = re.findall(rf"/elections/{CODE}/candidates/(\d+)/", page.text)
    order = re.findall(r'value="(\d)"', page.text)
    assert (len(links), order) == (2, ["1", "2"])
    read_in_arabic = Browser(app).get(f"/ar/elections/{CODE}/candidates/").text
    assert "ساعات عمل أطول." in read_in_arabic
    assert "Amina Yusuf wants longer opening hours." in read_in_arabic
    amina = nomination(1).candidate_id
    arabic = Browser(app).get(f"/ar/elections/{CODE}/candidates/{amina}/")
    assert "ساعات عمل أطول." in arabic.text
    assert "Amina Yusuf wants longer opening hours." in arabic.text
    assert Browser(app).get(f"/elections/{CODE}/candidates/999/").status_code == 404


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_booklet_holds_every_candidate_in_each_language(app: Flask, language: str) -> None:
    assert Browser(app).get(f"/elections/{CODE}/booklet.{language}.pdf").status_code == 404
    published()
    page = Browser(app).get(f"/elections/{CODE}/booklet.{language}.pdf")
    assert page.mimetype == "application/pdf"
    words = " ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(page.data)).pages)
    assert "Boris <i>Novak" in words
    assert "panic" in words
    assert Browser(app).get(f"/elections/{CODE}/booklet.xx.pdf").status_code == 404


def test_the_stage_alone_opens_the_form(app: Flask) -> None:
    bring_to(Stage.CANDIDATES)
    assert send_without_page(app).status_code == 422


def send_without_page(app: Flask) -> TestResponse:
    browser = Browser(app)
    fields = hidden_fields(browser.get("/answer/"))
    return browser.post(FORM, {**FILLED, "csrf_token": fields["csrf_token"], "form_key": "0" * 32})
