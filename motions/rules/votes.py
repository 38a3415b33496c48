"""How a council votes: the quorum first, then the majority that its rules ask for, with a reason for every step.

Sources: ``domain.md`` ("Meetings"); ``reference/motions.md`` section 2: by default only yes and no count and a tie is a
rejection (Schleswig-Holstein § 39, Saxony); Carinthia counts abstentions as no. So all of it is the body's own rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.errors import DomainError, raise_all


class Way(StrEnum):
    """How votes are taken."""

    SHOW_OF_HANDS = "show_of_hands"
    BY_NAME = "by_name"
    ON_PAPER = "on_paper"
    """Secret; two tellers count apart."""


class Choice(StrEnum):
    """What one member votes."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class Majority(StrEnum):
    """What must be more than, or at least, which share of whom."""

    SIMPLE = "simple"
    """More yes than no."""
    OF_PRESENT = "of_present"
    """More than half of the members who may vote and are there."""
    OF_SEATS = "of_seats"
    """More than half of the statutory seats."""
    TWO_THIRDS = "two_thirds"
    """Two thirds of yes and no."""
    TWO_THIRDS_OF_SEATS = "two_thirds_of_seats"


class Abstentions(StrEnum):
    """What an abstention does to a simple or two-thirds majority."""

    DO_NOT_COUNT = "do_not_count"
    COUNT_AS_NO = "count_as_no"


class Tie(StrEnum):
    """What as many for as against means, where more for than against is asked for."""

    REJECTS = "rejects"
    CHAIR_DECIDES = "chair_decides"


@dataclass(frozen=True, slots=True)
class VoteRule:
    """A body's rule for one kind of decision."""

    majority: Majority = Majority.SIMPLE
    abstentions: Abstentions = Abstentions.DO_NOT_COUNT
    tie: Tie = Tie.REJECTS


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is there. ``seats`` are statutory; ``excluded`` are present and have a conflict of interest in this item."""

    seats: int
    quorum: int
    present: int
    excluded: int = 0

    @property
    def voting(self) -> int:
        """Members who are there and may vote on this item; the quorum is counted from them."""
        return self.present - self.excluded


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted. ``invalid`` are papers of a secret vote that say nothing clear."""

    yes: int
    no: int
    abstain: int
    invalid: int = 0

    @property
    def cast(self) -> int:
        return self.yes + self.no + self.abstain + self.invalid


class Ground(StrEnum):
    """Why a vote came out as it did; each is one sentence on the page."""

    QUORUM_MET = "quorum_met"
    ENOUGH = "enough"
    NOT_ENOUGH = "not_enough"
    TIE_REJECTS = "tie_rejects"
    TIE_CHAIR = "tie_chair"


@dataclass(frozen=True, slots=True)
class Reason:
    """A ground with its figures: ``have`` of what ``need`` would have sufficed."""

    ground: Ground
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether it is adopted, and why."""

    adopted: bool
    reasons: tuple[Reason, ...]


def check_quorum(attendance: Attendance) -> None:
    """Raises ``attendance_wrong`` (more than seats, or below zero) or ``vote_without_quorum`` (``have``, ``need``)."""
    if not 0 <= attendance.excluded <= attendance.present <= attendance.seats:
        raise DomainError("attendance_wrong", seats=attendance.seats)
    if attendance.voting < attendance.quorum:
        raise DomainError("vote_without_quorum", have=attendance.voting, need=attendance.quorum)


def decide(rule: VoteRule, attendance: Attendance, figures: Figures, chair: Choice | None = None) -> Outcome:
    """The outcome by the body's rule; ``chair`` is how the chair decides a tie, where the rule lets them.

    A vote is valid with a quorum alone. Raises, besides what ``check_quorum`` raises, ``figures_negative``,
    ``votes_too_many`` (``have``, ``limit``), ``chair_must_decide``, ``chair_abstains``.
    """
    check_quorum(attendance)
    if min(figures.yes, figures.no, figures.abstain, figures.invalid) < 0:
        raise DomainError("figures_negative")
    if figures.cast > attendance.voting:
        raise DomainError("votes_too_many", have=figures.cast, limit=attendance.voting)
    reasons = [Reason(Ground.QUORUM_MET, attendance.voting, attendance.quorum)]
    against = figures.no
    if rule.abstentions is Abstentions.COUNT_AS_NO:
        against += figures.abstain + figures.invalid
    need = _needed(rule.majority, attendance, figures.yes, against)
    if figures.yes >= need:
        return Outcome(True, (*reasons, Reason(Ground.ENOUGH, figures.yes, need)))
    if rule.majority is Majority.SIMPLE and figures.yes == against and figures.yes:
        if rule.tie is Tie.REJECTS:
            return Outcome(False, (*reasons, Reason(Ground.TIE_REJECTS, figures.yes, need)))
        if chair is None:
            raise DomainError("chair_must_decide")
        if chair is Choice.ABSTAIN:
            raise DomainError("chair_abstains")
        adopted = chair is Choice.YES
        return Outcome(adopted, (*reasons, Reason(Ground.TIE_CHAIR, figures.yes, need)))
    return Outcome(False, (*reasons, Reason(Ground.NOT_ENOUGH, figures.yes, need)))


def _needed(majority: Majority, attendance: Attendance, yes: int, against: int) -> int:
    """How many yes votes suffice."""
    match majority:
        case Majority.SIMPLE:
            return against + 1
        case Majority.OF_PRESENT:
            return attendance.voting // 2 + 1
        case Majority.OF_SEATS:
            return attendance.seats // 2 + 1
        case Majority.TWO_THIRDS:
            return max(1, _two_thirds(yes + against))
        case Majority.TWO_THIRDS_OF_SEATS:
            return _two_thirds(attendance.seats)


def _two_thirds(whole: int) -> int:
    share = Fraction(2, 3) * whole
    return -(-share.numerator // share.denominator)


def count_by_name(choices: Mapping[int, Choice], voting: Sequence[int]) -> Figures:
    """The figures of a vote by name. ``choices`` are by member, ``voting`` who is there and may vote.

    Raises, together, ``vote_of_stranger`` (``members``: they are not there or excluded) and ``vote_missing``
    (``members``: in a vote by name everybody present says something).
    """
    strangers = sorted(set(choices) - set(voting))
    missing = sorted(set(voting) - set(choices))
    raise_all(
        [DomainError("vote_of_stranger", members=strangers)] * bool(strangers)
        + [DomainError("vote_missing", members=missing)] * bool(missing)
    )
    counted = Counter(choices.values())
    return Figures(counted[Choice.YES], counted[Choice.NO], counted[Choice.ABSTAIN])


def check_tellers(first: Figures, second: Figures, *, same_person: bool) -> Figures:
    """What two tellers of a secret vote counted apart. Raises ``teller_twice``, ``tellers_differ`` (``first``, ``second``)."""
    if same_person:
        raise DomainError("teller_twice")
    if first != second:
        raise DomainError("tellers_differ", first=first, second=second)
    return first
