"""Most votes win: in the whole or within groups (regions of origin), with minimums and maximums per quota group.

The order of application is that of ``CountingRule``: candidates are taken by their votes; whoever finds the group's
seats taken or the quota group at its maximum is passed over; then each quota group below its minimum gets its next
candidate in place of the candidate elected with the fewest votes whom no minimum needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from elections.counting.lots import DecidedBy, Lots
from elections.counting.result import Plain, Reason, Result, Seat, Tie
from elections.counting.rule import CountingRule, Method, QuotaScope, TooFew
from elections.counting.tally import Candidate, Tally


@dataclass(slots=True)
class Contest:
    """Candidates who compete for the same seats: ``seats`` per group, under common minimums and maximums."""

    where: str
    candidates: Sequence[Candidate]
    votes: Mapping[str, int]
    seats: Mapping[str, int]
    minimums: Mapping[str, int] = field(default_factory=dict)
    maximums: Mapping[str, int] = field(default_factory=dict)
    keep_vacant: bool = True


@dataclass(slots=True)
class Choice:
    """What one order of the candidates leads to."""

    place: Mapping[str, int]
    """Where each candidate stands in that order."""
    elected: list[Candidate] = field(default_factory=list)
    passed_over: list[Candidate] = field(default_factory=list)
    instead_of: dict[str, str] = field(default_factory=dict)
    gave_way: dict[str, str] = field(default_factory=dict)
    unmet: dict[str, int] = field(default_factory=dict)

    def ids(self) -> frozenset[str]:
        return frozenset(each.id for each in self.elected)


@dataclass(slots=True)
class Decision:
    """Who is elected for certain in a contest, and the ties that settle or hold up the rest."""

    choice: Choice
    sure: list[Candidate]
    undecided: int
    ties: list[Tie]

    def by_lot(self, candidate: str) -> Tie | None:
        """The tie in which the lot decided about this candidate."""
        return next((tie for tie in self.ties if candidate in tie.names and not tie.undecided), None)


def count_most_votes(rule: CountingRule, tally: Tally, lots: Lots) -> Result:
    """Count by most votes: ``plurality_in_groups``, or ``block`` and ``cumulative`` without lists."""
    in_groups = rule.method is Method.PLURALITY_IN_GROUPS
    seats = dict(rule.seats_per_group) if in_groups else {"": rule.seats}
    people = [each if in_groups else _without_group(each) for each in tally.candidates]
    whole = bool(rule.minimums or rule.maximums) and rule.quota_scope is QuotaScope.ALL_SEATS
    contests = [("", seats)] if whole else [(group, {group: seats[group]}) for group in sorted(seats)]
    filled: list[Seat] = []
    ties: list[Tie] = []
    notes: list[Reason] = []
    elected: set[str] = set()
    out: set[str] = set()
    for where, capacity in contests:
        contest = Contest(
            where,
            [each for each in people if each.group in capacity],
            tally.votes,
            capacity,
            rule.minimums,
            rule.maximums,
            rule.too_few is TooFew.VACANT,
        )
        decision = decide(contest, lots)
        ties += decision.ties
        notes += _notes(contest, decision.choice)
        out.update(each.id for each in decision.choice.passed_over)
        elected.update(each.id for each in decision.sure)
        filled += _seats(contest, decision)
    if in_groups and rule.too_few is TooFew.NEXT:
        filled, passed_on = _pass_on(filled, people, tally.votes, elected, out, lots)
        ties += passed_on
        elected = {seat.holder for seat in filled if seat.holder}
    return Result(
        method=rule.method.value,
        seats=tuple(
            Seat(number, seat.where, seat.holder, seat.reasons) for number, seat in enumerate(filled, 1)
        ),
        votes={each.id: tally.of(each.id) for each in sorted(people, key=lambda each: each.id)},
        valid=tally.valid,
        invalid=tally.invalid,
        blank=tally.blank,
        ties=tuple(ties),
        notes=tuple(notes),
        successors={
            group: ranks(
                [each for each in people if each.group == group and each.id not in elected], tally.votes
            )
            for group in sorted(seats)
        },
    )


def ranks(candidates: Sequence[Candidate], votes: Mapping[str, int]) -> tuple[tuple[str, ...], ...]:
    """Candidates by their votes, most first; equals side by side."""
    return tuple(tuple(each.id for each in rank) for rank in _classes(candidates, votes))


def _classes(candidates: Sequence[Candidate], votes: Mapping[str, int]) -> list[list[Candidate]]:
    ordered = sorted(candidates, key=lambda each: (-votes.get(each.id, 0), each.id))
    return [list(rank) for _votes, rank in groupby(ordered, key=lambda each: votes.get(each.id, 0))]


def _without_group(candidate: Candidate) -> Candidate:
    return Candidate(
        candidate.id, candidate.name, "", candidate.list, candidate.position, candidate.quota_group
    )


# Choosing --------------------------------------------------------------------------------------------------------


def decide(contest: Contest, lots: Lots) -> Decision:
    """Who is elected in ``contest``. A tie counts as one only if its lot would change who is elected."""
    classes = _classes(contest.candidates, contest.votes)
    ties: list[Tie] = []
    every: list[Choice] = []
    for index, equals in enumerate(classes):
        trials = list(_trials(contest, classes, index))
        contenders = _contenders(equals, trials)
        if not contenders:
            continue
        key = f"candidates:{contest.where}:{contest.votes.get(equals[0].id, 0)}"
        names = sorted(contenders)
        at_stake = len(contenders & _choose(contest, _flat(classes)).ids())
        order, decided_by = lots.decide(key, names)
        ties.append(Tie(key, "candidates", contest.where, tuple(names), at_stake, order, decided_by))
        if decided_by is DecidedBy.NOTHING:
            every += [choice for _first, choice in trials]
        else:
            place = {name: number for number, name in enumerate(order)}
            first = [each for each in equals if each.id not in place and _always(each, trials)]
            middle = sorted((each for each in equals if each.id in place), key=lambda each: place[each.id])
            last = [each for each in equals if each not in first and each not in middle]
            classes[index] = [*first, *middle, *last]
    choice = _choose(contest, _flat(classes))
    sure = [each for each in choice.elected if all(each.id in other.ids() for other in every)]
    return Decision(choice, sure, len(choice.elected) - len(sure), ties)


def _trials(contest: Contest, classes: list[list[Candidate]], index: int) -> Iterator[tuple[str, Choice]]:
    """What comes out when each of the equals in turn is put first, and last."""
    equals = classes[index]
    plain = _choose(contest, _flat(classes))
    inside = [each.id in plain.ids() for each in equals]
    if len(equals) == 1 or all(inside) or not any(inside):
        yield "", plain
        return
    for each in equals:
        others = [other for other in equals if other is not each]
        for order in ([each, *others], [*others, each]):
            changed = [*classes[:index], order, *classes[index + 1 :]]
            yield each.id, _choose(contest, _flat(changed))


def _contenders(equals: Sequence[Candidate], trials: Sequence[tuple[str, Choice]]) -> set[str]:
    """Those whom one order elects and another does not."""
    outcomes = [choice.ids() for _first, choice in trials]
    return {each.id for each in equals if len({each.id in outcome for outcome in outcomes}) > 1}


def _always(candidate: Candidate, trials: Sequence[tuple[str, Choice]]) -> bool:
    return all(candidate.id in choice.ids() for _first, choice in trials)


def _flat(classes: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    return [each for equals in classes for each in equals]


def _choose(contest: Contest, order: Sequence[Candidate]) -> Choice:
    """Apply seats, maximums and minimums to candidates in a strict order."""
    choice = Choice({each.id: place for place, each in enumerate(order)})
    taken, free = Counter[str](), Counter(contest.seats)
    for each in order:
        if not free[each.group]:
            continue
        limit = contest.maximums.get(each.quota_group)
        if limit is not None and taken[each.quota_group] >= limit:
            choice.passed_over.append(each)
            continue
        choice.elected.append(each)
        taken[each.quota_group] += 1
        free[each.group] -= 1
    for quota_group in sorted(contest.minimums):
        while taken[quota_group] < contest.minimums[quota_group]:
            if not _replace_one(contest, order, choice, taken, quota_group):
                _leave_vacant(contest, choice, taken, free, quota_group)
                break
    return choice


def _replace_one(
    contest: Contest, order: Sequence[Candidate], choice: Choice, taken: Counter[str], quota_group: str
) -> bool:
    """Bring in the next candidate of ``quota_group`` for whom somebody of the same group can give way."""
    elected = choice.ids()
    for newcomer in order:
        if newcomer.quota_group != quota_group or newcomer.id in elected:
            continue
        leaver = _leaver(contest, choice, taken, newcomer.group, quota_group)
        if leaver is not None:
            choice.elected[choice.elected.index(leaver)] = newcomer
            choice.instead_of[newcomer.id] = leaver.id
            choice.gave_way[leaver.id] = newcomer.id
            taken[leaver.quota_group] -= 1
            taken[quota_group] += 1
            return True
    return False


def _leaver(
    contest: Contest, choice: Choice, taken: Counter[str], group: str, quota_group: str
) -> Candidate | None:
    """The candidate elected last in ``group`` whom no minimum needs."""
    spare = [
        each
        for each in choice.elected
        if each.group == group
        and each.quota_group != quota_group
        and taken[each.quota_group] > contest.minimums.get(each.quota_group, 0)
    ]
    return max(spare, key=lambda each: choice.place[each.id], default=None)


def _leave_vacant(
    contest: Contest, choice: Choice, taken: Counter[str], free: Counter[str], quota_group: str
) -> None:
    """The minimum has no candidate left: its seats stay vacant, or go on to whoever has them."""
    missing = contest.minimums[quota_group] - taken[quota_group]
    choice.unmet[quota_group] = missing
    if not contest.keep_vacant:
        return
    for _seat in range(max(0, missing - free.total())):
        spare = [
            leaver
            for group in sorted(contest.seats)
            if (leaver := _leaver(contest, choice, taken, group, quota_group)) is not None
        ]
        if not spare:
            return
        leaver = max(spare, key=lambda each: choice.place[each.id])
        choice.elected.remove(leaver)
        choice.gave_way[leaver.id] = ""
        taken[leaver.quota_group] -= 1
        free[leaver.group] += 1


# Explaining ------------------------------------------------------------------------------------------------------


def _seats(contest: Contest, decision: Decision) -> Iterator[Seat]:
    """The contest's seats, group by group, most votes first; then what is undecided and what stays vacant."""
    choice = decision.choice
    sure = {each.id for each in decision.sure}
    held_up = [tie for tie in decision.ties if tie.undecided]
    for group in sorted(contest.seats):
        chosen = [each for each in choice.elected if each.group == group]
        chosen.sort(key=lambda each: choice.place[each.id])
        standing = [each for each in contest.candidates if each.group == group]
        for place, each in enumerate((each for each in chosen if each.id in sure), 1):
            yield Seat(0, group, each.id, tuple(_why(contest, decision, standing, each, place)))
        for _seat in range(sum(each.id not in sure for each in chosen)):
            tie = held_up[-1]
            reason = Reason("seat_undecided", {"tie": tie.key, "names": list(tie.names), "seats": tie.seats})
            yield Seat(0, group, "", (reason,))
        for _seat in range(contest.seats[group] - len(chosen)):
            parameters: dict[str, Plain] = {
                "group": group,
                "candidates": len(standing),
                "seats": contest.seats[group],
            }
            yield Seat(0, group, "", (Reason("seat_vacant", parameters),))


