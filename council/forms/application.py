"""The form of somebody who applies for a seat."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from core import languages
from core.errors import DomainError
from core.forms import at_most, cleaned, needed
from core.i18n import language
from core.widgets import TextArea, TextInput
from council import rules
from council.services.calls import NewApplication
from followup.forms import ReceiptForm, contact_field


class ApplicationForm(ReceiptForm):
    """One application to a call."""

    beside: ClassVar = {
        "name_missing": "name",
        "organisation_missing": "organisation",
        "words_missing": "text",
        **ReceiptForm.CONTACT_BESIDE,
    }

    name = StringField(
        _l("Your name"),
        description=_l("Only those who decide about the seat read it."),
        filters=[cleaned],
        validators=[needed(_l("Write your name")), at_most(rules.NAME_LENGTH)],
        widget=TextInput(autocomplete="name"),
    )
    organisation = StringField(
        _l("Your organisation (you can leave this empty)"),
        filters=[cleaned],
        validators=[at_most(rules.NAME_LENGTH)],
        widget=TextInput(autocomplete="organization"),
    )
    text = TextAreaField(
        _l("Why do you apply?"),
        description=_l("You can write in any language. A few sentences are enough."),
        validators=[needed(_l("Write why you apply")), at_most(rules.TEXT_LENGTH)],
        widget=TextArea(rows=8, limit=rules.TEXT_LENGTH),
    )
    contact = contact_field()

    def __init__(self, *args: Any, for_organisations: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_organisations:
            self.organisation.label.text = _l("Your organisation")

    @property
    def application(self) -> NewApplication:
        """What was sent; its language is guessed from the text."""
        text = self.text.data or ""
        return NewApplication(
            name=self.name.data or "",
            text=text,
            language=languages.guess(text, language()),
            organisation=self.organisation.data or "",
        )

    def check(self) -> None:
        """An address that cannot be one is refused before anything is sent."""
        try:
            _left = self.contact_left
        except DomainError as error:
            self.refuse(error)
