"""Anybody suggests something without account or script: receipt, answer, withdrawal; a member may table it."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.commands.audit import check
from consult.services import moderation
from core.audit import AuditEntry
from core.db import db, write
from followup.models import Promise
from followup.services import replies
from motions.models.drafting import Suggestion
from motions.models.motions import Motion
from tests.accounts.browsers import letters
from tests.accounts.people import Person
from tests.city import (
    CODE,
    answer,
    everything,
    found_city,
    on_one_database,
    open_round,
    reply_text,
    staff,
    submit_comment,
)
from tests.consult.resident import Resident, code_of, errors_of, hidden_fields, number_of, text_of
from tests.council.city import KEY
from tests.motions.city import found_council_desk

PLACE = f"/council/{KEY}/suggest/"
WORDS = "Nobody at the school office speaks Arabic.\nPlease change that."


@pytest.fixture
def council(app: Flask) -> Flask:
    found_city()
    found_council_desk()
    return app


def suggest(resident: Resident, **fields: str) -> TestResponse:
    form = hidden_fields(resident.open(PLACE))
    typed = {**form, "topic": "schools", "text": WORDS, **fields}
    return resident.browser.post(f"/{resident.language}{PLACE}", typed)


def found() -> Suggestion:
    db.session.expire_all()
    return db.session.scalars(select(Suggestion)).one()


def test_a_suggestion_gets_number_code_and_day_and_its_text_is_public_nowhere(council: Flask) -> None:
    resident = Resident(council)
    receipt = suggest(resident, name="Samira", contact="samira@example.org")
    assert number_of(receipt) == "AB-0001"
    assert "Tuesday, 7 December 2027" in text_of(receipt)
    promise = db.session.scalars(select(Promise)).one()
    assert (promise.subject_kind, promise.due_on) == ("motions.suggestion", date(2027, 12, 7))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "motions:suggestion:receive")).one()
    assert entry.commitment is not None
    assert "Samira" not in entry.facts
    assert [letter["recipient"] for letter in letters()] == ["samira@example.org"]
    for place in (f"/council/{KEY}/", f"/council/{KEY}/register/", f"/council/{KEY}/chain.json"):
        page = resident.open(place).text
        assert "Samira" not in page
        assert "school office" not in page
    assert "Suggestion" in text_of(resident.open(f"/council/{KEY}/register/"))
    assert not [result.finding for result in check(db.session())[0] if result.finding]


def test_the_same_form_gives_the_same_receipt_and_another_text_is_refused(council: Flask) -> None:
    resident = Resident(council)
    form = {**hidden_fields(resident.open(PLACE)), "topic": "schools", "text": WORDS}
    first = resident.browser.post(f"/en{PLACE}", form)
    before = everything()
    again = resident.browser.post(f"/en{PLACE}", form)
    assert code_of(first) == code_of(again)
    assert "You sent this form before" in text_of(again)
    other = resident.browser.post(f"/en{PLACE}", {**form, "text": "Something else."})
    assert other.status_code == 409
    assert "Something else." in other.text
    assert everything() == before


@on_one_database
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"topic": ""}, "Choose what it is about."),
        ({"topic": "weather"}, "Choose what it is about."),
        ({"text": " "}, "Write"),
        ({"text": "a" * 5001}, "room for 5000"),
        ({"name": "a" * 121}, "room for 120"),
        ({"contact": "nobody@"}, "Write an address"),
    ],
)
def test_what_is_missing_or_too_long_is_named_and_nothing_is_kept(
    council: Flask, fields: dict[str, str], said: str
) -> None:
    before = everything()
    refused = suggest(Resident(council), **fields)
    assert refused.status_code == 422
    assert any(said in each for each in errors_of(refused)), errors_of(refused)
    assert everything() == before


@on_one_database
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_the_whole_way_stands_in_every_language(council: Flask, language: str, direction: str) -> None:
    resident = Resident(council, language)
    page = resident.open(PLACE)
    assert f'<html lang="{language}" dir="{direction}">' in page.text
    receipt = suggest(resident, text="لا أحد في مكتب المدرسة يتكلم العربية.")
    assert 'lang="ar" dir="rtl"' in receipt.text
    own = resident.read(code_of(receipt))
    assert own.status_code == 200
    assert found().language == "ar"


def test_by_code_one_reads_the_answer_and_withdraws_the_text(council: Flask) -> None:
    resident = Resident(council)
    code = code_of(suggest(resident, name="Samira"))
    own = resident.read(code)
    assert "The city owes you an answer" in text_of(own)
    asked = resident.act(own, "withdraw")
    assert "Withdraw your suggestion?" in text_of(asked)
    done = resident.act(own, "withdraw", confirm="yes")
    assert "Your suggestion is withdrawn" in text_of(done)
    assert (found().text, found().name, found().salt) == (None, None, None)
    assert found().number == 1
    register = db.session.scalars(select(Promise.register_id)).one()
    reply = replies.write_answer(register, [1], reply_text(), staff("clerk"), submit=True)
    replies.approve_answers([(reply, 1)], staff("other clerk"))
    replies.publish_replies(register, staff("other clerk"))
    assert "The city has answered you" in text_of(resident.read(code))
    assert not [result.finding for result in check(db.session())[0] if result.finding]


def test_a_member_makes_a_motion_of_it_and_its_author_reads_so(council: Flask) -> None:
    resident = Resident(council)
    code = code_of(suggest(resident, name="Samira"))
    member = Person(council, "Bilal Saleh")
    listed = member.read("/office/motions/suggestions/")
    assert "Nobody at the school office speaks Arabic." in listed
    assert "Samira" in listed
    shown = member.open("/office/motions/new?suggestion=1")
    assert "&gt; Nobody at the school office speaks Arabic." in shown.text
    assert "Samira" not in shown.text
    member.do("/office/motions/new?suggestion=1", title="Speak Arabic", text="> Nobody", topic="schools")
    db.session.expire_all()
    motion = db.session.scalars(select(Motion)).one()
    assert motion.suggestion_id == found().id
    assert "A member made a motion of it" not in text_of(resident.read(code))
    with write() as session:
        session.get_one(Motion, motion.id).number = 2
        session.get_one(Motion, motion.id).submitted_on = date(2027, 9, 14)
    assert "A member made a motion of it: AB-0002" in text_of(resident.read(code))
    assert "Taken up in: AB-0002" in member.read("/office/motions/suggestions/")


@on_one_database
def test_the_first_page_shows_answers_to_comments_however_many_suggestions_are_answered_after_them(
    council: Flask,
) -> None:
    resident = Resident(council)
    open_round()
    submit_comment("Light at the stop, please.")
    moderation.release_texts(CODE, [1], staff("moderator"))
    answer([1], reason="There will be light.")
    for number in (1, 2, 3):
        suggest(resident, text=f"Wish {number}.")
        answer([number], code="AB")
    assert "There will be light." in text_of(resident.open("/"))


def test_members_of_no_council_read_no_suggestion(council: Flask) -> None:
    suggest(Resident(council))
    member = Person(council, "member")
    assert "Nobody has suggested anything yet" in member.read("/office/motions/suggestions/")
    assert member.open("/office/motions/new?suggestion=1").status_code == 404


@on_one_database
@pytest.mark.parametrize("key", ["nobody", "UPPER", "%00", "x" * 300])
def test_what_is_no_council_takes_no_suggestion(council: Flask, key: str) -> None:
    assert Resident(council).open(f"/council/{key}/suggest/").status_code in (404, 308)