def _why(
    contest: Contest, decision: Decision, standing: Sequence[Candidate], elected: Candidate, place: int
) -> Iterator[Reason]:
    choice, votes = decision.choice, contest.votes.get(elected.id, 0)
    common: dict[str, Plain] = {"candidate": elected.id, "group": elected.group, "votes": votes}
    barred = {*choice.gave_way, *(each.id for each in choice.passed_over)}
    others = [each for each in standing if each.id not in choice.ids() and each.id not in barred]
    best = ranks(others, contest.votes)[:1]
    if len(standing) <= contest.seats[elected.group]:
        yield Reason("seat_no_contest", common)
    else:
        yield Reason(
            "seat_most_votes",
            {
                **common,
                "place": place,
                "runner_up": list(best[0]) if best else [],
                "runner_up_votes": contest.votes.get(best[0][0], 0) if best else 0,
            },
        )
    if elected.id in choice.instead_of:
        yield Reason(
            "seat_minimum",
            {
                "candidate": elected.id,
                "quota_group": elected.quota_group,
                "minimum": contest.minimums[elected.quota_group],
                "instead_of": choice.instead_of[elected.id],
            },
        )
    tie = decision.by_lot(elected.id)
    if tie is not None:
        yield Reason("seat_by_lot", {"tie": tie.key, "names": list(tie.names), "seats": tie.seats})


