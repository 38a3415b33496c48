"""By which rules a council works on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from motions.models.meetings import CouncilRule
from motions.rules.deadlines import INVITATION_DAYS
from motions.rules.drafting import FEWEST_COSIGNERS
from motions.rules.votes import Abstentions, Majority, Tie, VoteRule


@dataclass(frozen=True, slots=True)
class CouncilRules:
    """How a council votes, how many must co-sign, and how many days before a meeting it is invited."""

    vote: VoteRule = field(default_factory=VoteRule)
    cosigners: int = FEWEST_COSIGNERS
    invitation_days: int = INVITATION_DAYS
    from_on: date | None = None
    """Since when; None where the council has never set rules of its own."""


def rule_on(session: Session, body_id: int, day: date) -> CouncilRules:
    """The rules of a council on ``day``: the latest that had begun, else those of every council without its own."""
    found = session.scalars(
        select(CouncilRule)
        .where(CouncilRule.body_id == body_id, CouncilRule.from_on <= day)
        .order_by(CouncilRule.from_on.desc())
        .limit(1)
    ).first()
    if found is None:
        return CouncilRules()
    vote = VoteRule(Majority(found.majority), Abstentions(found.abstentions), Tie(found.tie))
    return CouncilRules(vote, found.cosigners, found.invitation_days, found.from_on)
