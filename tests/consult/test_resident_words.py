"""Every refusal of consultation rounds has its sentence, in which nothing is left over."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import LazyString, force_locale

from consult.messages import (
    AUTHOR_KINDS,
    AUTHORS_AS_SPOKEN,
    CHANNELS,
    KINDS,
    KINDS_AS_SPOKEN,
    PHASES,
    SENTENCES,
    STATES,
)
from consult.rules.rounds import Phase
from consult.rules.submissions import AuthorKind, Channel, Kind
from core import languages, wording
from core.errors import DomainError
from core.localized import State

ROOT = Path(__file__).resolve().parents[2]
RAISED = re.compile(r'(?:DomainError|Conflict)\(\s*"([a-z0-9_]+)"')

PARAMETERS: dict[str, object] = {
    "limit": 10_000,
    "length": 12_345,
    "count": 3,
    "days": 10,
    "minimum": 30,
    "expected": 5,
    "found": 4,
    "row": 7,
    "first_row": 3,
    "line": 12,
    "first_line": 9,
    "column": "Comment",
    "number": 14,
    "numbers": [1, 2, 3],
    "missing": ["4", "5"],
    "extra": ["9"],
    "day": date(2027, 9, 14),
    "value": "«value»",
    "department": "moon",
    "unit": "99",
    "encoding": "utf-99",
    "key": "columns.colour",
    "kind": "round",
    "reason": "unexpected end",
    "cause": DomainError("text_too_long", limit=10_000, length=12_345),
}


def raised_codes() -> set[str]:
    """Every code that the room raises, and those of receipt codes and contacts, read from the sources."""
    files = [*(ROOT / "consult").rglob("*.py"), ROOT / "core" / "codes.py", ROOT / "core" / "mail.py"]
    return {code for file in files for code in RAISED.findall(file.read_text(encoding="utf-8"))}


def test_every_refusal_has_a_sentence(sqlite_app: Flask) -> None:
    assert raised_codes() - wording.known() == set()


def test_every_refusal_carries_what_its_sentence_names() -> None:
    for file in (ROOT / "consult").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in (
                "DomainError",
                "Conflict",
            ):
                continue
            code = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else ""
            given = {keyword.arg for keyword in call.keywords}
            sentence = SENTENCES.get(str(code))
            if None in given or not isinstance(sentence, LazyString):
                continue  # parameters passed on as a whole, or a function that the next test calls
            named = set(re.findall(r"%\((\w+)\)", sentence._args[0]))
            assert named <= given, (code, file.name, call.lineno)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_no_placeholder_is_left_over_in_any_language(sqlite_app: Flask, code: str) -> None:
    for language in ("en", "de", "ar"):
        with sqlite_app.test_request_context(), force_locale(language):
            sentence = wording.explain(DomainError(code, **PARAMETERS))
            assert sentence.strip()
            assert "%(" not in sentence


def test_a_faulty_cell_names_row_column_and_cause(sqlite_app: Flask) -> None:
    cause = DomainError("text_too_long", limit=10_000, length=12_345)
    with sqlite_app.test_request_context(), force_locale("en"):
        sentence = wording.explain(DomainError("cell", row=7, column="Comment", cause=cause))
    assert sentence == (
        "Row 7, column “Comment”: Shorten your text. It has 12,345 characters. There is room for 10,000 characters."
    )


def test_missing_measures_are_listed(sqlite_app: Flask) -> None:
    error = DomainError("translation_measures_differ", missing=["4", "5a"], extra=[])
    with sqlite_app.test_request_context(), force_locale("en"):
        assert "Missing: 4, 5a." in wording.explain(error)
        assert "Too many" not in wording.explain(error)


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (KINDS, Kind),
        (KINDS_AS_SPOKEN, Kind),
        (AUTHOR_KINDS, AuthorKind),
        (AUTHORS_AS_SPOKEN, AuthorKind),
        (CHANNELS, Channel),
        (PHASES, Phase),
        (STATES, State),
    ],
)
def test_everything_that_is_counted_has_a_word(words: dict[str, object], values: type) -> None:
    assert set(words) == set(values)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bitte öffnen Sie einen Abend bis 19 Uhr.", "de"),
        ("Please open one evening.", "en"),
        ("Je travaille et je ne peux pas venir le matin.", "fr"),
        ("Molim vas da otvorite i navečer, nije dobro da se čeka.", "hr"),
        ("Lütfen akşam da açık olsun, bu çok önemli.", "tr"),
        ("Por favor, que se abra por la tarde para los padres.", "es"),
        ("Ju lutem hapni një zyrë në mbrëmje për ne.", "sq"),
        ("Після роботи я не встигаю.", "uk"),
        ("После работы я не успеваю, это трудно.", "ru"),
        ("أعمل في التنظيف حتى منتصف الليل.", "ar"),
        ("دخترم شب‌ها تنها منتظر اتوبوس می‌ماند.", "fa"),
        ("دفتر کب کھلے گا؟", "ur"),
        ("我希望晚上也开放。", "zh"),
        ("夜も開けてください。", "ja"),
        ("ኣብ ምሸት ክፈቱ", "ti"),
        ("እባክዎ ምሽት ይክፈቱ", "am"),
        ("Παρακαλώ ανοίξτε το βράδυ.", "el"),
        ("12345 :-)", "ar"),
        ("", "ar"),
    ],
)
def test_languages_are_recognised_by_letters_and_common_words(text: str, language: str) -> None:
    assert languages.guess(text, fallback="ar") == language


def test_a_word_that_could_be_anything_is_taken_for_the_readers_language() -> None:
    assert languages.guess("OK", fallback="de") == "de"
    assert languages.guess("taxi", fallback="ar") == "en"  # Arabic is not written so


def test_guessing_is_quick_even_for_long_texts() -> None:
    assert languages.guess("и" * 1_000_000, fallback="en") == "ru"
