"""Reading a draft from Markdown: headings become chapters, numbered measures become units.

Understood are measures written as headings (``### 12. Title``, ``### Measure 12: Title``) or as a top-level numbered
list item (``12. Title`` and its indented text). Inside a measure, list items that begin with a known label (goal,
responsible, done by, indicator) become its facts, and a quote that begins "In plain words:" its plain twin. The
first heading is the draft's title; text before the first measure or chapter is the introduction.
"""

from __future__ import annotations

import re
import unicodedata
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
_FIELDS = {label.casefold(): name for name, labels in LABELS.items() for label in labels}
_LONGEST_LABEL = max(map(len, _FIELDS))

_NUMBERED = re.compile(r"(?:[^\W\d_]+\s+)?(\d{1,4}(?:\.\d{1,3}){0,3}[a-z]?)\s*[.:)–—-]\s+(\S.*)$")
_LISTED = re.compile(r"(\d{1,4})[.)][ \t]+(\S.*)$")
_COLON = re.compile("[:：]")
_FENCE = re.compile(r"(```|~~~)")
_MEASURE_WORD = re.compile(r"(?:measure|maßnahme|إجراء|medida|mesure|mjera|захід|اقدام)\s")


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
    """UTF-8 text of an uploaded file. Raises ``file_too_large`` (``limit``), ``file_not_utf8`` or ``file_has_nul``
    (``line``, ``column``, both counted from 1 in characters)."""
    if len(data) > SIZE_LIMIT:
        raise DomainError("file_too_large", limit=SIZE_LIMIT)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _at("file_not_utf8", error.object[: error.start].decode("utf-8")) from None
    before, nul, _after = text.partition("\0")
    if nul:
        raise _at("file_has_nul", before)
    return text


def _at(code: str, before: str) -> DomainError:
    """An error at the place that comes after the text ``before``."""
    return DomainError(code, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))


def parse(markdown: str) -> ParsedDraft:
    """Understand a draft. Measure numbers come out in Western digits, so that all languages share them.

    Raises ``file_too_large`` (``limit``), ``draft_empty``, or all together: ``no_measures``, ``number_twice``
    (``number``, ``line``, ``first_line``), ``unit_title_too_long`` and ``unit_text_too_long`` (``line``, ``limit``),
    ``too_many_units`` (``limit``, ``count``).
    """
    if len(markdown) > SIZE_LIMIT:
        raise DomainError("file_too_large", limit=SIZE_LIMIT)
    # The sign before and after keeps blank lines at the beginning, so that lines are counted as in the file.
    lines = clean(f"|{markdown}|")[1:-1].split("\n")
    head = ParsedUnit("chapter", None, "", 1)
    units: list[ParsedUnit] = []
    fenced = False
    for position, line in enumerate((line.rstrip() for line in lines), start=1):
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _heading(line)
        if heading:
            level, words = heading
            numbered = _NUMBERED.match(words)
            if not head.title and not units and not numbered and level == 1:
                head.title, head.line = words, position
            elif numbered and (level > 1 or _MEASURE_WORD.match(words.lower())):
                units.append(ParsedUnit("measure", _western(numbered[1]), numbered[2], position))
            elif words:
                units.append(ParsedUnit("chapter", None, words, position))
            continue
        listed = None if fenced else _LISTED.match(line)
        if listed and (not units or units[-1].kind == "chapter" or "listed" in units[-1].facts):
            number = _western(listed[1])
            units.append(ParsedUnit("measure", number, listed[2], position, facts={"listed": ""}))
        elif not units:
            head.body.append(line)
        else:
            _take_line(units[-1], line, fenced)
    for unit in units:
        unit.facts.pop("listed", None)
    _check(head, units)
    return ParsedDraft(head.title, head.text, units)


def _heading(line: str) -> tuple[int, str] | None:
    """Level and words of a heading. No pattern, since blanks in a long line would keep one busy for hours."""
    level = len(line) - len(line.lstrip("#"))
    if not 1 <= level <= 6 or line[level : level + 1] not in (" ", "\t"):
        return None
    words = line[level:].strip(" \t")
    closed = words.rstrip("#")
    return level, words if closed and closed[-1] not in " \t" else closed.rstrip(" \t")


def _labelled(line: str) -> tuple[str, str] | None:
    """Label and value of a line such as ``- **Goal:** a room``. No pattern, for the same reason."""
    if line[:1] not in ("-", "*", "+", ">") or line[1:2] not in (" ", "\t"):
        return None
    words = line[1:].lstrip(" \t")
    colon = _COLON.search(words, 0, _LONGEST_LABEL + 10)
    if colon is None:
        return None
    return words[: colon.start()].strip("* \t").casefold(), words[colon.end() :].lstrip("*").strip()


def _western(number: str) -> str:
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in number)


def _take_line(unit: ParsedUnit, line: str, fenced: bool) -> None:
    label, value = (None if fenced else _labelled(line.strip())) or ("", "")
    name = _FIELDS.get(label)
    if name and value and name not in unit.facts:
        unit.facts[name] = value
    else:
        unit.body.append(line.removeprefix("   ") if "listed" in unit.facts else line)


def _check(head: ParsedUnit, units: Sequence[ParsedUnit]) -> None:
    errors: list[DomainError] = []
    if not units:
        raise DomainError("draft_empty")
    first: dict[str, int] = {}
    for unit in (head, *units):
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
