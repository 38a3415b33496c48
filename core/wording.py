"""From an error's code to a sentence in the reader's language.

Every room's ``messages.py`` registers its sentences; this is where pages, the API and the command line look them up.
A code without a sentence is a fault that a test finds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import LazyString

from core.errors import Conflict, DomainError

Sentence = Any
"""A lazy string with ``%(parameter)s`` places, or a function of the parameters (``Callable[[Mapping], str]``)."""
_sentences: dict[str, Sentence] = {}
_conflicts: set[str] = set()


def register(sentences: Mapping[str, Sentence], conflicts: Collection[str] = ()) -> None:
    """Add a room's sentences: lazy strings with ``%(parameter)s``, or functions of the parameters (plurals, lists).

    ``conflicts`` are the codes that say that others were faster, or that something is not over yet.
    """
    _sentences.update(sentences)
    _conflicts.update(conflicts)


def is_conflict(error: DomainError) -> bool:
    """Whether ``error`` is about what others did meanwhile, or what is not over yet, and not about what was typed."""
    return isinstance(error, Conflict) or any(single.code in _conflicts for single in error.all())


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
