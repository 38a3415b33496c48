"""People of the office in front of their browsers, without JavaScript. The city itself comes from ``tests.city``."""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import Account, Role
from core.db import db, write
from tests.accounts.browsers import Browser, form_fields, hidden_fields, text_of
from tests.city import CODE, STAFF

Fields = Mapping[str, Any]


def sign_in(browser: Browser, who: str) -> None:
    """Sign ``who`` (a key of ``STAFF``) in, as the sign-in page would have done."""
    uniquifier = db.session.scalars(
        select(Account.fs_uniquifier).where(Account.handle == STAFF[who][1])
    ).one()
    db.session.rollback()
    browser.change_session(_user_id=uniquifier, _fresh=True, fs_cc="set", fs_paa=time.time())


class Desk:
    """One person of the office at work on one round: opens pages, fills in their forms, reads what comes back."""

    def __init__(self, app: Flask, who: str, code: str = CODE) -> None:
        self.browser = Browser(app)
        self.round = f"/office/rounds/{code}"
        sign_in(self.browser, who)

    @classmethod
    def holding(cls, app: Flask, who: str, roles: Sequence[str]) -> Desk:
        """The desk of ``who``, who now holds exactly ``roles``."""
        with write() as session:
            account = session.scalars(select(Account).where(Account.handle == STAFF[who][1])).one()
            account.roles = list(session.scalars(select(Role).where(Role.name.in_(roles))))
        return cls(app, who)

    def at(self, code: str) -> Desk:
        """The same person, at work on another round."""
        other = copy.copy(self)
        other.round = f"/office/rounds/{code}"
        return other

    def open(self, path: str = "/", **headers: str) -> TestResponse:
        """A page of the round (``path`` begins with ``/``), or any other of the office (``/office/…``)."""
        return self.browser.get(self._url(path), headers=headers)

    def read(self, path: str = "/") -> str:
        """The text of a page that must be there."""
        page = self.open(path)
        assert page.status_code == 200, (path, page.status_code, page.location)
        return text_of(page)

    def send(
        self, path: str, fields: Fields | None = None, page: str | None = None, **headers: str
    ) -> TestResponse:
        """Fill in the form at ``path``, as ``page`` (the same, unless said) shows it, and send it."""
        shown = self.open(page or path)
        assert shown.status_code == 200, (page or path, shown.status_code, shown.location)
        return self.post(path, {**form_fields(shown), **(fields or {})}, **headers)

    def post(self, path: str, fields: Fields | None = None, **headers: str) -> TestResponse:
        """Send ``fields`` as they are; without ``csrf_token`` among them, with the one of this session."""
        fields = {"csrf_token": self.token(), **(fields or {})}
        return self.browser.post(self._url(path), fields, headers=headers)

    def upload(
        self, path: str, data: bytes, name: str = "draft.md", page: str | None = None, **fields: str
    ) -> TestResponse:
        """Send the form at ``path``, as ``page`` shows it, with ``data`` as its file, as one block of bytes."""
        parts = {**hidden_fields(self.open(page or path)), **fields}
        body = b"".join(
            f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in parts.items()
        )
        head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        return self.browser.client.post(
            self._url(path),
            data=body + head + data + b"\r\n--edge--\r\n",
            content_type="multipart/form-data; boundary=edge",
        )

    def answer(self, numbers: Sequence[int], **fields: Any) -> TestResponse:
        """Choose ``numbers`` in the list, answer them together and send that to be checked."""
        chosen = "&".join(f"pick={number}" for number in numbers)
        fields = {
            "outcome": "noted",
            "reason": "We keep this in mind.",
            "language": "en",
            "send": "1",
            **fields,
        }
        return self.send("/answer", fields, page=f"/answer?{chosen}")

    def fields(self, page: TestResponse) -> dict[str, str]:
        """What the forms of a page would send of their own accord: hidden fields and what was typed."""
        areas = re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
        typed = {name: unescape(text).removeprefix("\n").replace("\n", "\r\n") for name, text in areas}
        return {**hidden_fields(page), **typed}

    def days(self, page: TestResponse) -> dict[str, str]:
        """What stands in the boxes for days of a page."""
        names = re.findall(r'name="([a-z_]+-(?:day|month|year))"', page.text)
        return {name: typed(page, name) for name in names}

    def token(self) -> str:
        return hidden_fields(self.open("/office/account"))["csrf_token"]

    def _url(self, path: str) -> str:
        return path if path.startswith("/office") else self.round + path


def links(page: TestResponse) -> list[str]:
    """The addresses that a page links to."""
    return [unescape(found) for found in re.findall(r'<a [^>]*href="([^"]*)"', page.text)]


def link(page: TestResponse, rel: str) -> str:
    """The address of a page's link of this kind (``next``, ``prev``), or nothing."""
    found = re.search(rf'href="([^"]*)" rel="{rel}"', page.text)
    return unescape(found.group(1)) if found else ""


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


__all__ = ["Desk", "link", "links", "sign_in", "text_of", "typed"]
