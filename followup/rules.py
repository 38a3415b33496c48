"""Pure decisions about promises and replies: due days, states, the reply's way, the closing gate.

Sources of the figures: ``domain.md`` ("The promise"). Days are calendar days in the city's time zone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from core.errors import DomainError, raise_all
from core.localized import clean

REASON_LENGTH = 8000
"""Characters that a reason may have: about three printed pages."""
NOTE_LENGTH = 1000


class PromiseKind(StrEnum):
    """What is owed.

    An ``answer`` is owed to what was received; a ``reconsideration`` to somebody who says "you misread me". A ``step``
    is owed on the way of a matter, and met by a recorded act of its procedure instead of a reply.
    """

    ANSWER = "answer"
    RECONSIDERATION = "reconsideration"
    STEP = "step"


class PromiseState(StrEnum):
    """Follows from facts; is stored nowhere."""

    OPEN = "open"
    ANSWERED = "answered"
    OVERDUE = "overdue"
    LONG_OVERDUE = "long_overdue"


class Outcome(StrEnum):
    """What became of it. There are these four and no "no answer"."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    NOT_ACCEPTED = "not_accepted"
    NOTED = "noted"


class ReplyState(StrEnum):
    """Where one version of a reply stands on its way to the public."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"


class ReplyEvent(StrEnum):
    """What people do to a version of a reply."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    DISCARD = "discard"


REPLY_WAY: Mapping[tuple[ReplyState, ReplyEvent], ReplyState | None] = {
    (ReplyState.DRAFT, ReplyEvent.EDIT): ReplyState.DRAFT,
    (ReplyState.DRAFT, ReplyEvent.SUBMIT): ReplyState.SUBMITTED,
    (ReplyState.DRAFT, ReplyEvent.DISCARD): None,
    (ReplyState.SUBMITTED, ReplyEvent.EDIT): ReplyState.DRAFT,
    (ReplyState.SUBMITTED, ReplyEvent.APPROVE): ReplyState.APPROVED,
    (ReplyState.SUBMITTED, ReplyEvent.SEND_BACK): ReplyState.DRAFT,
    (ReplyState.APPROVED, ReplyEvent.SEND_BACK): ReplyState.DRAFT,
    (ReplyState.APPROVED, ReplyEvent.PUBLISH): ReplyState.PUBLISHED,
}
"""The only way a version moves; ``None`` means it ceases to be. What is not listed is refused."""


def next_reply_state(state: ReplyState, event: ReplyEvent) -> ReplyState | None:
    """Where ``event`` leads from ``state``. Raises DomainError ``reply_state`` (``state``, ``event``)."""
    if (state, event) not in REPLY_WAY:
        raise DomainError("reply_state", state=state.value, event=event.value)
    return REPLY_WAY[state, event]


def promise_state(
    due_on: date, answered_on: date | None, today: date, long_overdue_days: int = 30
) -> PromiseState:
    """The state that follows from the facts: overdue on the day after the due day, long overdue 30 days after."""
    if answered_on is not None:
        return PromiseState.ANSWERED
    if today <= due_on:
        return PromiseState.OPEN
    return PromiseState.LONG_OVERDUE if (today - due_on).days >= long_overdue_days else PromiseState.OVERDUE


def due_day(closes_on: date, weeks: int) -> date:
    """The day all answers of a round are due: ``weeks`` after it closes. Raises DomainError ``day_out_of_range``."""
    try:
        return closes_on + timedelta(weeks=weeks)
    except OverflowError:
        raise DomainError("day_out_of_range") from None


def check_extension(
    due_on: date,
    new_due_on: date,
    reason: str,
    answered_on: date | None,
    extended_on: date | None,
    today: date,
) -> None:
    """An extension is granted before expiry, once, to a later day, with a public reason; else DomainErrors."""
    errors = []
    if answered_on is not None:
        errors.append(DomainError("already_answered"))
    if extended_on is not None:
        errors.append(DomainError("extended_before", day=extended_on))
    if today > due_on:
        errors.append(DomainError("extension_too_late", day=due_on))
    if new_due_on <= due_on:
        errors.append(DomainError("extension_not_later", day=due_on))
    if not clean(reason):
        errors.append(DomainError("extension_reason_missing"))
    if len(reason) > NOTE_LENGTH:
        errors.append(DomainError("note_too_long", limit=NOTE_LENGTH))
    raise_all(errors)


