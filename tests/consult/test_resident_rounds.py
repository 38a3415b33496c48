"""First page, list of rounds, round and measure: what people read before they write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import event

from consult.messages import STATES
from consult.services import drafts, moderation
from consult.services.rounds import conclude_round
from core import clock
from core.db import db
from core.localized import Localized, State
from tests.city import (
    AFTER_CLOSING,
    CLOSES,
    CODE,
    DRAFT,
    DUE,
    OPENS,
    answer,
    found_city,
    open_round,
    staff,
    submit_comment,
)
from tests.consult.resident import Resident, text_of

GERMAN = DRAFT.replace("A room for the first night", "Ein Zimmer für die erste Nacht").replace(
    "Nobody sleeps in the street on the first night.", "Niemand schläft auf der Straße."
)


@pytest.fixture
def founded(sqlite_app: Flask) -> Flask:
    found_city()
    return sqlite_app


@pytest.fixture
def resident(founded: Flask) -> Resident:
    return Resident(founded)


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements that are run inside, without those that begin and end transactions."""
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


# The first page -------------------------------------------------------------------------------------------------------


def test_an_empty_city_still_has_a_first_page(resident: Resident) -> None:
    page = resident.open("/")
    assert page.status_code == 200
    assert "No plan is open for comments today." in text_of(page)


def test_the_first_page_shows_open_rounds_debts_and_the_latest_answers(resident: Resident) -> None:
    open_round(texts={"summary": Localized.original("en", "Read the plan. Say what is missing.")})
    submit_comment("Light at the stop, please.")
    submit_comment("And a roof.")
    moderation.release_texts(CODE, [1], staff("moderator"))
    answer([1], outcome="accepted", reason="There will be light.")
    page = text_of(resident.open("/"))
    for words in (
        "Open now",
        "Arrive and stay",
        "Say what is missing.",
        "47 days left",
        "1 of 2 answered",
        "Latest answers",
        "There will be light.",
        "Light at the stop, please.",
    ):
        assert words in page
    assert "And a roof." not in page


def test_the_first_page_names_what_is_late(resident: Resident) -> None:
    open_round()
    submit_comment()
    with clock.freeze(DUE + timedelta(days=5)):
        page = resident.open("/")
        assert f"/rounds/{CODE}/register/1/" in page.text
        assert "5 days late" in text_of(page)


def test_the_code_can_be_typed_on_the_first_page(resident: Resident) -> None:
    open_round()
    receipt = submit_comment("My own words.")
    fields = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', resident.open("/").text))
    page = resident.browser.post("/en/answer/", {**fields, "code": receipt.code})
    assert "My own words." in page.text


def test_hidden_and_unreleased_texts_never_reach_the_first_page(resident: Resident) -> None:
    open_round()
    submit_comment("It names a neighbour.")
    moderation.release_texts(CODE, [1], staff("moderator"))
    moderation.hide_text(CODE, 1, "It names a private person.", staff("moderator"))
    answer([1])
    page = resident.open("/").text
    assert "It names a neighbour." not in page
    assert "We keep this in mind." in page


# Rounds ---------------------------------------------------------------------------------------------------------------


def test_rounds_are_listed_with_where_they_stand(resident: Resident) -> None:
    open_round("AA-27")
    open_round("BB-27", opens_on=date(2027, 10, 1), closes_on=date(2027, 11, 30))
    open_round("CC-27", opens_on=date(2027, 1, 1), closes_on=date(2027, 2, 1))
    open_round("DD-27", publish=False)
    page = text_of(resident.open("/rounds/"))
    for words in ("Open for comments", "Announced", "All answered"):
        assert words in page
    assert page.index("Open for comments") < page.index("Announced") < page.index("All answered")
    assert "DD-27" not in resident.open("/rounds/").text


