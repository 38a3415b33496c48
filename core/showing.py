"""How texts and codes are shown in a page: as they were typed, as points, in two languages, as a QR code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import segno
from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from core.i18n import language, language_name, localized
from core.localized import Localized, State, Version
from core.texts import excerpt, to_html

_BULLET = re.compile(r"^\s*[-*•]\s+")
_TELEPHONE = re.compile(r"(\+?[0-9(][0-9 ()/-]{5,}[0-9])")
_BLANK_LINES = re.compile(r"\n\s*\n")

STATES: Mapping[str, LazyString] = {
    State.ORIGINAL: _l("Original"),
    State.CHECKED: _l("Translation, checked"),
    State.MACHINE: _l("Translated by machine, not checked"),
    State.OUTDATED: _l("Translation of an older text"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One language of a text, as ``twin`` shows it: ``name`` in that language itself, ``label`` in the reader's."""

    language: str
    direction: str
    name: str
    label: str
    html: Markup


def init_showing(app: Flask) -> None:
    """Give every template these filters, and the words for the states of a translation."""
    app.add_template_filter(as_typed)
    app.add_template_filter(as_lines)
    app.add_template_filter(as_points)
    app.add_template_filter(to_html, "as_html")
    app.add_template_filter(excerpt)
    app.add_template_filter(with_numbers)
    app.add_template_filter(in_two_languages)
    app.add_template_global(foreign_original)
    app.add_template_global(is_foreign)
    app.jinja_env.globals["translation_states"] = STATES


def as_typed(text: str) -> Markup:
    """What somebody typed: paragraphs and line ends, and nothing else is interpreted."""
    paragraphs = _BLANK_LINES.split(text.strip())
    return Markup("\n").join(Markup("<p>{}</p>").format(as_lines(paragraph)) for paragraph in paragraphs)


def with_numbers(text: str) -> Markup:
    """A line with telephone numbers in it, which stay in one piece and run from left to right in any page."""
    parts = _TELEPHONE.split(text)
    shown = Markup('<bdi dir="ltr" class="a-number">{}</bdi>').format
    return Markup().join(
        shown(part.replace(" ", "\u00a0")) if place % 2 else part for place, part in enumerate(parts)
    )


def as_lines(text: str) -> Markup:
    """What somebody typed, with its line ends, for a place where no paragraph fits."""
    return Markup("<br>").join(text.strip().split("\n"))


def as_points(text: str) -> Markup:
    """Several lines as a list, one line as a sentence."""
    lines = [_BULLET.sub("", line).strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return as_typed(lines[0] if lines else "")
    items = Markup("\n").join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup('<ul class="govuk-list govuk-list--bullet">{}</ul>').format(items)


def foreign_original(text: Localized) -> Version | None:
    """The original of ``text``, if this reader is shown another version."""
    shown, source = localized(text), text.source
    return source if source is not None and source.language != shown.language else None


def is_foreign(version: Version) -> bool:
    """Whether a text stands in another language than the page, for want of a translation."""
    return bool(version.text) and version.language != language()


def in_two_languages(text: Localized) -> list[Reading]:
    """The reader's version of a Markdown text, and the original beside it where that is another."""
    shown = localized(text)
    if not shown.text:
        return []
    original = foreign_original(text)
    alone = original is None and shown.language == language()
    return [_reading(version, alone) for version in (shown, original) if version is not None]


def _reading(version: Version, alone: bool) -> Reading:
    label = "" if alone else str(STATES[version.state])
    name = language_name(version.language, version.language)
    return Reading(version.language, version.direction, name, label, to_html(version.text))


def qr_code(content: str, label: str) -> Markup:
    """``content`` as a QR code for the page; ``label`` says what it is for. It never turns with the page."""
    drawn = segno.make(content, error="m", micro=False).svg_inline(
        omitsize=True, border=0, svgclass=None, lineclass=None
    )
    attributes = Markup('<svg role="img" aria-label="{}" ').format(label)
    return attributes + Markup(drawn.removeprefix("<svg "))  # noqa: S704 - drawn by segno from digits
