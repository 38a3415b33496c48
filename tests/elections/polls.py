"""An election that votes online, on a database that real servers serve: for races, kills and rates over real HTTP.

The clock is the real one: what is prepared here is open now.
"""

from __future__ import annotations

import http.client
import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask_migrate import upgrade

from app.factory import create_app
from core import clock
from core.db import db
from core.settings import Settings
from elections.rehearsal import make_ballots
from elections.rules.stages import ActKind, Stage
from tests.city import found_city
from tests.elections.boxes import stand
from tests.elections.city import CODE, act, bring_to, found_council, prepare_election
from tests.elections.voters import CANDIDATES, Town

BALLOTS = f"/en/elections/{CODE}/ballots"
BOARD = f"/en/elections/{CODE}/board"


@dataclass(frozen=True)
class Polls:
    """The town that votes, and where its data lies. Inside ``open_polls`` the application's context is open."""

    app: Flask
    town: Town
    folder: Path
    environ: dict[str, str]
    """What a server needs to know besides the folder."""

    def ballots(self, votes: Sequence[tuple[int, Sequence[int]]]) -> list[bytes]:
        """For each voter and the candidates chosen, by their numbers from 1, a ballot; made by all cores."""
        election = self.town.election
        slots = election.questions[0].slots
        chosen = [
            (self.town.codes[voter], (tuple(int(slot in (numbers or (0,))) for slot in range(slots)),))
            for voter, numbers in votes
        ]
        return list(make_ballots(election, chosen, os.cpu_count() or 1))

    def let_go(self) -> None:
        """Close every connection of this process, so that a killed server's files are nobody else's."""
        db.session.remove()
        db.engine.dispose()


@contextmanager
def installed(folder: Path, url: str | None = None) -> Iterator[Flask]:
    """An installation in ``folder``, on SQLite or on the database ``url``, with an election that nobody has called yet.

    Its voting is to be open from an hour ago for five days.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text("second_factor = false\n", encoding="utf-8")
    city = Settings(folder=folder, base_url="http://127.0.0.1", second_factor=False)
    app = create_app(city, url or f"sqlite:///{folder / 'answerable.db'}")
    with app.app_context():
        upgrade()
        found_city()
        found_council()
        today, now = clock.today(), clock.now()
        prepare_election(
            election_day=today + timedelta(days=5),
            voting_opens_at=now - timedelta(hours=1),
            voting_closes_at=now + timedelta(days=5),
            term_begins_on=today + timedelta(days=60),
            term_ends_on=today + timedelta(days=1800),
        )
        yield app


@contextmanager
def open_polls(
    folder: Path, url: str | None = None, voters: int = 3, candidates: int = CANDIDATES
) -> Iterator[Polls]:
    """An installation with voting open, and codes for so many voters whom no roll knows."""
    with installed(folder, url) as app:
        stand(candidates)
        bring_to(Stage.READY)
        town = Town(voters)
        town.prepare()
        act(ActKind.OPEN_VOTING)
        polls = Polls(app, town, folder, {"DATABASE_URL": url} if url else {})
        yield polls
        polls.let_go()


class Booth:
    """One voter's line to the server, kept open. Raises ConnectionError where it breaks."""

    def __init__(self, url: str, timeout: float = 120.0) -> None:
        parts = urlsplit(url)
        self.address, self.timeout = (parts.hostname or "", parts.port or 80), timeout
        self.connection: http.client.HTTPConnection | None = None

    def cast(self, ballot: bytes) -> tuple[int, dict[str, Any]]:
        """Send a ballot: the status and what the server says, an empty object if that is no JSON."""
        status, body = self.ask("POST", BALLOTS, ballot)
        with suppress(ValueError):
            return status, dict(json.loads(body))
        return status, {}

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(*self.address, timeout=self.timeout)
            headers = {"Content-Type": "application/json"} if body is not None else {}
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise ConnectionError(str(error)) from error

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def all_at_once(people: Sequence[Any], do: Any, patience: float = 300.0) -> None:
    """``do`` with each of ``people`` on a thread of its own, all let go at the same moment. Raises what one raises."""
    start = threading.Barrier(len(people))
    failures: list[BaseException] = []

    def run(person: Any) -> None:
        try:
            start.wait(60)
            do(person)
        except BaseException as error:  # told below, where pytest sees it
            failures.append(error)

    threads = [threading.Thread(target=run, args=(person,), daemon=True) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(patience)
    assert not any(thread.is_alive() for thread in threads)
    if failures:
        raise failures[0]
