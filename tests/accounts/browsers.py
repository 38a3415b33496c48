"""A browser without JavaScript, and what it needs to sign in."""

from __future__ import annotations

import base64
import contextvars
import hashlib
import hmac
import json
import re
import time
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import keys, outbox
from core.db import db
from core.mail import MailMessage

PASSWORD = "correct horse battery staple"


class Browser:
    """One computer: it keeps its cookies, and fills in the hidden fields of the form that it was shown."""

    def __init__(self, app: Flask, network: str = "127.0.0.1") -> None:
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = network

    def get(self, url: str, **arguments: Any) -> TestResponse:
        return self._ask("GET", url, **arguments)

    def post(self, url: str, data: dict[str, Any] | None = None, **arguments: Any) -> TestResponse:
        return self._ask("POST", url, data=data or {}, **arguments)

    def _ask(self, method: str, url: str, **arguments: Any) -> TestResponse:
        # A fresh context: the fixture's application context would be shared by all requests, and with it whoever
        # was signed in.
        answer: TestResponse = contextvars.Context().run(self.client.open, url, method=method, **arguments)
        if has_app_context():
            db.session.rollback()  # so that the test sees what the request has changed
        return answer

    def send(self, page: str, data: dict[str, Any], to: str | None = None, **arguments: Any) -> TestResponse:
        """Open ``page``, fill in its form and send it, to ``to`` or to the page itself."""
        shown = self.get(page)
        assert shown.status_code == 200, (page, shown.status_code, shown.location)
        return self.post(to or page, {**form_fields(shown), **data}, **arguments)

    def sign_in(self, email: str, password: str = PASSWORD, page: str = "/office/sign-in") -> TestResponse:
        return self.send(page, {"email": email, "password": password}, to=page)

    @property
    def is_signed_in(self) -> bool:
        return self.get("/office/account").status_code == 200

    def session(self) -> dict[str, Any]:
        """What the session cookie says."""
        with self.client.session_transaction() as session:
            return dict(session)

    def change_session(self, **values: Any) -> None:
        with self.client.session_transaction() as session:
            session.update(values)


def hidden_fields(page: TestResponse) -> dict[str, str]:
    """The hidden inputs of a page, by name."""
    found = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name.group(1)] = unescape(value.group(1)) if value else ""
    return found


def form_fields(page: TestResponse) -> dict[str, str | list[str]]:
    """What a browser sends of the page's form when nothing was typed: hidden fields, empty boxes, what is chosen already.

    The form is the first one of the page that posts and is in sight. A name of several checked boxes has a list.
    """
    reader = _FormReader()
    reader.feed(page.text)
    found: dict[str, list[str]] = {}
    for name, value in reader.fields:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._in_main = self._inside = self._done = False
        self._name: str | None = None
        self._text = ""
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._in_main = True
        elif tag == "form" and self._in_main and not self._done:
            self._inside = named.get("method") == "post" and "hidden" not in named
        elif not self._inside or "disabled" in named:
            return
        elif tag == "input" and named.get("type") not in ("submit", "file", "button"):
            if named.get("type") not in ("checkbox", "radio") or "checked" in named:
                self._add(named.get("name"), named.get("value", ""))
        elif tag in ("textarea", "select"):
            self._name, self._text, self._options = named.get("name"), "", []
        elif tag == "option":
            self._options.append((named.get("value", ""), "selected" in named))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._inside:
            self._inside, self._done = False, True
        elif tag == "textarea" and self._inside:
            self._add(self._name, self._text.removeprefix("\n"))
        elif tag == "select" and self._inside:
            chosen = [value for value, selected in self._options if selected]
            self._add(self._name, (chosen or [value for value, _selected in self._options] or [""])[0])
        if tag in ("textarea", "select"):
            self._name = None

    def handle_data(self, data: str) -> None:
        self._text += data

    def _add(self, name: str | None, value: str) -> None:
        if name:
            self.fields.append((name, value))


def text_of(page: TestResponse) -> str:
    """What a reader sees, without markup and with single blanks; form tokens are no text."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


def totp(secret: str, when: float | None = None) -> str:
    """The six digits of RFC 6238 for a base32 secret, as any authenticator computes them."""
    letters_only = re.sub(r"[\s-]", "", secret).upper()
    key = base64.b32decode(letters_only + "=" * (-len(letters_only) % 8))
    counter = int((time.time() if when is None else when) // 30)
    digest = hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def letters() -> list[dict[str, str]]:
    """Every letter that waits to be sent, oldest first, after all other background work was done."""
    for item in outbox.claim(100):
        if _kind(item) != "mail.send":
            outbox.run_one(item)
    db.session.rollback()
    rows = db.session.query(MailMessage).order_by(MailMessage.id).all()
    found = [json.loads(keys.decrypt("mail", row.sealed)) for row in rows if row.sealed]
    db.session.rollback()
    return found


def _kind(item_id: int) -> str:
    item = db.session.get(outbox.OutboxItem, item_id)
    assert item is not None
    db.session.rollback()
    return item.kind


def link_in(letter: dict[str, str]) -> str:
    """The path of the address in a letter."""
    found = re.search(r"https?://\S+", letter["body"])
    assert found, letter["body"]
    return urlsplit(found.group()).path
