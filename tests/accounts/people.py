"""Members and staff at the desk, at browsers without script that send what a browser sends."""

from __future__ import annotations

import time
from datetime import date
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import Account
from core.db import db
from tests.accounts.browsers import Browser, form_fields, text_of
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

    def send(self, path: str, paper: bytes | None = None, **fields: Any) -> TestResponse:
        """Fill in the form at ``path`` and send it; a ``date`` fills its three boxes, ``paper`` is attached."""
        shown = self.open(path)
        assert shown.status_code == 200, (path, shown.status_code)
        typed: dict[str, Any] = dict(form_fields(shown))
        for name, value in fields.items():
            if isinstance(value, date):
                parts = {"day": value.day, "month": value.month, "year": value.year}
                typed |= {f"{name}-{part}": str(number) for part, number in parts.items()}
            else:
                typed[name] = value if isinstance(value, list) else str(value)
        if paper is None:
            return self.browser.post(path, typed)
        typed["file"] = (BytesIO(paper), "City paper.pdf")
        return self.browser.post(path, typed, content_type="multipart/form-data")

    def do(self, path: str, paper: bytes | None = None, **fields: Any) -> str:
        """Send the form and read the page that it leads to."""
        done = self.send(path, paper, **fields)
        assert done.status_code == 302, (path, errors_of(done))
        return self.read(done.location)
