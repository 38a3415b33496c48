"""Public lots: announced, drawn once, and the same for whoever repeats them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cli import main
from core import clock
from core.db import db, write
from elections.counting.lots import draw
from elections.models.elections import Lot
from elections.rules.stages import Stage
from elections.services.lots import announce_lot, draw_lot
from tests.accounts.browsers import Browser, text_of
from tests.city import entries, found_city, on_one_database, refused, rows, staff
from tests.elections.city import CODE, bring_to, found_council, prepare_election

PURPOSE = "ballot-order:europe"
SEED = "04 11 17 23 31 42 \u00b7 7"


@pytest.fixture(autouse=True)
def called(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)


def announce(
    purpose: str = PURPOSE, way: str = "seed", source: str = "The state lottery of 3 January."
) -> int:
    return announce_lot(CODE, purpose, way, source, staff("returning_officer"))


def test_a_lot_from_a_seed_comes_out_the_same_whatever_the_order_of_its_items() -> None:
    announce()
    order = draw_lot(CODE, PURPOSE, ["7", "3", "5"], staff("returning_officer"), seed=SEED)
    assert order == draw(SEED, PURPOSE, ["3", "5", "7"])
    lot = rows(Lot)[0]
    assert (lot.items, lot.drawn, lot.drawn_on) == (["3", "5", "7"], list(order), clock.today())
    said, done = entries("elections:lot:%")
    assert json.loads(said.facts)["way"] == "seed"
    assert json.loads(done.facts)["seed"] == SEED
    assert json.loads(done.facts)["drawn"] == list(order)


def test_a_lot_by_hand_keeps_the_order_and_the_witnesses() -> None:
    announce(way="hand", source="In the town hall, on 5 January at noon.")
    person = staff("returning_officer")
    with refused("lot_order_differs", "lot_witnesses_missing"):
        draw_lot(CODE, PURPOSE, ["1", "2"], person, order=["1", "1"])
    with refused("lot_way_differs"):
        draw_lot(CODE, PURPOSE, ["1", "2"], person, seed=SEED, order=["2", "1"], witnesses="A. Amari")
    assert draw_lot(CODE, PURPOSE, ["1", "2"], person, order=["2", "1"], witnesses="A. Amari") == ("2", "1")
    assert rows(Lot)[0].source.best("en").text == "In the town hall, on 5 January at noon.\nA. Amari"


def test_a_lot_is_announced_before_it_is_drawn_and_both_only_once() -> None:
    person = staff("returning_officer")
    with refused("not_found"):
        draw_lot(CODE, PURPOSE, ["1", "2"], person, seed=SEED)
    announce()
    with refused("lot_announced"):
        announce(source="Another lottery.")
    with refused("lot_seed_missing", "lot_items_missing"):
        draw_lot(CODE, PURPOSE, [], person, seed=" ")
    draw_lot(CODE, PURPOSE, ["1", "2"], person, seed=SEED)
    with refused("lot_drawn"):
        draw_lot(CODE, PURPOSE, ["1", "2"], person, seed="another")


def test_what_was_drawn_cannot_be_changed_in_the_database_either() -> None:
    announce()
    draw_lot(CODE, PURPOSE, ["1", "2"], staff("returning_officer"), seed=SEED)
    with pytest.raises(DBAPIError), write() as session:
        session.execute(text("update elections_lot set seed = 'better'"))
    db.session.rollback()


@on_one_database
def test_an_announcement_says_what_for_how_and_from_where() -> None:
    with refused("lot_purpose", "lot_way_unknown", "lot_source_missing"):
        announce("Two words", "dice", "\u202e ")
    with refused("lot_source_too_long"):
        announce(source="x" * 1001)


@on_one_database
def test_the_page_shows_all_that_is_needed_to_repeat_a_lot(app: Flask) -> None:
    announce()
    announce("tie:seat:2", "hand", "In the town hall.")
    hostile = "<script>'; rm -rf \u00b7"
    draw_lot(CODE, PURPOSE, ["3", "7"], staff("returning_officer"), seed=hostile)
    page = Browser(app).get(f"/elections/{CODE}/lots/")
    shown = text_of(page)
    assert page.status_code == 200
    assert "<script>'" not in page.text
    assert "Not drawn yet." in shown
    assert "The state lottery of 3 January." in shown
    command = f"""answerable elections lot '--seed=<script>'"'"'; rm -rf \u00b7' --purpose={PURPOSE} -- 3 7"""
    assert command in shown
    words = ["elections", "lot", f"--seed={hostile}", f"--purpose={PURPOSE}", "--json", "--", "7", "3"]
    told = CliRunner().invoke(main, words, obj=ScriptInfo(create_app=lambda: app))
    assert json.loads(told.output)["order"] == list(draw(hostile, PURPOSE, ["3", "7"]))


@on_one_database
def test_nobody_sees_the_lots_of_an_election_that_was_not_called(app: Flask) -> None:
    prepare_election(code="MC-28")
    assert Browser(app).get("/elections/MC-28/lots/").status_code == 404
    assert Browser(app).get("/elections/nonsense%00/lots/").status_code == 404
