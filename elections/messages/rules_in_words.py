"""What the office reads of a rule set beside ``counting_rules``: seats, supporters, and how long one can object."""

from __future__ import annotations

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from core.i18n import localized
from elections.messages.rule_sets import MATTERS
from elections.rules.rule_sets import RuleSet


def seats_elected(rules: RuleSet) -> str:
    """How many seats there are in all."""
    seats = rules.counting.seats
    return ngettext("%(num)d seat is elected.", "%(num)d seats are elected.", seats)


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
