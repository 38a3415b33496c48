"""What the holder of a receipt code may read: their own text in any case, and everything the city answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from accounts.models import Department
from consult import events
from consult.models import PublicText, Reconsideration, Round, Submission, Unit
from consult.queries.entries import PublishedVersion
from consult.queries.rounds import share
from core import clock
from core.db import db
from core.localized import Localized
from followup.models import Promise, Reply, ReplyVersion
from followup.rules import PromiseKind, ReplyState


@dataclass(frozen=True, slots=True)
class Debt:
    """One answer that is owed or was given. ``versions`` begin with the one in force; ``department`` answers."""

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
        return share(self.opened_on, self.due_on, self.answered_on or self.today)

    @property
    def is_overdue(self) -> bool:
        return self.answered_on is None and self.days_left < 0

    @property
    def answer(self) -> PublishedVersion | None:
        return self.versions[0] if self.versions else None


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What somebody wrote when they said "you misread me", and the answer to it."""

    text: str | None
    language: str
    received_on: date
    debt: Debt


@dataclass(frozen=True, slots=True)
class OwnComment:
    """One comment with everything its author may know. ``text`` is None once it was withdrawn.

    ``public_text`` is what the public reads now, None while it reads nothing. ``measure`` is empty for the whole draft.
    """

    id: int
    round_code: str
    round_title: Localized
    answer_weeks: int
    measure: str
    measure_title: Localized
    number: int
    kind: str | None
    channel: str
    language: str
    name: str
    publish_name: bool
    received_on: date
    text: str | None
    proposed_wording: str
    public_text: str | None
    public_wording: str
    public_reason: str
    hidden_on: date | None
    hidden_reason: str
    debt: Debt
    second_look: SecondLook | None

    @property
    def is_redacted(self) -> bool:
        """Whether the public reads something else than was written."""
        shown = (self.public_text, self.public_wording)
        return self.public_text is not None and shown != (self.text, self.proposed_wording)


def find_own(code_mac: bytes) -> OwnComment | None:
    """The comment that belongs to a receipt code (see ``services.submissions.code_mac``), or None."""
    row = db.session.execute(
        select(
            Submission,
            Round.code,
            Round.title,
            Round.answer_weeks,
            Unit.number,
            Unit.title,
            PublicText.text,
            PublicText.proposed_wording,
            PublicText.reason,
        )
        .join(Round, Round.id == Submission.round_id)
        .outerjoin(Unit, Unit.id == Submission.unit_id)
        .outerjoin(PublicText, (PublicText.id == Submission.public_text_id) & Submission.hidden_on.is_(None))
        .where(Submission.code_mac == code_mac)
    ).one_or_none()
    if row is None:
        return None
    own, code, title, weeks, measure, measure_title, public_text, public_wording, public_reason = row
    debt = _debt(PromiseKind.ANSWER, events.SUBMISSION, own.id)
    assert debt is not None  # opened in the transaction that wrote the comment
    return OwnComment(
        id=own.id,
        round_code=code,
        round_title=title,
        answer_weeks=weeks,
        measure=measure or "",
        measure_title=measure_title or Localized(),
        number=own.number,
        kind=own.kind,
        channel=own.channel,
        language=own.language,
        name=own.name or "",
        publish_name=own.publish_name,
        received_on=own.received_on,
        text=own.text,
        proposed_wording=own.proposed_wording or "",
        public_text=public_text,
        public_wording=public_wording or "",
        public_reason=public_reason or "",
        hidden_on=own.hidden_on,
        hidden_reason=own.hidden_reason or "",
        debt=debt,
        second_look=_second_look(own.id),
    )


def _second_look(submission_id: int) -> SecondLook | None:
    asked = db.session.scalars(
        select(Reconsideration).where(Reconsideration.submission_id == submission_id)
    ).one_or_none()
    if asked is None:
        return None
    debt = _debt(PromiseKind.RECONSIDERATION, events.RECONSIDERATION, asked.id)
    assert debt is not None
    return SecondLook(asked.text, asked.language, asked.received_on, debt)


def _debt(kind: PromiseKind, subject_kind: str, subject_id: int) -> Debt | None:
    row = db.session.execute(
        select(Promise, Department.name)
        .outerjoin(Reply, (Reply.id == Promise.reply_id) & Promise.answered_on.is_not(None))
        .join(
            Department,
            Department.id == func.coalesce(Reply.department_id, Promise.department_id),
        )
        .where(
            Promise.subject_kind == subject_kind,
            Promise.subject_id == subject_id,
            Promise.kind == kind.value,
        )
    ).one_or_none()
    if row is None:
        return None
    promise, department = row
    return Debt(
        number=promise.number,
        opened_on=promise.opened_on,
        due_on=promise.due_on,
        extended_from=promise.extended_from,
        extended_on=promise.extended_on,
        extension_reason=promise.extension_reason,
        answered_on=promise.answered_on,
        department=department,
        versions=_versions(promise.reply_id) if promise.answered_on else (),
        today=clock.today(),
    )


def _versions(reply_id: int | None) -> list[PublishedVersion]:
    rows: Any = db.session.execute(
        select(
            ReplyVersion.id,
            ReplyVersion.version,
            ReplyVersion.outcome,
            ReplyVersion.reason,
            ReplyVersion.change,
            ReplyVersion.correction_note,
            ReplyVersion.published_on,
        )
        .where(ReplyVersion.reply_id == reply_id, ReplyVersion.state == ReplyState.PUBLISHED.value)
        .order_by(ReplyVersion.version.desc())
    )
    return [PublishedVersion(*row) for row in rows]
