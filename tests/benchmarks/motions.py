"""The public register of motions with 1,000 and with 20,000 of them, on SQLite and on PostgreSQL.

Processor time per request, of the application and (on PostgreSQL) of the database's own processes, both in turns: a ratio
is taken within each turn, and the median of the turns counts. Where 1,000 motions do not fill the page that 20,000 fill,
a full page of all 1,000, found by a word if words are sought, is the measure: a row costs its time in any register.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from app.factory import create_app
from core import clock
from core.db import db
from core.settings import Settings
from tests.benchmarks.motions_filled import fill
from tests.servers import create_database, postgresql_server

SIZES = (1_000, 20_000)
GROWTH = 1.25
TURNS, REQUESTS = 9, 6
TODAY = date(2027, 9, 14)

PAGES = {
    "list": "",
    "second page": "?after={place}",
    "state: with the council": "?state=council",
    "state: with the city": "?state=city",
    "state: being done": "?state=doing",
    "state: done": "?state=done",
    "state: rejected": "?state=refused",
    "state: no decision": "?state=without",
    "state: late": "?state=late",
    "topic": "?topic=schools",
    "kind": "?kind=question",
    "department": "?department=3",
    "term": "?term=2",
    "member": "?member={member}",
    "council": "?council=1",
    "kind and state": "?kind=motion&state=doing",
    "council and late": "?council=1&state=late",
    "common word": "?word=school",
    "word of one in twenty": "?word=wheelchair",
    "rare word": "?word=lighthouse",
    "no such word": "?word=xylophone",
    "two words": "?word=school+wheelchair",
    "Arabic word": "?word=%D9%85%D8%AF%D8%B1%D8%B3%D8%A9",
    "Chinese word": "?word=%E5%AD%A6%E6%A0%A1%E6%80%BB",
    "topic and common word": "?topic=housing&word=school",
    "topic and rare word": "?topic=housing&word=lighthouse",
    "member and common word": "?member={member}&word=school",
    "state and word": "?state=doing&word=school",
    "motion": "{motion}/",
}


def run() -> bool:
    """Print the processor time of each page and how it grows; True if nothing grows by more than a quarter."""
    met = True
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgresql_server())
        for name in ("SQLite", "PostgreSQL"):
            cities = {}
            for size in SIZES:
                place = folder / name / str(size)
                url = f"sqlite:///{place / 'city.db'}" if name == "SQLite" else create_database(server)
                cities[size] = stack.enter_context(_city(place, url, size))
            met &= _compare(name, cities)
    return met


@contextmanager
def _city(folder: Path, url: str, size: int) -> Iterator[Flask]:
    app = create_app(Settings(folder=folder, second_factor=False), url)
    with clock.freeze(TODAY), app.app_context():
        upgrade()
        fill(size, TODAY)
        db.session.remove()
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _compare(name: str, cities: dict[int, Flask]) -> bool:
    small, large = SIZES
    costs: dict[tuple[str, int], list[float]] = {}
    rows = {(page, size): _rows(cities[size], page) for page in PAGES for size in SIZES}
    for _turn in range(TURNS):
        for page in PAGES:
            for size in SIZES:
                costs.setdefault((page, size), []).append(_cost(cities[size], page))
    print(f"{name}: milliseconds of processor time per request")
    met = True
    for page in PAGES:
        full = "common word" if "word=" in PAGES[page] else "list"
        base = full if rows[page, small] < rows[page, large] else page
        growth = statistics.median(
            one / other for one, other in zip(costs[page, large], costs[base, small], strict=True)
        )
        times = [statistics.median(costs[page, size]) * 1000 for size in SIZES]
        mark = "" if growth <= GROWTH else "   too much"
        few = f"   against: {base}, since 1,000 show {rows[page, small]} rows" if base != page else ""
        print(f"  {page:<26}{times[0]:7.1f}{times[1]:7.1f}   {growth:5.2f}{mark}{few}", flush=True)
        met &= growth <= GROWTH
    print(f"  with {large:,} against {small:,}: at most {GROWTH:g}")
    return met


def _path(app: Flask, page: str) -> str:
    path = PAGES[page].format(**_samples(app))
    return path if path.startswith("/") else f"/en/motions/{path}"


def _rows(app: Flask, page: str) -> int:
    """How many motions a page lists."""
    with clock.freeze(TODAY), app.app_context():
        return len(set(re.findall(r"/motions/MC-[0-9]+/", app.test_client().get(_path(app, page)).text)))


def _cost(app: Flask, page: str) -> float:
    """Processor seconds per request of ``page``."""
    with clock.freeze(TODAY), app.app_context():
        path = _path(app, page)
        client = app.test_client()
        client.get(path)
        pids = _pids()
    with clock.freeze(TODAY):
        before = _used(pids)
        for _request in range(REQUESTS):
            answer = client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status}")
        return (_used(pids) - before) / REQUESTS


def _samples(app: Flask) -> dict[str, object]:
    if "samples" not in app.extensions:
        place = db.session.scalar(
            text("SELECT place FROM motions_folded ORDER BY place DESC LIMIT 1 OFFSET 29")
        )
        number = db.session.scalar(
            text("SELECT number FROM motions_motion WHERE stage = 'implementing' ORDER BY id DESC LIMIT 1")
        )
        member = db.session.scalar(
            text("SELECT author_id FROM motions_motion GROUP BY author_id ORDER BY count(*) DESC LIMIT 1")
        )
        app.extensions["samples"] = {"place": place, "motion": f"MC-{number:04d}", "member": member}
        db.session.remove()
    samples: dict[str, object] = app.extensions["samples"]
    return samples


def _pids() -> list[int]:
    if db.engine.dialect.name == "sqlite":
        return []
    found = db.session.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"))
    pids = list(found)
    db.session.remove()
    return pids


def _used(pids: Sequence[int]) -> float:
    """Processor seconds that this process and those of the database have used."""
    seconds = time.process_time()
    for pid in pids:
        fields = Path(f"/proc/{pid}/schedstat").read_text().split()
        seconds += int(fields[0]) / 1e9
    return seconds
