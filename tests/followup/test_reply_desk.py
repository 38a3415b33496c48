"""The reply desk: what elections and the council received is answered by two persons, on the public clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import write
from core.localized import Localized
from followup.models import Promise, Register
from tests.accounts.browsers import text_of
from tests.city import CODE as ROUND
from tests.city import DUE, found_city, meet_steps, open_round, owe_steps, rows
from tests.office import Desk, link, links, typed
from tests.routes.followup import REGISTER, furnish

DESK = f"/office/promises/{REGISTER}/"
FIELDS = {"outcome": "noted", "reason": "We looked.", "language": "en", "send": "1"}


@pytest.fixture(autouse=True)
def received(app: Flask) -> None:
    """Two promises; somebody has begun to answer the first."""
    found_city()
    furnish()


def test_a_promise_is_answered_by_two_persons_and_then_everybody_knows(app: Flask) -> None:
    clerk, board = Desk(app, "clerk"), Desk(app, "election_board")
    assert "2 still to answer" in clerk.read(DESK)
    sent = clerk.send(f"{DESK}answer", FIELDS, page=f"{DESK}answer?pick=2")
    assert sent.status_code == 302, text_of(sent)
    page = board.open(f"{DESK}?queue=to-check")
    address = next(link for link in links(page) if "/replies/" in link)
    assert "We looked." in board.read(address)
    assert board.send(f"{address}approve", {"revision": "1"}, page=address).status_code == 302
    released = board.send(f"{DESK}publish-replies")
    assert released.location is not None
    assert "One promise is kept now" in board.read(released.location)
    assert "1 answered" in board.read(DESK)
    assert "The city answers" in board.read(f"{DESK}2/")


def begin(desk: Desk, **fields: str) -> str:
    """Answer number 2 as ``desk``, sent to be checked; returns the address of the answer."""
    desk.send(f"{DESK}answer", {**FIELDS, **fields}, page=f"{DESK}answer?pick=2")
    with_numbers = [found for found in links(desk.open(f"{DESK}2/")) if "/replies/" in found]
    return with_numbers[0]


def test_who_wrote_cannot_approve_and_the_second_person_sends_back_with_a_note(app: Flask) -> None:
    clerk, board = Desk(app, "clerk"), Desk(app, "election_board")
    address = begin(clerk)
    assert "somebody else must approve it" in clerk.read(address)
    own = clerk.send(f"{address}approve", {"revision": "1"}, page=address)
    assert own.status_code == 422
    assert "You wrote in this answer" in text_of(own)
    assert board.send(f"{address}send-back", {"note": ""}, page=address).status_code == 422
    assert board.send(f"{address}send-back", {"note": "Too short."}, page=address).status_code == 302
    assert "Too short." in clerk.read(f"{address}edit")
    assert "Sent back" in clerk.read(f"{DESK}?queue=sent-back")


def test_two_who_edit_at_once_lose_nothing(app: Flask) -> None:
    clerk, officer = Desk(app, "clerk"), Desk(app, "returning_officer")
    address = begin(clerk)
    before = clerk.open(f"{address}edit")
    officer.send(f"{address}edit", {**FIELDS, "reason": "Theirs."})
    late = clerk.post(f"{address}edit", {**clerk.fields(before), **FIELDS, "reason": "Mine."})
    assert late.status_code == 409
    assert "Theirs." in text_of(late)
    assert typed(late, "reason") == "Mine."
    again = clerk.post(f"{address}edit", {**clerk.fields(late), **FIELDS, "reason": "Both."})
    assert again.status_code == 302
    assert "Both." in clerk.read(address)


def test_what_somebody_else_answers_meanwhile_is_said(app: Flask) -> None:
    clerk, officer = Desk(app, "clerk"), Desk(app, "returning_officer")
    page = clerk.open(f"{DESK}answer?pick=2")
    begin(officer)
    taken = clerk.post(f"{DESK}answer", {**clerk.fields(page), **FIELDS})
    assert taken.status_code == 409
    assert "Somebody else answers these meanwhile: 2" in text_of(taken)


def test_a_draft_is_thrown_away_and_a_published_answer_corrected_in_public(app: Flask) -> None:
    clerk, board = Desk(app, "clerk"), Desk(app, "election_board")
    draft = next(found for found in links(clerk.open(f"{DESK}1/")) if "/replies/" in found)
    assert clerk.send(f"{draft}discard", {"revision": "1"}, page=draft).status_code == 302
    assert clerk.open(draft).status_code == 404
    address = begin(clerk)
    board.send(f"{address}approve", {"revision": "1"}, page=address)
    board.send(f"{DESK}publish-replies")
    edit = clerk.send(f"{address}correct", page=address).location
    assert edit is not None
    missing = clerk.send(edit, {**FIELDS, "reason": "Better."})
    assert "Say what was wrong in the version before." in text_of(missing)
    clerk.send(edit, {**FIELDS, "reason": "Better.", "note": "A wrong day."})
    assert "Correction, version 2" in board.read(address)


def test_a_due_day_moves_once_with_a_reason_and_never_after_it_has_passed(app: Flask) -> None:
    desk = Desk(app, "returning_officer")
    form = f"{DESK}extend-due-day"
    later = {"new_due_on-day": "20", "new_due_on-month": "12", "new_due_on-year": "2027", "language": "en"}
    missing = desk.send(form, later, page=f"{form}?pick=2")
    assert missing.status_code == 422
    assert "Write why more time is needed" in text_of(missing)
    fields = {**later, "reason": "We ask the court."}
    assert desk.send(form, fields, page=f"{form}?pick=2").status_code == 302
    assert "We ask the court." in desk.read(f"{DESK}2/")
    twice = desk.send(form, {**fields, "new_due_on-day": "22"}, page=f"{form}?pick=2")
    assert "only once" in text_of(twice)
    with clock.freeze(clock.today() + timedelta(100)):
        assert "2 overdue" in desk.read(DESK)
        assert "Nothing is overdue" not in desk.read(f"{DESK}?queue=overdue")
        late = desk.send(form, fields, page=f"{form}?pick=1")
        assert "only before it has passed" in text_of(late)


@pytest.mark.parametrize(
    "query",
    [
        "?queue=nothing",
        "?queue=overdue&after=x~1",
        "?after=2027-12-01~99999999999999999999",
        "?before=2027-12-01~1&queue=answered",
        "?queue=to-check&after=-1",
        "?queue=%00",
    ],
)
def test_an_address_that_makes_no_sense_shows_a_list(app: Flask, query: str) -> None:
    assert Desk(app, "clerk").open(f"{DESK}{query}").status_code == 200


@pytest.mark.parametrize(
    "numbers", ["1-999999999", "x", "9" * 30, "-1", "0", "3-1", "2147483648", "\u0662", "99"]
)
def test_numbers_that_are_none_lead_back_to_the_list(app: Flask, numbers: str) -> None:
    desk = Desk(app, "clerk")
    for act in ("answer", "extend-due-day"):
        assert desk.open(f"{DESK}{act}?numbers={numbers}").status_code == 302
        assert desk.post(f"{DESK}{act}", {"numbers": numbers, **FIELDS}).status_code == 302


def test_what_is_answered_elsewhere_or_nowhere_is_not_found(app: Flask) -> None:
    open_round()
    desk = Desk(app, "clerk")
    assert ROUND not in desk.read("/office/promises/")
    for path in (f"/office/promises/{ROUND}/", "/office/promises/%00/", f"{DESK}9/", f"{DESK}replies/999/"):
        assert desk.open(path).status_code == 404, path


def test_steps_are_nothing_for_the_desk(app: Flask) -> None:
    owe_steps(7, 8, code=REGISTER)
    meet_steps(8, code=REGISTER)
    desk, numbers = Desk(app, "clerk"), (f"{REGISTER}-0003", f"{REGISTER}-0004")
    assert "2 still to answer" in desk.read(DESK)
    assert "0 answered" in desk.read(DESK)
    for queue in ("to-answer", "answered", "overdue"):
        with clock.freeze(DUE + timedelta(days=1)):
            page = desk.read(f"{DESK}?queue={queue}")
        assert not any(number in page for number in numbers), queue
    with clock.freeze(DUE + timedelta(days=1)):
        assert "2 overdue" in desk.read(DESK)
    for number in (3, 4):
        assert desk.open(f"{DESK}{number}/").status_code == 404
        for act in ("answer", "extend-due-day"):
            assert desk.open(f"{DESK}{act}?pick={number}").status_code == 302
            assert desk.post(f"{DESK}{act}", {"numbers": str(number), **FIELDS}).status_code == 302
    both = desk.send(f"{DESK}answer", {**FIELDS, "numbers": "2-4"}, page=f"{DESK}answer?pick=2")
    assert both.status_code == 302
    assert {p.number: p.reply_id is not None for p in rows(Promise)} == {1: True, 2: True, 3: False, 4: False}


def test_a_list_goes_on_page_by_page_and_back(app: Flask) -> None:
    with write() as session:
        register = session.scalars(select(Register).where(Register.code == REGISTER)).one()
        register.last_number = 60
        for number in range(3, 61):
            session.add(
                Promise(
                    register_id=register.id,
                    number=number,
                    kind="answer",
                    subject_kind="tests.letter",
                    subject_id=number,
                    department_id=1,
                    opened_on=clock.today(),
                    due_on=clock.today() + timedelta(number),
                    extension_reason=Localized(),
                )
            )
    desk = Desk(app, "clerk")
    first = desk.open(DESK)
    second = desk.open(link(first, "next"))
    assert f"{REGISTER}-0060" in second.text
    assert f"{REGISTER}-0003" not in second.text
    assert f"{REGISTER}-0003" in desk.open(link(second, "prev")).text
