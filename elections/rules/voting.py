"""When voting may open, be extended and close. Pure: moments come in, the lines of a checklist come out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from elections.rules.checklists import Check

CLOSES_AT = "closes_at"
"""The fact of an extension: the new closing moment, as ISO 8601 with its offset."""


def opening(now: datetime, opens_at: datetime, closes_at: datetime, reason: str) -> list[Check]:
    """Voting opens at its announced moment, or earlier for a public reason, and before it would close."""
    return [
        Check("opening_reached", now >= opens_at or bool(reason), parameters={"moment": opens_at}),
        Check("closing_ahead", now < closes_at, parameters={"moment": closes_at}),
    ]


def closing(now: datetime, closes_at: datetime) -> list[Check]:
    """Voting never closes before its moment: whoever relied on it would lose the vote."""
    return [Check("closing_reached", now >= closes_at, parameters={"moment": closes_at})]


def resuming(now: datetime, closes_at: datetime) -> list[Check]:
    """Resuming after the closing moment is allowed, since only then it can be closed; but nobody could vote."""
    return [Check("time_left", now < closes_at, needed=False, parameters={"moment": closes_at})]


def extension(
    facts: Mapping[str, Any], now: datetime, closes_at: datetime, last_day: date, today_of_new: date | None
) -> list[Check]:
    """The new closing moment must be later than the old one and still to come; better not after the finding."""
    wanted = read_moment(facts.get(CLOSES_AT))
    return [
        Check(
            "extension_later",
            wanted is not None and wanted > max(now, closes_at),
            parameters={"moment": closes_at},
        ),
        Check(
            "extension_before_finding",
            today_of_new is not None and today_of_new <= last_day,
            needed=False,
            parameters={"day": last_day},
        ),
    ]


def read_moment(written: object) -> datetime | None:
    """A moment that a fact names, if it is one and says its offset."""
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
