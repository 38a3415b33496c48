"""Tables of the migrant council. Whoever sits on it is a public person, with a name and days, and nothing else."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model
from core.localized import Localized


class Body(Model):
    """A council or advisory board. ``register_id`` numbers what it is sent; its audit chain is the register's.

    The quorum is the share ``quorum_share`` of 1,000 of its statutory seats, rounded up: 500 and 22 seats give 11.
    """

    __tablename__ = "council_body"
    __table_args__ = (CheckConstraint("quorum_share between 1 and 1000", name="quorum_share_in_thousandths"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("followup_register.id"), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("accounts_department.id"))
    language: Mapped[str]
    name: Mapped[Localized] = mapped_column(LocalizedText)
    about: Mapped[Localized] = mapped_column(LocalizedText)
    quorum_share: Mapped[int] = mapped_column(default=500)
    created_on: Mapped[date]


class SeatClass(Model):
    """Seats of one kind: how their holders are found, and for elected ones the group (such as a region) they are for."""

    __tablename__ = "council_seat_class"
    __table_args__ = (
        UniqueConstraint("body_id", "key"),
        CheckConstraint("way in ('elected', 'delegated', 'appointed', 'organisation')", name="way_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("council_body.id"))
    key: Mapped[str]
    way: Mapped[str]
    name: Mapped[Localized] = mapped_column(LocalizedText)
    position: Mapped[int]


class SeatCount(Model):
    """How many seats a class has from a day on. The latest day that has come counts; the history stays."""

    __tablename__ = "council_seat_count"
    __table_args__ = (
        UniqueConstraint("seat_class_id", "from_on"),
        CheckConstraint("seats >= 0", name="seats_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_class_id: Mapped[int] = mapped_column(ForeignKey("council_seat_class.id"))
    from_on: Mapped[date]
    seats: Mapped[int]
    reason: Mapped[Localized] = mapped_column(LocalizedText)


class Term(Model):
    """The time that a body sits for, such as five years."""

    __tablename__ = "council_term"
    __table_args__ = (
        UniqueConstraint("body_id", "number"),
        CheckConstraint("ends_on > begins_on", name="ends_after_beginning"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("council_body.id"))
    number: Mapped[int]
    begins_on: Mapped[date]
    ends_on: Mapped[date]


class Member(Model):
    """Somebody on a seat, from a day until a day. ``source_kind`` and ``source_id`` say what seated them."""

    __tablename__ = "council_member"
    __table_args__ = (
        CheckConstraint("(left_on is null) = (left_ground is null)", name="left_with_ground"),
        CheckConstraint("left_on is null or left_on >= since_on", name="left_after_coming"),
        CheckConstraint(
            "left_ground is null or left_ground in"
            " ('resigned', 'moved_away', 'died', 'not_eligible', 'removed', 'recalled', 'term_ended')",
            name="ground_known",
        ),
        CheckConstraint("office is null or office in ('chair', 'deputy_chair')", name="office_known"),
        Index("ix_council_member_term_id_seat_class_id", "term_id", "seat_class_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("council_term.id"))
    seat_class_id: Mapped[int] = mapped_column(ForeignKey("council_seat_class.id"))
    name: Mapped[str]
    organisation: Mapped[str | None]
    """The faction that delegates, or the organisation that holds the seat."""
    office: Mapped[str | None]
    deputy_of_id: Mapped[int | None] = mapped_column(ForeignKey("council_member.id"))
    source_kind: Mapped[str | None]
    source_id: Mapped[int | None]
    since_on: Mapped[date]
    left_on: Mapped[date | None]
    left_ground: Mapped[str | None]
