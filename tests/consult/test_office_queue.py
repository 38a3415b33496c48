"""The workbench's lists: what is owed by due day, found by measure, language, department, word and number."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from consult.models import Submission
from consult.services.submissions import reconsider
from core import clock
from core.db import db
from followup.models import Promise
from followup.services import replies
from tests.city import (
    CODE,
    DUE,
    answer,
    draft_answer,
    everything,
    found_city,
    open_round,
    promise,
    register_id,
    rows,
    staff,
    submit_comment,
)
from tests.office import Desk, link, text_of, typed


@pytest.fixture
def officer(sqlite_app: Flask) -> Desk:
    found_city()
    open_round()
    return Desk(sqlite_app, "officer")


def listed(desk: Desk, path: str = "/") -> list[int]:
    """The numbers of the comments in a list, in its order."""
    return [int(number) for number in re.findall(r'name="pick" value="(\d+)"', desk.open(path).text)]


def comments(count: int, **facts: str) -> None:
    for number in range(1, count + 1):
        submit_comment(f"Comment {number}", **facts)


# Lists --------------------------------------------------------------------------------------------------------------


def test_a_page_holds_fifty_comments_and_leads_to_the_next_and_back(officer: Desk) -> None:
    comments(120)
    pages, path = [], "/"
    for _page in range(3):
        page = officer.open(path)
        pages.append(listed(officer, path))
        path = link(page, "next")
    assert pages == [list(range(1, 51)), list(range(51, 101)), list(range(101, 121))]
    assert path == ""
    back = officer.open(link(page, "prev"))
    assert listed(officer, link(page, "prev")) == pages[1]
    assert listed(officer, link(back, "prev")) == pages[0]
    assert link(officer.open(link(back, "prev")), "prev") == ""


@pytest.mark.parametrize("queue", ["to-release", "answered"])
def test_a_page_holds_fifty_answers_and_leads_to_the_next_and_back(officer: Desk, queue: str) -> None:
    comments(102)
    ids = [answer([number], release=False) for number in range(1, 103)]
    if queue == "answered":
        replies.publish_replies(register_id(), staff("approver"))
        ids.reverse()  # the newest first

    def answers(path: str) -> list[int]:
        return [int(id) for id in re.findall(r'/replies/(\d+)/"', officer.open(path).text)]

    pages, path = [], f"/?queue={queue}"
    for _page in range(3):
        page = officer.open(path)
        pages.append(answers(path))
        path = link(page, "next")
    assert pages == [ids[:50], ids[50:100], ids[100:]]
    assert path == ""
    back = link(page, "prev")
    assert answers(back) == pages[1]
    assert answers(link(officer.open(back), "prev")) == pages[0]
    assert link(officer.open(link(officer.open(back), "prev")), "prev") == ""


def test_reading_a_page_costs_as_many_questions_with_many_comments_as_with_few(officer: Desk) -> None:
    def questions() -> int:
        asked: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        assert officer.open("/").status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    comments(51)
    few = questions()
    comments(100)
    assert questions() == few


@pytest.mark.parametrize(
    "place",
    ["after=x", "after=2027-13-45~1", "before=~", "after=2027-09-14~99999999999", "before=2027-09-14~-1"],
)
def test_a_damaged_place_in_a_list_shows_its_beginning(officer: Desk, place: str) -> None:
    comments(2)
    assert listed(officer, f"/?{place}") == [1, 2]


def test_comments_stand_by_due_day_and_the_extended_ones_last(officer: Desk) -> None:
    comments(3)
    fields = {"new_due_on-day": "1", "new_due_on-month": "3", "new_due_on-year": "2028", "language": "en"}
    officer.send(
        "/extend-due-day", {**fields, "reason": "The survey is late."}, page="/extend-due-day?pick=1"
    )
    assert listed(officer) == [2, 3, 1]
    said = officer.read()
    assert said.index("23 January 2028") < said.index("1 March 2028")
    assert "Due day moved from 23 January" in said


def test_what_is_begun_by_somebody_is_not_offered_again(officer: Desk) -> None:
    comments(4)
    draft_answer([1, 3], submit=False)
    assert listed(officer) == [2, 4]
    assert "2 comments are free" in officer.read()


def test_the_queues_say_how_much_lies_in_them(officer: Desk) -> None:
    comments(10)
    draft_answer([1], submit=False)
    draft_answer([2, 3])
    answer([4, 5], release=False)
    answer([6])  # releases 4 and 5 too
    said = officer.read()
    assert "3 answered, 7 open, 0 overdue." in said
    assert "Whole round To answer 4 Overdue 0 Begun 1 To check 1 Sent back 0 To release 0 Answered 3" in said


def test_overdue_comments_stand_in_a_list_of_their_own_also_when_an_answer_is_on_its_way(
    officer: Desk,
) -> None:
    comments(3, measure="2")
    draft_answer([2])
    with clock.freeze(DUE + timedelta(days=1)):
        page = officer.open("/?queue=overdue")
        assert "3 overdue" in text_of(page)
        assert "An answer is on its way" in text_of(page)
        assert listed(officer, "/?queue=overdue") == [1, 3]
        assert "Answer what is overdue: AS‑27" in officer.read("/office/")
    assert "Nothing is overdue." in officer.read("/?queue=overdue")


def test_a_second_look_stands_in_the_list_with_what_was_misread(officer: Desk) -> None:
    receipt = submit_comment("More courses.")
    answer([1])
    reconsider(receipt.code, "I meant courses on Sundays.", "en")
    said = officer.read()
    assert "I meant courses on Sundays." in said
    assert "You misread me" in said
    assert "More courses." not in said
    assert "a second look at the answer to AS-27-0001" in officer.read("/items/2/")


def test_a_withdrawn_text_leaves_its_number_to_be_answered(officer: Desk) -> None:
    from consult.services.submissions import withdraw

    receipt = submit_comment("Please forget this.")
    withdraw(receipt.code)
    assert "Text withdrawn by its author" in officer.read()
    assert "The number still needs an answer." in officer.read("/answer?pick=1")
    assert officer.answer([1]).status_code == 302


# Finding ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(officer: Desk) -> Desk:
    submit_comment("Mehr Licht bitte", "1", language="de")
    submit_comment("المزيد من الضوء", "2", language="ar")
    submit_comment("Більше світла", "2", language="uk")
    submit_comment("On everything, 100% sure", "", language="en")
    return officer


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("measure=2", [2, 3]),
        ("measure=-", [4]),
        ("measure=99", []),
        ("language=ar", [2]),
        ("language=ar&measure=1", []),
        ("q=LICHT", [1]),
        ("q=більше", [3]),
        ("q=الضوء", [2]),
        ("q=100%25", [4]),
        ("q=%25", [4]),
        ("q=_", []),
        ("q=AS-27-0003", [3]),
        ("q=٣", [3]),
        ("q=3", [3]),
        ("department=2", [1]),
        ("department=1", [2, 3, 4]),
        ("department=x", [1, 2, 3, 4]),
        ("q=%00Licht", [1]),
        ("language=%00&measure=%00", [1, 2, 3, 4]),
        ("department=99999999999999999999", [1, 2, 3, 4]),
    ],
)
def test_comments_are_found(mixed: Desk, query: str, numbers: list[int]) -> None:
    assert listed(mixed, f"/?{query}") == numbers


def test_a_filter_says_how_many_match_and_keeps_what_was_typed(mixed: Desk) -> None:
    page = mixed.open("/?measure=2&q=світла")
    assert "One comment matches." in text_of(page)
    assert typed(page, "q") == "світла"
    assert "Nothing in this list matches." in mixed.read("/?q=nowhere")


def test_all_that_match_can_be_chosen_across_pages(officer: Desk) -> None:
    comments(60, measure="1")
    comments(60, measure="2")
    draft_answer([5], submit=False)
    assert "All 59, also on other pages" in officer.read("/?measure=1")
    page = officer.open("/answer?measure=1&all=1")
    assert typed(page, "numbers") == "1-4, 6-60"


def test_after_an_answer_the_same_filter_is_shown_again(officer: Desk) -> None:
    comments(6, measure="2")
    sent = officer.send(
        "/answer",
        {"outcome": "noted", "reason": "Yes.", "language": "en", "send": "1"},
        page="/answer?pick=1&pick=2&measure=2&q=Comment&department=1",
    )
    assert sent.location.endswith(f"/office/rounds/{CODE}/?measure=2&department=1&q=Comment")


# Passing on and extending -------------------------------------------------------------------------------------------


def test_comments_are_passed_on_to_another_department(officer: Desk) -> None:
    comments(3, measure="2")
    assert "2 comments on to another department" in officer.read("/pass-on?pick=1&pick=3")
    sent = officer.send("/pass-on", {"department": "2"}, page="/pass-on?pick=1&pick=3")
    assert sent.status_code == 302
    assert [p.department_id for p in rows(Promise)] == [2, 1, 2]
    assert listed(officer, "/?department=2") == [1, 3]


def test_what_is_answered_meanwhile_is_not_passed_on(officer: Desk) -> None:
    comments(3, measure="2")
    page = officer.open("/pass-on?pick=1&pick=2")
    draft_answer([2])
    before = everything()
    refused = officer.post("/pass-on", {**officer.fields(page), "department": "2"})
    assert refused.status_code == 409
    assert everything() == before


def test_a_department_that_does_not_exist_is_refused(officer: Desk) -> None:
    comments(1)
    before = everything()
    for department in ("", "99", "x", "1 or 1=1"):
        assert officer.send("/pass-on", {"department": department}, page="/pass-on?pick=1").status_code == 422
    assert everything() == before


def test_a_due_day_moves_once_with_a_public_reason(officer: Desk) -> None:
    comments(2)
    day = {"new_due_on-day": "1", "new_due_on-month": "3", "new_due_on-year": "2028", "language": "en"}
    page = officer.send("/extend-due-day", day, page="/extend-due-day?pick=1")
    assert page.status_code == 422
    assert (typed(page, "new_due_on-day"), typed(page, "numbers")) == ("1", "1")
    sent = officer.send(
        "/extend-due-day", {**day, "reason": "The survey is late."}, page="/extend-due-day?pick=1"
    )
    assert sent.status_code == 302
    assert (promise(1).due_on, promise(1).extended_from) == (date(2028, 3, 1), DUE)
    assert promise(2).due_on == DUE
    again = officer.send(
        "/extend-due-day", {**day, "new_due_on-month": "4", "reason": "Later."}, page="/extend-due-day?pick=1"
    )
    assert again.status_code == 422
    assert promise(1).due_on == date(2028, 3, 1)


# The start page -----------------------------------------------------------------------------------------------------


def test_the_start_page_leads_each_person_to_what_is_most_urgent(officer: Desk, sqlite_app: Flask) -> None:
    comments(3, measure="2")
    approver, moderator = Desk(sqlite_app, "approver"), Desk(sqlite_app, "moderator")
    assert "Answer the next comments: AS‑27" in officer.read("/office/")
    assert "Nothing waits for you. Thank you." in approver.read("/office/")
    assert "Release the texts that wait: AS‑27" in moderator.read("/office/")
    draft_answer([1])
    assert "Check the answers that wait for you: AS‑27" in approver.read("/office/")


def test_a_concluded_round_with_everything_answered_leaves_the_desk(officer: Desk) -> None:
    comments(1)
    answer([1])
    with clock.freeze(date(2027, 11, 8)):
        assert officer.send("/conclude").status_code == 302
        assert "There is no round with work in it." in officer.read("/office/")
        assert "Concluded" in officer.read("/office/rounds/")


def test_a_comment_shows_its_original_its_promise_and_what_the_public_cannot_see(officer: Desk) -> None:
    submit_comment("My text", name="Rosa", publish_name=False, proposed_wording="Better words")
    said = officer.read("/items/1/")
    for part in (
        "My text",
        "Rosa (not for the public)",
        "Better words",
        "23 January 2028",
        "Integration Office",
    ):
        assert part in said
    assert rows(Submission)[0].public_text_id is None
    assert officer.open("/items/2/").status_code == 404
