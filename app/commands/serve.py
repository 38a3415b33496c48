"""``answerable serve``: the web server, and beside it the thread that sends mail and keeps deadlines."""

from __future__ import annotations

import logging
import multiprocessing
import os

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app.factory import create_app
from core.work import start_drainer

WORKERS = 2
THREADS = 4


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--workers", default=WORKERS, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site until stopped."""
    run(host, port, workers)


def run(host: str, port: int, workers: int = WORKERS) -> None:
    """Serve on ``host:port`` with so many processes; the drainer runs in this one. Returns when stopped.

    No access log: who reads or writes here is nobody's business.
    """
    os.environ.setdefault("PORT", str(port))
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Never fork beside the drainer's open database: a child would inherit SQLite's record of locks as it stood at that
    # moment, and could wait for ever for one that nobody holds.
    multiprocessing.set_start_method("spawn", force=True)
    drainer = start_drainer(create_app())
    server = Granian(
        "wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
        log_access=False,
        websockets=False,
        respawn_failed_workers=True,
    )
    try:
        server.serve()
    finally:
        drainer.stop()
