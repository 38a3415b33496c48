"""Registers as CSV, JSON and news feed: the same numbers as on the page, and nothing that is not public."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.services import moderation, rounds
from consult.services.submissions import receive, reconsider, withdraw
from core import audit
from core.db import write
from followup.cli import ledger
from followup.rules import ReplyText
from followup.services import replies
from tests.city import (
    answer,
    comment,
    everything,
    found_city,
    open_round,
    register_id,
    staff,
    submit_comment,
)

ATOM = {"a": "http://www.w3.org/2005/Atom"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(autouse=True)
def _city(app: Flask) -> None:
    found_city()
    open_round()


@pytest.fixture
def busy(app: Flask) -> None:
    """Seven numbers in every state."""
    codes = [submit_comment(f"Comment {n}", "123"[n % 3]).code for n in range(6)]
    moderation.release_texts("AS-27", [1, 2, 5], staff("moderator"))
    moderation.hide_text("AS-27", 2, "It names a neighbour.", staff("moderator"))
    withdraw(codes[4])
    answer([1, 2], reason="We keep this in mind.")
    text = ReplyText("accepted", "en", {"en": "Yes.", "ar": "نعم", "uk": "Так"}, change="Measure 1 changes.")
    reply_id = replies.write_answer(register_id(), [3], text, staff("officer"), submit=True)
    replies.approve_answers([(reply_id, 1)], staff("approver"))
    replies.publish_replies(register_id(), staff("approver"))
    reconsider(codes[0], "My secret", "en")


def table(client: FlaskClient, path: str = "/rounds/AS-27/register.csv") -> list[dict[str, str]]:
    answer = client.get(path, buffered=True)
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def document(client: FlaskClient, path: str = "/rounds/AS-27/register.json") -> dict[str, Any]:
    answer = client.get(path, buffered=True)
    assert answer.status_code == 200
    return dict(answer.get_json())


def test_csv_and_json_hold_the_same_rows(client: FlaskClient, busy: None) -> None:
    lines, entries = table(client), document(client)["entries"]
    assert (
        [int(line["number"]) for line in lines] == [entry["number"] for entry in entries] == list(range(1, 8))
    )
    for line, entry in zip(lines, entries, strict=True):
        for name in ("register_number", "measure", "text_state", "text", "outcome", "due_on", "answered_on"):
            assert line[name] == (entry[name] or "")


def test_each_number_says_what_is_public_of_its_text(client: FlaskClient, busy: None) -> None:
    entries = document(client)["entries"]
    assert [entry["text_state"] for entry in entries] == [
        "public",
        "hidden",
        "withheld",
        "withheld",
        "withdrawn",
        "withheld",
        "withheld",
    ]
    assert [entry["text"] for entry in entries] == ["Comment 0", None, None, None, None, None, None]
    assert entries[1]["hidden_reason"] == "It names a neighbour."
    assert (entries[6]["kind"], entries[6]["about_number"]) == ("reconsideration", 1)


def test_reasons_come_in_every_language_they_were_given_in(client: FlaskClient, busy: None) -> None:
    third = document(client)["entries"][2]
    assert {code: version["text"] for code, version in third["reason"].items()} == {
        "en": "Yes.",
        "ar": "نعم",
        "uk": "Так",
    }
    line = table(client)[2]
    assert (line["reason"], line["reason_language"], line["reason_en"], line["reason_ar"]) == (
        "Yes.",
        "en",
        "Yes.",
        "نعم",
    )
    assert line["reason_de"] == ""


def test_totals_are_equal_on_page_csv_json_and_command_line(
    app: Flask, client: FlaskClient, busy: None
) -> None:
    lines, totals = table(client), document(client)["totals"]
    html = client.get("/en/rounds/AS-27/register/").text
    printed = app.test_cli_runner().invoke(ledger, ["status", "--round", "AS-27", "--json"])
    counted = {
        "received": len(lines),
        "answered": sum(bool(line["answered_on"]) for line in lines),
        "open": sum(not line["answered_on"] for line in lines),
        "overdue": 0,
        "noted": sum(line["outcome"] == "noted" for line in lines),
        "distinct_texts": len({line["reason"] for line in lines if line["reason"]}),
        "largest_group": 2,
    }
    assert counted["received"] == 7
    assert counted.items() <= totals.items()
    assert counted.items() <= json.loads(printed.output).items()
    shown = dict(re.findall(r"<dt>(\w+)[^<]*</dt><dd>(\d+)</dd>", html))
    assert {name: int(number) for name, number in shown.items()} == {
        name: counted[name] for name in ("received", "answered", "open", "overdue")
    }
    figures = document(client, "/ledger.json?round=AS-27")
    assert counted.items() <= figures.items()
    everything = table(client, "/ledger.csv?round=AS-27")[0]
    assert {name: int(everything[name]) for name in counted} == counted


def test_a_cell_that_a_spreadsheet_would_run_is_only_text(client: FlaskClient) -> None:
    submit_comment('=HYPERLINK("http://bad.example")', name="@cmd", publish_name=True)
    moderation.release_texts("AS-27", [1], staff("moderator"))
    answer([1], reason="+1 for this")
    line = table(client)[0]
    assert line["text"] == '\'=HYPERLINK("http://bad.example")'
    assert line["name"] == "'@cmd"
    assert line["reason"] == "'+1 for this"
    assert document(client)["entries"][0]["text"] == '=HYPERLINK("http://bad.example")'


def test_a_register_longer_than_one_batch_comes_whole(client: FlaskClient) -> None:
    with write() as session:
        found, register = rounds.lock_round(session, "AS-27")
        receive(session, found, register, [comment(f"Comment {n}") for n in range(1203)], audit.SYSTEM)
    assert [int(line["number"]) for line in table(client)] == list(range(1, 1204))
    assert len(document(client)["entries"]) == 1203
    assert len(document(client, "/rounds/AS-27/chain.json")["entries"]) == 1206


def test_rounds_are_listed_with_phase_and_totals_and_only_public_ones(
    client: FlaskClient, busy: None
) -> None:
    open_round("NB-27", publish=False)
    found = document(client, "/rounds.json")["rounds"]
    assert [one["code"] for one in found] == ["AS-27"]
    assert found[0]["phase"] == "open"
    assert found[0]["totals"]["received"] == 7
    assert found[0]["register_csv"] == "http://answerable.test/rounds/AS-27/register.csv"


# The feed ------------------------------------------------------------------------------------------------------------


def feed(client: FlaskClient, language: str = "en") -> ET.Element:
    answer = client.get(f"/{language}/rounds/AS-27/register.atom")
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.text)


def test_the_feed_tells_of_answers_and_of_released_texts(client: FlaskClient, busy: None) -> None:
    root = feed(client)
    titles = [entry.findtext("a:title", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)]
    assert titles == [
        "AS-27-0003: answered, Accepted",
        "AS-27: 1-2: answered, Noted",
        "AS-27-0005: comment published",
        "AS-27-0002: comment published",
        "AS-27-0001: comment published",
    ]


def test_the_feed_forgets_what_was_hidden_or_withdrawn(client: FlaskClient, busy: None) -> None:
    texts = [content.text for content in feed(client).iterfind("a:entry/a:content", ATOM)]
    assert texts == ["Yes.", "We keep this in mind.", "Comment 0"]


def test_entries_keep_their_ids_in_every_language(client: FlaskClient, busy: None) -> None:
    def ids(language: str) -> list[str | None]:
        return [
            entry.findtext("a:id", namespaces=ATOM)
            for entry in feed(client, language).findall("a:entry", ATOM)
        ]

    assert ids("en") == ids("ar")
    assert len(set(ids("en"))) == 5
    assert all(str(id).startswith("http://answerable.test/rounds/AS-27/") for id in ids("en"))


def test_the_feed_says_which_language_each_text_is_in(client: FlaskClient, busy: None) -> None:
    root = feed(client, "ar")
    assert root.get(LANGUAGE) == "ar"
    contents = list(root.iterfind("a:entry/a:content", ATOM))
    assert [(content.get(LANGUAGE), content.text) for content in contents][:2] == [
        ("ar", "نعم"),
        ("en", "We keep this in mind."),
    ]


def test_markup_in_the_feed_is_only_text(client: FlaskClient) -> None:
    submit_comment("<b>bold</b> & more")
    moderation.release_texts("AS-27", [1], staff("moderator"))
    content = feed(client).find("a:entry/a:content", ATOM)
    assert content is not None
    assert content.text == "<b>bold</b> & more"


def test_reading_data_changes_nothing(client: FlaskClient, busy: None) -> None:
    before = everything()
    for path in ("register.csv", "register.json", "register.atom", "chain.json", "register/", "register/1/"):
        assert client.get(f"/rounds/AS-27/{path}", buffered=True).status_code == 200
    assert client.get("/rounds.json").status_code == 200
    assert everything() == before
