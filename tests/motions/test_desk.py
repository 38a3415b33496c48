"""The desk shows everybody what waits for them, and nothing that is none of their business."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Account
from core import clock
from core.db import db, write
from motions.models.drafting import Cosigner, Finding
from motions.models.motions import Motion
from motions.queries import desk
from motions.rules.stages import Act, CityDecision, Stage
from tests.accounts.browsers import Browser
from tests.city import found_city, staff
from tests.council.city import ENDS
from tests.motions.city import account, at, do, draft, found_council_desk, tabled


@pytest.fixture
def council(app: Flask) -> int:
    found_city()
    return found_council_desk()


def of(name: str) -> desk.MembersDesk:
    db.session.expire_all()
    return desk.members_desks(db.session(), account(name))[0]


def office(role: str) -> desk.OfficeDesk:
    db.session.expire_all()
    found = db.session.get_one(Account, staff(role).account_id)
    return desk.office_desks(db.session(), found)[0]


def test_whoever_was_asked_signs_once_and_the_draft_is_gone_from_the_list(council: int) -> None:
    motion_id = draft()
    do(motion_id, Act.INVITE, "Bilal Saleh")
    assert of("Chiara Rossi").to_sign == []
    with write() as session:
        seat = of("Chiara Rossi").seat
        session.add(Cosigner(motion_id=motion_id, member_id=seat.member_id, invited_on=clock.today()))
    assert [line.id for line in of("Chiara Rossi").to_sign] == [motion_id]
    assert [line.id for line in of("Bilal Saleh").drafts] == [motion_id]
    assert of("Elif Demir").to_sign == of("Adwoa Mensah").to_sign == []


def test_the_office_checks_and_the_chair_alone_sees_what_to_release(council: int) -> None:
    motion_id = tabled()
    assert [line.id for line in office("officer").to_check] == [motion_id]
    with write() as session:
        session.add(
            Finding(
                motion_id=motion_id,
                act="admit",
                findings={},
                proposed_by=staff("officer").account_id,
                proposed_on=clock.today(),
            )
        )
    assert office("officer").to_check == []
    assert [line.id for line in of("Adwoa Mensah").to_release] == [motion_id]
    assert not of("Bilal Saleh").to_release


def test_members_see_what_the_city_is_late_with_first(council: int) -> None:
    early = at(Stage.FORWARDED)
    with clock.freeze(date(2027, 9, 20)):
        late = at(Stage.FORWARDED, tabled(title="Another"))
    with clock.freeze(date(2027, 9, 24)):
        lines = of("Chiara Rossi").owed
        assert [line.motion_id for line in lines] == [early, late]
        assert [line.is_late for line in lines] == [True, False]


def test_what_was_noted_can_be_closed_and_what_was_adopted_cannot(council: int) -> None:
    noted = at(Stage.DECIDED, decision=CityDecision.NOTED_WITHOUT_VOTE)
    at(Stage.DECIDED, tabled(title="Another"), decision=CityDecision.ADOPTED)
    assert [line.id for line in office("clerk").to_close] == [noted]


def test_once_a_term_is_over_the_clerk_sees_what_was_not_dealt_with(council: int) -> None:
    waiting = at(Stage.ADMISSIBLE)
    at(Stage.FORWARDED, tabled(title="Another"))
    assert not office("clerk").to_lapse
    with clock.freeze(ENDS + timedelta(days=1)):
        assert [line.id for line in office("clerk").to_lapse] == [waiting]
        assert not office("officer").to_lapse


def test_a_department_sees_what_it_owes_and_no_other_does(council: int) -> None:
    motion_id = at(Stage.FORWARDED)
    department = db.session.get_one(Motion, motion_id).department_id
    assert [line.motion_id for line in desk.owed_by_department(db.session(), department)] == [motion_id]
    assert desk.owed_by_department(db.session(), staff_department("officer")) == []


def staff_department(role: str) -> int | None:
    return db.session.get_one(Account, staff(role).account_id).department_id


@pytest.fixture
def on_one_database(sqlite_app: Flask) -> Flask:
    found_city()
    found_council_desk()
    return sqlite_app


def browser(app: Flask, handle: str) -> Browser:
    """Somebody signed in, by their handle."""
    found = Browser(app)
    uniquifier = db.session.scalars(select(Account.fs_uniquifier).where(Account.handle == handle)).one()
    db.session.rollback()
    found.change_session(_user_id=uniquifier, _fresh=True, fs_cc="set", fs_paa=time.time())
    return found


def test_a_member_lands_on_the_desk_and_finds_guide_and_motion_from_there(on_one_database: Flask) -> None:
    motion_id = tabled()
    member = browser(on_one_database, "member02")
    begun = member.get("/en/office/begin")
    assert begun.status_code == 302
    assert begun.location.endswith("/office/motions/")
    page = member.get("/en/office/motions/")
    assert "Interpreters in schools" in page.text
    assert "Nobody waits for you now." in page.text
    assert "Who decides what" in member.get("/en/office/motions/guide/").text
    motion = member.get(f"/en/office/motions/{motion_id}/")
    assert "Handed in, being checked" in motion.text
    assert "28 September 2027" in motion.text


def test_a_draft_does_not_exist_for_those_whom_nobody_asked(on_one_database: Flask) -> None:
    motion_id = draft()
    for handle, status in (("member02", 200), ("member03", 404), ("member01", 404), ("c1erk001", 404)):
        assert browser(on_one_database, handle).get(f"/en/office/motions/{motion_id}/").status_code == status
