"""The office checks, the chair releases: two persons, in the service and in the database; repetitions are shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db, write
from core.errors import DomainError
from motions.models.drafting import Finding
from motions.models.motions import Motion, MotionEvent
from motions.queries import admissibility as queries
from motions.queries import motions
from motions.rules.admissibility import Criterion
from motions.rules.stages import Stage
from motions.services import admissibility, drafting
from motions.services.admissibility import NewFinding
from tests.city import everything, found_city, staff
from tests.conftest import TODAY
from tests.motions.city import acting_member, found_council_desk, stage_of, tabled

MET = {each.value: "met" for each in Criterion}
CHAIR = "Adwoa Mensah"


@pytest.fixture
def desk(app: Flask) -> int:
    found_city()
    return found_council_desk()


def propose(motion_id: int, act: str = "admit", who: str = "officer", **changed: Any) -> int:
    findings = MET | changed.pop("findings", {})
    new = NewFinding(act, findings, changed.pop("reason", "" if act == "admit" else "Because."), **changed)
    return admissibility.propose_finding(motion_id, new, staff(who))


def dealt(title: str, words: str, day: date) -> int:
    """An earlier motion that the council dealt with on ``day``."""
    motion_id = tabled(title=title, text=words)
    with write() as session:
        session.get_one(Motion, motion_id).dealt_on = day
    return motion_id


def test_nothing_moves_before_the_chair_has_released_it(desk: int) -> None:
    motion_id = tabled()
    finding_id = propose(motion_id)
    assert stage_of(motion_id) is Stage.SUBMITTED
    admissibility.release_finding(finding_id, acting_member(CHAIR))
    assert stage_of(motion_id) is Stage.ADMISSIBLE
    assert [each.met for each in motions.owed(db.session(), motion_id)] == [True]
    event = motions.history(db.session(), motion_id)[-1]
    assert (event.kind, event.member, event.facts) == ("admit", CHAIR, {"checked_by": "0ff1ce01"})


@pytest.mark.parametrize(
    ("act", "ground", "stage"),
    [("return", "clear", Stage.RETURNED), ("refuse", "lawful", Stage.INADMISSIBLE)],
)
def test_ground_and_reason_become_public_with_the_release(
    desk: int, act: str, ground: str, stage: Stage
) -> None:
    motion_id = tabled()
    admissibility.release_finding(propose(motion_id, act, findings={ground: "not_met"}), acting_member(CHAIR))
    event = motions.history(db.session(), motion_id)[-1]
    assert (stage_of(motion_id), event.facts["grounds"], event.reason.best("en").text) == (
        stage,
        [ground],
        "Because.",
    )


@pytest.mark.parametrize(
    ("act", "findings", "reason", "code"),
    [
        ("admit", {"clear": "not_met"}, "", "grounds_against"),
        ("return", {}, "Because.", "finding_ground_missing"),
        ("refuse", {"clear": "not_met"}, "Because.", "finding_ground_missing"),
        ("return", {"clear": "not_met"}, " ", "motion_reason_missing"),
        ("admit", {"clear": "perhaps"}, "", "finding_missing"),
        ("destroy", {}, "", "finding_act_unknown"),
        ("refuse", {"not_repeated": "not_met"}, "Because.", "earlier_missing"),
    ],
)
def test_a_check_that_is_not_complete_is_refused(
    desk: int, act: str, findings: dict[str, str], reason: str, code: str
) -> None:
    motion_id = tabled()
    before = everything()
    with pytest.raises(DomainError) as refused:
        propose(motion_id, act, findings=findings, reason=reason)
    assert code in [each.code for each in refused.value.all()]
    assert everything() == before


def test_only_the_councils_office_proposes_and_only_once_at_a_time(desk: int) -> None:
    motion_id = tabled()
    with pytest.raises(DomainError, match="motion_act_not_yours"):
        admissibility.propose_finding(motion_id, NewFinding("admit", MET), acting_member(CHAIR))
    propose(motion_id)
    with pytest.raises(DomainError, match="finding_open"):
        propose(motion_id, who="other officer")


def test_the_chair_alone_releases_and_what_was_taken_back_is_checked_again(desk: int) -> None:
    motion_id = tabled()
    finding_id = propose(motion_id)
    before = everything()
    for who in (acting_member("Bilal Saleh"), acting_member("Elif Demir"), staff("officer"), staff("clerk")):
        with pytest.raises(DomainError, match="finding_not_yours"):
            admissibility.release_finding(finding_id, who)
    with pytest.raises(DomainError, match="finding_not_yours"):
        admissibility.take_back_finding(finding_id, staff("other officer"))
    assert everything() == before
    admissibility.take_back_finding(finding_id, acting_member(CHAIR))
    with pytest.raises(DomainError, match="finding_settled"):
        admissibility.release_finding(finding_id, acting_member(CHAIR))
    assert [each.met for each in motions.owed(db.session(), motion_id)] == [False]
    propose(motion_id)


def test_the_chair_does_not_release_an_own_motion(desk: int) -> None:
    motion_id = tabled(author=CHAIR)
    with pytest.raises(DomainError, match="finding_not_yours"):
        admissibility.release_finding(propose(motion_id), acting_member(CHAIR))


def test_the_database_knows_two_persons(desk: int) -> None:
    finding_id = propose(tabled())
    with pytest.raises(IntegrityError, match="second_person"), write() as session:
        session.execute(
            text(
                "UPDATE motions_finding SET released_by = proposed_by, released_on = proposed_on WHERE id = :id"
            ),
            {"id": finding_id},
        )


def test_who_withdraws_leaves_no_proposal_behind(desk: int) -> None:
    motion_id = tabled()
    propose(motion_id)
    drafting.withdraw(motion_id, "It is settled.", acting_member("Bilal Saleh"))
    db.session.expire_all()
    assert db.session.scalars(select(Finding)).one().taken_back_on == TODAY


def test_motions_alike_of_the_last_six_months_are_shown_and_no_others(desk: int) -> None:
    words = "The city pays for interpreters."
    old = dealt("Interpreters in schools", words, date(2027, 3, 13))
    recent = dealt("Interpreters in schools", words, date(2027, 3, 14))
    dealt("Lamps", "Lamps in the old park, and nothing else at all.", date(2027, 9, 1))
    motion_id = tabled()
    found = queries.alike_motions(db.session(), motion_id)
    number = db.session.get_one(Motion, recent).number
    assert [(each.number, each.share, each.blocked_until) for each in found] == [(number, 100, TODAY)]
    too_old = db.session.get_one(Motion, old).number
    unmet = {"not_repeated": "not_met"}
    with pytest.raises(DomainError, match="earlier_too_old"):
        propose(motion_id, "refuse", findings=unmet, earlier=too_old)
    admissibility.release_finding(
        propose(motion_id, "refuse", findings=unmet, earlier=number), acting_member(CHAIR)
    )
    event = db.session.scalars(select(MotionEvent).where(MotionEvent.kind == "refuse")).one()
    assert event.facts["repeats"] == f"AB-{number:04d}"


def test_the_check_is_owed_within_ten_working_days_again_after_mending(desk: int) -> None:
    motion_id = tabled()
    admissibility.release_finding(
        propose(motion_id, "return", findings={"clear": "not_met"}), acting_member(CHAIR)
    )
    with clock.freeze(date(2027, 10, 1)):
        words = drafting.Text("Interpreters in schools", "The school office pays.", "Children translate.")
        drafting.change_text(motion_id, 1, "schools", words, acting_member("Bilal Saleh"))
        for name in ("Chiara Rossi", "Elif Demir"):
            drafting.sign(motion_id, drafting.drafting.digest(words), acting_member(name))
        drafting.submit(motion_id, drafting.drafting.digest(words), acting_member("Bilal Saleh"))
        owed = [each.debt.due_on for each in motions.owed(db.session(), motion_id) if not each.met]
    assert owed == [date(2027, 10, 15)]
