"""A motion, what happened to it, and what somebody owes it. Whatever happened stays; a correction is an event of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model, UtcDateTime, json_type
from core.documents.stored import StoredDocument
from core.localized import Localized

STAGES = (
    "'draft', 'cosigning', 'submitted', 'returned', 'inadmissible', 'appealed', 'admissible', 'scheduled', 'adopted',"
    " 'adopted_amended', 'rejected', 'referred', 'postponed', 'withdrawn', 'lapsed', 'forwarded', 'acknowledged',"
    " 'position_filed', 'decided', 'implementing', 'claimed_done', 'verified', 'disputed', 'closed'"
)


TO_IMPLEMENT = "('adopted', 'amended', 'partly')"
STATES = {
    "council": "stage in ('cosigning', 'submitted', 'returned', 'appealed', 'admissible', 'scheduled', 'referred',"
    " 'postponed')",
    "city": "stage in ('adopted', 'adopted_amended', 'forwarded', 'acknowledged', 'position_filed')",
    "doing": "stage in ('implementing', 'claimed_done', 'disputed')"
    f" or (stage = 'decided' and city_decision in {TO_IMPLEMENT})",
    "done": f"stage = 'verified' or (stage = 'closed' and city_decision in {TO_IMPLEMENT})"
    " or (stage = 'closed' and city_decision is null and department_id is not null)",
    "refused": "stage = 'rejected' or (stage in ('decided', 'closed') and city_decision = 'rejected')"
    " or (stage = 'closed' and city_decision is null and department_id is null and dealt_on is not null)",
    "without": "stage in ('draft', 'inadmissible', 'withdrawn', 'lapsed') or (stage in ('decided', 'closed')"
    " and city_decision in ('noted_without_vote', 'settled_by_office', 'not_competent'))"
    " or (stage = 'closed' and city_decision is null and department_id is null and dealt_on is null)",
}
"""The states of the register (``rules.register.state_of``) as conditions, each with an index of its own.

