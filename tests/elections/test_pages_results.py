"""Pages of stations and results: apart before they agree, secret before they are published, all of it afterwards."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import audit, clock
from core.db import db, write
from core.localized import Localized
from council.models import Member, SeatClass, SeatCount
from elections.counting import blt
from elections.models.results import Count, Station, StationEntry
from elections.queries.results import last_count
from elections.queries.tallies import count_commitment, gather
from elections.rules.stages import ActKind, Stage
from elections.rules.stations import Figures
from tests.accounts.browsers import Browser, text_of
from tests.city import STAFF, found_city, on_one_database, rows
from tests.elections.boxes import (
    STATIONS,
    enter_everywhere,
    ids,
    leipzig_boxes,
    open_stations,
    stand,
)
from tests.elections.city import CODE, act, bring_to, election, found_council, prepare_election, rules
from tests.office import Desk, sign_in

OFFICE = f"/office/elections/{CODE}"
PUBLIC = [
    f"/elections/{CODE}/{page}"
    for page in ("result/", "result.csv", "result-stations.csv", "result.json", "result.blt")
]


def prepare(rule_set: Any = None) -> None:
    found_city()
    found_council()
    prepare_election(rule_set)


def without_ties() -> dict[str, Figures]:
    """Leipzig's boxes, with the tied candidate 9 a little ahead."""
    return {key: replace(box, votes={**box.votes, ids()[8]: 310}) for key, box in leipzig_boxes().items()}


def publish() -> None:
    act(ActKind.COUNT)
    act(ActKind.FIND)
    act(ActKind.APPROVE, decided_on=clock.today().isoformat())
    act(ActKind.PUBLISH_RESULT)


def fields(box: Figures) -> dict[str, str]:
    return {
        "ballots": str(box.ballots),
        "invalid": str(box.invalid),
        "blank": str(box.blank),
        **{f"votes_{who}": str(votes) for who, votes in box.votes.items()},
    }


@on_one_database
def test_two_persons_enter_a_station_in_their_browsers_and_see_only_where_they_differ(app: Flask) -> None:
    prepare()
    stand(16)
    bring_to(Stage.CLOSED)
    first, second = Desk(app, "returning_officer"), Desk(app, "election_board")
    where = f"{OFFICE}/stations/town-hall/"
    first.send(
        f"{OFFICE}/stations/add",
        {"name": "Town hall", "key": "town-hall", "place": "Market 1"},
        page=f"{OFFICE}/stations/",
    )
    assert "Nothing entered" in first.read(f"{OFFICE}/stations/")
    votes = {who: 10 + n for n, who in enumerate(ids())}
    box = Figures(votes, sum(votes.values()))
    empty = first.send(f"{where}enter", {**fields(box), f"votes_{ids()[3]}": ""}, page=where)
    assert empty.status_code == 422
    assert "Write a whole number, 0 or more." in text_of(empty)
    assert rows(StationEntry) == []
    odd = {**fields(box), f"votes_{ids()[3]}": "٧٧"}
    first.send(f"{where}enter", odd, page=where)
    before = second.open(where).text
    assert "You see their figures only after you have entered yours." in text_of(second.open(where))
    assert ">77<" not in before
    assert 'value="77"' not in before
    second.send(f"{where}enter", fields(box), page=where)
    shown = second.read(where)
    assert "Where the two differ" in shown
    assert "Candidate 04" in shown.split("Correct your figures")[0]
    assert "Candidate 05" not in shown.split("Correct your figures")[0]
    assert "Figures differ" in first.read(f"{OFFICE}/stations/")
    third = Desk(app, "other returning_officer")
    assert "Enter your figures" not in third.read(where)
    refused = third.post(f"{where}enter", fields(box))
    assert refused.status_code == 409
    first.send(f"{where}enter", fields(box), page=where)
    assert "Both agree" in first.read(f"{OFFICE}/stations/")
    few = first.send(f"{where}enter", {**fields(box), "ballots": "9"}, page=where)
    assert few.status_code == 422
    assert "fewer than 10 ballots" in text_of(few)


