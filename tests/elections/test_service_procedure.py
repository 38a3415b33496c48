"""What the acts of the procedure do: call, opening, extension, closing and conclusion, and who is faster."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.rules import RoleName
from core import clock
from core.db import write
from core.errors import DomainError
from elections.models.elections import Act, Election
from elections.rules.presets import preset
from elections.rules.stages import ActKind, Stage
from elections.services import acts
from elections.services.elections import change_election, change_rules
from followup.rules import PromiseKind
from followup.services import promises
from tests.city import at_once, entries, found_city, fresh, refused, rows, staff
from tests.elections.city import (
    CODE,
    act,
    bring_to,
    election,
    election_facts,
    found_council,
    prepare_election,
    rules,
)

RETURNING, BOARD = [RoleName.RETURNING_OFFICER], [RoleName.ELECTION_BOARD]
OPENS, CLOSES = datetime(2028, 3, 12, 8, tzinfo=UTC), datetime(2028, 3, 19, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()


def propose(kind: ActKind, reason: str = "", **facts: str) -> int:
    return acts.propose_act(CODE, kind, staff("returning_officer"), RETURNING, reason=reason, facts=facts)


def confirm(number: int) -> None:
    acts.confirm_act(number, staff("election_board"), BOARD)


# Call ----------------------------------------------------------------------------------------------------------------


def test_a_call_makes_an_election_public_and_its_rules_and_days_final() -> None:
    act(ActKind.CALL)
    assert election().called_on == clock.today()
    with refused("already_called"):
        change_election(CODE, election_facts(), staff("returning_officer"))
    with refused("already_called"):
        change_rules(CODE, rules("stv"), election_facts().timetable, staff("returning_officer"))


def test_an_election_with_contradictory_rules_is_not_called() -> None:
    with write() as session:
        found = session.scalars(select(Election)).one()
        found.rule_set = {**found.rule_set, "supporters": -1, "windows": {}}
    with refused("missing_rules_sound"):
        propose(ActKind.CALL)


def test_an_election_whose_days_are_out_of_order_is_not_called() -> None:
    with write() as session:
        found = session.scalars(select(Election)).one()
        found.timetable = {**found.timetable, "nominations_close": "2028-04-01"}
    with refused("missing_days_in_order"):
        propose(ActKind.CALL)


def test_other_rules_bring_other_days_and_contradictions_change_nothing() -> None:
    stv = preset("stv-scotland")
    assert stv is not None
    days = stv.timetable(date(2028, 3, 19), frozenset())
    change_rules(CODE, stv, days, staff("returning_officer"))
    assert election().rule_set["key"] == "stv-scotland"
    assert election().timetable["nominations_open"] == days_of(days, "nominations_open")
    with refused("deadlines_out_of_order"):
        wrong = {**days, next(step for step in days if step == "mending_closes"): date(2028, 3, 18)}
        change_rules(CODE, stv, wrong, staff("returning_officer"))


def days_of(timetable: object, step: str) -> str:
    return str(dict(timetable)[step])  # type: ignore[call-overload]


# Voting --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "reason", "opens_at"),
    [
        (OPENS, "", OPENS),
        (OPENS.replace(hour=10), "", OPENS),
        (OPENS.replace(hour=7), "Everything is ready.", OPENS.replace(hour=7)),
        (datetime(2028, 3, 14, 9, 30, 12, tzinfo=UTC), "", datetime(2028, 3, 14, 9, 30, tzinfo=UTC)),
    ],
)
def test_voting_opens_at_its_moment_or_at_another_with_a_reason(
    moment: datetime, reason: str, opens_at: datetime
) -> None:
    bring_to(Stage.READY)
    with clock.freeze(moment):
        confirm(propose(ActKind.OPEN_VOTING, reason))
    assert election().stage == Stage.VOTING
    assert election().voting_opens_at == opens_at


def test_voting_does_not_open_early_without_a_reason_nor_after_it_would_close() -> None:
    bring_to(Stage.READY)
    with clock.freeze(OPENS.replace(hour=7)), refused("missing_opening_reached"):
        propose(ActKind.OPEN_VOTING)
    with clock.freeze(CLOSES), refused("missing_closing_ahead"):
        propose(ActKind.OPEN_VOTING)


def test_the_checklist_is_asked_again_when_the_second_person_confirms() -> None:
    bring_to(Stage.READY)
    with clock.freeze(OPENS):
        number = propose(ActKind.OPEN_VOTING)
    with clock.freeze(CLOSES), refused("missing_closing_ahead"):
        confirm(number)
    assert election().stage == Stage.READY


def test_voting_never_closes_before_its_moment() -> None:
    bring_to(Stage.VOTING)
    with clock.freeze(CLOSES.replace(hour=16, minute=59)), refused("missing_closing_reached"):
        propose(ActKind.CLOSE_VOTING, "Everybody has voted.")
    with clock.freeze(CLOSES):
        confirm(propose(ActKind.CLOSE_VOTING))
    assert election().stage == Stage.CLOSED


@pytest.mark.parametrize(
    "closes_at",
    ["", "soon", "2028-03-19T17:00+00:00", "2028-03-19T16:59+00:00", "2028-03-20T17:00", "2028-13-40T00:00Z"],
)
def test_an_extension_needs_a_moment_that_is_later(closes_at: str) -> None:
    bring_to(Stage.VOTING)
    with refused("missing_extension_later"):
        propose(ActKind.EXTEND_VOTING, "Rain.", closes_at=closes_at)


def test_an_extension_moves_the_closing_moment_and_says_both_in_the_minutes() -> None:
    bring_to(Stage.VOTING)
    with clock.freeze(OPENS):
        confirm(propose(ActKind.EXTEND_VOTING, "Rain.", closes_at="2028-03-20T18:00+01:00"))
    assert election().voting_closes_at == datetime(2028, 3, 20, 17, tzinfo=UTC)
    assert election().stage == Stage.VOTING
    assert '"before":"2028-03-19T17:00+00:00"' in entries("elections:act:perform")[-1].facts
    with clock.freeze(CLOSES), refused("missing_closing_reached"):
        propose(ActKind.CLOSE_VOTING)


def test_an_extension_after_closing_time_counts_from_now() -> None:
    bring_to(Stage.VOTING)
    with clock.freeze(CLOSES.replace(hour=20)), refused("missing_extension_later"):
        propose(ActKind.EXTEND_VOTING, "Rain.", closes_at="2028-03-19T19:00+00:00")


def test_what_an_act_makes_void_is_taken_back_with_it() -> None:
    bring_to(Stage.VOTING)
    with clock.freeze(CLOSES):
        closing = propose(ActKind.CLOSE_VOTING)
        extension = propose(ActKind.EXTEND_VOTING, "Rain.", closes_at="2028-03-20T18:00+00:00")
        confirm(propose(ActKind.INTERRUPT_VOTING, "Fire."))
        waiting = {row.id for row in rows(Act) if row.performed_on is None and row.withdrawn_on is None}
        assert waiting == {extension}
        with refused("act_settled"):
            confirm(closing)
        assert [entry.tag for entry in entries("elections:act:%")][-2:] == [
            "elections:act:perform",
            "elections:act:withdraw",
        ]
        assert '"void":true' in entries("elections:act:withdraw")[-1].facts


def test_an_interrupted_election_that_cannot_go_on_is_abandoned_by_two() -> None:
    bring_to(Stage.INTERRUPTED)
    act(ActKind.ABANDON)
    assert election().stage == Stage.ABANDONED


# Conclusion ----------------------------------------------------------------------------------------------------------


def test_an_election_is_concluded_after_the_time_to_object_and_with_everything_answered() -> None:
    bring_to(Stage.PUBLISHED)
    with refused("missing_result_objections_over"):
        propose(ActKind.CONCLUDE)
    with clock.freeze(date(2029, 1, 15)):
        with write() as session:
            found = session.scalars(select(Election)).one()
            register = promises.lock_register(session, found.register_id)
            (number,) = promises.take_numbers(session, register, 1, PromiseKind.ANSWER)
            owed = promises.NewPromise(number, 1, found.department_id, clock.today(), date(2029, 2, 1))
            promises.open_promises(session, register, PromiseKind.ANSWER, "elections.objection", [owed])
        with refused("promises_unanswered"):
            propose(ActKind.CONCLUDE)


def test_an_election_that_owes_nothing_is_concluded_by_one() -> None:
    bring_to(Stage.PUBLISHED)
    with clock.freeze(date(2029, 1, 15)):
        propose(ActKind.CONCLUDE)
    assert election().stage == Stage.CONCLUDED


# Races ---------------------------------------------------------------------------------------------------------------


def test_of_two_who_confirm_at_once_one_does_it_and_the_other_is_told(app: Flask) -> None:
    bring_to(Stage.VOTING)
    number = propose(ActKind.INTERRUPT_VOTING, "Fire.")
    one, other = staff("election_board"), staff("other election_board")
    outcomes = at_once(
        app,
        [
            lambda: acts.confirm_act(number, one, BOARD),
            lambda: acts.confirm_act(number, other, BOARD),
        ],
    )
    fresh()
    codes = [outcome.code for outcome in outcomes if isinstance(outcome, DomainError)]
    assert codes == ["act_settled"]
    assert election().stage == Stage.INTERRUPTED
    assert [entry.subject_id for entry in entries("elections:act:perform")].count(number) == 1


def test_of_two_who_propose_the_same_at_once_one_is_told_that_it_waits(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer, board = staff("returning_officer"), staff("election_board")
    outcomes = at_once(
        app,
        [
            lambda: acts.propose_act(CODE, ActKind.INTERRUPT_VOTING, officer, RETURNING, reason="Fire."),
            lambda: acts.propose_act(CODE, ActKind.INTERRUPT_VOTING, board, BOARD, reason="Fire!"),
        ],
    )
    assert [outcome.code for outcome in outcomes if isinstance(outcome, DomainError)] == ["act_waiting"]


def test_of_one_who_confirms_and_one_who_takes_back_at_once_one_is_told(app: Flask) -> None:
    bring_to(Stage.VOTING)
    number = propose(ActKind.INTERRUPT_VOTING, "Fire.")
    board, officer = staff("election_board"), staff("returning_officer")
    outcomes = at_once(
        app,
        [
            lambda: acts.confirm_act(number, board, BOARD),
            lambda: acts.withdraw_act(number, officer, RETURNING),
        ],
    )
    assert [outcome.code for outcome in outcomes if isinstance(outcome, DomainError)] == ["act_settled"]
    fresh()
    settled = next(row for row in rows(Act) if row.id == number)
    assert (settled.performed_on is None) is not (settled.withdrawn_on is None)
