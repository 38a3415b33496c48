"""Whether a motion may be dealt with: a checklist with grounds, and the rule against repeating.

Source: ``domain.md``; Saxony § 36(5): a matter that was dealt with in the last six months is blocked, unless facts or law
have changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from core.errors import DomainError, raise_all
from core.texts import fold
from motions.rules.deadlines import add_months
from motions.rules.stages import Act

REPEAT_MONTHS = 6
ALIKE = 0.25
"""From this share of common word pairs on, an earlier motion is shown beside a new one."""
MOST_ALIKE = 5


class Criterion(StrEnum):
    """What the office looks at."""

    COMPETENT = "competent"
    """The council may speak about it."""
    CLEAR = "clear"
    """It says who should do what."""
    LAWFUL = "lawful"
    NOT_PERSONAL = "not_personal"
    """It insults nobody and names no private person."""
    COSTS = "costs"
    """What it costs is said where it costs something."""
    NOT_REPEATED = "not_repeated"


REFUSES: frozenset[Criterion] = frozenset({Criterion.COMPETENT, Criterion.LAWFUL, Criterion.NOT_REPEATED})
"""What makes a motion inadmissible. Anything else can be mended, so it is returned."""


class Finding(StrEnum):
    """What was found for a criterion."""

    MET = "met"
    NOT_MET = "not_met"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A motion that was dealt with before: when the council voted on it."""

    number: int
    title: str
    text: str
    dealt_on: date


def check_findings(act: Act, findings: Mapping[Criterion, Finding]) -> list[Criterion]:
    """The grounds on which ``act`` (admit, return or refuse) stands.

    Raises ``finding_missing`` (``criteria``), ``grounds_against`` when something unmet would be admitted,
    ``finding_ground_missing`` (``act``) when nothing speaks for returning or refusing.
    """
    missing = [criterion for criterion in Criterion if criterion not in findings]
    if missing:
        raise DomainError("finding_missing", criteria=[each.value for each in missing])
    unmet = [criterion for criterion in Criterion if findings[criterion] is Finding.NOT_MET]
    if act is Act.ADMIT and unmet:
        raise DomainError("grounds_against", criteria=[each.value for each in unmet])
    if act is Act.RETURN:
        unmet = [criterion for criterion in unmet if criterion not in REFUSES]
    if act is Act.REFUSE:
        unmet = [criterion for criterion in unmet if criterion in REFUSES]
    if act is not Act.ADMIT and not unmet:
        raise DomainError("finding_ground_missing", act=act.value)
    return unmet


def blocked_until(dealt_on: date) -> date:
    """The last day on which the same matter is a repetition."""
    return add_months(dealt_on, REPEAT_MONTHS)


def check_repetition(earlier: Earlier | None, submitted_on: date) -> None:
    """Whoever refuses a motion as repeated names the earlier one. Raises, as one or together, ``earlier_missing``,
    ``earlier_too_old`` (``number``, ``until``)."""
    if earlier is None:
        raise DomainError("earlier_missing")
    until = blocked_until(earlier.dealt_on)
    raise_all([DomainError("earlier_too_old", number=earlier.number, until=until)] * (submitted_on > until))


def alike(
    title: str, text: str, submitted_on: date, earlier: Sequence[Earlier]
) -> list[tuple[Earlier, float]]:
    """Earlier motions of the last six months that are about the same, the most alike first; for people to judge.

    Alike is the share of word pairs that both have, of the shorter one's (overlap coefficient), folded as search folds.
    """
    mine = _pairs(title, text)
    found = []
    for each in earlier:
        if submitted_on > blocked_until(each.dealt_on):
            continue
        theirs = _pairs(each.title, each.text)
        fewer = min(len(mine), len(theirs))
        share = len(mine & theirs) / fewer if fewer else 0.0
        if share >= ALIKE:
            found.append((each, share))
    found.sort(key=lambda pair: (-pair[1], pair[0].number))
    return found[:MOST_ALIKE]


def _pairs(title: str, text: str) -> set[tuple[str, str]]:
    words = fold(f"{title} {text}").split()
    return set(pairwise(words))
