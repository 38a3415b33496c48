"""How Flask-Security is set up: what it may do, for how long, and in whose words."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import segno
from flask import Flask, current_app, g, session
from flask_babel import lazy_gettext as _l
from flask_security import MailUtil, PasswordUtil, Security, Totp, password_reset, user_authenticated
from flask_security.mail_util import EmailValidateException
from flask_security.utils import get_message
from markupsafe import Markup

from accounts import access, known_browsers, rules, sign_in, views
from accounts.datastore import Datastore
from accounts.messages import FLASK_SECURITY, ROLES, STATES
from core import keys, settings
from core.db import write
from core.errors import DomainError
from core.mail import queue_message
from core.widgets import error_summary
from core.wording import explain

HOME = "accounts.begin"
"""Where a person lands after signing in."""

RESET_WITHIN = timedelta(hours=2)
TOTP_WINDOW = 30
"""Seconds that an authenticator's clock may be wrong, either way."""


class Letters(MailUtil):
    """Flask-Security's mail goes through our own queue, as a row in a transaction of its own."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        language = kwargs["user"].language
        with write() as session_:
            queue_message(session_, "email", str(recipient), str(subject), body or "", language)

    def normalize(self, email: str) -> str:
        try:
            return rules.read_email(email)
        except DomainError:
            raise EmailValidateException(get_message("INVALID_EMAIL_ADDRESS")[0]) from None

    def validate(self, email: str) -> str:
        return self.normalize(email)


class Passwords(PasswordUtil):
    """Our rule for new passwords, in our words."""

    def normalize(self, password: str) -> str:
        return rules.normalize_password(password)

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        account = kwargs["user"]
        try:
            rules.check_password(password, name=account.name, email=account.email)
        except DomainError as error:
            return [explain(single) for single in error.all()], password
        return None, self.normalize(password)


class Authenticator(Totp):
    """Codes of an authenticator: each works once, and its QR code is drawn into the page itself."""

    def get_last_counter(self, user: Any) -> int | None:
        return user.tf_last_counter  # type: ignore[no-any-return]

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        user.tf_last_counter = tmatch.counter
        _datastore().put(user)

    def generate_qrcode(self, username: str, totp: str) -> str:
        # Inline SVG: the content policy allows no picture from a data address.
        drawing = segno.make(self.get_totp_uri(username, totp), micro=False)
        return Markup(drawing.svg_inline(scale=5, border=4, omitsize=True))  # noqa: S704


def init_security(app: Flask) -> Security:
    """Set up signing in on ``app``. Call it after CSRF protection and translations, before ``check_access``.

    ``settings.second_factor`` makes the authenticator a duty for everybody.
    """
    for name, value in _settings().items():
        app.config.setdefault(f"SECURITY_{name}", value)
    for name, message in FLASK_SECURITY.items():
        app.config[f"SECURITY_MSG_{name}"] = message
    security = Security(
        app,
        Datastore(),
        login_form=sign_in.SignInForm,
        verify_form=sign_in.ConfirmForm,
        change_password_form=sign_in.NewPasswordForm,
        reset_password_form=sign_in.ForgottenPasswordForm,
        two_factor_verify_code_form=sign_in.CodeForm,
        two_factor_setup_form=sign_in.SecondFactorForm,
        two_factor_rescue_form=sign_in.NoRescueForm,
        mf_recovery_form=sign_in.RecoveryForm,
        mf_recovery_codes_form=sign_in.RecoveryCodesForm,
        mail_util_cls=Letters,
        password_util_cls=Passwords,
        totp_cls=Authenticator,
    )
    # Its own view for a forgotten password answers later for an address that it knows; its own view for the second
    # factor's code signs out whoever opens it while signed in.
    app.view_functions["security.forgot_password"] = views.forgot_password
    app.view_functions["security.two_factor_token_validation"] = views.confirm_code
    # Pages only: no JSON answers, no tokens in headers or addresses, no address of a computer in the cookie.
    security.want_json(lambda _request: False)
    security.login_manager.request_loader(lambda _request: None)
    security.login_manager.session_protection = None
    user_authenticated.connect(_forget_form_token, app)
    user_authenticated.connect(known_browsers.remember_browser, app)
    password_reset.connect(known_browsers.remember_browser, app)
    app.jinja_env.globals.update(
        signed_in=access.signed_in,
        role_names=ROLES,
        state_names=STATES,
        error_summary=error_summary,
    )
    return security


def _settings() -> dict[str, Any]:
    here = settings.current()
    city = here.city.best(here.official_language).text
    return {
        # What there is
        "URL_PREFIX": "/office",
        "STATIC_FOLDER": None,
        "RECOVERABLE": True,
        "CHANGEABLE": True,
        "TWO_FACTOR": True,
        "TWO_FACTOR_REQUIRED": here.second_factor,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_IMPLEMENTATIONS": {"code": "flask_security.twofactor.CodeTfPlugin"},
        "TWO_FACTOR_ALWAYS_VALIDATE": True,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "LOGOUT_METHODS": None,  # accounts.views.sign_out ends every session of the account
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "API_ENABLED_METHODS": ["session"],
        # Where
        "LOGIN_URL": "/sign-in",
        "RESET_URL": "/reset",
        "CHANGE_URL": "/change-password",
        "VERIFY_URL": "/confirm",
        "TWO_FACTOR_SETUP_URL": "/second-factor",
        "TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-factor-code",
        "MULTI_FACTOR_RECOVERY_URL": "/recovery-code",
        "MULTI_FACTOR_RECOVERY_CODES_URL": "/recovery-codes",
        "POST_LOGIN_VIEW": HOME,
        "POST_LOGOUT_VIEW": "/",
        "POST_CHANGE_VIEW": "accounts.own_account",
        "POST_VERIFY_VIEW": HOME,
        "TWO_FACTOR_POST_SETUP_VIEW": "accounts.own_account",
        # Secrets
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "DEPRECATED_PASSWORD_SCHEMES": [],
        "PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__type": "ID",
            "argon2__memory_cost": 19 * 1024,  # KiB: OWASP's small profile, 26 ms, ten at once take 190 MiB
            "argon2__time_cost": 2,
            "argon2__parallelism": 1,
        },
        "PASSWORD_SALT": keys.key(
            "password"
        ).hex(),  # hashed in: a stolen database alone cannot be guessed at
        "HASHING_SCHEMES": ["hex_sha256"],
        "DEPRECATED_HASHING_SCHEMES": [],
        "TOTP_SECRETS": {1: keys.key("second-factor").hex()},
        "TOTP_ISSUER": f"Answerable {city}".strip(),
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(keys.key("recovery"))],
        "CACHE_CONTROL": {"no-store": None},
        # For how long
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": TOTP_WINDOW,
        "RESET_PASSWORD_WITHIN": RESET_WITHIN,
        "TWO_FACTOR_SETUP_WITHIN": timedelta(minutes=30),
        "FRESHNESS": access.FRESH_FOR,
        "FRESHNESS_GRACE_PERIOD": access.GRACE,
        # In whose words, and to whom
        "RETURN_GENERIC_RESPONSES": True,
        "USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": _as_email, "case_insensitive": False}}],
        "I18N_DOMAIN": "messages",
        "I18N_DIRNAME": None,  # the application's own
        "EMAIL_HTML": False,
        "EMAIL_SENDER": here.mail_from,
        # Our own letter goes out with the change itself (services.keep_credentials).
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
        "DEFAULT_HTTP_AUTH_REALM": _l("Please sign in to see this page."),
    }


def _as_email(typed: str) -> str | None:
    try:
        return rules.read_email(typed)
    except DomainError:
        return None


def _forget_form_token(_app: Flask, **_about: object) -> None:
    """A new session at sign-in: a form token that somebody planted before is worth nothing afterwards."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _datastore() -> Datastore:
    return current_app.extensions["security"].datastore  # type: ignore[no-any-return]
