"""Words of the city's side, and sentences for what cannot be entered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import LazyString, format_currency, format_decimal, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import show_day
from core.wording import Sentence
from motions.rules.city import MeasureState

Parameters = Mapping[str, Any]

STATES: Mapping[str, LazyString] = {
    MeasureState.PLANNED: _l("Planned"),
    MeasureState.RUNNING: _l("Being done now"),
    MeasureState.DELAYED: _l("Delayed"),
    MeasureState.STOPPED: _l("Stopped"),
    MeasureState.DONE: _l("Done"),
}
"""How far a measure is."""
CHIPS: Mapping[str, str] = {
    MeasureState.PLANNED: "waiting",
    MeasureState.RUNNING: "open",
    MeasureState.DELAYED: "soon",
    MeasureState.STOPPED: "refused",
    MeasureState.DONE: "done",
}


def euros(cents: int) -> str:
    """An amount as the reader writes it; without cents where there are none."""
    if cents % 100:
        return str(format_currency(Decimal(cents) / 100, "EUR"))
    return str(format_currency(cents // 100, "EUR", currency_digits=False, format=_whole()))


def _whole() -> str:
    """The pattern of amounts in the reader's language, without its cents."""
    return re.sub(r"[.]0+", "", str(get_locale().currency_formats["standard"].pattern))


def _too_long(parameters: Parameters) -> str:
    limit = int(parameters["limit"])
    return ngettext(
        "There is room for one character here.",
        "There is room for %(limit)s characters here.",
        limit,
        limit=format_decimal(limit),
    )


def _unfinished(parameters: Parameters) -> str:
    return ngettext(
        "%(num)d measure is not done yet. Report on it first.",
        "%(num)d measures are not done yet. Report on them first.",
        int(parameters["count"]),
    )


SENTENCES: Mapping[str, Sentence] = {
    "city_source_missing": _l("Attach the city’s paper, so that everybody can check it."),
    "city_evidence_missing": _l("Attach a paper that shows that it is done."),
    "city_reference_missing": _l("Write the city’s reference."),
    "city_line_too_long": _too_long,
    "city_text_too_long": _too_long,
    "city_position_missing": _l("Choose what the city thinks."),
    "city_text_missing": _l("Write what the city says."),
    "city_cents_range": _l("Write an amount that is not below zero, and not beyond a trillion."),
    "city_decision_missing": _l("Choose what became of it."),
    "city_body_missing": _l("Write who decided or noted it."),
    "city_wording_missing": _l("Write the words that the city adopted."),
    "city_votes_incomplete": _l("Write both: how many said yes, and how many said no."),
    "city_votes_negative": _l("Votes cannot be below zero."),
    "city_votes_without_decision": _l(
        "Nobody voted on what was only noted or settled. Leave the votes empty."
    ),
    "city_votes_contradict": _l("These votes do not fit the outcome. Check both."),
    "forwarded_text_differs": _l("The text is not the one that the council adopted. Nothing was sent."),
    "term_not_over": lambda p: _(
        "The term runs until %(day)s. What is not dealt with lapses after that day.", day=show_day(p["day"])
    ),
    "department_same": _l("This department is responsible already. Choose another one."),
    "step_of_the_office": _l("The council’s office owes this step itself. It cannot be extended."),
    "follow_up_unknown": _l("No other motion of this council has this number."),
    "measure_title_missing": _l("Write what will be done."),
    "measure_day_missing": _l("Name the day by which it will be done."),
    "measure_day_past": _l("Name a day that is not over."),
    "measure_state_missing": _l("Choose how far it is."),
    "measure_new_day_missing": _l("Name the new day."),
    "measure_new_day_not_later": lambda p: _("Name a day after %(day)s.", day=show_day(p["day"])),
    "measure_not_delayed": _l(
        "A new day is only for what is delayed. Choose “Delayed”, or leave the day empty."
    ),
    "measures_unfinished": _unfinished,
    "correction_not_possible": _l("This cannot be corrected here."),
    "correction_twice": _l("This was corrected before. Correct the correction."),
    "correction_moves": _l(
        "With this outcome the motion would have gone another way. Ask the council to open it again."
    ),
}