def test_a_round_says_what_is_decided_and_what_not_by_whom_and_until_when(resident: Resident) -> None:
    open_round(
        decides_on=date(2028, 2, 17),
        texts={
            "decided": Localized.original("en", "- which measures begin\n- who is responsible"),
            "not_decided": Localized.original("en", "- residence permits"),
            "who_decides": Localized.original("en", "The City Council decides."),
            "use_of_input": Localized.original("en", "The text changes where you are right."),
            "target_groups": Localized.original("en", "- parents\n- neighbours"),
            "other_ways": Localized.original("en", "By phone: 0555 010 200."),
            "stage": Localized.original("en", "Stage 2 of 3"),
        },
    )
    response = resident.open(f"/rounds/{CODE}/")
    page = text_of(response)
    for words in (
        "This is being decided which measures begin who is responsible",
        "This is not being decided residence permits",
        "The City Council decides.",
        "The text changes where you are right.",
        "parents neighbours",
        "By phone: 0555 010 200.",
        "Stage 2 of 3",
        "You can comment until",
        "The city must answer by",
        "The 3 measures",
        "The decision is taken",
    ):
        assert words in page
    assert "<li>which measures begin</li>" in response.text


def test_a_short_round_says_why(resident: Resident) -> None:
    short = {
        "opens_on": OPENS,
        "closes_on": OPENS + timedelta(days=19),
        "short_reason": "The budget is near.",
    }
    open_round("AA-27", **short)
    open_round("BB-27", short_reason="Not needed.")
    assert "The budget is near." in resident.open("/rounds/AA-27/").text
    assert "Not needed." not in resident.open("/rounds/BB-27/").text


def test_measures_stand_in_chapters_with_their_comments(resident: Resident) -> None:
    open_round()
    for _turn in range(2):
        submit_comment(measure="1")
    page = text_of(resident.open(f"/rounds/{CODE}/"))
    assert "Housing 1 A room for the first night 2 comments 2 A tenants' interpreter 0 comments" in page
    assert "Language 3 Evening courses 0 comments" in page


def test_a_new_version_of_the_draft_keeps_the_number_of_comments(resident: Resident) -> None:
    open_round()
    submit_comment("On the first version.", measure="1")
    moderation.release_texts(CODE, [1], staff("moderator"))
    drafts.import_draft(CODE, DRAFT.replace("on the first night.", "at all."), staff("officer"))
    assert "1 A room for the first night 1 comment" in text_of(resident.open(f"/rounds/{CODE}/"))
    measure = resident.open(f"/rounds/{CODE}/measures/1/").text
    assert "Nobody sleeps in the street at all." in measure
    assert "On the first version." in measure
    assert "version 2" in measure


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (OPENS - timedelta(days=3), ("Announced", "You can comment from", "in 3 days")),
        (OPENS, ("Open for comments", "60 days left")),
        (CLOSES, ("Open for comments", "Today is the last day")),
        (AFTER_CLOSING, ("Closed, answers due", "76 days left")),
        (DUE - timedelta(days=14), ("Answers due soon", "14 days left")),
        (DUE, ("Answers due soon", "Today is the last day")),
        (DUE + timedelta(days=1), ("Answers are late", "+1", "One answer is late")),
    ],
)
def test_the_clocks_follow_the_days(resident: Resident, day: date, words: tuple[str, ...]) -> None:
    open_round()
    submit_comment()
    with clock.freeze(day):
        page = text_of(resident.open(f"/rounds/{CODE}/"))
        for word in words:
            assert word in page
        assert resident.open("/").status_code == resident.open("/rounds/").status_code == 200


def test_a_concluded_round_says_so_and_takes_nothing(resident: Resident) -> None:
    open_round()
    submit_comment()
    answer([1])
    with clock.freeze(AFTER_CLOSING):
        assert "All answered" in text_of(resident.open(f"/rounds/{CODE}/"))
        conclude_round(CODE, staff("officer"))
        assert "Concluded" in text_of(resident.open(f"/rounds/{CODE}/"))
        measure = resident.open(f"/rounds/{CODE}/measures/1/")
        assert "Comments are closed" in text_of(measure)
        assert "<textarea" not in measure.text


def test_a_round_that_is_only_announced_shows_its_measures_without_a_form(resident: Resident) -> None:
    open_round(opens_on=date(2027, 10, 1), closes_on=date(2027, 11, 30))
    measure = resident.open(f"/rounds/{CODE}/measures/1/")
    assert "Comments are not open yet" in text_of(measure)
    assert "<textarea" not in measure.text


