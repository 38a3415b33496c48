"""What the workbench reads: rounds, queues with their counts, and what was sent in.

Counts come from the tally that triggers keep and from what officers have in work, never from counting a round's
submissions. Lists are read 50 at a time from the last row shown, so a page costs the same in a round of 100,000.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, tuple_

from consult import events
from consult.models import Draft, Reconsideration, Submission, Unit
from consult.queries.items import Item, show_items
from consult.queries.office_rounds import OfficeRound
from core import clock
from core.db import db
from core.localized import Localized, clean
from core.texts import fold
from followup.models import Promise, Register, Reply, ReplyVersion, Tally
from followup.numbers import read_number
from followup.queries.replies_in_work import IN_WORK, PAGE, Queue
from followup.rules import ReplyState

MATCHES_SHOWN = 1_000
"""Above this, a filter's matches are said to be more than this."""
WHOLE_DRAFT = "-"
"""What a filter calls comments on the whole draft, in place of a measure's number."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What an officer looks for. ``measure`` is a number of the draft, or ``WHOLE_DRAFT``."""

    measure: str = ""
    language: str = ""
    department_id: int | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.measure or self.language or self.department_id or self.words)


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Counts:
    """How much lies in each queue. Promises are counted, and for the queues of answers, answers.

    ``free_by_day`` has the promises that nobody has begun to answer, by due day; ``own_…`` those of one department.
    """

    answered: int = 0
    open: int = 0
    overdue: int = 0
    to_answer: int = 0
    own_to_answer: int = 0
    own_overdue: int = 0
    begun: int = 0
    to_check: int = 0
    sent_back: int = 0
    to_release: int = 0
    free_by_day: Mapping[date, int] | None = None

    @property
    def received(self) -> int:
        return self.answered + self.open + self.overdue

    @property
    def unanswered(self) -> int:
        return self.open + self.overdue


