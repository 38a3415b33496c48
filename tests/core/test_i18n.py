"""Which language a page speaks, and how days and texts look in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from core import i18n
from core.i18n import LanguagePrefix
from core.localized import Localized, State
from tests.properties import many

DAY = date(2027, 9, 4)


def routed(path: str, script: str = "") -> tuple[str, str, str | None]:
    """Script root, path and language that the application sees for an address."""
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], _start: object) -> Iterable[bytes]:
        seen.update(environ)
        return []

    prefixed = LanguagePrefix(application, ("en", "de", "ar"))  # type: ignore[arg-type]
    prefixed({"PATH_INFO": path, "SCRIPT_NAME": script}, None)  # type: ignore[arg-type]
    return seen["SCRIPT_NAME"], seen["PATH_INFO"], seen.get(i18n.ENVIRON)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", ("", "/", None)),
        ("/rounds/AS-27/", ("", "/rounds/AS-27/", None)),
        ("/de/rounds/AS-27/", ("/de", "/rounds/AS-27/", "de")),
        ("/ar/", ("/ar", "/", "ar")),
        ("/ar", ("/ar", "/", "ar")),
        ("/de/ar/x", ("/de", "/ar/x", "de")),
        ("/fr/rounds/", ("", "/fr/rounds/", None)),
        ("/description/", ("", "/description/", None)),
        ("//de/x", ("", "//de/x", None)),
        ("", ("", "", None)),
    ],
)
def test_the_language_stands_first_in_the_address(path: str, expected: tuple[str, str, str | None]) -> None:
    assert routed(path) == expected


def test_a_site_that_does_not_begin_at_the_root_keeps_its_own_root() -> None:
    assert routed("/de/rounds/", "/desk") == ("/desk/de", "/rounds/", "de")


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("", "en"),
        ("ar", "ar"),
        ("de-AT,en;q=0.5", "de"),
        ("fr,de;q=0.8,en;q=0.9", "en"),
        ("fr", "en"),
        ("DE", "de"),
        ("*", "en"),
        ("de;q=0,ar;q=0.1", "ar"),
        ("\x00;q=x,,,", "en"),
    ],
)
def test_without_a_language_in_the_address_the_browser_s_wish_counts(
    sqlite_app: Flask, wish: str, language: str
) -> None:
    with sqlite_app.test_request_context("/", headers={"Accept-Language": wish}):
        assert i18n.select_language() == language


def test_the_address_counts_more_than_the_browser(sqlite_app: Flask) -> None:
    environ = {i18n.ENVIRON: "ar"}
    with sqlite_app.test_request_context("/", headers={"Accept-Language": "de"}, environ_overrides=environ):
        assert i18n.language() == "ar"


@pytest.mark.parametrize(
    ("reader", "language"), [("de", "de"), ("de-CH", "de"), ("ar", "ar"), ("uk", "en"), ("", "en")]
)
def test_a_letter_is_written_in_the_nearest_language(sqlite_app: Flask, reader: str, language: str) -> None:
    assert i18n.nearest(reader) == language


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("September", "Saturday")), ("de", ("September", "Samstag")), ("ar", ("سبتمبر", "السبت"))],
)
def test_a_day_is_written_in_words(sqlite_app: Flask, language: str, words: tuple[str, str]) -> None:
    month, weekday = words
    with sqlite_app.test_request_context("/"), force_locale(language):
        full, long, short = (i18n.show_day(DAY, form) for form in ("full", "long", "short"))
    assert weekday in full
    assert weekday not in long
    assert all(month in day for day in (full, long, short))
    assert "2027" in full
    assert "2027" in long
    assert "2027" not in short


@pytest.mark.parametrize("language", ["en", "de", "ar", "fa", "fr", "hr", "uk"])
@pytest.mark.parametrize("form", ["full", "long", "short"])
def test_digits_are_western_in_every_language(sqlite_app: Flask, language: str, form: str) -> None:
    with sqlite_app.test_request_context("/"), force_locale(language):
        day = i18n.show_day(DAY, form)
    assert re.findall(r"\d", day)
    assert all(digit.isascii() for digit in re.findall(r"\d", day))


def test_a_day_of_the_clocks_changing_is_that_day(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/"), force_locale("en"):
        assert "31" in i18n.show_day(date(2027, 10, 31))
        assert "28" in i18n.show_day(date(2027, 3, 28))


def test_a_foreign_text_carries_its_language_and_direction(sqlite_app: Flask) -> None:
    text = Localized.of({"ar": "سكن <b>", "en": "Housing <b>"}, "ar")
    with sqlite_app.test_request_context("/"):
        with force_locale("de"):
            assert i18n.show_version(text) == '<bdi lang="ar" dir="rtl">سكن &lt;b&gt;</bdi>'
        with force_locale("en"):
            assert i18n.show_version(text) == "Housing &lt;b&gt;"
        with force_locale("ar"):
            assert i18n.localized(text).state is State.ORIGINAL


def test_a_text_that_is_not_there_shows_nothing(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/"), force_locale("de"):
        assert i18n.show_version(Localized()) == ""


@pytest.mark.parametrize(
    ("code", "name"),
    [("de", "Deutsch"), ("ar", "العربية"), ("uk", "українська"), ("fa", "فارسی"), ("en", "English")],
)
def test_each_language_is_called_by_its_own_name(sqlite_app: Flask, code: str, name: str) -> None:
    assert i18n.language_name(code, code) == name


@many
@given(st.text())
def test_an_unknown_language_is_called_by_its_code(code: str) -> None:
    assert i18n.language_name(code, "en") or not code


@pytest.mark.parametrize(
    "code", ["zz", "", "x", "not-a-language", "de-", "-", "zh-Hant-TW-x-y-z", "١", "\ud800"]
)
def test_no_language_code_breaks_a_page(sqlite_app: Flask, code: str) -> None:
    assert isinstance(i18n.language_name(code, "en"), str)


def test_the_strip_of_languages_leads_to_the_same_page(sqlite_app: Flask) -> None:
    environ = {i18n.ENVIRON: "de", "SCRIPT_NAME": "/de"}
    with sqlite_app.test_request_context("/rounds/AS-27/register/?q=x&page=2", environ_overrides=environ):
        strip = i18n.interface_languages()
    assert [(entry.code, entry.current) for entry in strip] == [("en", False), ("de", True), ("ar", False)]
    assert [entry.direction for entry in strip] == ["ltr", "ltr", "rtl"]
    assert strip[2].name == "العربية"
    assert strip[2].url == "/ar/rounds/AS-27/register/?q=x&page=2"


@pytest.mark.parametrize("path", ["/%3Fx/", "/a%20b/", "/%23/", "/%25/", "/%D9%85/"])
def test_the_strip_leads_to_the_same_page_however_it_is_called(sqlite_app: Flask, path: str) -> None:
    with sqlite_app.test_request_context(path):
        assert i18n.interface_languages()[0].url == f"/en{path}"
