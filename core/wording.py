"""From an error's code to a sentence in the reader's language.

Every room's ``messages.py`` registers its sentences; this is where pages, the API and the command line look them up.
A code without a sentence is a fault that a test finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString

from core.errors import DomainError

Sentence = Any
"""A lazy string with ``%(parameter)s`` places, or a function of the parameters (``Callable[[Mapping], str]``)."""
_sentences: dict[str, Sentence] = {}


def register(sentences: Mapping[str, Sentence]) -> None:
    """Add a room's sentences: lazy strings with ``%(parameter)s``, or functions of the parameters (plurals, lists)."""
    _sentences.update(sentences)


def known() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_sentences)


def explain(error: DomainError) -> str:
    """The sentence for one error, in the language now in force. Raises KeyError for a code without sentence."""
    sentence = _sentences[error.code]
    if callable(sentence) and not isinstance(sentence, LazyString):
        return str(sentence(error.parameters))
    text = str(sentence)
    return text % error.parameters if error.parameters else text
