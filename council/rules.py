"""Pure decisions about a council: seats and quorum on a day, vacancies, who succeeds, and what removal needs.

Sources of the figures: ``domain.md`` ("The council"). A quorum is counted from the statutory seats, never from those
that are filled; a successor is found in the order of the result at the time the seat falls vacant (Leipzig 2025).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import DomainError

KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
REGISTER_CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}")
"""Such as ``MC``: it begins every register number of the body."""
KEY_LENGTH = 40
NAME_LENGTH = 200
TEXT_LENGTH = 8_000
MOST_SEATS = 999
LONGEST_TERM = 10
"""Years that a term may last."""


class Way(StrEnum):
    """How the holders of a seat class are found."""

    ELECTED = "elected"
    DELEGATED = "delegated"
    APPOINTED = "appointed"
    ORGANISATION = "organisation"


class Ground(StrEnum):
    """Why somebody is no longer a member."""

    RESIGNED = "resigned"
    MOVED_AWAY = "moved_away"
    DIED = "died"
    NOT_ELIGIBLE = "not_eligible"
    REMOVED = "removed"
    RECALLED = "recalled"
    MEMBER_LEFT = "member_left"
    """Of a deputy: the member left, and the deputy with them."""
    TERM_ENDED = "term_ended"
    RESULT_REPLACED = "result_replaced"
    """The votes were counted anew, and the new result gives the seat to somebody else."""


class RemovalGround(StrEnum):
    """For which the rules let a body remove a member by vote."""

    ABSENCE = "absence"
    BREACH_OF_DUTY = "breach_of_duty"
    BREACH_OF_SECRECY = "breach_of_secrecy"


class Office(StrEnum):
    """What a body elects some of its members to."""

    CHAIR = "chair"
    DEPUTY_CHAIR = "deputy_chair"


class Filling(StrEnum):
    """How a vacancy is filled."""

    SUCCESSION = "succession"
    DELEGATION = "delegation"
    APPOINTMENT = "appointment"
    BY_ELECTION = "by_election"


LEAVING: Mapping[Way, frozenset[Ground]] = {
    way: frozenset({Ground.RESIGNED, Ground.MOVED_AWAY, Ground.DIED, Ground.NOT_ELIGIBLE})
    | ({Ground.RECALLED} if way in (Way.DELEGATED, Way.ORGANISATION) else frozenset())
    for way in Way
}
"""Grounds on which a member may leave without a vote. Only those who sent a member may recall it."""

FILLINGS: Mapping[Way, frozenset[Filling]] = {
    Way.ELECTED: frozenset({Filling.SUCCESSION, Filling.BY_ELECTION}),
    Way.DELEGATED: frozenset({Filling.DELEGATION}),
    Way.APPOINTED: frozenset({Filling.APPOINTMENT}),
    Way.ORGANISATION: frozenset({Filling.DELEGATION, Filling.APPOINTMENT}),
}

CALLED = frozenset({Way.APPOINTED, Way.ORGANISATION})
"""Seat classes that a public call may be for."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many seats from a day on."""

    from_on: date
    seats: int