def _notes(contest: Contest, choice: Choice) -> Iterator[Reason]:
    for each in choice.passed_over:
        yield Reason(
            "maximum_reached",
            {
                "candidate": each.id,
                "quota_group": each.quota_group,
                "maximum": contest.maximums[each.quota_group],
            },
        )
    for quota_group, missing in sorted(choice.unmet.items()):
        yield Reason(
            "minimum_unmet",
            {
                "group": contest.where,
                "quota_group": quota_group,
                "minimum": contest.minimums[quota_group],
                "missing": missing,
            },
        )


def _pass_on(
    filled: list[Seat],
    people: Sequence[Candidate],
    votes: Mapping[str, int],
    elected: set[str],
    out: set[str],
    lots: Lots,
) -> tuple[list[Seat], list[Tie]]:
    """Vacant seats go to the candidates with the most votes in any group, and stay where they are in the list.

    Minimums and maximums are not applied again; whom a maximum passed over stays out. While another seat waits for a
    lot, so do these.
    """
    vacant = sum(seat.vacant for seat in filled)
    held_up = next((seat.reasons[-1] for seat in filled if seat.undecided), None)
    if not vacant:
        return filled, []
    left = [_without_group(each) for each in people if each.id not in elected and each.id not in out]
    decision = decide(Contest("", left, votes, {"": vacant}), lots)
    winners = iter(sorted(decision.sure, key=lambda each: decision.choice.place[each.id]))
    waiting = decision.undecided
    seats, ties = [], decision.ties if held_up is None else []
    for seat in filled:
        if not seat.vacant:
            seats.append(seat)
            continue
        winner = None if held_up else next(winners, None)
        passed_on = Reason("seat_passed_on", {"group": seat.where})
        if winner is not None:
            why = [Reason("seat_next_votes", {"candidate": winner.id, "votes": votes.get(winner.id, 0)})]
            tie = decision.by_lot(winner.id)
            if tie is not None:
                why.append(
                    Reason("seat_by_lot", {"tie": tie.key, "names": list(tie.names), "seats": tie.seats})
                )
            seats.append(Seat(0, seat.where, winner.id, (passed_on, *why)))
        elif held_up is not None:
            seats.append(Seat(0, seat.where, "", (passed_on, held_up)))
        elif waiting:
            waiting -= 1
            tie = next(each for each in ties if each.undecided)
            undecided = Reason(
                "seat_undecided", {"tie": tie.key, "names": list(tie.names), "seats": tie.seats}
            )
            seats.append(Seat(0, seat.where, "", (passed_on, undecided)))
        else:
            seats.append(seat)
    return seats, ties
