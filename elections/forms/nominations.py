"""The forms of nominees and supporters. A statement has one field for each language of the election."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from core.errors import DomainError
from core.forms import PublicForm, choice
from core.i18n import language, language_name, localized
from core.localized import Localized, direction
from core.widgets import Checkbox, Select, TextArea, TextInput
from elections.models.elections import Election
from elections.queries.nominations import group_names, has_lists
from elections.rules import nominations as rules
from elections.rules.nominations import NewNomination
from followup.forms import HeldCodeForm, ReceiptForm, contact_field

PREFIX = "statement_"


class NominationForm(ReceiptForm):
    """One's own nomination. Made by ``nomination_form`` for the languages of an election."""

    beside: ClassVar = {
        "nominee_missing": "name",
        "nominee_too_long": "name",
        "nominee_address_missing": "address",
        "nominee_address_too_long": "address",
        "nominee_group_missing": "group",
        "nominee_list_missing": "list_name",
        "nominee_list_too_long": "list_name",
        "language_unknown": "language",
        "consent_missing": "consents",
        **ReceiptForm.CONTACT_BESIDE,
    }
    codes: ClassVar[Sequence[str]] = ()

    name = StringField(
        _l("Your name, as it is to stand on the ballot"), widget=TextInput(autocomplete="name")
    )
    address = TextAreaField(
        _l("Your address"),
        description=_l(
            "Only for checking whether you may stand. It is not published, and erased after the election."
        ),
        widget=TextArea(rows=3),
    )
    group = SelectField(_l("Whose seats do you stand for?"), validate_choice=False, widget=Select())
    list_name = StringField(_l("Name of your list"), widget=TextInput())
    language = SelectField(
        _l("Which language do you write in?"),
        description=_l("Your statement is shown in other languages beside this one."),
        validate_choice=False,
        widget=Select(),
    )
    contact = contact_field()
    consents = BooleanField(
        _l("I agree to stand. My name and statement become public once I am admitted."), widget=Checkbox()
    )

    @property
    def nomination(self) -> NewNomination:
        """What was sent."""
        return NewNomination(
            name=self.name.data or "",
            address=self.address.data or "",
            group_key=(self.group.data or "") if "group" in self else "",
            list_name=(self.list_name.data or "") if "list_name" in self else "",
            language=self.language.data or language(),
            statements=statements_in(self, self.codes),
            consents=bool(self.consents.data),
        )

    def check(self) -> None:
        parts: tuple[Callable[[], object], ...] = (
            lambda: rules.check_nomination(
                self.nomination, groups=self.groups, lists="list_name" in self, languages=self.codes
            ),
            lambda: self.contact_left,
        )
        for part in parts:
            try:
                part()
            except DomainError as error:
                self.refuse(error)


class SupportForm(PublicForm):
    """One person's support for one nomination."""

    beside: ClassVar = {
        "supporter_missing": "name",
        "supporter_address_missing": "address",
        "supporter_too_long": "address",
    }

    name = StringField(_l("Your name"), widget=TextInput(autocomplete="name"))
    address = TextAreaField(
        _l("Your address"),
        description=_l(
            "Only for counting each person once. It is not published, and erased after the election."
        ),
        widget=TextArea(rows=3),
    )

    def check(self) -> None:
        try:
            rules.check_support(self.name.data or "", self.address.data or "")
        except DomainError as error:
            self.refuse(error)


class MendForm(HeldCodeForm):
    """What the holder of a code changes. Made by ``mend_form`` for the languages of an election."""

    codes: ClassVar[Sequence[str]] = ()

    note = TextAreaField(
        _l("A note to the officers"),
        description=_l("Such as a corrected address. It is not published."),
        widget=TextArea(rows=3, limit=rules.NOTE_LENGTH),
    )


def nomination_form(election: Election, **given: Any) -> NominationForm:
    """The form for this election; ``given`` goes to the form itself."""
    groups = group_names(election)
    made = _with_statements(NominationForm, election, groups=tuple(groups))(**given)
    if groups:
        made.group.choices = [choice("", _l("Please choose"))]
        made.group.choices += [choice(key, localized(name).text) for key, name in groups.items()]
    else:
        del made.group
    if not has_lists(election):
        del made.list_name
    made.language.choices = [choice(code, language_name(code)) for code in election.languages]
    if made.language.data not in election.languages:
        made.language.data = language() if language() in election.languages else election.language
    return made


def mend_form(election: Election, statement: Localized, **given: Any) -> MendForm:
    """The form that changes ``statement``; it is filled with what stands now unless it was sent."""
    made = _with_statements(MendForm, election)(**given)
    if not made.is_submitted() or "formdata" in given:
        for code in election.languages:
            version = statement.get(code)
            made[PREFIX + code].data = version.text if version else ""
    return made


def statements_in(form: Any, codes: Sequence[str]) -> dict[str, str]:
    """The statements of a form by language, without empty ones."""
    typed = {code: form[PREFIX + code].data or "" for code in codes}
    return {code: text for code, text in typed.items() if text.strip()}


def _with_statements(base: type[Any], election: Election, **more: Any) -> type[Any]:
    """``base`` with one field for the statement in each language of the election."""
    fields: dict[str, Any] = {
        PREFIX + code: TextAreaField(
            language_name(code),
            widget=TextArea(rows=6, limit=rules.STATEMENT_LENGTH, direction=direction(code)),
        )
        for code in election.languages
    }
    first = PREFIX + election.languages[0]
    beside = {**base.beside, "statement_missing": first, "statement_too_long": first}
    return type(
        base.__name__, (base,), {**fields, "codes": tuple(election.languages), "beside": beside, **more}
    )
