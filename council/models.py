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
        UniqueConstraint("term_id", "account_id"),
        CheckConstraint("(left_on is null) = (left_ground is null)", name="left_with_ground"),
        CheckConstraint("left_on is null or left_on >= since_on", name="left_after_coming"),
        CheckConstraint(
            "left_ground is null or left_ground in"
            " ('resigned', 'moved_away', 'died', 'not_eligible', 'removed', 'recalled', 'member_left', 'term_ended',"
            " 'result_replaced')",
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
    """The first day without the seat."""
    left_ground: Mapped[str | None]
    salt: Mapped[bytes | None]
    """What the audit chain committed to the name with."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_account.id"))
    """With which account this member signs in. Never public."""


class Successor(Model):
    """Somebody whom the result names next for a seat class, in the order of ``rank``; equals share a rank.

    Who really follows is decided when a seat falls vacant: whoever declined or was seated meanwhile is passed over.
    """

    __tablename__ = "council_successor"
    __table_args__ = (
        CheckConstraint("rank >= 1", name="rank_from_one"),
        CheckConstraint("votes is null or votes >= 0", name="votes_not_negative"),
        CheckConstraint("declined_on is null or member_id is null", name="declined_or_seated"),
        Index("ix_council_successor_term_id_seat_class_id", "term_id", "seat_class_id", "rank"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("council_term.id"))
    seat_class_id: Mapped[int] = mapped_column(ForeignKey("council_seat_class.id"))
    rank: Mapped[int]
    name: Mapped[str]
    votes: Mapped[int | None]
    tied: Mapped[bool]
    source_kind: Mapped[str | None]
    source_id: Mapped[int | None]
    salt: Mapped[bytes]
    declined_on: Mapped[date | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("council_member.id"), unique=True)
    """The seat that this successor took."""
    replaced_on: Mapped[date | None]
    """Since when another result names others: the votes were counted anew."""


class Removal(Model):
    """A member who was voted out: under which rule, and how the body voted."""

    __tablename__ = "council_removal"
    __table_args__ = (
        CheckConstraint("yes >= 0 and no >= 0 and abstain >= 0", name="votes_not_negative"),
        CheckConstraint("yes > no", name="by_majority"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"), unique=True)
    ground: Mapped[str]
    reason: Mapped[Localized] = mapped_column(LocalizedText)
    yes: Mapped[int]
    no: Mapped[int]
    abstain: Mapped[int]


class Training(Model):
    """A training session for the members of a term."""

    __tablename__ = "council_training"
    __table_args__ = (UniqueConstraint("term_id", "held_on", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("council_term.id"))
    position: Mapped[int]
    held_on: Mapped[date]
    title: Mapped[Localized] = mapped_column(LocalizedText)
    place: Mapped[str | None]


class Call(Model):
    """A public call for a seat class that is appointed or held by organisations. It closes once, for good."""

    __tablename__ = "council_call"
    __table_args__ = (
        CheckConstraint("closes_on >= opened_on", name="closes_after_opening"),
        CheckConstraint("answers_due_on > closes_on", name="answers_after_closing"),
        CheckConstraint("closed_on is null or closed_on >= opened_on", name="closed_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("council_body.id"))
    seat_class_id: Mapped[int] = mapped_column(ForeignKey("council_seat_class.id"))
    title: Mapped[Localized] = mapped_column(LocalizedText)
    about: Mapped[Localized] = mapped_column(LocalizedText)
    opened_on: Mapped[date]
    closes_on: Mapped[date]
    """The last day on which applications are taken."""
    answers_due_on: Mapped[date]
    closed_on: Mapped[date | None]
    """The day on which somebody closed it; None when it simply ran out."""


class Application(Model):
    """What somebody wrote to a call. Name and text are never public; number, outcome and answer are.

    ``text``, ``name``, ``organisation`` and ``salt`` are NULL once erased.
    """

    __tablename__ = "council_application"
    __table_args__ = (UniqueConstraint("body_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("council_body.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("council_call.id"))
    number: Mapped[int]
    language: Mapped[str]
    name: Mapped[str | None]
    organisation: Mapped[str | None]
    text: Mapped[str | None]
    salt: Mapped[bytes | None]
    received_on: Mapped[date]
    code_mac: Mapped[bytes] = mapped_column(unique=True)
