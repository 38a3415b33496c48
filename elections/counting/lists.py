"""Lists: first seats to lists, then the seats of a list to its candidates.

A closed list (one vote for the whole list) seats its candidates in its own order, and the next in it are the
successors. An open list has the votes of its candidates; within it most votes win, and equals follow the list's order
or the lot, as the rule says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from elections.counting.lots import Lots
from elections.counting.regions import Contest, decide, ranks
from elections.counting.result import Plain, Reason, Result, Seat, Tie
from elections.counting.rule import CountingRule, EqualInList, TooFew
from elections.counting.seats import share_out
from elections.counting.tally import Candidate, Tally


@dataclass(slots=True)
class _Filling:
    """Who takes the seats of one list: people in order with their reasons, and who follows them."""

    people: list[tuple[str, tuple[Reason, ...]]] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    successors: tuple[tuple[str, ...], ...] = ()


def count_lists(rule: CountingRule, tally: Tally, lots: Lots) -> Result:
    """Count closed lists (``lists``) or open ones (``block`` or ``cumulative`` with an apportionment)."""
    assert rule.apportionment is not None
    members = {each.id: _members(tally, each.id) for each in tally.lists}
    votes = {
        key: sum(tally.of(each.id) for each in people) if rule.open_lists else tally.of(key)
        for key, people in members.items()
    }
    shares = share_out(
        rule.apportionment,
        votes,
        rule.seats,
        barrier=rule.barrier,
        room={key: len(people) for key, people in members.items()} if rule.too_few is TooFew.NEXT else None,
        lots=lots,
    )
    fill = _fill_open if rule.open_lists else _fill_closed
    fillings = {key: fill(rule, tally, members[key], key, shares.seats[key], lots) for key in sorted(members)}
    queues = {key: iter(filling.people) for key, filling in fillings.items()}
    seats = []
    for number, award in enumerate(shares.awards, 1):
        holder, reasons = next(queues[award.list], ("", ())) if award.list else ("", ())
        if award.list and not reasons:
            parameters: dict[str, Plain] = {"list": award.list, "candidates": len(members[award.list])}
            reasons = (Reason("seat_vacant_list", parameters),)
        seats.append(Seat(number, award.list, holder, (*award.reasons, *reasons)))
    shown = {each.id: tally.of(each.id) for each in tally.candidates} if rule.open_lists else {}
    return Result(
        method=rule.method.value,
        seats=tuple(seats),
        votes=dict(sorted({**shown, **votes}.items())),
        valid=tally.valid,
        invalid=tally.invalid,
        blank=tally.blank,
        shares=shares.seats,
        ties=(*shares.ties, *(tie for key in sorted(fillings) for tie in fillings[key].ties)),
        successors={key: filling.successors for key, filling in fillings.items()},
        notes=tuple(shares.notes),
    )


def _members(tally: Tally, key: str) -> list[Candidate]:
    return sorted((each for each in tally.candidates if each.list == key), key=lambda each: each.position)


def _fill_closed(
    rule: CountingRule, tally: Tally, members: Sequence[Candidate], key: str, seats: int, lots: Lots
) -> _Filling:
    def people() -> Iterator[tuple[str, tuple[Reason, ...]]]:
        for each in members[:seats]:
            parameters: dict[str, Plain] = {"candidate": each.id, "list": key, "position": each.position}
            yield each.id, (Reason("seat_list_order", parameters),)

    return _Filling(list(people()), [], tuple((each.id,) for each in members[seats:]))


def _fill_open(
    rule: CountingRule, tally: Tally, members: Sequence[Candidate], key: str, seats: int, lots: Lots
) -> _Filling:
    by_position = rule.equal_in_list is EqualInList.LIST_ORDER
    if by_position:
        ordered = sorted(members, key=lambda each: (-tally.of(each.id), each.position))
        sure, undecided, ties = ordered[:seats], 0, []
        successors: tuple[tuple[str, ...], ...] = tuple((each.id,) for each in ordered[seats:])
    else:
        people = [Candidate(each.id, position=each.position) for each in members]
        decision = decide(Contest(key, people, tally.votes, {"": seats}), lots)
        sure, undecided, ties = decision.sure, decision.undecided, decision.ties
        sure = sorted(sure, key=lambda each: decision.choice.place[each.id])
        elected = {each.id for each in sure}
        successors = ranks([each for each in people if each.id not in elected], tally.votes)
    filling = _Filling([], ties, successors)
    for each in sure:
        why = [_most_votes(tally, members, sure, key, each)]
        if by_position and any(
            other.id != each.id and tally.of(other.id) == tally.of(each.id) for other in members
        ):
            why.append(
                Reason("seat_list_order", {"candidate": each.id, "list": key, "position": each.position})
            )
        for tie in ties:
            if each.id in tie.names and not tie.undecided:
                why.append(
                    Reason("seat_by_lot", {"tie": tie.key, "names": list(tie.names), "seats": tie.seats})
                )
        filling.people.append((each.id, tuple(why)))
    for tie in ties if undecided else []:
        if tie.undecided:
            waiting = Reason("seat_undecided", {"tie": tie.key, "names": list(tie.names), "seats": tie.seats})
            filling.people += [("", (waiting,))] * undecided
    return filling


def _most_votes(
    tally: Tally, members: Sequence[Candidate], sure: Sequence[Candidate], key: str, each: Candidate
) -> Reason:
    elected = {one.id for one in sure}
    best = ranks([one for one in members if one.id not in elected], tally.votes)[:1]
    return Reason(
        "seat_most_votes_list",
        {
            "candidate": each.id,
            "list": key,
            "votes": tally.of(each.id),
            "runner_up": list(best[0]) if best else [],
            "runner_up_votes": tally.of(best[0][0]) if best else 0,
        },
    )
