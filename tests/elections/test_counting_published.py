"""The published file: counted again from nothing else it gives the published winners, with every lot drawn anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.db import db
from core.errors import DomainError
from elections.counting import blt, published
from elections.counting.lots import DecidedBy
from elections.counting.published import TieLot, count_with, tie_purposes
from elections.counting.rule import CountingRule, Method
from elections.models.results import Count
from elections.queries.results import last_count
from elections.rules.stages import ActKind, Stage
from elections.services.lots import announce_lot, draw_lot
from tests.accounts.browsers import Browser
from tests.city import found_city, on_one_database, rows, staff
from tests.elections.boxes import enter_everywhere, ids, leipzig_boxes, open_stations, stand
from tests.elections.city import CODE, act, bring_to, election, found_council, prepare_election
from tests.elections.test_counting_command_line import TIED, run

RULE = CountingRule(Method.STV, seats=1)
SEEDS = ("6 49 12 33 21 8", "4711308256", "a", "b")


def publish_with_tie(way: str, seed: str = "") -> None:
    """Leipzig's boxes, whose tie is decided by a public lot; found, approved and published."""
    found_city()
    found_council()
    prepare_election()
    stand(53)
    bring_to(Stage.CLOSED)
    open_stations()
    enter_everywhere(leipzig_boxes())
    act(ActKind.COUNT)
    shown = last_count(db.session(), election(), "en")
    assert shown is not None
    (tie,) = shown.waiting
    officer, purpose = staff("returning_officer"), shown.purposes[tie.key]
    announce_lot(CODE, purpose, way, "The state lottery of 25 March.", officer)
    by_hand = {"order": tuple(reversed(tie.names)), "witnesses": "A. Amari"} if way == "hand" else {}
    draw_lot(CODE, purpose, tie.names, officer, seed=seed, **by_hand)
    act(ActKind.COUNT)
    act(ActKind.FIND)
    act(ActKind.APPROVE, decided_on=clock.today().isoformat())
    act(ActKind.PUBLISH_RESULT)


def exported(app: Flask, folder: Path) -> Path:
    file = folder / f"{CODE}-result.json"
    file.write_text(Browser(app).get(f"/elections/{CODE}/result.json").text, encoding="utf-8")
    return file


@on_one_database
@pytest.mark.parametrize(("way", "seed"), [("seed", SEEDS[0]), ("seed", SEEDS[1]), ("hand", "")])
def test_the_command_on_the_published_page_repeats_the_lot_and_finds_the_same_winners(
    app: Flask, tmp_path: Path, way: str, seed: str
) -> None:
    publish_with_tie(way, seed)
    assert (
        f"answerable elections count {CODE}-result.json"
        in Browser(app).get(f"/elections/{CODE}/result/").text
    )
    done = run(app, "count", str(exported(app, tmp_path)), "--json")
    assert done.exit_code == 0, done.stderr
    told, kept = json.loads(done.stdout), rows(Count)[-1].result
    assert told["same"]
    assert told["elected"] == kept["elected"]
    assert [each["order"] for each in told["ties"]] == [each["order"] for each in kept["ties"]]
    spoken = run(app, "count", str(exported(app, tmp_path))).stdout
    assert "Candidate 01 has most votes: 2,000." in spoken
    assert "This is the published result." in spoken


@on_one_database
def test_whoever_changed_the_lot_or_a_vote_in_the_file_is_told_that_the_result_differs(
    app: Flask, tmp_path: Path
) -> None:
    publish_with_tie("seed", SEEDS[0])
    file = exported(app, tmp_path)
    sound = json.loads(file.read_text(encoding="utf-8"))
    (tie,) = sound["result"]["ties"]
    other = next(
        seed
        for seed in SEEDS[1:]
        if list(TieLot(sound["lots"][0]["purpose"], DecidedBy.SEED, (), seed).among(tie["names"]))
        != tie["order"]
    )
    lot = [{**sound["lots"][0], "seed": other}]
    votes = {**sound["tally"], "votes": {**sound["tally"]["votes"], ids()[0]: 1}}
    for changed in ({"lots": lot}, {"lots": []}, {"tally": votes}):
        file.write_text(json.dumps({**sound, **changed}), encoding="utf-8")
        done = run(app, "count", str(file), "--json")
        assert done.exit_code != 0
        assert "another result" in done.stderr


def ranked(text: str = TIED) -> Any:
    return blt.read(text).to_tally()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_transferable_vote_is_counted_again_with_its_lots(seed: str) -> None:
    waiting = count_with(RULE, ranked(), ())
    (tie,) = waiting.ties
    lot = TieLot(tie_purposes(waiting.ties)[tie.key], DecidedBy.SEED, (), seed)
    result = count_with(RULE, ranked(), (lot,))
    plain = published.to_plain(RULE, ranked(), (lot,))
    file = json.dumps({**plain, "names": {"1": "Ana"}, "result": result.to_plain()})
    read = published.read(file.encode())
    assert (read.rule, read.tally, read.lots) == (RULE, ranked(), (lot,))
    assert read.again() == read.result == result
    assert result.complete
    assert result.ties[0].decided_by is DecidedBy.SEED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"tally": 7}',
        b'{"tally": {"candidates": [{"no": 1}]}, "rule": {"method": "stv", "seats": 1}}',
    ],
)
def test_what_is_no_published_file_is_refused(data: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        published.read(data)
    assert refused.value.code == "published_unreadable"


def test_a_seed_of_ones_own_is_for_ballot_files_alone(sqlite_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("{}", encoding="utf-8")
    assert run(sqlite_app, "count", str(file), "--lot", "1").exit_code == 2
    assert "not the result.json" in run(sqlite_app, "count", str(file)).stderr
