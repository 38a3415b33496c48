"""The stages of an election, what may be done in each, and by whom. Sources: ``domain.md`` ("Council elections").

Stages are moved by acts alone, along ``WAY``. What matters needs two persons: nobody alone opens, closes, changes the
roll, counts or finds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from accounts.rules import RoleName
from core.errors import DomainError, raise_all
from core.localized import clean

REASON_LENGTH = 2000
"""Characters of a public reason."""


class Stage(StrEnum):
    """Where an election stands."""

    PREPARED = "prepared"
    CALLED = "called"
    """Called: nominations come in, between two days of the timetable."""
    CANDIDATES = "candidates"
    """The candidates are published, in the order of the ballot."""
    ROLL = "roll"
    """The roll is open for inspection: corrections, registrations and objections."""
    READY = "ready"
    """The roll is committed: its hash and count are published."""
    VOTING = "voting"
    INTERRUPTED = "interrupted"
    CLOSED = "closed"
    COUNTED = "counted"
    FOUND = "found"
    APPROVED = "approved"
    PUBLISHED = "published"
    CONCLUDED = "concluded"
    ABANDONED = "abandoned"


class ActKind(StrEnum):
    """What is done in an election."""

    CALL = "call"
    PUBLISH_CANDIDATES = "publish_candidates"
    OPEN_ROLL = "open_roll"
    CHANGE_ROLL = "change_roll"
    COMMIT_ROLL = "commit_roll"
    OPEN_VOTING = "open_voting"
    INTERRUPT_VOTING = "interrupt_voting"
    RESUME_VOTING = "resume_voting"
    EXTEND_VOTING = "extend_voting"
    CLOSE_VOTING = "close_voting"
    COUNT = "count"
    FIND = "find"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    """The city council does not approve, or an objection is upheld: votes are counted anew."""
    PUBLISH_RESULT = "publish_result"
    CONCLUDE = "conclude"
    ABANDON = "abandon"


S, A = Stage, ActKind

WAY: Mapping[tuple[Stage, ActKind], Stage] = {
    (S.PREPARED, A.CALL): S.CALLED,
    (S.CALLED, A.PUBLISH_CANDIDATES): S.CANDIDATES,
    (S.CANDIDATES, A.OPEN_ROLL): S.ROLL,
    (S.ROLL, A.CHANGE_ROLL): S.ROLL,
    (S.ROLL, A.COMMIT_ROLL): S.READY,
    (S.READY, A.CHANGE_ROLL): S.READY,
    (S.READY, A.OPEN_VOTING): S.VOTING,
    (S.VOTING, A.INTERRUPT_VOTING): S.INTERRUPTED,
    (S.VOTING, A.EXTEND_VOTING): S.VOTING,
    (S.VOTING, A.CLOSE_VOTING): S.CLOSED,
    (S.INTERRUPTED, A.EXTEND_VOTING): S.INTERRUPTED,
    (S.INTERRUPTED, A.RESUME_VOTING): S.VOTING,
    (S.CLOSED, A.COUNT): S.COUNTED,
    (S.COUNTED, A.COUNT): S.COUNTED,
    (S.COUNTED, A.FIND): S.FOUND,
    (S.FOUND, A.APPROVE): S.APPROVED,
    (S.FOUND, A.SEND_BACK): S.CLOSED,
    (S.APPROVED, A.PUBLISH_RESULT): S.PUBLISHED,
    (S.PUBLISHED, A.SEND_BACK): S.CLOSED,
    (S.PUBLISHED, A.CONCLUDE): S.CONCLUDED,
    **{(stage, A.ABANDON): S.ABANDONED for stage in (S.CALLED, S.CANDIDATES, S.ROLL, S.READY, S.INTERRUPTED)},
}
"""The only way an election moves. What is not listed is refused."""

ALONE: frozenset[ActKind] = frozenset(
    {A.CALL, A.PUBLISH_CANDIDATES, A.OPEN_ROLL, A.PUBLISH_RESULT, A.CONCLUDE}
)
"""What one person may do; everything else needs a second who confirms."""

NEEDS_REASON: frozenset[ActKind] = frozenset(
    {A.CHANGE_ROLL, A.INTERRUPT_VOTING, A.EXTEND_VOTING, A.SEND_BACK, A.ABANDON}
)
"""What is done only with a public reason."""

_RUNS = frozenset({RoleName.RETURNING_OFFICER})
_BOARD = frozenset({RoleName.ELECTION_BOARD})
_COUNCIL = frozenset({RoleName.CLERK})

PROPOSES: Mapping[ActKind, frozenset[RoleName]] = {
    A.CALL: _RUNS,
    A.PUBLISH_CANDIDATES: _RUNS,
    A.OPEN_ROLL: _RUNS,
    A.CHANGE_ROLL: _RUNS,
    A.COMMIT_ROLL: _RUNS,
    A.OPEN_VOTING: _RUNS,
    A.INTERRUPT_VOTING: _RUNS | _BOARD,
    A.RESUME_VOTING: _RUNS | _BOARD,
    A.EXTEND_VOTING: _RUNS | _BOARD,
    A.CLOSE_VOTING: _RUNS,
    A.COUNT: _RUNS | _BOARD,
    A.FIND: _BOARD,
    A.APPROVE: _COUNCIL,
    A.SEND_BACK: _COUNCIL | _BOARD,
    A.PUBLISH_RESULT: _RUNS,
    A.CONCLUDE: _RUNS,
    A.ABANDON: _RUNS,
}
"""Who may propose an act, or do it where one person is enough."""

CONFIRMS: Mapping[ActKind, frozenset[RoleName]] = {
    A.CHANGE_ROLL: _RUNS | _BOARD,
    A.COMMIT_ROLL: _RUNS | _BOARD,
    A.OPEN_VOTING: _RUNS | _BOARD,
    A.INTERRUPT_VOTING: _RUNS | _BOARD,
    A.RESUME_VOTING: _RUNS | _BOARD,
    A.EXTEND_VOTING: _RUNS | _BOARD,
    A.CLOSE_VOTING: _RUNS | _BOARD,
    A.COUNT: _RUNS | _BOARD,
    A.FIND: _BOARD,
    A.APPROVE: _COUNCIL | _RUNS,
    A.SEND_BACK: _COUNCIL | _BOARD | _RUNS,
    A.ABANDON: _RUNS | _BOARD,
}
"""Who may confirm what somebody else proposed."""


def next_stage(stage: Stage, act: ActKind) -> Stage:
    """Where ``act`` leads from ``stage``. Raises DomainError ``act_not_now`` (``stage``, ``act``)."""
    if (stage, act) not in WAY:
        raise DomainError("act_not_now", stage=stage.value, act=act.value)
    return WAY[stage, act]


def acts_in(stage: Stage) -> list[ActKind]:
    """What may be done in ``stage``, in the order in which it is usually done."""
    return [act for act in ActKind if (stage, act) in WAY]


def lapses(waiting: ActKind, done: ActKind, stage: Stage) -> bool:
    """Whether a proposal that still waits is void once ``done`` has led to ``stage``.

    It is void where it could not be proposed now, and after a count, which gives it another result to be about.
    """
    return done in (ActKind.COUNT, ActKind.SEND_BACK) or (stage, waiting) not in WAY


def check_proposal(stage: Stage, act: ActKind, roles: Collection[RoleName], reason: str) -> None:
    """Whether somebody holding ``roles`` may propose ``act`` now, with this public ``reason``.

    Raises, all together, ``act_not_now``, ``act_not_yours`` (``act``), ``act_reason_missing``, ``act_reason_too_long``
    (``limit``).
    """
    errors = []
    if (stage, act) not in WAY:
        errors.append(DomainError("act_not_now", stage=stage.value, act=act.value))
    if not PROPOSES[act].intersection(roles):
        errors.append(DomainError("act_not_yours", act=act.value))
    if act in NEEDS_REASON and not clean(reason):
        errors.append(DomainError("act_reason_missing"))
    if len(reason) > REASON_LENGTH:
        errors.append(DomainError("act_reason_too_long", limit=REASON_LENGTH))
    raise_all(errors)


def check_confirmation(
    stage: Stage, act: ActKind, roles: Collection[RoleName], *, proposed_by: int, confirmed_by: int
) -> None:
    """Whether another person holding ``roles`` may confirm ``act`` now. The persons are account ids.

    Raises, all together, ``act_not_now``, ``act_not_yours`` and ``act_second_person``.
    """
    errors = []
    if (stage, act) not in WAY:
        errors.append(DomainError("act_not_now", stage=stage.value, act=act.value))
    if not CONFIRMS.get(act, frozenset()).intersection(roles):
        errors.append(DomainError("act_not_yours", act=act.value))
    if proposed_by == confirmed_by:
        errors.append(DomainError("act_second_person"))
    raise_all(errors)


def check_withdrawal(act: ActKind, roles: Collection[RoleName], *, own: bool) -> None:
    """Who proposed an act may take it back; who may confirm it may refuse it. Raises ``act_not_yours`` (``act``)."""
    if not own and not CONFIRMS.get(act, frozenset()).intersection(roles):
        raise DomainError("act_not_yours", act=act.value)
