"""A clerk records what befalls a council, page by page: what can be done, what comes back, what becomes public."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db
from council.models import Body, Call, Member, Removal, Training
from council.queries import bodies
from council.services.calls import NewApplication, apply
from tests.accounts.people import Person
from tests.city import found_city
from tests.conftest import TODAY
from tests.consult.resident import errors_of
from tests.council.city import KEY, call_for, found_council, member, sitting_council, successor

OFFICE = f"/office/council/{KEY}"


@pytest.fixture
def clerk(app: Flask) -> Person:
    found_city()
    return Person(app, "clerk")


@pytest.fixture
def at_council(sqlite_app: Flask) -> Person:
    found_city()
    sitting_council()
    return Person(sqlite_app, "clerk")


FOUNDING = {
    "name": "Advisory Board",
    "about": "It advises.",
    "key": KEY,
    "register_code": "AB",
    "department": "integration",
    "language": "en",
    "quorum_share": "500",
    "seats_from": date(2027, 1, 1),
    "seat_classes": "north; elected; 2; The north\r\n\r\nguests ; appointed ; 1 ; Guests",
}


def test_a_council_is_founded_seated_and_lives(clerk: Person) -> None:
    assert "no council yet" in clerk.read("/office/council/")
    page = clerk.do("/office/council/new", **FOUNDING)
    assert "The council is founded." in page
    page = clerk.do(
        f"{OFFICE}/begin-term",
        begins_on=date(2027, 9, 1),
        ends_on=date(2032, 8, 31),
        members="north; Amina Haddad\r\nnorth; Bao Nguyen; List 2",
        successors="north; 1; Emre Kaya; 120\r\nnorth; 1; Fatou Diop; 120\r\nnorth; 2; Goran Babic; 80",
        sure="y",
    )
    assert "120 votes, equal to others" in page
    first = member("Amina Haddad").id
    assert "Record it" in clerk.read(f"/office/council/members/{first}/leave")
    clerk.do(f"/office/council/members/{first}/leave", ground="resigned", day=TODAY)
    assert member("Amina Haddad").left_ground == "resigned"

    fill = f"{OFFICE}/fill-vacancy?seats=north"
    refused = clerk.send(fill, filling="succession", since_on=TODAY)
    assert errors_of(refused) == ["2 successors have the same rank. Draw lots, and say who was drawn."]
    page = clerk.do(
        fill,
        filling="succession",
        since_on=TODAY,
        drawn=successor("Emre Kaya").id,
        lot="Drawn by hand before three members.",
    )
    assert "took a seat" in page
    page = clerk.do(f"/office/council/successors/{successor('Fatou Diop').id}/decline", day=TODAY)
    assert "declined on 14 September 2027" in page

    second = member("Bao Nguyen").id
    assert "Chair" in clerk.do(f"/office/council/members/{second}/elect-office", office="chair")
    page = clerk.do(f"/office/council/members/{second}/name-deputy", name="Mona Haddad", since_on=TODAY)
    assert "Mona Haddad" in page
    clerk.do(f"{OFFICE}/change-seats", seat_class="guests", seats=3, from_on=TODAY, reason="More guests.")
    assert (bodies.find_body(KEY).seats, bodies.find_body(KEY).quorum) == (5, 3)
    clerk.do(f"{OFFICE}/add-training", title="The budget", held_on=date(2027, 10, 2), place="Town hall")
    assert db.session.scalars(select(Training.place)).all() == ["Town hall"]
    page = clerk.do(
        f"{OFFICE}/fill-vacancy?seats=guests", filling="appointment", name="Lea Maier", since_on=TODAY
    )
    assert "Lea Maier" in page


def test_a_removal_needs_ground_votes_and_a_tick(clerk: Person) -> None:
    sitting_council()
    path = f"/office/council/members/{member('Bao Nguyen').id}/remove"
    assert "cannot be undone" in clerk.read(path)
    complete: dict[str, Any] = {
        "ground": "absence", "reason": "He never came.", "day": TODAY, "yes": 3, "no": 0, "abstain": 0, "sure": "y",
    }  # fmt: skip
    for changed, said in (
        ({"sure": ""}, "Check the minutes, then tick this box."),
        ({"ground": ""}, "Choose the ground that the rules name."),
        ({"reason": " "}, "Write the reason."),
        ({"yes": ""}, "Write a whole number."),
        ({"yes": "9" * 20}, "The council has 3 members on that day. More votes cannot be cast."),
        ({"no": -5}, "Write how many voted yes, how many no, and how many abstained."),
        ({"yes": 1}, "The council needs 4 votes to decide. This vote is not valid."),
    ):
        fields = {name: value for name, value in {**complete, **changed}.items() if value != ""}
        page = clerk.send(path, **fields)
        assert page.status_code == 422
        assert errors_of(page) == [said]
    assert member("Bao Nguyen").left_on is None
    assert not db.session.scalars(select(Removal)).all()


def test_a_call_is_opened_read_and_closed(clerk: Person) -> None:
    sitting_council()
    fields: dict[str, Any] = {
        "seat_class": "associations",
        "title": "A seat for an association",
        "about": "Tell us what you do.",
        "closes_on": date(2027, 9, 30),
        "answers_due_on": date(2027, 11, 30),
    }
    refused = clerk.send(f"{OFFICE}/open-call", **{**fields, "answers_due_on": date(2027, 9, 30)})
    assert errors_of(refused) == ["Answers must be due after the last day for applications."]
    clerk.do(f"{OFFICE}/open-call", **fields)
    call = db.session.scalars(select(Call.id)).one()
    apply(call, "a" * 32, NewApplication("Ines Okafor", "We help.", "en", "Bridge"))
    page = clerk.read(f"{OFFICE}/applications/")
    assert "AB-0001" in page
    assert "Ines Okafor" in page
    assert "The call is closed." in clerk.do(f"{OFFICE}/calls/{call}/close")
    again = clerk.send(f"{OFFICE}/calls/{call}/close")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"seat_classes": "north; elected; two; The north"}, "Line 1 must have a whole number there."),
        ({"seat_classes": "north; inherited; 2; The north"}, "Line 1 names no kind of seat."),
        ({"seat_classes": "north elected"}, "Line 1 cannot be read. Put semicolons between its parts."),
        ({"seat_classes": "a; elected; 1; A\r\na; elected; 1; A"}, "Two kinds of seats have the same key."),
        ({"seat_classes": "x;elected;1;X\n" * 501}, "Write at most 500 lines."),
        (
            {"key": "../etc"},
            "Write the address in small letters, digits and hyphens, such as migrant-council.",
        ),
        ({"register_code": "<AB>"}, "Write two to eight capital letters or digits, such as MC."),
        ({"quorum_share": "1001"}, "The quorum must be from 1 to 1,000 thousandths of the seats."),
        ({"name": ""}, "Write a name."),
    ],
)
def test_what_is_wrong_comes_back_beside_what_was_typed(
    sqlite_app: Flask, changed: dict[str, str], said: str
) -> None:
    found_city()
    page = Person(sqlite_app, "clerk").send("/office/council/new", **{**FOUNDING, **changed})
    assert page.status_code == 422
    assert said in errors_of(page)
    assert "It advises." in page.text
    assert not db.session.scalars(select(Body)).all()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"members": "nowhere; Ada"}, "This council has no seats called “nowhere”."),
        (
            {"members": "experts; Ada\r\nexperts; Bo"},
            "“experts” has one seat. Name no more members than that.",
        ),
        ({"members": "experts;"}, "Write the person’s name."),
        ({"successors": "region-1; first; Ada"}, "Line 1 must have a whole number there."),
        ({"successors": "region-1; 1; Ada; -4"}, "Line 1 must have a whole number there."),
        ({"sure": None}, "Check the list, then tick this box."),
        ({"begins_on": None}, "Write the day."),
        ({"ends_on": date(2028, 1, 1)}, "The term must end after it begins."),
    ],
)
def test_a_term_with_a_slip_seats_nobody(at_council: Person, changed: dict[str, Any], said: str) -> None:
    fields: dict[str, Any] = {
        "begins_on": date(2032, 9, 1), "ends_on": date(2037, 8, 31),
        "members": "experts; Ada", "successors": "", "sure": "y", **changed,
    }  # fmt: skip
    page = at_council.send(
        f"{OFFICE}/begin-term", **{name: value for name, value in fields.items() if value is not None}
    )
    assert page.status_code == 422
    assert said in errors_of(page)
    assert member("Amina Haddad").left_on is None


@pytest.mark.parametrize(
    "path",
    [
        "/office/council/nobody/",
        "/office/council/nobody/begin-term",
        "/office/council/members/999/leave",
        "/office/council/successors/999/decline",
        f"{OFFICE}/fill-vacancy",
        f"{OFFICE}/fill-vacancy?seats=nowhere",
        f"{OFFICE}/calls/999/close",
    ],
)
def test_what_is_not_there_is_not_found(at_council: Person, path: str) -> None:
    assert at_council.browser.get(path).status_code == 404


def test_who_has_left_cannot_leave_again(at_council: Person) -> None:
    bao = member("Bao Nguyen").id
    at_council.do(f"/office/council/members/{bao}/leave", ground="died", day=TODAY)
    assert at_council.browser.get(f"/office/council/members/{bao}/leave").status_code == 404
    assert len([m for m in db.session.scalars(select(Member)) if m.left_on]) == 1


def test_markup_in_a_name_stays_text(at_council: Person) -> None:
    path = f"/office/council/members/{member('Bao Nguyen').id}/name-deputy"
    at_council.do(path, name="<script>alert(1)</script>", since_on=TODAY)
    assert "<script>alert" not in at_council.browser.get(f"{OFFICE}/").text
    assert "<script>alert" not in at_council.browser.get(f"/council/{KEY}/").text


def test_training_and_calls_wait_for_their_council(sqlite_app: Flask) -> None:
    found_city()
    found_council()
    clerk = Person(sqlite_app, "clerk")
    assert "Add a day of training" not in clerk.read(f"{OFFICE}/")
    page = clerk.send(f"{OFFICE}/add-training", title="The budget", held_on=TODAY)
    assert page.status_code == 404
    assert call_for() == 1
