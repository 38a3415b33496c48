"""Forms for answers: writing, sending back, passing on, and a later due day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from accounts.desk import OfficeForm
from core.forms import at_most, choice, cleaned, needed
from core.i18n import language_name, localized
from core.localized import Localized, direction
from core.widgets import Checkbox, DayField, Radios, Select, TextArea
from followup.messages import OUTCOMES
from followup.number_fields import NumbersField
from followup.rules import NOTE_LENGTH, REASON_LENGTH, ReplyText

LANGUAGES_OFFERED = 12
"""An answer can be written in at most so many languages at once; nobody reads a longer page."""


class AnswerForm(OfficeForm):
    """One answer, for one comment or many. ``numbers`` are the comments, ``revision`` what the editor saw."""

    beside = {
        "outcome_missing": "outcome",
        "outcome_unknown": "outcome",
        "reason_missing": "reason",
        "reason_too_long": "reason",
        "change_missing": "change",
        "correction_note_missing": "note",
    }

    numbers = NumbersField()
    revision = HiddenField(default="0")
    taken = NumbersField()
    back = HiddenField()
    leave_out = BooleanField(_l("Go on without the ones that others took"), widget=Checkbox())
    outcome = RadioField(
        _l("Outcome"),
        choices=[choice(value, label) for value, label in OUTCOMES.items()],
        widget=Radios(small=True),
        validate_choice=False,
    )
    send = SubmitField()
    language = SelectField(_l("You write in"), widget=Select())
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Short sentences, in plain words. Whoever wrote reads them first."),
        widget=TextArea(rows=8),
        filters=[cleaned],
        validators=[at_most(REASON_LENGTH)],
    )
    change = TextAreaField(
        _l("What changes, and when"),
        description=_l(
            "Needed for accepted and partly accepted: the part of the draft, or the task, office and day."
        ),
        widget=TextArea(rows=3),
        filters=[cleaned],
        validators=[at_most(NOTE_LENGTH)],
    )
    note = TextAreaField(
        _l("What was wrong in the published answer"),
        description=_l("Stands beside the corrected answer, for everybody."),
        widget=TextArea(rows=3),
        filters=[cleaned],
        validators=[at_most(NOTE_LENGTH)],
    )

    languages: Sequence[str] = ()

    @property
    def seen_revision(self) -> int:
        return revision_of(self.revision.data)

    def show_taken(self, numbers: list[int]) -> None:
        """Offer to go on without the comments that others took meanwhile."""
        self.taken.data = numbers
        self.leave_out.data = False

    @property
    def others(self) -> list[str]:
        """The languages in which the answer can be given besides the one it is written in."""
        return [code for code in self.languages if code != self.language.data]

    @property
    def shown(self) -> list[str]:
        """The languages that have fields of their own on the page: never is something typed out of sight."""
        return [code for code in self.languages if code != self.language.data or self.has_text_in(code)]

    def has_text_in(self, code: str) -> bool:
        """Whether something is written, or wrong, in the fields of a language."""
        fields = [self[f"{part}_{code}"] for part in ("reason", "change", "note")]
        return any(field.data or field.errors for field in fields)

    def validate_language(self, field: SelectField) -> None:
        if field.data in self.languages and self.has_text_in(field.data):
            raise ValidationError(
                _(
                    "There are two texts in %(language)s. Keep one of them.",
                    language=language_name(field.data),
                )
            )

    def reply_text(self) -> ReplyText:
        """What was written, as the service takes it."""
        others = self.others
        return ReplyText(
            outcome=self.outcome.data or "",
            language=self.language.data,
            reasons={
                self.language.data: self.reason.data or "",
                **{code: self[f"reason_{code}"].data for code in others},
            },
            change=self.change.data or "",
            changes={code: self[f"change_{code}"].data for code in others},
            correction_note=self.note.data or "",
            notes={code: self[f"note_{code}"].data for code in others},
        )

    def fill_from(self, outcome: str, reason: Localized, change: Localized, note: Localized) -> None:
        """Show what is stored, where nothing was sent."""
        source = reason.source or change.source or note.source
        written_in = source.language if source and source.language in self.languages else self.languages[0]
        self.outcome.data, self.language.data = outcome, written_in
        for name, text in (("reason", reason), ("change", change), ("note", note)):
            for code in self.languages:
                version = text.get(code)
                field = self[name] if code == written_in else self[f"{name}_{code}"]
                field.data = version.text if version else ""


def answer_form(languages: Iterable[str], **data: Any) -> AnswerForm:
    """A form for an answer that can be given in ``languages``; the first is written in unless another is chosen."""
    codes = list(dict.fromkeys(languages))[:LANGUAGES_OFFERED]
    fields: dict[str, Any] = {"languages": codes}
    for code in codes:
        fields[f"reason_{code}"] = _translation(_l("Reason"), code, 6, REASON_LENGTH)
        fields[f"change_{code}"] = _translation(_l("What changes, and when"), code, 3, NOTE_LENGTH)
        fields[f"note_{code}"] = _translation(
            _l("What was wrong in the published answer"), code, 3, NOTE_LENGTH
        )
    form: AnswerForm = type("AnswerForm", (AnswerForm,), fields)(**data)
    form.language.choices = [choice(code, language_name(code)) for code in codes]
    if form.language.data not in codes:
        form.language.data = codes[0]
    return form


def _translation(label: Any, code: str, rows: int, limit: int) -> TextAreaField:
    return TextAreaField(
        label,
        widget=TextArea(rows=rows, direction=direction(code)),
        render_kw={"lang": code},
        filters=[cleaned],
        validators=[at_most(limit)],
    )


def revision_of(typed: str | None) -> int:
    """The revision that a form says its reader saw; 0, which never was, for what is no number."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


class SendBackForm(OfficeForm):
    """Why an answer goes back to whoever wrote it."""

    revision = HiddenField(default="0")
    note = TextAreaField(
        _l("What should be mended?"),
        description=_l("Only the office reads this."),
        widget=TextArea(rows=4),
        filters=[cleaned],
        validators=[needed(_l("Say what should be mended")), at_most(NOTE_LENGTH)],
    )


class PassOnForm(OfficeForm):
    """Which department shall answer instead."""

    numbers = NumbersField()
    back = HiddenField()
    department = SelectField(_l("Department"), widget=Select())

    def offer(self, departments: Iterable[tuple[int, str, Localized]]) -> None:
        self.department.choices = [choice(str(id), localized(name).text) for id, _key, name in departments]


class ExtendForm(OfficeForm):
    """A later due day, once, with a reason that everybody reads."""

    beside = {
        "extension_not_later": "new_due_on",
        "extension_reason_missing": "reason",
    }

    numbers = NumbersField()
    back = HiddenField()
    new_due_on = DayField(_l("New due day"), validators=[needed(_l("Write the new due day"))])
    language = SelectField(_l("You write in"), widget=Select())
    reason = StringField(
        _l("Reason"),
        description=_l("Everybody reads this, beside the old and the new day."),
        widget=TextArea(rows=3),
        filters=[cleaned],
        validators=[at_most(NOTE_LENGTH)],
    )

    def offer(self, languages: Iterable[str]) -> None:
        self.language.choices = [choice(code, language_name(code)) for code in languages]
