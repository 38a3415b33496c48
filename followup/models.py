"""Tables of the promise ledger. Triggers (see the migrations) repeat the gate and keep the tally."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model, json_type
from core.localized import Localized


class Register(Model):
    """What one procedure received, numbered without gaps, and its closing gate. ``code`` starts every number."""

    __tablename__ = "followup_register"
    __table_args__ = (CheckConstraint("last_number >= 0", name="last_number_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    last_number: Mapped[int] = mapped_column(default=0)
    concluded_on: Mapped[date | None]

    @property
    def chain(self) -> str:
        """The name of the audit chain whose public view this register is."""
        return f"register:{self.code}"


class Reply(Model):
    """One answer, to one promise or many. Its texts are its versions; ``published_version`` is the one in force."""

    __tablename__ = "followup_reply"
    __table_args__ = (
        CheckConstraint("published_version >= 0", name="published_version_not_negative"),
        CheckConstraint("answered_count >= 0", name="answered_count_not_negative"),
        Index("ix_followup_reply_register_id", "register_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("followup_register.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("accounts_department.id"))
    published_version: Mapped[int] = mapped_column(default=0)
    answered_count: Mapped[int] = mapped_column(default=0)


class ReplyVersion(Model):
    """One wording of a reply on its way to the public, or in public for good.

    ``revision`` grows with every edit, so that a second editor notices; ``editors`` are the accounts that wrote in it, none of whom may approve it.
    ``digest`` is equal for equal texts.
    """

    __tablename__ = "followup_reply_version"
    __table_args__ = (
        UniqueConstraint("reply_id", "version"),
        CheckConstraint("state in ('draft', 'submitted', 'approved', 'published')", name="state_known"),
        CheckConstraint(
            "outcome is null or outcome in ('accepted', 'partly_accepted', 'not_accepted', 'noted')",
            name="outcome_known",
        ),
        CheckConstraint("(state = 'published') = (published_on is not null)", name="published_has_day"),
        CheckConstraint("state = 'draft' or (outcome is not null and digest is not null)", name="complete"),
        CheckConstraint(
            "state not in ('approved', 'published') or approved_by is null or approved_by <> written_by",
            name="second_person",
        ),
        Index("ix_followup_reply_version_state", "state", "reply_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("followup_reply.id"))
    version: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    state: Mapped[str]
    outcome: Mapped[str | None]
    reason: Mapped[Localized] = mapped_column(LocalizedText)
    change: Mapped[Localized] = mapped_column(LocalizedText)
    correction_note: Mapped[Localized] = mapped_column(LocalizedText)
    digest: Mapped[str | None]
    salt: Mapped[bytes]
    written_by: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    editors: Mapped[list[int]] = mapped_column(json_type)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_account.id"))
    note_back: Mapped[str | None]
    published_on: Mapped[date | None]


class Promise(Model):
    """One debt: opened with what it answers, ended only by a published reply; a step ends by an act of its procedure."""

    __tablename__ = "followup_promise"
    __table_args__ = (
        UniqueConstraint("register_id", "number"),
        UniqueConstraint("subject_kind", "subject_id", "kind"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("kind in ('answer', 'reconsideration', 'step')", name="kind_known"),
        CheckConstraint(
            "answered_on is null or reply_id is not null or kind = 'step'", name="answered_by_reply"
        ),
        CheckConstraint("kind <> 'step' or reply_id is null", name="step_without_reply"),
        CheckConstraint(
            "(extended_on is null) = (extended_from is null) and (extended_on is null or extended_from < due_on)",
            name="extension_complete",
        ),
        Index(
            "ix_followup_promise_unanswered",
            "register_id",
            "due_on",
            "number",
            postgresql_where=text("answered_on is null"),
            sqlite_where=text("answered_on is null"),
        ),
        Index("ix_followup_promise_reply_id", "reply_id"),
        Index(
            "ix_followup_promise_steps",
            "register_id",
            postgresql_where=text("kind = 'step'"),
            sqlite_where=text("kind = 'step'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("followup_register.id"))
    number: Mapped[int]
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    department_id: Mapped[int] = mapped_column(ForeignKey("accounts_department.id"))
    opened_on: Mapped[date]
    due_on: Mapped[date]
    extended_from: Mapped[date | None]
    extended_on: Mapped[date | None]
    extension_reason: Mapped[Localized] = mapped_column(LocalizedText)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("followup_reply.id"))
    answered_on: Mapped[date | None]


class Tally(Model):
    """How many promises there are of each kind of standing: kept by triggers, so no page counts rows.

    ``days_taken`` is the number of days from opening to answer, or -1 while unanswered.
    """

    __tablename__ = "followup_tally"
    __table_args__ = (CheckConstraint("count >= 0", name="count_not_negative"),)

    register_id: Mapped[int] = mapped_column(ForeignKey("followup_register.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("accounts_department.id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    days_taken: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


class Contact(Model):
    """An address somebody left for word of their answer: sealed, apart from everything, and deleted in time."""

    __tablename__ = "followup_contact"
    __table_args__ = (CheckConstraint("channel in ('email', 'sms')", name="channel_known"),)

    promise_id: Mapped[int] = mapped_column(ForeignKey("followup_promise.id"), primary_key=True)
    channel: Mapped[str]
    sealed: Mapped[bytes]
    language: Mapped[str]
    delete_on: Mapped[date | None] = mapped_column(index=True)


class Digest(Model):
    """That a department was reminded on a day: the primary key makes it once."""

    __tablename__ = "followup_digest"

    department_id: Mapped[int] = mapped_column(ForeignKey("accounts_department.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
