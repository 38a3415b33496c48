"""The criteria of admissibility in words, and what the check refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import show_day
from core.wording import Sentence
from motions.rules.admissibility import Criterion
from motions.rules.stages import Act

CRITERIA: Mapping[str, LazyString] = {
    Criterion.COMPETENT: _l("The council may speak about it"),
    Criterion.CLEAR: _l("It says who should do what"),
    Criterion.LAWFUL: _l("What it asks for is lawful"),
    Criterion.NOT_PERSONAL: _l("It insults nobody and names no private person"),
    Criterion.COSTS: _l("It says what it costs, where it costs something"),
    Criterion.NOT_REPEATED: _l("The council has not dealt with it in the last six months"),
}
GROUNDS: Mapping[str, LazyString] = {
    Criterion.COMPETENT: _l("The council may not speak about it."),
    Criterion.CLEAR: _l("It does not say who should do what."),
    Criterion.LAWFUL: _l("What it asks for is not lawful."),
    Criterion.NOT_PERSONAL: _l("It insults somebody or names a private person."),
    Criterion.COSTS: _l("It does not say what it costs."),
    Criterion.NOT_REPEATED: _l("The council dealt with it in the last six months."),
}
"""What is said of a criterion that is not met."""
PROPOSALS: Mapping[str, LazyString] = {
    Act.ADMIT: _l("It is admissible"),
    Act.RETURN: _l("It goes back to its author to be mended"),
    Act.REFUSE: _l("It is not admissible"),
}


def _criteria(parameters: Mapping[str, Any]) -> str:
    return " · ".join(str(CRITERIA[each]) for each in parameters["criteria"])


CONFLICTS: frozenset[str] = frozenset({"finding_open", "finding_settled"})
"""Refusals because others were faster."""

SENTENCES: Mapping[str, Sentence] = {
    "finding_act_unknown": _l("Choose what you propose."),
    "finding_missing": lambda p: _(
        "Say of each point whether it is met: %(criteria)s.", criteria=_criteria(p)
    ),
    "grounds_against": lambda p: _(
        "You cannot admit it while a point is not met: %(criteria)s.", criteria=_criteria(p)
    ),
    "finding_ground_missing": _l("Nothing that you marked as not met leads to this proposal."),
    "earlier_missing": _l("Name the earlier motion that it repeats, one that the council dealt with."),
    "earlier_too_old": lambda p: _(
        "Number %(number)s blocked a repetition until %(day)s. That day is over.",
        number=p["number"],
        day=show_day(p["until"]),
    ),
    "finding_open": _l("A proposal waits for the chair already."),
    "finding_settled": _l("This proposal was released or taken back meanwhile."),
    "finding_not_yours": _l(
        "The chair or the deputy chair decides this, and not about a motion of their own."
    ),
    "finding_second_person": _l("You made this proposal. Somebody else must release it."),
}
