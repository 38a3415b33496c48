"""The rule set of an election: who may vote and stand, how votes become seats, and by which day what is due.

A preset cites the rule that it follows and the election it was in force for. A city copies one and changes it; each
election then keeps its own copy as JSON, so that a later change leaves it alone. ``problems`` names every
contradiction, ``notices`` what is allowed but unusual.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import DomainError, raise_all
from core.localized import Localized
from elections.counting.rule import CountingRule
from elections.eligibility import plain as criteria
from elections.eligibility.composed import AllOf, AnyOf, Not
from elections.eligibility.criteria import Age, Criterion, NotOnAnotherList, Supporters
from elections.eligibility.facts import Days, Purpose
from elections.rules import deadlines
from elections.rules.deadlines import Deadlines, Step, Timetable

SMALLEST_PAPER_COUNT = 10
"""Under so many paper ballots, subtracting the other counts would show how somebody voted."""
LONGEST_WINDOW = 366
MOST_DELEGATED = 1000
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class Matter(StrEnum):
    """What can be objected to."""

    ROLL = "roll"
    NOMINATION = "nomination"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Citation:
    """Which rule is followed: its name, where it stands or who reported it, and the day it is dated by."""

    rule: str
    source: str
    dated: date


@dataclass(frozen=True, slots=True)
class Group:
    """A group of seats (a region of origin) or of a quota, by the key that the count uses."""

    key: str
    name: Localized


@dataclass(frozen=True, slots=True)
class Delegated:
    """Seats beside the elected ones: ``seats`` in all, or, with ``each_faction``, so many for every faction."""

    name: Localized
    seats: int
    each_faction: bool = False


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one election, or a preset for many. What is inferred or unverified stands in ``remarks``."""

    key: str
    name: Localized
    citation: Citation
    valid_from: date
    to_vote: Criterion
    to_stand: Criterion
    counting: CountingRule
    deadlines: Deadlines
    windows: Mapping[Matter, int]
    """Days to object in, from the day on which the decision was told or the result published."""
    groups: tuple[Group, ...] = ()
    """The names of the groups that ``counting.seats_per_group`` counts, in the order of the ballot."""
    quota_groups: tuple[Group, ...] = ()
    """The names of the groups that have a minimum or a maximum."""
    delegated: tuple[Delegated, ...] = ()
    supporters: int = 0
    """How many people must support a nomination."""
    minimum_paper_ballots: int = SMALLEST_PAPER_COUNT
    remarks: tuple[Localized, ...] = ()

    @property
    def standing(self) -> Criterion:
        """Everything asked of a candidate, the supporters included."""
        if not self.supporters:
            return self.to_stand
        parts = self.to_stand.parts if isinstance(self.to_stand, AllOf) else (self.to_stand,)
        return AllOf((*parts, Supporters(self.supporters)))

    def timetable(self, election_day: date, holidays: Collection[date]) -> Timetable:
        """The day of every step, earliest first. ``holidays`` must cover the years that it reaches."""
        return deadlines.timetable(self.deadlines, election_day, holidays)

    def days(self, purpose: Purpose, timetable: Timetable, today: date) -> Days:
        """The days that eligibility to vote or to stand turns on."""
        voting = purpose is Purpose.VOTE
        closes = Step.ROLL_APPLICATIONS_CLOSE if voting else Step.NOMINATIONS_CLOSE
        return Days(
            election_day=timetable[Step.VOTING_CLOSES],
            today=today,
            purpose=purpose,
            voting_opens=timetable.get(Step.VOTING_OPENS),
            nominations_close=timetable.get(Step.NOMINATIONS_CLOSE),
            apply_until=timetable.get(closes),
            object_until=timetable.get(Step.ROLL_OBJECTIONS_CLOSE) if voting else None,
            object_within=None if voting else self.windows.get(Matter.NOMINATION),
        )

    def objections_close(self, matter: Matter, told_on: date) -> date:
        """The last day to object to what was told, or published, on ``told_on``."""
        return told_on + timedelta(self.windows[matter])

    def problems(self) -> list[DomainError]:
        """Every contradiction, each naming the rule that it is about; none if an election can be held."""
        return list(_problems(self))

    def check(self) -> None:
        """Raise every problem at once."""
        raise_all(self.problems())

    def notices(self) -> list[DomainError]:
        """What is allowed, but unusual enough to be looked at twice."""
        return list(_notices(self))


