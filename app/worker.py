"""``answerable worker``: background work in a process of its own.

With ``REDIS_URL`` it is one ``rq`` worker, and a relay beside it; run the command several times for several workers.
Without Redis it drains the outbox itself, which is enough for most cities.
"""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

import click
from flask import Flask

from core import settings
from core.work import start_drainer


@click.command("worker")
def worker() -> None:
    """Do the background work: mail, digests, deadlines."""
    from app.factory import create_app

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    run(create_app())


def run(app: Flask) -> None:
    """Work until the process is asked to end (SIGTERM or SIGINT), then finish what is at hand."""
    url = settings.current().redis_url
    drainer = start_drainer(app)
    try:
        if url:
            from core.relay import serve

            with app.app_context():
                serve(url)
        else:
            _wait_for_signal()
    finally:
        drainer.stop()


def _wait_for_signal() -> None:
    asked = threading.Event()

    def remember(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, remember)
    signal.signal(signal.SIGINT, remember)
    asked.wait()
