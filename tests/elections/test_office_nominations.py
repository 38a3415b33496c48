"""The office checks nominations, decides with two persons, and draws the order of the ballot."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from app.cli import main
from elections.models.candidates import Candidate
from elections.models.nominations import VettingCheck
from elections.rules.stages import Stage
from elections.services.nominations import receiving, vetting
from tests.city import on_one_database, rows
from tests.elections.city import CODE, bring_to, election, on, rules
from tests.elections.nominees import OPEN, admit, call_election, nominate, nomination, the_day
from tests.office import Desk, text_of

pytestmark = on_one_database
LIST = f"/office/elections/{CODE}/nominations/"
ORDER = f"/office/elections/{CODE}/ballot-order/"
REGION = rules().groups[0].key


@pytest.fixture(autouse=True)
def called(app: Flask) -> Iterator[None]:
    with the_day(OPEN):
        call_election()
        yield


def ticked(result: str = "met") -> dict[str, str]:
    keys = [each.key for each in vetting.questions_of(election())]
    return {f"result_{key}": result for key in keys} | {f"method_{key}": "seen" for key in keys}


def test_a_nomination_goes_from_the_list_to_the_ballot(app: Flask) -> None:
    nominate()
    officer, board = Desk(app, "returning_officer"), Desk(app, "election_board")
    assert "Amina Yusuf" in officer.read(LIST)
    page = f"{LIST}1/"
    officer.send(f"{page}check", ticked(), page=page)
    assert {each.result for each in rows(VettingCheck)} == {"met"}
    officer.send(f"{page}decide", {"decision": "admit"}, page=page)
    assert "You are admitted." in board.read(page)
    own = officer.post(f"{page}release")
    assert own.status_code == 403
    board.send(f"{page}release", {}, page=page)
    assert [each.name for each in rows(Candidate)] == ["Amina Yusuf"]
    assert "Admitted" in board.read(page)


def test_addresses_are_for_the_eyes_of_those_who_vet(app: Flask) -> None:
    nominate()
    assert "Canarygasse 7" in Desk(app, "returning_officer").read(f"{LIST}1/")
    for other in ("election_board", "observer", "clerk"):
        assert "Canarygasse" not in Desk(app, other).open(f"{LIST}1/").text


def test_what_is_missing_is_named_and_a_hole_is_refused(app: Flask) -> None:
    nominate()
    officer = Desk(app, "returning_officer")
    page = f"{LIST}1/"
    assert officer.send(f"{page}request-mending", {"deficiencies": " "}, page=page).status_code == 422
    officer.send(f"{page}request-mending", {"deficiencies": "<b>The street</b>"}, page=page)
    assert "&lt;b&gt;The street" in officer.open(page).text
    refused = officer.send(f"{page}decide", {"decision": "admit"}, page=page)
    assert refused.status_code == 422
    assert "Every line of the checklist must be met" in text_of(refused)
    refused = officer.send(f"{page}decide", {"decision": "refuse", "ground": ""}, page=page)
    assert "Choose the ground for refusing." in text_of(refused)
    assert officer.post(f"{page}take-back").status_code == 409
    assert nomination().state == "mending"


def test_a_refusal_can_be_taken_back(app: Flask) -> None:
    nominate()
    officer = Desk(app, "returning_officer")
    page = f"{LIST}1/"
    words = {"decision": "refuse", "ground": "not_eligible", "reason": "You do not live here yet."}
    officer.send(f"{page}decide", words, page=page)
    assert "You do not live here yet." in officer.read(page)
    officer.send(f"{page}take-back", {}, page=page)
    assert nomination().state == "received"


def test_the_order_of_the_ballot_is_announced_and_drawn(app: Flask) -> None:
    nominate()
    nominate("Boris Novak")
    admit(1)
    admit(2)
    officer = Desk(app, "returning_officer")
    hole = officer.send(f"{ORDER}announce", {"way": "seed"}, page=ORDER)
    assert hole.status_code == 422
    officer.send(f"{ORDER}announce", {"way": "seed", "source": "The lottery."}, page=ORDER)
    empty = officer.send(f"{ORDER}draw/{REGION}", {"seed": ""}, page=ORDER)
    assert "Enter the seed" in text_of(empty)
    officer.send(f"{ORDER}draw/{REGION}", {"seed": "4 8 15"}, page=ORDER)
    assert sorted(each.position or 0 for each in rows(Candidate)) == [1, 2]
    again = officer.send(f"{ORDER}draw/{REGION}", {"seed": "16"}, page=ORDER)
    assert again.status_code == 409
    ids = re.findall(r'id="([^"]+)"', officer.open(ORDER).text)
    assert len(ids) == len(set(ids))


def test_a_command_erases_in_time_and_says_when_it_is_too_early(app: Flask) -> None:
    nominate()
    words = ["elections", "erase-nominations", CODE]
    early = CliRunner().invoke(main, words, obj=ScriptInfo(create_app=lambda: app))
    assert (early.exit_code, nomination().sealed is None) == (1, False)
    admit()
    bring_to(Stage.PUBLISHED)
    with the_day(on(400)):
        done = CliRunner().invoke(main, words, obj=ScriptInfo(create_app=lambda: app))
    assert done.output == "Nominations erased: 1\n"
    assert nomination().sealed is None


def test_an_unknown_election_or_nomination_is_not_there(app: Flask) -> None:
    officer = Desk(app, "returning_officer")
    for path in (f"{LIST}9/", "/office/elections/XX-99/nominations/", "/office/elections/%00/ballot-order/"):
        assert officer.open(path).status_code == 404


def test_the_reply_desk_leads_to_a_nomination_and_offers_no_answer_while_it_is_undecided(app: Flask) -> None:
    nominate()
    desk, owed = Desk(app, "returning_officer"), f"/office/promises/{CODE}/"
    listed = desk.open(owed).text
    assert "Amina Yusuf" in listed
    assert 'name="pick"' not in listed
    assert "Answer together" not in listed
    assert "Answer it" not in desk.read(f"{owed}1/")
    assert "Move the due day" in desk.read(f"{owed}1/")
    receiving.withdraw(nominate("Boris Novak").code)
    mixed = desk.open(owed).text
    assert re.findall(r'name="pick" value="([0-9]+)"', mixed) == ["2"]
    assert "Answer together" in mixed
