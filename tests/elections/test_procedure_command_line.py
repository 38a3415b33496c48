"""``answerable elections create`` and ``status``."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from accounts.rules import RoleName
from app.cli import main
from elections.rules.stages import ActKind, Stage
from elections.services import acts
from tests.city import everything, found_city, staff
from tests.elections.city import BODY, bring_to, election, found_council, prepare_election


@pytest.fixture(autouse=True)
def founded(app: Flask) -> None:
    found_city()
    found_council()


def run(app: Flask, *words: str) -> Result:
    return CliRunner().invoke(main, ["elections", *words], obj=ScriptInfo(create_app=lambda: app))


def test_an_election_is_prepared_from_a_preset_and_says_what_is_missing(app: Flask) -> None:
    done = run(
        app,
        *("create", "MC-32", "--preset", "stv-scotland", "--body", BODY, "--day", "2032-03-14", "--json"),
    )
    assert done.exit_code == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["election"], said["stage"]) == ("MC-32", "prepared")
    assert said["timetable"]["voting_closes"] == "2032-03-14"
    found = election("MC-32")
    assert found.rule_set["key"] == "stv-scotland"
    assert found.title.best("en").text == "Migrant Council 2032"
    assert (found.term_begins_on.isoformat(), found.term_ends_on.isoformat()) == ("2032-04-13", "2037-04-12")
    assert found.voting_closes_at.isoformat() == "2032-03-14T17:00:00+00:00"

    status = json.loads(run(app, "status", "MC-32", "--json").stdout)
    assert status["possible"] == {"call": []}
    assert status["waiting"] == []


def test_the_status_names_what_is_missing_and_what_waits(app: Flask) -> None:
    prepare_election()
    bring_to(Stage.VOTING)
    officer = staff("returning_officer")
    acts.propose_act("MC-27", ActKind.INTERRUPT_VOTING, officer, [RoleName.RETURNING_OFFICER], reason="Fire.")
    status = json.loads(run(app, "status", "MC-27", "--json").stdout)
    assert status["stage"] == "voting"
    assert status["possible"] == {
        "interrupt_voting": [],
        "extend_voting": [],
        "close_voting": ["closing_reached"],
    }
    assert [(each["kind"], each["proposed_by"]) for each in status["waiting"]] == [
        ("interrupt_voting", "retur001")
    ]
    spoken = run(app, "status", "MC-27").stdout
    assert "MC-27: Voting is open" in spoken
    assert "Waits for a second person: Interrupt voting (proposed by retur001)" in spoken


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("status", "MC-99"), "nothing with this number"),
        (("status", "'; drop table"), "nothing with this number"),
        (("create", "mc", "--preset", "nobody", "--body", BODY, "--day", "2032-03-14"), "no rules called"),
        (
            ("create", "M C", "--preset", "stv-scotland", "--body", "nobody", "--day", "2032-03-14"),
            "no council called",
        ),
        (
            ("create", "MC-99", "--preset", "stv-scotland", "--body", BODY, "--day", "9999-12-31"),
            "2000 to 2100",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_changes_nothing(
    app: Flask, words: tuple[str, ...], sentence: str
) -> None:
    before = everything()
    refused = run(app, *words)
    assert refused.exit_code == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr
    assert everything() == before
