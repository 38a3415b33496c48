"""Fifty people at once, syncs counted, servers killed: every receipt has its row, and only one."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.browser_without_script import Browser, Page, ReceiptSeen, comment, read_receipt
from tests.live import command, live_server, open_city
from tests.servers import Missing, create_database, skip_or_fail

pytestmark = pytest.mark.slow


def rows(folder: Path) -> list[tuple[int, str]]:
    """Number and text of every submission, in order."""
    with closing(sqlite3.connect(folder / "answerable.db")) as connection:
        return connection.execute("SELECT number, text FROM consult_submission ORDER BY number").fetchall()


def assert_complete(folder: Path, received: list[tuple[str, ReceiptSeen]], **more: str) -> None:
    """Every receipt has exactly one row with its text, numbers have no gap, and the chain holds each hash."""
    stored = rows(folder)
    assert [number for number, _text in stored] == list(range(1, len(stored) + 1))
    by_number = dict(stored)
    for text, receipt in received:
        assert by_number[int(receipt.number.rsplit("-", 1)[1])] == text
    texts = [text for _number, text in stored]
    assert len(texts) == len(set(texts)), "a submission is there twice"
    anchors = [word for _text, receipt in received for word in ("--anchor", receipt.entry_hash)]
    assert command(folder, "audit", "verify", *anchors, **more).returncode == 0


@pytest.fixture
def city(tmp_path: Path) -> tuple[Path, str]:
    folder = tmp_path / "var"
    return folder, open_city(folder)


def test_fifty_people_at_once_each_get_a_receipt_that_is_on_the_disk(
    city: tuple[Path, str], tmp_path: Path
) -> None:
    """Counted with strace: at least one sync of the write-ahead log for every receipt."""
    if shutil.which("strace") is None:
        skip_or_fail(Missing("install strace"))
    folder, code = city
    log = tmp_path / "syncs"
    people, each = 50, 2
    wrap = ("strace", "-f", "-qq", "-y", "-e", "trace=fsync,fdatasync", "-e", "signal=none", "-o", str(log))
    with live_server(folder, wrap=wrap) as server:
        before = log.stat().st_size

        def person(n: int) -> list[tuple[str, ReceiptSeen]]:
            texts = [f"Person {n}, comment {turn}." for turn in range(each)]
            with closing(Browser(server.url)) as browser:
                return [(text, comment(browser, f"/rounds/{code}/measures/1/", text)) for text in texts]

        with ThreadPoolExecutor(people) as pool:
            received = [pair for pairs in pool.map(person, range(people)) for pair in pairs]
    with log.open() as file:
        file.seek(before)
        syncs = sum("answerable.db-wal>" in line for line in file if re.search(r"f(data)?sync\(", line))
    assert len(received) == people * each
    assert syncs >= len(received)
    assert_complete(folder, received)
    assert len(rows(folder)) == len(received)


@dataclass
class Resident:
    """Somebody who sends the same form until a receipt comes, as people do when the connection breaks."""

    text: str
    page: Page | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    receipts: list[ReceiptSeen] = field(default_factory=list)


def send_until_received(resident: Resident, url: str, path: str, stop: threading.Event) -> None:
    with closing(Browser(url, timeout=10)) as browser:
        while not stop.is_set():
            try:
                if resident.page is None:
                    resident.page = browser.get(path)
                    resident.cookies = browser.cookies
                browser.cookies = resident.cookies
                form = resident.page.form("/submit")
                answer = browser.send(resident.page, form, text=resident.text, kind="concern")
                if answer.status == 200:
                    resident.receipts.append(read_receipt(answer))
                    return
            except ConnectionError:
                time.sleep(0.05)


def test_killing_the_server_at_random_moments_loses_and_doubles_nothing(city: tuple[Path, str]) -> None:
    folder, code = city
    chance = random.Random(20261121)
    residents = [Resident(f"Resident {n} asks for a bench.") for n in range(75)]
    waiting = list(residents)
    with live_server(folder) as server:
        for _kill in range(5):
            stop = threading.Event()
            batch, waiting = waiting[:15], waiting[15:]
            unsure = [r for r in residents if r.page is not None and not r.receipts]
            with ThreadPoolExecutor(30) as pool:
                for resident in [*unsure, *batch]:
                    pool.submit(
                        send_until_received, resident, server.url, f"/rounds/{code}/measures/2/", stop
                    )
                time.sleep(chance.uniform(0.05, 0.5))
                server.kill()
                stop.set()
            server.start()
        last = threading.Event()
        patience = threading.Timer(60, last.set)
        patience.start()
        with ThreadPoolExecutor(16) as pool:
            for resident in residents:
                if not resident.receipts:
                    pool.submit(
                        send_until_received, resident, server.url, f"/rounds/{code}/measures/2/", last
                    )
        patience.cancel()  # else the process stays until the time is up
        received = [(r.text, r.receipts[0]) for r in residents if r.receipts]
        assert len(received) == len(residents)
    assert_complete(folder, received)
    assert len(rows(folder)) == len(residents)


@pytest.mark.postgresql
def test_fifty_people_at_once_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    url = create_database(postgresql)
    folder = tmp_path / "var"
    code = open_city(folder, environ={"DATABASE_URL": url})
    with live_server(folder, DATABASE_URL=url) as server:

        def person(n: int) -> ReceiptSeen:
            with closing(Browser(server.url)) as browser:
                return comment(browser, f"/rounds/{code}/measures/1/", f"Person {n}.")

        with ThreadPoolExecutor(50) as pool:
            received = list(pool.map(person, range(100)))
    assert sorted(int(r.number.rsplit("-", 1)[1]) for r in received) == list(range(1, 101))
    assert len({r.code for r in received}) == 100
    anchors = [word for receipt in received for word in ("--anchor", receipt.entry_hash)]
    assert command(folder, "audit", "verify", *anchors, DATABASE_URL=url).returncode == 0
