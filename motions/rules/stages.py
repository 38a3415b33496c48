"""The way of a motion: its stages, what may be done in each, and by whom.

Source: the state table in ``reference/motions.md`` (section 2) and ``domain.md`` ("Motions and meetings"). Events are only
ever added: a correction is an event of its own. *Noted without vote* and *settled by office* are decisions in name only:
they never count as decided, and the council may take the matter up again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

from core.errors import DomainError, raise_all
from core.localized import clean

REASON_LENGTH = 2000
"""Characters of a public reason."""


class MotionKind(StrEnum):
    """What the council wants."""

    MOTION = "motion"
    QUESTION = "question"
    """To the city, which owes an answer; the council does not vote on it."""
    STATEMENT = "statement"
    BUDGET_REQUEST = "budget_request"


class Stage(StrEnum):
    """Where a motion stands."""

    DRAFT = "draft"
    """Private: only its author reads it."""
    COSIGNING = "cosigning"
    """Private still: members who were asked read it and sign."""
    SUBMITTED = "submitted"
    RETURNED = "returned"
    """For correction: something formal is missing."""
    INADMISSIBLE = "inadmissible"
    APPEALED = "appealed"
    """The author asks the council to overrule a refusal."""
    ADMISSIBLE = "admissible"
    SCHEDULED = "scheduled"
    """On the agenda of a meeting."""
    ADOPTED = "adopted"
    ADOPTED_AMENDED = "adopted_amended"
    REJECTED = "rejected"
    REFERRED = "referred"
    """To a committee, until a day."""
    POSTPONED = "postponed"
    """Until a day."""
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    """The term ended before the council voted."""
    FORWARDED = "forwarded"
    ACKNOWLEDGED = "acknowledged"
    POSITION_FILED = "position_filed"
    DECIDED = "decided"
    IMPLEMENTING = "implementing"
    CLAIMED_DONE = "claimed_done"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    CLOSED = "closed"


class Act(StrEnum):
    """What is done with a motion."""

    INVITE = "invite"
    """Ask members to co-sign."""
    CHANGE_TEXT = "change_text"
    SIGN = "sign"
    SUBMIT = "submit"
    ADMIT = "admit"
    RETURN = "return"
    REFUSE = "refuse"
    APPEAL = "appeal"
    UPHOLD_APPEAL = "uphold_appeal"
    DISMISS_APPEAL = "dismiss_appeal"
    SCHEDULE = "schedule"
    TAKE_OFF = "take_off"
    """Off the agenda: the meeting is cancelled, or its time was over."""
    ADOPT = "adopt"
    ADOPT_AMENDED = "adopt_amended"
    REJECT = "reject"
    REFER = "refer"
    POSTPONE = "postpone"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    CARRY_OVER = "carry_over"
    """A member of the new term takes a lapsed motion over."""
    FORWARD = "forward"
    ACKNOWLEDGE = "acknowledge"
    FILE_POSITION = "file_position"
    DECIDE = "decide"
    EXTEND = "extend"
    """The city needs longer for the step that it owes: once, before its day, with a public reason."""
    PLAN = "plan"
    UPDATE = "update"
    CLAIM_DONE = "claim_done"
    VERIFY = "verify"
    DISPUTE = "dispute"
    CLOSE = "close"
    REOPEN = "reopen"


class Part(StrEnum):
    """As whom somebody acts on one motion. Who is a member or the chair follows from the council's seats on that day."""

    AUTHOR = "author"
    MEMBER = "member"
    """Of the council, with a vote; not the author."""
    CHAIR = "chair"
    CLERK = "clerk"
    """Records what the council voted on, and closes."""
    OFFICE = "office"
    """The office that accompanies the council. It may enter the city's steps with their source."""
    CITY = "city"
    """The department that owes the step, or the city council's clerk."""
    CLOCK = "clock"
    """Nobody: a day has passed."""


S, A, P = Stage, Act, Part

UNDECIDED: frozenset[Stage] = frozenset(
    {S.SUBMITTED, S.RETURNED, S.INADMISSIBLE, S.APPEALED, S.ADMISSIBLE, S.SCHEDULED, S.REFERRED, S.POSTPONED}
)
"""Submitted, and not voted on for good."""
NOT_ADMITTED: frozenset[Stage] = frozenset({S.COSIGNING, S.SUBMITTED, S.RETURNED, S.INADMISSIBLE, S.APPEALED})
"""Where nobody has found yet that the council may deal with it."""
PRIVATE: frozenset[Stage] = frozenset({S.DRAFT, S.COSIGNING})
"""What only author and invited members see."""
CITY_OWES: frozenset[Stage] = frozenset(
    {S.FORWARDED, S.ACKNOWLEDGED, S.POSITION_FILED, S.DECIDED, S.IMPLEMENTING, S.DISPUTED}
)
"""Where a day runs against the city."""

