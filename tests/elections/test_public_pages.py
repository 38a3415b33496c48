"""The public pages of an election, for anybody: what is elected, where it stands, what can be done now, by which rules."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core import clock
from elections.rules.stages import Stage
from tests.accounts.browsers import Browser
from tests.city import found_city
from tests.elections.city import CODE, bring_to, found_council, prepare_election

PAGES = ("", "eligibility/", "rules/", "counting/", "minutes/", "timetable.ics")


@pytest.fixture
def prepared(app: Flask) -> Flask:
    """A city with its council, and an election that nobody sees yet."""
    found_city()
    found_council()
    prepare_election()
    return app


@pytest.fixture
def called(prepared: Flask) -> Flask:
    bring_to(Stage.CALLED)
    return prepared


def get(
    app: Flask, path: str = f"elections/{CODE}/", language: str = "en", on_day: date | None = None
) -> TestResponse:
    if on_day is None:
        return Browser(app).get(f"/{language}/{path}")
    with clock.freeze(on_day):
        return Browser(app).get(f"/{language}/{path}")


def test_a_prepared_election_is_on_no_page(prepared: Flask) -> None:
    for page in PAGES:
        assert get(prepared, f"elections/{CODE}/{page}").status_code == 404, page
    assert get(prepared, f"elections/{CODE}.json").status_code == 404
    assert get(prepared, "elections.json").get_json() == {"elections": []}
    assert CODE not in get(prepared, "elections/").text


@pytest.mark.parametrize("code", ["NO-27", "mc-27", "%00", "MC-27%20OR%201=1", "x" * 300])
def test_a_code_that_nothing_has_is_not_found(called: Flask, code: str) -> None:
    assert get(called, f"elections/{code}/").status_code == 404


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.PREPARED])
def test_every_page_opens_in_every_stage(prepared: Flask, stage: Stage) -> None:
    bring_to(stage)
    for page in PAGES:
        assert get(prepared, f"elections/{CODE}/{page}").status_code == 200, page