# Measures -------------------------------------------------------------------------------------------------------------


def test_a_measure_shows_text_facts_and_place(resident: Resident) -> None:
    open_round()
    page = text_of(resident.open(f"/rounds/{CODE}/measures/1/"))
    for words in (
        "Measure 1 of 3",
        "Housing",
        "Nobody sleeps in the street on the first night.",
        "Responsible Housing Office",
        "Done by end of 2028",
        "Draft of",
    ):
        assert words in page
    assert "Measure 2" in text_of(resident.open(f"/rounds/{CODE}/measures/1/"))


def test_a_measure_is_read_in_ones_language_with_the_original_at_hand(founded: Flask) -> None:
    open_round(languages=("en", "de"))
    drafts.import_translation(CODE, "de", GERMAN, staff("officer"))
    german = Resident(founded, "de").open(f"/rounds/{CODE}/measures/1/").text
    assert '<h1 class="govuk-heading-l" lang="de" dir="ltr">Ein Zimmer für die erste Nacht</h1>' in german
    assert '<div lang="en" dir="ltr"><p><strong>A room for the first night</strong></p>' in german
    arabic = Resident(founded, "ar").open(f"/rounds/{CODE}/measures/1/").text
    assert '<h1 class="govuk-heading-l" lang="en" dir="ltr">A room for the first night</h1>' in arabic
    english = Resident(founded, "en").open(f"/rounds/{CODE}/measures/1/")
    assert "There is no translation yet" not in text_of(english)
    assert "Read the original" not in text_of(english)


def test_a_machines_translation_is_labelled(founded: Flask) -> None:
    open_round(languages=("en", "de"))
    drafts.import_translation(CODE, "de", GERMAN, staff("officer"), State.MACHINE)
    page = Resident(founded, "de").open(f"/rounds/{CODE}/measures/1/")
    with force_locale("de"):
        label = str(STATES[State.MACHINE])
    assert label in text_of(page)


def test_plain_words_and_markdown_are_shown_safely(resident: Resident) -> None:
    markdown = DRAFT.replace(
        "An interpreter goes along to viewings.",
        "An **interpreter** goes along.\n\n<script>alert(1)</script>\n\n> In plain words: Somebody helps you.",
    )
    open_round(markdown=markdown)
    page = resident.open(f"/rounds/{CODE}/measures/2/")
    assert "<strong>interpreter</strong>" in page.text
    assert "In plain words: Somebody helps you." in text_of(page)
    assert "<script>alert" not in page.text


def test_a_measure_shows_its_five_latest_public_comments_with_their_answers(resident: Resident) -> None:
    open_round()
    for n in range(1, 8):
        submit_comment(
            f"Wish number {n}.", language="en", name="Samira" if n == 7 else "", publish_name=n == 7
        )
    submit_comment("Not released.")
    moderation.release_texts(CODE, range(1, 8), staff("moderator"))
    moderation.hide_text(CODE, 6, "It names a private person.", staff("moderator"))
    answer([5, 7], outcome="accepted", reason="Both of you are right.")
    response = resident.open(f"/rounds/{CODE}/measures/1/")
    page = text_of(response)
    assert [n for n in range(1, 9) if f"Wish number {n}." in page] == [2, 3, 4, 5, 7]
    assert page.index("Wish number 7.") < page.index("Wish number 5.")
    assert "8 comments so far" in page
    assert page.count("Both of you are right.") == 2
    assert page.count("Waiting for an answer") == 3
    assert "Samira" in page
    assert "Not released." not in page
    assert '<div lang="en" dir="ltr"><p>Wish number 7.</p></div>' in response.text


def test_a_name_that_is_not_for_the_public_is_not_shown(resident: Resident) -> None:
    open_round()
    submit_comment("A wish.", name="Samira")
    moderation.release_texts(CODE, [1], staff("moderator"))
    page = resident.open(f"/rounds/{CODE}/measures/1/").text
    assert "A wish." in page
    assert "Samira" not in page


