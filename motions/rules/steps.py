"""What each act makes somebody owe, what it settles, and what else is said about a motion.

Source: ``reference/motions.md`` section 2, column "Clock". What is owed is a promise of its own on the public clock.
"""

from __future__ import annotations

from enum import StrEnum

from motions.rules.deadlines import Step
from motions.rules.stages import TO_IMPLEMENT, Act, CityDecision, MotionKind, Stage


class Notice(StrEnum):
    """What is said about a motion without moving it."""

    CORRECT = "correct"
    """An earlier event was entered wrongly; this one says what is right."""
    OVERDUE = "overdue"
    LONG_OVERDUE = "long_overdue"
    STALLED = "stalled"
    PROPOSE_AMENDMENT = "propose_amendment"
    WITHDRAW_AMENDMENT = "withdraw_amendment"
    DECIDE_AMENDMENT = "decide_amendment"
    TRANSLATE = "translate"
    PASS_ON = "pass_on"  # noqa: S105 - no password
    """Another department is responsible."""
    VOTE = "vote"
    """A vote that moves nothing."""


SETTLES_ALL: frozenset[Act] = frozenset({Act.WITHDRAW, Act.LAPSE, Act.CLOSE, Act.VERIFY})
"""After these nobody owes the motion anything."""

SETTLES: dict[Act, frozenset[Step]] = {
    Act.ADMIT: frozenset({Step.ADMISSIBILITY}),
    Act.RETURN: frozenset({Step.ADMISSIBILITY}),
    Act.REFUSE: frozenset({Step.ADMISSIBILITY}),
    Act.ACKNOWLEDGE: frozenset({Step.ACKNOWLEDGEMENT}),
    Act.FILE_POSITION: frozenset({Step.POSITION}),
    Act.DECIDE: frozenset({Step.DECISION}),
    Act.PLAN: frozenset({Step.PLAN}),
    Act.UPDATE: frozenset({Step.UPDATE}),
    Act.CLAIM_DONE: frozenset({Step.UPDATE}),
}
"""What an act is the answer to. An update settles the update of its own measure, a claim those of all."""


def settled_by(act: Act) -> frozenset[Step]:
    """The steps that are owed no longer once ``act`` was done."""
    return frozenset(Step) if act in SETTLES_ALL else SETTLES.get(act, frozenset())


def owed_after(
    act: Act, after: Stage, kind: MotionKind, decision: CityDecision | None = None
) -> tuple[Step, ...]:
    """What is owed to the motion as a whole from ``act`` on, which led to the stage ``after``; updates are owed for each
    measure (``OWES_UPDATES``). Whatever comes to ``submitted`` is checked, also what is taken over into another term.

    A question is answered with a position; a statement only has to be acknowledged.
    """
    match act:
        case _ if after is Stage.SUBMITTED:
            return (Step.ADMISSIBILITY,)
        case Act.FORWARD:
            return (Step.ACKNOWLEDGEMENT,)
        case Act.ACKNOWLEDGE if kind is MotionKind.QUESTION:
            return (Step.POSITION,)
        case Act.ACKNOWLEDGE if kind is not MotionKind.STATEMENT:
            return (Step.POSITION, Step.DECISION)
        case Act.DECIDE if decision in TO_IMPLEMENT:
            return (Step.PLAN,)
        case _:
            return ()


OWES_UPDATES: frozenset[Act] = frozenset({Act.PLAN, Act.UPDATE, Act.DISPUTE})
"""After these every measure that is not done owes an update within a quarter."""

FROM_THE_OFFICE: frozenset[Step] = frozenset({Step.ADMISSIBILITY})
"""What the council's own office owes; everything else is owed by the responsible department."""
