"""What may be done with the roll, and when; what its corrections may say; what is committed to. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from core.errors import Conflict, DomainError, raise_all
from elections.rules.deadlines import Step, Timetable
from elections.rules.stages import Stage

IMPORTS = frozenset({Stage.PREPARED, Stage.CALLED, Stage.CANDIDATES})
"""Before the roll is opened for inspection. Afterwards it changes only by corrections, which need two persons."""
REGISTERS = frozenset({Stage.CALLED, Stage.CANDIDATES, Stage.ROLL})
"""While somebody whom the register misses may ask to be on the roll."""
OVER = frozenset({Stage.PUBLISHED, Stage.CONCLUDED})
MOST_CHANGES = 500
"""Changes in one proposal, so that a second person can look at each."""
MOST_PEOPLE = 10_000_000
NAME_LENGTH, STREET_LENGTH, POSTCODE_LENGTH = 200, 200, 20


class Kind(StrEnum):
    """What a correction does."""

    ADDED = "added"
    MENDED = "mended"
    """The person was on the roll, but not found eligible, or under another address."""
    STRUCK = "struck"


class Ground(StrEnum):
    """Why. It is public, beside a number and never a name."""

    EVIDENCE = "evidence"
    """An officer saw the evidence."""
    MOVED_AWAY = "moved_away"
    DIED = "died"
    NOT_ELIGIBLE = "not_eligible"
    DUPLICATE = "duplicate"
    OWN_WISH = "own_wish"
    MISTAKE = "mistake"


STRIKES = tuple(ground for ground in Ground if ground is not Ground.EVIDENCE)
"""The grounds on which somebody can be struck."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change that is proposed: a registration that comes onto the roll, or a roll number that is struck."""

    registration: int = 0
    strike: int = 0
    ground: Ground = Ground.EVIDENCE

    def plain(self) -> dict[str, object]:
        """As JSON types, for the facts of the act. Nothing in it names a person."""
        if self.registration:
            return {"registration": self.registration}
        return {"strike": self.strike, "ground": self.ground.value}


def read_changes(facts: Mapping[str, Any]) -> list[Change]:
    """The changes in an act's facts. Raises ``roll_changes_missing``, ``roll_changes_too_many`` (``limit``),
    ``roll_changes_unreadable`` or ``roll_change_twice`` (``number``)."""
    plain = facts.get("changes")
    if not isinstance(plain, list) or not plain:
        raise DomainError("roll_changes_missing")
    if len(plain) > MOST_CHANGES:
        raise DomainError("roll_changes_too_many", limit=MOST_CHANGES)
    changes = [_change(each) for each in plain]
    for field in ("registration", "strike"):
        numbers = [number for change in changes if (number := getattr(change, field))]
        twice = sorted({number for number in numbers if numbers.count(number) > 1})
        raise_all([DomainError("roll_change_twice", number=number) for number in twice])
    return changes


def _change(plain: object) -> Change:
    if isinstance(plain, dict):
        number, struck = plain.get("registration"), plain.get("strike")
        if set(plain) == {"registration"} and type(number) is int and 0 < number <= MOST_PEOPLE:
            return Change(registration=number)
        if set(plain) == {"strike", "ground"} and type(struck) is int and 0 < struck <= MOST_PEOPLE:
            ground = next((each for each in STRIKES if each.value == plain["ground"]), None)
            if ground is not None:
                return Change(strike=struck, ground=ground)
    raise DomainError("roll_changes_unreadable")


def check_import(stage: Stage) -> None:
    """Raises Conflict ``roll_import_over`` once the roll was opened for inspection."""
    if stage not in IMPORTS:
        raise Conflict("roll_import_over")


def apply_until(timetable: Timetable) -> date:
    """The last day to ask to be on the roll."""
    for step in (Step.ROLL_APPLICATIONS_CLOSE, Step.ROLL_CLOSES, Step.VOTING_OPENS):
        if step in timetable:
            return timetable[step]
    return timetable[Step.VOTING_CLOSES]


def check_registering(stage: Stage, timetable: Timetable, today: date) -> None:
    """Raises Conflict ``registering_closed`` (``day``) when nobody can ask to be on the roll now."""
    last = apply_until(timetable)
    if stage not in REGISTERS or today > last:
        raise Conflict("registering_closed", day=last)


def answer_due(timetable: Timetable, today: date) -> date:
    """By when whoever asks to be on the roll is answered: in time to vote."""
    days = [timetable[step] for step in (Step.ROLL_CLOSES, Step.VOTING_OPENS) if step in timetable]
    return next((day for day in days if day > today), timetable[Step.VOTING_CLOSES])


def check_person(name: str, street: str, postcode: str) -> None:
    """What a person must tell. Raises, together, ``person_name_missing``, ``person_street_missing``,
    ``person_postcode_missing``, and ``person_too_long``."""
    given = {"name": name, "street": street, "postcode": postcode}
    errors = [DomainError(f"person_{field}_missing") for field, text in given.items() if not text]
    if len(name) > NAME_LENGTH or len(street) > STREET_LENGTH or len(postcode) > POSTCODE_LENGTH:
        errors.append(DomainError("person_too_long"))
    raise_all(errors)


def deletion_day(timetable: Timetable) -> date | None:
    """The day from which the roll is deleted: after the window for objections to the result."""
    return timetable.get(Step.ROLL_DELETED)


def check_deletion(stage: Stage, timetable: Timetable, unanswered: int, today: date) -> None:
    """Raises, together, ``roll_still_needed``, ``roll_day_unset``, ``roll_kept_until`` (``day``) and
    ``roll_unanswered`` (``count``): while anybody may still object, or waits for an answer, the roll is evidence.

    An abandoned election needs its roll no longer.
    """
    if stage is Stage.ABANDONED:
        return
    errors: list[DomainError] = []
    day = deletion_day(timetable)
    if stage not in OVER:
        errors.append(Conflict("roll_still_needed"))
    if day is None:
        errors.append(DomainError("roll_day_unset"))
    elif today < day:
        errors.append(Conflict("roll_kept_until", day=day))
    if unanswered:
        errors.append(Conflict("roll_unanswered", count=unanswered))
    raise_all(errors)


def roll_hash(leaves: Iterable[tuple[int, bytes]]) -> str:
    """SHA-256 over roll numbers and salted digests, in the order of the numbers (hexadecimal).

    The salt follows from the election's key and is destroyed with it: afterwards nobody can try names against it.
    """
    total = hashlib.sha256()
    for number, leaf in sorted(leaves):
        total.update(number.to_bytes(4, "big"))
        total.update(leaf)
    return total.hexdigest()
