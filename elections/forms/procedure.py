"""Forms for preparing an election: what it is, its days, and the main figures of its own rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from accounts.desk import OfficeForm
from accounts.texts_form import TextsForm, with_texts
from core import clock
from core.calendar import holidays_around
from core.codes import western
from core.errors import DomainError
from core.forms import at_most, choice, cleaned, needed
from core.i18n import language_name, localized
from core.localized import Localized
from core.widgets import Checkboxes, DayField, Select, TextArea, TextInput
from core.wording import explain
from elections.messages.rule_sets import MATTERS, STEPS
from elections.models.elections import Election
from elections.rules.deadlines import Deadline, Step, Timetable, read_timetable
from elections.rules.elections import check_election_day
from elections.rules.plain_rule_sets import to_plain
from elections.rules.presets import PRESETS, preset
from elections.rules.rule_sets import Matter, RuleSet
from elections.rules.stages import REASON_LENGTH
from elections.services.elections import TEXTS, TITLE_LENGTH, ElectionFacts

TEXT_LENGTH = 5000
LARGEST = 1_000_000

LABELS: Mapping[str, tuple[Any, Any]] = {
    "summary": (_l("In short"), _l("Who is elected, for how long, and what the council does.")),
    "how_to_vote": (_l("How one votes"), _l("Where, by when, and what to bring.")),
}
"""Label and hint of each text of an election."""

ADJUSTED = tuple(step for step in Step if step not in (Step.VOTING_CLOSES,))
"""The days that can be adjusted; voting closes on election day."""


class HourField(StringField):
    """An hour of the day such as 8:00, in any script's digits."""

    def __init__(self, label: Any, **more: Any) -> None:
        widget = TextInput(width=5, direction="ltr", inputmode="text")
        super().__init__(label, widget=widget, filters=[cleaned], **more)

    @property
    def hour(self) -> time | None:
        """What was written, if it is an hour."""
        try:
            return datetime.strptime(western((self.data or "").replace(".", ":")), "%H:%M").time()  # noqa: DTZ007 - an hour has no zone
        except ValueError:
            return None

    def pre_validate(self, form: Any) -> None:
        if self.hour is None:
            raise ValidationError(_("Write an hour such as 18:00."))


class NumberField(StringField):
    """A whole number from ``lowest`` on, in any script's digits; none where ``optional`` and left empty."""

    def __init__(self, label: Any, *, lowest: int = 0, optional: bool = False, **more: Any) -> None:
        widget = TextInput(width=5, direction="ltr", inputmode="numeric")
        super().__init__(label, widget=widget, filters=[cleaned], **more)
        self.lowest, self.optional = lowest, optional

    @property
    def number(self) -> int | None:
        """What was written, if it is such a number."""
        typed = (self.data or "").replace("\N{MINUS SIGN}", "-")
        digits = western(typed.removeprefix("-"))  # which would drop a hyphen too
        if not (digits.isascii() and digits.isdigit() and len(digits) < 8):
            return None
        number = -int(digits) if typed.startswith("-") else int(digits)
        return number if self.lowest <= number <= LARGEST else None

    def pre_validate(self, form: Any) -> None:
        if self.number is None and (self.data or not self.optional):
            raise ValidationError(_("Write a whole number, %(lowest)s or more.", lowest=self.lowest))


