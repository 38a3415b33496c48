"""What the reply desk reads: registers with what is owed in them, their promises by due day, and single ones.

Steps are nothing for it: each is met on the page of its matter. No list holds them and no figure counts them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, literal_column, select, tuple_
from sqlalchemy.orm import Session

from core import clock
from core.db import LARGEST_ID
from core.errors import NotFound
from core.localized import Localized
from followup import subjects
from followup.models import Promise, Register, Reply, ReplyVersion, Tally
from followup.queries.replies_in_work import PAGE, Queue
from followup.rules import PromiseKind, PromiseState, ReplyState, promise_state
from followup.subjects import Desk, Item

CODE = re.compile(r"[A-Z0-9-]{1,40}")
WRITTEN = Promise.kind != PromiseKind.STEP.value
"""What is answered in writing."""
STEPS = Promise.kind == literal_column("'step'")
"""A literal, so that the database finds the index of steps fit."""


@dataclass(frozen=True, slots=True)
class DeskRegister:
    """A register that is answered at the desk, and what is owed in it."""

    id: int
    code: str
    title: Localized
    concluded_on: date | None
    answered: int
    open: int
    overdue: int
    desk: Desk

    @property
    def received(self) -> int:
        return self.answered + self.open + self.overdue

    @property
    def unanswered(self) -> int:
        return self.open + self.overdue


@dataclass(frozen=True, slots=True)
class Owed:
    """One promise and what it answers. ``reply_state`` is where its answer stands, None while nobody writes one.

    ``decided_apart``: it is answered by a decision on a page of its own, and not here. ``private``: only whoever asked
    reads the answer.
    """

    number: int
    word: str
    item: Item
    opened_on: date
    due_on: date
    extended_from: date | None
    extended_on: date | None
    extension_reason: Localized
    answered_on: date | None
    state: PromiseState
    reply_id: int | None
    reply_state: ReplyState | None
    decided_apart: bool
    private: bool


@dataclass(frozen=True, slots=True)
class OwedPage:
    """One page of a list by due day; ``before`` and ``after`` are the rows its neighbours begin from, or None."""

    rows: Sequence[Owed]
    before: tuple[date, int] | None
    after: tuple[date, int] | None

    @property
    def answerable(self) -> bool:
        """Whether any of them can be chosen here to be answered."""
        return any(row.reply_id is None and not row.decided_apart for row in self.rows)


def list_registers(session: Session) -> list[DeskRegister]:
    """Every register that the desk answers: those that owe something first, the newest first among equals."""
    kinds = subjects.desk_kinds()
    rows = session.scalars(select(Register).where(Register.kind.in_(kinds)).order_by(Register.id.desc()))
    found = _described(session, rows.all())
    return sorted(found, key=lambda register: (-register.overdue, -register.open))


def find_register(session: Session, code: str) -> DeskRegister:
    """The register with this code. Raises NotFound, also for those that are answered elsewhere."""
    wanted = select(Register).where(Register.code == code, Register.kind.in_(subjects.desk_kinds()))
    rows = session.scalars(wanted).all() if CODE.fullmatch(code) else []
    if not rows:
        raise NotFound("register", code)
    return _described(session, rows)[0]


def list_owed(
    session: Session,
    register_id: int,
    queue: Queue,
    *,
    after: tuple[date, int] | None = None,
    before: tuple[date, int] | None = None,
) -> OwedPage:
    """One page of promises by due day: to answer, overdue, or answered.

    It holds what follows the row ``after`` (due day and number), or comes right before the row ``before``.
    """
    wanted = _in_queue(
        select(Promise, ReplyVersion.state)
        .outerjoin(Reply, Reply.id == Promise.reply_id)
        .outerjoin(ReplyVersion, (ReplyVersion.reply_id == Reply.id) & (ReplyVersion.version == _newest()))
        .where(Promise.register_id == register_id, WRITTEN),
        queue,
    )
    row = tuple_(Promise.due_on, Promise.number)
    backwards = before is not None and after is None
    if after is not None:
        wanted = wanted.where(row > tuple_(*after))
    elif before is not None:
        wanted = wanted.where(row < tuple_(*before))
    order = (Promise.due_on, Promise.number)
    wanted = wanted.order_by(*(column.desc() for column in order) if backwards else order)
    found = session.execute(wanted.limit(PAGE + 1)).all()
    more, shown = len(found) > PAGE, list(found[:PAGE])
    if backwards:
        shown.reverse()
    rows = _owed(session, [(promise, state) for promise, state in shown])
    earlier, later = (more, True) if backwards else (after is not None, more)
    return OwedPage(
        rows,
        (rows[0].due_on, rows[0].number) if rows and earlier else None,
        (rows[-1].due_on, rows[-1].number) if rows and later else None,
    )


def find_owed(session: Session, register_id: int, numbers: Collection[int]) -> list[Owed]:
    """What stands under these register numbers, in their order; unknown numbers are passed over."""
    wanted = sorted({number for number in numbers if 0 < number <= LARGEST_ID})
    found = session.execute(
        select(Promise, ReplyVersion.state)
        .outerjoin(Reply, Reply.id == Promise.reply_id)
        .outerjoin(ReplyVersion, (ReplyVersion.reply_id == Reply.id) & (ReplyVersion.version == _newest()))
        .where(Promise.register_id == register_id, Promise.number.in_(wanted), WRITTEN)
        .order_by(Promise.number)
    ).all()
    return _owed(session, [(promise, state) for promise, state in found])


def count_queues(session: Session, register_id: int) -> dict[Queue, int]:
    """How many promises, or answers in work, lie in each list."""
    today = clock.today()
    unanswered = select(Promise.due_on < today, Promise.reply_id.is_(None)).where(
        Promise.register_id == register_id, Promise.answered_on.is_(None), WRITTEN
    )
    counts = dict.fromkeys(Queue, 0)
    for late, free in session.execute(unanswered):
        counts[Queue.TO_ANSWER] += bool(free)
        counts[Queue.OVERDUE] += bool(late)
    in_work = session.execute(
        select(ReplyVersion.state, ReplyVersion.note_back.is_not(None), func.count())
        .join(Reply, Reply.id == ReplyVersion.reply_id)
        .where(Reply.register_id == register_id)
        .group_by(ReplyVersion.state, ReplyVersion.note_back.is_not(None))
    )
    lists = {ReplyState.SUBMITTED: Queue.TO_CHECK, ReplyState.APPROVED: Queue.TO_RELEASE}
    for state, sent_back, count in in_work:
        if state == ReplyState.DRAFT:
            counts[Queue.SENT_BACK if sent_back else Queue.BEGUN] += count
        elif state in lists:
            counts[lists[ReplyState(state)]] += count
    return counts


def _described(session: Session, rows: Sequence[Register]) -> list[DeskRegister]:
    counted = {row.id: [0, 0, 0] for row in rows}
    today = clock.today()
    tallies = select(Tally.register_id, Tally.due_on, Tally.days_taken, Tally.count)
    for register_id, due_on, taken, count in session.execute(
        tallies.where(Tally.register_id.in_(list(counted)))
    ):
        counted[register_id][0 if taken >= 0 else 1 if due_on >= today else 2] += count
    steps = select(Promise.register_id, Promise.due_on, Promise.answered_on).where(
        Promise.register_id.in_(list(counted)), STEPS
    )
    for register_id, due_on, met_on in session.execute(steps):
        counted[register_id][0 if met_on else 1 if due_on >= today else 2] -= 1
    titles: dict[str, Localized] = {}
    for kind in subjects.desk_kinds():
        desk = subjects.desk(kind)
        assert desk is not None  # it is one of the desk's kinds
        titles |= desk.titles(session, [row.code for row in rows if row.kind == kind])
    described = []
    for row in rows:
        desk = subjects.desk(row.kind)
        assert desk is not None  # only kinds of the desk are asked for
        title = titles.get(row.code, Localized())
        answered, in_time, late = counted[row.id]
        described.append(
            DeskRegister(row.id, row.code, title, row.concluded_on, answered, in_time, late, desk)
        )
    return described


def _newest() -> object:
    """The newest version of the reply in the row."""
    versions = select(func.max(ReplyVersion.version)).where(ReplyVersion.reply_id == Reply.id)
    return versions.correlate(Reply).scalar_subquery()


def _in_queue(wanted: Select[Promise, str], queue: Queue) -> Select[Promise, str]:
    if queue is Queue.ANSWERED:
        return wanted.where(Promise.answered_on.is_not(None))
    wanted = wanted.where(Promise.answered_on.is_(None))
    return wanted.where(Promise.due_on < clock.today()) if queue is Queue.OVERDUE else wanted


def _owed(session: Session, rows: Sequence[tuple[Promise, str | None]]) -> list[Owed]:
    today = clock.today()
    wanted = [(promise.subject_kind, promise.subject_id) for promise, _state in rows]
    private = subjects.private_kinds()
    items, apart = subjects.show(session, wanted), subjects.decided_apart(session, wanted)
    return [
        Owed(
            number=promise.number,
            word=subjects.word(promise.subject_kind),
            item=items[promise.subject_kind, promise.subject_id],
            opened_on=promise.opened_on,
            due_on=promise.due_on,
            extended_from=promise.extended_from,
            extended_on=promise.extended_on,
            extension_reason=promise.extension_reason,
            answered_on=promise.answered_on,
            state=promise_state(promise.due_on, promise.answered_on, today),
            reply_id=promise.reply_id,
            reply_state=ReplyState(state) if state else None,
            decided_apart=(promise.subject_kind, promise.subject_id) in apart,
            private=promise.subject_kind in private,
        )
        for promise, state in rows
    ]
