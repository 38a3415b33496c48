"""The file that an election publishes with its result, from which anybody can count again, lots included.

A lot's **purpose** says whom it is among and never how many votes they have. From a seed, each draw is computed anew for
its purpose; what hands drew is taken from the file. So whoever has the file needs nothing else to come to the same result.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.errors import DomainError
from elections.counting.count import count
from elections.counting.lots import DecidedBy, Lots, draw
from elections.counting.result import Result, Tie
from elections.counting.rule import CountingRule
from elections.counting.tally import Ballot, Candidate, CandidateList, Tally

TIE = "tie"
_LONGEST_IDS = 100


@dataclass(frozen=True, slots=True)
class TieLot:
    """A public lot for a tie: drawn by hand in this ``order``, or computed from ``seed``."""

    purpose: str
    way: DecidedBy
    order: tuple[str, ...]
    seed: str = ""

    def among(self, names: Sequence[str]) -> tuple[str, ...]:
        """The order that this lot gives ``names``."""
        return draw(self.seed, self.purpose, names) if self.way is DecidedBy.SEED else self.order


@dataclass(frozen=True, slots=True)
class PublishedCount:
    """What a published file says: what was counted, by which rule, with which lots, and what came of it."""

    rule: CountingRule
    tally: Tally
    lots: tuple[TieLot, ...]
    names: Mapping[str, str]
    result: Result

    def again(self) -> Result:
        """Count again. Raises what ``count`` raises."""
        return count_with(self.rule, self.tally, self.lots)


def count_with(rule: CountingRule, tally: Tally, lots: Sequence[TieLot]) -> Result:
    """Count, with the lots that were drawn for its ties; a later tie may show only once an earlier is decided.

    Raises what ``count`` raises.
    """
    by_purpose = {lot.purpose: lot for lot in lots}
    drawn: dict[str, tuple[TieLot, tuple[str, ...]]] = {}
    while True:
        result = count(rule, tally, Lots(drawn={key: order for key, (_lot, order) in drawn.items()}))
        purposes = tie_purposes(result.ties)
        found = {
            tie.key: (lot, lot.among(tie.names))
            for tie in result.ties
            if (lot := by_purpose.get(purposes[tie.key])) and tie.key not in drawn
        }
        if not found:
            return replace(result, ties=tuple(_as_drawn(tie, drawn) for tie in result.ties))
        drawn |= found


def _as_drawn(tie: Tie, drawn: Mapping[str, tuple[TieLot, tuple[str, ...]]]) -> Tie:
    """The counting rules know only an order; whether hands or a seed made it stands in the lot."""
    return replace(tie, decided_by=drawn[tie.key][0].way) if tie.key in drawn and not tie.undecided else tie


def tie_purposes(ties: Sequence[Tie]) -> dict[str, str]:
    """What the public lot for each tie is called: whom it is among, never how many votes they have. By the tie's key."""
    seen: Counter[str] = Counter()
    purposes = {}
    for tie in ties:
        ids = "-".join(tie.names)
        if len(ids) > _LONGEST_IDS or any(part.isspace() for part in ids):
            ids = hashlib.sha256(ids.encode()).hexdigest()[:16]
        purpose = ":".join(part for part in (TIE, tie.kind, tie.where, ids) if part)
        seen[purpose] += 1
        purposes[tie.key] = purpose if seen[purpose] == 1 else f"{purpose}:{seen[purpose]}"
    return purposes


# As a file -----------------------------------------------------------------------------------------------------------


def to_plain(rule: CountingRule, tally: Tally, lots: Sequence[TieLot]) -> dict[str, object]:
    """What a published file holds beside names and result, as JSON values."""
    return {
        "rule": rule.to_plain(),
        "tally": {
            "candidates": [asdict(each) for each in tally.candidates],
            "lists": [asdict(each) for each in tally.lists],
            "votes": dict(tally.votes),
            "ballots": [[list(each.ranking), each.number] for each in tally.ballots],
            "valid": tally.valid,
            "invalid": tally.invalid,
            "blank": tally.blank,
        },
        "lots": [
            {"purpose": each.purpose, "way": each.way.value, "order": list(each.order), "seed": each.seed}
            for each in lots
        ],
    }


def read(data: bytes) -> PublishedCount:
    """Read a published file. Raises ``published_unreadable``, and what ``CountingRule.from_plain`` raises."""
    try:
        plain = json.loads(data.decode("utf-8-sig"))
        cast = plain["tally"]
        return PublishedCount(
            CountingRule.from_plain(plain["rule"]),
            Tally(
                tuple(Candidate(**each) for each in cast["candidates"]),
                {str(key): _number(votes) for key, votes in cast["votes"].items()},
                tuple(CandidateList(**each) for each in cast["lists"]),
                tuple(Ballot(tuple(map(str, ranking)), _number(times)) for ranking, times in cast["ballots"]),
                *(_number(cast[name]) for name in ("valid", "invalid", "blank")),
            ),
            tuple(
                TieLot(
                    str(each["purpose"]), DecidedBy(each["way"]), tuple(map(str, each["order"])), each["seed"]
                )
                for each in plain["lots"]
            ),
            {str(key): str(name) for key, name in plain["names"].items()},
            Result.from_plain(plain["result"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise DomainError("published_unreadable") from None


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value
