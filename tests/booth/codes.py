"""Codes that leave a chosen remainder, for the tests."""

from __future__ import annotations

BODY = "482109375526118073492065881437"


def with_remainder(remainder: int) -> str:
    """32 digits that leave this remainder modulo 97."""
    return BODY + f"{(remainder - int(BODY) * 100) % 97:02d}"
