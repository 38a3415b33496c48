"""The single transferable vote as Scotland counts it: weighted inclusive Gregory, five decimal places, cut off.

Source: The Scottish Local Government Elections Order 2007 (SSI 2007/42), Schedule 1, rules 45 to 52; the rules are
named where they apply. Votes are whole numbers of a hundred-thousandth vote (``ONE`` is one vote), so every result is
exact. Equal ballots are counted together: a ballot always lies with one candidate, at one value.

Rules 49(2) and 51(2) look back to the most recent stage at which equals differed. Where three or more are equal and
that stage leaves several of them in front, we go on looking back among these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.errors import DomainError
from elections.counting.lots import DecidedBy, Lots
from elections.counting.result import Plain, Reason, Result, Seat, Stage, Tie
from elections.counting.rule import CountingRule
from elections.counting.tally import Tally

ONE = 100_000
"""One vote: transfer values are computed to five decimal places, any remainder being ignored (rule 48(3))."""
MOST_TRIALS = 200
"""How many outcomes of undecided lots are followed to learn who is elected whatever they say."""


def decimals(votes: int) -> str:
    """``24242000`` as ``"242.42000"``."""
    whole, rest = divmod(abs(votes), ONE)
    return f"{'-' if votes < 0 else ''}{whole}.{rest:05d}"


def quota_of(valid: int, seats: int) -> int:
    """Rule 46: valid papers divided by seats plus one, decimal places ignored, plus one. In whole votes."""
    return valid // (seats + 1) + 1


def count_scottish(rule: CountingRule, tally: Tally, lots: Lots) -> Result:
    """Count ranked ballots for ``rule.seats`` seats.

    A tie that only a lot can decide ends the count there while there is none: the result then holds the stages so far,
    the tie, and as elected those who are elected whatever the lots say.
    """
    papers: Counter[tuple[str, ...]] = Counter()
    for ballot in tally.ballots:
        if ballot.ranking and ballot.number:
            papers[ballot.ranking] += ballot.number
    candidates = sorted((each.id for each in tally.candidates), key=_by_number)
    grouped = [(ranking, papers[ranking]) for ranking in sorted(papers)]
    counted = _Count(candidates, grouped, rule.seats, lots)
    counted.run()
    sure = _elected_anyway(candidates, grouped, rule.seats, lots) if counted.waits else []
    first = dict.fromkeys(candidates, 0)
    for ranking, number in grouped:
        first[ranking[0]] += number
    empty = sum(ballot.number for ballot in tally.ballots if not ballot.ranking)
    return Result(
        method=rule.method.value,
        seats=tuple(counted.seats_with(sure)),
        votes=first,
        valid=sum(papers.values()),
        invalid=tally.invalid,
        blank=tally.blank + empty,
        ties=tuple(counted.ties),
        quota=counted.quota // ONE,
        stages=tuple(counted.stages),
    )


def _by_number(key: str) -> tuple[int, str]:
    """Ids that are numbers in their order, whatever their length. (Only the order of rows hangs on it.)"""
    return len(key), key


@dataclass(slots=True)
class _Count:
    """One run through the stages."""

    candidates: list[str]
    papers: list[tuple[tuple[str, ...], int]]
    seats: int
    lots: Lots
    quota: int = 0
    votes: dict[str, int] = field(default_factory=dict)
    elected: dict[str, Reason] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    stages: list[Stage] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    waits: bool = False
    # where each group of equal papers lies, which preference it is at, and the value of one such paper
    _piles: dict[str, list[int]] = field(default_factory=dict)
    _at: list[int] = field(default_factory=list)
    _value: list[int] = field(default_factory=list)
    _surpluses: set[str] = field(default_factory=set)
    # candidates with the same number here had equal votes at every stage
    _past: dict[str, int] = field(default_factory=dict)
    _non_transferable: int = 0
    _lost: int = 0

    def run(self) -> None:
        """All stages, until every seat is filled or a lot is needed."""
        self._first_stage()
        while len(self.elected) < self.seats and self._continuing():
            if self._surpluses:
                highest = max(self.votes[key] for key in self._surpluses)
                equals = [key for key in self._surpluses if self.votes[key] == highest]
                chosen, reasons = self._one_of(equals, "surplus")
                if not chosen:
                    return
                self._transfer_surplus(chosen, reasons)
            else:
                lowest = min(self.votes[key] for key in self._continuing())
                equals = [key for key in self._continuing() if self.votes[key] == lowest]
                chosen, reasons = self._one_of(equals, "exclusion")
                if not chosen:
                    return
                self._exclude(chosen, reasons)

    def _continuing(self) -> list[str]:
        return [key for key in self.candidates if key not in self.elected and key not in self.excluded]

    # Stages ----------------------------------------------------------------------------------------------------

    def _first_stage(self) -> None:
        """Rules 45 and 46: first preferences, the number of valid papers, the quota."""
        self.quota = quota_of(sum(number for _ranking, number in self.papers), self.seats) * ONE
        self.votes = dict.fromkeys(self.candidates, 0)
        self._piles = {key: [] for key in self.candidates}
        self._at = [0] * len(self.papers)
        self._value = [ONE] * len(self.papers)
        for index, (ranking, number) in enumerate(self.papers):
            self._piles[ranking[0]].append(index)
            self.votes[ranking[0]] += number * ONE
        self._close_stage("first", "", dict(self.votes), ())

    def _transfer_surplus(self, chosen: str, reasons: tuple[Reason, ...]) -> None:
        """Rule 48: each paper goes on at surplus x value / votes; the candidate keeps the quota."""
        total, surplus = self.votes[chosen], self.votes[chosen] - self.quota
        pile = self._piles[chosen]
        for index in pile:
            self._value[index] = surplus * self._value[index] // total
        gains, non_transferable = self._move(chosen)
        self._lost += surplus - sum(gains.values()) - non_transferable
        self._surpluses.discard(chosen)
        why = Reason(
            "stage_surplus",
            {
                "candidate": chosen,
                "votes": decimals(total),
                "quota": decimals(self.quota),
                "surplus": decimals(surplus),
            },
        )
        self._close_stage("surplus", chosen, {**gains, chosen: -surplus}, (why, *reasons))

    def _exclude(self, chosen: str, reasons: tuple[Reason, ...]) -> None:
        """Rule 50: the candidate with the fewest votes is excluded, and the papers go on at the value they have."""
        held = self.votes[chosen]
        self.excluded.add(chosen)
        gains, _non_transferable = self._move(chosen)
        why = Reason("stage_exclusion", {"candidate": chosen, "votes": decimals(held)})
        self._close_stage("exclusion", chosen, {**gains, chosen: -held}, (why, *reasons), excluded=chosen)

    def _move(self, source: str) -> tuple[dict[str, int], int]:
        """Move every paper of ``source`` to its next continuing candidate. Returns gains and what goes nowhere."""
        continuing = set(self._continuing())
        gains: Counter[str] = Counter()
        nowhere = 0
        for index in self._piles[source]:
            ranking, number = self.papers[index]
            at = self._at[index] + 1
            while at < len(ranking) and ranking[at] not in continuing:
                at += 1
            self._at[index] = at
            if at < len(ranking):
                self._piles[ranking[at]].append(index)
                gains[ranking[at]] += number * self._value[index]
            else:
                nowhere += number * self._value[index]
        self._piles[source] = []
        self._non_transferable += nowhere
        return dict(gains), nowhere

    def _close_stage(
        self,
        kind: str,
        subject: str,
        transfers: Mapping[str, int],
        reasons: tuple[Reason, ...],
        *,
        excluded: str = "",
    ) -> None:
        """Credit the transfers, then see who is elected (rule 47) and whether the last vacancies fill (rule 52)."""
        number = len(self.stages) + 1
        if self.stages:
            for key, change in transfers.items():
                self.votes[key] += change
        alike: dict[tuple[int, int], int] = {}
        for key in self.candidates:
            self._past[key] = alike.setdefault((self._past.get(key, 0), self.votes[key]), len(alike))
        by_votes = sorted(self._continuing(), key=lambda key: (-self.votes[key], _by_number(key)))
        now = [key for key in by_votes if self.votes[key] >= self.quota]
        for key in now:
            self.elected[key] = self._reason("seat_quota", key, number)
            if self.votes[key] > self.quota:
                self._surpluses.add(key)
        vacancies = self.seats - len(self.elected)
        rest = [key for key in by_votes if key not in self.elected]
        if vacancies and len(rest) <= vacancies:
            for key in rest:
                self.elected[key] = self._reason("seat_last_vacancies", key, number)
            now += rest
        self.stages.append(
            Stage(
                number,
                kind,
                subject,
                dict(self.votes),
                {key: transfers[key] for key in self.candidates if transfers.get(key)},
                self._non_transferable,
                self._lost,
                tuple(now),
                excluded,
                reasons,
            )
        )

    def _reason(self, code: str, key: str, stage: int) -> Reason:
        parameters: dict[str, Plain] = {
            "candidate": key,
            "votes": decimals(self.votes[key]),
            "quota": decimals(self.quota),
            "stage": stage,
        }
        return Reason(code, parameters)

    # Equals ----------------------------------------------------------------------------------------------------

    def _one_of(self, equals: Iterable[str], kind: str) -> tuple[str, tuple[Reason, ...]]:
        """Whose turn it is among equals: by an earlier stage, else by lot; ``""`` while no lot was drawn."""
        left = sorted(equals, key=_by_number)
        pick = max if kind == "surplus" else min
        reasons: list[Reason] = []
        for stage in reversed(self.stages[:-1]):
            if len({self._past[key] for key in left}) == 1:
                break
            best = pick(stage.votes[key] for key in left)
            ahead = [key for key in left if stage.votes[key] == best]
            if len(ahead) < len(left):
                reasons.append(
                    Reason("tie_by_earlier_stage", {"kind": kind, "names": list(left), "stage": stage.number})
                )
            left = ahead
        if len(left) == 1:
            return left[0], tuple(reasons)
        key = f"{kind}:{len(self.stages) + 1}"
        order, decided_by = self.lots.decide(key, left)
        self.ties.append(Tie(key, kind, "", tuple(sorted(left)), 1, order, decided_by))
        if decided_by is DecidedBy.NOTHING:
            self.waits = True
            return "", ()
        reasons.append(Reason("tie_by_lot", {"kind": kind, "tie": key, "names": sorted(left)}))
        return order[0], tuple(reasons)

    # Seats -----------------------------------------------------------------------------------------------------

    def seats_with(self, sure: Iterable[str]) -> Iterable[Seat]:
        """The seats in the order in which they were filled, then those of ``sure``, then what is undecided or vacant."""
        holders = [(key, (reason,)) for key, reason in self.elected.items()]
        holders += [
            (key, (Reason("seat_any_lot", {"candidate": key}),)) for key in sure if key not in self.elected
        ]
        for number, (key, reasons) in enumerate(holders, 1):
            yield Seat(number, "", key, reasons)
        for number in range(len(holders) + 1, self.seats + 1):
            if self.waits:
                tie = self.ties[-1]
                reason = Reason("seat_undecided", {"tie": tie.key, "names": list(tie.names), "seats": 1})
            else:
                standing = len(self.candidates)
                reason = Reason("seat_vacant", {"group": "", "candidates": standing, "seats": self.seats})
            yield Seat(number, "", "", (reason,))


def _elected_anyway(
    candidates: list[str], papers: list[tuple[tuple[str, ...], int]], seats: int, lots: Lots
) -> list[str]:
    """Who is elected whatever the undecided lots say: every outcome of each of them is followed.

    With more than ``MOST_TRIALS`` outcomes, or lots already drawn that fit only some, we do not know and claim nobody.
    """
    trials, waiting = 0, [dict(lots.drawn)]
    outcomes: list[set[str]] = []
    while waiting:
        drawn = waiting.pop()
        trials += 1
        counted = _Count(candidates, papers, seats, Lots(lots.seed, drawn))
        try:
            counted.run()
        except DomainError:  # a lot that was drawn for this stage fits another outcome, not this one
            return []
        if not counted.waits:
            outcomes.append(set(counted.elected))
            continue
        tie = counted.ties[-1]
        if trials + len(waiting) + len(tie.names) > MOST_TRIALS:
            return []
        for first in tie.names:
            others = [name for name in tie.names if name != first]
            waiting.append({**drawn, tie.key: (first, *others)})
    anyway = set.intersection(*outcomes)
    return [key for key in candidates if key in anyway]
