"""Flask-Security's forms in our dress: our labels and widgets, our limits on wrong tries.

Wrong tries are counted by network, by network and account (typed address, whether it exists or not), and, with a
far higher limit, by account over all networks. A browser in which that person signed in before counts by itself
alone, so that no stranger can shut somebody out of their own computer. Codes of the second factor are counted by
account: whoever types them knew the password.
"""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request, request
from flask_babel import lazy_gettext as _l
from flask_security import (
    ChangePasswordForm,
    LoginForm,
    MfRecoveryCodesForm,
    MfRecoveryForm,
    ResetPasswordForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    current_user,
)
from flask_security.forms import EmailValidation, Form
from flask_security.utils import get_message
from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField, SubmitField
from wtforms.validators import DataRequired, EqualTo, Length

from accounts import known_browsers, rules
from accounts.messages import TOO_MANY_TRIES
from core import limits
from core.codes import western
from core.widgets import EmailInput, PasswordInput, TextInput

LONGEST_TRY = 4 * rules.PASSWORD_LENGTH_MAX
"""Characters of a typed password that we are willing to hash."""
_TOO_LONG = Length(max=LONGEST_TRY, message=_l("This is too long."))
_DIFFER = _l("The two passwords differ.")


def _password(label: Any, kind: str, *validators: Any) -> PasswordField:
    return PasswordField(
        label,
        widget=PasswordInput(autocomplete=kind),
        validators=[DataRequired(_l("Write your password.")), _TOO_LONG, *validators],
    )


def _code(label: Any, **look: Any) -> StringField:
    return StringField(
        label,
        widget=TextInput(direction="ltr", **look),
        validators=[DataRequired(_l("Write the code.")), _TOO_LONG],
    )


def refuse(form: Form) -> bool:
    """Say that there were too many wrong tries (status 429). Always False, the outcome of the validation."""

    @after_this_request
    def too_many(response: Response) -> Response:
        response.status_code = 429
        return response

    form.form_errors.append(str(TOO_MANY_TRIES))
    return False


Count = tuple[str, str]
"""A limit and the name under which tries are counted for it."""


def _counts(email: str) -> list[Count]:
    """Where wrong passwords for ``email``, as it was typed, are counted."""
    own = known_browsers.browser_of(email)
    if own:
        return [("sign_in_account", f"browser:{own}")]
    network, account = limits.network(request.remote_addr or ""), rules.normalize_email(email)
    return [
        ("sign_in", network),
        ("sign_in_account", f"{network} {account}"),
        ("sign_in_everywhere", account),
    ]


def _counts_of_codes(user: Any) -> list[Count]:
    """Where wrong codes of the second factor are counted."""
    own = known_browsers.browser_of(str(user.email)) if user else ""
    return [("sign_in_account", f"code:{own or (user.handle if user else '')}")]


def _exhausted(counts: list[Count]) -> bool:
    return any(limits.exhausted(name, key) for name, key in counts)


def _count(counts: list[Count]) -> None:
    for name, key in counts:
        limits.allow(name, key)


class SignInForm(LoginForm):
    """E-mail address and password."""

    email = EmailField(
        _l("E-mail address"),
        widget=EmailInput(),
        validators=[DataRequired(_l("Write your e-mail address.")), EmailValidation(verify=False)],
    )
    password = _password(_l("Password"), "current-password")
    remember = None  # type: ignore[assignment]
    submit = SubmitField(_l("Sign in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""  # the link to the reset stands below the form

    def validate(self, **kwargs: Any) -> bool:
        counts = _counts(self.email.data or "")
        if _exhausted(counts):
            return refuse(self)
        if super().validate(**kwargs):
            return True
        if self.email.data and self.password.data:
            _count(counts)
        return False


class _KnowsPassword(Form):
    """A signed-in person types the present password; somebody at a forgotten screen must not guess it."""

    def validate(self, **kwargs: Any) -> bool:
        counts = [("sign_in_account", f"signed-in:{current_user.handle}")]
        if _exhausted(counts):
            return refuse(self)
        if super().validate(**kwargs):
            return True
        if get_message("INVALID_PASSWORD")[0] in self.password.errors:
            _count(counts)
        return False


class ConfirmForm(_KnowsPassword, VerifyForm):
    """The password once more, before an act that asks for it."""

    password = _password(_l("Your password"), "current-password")
    submit = SubmitField(_l("Go on"))


class NewPasswordForm(_KnowsPassword, ChangePasswordForm):
    """A new password in place of the present one."""

    password = _password(_l("Present password"), "current-password")
    new_password = _password(_l("New password"), "new-password")
    new_password_confirm = _password(
        _l("New password once more"),
        "new-password",
        EqualTo("new_password", _DIFFER),
    )
    submit = SubmitField(_l("Change my password"))


class ForgottenPasswordForm(ResetPasswordForm):
    """A new password, by the link that was sent."""

    password = _password(_l("New password"), "new-password")
    password_confirm = _password(
        _l("New password once more"),
        "new-password",
        EqualTo("password", _DIFFER),
    )
    submit = SubmitField(_l("Set my password"))


class CodeForm(TwoFactorVerifyCodeForm):
    """The six digits of the authenticator, in any script's digits."""

    code = _code(_l("Code from your app"), width=10, inputmode="numeric", autocomplete="one-time-code")
    submit = SubmitField(_l("Go on"))

    def validate(self, **kwargs: Any) -> bool:
        # A secret that is only being set up cannot be guessed to any use.
        own_secret = self.user is not None and self.user.tf_totp_secret == self.tf_totp_secret
        counts = _counts_of_codes(self.user)
        if own_secret and _exhausted(counts):
            return refuse(self)
        self.code.data = western(self.code.data or "")
        if super().validate(**kwargs):
            return True
        if own_secret and self.code.data:
            _count(counts)
        return False


class RecoveryForm(MfRecoveryForm):
    """One of the recovery codes that were written down."""

    code = _code(_l("Recovery code"), width=20, autocomplete="off")
    submit = SubmitField(_l("Go on"))

    def validate(self, **kwargs: Any) -> bool:
        counts = _counts_of_codes(self.user)
        if _exhausted(counts):
            return refuse(self)
        self.code.data = (self.code.data or "").strip().lower()
        if super().validate(**kwargs):
            return True
        if self.code.data:
            _count(counts)
        return False


class RecoveryCodesForm(MfRecoveryCodesForm):
    """Ask for new recovery codes; codes made earlier are never shown again."""

    generate_new_codes = SubmitField(_l("Make new recovery codes"))


class SecondFactorForm(TwoFactorSetupForm):
    """Begin to set up an authenticator, the only second factor there is; switch it off where that is allowed."""

    setup = HiddenField(default="authenticator")  # type: ignore[assignment]
    phone = None  # type: ignore[assignment]
    submit = SubmitField(_l("Set up"))

    def validate(self, **kwargs: Any) -> bool:
        if not Form.validate(self, **kwargs):
            return False
        allowed = {"authenticator"}
        if self.user is not None and not self.user.check_tf_required_setup():
            allowed.add("disable")
        if self.setup.data in allowed:
            return True
        self.setup.errors = [get_message("TWO_FACTOR_METHOD_NOT_AVAILABLE")[0]]
        return False


class NoRescueForm(TwoFactorRescueForm):
    """Flask-Security's "trouble signing in" list, which our page replaces by a link; it needs a list to fill."""

    help_setup = RadioField(choices=[])
    submit = SubmitField(_l("Go on"))
