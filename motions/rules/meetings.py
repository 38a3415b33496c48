"""Meetings: their states, who is there and may vote on an item, what is voted on under it, and what follows.

Sources: ``domain.md`` ("Meetings"), ``reference/motions.md`` section 2. A personal deputy counts and votes only while the
member is away. What follows from a vote follows by rule: nobody chooses it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import DomainError, raise_all
from motions.rules.stages import Act, Stage

TITLE_LENGTH = 200
TEXT_LENGTH = 20_000
"""Characters of what is noted of a discussion; minutes may have ``MINUTES_LENGTH``."""
MINUTES_LENGTH = 200_000
MOST_CENTS = 1_000_000


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    INVITED = "invited"
    OPEN = "open"
    HELD = "held"
    CANCELLED = "cancelled"


class MeetingAct(StrEnum):
    """What is done with a meeting."""

    CHANGE = "change"
    INVITE = "invite"
    PLACE = "place"
    OPEN = "open"
    RECORD = "record"
    """Presence, conflicts, votes, notes."""
    CLOSE = "close"
    CANCEL = "cancel"


S, A = MeetingState, MeetingAct

WAY: Mapping[tuple[MeetingState, MeetingAct], MeetingState] = {
    (S.PLANNED, A.CHANGE): S.PLANNED,
    (S.PLANNED, A.PLACE): S.PLANNED,
    (S.PLANNED, A.INVITE): S.INVITED,
    (S.PLANNED, A.CANCEL): S.CANCELLED,
    (S.INVITED, A.CHANGE): S.INVITED,
    (S.INVITED, A.PLACE): S.INVITED,
    (S.INVITED, A.OPEN): S.OPEN,
    (S.INVITED, A.CANCEL): S.CANCELLED,
    (S.OPEN, A.PLACE): S.OPEN,
    (S.OPEN, A.RECORD): S.OPEN,
    (S.OPEN, A.CLOSE): S.HELD,
}
"""The only way a meeting moves. After it was opened nothing but a vote is corrected."""


class ItemKind(StrEnum):
    """What an item of an agenda is about."""

    MINUTES = "minutes"
    """Those of the last meeting."""
    MOTION = "motion"
    APPEAL = "appeal"
    VERIFICATION = "verification"
    REOPENING = "reopening"
    OVERDUE = "overdue"
    REPORT = "report"
    OTHER = "other"


STAGES_OF: Mapping[ItemKind, frozenset[Stage]] = {
    ItemKind.MOTION: frozenset({Stage.ADMISSIBLE, Stage.REFERRED, Stage.POSTPONED}),
    ItemKind.APPEAL: frozenset({Stage.APPEALED}),
    ItemKind.VERIFICATION: frozenset({Stage.CLAIMED_DONE}),
    ItemKind.REOPENING: frozenset({Stage.CLOSED}),
    ItemKind.OVERDUE: frozenset(
        {Stage.FORWARDED, Stage.ACKNOWLEDGED, Stage.POSITION_FILED, Stage.DECIDED, Stage.IMPLEMENTING}
    ),
}
"""Where a motion must stand to be placed as an item of this kind; the others are about no motion."""


class About(StrEnum):
    """What a vote is on."""

    MOTION = "motion"
    AMENDMENT = "amendment"
    REFERRAL = "referral"
    POSTPONEMENT = "postponement"
    APPEAL = "appeal"
    VERIFICATION = "verification"
    REOPENING = "reopening"
    MINUTES = "minutes"
    PROCEDURE = "procedure"


VOTED_UNDER: Mapping[ItemKind, tuple[About, ...]] = {
    ItemKind.MOTION: (
        About.MOTION,
        About.AMENDMENT,
        About.REFERRAL,
        About.POSTPONEMENT,
        About.PROCEDURE,
    ),
    ItemKind.APPEAL: (About.APPEAL, About.PROCEDURE),
    ItemKind.VERIFICATION: (About.VERIFICATION, About.PROCEDURE),
    ItemKind.REOPENING: (About.REOPENING, About.PROCEDURE),
    ItemKind.MINUTES: (About.MINUTES, About.PROCEDURE),
    ItemKind.OVERDUE: (About.PROCEDURE,),
    ItemKind.REPORT: (About.PROCEDURE,),
    ItemKind.OTHER: (About.PROCEDURE,),
}
"""What may be voted on under an item, the usual first."""

FOLLOWS: Mapping[tuple[About, bool], Act] = {
    (About.MOTION, True): Act.ADOPT,
    (About.MOTION, False): Act.REJECT,
    (About.REFERRAL, True): Act.REFER,
    (About.POSTPONEMENT, True): Act.POSTPONE,
    (About.APPEAL, True): Act.UPHOLD_APPEAL,
    (About.APPEAL, False): Act.DISMISS_APPEAL,
    (About.VERIFICATION, True): Act.VERIFY,
    (About.VERIFICATION, False): Act.DISPUTE,
    (About.REOPENING, True): Act.REOPEN,
}
"""What becomes of the motion; nothing where a question of procedure, or a referral that was voted down, is not listed."""


def next_state(state: MeetingState, act: MeetingAct) -> MeetingState:
    """Where ``act`` leads. Raises DomainError ``meeting_act_not_now`` (``state``)."""
    if (state, act) not in WAY:
        raise DomainError("meeting_act_not_now", state=state.value)
    return WAY[state, act]


def act_after(about: About, adopted: bool, amended: bool) -> Act | None:
    """What a vote does to its motion; ``amended`` where amendments were accepted before it."""
    act = FOLLOWS.get((about, adopted))
    return Act.ADOPT_AMENDED if act is Act.ADOPT and amended else act


@dataclass(frozen=True, slots=True)
class Came:
    """A member came or went, from an item on: ``position`` is the item's, 0 at the beginning; ``sequence`` of recording."""

    member_id: int
    position: int
    sequence: int
    present: bool


