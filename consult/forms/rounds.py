"""Forms for setting up a round: its facts, its texts, its timetable, its draft and the draft's translations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    FileField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from accounts.desk import OfficeForm
from accounts.texts_form import TextsForm, with_texts
from consult.rules.drafts import SIZE_LIMIT, decode
from consult.rules.rounds import TEXT_LENGTH, TITLE_LENGTH, Timetable
from consult.services.rounds import TEXTS, RoundFacts
from core.codes import western
from core.forms import at_most, choice, cleaned, needed, uploaded
from core.i18n import language_name, localized
from core.localized import Localized, State
from core.widgets import Checkboxes, DayField, FileInput, Radios, Select, TextArea, TextInput

LABELS: Mapping[str, tuple[Any, Any]] = {
    "summary": (_l("In short"), _l("Two or three sentences on what this is about.")),
    "decided": (_l("This is being decided"), _l("One point per line.")),
    "not_decided": (_l("This is not being decided"), _l("And who decides it instead.")),
    "use_of_input": (_l("What happens with comments"), ""),
    "who_decides": (_l("Who decides, and when"), ""),
    "stage": (_l("Stage of the strategy"), _l("Such as: stage 2 of 3, draft of the strategy.")),
    "target_groups": (_l("Whom the city asks most of all"), ""),
    "other_ways": (_l("Other ways to comment"), _l("By phone, by letter, at a counter.")),
}
"""Label and hint of each text of a round, in the order of the page."""

MOST_WEEKS = 104


class RoundTextsForm(TextsForm):
    """What a round says about itself, in each of the city's languages."""

    labels = LABELS

    def texts(self, original: str) -> dict[str, Localized]:
        """Each text, by column."""
        return {name: self.written(name, original) for name in TEXTS}

    def fill_from(self, title: Localized, texts: Mapping[str, Localized]) -> None:
        """Show what is stored, where nothing was sent."""
        for name, text in (("title", title), *texts.items()):
            self.show(name, text)


