"""How register numbers are written: ``AS-26-0149``, and many of them in short: ``3-17, 20``. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

_LARGEST = 10**9


def register_number(code: str, number: int) -> str:
    """The number as everybody sees it: the register's code and at least four digits."""
    return f"{code}-{number:04d}"


def read_number(code: str, text: str) -> int | None:
    """The number that somebody typed, with or without the register's code, in any script's digits; else None."""
    digits = "".join(
        str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in "".join(text.split())
    )
    match = re.fullmatch(rf"(?:{re.escape(code)}-)?([0-9]{{1,12}})", digits, re.IGNORECASE)
    found = int(match[1]) if match else 0
    return found if 0 < found < _LARGEST else None


def ranges(numbers: Collection[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours, in order: ``{3, 4, 5, 9}`` gives ``[(3, 5), (9, 9)]``."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def written(runs: Sequence[tuple[int, int]]) -> str:
    """Runs of numbers as one line: ``3-17, 20``. The same in every language."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def in_short(numbers: Collection[int]) -> str:
    """All of ``numbers`` as one line: ``3-17, 20``."""
    return written(ranges(numbers))
