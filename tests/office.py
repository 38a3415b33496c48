"""People of the office in front of their browsers, without JavaScript. The city itself comes from ``tests.city``."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from accounts.models import Account
from core.db import db
from tests.accounts.browsers import Browser, hidden_fields, text_of
from tests.city import CODE, STAFF

Fields = Mapping[str, Any]


def sign_in(browser: Browser, who: str) -> None:
    """Sign ``who`` (a key of ``STAFF``) in, as the sign-in page would have done."""
    uniquifier = db.session.scalars(select(Account.fs_uniquifier).where(Account.handle == STAFF[who][1])).one()
    db.session.rollback()
    browser.change_session(_user_id=uniquifier, _fresh=True, fs_cc="set", fs_paa=time.time())


class Desk:
    """One person of the office at work on one round: opens pages, fills in their forms, reads what comes back."""

    def __init__(self, app: Flask, who: str, code: str = CODE) -> None:
        self.browser = Browser(app)
        self.round = f"/office/rounds/{code}"
        sign_in(self.browser, who)

    def open(self, path: str = "/", **headers: str) -> TestResponse:
        """A page of the round (``path`` begins with ``/``), or any other of the office (``/office/…``)."""
        return self.browser.get(self._url(path), headers=headers)

    def read(self, path: str = "/") -> str:
        """The text of a page that must be there."""
        page = self.open(path)
        assert page.status_code == 200, (path, page.status_code, page.location)
        return text_of(page)

    def send(self, path: str, fields: Fields | None = None, page: str | None = None, **headers: str) -> TestResponse:
        """Fill in the form at ``path``, as ``page`` (the same, unless said) shows it, and send it."""
        shown = self.open(page or path)
        assert shown.status_code == 200, (page or path, shown.status_code, shown.location)
        return self.post(path, {**hidden_fields(shown), **(fields or {})}, **headers)

    def post(self, path: str, fields: Fields | None = None, **headers: str) -> TestResponse:
        """Send ``fields`` as they are; without ``csrf_token`` among them, with the one of this session."""
        fields = {"csrf_token": self.token(), **(fields or {})}
        return self.browser.post(self._url(path), fields, headers=headers)

    def answer(self, numbers: Sequence[int], **fields: Any) -> TestResponse:
        """Choose ``numbers`` in the list, answer them together and send that to be checked."""
        chosen = "&".join(f"pick={number}" for number in numbers)
        fields = {"outcome": "noted", "reason": "We keep this in mind.", "language": "en", "send": "1", **fields}
        return self.send("/answer", fields, page=f"/answer?{chosen}")

    def token(self) -> str:
        return hidden_fields(self.open("/office/rounds/"))["csrf_token"]

    def _url(self, path: str) -> str:
        return path if path.startswith("/office") else self.round + path


def links(page: TestResponse) -> list[str]:
    """The addresses that a page links to."""
    return [unescape(found) for found in re.findall(r'<a [^>]*href="([^"]*)"', page.text)]


def typed(page: TestResponse, name: str) -> str:
    """What stands in the text area or field called ``name``."""
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    if area:
        return unescape(area.group(1)).removeprefix("\n")
    return next(
        (
            unescape(value.group(1)) if (value := re.search(r'value="([^"]*)"', tag)) else ""
            for tag in re.findall(r"<input[^>]*>", page.text)
            if f'name="{name}"' in tag
        ),
        "",
    )


__all__ = ["Desk", "MultiDict", "links", "sign_in", "text_of", "typed"]
