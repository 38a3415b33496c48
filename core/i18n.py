"""The interface's languages: which one a request speaks, and how days and texts are shown in it.

A page's language stands in its address (``/de/rounds/AS-26/``), so that it can be shared, cached and printed on
paper. ``LanguagePrefix`` takes the prefix off before routing and hands it to ``url_for`` as the script's root, so no
route and no link needs to know. Without a prefix the browser's wish decides. Digits are Western in every language,
so that helper and reader can point at the same number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from flask import Flask, has_request_context, request
from flask_babel import Babel, format_date, get_locale
from markupsafe import Markup

from core import settings
from core.localized import Localized, Version, direction

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENVIRON = "answerable.language"
PATH_SIGNS = "/:@!$&'()*+,;=~"
"""What may stand in the path of an address as it is."""


@dataclass(frozen=True, slots=True)
class InterfaceLanguage:
    """One entry of the strip of languages on every page: its own name, never a flag."""

    code: str
    name: str
    direction: str
    url: str
    current: bool


class LanguagePrefix:
    """WSGI middleware: ``/ar/rounds/`` becomes ``/rounds/`` with Arabic as its language."""

    def __init__(self, application: WSGIApplication, languages: Iterable[str]) -> None:
        self.application = application
        self.languages = frozenset(languages)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        first, _slash, rest = environ.get("PATH_INFO", "/").removeprefix("/").partition("/")
        if first in self.languages:
            environ[ENVIRON] = first
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + first
            environ["PATH_INFO"] = "/" + rest
        return self.application(environ, start_response)


def init_i18n(app: Flask, catalogues: Path) -> None:
    """Set up Flask-Babel, the language prefix and the template helpers."""
    languages = settings.current().languages
    Babel(
        app,
        default_locale="en",
        default_timezone=settings.current().time_zone,
        default_translation_directories=str(catalogues),
        locale_selector=select_language,
    )
    app.wsgi_app = LanguagePrefix(app.wsgi_app, languages)  # type: ignore[method-assign]
    app.add_template_filter(show_day, "day")
    app.add_template_filter(show_version, "shown")
    app.add_template_filter(lambda text: localized(text).text, "localized")
    app.add_template_global(localized, "localized")
    app.add_template_global(language_name, "language_name")
    app.add_template_global(direction, "direction")


def select_language() -> str:
    """The language of this request: its address's, else the best of those the browser asks for."""
    if not has_request_context():
        return "en"
    chosen = request.environ.get(ENVIRON)
    languages = settings.current().languages
    if chosen:
        return str(chosen)
    for wish, _quality in request.accept_languages:
        if (short := wish.split("-")[0].lower()) in languages:
            return short
    return languages[0]


def language() -> str:
    """The code of the language now in force."""
    return str(get_locale() or "en").split("_")[0]


def nearest(code: str) -> str:
    """The interface language to write in to a reader of ``code``."""
    languages = settings.current().languages
    short = code.split("-")[0]
    return short if short in languages else languages[0]


def localized(text: Localized) -> Version:
    """The version of ``text`` that this reader should see."""
    return text.best(language())


def show_version(text: Localized) -> Markup:
    """``text`` for this reader; wrapped in its own ``lang`` and ``dir`` where its language is not the page's."""
    version = localized(text)
    if version.language == language() or not version.text:
        return Markup.escape(version.text)
    return Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(
        version.language, version.direction, version.text
    )


def show_day(day: date, form: str = "long") -> str:
    """A day in words. ``full`` has the weekday (where a day binds), ``long`` not, ``short`` leaves the year out."""
    pattern = form
    if form == "short":
        pattern = "d MMMM"
    elif language() == "en":  # Babel's English is American; a European city says 15 October 2027
        pattern = {"full": "EEEE, d MMMM y", "long": "d MMMM y"}.get(form, form)
    return str(format_date(day, pattern, rebase=False))


def language_name(code: str, in_language: str | None = None) -> str:
    """What a language is called in the reader's language (or in ``in_language``); the code if nobody knows."""
    try:
        return Locale.parse(code, sep="-").get_display_name(in_language or language()) or code
    except (ValueError, UnknownLocaleError):
        return code


def interface_languages() -> list[InterfaceLanguage]:
    """The strip of languages, each linking to this same page."""
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return [
        InterfaceLanguage(
            code,
            language_name(code, code),
            direction(code),
            f"/{code}{quote(request.path, safe=PATH_SIGNS)}{query}",
            code == language(),
        )
        for code in settings.current().languages
    ]
