"""Setting a round up: what is understood of a draft, what is refused and why, and that nothing typed is lost."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from consult.models import Draft, Round, Unit
from core import clock
from tests.city import (
    AFTER_CLOSING,
    CODE,
    DRAFT,
    answer,
    everything,
    found_city,
    open_round,
    rows,
    submit_comment,
)
from tests.office import Desk, text_of, typed

TRANSLATION = DRAFT.replace("# Arrive and stay", "# Ankommen und bleiben").replace(
    "Evening courses", "Abendkurse"
)


@pytest.fixture
def officer(sqlite_app: Flask) -> Desk:
    found_city()
    open_round(publish=False)
    return Desk(sqlite_app, "officer")


# Creating -----------------------------------------------------------------------------------------------------------


def test_a_round_that_is_not_complete_is_refused_with_everything_at_once(officer: Desk) -> None:
    before = everything()
    fields = {"code": "not a code", "opens_on-day": "31", "opens_on-month": "2", "opens_on-year": "2027"}
    page = officer.send("/office/rounds/new", {**fields, "languages": ["en"], "summary_en": "Kept as typed."})
    said = text_of(page)
    assert page.status_code == 422
    assert "Write a day that exists" in said
    assert "Write the last day for comments" in said
    assert typed(page, "summary_en") == "Kept as typed."
    assert typed(page, "opens_on-day") == "31"
    assert everything() == before


FACTS = {
    "title_de": "Kurz",
    "language": "de",
    "languages": ["de"],
    "department": "integration",
    "opens_on-day": "1",
    "opens_on-month": "10",
    "opens_on-year": "2027",
    "closes_on-day": "10",
    "closes_on-month": "10",
    "closes_on-year": "2027",
    "due_rule": "day",
    "answers_due_on-day": "1",
    "answers_due_on-month": "10",
    "answers_due_on-year": "2027",
}


def test_a_short_round_needs_a_public_reason_and_a_due_day_after_closing(officer: Desk) -> None:
    page = officer.send("/office/rounds/new", FACTS)
    said = text_of(page)
    assert page.status_code == 422
    assert "It needs a public reason" in said
    assert "Answers must be due after the last day for comments." in said
    reason = {"short_reason": "Der Haushalt wird im Oktober beschlossen.", "answers_due_on-month": "12"}
    created = officer.send("/office/rounds/new", {**FACTS, **reason})
    assert created.status_code == 302
    newest = rows(Round)[-1]
    assert (newest.answers_due_on, newest.answer_weeks) == (date(2027, 12, 1), 8)
    assert newest.short_reason.best("de").text == reason["short_reason"]


def test_a_due_rule_in_weeks_may_be_typed_in_arabic_digits(officer: Desk) -> None:
    facts = {**FACTS, "short_reason": "Eilt.", "due_rule": "weeks", "answer_weeks": "٤"}
    assert officer.send("/office/rounds/new", facts).status_code == 302
    assert rows(Round)[-1].answers_due_on == date(2027, 11, 7)


@pytest.mark.parametrize("weeks", ["", "0", "105", "four", "9" * 400])
def test_a_number_of_weeks_that_is_none_is_asked_for_again(officer: Desk, weeks: str) -> None:
    facts = {**FACTS, "short_reason": "Eilt.", "due_rule": "weeks", "answer_weeks": weeks}
    page = officer.send("/office/rounds/new", facts)
    assert page.status_code == 422
    assert "Write a number of weeks from 1 to 104" in text_of(page)


def test_a_code_is_used_once(officer: Desk) -> None:
    facts = {**FACTS, "short_reason": "Eilt.", "due_rule": "weeks", "answer_weeks": "4", "code": CODE.lower()}
    assert "The code AS-27 is taken already. Choose another." in text_of(
        officer.send("/office/rounds/new", facts)
    )


@pytest.mark.parametrize("code", ["NO-99", "../etc", "%00", "AS-27%00", "x" * 500])
def test_a_round_that_does_not_exist_is_not_found(officer: Desk, code: str) -> None:
    for path in ("/", "/set-up", "/conclude", "/answer?pick=1", "/texts/", "/items/1/"):
        assert officer.open(f"/office/rounds/{code}{path}").status_code == 404


def test_texts_change_until_the_round_is_public(officer: Desk) -> None:
    assert officer.send("/describe", {"title_en": "Another title", "summary_ar": "ملخّص"}).status_code == 302
    assert rows(Round)[0].title.best("en").text == "Another title"
    assert rows(Round)[0].summary.best("ar").text == "ملخّص"
    assert officer.send("/publish", page="/set-up").status_code == 302
    page = officer.send("/describe", {"title_en": "Too late"})
    assert page.status_code == 409
    assert "The round is public since" in text_of(page)
    assert typed(page, "title_en") == "Too late"
    assert rows(Round)[0].title.best("en").text == "Another title"


def test_the_list_before_publishing_says_what_is_missing(officer: Desk) -> None:
    facts = {**FACTS, "short_reason": "Eilt.", "due_rule": "weeks", "answer_weeks": "4", "code": "KU-27"}
    officer.send("/office/rounds/new", {**facts, "languages": ["de", "ar"]})
    desk = officer.at("KU-27")
    said = desk.read("/set-up")
    assert "Missing A draft with measures" in said
    assert "Not yet The draft in Arabic" in said
    assert "There A title in the language of the original" in said
    refused = desk.send("/publish", page="/set-up")
    assert refused.status_code == 422
    assert "The round has no draft with measures yet. Import one first." in text_of(refused)
    assert rows(Round)[-1].published_on is None


def test_days_of_a_public_round_change_with_a_public_reason_only(officer: Desk) -> None:
    officer.send("/publish", page="/set-up")
    later = {"closes_on-day": "15", "closes_on-month": "11"}
    page = officer.send("/retime", {**officer.days(officer.open("/retime")), **later})
    assert page.status_code == 422
    assert "Say in public why its timetable changes." in text_of(page)
    assert typed(page, "closes_on-month") == "11"
    fields = {**officer.fields(page), **officer.days(page), "reason": "The hall burned down."}
    assert officer.post("/retime", fields).status_code == 302
    assert rows(Round)[0].closes_on == date(2027, 11, 15)


# Drafts -------------------------------------------------------------------------------------------------------------


def test_nothing_is_saved_before_the_preview_was_seen(officer: Desk) -> None:
    before = everything()
    page = officer.upload("/import-draft", DRAFT.encode(), save="1")
    assert "This is what was understood" in text_of(page)
    assert everything() == before


def test_a_text_changed_after_its_preview_is_shown_again_and_not_saved(officer: Desk) -> None:
    page = officer.send("/import-draft", {"text": DRAFT})
    before = everything()
    changed = officer.fields(page)["text"].replace("Evening courses", "Morning courses")
    page = officer.post("/import-draft", {**officer.fields(page), "text": changed, "save": "1"})
    assert "Morning courses" in text_of(page)
    assert everything() == before
    assert officer.post("/import-draft", {**officer.fields(page), "save": "1"}).status_code == 302
    assert [unit.title.best("en").text for unit in rows(Unit)][-1] == "Morning courses"


def test_a_preview_names_lines_facts_and_the_department_that_is_meant(officer: Desk) -> None:
    said = text_of(
        officer.send("/import-draft", {"text": DRAFT.replace("Housing Office", "Office of Nothing")})
    )
    assert "1 A room for the first night no department is called “ Office of Nothing ” done by 7" in said
    assert "It replaces the draft that is there." in said
    assert "3 measures, 2 chapters" in said


HOSTILE: dict[str, tuple[bytes, str]] = {
    "a zero byte": (b"# Title\n\n## 1. Bus\n\nText\x00 here", "Line 5, place 5 holds a zero byte."),
    "another encoding": ("# Título\n\n## 1. Año\n".encode("latin-1"), "Line 1, place 4 is not UTF-8."),
    "utf-16": ("## 1. Bus\n".encode("utf-16"), "Line 1, place 1 is not UTF-8."),
    "a lone surrogate": (b"## 1. Bus\n\n\xed\xa0\x80\n", "Line 3, place 1 is not UTF-8."),
    "ten megabytes": (b"## 1. Bus\n" + b"x" * 10_000_000, "The file is too large. It may have 2 megabytes."),
    "no measures": (b"# Only a title\n\n## And a chapter\n", "No numbered measure was found."),
    "nothing at all": (b"just words\n", "The file has no headings and no numbered measures."),
    "a number twice": (
        b"# T\n\n### 3. One\n\n### 3. Another\n",
        "The number 3 stands in line 3 and again in line 5.",
    ),
    "a heading without end": (b"### 1. " + b"x" * 400 + b"\n", "Line 1: the heading is too long."),
    "an empty file": (b"", "The file has no headings and no numbered measures."),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_draft_gets_a_clear_message_and_changes_nothing(officer: Desk, what: str) -> None:
    data, sentence = HOSTILE[what]
    before = everything()
    page = officer.upload("/import-draft", data)
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert everything() == before


@pytest.mark.parametrize("what", ["a number twice", "no measures"])
def test_a_draft_with_faults_stays_in_the_form_to_be_mended(officer: Desk, what: str) -> None:
    data, _sentence = HOSTILE[what]
    page = officer.upload("/import-draft", data)
    assert typed(page, "text") == data.decode()


def test_invisible_characters_that_turn_a_line_around_are_taken_out(officer: Desk) -> None:
    page = officer.send("/import-draft", {"text": "### 1. Bus\u202e\u2066 stop\n\nText here"})
    officer.post("/import-draft", {**officer.fields(page), "save": "1"})
    assert rows(Unit)[-1].title.best("en").text == "Bus stop"


def test_something_larger_than_any_request_may_be_is_refused_with_a_page(officer: Desk) -> None:
    page = officer.upload("/import-draft", b"x" * 13_000_000)
    assert page.status_code == 413
    assert "too large" in text_of(page)


def test_a_translation_must_have_the_measures_of_the_original(officer: Desk) -> None:
    before = everything()
    fields = {"language": "de", "state": "checked", "text": TRANSLATION.replace("### 3.", "### 4.")}
    page = officer.send("/import-translation", fields)
    assert page.status_code == 422
    assert "Missing: 3. Too many: 4." in text_of(page)
    assert everything() == before


def test_a_translation_is_shown_beside_its_original_and_then_saved(officer: Desk) -> None:
    fields = {"language": "de", "state": "machine", "text": TRANSLATION}
    page = officer.send("/import-translation", fields)
    assert "Abendkurse translates: Evening courses" in text_of(page)
    assert (
        officer.post("/import-translation", {**officer.fields(page), **fields, "save": "1"}).status_code
        == 302
    )
    title = rows(Unit)[-1].title
    assert [(v.language, v.text, v.state.value) for v in title.versions] == [
        ("en", "Evening courses", "original"),
        ("de", "Abendkurse", "machine"),
    ]


def test_an_import_into_a_public_round_becomes_its_next_version(officer: Desk) -> None:
    officer.send("/publish", page="/set-up")
    page = officer.send("/import-draft", {"text": DRAFT})
    assert "this becomes version 2" in text_of(page)
    officer.post("/import-draft", {**officer.fields(page), "save": "1"})
    assert [draft.version for draft in rows(Draft)] == [1, 2]


# Concluding ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def half_answered(officer: Desk) -> Desk:
    officer.send("/publish", page="/set-up")
    for number in range(5):
        submit_comment(f"Comment {number}")
    answer([1, 3])
    return officer


def test_a_round_with_unanswered_comments_is_not_concluded_and_names_them(half_answered: Desk) -> None:
    before = everything()
    with clock.freeze(AFTER_CLOSING):
        page = half_answered.send("/conclude")
    assert page.status_code == 409
    for number, missing in ((1, False), (2, True), (3, False), (4, True), (5, True)):
        assert (f'/items/{number}/"' in page.text) is missing
    assert "3 answers are missing" in text_of(page)
    assert everything() == before


def test_a_client_that_prefers_json_gets_the_missing_numbers(half_answered: Desk) -> None:
    refused = half_answered.post("/conclude", Accept="application/json")
    assert refused.status_code == 409
    errors = {error["code"]: error for error in refused.json["errors"]}
    assert set(errors) == {"promises_unanswered", "round_still_open"}
    assert errors["promises_unanswered"]["parameters"]["numbers"] == [2, 4, 5]


def test_a_concluded_round_says_so_in_json(half_answered: Desk) -> None:
    answer([2, 4, 5])
    with clock.freeze(AFTER_CLOSING):
        done = half_answered.post("/conclude", Accept="application/json")
    assert (done.status_code, done.json) == (200, {"round": CODE, "concluded_on": AFTER_CLOSING.isoformat()})


def test_the_way_to_the_gate_shows_what_is_missing_before_anybody_tries(half_answered: Desk) -> None:
    said = half_answered.read("/conclude")
    assert "3 answers are missing AS-27-0002 AS-27-0004 AS-27-0005" in said
    assert "People can still comment" in said


def test_the_workbench_of_a_concluded_round_shows_every_step_done(half_answered: Desk) -> None:
    answer([2, 4, 5])
    with clock.freeze(AFTER_CLOSING):
        half_answered.send("/conclude")
        page = half_answered.open()
    assert "still to answer" not in page.text
    assert page.text.count("a-steps__done") == 4


def test_the_gate_stays_shut_for_a_round_that_was_never_public(officer: Desk) -> None:
    open_round("WS-27", publish=False)
    desk = officer.at("WS-27")
    with clock.freeze(AFTER_CLOSING):
        assert "The round was never public." in desk.read("/conclude")
        page = desk.send("/conclude")
        refused = desk.post("/conclude", Accept="application/json")
    assert page.status_code == refused.status_code == 409
    assert "The round was never public." in text_of(page)
    assert [error["code"] for error in refused.json["errors"]] == ["round_not_public"]


# A foreign token ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/office/rounds/new", "title_en"),
        ("/describe", "title_en"),
        ("/import-draft", "text"),
        ("/retime", "reason"),
    ],
)
def test_a_form_from_another_session_comes_back_filled(officer: Desk, path: str, name: str) -> None:
    before = everything()
    page = officer.post(path, {"csrf_token": "forged", name: "What I typed for an hour"})
    assert page.status_code == 422
    assert "send it once more" in text_of(page)
    assert typed(page, name) == "What I typed for an hour"
    assert everything() == before
