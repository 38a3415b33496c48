"""What goes out names the city's own address, whatever a request claims; tables run nothing; nobody is led away."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from accounts.models import Department
from consult.services import moderation
from core import clock
from core.db import write
from core.localized import Localized
from followup.views import answers as views
from tests.accounts.browsers import Browser, hidden_fields, letters
from tests.city import CODE, answer, found_city, open_round, staff, submit_comment
from tests.consult.resident import Resident
from tests.consult.test_resident_comment import code_of
from tests.security.walk import chief

CLAIMS = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Prefix": "/evil",
    "X-Original-URL": "/evil",
    "Forwarded": "host=evil.example;proto=https",
}
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    "＝1+1",
    '=HYPERLINK("http://evil.example")',
)
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
PLACES = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5cevil.example",
    "/%2f/evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "%09//evil.example",
    "http://answerable.test@evil.example/",
    "http://answerable.test.evil.example/",
    "//evil.example/../office/",
    "/office/../..//evil.example",
    "\u2028//evil.example",
    "/\r\nLocation: https://evil.example",
    "//evil%E3%80%82example",
)


def test_letters_and_qr_codes_name_the_citys_own_address_whatever_was_claimed(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = views.qr_code
    monkeypatch.setattr(
        views, "qr_code", lambda content, label: drawn.append(content) or draw(content, label)
    )
    found_city()
    open_round()
    resident = Resident(sqlite_app)
    form = hidden_fields(resident.open(f"/rounds/{CODE}/measures/1/", headers=CLAIMS))
    receipt = resident.send(
        {**form, "kind": "proposal", "text": "Mine", "contact": "samira@example.org"}, headers=CLAIMS
    )
    assert drawn == [f"http://answerable.test/answer/#{code_of(receipt)}"]
    answer([1])
    found = letters()
    assert len(found) == 2
    for letter in found:
        places = re.findall(r"https?://[^\s/]+", letter["body"])
        assert set(places) == {"http://answerable.test"}
        assert "evil" not in letter["body"] + letter["subject"]


def test_no_page_or_file_repeats_a_claimed_address(busy: Flask) -> None:
    browser, desk = Browser(busy), chief(busy)
    base = f"/rounds/{CODE}"
    for path in ("/", f"{base}/", f"{base}/register/", "/ledger/", "/nowhere", "/rounds.json", f"{base}/register.json",
                 f"{base}/register.atom", "/ledger.atom", "/open-data/", "/office/sign-in", base):  # fmt: skip
        response = browser.get(path, headers=CLAIMS, buffered=True)
        assert "evil" not in response.text.replace("http://evil.example" + base + "/", ""), path
        for link in (
            re.findall(r'(?:href|src|action)="(https?://[^"]*)"', response.text) if path != base else ()
        ):
            assert urlsplit(link).netloc in ("answerable.test", "www.w3.org") or path == "/open-data/", (
                path,
                link,
            )
    response = desk.browser.get(
        "/office/begin", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/x"}
    )
    assert urlsplit(response.location or "").netloc in ("", "answerable.test", "localhost")


@pytest.mark.parametrize("place", PLACES)
def test_no_wish_where_to_go_on_leaves_the_site(busy: Flask, place: str) -> None:
    desk, stranger = chief(busy), Browser(busy)
    answers = [
        desk.browser.get("/office/confirm", query_string={"next": place}),
        desk.post("/office/confirm", {"password": "x", "next": place}),
        desk.browser.get("/office/change-password", query_string={"next": place}),
        desk.browser.get("/office/begin", query_string={"next": place}),
        desk.post("/pass-on", {"numbers": "3", "department": "2", "back": place}),
        desk.browser.get(desk.round + "/answer", query_string={"q": place}),
        desk.post("/office/account", {"language": place, "next": place}),
        stranger.get("/office/second-factor-code", query_string={"next": place}),
        stranger.get("/office/rounds/", query_string={"next": place, "url": place}),
        stranger.post("/answer/", {"code": "1", "next": place}),
        # Addresses that a server might tidy up and lead on to.
        stranger.get("/en/" + place),
        stranger.get(f"/ar//{place}/rounds"),
    ]
    for response in answers:
        assert response.status_code < 500
        assert "\n" not in (response.location or "")
        if response.location:
            led = urljoin("http://localhost/office/", response.location.replace("\\", "/"))
            assert urlsplit(led).netloc in ("localhost", "answerable.test"), response.location
            assert not response.location.startswith("//")


def cells(app: Flask, path: str) -> list[list[str]]:
    response = Browser(app).get(path, buffered=True)
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def test_no_cell_of_any_table_can_be_run_by_a_spreadsheet(sqlite_app: Flask) -> None:
    found_city()
    with write() as session:
        for number, formula in enumerate(FORMULAS):
            text = Localized.of({"en": formula}, "en")
            session.add(Department(key=f"{formula}{number}", name=text))
    departments = len(FORMULAS)
    draft = "# Plan\n\n" + "\n\n".join(
        f"### {number}. {formula.strip()}\n\nText.\n\n- Responsible: {formula.strip()}"
        for number, formula in enumerate((f.replace("\x00", "") for f in FORMULAS), start=1)
    )
    open_round(markdown=draft, title=Localized.original("en", "=cmd|' /C calc'!A0"))
    for number, formula in enumerate(FORMULAS, start=1):
        typed = formula.replace("\x00", "") or "x"
        submit_comment(typed, str(number), name=typed, publish_name=True, proposed_wording=typed)
    moderation.release_texts(CODE, list(range(1, departments + 1)), staff("moderator"))
    moderation.hide_text(CODE, 2, "-2+3+cmd|' /C calc'!A0", staff("moderator"))
    answer([1, 2, 3], outcome="accepted", reason="@SUM(1+1)", change="+1")
    answer([4, 5], reason="=1+1")
    seen = 0
    with clock.freeze(date(2028, 3, 1)):
        for path in (
            f"/rounds/{CODE}/register.csv",
            "/ledger.csv",
            "/ledger/overdue.csv",
            f"/ledger.csv?round={CODE}",
        ):
            table = cells(sqlite_app, path)
            assert len(table) > 1, path
            for line in table:
                for cell in line:
                    number = re.fullmatch(r"-?[0-9.]+", cell)
                    assert number or not cell.startswith(RUNS), (path, cell)
                    assert "\x00" not in cell, (path, cell)
                    seen += cell.startswith("'")
    assert seen > 20, "what was typed is in the tables, as text"
