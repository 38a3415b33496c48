"""Doing what matters in an election: one person proposes, another confirms, and the minutes say so.

A proposal waits until it is confirmed or withdrawn. Its effect, the election's move to the next stage and the audit
entry are one transaction. The checklist is asked twice: when it is proposed, and when it is performed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import RoleName
from core import audit, clock
from core.db import find, write
from core.errors import Conflict, NotFound
from core.localized import Localized, clean
from elections import events
from elections.models.elections import Act, Election
from elections.rules import stages
from elections.rules.checklists import check_ready
from elections.rules.stages import ActKind, Stage
from elections.services.effects import EFFECTS, checklist
from elections.services.elections import lock_election
from followup.models import Register

Facts = Mapping[str, Any]


def propose_act(
    code: str,
    kind: ActKind,
    actor: audit.Actor,
    roles: Collection[RoleName],
    *,
    reason: str = "",
    facts: Facts | None = None,
) -> int:
    """Propose ``kind``, or do it at once where one person is enough; return the act's id.

    ``roles`` are all that the person holds; ``facts`` say what exactly (JSON values, public in the minutes). Raises what
    ``stages.check_proposal`` and the act's checklist raise, all of one kind together, or Conflict ``act_waiting`` when
    the same act already waits for its second person.
    """
    reason = clean(reason)
    with write() as session:
        election, register = lock_election(session, code)
        stages.check_proposal(Stage(election.stage), kind, roles, reason)
        if _waiting(session, election, kind) is not None:
            raise Conflict("act_waiting", act=kind.value)
        check_ready(checklist(session, election, kind, {**(facts or {}), "reason": reason}))
        act = Act(
            election_id=election.id,
            kind=kind.value,
            two_persons=kind not in stages.ALONE,
            stage=election.stage,
            facts=dict(facts or {}),
            reason=Localized.original(election.language, reason),
            outcome={},
            proposed_by=actor.account_id,
            proposed_on=clock.today(),
        )
        session.add(act)
        session.flush()
        if act.two_persons:
            _record(session, register, events.ACT_PROPOSE, act, actor)
        else:
            _perform(session, election, register, act, actor)
        return act.id


def confirm_act(act_id: int, actor: audit.Actor, roles: Collection[RoleName]) -> None:
    """Confirm, as the second person, what somebody proposed; it is done in the same transaction.

    Raises NotFound, Conflict ``act_settled``, what ``stages.check_confirmation`` raises, what the checklist raises, or
    what the effect refuses.
    """
    with write() as session:
        act, election, register = _settling(session, act_id)
        kind = ActKind(act.kind)
        stages.check_confirmation(
            Stage(election.stage),
            kind,
            roles,
            proposed_by=act.proposed_by,
            confirmed_by=actor.account_id,
        )
        reason = act.reason.best(election.language).text
        check_ready(checklist(session, election, kind, {**act.facts, "reason": reason}))
        act.confirmed_by = actor.account_id
        _perform(session, election, register, act, actor)


def withdraw_act(act_id: int, actor: audit.Actor, roles: Collection[RoleName]) -> None:
    """Take a proposal back, or refuse it as the second person. Raises NotFound, ``act_settled``, ``act_not_yours``."""
    with write() as session:
        act, _election, register = _settling(session, act_id)
        stages.check_withdrawal(ActKind(act.kind), roles, own=act.proposed_by == actor.account_id)
        act.withdrawn_by, act.withdrawn_on = actor.account_id, clock.today()
        session.flush()
        _record(session, register, events.ACT_WITHDRAW, act, actor)


def _settling(session: Session, act_id: int) -> tuple[Act, Election, Register]:
    """An act that waits, with its election's register locked."""
    found = find(session, Act, act_id)
    if found is None:
        raise NotFound("act", act_id)
    code = session.scalars(select(Election.code).where(Election.id == found.election_id)).one()
    election, register = lock_election(session, code)
    session.refresh(found)
    if found.performed_on is not None or found.withdrawn_on is not None:
        raise Conflict("act_settled", act=found.kind)
    return found, election, register


def _waiting(session: Session, election: Election, kind: ActKind) -> Act | None:
    return session.scalars(
        select(Act).where(
            Act.election_id == election.id,
            Act.kind == kind.value,
            Act.performed_on.is_(None),
            Act.withdrawn_on.is_(None),
        )
    ).one_or_none()


def _perform(session: Session, election: Election, register: Register, act: Act, actor: audit.Actor) -> None:
    """Do it: the effect, the next stage, the entry in the minutes; what waited and is void now is taken back."""
    kind = ActKind(act.kind)
    after = stages.next_stage(Stage(election.stage), kind)
    act.stage = election.stage  # which may have moved on since it was proposed
    effect = EFFECTS.get(kind)
    act.outcome = dict(effect(session, election, register, act, actor)) if effect else {}
    act.performed_on = clock.today()
    session.flush()  # the outcome is written before the stage says that it was
    election.stage = after.value
    session.flush()
    lapsed = _take_back_void(session, election, kind, after, actor)
    _record(session, register, events.ACT_PERFORM, act, actor)
    for other in lapsed:
        _record(session, register, events.ACT_WITHDRAW, other, actor, void=True)


def _take_back_void(
    session: Session, election: Election, done: ActKind, stage: Stage, actor: audit.Actor
) -> list[Act]:
    """Nobody may confirm later what was proposed for another stage, or about another count."""
    waiting = session.scalars(
        select(Act)
        .where(Act.election_id == election.id, Act.performed_on.is_(None), Act.withdrawn_on.is_(None))
        .order_by(Act.id)
    )
    lapsed = [act for act in waiting if stages.lapses(ActKind(act.kind), done, stage)]
    for act in lapsed:
        act.withdrawn_by, act.withdrawn_on = actor.account_id, clock.today()
    session.flush()
    return lapsed


def _record(
    session: Session, register: Register, tag: str, act: Act, actor: audit.Actor, *, void: bool = False
) -> None:
    facts: dict[str, object] = {"act": act.kind, "stage": act.stage}
    if void:
        facts["void"] = True
    if tag == events.ACT_PROPOSE:
        facts |= {"facts": act.facts, "reason": act.reason.dump()}
    if tag == events.ACT_PERFORM:
        facts |= {"facts": act.facts, "reason": act.reason.dump(), "outcome": act.outcome}
        facts["persons"] = 2 if act.two_persons else 1
    audit.append(session, register.chain, [audit.Entry(tag, events.ACT, act.id, facts)], actor)
