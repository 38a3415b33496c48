"""What of other rooms presses at somebody's desk. The first page of the office asks; the front door says who answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accounts.models import Account
from core.localized import Localized


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that is late or due soon: what is owed to what, where it is done, and its clock."""

    owed: str
    number: str
    title: Localized
    url: str
    days_left: int
    """Below zero once it is late."""
    share: float


Reader = Callable[[Session, Account], Sequence[Waiting]]

_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Say, in a request, what of a room presses for an account."""
    if reader not in _readers:
        _readers.append(reader)


def waiting_for(session: Session, account: Account) -> list[Waiting]:
    """What presses for ``account``, the latest first."""
    found = [each for reader in _readers for each in reader(session, account)]
    return sorted(found, key=lambda each: each.days_left)
