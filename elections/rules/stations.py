"""What one person's figures of a station must be, and how two persons' figures differ. Pure.

Two persons enter apart. A station is done when their figures are equal; where they differ, both look at the papers
again and whoever was wrong corrects their own entry. Nobody corrects the other's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import DomainError, raise_all
from core.localized import clean
from elections.counting.rule import CountingRule, Method
from elections.rules.stages import Stage

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
NAME_LENGTH = 200
LARGEST = 1_000_000
"""More ballots or votes than any station has."""
SMALLEST_SHOWN = 10
"""Ballots of a station whose figures are published alone: of fewer one could guess who voted how."""

ADDING: frozenset[Stage] = frozenset(Stage) - {
    Stage.COUNTED,
    Stage.FOUND,
    Stage.APPROVED,
    Stage.PUBLISHED,
    Stage.CONCLUDED,
    Stage.ABANDONED,
}
"""Stages in which stations can still be added."""
ENTERING: frozenset[Stage] = frozenset({Stage.CLOSED, Stage.COUNTED})
"""Stages in which results are entered; a correction after a count asks for a new count."""
REPORTING: frozenset[Stage] = frozenset({Stage.VOTING, Stage.INTERRUPTED})
"""Stages in which stations report how many ballots they have."""
DELEGATING: frozenset[Stage] = frozenset(Stage) - {Stage.PUBLISHED, Stage.CONCLUDED, Stage.ABANDONED}
"""Stages in which factions name whom they send."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a station reports.

    ``votes`` names every candidate (or list) and its votes, ``0`` included; where ballots rank candidates, rankings
    and their number. ``ballots`` are all that were in the box; ``invalid`` are among them, and so are ``blank`` ones,
    which are valid without a vote.
    """

    votes: Mapping[str, int]
    ballots: int
    invalid: int = 0
    blank: int = 0

    @property
    def valid(self) -> int:
        """Valid ballots, those without a vote included."""
        return self.ballots - self.invalid

    def to_plain(self) -> dict[str, object]:
        """As JSON values, whatever the order in which votes were entered."""
        return {
            "votes": {key: self.votes[key] for key in sorted(self.votes)},
            "ballots": self.ballots,
            "invalid": self.invalid,
            "blank": self.blank,
        }


def published_together(stations: Mapping[str, Figures]) -> list[tuple[tuple[str, ...], Figures]]:
    """Which stations' figures are published alone and which added up, by their keys; together they give the total.

    A station with fewer than ``SMALLEST_SHOWN`` ballots never stands alone: such stations are added up, with the next
    smallest ones until the sum has so many, since whoever knows the total and all others could subtract. An empty station
    says nothing about anybody and stands alone.
    """
    small: list[str] = []
    for key in sorted(stations, key=lambda key: (stations[key].ballots, key)):
        ballots = stations[key].ballots
        if 0 < ballots < SMALLEST_SHOWN or 0 < sum(stations[each].ballots for each in small) < SMALLEST_SHOWN:
            small.append(key)
    alone: list[tuple[tuple[str, ...], Figures]] = [
        ((key,), stations[key]) for key in sorted(stations) if key not in small
    ]
    if not small:
        return alone
    return [*alone, (tuple(sorted(small)), _sum([stations[key] for key in small]))]


def _sum(figures: Sequence[Figures]) -> Figures:
    votes: Counter[str] = Counter()
    for each in figures:
        votes.update(each.votes)
    return Figures(
        dict(votes),
        sum(each.ballots for each in figures),
        sum(each.invalid for each in figures),
        sum(each.blank for each in figures),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure on which two persons differ; ``key`` is ``ballots``, ``invalid``, ``blank`` or whom the votes are for.

    A figure that somebody did not enter is None.
    """

    key: str
    first: int | None
    second: int | None
    is_vote: bool = field(default=True)


def check_stage(stage: Stage, allowed: frozenset[Stage], code: str) -> None:
    """Raises ``code`` unless ``stage`` is one of ``allowed``."""
    if stage not in allowed:
        raise DomainError(code)


def check_station(key: str, name: str, place: str) -> None:
    """Raises, all together, ``station_key``, ``station_name_missing``, ``station_text_too_long`` (``limit``)."""
    errors = []
    if not KEY.fullmatch(key):
        errors.append(DomainError("station_key"))
    if not clean(name):
        errors.append(DomainError("station_name_missing"))
    if len(name) > NAME_LENGTH or len(place) > NAME_LENGTH:
        errors.append(DomainError("station_text_too_long", limit=NAME_LENGTH))
    raise_all(errors)


