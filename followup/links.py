"""Where a register is read. This room knows subjects by kind and id only, so the front door says it for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.localized import Localized


@dataclass(frozen=True, slots=True)
class Place:
    """How registers of one kind are shown, in a request.

    ``titles`` names those among some codes that are before the public; only these may be linked to.
    """

    register: Callable[[str], str]
    """The address of a register, by its code."""
    entry: Callable[[str, int], str]
    """The address of one number in it."""
    titles: Callable[[Session, Sequence[str]], Mapping[str, Localized]]


_places: dict[str, Place] = {}


def register(kind: str, place: Place) -> None:
    """Say where registers of ``kind`` are read."""
    _places[kind] = place


def place(kind: str) -> Place | None:
    """Where registers of ``kind`` are read; None if nowhere in public."""
    return _places.get(kind)
