"""A round's timetable and the phase that follows from it.

At least 30 days open; shorter, or mostly in July and August, needs a public reason (Croatia: Right of Access to
Information Act art. 11; see docs).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import DomainError, raise_all
from core.localized import clean

CODE = re.compile(r"[A-Z][A-Z0-9]{0,5}-[0-9]{2}(?:-[0-9]{1,2})?")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
TITLE_LENGTH = 200
TEXT_LENGTH = 5000


class Phase(StrEnum):
    """Where a round stands; derived from facts and today, stored nowhere."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    ANSWERED = "answered"
    CONCLUDED = "concluded"


@dataclass(frozen=True, slots=True)
class Timetable:
    """First and last day for comments (both included), the day answers are due, and the public reason if short."""

    opens_on: date
    closes_on: date
    answers_due_on: date
    short_reason: str = ""


def phase(
    published_on: date | None,
    opens_on: date,
    closes_on: date,
    unanswered: int,
    concluded_on: date | None,
    today: date,
) -> Phase:
    """The phase that follows from the facts. ``unanswered`` counts the round's open promises."""
    if concluded_on is not None:
        return Phase.CONCLUDED
    if published_on is None:
        return Phase.DRAFT
    if today < opens_on:
        return Phase.ANNOUNCED
    if today <= closes_on:
        return Phase.OPEN
    return Phase.CLOSED if unanswered else Phase.ANSWERED


def days_open(opens_on: date, closes_on: date) -> int:
    """How many days people can comment, first and last included."""
    return (closes_on - opens_on).days + 1


def mostly_summer(opens_on: date, closes_on: date) -> bool:
    """Whether more than half of the open days fall in July or August."""
    total = days_open(opens_on, closes_on)
    summer = sum((opens_on + timedelta(days=n)).month in (7, 8) for n in range(total))
    return summer * 2 > total


def needs_reason(opens_on: date, closes_on: date, minimum_days: int) -> bool:
    """Whether this timetable may stand only with a public reason."""
    return days_open(opens_on, closes_on) < minimum_days or mostly_summer(opens_on, closes_on)


def check_timetable(timetable: Timetable, minimum_days: int) -> None:
    """Refuse a timetable that cannot be: ``closes_before_opening``, ``due_before_closing``, ``open_too_long``,
    ``short_reason_missing`` (``days``, ``minimum``)."""
    errors = []
    if timetable.closes_on < timetable.opens_on:
        errors.append(DomainError("closes_before_opening"))
    elif days_open(timetable.opens_on, timetable.closes_on) > 1000:
        errors.append(DomainError("open_too_long", limit=1000))
    elif needs_reason(timetable.opens_on, timetable.closes_on, minimum_days) and not clean(
        timetable.short_reason
    ):
        errors.append(
            DomainError(
                "short_reason_missing",
                days=days_open(timetable.opens_on, timetable.closes_on),
                minimum=minimum_days,
            )
        )
    if timetable.answers_due_on <= timetable.closes_on:
        errors.append(DomainError("due_before_closing"))
    raise_all(errors)


def check_round(code: str, title: str, languages: tuple[str, ...], known_languages: tuple[str, ...]) -> None:
    """A round has a code such as ``AS-26``, a title and at least one language.

    Raises, together, ``code_form``, ``title_missing``, ``title_too_long``, ``languages_missing``, ``language_unknown``.
    """
    errors = []
    if not CODE.fullmatch(code):
        errors.append(DomainError("code_form", value=code[:40]))
    if not title.strip():
        errors.append(DomainError("title_missing"))
    elif len(title) > TITLE_LENGTH:
        errors.append(DomainError("title_too_long", limit=TITLE_LENGTH))
    if not languages:
        errors.append(DomainError("languages_missing"))
    errors += [
        DomainError("language_unknown", value=language[:40])
        for language in languages
        if not LANGUAGE.fullmatch(language)
    ]
    raise_all(errors)


def check_publishable(published_on: date | None, units: int, whole_title: str) -> None:
    """What must be there before the public sees a round: a draft with at least one measure, and a title."""
    errors = []
    if published_on is not None:
        errors.append(DomainError("already_published", day=published_on))
    if units == 0:
        errors.append(DomainError("draft_missing"))
    if not whole_title.strip():
        errors.append(DomainError("title_missing"))
    raise_all(errors)


def conclusion_obstacles(published_on: date | None, closes_on: date, today: date) -> list[DomainError]:
    """What besides unanswered promises keeps a round from being concluded.

    Nobody was ever asked (``round_not_public``), or people may still comment (``round_still_open``, ``day``).
    """
    errors = []
    if published_on is None:
        errors.append(DomainError("round_not_public"))
    if today <= closes_on:
        errors.append(DomainError("round_still_open", day=closes_on))
    return errors


def check_timetable_change(old: Timetable, new: Timetable, current: Phase, reason: str) -> None:
    """A published timetable changes only with a public reason, and never backwards for what people rely on.

    Raises, together, ``timetable_reason_missing``, ``opening_past``, ``closing_past``, ``closing_earlier`` (``day``),
    ``due_only_by_extension``; or ``round_concluded`` alone.
    """
    errors = []
    if current is Phase.CONCLUDED:
        errors.append(DomainError("round_concluded"))
    elif current is not Phase.DRAFT:
        if not clean(reason):
            errors.append(DomainError("timetable_reason_missing"))
        if current is not Phase.ANNOUNCED and new.opens_on != old.opens_on:
            errors.append(DomainError("opening_past"))
        if current in (Phase.CLOSED, Phase.ANSWERED) and new.closes_on != old.closes_on:
            errors.append(DomainError("closing_past"))
        if current is Phase.OPEN and new.closes_on < old.closes_on:
            errors.append(DomainError("closing_earlier", day=old.closes_on))
        if new.answers_due_on != old.answers_due_on and current is not Phase.ANNOUNCED:
            errors.append(DomainError("due_only_by_extension"))
    raise_all(errors)


def suggest_code(title: str, year: int) -> str:
    """A register code from a title's first letters and the year: "Arrive and stay", 2026 -> ``AS-26``."""
    words = [w for w in re.findall(r"[A-Za-z]+", title) if len(w) > 3 or w[0].isupper()] or ["R"]
    return "".join(word[0] for word in words[:3]).upper() + f"-{year % 100:02d}"
