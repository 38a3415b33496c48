"""Meetings: agenda, presence, conflicts of interest, votes, minutes, and the help that members ask for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model, UtcDateTime, json_type
from core.localized import Localized


class CouncilRule(Model):
    """How a council works from a day on: majorities, abstentions, ties, co-signers, days. A changed rule is a new row."""

    __tablename__ = "motions_council_rule"
    __table_args__ = (
        CheckConstraint(
            "majority in ('simple', 'of_present', 'of_seats', 'two_thirds', 'two_thirds_of_seats')",
            name="majority_known",
        ),
        CheckConstraint("abstentions in ('do_not_count', 'count_as_no')", name="abstentions_known"),
        CheckConstraint("tie in ('rejects', 'chair_decides')", name="tie_known"),
        CheckConstraint("cosigners >= 0", name="cosigners_not_negative"),
        CheckConstraint("invitation_days >= 1", name="invitation_days_real"),
    )

    body_id: Mapped[int] = mapped_column(ForeignKey("council_body.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    majority: Mapped[str]
    abstentions: Mapped[str]
    tie: Mapped[str]
    cosigners: Mapped[int]
    invitation_days: Mapped[int]


class Meeting(Model):
    """A meeting of a council. ``number`` counts within the term; ``invited_on`` is when invitation and agenda went out."""

    __tablename__ = "motions_meeting"
    __table_args__ = (
        UniqueConstraint("term_id", "number"),
        CheckConstraint("state in ('planned', 'invited', 'open', 'held', 'cancelled')", name="state_known"),
        CheckConstraint("state not in ('open', 'held') or invited_on is not null", name="held_by_invitation"),
        CheckConstraint("ends_at is null or ends_at >= starts_at", name="ends_after_start"),
        Index("ix_motions_meeting_starts_at", "body_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("council_body.id"))
    term_id: Mapped[int] = mapped_column(ForeignKey("council_term.id"))
    number: Mapped[int]
    state: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[Localized] = mapped_column(LocalizedText)
    note: Mapped[Localized] = mapped_column(LocalizedText)
    """What members and guests should know: how to get in, which interpreters are there; the reason if cancelled."""
    invited_on: Mapped[date | None]
    sequence: Mapped[int] = mapped_column(default=0)
    """How often day, time or place were changed: calendars ask for it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgendaItem(Model):
    """One item of an agenda, in the order of ``position``. What placed itself there says so in ``placed_by``.

    ``removed_on`` takes it off again; the row stays.
    """

    __tablename__ = "motions_agenda_item"
    __table_args__ = (
        CheckConstraint(
            "kind in ('minutes', 'motion', 'appeal', 'verification', 'reopening', 'overdue', 'report', 'other')",
            name="kind_known",
        ),
        CheckConstraint("placed_by in ('chair', 'clerk', 'clock')", name="placed_by_known"),
        CheckConstraint(
            "(motion_id is null) = (kind in ('minutes', 'report', 'other'))", name="about_a_motion"
        ),
        Index(
            "ix_motions_agenda_item_once",
            "meeting_id",
            "motion_id",
            "kind",
            unique=True,
            postgresql_where=text("removed_on is null and motion_id is not null"),
            sqlite_where=text("removed_on is null and motion_id is not null"),
        ),
        Index("ix_motions_agenda_item_motion_id", "motion_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("motions_meeting.id"))
    position: Mapped[int]
    kind: Mapped[str]
    title: Mapped[Localized] = mapped_column(LocalizedText)
    motion_id: Mapped[int | None] = mapped_column(ForeignKey("motions_motion.id"))
    public: Mapped[bool]
    placed_by: Mapped[str]
    discussion: Mapped[Localized] = mapped_column(LocalizedText)
    """For the minutes, by the clerk."""
    reason: Mapped[Localized] = mapped_column(LocalizedText)
    """Why it could not wait, of an item that was placed after the invitation."""
    removed_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WaitingItem(Model):
    """What belongs on the next agenda by itself: a motion that was put off until a day, or what the city is very late with.

    It waits until the council has dealt with it (``dealt_on``), however many meetings are cancelled meanwhile.
    """

    __tablename__ = "motions_waiting_item"
    __table_args__ = (
        CheckConstraint("kind in ('motion', 'overdue')", name="kind_known"),
        Index(
            "ix_motions_waiting_item_once",
            "motion_id",
            "kind",
            unique=True,
            postgresql_where=text("dealt_on is null"),
            sqlite_where=text("dealt_on is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"))
    kind: Mapped[str]
    since_on: Mapped[date]
    dealt_on: Mapped[date | None]


class Presence(Model):
    """A member came or went, from an agenda item on; the last one counts. ``sequence`` orders them within a meeting."""

    __tablename__ = "motions_presence"
    __table_args__ = (UniqueConstraint("meeting_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("motions_meeting.id"))
    sequence: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    agenda_item_id: Mapped[int | None] = mapped_column(ForeignKey("motions_agenda_item.id"))
    """None: at the beginning."""
    present: Mapped[bool]
    excused: Mapped[bool]


class InterestConflict(Model):
    """A member who has an interest of their own in an item: present, without vote, and not counted for the quorum."""

    __tablename__ = "motions_interest_conflict"

    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("motions_agenda_item.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"), primary_key=True)
    declared_on: Mapped[date]


class Vote(Model):
    """A vote that was taken, with everything its outcome follows from; never changed, a correction is another row.

    ``present`` and ``excluded`` are members' ids. ``rule`` and ``reasons`` are as in ``rules.votes``. ``about`` says on what.
    ``salt`` is that of a vote under an item that is not public: the chain knows its commitment alone.
    """

    __tablename__ = "motions_vote"
    __table_args__ = (
        UniqueConstraint("agenda_item_id", "sequence"),
        CheckConstraint("way in ('show_of_hands', 'by_name', 'on_paper')", name="way_known"),
        CheckConstraint(
            "about in ('motion', 'amendment', 'referral', 'postponement', 'appeal', 'verification', 'reopening',"
            " 'minutes', 'procedure')",
            name="about_known",
        ),
        CheckConstraint(
            "yes >= 0 and no >= 0 and abstain >= 0 and invalid >= 0", name="figures_not_negative"
        ),
        CheckConstraint("yes + no + abstain + invalid <= voting", name="no_more_votes_than_members"),
        CheckConstraint("voting >= quorum and voting <= seats", name="with_quorum"),
        CheckConstraint("chair_choice is null or chair_choice in ('yes', 'no')", name="chair_choice_known"),
        CheckConstraint(
            "way <> 'on_paper' or (first_teller_id is not null and second_teller_id is not null"
            " and first_teller_id <> second_teller_id)",
            name="two_tellers",
        ),
        Index("ix_motions_vote_motion_id", "motion_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("motions_agenda_item.id"))
    sequence: Mapped[int]
    about: Mapped[str]
    question: Mapped[Localized] = mapped_column(LocalizedText)
    motion_id: Mapped[int | None] = mapped_column(ForeignKey("motions_motion.id"))
    way: Mapped[str]
    rule: Mapped[dict[str, Any]] = mapped_column(json_type)
    seats: Mapped[int]
    quorum: Mapped[int]
    voting: Mapped[int]
    present: Mapped[list[int]] = mapped_column(json_type)
    excluded: Mapped[list[int]] = mapped_column(json_type)
    yes: Mapped[int]
    no: Mapped[int]
    abstain: Mapped[int]
    invalid: Mapped[int]
    chair_choice: Mapped[str | None]
    adopted: Mapped[bool]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(json_type)
    text_digest: Mapped[str | None]
    """Of the words that were voted on."""
    first_teller_id: Mapped[int | None] = mapped_column(ForeignKey("council_member.id"))
    second_teller_id: Mapped[int | None] = mapped_column(ForeignKey("council_member.id"))
    taken_on: Mapped[date]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("motions_vote.id"))
    salt: Mapped[bytes | None]


class PaperCount(Model):
    """What the first teller of a secret vote counted, until the second teller has counted too.

    ``asked`` is the vote, or, with ``corrects``, what is said to be right of an earlier one.

    ``entered_by`` typed it: the second count comes from somebody else.
    """

    __tablename__ = "motions_paper_count"
    __table_args__ = (
        CheckConstraint(
            "yes >= 0 and no >= 0 and abstain >= 0 and invalid >= 0", name="figures_not_negative"
        ),
    )

    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("motions_agenda_item.id"), primary_key=True)
    asked: Mapped[dict[str, Any]] = mapped_column(json_type)
    yes: Mapped[int]
    no: Mapped[int]
    abstain: Mapped[int]
    invalid: Mapped[int]
    teller_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    entered_by: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))


class VoteByName(Model):
    """What one member voted, in a vote by name."""

    __tablename__ = "motions_vote_by_name"
    __table_args__ = (
        CheckConstraint("choice in ('yes', 'no', 'abstain')", name="choice_known"),
        Index("ix_motions_vote_by_name_member_id", "member_id", "vote_id"),
    )

    vote_id: Mapped[int] = mapped_column(ForeignKey("motions_vote.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"), primary_key=True)
    choice: Mapped[str]


class Minutes(Model):
    """One version of a meeting's minutes. The newest counts; what was sent stays."""

    __tablename__ = "motions_minutes"
    __table_args__ = (
        UniqueConstraint("meeting_id", "version"),
        CheckConstraint("state in ('draft', 'sent', 'approved')", name="state_known"),
        CheckConstraint("(state = 'draft') = (sent_on is null)", name="sent_on_a_day"),
        CheckConstraint("(state = 'approved') = (approved_on is not null)", name="approved_on_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("motions_meeting.id"))
    version: Mapped[int]
    state: Mapped[str]
    text: Mapped[Localized] = mapped_column(LocalizedText)
    written_on: Mapped[date]
    sent_on: Mapped[date | None]
    approved_on: Mapped[date | None]
    vote_id: Mapped[int | None] = mapped_column(ForeignKey("motions_vote.id"))


class MinutesObjection(Model):
    """A member says that minutes are wrong; the council decides in its next meeting."""

    __tablename__ = "motions_minutes_objection"
    __table_args__ = (
        CheckConstraint("outcome is null or outcome in ('accepted', 'rejected')", name="outcome_known"),
        CheckConstraint("(outcome is null) = (decided_on is null)", name="decided_on_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("motions_minutes.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    text: Mapped[Localized] = mapped_column(LocalizedText)
    raised_on: Mapped[date]
    outcome: Mapped[str | None]
    answer: Mapped[Localized] = mapped_column(LocalizedText)
    decided_on: Mapped[date | None]
    vote_id: Mapped[int | None] = mapped_column(ForeignKey("motions_vote.id"))


class MeetingRequest(Model):
    """What a member needs to take part: an interpreter, childcare, expenses. A promise; never public but for its number."""

    __tablename__ = "motions_meeting_request"
    __table_args__ = (
        CheckConstraint("kind in ('interpreter', 'childcare', 'expenses')", name="kind_known"),
        CheckConstraint("cents is null or cents > 0", name="cents_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("motions_meeting.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    number: Mapped[int]
    kind: Mapped[str]
    language: Mapped[str]
    text: Mapped[str | None]
    salt: Mapped[bytes | None]
    cents: Mapped[int | None]
    asked_on: Mapped[date]
