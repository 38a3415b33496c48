"""Who does the work of the outbox: a thread of our own, or workers that ``rq`` wakes.

Without Redis a ``Drainer`` thread runs what is due. With Redis the thread is a ``Relay`` that hands ids to workers,
which call ``run``. Either way the rows are the truth: whatever is lost on the way comes up again with its lease.

Work that may take minutes never goes to a worker, which would give up on it: the thread, of either kind, has a second one
for it, one piece at a time and behind everything else in the machine.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading

from flask import Flask, current_app

import core.mail  # noqa: F401 - whoever does the work can send mail
from core import outbox, settings

log = logging.getLogger(__name__)

BATCH = 10
"""Rows claimed at a time; few, since they wait for each other while their leases run."""


NICE = 10
"""How far work that takes minutes stands back: the site comes first."""


class Drainer(threading.Thread):
    """Runs what is due, in the background of this process, until ``stop``.

    Any number of drainers may run on the same database, in any number of processes.
    """

    def __init__(self, app: Flask, pause: float = 1.0) -> None:
        """Look for work in ``app``'s database, and again ``pause`` seconds after there was none."""
        super().__init__(name="outbox", daemon=True)
        self._app = app
        self._pause = pause
        self._ending = threading.Event()
        self._wakened = threading.Event()
        self._prepared = False
        self._trouble: str | None = None
        self._long: threading.Thread | None = None

    def run(self) -> None:
        """The thread's own loop. Survives whatever happens to the database meanwhile."""
        while not self._ending.is_set():
            if not self._attempt():
                self._wakened.wait(self._pause)
                self._wakened.clear()

    def wake(self) -> None:
        """Look for work at once."""
        self._wakened.set()

    def stop(self, patience: float = 30.0) -> None:
        """Finish the row at hand, give back the others, and end; waits up to ``patience`` seconds."""
        self._ending.set()
        self._wakened.set()
        if self.is_alive():
            self.join(patience)
        if self._long is not None:
            self._long.join(patience)

    def turn(self) -> int:
        """Do one batch of what is due; returns how many rows were claimed."""
        with self._app.app_context():
            claimed = outbox.claim(BATCH, long=False)
        left = list(claimed)
        try:
            while left and not self._ending.is_set():
                item_id = left.pop(0)
                with self._app.app_context():
                    outbox.run_one(item_id)
        finally:
            self.give_back(left)
        return len(claimed)

    def begin_long(self) -> None:
        """Begin one piece of what may take minutes, if some is due and none is under way here."""
        if self._ending.is_set() or (self._long is not None and self._long.is_alive()):
            return
        with self._app.app_context():
            claimed = outbox.claim(1, long=True)
        for item_id in claimed:
            self._long = threading.Thread(
                target=self._run_long, args=(item_id,), name="outbox-long", daemon=True
            )
            self._long.start()

    def _run_long(self, item_id: int) -> None:
        if hasattr(os, "setpriority"):  # on Linux of this thread alone
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        try:
            with self._app.app_context():
                outbox.run_one(item_id, self._ending)
        except Exception as error:  # a database that went away: the lease runs out, and the row comes again
            log.warning("outbox %d: %s", item_id, type(error).__name__)

    def give_back(self, ids: list[int]) -> None:
        """End the lease of rows that were claimed and not run."""
        if ids:
            with self._app.app_context():
                outbox.release(ids)

    def _attempt(self) -> bool:
        """One turn; whether there may be more to do at once."""
        try:
            if not self._prepared:
                with self._app.app_context():
                    outbox.ensure_periodic()
                self._prepared = True
            self.begin_long()
            busy = self.turn() > 0
        except Exception as error:
            # A database that restarts, or is not prepared yet, must not end the thread. Said once, not each second.
            name = type(error).__name__
            if name != self._trouble:
                log.warning("the outbox waits: %s", name)
            self._trouble = name
            return False
        self._trouble = None
        return busy


def start_drainer(app: Flask) -> Drainer:
    """Start the thread that does, or with Redis hands on, the background work of ``app``; ``stop()`` ends it."""
    url = settings.current().redis_url
    drainer = Drainer(app)
    if url:
        from core.relay import Relay

        drainer = Relay(app, url)
    drainer.start()
    return drainer


def run(item_id: int) -> None:
    """What ``rq`` calls in a worker: run one outbox row in an app context of its own.

    Raises RuntimeError with nothing but the row's number and an error's class name: ``rq`` keeps the text.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        with app.app_context():
            outbox.run_one(item_id)
    except Exception as error:
        raise RuntimeError(f"outbox item {item_id}: {type(error).__name__}") from None
