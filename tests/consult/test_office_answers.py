"""Writing, checking, releasing and correcting answers: exactly the chosen comments or none, and no text is lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from followup.models import Promise, Reply, ReplyVersion
from tests.city import (
    CODE,
    answer,
    draft_answer,
    everything,
    found_city,
    open_round,
    promise,
    rows,
    submit_comment,
)
from tests.office import Desk, text_of, typed


@pytest.fixture
def officer(app: Flask) -> Desk:
    """An officer in front of a round with six comments."""
    found_city()
    open_round()
    for number in range(1, 7):
        submit_comment(f"Comment {number}.", str(number % 3 + 1), language=("en", "ar", "uk")[number % 3])
    return Desk(app, "officer")


@pytest.fixture
def colleague(officer: Desk, app: Flask) -> Desk:
    return Desk(app, "other officer")


@pytest.fixture
def approver(officer: Desk, app: Flask) -> Desk:
    return Desk(app, "approver")


def versions(reply_id: int = 1) -> list[ReplyVersion]:
    return [version for version in rows(ReplyVersion) if version.reply_id == reply_id]


# Writing ------------------------------------------------------------------------------------------------------------


def test_one_answer_goes_to_exactly_the_chosen_comments(officer: Desk) -> None:
    sent = officer.answer([1, 3, 4], reason="We will look into it.", reason_ar="سننظر في الأمر.")
    assert sent.location.endswith(f"/office/rounds/{CODE}/")
    assert [p.number for p in rows(Promise) if p.reply_id] == [1, 3, 4]
    (version,) = versions()
    assert (version.state, version.outcome) == ("submitted", "noted")
    assert {v.language: v.text for v in version.reason.versions} == {
        "en": "We will look into it.",
        "ar": "سننظر في الأمر.",
    }
    assert "Sent to be checked: the answer to 3 comments." in officer.read()


# A selection that others changed ------------------------------------------------------------------------------------


def test_a_selection_that_changed_meanwhile_is_refused_by_number_and_the_text_stays(
    officer: Desk, colleague: Desk
) -> None:
    colleague.answer([3, 5])
    before = everything()
    page = officer.answer([1, 2, 3, 4, 5], reason="For all five.")
    assert page.status_code == 409
    assert re.search(r"\b3\b.*\b5\b", text_of(page).split("One answer for")[1])
    assert typed(page, "reason") == "For all five."
    assert typed(page, "numbers") == "1-5"
    assert everything() == before


def test_the_others_can_then_be_answered_knowingly(officer: Desk, colleague: Desk) -> None:
    colleague.answer([3, 5])
    page = officer.answer([1, 2, 3, 4, 5], reason="For the rest.")
    assert "Go on without the ones that others took" in text_of(page)
    fields = {**officer.fields(page), "outcome": "noted", "language": "en", "leave_out": "y", "send": "1"}
    assert officer.post("/answer", fields).status_code == 302
    assert [p.number for p in rows(Promise) if p.reply_id == 2] == [1, 2, 4]


# Two editors --------------------------------------------------------------------------------------------------------


def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(officer: Desk, colleague: Desk) -> None:
    draft_answer([1, 2], submit=False, reason="First draft.")
    mine, theirs = officer.open("/replies/1/edit"), colleague.open("/replies/1/edit")
    fields = {"outcome": "noted", "language": "en", "save": "1"}
    assert (
        colleague.post(
            "/replies/1/edit", {**colleague.fields(theirs), **fields, "reason": "Their words."}
        ).status_code
        == 302
    )

    conflict = officer.post("/replies/1/edit", {**officer.fields(mine), **fields, "reason": "My words."})
    assert conflict.status_code == 409
    assert typed(conflict, "reason") == "My words."
    assert "Their words." in text_of(conflict)
    assert "by Officer, Other Officer" in text_of(conflict)
    assert versions()[0].reason.best("en").text == "Their words.", "nothing was overwritten"

    again = officer.post("/replies/1/edit", {**officer.fields(conflict), **fields, "reason": "Both words."})
    assert again.status_code == 302
    assert versions()[0].reason.best("en").text == "Both words."


def test_saving_again_after_a_third_person_saved_is_a_conflict_again(officer: Desk, colleague: Desk) -> None:
    draft_answer([1], submit=False)
    page = officer.open("/replies/1/edit")
    fields = {"outcome": "noted", "language": "en", "save": "1"}
    for words in ("One.", "Two."):
        colleague.send("/replies/1/edit", {**fields, "reason": words})
        page = officer.post("/replies/1/edit", {**officer.fields(page), **fields, "reason": "Mine."})
        assert page.status_code == 409
        assert words in text_of(page)


def test_a_text_for_an_answer_that_was_discarded_becomes_a_new_one(officer: Desk, colleague: Desk) -> None:
    draft_answer([1, 2], submit=False)
    mine = officer.open("/replies/1/edit")
    assert colleague.send("/replies/1/discard", page="/replies/1/").status_code == 302
    fields = {"outcome": "noted", "language": "en", "reason": "My long text.", "save": "1"}
    page = officer.post("/replies/1/edit", {**officer.fields(mine), **fields})
    assert page.status_code == 409
    assert typed(page, "reason") == "My long text."
    assert officer.post("/answer", {**officer.fields(page), **fields}).status_code == 302
    assert [p.number for p in rows(Promise) if p.reply_id] == [1, 2]


def test_an_answer_approved_meanwhile_is_not_edited_and_the_text_stays(officer: Desk, approver: Desk) -> None:
    draft_answer([1])
    mine = officer.open("/replies/1/edit")
    approver.send("/approve-answers", {"reply": "1~1"}, page="/replies/1/")
    fields = {"outcome": "noted", "language": "en", "reason": "Better words.", "save": "1"}
    page = officer.post("/replies/1/edit", {**officer.fields(mine), **fields})
    assert page.status_code == 409
    assert typed(page, "reason") == "Better words."
    assert versions()[0].state == "approved"


# Checking -----------------------------------------------------------------------------------------------------------


def test_nobody_approves_what_they_wrote(app: Flask, officer: Desk) -> None:
    both = Desk.holding(app, "other officer", ["officer", "approver"])
    both.answer([1, 2])
    page = both.post("/approve-answers", {"reply": "1~1"})
    assert page.status_code == 422
    assert versions()[0].state == "submitted"
    assert "You wrote in this answer, so somebody else must approve it." in both.read("/replies/1/")
    assert 'name="reply"' not in both.open("/?queue=to-check").text


def test_of_several_answers_all_are_approved_or_none(app: Flask, officer: Desk) -> None:
    both = Desk.holding(app, "other officer", ["officer", "approver"])
    officer.answer([1])
    both.answer([2])
    assert both.post("/approve-answers", {"reply": ["1~1", "2~1"]}).status_code == 302
    assert "Nothing was approved." in both.read("/?queue=to-check")
    assert {version.state for version in rows(ReplyVersion)} == {"submitted"}


def test_an_answer_that_changed_since_it_was_read_is_not_approved(officer: Desk, approver: Desk) -> None:
    officer.answer([1])
    officer.send("/replies/1/edit", {"outcome": "noted", "language": "en", "reason": "Other.", "send": "1"})
    page = approver.post("/approve-answers", {"reply": "1~1"})
    assert page.status_code == 409
    assert versions()[0].state == "submitted"


def test_what_is_sent_back_returns_with_its_note_and_is_mended(officer: Desk, approver: Desk) -> None:
    officer.answer([1, 2])
    empty = approver.send("/replies/1/send-back", {"note": " "}, page="/replies/1/")
    assert empty.status_code == 422
    assert "Say what should be mended" in text_of(empty)
    assert (
        approver.send("/replies/1/send-back", {"note": "Name the day."}, page="/replies/1/").status_code
        == 302
    )
    assert "Name the day." in officer.read("/?queue=sent-back")
    assert "Mend the answers that were sent back: AS‑27" in officer.read("/office/")
    assert "Name the day." in officer.read("/replies/1/edit")
    mended = {"outcome": "noted", "language": "en", "reason": "By 1 May.", "send": "1"}
    officer.send("/replies/1/edit", mended)
    assert (versions()[0].state, versions()[0].note_back) == ("submitted", None)


# Releasing and correcting -------------------------------------------------------------------------------------------


def test_approved_answers_are_released_together_and_counted_before(officer: Desk, approver: Desk) -> None:
    officer.answer([1, 2, 3])
    officer.answer([4])
    officer.answer([5])
    approver.post("/approve-answers", {"reply": ["1~1", "2~1"]})
    assert "answers 2 comments answered by them 4" in approver.read("/publish-replies")
    approver.send("/publish-replies")
    assert "4 comments have their answer now." in approver.read("/?queue=answered")
    assert [p.number for p in rows(Promise) if p.answered_on is None] == [5, 6]


def test_a_published_answer_is_changed_by_a_marked_new_version_only(officer: Desk, approver: Desk) -> None:
    answer([1, 2], reason="The old answer.")
    assert officer.open("/replies/1/edit").location.endswith("/replies/1/")
    fields = {"outcome": "noted", "language": "en", "reason": "Sneaky.", "save": "1", "revision": "1"}
    assert officer.post("/replies/1/edit", fields).status_code == 409
    assert [v.reason.best("en").text for v in versions()] == ["The old answer."]

    assert officer.send("/replies/1/correct", page="/replies/1/").location.endswith("/replies/1/edit")
    fields = {"outcome": "noted", "language": "en", "reason": "The new answer.", "send": "1"}
    page = officer.send("/replies/1/edit", fields)
    assert page.status_code == 422, "a correction says what was wrong"
    officer.send("/replies/1/edit", {**fields, "note": "We named the wrong year."})
    assert promise(1).answered_on is not None
    assert rows(Reply)[0].published_version == 1, "the old one stays public until the new one is released"

    approver.post("/approve-answers", {"reply": "1~2"})
    approver.send("/publish-replies")
    fresh = [(v.version, v.state, v.reason.best("en").text) for v in versions()]
    assert fresh == [(1, "published", "The old answer."), (2, "published", "The new answer.")]
    said = officer.read("/replies/1/")
    assert "Correction, version 2" in said
    assert "Version 1, published on" in said


def test_a_second_correction_at_the_same_time_leads_to_the_first(officer: Desk, colleague: Desk) -> None:
    answer([1])
    officer.send("/replies/1/correct", page="/replies/1/")
    assert colleague.post("/replies/1/correct").status_code == 409
    assert len(versions()) == 2


def test_a_draft_that_is_thrown_away_frees_its_comments(officer: Desk) -> None:
    officer.answer([1, 2], send="", save="1")
    assert officer.send("/replies/1/discard", page="/replies/1/").status_code == 302
    assert not [p for p in rows(Promise) if p.reply_id]
    assert not rows(ReplyVersion)
    assert officer.open("/replies/1/").status_code == 404
    assert "6 comments are free" in officer.read()


# Many and long ------------------------------------------------------------------------------------------------------
