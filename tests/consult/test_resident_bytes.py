"""What an old phone on a bad line has to load: round, measure and receipt in three pages and 100 kB."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import app.demo
from app.resources import folder
from consult.services.drafts import import_translation
from consult.services.moderation import release_texts
from tests.city import answer, found_city, open_round, staff, submit_comment
from tests.consult.resident import code_of, hidden_fields

ROUND = "AS-27"
DRAFTS = Path(app.demo.__file__).parent
BUDGET = 100_000


@pytest.fixture
def lindhafen(sqlite_app: Flask) -> Flask:
    """A round on a draft of real length in three languages, with comments and answers on one measure."""
    found_city()
    drafts = {
        language: (DRAFTS / f"arrive-and-stay.{language}.md").read_text("utf-8")
        for language in ("en", "de", "ar")
    }
    open_round(ROUND, drafts["en"], languages=("en", "de", "ar"))
    for language in ("de", "ar"):
        import_translation(ROUND, language, drafts[language], staff("officer"))
    for n in range(1, 7):
        submit_comment(f"Wish number {n}: please open on Thursdays until 19:00, also in summer.", "7")
    release_texts(ROUND, range(1, 7), staff("moderator"))
    answer(range(1, 5), reason="From October 2027 the counters are open until 19:00 on Thursdays.")
    return sqlite_app


class Meter:
    """A browser that accepts gzip, loads what a page names once, and counts every byte of every body."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.seen: dict[str, int] = {}

    def get(self, path: str) -> str:
        response = self.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200
        assert response.headers["Content-Encoding"] == "gzip"
        self.seen[path] = len(response.data)
        page = self.client.get(path).text
        self.load(page)
        return page

    def load(self, page: str) -> None:
        """Fetch stylesheet, script and sign."""
        for path in re.findall(
            r'<(?:link rel="(?:stylesheet|icon)"|script)[^>]*?(?:href|src)="([^"]+)"', page
        ):
            if path not in self.seen:
                response = self.client.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)
                assert response.status_code == 200, path
                response.close()
                self.seen[path] = len(response.data)


@pytest.mark.skipif(not Path(folder("static"), "manifest.json").exists(), reason="run `make assets` first")
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_round_measure_and_receipt_weigh_less_than_100_kb(lindhafen: Flask, language: str) -> None:
    meter = Meter(lindhafen)
    meter.get(f"/{language}/rounds/{ROUND}/")
    page = meter.client.get(f"/{language}/rounds/{ROUND}/measures/7/")
    meter.get(f"/{language}/rounds/{ROUND}/measures/7/")
    form = {**hidden_fields(page), "kind": "proposal", "text": "Please open on Thursdays until 19:00. " * 20}
    receipt = meter.client.post(
        f"/{language}/rounds/{ROUND}/submit", data=form, headers={"Accept-Encoding": "gzip"}
    )
    code_of(receipt)
    assert "Content-Encoding" not in receipt.headers
    meter.load(receipt.text)
    total = sum(meter.seen.values()) + len(receipt.data)
    assert total <= BUDGET, (total, meter.seen, len(receipt.data))


def test_only_public_pages_without_a_query_are_compressed(lindhafen: Flask) -> None:
    client = lindhafen.test_client()
    gzip = {"Accept-Encoding": "gzip"}
    path = f"/en/rounds/{ROUND}/measures/7/"
    assert client.get(path, headers=gzip).headers.get("Content-Encoding") == "gzip"
    assert "Content-Encoding" not in client.get(f"{path}?guess=x", headers=gzip).headers
    assert "Content-Encoding" not in client.get("/en/answer/", headers=gzip).headers
    fields = hidden_fields(client.get("/en/answer/"))
    assert "Content-Encoding" not in client.post("/en/answer/", data=fields, headers=gzip).headers
    assert "Accept-Encoding" in client.get(path, headers=gzip).headers["Vary"]
