"""Register page and measure page with 1,000 and with 100,000 submissions, and against constant data.

Needs ``wrk`` (Debian package of that name). The ratios are those of processor time per request, which other users of
the machine do not change: what a server that is busy all the time answers per second is its inverse. The machine's own
speed still drifts by a third from one minute to the next, so a ratio is taken within each turn, and the median of the
turns is what counts. The rates that ``wrk`` saw are printed beside it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.factory import create_app
from consult.models import Unit
from consult.rules.submissions import NewSubmission
from consult.services.rounds import lock_round
from consult.services.submissions import receive
from core import audit
from core.db import db, write
from core.settings import Settings
from followup.rules import ReplyText
from followup.services import replies
from tests.live import ROOT, environment, open_city
from tests.servers import free_port

SIZES = (1_000, 100_000)
PAGES = {"register": "/en/rounds/AP-26/register/", "measure": "/en/rounds/AP-26/measures/1/"}
GROWTH = 1.25
SHARE = 0.60
SECONDS = 2
TURNS = 11


def run() -> bool:
    """Print requests per second and both ratios for each page; True if both hold."""
    if shutil.which("wrk") is None:
        print("pages: install wrk to measure them")
        return False
    met = True
    rates: dict[tuple[str, int | str], list[float]] = {}
    costs: dict[tuple[str, int | str], list[float]] = {}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folders = {size: _filled(Path(name) / str(size), size) for size in SIZES}
        servers: dict[int | str, Served] = {
            size: stack.enter_context(_server(folder, "wsgi:application")) for size, folder in folders.items()
        }
        constant_target = "tests.benchmarks.constant:application"
        servers["constant"] = stack.enter_context(_server(folders[SIZES[-1]], constant_target))
        # In turns, so that whatever else the machine does meets all of them alike.
        for _turn in range(TURNS):
            for page, path in PAGES.items():
                for kind, served in servers.items():
                    rate, seconds = _rate(served, path)
                    rates.setdefault((page, kind), []).append(rate)
                    costs.setdefault((page, kind), []).append(seconds)
    middle = {key: statistics.median(values) for key, values in rates.items()}
    cost = {key: statistics.median(values) for key, values in costs.items()}
    small, large = SIZES
    for page in PAGES:
        growth = _paired(costs[page, large], costs[page, small])
        share = _paired(costs[page, "constant"], costs[page, large])
        print(f"{page} page")
        print(f"  {small:>7,} submissions  {middle[page, small]:8.0f} requests/s")
        print(f"  {large:>7,} submissions  {middle[page, large]:8.0f} requests/s")
        print(f"  constant data       {middle[page, 'constant']:8.0f} requests/s")
        for kind in (small, large, "constant"):
            print(f"  processor time per request, {kind}: {cost[page, kind] * 1000:.1f} ms")
        print(f"  time with {large:,} against {small:,}: {growth:.2f} (at most {GROWTH:g})")
        print(f"  share of the rate with constant data: {share:.2f} (at least {SHARE:g})")
        met &= growth <= GROWTH and share >= SHARE
    return met


def _paired(upper: Sequence[float], lower: Sequence[float]) -> float:
    """The median of the ratios of each turn."""
    return statistics.median(one / other for one, other in zip(upper, lower, strict=True))


def _filled(folder: Path, size: int) -> Path:
    """A city with ``size`` released comments on one measure and one answer for every hundredth."""
    open_city(folder)
    app = create_app(Settings(folder=folder, second_factor=False), f"sqlite:///{folder / 'answerable.db'}")
    with app.app_context():
        unit_id = db.session.query(Unit.id).filter_by(number="1").scalar()
        for start in range(0, size, 5_000):
            with write() as session:
                found, register = lock_round(session, "AP-26")
                new = [
                    NewSubmission(
                        unit_id, f"Comment {n}: please repair the lamp at stop {n % 97}.", "proposal"
                    )
                    for n in range(start, min(start + 5_000, size))
                ]
                receive(session, found, register, new, audit.SYSTEM, release=True)
                register_id = register.id
        writer, second = _staff()
        text = ReplyText("noted", "en", {"en": "We have read it. The lamp is on the list."})
        reply = replies.write_answer(register_id, range(1, size, 100), text, writer, submit=True)
        replies.approve_answers([(reply, 1)], second)
        replies.publish_replies(register_id, second)
        db.session.remove()
    return folder


def _staff() -> tuple[audit.Actor, audit.Actor]:
    from accounts.models import Account
    from accounts.services import create_account

    actors = []
    for role in ("officer", "approver"):
        id = create_account(
            email=f"{role}@example.org", name=f"The {role}", roles=[role], password="a-long-bench-passphrase"
        )
        account = db.session.get(Account, id)
        assert account is not None
        actors.append(audit.Actor(role, account.handle, id))
    return actors[0], actors[1]


@dataclass(frozen=True)
class Served:
    """A running server: its address and its process group."""

    url: str
    group: int

    def seconds(self) -> float:
        """Processor time that all its processes have used."""
        ticks = 0
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.getpgid(int(entry.name)) == self.group:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                    ticks += int(fields[11]) + int(fields[12])
            except (OSError, ProcessLookupError):
                continue
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def _server(folder: Path, target: str) -> Iterator[Served]:
    port = free_port()
    words = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "2", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *words, "--no-ws", "--log-level", "critical", target],
        env=environment(folder, BASE_URL=f"http://127.0.0.1:{port}"),
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{url}/how-this-works/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield Served(url, os.getpgid(process.pid))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _rate(served: Served, path: str) -> tuple[float, float]:
    """Requests per second, all with status 200, and processor seconds per request; raises RuntimeError otherwise."""
    url = served.url + path
    wrk = ["wrk", "-t1", "-c4", "--timeout", "20s", f"-d{SECONDS}s", url]
    subprocess.run([*wrk[:5], "-d1s", url], capture_output=True, check=True)  # warm up
    before = served.seconds()
    printed = subprocess.run(wrk, capture_output=True, text=True, check=True).stdout
    used = served.seconds() - before
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise RuntimeError(printed)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    count = re.search(r"(\d+) requests in", printed)
    assert rate is not None
    assert count is not None
    return float(rate[1]), used / int(count[1])
