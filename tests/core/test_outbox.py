"""Work that was promised is done, however often its worker fails, and nothing is done for a change that was not kept."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app import worker
from core import clock, outbox
from core.db import db, write
from core.outbox import OutboxItem
from core.work import Drainer
from tests.core.desk import claim_all, eventually, items, on_one_database, processes, start, undone

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

Work = Callable[[outbox.Payload], None]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Register a handler for the length of one test."""

    def register(kind: str, work: Work, every: timedelta | outbox.Daily | None = None) -> None:
        monkeypatch.setitem(outbox._handlers, kind, work)
        if every is not None:
            monkeypatch.setitem(outbox._periods, kind, every)

    return register


@pytest.fixture
def noon() -> Iterator[None]:
    with clock.freeze(NOON):
        yield


def add(kind: str = "count", number: int = 0, **choices: object) -> None:
    with write() as session:
        outbox.enqueue(session, kind, {"number": number}, **choices)  # type: ignore[arg-type]


def do_all() -> int:
    """Do what is due now, one after the other; returns how many were done."""
    return sum(outbox.run_one(item_id) for item_id in outbox.claim(1000))


def fail(_payload: outbox.Payload) -> None:
    raise ValueError("Amira Haddad does not answer")


# --- adding -------------------------------------------------------------------------------------------------


def test_work_is_wanted_only_if_the_change_is_kept(desk: Flask) -> None:
    with pytest.raises(RuntimeError), write() as session:
        outbox.enqueue(session, "count", {"number": 1})
        raise RuntimeError("the change is taken back")
    assert items("count") == []
    add(number=2)
    assert [item.payload for item in items("count")] == [{"number": 2}]


def test_a_unique_key_that_exists_is_left_alone(desk: Flask) -> None:
    add(number=1, unique="digest:2026-11-21")
    add(number=2, unique="digest:2026-11-21")
    add(number=3)
    add(number=4)
    assert [item.payload["number"] for item in items("count")] == [1, 3, 4]


@on_one_database
@pytest.mark.parametrize(
    "fact",
    [
        "amira@example.org",
        "Amira Haddad",
        "+4917012345678",
        "line\nline",
        "x" * 65,
        1.5,
        {"name": "Amira"},
        ["a b"],
    ],
)
def test_a_payload_takes_only_ids_and_small_facts(desk: Flask, fact: object) -> None:
    with pytest.raises(ValueError, match="small facts") as refusal, write() as session:
        outbox.enqueue(session, "count", {"fact": fact})
    assert "Amira" not in str(refusal.value)
    assert items("count") == []


def test_ids_days_and_short_words_are_small_facts(desk: Flask) -> None:
    with write() as session:
        facts = {
            "round": 7,
            "day": "2026-11-21",
            "rows": [1, 2],
            "final": True,
            "by": None,
            "tag": "consult:reply",
        }
        outbox.enqueue(session, "count", facts)
    assert items("count")[0].payload == facts


def test_two_handlers_for_one_kind_are_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"outbox\.purge"):
        outbox.register("outbox.purge", fail)


@pytest.mark.parametrize("wrong", [{"attempts": -1}, {"done_at": NOON, "locked_until": NOON}])
def test_the_database_refuses_impossible_rows(desk: Flask, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), write() as session:
        session.add(OutboxItem(kind="count", payload={}, due=NOON, **wrong))


# --- running ------------------------------------------------------------------------------------------------


def test_work_is_done_once(desk: Flask, on: Callable[..., None]) -> None:
    done: list[int] = []
    on("count", lambda payload: done.append(payload["number"]))
    add(number=1)
    [item_id] = outbox.claim(10)
    assert outbox.run_one(item_id)
    assert not outbox.run_one(item_id)
    assert outbox.claim(10) == []
    assert done == [1]


def test_work_is_not_done_before_it_is_due(desk: Flask, on: Callable[..., None], noon: None) -> None:
    on("count", lambda payload: None)
    add(due=NOON + timedelta(hours=1))
    [item] = items("count")
    assert do_all() == 0
    assert not outbox.run_one(item.id)
    with clock.freeze(NOON + timedelta(hours=1)):
        assert do_all() == 1