def present_at(position: int, came: Iterable[Came]) -> set[int]:
    """Who is in the room at the item in this place, members and deputies alike."""
    known: dict[int, bool] = {}
    for each in sorted(came, key=lambda each: (each.position, each.sequence)):
        if each.position <= position:
            known[each.member_id] = each.present
    return {member_id for member_id, present in known.items() if present}


def counted(present: Collection[int], deputies: Mapping[int, int]) -> list[int]:
    """Who of those present counts and votes: ``deputies`` are by whose deputy they are, and silent beside them."""
    return sorted(each for each in present if deputies.get(each) not in present)


def check_members(member_ids: Collection[int], known: Collection[int]) -> None:
    """Raises ``member_not_of_council`` for anybody who does not sit on it that day."""
    if set(member_ids) - set(known):
        raise DomainError("member_not_of_council")


def check_order(order: Sequence[int], known: Collection[int]) -> None:
    """A new order names every item once. Raises ``agenda_order_wrong``."""
    if sorted(order) != sorted(known):
        raise DomainError("agenda_order_wrong")


def check_request(kind: str, text: str, cents: int | None) -> None:
    """Raises, together, ``request_kind_unknown``, ``request_text_missing``, ``request_too_long`` (``limit``),
    ``request_cents_missing`` (of expenses, up to 10,000 in money) and ``request_cents_needless``."""
    errors = []
    if kind not in ("interpreter", "childcare", "expenses"):
        errors.append(DomainError("request_kind_unknown"))
    if not text:
        errors.append(DomainError("request_text_missing"))
    if len(text) > 2000:
        errors.append(DomainError("request_too_long", limit=2000))
    if kind == "expenses" and not (cents and 0 < cents <= MOST_CENTS):
        errors.append(DomainError("request_cents_missing"))
    if kind != "expenses" and cents is not None:
        errors.append(DomainError("request_cents_needless"))
    raise_all(errors)
