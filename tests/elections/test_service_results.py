"""From five stations to a seated council: entered by two apart, counted, found, approved, published."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.commands.audit import check
from core import clock
from core.db import db, write
from council.models import Member, Successor, Term
from elections.models.results import Count, StationEntry, StationResult
from elections.queries.elections import find_election
from elections.queries.results import last_count
from elections.queries.tallies import gather
from elections.rules.stages import ActKind, Stage
from elections.services.lots import announce_lot, draw_lot
from elections.services.stations import (
    add_station,
    enter_station_results,
    name_delegate,
    report_turnout,
)
from tests.city import entries, found_city, refused, rows, staff
from tests.elections.boxes import (
    ENTERING,
    enter_everywhere,
    ids,
    leipzig_boxes,
    open_stations,
    stand,
)
from tests.elections.city import CODE, act, bring_to, election, found_council, prepare_election

FACTIONS = ("Greens", "Left", "Social Democrats", "Union")


@pytest.fixture(autouse=True)
def closed(app: Flask) -> None:
    """Leipzig's shape: 53 candidates in eight regions, five stations, voting is over."""
    found_city()
    found_council()
    prepare_election()
    stand(53)
    bring_to(Stage.CLOSED)
    open_stations()


def test_a_leipzig_election_runs_from_its_stations_to_a_seated_council() -> None:
    officer = staff("returning_officer")
    for faction in FACTIONS:
        name_delegate(CODE, "factions", faction, f"Delegate of {faction}", officer)
    with refused("missing_stations_reconciled"):
        act(ActKind.COUNT)
    enter_everywhere(leipzig_boxes())
    act(ActKind.COUNT)

    (first,) = rows(Count)
    people = ids()
    shown = last_count(db.session(), election(), "en")
    assert shown is not None
    (tie,) = shown.waiting
    assert not first.complete
    assert set(tie.names) == {people[8], people[16]}
    with refused("missing_count_complete"):
        act(ActKind.FIND)

    purpose = shown.purposes[tie.key]
    assert purpose == f"tie:candidates:{tie.where}:{people[8]}-{people[16]}"
    announce_lot(CODE, purpose, "seed", "The state lottery of 25 March.", officer)
    order = draw_lot(CODE, purpose, tie.names, officer, seed="6 49 12 33 21 8")
    with refused("missing_count_complete", "missing_count_current"):
        act(ActKind.FIND)
    act(ActKind.COUNT)
    act(ActKind.FIND)
    with refused("missing_decision_day"):
        act(ActKind.APPROVE, decided_on="2999-01-01")
    with refused("missing_decision_day"):
        act(ActKind.APPROVE)
    act(ActKind.APPROVE, decided_on=clock.today().isoformat())
    act(ActKind.PUBLISH_RESULT)

    found = election()
    assert (found.stage, found.published_on) == (Stage.PUBLISHED, clock.today())
    members = rows(Member)
    elected = [each for each in members if each.source_kind == "elections.candidate"]
    assert len(elected) == 16
    assert {str(each.source_id) for each in elected} >= {people[0], order[0]}
    assert order[1] not in {str(each.source_id) for each in elected}
    assert [each.organisation for each in members if each.source_kind == "elections.delegate"] == [*FACTIONS]
    assert len(rows(Successor)) == 53 - 16
    shown = last_count(db.session(), found, "en")
    assert shown is not None
    assert shown.result.complete
    assert [each.decided_by for each in shown.result.ties] == ["seed"]


def test_the_minutes_never_say_how_many_votes_anybody_has() -> None:
    enter_everywhere(leipzig_boxes())
    act(ActKind.COUNT)
    said = "".join(entry.facts for entry in [*entries("elections:station:%"), *entries("elections:act:%")])
    assert '"commitment"' in said
    for secret in ('"votes"', '"ballots"', ":2000", ":1500", '"result"', '"valid"'):
        assert secret not in said


def test_two_persons_enter_apart_and_each_corrects_only_their_own() -> None:
    box = leipzig_boxes()["market"]
    wrong = replace(box, invalid=box.invalid + 1, blank=box.blank - 1)
    assert not enter_station_results(CODE, "market", wrong, staff("returning_officer"))
    assert not enter_station_results(CODE, "market", box, staff("election_board"))
    assert rows(StationResult) == []
    with refused("station_two_entered"):
        enter_station_results(CODE, "market", box, staff("other returning_officer"))
    assert enter_station_results(CODE, "market", box, staff("returning_officer"))
    assert [(each.person, each.attempt) for each in rows(StationEntry)] == [(1, 1), (2, 1), (1, 2)]
    assert [entry.tag for entry in entries("elections:station:reconcile")] == ["elections:station:reconcile"]
    assert enter_station_results(CODE, "market", box, staff("election_board"))
    assert len(rows(StationEntry)) == 3
    assert not enter_station_results(CODE, "market", wrong, staff("election_board"))
    assert rows(StationResult) == []


def test_a_correction_after_the_count_asks_for_a_new_count() -> None:
    boxes = leipzig_boxes()
    people = ids()
    for key, box in boxes.items():
        boxes[key] = replace(box, votes={**box.votes, people[8]: 310})
    enter_everywhere(boxes)
    act(ActKind.COUNT)
    market = boxes["market"]
    for who in ENTERING:
        changed = replace(market, votes={**market.votes, people[1]: market.votes[people[1]] - 1})
        enter_station_results(CODE, "market", changed, staff(who))
    with refused("missing_count_current"):
        act(ActKind.FIND)
    act(ActKind.COUNT)
    act(ActKind.FIND)
    assert [each.number for each in rows(Count)] == [1, 2]


