"""Every sentence of signing in is ours, short, and in our own catalogues."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask_babel import LazyString

from accounts import queries, services
from accounts.cli import accounts
from accounts.messages import FLASK_SECURITY, ROLE_HINTS, ROLES, SENTENCES, STATES
from accounts.models import Account
from accounts.rules import AccountState, RoleName
from core.audit import SYSTEM
from core.errors import DomainError
from core.wording import explain
from tests.accounts.browsers import letters

ROOM = Path(services.__file__).parent

# What belongs to features that are switched off: registration, confirmation, passkeys, tokens, codes by mail …
SWITCHED_OFF = re.compile(
    "^(CONFIRM|EMAIL_(CONFIRMED|ALREADY|VERIF)|ALREADY_CONFIRMED|INVALID_CONFIRMATION|IDENTITY|OAUTH|LOGIN_E"
    "|INVALID_LOGIN|PASSWORDLESS|PHONE|US_|USE_CODE|USERNAME|WEBAUTHN|CHANGE_EMAIL|REFRESH_TOKEN|CODE_HAS|FAILED_TO"
    "|GENERIC_US|INVALID_PASSWORD_CODE|INVALID_INPUT_LENGTH|PASSWORD_(INVALID_LENGTH|TOO_SIMPLE|BREACHED)"
    "|PASSWORD_RESET$)"
)


@pytest.fixture
def app(sqlite_app: Flask) -> Flask:
    """One database is enough: none of this depends on it."""
    return sqlite_app


def test_every_message_that_flask_security_can_show_is_ours(app: Flask) -> None:
    messages = {key.removeprefix("SECURITY_MSG_") for key in app.config if key.startswith("SECURITY_MSG_")}
    theirs = {name for name in messages - set(FLASK_SECURITY) if not SWITCHED_OFF.match(name)}
    assert theirs == set()
    assert set(FLASK_SECURITY) <= messages
    for name in FLASK_SECURITY:
        assert isinstance(app.config[f"SECURITY_MSG_{name}"][0], LazyString), name


def test_sentences_have_twenty_words_or_fewer(app: Flask) -> None:
    shown = [str(text) for text, _category in FLASK_SECURITY.values()]
    shown += [str(text) for mapping in (ROLES, ROLE_HINTS, STATES) for text in mapping.values()]
    filler = {"count": 12, "role": "mayor", "key": "transport"}
    shown += [explain(DomainError(code, **filler)) for code in SENTENCES]
    for text in shown:
        for sentence in re.split(r"(?<=[.?!])\s", text):
            assert len(sentence.split()) <= 20, sentence


def test_every_error_of_this_room_has_a_sentence(app: Flask) -> None:
    source = (ROOM / "services.py").read_text(encoding="utf-8") + (ROOM / "rules.py").read_text(
        encoding="utf-8"
    )
    codes = set(re.findall(r'(?:DomainError|Conflict)\(\s*"([a-z_]+)"', source))
    assert codes == set(SENTENCES)


def test_every_role_and_state_has_a_name() -> None:
    assert set(ROLES) == set(ROLE_HINTS) == set(RoleName)
    assert set(STATES) == set(AccountState)


# The command line ---------------------------------------------------------------------------------------------------


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(accounts, list(arguments), input=typed)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_the_first_administrator_is_made_on_the_command_line(app: Flask) -> None:
    secret = "four quiet words together"
    code, said = run(
        "create",
        "anna@lindhafen.example",
        "--name",
        "Anna",
        "--role",
        "administrator",
        typed=f"{secret}\n{secret}\n",
    )
    assert (code, "anna@lindhafen.example can sign in now." in said) == (0, True)
    assert secret not in said
    [line] = queries.list_accounts()
    assert (line.roles, line.state, line.language) == (("administrator",), AccountState.ACTIVE, "de")


def test_a_poor_password_is_refused_on_the_command_line_in_words(app: Flask) -> None:
    code, said = run(
        "create", "anna@lindhafen.example", "--name", "Anna", "--role", "officer", "--password", "short"
    )
    assert code == 1
    assert "Use at least 12 characters." in said
    assert queries.list_accounts() == []


def test_somebody_is_invited_listed_and_disabled_on_the_command_line(app: Flask) -> None:
    run("create-department", "transport", "--name", "en=Transport Office", "--name", "de=Verkehrsamt")
    code, _said = run(
        *("invite", "otto@lindhafen.example", "--name", "Otto", "--role", "officer", "--role", "moderator"),
        *("--department", "transport", "--language", "en"),
    )
    assert code == 0
    assert letters()[0]["recipient"] == "otto@lindhafen.example"
    _code, said = run("list")
    assert "otto@lindhafen.example  Otto  Invited  Officer, Moderator  Transport Office" in said
    assert run("disable", "otto@lindhafen.example")[0] == 0
    assert "Disabled" in run("list")[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("disable", "nobody@lindhafen.example"),
        ("invite", "x@x.example", "--name", "X", "--role", "officer", "--department", "none"),
        ("invite", "no address", "--name", "X", "--role", "officer"),
        ("invite", "x@x.example", "--name", "X", "--role", "mayor"),
        ("create-department", "transport", "--name", "Transport Office"),
    ],
)
def test_a_wrong_command_says_why_and_changes_nothing(app: Flask, arguments: tuple[str, ...]) -> None:
    code, said = run(*arguments)
    assert code in (1, 2)
    assert said.strip()
    assert queries.list_accounts() == []
    assert queries.list_departments() == []


def test_the_last_administrator_stays_on_the_command_line_too(somebody: Callable[..., Account]) -> None:
    somebody("administrator")
    code, said = run("disable", "administrator@lindhafen.example")
    assert code == 1
    assert "This is the last administrator." in said
    services.change_language(queries.list_accounts()[0].id, "ar")
    assert SYSTEM.handle is None
