"""The board's head in feed and mail, and what became of a code: for whoever watches, without an account."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import keys, settings
from core.db import db
from core.errors import DomainError
from core.mail import MailMessage
from elections.jobs import note_heads
from elections.models.watching import BoardHead, Observer
from elections.queries.board import find_board
from elections.rules.stages import ActKind
from elections.services.urn import observing
from tests.accounts.browsers import hidden_fields
from tests.city import rows
from tests.elections.city import CODE, act
from tests.elections.voters import AFTER, VOTING, at, open_town, publish, work

PAGE = f"/en/elections/{CODE}/observe/"
ADDRESS = "watcher@example.org"


def mails() -> list[dict[str, str]]:
    """Every message that was queued, opened."""
    return [each for row in sorted(rows(MailMessage), key=lambda row: row.id) if (each := _opened(row))]


def _opened(row: MailMessage) -> dict[str, str]:
    return json.loads(keys.decrypt("mail", row.sealed)) if row.sealed else {}


def ask(client: FlaskClient, address: str = ADDRESS) -> int:
    token = hidden_fields(client.get(PAGE))["csrf_token"]
    return client.post(PAGE, data={"csrf_token": token, "address": address}).status_code


def link_in(body: str) -> str:
    """The own link of whoever got this mail."""
    (found,) = set(re.findall(r"http://answerable\.test(/\S+/observe/[0-9a-f]{32}/)", body))
    return str(found)


def press(client: FlaskClient, link: str, verb: str = "") -> int:
    token = hidden_fields(client.get(link))["csrf_token"]
    return client.post(f"{link}{verb}", data={"csrf_token": token}).status_code


def observe(client: FlaskClient) -> str:
    """Ask and confirm; the link."""
    assert ask(client) == 303
    work()
    link = link_in(mails()[-1]["body"])
    assert press(client, link) == 303
    return link


def entries(client: FlaskClient) -> list[tuple[str, str]]:
    root = ET.fromstring(client.get(f"/en/elections/{CODE}/heads.atom").get_data())
    name = "{http://www.w3.org/2005/Atom}"
    return [
        (str(each.findtext(f"{name}title")), str(each.findtext(f"{name}content")))
        for each in root.iter(f"{name}entry")
    ]


def test_the_feed_has_the_head_of_each_occasion_and_every_head_stays_in_the_archive(
    app: Flask, client: FlaskClient
) -> None:
    town = open_town()
    with at(VOTING):
        town.vote(0, 1)
        note_heads({})
        note_heads({})
        town.vote(1, 1)
    publish(town)
    told = entries(client)
    assert [title for title, _head in told] == [
        "The result stands on the board",
        "Voting closed",
        "Head of the day",
        "Voting opened",
    ]
    assert told[0][1] == find_board(db.session(), CODE).head
    whole = client.get(f"/en/elections/{CODE}/board.bel").get_data()
    assert all(f"{head}.event.json".encode() in whole for _title, head in told)
    page = client.get(PAGE).get_data(as_text=True).replace("<wbr>", "")
    assert all(head in page for _title, head in told)


def test_heads_go_by_mail_only_to_whoever_confirmed_and_until_they_say_stop(
    app: Flask, client: FlaskClient
) -> None:
    town = open_town()
    with at(VOTING):
        assert ask(client, "other@example.org") == 303
        link = observe(client)
        town.vote(0, 1)
        note_heads({})
        work()
        head = find_board(db.session(), CODE).head
        letter = mails()[-1]
        assert letter["recipient"] == ADDRESS
        assert str(head) in letter["body"]
        assert link in letter["body"]
        sent = len(mails())
        assert ask(client) == 303  # who observes already gets no second link, and nobody learns it here
        work()
        assert len(mails()) == sent
        assert press(client, link, "end") == 303
        town.vote(1, 1)
        note_heads({})
        work()
    assert len(mails()) == sent
    assert client.get(link).status_code == 404


def test_opening_the_link_alone_confirms_nothing(app: Flask, client: FlaskClient) -> None:
    open_town()
    with at(VOTING):
        ask(client)
        work()
        link = link_in(mails()[-1]["body"])
        assert client.get(link).status_code == 200
    assert [observer.confirmed_on for observer in rows(Observer)] == [None]
    assert client.get(f"{PAGE}{'0' * 32}/").status_code == 404


def test_an_address_is_sealed_and_deleted_after_the_result_or_if_nobody_confirms(
    app: Flask, client: FlaskClient
) -> None:
    town = open_town()
    with at(VOTING):
        ask(client, "never@example.org")
        observe(client)
        assert all(b"example.org" not in observer.sealed for observer in rows(Observer))
    with at(VOTING + observing.UNCONFIRMED):
        assert observing.forget_observers() == 1
    publish(town)
    with at(AFTER + timedelta(days=settings.current().contact_kept_days - 1)):
        assert observing.forget_observers() == 0
    with at(AFTER + timedelta(days=settings.current().contact_kept_days)):
        assert observing.forget_observers() == 1
    assert rows(Observer) == []
    with pytest.raises(DomainError, match="observing_over"):
        observing.ask_to_observe(CODE, ADDRESS, "en")


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "x\r\ny@example.org"])
def test_what_is_no_address_is_refused_and_nothing_kept(
    app: Flask, client: FlaskClient, address: str
) -> None:
    open_town()
    with at(VOTING):
        assert ask(client, address) == 422
    assert rows(Observer) == []


def test_a_head_that_did_not_change_is_not_published_again(app: Flask) -> None:
    open_town()
    with at(VOTING):
        note_heads({})
    assert [head.occasion for head in rows(BoardHead)] == ["opened"]
    with at(AFTER):
        act(ActKind.CLOSE_VOTING)
        note_heads({})
    assert [head.occasion for head in rows(BoardHead)] == ["opened", "closed"]
