"""What was cast: who stands, and how many votes each of them has.

Stations report votes per candidate or list; ``together`` adds their reports up. Ranked ballots are kept as they are,
since a single transferable vote is only counted from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from core.errors import DomainError, raise_all
from elections.counting.rule import CountingRule, Method


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who stands. ``id`` never changes; ``position`` counts from 1 in the candidate's ``list``."""

    id: str
    name: str = ""
    group: str = ""
    list: str = ""
    position: int = 0
    quota_group: str = ""


@dataclass(frozen=True, slots=True)
class CandidateList:
    """A list that stands as a whole."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """``number`` equal ballots that rank candidates by their ids, the first choice first."""

    ranking: tuple[str, ...]
    number: int = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """All that was cast.

    ``votes`` names candidates, or lists where the method is ``lists``; who is not named has none. ``valid`` counts
    ballots, not votes; 0 means that it is not known, and then no vote is checked against it. ``blank`` ballots are
    valid ones without a vote where the law says so; they are only reported.
    """

    candidates: tuple[Candidate, ...]
    votes: Mapping[str, int] = field(default_factory=dict)
    lists: tuple[CandidateList, ...] = ()
    ballots: tuple[Ballot, ...] = ()
    valid: int = 0
    invalid: int = 0
    blank: int = 0

    def names(self) -> dict[str, str]:
        """Id -> name, of candidates and lists; the id where there is no name."""
        standing: list[Candidate | CandidateList] = [*self.lists, *self.candidates]
        return {each.id: each.name or each.id for each in standing}

    def of(self, key: str) -> int:
        """The votes of one candidate or list."""
        return self.votes.get(key, 0)

    def problems(self, rule: CountingRule) -> list[DomainError]:
        """Everything in this tally that cannot be under ``rule``, as errors of the code ``tally_...``."""
        return [*_people(self, rule), *_numbers(self, rule)]

    def check(self, rule: CountingRule) -> None:
        """Raise every problem at once."""
        raise_all(self.problems(rule))


def together(tally: Tally, parts: Iterable[Tally]) -> Tally:
    """The stations' reports ``parts`` added up, with the candidates and lists of ``tally``."""
    votes: Counter[str] = Counter(tally.votes)
    ballots: Counter[tuple[str, ...]] = Counter()
    for ballot in tally.ballots:
        ballots[ballot.ranking] += ballot.number
    valid, invalid, blank = tally.valid, tally.invalid, tally.blank
    for part in parts:
        votes.update(part.votes)
        for ballot in part.ballots:
            ballots[ballot.ranking] += ballot.number
        valid, invalid, blank = valid + part.valid, invalid + part.invalid, blank + part.blank
    return replace(
        tally,
        votes=dict(sorted(votes.items())),
        ballots=tuple(Ballot(ranking, number) for ranking, number in sorted(ballots.items())),
        valid=valid,
        invalid=invalid,
        blank=blank,
    )


def _people(tally: Tally, rule: CountingRule) -> Iterator[DomainError]:
    seen = Counter([*(each.id for each in tally.candidates), *(each.id for each in tally.lists)])
    for key in sorted(key for key, times in seen.items() if times > 1):
        yield DomainError("tally_id_twice", key=key)
    lists = {each.id for each in tally.lists}
    for candidate in tally.candidates:
        if rule.method is Method.PLURALITY_IN_GROUPS and candidate.group not in rule.seats_per_group:
            yield DomainError("tally_group_unknown", candidate=candidate.id, group=candidate.group)
        if (rule.method is Method.LISTS or rule.open_lists) and candidate.list not in lists:
            yield DomainError("tally_list_unknown", candidate=candidate.id, list=candidate.list)
    if rule.method is Method.LISTS or rule.open_lists:
        places = Counter((each.list, each.position) for each in tally.candidates)
        for (of_list, position), times in sorted(places.items()):
            if times > 1:
                yield DomainError("tally_position_twice", list=of_list, position=position)


def _numbers(tally: Tally, rule: CountingRule) -> Iterator[DomainError]:
    voted = tally.lists if rule.method is Method.LISTS else tally.candidates
    known = {each.id for each in voted}
    for name in ("valid", "invalid", "blank"):
        if getattr(tally, name) < 0:
            yield DomainError("tally_negative", key=name)
    for key in sorted(tally.votes):
        if key not in known:
            yield DomainError("tally_vote_unknown", key=key)
        if tally.votes[key] < 0:
            yield DomainError("tally_negative", key=key)
        elif tally.valid and tally.votes[key] > tally.valid * rule.most_per_candidate:
            yield DomainError(
                "tally_candidate_votes",
                key=key,
                votes=tally.votes[key],
                most=tally.valid * rule.most_per_candidate,
            )
    total = sum(tally.votes.values())
    most = tally.valid * (len(tally.candidates) if rule.votes_per_voter is None else rule.votes_per_voter)
    if tally.valid and total > most:
        yield DomainError("tally_votes", votes=total, most=most)
    yield from _rankings(tally, rule)


def _rankings(tally: Tally, rule: CountingRule) -> Iterator[DomainError]:
    if rule.method is not Method.STV:
        if tally.ballots:
            yield DomainError("tally_rankings_not_here")
        return
    known = {each.id for each in tally.candidates}
    for ballot in tally.ballots:
        if ballot.number < 0:
            yield DomainError("tally_negative", key=" ".join(ballot.ranking)[:40])
        if len(set(ballot.ranking)) < len(ballot.ranking):
            yield DomainError("tally_ranked_twice", ranking=" ".join(ballot.ranking)[:40])
        for key in ballot.ranking:
            if key not in known:
                yield DomainError("tally_vote_unknown", key=key)
