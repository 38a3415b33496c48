"""Open council data with 1,000 and with 20,000 motions, on SQLite and on PostgreSQL, and a whole crawl while others edit.

Processor time per request as in ``motions``. Files are not rendered here: their time is typst's (see ``papers``). Some motions
are published as always, and what came of them is copied until there are enough: requests read nothing else.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, literal, select

from app.factory import create_app
from core import clock
from core.db import db, write
from core.settings import Settings
from motions.models.motions import Motion
from motions.models.oparl import PublishedObject
from motions.oparl.facts import Printing
from motions.services.oparl import Printer, Wanted, publish, publish_all
from tests.benchmarks.motions import _pids, _used
from tests.benchmarks.motions_filled import fill
from tests.conftest import TODAY
from tests.servers import create_database, postgresql_server

SIZES = (1_000, 20_000)
GROWTH = 1.25
PUBLISHED = 500
"""Motions that are really published."""
TURNS, REQUESTS = 7, 6
BASE = "http://127.0.0.1:8000"
AT = f"{BASE}/oparl/v1.1"

PAGES = {
    "first page of papers": "/body/1/paper",
    "page in the middle": "/body/1/paper?after={middle}",
    "changed since just now": "/body/1/paper?modified_since={newest}&limit=1",
    "changed, of a list without changes": "/body/1/meeting?modified_since={newest}",
    "without what stands inside": "/body/1/paper?omit_internal=true&limit=20",
    "one paper": "/paper/motion-{motion}",
    "one council's meetings": "/organization/1/meeting",
}


def _source(printing: Printing) -> str:
    return hashlib.sha256(printing.text.encode()).hexdigest()


PRINTER = Printer(_source, lambda printing: printing.text.encode())


def run() -> bool:
    """Print the time of each question, how it grows, and what a crawl found; True if all holds."""
    met = True
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgresql_server())
        for name in ("SQLite", "PostgreSQL"):
            cities = {}
            for size in SIZES:
                place = folder / name / str(size)
                url = f"sqlite:///{place / 'city.db'}" if name == "SQLite" else create_database(server)
                cities[size] = stack.enter_context(_city(name, place, url, size))
            met &= _compare(name, cities)
            met &= _crawl(name, cities[SIZES[-1]])
    return met


@contextmanager
def _city(name: str, folder: Path, url: str, size: int) -> Iterator[Flask]:
    app = create_app(Settings(folder=folder, second_factor=False), url)
    with app.app_context():
        upgrade()
        with clock.freeze(TODAY):
            fill(PUBLISHED, TODAY)
        begin = time.process_time()
        publish_all(PRINTER)
        took = (time.process_time() - begin) / PUBLISHED * 1000
        print(f"{name}: {took:.0f} ms of processor time to publish a motion, or to find that nothing changed")
        for copy in range(1, size // PUBLISHED):
            _copy(copy)
        db.session.remove()
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _copy(number: int) -> None:
    """All papers and files once more, under other keys."""
    table = PublishedObject.__table__
    key = table.c.key + literal(f"-{number}")
    changed = {"key": key, "scope": table.c.scope + literal(f"-{number}")}
    changed["content"] = func.replace(
        table.c.content, literal("/paper/") + table.c.key, literal("/paper/") + key
    )
    names = [column.name for column in table.columns if column.name != "id"]
    columns = [changed.get(name, table.c[name]).label(name) for name in names]
    own = table.c.scope.like("motion-%"), ~table.c.scope.like("motion-%-%")
    with write() as session:
        session.execute(insert(table).from_select(names, select(*columns).where(*own).order_by(table.c.id)))


def _compare(name: str, cities: dict[int, Flask]) -> bool:
    small, large = SIZES
    costs: dict[tuple[str, int], list[float]] = {}
    for _turn in range(TURNS):
        for page in PAGES:
            for size in SIZES:
                costs.setdefault((page, size), []).append(_cost(cities[size], PAGES[page]))
    print(f"{name}: milliseconds of processor time per request")
    met = True
    for page in PAGES:
        growth = statistics.median(
            one / other for one, other in zip(costs[page, large], costs[page, small], strict=True)
        )
        times = [statistics.median(costs[page, size]) * 1000 for size in SIZES]
        print(
            f"  {page:<36}{times[0]:7.1f}{times[1]:7.1f}   {growth:5.2f}{'' if growth <= GROWTH else '   too much'}"
        )
        met &= growth <= GROWTH
    print(f"  with {large:,} against {small:,}: at most {GROWTH:g}")
    return met


def _cost(app: Flask, page: str) -> float:
    with app.app_context():
        middle, newest, motion = db.session.execute(
            select(
                func.max(PublishedObject.id) / 2,
                func.max(PublishedObject.modified),
                select(func.max(Motion.id)).where(Motion.number.is_not(None)).scalar_subquery(),
            )
        ).one()
        moment = newest.isoformat().replace("+", "%2B") if hasattr(newest, "isoformat") else newest
        path = f"/oparl/v1.1{page.format(middle=int(middle), newest=moment, motion=motion)}"
        pids = _pids()
    client = app.test_client()
    client.get(path)
    before = _used(pids)
    for _request in range(REQUESTS):
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    return (_used(pids) - before) / REQUESTS


def _crawl(name: str, app: Flask) -> bool:
    """Read every paper while one of them changes before each page, and compare with what there is."""
    client = app.test_client()
    seen: list[str] = []
    at: str | None = f"{AT}/body/1/paper"
    begin, edits = time.perf_counter(), 0
    with app.app_context():
        numbers = db.session.scalars(select(Motion.id).where(Motion.number.is_not(None))).all()
        db.session.remove()
    while at is not None:
        page = json.loads(client.get(at.removeprefix(BASE)).data)
        seen += [each["id"] for each in page["data"]]
        at = page["links"].get("next")
        with app.app_context():
            with write() as session:
                changed = session.get_one(Motion, numbers[(edits * 7919) % len(numbers)])
                changed.topic = "other" if changed.topic != "other" else "work"
            publish(Wanted(motions={changed.id}), PRINTER)
            db.session.remove()
        edits += 1
    took = time.perf_counter() - begin
    with app.app_context():
        there = set(
            db.session.scalars(
                select(PublishedObject.key).where(
                    PublishedObject.type == "Paper", PublishedObject.deleted.is_(False)
                )
            )
        )
    found = [each.rsplit("/", 1)[-1] for each in seen]
    gaps, repeats = len(there - set(found)), len(found) - len(set(found))
    print(
        f"{name}: a crawl of {len(found):,} papers during {edits:,} edits took {took:.0f} s:"
        f" {gaps} missing, {repeats} twice"
    )
    return not gaps and not repeats
