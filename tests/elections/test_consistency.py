"""Elections stand where their minutes lead, or the audit check says that they do not."""

from __future__ import annotations

import pytest
from flask import Flask

from app.commands.audit import check
from core.db import db
from elections.rules.stages import ActKind, Stage
from tests.city import found_city
from tests.elections.city import CODE, act, bring_to, found_council, prepare_election


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()


def finding() -> str | None:
    """What is wrong with the election's register, if anything."""
    results, _missing = check(db.session())
    found = next(result.finding for result in results if result.chain == f"register:{CODE}")
    return found.code if found else None


def test_an_election_that_moved_by_its_acts_is_sound() -> None:
    act(ActKind.CALL)
    act(ActKind.ABANDON)
    assert finding() is None


def test_an_election_that_was_moved_without_minutes_is_named() -> None:
    bring_to(Stage.CALLED)
    assert finding() == "stage"
