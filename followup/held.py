"""What a receipt code opens. This room knows no other room's items, so the front door registers each kind of them.

A kind says how one of its items is found by the code's HMAC, which page shows it, and how its holder withdraws it.
Whatever else a holder may do (asking for a second look, mending a nomination) is a route of the room's own, which
opens the code with ``followup.views.answers.open_code``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from followup.forms import HeldCodeForm

Own = TypeVar("Own")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Own]):
    """One kind of item, in a request. Withdrawing has two parts or none: a page that asks, then the act."""

    find: Callable[[bytes], Own | None]
    """The item that belongs to a code, by ``followup.services.receipts.code_mac``."""
    show: Callable[[Own, HeldCodeForm, str], str]
    """Its page. The form holds the code, and what was refused; the sentence says what was done, and may be empty."""
    ask_to_withdraw: Callable[[Own, HeldCodeForm], str] | None = None
    """The page that asks whether to withdraw it."""
    withdraw: Callable[[str], str] | None = None
    """Withdraws what a code's 32 digits belong to, and says so in a sentence. May raise DomainError."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a code opened."""

    kind: Kind[Any]
    own: Any


_kinds: dict[str, Kind[Any]] = {}


def register(subject_kind: str, kind: Kind[Any]) -> None:
    """Say what the receipt codes of ``subject_kind`` open."""
    _kinds[subject_kind] = kind


def find(code_mac: bytes) -> Opened | None:
    """What belongs to a code, whichever room it lies in."""
    for kind in _kinds.values():
        own = kind.find(code_mac)
        if own is not None:
            return Opened(kind, own)
    return None