def test_the_same_votes_give_the_same_count_whatever_the_order_of_rows() -> None:
    enter_everywhere(dict(reversed(leipzig_boxes().items())))
    act(ActKind.COUNT)
    first = gather(db.session(), election())
    act(ActKind.COUNT)
    one, other = rows(Count)
    assert (one.input_digest, one.result) == (other.input_digest, other.result)
    assert first.digest == one.input_digest


def test_a_result_that_is_sent_back_is_counted_anew() -> None:
    boxes = leipzig_boxes()
    enter_everywhere({key: replace(box, votes={**box.votes, ids()[8]: 310}) for key, box in boxes.items()})
    act(ActKind.COUNT)
    act(ActKind.FIND)
    act(ActKind.SEND_BACK, reason="The school counted a bag twice.")
    assert election().stage == Stage.CLOSED
    act(ActKind.COUNT)
    act(ActKind.FIND)
    assert [each.number for each in rows(Count)] == [1, 2]


def test_what_was_entered_and_counted_stays_in_the_database() -> None:
    enter_everywhere(leipzig_boxes())
    act(ActKind.COUNT)
    for statement in (
        "update elections_station_entry set ballots = ballots + 1",
        "delete from elections_station_entry",
        "update elections_count set number = 9",
        "delete from elections_count",
        "delete from elections_station",
    ):
        with pytest.raises(DBAPIError), write() as session:
            session.execute(text(statement))
        db.session.rollback()


def finding() -> str | None:
    """What the audit check says of the election's register."""
    checked, _missing = check(db.session())
    found = next(each.finding for each in checked if each.chain == f"register:{CODE}")
    return found.code if found else None


def test_the_audit_check_opens_what_the_minutes_committed_to_of_stations_and_counts() -> None:
    enter_everywhere(leipzig_boxes())
    act(ActKind.COUNT)
    assert finding() is None
    (count,) = rows(Count)
    forged = {"election_id": count.election_id, "act_id": count.act_id - 1, "number": 2, "complete": True}
    with write() as session:
        session.add(Count(**forged, input_digest=count.input_digest, result=count.result, salt=b"7" * 16))
    assert finding() == "counted"


def test_figures_that_were_put_beside_what_two_persons_entered_are_found() -> None:
    enter_everywhere(leipzig_boxes())
    entry = rows(StationEntry)[0]
    kept = {
        name: getattr(entry, name) for name in ("station_id", "person", "account_id", "entered_on", "salt")
    }
    figures = {"votes": {**entry.votes, ids()[0]: 401}, "ballots": entry.ballots, "invalid": 4, "blank": 3}
    with write() as session:
        session.add(StationEntry(**kept, **figures, attempt=2))
    assert finding() == "figures"


def test_stations_delegates_and_turnout_have_their_time() -> None:
    officer = staff("returning_officer")
    with refused("station_key", "station_name_missing"):
        add_station(CODE, "Town Hall", "\u202e", "", officer)
    with refused("station_taken"):
        add_station(CODE, "market", "Market", "", officer)
    with refused("turnout_closed"):
        report_turnout(CODE, "market", 7, officer)
    with refused("seat_class_not_delegated"):
        name_delegate(CODE, "africa-1", "Greens", "Ada Amari", officer)
    with refused("delegate_organisation_missing", "delegate_name_missing"):
        name_delegate(CODE, "factions", " ", "", officer)
    first = name_delegate(CODE, "factions", "Greens", "Ada Amari", officer)
    assert name_delegate(CODE, "factions", "Greens", "Bo Berg", officer) == first
    with refused("not_found"):
        enter_station_results(CODE, "no-such", leipzig_boxes()["market"], officer)


def test_a_result_that_was_sent_back_is_published_again_and_takes_the_old_ones_place() -> None:
    boxes, people = leipzig_boxes(), ids()
    for key, box in boxes.items():
        boxes[key] = replace(box, votes={**box.votes, people[8]: 310})
    enter_everywhere(boxes)
    publish()
    first = {each.source_id for each in rows(Member)}
    assert int(people[8]) in first

    act(ActKind.SEND_BACK)
    assert find_election(CODE).published_on is None
    for key, box in boxes.items():
        boxes[key] = replace(box, votes={**box.votes, people[8]: 300, people[16]: 310})
    enter_everywhere(boxes)
    publish()
    members = rows(Member)
    sitting = {each.source_id for each in members if each.left_on is None}
    assert election().stage == Stage.PUBLISHED
    assert sitting == first - {int(people[8])} | {int(people[16])}
    assert [each.left_ground for each in members if each.left_on] == ["result_replaced"]
    assert len([each for each in rows(Successor) if each.replaced_on is None]) == 53 - 16
    assert len(rows(Term)) == 1


def publish() -> None:
    """Count, find, approve and publish what stations reported."""
    act(ActKind.COUNT)
    act(ActKind.FIND)
    act(ActKind.APPROVE, decided_on=clock.today().isoformat())
    act(ActKind.PUBLISH_RESULT)
