"""A server killed at random moments while people vote: every tracker that a voter was shown is on the board, once."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from elections.ballot import canonical
from elections.verify import verify
from tests.elections.polls import BOARD, Booth, Polls, open_polls
from tests.live import command, live_server
from tests.servers import create_database

VOTERS, CANDIDATES = 48, 2

pytestmark = pytest.mark.slow


@dataclass
class Voter:
    """Somebody whose booth sends the same ballot until a tracker comes, as the real one does."""

    ballot: bytes
    shown: list[tuple[str, int, str]] = field(default_factory=list)
    sent: int = 0

    def vote(self, url: str, stop: threading.Event) -> None:
        with closing(Booth(url, timeout=10)) as booth:
            while not stop.is_set() and not self.shown:
                try:
                    self.sent += 1
                    status, said = booth.cast(self.ballot)
                except ConnectionError:
                    time.sleep(0.05)
                    continue
                if status == 200:
                    self.shown.append((said["tracker"], said["height"], said["head"]))


@pytest.mark.parametrize(
    ("kind", "kills"), [("sqlite", 4), pytest.param("postgresql", 2, marks=pytest.mark.postgresql)]
)
def test_every_tracker_that_a_voter_was_shown_is_on_the_board_though_the_server_was_killed_at_random_moments(
    kind: str, kills: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = create_database(request.getfixturevalue("postgresql")) if kind == "postgresql" else None
    with open_polls(tmp_path / "var", url, VOTERS, CANDIDATES) as polls:
        chance = random.Random(20280319)
        made = polls.ballots([(n, (chance.randint(1, CANDIDATES),)) for n in range(VOTERS)])
        polls.let_go()
        voters = [Voter(ballot) for ballot in made]
        _vote_while_it_is_killed(polls, voters, kills, chance)


def _vote_while_it_is_killed(polls: Polls, voters: list[Voter], kills: int, chance: random.Random) -> None:
    waiting, share = list(voters), len(voters) // kills
    between = 0
    log = polls.folder / "server.log"
    with live_server(polls.folder, log=log, **polls.environ) as server:
        for _kill in range(kills):
            stop = threading.Event()
            batch, waiting = waiting[:share], waiting[share:]
            unsure = [voter for voter in voters if voter.sent and not voter.shown]
            with ThreadPoolExecutor(VOTERS) as pool:
                for voter in [*unsure, *batch]:
                    pool.submit(voter.vote, server.url, stop)
                time.sleep(chance.uniform(0.02, 0.2))
                server.kill()
                stop.set()
            between += any(voter.sent and not voter.shown for voter in voters)
            server.start()
        assert between, "a kill hit somebody"
        last = threading.Event()
        patience = threading.Timer(90, last.set)
        patience.start()
        with ThreadPoolExecutor(VOTERS) as pool:
            for voter in voters:
                pool.submit(voter.vote, server.url, last)
        patience.cancel()  # else the process stays until the time is up
        assert all(voter.shown for voter in voters)
        with closing(Booth(server.url)) as booth:
            _status, archive = booth.ask("GET", f"{BOARD}.bel")
            for voter in voters[::10]:
                status, _page = booth.ask("GET", f"{BOARD}/?{urlencode({'tracker': voter.shown[0][0]})}")
                assert status == 200

    bundle = polls.folder / "board.bel"
    bundle.write_bytes(archive)
    account = verify(bundle)
    assert account.sound, account.findings
    assert account.board is not None
    assert len(account.board.ballots) == VOTERS, "each ballot stands there once, though some were sent again"
    shown = {voter.shown[0][0] for voter in voters}
    assert shown == {canonical.fingerprint(voter.ballot) for voter in voters}
    for voter in voters:
        _tracker, _height, head = voter.shown[0]
        assert f"{head}.event.json".encode() in archive
    said = log.read_text(encoding="utf-8", errors="replace")
    secret = [word for voter in voters for word in (*voter.shown[0][::2], canonical.digest(voter.ballot))]
    assert not [word for word in [*secret, *polls.town.numbers, "127.0.0.1"] if word in said]
    assert command(polls.folder, "audit", "verify", **polls.environ).returncode == 0
