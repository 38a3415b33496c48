"""Background work as rows, written in the same transaction as the change that wants it.

A row is claimed with a lease, run by the handler registered for its kind, and marked done. Nothing is ever dropped:
what fails comes again, later and later, at least every six hours, and stays visible as failing. A worker that dies
leaves a lease that runs out, so every handler must be safe to run twice, even at the same time. Handlers re-read the
rows they are about; payloads carry ids and small facts only. The reasons are in ``docs/adr/0002``.

Work that may take longer than a lease is registered as ``long``: it has a thread of its own, so that no mail waits for it,
and calls ``still_running`` on its way, which renews the lease, and ends it when the process is asked to end.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ColumnElement, Index, String, delete, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock, settings
from core.db import Model, UtcDateTime, db, json_type, write

log = logging.getLogger(__name__)

Payload = Mapping[str, Any]
Handler = Callable[[Payload], None]

LEASE = timedelta(minutes=5)
"""How long a claimed row is left to its worker before anybody may take it again."""
RENEWED = timedelta(minutes=1)
"""After how long work that is still running renews its lease."""
DONE_KEPT = timedelta(days=1)
"""How long a done row stays; so long its unique key is taken too."""
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
FAILING_AFTER = 5
"""Attempts after which a row counts as failing, that is, after about a quarter of an hour."""

# Numbers and short words: no address, no name with a blank in it, no sentence fits through.
_SMALL_FACT = re.compile(r"[A-Za-z0-9_:.\-]{0,64}")


class OutboxItem(Model):
    """One piece of work that is still to be done, or was done less than a day ago."""

    __tablename__ = "core_outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(json_type)
    due: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(80))
    """The error's class name; its text could name a person."""
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)

    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        CheckConstraint("done_at IS NULL OR locked_until IS NULL", name="done_is_not_locked"),
        Index(
            "ix_core_outbox_due",
            "due",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        # A purged number never comes back, so "outbox-17" in Redis means one row for ever.
        {"sqlite_autoincrement": True},
    )


_UNDONE = OutboxItem.done_at.is_(None)


class Unreachable(Exception):
    """The other side as a whole does not answer, so that nothing of this kind can be done now.

    Only for what cannot be the fault of one row: rows of the same kind wait together until one gets through.
    """


class UnknownKind(Exception):
    """No handler is registered for a row's kind."""


