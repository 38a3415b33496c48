"""The files that we render for OParl: a version of a motion's words, and minutes, each in the language it was written in.

The same words give the same bytes (``core.documents.papers``), so what is said of a file holds whenever it is served.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from core.documents import papers, parts
from core.i18n import nearest, show_day
from motions.messages.words import KINDS
from motions.oparl.facts import Printing

TEMPLATE = "motions/words"


def source(printing: Printing) -> str:
    """The digest of all that decides about the bytes: what is said, in which words, by which template and program."""
    plain = json.dumps([_data(printing), _program()], ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode("ascii")).hexdigest()


def render(printing: Printing) -> bytes:
    """The file. Raises DomainError ``paper_letters_missing`` for a script that no font has."""
    return papers.render(TEMPLATE, nearest(printing.language), _data(printing))


def _data(printing: Printing) -> dict[str, Any]:
    own = printing.language
    with force_locale(nearest(own)):
        about = _(
            "Version %(number)d, public since %(day)s", number=printing.version, day=show_day(printing.day)
        )
        if printing.kind == "minutes":
            heading = _("Minutes of meeting %(number)s", number=printing.label)
        else:
            heading = f"{KINDS[printing.kind]} {printing.label}"
            about = f"{printing.author} · {about}"
        sections = [
            {"heading": title, "text": parts.markdown(text, own)}
            for title, text in (
                ("", printing.text),
                (_("Reasons"), printing.reasons),
                (_("Costs"), printing.costs),
            )
            if text
        ]
    return {
        "title": parts.run(printing.title or printing.label, own),
        "heading": heading,
        "about": about,
        "sections": sections,
    }


@cache
def _program() -> list[str]:
    """What renders: the templates and typst."""
    folder = papers.templates()
    written = [folder / "motions" / "papers" / "words.typ", folder / "_papers" / "house.typ"]
    return [
        version("typst"),
        *(hashlib.sha256(each.read_bytes()).hexdigest() for each in written),
    ]
