"""Sixteen casts of each of 25 credentials at once while voting closes: what was acknowledged is on the board, and none else."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import clock
from core.db import db, write
from elections.ballot import canonical
from elections.models.elections import Election
from elections.models.urn import UrnEvent
from elections.queries.board import Line, find_board, list_ballots
from elections.rules.stages import ActKind
from elections.services.urn.board import lock_urn
from elections.services.urn.closing import multiply_ballots, take_part
from elections.verify import verify
from tests.city import fresh, rows, staff
from tests.elections.city import CODE, act, election
from tests.elections.polls import BOARD, Booth, Polls, all_at_once, open_polls
from tests.live import live_server
from tests.servers import create_database

VOTERS, CASTS, CANDIDATES = 25, 16, 2
ENOUGH = 200
"""So many are acknowledged before the end of voting is set: each credential has some among them."""

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def polls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Polls]:
    url = None
    if request.param == "postgresql":
        url = create_database(request.getfixturevalue("postgresql"))
    with open_polls(tmp_path / "var", url, VOTERS, CANDIDATES) as polls:
        yield polls


@dataclass
class Turn:
    """One of the casts, and what the voter was told."""

    voter: int
    choice: int
    ballot: bytes
    told: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def acknowledged(self) -> str:
        return next((said["tracker"] for status, said in self.told if status == 200), "")


def close_soon(urn_id: int) -> None:
    """Voting ends in a moment. Nobody may do this in an election; here it puts the end into the midst of the crowd."""
    moment = clock.now() + timedelta(milliseconds=300)
    with write() as session:
        urn = lock_urn(session, urn_id)
        urn.closes_at = moment
        found = session.get(Election, urn.election_id)
        assert found is not None
        found.voting_closes_at = moment


def test_of_sixteen_casts_of_each_of_25_credentials_while_voting_closes_the_acknowledged_stand_on_the_board_and_one_counts(
    polls: Polls, tmp_path: Path
) -> None:
    votes = [(voter, 1 + (voter + cast) % CANDIDATES) for cast in range(CASTS) for voter in range(VOTERS)]
    made = polls.ballots([(voter, (choice,)) for voter, choice in votes])
    turns = [Turn(voter, choice, ballot) for (voter, choice), ballot in zip(votes, made, strict=True)]
    enough = threading.Event()
    with live_server(polls.folder, **polls.environ) as server:

        def cast(turn: Turn) -> None:
            with closing(Booth(server.url)) as booth:
                turn.told.append(booth.cast(turn.ballot))
            if sum(bool(each.acknowledged) for each in turns) >= ENOUGH:
                enough.set()

        def close(_nobody: None) -> None:
            assert enough.wait(120)
            with polls.app.app_context():
                close_soon(find_board(db.session(), CODE).id)
                while clock.now() < election().voting_closes_at:
                    time.sleep(0.01)
                act(ActKind.CLOSE_VOTING)
                db.session.remove()

        def do(turn: Turn | None) -> None:
            close(turn) if turn is None else cast(turn)

        all_at_once([*turns, None], do)
        answers = Counter((status, said.get("code", "")) for turn in turns for status, said in turn.told)
        assert set(answers) == {(200, ""), (409, "urn_closed")}, (
            "a clear answer for everybody, before and after"
        )
        with closing(Booth(server.url)) as booth:
            again = [booth.cast(turn.ballot) for turn in turns[::16]]
            status, archive = booth.ask("GET", f"{BOARD}.bel")
        assert again == [turn.told[0] for turn in turns[::16]], "who asks again hears the same"
    assert status == 200

    fresh()
    board = find_board(db.session(), CODE)
    lines: list[Line] = []
    while page := list_ballots(db.session(), board, below=lines[-1].height if lines else None):
        lines += page
    acknowledged = {turn.acknowledged: turn for turn in turns if turn.acknowledged}
    assert sorted(line.tracker for line in lines) == sorted(acknowledged)
    for line in lines:
        ((_status, said),) = acknowledged[line.tracker].told
        assert (said["height"], said["head"]) == (line.height, _link(line.height))
    counted = {acknowledged[line.tracker].voter: line for line in lines if line.counts}
    assert sorted(counted) == list(range(VOTERS))
    assert sum(line.counts for line in lines) == VOTERS
    for voter, line in counted.items():
        mine = [each.height for each in lines if acknowledged[each.tracker].voter == voter]
        assert line.height == max(mine), "the last one counts"

    bundle = tmp_path / "board.bel"
    bundle.write_bytes(archive)
    account = verify(bundle)
    assert account.sound, account.findings
    officer = staff("returning_officer")
    multiply_ballots(CODE, officer)
    for owner, part in polls.town.parts():
        take_part(CODE, owner, part, officer)
    chosen = Counter(acknowledged[line.tracker].choice for line in counted.values())
    (result,) = [canonical.read(row.payload or b"") for row in rows(UrnEvent) if row.kind == "Result"]
    assert result["result"] == [[0, *(chosen[number] for number in range(1, CANDIDATES + 1))]]


def _link(height: int) -> str:
    found = db.session.get(UrnEvent, (find_board(db.session(), CODE).id, height))
    assert found is not None
    return found.digest
