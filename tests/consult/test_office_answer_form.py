"""The form for an answer: what it asks for, what it refuses, where it leads next, and that it loses nothing."""

from __future__ import annotations

import pytest
from flask import Flask

from followup.models import Promise, Reply, ReplyVersion
from tests.city import (
    CODE,
    draft_answer,
    everything,
    found_city,
    open_round,
    rows,
    submit_comment,
)
from tests.office import Desk, links, text_of, typed


@pytest.fixture
def officer(sqlite_app: Flask) -> Desk:
    """An officer in front of a round with six comments."""
    found_city()
    open_round()
    for number in range(1, 7):
        submit_comment(f"Comment {number}.", str(number % 3 + 1), language=("en", "ar", "uk")[number % 3])
    return Desk(sqlite_app, "officer")


@pytest.fixture
def approver(officer: Desk, sqlite_app: Flask) -> Desk:
    return Desk(sqlite_app, "approver")


def versions() -> list[ReplyVersion]:
    return rows(ReplyVersion)


def test_after_a_single_letter_the_next_one_is_shown(officer: Desk) -> None:
    assert officer.answer([2]).location.endswith("/answer?pick=3")
    officer.answer([3])
    assert officer.answer([6]).location.endswith("/answer?pick=1"), "after the last one the first comes again"


def test_an_answer_in_the_language_of_a_letter_is_offered(officer: Desk) -> None:
    assert "The same in Ukrainian" in officer.read("/answer?pick=2&pick=5")
    assert "The same in Ukrainian" not in officer.read("/answer?pick=1")


def test_the_letters_stand_beside_the_form_in_their_own_language_and_direction(officer: Desk) -> None:
    page = officer.open("/answer?pick=1&pick=4").text
    assert '<div lang="ar" dir="rtl"><p>Comment 1.</p></div>' in page


@pytest.mark.parametrize("outcome", ["accepted", "partly_accepted"])
def test_what_is_accepted_says_what_changes_and_when(officer: Desk, outcome: str) -> None:
    page = officer.answer([1], outcome=outcome, reason="Yes, gladly.")
    assert page.status_code == 422
    assert typed(page, "reason") == "Yes, gladly."
    assert not rows(Reply)
    assert officer.answer([1], outcome=outcome, change="Measure 1, by June 2028.").status_code == 302


def test_an_answer_without_outcome_and_reason_is_refused_with_both_named(officer: Desk) -> None:
    page = officer.answer([1, 2], outcome="", reason="  ")
    assert page.status_code == 422
    assert {"#outcome", "#reason"} <= set(links(page))
    assert not rows(Reply)


def test_an_unfinished_answer_can_be_kept(officer: Desk) -> None:
    saved = officer.answer([1, 2], outcome="", reason="Half a", send="", save="1")
    assert saved.status_code == 302
    assert versions()[0].state == "draft"
    assert "Half a" in officer.read("/?queue=begun")


def test_a_text_without_a_visible_character_is_no_reason(officer: Desk) -> None:
    page = officer.answer([1], reason="\u202e\u200f \u2066")
    assert page.status_code == 422
    assert not rows(Reply)


def test_a_reason_that_is_too_long_comes_back_whole(officer: Desk) -> None:
    long = "word " * 2_000
    page = officer.answer([1], reason=long)
    assert page.status_code == 422
    assert typed(page, "reason") == long.strip()
    assert "There is room for 8000." in text_of(page).replace(",", "")


def test_nothing_chosen_leads_back_to_the_list_with_a_word(officer: Desk) -> None:
    for chosen in ("", "?pick=99", "?pick=x", "?pick=0"):
        assert officer.open(f"/answer{chosen}").location.endswith(f"/office/rounds/{CODE}/"), chosen
        assert "Choose at least one comment in the list first." in officer.read(), chosen


def test_too_many_comments_at_once_are_refused(officer: Desk) -> None:
    officer.open("/answer?numbers=1-100000")
    assert "Choose at most 5000 comments at once." in officer.read()


@pytest.mark.parametrize("numbers", ["", "abc", "1-", "5-3", "1;2", "٣", "1-99999999999999999999", "0"])
def test_a_damaged_list_of_numbers_changes_nothing_and_keeps_the_text(officer: Desk, numbers: str) -> None:
    before = everything()
    fields = {"outcome": "noted", "reason": "Kept.", "language": "en", "send": "1"}
    page = officer.post("/answer", {**fields, "numbers": numbers})
    assert page.status_code == 422
    assert typed(page, "reason") == "Kept."
    assert everything() == before


def test_a_foreign_form_token_keeps_the_text(officer: Desk) -> None:
    before = everything()
    page = officer.post(
        "/answer", {"csrf_token": "x", "numbers": "1-2", "reason": "An hour of work", "send": "1"}
    )
    assert page.status_code == 422
    assert typed(page, "reason") == "An hour of work"
    assert typed(page, "numbers") == "1-2"
    assert everything() == before


def test_a_reply_of_another_round_is_not_found(officer: Desk) -> None:
    open_round("ZZ-27")
    draft_answer([1])
    for path in ("/replies/1/", "/replies/1/edit", "/replies/99/", "/replies/2147483648/"):
        assert officer.at("ZZ-27").open(path).status_code == 404, path
    assert officer.at("ZZ-27").post("/replies/1/discard", {"revision": "1"}).status_code == 404


@pytest.mark.parametrize("reply", ["", "x~1", "1~x", "99~1", "1", "99999999999~1"])
def test_a_damaged_choice_approves_nothing(officer: Desk, approver: Desk, reply: str) -> None:
    officer.answer([1])
    assert approver.post("/approve-answers", {"reply": reply}).status_code in (302, 409)
    assert versions()[0].state == "submitted"


def test_checking_goes_on_with_the_next_answer_that_waits(officer: Desk, approver: Desk) -> None:
    officer.answer([1, 2])
    officer.answer([3, 4])
    assert approver.post("/approve-answers", {"reply": "1~1"}).location.endswith("/replies/2/")
    assert approver.post("/approve-answers", {"reply": "2~1"}).location.endswith("queue=to-release")


def test_releasing_nothing_says_so(approver: Desk) -> None:
    approver.post("/publish-replies")
    assert "There was nothing to release." in approver.read("/?queue=answered")


def test_three_hundred_comments_get_one_answer_through_one_field(sqlite_app: Flask) -> None:
    found_city()
    open_round()
    for number in range(1, 304):
        submit_comment(f"Comment {number}. " + "Long. " * 200)
    officer = Desk(sqlite_app, "officer")
    page = officer.open("/answer?all=1&q=Comment")
    assert "One answer for 303 comments" in text_of(page)
    assert typed(page, "numbers") == "1-303"
    fields = {
        **officer.fields(page),
        "numbers": "1-200,203-302",
        "outcome": "noted",
        "reason": "Yes." * 1_900,
    }
    assert officer.post("/answer", {**fields, "language": "en", "send": "1"}).status_code == 302
    assert [p.number for p in rows(Promise) if not p.reply_id] == [201, 202, 303]
    assert "Answer for 300 comments" in officer.read("/replies/1/")


def test_two_texts_in_the_language_one_writes_in_are_both_shown_again(officer: Desk) -> None:
    page = officer.answer([1], language="ar", reason="نعم", reason_ar="لا", reason_de="Ja")
    assert page.status_code == 422
    assert "There are two texts in Arabic. Keep one of them." in text_of(page)
    assert [typed(page, name) for name in ("reason", "reason_ar", "reason_de")] == ["نعم", "لا", "Ja"]
    assert not rows(Reply)
