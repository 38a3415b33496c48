"""The reply desk: what elections and the council received is answered by two persons, on the public clock."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.accounts.browsers import text_of
from tests.city import found_city
from tests.office import Desk, links
from tests.routes.followup import REGISTER, furnish

DESK = f"/office/promises/{REGISTER}/"
FIELDS = {"outcome": "noted", "reason": "We looked.", "language": "en", "send": "1"}


@pytest.fixture(autouse=True)
def received(app: Flask) -> None:
    """Two promises; somebody has begun to answer the first."""
    found_city()
    furnish()


def test_a_promise_is_answered_by_two_persons_and_then_everybody_knows(app: Flask) -> None:
    clerk, board = Desk(app, "clerk"), Desk(app, "election_board")
    assert "2 still to answer" in clerk.read(DESK)
    sent = clerk.send(f"{DESK}answer", FIELDS, page=f"{DESK}answer?pick=2")
    assert sent.status_code == 302, text_of(sent)
    page = board.open(f"{DESK}?queue=to-check")
    address = next(link for link in links(page) if "/replies/" in link)
    assert "We looked." in board.read(address)
    assert board.send(f"{address}approve", {"revision": "1"}, page=address).status_code == 302
    released = board.send(f"{DESK}publish-replies")
    assert released.location is not None
    assert "One promise is kept now" in board.read(released.location)
    assert "1 answered" in board.read(DESK)
    assert "The city answers" in board.read(f"{DESK}2/")
