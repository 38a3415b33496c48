"""Browsers and people for the tests of the accounts room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from accounts import services
from accounts.models import Account
from core.db import db
from tests.accounts.browsers import PASSWORD, Browser


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def open_browser(app: Flask) -> Callable[[], Browser]:
    """Another computer, perhaps in another network."""
    return lambda network="127.0.0.1": Browser(app, network)


@pytest.fixture
def somebody(app: Flask) -> Callable[..., Account]:
    """Make an account: ``somebody("officer")`` is officer@lindhafen.example and can sign in with ``PASSWORD``."""

    def make(*roles: str, name: str = "", language: str = "en", department_id: int | None = None) -> Account:
        name = name or roles[0].capitalize()
        account_id = services.create_account(
            email=f"{name.lower()}@lindhafen.example",
            name=name,
            roles=roles,
            password=PASSWORD,
            language=language,
            department_id=department_id,
        )
        account = db.session.get(Account, account_id)
        assert account is not None
        db.session.rollback()
        return account

    return make
