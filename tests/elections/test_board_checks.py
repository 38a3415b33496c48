"""Checking an election on its own page: anybody asks, one verifier looks, all see how far it is and what it found."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock, limits, outbox
from core.db import db
from elections import verify
from elections.models.urn import Urn
from elections.models.watching import BoardCheck, Multiplication
from elections.queries.board import find_board
from elections.rules.stages import ActKind
from elections.services.urn import checking, closing
from elections.services.urn.checking import ask_check, run_check
from tests.accounts.browsers import hidden_fields
from tests.city import refused, rows, staff
from tests.elections.city import CODE, act
from tests.elections.voters import AFTER, VOTING, Town, at, open_town, publish, ready_town, work
from tests.office import Desk

PAGE = f"/en/elections/{CODE}/check/"


def press(client: FlaskClient) -> tuple[int, str]:
    """Press the button; the status, and the page that comes back."""
    token = hidden_fields(client.get(PAGE)).get("csrf_token", "")
    answer = client.post(PAGE, data={"csrf_token": token}, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True).replace("<wbr>", "")


def voted() -> Town:
    town = open_town()
    with at(VOTING):
        town.vote(0, 1)
        town.vote(1, 2)
    return town


def test_anybody_lets_the_board_be_checked_and_all_read_the_account_with_its_head(
    app: Flask, client: FlaskClient
) -> None:
    voted()
    with at(VOTING):
        status, page = press(client)
        assert status == 200
        assert "It begins in a moment" in page or "of 3" in page
        assert "Stop that" in page
        work()
        page = client.get(PAGE).get_data(as_text=True).replace("<wbr>", "")
    head = find_board(db.session(), CODE).head
    assert "All checks passed" in page
    assert str(head) in page
    assert "14 March 2028" in page
    assert "2 cast, 2 count" in page
    (check,) = rows(BoardCheck)
    assert (check.state, check.head, check.starts) == ("done", head, 1)


def test_a_second_wish_shows_what_the_first_led_to_and_a_new_ballot_allows_a_new_check(
    app: Flask, client: FlaskClient
) -> None:
    town = voted()
    with at(VOTING):
        assert ask_check(CODE)
        assert not ask_check(CODE)
        town.vote(2, 1)
        assert not ask_check(CODE)  # one at a time, whatever the head
        work()
        assert ask_check(CODE)
        work()
        assert not ask_check(CODE)
        assert "A new check would say the same" in client.get(PAGE).get_data(as_text=True)
    assert [check.state for check in rows(BoardCheck)] == ["done", "done"]
    assert len({check.head for check in rows(BoardCheck)}) == 2


def test_the_page_looks_again_by_itself_only_for_whoever_wants_that(app: Flask, client: FlaskClient) -> None:
    voted()
    ask_check(CODE)
    assert "Refresh" not in client.get(PAGE).headers
    assert client.get(PAGE, query_string={"watch": "1"}).headers["Refresh"] == "5"
    work()
    assert "Refresh" not in client.get(PAGE, query_string={"watch": "1"}).headers


def test_too_many_checks_in_an_hour_are_refused_and_the_last_account_stays(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = voted()
    monkeypatch.setitem(limits.DEFAULTS, "check_board", "1 per hour")
    with at(VOTING):
        press(client)
        work()
        town.vote(2, 1)
        status, page = press(client)
    assert status == 429
    assert "checked often in the last hour" in page
    assert "All checks passed" in page


def test_what_is_wrong_is_said_in_a_sentence_in_the_readers_language(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    voted()
    whole = verify.verify

    def broken(*arguments: object, **choices: object) -> verify.Account:
        account = whole(*arguments, **choices)  # type: ignore[arg-type]
        account.find("ballot_signature", "ballot 2")
        return account

    monkeypatch.setattr(verify, "verify", broken)
    ask_check(CODE)
    work()
    page = client.get(PAGE).get_data(as_text=True)
    assert "A ballot is not signed by its credential." in page
    assert "ballot 2" in page
    assert "All checks passed" not in page
    assert "A ballot is not signed" not in client.get(PAGE.replace("/en/", "/de/")).get_data(as_text=True)


def test_a_check_whose_process_was_killed_is_taken_up_again_and_one_that_always_dies_is_given_up(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    voted()
    monkeypatch.setattr(verify, "verify", _die)
    ask_check(CODE)
    now = clock.now()
    for attempt in range(1, checking.MOST_STARTS + 1):
        with at(now + attempt * (outbox.LEASE + timedelta(minutes=1))):
            (item_id,) = outbox.claim(10, long=True)
            with pytest.raises(KeyboardInterrupt):
                outbox.run_one(item_id)
        (check,) = rows(BoardCheck)
        assert (check.state, check.starts) == ("running", attempt)
    with at(now + timedelta(hours=1)):
        work()
    assert [check.state for check in rows(BoardCheck)] == ["failed"]
    assert "given up" in client.get(PAGE).get_data(as_text=True)
    monkeypatch.undo()
    with at(now + timedelta(hours=1)):
        assert ask_check(CODE)
        work()
    assert [check.state for check in rows(BoardCheck)] == ["done"]


def _die(*_arguments: object, **_choices: object) -> None:
    raise KeyboardInterrupt  # as far as the rows are concerned, a process that is gone


def test_a_process_that_ends_in_order_gives_the_check_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    voted()
    ask_check(CODE)
    monkeypatch.setattr(checking, "_PAUSE", -1.0)
    ending = threading.Event()
    ending.set()
    (item_id,) = outbox.claim(10, long=True)
    assert not outbox.run_one(item_id, ending)
    (check,) = rows(BoardCheck)
    assert (check.state, check.starts) == ("waiting", 0)
    assert outbox.claim(10, long=True) == [item_id]


def test_running_a_check_twice_changes_nothing(app: Flask) -> None:
    voted()
    ask_check(CODE)
    work()
    (check,) = rows(BoardCheck)
    before = (check.id, check.account, check.starts)
    run_check(check.id)
    run_check(999)
    (check,) = rows(BoardCheck)
    assert (check.id, check.account, check.starts) == before


def test_after_the_result_the_whole_bundle_is_checked(app: Flask, client: FlaskClient) -> None:
    town = voted()
    publish(town)
    with at(AFTER):
        status, page = press(client)
        assert status == 200
        work()
        page = client.get(PAGE).get_data(as_text=True)
    (check,) = rows(BoardCheck)
    assert check.account is not None
    assert check.account["sound"], check.account["findings"]
    assert check.bundle == check.account["bundle"]["manifest"] != ""
    assert "Seats, counted again" in page
    assert "Decrypted votes" in page


def test_there_is_nothing_to_check_before_voting_or_on_paper_before_the_result(
    app: Flask, client: FlaskClient
) -> None:
    ready_town().prepare()
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE).status_code in (400, 404)


# Multiplying -----------------------------------------------------------------------------------------------------------


def closed() -> Town:
    town = voted()
    with at(AFTER):
        act(ActKind.CLOSE_VOTING)
    return town


def test_the_desk_orders_the_product_and_shows_that_it_is_under_way(app: Flask) -> None:
    closed()
    desk = Desk(app, "returning_officer")
    address = f"/office/elections/{CODE}/urn/"
    token = hidden_fields(desk.open(address))["csrf_token"]
    with at(AFTER):
        for _ in range(2):
            desk.browser.client.post(f"{address}multiply", data={"csrf_token": token})
        page = desk.read(address)
        assert "Being multiplied since 19 March 2028: 0 of 2." in page
        (urn,) = rows(Urn)
        assert urn.state == "closed"
        work()
    assert "Multiplied: the trustees decrypt" in desk.read(address)
    assert rows(Multiplication) == []


def test_an_order_killed_on_its_way_begins_anew_and_one_that_is_done_is_done(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    voted()
    with refused("urn_state"):
        closing.order_multiplication(CODE, staff("returning_officer"))
    with at(AFTER):
        act(ActKind.CLOSE_VOTING)
    closing.order_multiplication(CODE, staff("returning_officer"))
    (ordered,) = rows(Multiplication)
    monkeypatch.setattr(closing.tally.Tally, "add", _die)
    with pytest.raises(KeyboardInterrupt):
        closing.multiply_ordered(ordered.urn_id)
    monkeypatch.undo()
    assert [urn.state for urn in rows(Urn)] == ["closed"]
    urn_id = ordered.urn_id
    closing.multiply_ordered(urn_id)
    closing.multiply_ordered(urn_id)
    closing.order_multiplication(CODE, staff("returning_officer"))
    assert [urn.state for urn in rows(Urn)] == ["multiplied"]
    assert rows(Multiplication) == []
