"""A rule set in sentences: who may vote and stand, how many votes and seats there are, and which days follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from core.i18n import localized
from elections.counting.rule import TooFew
from elections.eligibility.composed import AllOf, AnyOf, Not
from elections.eligibility.criteria import Criterion
from elections.eligibility.facts import Days, Purpose
from elections.messages.counting import APPORTIONMENTS, METHODS
from elections.messages.eligibility import criterion
from elections.messages.rule_sets import MATTERS
from elections.rules.deadlines import Timetable
from elections.rules.rule_sets import RuleSet


def who_may(rules: RuleSet, purpose: Purpose, timetable: Timetable, today: date) -> list[tuple[int, str]]:
    """Every line of who may vote or stand, with how deep it lies inside another."""
    asked = rules.to_vote if purpose is Purpose.VOTE else rules.standing
    return list(_lines(asked, rules.days(purpose, timetable, today), 0, top=True))


def _lines(asked: Criterion, days: Days, depth: int, *, top: bool = False) -> Iterator[tuple[int, str]]:
    parts: tuple[Criterion, ...] = ()
    if isinstance(asked, AllOf | AnyOf):
        parts = asked.parts
    elif isinstance(asked, Not):
        parts = (asked.part,)
    if not (top and isinstance(asked, AllOf)):
        yield depth, criterion(asked, days)
        depth += 1
    for part in parts:
        yield from _lines(part, days, depth)


def counting(rules: RuleSet) -> list[str]:
    """How votes become seats."""
    rule = rules.counting
    lines = [
        str(METHODS[rule.method]),
        ngettext("%(num)d seat is elected.", "%(num)d seats are elected.", rule.seats),
    ]
    if rule.votes_per_voter is None:
        lines.append(_("A voter has as many votes as there are candidates."))
    else:
        lines.append(
            ngettext("A voter has %(num)d vote.", "A voter has up to %(num)d votes.", rule.votes_per_voter)
        )
    if rule.most_per_candidate > 1:
        lines.append(
            ngettext(
                "One candidate can be given %(num)d vote.",
                "One candidate can be given up to %(num)d votes.",
                rule.most_per_candidate,
            )
        )
    if rule.apportionment is not None:
        lines.append(
            _(
                "Seats are shared out among the lists by %(method)s.",
                method=APPORTIONMENTS[rule.apportionment],
            )
        )
    if rule.too_few is TooFew.VACANT:
        lines.append(_("A seat for which there is no candidate stays vacant."))
    else:
        lines.append(_("A seat for which there is no candidate goes to the next in votes."))
    return lines


def seats_by_group(rules: RuleSet) -> list[tuple[str, str]]:
    """The name of each group of seats, and how many it has."""
    names = {group.key: localized(group.name).text for group in rules.groups}
    return [
        (names.get(key, key), str(format_decimal(seats)))
        for key, seats in rules.counting.seats_per_group.items()
    ]


def beside(rules: RuleSet) -> list[str]:
    """Seats that are not elected, supporters, and how long one can object."""
    lines = []
    for each in rules.delegated:
        name = localized(each.name).text
        if each.each_faction:
            lines.append(
                ngettext(
                    "%(name)s: %(num)d seat for each faction.",
                    "%(name)s: %(num)d seats for each faction.",
                    each.seats,
                    name=name,
                )
            )
        else:
            lines.append(
                ngettext("%(name)s: %(num)d seat.", "%(name)s: %(num)d seats.", each.seats, name=name)
            )
    if rules.supporters:
        lines.append(
            ngettext(
                "A nomination needs %(num)d supporter.",
                "A nomination needs %(num)d supporters.",
                rules.supporters,
            )
        )
    else:
        lines.append(_("A nomination needs no supporters."))
    for matter, days in rules.windows.items():
        lines.append(
            ngettext(
                "%(matter)s: within %(num)d day.",
                "%(matter)s: within %(num)d days.",
                days,
                matter=MATTERS[matter],
            )
        )
    return lines
