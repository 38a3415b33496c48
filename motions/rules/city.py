"""What the city's side has to say at each step, and who may say it with or without a source.

Source: ``reference/motions.md`` section 2. The council's office may enter the city's steps, so that the clock runs without
the city's help; then the paper that it was taken from is attached, for everybody to read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import DomainError, raise_all
from core.localized import clean
from motions.rules.stages import REALLY_DECIDED, Act, CityDecision, Part, Position

TEXT_LENGTH = 8000
"""Characters of a position, a legal note, a decision's wording or a report."""
LINE_LENGTH = 200
"""Characters of a reference, a body's name or a measure's title."""
MOST_CENTS = 10**14

CITY_ACTS: frozenset[Act] = frozenset(
    {Act.ACKNOWLEDGE, Act.FILE_POSITION, Act.DECIDE, Act.EXTEND, Act.PLAN, Act.UPDATE, Act.CLAIM_DONE}
)
"""What the city does."""
OF_A_MEASURE: frozenset[Act] = frozenset({Act.UPDATE, Act.EXTEND})
"""What the department of one measure does for that measure, and for nothing else of the motion."""
NEEDS_EVIDENCE: frozenset[Act] = frozenset({Act.CLAIM_DONE})
"""Where a paper is attached whoever says it."""
CORRECTABLE: frozenset[Act] = frozenset({Act.ACKNOWLEDGE, Act.FILE_POSITION, Act.DECIDE})
"""What may have been entered wrongly; everything else is set right by the next report."""


class MeasureState(StrEnum):
    """How far a measure is."""

    PLANNED = "planned"
    RUNNING = "running"
    DELAYED = "delayed"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PositionFacts:
    """What the administration thinks, in its words; what it would cost; whether it is lawful."""

    position: str
    text: str
    cents: int | None = None
    legal: str = ""


@dataclass(frozen=True, slots=True)
class Votes:
    """How the city's body voted; ``abstain`` may be left out."""

    yes: int | None = None
    no: int | None = None
    abstain: int | None = None

    def __bool__(self) -> bool:
        return any(count is not None for count in (self.yes, self.no, self.abstain))


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What became of it: by which body, with which votes, in which words."""

    decision: str
    body: str
    wording: str = ""
    votes: Votes = Votes()


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """How far a measure is, in words; a delayed one has a new day."""

    state: str
    text: str
    new_due_on: date | None = None


def whose(act: Act, parts: Collection[Part], *, own_measure: bool = False) -> frozenset[Part]:
    """As whom the city's acts are recorded: who belongs to the responsible department acts for it, not for the office.

    With ``own_measure`` it is about a measure of somebody's own department, which is then the city's.
    """
    held = frozenset(parts)
    if own_measure and act in OF_A_MEASURE:
        held |= {Part.CITY}
    return held - {Part.OFFICE} if act in CITY_ACTS and Part.CITY in held else held


def needs_source(act: Act, parts: Collection[Part]) -> bool:
    """Whether a paper must be attached: to what the office enters for the city, and to every claim."""
    return act in NEEDS_EVIDENCE or (act in CITY_ACTS and Part.CITY not in parts)


def check_source(act: Act, parts: Collection[Part], *, attached: bool) -> None:
    """Raises ``city_evidence_missing`` or ``city_source_missing``."""
    if attached or not needs_source(act, parts):
        return
    raise DomainError("city_evidence_missing" if act in NEEDS_EVIDENCE else "city_source_missing")


def check_reference(reference: str) -> None:
    """The city's own number for the matter. Raises ``city_reference_missing``, ``city_line_too_long`` (``limit``)."""
    raise_all(_line(reference, "city_reference_missing"))


def check_position(facts: PositionFacts) -> None:
    """Raises, together, ``city_position_missing``, ``city_text_missing``, ``city_text_too_long`` (``limit``),
    ``city_cents_range``."""
    errors = []
    if facts.position not in set(Position):
        errors.append(DomainError("city_position_missing"))
    errors += _text(facts.text, needed=True)
    errors += _text(facts.legal, needed=False)
    errors += _cents(facts.cents)
    raise_all(errors)


