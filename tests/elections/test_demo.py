"""The election of the demo city: what its files promise, and that its whole history can be played."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.commands import audit
from app.demo import elections as demo
from app.demo import load, tenants
from core import clock
from core.db import db
from council.models import Member, Successor
from elections.ballot import ballots, credentials
from elections.ballot.board import credential_key
from elections.ballot.questions import Election as Asked
from elections.ballot.questions import read_election
from elections.counting.count import count
from elections.counting.lots import Lots
from elections.models.elections import Election
from elections.models.nominations import Nomination
from elections.models.objections import Objection
from elections.models.results import Count
from elections.models.roll import RollEntry
from elections.rules.deadlines import Step, check_timetable
from elections.rules.stages import Stage
from elections.sealing import open_sealed
from elections.trustee import PURPOSE
from elections.verify import verify
from followup.models import Promise
from tests.city import rows

TODAY = date(2027, 9, 14)


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    return load.read("elections")


def test_fifty_three_stand_in_eight_regions_each_with_more_candidates_than_seats(
    facts: dict[str, Any],
) -> None:
    rules = demo.rule_set(facts)
    regions = [each["region"] for each in facts["candidates"]]
    assert len(facts["candidates"]) == len({each["name"] for each in facts["candidates"]}) == 53
    assert list(dict.fromkeys(regions)) == [group.key for group in rules.groups]
    assert all(regions.count(key) > seats for key, seats in rules.counting.seats_per_group.items())


def test_everybody_says_something_short_in_three_languages(facts: dict[str, Any]) -> None:
    for each in facts["candidates"]:
        assert set(each) - {"mending"} == {"region", "name", "language", "votes", "statement"}
        assert set(each["statement"]) == {"en", "de", "ar"}
        assert each["language"] in each["statement"]
        assert all(0 < len(said) <= 160 for said in each["statement"].values())


def test_no_polling_place_reports_more_votes_than_its_ballots_have(facts: dict[str, Any]) -> None:
    for place, station in enumerate(facts["stations"]):
        valid = station["ballots"] - station["invalid"]
        votes = [each["votes"][place] for each in facts["candidates"]]
        assert max(votes) <= valid
        assert sum(votes) <= 3 * valid


def test_exactly_one_seat_waits_for_a_lot(facts: dict[str, Any]) -> None:
    rules, tally = demo.rule_set(facts), demo.tally(facts)
    undecided = count(rules.counting, tally)
    (tie,) = undecided.ties
    assert sum(seat.undecided for seat in undecided.seats) == 1
    decided = count(rules.counting, tally, Lots(drawn={tie.key: tie.names}))
    assert all(seat.holder for seat in decided.seats)
    assert len(decided.seats) == 16


@pytest.mark.parametrize("start", range(0, 400, 13))
def test_its_days_are_in_order_whenever_the_demo_starts(facts: dict[str, Any], start: int) -> None:
    today = TODAY + timedelta(start)
    rules, day = demo.rule_set(facts), demo.election_day(facts, today)
    days = rules.timetable(day, ())
    assert rules.problems() == []
    check_timetable(days)
    assert day.weekday() == 6
    assert days[Step.ROLL_DELETED] < day + timedelta(facts["days"]["concluded"]) < today


@pytest.mark.parametrize("start", range(0, 400, 13))
def test_the_second_one_takes_nominations_whenever_the_demo_starts(start: int) -> None:
    today = TODAY + timedelta(start)
    facts = load.read("tenants")["election"]
    rules, day = tenants.rule_set(facts, 7, today), demo.election_day(facts, today)
    days = rules.timetable(day, ())
    assert rules.problems() == []
    check_timetable(days)
    assert days[Step.NOMINATIONS_OPEN] < today < days[Step.NOMINATIONS_CLOSE]


def test_six_delegates_come_from_six_factions() -> None:
    council = load.read("council")
    factions = [each["faction"] for each in council["delegates"]]
    assert len(set(factions)) == len(factions) == council["factions"]["seats"] == 6


@pytest.fixture
def played(app: Flask) -> load.Founded:
    return load.load()


def test_the_whole_history_plays_to_its_end_and_no_link_leads_nowhere(
    played: load.Founded, client: FlaskClient, tmp_path: Path
) -> None:
    found = {each.code: each for each in rows(Election)}
    assert {code: each.stage for code, each in found.items()} == {
        "MC-26": Stage.CONCLUDED,
        "TB-26": Stage.CALLED,
        "WH-26": Stage.CONCLUDED,
        "SH-26": Stage.VOTING,
    }
    finished, running = found["MC-26"], found["TB-26"]
    states = Counter((each.election_id, each.state) for each in rows(Nomination))
    assert states == {
        (finished.id, "admitted"): 53,
        (finished.id, "refused"): 1,
        (running.id, "admitted"): 2,
        (running.id, "received"): 1,
        (running.id, "mending"): 1,
        (found["WH-26"].id, "admitted"): 6,
        (found["SH-26"].id, "admitted"): 6,
    }
    assert sorted((each.election_id, each.complete) for each in rows(Count)) == sorted(
        [(finished.id, False), (finished.id, True), (found["WH-26"].id, True)]
    )
    assert {each.election_id for each in rows(RollEntry)} == {found["SH-26"].id}
    members = rows(Member)
    assert len(members) == 16 + 6 + 3
    assert [each.name for each in members if each.office == "chair"] == ["Oksana Melnychenko"]
    assert len(rows(Successor)) == 53 - 16 + 6 - 3
    assert [each.effect for each in rows(Objection)] == ["none"]
    newcomers_can_vote(played, client)
    anybody_can_check_the_finished_vote(client, tmp_path / "board.bel", load.read("online"))
    late = [each for each in rows(Promise) if each.answered_on is None and each.due_on < clock.today()]
    assert not [each for each in late if each.register_id in (finished.register_id, running.register_id)]
    results, missing = audit.check(db.session())
    assert not missing
    assert not [result for result in results if result.finding]
    assert dead_links(client, "/en/elections/", "/en/council/") == []


def newcomers_can_vote(played: load.Founded, client: FlaskClient) -> None:
    """With a code that the terminal prints; it was not used before, and its ballot stands on the board afterwards."""
    (vote,) = played.votes
    code, drawn = vote.election, vote.codes
    assert (code, len(set(drawn))) == ("SH-26", 5)
    assert client.get(f"/en/elections/{code}/station/{vote.station}/").status_code == HTTPStatus.OK
    opened = [open_sealed(each, PURPOSE, [vote.passphrase]) for each in played.keys[code]]
    assert [json.loads(each)["index"] for each in opened] == [1, 2, 3]
    asked = read_election(client.get(f"/en/elections/{code}/board/election.json").data)
    secret = credentials.secret_exponent(asked.uuid, drawn[0])
    used = f"/en/elections/{code}/board/credentials/{key_of(asked, drawn[0])}.json"
    assert client.get(used).get_json()["used"] is False
    ballot = ballots.make_ballot(asked, secret, [[0, 1, 1, 0, 0, 0, 0]])
    sent = {"data": ballot, "content_type": "application/json"}
    answer = client.post(f"/en/elections/{code}/ballots", **sent).get_json()
    assert client.get(used).get_json().items() >= {"used": True, "tracker": answer["tracker"]}.items()


def key_of(asked: Asked, code: str) -> str:
    """As the booth asks for a code's credential."""
    return credential_key(asked.group.write(credentials.public_credential(asked.uuid, code)).encode()).hex()


