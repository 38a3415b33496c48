"""Every error that this room raises has a sentence, and lists of numbers stay readable."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from core.errors import DomainError
from core.wording import explain, known
from followup import rules
from followup.messages import SENTENCES, in_words

ROOM = Path(rules.__file__).parent


def raised_codes() -> set[str]:
    """The codes of all errors that are made anywhere in this room."""
    codes = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            made = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("DomainError", "Conflict")
            if made and node.args and isinstance(node.args[0], ast.Constant):
                codes.add(str(node.args[0].value))
    return codes


@pytest.mark.parametrize("code", sorted(raised_codes()))
def test_every_error_of_this_room_has_a_sentence(code: str) -> None:
    assert code in SENTENCES


def test_the_front_door_registers_these_sentences(sqlite_app: Flask) -> None:
    assert set(SENTENCES) <= known()


def test_the_closing_gate_names_what_is_missing_in_short(sqlite_app: Flask) -> None:
    numbers = [3, 4, 5, 20]
    error = DomainError("promises_unanswered", numbers=numbers, count=4)
    assert explain(error) == "4 answers are missing, for these numbers: 3-5, 20."
    alone = DomainError("promises_unanswered", numbers=[7], count=1)
    assert explain(alone) == "One answer is missing, for number 7."


def test_a_list_without_neighbours_ends_with_how_many_are_left(sqlite_app: Flask) -> None:
    shown = in_words(range(1, 1001, 2))
    assert shown.startswith("1, 3, 5")
    assert shown.endswith("399, and 300 more")


def test_days_are_written_as_people_write_them(sqlite_app: Flask) -> None:
    said = explain(DomainError("already_concluded", day=date(2027, 9, 14)))
    assert "Tuesday" in said
    assert "2027-09-14" not in said


@pytest.mark.parametrize("event", list(rules.ReplyEvent))
@pytest.mark.parametrize("state", list(rules.ReplyState))
def test_every_refused_step_of_an_answer_is_explained(
    sqlite_app: Flask, state: rules.ReplyState, event: rules.ReplyEvent
) -> None:
    assert explain(DomainError("reply_state", state=state.value, event=event.value))
