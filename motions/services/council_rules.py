"""Changing the rules by which a council works, from a day on. What was voted before stays as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core import audit, clock
from core.db import write
from core.errors import DomainError, raise_all
from council.services.bodies import lock_body
from motions import events
from motions.models.meetings import CouncilRule
from motions.rules.votes import VoteRule

MOST_COSIGNERS = 50
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class NewRule:
    """How a council works from ``from_on`` on."""

    from_on: date
    vote: VoteRule
    cosigners: int
    invitation_days: int


def change_rules(body_id: int, new: NewRule, actor: audit.Actor) -> None:
    """Let other rules hold from a day on; the same day again replaces what was set for it, as long as it has not come.

    Raises NotFound, and together ``rules_day_passed``, ``cosigners_range`` (``limit``), ``invitation_days_range``
    (``limit``), ``rules_set_before``.
    """
    today = clock.today()
    with write() as session:
        body, register = lock_body(session, body_id)
        known = session.get(CouncilRule, (body.id, new.from_on))
        errors = []
        if new.from_on < today:
            errors.append(DomainError("rules_day_passed"))
        if not 0 <= new.cosigners <= MOST_COSIGNERS:
            errors.append(DomainError("cosigners_range", limit=MOST_COSIGNERS))
        if not 1 <= new.invitation_days <= MOST_DAYS:
            errors.append(DomainError("invitation_days_range", limit=MOST_DAYS))
        if known is not None and new.from_on <= today:
            errors.append(DomainError("rules_set_before", day=new.from_on))
        raise_all(errors)
        rule = known or CouncilRule(body_id=body.id, from_on=new.from_on)
        rule.majority, rule.abstentions = new.vote.majority.value, new.vote.abstentions.value
        rule.tie = new.vote.tie.value
        rule.cosigners, rule.invitation_days = new.cosigners, new.invitation_days
        session.add(rule)
        session.flush()
        facts = {
            "from": new.from_on.isoformat(),
            "majority": rule.majority,
            "abstentions": rule.abstentions,
            "tie": rule.tie,
            "cosigners": rule.cosigners,
            "invitation_days": rule.invitation_days,
        }
        entry = audit.Entry(events.RULES_CHANGE, events.COUNCIL_RULE, body.id, facts)
        audit.append(session, register.chain, [entry], actor)
