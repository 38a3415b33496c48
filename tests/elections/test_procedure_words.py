"""Every act, stage, check and refusal of the procedure has its words, in every language of the interface."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from core import wording
from core.errors import DomainError
from elections import events
from elections.messages import acts, checklists, procedure
from elections.rules.checklists import Check
from elections.rules.stages import ActKind, Stage
from tests.city import found_city, on_one_database
from tests.elections.city import bring_to, found_council, prepare_election
from tests.elections.desk import ElectionDesk

PARAMETERS = {
    "moment": datetime(2028, 3, 19, 17, tzinfo=UTC),
    "day": date(2028, 3, 19),
    "count": 2,
    "language": "ar",
    "body": 16,
    "rules": 16,
}


@on_one_database
def test_every_act_and_stage_has_its_words(app: Flask) -> None:
    assert set(acts.STAGES) == set(Stage)
    assert set(acts.ACTS) == set(procedure.DONE) == set(ActKind)
    for tag in (events.ACT_PROPOSE, events.ACT_PERFORM, events.ACT_WITHDRAW):
        for kind in ActKind:
            assert procedure.entry(tag, {"act": kind.value})
    assert procedure.entry("roll:somebody:else", {}) == "roll:somebody:else"


@on_one_database
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_check_has_a_line_and_every_refusal_a_sentence(app: Flask, language: str) -> None:
    with app.test_request_context(f"/{language}/"), force_locale(language):
        lines = [checklists.line(Check(code, True, parameters=PARAMETERS)) for code in procedure.CHECKS]
        refused = [code for code in procedure.SENTENCES if code.startswith("missing_")]
        sentences = [wording.explain(DomainError(code, **PARAMETERS)) for code in refused]
    assert all("%(" not in said for said in lines + sentences)
    assert {code.removeprefix("missing_") for code in refused} <= set(procedure.CHECKS) <= checklists.known()


@on_one_database
def test_facts_that_nobody_words_are_shown_as_they_are_and_what_says_nothing_is_left_out(app: Flask) -> None:
    facts = {
        "places": 3,
        "added": ["12", "13"],
        "note": "",
        "done": True,
        "closes_at": "soon",
        "deep": {"a": 1},
    }
    assert procedure.details(facts) == ["places: 3", "added: 12, 13", "soon"]


@on_one_database
@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("stage", [Stage.PREPARED, Stage.VOTING, Stage.PUBLISHED, Stage.ABANDONED])
def test_the_desk_is_read_in_every_language_of_the_interface(app: Flask, language: str, stage: Stage) -> None:
    found_city()
    found_council()
    prepare_election()
    bring_to(stage)
    officer = ElectionDesk(app, "returning_officer")
    for path in ("/", "/rules", "/minutes"):
        page = officer.browser.get(f"/{language}/office/elections/MC-27{path}")
        assert page.status_code == 200
        for english in ("Where it stands", "Voting is open", "What may be done now", "Minutes"):
            assert english not in page.text, (path, english)
