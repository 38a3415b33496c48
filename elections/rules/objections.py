"""Objections: to what, on which grounds, by which day, and what may follow from them. Pure.

The days come from the election's timetable and from ``RuleSet.windows``. Where a window hangs on a decision or a
publication that came later than planned, the person keeps all its days: nobody loses a right because the city was late.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import DomainError, raise_all
from core.localized import clean
from elections.rules.deadlines import Step, Timetable
from elections.rules.rule_sets import Matter
from elections.rules.stages import ActKind, Stage
from followup.rules import Outcome

TEXT_LENGTH = 6000
"""Characters of an objection: about two printed pages."""
LARGEST_ABOUT = 2**31 - 1
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
ANSWER_DAYS: Mapping[Matter, int] = {Matter.ROLL: 14, Matter.NOMINATION: 14, Matter.RESULT: 30}
"""Days in which an objection is answered; what concerns the vote is answered before voting opens."""


class Ground(StrEnum):
    """Why somebody objects."""

    NOT_ON_ROLL = "not_on_roll"
    WRONGLY_ON_ROLL = "wrongly_on_roll"
    WRONG_ENTRY = "wrong_entry"
    WRONGLY_REFUSED = "wrongly_refused"
    WRONGLY_ADMITTED = "wrongly_admitted"
    WRONG_COUNT = "wrong_count"
    WRONG_SEATS = "wrong_seats"
    KEPT_FROM_VOTING = "kept_from_voting"
    NOT_ELIGIBLE = "not_eligible"
    OTHER = "other"


G = Ground
GROUNDS: Mapping[Matter, tuple[Ground, ...]] = {
    Matter.ROLL: (G.NOT_ON_ROLL, G.WRONGLY_ON_ROLL, G.WRONG_ENTRY, G.OTHER),
    Matter.NOMINATION: (G.WRONGLY_REFUSED, G.WRONGLY_ADMITTED, G.WRONG_ENTRY, G.OTHER),
    Matter.RESULT: (G.WRONG_COUNT, G.WRONG_SEATS, G.KEPT_FROM_VOTING, G.NOT_ELIGIBLE, G.OTHER),
}
"""The grounds of each matter, in the order in which they are offered."""


class Effect(StrEnum):
    """What followed from an objection."""

    NONE = "none"
    ROLL_CHANGED = "roll_changed"
    NOMINATION_REOPENED = "nomination_reopened"
    COUNTED_ANEW = "counted_anew"


EFFECT_OF: Mapping[Matter, Effect] = {
    Matter.ROLL: Effect.ROLL_CHANGED,
    Matter.NOMINATION: Effect.NOMINATION_REOPENED,
    Matter.RESULT: Effect.COUNTED_ANEW,
}
"""What may follow from an accepted objection, besides nothing."""
DONE_BY: Mapping[Effect, ActKind] = {
    Effect.ROLL_CHANGED: ActKind.CHANGE_ROLL,
    Effect.COUNTED_ANEW: ActKind.SEND_BACK,
}
"""The act of two persons that an effect needs."""

S = Stage
STAGES: Mapping[Matter, frozenset[Stage]] = {
    Matter.ROLL: frozenset({S.ROLL, S.READY}),
    Matter.NOMINATION: frozenset({S.CALLED, S.CANDIDATES, S.ROLL, S.READY}),
    Matter.RESULT: frozenset({S.PUBLISHED}),
}
"""When an election takes in objections to each matter, apart from the days."""


@dataclass(frozen=True, slots=True)
class Window:
    """From which day to which, both included, something can be objected to."""

    first: date
    last: date


def window(
    matter: Matter,
    timetable: Timetable,
    windows: Mapping[Matter, int],
    *,
    told_on: date | None = None,
    published_on: date | None = None,
) -> Window | None:
    """The window for ``matter``; None while nothing is there yet to object to.

    ``told_on`` is the day on which the decision on one nomination was published; without it, the window is that for
    objections to the published candidates. ``published_on`` is the day of the result.
    """
    days = timedelta(windows[matter])
    if matter is Matter.ROLL:
        return Window(timetable[Step.ROLL_OPENS], timetable[Step.ROLL_OBJECTIONS_CLOSE])
    if matter is Matter.NOMINATION:
        first = told_on or timetable[Step.CANDIDATES_PUBLISHED]
        return Window(first, first + days)
    if published_on is None:
        return None
    return Window(published_on, max(published_on + days, timetable[Step.RESULT_OBJECTIONS_CLOSE]))


def check_open(matter: Matter, stage: Stage, found: Window | None, today: date) -> None:
    """Whether an objection to ``matter`` is taken in today.

    Raises ``objection_too_late`` (``matter``, ``day``), ``objection_too_early`` (``matter``, ``day``) or
    ``objection_not_now`` (``matter``), where the election itself is not there yet or not any more.
    """
    if found is not None and today > found.last:
        raise DomainError("objection_too_late", matter=matter.value, day=found.last)
    if found is not None and today < found.first:
        raise DomainError("objection_too_early", matter=matter.value, day=found.first)
    if found is None or stage not in STAGES[matter]:
        raise DomainError("objection_not_now", matter=matter.value)


def due_day(matter: Matter, timetable: Timetable, today: date) -> date:
    """By when an objection of today is answered: before voting opens where it is about the roll or a nomination."""
    due = today + timedelta(ANSWER_DAYS[matter])
    if matter is not Matter.RESULT:
        due = min(due, timetable[Step.VOTING_OPENS] - timedelta(1))
    return max(due, today)


def check_objection(matter: str, ground: str, text: str, language: str, about: int | None) -> None:
    """Whether an objection says what it must.

    Raises, all together, ``matter_unknown``, ``ground_missing``, ``ground_unknown``, ``objection_text_missing``,
    ``objection_text_too_long`` (``limit``), ``language_unknown`` (``value``), ``about_unreadable``,
    ``about_needed`` (whoever's nomination was refused names its number).
    """
    errors = []
    if matter not in set(Matter):
        errors.append(DomainError("matter_unknown"))
    elif not ground:
        errors.append(DomainError("ground_missing"))
    elif ground not in GROUNDS[Matter(matter)]:
        errors.append(DomainError("ground_unknown"))
    if not clean(text):
        errors.append(DomainError("objection_text_missing"))
    elif len(text) > TEXT_LENGTH:
        errors.append(DomainError("objection_text_too_long", limit=TEXT_LENGTH))
    if not LANGUAGE.fullmatch(language):
        errors.append(DomainError("language_unknown", value=language[:40]))
    if about is not None and not 1 <= about <= LARGEST_ABOUT:
        errors.append(DomainError("about_unreadable"))
    if ground == Ground.WRONGLY_REFUSED and about is None:
        errors.append(DomainError("about_needed"))
    raise_all(errors)


def check_effect(
    matter: Matter, effect: Effect, outcome: str | None, act: ActKind | None, decided: Effect | None
) -> None:
    """Whether ``effect`` may be recorded for an objection that was answered with ``outcome``, done by ``act``.

    Raises ``effect_decided`` (``effect``), ``effect_before_answer``, ``effect_not_accepted``, ``effect_of_other``
    (``effect``) or ``effect_without_act`` (``effect``).
    """
    if decided is not None:
        raise DomainError("effect_decided", effect=decided.value)
    if outcome is None:
        raise DomainError("effect_before_answer")
    if effect is Effect.NONE:
        if act is not None:
            raise DomainError("effect_of_other", effect=effect.value)
        return
    if outcome not in (Outcome.ACCEPTED, Outcome.PARTLY_ACCEPTED):
        raise DomainError("effect_not_accepted")
    if EFFECT_OF[matter] is not effect:
        raise DomainError("effect_of_other", effect=effect.value)
    if DONE_BY.get(effect) is not act:
        raise DomainError("effect_without_act", effect=effect.value)