@dataclass(frozen=True, slots=True)
class Cursor:
    """A row that a page begins after (or ends before, when ``backwards``)."""

    due_on: date
    number: int
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a queue of promises, and whether there is more on either side."""

    items: Sequence[Item]
    has_previous: bool
    has_next: bool


def counts(register_id: int, own_department_id: int | None = None) -> Counts:
    """What lies in the queues of a round."""
    today = clock.today()
    answered = case((Tally.days_taken >= 0, 1), else_=0)
    tally = db.session.execute(
        select(Tally.department_id, Tally.due_on, answered, func.sum(Tally.count))
        .where(Tally.register_id == register_id)
        .group_by(Tally.department_id, Tally.due_on, answered)
    ).all()
    done = owed = late = own_owed = own_late = 0
    free: dict[date, int] = {}
    for department_id, due_on, is_answered, count in tally:
        count = int(count)
        if is_answered:
            done += count
            continue
        free[due_on] = free.get(due_on, 0) + count
        own = count if department_id == own_department_id else 0
        own_owed += own
        if due_on < today:
            late += count
            own_late += own
        else:
            owed += count
    for department_id, due_on, count in _promises_in_work(register_id):
        free[due_on] = free.get(due_on, 0) - count
        own_owed -= count if department_id == own_department_id else 0
    replies = _replies_in_work(register_id)
    return Counts(
        answered=done,
        open=owed,
        overdue=late,
        to_answer=sum(free.values()),
        own_to_answer=own_owed,
        own_overdue=own_late,
        begun=replies.get((ReplyState.DRAFT.value, 0), 0),
        sent_back=replies.get((ReplyState.DRAFT.value, 1), 0),
        to_check=sum(count for (state, _back), count in replies.items() if state == ReplyState.SUBMITTED),
        to_release=sum(count for (state, _back), count in replies.items() if state == ReplyState.APPROVED),
        free_by_day={day: count for day, count in free.items() if count},
    )


def list_promises(
    found: OfficeRound,
    queue: Queue,
    chosen: Filter = EVERYTHING,
    cursor: Cursor | None = None,
    limit: int = PAGE,
) -> Page:
    """One page of ``to-answer`` or ``overdue``, by due day and number."""
    backwards = cursor is not None and cursor.backwards
    order = (Promise.due_on, Promise.number)
    statement = _promises(found, queue, chosen)
    if cursor is not None:
        place, key = tuple_(*order), tuple_(cursor.due_on, cursor.number)
        statement = statement.where(place < key if backwards else place > key)
    statement = statement.order_by(*((c.desc() for c in order) if backwards else order)).limit(limit + 1)
    rows = list(db.session.scalars(statement))
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    return Page(
        show_items(rows),
        has_previous=more if backwards else cursor is not None,
        has_next=backwards or more,
    )


def count_matches(found: OfficeRound, queue: Queue, chosen: Filter) -> int:
    """How many promises of a queue match and are free; at most ``MATCHES_SHOWN`` + 1, which means "more"."""
    limited = _free(found, queue, chosen).with_only_columns(Promise.id).limit(MATCHES_SHOWN + 1)
    return db.session.scalar(select(func.count()).select_from(limited.subquery())) or 0


def matching_numbers(found: OfficeRound, queue: Queue, chosen: Filter, limit: int) -> list[int]:
    """The numbers of all promises of a queue that match and are free, at most ``limit`` of them."""
    statement = _free(found, queue, chosen).with_only_columns(Promise.number)
    return sorted(db.session.scalars(statement.order_by(Promise.due_on, Promise.number).limit(limit)))


def known_numbers(register_id: int, numbers: Collection[int]) -> list[int]:
    """Those among ``numbers`` that the register has given out, in order; numbers have no gaps."""
    last = db.session.scalar(select(Register.last_number).where(Register.id == register_id)) or 0
    return sorted(number for number in set(numbers) if 1 <= number <= last)


def next_number(found: OfficeRound, chosen: Filter, after: int) -> int | None:
    """The number to answer after ``after``: the next in the list, else the first of it, else None."""
    place = db.session.execute(
        select(Promise.due_on, Promise.number).where(
            Promise.register_id == found.register_id, Promise.number == after
        )
    ).one_or_none()
    cursor = Cursor(place.due_on, place.number) if place else None
    for start in (cursor, None):
        page = list_promises(found, Queue.TO_ANSWER, chosen, start, limit=1)
        if page.items:
            return page.items[0].number
    return None


def measures(round_id: int) -> list[tuple[str, Localized]]:
    """Number and title of each measure, as the newest version of the draft has it; older ones after it."""
    rows = db.session.execute(
        select(Unit.number, Unit.title)
        .join(Draft, Draft.id == Unit.draft_id)
        .where(Draft.round_id == round_id, Unit.kind == "measure")
        .order_by(Draft.version.desc(), Unit.position)
    )
    found: dict[str, Localized] = {}
    for number, title in rows:
        found.setdefault(number or "", title)
    return list(found.items())


def _free(found: OfficeRound, queue: Queue, chosen: Filter) -> Select[Promise]:
    return _promises(found, queue, chosen).where(Promise.reply_id.is_(None))


def _promises(found: OfficeRound, queue: Queue, chosen: Filter) -> Select[Promise]:
    """The promises of a queue that match, so written that the index of unanswered promises gives their order."""
    statement = select(Promise).where(Promise.register_id == found.register_id, Promise.answered_on.is_(None))
    if queue is Queue.OVERDUE:
        statement = statement.where(Promise.due_on < clock.today())
    else:
        statement = statement.where(Promise.reply_id.is_(None))
    if chosen.department_id:
        statement = statement.where(Promise.department_id == chosen.department_id)
    number = read_number(found.code, chosen.words)
    if number is not None:
        statement = statement.where(Promise.number == number)
    wanted = _about(found.id, chosen, with_words=number is None)
    if wanted:
        own = exists().where(Submission.id == Promise.subject_id, *wanted)
        asked = exists().where(
            Reconsideration.id == Promise.subject_id, Submission.id == Reconsideration.submission_id, *wanted
        )
        # Asked row by row, in the order of the list: it stops as soon as the page is full.
        statement = statement.where(
            or_(
                and_(Promise.subject_kind == events.SUBMISSION, own),
                and_(Promise.subject_kind == events.RECONSIDERATION, asked),
            )
        )
    return statement


def _about(round_id: int, chosen: Filter, *, with_words: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.measure == WHOLE_DRAFT:
        conditions.append(Submission.unit_id.is_(None))
    elif chosen.measure:
        units = (
            select(Unit.id)
            .join(Draft, Draft.id == Unit.draft_id)
            .where(Draft.round_id == round_id, Unit.number == chosen.measure)
        )
        conditions.append(Submission.unit_id.in_(units))
    if chosen.language:
        conditions.append(Submission.language == chosen.language)
    words = clean(chosen.words) if with_words else ""
    if words:
        # SQLite knows the two cases of Latin letters only, so other scripts are looked for as people usually write.
        spellings = set() if words.isascii() else {words.upper(), words.capitalize(), words.title()}
        conditions.append(
            or_(
                *(column.icontains(words, autoescape=True) for column in _WRITTEN),
                *(
                    column.contains(word, autoescape=True)
                    for word in sorted(spellings)
                    for column in _WRITTEN
                ),
                *([Submission.folded.contains(fold(words), autoescape=True)] if fold(words) else []),
            )
        )
    return conditions


_WRITTEN = (Submission.text, Submission.proposed_wording, Submission.name)


def _promises_in_work(register_id: int) -> Sequence[tuple[int, date, int]]:
    """How many promises have a first answer in work, by department and due day."""
    return [
        (department_id, due_on, count)
        for department_id, due_on, count in db.session.execute(
            select(Promise.department_id, Promise.due_on, func.count())
            .select_from(ReplyVersion)
            .join(Reply, Reply.id == ReplyVersion.reply_id)
            .join(Promise, Promise.reply_id == Reply.id)
            .where(
                Reply.register_id == register_id, ReplyVersion.state.in_(IN_WORK), ReplyVersion.version == 1
            )
            .group_by(Promise.department_id, Promise.due_on)
        )
    ]


def _replies_in_work(register_id: int) -> dict[tuple[str, int], int]:
    """How many answers are in work, by state and whether they were sent back."""
    back = case((ReplyVersion.note_back.is_not(None), 1), else_=0)
    rows = db.session.execute(
        select(ReplyVersion.state, back, func.count())
        .join(Reply, Reply.id == ReplyVersion.reply_id)
        .where(Reply.register_id == register_id, ReplyVersion.state.in_(IN_WORK))
        .group_by(ReplyVersion.state, back)
    )
    return {(state, sent_back): count for state, sent_back, count in rows}
