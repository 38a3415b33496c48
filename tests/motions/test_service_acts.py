"""What happens to a motion is kept for good, moves it, and opens and settles what is owed: all of it or nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.commands.audit import check
from core import clock
from core.audit import AuditEntry
from core.db import db, write
from core.errors import DomainError
from followup.models import Promise, Register
from followup.services.promises import lock_register
from motions.models.motions import Motion, MotionEvent, MotionStep
from motions.queries import motions
from motions.rules.stages import Act, CityDecision, Stage
from tests.city import everything, found_city
from tests.conftest import TODAY
from tests.motions.city import at, do, draft, found_council_desk, stage_of, tabled


@pytest.fixture
def desk(app: Flask) -> int:
    found_city()
    return found_council_desk()


def owed(motion_id: int) -> dict[str, date]:
    """The steps that are owed now, and by when."""
    db.session.expire_all()
    return {each.step: each.debt.due_on for each in motions.owed(db.session(), motion_id) if not each.met}


def test_a_draft_has_no_number_and_leaves_nothing_in_the_chain(desk: int) -> None:
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    motion_id = draft()
    do(motion_id, Act.INVITE, "Bilal Saleh")
    assert db.session.get_one(Motion, motion_id).number is None
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries


def test_what_is_submitted_gets_the_number_of_the_check_that_is_owed_to_it(desk: int) -> None:
    motion_id = tabled()
    motion = db.session.get_one(Motion, motion_id)
    promise = db.session.scalars(select(Promise).where(Promise.subject_kind == "motions.step")).one()
    assert (motion.number, motion.submitted_on) == (promise.number, TODAY)
    assert owed(motion_id) == {"admissibility": date(2027, 9, 28)}


def test_from_the_city_receipt_position_decision_and_plan_are_owed_in_turn(desk: int) -> None:
    motion_id = at(Stage.ADOPTED)
    assert owed(motion_id) == {}
    at_forwarded = at(Stage.FORWARDED)
    assert owed(at_forwarded) == {"acknowledgement": date(2027, 9, 21)}
    do(at_forwarded, Act.ACKNOWLEDGE, "officer")
    assert owed(at_forwarded) == {"position": date(2027, 10, 26), "decision": date(2027, 12, 14)}
    do(at_forwarded, Act.FILE_POSITION, "officer")
    assert set(owed(at_forwarded)) == {"decision"}
    do(at_forwarded, Act.DECIDE, "officer", decision=CityDecision.PARTLY)
    assert owed(at_forwarded) == {"plan": date(2027, 10, 26)}


def test_what_is_noted_without_vote_leaves_no_plan_owed(desk: int) -> None:
    motion_id = at(Stage.POSITION_FILED)
    do(motion_id, Act.DECIDE, "officer", decision=CityDecision.NOTED_WITHOUT_VOTE)
    assert owed(motion_id) == {}


def test_every_measure_owes_an_update_each_quarter_until_it_is_claimed_done(desk: int) -> None:
    motion_id = at(Stage.IMPLEMENTING)
    assert owed(motion_id) == {"update": date(2027, 12, 14)}
    with clock.freeze(date(2027, 12, 1)):
        measure_id = db.session.scalars(
            select(MotionStep.measure_id).where(MotionStep.step == "update")
        ).one()
        do(motion_id, Act.UPDATE, "officer", measure_id=measure_id)
    assert owed(motion_id) == {"update": date(2028, 3, 1)}
    do_later = date(2028, 2, 1)
    with clock.freeze(do_later):
        do(motion_id, Act.CLAIM_DONE, "officer")
    assert owed(motion_id) == {}


def test_a_disputed_claim_makes_updates_owed_again(desk: int) -> None:
    motion_id = at(Stage.CLAIMED_DONE)
    do(motion_id, Act.DISPUTE, "clerk", reason="Two schools have nobody.")
    assert stage_of(motion_id) is Stage.DISPUTED
    assert set(owed(motion_id)) == {"update"}


def test_a_step_that_was_entered_late_runs_from_the_day_on_which_it_happened(desk: int) -> None:
    motion_id = at(Stage.FORWARDED)
    with clock.freeze(date(2027, 12, 1)):
        do(motion_id, Act.ACKNOWLEDGE, "officer", day=date(2027, 9, 20))
        assert owed(motion_id)["position"] == date(2027, 11, 1)
        event = db.session.scalars(select(MotionEvent).where(MotionEvent.kind == "acknowledge")).one()
        assert (event.day, event.entered_on) == (date(2027, 9, 20), date(2027, 12, 1))


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), TODAY - timedelta(days=1)])
def test_nothing_happens_on_a_day_to_come_or_before_what_happened_before(desk: int, day: date) -> None:
    motion_id = at(Stage.FORWARDED)
    before = everything()
    with pytest.raises(DomainError, match="day_of_act_wrong"):
        do(motion_id, Act.ACKNOWLEDGE, "officer", day=day)
    assert everything() == before


def test_who_may_not_act_changes_nothing(desk: int) -> None:
    motion_id = at(Stage.CLAIMED_DONE)
    before = everything()
    for who in ("officer", "Bilal Saleh", "Adwoa Mensah"):
        with pytest.raises(DomainError, match="motion_act_not_yours"):
            do(motion_id, Act.VERIFY, who)
    assert everything() == before


def test_a_motion_that_ended_is_owed_nothing_and_the_register_can_be_checked(desk: int) -> None:
    motion_id = at(Stage.CLOSED)
    withdrawn = tabled()
    do(withdrawn, Act.WITHDRAW, "Bilal Saleh", reason="It is settled.")
    assert owed(motion_id) == owed(withdrawn) == {}
    assert [result.finding for result in check(db.session())[0] if result.finding] == []


@pytest.mark.parametrize(
    "statement",
    [
        "update motions_event set day = '2020-01-01'",
        "delete from motions_event",
        "delete from motions_motion",
        "update motions_motion set number = 77",
        "update motions_step set met_by_id = null where met_by_id is not null",
        "delete from motions_signature",
        "update motions_text set digest = 'x'",
    ],
)
def test_the_database_lets_nobody_change_what_happened(desk: int, statement: str) -> None:
    at(Stage.FORWARDED)
    with pytest.raises(DBAPIError), write() as session:
        session.execute(text(statement))


def test_the_database_lets_a_step_be_met_by_an_event_alone(desk: int) -> None:
    tabled()
    with pytest.raises(DBAPIError), write() as session:
        lock_register(session, session.scalars(select(Register.id).where(Register.code == "AB")).one())
        session.execute(text("update followup_promise set answered_on = opened_on where kind = 'step'"))
