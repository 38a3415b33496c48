"""As whom somebody may act on a motion, written by hand: from seat, office, role and department, on that day."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Account, Department, Role
from core import clock
from core.db import db, write
from core.errors import DomainError
from core.localized import Localized
from council.rules import Ground
from council.services.vacancies import leave_member
from motions.models.motions import Motion
from motions.queries.parts import standing_of
from motions.rules.stages import Act, CityDecision, MotionKind, Part, Stage, acts_in, check_act
from tests.city import STAFF, found_city, staff
from tests.conftest import TODAY
from tests.motions.city import account, at, draft, found_council_desk, member_id, tabled

PARTS = """
Bilal Saleh           author
Adwoa Mensah          member chair
Chiara Rossi          member
clerk                 clerk
officer               office
housing officer       city
culture officer
approver
moderator
returning_officer
election_board
observer
administrator
"""
"""The author, the chair, another member; the motion lies with the housing department, the council's office is integration."""


@pytest.fixture
def motion(app: Flask) -> int:
    found_city()
    found_council_desk()
    with write() as session:
        session.add(Department(key="culture", name=Localized.of({"en": "Culture Office"}, "en")))
        session.flush()
        officer = session.scalars(select(Role).where(Role.name == "officer")).one()
        for key in ("housing", "culture"):
            session.add(
                Account(
                    email=f"{key}@lindhafen.example",
                    name=f"{key} officer",
                    handle=f"{key:0<8}"[:8],
                    language="en",
                    fs_uniquifier=secrets.token_hex(16),
                    department=session.scalars(select(Department).where(Department.key == key)).one(),
                    roles=[officer],
                )
            )
    return at(Stage.FORWARDED)


def parts_of(motion_id: int, who: str) -> set[str]:
    found = db.session.get_one(Account, staff(who).account_id) if who in STAFF else account(who)
    standing = standing_of(db.session(), db.session.get_one(Motion, motion_id), found)
    return {part.value for part in standing.parts}


def test_everybody_acts_as_what_they_are_and_as_nothing_else(motion: int) -> None:
    for line in PARTS.strip().splitlines():
        who, expected = line[:22].strip(), set(line[22:].split())
        assert parts_of(motion, who) == expected, who


def test_a_chair_may_be_the_author_and_is_no_co_signer_of_their_own(motion: int) -> None:
    own = tabled(author="Adwoa Mensah", title="Another")
    assert parts_of(own, "Adwoa Mensah") == {"author", "chair"}


def test_whoever_left_the_council_acts_as_nobody_from_that_day_on(motion: int) -> None:
    leave_member(member_id("Bilal Saleh"), TODAY + timedelta(days=3), Ground.RESIGNED, staff("clerk"))
    with clock.freeze(TODAY + timedelta(days=2)):
        assert parts_of(motion, "Bilal Saleh") == {"author"}
    with clock.freeze(TODAY + timedelta(days=3)):
        assert parts_of(motion, "Bilal Saleh") == set()


def test_the_city_enters_what_it_owes_and_never_what_the_council_decides(motion: int) -> None:
    mine = {Part(part) for part in parts_of(motion, "housing officer")}
    may = {
        (stage, act)
        for stage in Stage
        for act in acts_in(stage, MotionKind.MOTION, CityDecision.ADOPTED)
        if _passes(stage, act, mine)
    }
    assert {act for _stage, act in may} == {
        Act.ACKNOWLEDGE,
        Act.FILE_POSITION,
        Act.DECIDE,
        Act.EXTEND,
        Act.UPDATE,
        Act.PLAN,
        Act.CLAIM_DONE,
    }


def test_a_draft_lies_with_its_author_alone(motion: int) -> None:
    own = draft()
    assert parts_of(own, "Bilal Saleh") == {"author"}
    assert parts_of(own, "housing officer") == set()


def _passes(stage: Stage, act: Act, parts: set[Part]) -> bool:
    try:
        check_act(stage, act, MotionKind.MOTION, parts, reason="Why.", decision=CityDecision.ADOPTED)
    except DomainError:
        return False
    return True
