"""An error's code has one sentence in the whole house, whichever room says it; Arabic has its forms in their places."""

from __future__ import annotations

from collections import defaultdict
from gettext import c2py  # type: ignore[attr-defined] # how gettext itself reads the rule

from babel.messages.pofile import read_po
from flask import Flask

from app.doors.opening import FLOOR, ROOMS
from tests.live import ROOT


def test_no_code_has_two_sentences(sqlite_app: Flask) -> None:
    said: dict[str, set[str]] = defaultdict(set)
    with sqlite_app.test_request_context("/en/"):
        for messages in (*FLOOR, *(each for room in ROOMS for each in room.sentences)):
            for code, sentence in messages.SENTENCES.items():
                plain = getattr(sentence, "__qualname__", None)
                said[code].add(f"{messages.__name__}.{plain}" if plain else str(sentence))
    assert {code: sentences for code, sentences in said.items() if len(sentences) > 1} == {}
    assert len(said) > 300


def test_arabic_counts_from_eleven_to_ninety_nine_with_the_form_of_those_numbers() -> None:
    """The catalogue's form 5 is for 11 to 99 (tanwin: 22 مقعدًا), form 4 for 100 to 102 (100 مقعد); not CLDR's order."""
    catalogue = ROOT / "translations" / "ar" / "LC_MESSAGES" / "messages.po"
    with catalogue.open("rb") as file:
        messages = read_po(file, locale="ar")
    form_of = c2py(messages.plural_expr)
    assert [form_of(number) for number in (11, 22, 99, 100, 102)] == [5, 5, 5, 4, 4]
    swapped = [
        message.id[1]
        for message in messages
        if isinstance(message.string, tuple) and message.string[4].count("ًا") > message.string[5].count("ًا")
    ]
    assert swapped == []
