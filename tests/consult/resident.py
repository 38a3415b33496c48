"""Somebody who comments: a phone without JavaScript, no account. The city itself comes from ``tests.city``."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.accounts.browsers import Browser, hidden_fields, text_of
from tests.city import CODE

__all__ = ["Resident", "hidden_fields", "text_of"]


class Resident:
    """One person reading in ``language``."""

    def __init__(self, app: Flask, language: str = "en", address: str = "127.0.0.1") -> None:
        self.browser = Browser(app)
        self.language = language
        self.arguments = {"environ_base": {"REMOTE_ADDR": address}}

    def open(self, path: str, **arguments: Any) -> TestResponse:
        return self.browser.get(f"/{self.language}{path}", **self.arguments, **arguments)

    def form(self, measure: str = "1", code: str = CODE) -> dict[str, str]:
        """The empty form on a measure's page (an empty ``measure``: on the whole draft), as it would be sent."""
        where = f"measures/{measure}/" if measure else "whole-draft/"
        page = self.open(f"/rounds/{code}/{where}")
        assert page.status_code == 200, page.text
        return {**hidden_fields(page), "author_kind": "person", "language": ""}

    def send(self, form: dict[str, Any], code: str = CODE, **arguments: Any) -> TestResponse:
        """Press "Send my comment"."""
        return self.browser.post(
            f"/{self.language}/rounds/{code}/submit", form, **self.arguments, **arguments
        )

    def comment(
        self, text: str = "Please add evening courses.", measure: str = "1", **fields: Any
    ) -> TestResponse:
        """Fill in the form of a measure and send it."""
        return self.send({**self.form(measure), "kind": "proposal", "text": text, **fields})

    def read(self, code: str, **arguments: Any) -> TestResponse:
        """Type a receipt code and press "Show my answer"."""
        fields = hidden_fields(self.open("/answer/"))
        return self.browser.post(
            f"/{self.language}/answer/", {**fields, "code": code}, **self.arguments, **arguments
        )

    def act(self, page: TestResponse, act: str, **fields: str) -> TestResponse:
        """Press a button on the page of an answer: ``reconsider`` or ``withdraw``."""
        held = {name: value for name, value in hidden_fields(page).items() if name in ("code", "csrf_token")}
        return self.browser.post(f"/{self.language}/answer/{act}", {**held, **fields}, **self.arguments)


def code_of(receipt: TestResponse) -> str:
    """The 32 digits on a receipt."""
    assert receipt.status_code == 200, text_of(receipt)
    found = re.search(r'class="a-code"[^>]*>(.*?)</div>', receipt.text, re.DOTALL)
    assert found, text_of(receipt)
    digits = re.sub(r"\D", "", re.sub(r"<[^>]*>", "", found[1]))
    assert len(digits) == 32
    return digits


def number_of(receipt: TestResponse) -> str:
    """The register number on a receipt."""
    found = re.search(r'class="a-ticket"><bdi dir="ltr">([^<]*)<', receipt.text)
    assert found, text_of(receipt)
    return found[1]


def errors_of(page: TestResponse) -> list[str]:
    """What the error summary names, in its order."""
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', page.text, re.DOTALL)
    if not summary:
        return []
    return [
        " ".join(unescape(re.sub(r"<[^>]*>", "", item)).split()) for item in summary[1].split("</li>")[:-1]
    ]


def typed(page: TestResponse, name: str) -> str:
    """What a field of a form shows."""
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    if area:
        return unescape(area[1])
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page.text)
    assert field, name
    value = re.search(r'value="([^"]*)"', field[0])
    return unescape(value[1]) if value else ""
