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
from elections.rules.checklists import Check
from elections.rules.stages import ActKind
from elections.services import results
from elections.services.nominations import ballot_order
from followup.models import Register
from followup.services import gate

Outcome = Mapping[str, Any]
Effect = Callable[[Session, Election, Register, Act, audit.Actor], Outcome]
Look = Callable[[Session, Election, Mapping[str, Any]], list[Check]]
"""The facts are those of the proposal; empty while nothing is proposed yet."""


def _call(
    _session: Session, election: Election, _register: Register, _act: Act, _actor: audit.Actor
) -> Outcome:
    election.called_on = clock.today()
    return {}


def _conclude(
    session: Session, _election: Election, register: Register, _act: Act, actor: audit.Actor
) -> Outcome:
    """The closing gate: every nomination, registration and objection has its answer."""
    gate.conclude(session, register, actor)
    return {}


def _publish_candidates(
    session: Session, election: Election, _register: Register, _act: Act, _actor: audit.Actor
) -> Outcome:
    ballot_order.give_single_places(session, election)
    return {}


EFFECTS: Mapping[ActKind, Effect] = {
    ActKind.CALL: _call,
    ActKind.PUBLISH_CANDIDATES: _publish_candidates,
    ActKind.CONCLUDE: _conclude,
    # the result
    ActKind.COUNT: results.count_votes,
    ActKind.FIND: results.find_result,
    ActKind.PUBLISH_RESULT: results.publish_result,
}
"""Acts that do more than move the election on."""

LOOKS: Mapping[ActKind, tuple[Look, ...]] = {
    ActKind.PUBLISH_CANDIDATES: (ballot_order.ballot_looks,),
    # the result
    ActKind.COUNT: (results.before_count,),
    ActKind.FIND: (results.before_finding,),
    ActKind.APPROVE: (results.before_approval,),
    ActKind.PUBLISH_RESULT: (results.before_publication,),
}
"""What is asked before an act. Acts that are not listed need nothing."""


def checklist(
    session: Session, election: Election, kind: ActKind, facts: Mapping[str, Any] | None = None
) -> list[Check]:
    """Every line of the checklist before ``kind``, done or not."""
    return [check for look in LOOKS.get(kind, ()) for check in look(session, election, facts or {})]