def test_comments_on_the_whole_draft_stand_apart(resident: Resident) -> None:
    open_round()
    submit_comment("About everything.", measure="")
    submit_comment("About the first.", measure="1")
    moderation.release_texts(CODE, [1, 2], staff("moderator"))
    whole = text_of(resident.open(f"/rounds/{CODE}/whole-draft/"))
    assert "About everything." in whole
    assert "1 comment so far" in whole
    assert "About the first." not in whole


@pytest.mark.parametrize("where", ["measures/1/", "whole-draft/", ""])
def test_a_page_asks_as_much_of_the_database_however_many_commented(app: Flask, where: str) -> None:
    found_city()
    open_round()
    resident = Resident(app)
    measure = "" if where == "whole-draft/" else "1"

    def asked() -> list[str]:
        db.session.remove()
        with counted_queries() as statements:
            assert resident.open(f"/rounds/{CODE}/{where}").status_code == 200
        return statements

    def comment(number: int) -> None:
        submit_comment(f"Wish number {number}.", measure=measure)
        moderation.release_texts(CODE, [number], staff("moderator"))

    comment(1)
    answer([1])
    few = asked()
    for number in range(2, 40):
        comment(number)
    answer(range(2, 30))
    many = asked()
    assert len(many) == len(few) <= 9
    assert not any("count(" in statement and "consult_submission" in statement for statement in many)


# Addresses ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/rounds/ZZ-99/",
        "/rounds/ZZ-99/measures/1/",
        "/rounds/ZZ-99/whole-draft/",
        f"/rounds/{CODE}/measures/99/",
        f"/rounds/{CODE}/measures/%00/",
        f"/rounds/{CODE}/measures/{'9' * 3000}/",
        "/rounds/%00/",
        "/rounds/%ED%A0%80/",
        "/rounds/%FF/",
        "/rounds/..%2f..%2f/",
        f"/rounds/{CODE.lower()}/",
    ],
)
def test_what_is_not_there_is_said_kindly(app: Flask, path: str) -> None:
    found_city()
    open_round()
    page = app.test_client().get(f"/en{path}")
    assert page.status_code == 404
    assert "<h1" in page.text


def test_titles_of_pages_differ(resident: Resident) -> None:
    open_round()
    code = submit_comment().code
    paths = ("/", "/rounds/", f"/rounds/{CODE}/", f"/rounds/{CODE}/measures/1/")
    paths += (f"/rounds/{CODE}/measures/2/", f"/rounds/{CODE}/whole-draft/", "/answer/")
    pages = [resident.open(path) for path in paths] + [resident.read(code), resident.comment()]
    titles = [re.search("<title>(.*?)</title>", page.text, re.DOTALL)[1] for page in pages]  # type: ignore[index]
    assert len(set(titles)) == len(titles), titles


def test_ids_on_a_page_are_unique(resident: Resident) -> None:
    open_round()
    submit_comment()
    moderation.release_texts(CODE, [1], staff("moderator"))
    code = submit_comment("Another.").code
    answer([1, 2])
    pages = [resident.open(path) for path in ("/", "/rounds/", f"/rounds/{CODE}/", "/answer/")]
    pages += [resident.open(f"/rounds/{CODE}/measures/1/"), resident.comment(), resident.comment("", kind="")]
    pages.append(resident.read(code))
    pages.append(resident.act(pages[-1], "reconsider", text=""))
    pages.append(resident.act(pages[-1], "withdraw"))
    for page in pages:
        ids = re.findall(r'\sid="([^"]*)"', page.text)
        assert len(ids) == len(set(ids)), sorted(id for id in ids if ids.count(id) > 1)
        for target in re.findall(r'aria-(?:labelledby|describedby|controls)="([^"]*)"', page.text):
            assert set(target.split()) <= set(ids), target
        for target in re.findall(r'\sform="([^"]*)"', page.text) + re.findall(r'href="#([^"]+)"', page.text):
            assert target in ids, target


def test_pages_have_no_inline_style_or_script(resident: Resident) -> None:
    open_round()
    for path in ("/", "/rounds/", f"/rounds/{CODE}/", f"/rounds/{CODE}/measures/1/", "/answer/"):
        page = resident.open(path).text
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\bsrc=)", page)
