"""The Scottish rule counted as a hall of people would do it: one paper after the other, with fractions.

A second, slow reading of rules 45 to 52 of the Scottish Local Government Elections Order 2007, which shares nothing
with ``elections.counting.stv`` but the lot. Tests compare the two; the benchmark measures against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from elections.counting.lots import Lots

FIVE_PLACES = 10**5


@dataclass
class Paper:
    """One ballot paper: what is written on it, and what it is worth now."""

    ranking: tuple[str, ...]
    value: Fraction = Fraction(1)


class NeedsLot(Exception):
    """Only a lot can decide, and there is none."""


def count_papers(
    candidates: list[str], rankings: list[tuple[str, ...]], seats: int, lots: Lots
) -> tuple[list[str], list[dict[str, Fraction]]]:
    """Who is elected, and each candidate's votes at the end of every stage."""
    parcels: dict[str, list[Paper]] = {key: [] for key in candidates}
    for ranking in rankings:
        parcels[ranking[0]].append(Paper(ranking))
    quota = len(rankings) // (seats + 1) + 1
    kept: dict[str, Fraction] = {}
    elected: list[str] = []
    excluded: list[str] = []
    history: list[dict[str, Fraction]] = []

    def votes(key: str) -> Fraction:
        return kept.get(key, sum((paper.value for paper in parcels[key]), Fraction(0)))

    def continuing() -> list[str]:
        return [key for key in candidates if key not in elected and key not in excluded]

    def hand_on(source: str) -> None:
        papers, parcels[source] = parcels[source], []
        there = continuing()
        for paper in papers:
            rest = [key for key in paper.ranking[paper.ranking.index(source) + 1 :] if key in there]
            if rest:
                parcels[rest[0]].append(paper)

    def choose(equals: list[str], kind: str, best: Callable[..., Fraction]) -> str:
        for stage in history[-2::-1]:
            wanted = best(stage[key] for key in equals)
            equals = [key for key in equals if stage[key] == wanted]
        if len(equals) > 1:
            order, _by = lots.decide(f"{kind}:{len(history) + 1}", equals)
            if not order:
                raise NeedsLot
            return order[0]
        return equals[0]

    while True:
        history.append({key: votes(key) for key in candidates})
        standing = continuing()
        elected += [key for key in standing if votes(key) >= quota]
        rest = continuing()
        if len(elected) >= seats or not rest:
            return elected, history
        if len(rest) <= seats - len(elected):
            return elected + rest, history
        waiting = [key for key in elected if votes(key) > quota and key not in kept]
        if waiting:
            most = max(votes(key) for key in waiting)
            chosen = choose([key for key in waiting if votes(key) == most], "surplus", max)
            total = votes(chosen)
            for paper in parcels[chosen]:
                exact = (total - quota) * paper.value / total
                paper.value = Fraction(floor(exact * FIVE_PLACES), FIVE_PLACES)
            hand_on(chosen)
            kept[chosen] = Fraction(quota)
        else:
            fewest = min(votes(key) for key in rest)
            chosen = choose([key for key in rest if votes(key) == fewest], "exclusion", min)
            excluded.append(chosen)
            hand_on(chosen)
