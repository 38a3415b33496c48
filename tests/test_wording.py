"""An error's code has one sentence in the whole house, whichever room says it."""

from __future__ import annotations

from collections import defaultdict

from flask import Flask

from app.doors.opening import FLOOR, ROOMS


def test_no_code_has_two_sentences(sqlite_app: Flask) -> None:
    said: dict[str, set[str]] = defaultdict(set)
    with sqlite_app.test_request_context("/en/"):
        for messages in (*FLOOR, *(each for room in ROOMS for each in room.sentences)):
            for code, sentence in messages.SENTENCES.items():
                plain = getattr(sentence, "__qualname__", None)
                said[code].add(f"{messages.__name__}.{plain}" if plain else str(sentence))
    assert {code: sentences for code, sentences in said.items() if len(sentences) > 1} == {}
    assert len(said) > 300