@dataclass(frozen=True, slots=True)
class Votes:
    """A recorded vote of the body."""

    yes: int
    no: int
    abstain: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A successor as the result named them, and whether they can still be asked."""

    id: int
    rank: int
    available: bool


@dataclass(frozen=True, slots=True)
class Succession:
    """Who follows. ``next_id`` is the one; or ``equals`` must draw lots; or, with neither, nobody is left."""

    next_id: int | None
    equals: tuple[int, ...] = ()

    @property
    def lot_needed(self) -> bool:
        return bool(self.equals)

    @property
    def by_election_needed(self) -> bool:
        return self.next_id is None and not self.equals


# Seats and quorum ---------------------------------------------------------------------------------------------------


def seats_on(counts: Iterable[Count], day: date) -> int:
    """How many seats the dated ``counts`` of one class give on ``day``: the latest that has come; 0 before the first."""
    come = [count for count in counts if count.from_on <= day]
    return max(come, key=lambda count: count.from_on).seats if come else 0


def quorum(seats: int, share: int) -> int:
    """How many members must be present: ``share`` thousandths of the statutory ``seats``, rounded up.

    22 seats and 500 give 11, 23 give 12. A body has a quorum of at least one as soon as it has a seat.
    """
    return -(-seats * share // 1000)


def vacancies(seats: int, members: int) -> int:
    """Seats without member; never below zero when seats were taken away from under sitting members."""
    return max(0, seats - members)


def sits_on(since_on: date, left_on: date | None, day: date) -> bool:
    """Whether somebody is a member on ``day``. The day of leaving is the first day without the seat."""
    return since_on <= day and (left_on is None or day < left_on)


# Succession ---------------------------------------------------------------------------------------------------------


def succession(candidates: Sequence[Candidate]) -> Succession:
    """Who follows on a vacant seat of one class: the first rank with somebody available.

    Several available with the same rank are equals: a lot is needed, and nothing is decided silently.
    """
    available = [candidate for candidate in candidates if candidate.available]
    if not available:
        return Succession(None)
    best = min(candidate.rank for candidate in available)
    first = sorted(candidate.id for candidate in available if candidate.rank == best)
    return Succession(first[0]) if len(first) == 1 else Succession(None, tuple(first))


def choose_successor(candidates: Sequence[Candidate], drawn_id: int | None) -> int:
    """The successor's id; ``drawn_id`` is whom a lot among equals has drawn, None where none was drawn.

    Raises ``successor_none_left``, ``lot_needed`` (``count``), ``lot_not_needed`` or ``lot_among_others``.
    """
    found = succession(candidates)
    if found.by_election_needed:
        raise DomainError("successor_none_left")
    if found.lot_needed:
        if drawn_id is None:
            raise DomainError("lot_needed", count=len(found.equals))
        if drawn_id not in found.equals:
            raise DomainError("lot_among_others")
        return drawn_id
    assert found.next_id is not None
    if drawn_id is not None and drawn_id != found.next_id:
        raise DomainError("lot_not_needed")
    return found.next_id


def check_filling(way: Way, filling: Filling, candidates: Sequence[Candidate]) -> None:
    """Whether a vacancy of a seat class may be filled like this.

    Raises ``filling_not_for_class``, or ``successor_left`` when a by-election would pass somebody over.
    """
    if filling not in FILLINGS[way]:
        raise DomainError("filling_not_for_class")
    if filling is Filling.BY_ELECTION and not succession(candidates).by_election_needed:
        raise DomainError("successor_left")


# Leaving ------------------------------------------------------------------------------------------------------------


def check_leaving(way: Way, ground: Ground) -> None:
    """Raises ``ground_needs_vote`` for a removal, ``ground_not_for_class`` for what does not end such a seat."""
    if ground is Ground.REMOVED:
        raise DomainError("ground_needs_vote")
    if ground not in LEAVING[way]:
        raise DomainError("ground_not_for_class")


def check_removal(ground: RemovalGround | None, reason: str, votes: Votes, members: int, needed: int) -> None:
    """Whether a body may remove a member: a ground from the rules, a reason, a quorum and a majority.

    Only yes and no decide; a tie removes nobody. Raises ``removal_ground_missing``, ``reason_missing``,
    ``recorded_votes_negative``, ``votes_too_many`` (``limit``), ``votes_below_quorum`` (``quorum``), ``votes_no_majority``.
    """
    if ground is None:
        raise DomainError("removal_ground_missing")
    if not reason:
        raise DomainError("reason_missing")
    if min(votes.yes, votes.no, votes.abstain) < 0:
        raise DomainError("recorded_votes_negative")
    cast = votes.yes + votes.no + votes.abstain
    if cast > members:
        raise DomainError("votes_too_many", limit=members)
    if cast < needed:
        raise DomainError("votes_below_quorum", quorum=needed)
    if votes.yes <= votes.no:
        raise DomainError("votes_no_majority")


# Terms and calls ----------------------------------------------------------------------------------------------------


def check_term(begins_on: date, ends_on: date, previous_begins_on: date | None) -> None:
    """Raises ``term_order``, ``term_too_long`` (``limit`` years) or ``term_before_last`` (``day``)."""
    if ends_on <= begins_on:
        raise DomainError("term_order")
    if ends_on.year - begins_on.year > LONGEST_TERM:
        raise DomainError("term_too_long", limit=LONGEST_TERM)
    if previous_begins_on is not None and begins_on <= previous_begins_on:
        raise DomainError("term_before_last", day=previous_begins_on)


def check_in_term(day: date, begins_on: date, ends_on: date) -> None:
    """Raises ``day_outside_term`` (``begins``, ``ends``)."""
    if not begins_on <= day <= ends_on:
        raise DomainError("day_outside_term", begins=begins_on, ends=ends_on)


def call_is_open(opened_on: date, closes_on: date, closed_on: date | None, today: date) -> bool:
    """Whether applications are taken today; the last day counts in full."""
    return opened_on <= today <= closes_on and closed_on is None
