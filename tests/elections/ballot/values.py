"""Every way in which one value in a message can be altered, and what the altered value still is.

``alterations`` walks a message, also through messages that are written within it as text, and changes one thing at a
time: each number, text and truth value, and the fields and items of each record and list.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.elections.ballot import forgery

P, Q = int(forgery.P), int(forgery.Q)
Path = tuple[str | int, ...]
INNER = "inner"
"""The step of a path that leads into a message written as text."""


class Sort(StrEnum):
    """What is left of the value."""

    MEMBER = "another element of the group"
    OUTSIDE = "a number outside the group"
    EXPONENT = "another exponent"
    TEXT = "another text"
    MORE = "one more"
    LESS = "one less"
    TRUTH = "the other truth value"
    SWAPPED = "neighbours swapped"
    SHORTER = "the last item gone"
    LONGER = "the last item twice"
    GONE = "a field gone"
    UNREADABLE = "nothing that can be read there"


@dataclass(frozen=True)
class Change:
    """One alteration of a message: where, how, and the message afterwards."""

    path: Path
    how: str
    sort: Sort
    message: Any

    @property
    def names(self) -> tuple[str, ...]:
        """The names of fields on the way, without numbers of items."""
        return tuple(step for step in self.path if isinstance(step, str))


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _element(text: str) -> Iterator[tuple[str, Sort, Any]]:
    number = int(text)
    yield "a digit", Sort.OUTSIDE, str(number - 1 if number % 10 else number + 1)
    yield "negated", Sort.OUTSIDE, str(P - number)
    yield "+q", Sort.OUTSIDE if number + Q < P else Sort.UNREADABLE, str(number + Q)
    yield "times order 3", Sort.OUTSIDE, str(number * int(forgery.of_order_three()) % P)
    yield "order 2", Sort.OUTSIDE, str(P - 1)
    yield "times g", Sort.MEMBER, str(int(number * forgery.G % P))
    yield "identity", Sort.MEMBER, "1"
    yield "+p", Sort.UNREADABLE, str(number + P)
    yield "zero", Sort.UNREADABLE, "0"
    yield from _no_number(text)


def _exponent(text: str) -> Iterator[tuple[str, Sort, Any]]:
    number = int(text)
    yield "a digit", Sort.EXPONENT, str(number - 1 if number % 10 else number + 1)
    yield "negated", Sort.EXPONENT, str(Q - number)
    yield "zero", Sort.EXPONENT, "0"
    yield "one", Sort.EXPONENT, "1"
    yield "+q", Sort.UNREADABLE, str(number + Q)
    yield from _no_number(text)


def _no_number(text: str) -> Iterator[tuple[str, Sort, Any]]:
    yield "leading zero", Sort.UNREADABLE, "0" + text
    yield "minus", Sort.UNREADABLE, "-" + text
    yield "as a number", Sort.UNREADABLE, int(text)
    yield "null", Sort.UNREADABLE, None


def _text(text: str) -> Iterator[tuple[str, Sort, Any]]:
    yield "a letter", Sort.TEXT, ("b" if text[:1] == "a" else "a") + text[1:]
    yield "shorter", Sort.TEXT, text[:-1]
    yield "no text", Sort.UNREADABLE, 7
    yield "null", Sort.UNREADABLE, None
    yield "in a list", Sort.UNREADABLE, [text]


def _whole(number: int) -> Iterator[tuple[str, Sort, Any]]:
    yield "one more", Sort.MORE, number + 1
    yield "one less", Sort.LESS if number else Sort.UNREADABLE, number - 1
    yield "a fraction", Sort.UNREADABLE, number + 0.5
    yield "with a point", Sort.UNREADABLE, float(number)
    yield "a text", Sort.UNREADABLE, str(number)
    yield "true", Sort.UNREADABLE, True
    yield "null", Sort.UNREADABLE, None


def _leaf(value: Any) -> Iterator[tuple[str, Sort, Any]]:
    if isinstance(value, bool):
        yield "the other", Sort.TRUTH, not value
        yield "a number", Sort.UNREADABLE, int(value)
    elif isinstance(value, int):
        yield from _whole(value)
    elif value.isdigit() and len(value) > 100:
        yield from _element(value)
    elif value.isdigit() and len(value) > 60:
        yield from _exponent(value)
    else:
        yield from _text(value)


def _record(value: dict[str, Any]) -> Iterator[tuple[Path, str, Sort, Any]]:
    for name in value:
        yield (name,), "field gone", Sort.GONE, {other: value[other] for other in value if other != name}
    yield (), "field more", Sort.UNREADABLE, value | {"more": "1"}
    if len(value) > 1:
        yield (), "fields turned round", Sort.UNREADABLE, dict(reversed(value.items()))


def _list(value: list[Any]) -> Iterator[tuple[Path, str, Sort, Any]]:
    if value:
        yield (), "last item gone", Sort.SHORTER, value[:-1]
        yield (), "last item twice", Sort.LONGER, [*value, value[-1]]
    for at in range(len(value) - 1):
        if value[at] != value[at + 1]:
            yield (
                (),
                f"items {at} and {at + 1} swapped",
                Sort.SWAPPED,
                [*value[:at], value[at + 1], value[at], *value[at + 2 :]],
            )


def alterations(message: Any) -> Iterator[Change]:
    """Every alteration of every value in ``message``."""
    for path, value in _walk(message, ()):
        if isinstance(value, dict):
            for more, how, sort, changed in _record(value):
                yield Change((*path, *more), how, sort, put(message, path, changed))
        elif isinstance(value, list):
            for more, how, sort, changed in _list(value):
                yield Change((*path, *more), how, sort, put(message, path, changed))
        else:
            for how, sort, changed in _leaf(value):
                yield Change(path, how, sort, put(message, path, changed))


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        yield path, value
        for name, each in value.items():
            yield from _walk(each, (*path, name))
    elif isinstance(value, list):
        yield path, value
        for at, each in enumerate(value):
            yield from _walk(each, (*path, at))
    elif isinstance(value, str) and value.startswith("{"):
        yield from _walk(json.loads(value), (*path, INNER))
    else:
        yield path, value


def put(message: Any, path: Path, value: Any) -> Any:
    """``message`` with ``value`` at ``path``."""
    if not path:
        return value
    first, *rest = path
    if first == INNER:
        return compact(put(json.loads(message), tuple(rest), value))
    changed = copy.copy(message)
    changed[first] = put(message[first], tuple(rest), value)
    return changed