class ElectionForm(TextsForm):
    """What makes up an election: names, languages, moments, term and texts."""

    labels = LABELS

    language = SelectField(_l("Language of the original"), widget=Select())
    languages = SelectMultipleField(_l("Languages of the election"), widget=Checkboxes(small=True))
    election_day = DayField(
        _l("Election day"),
        description=_l("The last day of voting. Age and residence are reckoned on it."),
        validators=[needed(_l("Write the election day."))],
    )
    opens_hour = HourField(_l("Hour at which voting opens"), default="8:00")
    closes_hour = HourField(_l("Hour at which voting closes, on election day"), default="18:00")
    term_begins_on = DayField(
        _l("First day of the term"), validators=[needed(_l("Write the first day of the term."))]
    )
    term_ends_on = DayField(
        _l("Last day of the term"), validators=[needed(_l("Write the last day of the term."))]
    )

    def validate_election_day(self, field: DayField) -> None:
        if field.data:
            try:
                check_election_day(field.data)
            except DomainError as error:
                raise ValidationError(explain(error)) from None

    def refuse(self, error: DomainError) -> None:
        """A title is wrong in the original; two days that contradict each other, at the one that must be later."""
        for single in error.all():
            named = single.parameters
            if single.code.startswith("title_"):
                name = f"title_{self.language.data}"
            else:
                name = str(named.get("later") or named.get("step") or "")
            if name in self:
                self[name].errors = [*self[name].errors, explain(single)]
            else:
                super().refuse(single)

    def _facts(
        self, code: str, body: str, department: str, rules: RuleSet, timetable: Timetable
    ) -> ElectionFacts:
        original, day = self.language.data, self.election_day.data
        return ElectionFacts(
            code=code,
            body_key=body,
            department=department,
            language=original,
            languages=tuple(self.languages.data or ()),
            title=self.written("title", original),
            rule_set=to_plain(rules),
            timetable=timetable,
            election_day=day,
            voting_opens_at=clock.in_the_city(
                timetable.get(Step.VOTING_OPENS, day), self.opens_hour.hour or time()
            ),
            voting_closes_at=clock.in_the_city(day, self.closes_hour.hour or time()),
            term_begins_on=self.term_begins_on.data,
            term_ends_on=self.term_ends_on.data,
            texts={name: self.written(name, original) for name in TEXTS},
        )


class NewElectionForm(ElectionForm):
    """Everything about a new election; its days follow from election day and the preset."""

    code = StringField(
        _l("Code"),
        description=_l("Begins every register number, such as MC-28."),
        widget=TextInput(width=10, direction="ltr"),
        filters=[cleaned],
        validators=[needed(_l("Write a code such as MC-28."))],
    )
    body = SelectField(_l("Council that is elected"), widget=Select())
    department = SelectField(_l("Department that owes the answers"), widget=Select())
    preset = SelectField(
        _l("Rules"),
        description=_l("A copy is made. You can change its figures until the election is called."),
        widget=Select(),
    )

    def facts(self) -> ElectionFacts:
        """What was written, as the service takes it."""
        rules = preset(self.preset.data) or PRESETS[0]
        timetable = rules.timetable(self.election_day.data, holidays_around(self.election_day.data.year))
        code = (self.code.data or "").upper()
        return self._facts(code, self.body.data, self.department.data, rules, timetable)


class ChangeElectionForm(ElectionForm):
    """Other texts, moments or days for an election that was not called yet."""

    def day_fields(self) -> list[Field]:
        """The days that can be adjusted, in the order of the procedure."""
        return [self[step.value] for step in ADJUSTED]

    def days(self) -> Timetable:
        """The timetable that was written."""
        written: dict[Step, date] = {
            step: self[step.value].data for step in ADJUSTED if self[step.value].data
        }
        return {**written, Step.VOTING_CLOSES: self.election_day.data}

    def facts(self, found: Election, rules: RuleSet) -> ElectionFacts:
        """What was written, as the service takes it; code, body and department stay."""
        return self._facts(found.code, "", "", rules, self.days())

    def fill_from(self, found: Election) -> None:
        """Show what is stored, where nothing was sent."""
        self.language.data, self.languages.data = found.language, list(found.languages)
        self.election_day.data = found.election_day
        self.opens_hour.data = f"{clock.shown_in_the_city(found.voting_opens_at):%H:%M}"
        self.closes_hour.data = f"{clock.shown_in_the_city(found.voting_closes_at):%H:%M}"
        self.term_begins_on.data, self.term_ends_on.data = found.term_begins_on, found.term_ends_on
        stored = read_timetable(found.timetable)
        for step in ADJUSTED:
            self[step.value].data = stored.get(step)
        for name in ("title", *TEXTS):
            self.show(name, getattr(found, name))


