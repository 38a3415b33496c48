"""Rule sets as plain JSON, with a version: what an election stores as its own copy, and a city exchanges as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from core.errors import DomainError, raise_all
from core.localized import Localized
from elections.counting.rule import CountingRule
from elections.eligibility import plain as criteria
from elections.rules.deadlines import Deadline, Step
from elections.rules.rule_sets import Citation, Delegated, Group, Matter, RuleSet

VERSION = 1
"""Of the plain form. A later one reads the earlier."""

Value = TypeVar("Value")
Key = TypeVar("Key", bound=StrEnum)


def to_plain(rules: RuleSet) -> dict[str, object]:
    """``rules`` as JSON types; ``from_plain`` is its inverse."""
    return {
        "version": VERSION,
        "key": rules.key,
        "name": rules.name.dump(),
        "citation": {
            "rule": rules.citation.rule,
            "source": rules.citation.source,
            "dated": rules.citation.dated.isoformat(),
        },
        "valid_from": rules.valid_from.isoformat(),
        "to_vote": criteria.to_plain(rules.to_vote),
        "to_stand": criteria.to_plain(rules.to_stand),
        "counting": rules.counting.to_plain(),
        "deadlines": {
            step.value: {"offset": deadline.offset, "working": deadline.working}
            for step, deadline in rules.deadlines.items()
        },
        "windows": {matter.value: days for matter, days in rules.windows.items()},
        "groups": [_plain_group(group) for group in rules.groups],
        "quota_groups": [_plain_group(group) for group in rules.quota_groups],
        "delegated": [
            {"name": beside.name.dump(), "seats": beside.seats, "each_faction": beside.each_faction}
            for beside in rules.delegated
        ],
        "supporters": rules.supporters,
        "minimum_paper_ballots": rules.minimum_paper_ballots,
        "remarks": [remark.dump() for remark in rules.remarks],
    }


def from_plain(plain: object) -> RuleSet:
    """Read a rule set. What it says may still contradict itself: ask ``problems``.

    Raises, together: ``rule_set_unreadable`` (no object), ``rule_set_version`` (``found``, ``known``),
    ``rule_set_field_unknown``, ``rule_set_field_missing``, ``rule_set_field`` (``field``), and what the criteria and
    the counting rule refuse.
    """
    if not isinstance(plain, Mapping):
        raise DomainError("rule_set_unreadable")
    if plain.get("version") != VERSION:
        raise DomainError("rule_set_version", found=str(plain.get("version"))[:40], known=VERSION)
    known = [each.name for each in fields(RuleSet)]
    errors = [
        DomainError("rule_set_field_unknown", field=str(name)[:40])
        for name in plain
        if name != "version" and name not in known
    ]
    values: dict[str, Any] = {}
    for name in known:
        if name not in plain:
            errors.append(DomainError("rule_set_field_missing", field=name))
            continue
        try:
            values[name] = _READ[name](plain[name])
        except DomainError as error:
            errors += error.all()
        except (AttributeError, KeyError, TypeError, ValueError):
            errors.append(DomainError("rule_set_field", field=name))
    raise_all(errors)
    return RuleSet(**values)


def _plain_group(group: Group) -> dict[str, object]:
    return {"key": group.key, "name": group.name.dump()}


# Reading: each raises KeyError, TypeError or ValueError for what it cannot read. --------------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _true(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _day(value: object) -> date:
    return date.fromisoformat(_text(value))


def _fields(value: object, *names: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or set(value) != set(names):
        raise ValueError
    return value


def _words(value: object) -> Localized:
    if not isinstance(value, Mapping):
        raise TypeError
    for version in value.values():
        _text(_fields(version, "text", "state")["text"])
    return Localized.load(value)


def _several(read: Callable[[object], Value]) -> Callable[[object], tuple[Value, ...]]:
    def read_all(value: object) -> tuple[Value, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise TypeError
        return tuple(read(each) for each in value)

    return read_all


def _keyed(kind: type[Key], read: Callable[[object], Value]) -> Callable[[object], Mapping[Key, Value]]:
    def read_all(value: object) -> Mapping[Key, Value]:
        if not isinstance(value, Mapping):
            raise TypeError
        found = {kind(_text(key)): read(each) for key, each in value.items()}
        return {key: found[key] for key in kind if key in found}

    return read_all


def _citation(value: object) -> Citation:
    read = _fields(value, "rule", "source", "dated")
    return Citation(_text(read["rule"]), _text(read["source"]), _day(read["dated"]))


def _deadline(value: object) -> Deadline:
    read = _fields(value, "offset", "working")
    return Deadline(_whole(read["offset"]), _true(read["working"]))


def _group(value: object) -> Group:
    read = _fields(value, "key", "name")
    return Group(_text(read["key"]), _words(read["name"]))


def _delegated(value: object) -> Delegated:
    read = _fields(value, "name", "seats", "each_faction")
    return Delegated(_words(read["name"]), _whole(read["seats"]), _true(read["each_faction"]))


def _counting(value: object) -> CountingRule:
    if not isinstance(value, Mapping):
        raise TypeError
    return CountingRule.from_plain(value)


_READ: Mapping[str, Callable[[object], object]] = {
    "key": _text,
    "name": _words,
    "citation": _citation,
    "valid_from": _day,
    "to_vote": lambda value: criteria.from_plain(value, "to_vote"),
    "to_stand": lambda value: criteria.from_plain(value, "to_stand"),
    "counting": _counting,
    "deadlines": _keyed(Step, _deadline),
    "windows": _keyed(Matter, _whole),
    "groups": _several(_group),
    "quota_groups": _several(_group),
    "delegated": _several(_delegated),
    "supporters": _whole,
    "minimum_paper_ballots": _whole,
    "remarks": _several(_words),
}