def check_figures(figures: Figures, rule: CountingRule, options: Mapping[str, str], smallest: int) -> None:
    """Whether ``figures`` can be what a station counted under ``rule``.

    ``options`` maps the ids of whom one can vote for to their names; a station with ballots has at least ``smallest``.
    Raises, all together, ``station_range`` (``limit``), ``station_few_ballots`` (``limit``),
    ``station_invalid_over``, ``station_blank_over``, ``station_votes_missing`` (``names``),
    ``station_vote_unknown`` (``key``), ``station_votes_over`` (``votes``, ``most``), ``station_votes_under``
    (``votes``, ``least``), ``station_option_over`` (``name``, ``votes``, ``most``), ``station_ranked_twice`` or
    ``station_rankings_sum`` (``found``, ``expected``).
    """
    numbers = [figures.ballots, figures.invalid, figures.blank, *figures.votes.values()]
    if any(not 0 <= number <= LARGEST for number in numbers):
        raise DomainError("station_range", limit=LARGEST)
    errors = list(_ballot_problems(figures, smallest))
    if rule.method is Method.STV:
        errors += _ranking_problems(figures, options)
    else:
        errors += _vote_problems(figures, rule, options)
    raise_all(errors)


def differences(first: Figures, second: Figures) -> list[Difference]:
    """Every figure on which two entries differ: ballots first, then votes by key. None if they are equal."""
    found = [
        Difference(key, getattr(first, key), getattr(second, key), is_vote=False)
        for key in ("ballots", "invalid", "blank")
        if getattr(first, key) != getattr(second, key)
    ]
    found += [
        Difference(key, first.votes.get(key), second.votes.get(key))
        for key in sorted({*first.votes, *second.votes})
        if first.votes.get(key) != second.votes.get(key)
    ]
    return found


def check_turnout(ballots: int, before: int) -> None:
    """A total never falls. Raises ``station_range`` or ``turnout_falls`` (``before``)."""
    if not 0 <= ballots <= LARGEST:
        raise DomainError("station_range", limit=LARGEST)
    if ballots < before:
        raise DomainError("turnout_falls", before=before)


def check_delegate(organisation: str, name: str) -> None:
    """Raises, all together, ``delegate_organisation_missing``, ``delegate_name_missing``, ``station_text_too_long``."""
    errors = []
    if not clean(organisation):
        errors.append(DomainError("delegate_organisation_missing"))
    if not clean(name):
        errors.append(DomainError("delegate_name_missing"))
    if len(organisation) > NAME_LENGTH or len(name) > NAME_LENGTH:
        errors.append(DomainError("station_text_too_long", limit=NAME_LENGTH))
    raise_all(errors)


def _ballot_problems(figures: Figures, smallest: int) -> Iterator[DomainError]:
    if 0 < figures.ballots < smallest:
        yield DomainError("station_few_ballots", limit=smallest)
    if figures.invalid > figures.ballots:
        yield DomainError("station_invalid_over")
    elif figures.blank > figures.valid:
        yield DomainError("station_blank_over")


def _vote_problems(figures: Figures, rule: CountingRule, options: Mapping[str, str]) -> Iterator[DomainError]:
    unnamed = [name for key, name in options.items() if key not in figures.votes]
    if unnamed:
        yield DomainError("station_votes_missing", names=unnamed)
    for key in sorted(set(figures.votes) - set(options)):
        yield DomainError("station_vote_unknown", key=key[:40])
    marked = figures.valid - figures.blank
    if marked < 0:
        return
    total = sum(figures.votes.values())
    each = len(options) * rule.most_per_candidate if rule.votes_per_voter is None else rule.votes_per_voter
    if total > marked * each:
        yield DomainError("station_votes_over", votes=total, most=marked * each)
    if total < marked and not unnamed:
        yield DomainError("station_votes_under", votes=total, least=marked)
    most = marked * rule.most_per_candidate
    for key, name in options.items():
        if figures.votes.get(key, 0) > most:
            yield DomainError("station_option_over", name=name, votes=figures.votes[key], most=most)


def _ranking_problems(figures: Figures, options: Mapping[str, str]) -> Iterator[DomainError]:
    for ranking in sorted(figures.votes):
        keys = ranking.split()
        for key in sorted(set(keys) - set(options)):
            yield DomainError("station_vote_unknown", key=key[:40])
        if len(set(keys)) < len(keys):
            yield DomainError("station_ranked_twice", ranking=ranking[:40])
    found, expected = sum(figures.votes.values()), figures.valid - figures.blank
    if found != expected >= 0:
        yield DomainError("station_rankings_sum", found=found, expected=expected)
