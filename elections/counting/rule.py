"""What a rule set says about counting: the method, the seats, the votes of a voter, the quotas.

A ``CountingRule`` goes to and from plain JSON values, so that an election keeps its own copy. ``problems`` lists every
contradiction in it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from fractions import Fraction

from core.errors import DomainError, raise_all

MOST_SEATS = 10_000


class Method(StrEnum):
    """How votes become seats."""

    PLURALITY_IN_GROUPS = "plurality_in_groups"
    """Each group's seats go to its candidates with the most votes (Leipzig 2025: 8 regions of origin x 2 seats)."""
    BLOCK = "block"
    """Up to k votes, one for a candidate; most votes win. Approval voting is k = number of candidates."""
    CUMULATIVE = "cumulative"
    """Several votes, of which one candidate can be given more than one."""
    LISTS = "lists"
    """One vote for a whole list; within a list its own order decides (NRW)."""
    STV = "stv"
    """Single transferable vote: the Scottish Local Government Elections Order 2007."""


class Apportionment(StrEnum):
    """How seats are shared out among lists."""

    DHONDT = "dhondt"
    SAINTE_LAGUE = "sainte_lague"
    HARE_NIEMEYER = "hare_niemeyer"


class TooFew(StrEnum):
    """What becomes of a seat for which the list, the group or the minimum has no candidate left."""

    VACANT = "vacant"
    NEXT = "next"
    """It goes on: to the other lists by the same method, or to the candidate next in votes."""


class EqualInList(StrEnum):
    """Who is first among candidates of one open list with equal votes."""

    LIST_ORDER = "list_order"
    LOT = "lot"


class QuotaScope(StrEnum):
    """Whether minimums and maximums hold within each group's seats or over all of them.

    Over all seats they are applied after each group's seats are known, and a candidate gives way only to one of the
    same group.
    """

    EACH_GROUP = "each_group"
    ALL_SEATS = "all_seats"


@dataclass(frozen=True, slots=True)
class CountingRule:
    """How one election is counted.

    ``seats`` is the number of seats to be elected in all; with ``plurality_in_groups`` it is the sum of
    ``seats_per_group``. ``votes_per_voter`` is how many votes one ballot has (``None``: as many as there are
    candidates), ``most_per_candidate`` how many of them one candidate can be given. ``apportionment`` is needed by
    ``lists``; set with ``block`` or ``cumulative`` it makes them open lists (Hesse): a list has the votes of its
    candidates, and within it most votes win. ``barrier`` is the smallest share of all votes that takes part.

    Minimums and maximums, per quota group, are applied in this order: candidates are taken by their votes; whose group
    has reached its maximum is passed over; when all seats are given, and a group lacks its minimum, the candidate
    elected with the fewest votes whom no minimum needs gives way to that group's next candidate.
    """

    method: Method
    seats: int
    seats_per_group: Mapping[str, int] = field(default_factory=dict)
    votes_per_voter: int | None = 1
    most_per_candidate: int = 1
    apportionment: Apportionment | None = None
    barrier: Fraction = Fraction(0)
    too_few: TooFew = TooFew.VACANT
    equal_in_list: EqualInList = EqualInList.LIST_ORDER
    minimums: Mapping[str, int] = field(default_factory=dict)
    maximums: Mapping[str, int] = field(default_factory=dict)
    quota_scope: QuotaScope = QuotaScope.EACH_GROUP

    def problems(self) -> list[DomainError]:
        """Everything in this rule that contradicts itself, as errors of the code ``rule_...``; none if it can count."""
        return list(_problems(self))

    def check(self) -> None:
        """Raise every problem at once."""
        raise_all(self.problems())

    @property
    def open_lists(self) -> bool:
        """Whether candidates' votes first make seats for their lists."""
        return self.apportionment is not None and self.method in (Method.BLOCK, Method.CUMULATIVE)

    def to_plain(self) -> dict[str, object]:
        """This rule as JSON values; ``from_plain`` is its inverse."""
        plain: dict[str, object] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Mapping):
                value = {key: value[key] for key in sorted(value)}
            elif isinstance(value, Fraction):
                value = str(value)
            elif isinstance(value, StrEnum):
                value = value.value
            plain[each.name] = value
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> CountingRule:
        """Read a rule from JSON values. Raises, together, ``rule_key_unknown``, ``rule_key_missing`` and
        ``rule_value`` (``key``, ``value``). Contradictions are for ``problems``."""
        return _from_plain(plain)


def _problems(rule: CountingRule) -> Iterator[DomainError]:
    yield from _seat_problems(rule)
    yield from _vote_problems(rule)
    yield from _share_problems(rule)
    yield from _quota_problems(rule)


