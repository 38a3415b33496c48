"""The public lot: who comes first among equals, drawn by hand before witnesses or computed from a public seed.

From a seed anyone can recompute it: for each tied id take the SHA-256 of

    seed, line feed, purpose, line feed, id          (all UTF-8)

and put the ids in ascending order of these hashes, written as 64 hexadecimal digits. The first in this order is the
first to be chosen. The order in which the ids come in makes no difference. The seed's source has to be named in public
before the count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import DomainError


class DecidedBy(StrEnum):
    """What decided a tie."""

    NOTHING = ""
    HAND = "hand"
    SEED = "seed"


@dataclass(frozen=True, slots=True)
class Lots:
    """The lots that a count can rely on.

    ``drawn`` holds lots drawn by hand: the key of a tie, as a count without it has reported it, and the tied ids, the
    first drawn first. What was drawn by hand goes before ``seed``. Without either a tie stays undecided.
    """

    seed: str = ""
    drawn: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def decide(self, key: str, tied: Iterable[str]) -> tuple[tuple[str, ...], DecidedBy]:
        """The order of the ``tied`` ids in the tie ``key``, and what decided it; ``()`` while nothing does.

        Raises ``lot_names_differ`` (``key``, ``missing``, ``extra``) for a lot that was drawn among others.
        """
        names = sorted(tied)
        if key in self.drawn:
            order = tuple(self.drawn[key])
            if sorted(order) != names:
                raise DomainError(
                    "lot_names_differ",
                    key=key,
                    missing=sorted(set(names) - set(order)),
                    extra=sorted(set(order) - set(names)) or sorted({n for n in order if order.count(n) > 1}),
                )
            return order, DecidedBy.HAND
        if self.seed:
            return draw(self.seed, key, names), DecidedBy.SEED
        return (), DecidedBy.NOTHING


NO_LOTS = Lots()


def draw(seed: str, purpose: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The order of ``ids`` that ``seed`` draws for ``purpose`` (see above). Equal ids count once."""
    return tuple(sorted(set(ids), key=lambda each: (ticket(seed, purpose, each), each)))


def ticket(seed: str, purpose: str, id_: str) -> str:
    """The hexadecimal SHA-256 that stands for one id in a draw; the smallest comes first."""
    return hashlib.sha256(f"{seed}\n{purpose}\n{id_}".encode()).hexdigest()