def test_no_route_shows_votes_before_the_result_is_published(sqlite_app: Flask) -> None:
    app = sqlite_app
    prepare()
    stand(53)
    bring_to(Stage.CLOSED)
    open_stations()
    enter_everywhere(without_ties())
    act(ActKind.COUNT)
    act(ActKind.FIND)
    act(ActKind.APPROVE, decided_on=clock.today().isoformat())
    assert election().stage == Stage.APPROVED
    pages = [*PUBLIC, f"/elections/{CODE}/turnout/", f"{OFFICE}/result/", f"{OFFICE}/stations/market/"]
    seen = {}
    for who in ("", *STAFF):
        browser = Browser(app)
        if who:
            sign_in(browser, who)
        seen[who] = [page for page in pages if browser.get(page).status_code == 200]
        others = [f"/elections/{CODE}/lots/", "/ledger/", f"{OFFICE}/stations/"]
        for page in others:
            assert "1,550" not in browser.get(page).text, (who, page)
    readers = {"returning_officer", "other returning_officer", "election_board", "other election_board"}
    readers |= {"observer", "clerk", "other clerk"}
    for who, found in seen.items():
        assert found == (pages[-2:] if who in readers else []), who
    sheet = Desk(app, "observer").read(f"{OFFICE}/result/")
    assert "This is not public." in sheet
    assert "1,550" in sheet


@on_one_database
def test_the_published_result_says_who_has_which_seat_and_why(app: Flask) -> None:
    prepare()
    stand(53)
    bring_to(Stage.CLOSED)
    open_stations()
    enter_everywhere(without_ties())
    publish()
    page = Browser(app).get(f"/elections/{CODE}/result/")
    shown = text_of(page)
    assert page.status_code == 200
    assert "Seat 1 · " in shown
    assert "Candidate 01 has most votes: 2,000." in shown
    assert "Who follows when a seat falls vacant" in shown
    for language in ("de", "ar"):
        assert Browser(app).get(f"/{language}/elections/{CODE}/result/").status_code == 200
    told = json.loads(Browser(app).get(f"/elections/{CODE}/result.json").text)
    assert told["result"] == rows(Count)[0].result
    assert told["input"] == rows(Count)[0].input_digest
    lines = Browser(app).get(f"/elections/{CODE}/result.csv").text.splitlines()
    assert len(lines) == 54
    assert lines[1].split(",")[1:4] == ["Candidate 01", "2000", "1"]
    assert Browser(app).get(f"/elections/{CODE}/result.blt").status_code == 404
    assert Browser(app).get("/elections/nonsense%00/result/").status_code == 404


@on_one_database
def test_each_station_is_published_with_what_opens_its_commitments(app: Flask) -> None:
    prepare()
    stand(53)
    bring_to(Stage.CLOSED)
    open_stations()
    enter_everywhere(without_ties())
    publish()
    page = text_of(Browser(app).get(f"/elections/{CODE}/result/"))
    assert "Station by station" in page
    assert "fewer than 10 ballots is added up with others" in page
    lines = Browser(app).get(f"/elections/{CODE}/result-stations.csv").text.splitlines()
    assert len(lines) == 6
    assert lines[0].endswith("Candidate 53")
    boxes = without_ties()
    chain = json.loads(Browser(app).get(f"/elections/{CODE}/chain.json").text)["entries"]
    entered = [json.loads(each["facts"]) for each in chain if each["tag"] == "elections:station:enter"]
    committed = {(each["station"], each["commitment"]) for each in entered}
    told = json.loads(Browser(app).get(f"/elections/{CODE}/result.json").text)["stations"]
    assert [each["stations"] for each in told] == [[key] for key in STATIONS]
    for each in told:
        (key,) = each["stations"]
        figures = {name: each[name] for name in ("votes", "ballots", "invalid", "blank")}
        assert figures == boxes[key].to_plain()
        for salt in each["salts"]:
            assert (key, audit.commit_to(bytes.fromhex(salt), figures)) in committed


