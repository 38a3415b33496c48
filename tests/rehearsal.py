"""`python -m tests.rehearsal [--people N] [--ballots N] [--postgresql]`: a whole vote of a large town over HTTP, with its figures.

Everything runs through the code and the server of a real election: a register is imported, the roll committed, codes made by
the credential authority, ballots cast over HTTP while others read the pages, voting closed, the ballots multiplied and
decrypted. At the end the board is downloaded and checked by our verifier and, where it is installed, by belenios-tool. Only
printing the letters is left out (`make bench ARGS=letters`).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from elections.ballot import canonical
from elections.models.urn import UrnEvent
from elections.rules.stages import ActKind, Stage
from elections.services.roll.imports import import_roll
from elections.services.urn.closing import multiply_ballots, take_part
from elections.verify import verify
from tests.benchmarks.casting import cast_all, p95
from tests.city import rows, staff
from tests.elections.boxes import stand
from tests.elections.city import CODE, act, bring_to, election
from tests.elections.polls import BOARD, Booth, Polls, installed
from tests.elections.registers import mapping, person, table
from tests.elections.voters import at, town_on_the_roll
from tests.live import LiveServer, live_server
from tests.servers import create_database, postgresql_server

PEOPLE, BALLOTS, CANDIDATES, CLIENTS, AGAIN = 60_000, 5_000, 24, 16, 10
"""One ballot in ``AGAIN`` is that of somebody who votes a second time."""
READ = (f"/en/elections/{CODE}/", f"{BOARD}/", f"/en/elections/{CODE}/vote/")


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="make rehearsal", description="A whole vote of a large town over HTTP."
    )
    parser.add_argument("--people", type=int, default=PEOPLE, help="so many people on the roll")
    parser.add_argument("--ballots", type=int, default=BALLOTS, help="so many ballots")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        url = create_database(stack.enter_context(postgresql_server())) if asked.postgresql else None
        database = "PostgreSQL" if url else "SQLite"
        print(f"{asked.people:,} people, {asked.ballots:,} ballots of {CANDIDATES} candidates, {database}")
        sound = _rehearse(Path(name), url, asked.people, asked.ballots)
    print("Everything held." if sound else "SOMETHING DID NOT HOLD.")
    return 0 if sound else 1


@contextmanager
def _step(name: str) -> Iterator[None]:
    began = time.perf_counter()
    print(f"  {name:<46}", end="", flush=True)
    yield
    print(f"{time.perf_counter() - began:9.1f} s", flush=True)


def _rehearse(place: Path, url: str | None, people: int, count: int) -> bool:
    with installed(place / "var", url) as app:
        stand(CANDIDATES)
        bring_to(Stage.CALLED)
        register = table([person(number) for number in range(1, people + 1)])
        with _step("importing the register"):
            import_roll(CODE, register, "register.csv", mapping(), staff("returning_officer"))
        bring_to(Stage.ROLL)
        with _step("committing to the roll"):
            act(ActKind.COMMIT_ROLL)
        with _step("the authority's codes, without letters"):
            town, numbers = town_on_the_roll(place)
        assert len(numbers) == people
        with _step("checking and keeping the credentials"):
            town.prepare()
        act(ActKind.OPEN_VOTING)
        polls = Polls(app, town, place / "var", {"DATABASE_URL": url} if url else {})
        votes = _votes(people, count, town.election.questions[0].most)
        with _step("ballots, made by the voters' devices"):
            made = polls.ballots(votes)
        polls.let_go()
        with live_server(polls.folder, **polls.environ) as server:
            _cast(server, made, len(dict(votes)))
            closes = election().voting_closes_at
            with _step("closing"), at(closes + timedelta(minutes=1)):
                act(ActKind.CLOSE_VOTING)
            with _step("multiplying"):
                multiply_ballots(CODE, staff("returning_officer"))
            with _step("three trustees decrypt"):
                for owner, part in town.parts():
                    take_part(CODE, owner, part, staff("returning_officer"))
            bundle = place / f"{town.uuid}.bel"
            with _step("downloading the board"), closing(Booth(server.url)) as booth:
                status, archive = booth.ask("GET", f"{BOARD}.bel")
                bundle.write_bytes(archive)
        print(f"  {'the board':<46}{len(archive) / 1e6:9.1f} MB")
        (told,) = [canonical.read(row.payload or b"") for row in rows(UrnEvent) if row.kind == "Result"]
        right = status == 200 and told["result"] == [_added_up(votes, CANDIDATES + 1)]
        print(f"  {'the result is what plain addition gives':<46}{'yes' if right else 'NO':>9}")
        polls.let_go()
    return all([right, _verified(bundle), _refereed(bundle)])


def _votes(people: int, count: int, most: int) -> list[tuple[int, tuple[int, ...]]]:
    """Who chooses what, in the order of casting: by chance, and some twice."""
    chance = random.Random(f"{people} {count}")
    first = min(people, _once(count))
    voters = chance.sample(range(people), first)
    order = [*voters, *chance.sample(voters, min(first, count - _once(count)))]
    return [
        (voter, tuple(chance.sample(range(1, CANDIDATES + 1), chance.randint(0, most)))) for voter in order
    ]


def _once(count: int) -> int:
    """How many of so many ballots are first ones; whoever votes again waits for the answer to the first."""
    return count - count // AGAIN


def _added_up(votes: Sequence[tuple[int, Sequence[int]]], slots: int) -> list[int]:
    """The result in plain: of each voter the last choice, a blank in the first slot."""
    total = [0] * slots
    for chosen in dict(votes).values():
        for slot in chosen or (0,):
            total[slot] += 1
    return total


@dataclass
class Readers:
    """Somebody who reads the election's pages once a second while others vote, and looks at the server's memory."""

    server: LiveServer
    waited: dict[str, list[float]] = field(default_factory=lambda: {path: [] for path in READ})
    memory: int = 0
    failed: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        with closing(Booth(self.server.url)) as booth:
            while not self.over.wait(1):
                for path in READ:
                    began = time.perf_counter()
                    status, _page = booth.ask("GET", path)
                    self.waited[path].append(time.perf_counter() - began)
                    self.failed += status != 200
                self.memory = max([self.memory, *self.server.workers_memory().values()])


def _cast(server: LiveServer, made: Sequence[bytes], first: int) -> None:
    readers = Readers(server)
    reading = threading.Thread(target=readers.read)
    reading.start()
    try:
        with _step("casting over HTTP"):
            done = [cast_all(server.url, some, CLIENTS) for some in (made[:first], made[first:])]
    finally:
        readers.over.set()
        reading.join()
    assert not readers.failed
    seconds = sum(each for each, _waited in done)
    waited = [wait for _seconds, waits in done for wait in waits]
    print(f"  {'  rate':<46}{len(made) / seconds:9.1f} ballots a second")
    print(f"  {f'  p95 of an answer, {CLIENTS} at once':<46}{p95(waited):9.0f} ms")
    for path, times in readers.waited.items():
        if times:
            print(f"  {f'  p95 of {path}':<46}{p95(times):9.0f} ms")
    print(f"  {'  memory of the largest process':<46}{readers.memory / 1e6:9.0f} MB")


def _verified(bundle: Path) -> bool:
    with _step("our verifier"):
        account = verify(bundle, processes=os.cpu_count() or 1)
    for finding in account.findings:
        print(f"    {finding}")
    return account.sound


def _refereed(bundle: Path) -> bool:
    if shutil.which("belenios-tool") is None:
        print("  belenios-tool is not installed, so only our verifier has checked it")
        return True
    alone = bundle.parent / "referee"
    alone.mkdir()
    shutil.copy(bundle, alone)
    with _step("belenios-tool"):
        done = subprocess.run(
            ["belenios-tool", "election", "verify", "--dir", str(alone)],
            capture_output=True,
            text=True,
            check=False,
        )
    passed = "all checks passed" in done.stderr
    if not passed:
        print(done.stdout, done.stderr)
    return passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