class Stopped(BaseException):
    """The process is asked to end: this work goes back, and comes again as if it had not begun.

    No ``Exception``, so that no handler takes it for a failure of its own.
    """


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, at this time in the city."""

    hour: int
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """How the outbox is doing: how many rows wait, since when the oldest is due, and how many are failing."""

    waiting: int
    failing: int
    oldest_due: datetime | None


@dataclass(slots=True)
class _Turn:
    """One run of one row; ``lease`` tells whether the row is still ours at the end."""

    item_id: int
    kind: str
    payload: Payload
    lease: datetime
    ending: threading.Event | None = None


_handlers: dict[str, Handler] = {}
_periods: dict[str, timedelta | Daily] = {}
_long: set[str] = set()
_running: ContextVar[_Turn | None] = ContextVar("outbox_running", default=None)


def register(
    kind: str, function: Handler, *, every: timedelta | Daily | None = None, long: bool = False
) -> None:
    """Let ``function(payload)`` do the work of ``kind``; with ``every``, again and again by itself.

    The function runs in an app context of its own, opens its own transactions, re-reads what it decides on, and is
    safe to run twice. Whatever it raises means "again later". ``long`` is for what may take minutes. Raises ValueError
    for a kind that is taken.
    """
    if _handlers.setdefault(kind, function) is not function:
        raise ValueError(f"two handlers for {kind}")
    if long:
        _long.add(kind)
    if every is not None:
        _periods[kind] = every


def enqueue(
    session: Session, kind: str, payload: Payload, *, due: datetime | None = None, unique: str | None = None
) -> None:
    """Add work to the caller's transaction: it is wanted if and only if the change is kept.

    ``due`` is the earliest moment (now, if left out). A ``unique`` key that exists already is left alone; it names
    one event (``digest:2026-11-21``) and is free again a day after that work is done. Raises ValueError if the
    payload holds anything but ids and small facts.
    """
    for fact in payload.values():
        for part in fact if isinstance(fact, list | tuple) else (fact,):
            if not (part is None or isinstance(part, int) or _is_small(part)):
                raise ValueError(f"the payload of {kind} holds more than ids and small facts")
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(OutboxItem)
        .values(kind=kind, payload=dict(payload), due=due or clock.now(), attempts=0, unique_key=unique)
        .on_conflict_do_nothing(index_elements=["unique_key"])
    )


def ensure_periodic() -> None:
    """Insert the row of every periodic kind that has none yet."""
    with write() as session:
        for kind, period in _periods.items():
            due = _following(period) if isinstance(period, Daily) else clock.now()
            enqueue(session, kind, {}, due=due, unique=_periodic(kind))


def claim(limit: int, *, long: bool | None = None) -> list[int]:
    """Lease up to ``limit`` due rows to the caller and return their ids, longest due first.

    ``long`` asks for nothing but work that may take minutes, or for none of it.
    """
    if long and not _long:
        return []
    now = clock.now()
    free = [
        _UNDONE,
        OutboxItem.due <= now,
        or_(OutboxItem.locked_until.is_(None), OutboxItem.locked_until <= now),
    ]
    if long is not None and _long:
        free.append(OutboxItem.kind.in_(_long) if long else OutboxItem.kind.not_in(_long))
    # Most of the time nothing is due, and looking takes no lock.
    idle = db.session.scalar(select(OutboxItem.id).where(*free).limit(1)) is None
    db.session.rollback()
    if idle:
        return []
    with write() as session:
        ids = list(
            session.scalars(
                select(OutboxItem.id)
                .where(*free)
                .order_by(OutboxItem.due, OutboxItem.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )
        _set(session, ids, locked_until=now + LEASE)
    return ids


def release(ids: Sequence[int]) -> None:
    """Give claimed rows back before anybody ran them."""
    with write() as session:
        _set(session, ids, locked_until=None)


def run_one(item_id: int, ending: threading.Event | None = None) -> bool:
    """Run one row, unless it is done or no longer due, and record how it went. True if it was run and is done.

    Never raises what the handler raises; the row keeps the error's class name and comes again. When ``ending`` is set,
    work that asks ``still_running`` is given back.
    """
    turn = _begin(item_id)
    if turn is None:
        return False
    turn.ending = ending
    token = _running.set(turn)
    try:
        handler = _handlers.get(turn.kind)
        if handler is None:
            raise UnknownKind
        handler(turn.payload)
    except Exception as error:
        db.session.rollback()
        _postpone(turn, error)
        return False
    except Stopped:
        db.session.rollback()
        _give_back(turn)
        return False
    finally:
        _running.reset(token)
    _finish(turn)
    return True


def still_running() -> None:
    """Say that the work at hand goes on: its lease is renewed in time. Outside of the outbox nothing happens.

    Call it between two transactions: it opens one of its own. Raises Stopped when the process is asked to end.
    """
    turn = _running.get()
    if turn is None:
        return
    if turn.ending is not None and turn.ending.is_set():
        raise Stopped
    now = clock.now()
    if turn.lease - now > LEASE - RENEWED:
        return
    with write() as session:
        item = session.get(OutboxItem, turn.item_id, with_for_update=True)
        if item is not None and item.done_at is None and item.locked_until == turn.lease:
            item.locked_until = turn.lease = now + LEASE


def purge(_payload: Payload | None = None) -> None:
    """Delete the rows that were done more than a day ago."""
    with write() as session:
        session.execute(delete(OutboxItem).where(OutboxItem.done_at < clock.now() - DONE_KEPT))


def failing(limit: int = 100) -> list[OutboxItem]:
    """The rows that keep failing, most attempts first."""
    return list(
        db.session.scalars(
            select(OutboxItem)
            .where(_UNDONE, OutboxItem.attempts >= FAILING_AFTER)
            .order_by(OutboxItem.attempts.desc(), OutboxItem.id)
            .limit(limit)
        )
    )


def condition() -> Condition:
    """Count what is due and not done, and what keeps failing."""
    row = db.session.execute(
        select(
            func.count().filter(OutboxItem.due <= clock.now()),
            func.count().filter(OutboxItem.attempts >= FAILING_AFTER),
            func.min(OutboxItem.due).filter(OutboxItem.due <= clock.now()),
        ).where(_UNDONE)
    ).one()
    return Condition(waiting=row[0], failing=row[1], oldest_due=row[2])


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 30 seconds, doubled each time, at most six hours."""
    return min(FIRST_RETRY * (1 << min(attempts - 1, 20)), LONGEST_RETRY)


