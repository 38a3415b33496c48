"""The words of a motion, who signed which of them, what would change them, and what residents suggest."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model, json_type
from core.localized import Localized


class MotionText(Model):
    """One version of the words, Markdown, in the motion's language and in translations with their states.

    ``digest`` is that of the words in the motion's language (``rules.drafting.digest``): a translation changes nothing.
    The public reads the newest version that has a ``public_on``.
    """

    __tablename__ = "motions_text"
    __table_args__ = (
        UniqueConstraint("motion_id", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"))
    version: Mapped[int]
    title: Mapped[Localized] = mapped_column(LocalizedText)
    text: Mapped[Localized] = mapped_column(LocalizedText)
    reasons: Mapped[Localized] = mapped_column(LocalizedText)
    costs: Mapped[Localized] = mapped_column(LocalizedText)
    digest: Mapped[str]
    salt: Mapped[bytes]
    written_on: Mapped[date]
    public_on: Mapped[date | None]
    """Since when everybody may read it: it was handed in, or adopted."""


class Cosigner(Model):
    """A member whom the author asked to sign."""

    __tablename__ = "motions_cosigner"

    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"), primary_key=True)
    invited_on: Mapped[date]
    declined_on: Mapped[date | None]


class Signature(Model):
    """A member's signature under the words with this digest."""

    __tablename__ = "motions_signature"
    __table_args__ = (
        UniqueConstraint("motion_id", "member_id", "digest"),
        Index("ix_motions_signature_member_id", "member_id", "motion_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    digest: Mapped[str]
    signed_on: Mapped[date]


class Finding(Model):
    """What the office proposes after its check, and whom the chair released it by: two persons.

    ``findings`` are by criterion (``rules.admissibility``), ``earlier_id`` the motion that this one repeats.
    """

    __tablename__ = "motions_finding"
    __table_args__ = (
        CheckConstraint("act in ('admit', 'return', 'refuse')", name="act_known"),
        CheckConstraint("released_by is null or released_by <> proposed_by", name="second_person"),
        CheckConstraint("(released_on is null) = (released_by is null)", name="released_by_somebody"),
        Index(
            "ix_motions_finding_open",
            "motion_id",
            unique=True,
            postgresql_where=text("released_on is null and taken_back_on is null"),
            sqlite_where=text("released_on is null and taken_back_on is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"))
    act: Mapped[str]
    findings: Mapped[dict[str, Any]] = mapped_column(json_type)
    reason: Mapped[Localized] = mapped_column(LocalizedText)
    earlier_id: Mapped[int | None] = mapped_column(ForeignKey("motions_motion.id"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    proposed_on: Mapped[date]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_account.id"))
    released_on: Mapped[date | None]
    taken_back_on: Mapped[date | None]


class Amendment(Model):
    """A change of one paragraph that a member proposes, or that the office or an author recommends.

    ``base`` is the digest of the text whose paragraph it changes (``rules.amendments.digest``), ``text_version`` its version.
    """

    __tablename__ = "motions_amendment"
    __table_args__ = (
        UniqueConstraint("motion_id", "number"),
        CheckConstraint("kind in ('amendment', 'recommendation')", name="kind_known"),
        CheckConstraint("change in ('replace', 'delete', 'insert_after')", name="change_known"),
        CheckConstraint(
            "state in ('open', 'accepted', 'rejected', 'withdrawn', 'outdated')", name="state_known"
        ),
        CheckConstraint("(state = 'open') = (decided_on is null)", name="decided_on_a_day"),
        CheckConstraint(
            "paragraph >= 0 and (paragraph >= 1 or change = 'insert_after')", name="paragraph_real"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"))
    number: Mapped[int]
    kind: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("council_member.id"))
    """None of a recommendation by the office."""
    text_version: Mapped[int]
    base: Mapped[str]
    paragraph: Mapped[int]
    change: Mapped[str]
    text: Mapped[Localized] = mapped_column(LocalizedText)
    reason: Mapped[Localized] = mapped_column(LocalizedText)
    proposed_on: Mapped[date]
    state: Mapped[str]
    decided_on: Mapped[date | None]
    vote_id: Mapped[int | None] = mapped_column(ForeignKey("motions_vote.id"))


class Suggestion(Model):
    """What somebody wrote to a council, without an account. Number and answer are public, the text if its author wants.

    ``text``, ``name`` and ``salt`` are NULL once erased.
    """

    __tablename__ = "motions_suggestion"
    __table_args__ = (UniqueConstraint("body_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("council_body.id"))
    number: Mapped[int]
    language: Mapped[str]
    topic: Mapped[str]
    text: Mapped[str | None]
    name: Mapped[str | None]
    salt: Mapped[bytes | None]
    received_on: Mapped[date]
    code_mac: Mapped[bytes] = mapped_column(unique=True)
