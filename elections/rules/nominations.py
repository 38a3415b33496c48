"""The way of a nomination: what may happen to it when, and what it must hold. Pure. Source: ``domain.md`` ("Nominations")."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.errors import Conflict, DomainError, raise_all
from core.localized import clean
from elections.eligibility.composed import AllOf
from elections.eligibility.criteria import Criterion, Supporters
from elections.rules.deadlines import Step, Timetable
from elections.rules.stages import Stage
from followup.rules import Outcome

NAME_LENGTH = 120
ADDRESS_LENGTH = 300
STATEMENT_LENGTH = 1500
"""Characters of a statement in one language: half a page of the booklet."""
NOTE_LENGTH = 1000


class State(StrEnum):
    """Where a nomination stands."""

    RECEIVED = "received"
    MENDING = "mending"
    """Something is missing, was named, and can be mended until a day."""
    PREPARED = "prepared"
    """A decision is written and waits for the second person."""
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What happens to a nomination."""

    SUPPORT = "support"
    MEND = "mend"
    CHECK = "check"
    REQUEST_MENDING = "request_mending"
    PREPARE = "prepare"
    TAKE_BACK = "take_back"
    ADMIT = "admit"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


S, E = State, Event

WAY: Mapping[tuple[State, Event], State] = {
    (S.RECEIVED, E.SUPPORT): S.RECEIVED,
    (S.RECEIVED, E.MEND): S.RECEIVED,
    (S.RECEIVED, E.CHECK): S.RECEIVED,
    (S.RECEIVED, E.REQUEST_MENDING): S.MENDING,
    (S.RECEIVED, E.PREPARE): S.PREPARED,
    (S.RECEIVED, E.WITHDRAW): S.WITHDRAWN,
    (S.MENDING, E.SUPPORT): S.MENDING,
    (S.MENDING, E.MEND): S.RECEIVED,
    (S.MENDING, E.CHECK): S.MENDING,
    (S.MENDING, E.REQUEST_MENDING): S.MENDING,
    (S.MENDING, E.PREPARE): S.PREPARED,
    (S.MENDING, E.WITHDRAW): S.WITHDRAWN,
    (S.PREPARED, E.TAKE_BACK): S.RECEIVED,
    (S.PREPARED, E.ADMIT): S.ADMITTED,
    (S.PREPARED, E.REFUSE): S.REFUSED,
    (S.PREPARED, E.WITHDRAW): S.WITHDRAWN,
    (S.ADMITTED, E.REFUSE): S.REFUSED,
    (S.ADMITTED, E.WITHDRAW): S.WITHDRAWN,
    (S.REFUSED, E.ADMIT): S.ADMITTED,
    (S.REFUSED, E.WITHDRAW): S.WITHDRAWN,
}
"""The only way a nomination moves. Once decided, it is decided the other way when an objection to it is upheld."""

UNDECIDED = frozenset({S.RECEIVED, S.MENDING, S.PREPARED})


class Decision(StrEnum):
    """What an officer prepares and a second person releases."""

    ADMIT = "admit"
    REFUSE = "refuse"


OUTCOMES: Mapping[Decision, Outcome] = {
    Decision.ADMIT: Outcome.ACCEPTED,
    Decision.REFUSE: Outcome.NOT_ACCEPTED,
}
"""What the answer to a nomination says of the decision on it."""


class Ground(StrEnum):
    """Why a nomination is refused."""

    NOT_ELIGIBLE = "not_eligible"
    NOT_MENDED = "not_mended"
    TOO_FEW_SUPPORTERS = "too_few_supporters"
    NOT_SERIOUS = "not_serious"
    """No such person, or not handed in by them."""