@on_one_database
def test_small_stations_are_published_added_up_and_without_salts(app: Flask) -> None:
    prepare(replace(rules(), minimum_paper_ballots=1))
    stand(16)
    bring_to(Stage.CLOSED)
    open_stations(("market", "school", "theatre"))
    small = Figures(dict.fromkeys(ids(), 0) | {ids()[0]: 7}, ballots=7)
    large = Figures({who: 10 + n for n, who in enumerate(ids())}, ballots=171)
    larger = Figures({who: 20 + n for n, who in enumerate(ids())}, ballots=271)
    enter_everywhere({"market": larger, "school": small, "theatre": large})
    publish()
    told = json.loads(Browser(app).get(f"/elections/{CODE}/result.json").text)["stations"]
    assert [(each["stations"], each["ballots"], len(each["salts"])) for each in told] == [
        (["market"], 271, 2),
        (["school", "theatre"], 178, 0),
    ]
    assert "School + Theatre" in text_of(Browser(app).get(f"/elections/{CODE}/result/"))
    assert (
        "School + Theatre,178,0,0,17,11," in Browser(app).get(f"/elections/{CODE}/result-stations.csv").text
    )


@on_one_database
def test_the_minutes_show_what_a_count_was_committed_to_with(app: Flask) -> None:
    prepare()
    stand(53)
    bring_to(Stage.CLOSED)
    open_stations()
    enter_everywhere(without_ties())
    act(ActKind.COUNT)
    commitment = count_commitment(rows(Count)[0])
    minutes = Browser(app).get(f"/elections/{CODE}/minutes/").text
    assert commitment in minutes.replace("<wbr>", "")
    assert "1,550" not in minutes


@on_one_database
def test_factions_name_whom_they_send_before_the_result_is_published(app: Flask) -> None:
    prepare()
    bring_to(Stage.CALLED)
    desk, page = Desk(app, "returning_officer"), f"{OFFICE}/stations/"
    empty = {"seat_class": "factions", "organisation": "Greens", "person": " "}
    assert desk.send(f"{page}delegates", empty, page=page).status_code == 422
    hostile = {**empty, "seat_class": "europe-1", "person": "<b>Ada</b>"}
    assert desk.send(f"{page}delegates", hostile, page=page).status_code == 422
    assert desk.send(f"{page}delegates", {**empty, "person": "<b>Ada</b>"}, page=page).status_code == 302
    shown = desk.open(page)
    assert "<b>Ada</b>" in text_of(shown)
    assert "<b>Ada</b>" not in shown.text


@on_one_database
def test_a_tie_is_announced_drawn_and_counted_again_from_the_count_page(app: Flask) -> None:
    prepare()
    stand(53)
    bring_to(Stage.CLOSED)
    open_stations()
    enter_everywhere(leipzig_boxes())
    act(ActKind.COUNT)
    desk, page = Desk(app, "returning_officer"), f"{OFFICE}/result/"
    assert "A lot must be drawn" in desk.read(page)
    short = desk.send(f"{page}ties/1/announce", {"way": "hand", "source": " "}, page=page)
    assert short.status_code == 422
    desk.send(f"{page}ties/1/announce", {"way": "hand", "source": "Town hall, at noon."}, page=page)
    people = ids()
    wrong = {"order": f"{people[8]}", "witnesses": "A. Amari"}
    assert desk.send(f"{page}ties/1/draw", wrong, page=page).status_code == 422
    right = {"order": f"{people[16]}, {people[8]}", "witnesses": "A. Amari"}
    desk.send(f"{page}ties/1/draw", right, page=page)
    assert "Count again first." in desk.read(page)
    lots = Browser(app).get(f"/elections/{CODE}/lots/").text
    assert "1500" not in lots
    assert "1,500" not in lots
    assert desk.post(f"{page}ties/7/draw", right).status_code in (404, 422)
    act(ActKind.COUNT)
    shown = last_count(db.session(), election(), "en")
    assert shown is not None
    assert shown.result.complete
    assert people[16] in shown.result.elected
    assert people[8] not in shown.result.elected


@on_one_database
def test_while_people_vote_only_a_total_is_public_and_it_never_falls(app: Flask) -> None:
    prepare()
    stand(16)
    bring_to(Stage.VOTING)
    open_stations(("market", "school"))
    public = f"/elections/{CODE}/turnout/"
    assert "No station has reported yet." in text_of(Browser(app).get(public))
    desk = Desk(app, "election_board")
    for key, ballots in (("market", "120"), ("school", "34"), ("market", "150")):
        desk.send(f"{OFFICE}/stations/{key}/turnout", {"ballots": ballots}, page=f"{OFFICE}/stations/{key}/")
    where = f"{OFFICE}/stations/market/"
    assert desk.send(f"{where}turnout", {"ballots": "149"}, page=where).status_code == 422
    shown = text_of(Browser(app).get(public))
    assert "184" in shown
    assert "150" not in shown
    assert "34" not in shown.replace("184", "")
    bring_to(Stage.CLOSED)
    assert Browser(app).get(public).status_code == 404


