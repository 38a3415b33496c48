"""One answer that is owed or was given, as the holder of a receipt code reads it; and the steps of a matter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Department
from core import clock
from core.localized import Localized
from followup.models import Promise, Reply, ReplyVersion
from followup.rules import PromiseKind, ReplyState

_BATCH = 500


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """One version of the answer that was or is in force."""

    id: int
    version: int
    outcome: str
    reason: Localized
    change: Localized
    correction_note: Localized
    published_on: date


@dataclass(frozen=True, slots=True)
class Debt:
    """One answer that is owed or was given. ``versions`` begin with the one in force; ``department`` answers.

    A step has no versions; ``answered_on`` is the day on which it was met.
    """

    number: int
    opened_on: date
    due_on: date
    extended_from: date | None
    extended_on: date | None
    extension_reason: Localized
    answered_on: date | None
    department: Localized
    versions: Sequence[PublishedVersion]
    today: date

    @property
    def days_left(self) -> int:
        """Days until the answer is due; negative once the day has passed."""
        return (self.due_on - self.today).days

    @property
    def days_early(self) -> int:
        """How many days before the day due the answer came; negative when it was late."""
        return (self.due_on - (self.answered_on or self.today)).days

    @property
    def share(self) -> float:
        """How much of the time for the answer has run, or had run when it came, from 0 to 1."""
        return clock.share(self.opened_on, self.due_on, self.answered_on or self.today)

    @property
    def is_overdue(self) -> bool:
        return self.answered_on is None and self.days_left < 0

    @property
    def answer(self) -> PublishedVersion | None:
        return self.versions[0] if self.versions else None


def find_debt(
    session: Session, subject_kind: str, subject_id: int, kind: PromiseKind = PromiseKind.ANSWER
) -> Debt:
    """What is owed for an item; its promise was opened in the transaction that wrote it."""
    return find_debts(session, subject_kind, [subject_id], kind)[subject_id]


def find_debts(
    session: Session,
    subject_kind: str,
    subject_ids: Sequence[int],
    kind: PromiseKind = PromiseKind.ANSWER,
) -> dict[int, Debt]:
    """What is owed for these items, by the item's id."""
    found: dict[int, Debt] = {}
    for start in range(0, len(subject_ids), _BATCH):
        rows = session.execute(
            select(Promise, Department.name)
            .outerjoin(Reply, (Reply.id == Promise.reply_id) & Promise.answered_on.is_not(None))
            .join(Department, Department.id == func.coalesce(Reply.department_id, Promise.department_id))
            .where(
                Promise.subject_kind == subject_kind,
                Promise.subject_id.in_(subject_ids[start : start + _BATCH]),
                Promise.kind == kind.value,
            )
        ).all()
        replies = {promise.reply_id for promise, _name in rows if promise.answered_on and promise.reply_id}
        versions = _versions(session, replies)
        found |= {
            promise.subject_id: _debt(promise, department, versions.get(promise.reply_id or 0, ()))
            for promise, department in rows
        }
    return found


def find_steps(session: Session, subject_kind: str, subject_ids: Sequence[int]) -> dict[int, Debt]:
    """The steps of these subjects, by the subject's id, without ``versions``; what owes no step is missing."""
    found: dict[int, Debt] = {}
    for start in range(0, len(subject_ids), _BATCH):
        rows = session.execute(
            select(Promise, Department.name)
            .join(Department, Department.id == Promise.department_id)
            .where(
                Promise.subject_kind == subject_kind,
                Promise.subject_id.in_(subject_ids[start : start + _BATCH]),
                Promise.kind == PromiseKind.STEP.value,
            )
        )
        found |= {promise.subject_id: _debt(promise, department) for promise, department in rows}
    return found


def _debt(promise: Promise, department: Localized, versions: Sequence[PublishedVersion] = ()) -> Debt:
    return Debt(
        number=promise.number,
        opened_on=promise.opened_on,
        due_on=promise.due_on,
        extended_from=promise.extended_from,
        extended_on=promise.extended_on,
        extension_reason=promise.extension_reason,
        answered_on=promise.answered_on,
        department=department,
        versions=versions,
        today=clock.today(),
    )


def published_versions(session: Session, reply_id: int | None) -> list[PublishedVersion]:
    """Every version of an answer that was or is in force, the one in force first."""
    return _versions(session, {reply_id}).get(reply_id, []) if reply_id is not None else []


def _versions(session: Session, reply_ids: Collection[int]) -> dict[int, list[PublishedVersion]]:
    if not reply_ids:
        return {}
    rows = session.execute(
        select(
            ReplyVersion.reply_id,
            ReplyVersion.id,
            ReplyVersion.version,
            ReplyVersion.outcome,
            ReplyVersion.reason,
            ReplyVersion.change,
            ReplyVersion.correction_note,
            ReplyVersion.published_on,
        )
        .where(ReplyVersion.reply_id.in_(reply_ids), ReplyVersion.state == ReplyState.PUBLISHED.value)
        .order_by(ReplyVersion.version.desc())
    )
    found: dict[int, list[PublishedVersion]] = {}
    for reply_id, id, version, outcome, reason, change, note, published_on in rows:
        shown = PublishedVersion(id, version, outcome or "", reason, change, note, published_on or date.min)
        found.setdefault(reply_id, []).append(shown)
    return found