def check_decision(facts: DecisionFacts) -> None:
    """Votes are given whole, fit the outcome, and stand only where something was decided.

    Raises, together, ``city_decision_missing``, ``city_body_missing``, ``city_line_too_long`` (``limit``),
    ``city_text_too_long`` (``limit``), ``city_wording_missing``, ``city_votes_incomplete``, ``city_votes_negative``,
    ``city_votes_without_decision``, ``city_votes_contradict``.
    """
    errors = []
    known = facts.decision in set(CityDecision)
    if not known:
        errors.append(DomainError("city_decision_missing"))
    errors += _line(facts.body, "city_body_missing")
    errors += _text(facts.wording, needed=False)
    changed = facts.decision in (CityDecision.AMENDED, CityDecision.PARTLY)
    if changed and not clean(facts.wording):
        errors.append(DomainError("city_wording_missing"))
    errors += _votes(facts) if known else []
    raise_all(errors)


def _votes(facts: DecisionFacts) -> list[DomainError]:
    votes = facts.votes
    if not votes:
        return []
    if CityDecision(facts.decision) not in REALLY_DECIDED:
        return [DomainError("city_votes_without_decision")]
    if votes.yes is None or votes.no is None:
        return [DomainError("city_votes_incomplete")]
    if min(votes.yes, votes.no, votes.abstain or 0) < 0:
        return [DomainError("city_votes_negative")]
    if (facts.decision == CityDecision.REJECTED) == (votes.yes > votes.no):
        return [DomainError("city_votes_contradict")]
    return []


def check_measure(title: str, due_on: date | None, cents: int | None, today: date) -> None:
    """A measure has a title and a day to come. Raises, together, ``measure_title_missing``, ``city_line_too_long``
    (``limit``), ``measure_day_missing``, ``measure_day_past``, ``city_cents_range``."""
    errors = _line(title, "measure_title_missing")
    if due_on is None:
        errors.append(DomainError("measure_day_missing"))
    elif due_on < today:
        errors.append(DomainError("measure_day_past"))
    errors += _cents(cents)
    raise_all(errors)


def check_report(facts: ReportFacts, due_on: date, today: date, *, attached: bool) -> None:
    """A report says how far a measure is, in words; whoever is delayed names a later day; whoever is done shows it.

    Raises, together, ``measure_state_missing``, ``city_text_missing``, ``city_text_too_long`` (``limit``),
    ``measure_new_day_missing``, ``measure_new_day_not_later`` (``day``), ``measure_not_delayed``,
    ``city_evidence_missing``.
    """
    errors = []
    if facts.state not in set(MeasureState):
        errors.append(DomainError("measure_state_missing"))
    errors += _text(facts.text, needed=True)
    if facts.state == MeasureState.DELAYED:
        if facts.new_due_on is None:
            errors.append(DomainError("measure_new_day_missing"))
        elif facts.new_due_on <= max(due_on, today):
            errors.append(DomainError("measure_new_day_not_later", day=max(due_on, today)))
    elif facts.new_due_on is not None:
        errors.append(DomainError("measure_not_delayed"))
    if facts.state == MeasureState.DONE and not attached:
        errors.append(DomainError("city_evidence_missing"))
    raise_all(errors)


def check_claim(text: str, states: Collection[str]) -> None:
    """The claim that all is done stands on measures that are done, or were stopped in public.

    Raises, together, ``city_text_missing``, ``city_text_too_long`` (``limit``), ``measures_unfinished`` (``count``).
    """
    errors = _text(text, needed=True)
    unfinished = sum(state not in (MeasureState.DONE, MeasureState.STOPPED) for state in states)
    if unfinished:
        errors.append(DomainError("measures_unfinished", count=unfinished))
    raise_all(errors)


def _line(text: str, missing: str) -> list[DomainError]:
    if not clean(text):
        return [DomainError(missing)]
    return [DomainError("city_line_too_long", limit=LINE_LENGTH)] * (len(text) > LINE_LENGTH)


def _text(text: str, *, needed: bool) -> list[DomainError]:
    if needed and not clean(text):
        return [DomainError("city_text_missing")]
    return [DomainError("city_text_too_long", limit=TEXT_LENGTH)] * (len(text) > TEXT_LENGTH)


def _cents(cents: int | None) -> list[DomainError]:
    wrong = cents is not None and not 0 <= cents <= MOST_CENTS
    return [DomainError("city_cents_range")] * wrong
