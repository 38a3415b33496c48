"""What the city made of what the council sent it, department by department. Pure.

*Noted without vote*, *settled by office* and *not competent* are outcomes of their own: they end the city's procedure and
decide nothing, so they never count as decided, and the days that they took are no days to a decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from followup.rules import median
from motions.rules.stages import REALLY_DECIDED, CityDecision


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted for one department. ``forwarded`` are all motions that it was ever responsible for.

    The days are from forwarding on, each with how many motions took so long; of decisions only the real ones.
    """

    forwarded: int
    decisions: Mapping[CityDecision, int]
    days_to_position: Mapping[int, int]
    days_to_decision: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """A department's figures. Shares are of all procedures that ended, from 0 to 1; None where none has."""

    forwarded: int
    ended: int
    decided: int
    noted: int
    settled: int
    not_competent: int
    share_decided: float | None
    share_not_decided: float | None
    """Noted or settled, without a decision."""
    median_to_position: float | None
    median_to_decision: float | None


def figures(counted: Counted) -> Figures:
    """The figures that follow from what was counted."""

    def of(decision: CityDecision) -> int:
        return counted.decisions.get(decision, 0)

    ended = sum(counted.decisions.values())
    decided = sum(of(decision) for decision in REALLY_DECIDED)
    noted, settled = of(CityDecision.NOTED_WITHOUT_VOTE), of(CityDecision.SETTLED_BY_OFFICE)
    return Figures(
        forwarded=counted.forwarded,
        ended=ended,
        decided=decided,
        noted=noted,
        settled=settled,
        not_competent=of(CityDecision.NOT_COMPETENT),
        share_decided=decided / ended if ended else None,
        share_not_decided=(noted + settled) / ended if ended else None,
        median_to_position=median(counted.days_to_position),
        median_to_decision=median(counted.days_to_decision),
    )