@dataclass(frozen=True, slots=True)
class ReplyText:
    """What an officer wrote. ``language`` is the original's; ``reasons`` holds it and its translations.

    ``change`` says what changes and when; ``changes`` and ``notes`` hold the other languages' versions of it and of
    ``correction_note``.
    """

    outcome: str
    language: str
    reasons: Mapping[str, str]
    change: str = ""
    correction_note: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def check_private_alone(kinds: Mapping[int, str], private: Collection[str]) -> None:
    """A private answer is for one reader. Raises ``private_alone`` (``numbers``) if one of several subjects is private.

    ``kinds`` are kinds of subjects by register number.
    """
    found = [number for number, kind in kinds.items() if kind in private]
    if found and len(kinds) > 1:
        raise DomainError("private_alone", numbers=found)


def check_reply(text: ReplyText, *, version: int, complete: bool = True) -> None:
    """A reply has one of four outcomes and a reason, always; a correction says what was wrong.

    ``complete=False`` lets an unfinished draft be saved. Raises the errors together: ``outcome_missing``,
    ``outcome_unknown``, ``reason_missing``, ``reason_too_long`` (``limit``), ``change_missing``,
    ``correction_note_missing``, ``note_too_long`` (``limit``, of a change or a note in any language).
    """
    errors = []
    if text.outcome and text.outcome not in set(Outcome):
        errors.append(DomainError("outcome_unknown", outcome=text.outcome))
    if complete and not text.outcome:
        errors.append(DomainError("outcome_missing"))
    if complete and not clean(text.reasons.get(text.language, "")):
        errors.append(DomainError("reason_missing"))
    if any(len(reason) > REASON_LENGTH for reason in text.reasons.values()):
        errors.append(DomainError("reason_too_long", limit=REASON_LENGTH))
    if complete and text.outcome in (Outcome.ACCEPTED, Outcome.PARTLY_ACCEPTED) and not clean(text.change):
        errors.append(DomainError("change_missing"))
    if complete and version > 1 and not clean(text.correction_note):
        errors.append(DomainError("correction_note_missing"))
    notes = (text.correction_note, *text.notes.values(), text.change, *text.changes.values())
    if any(len(note) > NOTE_LENGTH for note in notes):
        errors.append(DomainError("note_too_long", limit=NOTE_LENGTH))
    raise_all(errors)


def check_second_person(written_by: Collection[int], approver: int) -> None:
    """Who wrote or edited a reply cannot approve it. Raises DomainError ``second_person``."""
    if approver in written_by:
        raise DomainError("second_person")


def check_selection(wanted: Collection[int], free: Collection[int], numbers: Mapping[int, int]) -> None:
    """One answer goes to exactly the selected promises or to none.

    ``free`` are those among ``wanted`` that nobody has answered or is answering; ``numbers`` gives their register
    numbers. Raises DomainError ``selection_empty`` or ``selection_changed`` (``numbers``).
    """
    if not wanted:
        raise DomainError("selection_empty")
    taken = sorted(numbers.get(promise, 0) for promise in set(wanted) - set(free))
    if taken:
        raise DomainError("selection_changed", numbers=taken)


def check_written(kinds: Mapping[int, str]) -> None:
    """Steps are not dealt with as answers are: written, passed on or extended by number. ``kinds`` are by number.

    Raises DomainError ``step_not_written`` (``numbers``).
    """
    steps = sorted(number for number, kind in kinds.items() if kind == PromiseKind.STEP)
    if steps:
        raise DomainError("step_not_written", numbers=steps)


def check_step_day(opened_on: date, met_on: date, today: date) -> None:
    """A step was met on a day from its opening to today. Raises DomainError ``step_day`` (``day``: its opening)."""
    if not opened_on <= met_on <= today:
        raise DomainError("step_day", day=opened_on)


def check_register_open(concluded_on: date | None, kind: PromiseKind) -> None:
    """After conclusion only a reconsideration may be opened. Raises DomainError ``register_concluded``."""
    if concluded_on is not None and kind is not PromiseKind.RECONSIDERATION:
        raise DomainError("register_concluded", day=concluded_on)


def check_conclusion(
    concluded_on: date | None, unanswered: Sequence[int], obstacles: Sequence[DomainError] = ()
) -> None:
    """The closing gate: nothing is concluded while one promise is unanswered, in time or overdue.

    Raises, together with the procedure's own ``obstacles``, ``already_concluded`` (``day``) and
    ``promises_unanswered`` (``numbers``, ``count``).
    """
    errors = list(obstacles)
    if concluded_on is not None:
        errors.append(DomainError("already_concluded", day=concluded_on))
    if unanswered:
        errors.append(DomainError("promises_unanswered", numbers=list(unanswered), count=len(unanswered)))
    raise_all(errors)


def median(weighted: Mapping[int, int]) -> float | None:
    """The median of values given with their counts; None of nothing."""
    total = sum(weighted.values())
    if not total:
        return None

    def at(position: int) -> int:
        for value in sorted(weighted):
            position -= weighted[value]
            if position < 0:
                return value
        raise AssertionError("counts do not add up")

    return (at((total - 1) // 2) + at(total // 2)) / 2
