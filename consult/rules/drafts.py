"""Reading a draft from Markdown: headings become chapters, numbered measures become units.

Understood are measures written as headings (``### 12. Title``, ``### Measure 12: Title``) or as a top-level numbered
list item (``12. Title`` and its indented text). Inside a measure, list items that begin with a known label (goal,
responsible, done by, indicator) become its facts, and a quote that begins "In plain words:" its plain twin. The
first heading is the draft's title; text before the first measure or chapter is the introduction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.errors import DomainError, raise_all
from core.localized import clean

SIZE_LIMIT = 2_000_000
UNIT_LIMIT = 1_000
TITLE_LENGTH = 300
BODY_LENGTH = 50_000

LABELS = {
    "goal": ("goal", "ziel", "الهدف", "objetivo", "objectif", "cilj", "мета", "هدف"),
    "responsible": (
        "responsible", "zuständig", "الجهة المسؤولة", "responsable", "nadležno", "відповідає", "مسئول",
    ),
    "deadline": ("done by", "deadline", "fertig bis", "الموعد", "plazo", "délai", "rok", "термін", "مهلت"),
    "indicator": (
        "indicator", "how we measure it", "kennzahl", "المؤشر", "indicador", "indicateur", "pokazatelj", "показник",
        "شاخص",
    ),
    "plain": (
        "in plain words", "in einfachen worten", "بكلمات بسيطة", "en palabras sencillas", "en mots simples",
        "jednostavnim riječima", "простими словами", "به زبان ساده",
    ),
}  # fmt: skip
_FIELDS = {label: name for name, labels in LABELS.items() for label in labels}

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_NUMBERED = re.compile(r"(?:[^\W\d_]+\s+)?(\d{1,4}(?:\.\d{1,3}){0,3}[a-z]?)\s*[.:)–—-]\s+(\S.*)$")
_LISTED = re.compile(r"(\d{1,4})[.)][ \t]+(\S.*)$")
_LABELLED = re.compile(r"(?:[-*+]|>)[ \t]+\**([^:*：]{2,40})\**\s*[:：]\**\s*(\S.*)$")
_FENCE = re.compile(r"(```|~~~)")


@dataclass(slots=True)
class ParsedUnit:
    """A chapter (``number`` None) or a measure, with the line where it begins."""

    kind: str
    number: str | None
    title: str
    line: int
    body: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join(self.body).strip()


@dataclass(frozen=True, slots=True)
class ParsedDraft:
    """What was understood of a Markdown file."""

    title: str
    introduction: str
    units: Sequence[ParsedUnit]

    @property
    def measures(self) -> list[ParsedUnit]:
        return [unit for unit in self.units if unit.kind == "measure"]


def decode(data: bytes) -> str:
    """UTF-8 text of an uploaded file; raises ``file_too_large`` (``limit``), ``file_not_text`` (``line``, ``column``)."""
    if len(data) > SIZE_LIMIT:
        raise DomainError("file_too_large", limit=SIZE_LIMIT)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        raise DomainError("file_not_utf8", line=before.count(b"\n") + 1, column=column) from None
    if "\0" in text:
        position = text.index("\0")
        raise DomainError(
            "file_has_nul",
            line=text.count("\n", 0, position) + 1,
            column=position - (text.rfind("\n", 0, position) + 1) + 1,
        )
    return text


def parse(markdown: str) -> ParsedDraft:
    """Understand a draft. Raises, all together: ``draft_empty``, ``no_measures``, ``number_twice`` (``number``,
    ``line``, ``first_line``), ``title_too_long`` (``line``), ``body_too_long`` (``line``), ``too_many_units``."""
    title, introduction, units = "", [], list[ParsedUnit]()
    fenced = False
    for position, line in enumerate(clean(markdown).split("\n"), start=1):
        line = line.rstrip()
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if heading:
            words = heading[2].strip()
            numbered = _NUMBERED.match(words)
            if not title and not units and not numbered and len(heading[1]) == 1:
                title = words
            elif (numbered and len(heading[1]) > 1) or (numbered and _is_measure_word(words)):
                units.append(ParsedUnit("measure", numbered[1], numbered[2], position))
            elif words:
                units.append(ParsedUnit("chapter", None, words, position))
            continue
        listed = None if fenced else _LISTED.match(line)
        if listed and (not units or units[-1].kind == "chapter" or "listed" in units[-1].facts):
            units.append(ParsedUnit("measure", listed[1], listed[2], position, facts={"listed": ""}))
        elif not units:
            introduction.append(line)
        else:
            _take_line(units[-1], line, fenced)
    for unit in units:
        unit.facts.pop("listed", None)
    _check(units)
    return ParsedDraft(title, "\n".join(introduction).strip(), units)


def _is_measure_word(words: str) -> bool:
    return bool(re.match(r"(?:measure|maßnahme|إجراء|medida|mesure|mjera|захід|اقدام)\s", words.casefold()))


def _take_line(unit: ParsedUnit, line: str, fenced: bool) -> None:
    labelled = None if fenced else _LABELLED.match(line.strip())
    name = _FIELDS.get(labelled[1].strip().casefold()) if labelled else None
    if labelled and name and name not in unit.facts:
        unit.facts[name] = labelled[2].strip()
    else:
        unit.body.append(line.removeprefix("   ") if "listed" in unit.facts else line)


def _check(units: Sequence[ParsedUnit]) -> None:
    errors: list[DomainError] = []
    if not units:
        raise DomainError("draft_empty")
    first: dict[str, int] = {}
    for unit in units:
        if len(unit.title) > TITLE_LENGTH:
            errors.append(DomainError("unit_title_too_long", line=unit.line, limit=TITLE_LENGTH))
        if len(unit.text) > BODY_LENGTH or any(len(fact) > BODY_LENGTH for fact in unit.facts.values()):
            errors.append(DomainError("unit_text_too_long", line=unit.line, limit=BODY_LENGTH))
        if unit.number is None:
            continue
        if unit.number in first:
            errors.append(
                DomainError("number_twice", number=unit.number, line=unit.line, first_line=first[unit.number])
            )
        first.setdefault(unit.number, unit.line)
    if not first:
        errors.append(DomainError("no_measures"))
    if len(units) > UNIT_LIMIT:
        errors.append(DomainError("too_many_units", limit=UNIT_LIMIT, count=len(units)))
    raise_all(errors)


def check_translation(numbers: Sequence[str], translated: Sequence[str]) -> None:
    """A translated draft has exactly the measures of the original; raises ``translation_measures_differ``."""
    missing = [number for number in numbers if number not in translated]
    extra = [number for number in translated if number not in numbers]
    if missing or extra:
        raise DomainError("translation_measures_differ", missing=missing, extra=extra)