WAY: Mapping[tuple[Stage, Act], Stage] = {
    (S.DRAFT, A.CHANGE_TEXT): S.DRAFT,
    (S.DRAFT, A.INVITE): S.COSIGNING,
    (S.COSIGNING, A.INVITE): S.COSIGNING,
    (S.COSIGNING, A.CHANGE_TEXT): S.COSIGNING,
    (S.COSIGNING, A.SIGN): S.COSIGNING,
    (S.COSIGNING, A.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, A.ADMIT): S.ADMISSIBLE,
    (S.SUBMITTED, A.RETURN): S.RETURNED,
    (S.SUBMITTED, A.REFUSE): S.INADMISSIBLE,
    (S.RETURNED, A.CHANGE_TEXT): S.COSIGNING,
    (S.INADMISSIBLE, A.APPEAL): S.APPEALED,
    (S.APPEALED, A.UPHOLD_APPEAL): S.ADMISSIBLE,
    (S.APPEALED, A.DISMISS_APPEAL): S.CLOSED,
    (S.ADMISSIBLE, A.SCHEDULE): S.SCHEDULED,
    (S.REFERRED, A.SCHEDULE): S.SCHEDULED,
    (S.POSTPONED, A.SCHEDULE): S.SCHEDULED,
    (S.SCHEDULED, A.TAKE_OFF): S.ADMISSIBLE,
    (S.SCHEDULED, A.ADOPT): S.ADOPTED,
    (S.SCHEDULED, A.ADOPT_AMENDED): S.ADOPTED_AMENDED,
    (S.SCHEDULED, A.REJECT): S.REJECTED,
    (S.SCHEDULED, A.REFER): S.REFERRED,
    (S.SCHEDULED, A.POSTPONE): S.POSTPONED,
    **{(stage, A.WITHDRAW): S.WITHDRAWN for stage in UNDECIDED | PRIVATE},
    **{(stage, A.LAPSE): S.LAPSED for stage in UNDECIDED | {S.COSIGNING}},  # being mended: ``check_lapse``
    (S.LAPSED, A.CARRY_OVER): S.ADMISSIBLE,  # or checked anew: ``carried_to``
    (S.ADMISSIBLE, A.FORWARD): S.FORWARDED,
    (S.ADOPTED, A.FORWARD): S.FORWARDED,
    (S.ADOPTED_AMENDED, A.FORWARD): S.FORWARDED,
    (S.FORWARDED, A.ACKNOWLEDGE): S.ACKNOWLEDGED,
    (S.ACKNOWLEDGED, A.FILE_POSITION): S.POSITION_FILED,
    (S.POSITION_FILED, A.DECIDE): S.DECIDED,
    (S.DECIDED, A.PLAN): S.IMPLEMENTING,
    (S.IMPLEMENTING, A.PLAN): S.IMPLEMENTING,
    (S.IMPLEMENTING, A.UPDATE): S.IMPLEMENTING,
    (S.IMPLEMENTING, A.CLAIM_DONE): S.CLAIMED_DONE,
    (S.CLAIMED_DONE, A.VERIFY): S.VERIFIED,
    (S.CLAIMED_DONE, A.DISPUTE): S.DISPUTED,
    (S.DISPUTED, A.UPDATE): S.IMPLEMENTING,
    (S.DISPUTED, A.CLAIM_DONE): S.CLAIMED_DONE,
    **{(stage, A.EXTEND): stage for stage in CITY_OWES - {S.DISPUTED}},
    **{
        (stage, A.CLOSE): S.CLOSED
        for stage in (
            S.INADMISSIBLE,
            S.REJECTED,
            S.WITHDRAWN,
            S.LAPSED,
            S.POSITION_FILED,
            S.DECIDED,
            S.VERIFIED,
        )
    },
    (S.ACKNOWLEDGED, A.CLOSE): S.CLOSED,
    (S.CLOSED, A.REOPEN): S.ADMISSIBLE,
}
"""The only way a motion moves. What is not listed is refused; ``check_act`` says what else an act needs."""

