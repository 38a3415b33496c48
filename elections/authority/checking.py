"""What anybody can check of the published lists, and where one code stands on them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from core import codes
from core.errors import DomainError, raise_all
from elections.ballot import credentials
from elections.ballot.credentials import public_credential, read_credentials
from elections.ballot.group import BELENIOS_2048, Element
from elections.ballot.replacements import Record, read_record, standing

Progress = Callable[[int, int], None]


class State(Enum):
    """Where a code stands."""

    COUNTS = auto()
    WAITS = auto()
    OVER = auto()
    FOREIGN = auto()


@dataclass(frozen=True, slots=True)
class Lists:
    """Credentials as they are written: all, the spares among them, those that count today; and entries of the record."""

    listed: frozenset[str]
    spares: frozenset[str]
    counting: frozenset[str]
    named: frozenset[str]
    entries: int


def check(
    public: bytes,
    election: str,
    spares: bytes | None,
    record: bytes | None,
    progress: Progress = lambda done, total: None,
) -> Lists:
    """The lists, if they are sound. Raises DomainError, together what is wrong with the list itself:

    ``list_unreadable``, ``list_not_in_order``, ``list_twice`` and ``list_outside_group`` (``count``), ``spares_not_listed``
    (``count``), ``record_other_election``, and what ``read_record`` and ``standing`` raise.
    """
    elements = _read(public)
    written = [BELENIOS_2048.write(each) for each in elements]
    listed = frozenset(written)
    errors = []
    if credentials.write_credentials(elements) != public:
        errors.append(DomainError("list_not_in_order"))
    if len(listed) < len(written):
        errors.append(DomainError("list_twice", count=len(written) - len(listed)))
    outside = 0
    for done, element in enumerate(elements, start=1):
        outside += element == BELENIOS_2048.identity or not BELENIOS_2048.contains(element)
        progress(done, len(elements))
    if outside:
        errors.append(DomainError("list_outside_group", count=outside))
    extra = [BELENIOS_2048.write(each) for each in _read(spares)] if spares is not None else []
    if strangers := set(extra) - listed:
        errors.append(DomainError("spares_not_listed", count=len(strangers)))
    raise_all(errors)
    followed = read_record(record) if record is not None else Record(election)
    if followed.election != election:
        raise DomainError("record_other_election")
    if spares is None:  # then only what the record names is known to have been a spare
        extra = [entry.new for entry in followed.entries if entry.new]
    counting = standing(followed, listed, extra)
    named = frozenset(entry.old for entry in followed.entries)
    return Lists(listed, frozenset(extra), frozenset(counting), named, len(followed.entries))


def state(lists: Lists, election: str, typed: str) -> State:
    """Where the code stands that somebody typed. Raises DomainError ``voting_code_wrong``, without the digits."""
    try:
        code = codes.read(typed, codes.Kind.VOTING)
    except DomainError:
        raise DomainError("voting_code_wrong") from None
    credential = BELENIOS_2048.write(public_credential(election, code))
    if credential in lists.counting:
        return State.COUNTS
    if credential in lists.named:
        return State.OVER
    return State.WAITS if credential in lists.spares else State.FOREIGN


def _read(data: bytes) -> list[Element]:
    try:
        return [each.element for each in read_credentials(io.BytesIO(data), len(data))]
    except DomainError:
        raise DomainError("list_unreadable") from None
