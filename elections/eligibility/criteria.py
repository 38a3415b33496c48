"""What a rule can ask of one person. Each criterion gives a verdict, and explains it with a reason and an advice.

``verdict`` is the whole decision and quick: an import of a city's roll calls nothing else. ``line`` asks it and adds
the words' codes, so that the two never disagree.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from elections.eligibility.checklists import Checklist, Line, Note, Verdict
from elections.eligibility.facts import Citizenship, Days, Exclusion, Facts, Reference
from elections.eligibility.periods import Period, years


class Criterion(ABC):
    """One thing that a rule asks. ``rule`` is its name in a stored rule set, ``asks`` the facts it reads."""

    rule: ClassVar[str]
    asks: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def verdict(self, facts: Facts, days: Days) -> Verdict:
        """Whether these facts meet the criterion in this election."""

    @abstractmethod
    def line(self, facts: Facts, days: Days) -> Line:
        """The verdict with its reason, and what the person can do about it."""

    @property
    def questions(self) -> frozenset[str]:
        """The facts that this criterion, or any part of it, reads."""
        return self.asks


@dataclass(frozen=True, slots=True)
class Age(Criterion):
    """At least so many years old on a day."""

    years: int
    on: Reference = Reference.ELECTION_DAY
    rule = "age"
    asks = frozenset({"born_on"})

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        return _since(facts.born_on, years(self.years), days.on(self.on))

    def line(self, facts: Facts, days: Days) -> Line:
        period, day = years(self.years), days.on(self.on)
        return _line_of_period(self, facts, days, "age", facts.born_on, period, day, years=self.years)


@dataclass(frozen=True, slots=True)
class Residence(Criterion):
    """Main residence in the city for at least a period that ends on a day ("since the 16th day before": 16 days)."""

    period: Period
    on: Reference = Reference.ELECTION_DAY
    rule = "residence"
    asks = frozenset({"lives_here", "resident_since"})

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        if facts.lives_here is False:
            return Verdict.NOT_MET
        return _since(facts.resident_since, self.period, days.on(self.on))

    def line(self, facts: Facts, days: Days) -> Line:
        day = days.on(self.on)
        if facts.lives_here is False:
            advice = None
            if day is not None and days.ahead(latest := self.period.before(day)):
                advice = Note("move_in_until", {"day": latest})
            return Line(self, Verdict.NOT_MET, Note("lives_elsewhere"), advice)
        return _line_of_period(self, facts, days, "residence", facts.resident_since, self.period, day)


@dataclass(frozen=True, slots=True)
class LawfulStay(Criterion):
    """Lawfully in the country for at least a period that ends on a day."""

    period: Period
    on: Reference = Reference.ELECTION_DAY
    rule = "lawful_stay"
    asks = frozenset({"stays_lawfully", "lawful_since"})

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        if facts.stays_lawfully is False:
            return Verdict.NOT_MET
        return _since(facts.lawful_since, self.period, days.on(self.on))

    def line(self, facts: Facts, days: Days) -> Line:
        if facts.stays_lawfully is False:
            return Line(self, Verdict.NOT_MET, Note("stay_not_lawful"), Note("seek_advice_on_stay"))
        return _line_of_period(self, facts, days, "stay", facts.lawful_since, self.period, days.on(self.on))


@dataclass(frozen=True, slots=True)
class BelongsTo(Criterion):
    """Belongs to at least one of these citizenship groups."""

    groups: frozenset[Citizenship]
    rule = "citizenship"
    asks = frozenset({"citizenship"})

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        if facts.citizenship is None:
            return Verdict.UNKNOWN
        if not self.groups.isdisjoint(facts.citizenship):
            return Verdict.MET
        return Verdict.NOT_MET if self.groups.isdisjoint(facts.citizenship_possible) else Verdict.UNKNOWN

    def line(self, facts: Facts, days: Days) -> Line:
        verdict = self.verdict(facts, days)
        if verdict is Verdict.MET:
            held = tuple(sorted(self.groups & (facts.citizenship or frozenset())))
            return Line(self, verdict, Note("citizenship_met", {"groups": held}))
        wanted = {"groups": tuple(sorted(self.groups))}
        if verdict is Verdict.UNKNOWN:
            return Line(self, verdict, Note("citizenship_unknown", wanted), _show("citizenship", days))
        return Line(self, verdict, Note("citizenship_not_met", wanted))


@dataclass(frozen=True, slots=True)
class NotExcluded(Criterion):
    """Belongs to none of these groups."""

    groups: frozenset[Exclusion]
    rule = "not_excluded"
    asks = frozenset({"exclusions"})

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        if facts.exclusions is None:
            return Verdict.UNKNOWN
        return Verdict.MET if self.groups.isdisjoint(facts.exclusions) else Verdict.NOT_MET

    def line(self, facts: Facts, days: Days) -> Line:
        verdict = self.verdict(facts, days)
        if verdict is Verdict.MET:
            return Line(self, verdict, Note("excluded_not"))
        if verdict is Verdict.UNKNOWN:
            named = {"groups": tuple(sorted(self.groups))}
            return Line(self, verdict, Note("excluded_unknown", named), _show("exclusions", days))
        named = {"groups": tuple(sorted(self.groups & (facts.exclusions or frozenset())))}
        return Line(self, verdict, Note("excluded", named), Note("tell_when_over"))


@dataclass(frozen=True, slots=True)
class Supporters(Criterion):
    """At least so many people support the nomination."""

    minimum: int
    rule = "supporters"
    asks = frozenset({"supporters"})

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        if facts.supporters is None:
            return Verdict.UNKNOWN
        return Verdict.MET if facts.supporters >= self.minimum else Verdict.NOT_MET

    def line(self, facts: Facts, days: Days) -> Line:
        verdict, day = self.verdict(facts, days), days.nominations_close
        if verdict is Verdict.UNKNOWN:
            return Line(
                self, verdict, Note("supporters_unknown", {"count": self.minimum}), _collect(None, days)
            )
        have = facts.supporters or 0
        if verdict is Verdict.MET:
            return Line(self, verdict, Note("supporters_enough", {"count": have}))
        missing = self.minimum - have
        advice = _collect(missing, days) if day is None or days.ahead(day) else None
        return Line(self, verdict, Note("supporters_missing", {"count": have, "missing": missing}), advice)


@dataclass(frozen=True, slots=True)
class FirstGeneration(Criterion):
    """Born abroad, and came to the country oneself."""

    rule = "first_generation"
    asks = frozenset({"born_abroad"})

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        return _truth(facts.born_abroad)

    def line(self, facts: Facts, days: Days) -> Line:
        return _line_of_truth(self, facts, days, "born_abroad", _show("birth", days), None)


@dataclass(frozen=True, slots=True)
class NotOnAnotherList(Criterion):
    """Stands on no other list or nomination of the same election."""

    rule = "not_on_another_list"
    asks = frozenset({"on_another_list"})

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        return _truth(None if facts.on_another_list is None else not facts.on_another_list)

    def line(self, facts: Facts, days: Days) -> Line:
        day = days.nominations_close
        leave = Note("leave_other_list", {"day": day}) if days.ahead(day) else None
        return _line_of_truth(self, facts, days, "no_other_list", Note("ask_lists"), leave)


def evaluate(criterion: Criterion, facts: Facts, days: Days) -> Checklist:
    """The checklist of ``criterion``: one line for each part of an outermost *all*, else a single one.

    Its advice says what to do about the whole: apply for the roll if the person is not on it, object to a refusal.
    """
    line = criterion.line(facts, days)
    unfolded = line.lines if line.reason is None and criterion.rule == "all" else (line,)
    return Checklist(line.verdict, unfolded, tuple(_about_the_whole(line.verdict, days)))


def verdict_of(criterion: Criterion, facts: Facts, days: Days) -> Verdict:
    """Only the verdict: for an import, which may keep nothing else. Always that of ``evaluate``."""
    return criterion.verdict(facts, days)


def _about_the_whole(verdict: Verdict, days: Days) -> list[Note]:
    advice = []
    if verdict is Verdict.UNKNOWN:
        advice.append(Note("ask_city"))
    elif verdict is Verdict.MET and days.apply_until is not None:
        when = "until" if days.ahead(days.apply_until) else "over"
        advice.append(Note(f"apply_to_{days.purpose.value}_{when}", {"day": days.apply_until}))
    if verdict is not Verdict.MET:
        if days.object_within is not None:
            advice.append(Note("object_within", {"count": days.object_within}))
        elif days.ahead(days.object_until):
            advice.append(Note("object_until", {"day": days.object_until}))
    return advice


# Periods -------------------------------------------------------------------------------------------------------------


def _since(first: date | None, period: Period, day: date | None) -> Verdict:
    """Whether a period that began on ``first`` is over on ``day``."""
    if first is None or day is None:
        return Verdict.UNKNOWN
    return Verdict.MET if first <= period.before(day) else Verdict.NOT_MET


def _line_of_period(
    criterion: Criterion,
    facts: Facts,
    days: Days,
    subject: str,
    first: date | None,
    period: Period,
    day: date | None,
    **more: object,
) -> Line:
    """The line of a criterion that time fulfils: the reason names the day on which it is (or would be) met."""
    verdict = criterion.verdict(facts, days)
    if day is None:
        return Line(criterion, verdict, Note("day_not_set"))
    if first is None:
        latest = {"latest": period.before(day), "day": day, **more}
        return Line(criterion, verdict, Note(f"{subject}_unknown", latest), _show(subject, days))
    reached = period.after(first)
    told = {"reached": reached, "day": day, **more}
    if verdict is Verdict.MET:
        return Line(criterion, verdict, Note(f"{subject}_met", told))
    return Line(criterion, verdict, Note(f"{subject}_not_met", told), Note("later", {"day": reached}))


# Yes and no ----------------------------------------------------------------------------------------------------------


def _truth(known: bool | None) -> Verdict:
    if known is None:
        return Verdict.UNKNOWN
    return Verdict.MET if known else Verdict.NOT_MET


def _line_of_truth(
    criterion: Criterion, facts: Facts, days: Days, subject: str, unknown: Note | None, not_met: Note | None
) -> Line:
    verdict = criterion.verdict(facts, days)
    advice = {Verdict.MET: None, Verdict.NOT_MET: not_met, Verdict.UNKNOWN: unknown}[verdict]
    return Line(criterion, verdict, Note(f"{subject}_{verdict.value}"), advice)


# Advice --------------------------------------------------------------------------------------------------------------


def _show(subject: str, days: Days) -> Note:
    """Which document settles ``subject``: brought to the city office, in time for the roll if that still helps."""
    if days.ahead(days.apply_until):
        return Note(f"show_{subject}_until", {"day": days.apply_until})
    return Note(f"show_{subject}")


def _collect(missing: int | None, days: Days) -> Note:
    wanted = {} if missing is None else {"count": missing}
    code = "collect_supporters" if missing is not None else "count_supporters"
    if days.nominations_close is None:
        return Note(code, wanted)
    return Note(f"{code}_until", {**wanted, "day": days.nominations_close})
