"""Fifty people submitting at once over HTTP: how many a second, and what a worker weighs afterwards."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.browser_without_script import Browser, comment
from tests.live import live_server, open_city

CLIENTS = 50
EACH = 20
MEMORY = 250_000_000


def run() -> bool:
    """Print the rate and the memory of every worker; True if each stays under 250 MB."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "var"
        code = open_city(folder)
        with live_server(folder) as server:
            start = time.perf_counter()
            with ThreadPoolExecutor(CLIENTS) as pool:
                counts = list(pool.map(lambda n: _comments(server.url, code, n), range(CLIENTS)))
            seconds = time.perf_counter() - start
            memory = server.workers_memory()
    total = sum(counts)
    print(f"{CLIENTS} people at once, {total:,} submissions (a page, a form, a receipt each)")
    print(f"  {total / seconds:6.1f} submissions/s, {seconds:.1f} s in all")
    for process, size in sorted(memory.items()):
        print(f"  process {process}: {size / 1e6:5.0f} MB (at most {MEMORY / 1e6:.0f})")
    return total == CLIENTS * EACH and all(size <= MEMORY for size in memory.values())


def _comments(url: str, code: str, person: int) -> int:
    browser = Browser(url)
    for turn in range(EACH):
        comment(
            browser,
            f"/rounds/{code}/measures/{1 + turn % 3}/",
            f"Person {person} says for the {turn}th time: light.",
        )
    return EACH
