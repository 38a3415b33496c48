"""Remembers powers, so that thousands of bundles that differ in one number are checked in a minute.

Only the group's arithmetic is remembered, never a verdict: every check runs each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest

from elections.ballot.group import SchnorrGroup, _Tables


@contextmanager
def powers() -> Iterator[None]:
    """While this lasts, groups remember the powers that they gave."""
    power, contains, fixed = map(cache, (SchnorrGroup.power, SchnorrGroup.contains, SchnorrGroup.fixed))
    of_tables = cache(_Tables.power)
    original = SchnorrGroup.powers
    found: dict[Any, list[Any]] = {}

    def several(self: SchnorrGroup, element: Any, exponents: Sequence[int]) -> list[Any]:
        key = (self, element, tuple(exponents))
        if key not in found:
            found[key] = original(self, element, exponents)
        return list(found[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SchnorrGroup, "power", lambda self, element, exponent: power(self, element, exponent))
        patch.setattr(SchnorrGroup, "contains", lambda self, element: contains(self, element))
        patch.setattr(SchnorrGroup, "fixed", lambda self, element: fixed(self, element))
        patch.setattr(SchnorrGroup, "powers", several)
        patch.setattr(_Tables, "power", lambda self, exponent: of_tables(self, exponent))
        yield
