"""The forms of those who watch an online vote: a button, and an address."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from core.forms import PublicForm, needed
from core.localized import clean
from core.widgets import TextInput

ADDRESS_LENGTH = 254


class CheckForm(PublicForm):
    """A button alone: whoever presses it wants the board checked."""


class ObserveForm(PublicForm):
    """Where the heads are to go."""

    beside: ClassVar = {"mail_recipient_invalid": "address"}

    address = StringField(
        _l("Your e-mail address"),
        description=_l("Only for the heads of this board. We delete it after the election."),
        validators=[needed(_l("Type your e-mail address."))],
        widget=TextInput(direction="ltr", autocomplete="email"),
    )

    @property
    def recipient(self) -> str:
        """The address as it was typed, without blanks around it."""
        return clean(self.address.data or "")[:ADDRESS_LENGTH]
