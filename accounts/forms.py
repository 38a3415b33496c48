"""The forms of this room's own pages."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its type stubs

from accounts import rules
from accounts.messages import ROLE_HINTS, ROLES
from accounts.queries import DepartmentLine
from core import settings
from core.errors import DomainError
from core.i18n import language_name, localized
from core.widgets import Checkboxes, EmailInput, PasswordInput, Radios, Select, TextInput
from core.wording import explain

NO_DEPARTMENT = ""

_FIELDS = {
    "email_invalid": "email",
    "email_taken": "email",
    "name_missing": "name",
    "name_long": "name",
    "roles_missing": "roles",
    "role_unknown": "roles",
    "own_roles": "roles",
    "last_administrator": "roles",
    "language_unknown": "language",
    "password_short": "password",
    "password_long": "password",
    "password_simple": "password",
    "password_personal": "password",
    "password_common": "password",
}
"""Beside which field an error is shown; all others stand above the form."""


def show_errors(form: FlaskForm, error: DomainError) -> None:
    """Put everything that a service refused into the form it came from."""
    for single in error.all():
        name = _FIELDS.get(single.code, "")
        if name in form:
            form[name].errors = [*form[name].errors, explain(single)]
        else:
            form.form_errors.append(explain(single))


class RolesForm(FlaskForm):
    """Which roles a person holds."""

    roles = SelectMultipleField(
        _l("Roles"),
        widget=Checkboxes(hints={role.value: hint for role, hint in ROLE_HINTS.items()}),
        validate_choice=False,
    )

    def offer_roles(self) -> None:
        self.roles.choices = [SelectChoice(role.value, label) for role, label in ROLES.items()]


class DepartmentForm(FlaskForm):
    """Which department a person belongs to."""

    department = SelectField(_l("Department"), widget=Select())

    def offer_departments(self, departments: Iterable[DepartmentLine]) -> None:
        none = SelectChoice(NO_DEPARTMENT, _l("No department"))
        found = [SelectChoice(str(line.id), localized(line.name).text) for line in departments]
        self.department.choices = [none, *found]

    @property
    def department_id(self) -> int | None:
        return int(self.department.data) if self.department.data else None


class LanguageForm(FlaskForm):
    """In which language a person is written to."""

    language = RadioField(
        _l("Language of pages and letters"), widget=Radios(inline=True), validate_choice=False
    )

    def offer_languages(self) -> None:
        codes = settings.current().languages
        self.language.choices = [SelectChoice(code, language_name(code, code)) for code in codes]


class InviteForm(RolesForm, DepartmentForm, LanguageForm):
    """Everything about a person that an invitation needs."""

    name = StringField(_l("Name"), widget=TextInput(autocomplete="off"))
    email = EmailField(_l("E-mail address"), widget=EmailInput())

    def offer(self, departments: Iterable[DepartmentLine]) -> None:
        self.offer_roles()
        self.offer_departments(departments)
        self.offer_languages()


class FirstPasswordForm(FlaskForm):
    """The password of somebody who was invited."""

    password = PasswordField(
        _l("Choose a password"),
        description=_l("At least 12 characters. Three or four words are good."),
        widget=PasswordInput(autocomplete="new-password"),
    )
    password_confirm = PasswordField(
        _l("The same password once more"), widget=PasswordInput(autocomplete="new-password")
    )

    def validate_password_confirm(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(_l("The two passwords differ."))


class ForgottenForm(FlaskForm):
    """To which address the link for a new password goes."""

    email = EmailField(_l("E-mail address"), widget=EmailInput())

    def validate_email(self, field: EmailField) -> None:
        try:
            rules.read_email(field.data or "")
        except DomainError as error:
            raise ValidationError(explain(error)) from None