DOES: Mapping[Act, frozenset[Part]] = {
    A.INVITE: frozenset({P.AUTHOR}),
    A.CHANGE_TEXT: frozenset({P.AUTHOR}),
    A.SIGN: frozenset({P.MEMBER}),
    A.SUBMIT: frozenset({P.AUTHOR}),
    A.ADMIT: frozenset({P.OFFICE}),
    A.RETURN: frozenset({P.OFFICE}),
    A.REFUSE: frozenset({P.OFFICE}),
    A.APPEAL: frozenset({P.AUTHOR}),
    A.UPHOLD_APPEAL: frozenset({P.CLERK}),
    A.DISMISS_APPEAL: frozenset({P.CLERK}),
    A.SCHEDULE: frozenset({P.CHAIR, P.CLERK, P.CLOCK}),
    A.TAKE_OFF: frozenset({P.CHAIR, P.CLERK}),
    A.ADOPT: frozenset({P.CLERK}),
    A.ADOPT_AMENDED: frozenset({P.CLERK}),
    A.REJECT: frozenset({P.CLERK}),
    A.REFER: frozenset({P.CLERK}),
    A.POSTPONE: frozenset({P.CLERK}),
    A.WITHDRAW: frozenset({P.AUTHOR}),
    A.LAPSE: frozenset({P.CLERK, P.CLOCK}),
    A.CARRY_OVER: frozenset({P.MEMBER, P.AUTHOR}),
    A.FORWARD: frozenset({P.OFFICE}),
    A.ACKNOWLEDGE: frozenset({P.CITY, P.OFFICE}),
    A.FILE_POSITION: frozenset({P.CITY, P.OFFICE}),
    A.DECIDE: frozenset({P.CITY, P.OFFICE}),
    A.EXTEND: frozenset({P.CITY, P.OFFICE}),
    A.PLAN: frozenset({P.CITY, P.OFFICE}),
    A.UPDATE: frozenset({P.CITY, P.OFFICE}),
    A.CLAIM_DONE: frozenset({P.CITY, P.OFFICE}),
    A.VERIFY: frozenset({P.CLERK}),
    A.DISPUTE: frozenset({P.CLERK}),
    A.CLOSE: frozenset({P.CLERK}),
    A.REOPEN: frozenset({P.CLERK}),
}
"""As whom an act is done. The city never verifies and never closes."""

RELEASED: frozenset[Act] = frozenset({A.ADMIT, A.RETURN, A.REFUSE})
"""What the office checks and the chair, another person, releases."""

VOTED: frozenset[Act] = frozenset(
    {
        A.UPHOLD_APPEAL,
        A.DISMISS_APPEAL,
        A.ADOPT,
        A.ADOPT_AMENDED,
        A.REJECT,
        A.REFER,
        A.POSTPONE,
        A.VERIFY,
        A.DISPUTE,
        A.REOPEN,
    }
)
"""What follows from a recorded vote of the council alone; the clerk records it and cannot choose."""

NEEDS_REASON: frozenset[Act] = frozenset(
    {A.RETURN, A.REFUSE, A.APPEAL, A.TAKE_OFF, A.WITHDRAW, A.EXTEND, A.DISPUTE, A.CLOSE, A.REOPEN}
)
"""What is done only with a public reason."""

NEEDS_RETURN_DAY: frozenset[Act] = frozenset({A.REFER, A.POSTPONE})
"""What puts a motion off, and only until a day."""


class CityDecision(StrEnum):
    """What became of a motion in the city. The last three decide nothing about it."""

    ADOPTED = "adopted"
    AMENDED = "amended"
    PARTLY = "partly"
    REJECTED = "rejected"
    NOTED_WITHOUT_VOTE = "noted_without_vote"
    SETTLED_BY_OFFICE = "settled_by_office"
    NOT_COMPETENT = "not_competent"


TO_IMPLEMENT: frozenset[CityDecision] = frozenset(
    {CityDecision.ADOPTED, CityDecision.AMENDED, CityDecision.PARTLY}
)
"""After these the city owes measures."""
REALLY_DECIDED: frozenset[CityDecision] = TO_IMPLEMENT | {CityDecision.REJECTED}
"""What counts as a decision in any statistics."""


class Position(StrEnum):
    """What the administration thinks of a motion."""

    AGREE = "agree"
    AGREE_WITH_ADDITIONS = "agree_with_additions"
    ALTERNATIVE = "alternative"
    REJECT = "reject"
    ALREADY_BEING_DONE = "already_being_done"
    STATUS_REPORT = "status_report"


def next_stage(stage: Stage, act: Act) -> Stage:
    """Where ``act`` leads from ``stage``. Raises DomainError ``motion_act_not_now`` (``stage``, ``act``)."""
    if (stage, act) not in WAY:
        raise DomainError("motion_act_not_now", stage=stage.value, act=act.value)
    return WAY[stage, act]