def test_a_claimed_row_is_left_alone_until_its_lease_runs_out(desk: Flask, noon: None) -> None:
    add()
    claimed = outbox.claim(10)
    assert outbox.claim(10) == []
    with clock.freeze(NOON + outbox.LEASE):
        assert outbox.claim(10) == claimed


def test_a_released_row_is_free_at_once(desk: Flask, noon: None) -> None:
    add()
    claimed = outbox.claim(10)
    outbox.release(claimed)
    assert outbox.claim(10) == claimed


def test_a_run_that_outlives_its_lease_does_not_disturb_the_next_one(
    desk: Flask, on: Callable[..., None], noon: None
) -> None:
    """The slow run fails in the end, after a second run has taken the row over: the second run's lease counts."""
    lease_of_the_second: list[datetime | None] = []

    def slow(_payload: outbox.Payload) -> None:
        with clock.freeze(NOON + outbox.LEASE):
            outbox.claim(1)
        lease_of_the_second.append(items("count")[0].locked_until)
        raise TimeoutError

    on("count", slow)
    add()
    do_all()
    [item] = items("count")
    assert (item.attempts, item.locked_until) == (0, lease_of_the_second[0])


def test_both_runs_of_a_row_may_succeed(desk: Flask, on: Callable[..., None], noon: None) -> None:
    def slow(_payload: outbox.Payload) -> None:
        on("count", lambda payload: None)
        with clock.freeze(NOON + outbox.LEASE):
            assert do_all() == 1

    on("count", slow)
    add()
    do_all()
    assert undone("count") == 0


def test_a_failure_comes_again_later_and_later_and_is_never_dropped(
    desk: Flask, on: Callable[..., None], noon: None
) -> None:
    on("count", fail)
    add()
    moment, waits = NOON, []
    for _ in range(30):
        with clock.freeze(moment):
            do_all()
        [item] = items("count")
        waits.append(item.due - moment)
        moment = item.due
    assert waits[:4] == [
        timedelta(seconds=30),
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(minutes=4),
    ]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)
    assert (item.done_at, item.attempts) == (None, 30)
    with clock.freeze(moment):
        assert [row.id for row in outbox.failing()] == [item.id]
        assert outbox.condition() == outbox.Condition(waiting=1, failing=1, oldest_due=moment)


