"""Casting ballots over HTTP, on the server as it runs in production, against the verifier on the same ballots.

Both do the same proofs on both cores; what casting adds is HTTP, the look-ups and the writing. The verifier's time is that of
the full board without that of the board before the first ballot, so that its start does not count.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from elections.verify import verify
from tests.elections.polls import BOARD, Booth, Polls, open_polls
from tests.live import live_server
from tests.servers import Missing, create_database, postgresql_server

CANDIDATES, VOTERS, WARMING, CLIENTS = 24, 300, 40, 8
SHARE = 0.60


def run() -> bool:
    """Print rates, their ratio and the slowest answers; True if casting reaches its share on every database."""
    with tempfile.TemporaryDirectory() as name:
        met = [_compare("SQLite", Path(name) / "sqlite", None)]
        try:
            with postgresql_server() as url:
                met.append(_compare("PostgreSQL", Path(name) / "postgresql", create_database(url)))
        except Missing as missing:
            print(f"PostgreSQL was not measured: {missing}")
    return all(met)


def _compare(database: str, folder: Path, url: str | None) -> bool:
    with open_polls(folder, url, VOTERS + WARMING, CANDIDATES) as polls:
        made = _ballots(polls)
        polls.let_go()
        with live_server(polls.folder, **polls.environ) as server:
            empty = _download(server.url, folder / "empty.bel")
            cast_all(server.url, made[:WARMING], CLIENTS)
            seconds, waited = cast_all(server.url, made[WARMING:], CLIENTS)
            full = _download(server.url, folder / "full.bel")
        waited.sort()
        casting = VOTERS / seconds
    verifying = (VOTERS + WARMING) / (_checked(full) - _checked(empty))
    print(f"casting {VOTERS:,} ballots of {CANDIDATES} candidates over HTTP on {database}, {CLIENTS} at once")
    print(f"  casting             {casting:7.1f} ballots a second")
    print(f"  verifier, two cores {verifying:7.1f} ballots a second")
    print(f"  share               {casting / verifying:7.2f}     (at least {SHARE:g})")
    print(f"  an answer takes     {1000 * waited[len(waited) // 2]:7.0f} ms; p95 {p95(waited):.0f} ms")
    return casting / verifying >= SHARE


def p95(waited: Sequence[float]) -> float:
    """Milliseconds within which nineteen of twenty answers came."""
    return 1000 * sorted(waited)[int(0.95 * len(waited))]


def _ballots(polls: Polls) -> list[bytes]:
    most = polls.town.election.questions[0].most
    chosen = [
        tuple(1 + (n + each) % CANDIDATES for each in range(n % (most + 1))) for n in range(VOTERS + WARMING)
    ]
    return polls.ballots(list(enumerate(chosen)))


def cast_all(url: str, made: Sequence[bytes], clients: int) -> tuple[float, list[float]]:
    """Cast all of ``made`` from so many lines at once: seconds in all, and of each answer. Raises if one is refused."""
    waited: list[float] = []
    refused: list[object] = []
    left = iter(made)
    lock = threading.Lock()

    def client() -> None:
        with closing(Booth(url)) as booth:
            while True:
                with lock:
                    ballot = next(left, None)
                if ballot is None:
                    return
                began = time.perf_counter()
                status, said = booth.cast(ballot)
                waited.append(time.perf_counter() - began)
                if status != 200:
                    refused.append((status, said))

    threads = [threading.Thread(target=client) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused, refused[0]
    assert len(waited) == len(made)
    return time.perf_counter() - began, waited


def _download(url: str, path: Path) -> Path:
    with closing(Booth(url)) as booth:
        status, archive = booth.ask("GET", f"{BOARD}.bel")
    assert status == 200
    path.write_bytes(archive)
    return path


def _checked(bundle: Path) -> float:
    began = time.perf_counter()
    account = verify(bundle, processes=2)
    assert account.sound, account.findings
    return time.perf_counter() - began