_REFUSALS = {
    "election_code_form": "code",
    "code_taken": "code",
    "languages_missing": "languages",
    "language_unknown": "languages",
    "department_unknown": "department",
    "body_unknown": "body",
    "moments_order": "closes_hour",
    "term_order": "term_ends_on",
}


def new_election_form(
    codes: Iterable[str],
    original: str,
    bodies: Iterable[tuple[str, Localized]],
    departments: Iterable[tuple[int, str, Localized]],
    own_department_id: int | None,
) -> NewElectionForm:
    """The form for a new election in a city that speaks ``codes``."""
    departments = list(departments)
    own = next((key for id, key, _name in departments if id == own_department_id), None)
    form: NewElectionForm = _in(tuple(codes), NewElectionForm)(
        language=original, languages=list(codes), department=own
    )
    _offer_languages(form)
    form.body.choices = [choice(key, localized(name).text) for key, name in bodies]
    form.department.choices = [choice(key, localized(name).text) for _id, key, name in departments]
    form.preset.choices = [choice(rules.key, localized(rules.name).text) for rules in PRESETS]
    return form


def change_election_form(codes: Iterable[str]) -> ChangeElectionForm:
    """The form for changing an election that was prepared."""
    days = {step.value: DayField(STEPS[step], validators=[needed(_l("Write a day."))]) for step in ADJUSTED}
    form: ChangeElectionForm = _in(tuple(dict.fromkeys(codes)), ChangeElectionForm, **days)()
    _offer_languages(form)
    return form


def _in(codes: tuple[str, ...], kind: type[ElectionForm], **days: Field) -> Any:
    more = {"beside": _REFUSALS, **days}
    return with_texts(kind, codes, title_length=TITLE_LENGTH, text_length=TEXT_LENGTH, **more)


def _offer_languages(form: ElectionForm) -> None:
    named = [choice(code, language_name(code)) for code in form.codes]
    form.language.choices = form.languages.choices = named


# Rules ---------------------------------------------------------------------------------------------------------------


class RulesForm(OfficeForm):
    """The main figures of an election's own rules."""

    seats = NumberField(_l("Seats in all"), lowest=1)
    votes_per_voter = NumberField(
        _l("Votes of one voter"),
        lowest=1,
        optional=True,
        description=_l("Leave it empty for as many as there are candidates."),
    )
    most_per_candidate = NumberField(_l("Votes that one candidate can be given"), lowest=1)
    supporters = NumberField(_l("Supporters that a nomination needs"))

    def fill_from(self, rules: RuleSet) -> None:
        """Show the figures of ``rules``, where nothing was sent."""
        counting = rules.counting
        self.seats.data = str(counting.seats)
        self.votes_per_voter.data = str(counting.votes_per_voter or "")
        self.most_per_candidate.data = str(counting.most_per_candidate)
        self.supporters.data = str(rules.supporters)
        for key, seats in counting.seats_per_group.items():
            self[f"group_{key}"].data = str(seats)
        for matter, days in rules.windows.items():
            self[f"window_{matter.value}"].data = str(days)
        for step, deadline in rules.deadlines.items():
            self[f"deadline_{step.value}"].data = str(deadline.offset)

    def changed(self, rules: RuleSet) -> RuleSet:
        """A copy of ``rules`` with the figures that were written. What it says may contradict itself."""
        groups = {key: self[f"group_{key}"].number or 0 for key in rules.counting.seats_per_group}
        return replace(
            rules,
            counting=replace(
                rules.counting,
                seats=self.seats.number or 0,
                seats_per_group=groups,
                votes_per_voter=self.votes_per_voter.number,
                most_per_candidate=self.most_per_candidate.number or 1,
            ),
            supporters=self.supporters.number or 0,
            windows={matter: self[f"window_{matter.value}"].number or 0 for matter in rules.windows},
            deadlines={
                step: Deadline(self[f"deadline_{step.value}"].number or 0, deadline.working)
                for step, deadline in rules.deadlines.items()
            },
        )

    def refuse(self, error: DomainError) -> None:
        """A contradiction stands beside the group, window or deadline that it names; all else as usual."""
        for single in error.all():
            named = single.parameters
            beside = [
                f"{prefix}_{named.get(parameter)}"
                for prefix, parameter in (
                    ("deadline", "later"),
                    ("deadline", "step"),
                    ("window", "matter"),
                    ("group", "group"),
                )
            ]
            name = next((name for name in beside if name in self), "")
            if name:
                self[name].errors = [*self[name].errors, explain(single)]
            else:
                super().refuse(single)

    def parts(self, prefix: str) -> list[Field]:
        """The fields of seats by group, windows or deadlines."""
        return [field for field in self if field.name.startswith(f"{prefix}_")]


