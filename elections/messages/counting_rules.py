"""A rule set in plain sentences: how votes become seats, who may vote and stand, how long one can object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString, format_percent, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import localized
from elections.counting.result import Stage
from elections.counting.rule import Apportionment, CountingRule, Method, QuotaScope, TooFew
from elections.counting.tally import Tally
from elections.eligibility.composed import AllOf, AnyOf, Not
from elections.eligibility.criteria import Criterion
from elections.eligibility.facts import Days, Purpose
from elections.messages import eligibility
from elections.messages.rule_sets import MATTERS
from elections.rules.deadlines import Timetable
from elections.rules.rule_sets import Matter, RuleSet

_METHODS: Mapping[str, LazyString] = {
    Method.PLURALITY_IN_GROUPS: _l(
        "Each group has its own seats. They go to the candidates of the group with the most votes."
    ),
    Method.BLOCK: _l(
        "A voter can give one vote to each of several candidates. Those with most votes are elected."
    ),
    Method.CUMULATIVE: _l("A voter has several votes and can give more than one to the same candidate."),
    Method.LISTS: _l("A voter has one vote, for a whole list. Within a list, its own order decides."),
    Method.STV: _l(
        "A voter ranks the candidates. A vote that is not needed moves on to the next choice (Scottish rule)."
    ),
}
_SHARED_OUT: Mapping[str, LazyString] = {
    Apportionment.DHONDT: _l(
        "Seats go to lists by D'Hondt: votes are divided by 1, 2, 3 and so on. The largest quotients win."
    ),
    Apportionment.SAINTE_LAGUE: _l(
        "Seats go to lists by Sainte-Laguë: votes are divided by 1, 3, 5 and so on. The largest quotients win."
    ),
    Apportionment.HARE_NIEMEYER: _l(
        "Seats go to lists by Hare-Niemeyer: each gets its whole share. The largest remainders get the rest."
    ),
}
_TOO_FEW: Mapping[str, LazyString] = {
    TooFew.VACANT: _l("If too few people stand for the seats, the rest stay empty."),
    TooFew.NEXT: _l("If too few people stand for the seats, the rest go on to those who come next."),
}


@dataclass(frozen=True, slots=True)
class SaidCriterion:
    """One line of who may vote or stand; ``depth`` says how far it lies inside another one."""

    text: str
    depth: int


def say_rule(rule: CountingRule) -> list[str]:
    """How votes become seats, a sentence each."""
    return list(_say_rule(rule))


def _say_rule(rule: CountingRule) -> Iterator[str]:
    yield str(_METHODS[rule.method])
    if rule.method in (Method.BLOCK, Method.CUMULATIVE, Method.PLURALITY_IN_GROUPS):
        if rule.votes_per_voter is None:
            yield _("A voter has as many votes as there are candidates.")
        else:
            yield ngettext("A voter has %(num)d vote.", "A voter has %(num)d votes.", rule.votes_per_voter)
    if rule.most_per_candidate > 1:
        yield ngettext(
            "One candidate can get up to %(num)d vote of a voter.",
            "One candidate can get up to %(num)d votes of a voter.",
            rule.most_per_candidate,
        )
    if rule.open_lists:
        yield _(
            "Votes for a candidate count for the list first. Within the list, those with most votes are elected."
        )
    if rule.apportionment:
        yield str(_SHARED_OUT[rule.apportionment])
    if rule.barrier:
        yield _(
            "A list needs at least %(share)s of all votes.",
            share=format_percent(float(rule.barrier), "0.##%"),
        )
    if rule.minimums or rule.maximums:
        yield _("Some groups have a smallest or largest number of seats.")
        yield (
            _("This holds within each group of seats.")
            if rule.quota_scope is QuotaScope.EACH_GROUP and rule.seats_per_group
            else _("This holds for all seats together.")
        )
    if rule.method is not Method.STV:
        yield str(_TOO_FEW[rule.too_few])
    yield _("If people or lists are equal, a public lot decides. The server never chooses.")


def say_criteria(rules: RuleSet, timetable: Timetable, today: date, *, voting: bool) -> list[SaidCriterion]:
    """Who may vote, or stand, line by line."""
    days = rules.days(Purpose.VOTE if voting else Purpose.STAND, timetable, today)
    return list(_say_criterion(rules.to_vote if voting else rules.standing, days, 0))


def _say_criterion(asked: Criterion, days: Days, depth: int) -> Iterator[SaidCriterion]:
    yield SaidCriterion(eligibility.criterion(asked, days), depth)
    parts = (
        asked.parts if isinstance(asked, AllOf | AnyOf) else (asked.part,) if isinstance(asked, Not) else ()
    )
    for part in parts:
        yield from _say_criterion(part, days, depth + 1)


def say_windows(rules: RuleSet) -> list[tuple[str, str]]:
    """How long one can object, by what is objected to."""
    return [
        (
            str(MATTERS[matter]),
            ngettext("within %(num)d day", "within %(num)d days", rules.windows[matter]),
        )
        for matter in Matter
    ]


def names_of(tally: Tally, rules: RuleSet) -> dict[str, str]:
    """What people, lists and groups of an example are called in the language now in force."""
    names = {each.id: _("Candidate %(name)s", name=each.id.removeprefix("c")) for each in tally.candidates}
    names |= {each.id: _("List %(name)s", name=each.id) for each in tally.lists}
    names |= {group.key: localized(group.name).text for group in (*rules.groups, *rules.quota_groups)}
    return names


def say_stage(stage: Stage, names: Mapping[str, str]) -> str:
    """What one stage of a transferable vote does."""
    subject = names.get(stage.subject, stage.subject)
    if stage.kind == "surplus":
        return _("Stage %(number)s: what %(name)s does not need moves on", number=stage.number, name=subject)
    if stage.kind == "exclusion":
        return _(
            "Stage %(number)s: %(name)s leaves, and the votes move on", number=stage.number, name=subject
        )
    return _("Stage %(number)s: first choices", number=stage.number)