def carried_to(lapsed_in: Stage) -> Stage:
    """Where a motion stands that somebody takes over: one that lapsed before it was admitted is checked anew."""
    return S.SUBMITTED if lapsed_in in NOT_ADMITTED else next_stage(S.LAPSED, A.CARRY_OVER)


def term_is_over(ends_on: date, today: date) -> bool:
    """Whether what was not dealt with in the term that ends on ``ends_on`` may lapse."""
    return today > ends_on


def check_lapse(stage: Stage, ends_on: date, today: date, *, handed_in: bool) -> None:
    """Nothing lapses before its term has ended, and no draft that was never handed in.

    Raises ``motion_act_not_now`` (``stage``, ``act``) or ``term_not_over`` (``day``, the term's last one).
    """
    if not handed_in:
        raise DomainError("motion_act_not_now", stage=stage.value, act=A.LAPSE.value)
    if not term_is_over(ends_on, today):
        raise DomainError("term_not_over", day=ends_on)


def acts_in(stage: Stage, kind: MotionKind, decision: CityDecision | None = None) -> list[Act]:
    """What may be done with a motion of ``kind`` in ``stage``, in the order in which it is usually done."""
    return [act for act in Act if (stage, act) in WAY and _fits(stage, act, kind, decision)]


def check_act(
    stage: Stage,
    act: Act,
    kind: MotionKind,
    parts: Collection[Part],
    *,
    reason: str = "",
    decision: CityDecision | None = None,
) -> None:
    """Whether somebody who acts as any of ``parts`` may do ``act`` with a motion of ``kind`` now.

    ``decision`` is the city's, once there is one. Raises, all together, ``motion_act_not_now`` (``stage``, ``act``),
    ``act_not_for_kind`` (``kind``, ``act``), ``nothing_to_implement``, ``implementation_owed``, ``motion_act_not_yours``
    (``act``), ``motion_reason_missing``, ``motion_reason_too_long`` (``limit``).
    """
    errors = []
    if (stage, act) not in WAY:
        errors.append(DomainError("motion_act_not_now", stage=stage.value, act=act.value))
    elif not _fits_kind(stage, act, kind):
        errors.append(DomainError("act_not_for_kind", kind=kind.value, act=act.value))
    elif not _fits(stage, act, kind, decision):
        errors.append(DomainError("implementation_owed" if act is A.CLOSE else "nothing_to_implement"))
    if not DOES[act].intersection(parts):
        errors.append(DomainError("motion_act_not_yours", act=act.value))
    if act in NEEDS_REASON and not clean(reason):
        errors.append(DomainError("motion_reason_missing"))
    if len(reason) > REASON_LENGTH:
        errors.append(DomainError("motion_reason_too_long", limit=REASON_LENGTH))
    raise_all(errors)


def _fits(stage: Stage, act: Act, kind: MotionKind, decision: CityDecision | None) -> bool:
    owed = decision in TO_IMPLEMENT
    if (stage, act) in ((S.DECIDED, A.PLAN), (S.DECIDED, A.EXTEND)):
        return owed
    if (stage, act) == (S.DECIDED, A.CLOSE):
        return not owed
    return _fits_kind(stage, act, kind)


def _fits_kind(stage: Stage, act: Act, kind: MotionKind) -> bool:
    """A question goes straight to the city, whose position is the answer; a statement only has to be acknowledged."""
    question, statement = kind is MotionKind.QUESTION, kind is MotionKind.STATEMENT
    if act is A.FORWARD:
        return question == (stage is S.ADMISSIBLE)
    if act in (A.SCHEDULE, A.CARRY_OVER) and question:
        return act is A.CARRY_OVER
    if act is A.FILE_POSITION:
        return not statement
    if act is A.DECIDE:
        return not question
    if act is A.CLOSE:
        return {S.POSITION_FILED: question, S.ACKNOWLEDGED: statement}.get(stage, True)
    if act is A.EXTEND:
        steps = {MotionKind.QUESTION: (S.FORWARDED, S.ACKNOWLEDGED), MotionKind.STATEMENT: (S.FORWARDED,)}
        return stage in steps.get(kind, (stage,))
    return True


def check_return_day(act: Act, returns_on: date | None, today: date) -> None:
    """Whoever refers or postpones says until when. Raises ``return_day_missing`` or ``return_day_past``."""
    if act not in NEEDS_RETURN_DAY:
        return
    if returns_on is None:
        raise DomainError("return_day_missing", act=act.value)
    if returns_on <= today:
        raise DomainError("return_day_past", day=returns_on)
