"""Plays the election of the demo's migrant council through the real services, as days of the city's history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core.localized import Localized
from elections.counting.tally import Candidate, Tally
from elections.rules.deadlines import Deadline, Step
from elections.rules.presets import preset
from elections.rules.rule_sets import RuleSet

Event = tuple[date, int, Callable[[], object]]
"""A day, the place among what happens that day, and what happens."""

SUNDAY = 6


def rule_set(facts: Mapping[str, Any]) -> RuleSet:
    """The preset that the city copied, with its own days."""
    found = preset(facts["preset"])
    assert found is not None
    changed = {Step(step): Deadline(days) for step, days in facts["deadlines"].items()}
    return replace(found, deadlines={**found.deadlines, **changed})


def election_day(facts: Mapping[str, Any], today: date) -> date:
    """The Sunday on which voting closes, counted from today."""
    day = today + timedelta(days=facts["election_day"])
    return day + timedelta(days=SUNDAY - day.weekday())


def tally(facts: Mapping[str, Any]) -> Tally:
    """Everything that the five polling places report, added up; candidates go by their names."""
    ballots = sum(station["ballots"] for station in facts["stations"])
    invalid = sum(station["invalid"] for station in facts["stations"])
    return Tally(
        candidates=tuple(
            Candidate(each["name"], each["name"], each["region"]) for each in facts["candidates"]
        ),
        votes={each["name"]: sum(each["votes"]) for each in facts["candidates"]},
        valid=ballots - invalid,
        invalid=invalid,
    )


def text(value: Mapping[str, str], original: str) -> Localized:
    """Texts by language; the original is the language they were written in."""
    return Localized.of(value, original)