def test_a_failure_leaves_only_the_name_of_its_class(
    desk: Flask, on: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    on("count", fail)
    add()
    do_all()
    assert items("count")[0].last_error == "ValueError"
    assert "ValueError" in caplog.text
    assert "Amira" not in caplog.text


def test_a_kind_that_nobody_knows_waits_for_somebody_who_does(
    desk: Flask, on: Callable[..., None], noon: None
) -> None:
    add()
    do_all()
    assert items("count")[0].last_error == "UnknownKind"
    on("count", lambda payload: None)
    with clock.freeze(NOON + timedelta(minutes=1)):
        assert do_all() == 1


def test_what_a_failed_handler_had_begun_is_taken_back(desk: Flask, on: Callable[..., None]) -> None:
    def half(_payload: outbox.Payload) -> None:
        with write() as session:
            outbox.enqueue(session, "more", {})
            raise ValueError

    on("count", half)
    add()
    do_all()
    assert items("more") == []
    assert items("count")[0].attempts == 1


def test_one_row_knocks_for_all_while_the_other_side_is_down(
    desk: Flask, on: Callable[..., None], noon: None
) -> None:
    knocks: list[int] = []
    there = False

    def knock(payload: outbox.Payload) -> None:
        knocks.append(payload["number"])
        if not there:
            raise outbox.Unreachable

    on("count", knock)
    on("other", lambda payload: None)
    for number in range(20):
        add(number=number)
    add("other")
    assert do_all() == 1  # the other kind does not wait
    assert len(knocks) == 1
    there = True
    with clock.freeze(NOON + timedelta(seconds=5)):
        add(number=20)
        assert do_all() == 1  # the new one gets through, and so the others need not wait
        assert do_all() == 20
    assert undone("count") == 0


def test_one_bad_row_does_not_hold_up_the_others(desk: Flask, on: Callable[..., None]) -> None:
    def first_fails(payload: outbox.Payload) -> None:
        if payload["number"] == 0:
            raise ValueError

    on("count", first_fails)
    for number in range(5):
        add(number=number)
    assert do_all() == 4


# --- periodic work ------------------------------------------------------------------------------------------


def test_daily_work_runs_once_a_day_at_its_time_in_the_city(desk: Flask, on: Callable[..., None]) -> None:
    days: list[date] = []
    on("digest", lambda payload: days.append(clock.today()), every=outbox.Daily(6, 30))
    moment = datetime(
        2026, 10, 23, 22, tzinfo=UTC
    )  # the night of the 24th in the city; its clocks change on the 25th
    due = set()
    for _ in range(4 * 12):
        with clock.freeze(moment):
            outbox.ensure_periodic()
            do_all()
            due.add(items("digest")[0].due)
        moment += timedelta(hours=2)
    assert days == [date(2026, 10, 24) + timedelta(days=n) for n in range(4)]
    assert {(moment.hour, moment.minute) for moment in due} == {(4, 30), (5, 30)}
    assert len(items("digest")) == 1


def test_days_that_were_missed_are_not_made_up_for(desk: Flask, on: Callable[..., None], noon: None) -> None:
    runs: list[int] = []
    on("digest", lambda payload: runs.append(1), every=outbox.Daily(6))
    outbox.ensure_periodic()
    with clock.freeze(NOON + timedelta(days=5)):
        do_all()
        do_all()
    assert len(runs) == 1


def test_periodic_work_that_fails_comes_again_and_starts_afresh_when_it_succeeds(
    desk: Flask, on: Callable[..., None], noon: None
) -> None:
    on("sweep", fail, every=timedelta(hours=1))
    outbox.ensure_periodic()
    do_all()
    assert items("sweep")[0].attempts == 1
    on("sweep", lambda payload: None)
    with clock.freeze(NOON + timedelta(minutes=1)):
        do_all()
    [item] = items("sweep")
    assert (item.attempts, item.last_error, item.done_at) == (0, None, None)
    assert item.due == NOON + timedelta(hours=1, minutes=1)


def test_done_rows_are_purged_after_a_day_and_their_numbers_never_come_back(
    desk: Flask, on: Callable[..., None], noon: None
) -> None:
    on("count", lambda payload: None)
    add(unique="once")
    do_all()
    before = items("count")[0].id
    with clock.freeze(NOON + timedelta(hours=23)):
        outbox.purge()
        assert len(items("count")) == 1
    with clock.freeze(NOON + timedelta(hours=25)):
        outbox.purge()
        assert items("count") == []
        add(unique="once")
    assert items("count")[0].id > before


def test_work_that_is_asked_for_in_between_leaves_the_periodic_row_alone(
    desk: Flask, on: Callable[..., None], noon: None
) -> None:
    runs: list[int] = []
    on("digest", lambda payload: runs.append(1), every=outbox.Daily(6))
    outbox.ensure_periodic()
    add("digest")
    do_all()
    assert len(runs) == 1
    assert [item.done_at is None for item in items("digest")] == [True, False]


# --- several at once ----------------------------------------------------------------------------------------


def test_three_processes_claim_300_rows_each_exactly_once(desk: Flask) -> None:
    for number in range(300):
        add(number=number)
    db.session.remove()
    ready, claimed = processes.Barrier(3), processes.SimpleQueue()
    claimers = [start(desk, claim_all, ready, claimed) for _ in range(3)]
    taken = Counter(item_id for _ in claimers for item_id in claimed.get())
    for claimer in claimers:
        claimer.join(30)
        assert claimer.exitcode == 0
    assert taken == Counter(item.id for item in items("count"))


def test_two_drainers_do_everything_and_nothing_twice(desk: Flask, on: Callable[..., None]) -> None:
    done: Counter[int] = Counter()
    lock = threading.Lock()

    def count(payload: outbox.Payload) -> None:
        with lock:
            done[payload["number"]] += 1

    on("count", count)
    for number in range(60):
        add(number=number)
    drainers = [Drainer(desk, pause=0.05) for _ in range(2)]
    for drainer in drainers:
        drainer.start()
    eventually(lambda: undone("count") == 0)
    for drainer in drainers:
        drainer.stop()
    assert done == Counter(range(60))
    assert items("outbox.purge")[0].done_at is None  # periodic work was set up on the way


def test_a_drainer_that_is_stopped_gives_back_what_it_had_not_begun(
    desk: Flask, on: Callable[..., None]
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait(_payload: outbox.Payload) -> None:
        begun.set()
        go_on.wait(10)

    on("count", wait)
    for _ in range(3):
        add()
    drainer = Drainer(desk)
    drainer.start()
    assert begun.wait(10)
    threading.Timer(0.1, go_on.set).start()
    drainer.stop()
    assert [item.done_at is not None for item in items("count")] == [True, False, False]
    assert [item.locked_until for item in items("count")] == [None, None, None]


def test_a_drainer_wakes_up_when_it_is_told(desk: Flask, on: Callable[..., None]) -> None:
    on("count", lambda payload: None)
    drainer = Drainer(desk, pause=60)
    drainer.start()
    eventually(lambda: items("outbox.purge") != [])
    time.sleep(0.2)
    add()
    drainer.wake()
    eventually(lambda: undone("count") == 0)
    drainer.stop()


def test_a_drainer_survives_a_database_without_tables(
    desk: Flask, on: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    on("count", lambda payload: None)
    db.session.remove()
    OutboxItem.__table__.drop(db.engine)  # type: ignore[attr-defined]
    drainer = Drainer(desk, pause=0.05)
    drainer.start()
    eventually(lambda: "the outbox waits" in caplog.text)
    time.sleep(0.3)
    OutboxItem.__table__.create(db.engine)  # type: ignore[attr-defined]
    add()
    eventually(lambda: undone("count") == 0)
    drainer.stop()
    assert caplog.text.count("the outbox waits") == 1


def test_the_worker_command_drains_without_redis_and_ends_when_told(desk: Flask) -> None:
    with write() as session:
        outbox.enqueue(session, "outbox.purge", {})
    process = start(desk, worker.run)
    try:
        eventually(lambda: any(item.done_at for item in items("outbox.purge")))
        process.terminate()
        process.join(30)
        assert process.exitcode == 0
    finally:
        process.kill()


# --- what takes minutes --------------------------------------------------------------------------------------


@pytest.fixture
def slow(on: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Work of the kind ``long``, which goes on until it is told to go."""
    go = threading.Event()

    def work(_payload: outbox.Payload) -> None:
        while not go.wait(0.02):
            outbox.still_running()

    on("long", work)
    monkeypatch.setattr(outbox, "_long", {"long"})
    yield go
    go.set()


@on_one_database
def test_short_work_does_not_wait_for_what_takes_minutes(
    desk: Flask, on: Callable[..., None], slow: threading.Event
) -> None:
    done: list[int] = []
    on("count", lambda payload: done.append(payload["number"]))
    drainer = Drainer(desk, pause=0.05)
    add("long")
    drainer.start()
    try:
        eventually(lambda: items("long")[0].locked_until is not None)
        add(number=7)
        eventually(lambda: done == [7])
        assert undone("long") == 1
        slow.set()
        eventually(lambda: undone("long") == 0)
    finally:
        drainer.stop()


@on_one_database
def test_what_takes_minutes_is_given_back_when_the_process_ends(desk: Flask, slow: threading.Event) -> None:
    drainer = Drainer(desk, pause=0.05)
    add("long")
    drainer.start()
    eventually(lambda: items("long")[0].locked_until is not None)
    drainer.stop()
    (item,) = items("long")
    assert (item.done_at, item.locked_until, item.attempts) == (None, None, 0)


def test_work_that_goes_on_keeps_its_lease_and_workers_are_not_given_it(
    desk: Flask, on: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_long", {"long"})
    seen: list[datetime | None] = []

    def work(_payload: outbox.Payload) -> None:
        with clock.freeze(NOON + timedelta(minutes=4)):
            outbox.still_running()
            seen.append(items("long")[0].locked_until)

    on("long", work)
    with clock.freeze(NOON):
        add("long")
        assert outbox.claim(10, long=False) == []
        (item_id,) = outbox.claim(10, long=True)
        assert outbox.run_one(item_id)
    assert seen == [NOON + timedelta(minutes=4) + outbox.LEASE]
    outbox.still_running()  # outside of any work: nothing happens
