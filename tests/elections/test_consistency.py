"""Elections stand where their minutes lead, or the audit check says that they do not."""

from __future__ import annotations

import pytest
from flask import Flask

from app.commands.audit import check
from core.db import db
from elections.rules.stages import ActKind, Stage
from elections.services.effects import EFFECTS
from tests.city import found_city
from tests.elections.city import CODE, act, bring_to, found_council, prepare_election


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()


def reasons() -> dict[str, str]:
    results, _missing = check(db.session())
    return {result.chain: result.finding.code for result in results if result.finding}


def test_an_election_that_moved_by_its_acts_is_sound() -> None:
    assert ActKind.CALL in EFFECTS
    act(ActKind.CALL)
    act(ActKind.ABANDON)
    assert reasons() == {}


def test_an_election_that_was_moved_without_minutes_is_named() -> None:
    bring_to(Stage.CALLED)
    assert reasons() == {f"register:{CODE}": "stage"}
