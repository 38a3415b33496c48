"""Background work through Redis: ids go in, workers take them out. Nothing else is ever in Redis.

Redis may be wiped and workers killed at any moment: a row that was handed on stays in the outbox with its lease, and
is handed on again when the lease has run out.
"""

from __future__ import annotations

import contextlib
import time

import redis
from flask import Flask
from redis.backoff import ExponentialBackoff
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.exceptions import DuplicateJobError, InvalidJobOperation, StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer

from core import outbox
from core.work import Drainer

QUEUE = "answerable"
ENTRY = "core.work.run"
BATCH = 200
"""Rows handed on at a time, and ids in the queue from which on it is full: the others wait where they cannot be lost."""
LONGEST_RUN = outbox.LEASE.total_seconds() - 60
"""Seconds after which a worker gives up on a row: before its lease runs out."""
FAILURE_KEPT = 24 * 60 * 60
"""Seconds that Redis remembers a run that broke off (never a handler's own failure: the row has that)."""


class Relay(Drainer):
    """Hands the ids of due rows to the workers."""

    def __init__(self, app: Flask, url: str, pause: float = 1.0) -> None:
        """Like a ``Drainer``, with the Redis server at ``url``."""
        super().__init__(app, pause)
        self.connection = connect(url)

    def turn(self) -> int:
        """Hand on one batch of what is due, unless the queue is full; returns how many rows that were."""
        to = queue(self.connection)
        if to.count >= BATCH:  # raises if Redis is away, so that nothing is claimed in vain
            return 0
        with self._app.app_context():
            claimed = outbox.claim(BATCH, long=False)
        left = list(claimed)
        try:
            while left:
                hand_on(to, left.pop(0))
        finally:
            self.give_back(left)  # but for the row at which it broke: it must not break every turn
        return len(claimed)


class Worker(SimpleWorker):
    """An ``rq`` worker that runs rows in its own process: a fork would share our database connections."""

    leaving = False

    def handle_warm_shutdown_request(self) -> None:
        """Remember that we were asked to go, unlike when ``rq`` gives up on its own."""
        self.leaving = True


def connect(url: str) -> redis.Redis:
    """A client that tries again quickly, and not for long: everybody here can wait for Redis in their own way."""
    patience = Retry(ExponentialBackoff(cap=1, base=0.1), 3)
    return redis.Redis.from_url(url, socket_timeout=10, socket_connect_timeout=5, retry=patience)


def queue(connection: redis.Redis) -> Queue:
    """The queue of ids; JSON, since what is unpickled could be code."""
    return Queue(QUEUE, connection=connection, serializer=JSONSerializer)


def hand_on(to: Queue, item_id: int) -> None:
    """Put the id of a claimed row into the queue, once."""
    name = f"outbox-{item_id}"
    try:
        _enqueue(to, item_id, name)
    except DuplicateJobError:
        if to.get_job_position(name) is not None:
            return  # still waiting for a worker
        # Taken out, but the lease ran out: its worker died or overslept. rq would keep the name for hours.
        with contextlib.suppress(ValueError, InvalidJobOperation):  # of what a wipe has left of its records
            stale = to.fetch_job(name)
            if stale is not None:
                stale.delete()
        to.connection.delete(Job.key_for(name))
        with contextlib.suppress(DuplicateJobError):  # another relay was quicker
            _enqueue(to, item_id, name)


def _enqueue(to: Queue, item_id: int, name: str) -> None:
    to.enqueue(
        ENTRY,
        item_id,
        job_id=name,
        unique=True,
        job_timeout=int(LONGEST_RUN),
        result_ttl=0,
        failure_ttl=FAILURE_KEPT,
    )


def serve(url: str, *, burst: bool = False) -> None:
    """Work through the queue of the Redis server at ``url`` until asked to stop (SIGTERM, SIGINT).

    Call it in the main thread, inside the app context. With ``burst`` it returns when the queue is empty. When Redis
    goes away it waits for it to come back.
    """
    connection = connect(url)
    while True:
        worker: Worker | None = None
        try:
            worker = Worker(
                [queue(connection)],
                connection=connection,
                serializer=JSONSerializer,
                default_result_ttl=0,
                log_job_description=False,
            )
            worker.log_result_lifespan = False
            worker.work(burst=burst, logging_level="WARNING")
        except redis.RedisError:
            pass
        except StopRequested:
            return
        if burst or (worker is not None and worker.leaving):
            return
        time.sleep(1)
