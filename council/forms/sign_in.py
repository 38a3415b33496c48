"""The form with which a clerk lets a member sign in."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField

from accounts.desk import OfficeForm
from core.forms import cleaned, needed
from core.widgets import Select, TextInput


class SignInForm(OfficeForm):
    """With which address a member signs in."""

    beside: ClassVar = {
        "email_invalid": "email",
        "account_not_member": "email",
        "account_disabled": "email",
        "account_linked": "email",
        "language_unknown": "language",
    }

    email = EmailField(
        _l("E-mail address"),
        filters=[cleaned],
        validators=[needed(_l("Write an e-mail address."))],
        widget=TextInput("email", direction="ltr", autocomplete="off"),
    )
    language = SelectField(_l("Language of pages and letters"), validate_choice=False, widget=Select())
