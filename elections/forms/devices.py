"""The forms of station devices, and of those who vote on paper."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from accounts.desk import OfficeForm
from core.codes import western
from core.forms import at_most, cleaned, needed
from core.widgets import TextInput
from elections.rules.devices import TEXT_LENGTH


class DeviceForm(OfficeForm):
    """A new station device."""

    beside: ClassVar = {
        "device_name_missing": "name",
        "device_place_missing": "place",
        "device_hours_missing": "hours",
    }

    name = StringField(
        _l("What the place is called"),
        widget=TextInput(),
        filters=[cleaned],
        validators=[needed(_l("Write what the place is called.")), at_most(TEXT_LENGTH)],
    )
    place = StringField(
        _l("Address"),
        widget=TextInput(),
        filters=[cleaned],
        validators=[needed(_l("Write the address.")), at_most(TEXT_LENGTH)],
    )
    hours = StringField(
        _l("When people can come"),
        description=_l("Such as: Monday to Friday, 9:00 to 17:00."),
        widget=TextInput(),
        filters=[cleaned],
        validators=[needed(_l("Write when people can come.")), at_most(TEXT_LENGTH)],
    )


class PaperForm(OfficeForm):
    """Somebody's number on the roll."""

    beside: ClassVar = {
        "roll_number_unknown": "number",
        "paper_asked": "number",
        "paper_unknown": "number",
    }

    number = StringField(
        _l("Number on the roll"),
        widget=TextInput(width=10, direction="ltr", inputmode="numeric"),
        filters=[cleaned],
        validators=[needed(_l("Write the number."))],
    )

    @property
    def roll_number(self) -> int:
        """What was written; 0, which nobody has, where it is no number."""
        typed = western(self.number.data or "").strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
