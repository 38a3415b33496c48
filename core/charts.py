"""Horizontal bars: how long each is, and how it is told. Pure; ``templates/_components/bars.html`` draws them.

A chart is a table with a picture in it. The numbers are what is read; the bars only repeat them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TONES = ("plain", "answered", "open", "overdue", "quiet")
SHORTEST = 0.8
"""Percent of the line: what is not zero is seen, however small it is beside the others."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. ``width`` is the bar's length in percent of the line, ``share`` the part of the whole, from 0 to 1."""

    label: object
    value: int
    share: float
    width: float
    tone: str = "plain"


def bars(
    rows: Sequence[tuple[object, int] | tuple[object, int, str]],
    *,
    total: int | None = None,
    longest: int | None = None,
) -> list[Bar]:
    """``rows`` (label, value, and a tone of ``TONES``) as bars, in their order.

    Shares are parts of ``total`` (the sum, unless something else is counted, such as ballots). Bars are measured
    against ``longest``: the largest value, unless charts beside each other share one. Raises ValueError for a
    negative value or an unknown tone.
    """
    values = [row[1] for row in rows]
    if any(value < 0 for value in values):
        raise ValueError("a bar has no length below zero")
    whole = sum(values) if total is None else total
    most = max(values, default=0) if longest is None else longest
    found = []
    for label, value, *rest in rows:
        tone = str(rest[0]) if rest else "plain"
        if tone not in TONES:
            raise ValueError(f"no such tone: {tone}")
        width = min(100.0, round(100 * value / most, 2)) if most else 0.0
        found.append(
            Bar(label, value, value / whole if whole else 0.0, max(SHORTEST, width) if value else 0.0, tone)
        )
    return found
