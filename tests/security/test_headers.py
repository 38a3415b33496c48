"""What every answer carries, whatever page it is, and how the server answers odd methods and addresses."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.factory import asset
from core import codes
from tests.accounts.browsers import Browser
from tests.city import CODE, submit_comment
from tests.consult.resident import Resident
from tests.security.walk import SIGNED_OUT_ONLY, Markup, addresses, all_pages, chief


def directives(response: TestResponse) -> dict[str, list[str]]:
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


def assert_guarded(path: str, response: TestResponse) -> None:
    policy = directives(response)
    assert policy["default-src"] == ["'none'"], path
    assert policy["base-uri"] == policy["frame-ancestors"] == ["'none'"], path
    assert policy["form-action"] in (["'self'"], ["'none'"]), path
    allowed = {source for sources in policy.values() for source in sources}
    assert allowed <= {"'none'", "'self'", "data:"}, (path, allowed)
    for kind in ("script-src", "style-src"):  # what is not said is as by default
        assert "data:" not in policy.get(kind, policy["default-src"]), path
    assert response.headers["X-Content-Type-Options"] == "nosniff", path
    assert response.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), path
    kept = response.headers["Cache-Control"]
    assert kept, path
    assert "public" not in kept, path


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_page_is_guarded_by_its_headers_and_runs_nothing_inline(busy: Flask, language: str) -> None:
    seen = 0
    for path, response in all_pages(busy, language):
        assert response.status_code < 500, path
        assert_guarded(path, response)
        if path.startswith("/office") and not path.startswith(SIGNED_OUT_ONLY):
            assert "no-store" in response.headers["Cache-Control"] or response.is_redirect, path
        if response.mimetype == "text/html" and response.status_code == 200:
            seen += 1
            page = Markup(response.text)
            assert page.inline == [], path
            assert {("html", "lang"), ("html", "dir")} <= page.shapes, path
    assert seen > 30


def test_pages_of_people_and_mistakes_are_kept_by_no_cache(busy: Flask) -> None:
    receipt = submit_comment("Mine")
    resident, desk = Resident(busy), chief(busy)
    personal = {
        "own answer": resident.read(receipt.code),
        "unknown code": resident.read(codes.derive(b"unknown", b"unknown")),
        "receipt": resident.comment("Once more"),
        "filled form": resident.comment(""),
        "not there": resident.open("/rounds/XX-99/"),
        "no such page": resident.open("/no-such-page"),
        "code form": resident.open("/answer/"),
        "office": desk.open("/"),
        "letter": desk.open("/items/1/"),
        "accounts": desk.open("/office/accounts"),
        "public page, read in the office's browser": desk.browser.get("/en/rounds/"),
    }
    kept = {
        name: r.headers["Cache-Control"]
        for name, r in personal.items()
        if "no-store" not in r.headers["Cache-Control"]
    }
    assert kept == {}


def test_head_answers_like_get_without_a_body(busy: Flask) -> None:
    browser, desk = Browser(busy), chief(busy)
    for path in addresses(busy):
        asks = desk.browser if path.startswith("/office") else browser
        response = asks.client.head(path)
        assert response.status_code < 500, path
        assert response.data == b"", path


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE"])
def test_other_methods_are_refused_on_every_address(busy: Flask, method: str) -> None:
    browser = Browser(busy)
    for path in addresses(busy):
        response = browser.client.open(path, method=method)
        assert response.status_code == 405, path
        assert_guarded(path, response)


def test_a_form_sent_to_no_page_is_told_so(busy: Flask) -> None:
    assert Browser(busy).post("/no-such-page", {"text": "lost"}).status_code == 404


@pytest.mark.parametrize(
    "language", ["xx", "fr", "EN", "en-GB", "e%6e%00", "..", "%2e%2e", "a" * 3000, "%ed%a0%80"]
)
def test_a_language_that_is_not_spoken_here_is_no_address(busy: Flask, language: str) -> None:
    assert Browser(busy).get(f"/{language}/rounds/{CODE}/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/static/../pyproject.toml",
        "/static/%2e%2e/pyproject.toml",
        "/static/..%2fpyproject.toml",
        "/static/..%5cpyproject.toml",
        "/static/....//pyproject.toml",
        "/static/%252e%252e/pyproject.toml",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/static/\x00",
        "/static/%00",
        "/static/%ff",
        "/static/",
        "/static",
        "/static/manifest.json/..%2f..%2fpyproject.toml",
        "/de/static/../pyproject.toml",
        "/../pyproject.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_no_address_leads_to_a_file_that_is_not_an_asset(busy: Flask, path: str) -> None:
    response = Browser(busy).get(path)
    assert response.status_code == 404, path
    assert "answerable" not in response.text.lower() or "build-system" not in response.text
    assert "root:" not in response.text


def test_assets_are_never_taken_for_something_else(busy: Flask) -> None:
    response = Browser(busy).get(asset("answerable.css"), buffered=True)
    response.close()
    assert response.status_code == 200
    assert response.mimetype == "text/css"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
