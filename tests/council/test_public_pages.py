"""What everybody reads about a council, and an application from the form to its answer, without script or account."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.commands.audit import check
from core import clock
from core.audit import canonical, commit_to
from core.db import db
from council.models import Application
from council.rules import Ground
from council.services import calls, vacancies
from council.services.bodies import add_training, change_seats
from followup.models import Promise
from followup.services import replies
from tests.accounts.browsers import letters
from tests.city import found_city, meet_steps, on_one_database, owe_steps, reply_text, staff
from tests.conftest import TODAY
from tests.consult.resident import Resident, code_of, errors_of, hidden_fields, number_of, text_of
from tests.council.city import KEY, call_for, found_council, member, seat, sitting_council

WORDS = "We teach German in the evening.\nWe want to speak for our pupils."


@pytest.fixture
def council(app: Flask) -> Flask:
    found_city()
    sitting_council()
    return app


@pytest.fixture
def one_council(sqlite_app: Flask) -> Flask:
    found_city()
    sitting_council()
    return sqlite_app


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_every_page_stands_in_every_language(council: Flask, language: str, direction: str) -> None:
    call = call_for()
    resident = Resident(council, language)
    places = ("", f"{KEY}/", f"{KEY}/history/", f"{KEY}/register/", f"{KEY}/calls/{call}/")
    for place in places:
        page = resident.open(f"/council/{place}")
        assert page.status_code == 200, place
        assert f'<html lang="{language}" dir="{direction}">' in page.text


def test_a_council_without_members_says_that_all_is_vacant(sqlite_app: Flask) -> None:
    found_city()
    assert "no council yet" in text_of(Resident(sqlite_app).open("/council/"))
    found_council()
    page = text_of(Resident(sqlite_app).open(f"/council/{KEY}/"))
    assert "No term has begun yet" in page
    assert "8 seats are vacant" in text_of(Resident(sqlite_app).open("/council/"))


def test_an_elected_council_that_does_not_sit_yet_needs_no_by_election(sqlite_app: Flask) -> None:
    found_city()
    seat(found_council(), begins=TODAY + timedelta(30))
    page = text_of(Resident(sqlite_app).open(f"/council/{KEY}/"))
    assert "A by-election is needed" not in page
    assert "The next in the order of the result will be asked." not in page
    with clock.freeze(TODAY + timedelta(30)):
        sitting = text_of(Resident(sqlite_app).open(f"/council/{KEY}/"))
    assert "Amina Haddad" in sitting
    assert "The next in the order of the result will be asked." in sitting


def test_the_page_says_who_sits_what_is_vacant_and_why_so_many_must_be_present(one_council: Flask) -> None:
    body_id = json.loads(Resident(one_council).open(f"/council/{KEY}.json").text)
    assert body_id["quorum"] == 4
    change_seats(1, "factions", TODAY + timedelta(days=17), 4, "Two factions are new.", staff("clerk"))
    add_training(1, date(2027, 10, 2), "How the budget works", "Town hall", staff("clerk"))
    call_for()
    page = text_of(Resident(one_council).open(f"/council/{KEY}/"))
    for said in (
        "Amina Haddad",
        "Dana Haddad",
        "The Lindens",
        "The council can decide when 4 members are present.",
        "half of its 8 seats",
        "From 1 October 2027: Factions · 4 seats. Then 5 members must be present.",
        "3 successors",
        "How the budget works",
        "Town hall",
        "Integration Office",
        "The next in the order of the result will be asked.",
        "A seat for an association",
    ):
        assert said in page, said


def test_a_vacancy_says_what_comes_next(one_council: Flask) -> None:
    for name in ("Amina Haddad", "Bao Nguyen"):
        vacancies.leave_member(member(name).id, TODAY, Ground.RESIGNED, staff("clerk"))
    resident = Resident(one_council)
    assert "A lot in public will decide." in text_of(resident.open(f"/council/{KEY}/"))
    for successor_id in (1, 2, 3):
        vacancies.decline(successor_id, TODAY, staff("clerk"))
    assert "A by-election is needed." in text_of(resident.open(f"/council/{KEY}/"))


def test_the_history_tells_days_grounds_and_quorum(one_council: Flask) -> None:
    vacancies.leave_member(member("Bao Nguyen").id, TODAY, Ground.MOVED_AWAY, staff("clerk"))
    change_seats(1, "experts", TODAY, 3, "Health and housing were missing.", staff("clerk"))
    page = text_of(Resident(one_council).open(f"/council/{KEY}/history/"))
    assert "Bao Nguyen ( Region 1 ): leaves. Moved away." in page
    assert "3 seats, before it was 1. From this day 5 members must be present." in page
    assert "Health and housing were missing." in page
    assert page.index("Tuesday, 14 September 2027") < page.index("Wednesday, 1 September 2027")


def test_the_data_say_what_the_page_says(one_council: Flask) -> None:
    data = json.loads(Resident(one_council).open(f"/council/{KEY}.json").text)
    assert (data["seats"], data["sitting"], data["vacant"], data["quorum"]) == (8, 3, 5, 4)
    first = data["seat_classes"][0]
    assert [each["name"] for each in first["members"]] == ["Amina Haddad", "Bao Nguyen"]
    assert (first["successors_left"], data["term"]["number"]) == (3, 1)


@pytest.mark.parametrize("key", ["nobody", "UPPER", "a--b", "x" * 300, "%00", "ä", "1'or'1", "..%2f"])
def test_what_is_no_council_is_not_found(one_council: Flask, key: str) -> None:
    for place in ("/", "/history/", "/register/", ".json", "/calls/1/"):
        assert Resident(one_council).open(f"/council/{key}{place}").status_code in (404, 308), place


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40, "١", ""])
def test_a_register_begins_anywhere_without_falling(one_council: Flask, after: str) -> None:
    assert Resident(one_council).open(f"/council/{KEY}/register/?after={after}").status_code == 200


def test_the_chain_can_be_recomputed_by_anybody_and_opens_names_but_no_application(
    one_council: Flask,
) -> None:
    call, resident = call_for(), Resident(one_council)
    send(resident, call, form(resident, call))
    data = json.loads(resident.open(f"/council/{KEY}/chain.json").text)
    previous = data["genesis"]
    for each in data["entries"]:
        parts = [data["chain"], each["sequence"], each["day"], each["role"], each["actor"], each["tag"]]
        parts += [each["subject"], each["facts"], each["commitment"], previous]
        previous = hashlib.sha256(canonical(parts).encode()).hexdigest()
        assert previous == each["entry_hash"]
        if "opening" in each:
            salt = bytes.fromhex(each["opening"]["salt"])
            assert commit_to(salt, each["opening"]["content"]) == each["commitment"]
    assert previous == data["head"]
    opened = [each["opening"]["content"]["name"] for each in data["entries"] if "opening" in each]
    assert opened[:2] == ["Amina Haddad", "Bao Nguyen"]
    assert "opening" not in data["entries"][-1]
    assert data["entries"][-1]["commitment"]


# Applications -------------------------------------------------------------------------------------------------------


def form(resident: Resident, call: int) -> dict[str, str]:
    page = resident.open(f"/council/{KEY}/calls/{call}/")
    return {**hidden_fields(page), "name": "Ines Okafor", "organisation": "Bridge", "text": WORDS}


def send(resident: Resident, call: int, fields: dict[str, str]) -> TestResponse:
    return resident.browser.post(f"/{resident.language}/council/{KEY}/calls/{call}/apply", fields)


def test_an_application_gets_a_number_a_code_and_a_promise(council: Flask) -> None:
    call, resident = call_for(), Resident(council)
    receipt = send(resident, call, form(resident, call))
    assert "We have your application. Keep this code." in text_of(receipt)
    assert number_of(receipt) == "AB-0001"
    promise = db.session.scalars(select(Promise)).one()
    assert (promise.subject_kind, promise.due_on) == ("council.application", date(2027, 11, 30))
    own = resident.read(code_of(receipt))
    assert "The city owes you an answer" in text_of(own)
    assert "Ines Okafor" in text_of(own)
    assert sound()


def test_nobody_else_reads_name_or_text(council: Flask) -> None:
    call, resident = call_for(), Resident(council)
    send(resident, call, form(resident, call))
    for place in (
        "",
        f"{KEY}/",
        f"{KEY}/history/",
        f"{KEY}/register/",
        f"{KEY}.json",
        f"{KEY}/calls/{call}/",
    ):
        page = Resident(council).open(f"/council/{place}").text
        assert "Okafor" not in page
        assert "pupils" not in page
    assert "AB-0001" in Resident(council).open(f"/council/{KEY}/register/").text


def test_an_answer_ends_the_promise_in_public_and_by_code(council: Flask) -> None:
    call, resident = call_for(), Resident(council)
    receipt = send(resident, call, form(resident, call))
    register = db.session.scalars(select(Promise.register_id)).one()
    words = reply_text("not_accepted", "The seat went to an older association.")
    reply = replies.write_answer(register, [1], words, staff("clerk"), submit=True)
    replies.approve_answers([(reply, 1)], staff("other clerk"))
    replies.publish_replies(register, staff("other clerk"))
    assert "older association" in text_of(resident.read(code_of(receipt)))
    page = text_of(Resident(council).open(f"/council/{KEY}/register/"))
    assert "Not accepted" in page
    assert "older association" in page
    assert sound()


def test_a_step_stands_in_the_register_until_it_is_met(council: Flask) -> None:
    resident = Resident(council)
    place, code = f"/council/{KEY}/register/", "AB"
    assert owe_steps(7, code=code, due_on=TODAY + timedelta(days=5)) == [1]
    before = text_of(resident.open(place))
    assert "AB-0001" in before
    assert "Step open" in before
    assert "Letter to the council" not in before
    with clock.freeze(TODAY + timedelta(days=6)):
        assert "Overdue" in text_of(resident.open(place))
        meet_steps(7, code=code)
        after = text_of(resident.open(place))
    assert "Step met" in after
    assert "Overdue" not in after
    assert sound()


def test_the_ledger_leads_to_the_council(council: Flask) -> None:
    call, resident = call_for(), Resident(council)
    send(resident, call, form(resident, call))
    with clock.freeze(date(2028, 1, 10)):
        ledger = resident.open("/ledger/")
        assert f"/council/{KEY}/register/" in ledger.text


def test_the_same_form_twice_is_one_application(council: Flask) -> None:
    call, resident = call_for(), Resident(council)
    fields = form(resident, call)
    first, second = send(resident, call, fields), send(resident, call, fields)
    assert code_of(first) == code_of(second)
    assert "counts once" in text_of(second)
    changed = send(resident, call, {**fields, "text": "Other words."})
    assert changed.status_code == 409
    assert len(db.session.scalars(select(Application)).all()) == 1


def test_an_application_is_withdrawn_by_its_code_and_keeps_its_number(council: Flask) -> None:
    call, resident = call_for(), Resident(council)
    code = code_of(send(resident, call, form(resident, call)))
    asks = resident.act(resident.read(code), "withdraw")
    assert "Withdraw your application?" in text_of(asks)
    done = resident.act(asks, "withdraw", confirm="yes")
    assert "Your application is withdrawn." in text_of(done)
    kept = db.session.scalars(select(Application)).one()
    assert (kept.text, kept.name, kept.organisation, kept.salt) == (None, None, None, None)
    assert "AB-0001" in Resident(council).open(f"/council/{KEY}/register/").text
    calls.withdraw(code)
    assert sound()


def test_a_receipt_comes_by_mail_where_an_address_was_left(council: Flask) -> None:
    call, resident = call_for(), Resident(council)
    send(resident, call, {**form(resident, call), "contact": "ines@example.org"})
    letter = letters()[-1]
    assert "AB-0001" in letter["subject"]
    assert "A seat for an association" in letter["body"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Write your name"),
        ({"name": " \u200b" * 3, "text": ""}, "Write why you apply"),
        ({"name": "x" * 201}, "This has 201 characters. There is room for 200."),
        ({"organisation": ""}, "Write the name of your organisation."),
        ({"organisation": "x" * 201}, "This has 201 characters. There is room for 200."),
        ({"text": ""}, "Write why you apply"),
        ({"text": "x" * 8001}, "This has 8001 characters. There is room for 8000."),
        ({"text": "a\u202eb"}, "A sign that nobody can see stood in line 1, place 2."),
        ({"contact": "nobody"}, "Write an address like name@example.org, a mobile number, or nothing"),
        ({"form_key": "zz"}, "This form was damaged on its way. Check it and send it again."),
    ],
)
def test_what_cannot_be_taken_comes_back_filled_with_the_reason(
    one_council: Flask, changed: dict[str, str], said: str
) -> None:
    call, resident = call_for(), Resident(one_council)
    page = send(resident, call, {**form(resident, call), **changed})
    assert page.status_code == 422
    assert any(error.startswith(said) for error in errors_of(page)), errors_of(page)
    if "text" not in changed:
        assert "evening" in page.text
    assert not db.session.scalars(select(Application)).all()


def test_a_closed_call_takes_nothing_and_says_since_when(council: Flask) -> None:
    call, resident = call_for(), Resident(council)
    fields = form(resident, call)
    calls.close_call(call, staff("clerk"))
    late = send(resident, call, fields)
    assert late.status_code == 409
    assert "Applications were taken until Tuesday, 14 September 2027." in text_of(late)
    assert "This call is closed" in text_of(resident.open(f"/council/{KEY}/calls/{call}/"))


def test_a_call_of_another_council_is_not_found(one_council: Flask) -> None:
    call = call_for()
    found_council(key="other-board", register_code="OB")
    resident = Resident(one_council)
    assert resident.open(f"/council/other-board/calls/{call}/").status_code == 404
    assert resident.open(f"/council/{KEY}/calls/{call + 1}/").status_code == 404


@on_one_database
def test_markup_in_names_and_texts_stays_text(council: Flask) -> None:
    call, resident = call_for(), Resident(council)
    fields = {**form(resident, call), "name": "<script>alert(1)</script>", "text": "<b>bold</b>"}
    receipt = send(resident, call, fields)
    assert "<script>alert" not in receipt.text
    assert "<b>bold" not in receipt.text


def sound() -> bool:
    results, _missing = check(db.session())
    return not any(result.finding for result in results)