There is none on ``stage``: SQLite would use it, and sort: docs/adr/0030."""


class Motion(Model):
    """What a member of a council wants. Private until it has a ``number``, which it gets when it is submitted.

    ``number`` is the register number of the first thing owed to it, the check of whether it is admissible.
    ``text_version`` is the text that counts now; ``final_digest`` is the digest of what the council adopted, and of what
    was forwarded. ``modified_at`` moves with everything that is public about it.
    """

    __tablename__ = "motions_motion"
    __table_args__ = (
        UniqueConstraint("body_id", "number"),
        CheckConstraint("kind in ('motion', 'question', 'statement', 'budget_request')", name="kind_known"),
        CheckConstraint(f"stage in ({STAGES})", name="stage_known"),
        CheckConstraint(
            "number is not null or stage in ('draft', 'cosigning', 'withdrawn')",
            name="numbered_once_submitted",
        ),
        CheckConstraint("(number is null) = (submitted_on is null)", name="numbered_with_day"),
        CheckConstraint("text_version >= 1", name="text_version_from_one"),
        CheckConstraint(
            "stage not in ('referred', 'postponed') or returns_on is not null", name="put_off_until_a_day"
        ),
        CheckConstraint(
            "city_decision is null or city_decision in ('adopted', 'amended', 'partly', 'rejected',"
            " 'noted_without_vote', 'settled_by_office', 'not_competent')",
            name="city_decision_known",
        ),
        CheckConstraint(
            "position is null or position in ('agree', 'agree_with_additions', 'alternative', 'reject',"
            " 'already_being_done', 'status_report')",
            name="position_known",
        ),
        Index("ix_motions_motion_author_id", "author_id"),
        Index("ix_motions_motion_public", "submitted_on", "id"),
        Index("ix_motions_motion_topic", "topic", "submitted_on", "id"),
        Index("ix_motions_motion_department_id", "department_id", "submitted_on", "id"),
        Index("ix_motions_motion_term_id", "term_id", "submitted_on", "id"),
        Index("ix_motions_motion_modified_at", "modified_at", "id"),
        Index("ix_motions_motion_dealt_on", "body_id", "dealt_on"),
        Index("ix_motions_motion_follows_id", "follows_id"),
        Index("ix_motions_motion_kind", "kind", "submitted_on", "id"),
        Index("ix_motions_motion_body_id", "body_id", "submitted_on", "id"),
        *(
            Index(
                f"ix_motions_motion_{state}",
                "submitted_on",
                "id",
                postgresql_where=text(condition),
                sqlite_where=text(condition),
            )
            for state, condition in STATES.items()
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("council_body.id"))
    term_id: Mapped[int] = mapped_column(ForeignKey("council_term.id"))
    """The term in which it was drafted, or that took it over."""
    number: Mapped[int | None]
    kind: Mapped[str]
    topic: Mapped[str]
    stage: Mapped[str]
    stage_since: Mapped[date]
    author_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    language: Mapped[str]
    """In which it is written, and binding."""
    department_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_department.id"))
    """The department that is responsible in the city, once it was forwarded."""
    text_version: Mapped[int] = mapped_column(default=1)
    title: Mapped[Localized] = mapped_column(LocalizedText)
    """Of the version that counts, once more, for lists."""
    created_on: Mapped[date]
    submitted_on: Mapped[date | None]
    dealt_on: Mapped[date | None]
    """The day on which the council decided on it."""
    returns_on: Mapped[date | None]
    final_digest: Mapped[str | None]
    forwarded_on: Mapped[date | None]
    position: Mapped[str | None]
    position_on: Mapped[date | None]
    city_decision: Mapped[str | None]
    decided_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("motions_suggestion.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("motions_motion.id"))
    """The motion that this one follows up."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MotionEvent(Model):
    """Something that happened to a motion: never changed, never deleted. ``kind`` is an act or a notice (``rules.events``).

    ``facts`` hold what the kind asks for: figures, days, choices. ``corrects_id`` names the event that a correction sets
    right. Events before submission are not ``public``.
    """

    __tablename__ = "motions_event"
    __table_args__ = (
        UniqueConstraint("motion_id", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence_from_one"),
        CheckConstraint("corrects_id is null or kind = 'correct'", name="corrections_name_what"),
        Index("ix_motions_event_day", "day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"))
    sequence: Mapped[int]
    kind: Mapped[str]
    stage: Mapped[str]
    """Where it stood afterwards."""
    day: Mapped[date]
    """The day on which it happened, which may lie before the day on which it was entered."""
    entered_on: Mapped[date]
    public: Mapped[bool]
    part: Mapped[str]
    role: Mapped[str]
    handle: Mapped[str | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("council_member.id"))
    """The member who did it, for everybody to read."""
    reason: Mapped[Localized] = mapped_column(LocalizedText)
    facts: Mapped[dict[str, Any]] = mapped_column(json_type)
    vote_id: Mapped[int | None] = mapped_column(ForeignKey("motions_vote.id"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("motions_measure.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey(StoredDocument.id))
    """The source of what was entered for the city, or the evidence."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("motions_event.id"))


class MotionStep(Model):
    """What somebody owes a motion: the subject of a promise of kind ``step``, which holds department, days and extension."""

    __tablename__ = "motions_step"
    __table_args__ = (
        CheckConstraint(
            "step in ('admissibility', 'acknowledgement', 'position', 'decision', 'plan', 'update')",
            name="step_known",
        ),
        CheckConstraint("measure_id is null or step = 'update'", name="measures_owe_updates"),
        Index(
            "ix_motions_step_owed",
            "motion_id",
            "step",
            "measure_id",
            unique=True,
            postgresql_where=text("met_by_id is null and measure_id is not null"),
            sqlite_where=text("met_by_id is null and measure_id is not null"),
        ),
        Index(
            "ix_motions_step_owed_once",
            "motion_id",
            "step",
            unique=True,
            postgresql_where=text("met_by_id is null and measure_id is null"),
            sqlite_where=text("met_by_id is null and measure_id is null"),
        ),
        Index("ix_motions_step_motion_id", "motion_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"))
    step: Mapped[str]
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("motions_measure.id"))
    number: Mapped[int]
    """Its register number."""
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("motions_event.id"))
    met_by_id: Mapped[int | None] = mapped_column(ForeignKey("motions_event.id"))


class StepAlarm(Model):
    """What was said about a step that was not met by ``due_on``, on which day: the key makes it once, and once more after
    the step was extended."""

    __tablename__ = "motions_step_alarm"
    __table_args__ = (
        CheckConstraint(
            "alarm in ('reminder', 'overdue', 'mayor_and_chair', 'long_overdue')", name="alarm_known"
        ),
    )

    step_id: Mapped[int] = mapped_column(ForeignKey("motions_step.id"), primary_key=True)
    alarm: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    day: Mapped[date]
