"""The forms of the city's side, one for each verb. The office and the responsible department share them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from accounts.desk import OfficeForm
from core import clock, settings
from core.documents.stored import SIZE_LIMIT, Checked, check_upload
from core.errors import DomainError
from core.forms import at_most, choice, cleaned, needed, offered, uploaded
from core.i18n import language_name
from core.widgets import DayField, FileInput, NumberField, Radios, Select, TextArea, TextInput
from motions.messages import words
from motions.messages.city import STATES
from motions.rules import city
from motions.rules.city import DecisionFacts, PositionFacts, ReportFacts, Votes

_MONEY = re.compile(r"(\d{1,3}(?:[., \u00a0\u202f']\d{3})+|\d+)(?:[.,](\d{1,2}))?")
_SCRIPTS = {
    ord(sign): str(value)
    for start in ("٠", "۰")
    for value, sign in ((n, chr(ord(start) + n)) for n in range(10))
}


class EuroField(StringField):
    """An amount in euros, as people write it: ``12.000``, ``12,000.50`` or ``12 000,5``. ``cents`` is None if it is empty."""

    widget = TextInput(width=10, direction="ltr", inputmode="decimal")
    cents: int | None = None

    def pre_validate(self, _form: Any) -> None:
        """Raises ValidationError for what is no amount."""
        typed = cleaned(self.data).translate(_SCRIPTS).removesuffix("€").removesuffix("EUR").strip()
        if not typed:
            return
        found = _MONEY.fullmatch(typed)
        if found is None or len(typed) > 25:
            raise ValidationError(_("Write an amount in euros, such as 12000 or 12000.50."))
        whole = re.sub(r"\D", "", found[1])
        self.cents = int(Decimal(f"{whole}.{found[2] or '0'}") * 100)

    @staticmethod
    def typed(cents: int | None) -> str:
        """An amount as somebody would type it."""
        return "" if cents is None else f"{Decimal(cents) / 100:.2f}".removesuffix(".00")


def offer_languages(field: SelectField) -> None:
    """The city's languages to choose from, the official one first."""
    here = settings.current()
    codes = dict.fromkeys((here.official_language, *here.languages))
    field.choices = [choice(code, language_name(code)) for code in codes]
    if field.data not in codes:
        field.data = here.official_language


def offer_departments(field: SelectField, departments: Iterable[tuple[str, str]]) -> None:
    """The departments to choose from, by key and name; nobody is chosen before somebody chooses."""
    field.choices = [
        choice("", _("Choose a department")),
        *(choice(key, name) for key, name in departments),
    ]


