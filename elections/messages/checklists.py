"""The lines of the checklists before an act, from every module of sentences that has a table ``CHECKS``."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString

from core.wording import Sentence
from elections.rules.checklists import Check

_lines: dict[str, Sentence] = {}


def register(lines: Mapping[str, Sentence]) -> None:
    """Add a module's lines by the code of their check: lazy strings or functions, as for refusals."""
    _lines.update(lines)


def known() -> frozenset[str]:
    """Every check that has a line."""
    return frozenset(_lines)


def line(check: Check) -> str:
    """What a check is about, in the reader's language. Raises KeyError for a check without a line."""
    words = _lines[check.code]
    if callable(words) and not isinstance(words, LazyString):
        return str(words(check.parameters))
    text = str(words)
    return text % check.parameters if check.parameters else text
