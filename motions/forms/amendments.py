"""The form of somebody who proposes to change a paragraph."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField

from accounts.desk import OfficeForm
from core.forms import choice, cleaned
from core.widgets import Radios, Select, TextArea
from motions.messages.amendments import CHANGES
from motions.rules.stages import REASON_LENGTH
from motions.services.amendments import AMENDMENT_LENGTH


class AmendmentForm(OfficeForm):
    """A change of one paragraph of the text with the digest ``base``."""

    beside: ClassVar = {
        "amendment_change_unknown": "change",
        "paragraph_unknown": "paragraph",
        "amendment_empty": "text",
        "amendment_several": "text",
        "amendment_changes_nothing": "text",
        "words_too_long": "text",
        "motion_reason_missing": "reason",
        "motion_reason_too_long": "reason",
    }

    base = HiddenField()
    paragraph = SelectField(_l("Which paragraph?"), coerce=int, validate_choice=False, widget=Select())
    change = RadioField(
        _l("What happens to it?"),
        choices=[choice(change, label) for change, label in CHANGES.items()],
        default="replace",
        validate_choice=False,
        widget=Radios(),
    )
    text = TextAreaField(
        _l("The new words"),
        description=_l("Leave this empty if the paragraph is taken out."),
        filters=[cleaned],
        widget=TextArea(rows=6, limit=AMENDMENT_LENGTH),
    )
    reason = TextAreaField(_l("Reason"), filters=[cleaned], widget=TextArea(rows=3, limit=REASON_LENGTH))


class SettleForm(OfficeForm):
    """What became of a change that contradicts another one."""

    beside: ClassVar = {"amendment_outcome": "outcome"}

    outcome = RadioField(
        _l("What became of it?"),
        choices=[
            choice("rejected", _l("The council rejected it")),
            choice("withdrawn", _l("Whoever proposed it withdrew it")),
        ],
        validate_choice=False,
        widget=Radios(),
    )
