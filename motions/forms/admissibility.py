"""The office's checklist, and what the chair does with it."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField

from accounts.desk import OfficeForm
from core.forms import choice, cleaned
from core.widgets import NumberField, Radios, TextArea
from motions.messages.admissibility import CRITERIA, PROPOSALS
from motions.rules.admissibility import Criterion, Finding
from motions.rules.stages import REASON_LENGTH


def _criterion(criterion: Criterion) -> Any:
    return RadioField(
        CRITERIA[criterion],
        choices=[choice(Finding.MET.value, _l("Met")), choice(Finding.NOT_MET.value, _l("Not met"))],
        validate_choice=False,
        widget=Radios(small=True, inline=True),
    )


class CheckForm(OfficeForm):
    """Each criterion met or not, the proposal, its reason, and the motion that is repeated."""

    beside: ClassVar = {
        "finding_act_unknown": "act",
        "finding_ground_missing": "act",
        "grounds_against": "act",
        "motion_reason_missing": "reason",
        "motion_reason_too_long": "reason",
        "earlier_missing": "earlier",
        "earlier_too_old": "earlier",
    }

    competent = _criterion(Criterion.COMPETENT)
    clear = _criterion(Criterion.CLEAR)
    lawful = _criterion(Criterion.LAWFUL)
    not_personal = _criterion(Criterion.NOT_PERSONAL)
    costs = _criterion(Criterion.COSTS)
    not_repeated = _criterion(Criterion.NOT_REPEATED)
    earlier = NumberField(
        _l("Number of the motion that it repeats"),
        description=_l("Only the digits after the hyphen. Leave it empty if it repeats none."),
    )
    act = RadioField(
        _l("What do you propose?"),
        choices=[choice(act, label) for act, label in PROPOSALS.items()],
        validate_choice=False,
        widget=Radios(),
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Everybody reads it once the chair has released it."),
        filters=[cleaned],
        widget=TextArea(rows=4, limit=REASON_LENGTH),
    )

    @property
    def findings(self) -> dict[str, str]:
        """What was ticked, by criterion."""
        return {each.value: self[each.value].data for each in Criterion if self[each.value].data}
