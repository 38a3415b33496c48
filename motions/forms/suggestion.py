"""The form of somebody who suggests something to a council."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField

from core import languages
from core.errors import DomainError
from core.forms import at_most, choice, cleaned, needed
from core.i18n import language
from core.widgets import Select, TextArea, TextInput
from followup.forms import ReceiptForm, contact_field
from motions.messages.words import TOPICS
from motions.rules.topics import NAME_LENGTH, SUGGESTION_LENGTH
from motions.services.suggestions import NewSuggestion


class SuggestionForm(ReceiptForm):
    """One suggestion to a council."""

    beside: ClassVar = {
        "suggestion_topic": "topic",
        "words_missing": "text",
        **ReceiptForm.CONTACT_BESIDE,
    }

    topic = SelectField(
        _l("What is it about?"),
        choices=[choice("", _l("Choose a topic")), *(choice(code, label) for code, label in TOPICS.items())],
        validate_choice=False,
        widget=Select(),
    )
    text = TextAreaField(
        _l("What should the council do?"),
        description=_l("You can write in any language. A few sentences are enough."),
        validators=[needed(_l("Write your suggestion")), at_most(SUGGESTION_LENGTH)],
        widget=TextArea(rows=8, limit=SUGGESTION_LENGTH),
    )
    name = StringField(
        _l("Your name (you can leave this empty)"),
        description=_l("Only the council and its office read it."),
        filters=[cleaned],
        validators=[at_most(NAME_LENGTH)],
        widget=TextInput(autocomplete="name"),
    )
    contact = contact_field()

    @property
    def suggestion(self) -> NewSuggestion:
        """What was sent; its language is guessed from the text."""
        text = self.text.data or ""
        return NewSuggestion(
            topic=self.topic.data or "",
            text=text,
            language=languages.guess(text, language()),
            name=self.name.data or "",
        )

    def check(self) -> None:
        """A topic is needed, and an address that cannot be one is refused before anything is sent."""
        if not self.topic.data:
            self.refuse(DomainError("suggestion_topic"))
        try:
            _left = self.contact_left
        except DomainError as error:
            self.refuse(error)
