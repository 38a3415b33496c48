"""The ledger as page, JSON, CSV, feed and on the command line: one count, shown five times."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from consult.services.rounds import lock_round
from consult.services.submissions import receive, reconsider
from core import audit, clock
from core.db import db, write
from core.errors import NotFound
from followup import subjects
from followup.cli import ledger
from followup.services.promises import extend_due_day
from followup.subjects import Subject
from tests.city import (
    DUE,
    MATTER,
    answer,
    comment,
    everything,
    found_city,
    open_round,
    owe_steps,
    register_id,
    staff,
    submit_comment,
)

LATE = DUE + timedelta(days=31)
FIGURES = (
    "received",
    "answered",
    "open",
    "overdue",
    "long_overdue",
    "distinct_texts",
    "largest_group",
    "noted",
    "answered_by_reply",
)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def _city(app: Flask) -> None:
    """Two rounds; in the first, three of six comments are answered and one has more time."""
    found_city()
    open_round()
    open_round("NB-27")
    codes = [submit_comment(f"Comment {n}", "123"[n % 3]).code for n in range(6)]
    submit_comment("Another round", code="NB-27")
    answer([1, 2])
    answer([3], outcome="accepted", reason="Yes.")
    extend_due_day(register_id(), [4], LATE + timedelta(days=9), "en", "The expert is ill.", staff("officer"))
    reconsider(codes[0], "You misread me.", "en")


def get(client: FlaskClient, path: str) -> str:
    answer = client.get(path, buffered=True)
    assert answer.status_code == 200
    return answer.get_data().decode("utf-8-sig")


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(ledger, ["status", *words])


def figures(found: dict[str, Any]) -> dict[str, int]:
    return {name: int(found[name]) for name in FIGURES}


def test_page_json_csv_and_command_line_count_the_same(app: Flask, client: FlaskClient) -> None:
    with clock.freeze(LATE):
        html = get(client, "/en/ledger/")
        counted = figures(json.loads(get(client, "/ledger.json")))
        lines = list(csv.DictReader(io.StringIO(get(client, "/ledger.csv"))))
        printed = figures(json.loads(run(app, "--json").output))
    assert counted == {
        "received": 8,
        "answered": 3,
        "open": 1,
        "overdue": 4,
        "long_overdue": 4,
        "distinct_texts": 2,
        "largest_group": 2,
        "noted": 2,
        "answered_by_reply": 3,
    }
    assert counted["received"] == counted["answered"] + counted["open"] + counted["overdue"]
    assert printed == figures(lines[0]) == counted
    shown = [int(number) for number in re.findall(r"<dd>(\d+)</dd>", html)]
    assert shown[:4] == [8, 3, 1, 4]
    assert shown[5:8] == [4, 2, 2]
    assert "67%" in html
    for kind in ("register", "department"):
        parts = [line for line in lines if line["line"] == kind]
        for name in ("received", "answered", "open", "overdue", "long_overdue"):
            assert sum(int(part[name]) for part in parts) == counted[name]


def test_one_round_can_be_seen_alone_everywhere(app: Flask, client: FlaskClient) -> None:
    assert json.loads(get(client, "/ledger.json?round=NB-27"))["received"] == 1
    assert json.loads(run(app, "--round", "NB-27", "--json").output)["received"] == 1
    html = get(client, "/en/ledger/?round=NB-27")
    assert "NB-27" in html
    assert "AS-27" not in html


def test_every_late_item_is_named_with_its_number_since_when_and_by_whom(client: FlaskClient) -> None:
    with clock.freeze(LATE):
        html = get(client, "/en/ledger/")
        listed = json.loads(get(client, "/ledger.json"))["overdue_items"]
        lines = list(csv.DictReader(io.StringIO(get(client, "/ledger/overdue.csv"))))
    names = ["AS-27-0007", "AS-27-0005", "AS-27-0006", "NB-27-0001"]
    # The second look was asked for on 14 September, so its twelve weeks were over first.
    assert [item["number"] for item in listed] == [line["number"] for line in lines] == names
    assert [item["late_since"] for item in listed] == ["2027-12-08", "2028-01-24", "2028-01-24", "2028-01-24"]
    assert [item["days_late"] for item in listed[1:]] == [31, 31, 31]
    for name in names:
        code, number = name.rsplit("-", 1)
        assert f'href="/en/rounds/{code}/register/{int(number)}/"' in html
    assert "31 days late" in html
    assert "Long overdue" in html
    assert "Answer to a request to look again" in html
    assert "Integration Office" in html


def test_a_late_step_stands_among_the_rest_under_the_name_its_room_gives_it(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe_steps(7)
    with clock.freeze(LATE):
        assert re.search(r"<td [^>]*>Step</td>", get(client, "/en/ledger/"))
        named = Subject(word=lambda: "Position of the city", show=lambda _session, _ids: {})
        monkeypatch.setitem(subjects._subjects, MATTER, named)
        assert "Position of the city" in get(client, "/en/ledger/")
        counted = figures(json.loads(get(client, "/ledger.json")))
        listed = json.loads(get(client, "/ledger.json"))["overdue_items"]
        feed = get(client, "/en/ledger.atom")
    assert (counted["received"], counted["overdue"], counted["answered_by_reply"]) == (9, 5, 3)
    assert [item["number"] for item in listed if item["owed"] == "step"] == ["AS-27-0008"]
    assert "AS-27: 3 promises are late since" in feed


def test_nothing_late_means_no_list_and_a_calm_zero(client: FlaskClient) -> None:
    html = get(client, "/en/ledger/")
    assert 'class="a-counter__overdue is-none"' in html
    assert "Overdue items" not in html


def test_a_very_late_city_is_shown_page_by_page(client: FlaskClient) -> None:
    for n in range(120):
        submit_comment(f"Late {n}")
    with clock.freeze(LATE):
        first = get(client, "/en/ledger/")
        following = re.search(r'href="([^"]*after=[^"]*)#late" rel="next"', first)
        assert following is not None
        second = get(client, following[1].replace("&amp;", "&"))
        listed = [item["number"] for item in json.loads(get(client, "/ledger.json"))["overdue_items"]]
    tickets = r'<a class="a-ticket"[^>]*><bdi dir="ltr">([^<]*)</bdi>'
    assert re.findall(tickets, first) + re.findall(tickets, second) == listed
    assert len(listed) == 124


def test_an_extension_is_public_with_its_reason(client: FlaskClient) -> None:
    html = get(client, "/en/ledger/")
    assert "This was done once." in html
    assert "The expert is ill." in html
    found = json.loads(get(client, "/ledger.json"))["extensions"]
    assert [(one["code"], one["numbers"], one["due_before"]) for one in found] == [
        ("AS-27", "4", DUE.isoformat())
    ]


def test_a_round_that_is_not_public_is_counted_and_not_linked(client: FlaskClient, app: Flask) -> None:
    open_round("XX-27", publish=False)
    with write() as session:
        found, register = lock_round(session, "XX-27")
        receive(session, found, register, [comment(code="XX-27")], audit.SYSTEM)
    with clock.freeze(LATE):
        html = get(client, "/en/ledger/")
    assert "/rounds/XX-27/" not in html
    assert '<span class="a-ticket"><bdi dir="ltr">XX-27-0001</bdi></span>' in html


@pytest.mark.parametrize(
    "query", ["after=x", "after=2027-13-01_1_1", "after=2028-01-01_9999999999_1", "after=%00"]
)
def test_a_place_that_cannot_be_read_begins_at_the_beginning(client: FlaskClient, query: str) -> None:
    assert "What the city owes" in get(client, f"/en/ledger/?{query}")


def test_an_unknown_round_is_not_found(app: Flask, client: FlaskClient) -> None:
    for path in ("/ledger/", "/ledger.json", "/ledger.csv", "/ledger/overdue.csv", "/ledger.atom"):
        assert client.get(f"{path}?round=XX-99").status_code == 404
        assert client.get(f"{path}?round=A%00").status_code == 404
    assert isinstance(run(app, "--round", "XX-99").exception, NotFound)
    db.session.rollback()


def test_the_feed_tells_what_became_late_and_which_days_moved(client: FlaskClient) -> None:
    with clock.freeze(LATE):
        root = ET.fromstring(get(client, "/en/ledger.atom"))
    entries = [
        (entry.findtext("a:title", namespaces=ATOM), entry.findtext("a:content", namespaces=ATOM))
        for entry in root.findall("a:entry", ATOM)
    ]
    assert len(entries) == 4
    assert any("AS-27: 2 promises are late since" in str(title) for title, _text in entries)
    assert any("due day moved" in str(title) and text == "The expert is ill." for title, text in entries)
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)]
    assert len(set(ids)) == 4


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_language_has_the_page(client: FlaskClient, language: str) -> None:
    with clock.freeze(LATE):
        assert f'lang="{language}"' in get(client, f"/{language}/ledger/")


def test_the_command_prints_a_table_for_people(app: Flask) -> None:
    printed = run(app).output
    assert "AS-27" in printed
    assert re.search(r"all\s+8\s+3\s+5\s+0\s+0", printed)
    assert "2 distinct answer texts" in printed


def test_looking_at_the_ledger_changes_nothing(client: FlaskClient) -> None:
    before = everything()
    for path in ("/ledger/", "/ledger.json", "/ledger.csv", "/ledger/overdue.csv", "/ledger.atom"):
        get(client, path)
    assert everything() == before