class RoundForm(RoundTextsForm):
    """Everything about a new round."""

    code = StringField(
        _l("Code"),
        description=_l("Begins every register number, such as AS-26. Leave it empty and we make one."),
        widget=TextInput(width=10, direction="ltr"),
        filters=[cleaned],
    )
    language = SelectField(
        _l("Language of the original"),
        description=_l("The draft and its texts are written in it first."),
        widget=Select(),
    )
    languages = SelectMultipleField(_l("Languages of the round"), widget=Checkboxes(small=True))
    department = SelectField(
        _l("Department that answers"),
        description=_l("Unless a measure names another one."),
        widget=Select(),
    )
    opens_on = DayField(
        _l("First day for comments"), validators=[needed(_l("Write the first day for comments"))]
    )
    closes_on = DayField(
        _l("Last day for comments"),
        description=_l("This day is included."),
        validators=[needed(_l("Write the last day for comments"))],
    )
    short_reason = TextAreaField(
        _l("Public reason for a short round"),
        description=_l(
            "Needed below 30 days, and mostly in July and August. In the language of the original."
        ),
        widget=TextArea(rows=3),
        filters=[cleaned],
        validators=[at_most(TEXT_LENGTH)],
    )
    due_rule = RadioField(
        _l("When are answers due?"),
        choices=[choice("weeks", _l("A number of weeks after the last day")), choice("day", _l("On a day"))],
        default="weeks",
        widget=Radios(small=True),
    )
    answer_weeks = StringField(_l("Weeks"), widget=TextInput(width=3, direction="ltr", inputmode="numeric"))
    answers_due_on = DayField(_l("Day on which answers are due"))
    decides_on = DayField(_l("Day of the decision"), description=_l("Leave it empty while it is not known."))

    def validate_answer_weeks(self, field: StringField) -> None:
        if self.due_rule.data == "weeks" and self.weeks is None:
            raise ValidationError(_("Write a number of weeks from 1 to %(most)s", most=MOST_WEEKS))

    def validate_answers_due_on(self, field: DayField) -> None:
        if self.due_rule.data == "day" and not field.data and not field.process_errors:
            raise ValidationError(_("Write the day on which answers are due"))

    @property
    def weeks(self) -> int | None:
        """The number of weeks that was typed, in any script's digits."""
        typed = western(self.answer_weeks.data or "").strip()
        weeks = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
        return weeks if 1 <= weeks <= MOST_WEEKS else None

    def facts(self) -> RoundFacts:
        """What was written, as the service takes it."""
        original, by_weeks = self.language.data, self.due_rule.data == "weeks"
        return RoundFacts(
            title=self.written("title", original),
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            language=original,
            department=self.department.data,
            code=(self.code.data or "").upper(),
            languages=tuple(self.languages.data or ()),
            answer_weeks=self.weeks if by_weeks else self._weeks_until_due(),
            answers_due_on=None if by_weeks else self.answers_due_on.data,
            decides_on=self.decides_on.data,
            short_reason=self.short_reason.data or "",
            texts=self.texts(original),
        )

    def _weeks_until_due(self) -> int:
        """The weeks that a due day amounts to: later questions of this round are answered within them too."""
        days = (self.answers_due_on.data - self.closes_on.data).days
        return min(max(1, -(-days // 7)), MOST_WEEKS)


_ROUND_REFUSALS = {
    "code_form": "code",
    "code_taken": "code",
    "languages_missing": "languages",
    "department_unknown": "department",
    "closes_before_opening": "closes_on",
    "open_too_long": "closes_on",
    "short_reason_missing": "short_reason",
    "due_before_closing": "answers_due_on",
}


def round_form(
    codes: Iterable[str],
    departments: Iterable[tuple[int, str, Localized]],
    original: str,
    weeks: int,
    own_department_id: int | None = None,
) -> RoundForm:
    """The form for a new round in a city that speaks ``codes``; one's own department is chosen at first."""
    departments = list(departments)
    own = next((key for id, key, _name in departments if id == own_department_id), None)
    codes = tuple(codes)
    first = f"title_{original}"
    beside = {**_ROUND_REFUSALS, "title_missing": first, "title_too_long": first}
    form: RoundForm = _in(codes, RoundForm, beside)(
        language=original, languages=list(codes), answer_weeks=str(weeks), due_rule="weeks", department=own
    )
    form.language.choices = [choice(code, language_name(code)) for code in codes]
    form.languages.choices = [choice(code, language_name(code)) for code in codes]
    form.department.choices = [choice(key, localized(name).text) for _id, key, name in departments]
    return form


def texts_form(codes: Iterable[str], original: str) -> RoundTextsForm:
    """The form for a round's texts alone."""
    codes = tuple(dict.fromkeys(codes))
    first = f"title_{original}"
    form: RoundTextsForm = _in(codes, RoundTextsForm, {"title_missing": first, "title_too_long": first})()
    return form


def _in(codes: tuple[str, ...], kind: type[RoundTextsForm], beside: Mapping[str, str]) -> Any:
    return with_texts(kind, codes, title_length=TITLE_LENGTH, text_length=TEXT_LENGTH, beside=beside)


class TimetableForm(OfficeForm):
    """Other days for a round; once it is public, with a reason that everybody reads."""

    beside = {
        "closes_before_opening": "closes_on",
        "open_too_long": "closes_on",
        "closing_past": "closes_on",
        "opening_past": "opens_on",
        "due_before_closing": "answers_due_on",
        "due_only_by_extension": "answers_due_on",
        "short_reason_missing": "short_reason",
        "timetable_reason_missing": "reason",
    }

    opens_on = DayField(
        _l("First day for comments"), validators=[needed(_l("Write the first day for comments"))]
    )
    closes_on = DayField(
        _l("Last day for comments"), validators=[needed(_l("Write the last day for comments"))]
    )
    answers_due_on = DayField(
        _l("Day on which answers are due"), validators=[needed(_l("Write the day on which answers are due"))]
    )
    short_reason = TextAreaField(
        _l("Public reason for a short round"),
        description=_l(
            "Needed below 30 days, and mostly in July and August. In the language of the original."
        ),
        widget=TextArea(rows=3),
        filters=[cleaned],
        validators=[at_most(TEXT_LENGTH)],
    )
    reason = TextAreaField(
        _l("Why do the days change?"),
        description=_l("Needed once the round is public. Everybody can read it."),
        widget=TextArea(rows=3),
        filters=[cleaned],
        validators=[at_most(TEXT_LENGTH)],
    )

    def timetable(self) -> Timetable:
        return Timetable(
            self.opens_on.data, self.closes_on.data, self.answers_due_on.data, self.short_reason.data or ""
        )


def check_is_markdown(form: Form, field: Field) -> None:
    """A validator for a form with ``file`` and ``text``: one of them holds something."""
    if not form["file"].data and not (field.data or "").strip():
        raise ValidationError(_("Choose a file, or paste the text"))


class DraftForm(OfficeForm):
    """A draft as Markdown, from a file or pasted. What is read stays in ``text``, to be mended and sent again."""

    beside = dict.fromkeys(
        (
            "draft_empty",
            "no_measures",
            "number_twice",
            "unit_title_too_long",
            "unit_text_too_long",
            "too_many_units",
        ),
        "text",
    ) | dict.fromkeys(("file_too_large", "file_not_utf8", "file_has_nul"), "file")

    file = FileField(
        _l("Markdown file"),
        description=_l("Saved as UTF-8, at most 2 megabytes."),
        widget=FileInput(accept=".md,.markdown,.txt,text/markdown,text/plain"),
    )
    text = TextAreaField(
        _l("Or paste the text here"), widget=TextArea(rows=12), validators=[check_is_markdown]
    )

    seen = HiddenField()
    save = SubmitField()

    def markdown(self) -> str:
        """What was sent; a file comes before pasted text. Raises what ``decode`` raises."""
        data = (self.text.data or "").encode("utf-8", "replace")
        found = uploaded(self.file, SIZE_LIMIT)
        if found is not None:
            data = found[1]
        # As a browser sends it back: so the text of the preview is the text that is saved.
        self.text.data = decode(data).replace("\r\n", "\n").replace("\r", "\n")
        return self.text.data

    def is_confirmed(self, markdown: str) -> bool:
        """Whether whoever wants to save has seen the preview of just this text."""
        return self.save.data and self.seen.data == _fingerprint(markdown)

    def show_preview_of(self, markdown: str) -> None:
        """Remember in the page which text it shows the preview of."""
        self.seen.data = _fingerprint(markdown)


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class TranslationForm(DraftForm):
    """A draft's translation: which language, and whether a person has checked it."""

    beside = {**DraftForm.beside, "translation_measures_differ": "text", "draft_missing": "text"}

    language = SelectField(_l("Language of the translation"), widget=Select())
    state = RadioField(
        _l("Who has translated it?"),
        choices=[
            choice(State.CHECKED.value, _l("A person has written or checked it")),
            choice(State.MACHINE.value, _l("A machine, and nobody has checked it")),
        ],
        widget=Radios(small=True),
        validators=[needed(_l("Say who has translated it"))],
        validate_choice=False,
    )

    def offer(self, codes: Iterable[str]) -> None:
        self.language.choices = [choice(code, language_name(code)) for code in codes]
