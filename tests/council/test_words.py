"""Every error and every word of the council has its sentence."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pytest
from flask import Flask

from core.errors import DomainError
from core.wording import explain, known
from council import messages, rules
from council.messages import SENTENCES
from council.rules import Filling, Ground, Office, RemovalGround, Way

ROOM = Path(rules.__file__).parent


def raised_codes() -> set[str]:
    """The codes of all errors that are made anywhere in this room."""
    codes = {"title_missing", "name_missing", "words_missing", "reason_missing"}
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            made = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("DomainError", "Conflict")
            if made and node.args and isinstance(node.args[0], ast.Constant):
                codes.add(str(node.args[0].value))
    return codes - {"form_key"}  # whatever gives receipts says it, in words of the ledger's room


@pytest.mark.parametrize("code", sorted(raised_codes()))
def test_every_error_of_this_room_has_a_sentence(code: str) -> None:
    assert code in SENTENCES


def test_no_sentence_is_left_over() -> None:
    assert set(SENTENCES) == raised_codes()


def test_the_front_door_registers_these_sentences(sqlite_app: Flask) -> None:
    assert set(SENTENCES) <= known()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Way, messages.WAYS),
        (Ground, messages.GROUNDS),
        (RemovalGround, messages.REMOVAL_GROUNDS),
        (Office, messages.OFFICES),
        (Filling, messages.FILLINGS),
    ],
)
def test_every_value_has_a_word(kind: type[StrEnum], words: Mapping[str, object]) -> None:
    assert set(words) == set(kind)


def test_numbers_and_days_are_written_as_people_write_them(sqlite_app: Flask) -> None:
    assert explain(DomainError("votes_too_many", limit=1)).startswith("The council has one member")
    assert explain(DomainError("votes_too_many", limit=22)).startswith("The council has 22 members")
    assert "8,000 characters" in explain(DomainError("words_too_long", limit=8000))
