"""Answers on their way to the public, and those in public, as the office sees them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Select, func, select

from accounts.queries import names
from core.db import db
from core.errors import NotFound
from core.localized import Localized
from followup.models import Contact, Promise, Reply, ReplyVersion
from followup.queries.private import private_replies
from followup.rules import ReplyState

PAGE = 50
SHOWN_NUMBERS = 3
IN_WORK = (ReplyState.DRAFT.value, ReplyState.SUBMITTED.value, ReplyState.APPROVED.value)


class Queue(StrEnum):
    """The lists of an office's desk. The first and the last hold what was received, the others answers."""

    TO_ANSWER = "to-answer"
    BEGUN = "begun"
    TO_CHECK = "to-check"
    SENT_BACK = "sent-back"
    TO_RELEASE = "to-release"
    ANSWERED = "answered"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of an answer. ``writers`` are the people who wrote in it, ``editors`` their accounts."""

    version: int
    revision: int
    state: ReplyState
    outcome: str
    reason: Localized
    change: Localized
    correction_note: Localized
    editors: frozenset[int]
    writers: tuple[str, ...]
    approver: str
    note_back: str
    published_on: date | None


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One answer in a list: its newest wording, how many comments it answers, and the first of their numbers."""

    id: int
    wording: Wording
    count: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReplyInFull:
    """One answer with everything: ``working`` is not public yet, ``published`` are in force or were, newest first."""

    id: int
    department_id: int
    numbers: tuple[int, ...]
    working: Wording | None
    published: tuple[Wording, ...]

    @property
    def newest(self) -> Wording:
        return self.working or self.published[0]


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """One page of a queue of answers; ``first_id`` is where the page before it ends, ``last_id`` where the next one
    begins, each None where there is no such page."""

    lines: Sequence[ReplyLine]
    first_id: int | None
    last_id: int | None


@dataclass(frozen=True, slots=True)
class Approved:
    """What "release together" would publish now; ``private``: some of it for whoever asked alone."""

    answers: int
    corrections: int
    comments: int
    people_told: int
    private: bool


def list_replies(register_id: int, queue: Queue, after: int = 0, before: int = 0) -> ReplyPage:
    """One page of answers: those in work from the oldest on, those in public from the newest on.

    It holds what follows the answer ``after``, or comes right before the answer ``before``.
    """
    newest_first = queue is Queue.ANSWERED
    if newest_first:
        statement = _newest(register_id).where(
            Reply.published_version > 0, ReplyVersion.version == Reply.published_version
        )
    else:
        statement = _in_queue(_newest(register_id), queue)
    backwards, place = bool(before) and not after, after or before
    descending = newest_first is not backwards
    if place:
        statement = statement.where(Reply.id < place if descending else Reply.id > place)
    statement = statement.order_by(Reply.id.desc() if descending else Reply.id)
    rows = list(db.session.execute(statement.limit(PAGE + 1)))
    more, shown = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        shown.reverse()
    earlier, later = (more, True) if backwards else (bool(after), more)
    wordings = _wordings([version for _reply, version in shown])
    counted = _counted([reply.id for reply, _version in shown])
    lines = [
        ReplyLine(reply.id, wording, *counted.get(reply.id, (0, ())))
        for (reply, _version), wording in zip(shown, wordings, strict=True)
    ]
    return ReplyPage(
        lines,
        shown[0][0].id if shown and earlier else None,
        shown[-1][0].id if shown and later else None,
    )


def next_reply(register_id: int, queue: Queue, after: int, not_by: int = 0) -> int | None:
    """The answer to look at after ``after`` in a queue (else the first), passing over those ``not_by`` wrote in."""
    for start in (after, 0):
        statement = _in_queue(_newest(register_id), queue).where(Reply.id > start, Reply.id != after)
        for reply, version in db.session.execute(statement.order_by(Reply.id).limit(PAGE)):
            if not_by not in (version.written_by, *version.editors):
                return int(reply.id)
    return None


def find_reply(register_id: int, reply_id: int) -> ReplyInFull:
    """One answer of a register. Raises NotFound, also for one that was thrown away before it was ever public."""
    reply = db.session.scalars(
        select(Reply).where(Reply.id == reply_id, Reply.register_id == register_id)
    ).one_or_none()
    versions = db.session.scalars(
        select(ReplyVersion).where(ReplyVersion.reply_id == reply_id).order_by(ReplyVersion.version.desc())
    ).all()
    if reply is None or not versions:
        raise NotFound("reply", reply_id)
    numbers = db.session.scalars(
        select(Promise.number).where(Promise.reply_id == reply_id).order_by(Promise.number)
    )
    wordings = _wordings(versions)
    return ReplyInFull(
        id=reply.id,
        department_id=reply.department_id,
        numbers=tuple(numbers),
        working=next((w for w in wordings if w.state is not ReplyState.PUBLISHED), None),
        published=tuple(w for w in wordings if w.state is ReplyState.PUBLISHED),
    )


