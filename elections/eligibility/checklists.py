"""What an evaluation says: a verdict, and line by line why, and what can be done.

Three values are combined as Kleene's strong logic does, so that no answer depends on a fact nobody knows:

=========  =========  =========  =========
a          b          all        any
=========  =========  =========  =========
met        met        met        met
met        unknown    unknown    met
met        not met    not met    met
unknown    unknown    unknown    unknown
unknown    not met    not met    unknown
not met    not met    not met    not met
=========  =========  =========  =========

*Not* swaps met and not met, and leaves unknown. All of nothing is met; any of nothing is not met.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from elections.eligibility.criteria import Criterion


class Verdict(StrEnum):
    """Whether something is the case, as far as the facts tell."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Met if every one is; not met as soon as one is not; else unknown."""
    result = Verdict.MET
    for verdict in verdicts:
        if verdict is Verdict.NOT_MET:
            return verdict
        if verdict is Verdict.UNKNOWN:
            result = verdict
    return result


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Met as soon as one is; unknown if one might be; else not met."""
    result = Verdict.NOT_MET
    for verdict in verdicts:
        if verdict is Verdict.MET:
            return verdict
        if verdict is Verdict.UNKNOWN:
            result = verdict
    return result


def negated(verdict: Verdict) -> Verdict:
    """The opposite; of the unknown, the unknown."""
    return _OPPOSITES[verdict]


_OPPOSITES = {
    Verdict.MET: Verdict.NOT_MET,
    Verdict.NOT_MET: Verdict.MET,
    Verdict.UNKNOWN: Verdict.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Note:
    """A reason or an advice: a code, and parameters that fill its sentence.

    Parameters follow from what a person told (the day on which they come of age), so they are not shown in logs either.
    """

    code: str
    parameters: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion for one person. ``lines`` are the parts of a composed one."""

    criterion: Criterion
    verdict: Verdict
    reason: Note | None = None
    advice: Note | None = None
    lines: tuple[Line, ...] = ()

    def __iter__(self) -> Iterator[Line]:
        """This line and all below it, from the top."""
        yield self
        for line in self.lines:
            yield from line


@dataclass(frozen=True, slots=True)
class Checklist:
    """The whole answer. ``advice`` is what to do about the verdict as a whole."""

    verdict: Verdict
    lines: tuple[Line, ...]
    advice: tuple[Note, ...] = ()
