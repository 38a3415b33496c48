"""The questions of the self-check: only what the rules need, and every one may be left open.

The form has no token and touches no session: it changes nothing, so there is nothing that another site could make
somebody do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, SelectMultipleField, StringField, ValidationError

from core import clock
from core.forms import RefusableForm, choice
from core.widgets import Checkboxes, DayField, Radios, TextInput
from elections.eligibility.criteria import BelongsTo, Criterion, NotExcluded
from elections.eligibility.facts import Citizenship, Exclusion, Facts, Purpose
from elections.eligibility.plain import MOST_SUPPORTERS
from elections.messages.eligibility import CITIZENSHIPS_AS_SPOKEN, EXCLUSIONS_AS_SPOKEN
from elections.rules.rule_sets import RuleSet, criteria_in

YES, NO, OPEN = "yes", "no", ""
NONE, NOT_KNOWN = "none", "not_known"
"""Answers to a question about groups, beside the groups themselves."""

LONGEST_ANSWER = 20
"""Characters that any honest answer has at most; the rest is not even shown back."""
FIRST_YEAR, LAST_YEAR = 2000, 2100

Group = TypeVar("Group", bound=StrEnum)


def _yes_no(label: Any, description: Any = "") -> RadioField:
    return RadioField(
        label,
        description=description,
        choices=[
            choice(YES, _l("Yes")),
            choice(NO, _l("No")),
            choice(OPEN, _l("I do not know, or do not want to say")),
        ],
        default=OPEN,
        widget=Radios(small=True),
    )


def _groups(label: Any, description: Any) -> SelectMultipleField:
    return SelectMultipleField(label, description=description, widget=Checkboxes(small=True))


class SelfCheckForm(RefusableForm):
    """One person's answers, for the length of one request."""

    class Meta(FlaskForm.Meta):
        csrf = False

    election_day = DayField(
        _l("When is the election?"),
        description=_l("Leave this empty to look at today."),
    )
    born_on = DayField(_l("When were you born?"), description=_l("You can leave this empty."))
    lives_here = _yes_no(_l("Is your main residence in the city?"))
    resident_since = DayField(
        _l("Since when is your main residence in the city?"), description=_l("You can leave this empty.")
    )
    stays_lawfully = _yes_no(
        _l("Is your stay in the country lawful?"),
        _l(
            "Yes if you have a residence title, live here as a citizen of the EU, or are a citizen of this country."
        ),
    )
    lawful_since = DayField(
        _l("Since when are you in the country lawfully?"), description=_l("You can leave this empty.")
    )
    citizenship = _groups(_l("What applies to you?"), _l("Choose all that apply, or leave this open."))
    exclusions = _groups(
        _l("Does any of this apply to you?"), _l("Choose all that apply, or leave this open.")
    )
    born_abroad = _yes_no(_l("Were you born abroad, and did you come here yourself?"))
    on_another_list = _yes_no(_l("Are you on another list of this election?"))
    supporters = StringField(
        _l("How many people support your nomination so far?"),
        description=_l("You can leave this empty."),
        widget=TextInput(width=5, direction="ltr", inputmode="numeric"),
    )

    def __init__(self, rules: RuleSet, *, asks_day: bool) -> None:
        given = MultiDict((name, value[:LONGEST_ANSWER]) for name, value in request.form.items(multi=True))
        super().__init__(formdata=given)
        asked = [*criteria_in(rules.to_vote), *criteria_in(rules.standing)]
        self.citizenship.choices = _choices(_named(asked, BelongsTo, Citizenship), CITIZENSHIPS_AS_SPOKEN)
        self.exclusions.choices = _choices(_named(asked, NotExcluded, Exclusion), EXCLUSIONS_AS_SPOKEN)
        needed = rules.to_vote.questions | rules.standing.questions
        for name in list(self._fields):
            if name != "election_day" and name not in needed:
                del self[name]
        if not asks_day:
            del self["election_day"]
        self.was_sent = request.method == "POST"

    def of(self, rules: RuleSet) -> Sequence[tuple[Purpose | None, list[Field]]]:
        """The questions in groups: those for voting, and those that only standing needs besides."""
        voting = rules.to_vote.questions
        first = [field for field in self if field.name == "election_day" or field.name in voting]
        return [(Purpose.VOTE, first), (Purpose.STAND, [field for field in self if field not in first])]

    @property
    def facts(self) -> Facts:
        """What was said. A question that was not asked, or left open, is not known."""
        citizenship, possible = self._groups("citizenship", Citizenship)
        exclusions, _ruled_out = self._groups("exclusions", Exclusion)
        supporters = self._data("supporters")
        return Facts(
            born_on=self._data("born_on"),
            lives_here=self._truth("lives_here"),
            resident_since=self._data("resident_since"),
            citizenship=citizenship,
            citizenship_possible=possible,
            stays_lawfully=self._truth("stays_lawfully"),
            lawful_since=self._data("lawful_since"),
            exclusions=exclusions,
            supporters=int(supporters) if supporters else None,
            born_abroad=self._truth("born_abroad"),
            on_another_list=self._truth("on_another_list"),
        )

    @property
    def day(self) -> date | None:
        """The election day that was asked for."""
        day: date | None = self._data("election_day")
        return day

    def validate_election_day(self, field: Field) -> None:
        if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(
                _("Write a day between %(first)s and %(last)s", first=FIRST_YEAR, last=LAST_YEAR)
            )

    def validate_born_on(self, field: Field) -> None:
        if field.data is not None and field.data > clock.today():
            raise ValidationError(_("This day has not come yet. Write the day on which you were born"))

    def validate_citizenship(self, field: Field) -> None:
        _check_groups(field)

    def validate_exclusions(self, field: Field) -> None:
        _check_groups(field)

    def validate_supporters(self, field: Field) -> None:
        field.data = (field.data or "").strip()
        if not field.data:
            return
        if not field.data.isdecimal() or int(field.data) > MOST_SUPPORTERS:
            raise ValidationError(_("Write a number, such as 12"))

    def _data(self, name: str) -> Any:
        return self[name].data if name in self else None

    def _truth(self, name: str) -> bool | None:
        return {YES: True, NO: False}.get(self._data(name) or OPEN)

    def _groups(self, name: str, kind: type[Group]) -> tuple[frozenset[Group] | None, frozenset[Group]]:
        """The groups that apply, and those that may; "none of these" is an answer, nothing chosen is none."""
        chosen = set(self._data(name) or ())
        offered = {str(each.value) for each in self[name].iter_choices()} if name in self else set()
        groups = frozenset(each for each in kind if each.value in chosen)
        if NOT_KNOWN in chosen:
            possible = frozenset(each for each in kind if each.value in offered) - groups
            return (groups if groups else None), possible
        return (groups if groups or NONE in chosen else None), frozenset()


def _named(asked: Sequence[Criterion], criterion: type[Any], kind: type[Group]) -> list[Group]:
    named = {group for each in asked if isinstance(each, criterion) for group in each.groups}
    return [group for group in kind if group in named]


def _choices(groups: Sequence[StrEnum], spoken: Any) -> list[Any]:
    return [
        *(choice(group.value, spoken[group]) for group in groups),
        choice(NONE, _l("None of these")),
        choice(NOT_KNOWN, _l("I do not know")),
    ]


def _check_groups(field: Field) -> None:
    if NONE in (field.data or ()) and len(field.data) > 1:
        raise ValidationError(_("Choose either “None of these” or what applies"))
