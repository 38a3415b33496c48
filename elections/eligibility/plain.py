"""Criteria as plain JSON, the way a rule set keeps them: ``{"rule": "age", "years": 18, "on": "election_day"}``.

Reading refuses everything it does not know, and names all of it at once by ``rule`` (whose criteria: ``to_vote``) and
``place``: "2.1" is the first part of the second criterion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from core.errors import DomainError, raise_all
from elections.eligibility.composed import AllOf, AnyOf, Not
from elections.eligibility.criteria import (
    Age,
    BelongsTo,
    Criterion,
    FirstGeneration,
    LawfulStay,
    NotExcluded,
    NotOnAnotherList,
    Residence,
    Supporters,
)
from elections.eligibility.facts import Citizenship, Exclusion, Reference
from elections.eligibility.periods import LONGEST, Period, Unit

Plain = Mapping[str, object]
Choice = TypeVar("Choice", bound=StrEnum)

DEEPEST = 6
"""How far criteria may be nested."""
MOST_PARTS = 50
MOST_SUPPORTERS = 100_000
OLDEST = 120


def to_plain(criterion: Criterion) -> dict[str, object]:
    """``criterion`` as JSON types. Raises TypeError for a kind that has no plain form."""
    plain: dict[str, object] = {"rule": criterion.rule}
    match criterion:
        case Age():
            plain |= {"years": criterion.years, "on": criterion.on.value}
        case Residence() | LawfulStay():
            plain |= {
                "count": criterion.period.count,
                "unit": criterion.period.unit.value,
                "on": criterion.on.value,
            }
        case BelongsTo() | NotExcluded():
            plain["groups"] = sorted(group.value for group in criterion.groups)
        case Supporters():
            plain["minimum"] = criterion.minimum
        case AllOf() | AnyOf():
            plain["parts"] = [to_plain(part) for part in criterion.parts]
        case Not():
            plain["part"] = to_plain(criterion.part)
        case FirstGeneration() | NotOnAnotherList():
            pass
        case _:
            raise TypeError(f"{type(criterion).__name__} has no plain form")
    return plain


def from_plain(plain: object, rule: str = "criteria") -> Criterion:
    """Read what ``to_plain`` wrote. Raises, together, every fault that ``faults`` names."""
    reader = _Reader(rule)
    criterion = reader.criterion(plain, ())
    raise_all(reader.errors)
    assert criterion is not None  # else there was an error
    return criterion


def faults(criterion: Criterion, rule: str = "criteria") -> Sequence[DomainError]:
    """What is wrong with criteria that were put together in a program: nobody could meet them, or nothing reads them."""
    try:
        from_plain(to_plain(criterion), rule)
    except DomainError as error:
        return tuple(error.all())
    return ()


class _Reader:
    """Reads one tree of criteria and collects what is wrong with it."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.errors: list[DomainError] = []

    def refuse(self, code: str, place: tuple[int, ...], **parameters: object) -> None:
        where = ".".join(str(number) for number in place)
        self.errors.append(DomainError(code, rule=self.rule, place=where, **parameters))

    def criterion(self, plain: object, place: tuple[int, ...]) -> Criterion | None:
        if len(place) > DEEPEST:
            self.refuse("criterion_too_deep", place, limit=DEEPEST)
            return None
        if not isinstance(plain, Mapping):
            self.refuse("criterion_unreadable", place)
            return None
        kind = plain.get("rule")
        if not isinstance(kind, str) or kind not in _KINDS:
            self.refuse("criterion_unknown", place, value=str(kind)[:40])
            return None
        read, expected = _KINDS[kind]
        for name in sorted(str(name) for name in plain if name not in {"rule", *expected}):
            self.refuse("criterion_field_unknown", place, field=name[:40])
        missing = [name for name in expected if name not in plain]
        for name in missing:
            self.refuse("criterion_field_missing", place, field=name)
        if missing:
            return None
        before = len(self.errors)
        criterion = read(self, plain, place)
        return criterion if len(self.errors) == before else None

    def number(self, plain: Plain, name: str, lowest: int, highest: int, place: tuple[int, ...]) -> int:
        value = plain[name]
        if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
            return value
        self.refuse("criterion_number", place, field=name, lowest=lowest, highest=highest)
        return lowest

    def choice(self, value: object, kind: type[Choice], name: str, place: tuple[int, ...]) -> Choice:
        for known in kind:
            if value == known.value:
                return known
        self.refuse("criterion_choice", place, field=name, value=str(value)[:40])
        return next(iter(kind))

    def groups(self, plain: Plain, kind: type[Choice], place: tuple[int, ...]) -> frozenset[Choice]:
        values = plain["groups"]
        if not isinstance(values, Sequence) or isinstance(values, str) or not values:
            self.refuse("criterion_groups_missing", place)
            return frozenset()
        return frozenset(self.choice(value, kind, "groups", place) for value in values)

    def parts(self, plain: Plain, place: tuple[int, ...]) -> tuple[Criterion, ...]:
        values = plain["parts"]
        if not isinstance(values, Sequence) or isinstance(values, str) or not values:
            self.refuse("criterion_parts_missing", place)
            return ()
        if len(values) > MOST_PARTS:
            self.refuse("criterion_too_many_parts", place, limit=MOST_PARTS)
            return ()
        read = [self.criterion(value, (*place, number)) for number, value in enumerate(values, 1)]
        return tuple(part for part in read if part is not None)


# How each kind is read -----------------------------------------------------------------------------------------------

Place = tuple[int, ...]


def _period(reader: _Reader, plain: Plain, place: Place) -> tuple[Period, Reference]:
    count = reader.number(plain, "count", 0, LONGEST, place)
    unit = reader.choice(plain["unit"], Unit, "unit", place)
    return Period(count, unit), reader.choice(plain["on"], Reference, "on", place)


def _age(reader: _Reader, plain: Plain, place: Place) -> Criterion:
    years = reader.number(plain, "years", 1, OLDEST, place)
    return Age(years, reader.choice(plain["on"], Reference, "on", place))


def _not(reader: _Reader, plain: Plain, place: Place) -> Criterion | None:
    part = reader.criterion(plain["part"], (*place, 1))
    return Not(part) if part is not None else None


_KINDS: Mapping[str, tuple[Callable[[_Reader, Plain, Place], Criterion | None], tuple[str, ...]]] = {
    Age.rule: (_age, ("years", "on")),
    Residence.rule: (lambda r, p, at: Residence(*_period(r, p, at)), ("count", "unit", "on")),
    LawfulStay.rule: (lambda r, p, at: LawfulStay(*_period(r, p, at)), ("count", "unit", "on")),
    BelongsTo.rule: (lambda r, p, at: BelongsTo(r.groups(p, Citizenship, at)), ("groups",)),
    NotExcluded.rule: (lambda r, p, at: NotExcluded(r.groups(p, Exclusion, at)), ("groups",)),
    Supporters.rule: (
        lambda r, p, at: Supporters(r.number(p, "minimum", 1, MOST_SUPPORTERS, at)),
        ("minimum",),
    ),
    FirstGeneration.rule: (lambda r, p, at: FirstGeneration(), ()),
    NotOnAnotherList.rule: (lambda r, p, at: NotOnAnotherList(), ()),
    AllOf.rule: (lambda r, p, at: AllOf(r.parts(p, at)), ("parts",)),
    AnyOf.rule: (lambda r, p, at: AnyOf(r.parts(p, at)), ("parts",)),
    Not.rule: (_not, ("part",)),
}
