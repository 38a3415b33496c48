"""Rendering papers with typst: PDF/UA, with our own letters, and the same bytes for the same input.

What people wrote reaches a template only as JSON, so none of it can be code. A letter that no font has, or a family
that is not there, is a refusal and never an empty box on somebody's paper.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import typst

from core import settings
from core.errors import DomainError
from core.localized import clean, direction

FONTS = (fontpkg_noto_sans, fontpkg_noto_sans_arabic)
OWN_FONTS = "fonts"
"""A folder beside the database: a city that writes in more scripts puts their fonts (TTF, OTF) there."""

_NO_GLYPH = re.compile(r'the text [`"]*(.*?)[`"]* could not be displayed', re.DOTALL)
_templates: Path | None = None


@dataclass(frozen=True, slots=True)
class _Letters:
    fonts: typst.Fonts
    families: tuple[str, ...]


def init_papers(templates: Path) -> None:
    """Say where templates lie, and know no city's fonts yet."""
    global _templates
    _templates = templates
    _letters.cache_clear()


def templates() -> Path:
    """Where templates lie. Raises RuntimeError before ``init_papers`` was called."""
    if _templates is None:
        raise RuntimeError("core.documents.papers.init_papers() has not been called")
    return _templates


def render(template: str, language: str, data: Mapping[str, Any]) -> bytes:
    """The paper ``<room>/<name>`` as PDF/UA-1, for a reader of ``language``.

    ``data`` is JSON: words (whole sentences, translated before), numbers, and what ``core.documents.parts`` makes. It
    must have a ``title``. Raises DomainError ``paper_letters_missing`` (``letters``) for a script that no font has.
    """
    made = _compile(template, language, data, "pdf")
    assert isinstance(made, bytes)
    return made


def pictures(template: str, language: str, data: Mapping[str, Any], ppi: int = 72) -> list[bytes]:
    """The same paper as one PNG for each page, to look at."""
    made = _compile(template, language, data, "png", ppi)
    return [made] if isinstance(made, bytes) else list(made)


def _compile(
    template: str, language: str, data: Mapping[str, Any], form: Literal["pdf", "png"], ppi: int | None = None
) -> bytes | list[bytes]:
    folder = templates()
    room, name = template.split("/")
    city = settings.current()
    letters = _letters(city.folder / OWN_FONTS)
    cleaned = _cleaned(data)
    title = cleaned["title"]
    paper = {
        "lang": language.split("-")[0],
        "dir": direction(language),
        "title": title["text"] if isinstance(title, dict) else title,
        "city": _cleaned(city.city.best(language).text),
        "fonts": letters.families,
    }
    try:
        made, warnings = typst.compile_with_warnings(
            str(folder / room / "papers" / f"{name}.typ"),
            root=str(folder),
            font_paths=letters.fonts,
            format=form,
            ppi=ppi,
            sys_inputs={"paper": _json(paper), "data": _json(cleaned)},
            pdf_standards="ua-1",
            timestamp=0,  # the same input gives the same bytes; house.typ leaves the day of making out
        )
    except typst.TypstError as error:
        missing = _NO_GLYPH.search(error.message)
        if missing:
            raise DomainError("paper_letters_missing", letters=missing[1][:40]) from None
        raise
    for warning in warnings:  # an unknown family would fall back to whatever letters are there
        raise RuntimeError(f"{template}: {warning.message}")
    return made


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cleaned(value: Any) -> Any:
    """``value`` without signs that nobody can see, which would turn or break what others read."""
    if isinstance(value, str):
        return clean(f"|{value}|")[1:-1]  # blanks at the ends part words: they stay
    if isinstance(value, Mapping):
        return {key: _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(inner) for inner in value]
    return value


@cache
def _letters(own: Path) -> _Letters:
    """Our fonts, and the city's; nothing that happens to be on this machine."""
    folders = [str(Path(package.ROOT) / "files") for package in FONTS]
    ours = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    if not own.is_dir():
        return _Letters(ours, _families(ours, ()))
    both = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[*folders, str(own)]
    )
    return _Letters(both, _families(both, _families(ours, ())))


def _families(fonts: typst.Fonts, first: tuple[str, ...]) -> tuple[str, ...]:
    """Every family once: ``first`` ones first, since typst takes the first that has a letter."""
    return tuple(dict.fromkeys((*first, *sorted(fonts.families()))))