class Method(StrEnum):
    """How an officer found out. What the evidence said is kept nowhere."""

    REGISTER = "register"
    SEEN = "seen"
    DECLARED = "declared"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class NewNomination:
    """What a form sends in. ``statements`` are by language; ``language`` is the one they were written in."""

    name: str
    address: str
    contact: str = ""
    group_key: str = ""
    list_name: str = ""
    language: str = "en"
    statements: Mapping[str, str] = field(default_factory=dict)
    consents: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the vetting checklist: a criterion by its place in the rule."""

    key: str
    criterion: Criterion


def next_state(state: State, event: Event) -> State:
    """Where ``event`` leads from ``state``. Raises DomainError ``nomination_state`` (``state``)."""
    if (state, event) not in WAY:
        raise DomainError("nomination_state", state=state.value)
    return WAY[state, event]


def check_open(stage: Stage, timetable: Timetable, today: date) -> None:
    """Whether nominations are taken in. Raises ``nominations_not_open_yet`` or ``nominations_closed`` (``day``)."""
    if today < timetable[Step.NOMINATIONS_OPEN] or stage is Stage.PREPARED:
        raise DomainError("nominations_not_open_yet", day=timetable[Step.NOMINATIONS_OPEN])
    if today > timetable[Step.NOMINATIONS_CLOSE] or stage is not Stage.CALLED:
        raise DomainError("nominations_closed", day=timetable[Step.NOMINATIONS_CLOSE])


def check_mending(stage: Stage, timetable: Timetable, today: date) -> None:
    """Whether nominations can still be mended and supported. Raises ``mending_closed`` (``day``)."""
    if today > timetable[Step.MENDING_CLOSES] or stage is not Stage.CALLED:
        raise DomainError("mending_closed", day=timetable[Step.MENDING_CLOSES])


def check_nomination(
    new: NewNomination, *, groups: Collection[str], lists: bool, languages: Collection[str]
) -> None:
    """Whether a nomination holds what it must.

    Raises, all together, ``name_missing``, ``name_too_long``, ``address_missing``, ``address_too_long``,
    ``group_missing``, ``list_missing``, ``statement_missing``, ``statement_too_long`` (``limit``),
    ``language_unknown``, ``consent_missing``.
    """
    errors = _statement_problems(new.statements, new.language, languages)
    if not clean(new.name):
        errors.append(DomainError("nominee_missing"))
    if len(new.name) > NAME_LENGTH or "\n" in clean(new.name):
        errors.append(DomainError("nominee_too_long", limit=NAME_LENGTH))
    if not clean(new.address):
        errors.append(DomainError("nominee_address_missing"))
    if len(new.address) > ADDRESS_LENGTH:
        errors.append(DomainError("nominee_address_too_long", limit=ADDRESS_LENGTH))
    if groups and new.group_key not in groups:
        errors.append(DomainError("nominee_group_missing"))
    if lists and not clean(new.list_name):
        errors.append(DomainError("nominee_list_missing"))
    if len(new.list_name) > NAME_LENGTH:
        errors.append(DomainError("nominee_list_too_long", limit=NAME_LENGTH))
    if not new.consents:
        errors.append(DomainError("consent_missing"))
    raise_all(errors)


def check_statements(statements: Mapping[str, str], language: str, languages: Collection[str]) -> None:
    """Raises, all together, ``statement_missing``, ``statement_too_long`` (``limit``), ``language_unknown``."""
    raise_all(_statement_problems(statements, language, languages))


def check_support(name: str, address: str) -> None:
    """Raises, all together, ``supporter_missing``, ``supporter_address_missing``, ``supporter_too_long`` (``limit``)."""
    errors = []
    if not clean(name):
        errors.append(DomainError("supporter_missing"))
    if not clean(address):
        errors.append(DomainError("supporter_address_missing"))
    if len(name) > NAME_LENGTH or len(address) > ADDRESS_LENGTH:
        errors.append(DomainError("supporter_too_long", limit=NAME_LENGTH))
    raise_all(errors)


def check_decision(decision: str, ground: str, reason: str, results: Collection[str]) -> None:
    """Whether this decision can be prepared, with the results of every line of the checklist.

    Only what meets every line is admitted; a refusal has a ground and a reason. Raises, all together,
    ``decision_unknown``, ``vetting_incomplete``, ``ground_missing``, ``refusal_reason_missing``, ``note_too_long``.
    """
    errors = []
    if decision not in set(Decision):
        errors.append(DomainError("decision_unknown"))
    if decision == Decision.ADMIT and any(result != "met" for result in results):
        errors.append(DomainError("vetting_incomplete"))
    if decision == Decision.REFUSE:
        if ground not in set(Ground):
            errors.append(DomainError("ground_missing"))
        if not clean(reason):
            errors.append(DomainError("refusal_reason_missing"))
    if len(reason) > NOTE_LENGTH:
        errors.append(DomainError("note_too_long", limit=NOTE_LENGTH))
    raise_all(errors)


def check_anew(state: State, ground: str, told: str | None) -> Decision:
    """What an upheld objection makes of a nomination that was decided: the opposite. ``told`` is its answer's outcome.

    Whoever was admitted is refused on a ``ground``, and whoever was refused is admitted. The answer to the nomination says
    so first, as a corrected version of two persons: nobody is taken off the ballot without reading why. Raises
    ``nomination_state`` (``state``), or together ``ground_missing`` and Conflict ``decision_not_told``.
    """
    decision = Decision.REFUSE if state is State.ADMITTED else Decision.ADMIT
    if state not in (State.ADMITTED, State.REFUSED):
        raise DomainError("nomination_state", state=state.value)
    errors: list[DomainError] = []
    if decision is Decision.REFUSE and ground not in set(Ground):
        errors.append(DomainError("ground_missing"))
    if told != OUTCOMES[decision]:
        errors.append(Conflict("decision_not_told"))
    raise_all(errors)
    return decision


def check_erasing(stage: Stage, day: date, unanswered: int, today: date) -> None:
    """Whether what vetting alone needed may go; ``day`` is the timetable's.

    Raises, together, Conflict ``erasing_too_early`` (``day``), ``erasing_still_needed`` or ``erasing_unanswered``
    (``count``): a delayed election is not over because a day has come. An abandoned one waits for no day.
    """
    errors: list[DomainError] = []
    if stage not in (Stage.PUBLISHED, Stage.CONCLUDED, Stage.ABANDONED):
        errors.append(Conflict("erasing_still_needed"))
    if stage is not Stage.ABANDONED and today < day:
        errors.append(Conflict("erasing_too_early", day=day))
    if unanswered:
        errors.append(Conflict("erasing_unanswered", count=unanswered))
    raise_all(errors)


def questions(standing: Criterion) -> Iterator[Question]:
    """The lines of the vetting checklist: each part of what is asked of candidates, by its place and name."""
    parts = standing.parts if isinstance(standing, AllOf) else (standing,)
    for place, part in enumerate(parts, start=1):
        yield Question(f"{place}-{part.rule}", part)


def is_counted(criterion: Criterion) -> bool:
    """Whether this site counts by itself whether ``criterion`` is met."""
    return isinstance(criterion, Supporters)


def _statement_problems(
    statements: Mapping[str, str], language: str, languages: Collection[str]
) -> list[DomainError]:
    errors = []
    if language not in languages or set(statements) - set(languages):
        errors.append(DomainError("language_unknown", language=language[:20]))
    if not clean(statements.get(language, "")):
        errors.append(DomainError("statement_missing"))
    if any(len(text) > STATEMENT_LENGTH for text in statements.values()):
        errors.append(DomainError("statement_too_long", limit=STATEMENT_LENGTH))
    return errors