class CityForm(OfficeForm):
    """What every step of the city shares: its day, the language of its words, the paper that it was taken from.

    A subclass's own fields come first. ``needs_source`` says whether the paper must be there. All that is missing is said
    at once: ``check`` raises what the rules of this step say, before the service is asked.
    """

    BESIDE: ClassVar = {
        "city_source_missing": "file",
        "city_evidence_missing": "file",
        "document_empty": "file",
        "document_kind": "file",
        "document_damaged": "file",
        "document_locked": "file",
        "document_with_script": "file",
        "document_with_action": "file",
        "document_with_files": "file",
        "document_too_complex": "file",
        "document_erased": "file",
        "file_too_large": "file",
        "day_of_act_wrong": "day",
        "motion_reason_missing": "reason",
        "motion_reason_too_long": "reason",
    }
    beside: ClassVar = BESIDE
    MISSING_PAPER: ClassVar = "city_source_missing"

    day = DayField(_l("On which day did it happen?"), default=clock.today)
    language = SelectField(_l("Language of these words"), validate_choice=False, widget=Select())
    file = FileField(_l("The city’s paper, as PDF"), widget=FileInput(accept=".pdf,application/pdf"))

    last: ClassVar[tuple[str, ...]] = ("reason", "day", "language", "file")

    def __init__(self, *args: Any, needs_source: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_languages(self.language)
        self.asks_for_source(needs_source)
        for name in self.last:  # own fields first
            if name in self._fields:
                self._fields[name] = self._fields.pop(name)

    def asks_for_source(self, needs_source: bool) -> None:
        """Say whether the paper must be there."""
        self.needs_source = needs_source
        self.file.description = (
            _("Attach it. Everybody can read it.")
            if needs_source
            else _("You can leave this empty. Everybody can read it.")
        )

    def check(self) -> None:
        """Raises what speaks against what was typed. A step without words of its own has nothing to say."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        refused: list[DomainError] = []
        try:
            self.check()
        except DomainError as error:
            refused += error.all()
        if self.needs_source and not self.attached:
            refused.append(DomainError(self.MISSING_PAPER))
        for each in refused:
            if not self[self.beside[each.code]].errors:  # what cannot be read has said so already
                self.refuse(each)
        return valid and not refused

    @property
    def attached(self) -> bool:
        """Whether a file was sent, whatever it holds."""
        return bool(self.file.data) and hasattr(self.file.data, "stream")

    def source(self) -> Checked | None:
        """The paper that was sent. Raises what ``check_upload`` raises."""
        found = uploaded(self.file, SIZE_LIMIT)
        if found is None or not (found[0] or found[1]):
            return None
        return check_upload(*found)


class DepartmentForm(OfficeForm):
    """To whom: forwarding, or passing on with a reason."""

    beside: ClassVar = {
        "department_unknown": "department",
        "department_same": "department",
        "forwarded_text_differs": "",
        "day_of_act_wrong": "day",
    }

    department = SelectField(
        _l("Department that is responsible"),
        validators=[offered(_l("Choose the department."))],
        validate_choice=False,
        widget=Select(),
    )


class ForwardForm(DepartmentForm):
    """Sending a motion to the city."""

    day = DayField(_l("On which day did it happen?"), default=clock.today)


def _reason(label: object) -> TextAreaField:
    return TextAreaField(
        label,  # type: ignore[arg-type]
        description=_l("Everybody will read this."),
        filters=[cleaned],
        validators=[needed(_l("Give a reason. Everybody will read it.")), at_most(2000)],
        widget=TextArea(rows=4, limit=2000),
    )


class PassOnForm(DepartmentForm):
    """Another department is responsible."""

    beside: ClassVar = {**DepartmentForm.beside, "motion_reason_missing": "reason"}
    reason = _reason(_l("Why is another department responsible?"))
    language = SelectField(_l("Language of these words"), validate_choice=False, widget=Select())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_languages(self.language)


class AcknowledgeForm(CityForm):
    """The city has it."""

    beside: ClassVar = {
        **CityForm.BESIDE,
        "city_reference_missing": "reference",
        "city_line_too_long": "reference",
    }
    reference = StringField(
        _l("The city’s reference"),
        description=_l("The number under which the city keeps it."),
        filters=[cleaned],
        widget=TextInput(width=20),
    )

    def check(self) -> None:
        city.check_reference(self.reference.data or "")


class PositionForm(CityForm):
    """What the administration thinks."""

    beside: ClassVar = {
        **CityForm.BESIDE,
        "city_position_missing": "position",
        "city_text_missing": "text",
        "city_text_too_long": "text",
        "city_cents_range": "cost",
    }
    position = RadioField(_l("What does the city think?"), choices=[], validate_choice=False, widget=Radios())
    text = TextAreaField(
        _l("The city’s words"),
        filters=[cleaned],
        validators=[at_most(city.TEXT_LENGTH)],
        widget=TextArea(rows=8, limit=city.TEXT_LENGTH),
    )
    cost = EuroField(
        _l("What it would cost, in euros"), description=_l("Leave this empty if nobody has said it.")
    )
    legal = TextAreaField(
        _l("Is it lawful? What the city says about the law"),
        description=_l("You can leave this empty."),
        filters=[cleaned],
        validators=[at_most(city.TEXT_LENGTH)],
        widget=TextArea(rows=4, limit=city.TEXT_LENGTH),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.position.choices = [choice(key, label) for key, label in words.POSITIONS.items()]

    def check(self) -> None:
        city.check_position(replace(self.facts(), legal=""))  # its length is said beside its own field

    def facts(self) -> PositionFacts:
        return PositionFacts(
            self.position.data or "", self.text.data or "", self.cost.cents, self.legal.data or ""
        )


class DecisionForm(CityForm):
    """What became of it."""

    beside: ClassVar = {
        **CityForm.BESIDE,
        "city_decision_missing": "decision",
        "city_body_missing": "body",
        "city_line_too_long": "body",
        "city_text_too_long": "wording",
        "city_wording_missing": "wording",
        "city_votes_incomplete": "yes",
        "city_votes_negative": "yes",
        "city_votes_without_decision": "yes",
        "city_votes_contradict": "yes",
    }
    decision = RadioField(
        _l("What became of it in the city?"), choices=[], validate_choice=False, widget=Radios()
    )
    body = StringField(
        _l("Who decided or noted it?"),
        description=_l("Such as: city council, committee for schools, the mayor."),
        filters=[cleaned],
        widget=TextInput(),
    )
    wording = TextAreaField(
        _l("In which words?"),
        description=_l("Needed if the city changed it or took only a part."),
        filters=[cleaned],
        validators=[at_most(city.TEXT_LENGTH)],
        widget=TextArea(rows=6, limit=city.TEXT_LENGTH),
    )
    yes = NumberField(
        _l("Votes: yes"),
        description=_l("Leave these three empty if nobody voted, or nobody counted."),
    )
    no = NumberField(_l("Votes: no"))
    abstain = NumberField(_l("Votes: abstentions"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = [choice(key, label) for key, label in words.CITY_DECISIONS.items()]

    def check(self) -> None:
        unreadable = self.yes.errors or self.no.errors or self.abstain.errors
        city.check_decision(replace(self.facts(), votes=Votes()) if unreadable else self.facts())

    def facts(self) -> DecisionFacts:
        return DecisionFacts(
            self.decision.data or "",
            self.body.data or "",
            self.wording.data or "",
            Votes(self.yes.data, self.no.data, self.abstain.data),
        )


class ExtendForm(CityForm):
    """The city needs longer."""

    beside: ClassVar = {
        **CityForm.BESIDE,
        "extension_too_late": "step",
        "extended_before": "step",
        "extension_not_later": "new_due_on",
        "measure_new_day_missing": "new_due_on",
        "extension_reason_missing": "reason",
        "note_too_long": "reason",
        "step_of_the_office": "step",
    }
    step = RadioField(
        _l("What needs longer?"),
        validators=[offered(_l("Choose what needs longer."))],
        validate_choice=False,
        widget=Radios(),
    )
    new_due_on = DayField(_l("Until which day?"), validators=[needed(_l("Name the new day."))])
    reason = _reason(_l("Why does it need longer?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.day  # it is asked for today: what is over cannot be extended


class MeasureForm(CityForm):
    """Planning a measure."""

    beside: ClassVar = {
        **CityForm.BESIDE,
        "department_unknown": "department",
        "measure_title_missing": "measure_title",
        "city_line_too_long": "measure_title",
        "measure_day_missing": "due_on",
        "measure_day_past": "due_on",
        "city_cents_range": "budget",
    }
    measure_title = StringField(
        _l("What will be done?"),
        filters=[cleaned],
        validators=[at_most(city.LINE_LENGTH)],
        widget=TextInput(),
    )
    department = SelectField(
        _l("Department that does it"),
        validators=[offered(_l("Choose the department."))],
        validate_choice=False,
        widget=Select(),
    )
    due_on = DayField(_l("By which day?"))
    budget = EuroField(_l("Its budget, in euros"), description=_l("Leave this empty if there is none."))

    def check(self) -> None:
        day = self.day.data or clock.today()
        city.check_measure(self.measure_title.data or "", self.due_on.data, self.budget.cents, day)


class ReportForm(CityForm):
    """Reporting on a measure."""

    beside: ClassVar = {
        **CityForm.BESIDE,
        "measure_state_missing": "state",
        "city_text_missing": "text",
        "city_text_too_long": "text",
        "measure_new_day_missing": "new_due_on",
        "measure_new_day_not_later": "new_due_on",
        "measure_not_delayed": "new_due_on",
    }
    state = RadioField(_l("How far is it?"), choices=[], validate_choice=False, widget=Radios())
    text = TextAreaField(
        _l("What was done, and what comes next?"),
        filters=[cleaned],
        validators=[at_most(city.TEXT_LENGTH)],
        widget=TextArea(rows=6, limit=city.TEXT_LENGTH),
    )
    new_due_on = DayField(_l("If it is delayed: until which day?"))
    was_due: date
    """By when the measure is to be done so far."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = [choice(key, label) for key, label in STATES.items()]

    def check(self) -> None:
        day = self.day.data or clock.today()
        city.check_report(self.facts(), self.was_due, day, attached=self.attached)

    def facts(self) -> ReportFacts:
        return ReportFacts(self.state.data or "", self.text.data or "", self.new_due_on.data)


class ClaimForm(CityForm):
    """All is done, says the city."""

    beside: ClassVar = {**CityForm.BESIDE, "city_text_missing": "text", "city_text_too_long": "text"}
    MISSING_PAPER: ClassVar = "city_evidence_missing"
    text = TextAreaField(
        _l("What was done?"),
        filters=[cleaned],
        validators=[needed(_l("Write what was done.")), at_most(city.TEXT_LENGTH)],
        widget=TextArea(rows=6, limit=city.TEXT_LENGTH),
    )


class CloseForm(OfficeForm):
    """Closing, with a note."""

    beside: ClassVar = {
        "motion_reason_missing": "reason",
        "motion_reason_too_long": "reason",
        "follow_up_unknown": "follow_up",
    }
    reason = _reason(_l("Closing note"))
    follow_up = StringField(
        _l("Number of the motion that takes the matter on"),
        description=_l("You can leave this empty."),
        filters=[cleaned],
        widget=TextInput(width=10, direction="ltr"),
    )


class LapseForm(OfficeForm):
    """The term ended."""


class CorrectAcknowledgeForm(AcknowledgeForm):
    """Setting the reference right."""

    reason = _reason(_l("What was wrong?"))


class CorrectPositionForm(PositionForm):
    """Setting a position right."""

    reason = _reason(_l("What was wrong?"))


class CorrectDecisionForm(DecisionForm):
    """Setting a decision right."""

    reason = _reason(_l("What was wrong?"))