def criteria_in(criterion: Criterion) -> Iterator[Criterion]:
    """``criterion`` and everything composed in it, from the top."""
    yield criterion
    if isinstance(criterion, AllOf | AnyOf):
        for part in criterion.parts:
            yield from criteria_in(part)
    elif isinstance(criterion, Not):
        yield from criteria_in(criterion.part)


# Contradictions ------------------------------------------------------------------------------------------------------


def _problems(rules: RuleSet) -> Iterator[DomainError]:
    if not KEY.fullmatch(rules.key):
        yield DomainError("rule_set_key", value=rules.key[:40])
    if not rules.name:
        yield DomainError("rule_set_name_missing")
    if not rules.citation.rule.strip() or not rules.citation.source.strip():
        yield DomainError("rule_set_citation_missing")
    yield from criteria.faults(rules.to_vote, "to_vote")
    yield from criteria.faults(rules.to_stand, "to_stand")
    yield from _misplaced_criteria(rules)
    yield from rules.counting.problems()
    yield from _vote_problems(rules)
    yield from _group_problems("seats", rules.groups, set(rules.counting.seats_per_group))
    yield from _group_problems(
        "quotas", rules.quota_groups, {*rules.counting.minimums, *rules.counting.maximums}
    )
    for beside in rules.delegated:
        if not beside.name or not 1 <= beside.seats <= MOST_DELEGATED:
            yield DomainError("rule_set_delegated", limit=MOST_DELEGATED)
    yield from deadlines.faults(rules.deadlines)
    yield from _window_problems(rules)
    if not 1 <= rules.minimum_paper_ballots <= 1000:
        yield DomainError("rule_set_paper_ballots")


def _misplaced_criteria(rules: RuleSet) -> Iterator[DomainError]:
    """Supporters are a number of their own, and voters have neither supporters nor lists."""
    for each in criteria_in(rules.to_vote):
        if isinstance(each, Supporters | NotOnAnotherList):
            yield DomainError("rule_set_criterion_for_candidates", criterion=each.rule)
    if any(isinstance(each, Supporters) for each in criteria_in(rules.to_stand)):
        yield DomainError("rule_set_supporters_twice")
    if not 0 <= rules.supporters <= criteria.MOST_SUPPORTERS:
        yield DomainError("rule_set_supporters_range", limit=criteria.MOST_SUPPORTERS)


def _vote_problems(rules: RuleSet) -> Iterator[DomainError]:
    """More votes than all seats could take say nothing: some would always be lost."""
    counting = rules.counting
    votes, most = counting.votes_per_voter, counting.most_per_candidate
    if votes is not None and 1 <= counting.seats * most < votes:
        yield DomainError("rule_set_votes_over_seats", votes=votes, seats=counting.seats, most=most)


def _group_problems(rule: str, named: tuple[Group, ...], counted: set[str]) -> Iterator[DomainError]:
    keys = [group.key for group in named]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield DomainError("rule_set_group_twice", rule=rule, group=key)
    for key in sorted(counted - set(keys)):
        yield DomainError("rule_set_group_unnamed", rule=rule, group=key)
    for key in sorted(set(keys) - counted):
        yield DomainError("rule_set_group_not_counted", rule=rule, group=key)
    for group in named:
        if not group.name:
            yield DomainError("rule_set_group_unnamed", rule=rule, group=group.key)


def _window_problems(rules: RuleSet) -> Iterator[DomainError]:
    for matter in Matter:
        if matter not in rules.windows:
            yield DomainError("rule_set_window_missing", matter=matter)
        elif not 1 <= rules.windows[matter] <= LONGEST_WINDOW:
            yield DomainError("rule_set_window_range", matter=matter, limit=LONGEST_WINDOW)


def _notices(rules: RuleSet) -> Iterator[DomainError]:
    voting, standing = _age(rules.to_vote), _age(rules.to_stand)
    if voting is not None and (standing is None or standing < voting):
        yield DomainError("rule_set_stand_younger", to_vote=voting, to_stand=standing or 0)
    if rules.minimum_paper_ballots < SMALLEST_PAPER_COUNT:
        yield DomainError(
            "rule_set_few_paper_ballots", count=rules.minimum_paper_ballots, usual=SMALLEST_PAPER_COUNT
        )


def _age(criterion: Criterion) -> int | None:
    """The age that everybody must have reached, where one is asked of all."""
    parts = criterion.parts if isinstance(criterion, AllOf) else (criterion,)
    return max((part.years for part in parts if isinstance(part, Age)), default=None)
