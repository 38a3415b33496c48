"""Forms of the moderator: what the public may read of a comment."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import ValidationError

from accounts.desk import OfficeForm
from consult.rules.submissions import REASON_LENGTH, TEXT_LENGTH, WORDING_LENGTH
from core import settings
from core.forms import at_most, choice, cleaned, needed
from core.i18n import language_name
from core.widgets import Select, TextArea

SPOKEN_HERE = tuple(
    part
    for line in (
        "ar am az be bg bn bs ckb cs da de el en es et fa fi fr gu he hi hr hu hy id it ja ka km ko ku lt lv mk ml ms my",
        "ne nl no pa pl ps pt ro ru sd si sk sl so sq sr sv sw ta te th ti tl tr ug uk ur uz vi yi zh",
    )
    for part in line.split()
)
"""Languages that a comment can be said to be in, by code."""


class RedactForm(OfficeForm):
    """What the public may read; the original stays as it was written, unpublished."""

    beside = {"text_missing": "text"}

    text = TextAreaField(
        _l("Text for the public"),
        description=_l("Put […] where you take something out."),
        widget=TextArea(rows=8),
        filters=[cleaned],
        validators=[at_most(TEXT_LENGTH)],
    )
    proposed_wording = TextAreaField(
        _l("Proposed wording for the public"),
        widget=TextArea(rows=3),
        filters=[cleaned],
        validators=[at_most(WORDING_LENGTH)],
    )


class HideForm(OfficeForm):
    """Why a text is hidden."""

    beside = {"hidden_reason_missing": "reason", "hidden_reason_too_long": "reason"}

    reason = TextAreaField(
        _l("Why is it hidden?"),
        description=_l("The author and the public read this. Number, measure, outcome and answer stay."),
        widget=TextArea(rows=3),
        filters=[cleaned],
        validators=[at_most(REASON_LENGTH)],
    )


class CommentLanguageForm(OfficeForm):
    """Which language a comment is in."""

    beside = {"language_unknown": "language"}

    language = SelectField(_l("Language of the comment"), widget=Select(), validate_choice=False)

    def offer(self, present: str) -> None:
        self.language.choices = [choice(code, name) for code, name in languages_by_name(present)]
        if self.language.data is None:
            self.language.data = present

    def validate_language(self, field: SelectField) -> None:
        needed(_("Choose a language"))(self, field)
        if field.data not in dict(languages_by_name(field.object_data or "")):
            raise ValidationError(_("Choose a language"))


def languages_by_name(*more: str) -> list[tuple[str, str]]:
    """Codes and names of the languages a comment may be in: the city's own first, the others by name."""
    own = settings.current().languages
    others = sorted({*SPOKEN_HERE, *more} - set(own) - {""}, key=lambda code: language_name(code).casefold())
    return [(code, language_name(code)) for code in (*own, *others)]