_BESIDE = {
    "rule_seats_range": "seats",
    "rule_groups_sum": "seats",
    "rule_votes_range": "votes_per_voter",
    "rule_votes_missing": "votes_per_voter",
    "rule_one_vote": "votes_per_voter",
    "rule_set_votes_over_seats": "votes_per_voter",
    "rule_most_range": "most_per_candidate",
    "rule_most_over_votes": "most_per_candidate",
    "rule_most_not_here": "most_per_candidate",
    "rule_set_supporters_range": "supporters",
}


def rules_form(rules: RuleSet) -> RulesForm:
    """The form for ``rules``: a field for each group of seats, window and deadline that they have."""
    fields: dict[str, Any] = {"beside": _BESIDE}
    names = {group.key: localized(group.name).text for group in rules.groups}
    for key in rules.counting.seats_per_group:
        fields[f"group_{key}"] = NumberField(names.get(key, key))
    for matter in Matter:
        if matter in rules.windows:
            fields[f"window_{matter.value}"] = NumberField(
                MATTERS[matter], lowest=1, description=_l("Days from the day on which it was told.")
            )
    for step in Step:
        if step in rules.deadlines:
            working = rules.deadlines[step].working
            fields[f"deadline_{step.value}"] = NumberField(
                STEPS[step],
                lowest=-LARGEST,
                description=_l("Working days from election day, before it with a minus.")
                if working
                else _l("Days from election day, before it with a minus."),
            )
    form: RulesForm = type("RulesForm", (RulesForm,), fields)()
    return form


# Acts ----------------------------------------------------------------------------------------------------------------


class ActForm(OfficeForm):
    """A proposal: with a public reason, where the act needs or allows one."""

    beside = {
        "act_reason_missing": "reason",
        "act_reason_too_long": "reason",
        "missing_opening_reached": "reason",
    }

    reason = TextAreaField(
        _l("Public reason"),
        widget=TextArea(rows=3),
        filters=[cleaned],
        validators=[at_most(REASON_LENGTH)],
    )

    def act_facts(self) -> dict[str, Any]:
        """What exactly is proposed."""
        return {}


class ExtendVotingForm(ActForm):
    """An extension says until when."""

    beside = {**ActForm.beside, "missing_extension_later": "closes_on"}

    closes_on = DayField(_l("New last day of voting"), validators=[needed(_l("Write the new last day."))])
    closes_hour = HourField(_l("Hour at which voting closes"))

    def act_facts(self) -> dict[str, Any]:
        """The new closing moment."""
        moment = clock.in_the_city(self.closes_on.data, self.closes_hour.hour or time())
        return {"closes_at": moment.isoformat(timespec="minutes")}


class ApproveForm(ActForm):
    """An approval says on which day the city council decided."""

    beside = {**ActForm.beside, "missing_decision_day": "decided_on"}

    decided_on = DayField(
        _l("Day on which the city council decided"), validators=[needed(_l("Write the day of the decision."))]
    )

    def act_facts(self) -> dict[str, Any]:
        """The day of the decision."""
        return {"decided_on": self.decided_on.data.isoformat()}