@on_one_database
def test_ranked_ballots_come_as_a_blt_file_and_go_out_as_one(app: Flask) -> None:
    prepare(rules("stv"))
    one_elected_class()
    stand(8, groups=False)
    bring_to(Stage.CLOSED)
    open_stations(("market", "school"))
    seats = rules("stv").counting.seats
    names = "\n".join(f'"Candidate {n:02}"' for n in range(1, 9))
    ballots = "\n".join(f"{5 + n} {n} {n % 8 + 1} {(n + 2) % 8 + 1} 0" for n in range(1, 9))
    text = f'8 {seats}\n{ballots}\n0\n{names}\n"Box"\n'
    total = str(sum(5 + n for n in range(1, 9)) + 3)
    for key in ("market", "school"):
        where = f"{OFFICE}/stations/{key}/"
        for who in ("returning_officer", "election_board"):
            desk = Desk(app, who)
            sent = {"ballots": total, "invalid": "2", "blank": "1", "rankings": text}
            hostile = desk.send(f"{where}enter", {**sent, "rankings": "1 2 x"}, page=where)
            assert hostile.status_code == 422
            other = desk.send(
                f"{where}enter", {**sent, "rankings": text.replace("Candidate 03", "Eve")}, page=where
            )
            assert other.status_code == 422
            assert desk.send(f"{where}enter", sent, page=where).status_code == 302
    publish()
    page = Browser(app).get(f"/elections/{CODE}/result/")
    assert "The stages of the count" in text_of(page)
    assert "Stage 1" in text_of(page)
    stations = json.loads(Browser(app).get(f"/elections/{CODE}/result.json").text)["stations"]
    for each in stations:  # first choices alone: a whole ranking can be as rare as a signature
        assert sorted(each["votes"].values()) == [5 + n for n in range(1, 9)]
        assert set(each["votes"]) == set(ids())
        assert each["salts"] == []
    out = blt.read(Browser(app).get(f"/elections/{CODE}/result.blt").text)
    assert list(out.names) == [f"Candidate {n:02}" for n in range(1, 9)]
    assert sum(number for _ranking, number in out.ballots) == 2 * (int(total) - 3)
    assert rows(Member)


def one_elected_class() -> None:
    """A council whose elected seats are one class, instead of one for each region."""
    body_id = election().body_id
    with write() as session:
        for each in session.scalars(select(SeatClass).where(SeatClass.way == "elected")):
            each.way = "appointed"
        name = Localized.original("en", "All")
        found = SeatClass(body_id=body_id, key="all", way="elected", name=name, position=99)
        session.add(found)
        session.flush()
        session.add(SeatCount(seat_class_id=found.id, from_on=clock.today(), seats=50, reason=Localized()))


@pytest.mark.parametrize("backwards", [False, True])
@on_one_database
def test_the_digest_is_the_same_whatever_the_order_of_rows(app: Flask, backwards: bool) -> None:
    prepare()
    stand(53, backwards=backwards)
    bring_to(Stage.CLOSED)
    open_stations(STATIONS[::-1] if backwards else STATIONS)
    boxes = leipzig_boxes()
    enter_everywhere(dict(reversed(boxes.items())) if backwards else boxes)
    assert len(rows(Station)) == 5
    assert gather(db.session(), election()).digest == DIGEST


DIGEST = "d296bd3d7e9b9f8692dba0010661dd95a278c18b120ed666c0c00d6c534355f6"
"""Of Leipzig's boxes: it changes only when what a count is made from does."""


@on_one_database
def test_stations_and_count_say_once_which_page_this_is(app: Flask) -> None:
    prepare()
    bring_to(Stage.CLOSED)
    desk = Desk(app, "returning_officer")
    for page, name in (("stations/", "Stations"), ("result/", "Count")):
        html = desk.open(f"{OFFICE}/{page}").text
        assert re.findall(r'aria-current="page">([^<]+)<', html) == [name]
        assert re.findall(r'<li><a href="[^"]+" aria-current="true">([^<]+)<', html) == [
            "Stations and results"
        ]
