"""What each act does when it is performed, and what must be there before: the one table that joins acts and subjects.

An effect runs inside the transaction that performs its act, after the election's register was locked, and returns the
public facts of what came of it. A look gathers the lines of the act's checklist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from core import audit, clock
from elections.models.elections import Act, Election
from elections.queries import objections
from elections.rules.checklists import Check
from elections.rules.rule_sets import Matter
from elections.rules.stages import ActKind
from elections.services import procedure, results
from elections.services.nominations import ballot_order
from elections.services.objections import window_of
from elections.services.roll import changes as roll
from followup.models import Register

Outcome = Mapping[str, Any]
Effect = Callable[[Session, Election, Register, Act, audit.Actor], Outcome]
Look = Callable[[Session, Election, Mapping[str, Any]], list[Check]]
"""The facts are those of the proposal, with its ``reason`` among them; empty while nothing is proposed yet."""


def _publish_candidates(
    session: Session, election: Election, _register: Register, _act: Act, _actor: audit.Actor
) -> Outcome:
    ballot_order.give_single_places(session, election)
    return {}


def _roll_objections(session: Session, election: Election, _facts: Mapping[str, Any]) -> list[Check]:
    """Everybody who objected to the roll has an answer, and what was accepted has been done."""
    return _answered_and_followed(session, election, Matter.ROLL)


def _nomination_objections(session: Session, election: Election, _facts: Mapping[str, Any]) -> list[Check]:
    """Nobody is struck or added once people vote, so every objection to a nomination is settled before."""
    return _answered_and_followed(session, election, Matter.NOMINATION)


def _result_objections(session: Session, election: Election, _facts: Mapping[str, Any]) -> list[Check]:
    """Nobody can object any more, and what was accepted has been done."""
    found = window_of(election, Matter.RESULT)
    over = found is not None and clock.today() > found.last
    checks = _answered_and_followed(session, election, Matter.RESULT)
    if found is not None:
        checks.append(Check("result_objections_over", over, parameters={"day": found.last}))
    return checks


def _answered_and_followed(session: Session, election: Election, matter: Matter) -> list[Check]:
    waiting = objections.unanswered(session, election.id, matter)
    open_ends = objections.without_effect(session, election.id, matter)
    return [
        Check("objections_answered", not waiting, parameters={"count": waiting}),
        Check("objections_followed", not open_ends, parameters={"count": open_ends}),
    ]


EFFECTS: Mapping[ActKind, Effect] = {
    ActKind.PUBLISH_CANDIDATES: _publish_candidates,
    # the result
    ActKind.COUNT: results.count_votes,
    ActKind.FIND: results.find_result,
    ActKind.PUBLISH_RESULT: results.publish_result,
    # the procedure itself
    ActKind.CALL: procedure.call,
    ActKind.OPEN_VOTING: procedure.open_voting,
    ActKind.INTERRUPT_VOTING: procedure.interrupt_voting,
    ActKind.RESUME_VOTING: procedure.resume_voting,
    ActKind.EXTEND_VOTING: procedure.extend_voting,
    ActKind.CLOSE_VOTING: procedure.close_voting,
    ActKind.CONCLUDE: procedure.conclude,
    ActKind.CHANGE_ROLL: roll.change_roll,
    ActKind.COMMIT_ROLL: roll.commit_roll,
}
"""Acts that do more than move the election on."""

LOOKS: Mapping[ActKind, tuple[Look, ...]] = {
    ActKind.PUBLISH_CANDIDATES: (ballot_order.ballot_looks,),
    # the result
    ActKind.COUNT: (results.before_count,),
    ActKind.FIND: (results.before_finding,),
    ActKind.APPROVE: (results.before_approval,),
    ActKind.PUBLISH_RESULT: (results.before_publication,),
    # the procedure itself
    ActKind.CALL: (procedure.before_call,),
    ActKind.OPEN_VOTING: (procedure.before_opening, _nomination_objections),
    ActKind.EXTEND_VOTING: (procedure.before_extension,),
    ActKind.RESUME_VOTING: (procedure.before_resuming,),
    ActKind.CLOSE_VOTING: (procedure.before_closing,),
    ActKind.OPEN_ROLL: (roll.look_imported,),
    ActKind.CHANGE_ROLL: (roll.look_changes,),
    ActKind.COMMIT_ROLL: (roll.look_imported, roll.look_decided, _roll_objections),
    ActKind.CONCLUDE: (procedure.before_conclusion, _result_objections),
}
"""What is asked before an act. Acts that are not listed need nothing."""


def checklist(
    session: Session, election: Election, kind: ActKind, facts: Mapping[str, Any] | None = None
) -> list[Check]:
    """Every line of the checklist before ``kind``, done or not."""
    return [check for look in LOOKS.get(kind, ()) for check in look(session, election, facts or {})]
