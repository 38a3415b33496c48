"""The public register of motions: seven states that people understand, made of stages and what the city decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from motions.rules.stages import REALLY_DECIDED, TO_IMPLEMENT, CityDecision, Stage

S = Stage


class State(StrEnum):
    """What became of a motion, in a word. Each public motion is in exactly one of them."""

    COUNCIL = "council"
    """The council deals with it."""
    CITY = "city"
    """The council wants it; the city has not decided."""
    DOING = "doing"
    DONE = "done"
    """The council verified it, or a question or statement was answered."""
    REFUSED = "refused"
    """The council or the city voted against it."""
    WITHOUT = "without"
    """Closed, and nobody decided: withdrawn, lapsed, not admissible, noted, settled by an office."""


LATE = "late"
"""Stands among the states for motions that somebody owes something since yesterday or longer."""

_BY_STAGE: Mapping[Stage, State] = {
    **dict.fromkeys(
        (
            S.COSIGNING,
            S.SUBMITTED,
            S.RETURNED,
            S.APPEALED,
            S.ADMISSIBLE,
            S.SCHEDULED,
            S.REFERRED,
            S.POSTPONED,
        ),
        State.COUNCIL,
    ),
    **dict.fromkeys(
        (S.ADOPTED, S.ADOPTED_AMENDED, S.FORWARDED, S.ACKNOWLEDGED, S.POSITION_FILED), State.CITY
    ),
    **dict.fromkeys((S.IMPLEMENTING, S.CLAIMED_DONE, S.DISPUTED), State.DOING),
    S.VERIFIED: State.DONE,
    S.REJECTED: State.REFUSED,
    **dict.fromkeys((S.DRAFT, S.INADMISSIBLE, S.WITHDRAWN, S.LAPSED), State.WITHOUT),
}


def state_of(
    stage: Stage, decision: CityDecision | None = None, *, forwarded: bool = False, dealt: bool = False
) -> State:
    """In which state a public motion is. ``forwarded``: a department of the city was made responsible for it; ``dealt``: the council has voted on it.

    What is closed without a decision of the city ended there if it was sent there (a question, a statement), else in the
    council: refused if the council voted on it, without decision if not.
    """
    if stage in _BY_STAGE:
        return _BY_STAGE[stage]
    if decision in TO_IMPLEMENT:
        return State.DOING if stage is S.DECIDED else State.DONE
    if decision is not None:
        return State.REFUSED if decision in REALLY_DECIDED else State.WITHOUT
    if forwarded:
        return State.DONE
    return State.REFUSED if dealt else State.WITHOUT


def place_of(submitted_on: date, motion_id: int) -> int:
    """Where a motion stands in the register: later days first, and on one day the higher id."""
    return (submitted_on.toordinal() << 31) | motion_id
