"""What else is read about a council and its members. This room knows nobody above it, so the front door says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A page about a council: what it is called, and its address."""

    title: str
    url: str


_more: list[Callable[[str], Sequence[Link]]] = []
_member: list[Callable[[str, int], str]] = []


def register(more: Callable[[str], Sequence[Link]]) -> None:
    """Say, in a request, which pages a room has about the council with a key."""
    if more not in _more:
        _more.append(more)


def register_member(address: Callable[[str, int], str]) -> None:
    """Say where a member is read, by the council's key and the member's id."""
    _member[:] = [address]


def more(key: str) -> list[Link]:
    """Every page that other rooms have about this council."""
    return [link for each in _more for link in each(key)]


def member(key: str, member_id: int) -> str | None:
    """Where this member is read; None if nowhere."""
    return _member[0](key, member_id) if _member else None
