"""Every refusal and every reason of counting has its sentence, in every language, with nothing left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from core import wording
from core.errors import DomainError
from elections.counting.result import Reason
from elections.counting.rule import Apportionment, Method
from elections.messages.counting import APPORTIONMENTS, METHODS, REASONS, SENTENCES, explain_reason

COUNTING = Path(__file__).resolve().parents[2] / "elections" / "counting"
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(COUNTING.glob("*.py")))
RAISED = set(re.findall(r'DomainError\(\s*"([a-z0-9_]+)"', SOURCES))
GIVEN = set(re.findall(r'"((?:seat|stage|tie|barrier|list|maximum|minimum)_[a-z_]+)"', SOURCES)) - {
    "list_order"
}

PARAMETERS: dict[str, object] = dict.fromkeys(
    (
        *("line", "limit", "seats", "found", "most", "votes", "position", "minimum", "maximum", "minimums"),
        *("place", "stage", "candidates"),
    ),
    7,
) | {
    "method": Method.STV.value,
    "missing": ["ana"],
    "extra": ["eve"],
    "key": "lists:3",
    "value": "«value»",
    "group": "north",
    "candidate": "ana",
    "list": "X",
    "barrier": "1/20",
    "ranking": "a a",
}
FACTS: dict[str, str | int | list[str]] = {
    **dict.fromkeys(("votes", "seats", "place", "minimum", "maximum", "missing", "whole", "total"), 7),
    **dict.fromkeys(("divisor", "position", "candidates", "stage", "runner_up_votes"), 7),
    **dict.fromkeys(("quotient", "remainder", "runner_up_quotient", "runner_up_remainder"), "7/3"),
    **dict.fromkeys(("candidate", "list", "group", "quota_group", "instead_of", "tie", "kind"), "a"),
    "names": ["a", "b"],
    "runner_up": ["b"],
    "quota": "7.00000",
    "surplus": "1.50000",
    "barrier": "1/20",
}


def test_every_refusal_and_every_reason_has_a_sentence() -> None:
    assert RAISED - set(SENTENCES) == set()
    assert set(REASONS) - GIVEN == set()
    assert GIVEN - set(REASONS) == set()
    assert set(METHODS) == set(Method)
    assert set(APPORTIONMENTS) == set(Apportionment)


def test_the_command_line_knows_them(sqlite_app: Flask) -> None:
    assert set(SENTENCES) - wording.known() == set()


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_sentences_are_whole_in_every_language(sqlite_app: Flask, language: str) -> None:
    with force_locale(language):
        refusals = [wording.explain(DomainError(code, **PARAMETERS)) for code in SENTENCES]
        reasons = [explain_reason(Reason(code, FACTS), {"a": "Ana", "b": "Ben"}) for code in REASONS]
    for sentence in (*refusals, *reasons):
        assert "%(" not in sentence
        assert sentence.strip() == sentence
        assert sentence


def test_reasons_show_names_and_quotients(sqlite_app: Flask) -> None:
    names = {"a": "Ana", "b": "Ben", "c": "Cem"}
    with force_locale("en"):
        said = explain_reason(
            Reason(
                "seat_most_votes",
                {
                    "candidate": "a",
                    "group": "",
                    "votes": 1234,
                    "place": 1,
                    "runner_up": ["b", "c"],
                    "runner_up_votes": 9,
                },
            ),
            names,
        )
    assert said == "Ana has most votes: 1,234. Next is Ben and Cem: 9."
