"""What the council says: sentences for its errors, and words for seats, offices and grounds."""

from __future__ import annotations

from collections.abc import Mapping

from core.wording import Sentence

CONFLICTS: frozenset[str] = frozenset()
"""Refusals because others were faster, or something is not over yet."""

SENTENCES: Mapping[str, Sentence] = {}
