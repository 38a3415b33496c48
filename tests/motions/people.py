"""Members and staff at the desk of motions, at browsers without script."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import Account
from core.db import db
from tests.accounts.browsers import Browser, hidden_fields, text_of
from tests.city import STAFF
from tests.consult.resident import errors_of


class Person:
    """A member by name, or a role of ``tests.city.STAFF``; ``nobody`` is not signed in."""

    def __init__(self, app: Flask, who: str) -> None:
        self.browser = Browser(app)
        if who == "nobody":
            return
        wanted = Account.handle == STAFF[who][1] if who in STAFF else Account.name == who
        uniquifier = db.session.scalars(select(Account.fs_uniquifier).where(wanted)).one()
        db.session.rollback()
        self.browser.change_session(_user_id=uniquifier, _fresh=True, fs_cc="set", fs_paa=time.time())

    def open(self, path: str) -> TestResponse:
        return self.browser.get(path)

    def read(self, path: str) -> str:
        page = self.open(path)
        assert page.status_code == 200, (path, page.status_code)
        return text_of(page)

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Fill in the form at ``path`` and send it."""
        shown = self.open(path)
        assert shown.status_code == 200, (path, shown.status_code)
        return self.browser.post(path, {**hidden_fields(shown), **fields})

    def do(self, path: str, **fields: Any) -> str:
        """Send the form and read the page that it leads to."""
        done = self.send(path, **fields)
        assert done.status_code == 302, (path, errors_of(done))
        return self.read(done.location)
