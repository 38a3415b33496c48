"""Redis only wakes people up: workers are killed, Redis is wiped and restarted, and everything is done in the end."""

from __future__ import annotations

import base64
import binascii
import contextlib
import signal
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from typing import Any

import pytest
import redis
from flask import Flask

from app import worker
from core import clock, outbox
from core.db import write
from core.relay import FAILURE_KEPT, Relay, hand_on, queue, serve
from core.work import run
from tests.core.desk import eventually, items, mail_server, on_one_database, start, undone, write_to
from tests.servers import RedisServer

CANARY = "Kanarienvogel"

pytestmark = pytest.mark.redis


@pytest.fixture
def own_redis(request: pytest.FixtureRequest) -> RedisServer:
    """The suite's own server; its name is the module's too."""
    server: RedisServer = request.getfixturevalue("redis")
    return server


@pytest.fixture
def store(own_redis: RedisServer) -> Iterator[redis.Redis]:
    """A client of an empty Redis."""
    client = redis.Redis.from_url(own_redis.url)
    client.flushall()
    client.config_set("rdbcompression", "no")  # so that what is looked for can be found
    yield client
    client.close()


@pytest.fixture
def relay(desk: Flask, own_redis: RedisServer, store: redis.Redis) -> Iterator[Relay]:
    relay = Relay(desk, own_redis.url)
    yield relay
    relay.connection.close()


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[outbox.Payload], None]], None]:
    return lambda work: monkeypatch.setitem(outbox._handlers, "count", work)


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    """A worker in this process takes the signals over."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def add(number: int = 0) -> None:
    with write() as session:
        outbox.enqueue(session, "count", {"number": number})


def after_the_lease(rounds: int = 1) -> Any:
    """The time when everything that was claimed until now is free again."""
    return clock.freeze(clock.now() + rounds * (outbox.LEASE + timedelta(seconds=1)))


def all_that_redis_holds(store: redis.Redis) -> bytes:
    """Every key and value, raw, and once more with what rq has compressed laid open."""
    held = []
    for key in store.scan_iter():
        held += [key, store.dump(key) or b""]
        values: list[bytes] = []
        if store.type(key) == b"hash":
            values = list(store.hgetall(key).values())
        elif store.type(key) == b"stream":
            values = [value for _, entry in store.xrange(key) for value in entry.values()]
        for value in values:
            for packed in (value, _from_base64(value)):
                with contextlib.suppress(zlib.error):
                    held.append(zlib.decompress(packed))
    return b"\n".join(held)


def _from_base64(value: bytes) -> bytes:
    with contextlib.suppress(binascii.Error):
        return base64.b64decode(value)
    return b""


# --- handing on ---------------------------------------------------------------------------------------------


def test_workers_do_what_the_relay_hands_on(
    relay: Relay, own_redis: RedisServer, handle: Callable[..., None]
) -> None:
    done: list[int] = []
    handle(lambda payload: done.append(payload["number"]))
    for number in range(20):
        add(number)
    assert relay.turn() == 20
    assert relay.turn() == 0
    serve(own_redis.url, burst=True)
    assert done == list(range(20))
    assert undone("count") == 0
    assert queue(relay.connection).job_ids == []


@on_one_database
def test_what_takes_minutes_never_goes_to_a_worker_that_would_give_up_on_it(
    relay: Relay, handle: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    handle(lambda payload: done.append(payload["number"]))
    monkeypatch.setattr(outbox, "_long", {"count"})
    add(7)
    assert relay.turn() == 0
    relay.begin_long()
    eventually(lambda: undone("count") == 0)
    assert done == [7]
    assert queue(relay.connection).job_ids == []


@on_one_database
def test_an_id_waits_in_the_queue_only_once(relay: Relay) -> None:
    add()
    relay.turn()
    with after_the_lease():
        assert relay.turn() == 1
    assert len(queue(relay.connection).job_ids) == 1


@on_one_database
def test_a_full_queue_takes_no_more_until_workers_have_been_at_it(
    relay: Relay, own_redis: RedisServer, handle: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.relay.BATCH", 5)
    handle(lambda payload: None)
    for number in range(8):
        add(number)
    assert [relay.turn(), relay.turn()] == [5, 0]
    serve(own_redis.url, burst=True)
    assert relay.turn() == 3


@on_one_database
def test_nothing_is_claimed_for_a_redis_that_is_away(
    desk: Flask, own_redis: RedisServer, handle: Callable[..., None]
) -> None:
    add()
    away = Relay(desk, "redis://127.0.0.1:1/0")
    with pytest.raises(redis.ConnectionError):
        away.turn()
    away.connection.close()
    assert len(outbox.claim(10)) == 1


@on_one_database
def test_a_row_that_cannot_be_handed_on_holds_up_nobody(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        add(number)
    handed_on: list[int] = []

    def hand_on_all_but_the_first(_queue: object, item_id: int) -> None:
        if item_id == items("count")[0].id:
            raise redis.ConnectionError
        handed_on.append(item_id)

    monkeypatch.setattr("core.relay.hand_on", hand_on_all_but_the_first)
    with pytest.raises(redis.ConnectionError):
        relay.turn()
    assert relay.turn() == 2
    assert handed_on == [item.id for item in items("count")][1:]


@on_one_database
def test_a_job_that_redis_remembers_by_half_is_handed_on_again(relay: Relay, store: redis.Redis) -> None:
    """As after a wipe in the middle of a run: a name that is taken, and nothing behind it."""
    add()
    [item_id] = outbox.claim(10)
    store.hset(f"rq:job:outbox-{item_id}", "status", "started")
    store.zadd(f"rq:executions:outbox-{item_id}", {"gone": 1})
    hand_on(queue(relay.connection), item_id)
    assert queue(relay.connection).job_ids == [f"outbox-{item_id}"]


@on_one_database
def test_a_wiped_redis_loses_nothing(
    relay: Relay, store: redis.Redis, own_redis: RedisServer, handle: Callable[..., None]
) -> None:
    done: list[int] = []
    handle(lambda payload: done.append(payload["number"]))
    for number in range(10):
        add(number)
    relay.turn()
    store.flushall()
    serve(own_redis.url, burst=True)
    assert done == []
    with after_the_lease():
        assert relay.turn() == 10
    serve(own_redis.url, burst=True)
    assert sorted(done) == list(range(10))


@on_one_database
def test_two_relays_are_no_worse_than_one(relay: Relay) -> None:
    add()
    [item_id] = outbox.claim(10)
    to = queue(relay.connection)
    hand_on(to, item_id)
    hand_on(to, item_id)
    assert to.job_ids == [f"outbox-{item_id}"]


# --- what Redis may know ------------------------------------------------------------------------------------


def test_redis_never_holds_more_than_ids(
    relay: Relay, store: redis.Redis, own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at while rows wait, while they run, after they failed, and after a run that broke off."""
    seen: dict[str, bytes] = {}

    def fail(_payload: outbox.Payload) -> None:
        seen["running"] = all_that_redis_holds(store)
        raise ValueError(CANARY)

    def break_off(_turn: object, _error: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setitem(outbox._handlers, "mail.send", fail)
    write_to(f"{CANARY}@example.org", CANARY, CANARY)
    relay.turn()
    seen["waiting"] = all_that_redis_holds(store)
    serve(own_redis.url, burst=True)
    seen["failed"] = all_that_redis_holds(store)
    assert items()[0].last_error == "ValueError"
    monkeypatch.setattr(outbox, "_postpone", break_off)
    with after_the_lease():
        relay.turn()
        serve(own_redis.url, burst=True)
    seen["broken off"] = all_that_redis_holds(store)

    assert {when for when, held in seen.items() if CANARY.encode() in held} == set()
    assert b'["core.work.run", null, [%d], {}]' % items()[0].id in seen["waiting"]
    assert b"core.work.run" in seen["running"]
    assert b"RuntimeError" in seen["broken off"]


@on_one_database
def test_redis_forgets_a_run_that_broke_off_within_a_day(
    relay: Relay, store: redis.Redis, own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "run_one", lambda item_id: (_ for _ in ()).throw(OSError(CANARY)))
    add()
    relay.turn()
    serve(own_redis.url, burst=True)
    kept = [store.ttl(key) for key in store.scan_iter("*outbox-*")]
    assert len(kept) >= 2
    assert all(0 < seconds <= FAILURE_KEPT for seconds in kept)
    assert FAILURE_KEPT <= 24 * 60 * 60


@on_one_database
def test_a_run_that_breaks_off_tells_only_its_number_and_an_error_class(
    desk: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "run_one", lambda item_id: (_ for _ in ()).throw(OSError(CANARY)))
    with pytest.raises(RuntimeError, match=r"^outbox item 17: OSError$") as broken:
        run(17)
    assert broken.value.__suppress_context__


# --- kill -9 ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_killed_workers_and_a_lost_redis_lose_nothing(
    desk: Flask, relay: Relay, own_redis: RedisServer
) -> None:
    """Four workers are killed in the middle of a letter; Redis is wiped once, and killed and restarted once."""
    letters, kills = 60, 4
    for number in range(letters):
        write_to(f"resident-{number}@example.org")
    with mail_server() as server:
        choices = {"redis_url": own_redis.url, "smtp_url": server.url}
        for kill in range(1, kills + 1):
            # Whatever the worker before had in hand is handed on again; the relay knows nothing of its death.
            with after_the_lease(kill):
                relay.turn()
            killed: list[ForkServerProcess] = []
            server.on_acceptance = _at(8, lambda killed=killed: killed[0].kill())  # type: ignore[misc]
            killed.append(start(desk, worker.run, **choices))
            if kill == 3:
                eventually(lambda: len(server.accepted) > 18)
                own_redis.kill()
                own_redis.start()
                with after_the_lease(kill + 1):
                    relay.turn()
            killed[0].join(30)
            assert killed[0].exitcode == -signal.SIGKILL
            if kill == 2:
                relay.connection.flushall()
        server.on_acceptance = None
        with after_the_lease(kills + 2):
            relay.turn()
        last = start(desk, worker.run, **choices)
        try:
            eventually(lambda: undone() == 0, patience=60)
            last.terminate()
            last.join(30)
            assert last.exitcode == 0
        finally:
            last.kill()
        assert {letter["To"] for letter in server.letters} == {
            f"resident-{n}@example.org" for n in range(letters)
        }
        assert len(set(server.ids)) == letters
        assert len(server.ids) == letters + kills  # those that were in hand, with the same Message-IDs


def _at(count: int, act: Callable[[], None]) -> Callable[[], None]:
    """Do ``act`` at the so manyth call."""
    left = count

    def count_down() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            act()

    return count_down
