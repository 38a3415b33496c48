"""Criteria composed with all, any and not. What is unknown stays unknown unless it cannot matter: ``checklists``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from elections.eligibility.checklists import Line, Verdict, all_of, any_of, negated
from elections.eligibility.criteria import Criterion
from elections.eligibility.facts import Days, Facts


@dataclass(frozen=True, slots=True)
class AllOf(Criterion):
    """Every part must be met."""

    parts: tuple[Criterion, ...]
    rule = "all"

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        return all_of(part.verdict(facts, days) for part in self.parts)

    def line(self, facts: Facts, days: Days) -> Line:
        lines = tuple(part.line(facts, days) for part in self.parts)
        return Line(self, all_of(line.verdict for line in lines), lines=lines)

    @property
    def questions(self) -> frozenset[str]:
        return frozenset().union(*(part.questions for part in self.parts))


@dataclass(frozen=True, slots=True)
class AnyOf(Criterion):
    """One part is enough. Once one is met, nothing need be done about the others."""

    parts: tuple[Criterion, ...]
    rule = "any"

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        return any_of(part.verdict(facts, days) for part in self.parts)

    def line(self, facts: Facts, days: Days) -> Line:
        lines = tuple(part.line(facts, days) for part in self.parts)
        verdict = any_of(line.verdict for line in lines)
        if verdict is Verdict.MET:
            lines = tuple(_without_advice(line) for line in lines)
        return Line(self, verdict, lines=lines)

    @property
    def questions(self) -> frozenset[str]:
        return frozenset().union(*(part.questions for part in self.parts))


@dataclass(frozen=True, slots=True)
class Not(Criterion):
    """The part must not be met. Advice on how to meet it would lead astray, so there is none."""

    part: Criterion
    rule = "not"

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        return negated(self.part.verdict(facts, days))

    def line(self, facts: Facts, days: Days) -> Line:
        inner = _without_advice(self.part.line(facts, days))
        return Line(self, negated(inner.verdict), lines=(inner,))

    @property
    def questions(self) -> frozenset[str]:
        return self.part.questions


def _without_advice(line: Line) -> Line:
    return replace(line, advice=None, lines=tuple(_without_advice(below) for below in line.lines))