def _seat_problems(rule: CountingRule) -> Iterator[DomainError]:
    if not 1 <= rule.seats <= MOST_SEATS:
        yield DomainError("rule_seats_range", seats=rule.seats, limit=MOST_SEATS)
    if rule.method is Method.PLURALITY_IN_GROUPS:
        if not rule.seats_per_group:
            yield DomainError("rule_groups_missing")
        elif sum(rule.seats_per_group.values()) != rule.seats:
            yield DomainError("rule_groups_sum", seats=rule.seats, found=sum(rule.seats_per_group.values()))
        for group in sorted(rule.seats_per_group):
            if rule.seats_per_group[group] < 1:
                yield DomainError("rule_group_seats", group=group)
    elif rule.seats_per_group:
        yield DomainError("rule_groups_not_here", method=rule.method.value)


def _vote_problems(rule: CountingRule) -> Iterator[DomainError]:
    votes, most = rule.votes_per_voter, rule.most_per_candidate
    if votes is not None and votes < 1:
        yield DomainError("rule_votes_range")
    if most < 1:
        yield DomainError("rule_most_range")
    elif votes is not None and most > max(votes, 1):
        yield DomainError("rule_most_over_votes", most=most, votes=votes)
    if rule.method in (Method.BLOCK, Method.STV, Method.LISTS) and most > 1:
        yield DomainError("rule_most_not_here", method=rule.method.value)
    if rule.method in (Method.LISTS, Method.STV) and votes != 1:
        yield DomainError("rule_one_vote", method=rule.method.value)
    if rule.method is Method.CUMULATIVE and votes is None:
        yield DomainError("rule_votes_missing")


def _share_problems(rule: CountingRule) -> Iterator[DomainError]:
    if rule.method is Method.LISTS and rule.apportionment is None:
        yield DomainError("rule_apportionment_missing")
    if rule.method in (Method.STV, Method.PLURALITY_IN_GROUPS) and rule.apportionment is not None:
        yield DomainError("rule_apportionment_not_here", method=rule.method.value)
    if not 0 <= rule.barrier < 1:
        yield DomainError("rule_barrier_range", barrier=str(rule.barrier))
    elif rule.barrier and rule.apportionment is None:
        yield DomainError("rule_barrier_not_here")


def _quota_problems(rule: CountingRule) -> Iterator[DomainError]:
    if not rule.minimums and not rule.maximums:
        return
    if rule.method in (Method.STV, Method.LISTS) or rule.apportionment is not None:
        yield DomainError("rule_quotas_not_here")
        return
    groups = rule.seats_per_group or {"": rule.seats}
    smallest = rule.seats if rule.quota_scope is QuotaScope.ALL_SEATS else min(groups.values())
    for quota_group in sorted({*rule.minimums, *rule.maximums}):
        minimum = rule.minimums.get(quota_group, 0)
        maximum = rule.maximums.get(quota_group, minimum)
        if minimum < 0 or maximum < 0:
            yield DomainError("rule_quota_negative", group=quota_group)
        elif maximum < minimum:
            yield DomainError("rule_quota_crossed", group=quota_group, minimum=minimum, maximum=maximum)
    if sum(rule.minimums.values()) > smallest:
        yield DomainError("rule_minimums_sum", minimums=sum(rule.minimums.values()), seats=smallest)


# From JSON -------------------------------------------------------------------------------------------------------


def _from_plain(plain: Mapping[str, object]) -> CountingRule:
    names = [each.name for each in fields(CountingRule)]
    errors = [DomainError("rule_key_unknown", key=str(key)[:40]) for key in plain if key not in names]
    errors += [DomainError("rule_key_missing", key=key) for key in ("method", "seats") if key not in plain]
    values: dict[str, object] = {}
    for name in names:
        if name not in plain:
            continue
        try:
            values[name] = _READ[name](plain[name])
        except (ValueError, TypeError, ZeroDivisionError):
            errors.append(DomainError("rule_value", key=name, value=str(plain[name])[:40]))
    raise_all(errors)
    return CountingRule(**values)  # type: ignore[arg-type]


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError
    return value


def _whole_or_none(value: object) -> int | None:
    return None if value is None else _whole(value)


def _share(value: object) -> Fraction:
    """``"1/20"`` or a whole number; a decimal in JSON would be a float, and those are not exact."""
    if isinstance(value, str):
        return Fraction(value)
    return Fraction(_whole(value))


def _numbers(value: object) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise TypeError
    return {str(key): _whole(number) for key, number in value.items()}


_READ: Mapping[str, Callable[[object], object]] = {
    "method": lambda value: Method(str(value)),
    "seats": _whole,
    "seats_per_group": _numbers,
    "votes_per_voter": _whole_or_none,
    "most_per_candidate": _whole,
    "apportionment": lambda value: None if value is None else Apportionment(str(value)),
    "barrier": _share,
    "too_few": lambda value: TooFew(str(value)),
    "equal_in_list": lambda value: EqualInList(str(value)),
    "minimums": _numbers,
    "maximums": _numbers,
    "quota_scope": lambda value: QuotaScope(str(value)),
}
