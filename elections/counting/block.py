"""Block vote: up to k votes on a ballot, one for a candidate. With k = number of candidates this is approval voting."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.errors import DomainError
from elections.counting import cumulative
from elections.counting.cumulative import Sum


def check_ballot(ballot: Sequence[str], candidates: Collection[str], votes: int | None) -> list[DomainError]:
    """Why this ballot (the ids marked on it) is invalid: ``ballot_candidate_unknown``, ``ballot_candidate_votes``,
    ``ballot_too_many_votes``; nothing if it is valid. ``votes`` is k, ``None`` for as many as there are candidates."""
    return cumulative.check_ballot(
        ballot, candidates, votes=len(candidates) if votes is None else votes, most=1
    )


def add_up(ballots: Sequence[Sequence[str]], candidates: Collection[str], votes: int | None) -> Sum:
    """Votes per candidate, and how many ballots were valid, invalid or blank."""
    return cumulative.add_up(ballots, candidates, votes=len(candidates) if votes is None else votes, most=1)
