"""Sharing seats out among lists: D'Hondt, Sainte-Laguë and Hare-Niemeyer, exactly, with a reason for every seat.

D'Hondt divides a list's votes by 1, 2, 3, ..., Sainte-Laguë by 1, 3, 5, ...; the largest quotients get the seats, one
after the other. Hare-Niemeyer (largest remainder) gives each list the whole part of votes x seats / all votes, and
what is left to the largest remainders. Lists without votes get nothing.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from core.errors import DomainError
from elections.counting.lots import NO_LOTS, DecidedBy, Lots
from elections.counting.result import Plain, Reason, Tie
from elections.counting.rule import MOST_SEATS, Apportionment


@dataclass(frozen=True, slots=True)
class Award:
    """One seat and the list it goes to; ``""`` if it stays vacant or undecided, as its last reason says."""

    list: str
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class Shares:
    """What each list won for certain, seat by seat; the ties; the lists that took no part or were full."""

    seats: dict[str, int]
    awards: list[Award] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)

    def give(self, to: str, *reasons: Reason) -> None:
        """One more seat; to nobody if ``to`` is empty."""
        self.awards.append(Award(to, reasons))
        if to:
            self.seats[to] += 1


def share_out(
    method: Apportionment,
    votes: Mapping[str, int],
    seats: int,
    *,
    barrier: Fraction = Fraction(0),
    room: Mapping[str, int] | None = None,
    lots: Lots = NO_LOTS,
) -> Shares:
    """Share ``seats`` out among the lists in ``votes``.

    A list below the share ``barrier`` of all votes takes no part; one that has it exactly does. With ``room`` (list ->
    number of candidates) a full list gets no more, and its seats go on to the others: a divisor method passes it over,
    Hare-Niemeyer leaves it with all its candidates and computes the other seats anew among the other lists. Without
    ``room`` a list may win more than it can fill. Raises ``seats_range`` and ``votes_negative`` (``key``).
    """
    if not 0 <= seats <= MOST_SEATS:
        raise DomainError("seats_range", seats=seats, limit=MOST_SEATS)
    for name in sorted(votes):
        if votes[name] < 0:
            raise DomainError("votes_negative", key=name)
    shares = Shares(dict.fromkeys(sorted(votes), 0))
    taking_part = _above(barrier, votes, shares)
    if method is Apportionment.HARE_NIEMEYER:
        _largest_remainders(taking_part, seats, room, lots, shares)
    else:
        _largest_quotients(method, taking_part, seats, room, lots, shares)
    for _seat in range(seats - len(shares.awards)):
        shares.give("", Reason("seat_vacant_lists"))
    return shares


def _above(barrier: Fraction, votes: Mapping[str, int], shares: Shares) -> dict[str, int]:
    """The lists with votes that reach the barrier; a note for each of the others."""
    total = sum(votes.values())
    taking_part = {}
    for name in sorted(votes):
        if not votes[name]:
            continue
        if Fraction(votes[name], total) < barrier:
            shares.notes.append(
                Reason(
                    "barrier_missed",
                    {"list": name, "votes": votes[name], "total": total, "barrier": str(barrier)},
                )
            )
        else:
            taking_part[name] = votes[name]
    return taking_part


# Largest quotients -----------------------------------------------------------------------------------------------


def _divisor(method: Apportionment, number: int) -> int:
    """The divisor for a list that has ``number`` seats already."""
    return 2 * number + 1 if method is Apportionment.SAINTE_LAGUE else number + 1


def _largest_quotients(
    method: Apportionment,
    votes: Mapping[str, int],
    seats: int,
    room: Mapping[str, int] | None,
    lots: Lots,
    shares: Shares,
) -> None:
    queue = [
        (-Fraction(number, 1), name)
        for name, number in votes.items()
        if room is None or room.get(name, 0) > 0
    ]
    heapq.heapify(queue)
    while queue and len(shares.awards) < seats:
        top = queue[0][0]
        equals = _pop(queue, top)
        left = seats - len(shares.awards)
        winners, by_lot = equals, tuple[Reason, ...]()
        if len(equals) > left:
            winners, by_lot = _by_lot(f"lists:{len(shares.awards) + 1}", equals, left, lots, shares)
        behind = [name for quotient, name in queue if quotient == queue[0][0]]
        for name in winners:
            others = [each for each in equals if each != name]
            divisor = _divisor(method, shares.seats[name])
            parameters: dict[str, Plain] = {
                "list": name,
                "votes": votes[name],
                "divisor": divisor,
                "quotient": _fraction(votes[name], divisor),
                "runner_up": others or sorted(behind),
                "runner_up_quotient": str(-top if others else -queue[0][0] if queue else 0),
            }
            shares.give(name, Reason("seat_quotient", parameters), *by_lot)
        for name in winners:
            if room is None or shares.seats[name] < room[name]:
                quotient = Fraction(votes[name], _divisor(method, shares.seats[name]))
                heapq.heappush(queue, (-quotient, name))
            else:
                shares.notes.append(Reason("list_full", {"list": name, "candidates": room[name]}))


def _pop(queue: list[tuple[Fraction, str]], top: Fraction) -> list[str]:
    """Take every list with the quotient ``top`` from the queue."""
    equals = []
    while queue and queue[0][0] == top:
        equals.append(heapq.heappop(queue)[1])
    return equals


def _fraction(numerator: int, denominator: int) -> str:
    """``"120/3"``: not reduced, so that votes and divisor can be read from it."""
    return f"{numerator}/{denominator}"


def _by_lot(
    key: str, equals: list[str], left: int, lots: Lots, shares: Shares
) -> tuple[list[str], tuple[Reason, ...]]:
    """Who of ``equals`` gets the ``left`` seats; nobody (and the seats are undecided) while there is no lot."""
    order, decided_by = lots.decide(key, equals)
    shares.ties.append(Tie(key, "lists", "", tuple(sorted(equals)), left, order, decided_by))
    if decided_by is DecidedBy.NOTHING:
        for _seat in range(left):
            shares.give("", Reason("seat_undecided", {"tie": key, "names": sorted(equals), "seats": left}))
        return [], ()
    reason = Reason("seat_by_lot", {"tie": key, "names": sorted(equals), "seats": left})
    return list(order[:left]), (reason,)


# Largest remainders ----------------------------------------------------------------------------------------------


def _largest_remainders(
    votes: Mapping[str, int], seats: int, room: Mapping[str, int] | None, lots: Lots, shares: Shares
) -> None:
    active, left, again = dict(votes), seats, 0
    while active and left:
        key = f"lists:remainder:{again}" if again else "lists:remainder"
        trial = _trial(active, left, key, NO_LOTS)
        over = _over(trial, room)
        if not over:
            # A lot is drawn only where no list is overfull anyway; it can make one so.
            trial = _trial(active, left, key, lots)
            over = _over(trial, room)
            shares.ties += trial.ties
        for award in trial.awards:
            if not over or (award.list in over and shares.seats[award.list] < over[award.list]):
                shares.give(award.list, *award.reasons)
        if not over:
            return
        for name, candidates in over.items():
            shares.notes.append(Reason("list_full", {"list": name, "candidates": candidates}))
            left -= candidates
            del active[name]
        again += 1


def _trial(votes: Mapping[str, int], seats: int, key: str, lots: Lots) -> Shares:
    """One computation by itself."""
    trial = Shares(dict.fromkeys(votes, 0))
    for name, reasons in _hare(votes, seats, key, lots, trial):
        trial.give(name, *reasons)
    return trial


def _over(trial: Shares, room: Mapping[str, int] | None) -> dict[str, int]:
    """The lists that have more seats than candidates, with the number of these."""
    if room is None:
        return {}
    return {name: room.get(name, 0) for name, won in trial.seats.items() if won > room.get(name, 0)}


def _hare(
    votes: Mapping[str, int], seats: int, key: str, lots: Lots, shares: Shares
) -> Iterator[tuple[str, tuple[Reason, ...]]]:
    """Each seat of one computation: the whole parts, the list with most votes first, then the remainders."""
    total = sum(votes.values())
    whole = {name: number * seats // total for name, number in votes.items()}
    remainder = {name: number * seats % total for name, number in votes.items()}
    for name in sorted(votes, key=lambda each: (-votes[each], each)):
        reason = Reason(
            "seat_whole_quota",
            {"list": name, "votes": votes[name], "total": total, "seats": seats, "whole": whole[name]},
        )
        for _seat in range(whole[name]):
            yield name, (reason,)
    left = seats - sum(whole.values())
    if not left:
        return
    ranked = sorted(votes, key=lambda each: (-remainder[each], each))
    border = remainder[ranked[left - 1]]
    equals = [name for name in ranked if remainder[name] == border]
    sure = [name for name in ranked if remainder[name] > border]
    by_lot: tuple[Reason, ...] = ()
    winners, waiting = equals, list[tuple[Reason, ...]]()
    if len(sure) + len(equals) > left:
        chosen = Shares(dict.fromkeys(votes, 0))
        winners, by_lot = _by_lot(key, equals, left - len(sure), lots, chosen)
        shares.ties += chosen.ties
        waiting = [award.reasons for award in chosen.awards]
    behind = [name for name in ranked if name not in sure and name not in winners]
    best = max((remainder[name] for name in behind), default=0)
    for place, name in enumerate([*sure, *winners], 1):
        reason = Reason(
            "seat_remainder",
            {
                "list": name,
                "remainder": _fraction(remainder[name], total),
                "place": place,
                "seats": left,
                "runner_up": sorted(each for each in behind if remainder[each] == best),
                "runner_up_remainder": _fraction(best, total),
            },
        )
        yield name, (reason, *(by_lot if name in winners else ()))
    for reasons in waiting:
        yield "", reasons