def anybody_can_check_the_finished_vote(client: FlaskClient, bundle: Path, houses: Mapping[str, Any]) -> None:
    """The archive passes the verifier, and its result is what the file says, the first voter's second ballot for the first."""
    bundle.write_bytes(client.get("/en/elections/WH-26/board.bel").data)
    assert verify(bundle).sound
    facts = houses["elections"][0]
    counted = [facts["again"], *facts["ballots"][1:]]
    votes = Counter(facts["candidates"][place - 1]["name"] for names in counted for place in names)
    shown = client.get("/en/elections/WH-26/result.json").get_json()
    assert {shown["names"][each]: number for each, number in shown["result"]["votes"].items()} == votes


def dead_links(client: FlaskClient, *starts: str) -> list[str]:
    """Every address below ``starts`` that their pages, and the pages they link to, lead to and that is not there."""
    ahead, seen, dead = list(starts), set(starts), []
    while ahead:
        address = ahead.pop()
        answer = client.get(address)
        page = answer.get_data()
        if answer.status_code != HTTPStatus.OK:
            dead.append(address)
        if answer.mimetype != "text/html":
            continue
        found = {each.decode() for each in re.findall(rb'href="(/en/[^"#?]+)', page)}
        new = {each for each in found - seen if each.startswith(starts) and not each.endswith(".pdf")}
        seen |= new
        ahead += sorted(new)
    return dead