def of_register(register_id: int, reply_ids: Collection[int]) -> set[int]:
    """Those among ``reply_ids`` that are answers in this register."""
    return set(
        db.session.scalars(select(Reply.id).where(Reply.register_id == register_id, Reply.id.in_(reply_ids)))
    )


def approved(register_id: int) -> Approved:
    """What "release together" would publish now."""
    replies = _in_queue(_newest(register_id), Queue.TO_RELEASE)
    ids = replies.with_only_columns(Reply.id)
    total = db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    first = replies.where(ReplyVersion.version == 1).with_only_columns(Reply.id).subquery()
    firsts = db.session.scalar(select(func.count()).select_from(first)) or 0
    comments = db.session.scalar(
        select(func.count()).select_from(Promise).where(Promise.reply_id.in_(select(first.c.id)))
    )
    told = db.session.scalar(
        select(func.count())
        .select_from(Contact)
        .join(Promise, Promise.id == Contact.promise_id)
        .where(Promise.reply_id.in_(ids))
    )
    private = bool(private_replies(db.session(), db.session.scalars(ids).all()))
    return Approved(firsts, total - firsts, comments or 0, told or 0, private)


def sent_back_to(account_id: int) -> dict[int, int]:
    """How many answers were sent back to somebody, by register."""
    rows = db.session.execute(
        select(Reply.register_id, func.count())
        .join(ReplyVersion, ReplyVersion.reply_id == Reply.id)
        .where(
            ReplyVersion.state == ReplyState.DRAFT.value,
            ReplyVersion.note_back.is_not(None),
            ReplyVersion.written_by == account_id,
        )
        .group_by(Reply.register_id)
    )
    return {row.register_id: row[1] for row in rows}


def _newest(register_id: int) -> Select[Reply, ReplyVersion]:
    return (
        select(Reply, ReplyVersion)
        .join(ReplyVersion, ReplyVersion.reply_id == Reply.id)
        .where(Reply.register_id == register_id)
    )


def _in_queue(statement: Select[Reply, ReplyVersion], queue: Queue) -> Select[Reply, ReplyVersion]:
    states = {
        Queue.BEGUN: ReplyState.DRAFT,
        Queue.SENT_BACK: ReplyState.DRAFT,
        Queue.TO_CHECK: ReplyState.SUBMITTED,
        Queue.TO_RELEASE: ReplyState.APPROVED,
    }
    statement = statement.where(ReplyVersion.state == states[queue].value)
    if queue is Queue.BEGUN:
        return statement.where(ReplyVersion.note_back.is_(None))
    return statement.where(ReplyVersion.note_back.is_not(None)) if queue is Queue.SENT_BACK else statement


def _counted(reply_ids: Sequence[int]) -> dict[int, tuple[int, tuple[int, ...]]]:
    """How many comments each answer is for, and the first numbers of them."""
    counts = db.session.execute(
        select(Promise.reply_id, func.count())
        .where(Promise.reply_id.in_(reply_ids))
        .group_by(Promise.reply_id)
    )
    found: dict[int, tuple[int, tuple[int, ...]]] = {}
    for reply_id, count in counts:
        assert reply_id is not None  # it was asked for by id
        first = db.session.scalars(
            select(Promise.number)
            .where(Promise.reply_id == reply_id)
            .order_by(Promise.number)
            .limit(SHOWN_NUMBERS)
        )
        found[reply_id] = (count, tuple(first))
    return found


def _wordings(versions: Sequence[ReplyVersion]) -> list[Wording]:
    people = names({account for v in versions for account in (v.written_by, v.approved_by or 0, *v.editors)})
    return [
        Wording(
            version=v.version,
            revision=v.revision,
            state=ReplyState(v.state),
            outcome=v.outcome or "",
            reason=v.reason,
            change=v.change,
            correction_note=v.correction_note,
            editors=frozenset((v.written_by, *v.editors)),
            writers=tuple(
                people[account] for account in sorted({v.written_by, *v.editors}) if account in people
            ),
            approver=people.get(v.approved_by or 0, ""),
            note_back=v.note_back or "",
            published_on=v.published_on,
        )
        for v in versions
    ]
