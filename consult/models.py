"""Tables of consultation rounds. Days, never times: what we do not store cannot hurt anyone."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model, json_type
from core.localized import Localized


class Round(Model):
    """A consultation on a draft. Its register numbers what is received and holds the closing gate."""

    __tablename__ = "consult_round"
    __table_args__ = (
        CheckConstraint("closes_on >= opens_on", name="closes_after_opening"),
        CheckConstraint("answers_due_on > closes_on", name="due_after_closing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("followup_register.id"), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("accounts_department.id"))
    language: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(json_type)
    title: Mapped[Localized] = mapped_column(LocalizedText)
    summary: Mapped[Localized] = mapped_column(LocalizedText)
    stage: Mapped[Localized] = mapped_column(LocalizedText)
    decided: Mapped[Localized] = mapped_column(LocalizedText)
    not_decided: Mapped[Localized] = mapped_column(LocalizedText)
    use_of_input: Mapped[Localized] = mapped_column(LocalizedText)
    who_decides: Mapped[Localized] = mapped_column(LocalizedText)
    target_groups: Mapped[Localized] = mapped_column(LocalizedText)
    other_ways: Mapped[Localized] = mapped_column(LocalizedText)
    short_reason: Mapped[Localized] = mapped_column(LocalizedText)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    answer_weeks: Mapped[int]
    answers_due_on: Mapped[date]
    decides_on: Mapped[date | None]
    published_on: Mapped[date | None]


class Draft(Model):
    """One version of what is consulted on."""

    __tablename__ = "consult_draft"
    __table_args__ = (UniqueConstraint("round_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("consult_round.id"))
    version: Mapped[int]
    created_on: Mapped[date]
    title: Mapped[Localized] = mapped_column(LocalizedText)
    introduction: Mapped[Localized] = mapped_column(LocalizedText)


class Unit(Model):
    """A part of a draft: a chapter, or a measure with a stable number. ``received`` counts its submissions."""

    __tablename__ = "consult_unit"
    __table_args__ = (
        UniqueConstraint("draft_id", "position"),
        UniqueConstraint("draft_id", "number"),
        CheckConstraint("kind in ('chapter', 'measure')", name="kind_known"),
        CheckConstraint("(kind = 'chapter') = (number is null)", name="measures_are_numbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("consult_draft.id"))
    position: Mapped[int]
    kind: Mapped[str]
    number: Mapped[str | None]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_department.id"))
    title: Mapped[Localized] = mapped_column(LocalizedText)
    body: Mapped[Localized] = mapped_column(LocalizedText)
    plain: Mapped[Localized] = mapped_column(LocalizedText)
    goal: Mapped[Localized] = mapped_column(LocalizedText)
    responsible: Mapped[Localized] = mapped_column(LocalizedText)
    deadline: Mapped[Localized] = mapped_column(LocalizedText)
    indicator: Mapped[Localized] = mapped_column(LocalizedText)
    received: Mapped[int] = mapped_column(default=0)


class Submission(Model):
    """What somebody sent in. ``text`` is the original and never public; the public sees ``PublicText``.

    ``code_mac`` is the HMAC of the receipt code, the only trace of it. ``folded`` is the public text as search
    compares it, empty while nothing is public. ``salt`` and ``text`` vanish together when a text is erased.
    """

    __tablename__ = "consult_submission"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        UniqueConstraint("round_id", "import_key"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(
            "kind is null or kind in ('support', 'concern', 'proposal', 'question')", name="kind_known"
        ),
        CheckConstraint(
            "channel in ('web', 'e-mail', 'paper', 'phone', 'meeting', 'survey', 'import')",
            name="channel_known",
        ),
        CheckConstraint(
            "author_kind in ('person', 'national_institution', 'ngo', 'migrant_association', 'other')",
            name="author_kind_known",
        ),
        CheckConstraint("(text is null) = (salt is null)", name="erased_with_salt"),
        CheckConstraint("(hidden_on is null) = (hidden_reason is null)", name="hidden_with_reason"),
        Index("ix_consult_submission_unit_id_number", "unit_id", "number"),
        # The latest public texts of a measure, however many still wait for a moderator.
        Index(
            "ix_consult_submission_public",
            "round_id",
            "unit_id",
            "number",
            postgresql_where=sql("folded is not null"),
            sqlite_where=sql("folded is not null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("consult_round.id"))
    number: Mapped[int]
    draft_id: Mapped[int] = mapped_column(ForeignKey("consult_draft.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("consult_unit.id"))
    kind: Mapped[str | None]
    channel: Mapped[str]
    author_kind: Mapped[str]
    name: Mapped[str | None]
    publish_name: Mapped[bool]
    language: Mapped[str]
    text: Mapped[str | None]
    proposed_wording: Mapped[str | None]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_on: Mapped[date]
    code_mac: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    import_key: Mapped[str | None]
    public_text_id: Mapped[int | None]
    hidden_on: Mapped[date | None]
    hidden_reason: Mapped[str | None]
    folded: Mapped[str | None]


class PublicText(Model):
    """One public version of a submission's text; an officer released it, perhaps with passages taken out.

    ``reason`` says why passages were taken out; it is public and empty where the text stands as it was written.
    """

    __tablename__ = "consult_public_text"
    __table_args__ = (
        UniqueConstraint("submission_id", "version"),
        CheckConstraint("(text is null) = (salt is null)", name="erased_with_salt"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("consult_submission.id"))
    version: Mapped[int]
    text: Mapped[str | None]
    proposed_wording: Mapped[str | None]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    released_on: Mapped[date]
    reason: Mapped[str | None]


class Reconsideration(Model):
    """ "You misread me": once per submission, by its code, answered like everything else."""

    __tablename__ = "consult_reconsideration"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("(text is null) = (salt is null)", name="erased_with_salt"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("consult_round.id"))
    number: Mapped[int]
    submission_id: Mapped[int] = mapped_column(ForeignKey("consult_submission.id"), unique=True)
    language: Mapped[str]
    text: Mapped[str | None]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_on: Mapped[date]
