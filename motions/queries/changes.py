"""What differs between two versions of a motion's words, part by part, for pages."""

from __future__ import annotations

from dataclasses import dataclass

from core.localized import direction
from core.texts import Piece, differences
from motions.rules.drafting import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs: ``part`` is title, text, reasons or costs."""

    part: str
    language: str
    pieces: list[Piece]

    @property
    def direction(self) -> str:
        return direction(self.language)


def changes(language: str, older: Text, newer: Text) -> list[Change]:
    """The parts that differ, in the order of the page."""
    return [
        Change(part, language, differences(getattr(older, part), getattr(newer, part)))
        for part in ("title", "text", "reasons", "costs")
        if getattr(older, part) != getattr(newer, part)
    ]
