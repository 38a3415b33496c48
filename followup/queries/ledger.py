"""What the city owes, counted once: page, JSON, CSV, feed and command line all show what stands here.

received = answered + open (in time) + overdue; long overdue is included in overdue and shown beside it. Promises are
counted from the tally that triggers keep, answers from the replies in force, so that nothing counts the register.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from accounts.models import Department
from core import clock, settings
from core.errors import NotFound
from core.localized import Localized
from followup.models import Promise, Register, Reply, ReplyVersion, Tally
from followup.numbers import ranges
from followup.rules import Outcome, median


@dataclass(frozen=True, slots=True)
class Totals:
    """How many promises stand how, and the median of days to an answer (None before the first)."""

    received: int = 0
    answered: int = 0
    open: int = 0
    overdue: int = 0
    long_overdue: int = 0
    median_days: float | None = None

    @property
    def unanswered(self) -> int:
        return self.open + self.overdue


@dataclass(frozen=True, slots=True)
class Answers:
    """How varied the answers are. ``largest_group`` is the number of promises answered by one text.

    ``noted`` are part of ``answered_by_reply``, the promises that were answered in writing: all answered ones but the steps.
    """

    distinct_texts: int = 0
    largest_group: int = 0
    noted: int = 0
    answered_by_reply: int = 0


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """What one department owes."""

    id: int
    key: str
    name: Localized
    totals: Totals


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """What is owed in one register."""

    id: int
    code: str
    kind: str
    concluded_on: date | None
    totals: Totals
    answers: Answers


@dataclass(frozen=True, slots=True)
class Overdue:
    """One promise that was not kept in time. ``since`` is the first day it was late."""

    register_id: int
    code: str
    kind: str
    number: int
    promise_kind: str
    subject_kind: str
    department: Localized
    due_on: date
    days_late: int
    long: bool

    @property
    def since(self) -> date:
        return self.due_on + timedelta(days=1)

    @property
    def place(self) -> tuple[date, int, int]:
        """Where it stands in the list, for the page that begins after it."""
        return (self.due_on, self.register_id, self.number)


@dataclass(frozen=True, slots=True)
class Extension:
    """One decision to move a due day, with the numbers it holds for as runs of neighbours."""

    code: str
    kind: str
    runs: tuple[tuple[int, int], ...]
    count: int
    decided_on: date
    due_before: date
    due_on: date
    reason: Localized


@dataclass(frozen=True, slots=True)
class Ledger:
    """The state of one day, of everything or of one register."""

    day: date
    totals: Totals
    answers: Answers
    departments: tuple[DepartmentLine, ...] = ()
    registers: tuple[RegisterLine, ...] = field(default=())

    @property
    def noted_share(self) -> float | None:
        """Which part of what was answered in writing was answered with "noted"; None before the first answer."""
        return (
            round(self.answers.noted / self.answers.answered_by_reply, 4)
            if self.answers.answered_by_reply
            else None
        )

    def status(self) -> dict[str, object]:
        """The figures as JSON and the command line give them; ``noted_share`` is from 0 to 1."""
        return {
            "day": self.day.isoformat(),
            "received": self.totals.received,
            "answered": self.totals.answered,
            "open": self.totals.open,
            "overdue": self.totals.overdue,
            "long_overdue": self.totals.long_overdue,
            "median_days": self.totals.median_days,
            "distinct_texts": self.answers.distinct_texts,
            "largest_group": self.answers.largest_group,
            "noted": self.answers.noted,
            "noted_share": self.noted_share,
            "answered_by_reply": self.answers.answered_by_reply,
        }


def register_id_of(session: Session, code: str) -> int:
    """The id of the register called ``code``. Raises NotFound."""
    found = session.scalar(select(Register.id).where(Register.code == code))
    if found is None:
        raise NotFound("register", code)
    return found


def ledger(session: Session, register_id: int | None = None, today: date | None = None) -> Ledger:
    """What is owed today, in all registers or in one."""
    day = today or clock.today()
    tally = _tally(session, register_id, day)
    answers = _answers(session, register_id)
    return Ledger(
        day,
        _sum(row for row in tally),
        _together(answers),
        tuple(_departments(session, tally)),
        tuple(_registers(session, register_id, tally, answers)),
    )


def totals(session: Session, register_id: int, today: date | None = None) -> Totals:
    """Only how the promises of one register stand, for a page that shows nothing else of the ledger."""
    return _sum(_tally(session, register_id, today or clock.today()))


def overdue(
    session: Session,
    register_id: int | None = None,
    today: date | None = None,
    *,
    after: tuple[date, int, int] | None = None,
    limit: int | None = None,
) -> list[Overdue]:
    """The promises that are late, longest first; ``after`` is the ``place`` of the last one seen."""
    day = today or clock.today()
    place = (Promise.due_on, Promise.register_id, Promise.number)
    wanted = (
        select(
            Promise.register_id,
            Register.code,
            Register.kind,
            Promise.number,
            Promise.kind.label("promise_kind"),
            Promise.subject_kind,
            Department.name,
            Promise.due_on,
        )
        .join(Register, Register.id == Promise.register_id)
        .join(Department, Department.id == Promise.department_id)
        .where(Promise.answered_on.is_(None), Promise.due_on < day, _of(Promise.register_id, register_id))
        .order_by(*place)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(tuple_(*place) > tuple_(*after))
    long = settings.current().long_overdue_days
    return [
        Overdue(*row, days_late=(late := (day - row.due_on).days), long=late >= long)
        for row in session.execute(wanted)
    ]


@dataclass(frozen=True, slots=True)
class Lateness:
    """How many promises of one register became late on the same day."""

    code: str
    kind: str
    due_on: date
    count: int


def latenesses(session: Session, register_id: int | None = None, today: date | None = None) -> list[Lateness]:
    """What is late, by register and day, newest first; the last fifty."""
    rows = session.execute(
        select(Register.code, Register.kind, Tally.due_on, func.sum(Tally.count))
        .join(Register, Register.id == Tally.register_id)
        .where(
            Tally.days_taken < 0, Tally.due_on < (today or clock.today()), _of(Tally.register_id, register_id)
        )
        .group_by(Register.code, Register.kind, Tally.due_on)
        .order_by(Tally.due_on.desc(), Register.code)
        .limit(50)
    )
    return [Lateness(code, kind, due_on, int(count)) for code, kind, due_on, count in rows]


def extensions(session: Session, register_id: int | None = None) -> list[Extension]:
    """Every decision to move due days, newest first."""
    rows = session.execute(
        select(
            Register.code,
            Register.kind,
            Promise.extended_on,
            Promise.extended_from,
            Promise.due_on,
            Promise.extension_reason,
            Promise.number,
        )
        .join(Register, Register.id == Promise.register_id)
        .where(Promise.extended_on.is_not(None), _of(Promise.register_id, register_id))
    )
    decisions: dict[tuple[str, str, date, date, date, Localized], list[int]] = {}
    for code, kind, decided_on, before, due_on, reason, number in rows:
        assert decided_on is not None  # the constraint "extension_complete" says so
        assert before is not None
        decisions.setdefault((code, kind, decided_on, before, due_on, reason), []).append(number)
    found = [
        Extension(code, kind, tuple(ranges(numbers)), len(numbers), decided_on, before, due_on, reason)
        for (code, kind, decided_on, before, due_on, reason), numbers in decisions.items()
    ]
    return sorted(found, key=lambda one: (one.decided_on, one.code, one.runs), reverse=True)


# Counting -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Standing:
    """Promises that stand alike: ``days_taken`` is -1 while they are unanswered."""

    register_id: int
    department_id: int
    days_taken: int
    late: bool
    long: bool
    count: int


def _of(column: InstrumentedAttribute[int], register_id: int | None) -> ColumnElement[bool]:
    return true() if register_id is None else column == register_id


def _tally(session: Session, register_id: int | None, day: date) -> list[_Standing]:
    long = day - timedelta(days=settings.current().long_overdue_days)
    rows = session.execute(
        select(Tally.register_id, Tally.department_id, Tally.days_taken, Tally.due_on, Tally.count).where(
            _of(Tally.register_id, register_id), Tally.count > 0
        )
    )
    return [
        _Standing(
            register,
            department,
            days_taken,
            days_taken < 0 and due_on < day,
            days_taken < 0 and due_on <= long,
            count,
        )
        for register, department, days_taken, due_on, count in rows
    ]


def _sum(tally: Iterable[_Standing]) -> Totals:
    received = answered = late = long = 0
    days: dict[int, int] = {}
    for row in tally:
        received += row.count
        late += row.count if row.late else 0
        long += row.count if row.long else 0
        if row.days_taken >= 0:
            answered += row.count
            days[row.days_taken] = days.get(row.days_taken, 0) + row.count
    return Totals(received, answered, received - answered - late, late, long, median(days))


_Texts = Mapping[int, Mapping[tuple[str, str], int]]
"""By register: for each text and outcome, how many promises they answer."""


def _answers(session: Session, register_id: int | None) -> _Texts:
    rows = session.execute(
        select(Reply.register_id, ReplyVersion.digest, ReplyVersion.outcome, func.sum(Reply.answered_count))
        .join(
            ReplyVersion,
            and_(ReplyVersion.reply_id == Reply.id, ReplyVersion.version == Reply.published_version),
        )
        .where(Reply.answered_count > 0, _of(Reply.register_id, register_id))
        .group_by(Reply.register_id, ReplyVersion.digest, ReplyVersion.outcome)
    )
    found: dict[int, dict[tuple[str, str], int]] = {}
    for register, digest, outcome, count in rows:
        found.setdefault(register, {})[(str(digest), str(outcome))] = int(count)
    return found


def _together(answers: _Texts) -> Answers:
    """The same text in two registers is one text."""
    texts: dict[str, int] = {}
    noted = 0
    for counts in answers.values():
        for (digest, outcome), count in counts.items():
            texts[digest] = texts.get(digest, 0) + count
            noted += count if outcome == Outcome.NOTED else 0
    return Answers(len(texts), max(texts.values(), default=0), noted, sum(texts.values()))


def _departments(session: Session, tally: Collection[_Standing]) -> list[DepartmentLine]:
    owing = {row.department_id for row in tally}
    rows = session.execute(
        select(Department.id, Department.key, Department.name).where(Department.id.in_(owing))
    )
    lines = [
        DepartmentLine(id, key, name, _sum(row for row in tally if row.department_id == id))
        for id, key, name in rows
    ]
    return sorted(lines, key=lambda line: (-line.totals.received, line.key))


def _registers(
    session: Session, register_id: int | None, tally: Collection[_Standing], answers: _Texts
) -> list[RegisterLine]:
    rows = session.execute(
        select(Register.id, Register.code, Register.kind, Register.concluded_on)
        .where(_of(Register.id, register_id), or_(Register.last_number > 0, Register.id == register_id))
        .order_by(Register.id.desc())
    )
    return [
        RegisterLine(
            id,
            code,
            kind,
            concluded_on,
            _sum(row for row in tally if row.register_id == id),
            _together({id: answers.get(id, {})}),
        )
        for id, code, kind, concluded_on in rows
    ]
