"""The forms of members: a draft, its translation, whom to ask, and what is signed or taken back."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from accounts.desk import OfficeForm
from core import languages
from core.forms import choice, cleaned
from core.i18n import language_name
from core.settings import current
from core.widgets import Checkboxes, Radios, Select, TextArea, TextInput
from motions.messages.words import KINDS, KINDS_EXPLAINED, TOPICS
from motions.rules import drafting
from motions.rules.drafting import Text
from motions.rules.stages import REASON_LENGTH, MotionKind


class TextForm(OfficeForm):
    """The words of a motion; ``preview`` is the button that only shows them."""

    beside: ClassVar = {
        "title_missing": "title",
        "motion_text_missing": "text",
        "reasons_missing": "reasons",
        "costs_missing": "costs",
        "motion_topic_unknown": "topic",
        "motion_kind_unknown": "kind",
        "language_unknown": "language",
        "translation_language": "language",
    }

    title = StringField(_l("Title"), filters=[cleaned], widget=TextInput())
    text = TextAreaField(
        _l("What the council should decide"),
        description=_l("An empty line begins a new paragraph. Lines that begin with - become a list."),
        filters=[cleaned],
        widget=TextArea(rows=10, limit=drafting.TEXT_LENGTH),
    )
    reasons = TextAreaField(_l("Why"), filters=[cleaned], widget=TextArea(rows=8, limit=drafting.TEXT_LENGTH))
    costs = TextAreaField(
        _l("What it costs"),
        description=_l("Write what you know. You can leave this empty, except in a budget request."),
        filters=[cleaned],
        widget=TextArea(rows=3, limit=drafting.COSTS_LENGTH),
    )

    @property
    def words(self) -> Text:
        """What was typed."""
        return Text(
            self.title.data or "", self.text.data or "", self.reasons.data or "", self.costs.data or ""
        )


class DraftForm(TextForm):
    """A new draft."""

    kind = RadioField(
        _l("What is it?"),
        choices=[choice(kind.value, KINDS[kind]) for kind in MotionKind],
        default=MotionKind.MOTION.value,
        validate_choice=False,
        widget=Radios(hints={kind.value: KINDS_EXPLAINED[kind] for kind in MotionKind}),
    )
    topic = SelectField(
        _l("Topic"),
        choices=[
            choice("", _l("Choose a topic")),
            *(choice(topic, label) for topic, label in TOPICS.items()),
        ],
        validate_choice=False,
        widget=Select(),
    )
    language = SelectField(
        _l("Language in which you write"),
        description=_l("This text is binding. Translations can be added."),
        validate_choice=False,
        widget=Select(),
    )

    def offer_languages(self, binding: str) -> None:
        """The city's languages first, then all others; ``binding`` is the council's own, and chosen until somebody chooses."""
        self.language.choices = language_choices()
        if not self.language.data:
            self.language.data = binding


class ChangeForm(TextForm):
    """A draft that is changed. ``revision`` is the version that was read."""

    revision = HiddenField()
    topic = SelectField(
        _l("Topic"),
        choices=[choice(topic, label) for topic, label in TOPICS.items()],
        validate_choice=False,
        widget=Select(),
    )


class TranslationForm(TextForm):
    """The words in another language. ``digest`` is of the words that were translated."""

    digest = HiddenField()
    language = SelectField(_l("Language"), validate_choice=False, widget=Select())
    made = RadioField(
        _l("Who translated it?"),
        choices=[
            choice("checked", _l("A person who knows both languages wrote or checked it")),
            choice("machine", _l("A machine, and nobody has checked it")),
        ],
        default="checked",
        validate_choice=False,
        widget=Radios(),
    )


class InviteForm(OfficeForm):
    """Whom the author asks to sign."""

    beside: ClassVar = {
        "cosigners_chosen_none": "members",
        "foreign_cosigner": "members",
        "own_motion": "members",
    }

    members = SelectMultipleField(
        _l("Whom do you ask to sign?"), coerce=int, validate_choice=False, widget=Checkboxes()
    )


class SignForm(OfficeForm):
    """A signature under the words with this digest, and no others."""

    digest = HiddenField()


class ActForm(OfficeForm):
    """Something that needs nothing but the button."""


class ReasonForm(OfficeForm):
    """Something that is done with a reason."""

    beside: ClassVar = {"motion_reason_missing": "reason", "motion_reason_too_long": "reason"}

    reason = TextAreaField(_l("Reason"), filters=[cleaned], widget=TextArea(rows=4, limit=REASON_LENGTH))


def language_choices(without: str = "") -> list[Any]:
    """Languages by their names, the city's first."""
    first = [code for code in current().languages if code != without]
    others = sorted(
        (code for code in languages.OFFERED if code not in first and code != without), key=language_name
    )
    return [choice(code, language_name(code)) for code in (*first, *others)]
