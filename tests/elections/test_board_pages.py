"""The ballot board and the desk of the online vote, over HTTP: cast, find, download, hand in files, decrypt."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import QueuePool

from core.db import db
from elections.ballot import canonical
from elections.ballot.board import credential_key
from elections.ballot.replacements import Change, Record
from elections.models.urn import Urn, UrnEvent
from elections.rules.stages import ActKind, Stage
from elections.verify import verify
from tests.accounts.browsers import hidden_fields
from tests.city import found_city, rows
from tests.elections.boxes import stand
from tests.elections.city import CODE, act, bring_to, found_council, prepare_election, rules
from tests.elections.voters import AFTER, VOTING, Town, at, open_town, ready_town, work
from tests.office import Desk

BALLOTS = f"/en/elections/{CODE}/ballots"
BOARD = f"/en/elections/{CODE}/board/"
DESK = f"/office/elections/{CODE}/urn/"


def cast(client: FlaskClient, ballot: bytes, kind: str = "application/json") -> tuple[int, dict[str, object]]:
    answer = client.post(BALLOTS, data=ballot, content_type=kind)
    return answer.status_code, answer.get_json(silent=True) or {}


def test_a_ballot_sent_by_the_booth_stands_on_the_board_for_everybody(
    app: Flask, client: FlaskClient
) -> None:
    town = open_town()
    with at(VOTING):
        status, done = cast(client, town.ballot(0, 1))
        assert status == 200
        assert cast(client, town.ballot(0, 2))[0] == 200
    page = client.get(BOARD).get_data(as_text=True)
    assert str(done["tracker"]) in page
    mine = client.get(BOARD, query_string={"tracker": done["tracker"]})
    assert mine.status_code == 200
    assert "does not count, since its voter voted again" in mine.get_data(as_text=True)
    unknown = client.get(BOARD, query_string={"tracker": "x" * 43})
    assert unknown.status_code == 404
    assert "No ballot with this tracker" in unknown.get_data(as_text=True)


def test_the_live_archive_is_checked_by_the_verifier_and_only_grows(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    town = open_town()
    with at(VOTING):
        cast(client, town.ballot(0, 1))
        first = client.get(f"/en/elections/{CODE}/board.bel").get_data()
        cast(client, town.ballot(1, 2))
    second = client.get(f"/en/elections/{CODE}/board.bel").get_data()
    assert second.startswith(first)
    assert len(second) > len(first)
    bundle = tmp_path / "board.bel"
    bundle.write_bytes(second)
    assert verify(bundle).sound


def test_whoever_downloads_the_board_gives_the_database_back(app: Flask, client: FlaskClient) -> None:
    open_town()
    with at(VOTING):
        for _ in range(3):
            assert client.get(f"/en/elections/{CODE}/board.bel").get_data()
    db.session.remove()
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0


def test_each_ballot_the_question_and_the_use_of_a_code_can_be_looked_up(
    app: Flask, client: FlaskClient
) -> None:
    town = open_town()
    ballot = town.ballot(0, 1)
    with at(VOTING):
        _status, done = cast(client, ballot)
    assert client.get(f"{BOARD}{canonical.digest(ballot)}.json").get_data() == ballot
    assert client.get(f"{BOARD}election.json").get_data() == town.election.message
    used = [
        client.get(f"{BOARD}credentials/{credential_key(number.encode()).hex()}.json").get_json()
        for number in town.numbers[:2]
    ]
    assert used == [
        {"used": True, "tracker": done["tracker"], "state": "listed", "replaced": False},
        {"used": False, "tracker": None, "state": "listed", "replaced": False},
    ]
    unknown = client.get(f"{BOARD}credentials/{'0' * 32}.json").get_json()
    assert unknown == {"used": False, "tracker": None, "state": None, "replaced": False}
    assert client.get(f"{BOARD}credentials/short.json").status_code == 404


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_only_a_json_message_is_a_ballot(app: Flask, client: FlaskClient, kind: str) -> None:
    town = open_town()
    with at(VOTING):
        status, _answer = cast(client, town.ballot(0, 1), kind)
    assert status == 415
    assert [row.kind for row in rows(UrnEvent)] == ["Setup"]


@pytest.mark.parametrize("garbage", [b"", b"{}", b"[1]", b"\xff", b"{" * 100_000, b"9" * 10_000])
def test_garbage_gets_a_code_and_a_sentence_and_changes_nothing(
    app: Flask, client: FlaskClient, garbage: bytes
) -> None:
    open_town()
    with at(VOTING):
        status, answer = cast(client, garbage)
    assert status == 422
    assert answer["code"]
    assert answer["message"]
    assert [row.kind for row in rows(UrnEvent)] == ["Setup"]


def test_after_closing_the_answer_says_when_it_closed_in_the_readers_language(
    app: Flask, client: FlaskClient
) -> None:
    town = open_town()
    with at(AFTER):
        answer = client.post(
            BALLOTS.replace("/en/", "/de/"), data=town.ballot(0, 1), content_type="application/json"
        )
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "urn_closed"
    assert "19. März 2028" in answer.get_json()["message"]


def test_nobody_sees_a_board_before_voting_opens_or_where_nobody_votes_online(
    app: Flask, client: FlaskClient
) -> None:
    found_city()
    found_council()
    prepare_election()
    stand(4)
    bring_to(Stage.READY)
    assert client.get(BOARD).status_code == 404
    Town().prepare()
    for path in (BOARD, f"/en/elections/{CODE}/board.bel", f"{BOARD}election.json"):
        assert client.get(path).status_code == 404


# The desk --------------------------------------------------------------------------------------------------------------


def hand_in(desk: Desk, verb: str, *files: bytes) -> tuple[int, str]:
    """Choose files on the desk and send them; the status, and the text of the page that comes back."""
    token = hidden_fields(desk.open(DESK))["csrf_token"]
    sent = [(io.BytesIO(data), f"file-{at}.json") for at, data in enumerate(files)]
    answer = desk.browser.client.post(
        DESK + verb,
        data={"csrf_token": token, **({"file": sent} if sent else {})},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    return answer.status_code, answer.get_data(as_text=True)


def test_the_desk_leads_from_keys_to_the_decrypted_vote(app: Flask, client: FlaskClient) -> None:
    town = ready_town()
    desk = Desk(app, "returning_officer")
    status, page = hand_in(desk, "prepare", town.keys, town.listed, canonical.write(town.spares))
    assert status == 200
    assert "Prepared: voting can open" in page
    with at(VOTING):
        act(ActKind.OPEN_VOTING)
        record = Record(town.uuid).added(
            VOTING.date(), Change.REPLACED, old=town.numbers[0], new=town.spares[0]
        )
        assert "New entries taken: 1." in hand_in(desk, "follow", record.write())[1]
        assert cast(client, town.ballot(0, 1))[1]["code"] == "credential_revoked"
        lost, spare = (
            client.get(f"{BOARD}credentials/{credential_key(number.encode()).hex()}.json").get_json()
            for number in (town.numbers[0], town.spares[0])
        )
        assert (lost["state"], lost["replaced"], spare["state"]) == ("revoked", True, "listed")
        cast(client, town.ballot(3, 1))
    with at(AFTER):
        act(ActKind.CLOSE_VOTING)
    assert "Being multiplied since" in hand_in(desk, "multiply")[1]
    work()
    assert "Multiplied: the trustees decrypt" in desk.read(DESK)
    for owner, part in town.parts():
        content = {"election": town.uuid, "owner": owner, "partial_decryption": json.loads(part)}
        status, page = hand_in(desk, "take-part", canonical.write(content))
        assert status == 200
    assert "The online vote is decrypted." in page
    assert client.get(f"{BOARD}replacements.json").get_data() == record.write()


@pytest.mark.parametrize(
    ("verb", "files"),
    [
        ("prepare", (b"[]",)),
        ("prepare", (b"nonsense", b"{}", b"\xff\x00")),
        ("prepare", ()),
        ("follow", (b"{}",)),
        ("take-part", (b"{}",)),
    ],
)
def test_files_that_are_not_what_they_should_be_change_nothing(
    app: Flask, verb: str, files: tuple[bytes, ...]
) -> None:
    ready_town()
    desk = Desk(app, "returning_officer")
    status, page = hand_in(desk, verb, *files)
    assert status in (409, 422)
    assert "your attention" in page
    (urn,) = rows(Urn)
    assert urn.state == "begun"


# The booth -------------------------------------------------------------------------------------------------------------


def test_the_booth_is_told_whom_each_place_on_the_ballot_stands_for(app: Flask, client: FlaskClient) -> None:
    town = open_town()
    page = client.get(f"/ar/elections/{CODE}/vote/")
    assert page.status_code == 200
    assert "connect-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    told = client.get(f"/ar/elections/{CODE}/vote/booth.json").get_json()
    assert (told["language"], told["direction"]) == ("ar", "rtl")
    (question,) = told["questions"]
    slots = {each["slot"]: each["name"] for group in question["groups"] for each in group["candidates"]}
    assert [slots[slot] for slot in sorted(slots)] == list(town.election.questions[0].answers)
    assert told["board"].endswith(f"/elections/{CODE}/board/")


def test_there_is_no_booth_before_voting_opens(app: Flask, client: FlaskClient) -> None:
    ready_town().prepare()
    for path in ("vote/", "vote/booth.json"):
        assert client.get(f"/en/elections/{CODE}/{path}").status_code == 404


@pytest.mark.parametrize(
    ("preset", "method"),
    [
        ("cumulative", "Most votes, several for one candidate"),
        ("stv", "Candidates ranked by the voter (Scottish rule)"),
    ],
)
def test_rules_that_stay_on_paper_are_told_on_the_desk_before_anybody_begins(
    app: Flask, preset: str, method: str
) -> None:
    found_city()
    found_council()
    prepare_election(rules(preset))
    bring_to(Stage.READY)
    desk = Desk(app, "returning_officer")
    text = desk.read(DESK)
    assert "This election is held on paper." in text
    assert f"The rules count by this method: {method}." in text
    assert "Begin the online vote" not in text
    refusal = desk.post(f"{DESK}begin")
    assert refusal.status_code == 422
    assert method in refusal.get_data(as_text=True)
    assert rows(Urn) == []
