"""Cumulative vote: v votes on a ballot, of which up to c can go to one candidate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Sum:
    """Ballots added up. A blank ballot is neither valid nor invalid here; the rule set says which it is."""

    votes: dict[str, int]
    valid: int
    invalid: int
    blank: int


def check_ballot(
    ballot: Sequence[str], candidates: Collection[str], *, votes: int, most: int
) -> list[DomainError]:
    """Why this ballot is invalid; nothing if it is valid. An id stands once for every vote it was given.

    ``ballot_candidate_unknown`` (``candidate``), ``ballot_candidate_votes`` (``candidate``, ``votes``, ``most``),
    ``ballot_too_many_votes`` (``votes``, ``most``).
    """
    errors = []
    for candidate, given in sorted(Counter(ballot).items()):
        if candidate not in candidates:
            errors.append(DomainError("ballot_candidate_unknown", candidate=candidate))
        elif given > most:
            errors.append(DomainError("ballot_candidate_votes", candidate=candidate, votes=given, most=most))
    if len(ballot) > votes:
        errors.append(DomainError("ballot_too_many_votes", votes=len(ballot), most=votes))
    return errors


def add_up(ballots: Sequence[Sequence[str]], candidates: Collection[str], *, votes: int, most: int) -> Sum:
    """Votes per candidate, and how many ballots were valid, invalid or blank. An invalid ballot counts for nobody."""
    known = frozenset(candidates)
    total = dict.fromkeys(sorted(known), 0)
    valid = invalid = blank = 0
    for ballot in ballots:
        if not ballot:
            blank += 1
        elif check_ballot(ballot, known, votes=votes, most=most):
            invalid += 1
        else:
            valid += 1
            for candidate in ballot:
                total[candidate] += 1
    return Sum(total, valid, invalid, blank)
