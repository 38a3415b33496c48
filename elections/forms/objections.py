"""The form for an objection, and the office's form for what followed from one."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from accounts.desk import OfficeForm
from core import languages
from core.errors import DomainError
from core.forms import choice
from core.i18n import language
from core.localized import clean
from core.widgets import Radios, Select, TextArea, TextInput
from elections.messages.objections import ABOUT, EFFECTS, GROUNDS
from elections.rules import objections as rules
from elections.rules.rule_sets import Matter
from elections.services.objections import NewObjection
from followup.forms import ReceiptForm, contact_field


class ObjectionForm(ReceiptForm):
    """One objection. ``form_key`` and ``matter`` travel hidden; the grounds are those of the matter."""

    beside: ClassVar = {
        "objection_ground_missing": "ground",
        "ground_unknown": "ground",
        "objection_text_missing": "text",
        "objection_text_too_long": "text",
        "about_unreadable": "about",
        "about_needed": "about",
        "about_unknown": "about",
        "about_not_answered": "about",
        **ReceiptForm.CONTACT_BESIDE,
    }

    matter = HiddenField()
    ground = RadioField(_l("Why do you object?"), widget=Radios(), validate_choice=False)
    about = StringField(widget=TextInput(direction="ltr", inputmode="numeric", autocomplete="off"))
    text = TextAreaField(
        _l("What is wrong?"),
        description=_l("Write in any language. Your text is not published; the answer is."),
        widget=TextArea(rows=7, limit=rules.TEXT_LENGTH),
    )
    contact = contact_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.matter.data or ""
        matter = Matter(given) if given in set(Matter) else Matter.ROLL
        self.ground.choices = [choice(ground.value, GROUNDS[ground]) for ground in rules.GROUNDS[matter]]
        self.about.label.text = ABOUT[matter]

    @property
    def objection(self) -> NewObjection:
        """What was sent; its language is guessed from its words."""
        text = clean(self.text.data or "")
        return NewObjection(
            matter=self.matter.data or "",
            ground=self.ground.data or "",
            text=text,
            language=languages.guess(text, language()),
            about=_number(self.about.data or ""),
        )

    def check(self) -> None:
        new = self.objection
        try:
            rules.check_objection(new.matter, new.ground, new.text, new.language, new.about)
        except DomainError as error:
            self.refuse(error)
        try:
            _contact = self.contact_left
        except DomainError as error:
            self.refuse(error)


class EffectForm(OfficeForm):
    """What followed from an objection. ``act`` is the performed act that did it, ``ground`` why a nomination is refused."""

    beside = {
        "effect_without_act": "act",
        "effect_of_other": "effect",
        "effect_not_accepted": "effect",
        "ground_missing": "ground",
    }

    effect = RadioField(
        _l("What followed?"),
        choices=[choice(value, label) for value, label in EFFECTS.items()],
        widget=Radios(small=True),
    )
    act = SelectField(_l("By which act"), widget=Select(), validate_choice=False)
    ground = SelectField(_l("Why the nomination is refused now"), widget=Select(), validate_choice=False)


def _number(typed: str) -> int | None:
    """The number that was typed, in any script's digits; 0, which is none, for what cannot be read."""
    given = "".join(clean(typed).split())
    if not given:
        return None
    return int(given) if given.isdecimal() and len(given) <= 10 else 0
