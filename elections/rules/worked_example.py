"""Invented figures for a counting rule, so that its page can count an example by the very rule of the election. Pure.

The figures are the same every time. No two are equal, so that the example needs no lot.
"""

from __future__ import annotations

from elections.counting.rule import CountingRule, Method
from elections.counting.tally import Ballot, Candidate, CandidateList, Tally

LISTS = (("A", 4160), ("B", 3380), ("C", 1590), ("D", 870))
_SPARE = 2
"""Candidates more than seats, so that somebody is not elected."""


def tally_for(rule: CountingRule) -> Tally:
    """A tally that ``rule`` can count: people ``c1``, ``c2``, … and, where lists stand, the lists ``A`` to ``D``."""
    if rule.method is Method.LISTS or rule.open_lists:
        return _of_lists(rule)
    if rule.method is Method.STV:
        return _ranked(rule)
    if rule.method is Method.PLURALITY_IN_GROUPS:
        people = [
            (group, place, seats)
            for group, seats in rule.seats_per_group.items()
            for place in range(seats + _extra(rule))
        ]
    else:
        people = [("", place, rule.seats) for place in range(rule.seats + _extra(rule))]
    candidates = tuple(
        Candidate(f"c{number}", group=group, quota_group=_quota_group(rule, place, seats))
        for number, (group, place, seats) in enumerate(people, start=1)
    )
    return Tally(candidates, _falling(candidates))


def _extra(rule: CountingRule) -> int:
    return max(_SPARE, sum(rule.minimums.values()))


def _quota_group(rule: CountingRule, place: int, seats: int) -> str:
    """Those with a minimum stand behind the seats, so that the example shows what the minimum does."""
    groups = sorted({*rule.minimums, *rule.maximums})
    if not groups:
        return ""
    wanted = sorted(rule.minimums) or groups
    others = [group for group in groups if group not in wanted] or [""]
    return wanted[place % len(wanted)] if place >= seats else others[place % len(others)]


def _falling(candidates: tuple[Candidate, ...]) -> dict[str, int]:
    """Votes that fall from one to the next, by steps of different size."""
    number = len(candidates)
    return {each.id: 40 * (number - place) + place * place % 11 for place, each in enumerate(candidates)}


def _of_lists(rule: CountingRule) -> Tally:
    lists = tuple(CandidateList(key) for key, _votes in LISTS)
    candidates = tuple(
        Candidate(f"{key}{position}", list=key, position=position)
        for key, _votes in LISTS
        for position in range(1, rule.seats + 1)
    )
    if rule.method is Method.LISTS:
        return Tally(candidates, dict(LISTS), lists, valid=sum(votes for _key, votes in LISTS))
    votes = {}
    for key, number in LISTS:
        for position in range(1, rule.seats + 1):
            # The list's second candidate has more votes than its first, so that the example shows an open list.
            share = {1: 24, 2: 31}.get(position, max(1, 20 - position))
            votes[f"{key}{position}"] = number * share // 100 + rule.seats - position
    return Tally(candidates, votes, lists)


def _ranked(rule: CountingRule) -> Tally:
    number = rule.seats + _SPARE
    candidates = tuple(Candidate(f"c{place}") for place in range(1, number + 1))
    votes = _falling(candidates)
    ballots = tuple(
        Ballot(
            tuple(candidates[(place + further) % number].id for further in range(min(3, number))),
            votes[first.id],
        )
        for place, first in enumerate(candidates)
    )
    return Tally(candidates, ballots=ballots, valid=sum(votes.values()))