def _begin(item_id: int) -> _Turn | None:
    """Take a fresh lease for this run: the row may have waited long since it was claimed."""
    with write() as session:
        item = session.get(OutboxItem, item_id, with_for_update=True)
        now = clock.now()
        if item is None or item.done_at is not None or item.due > now:
            return None
        item.locked_until = now + LEASE
        return _Turn(item.id, item.kind, dict(item.payload), item.locked_until)


def _finish(turn: _Turn) -> None:
    with write() as session:
        item = session.get(OutboxItem, turn.item_id, with_for_update=True)
        now = clock.now()
        if item is None or item.done_at is not None:
            return
        period = _periods.get(item.kind) if item.unique_key == _periodic(item.kind) else None
        if period is None:
            item.done_at = now
            item.locked_until = None
        elif item.due <= now:  # else another run has moved it on already
            item.due = _following(period)
            item.locked_until = None
            item.attempts = 0
            item.last_error = None
        # The other side answers again: whatever waited for it need not wait any longer.
        back = _unlocked(session, turn, OutboxItem.due > now, OutboxItem.last_error == Unreachable.__name__)
        _set(session, back, due=now)


def _postpone(turn: _Turn, error: Exception) -> None:
    with write() as session:
        item = session.get(OutboxItem, turn.item_id, with_for_update=True)
        if item is None or item.done_at is not None or item.locked_until != turn.lease:
            return  # the lease ran out, and another run has taken over
        item.attempts += 1
        item.last_error = type(error).__name__[:80]
        now = clock.now()
        item.due = now + backoff(item.attempts)
        item.locked_until = None
        if isinstance(error, Unreachable):
            # One row keeps knocking; the others wait with it instead of each running into the same wall.
            others = _unlocked(session, turn, OutboxItem.due <= now)
            _set(session, others, due=item.due, locked_until=None, last_error=item.last_error)
        number, again = item.attempts, item.due
    cause = type(error.__cause__ or error).__name__
    log.warning("outbox %d (%s): %s, attempt %d, again at %s", turn.item_id, turn.kind, cause, number, again)


def _give_back(turn: _Turn) -> None:
    with write() as session:
        item = session.get(OutboxItem, turn.item_id, with_for_update=True)
        if item is not None and item.done_at is None and item.locked_until == turn.lease:
            item.locked_until = None


def _unlocked(session: Session, turn: _Turn, *conditions: ColumnElement[bool]) -> list[int]:
    """Other waiting rows of the same kind. Rows that another transaction holds are left out: no deadlock."""
    return list(
        session.scalars(
            select(OutboxItem.id)
            .where(_UNDONE, OutboxItem.kind == turn.kind, OutboxItem.id != turn.item_id, *conditions)
            .with_for_update(skip_locked=True)
        )
    )


def _set(session: Session, ids: Sequence[int], **values: object) -> None:
    for start in range(0, len(ids), 1000):
        session.execute(
            update(OutboxItem).where(_UNDONE, OutboxItem.id.in_(ids[start : start + 1000])).values(**values),
            execution_options={"synchronize_session": False},
        )


def _periodic(kind: str) -> str:
    """The unique key of the one row of ``kind`` that is moved on instead of done."""
    return f"periodic:{kind}"


def _following(period: timedelta | Daily) -> datetime:
    """The next moment of ``period`` after now; missed ones are not made up for."""
    now = clock.now()
    if isinstance(period, timedelta):
        return now + period
    zone = ZoneInfo(settings.current().time_zone)
    today = now.astimezone(zone).date()
    days = (today, today + timedelta(days=1))
    moments = [datetime.combine(day, time(period.hour, period.minute), zone).astimezone(UTC) for day in days]
    return moments[0] if moments[0] > now else moments[1]


def _is_small(fact: object) -> bool:
    return isinstance(fact, str) and _SMALL_FACT.fullmatch(fact) is not None


register("outbox.purge", purge, every=timedelta(hours=1))
