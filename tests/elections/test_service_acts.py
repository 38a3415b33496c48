"""Acts: proposed by one person, confirmed by another, in the minutes and nowhere else."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from accounts.rules import RoleName
from core.db import db, write
from elections.models.elections import Act
from elections.rules.stages import ActKind, Stage
from elections.services import acts
from tests.city import entries, found_city, refused, rows, staff
from tests.elections.city import CODE, act, bring_to, election, found_council, prepare_election

RETURNING, BOARD = [RoleName.RETURNING_OFFICER], [RoleName.ELECTION_BOARD]


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()


def test_one_person_calls_and_everything_else_waits_for_a_second() -> None:
    act(ActKind.CALL)
    assert election().stage == Stage.CALLED
    bring_to(Stage.READY)
    number = acts.propose_act(CODE, ActKind.ABANDON, staff("returning_officer"), RETURNING, reason="No hall.")
    assert election().stage == Stage.READY
    acts.confirm_act(number, staff("election_board"), BOARD)
    assert election().stage == Stage.ABANDONED
    minutes = [entry.tag for entry in entries("elections:act:%")]
    assert minutes[-2:] == ["elections:act:propose", "elections:act:perform"]


def test_nobody_confirms_what_they_proposed_themselves() -> None:
    bring_to(Stage.VOTING)
    number = acts.propose_act(
        CODE, ActKind.INTERRUPT_VOTING, staff("returning_officer"), RETURNING, reason="Power cut."
    )
    with refused("act_second_person"):
        acts.confirm_act(number, staff("returning_officer"), RETURNING)
    with refused("act_not_yours"):
        acts.confirm_act(number, staff("observer"), [RoleName.OBSERVER])
    with refused("act_waiting"):
        acts.propose_act(CODE, ActKind.INTERRUPT_VOTING, staff("election_board"), BOARD, reason="Power cut.")
    acts.withdraw_act(number, staff("election_board"), BOARD)
    with refused("act_settled"):
        acts.confirm_act(number, staff("other returning_officer"), RETURNING)
    assert election().stage == Stage.VOTING


def test_what_was_proposed_in_an_earlier_stage_and_is_still_possible_is_done_in_this_one() -> None:
    bring_to(Stage.CALLED)
    number = acts.propose_act(CODE, ActKind.ABANDON, staff("returning_officer"), RETURNING, reason="No hall.")
    bring_to(Stage.CANDIDATES)
    acts.confirm_act(number, staff("election_board"), BOARD)
    assert election().stage == Stage.ABANDONED
    assert rows(Act)[1].stage == Stage.CANDIDATES
    told = [json.loads(entry.facts)["stage"] for entry in entries("elections:act:%")]
    assert told[-3:] == ["called", "called", "candidates"]


def test_what_needs_a_reason_is_not_done_without_one() -> None:
    bring_to(Stage.VOTING)
    with refused("act_reason_missing", "act_not_yours"):
        acts.propose_act(CODE, ActKind.EXTEND_VOTING, staff("clerk"), [RoleName.CLERK], reason="  ")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE elections_election SET stage = 'published', published_on = '2028-03-20'",
        "DELETE FROM elections_act",
        "UPDATE elections_act SET outcome = '{}'",
        "DELETE FROM elections_election",
        "UPDATE elections_election SET timetable = '{}'",
        "UPDATE elections_act SET confirmed_by = proposed_by",
    ],
)
def test_the_database_refuses_what_the_services_refuse(statement: str) -> None:
    bring_to(Stage.ROLL)
    with pytest.raises(DBAPIError), write() as session:
        session.execute(text(statement))
    db.session.rollback()
    assert election().stage == Stage.ROLL
    assert all(row.performed_on for row in rows(Act))
