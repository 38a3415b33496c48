"""The stages of a transferable vote as a table: a row per candidate, a column per stage, as counting offices print it.

Everything in it is a number or an id; pages and the command line add the words.
"""

from __future__ import annotations

from dataclasses import dataclass

from elections.counting.result import Result
from elections.counting.stv import ONE, decimals


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate's way through the count: per stage what was added or taken, the votes then, and the outcome there.

    ``outcomes`` is ``elected``, ``excluded`` or ``""`` for each stage.
    """

    candidate: str
    transfers: tuple[str, ...]
    votes: tuple[str, ...]
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole table. Each column adds up to ``total``, which is the number of valid papers."""

    rows: tuple[Row, ...]
    non_transferable: tuple[str, ...]
    lost: tuple[str, ...]
    total: str


def sheet(result: Result) -> Sheet:
    """The printable table of a result by single transferable vote."""
    stages = result.stages
    rows = []
    for candidate in result.votes:
        rows.append(
            Row(
                candidate,
                tuple(_signed(stage.transfers.get(candidate, 0)) for stage in stages),
                tuple(decimals(stage.votes[candidate]) for stage in stages),
                tuple(
                    "elected" if candidate in stage.elected else "excluded" * (candidate == stage.excluded)
                    for stage in stages
                ),
            )
        )
    return Sheet(
        tuple(rows),
        tuple(decimals(stage.non_transferable) for stage in stages),
        tuple(decimals(stage.lost) for stage in stages),
        decimals(result.valid * ONE),
    )


def _signed(change: int) -> str:
    return "" if not change else ("+" if change > 0 else "") + decimals(change)
