"""Meetings: agenda, presence, votes, minutes, and the help that members ask for.

Revision ID: 0030
Revises: 0029
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TABLES = (
    "motions_council_rule",
    "motions_meeting",
    "motions_meeting_request",
    "motions_agenda_item",
    "motions_waiting_item",
    "motions_interest_conflict",
    "motions_presence",
    "motions_vote",
    "motions_paper_count",
    "motions_minutes",
    "motions_vote_by_name",
    "motions_minutes_objection",
)
"""In the order in which they are made."""


def upgrade() -> None:
    op.create_table(
        "motions_council_rule",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("majority", sa.String(), nullable=False),
        sa.Column("abstentions", sa.String(), nullable=False),
        sa.Column("tie", sa.String(), nullable=False),
        sa.Column("cosigners", sa.Integer(), nullable=False),
        sa.Column("invitation_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "abstentions in ('do_not_count', 'count_as_no')",
            name=op.f("ck_motions_council_rule_abstentions_known"),
        ),
        sa.CheckConstraint(
            "majority in ('simple', 'of_present', 'of_seats', 'two_thirds', 'two_thirds_of_seats')",
            name=op.f("ck_motions_council_rule_majority_known"),
        ),
        sa.CheckConstraint(
            "tie in ('rejects', 'chair_decides')", name=op.f("ck_motions_council_rule_tie_known")
        ),
        sa.CheckConstraint("cosigners >= 0", name=op.f("ck_motions_council_rule_cosigners_not_negative")),
        sa.CheckConstraint("invitation_days >= 1", name=op.f("ck_motions_council_rule_invitation_days_real")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["council_body.id"], name=op.f("fk_motions_council_rule_body_id_council_body")
        ),
        sa.PrimaryKeyConstraint("body_id", "from_on", name=op.f("pk_motions_council_rule")),
    )
    op.create_table(
        "motions_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "place",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "note",
            JSON,
            nullable=False,
        ),
        sa.Column("invited_on", sa.Date(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('planned', 'invited', 'open', 'held', 'cancelled')",
            name=op.f("ck_motions_meeting_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('open', 'held') or invited_on is not null",
            name=op.f("ck_motions_meeting_held_by_invitation"),
        ),
        sa.CheckConstraint(
            "ends_at is null or ends_at >= starts_at", name=op.f("ck_motions_meeting_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["council_body.id"], name=op.f("fk_motions_meeting_body_id_council_body")
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["council_term.id"], name=op.f("fk_motions_meeting_term_id_council_term")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_meeting")),
        sa.UniqueConstraint("term_id", "number", name=op.f("uq_motions_meeting_term_id_number")),
    )
    op.create_index("ix_motions_meeting_starts_at", "motions_meeting", ["body_id", "starts_at"], unique=False)

    op.create_table(
        "motions_meeting_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("cents", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind in ('interpreter', 'childcare', 'expenses')",
            name=op.f("ck_motions_meeting_request_kind_known"),
        ),
        sa.CheckConstraint(
            "cents is null or cents > 0", name=op.f("ck_motions_meeting_request_cents_positive")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["motions_meeting.id"],
            name=op.f("fk_motions_meeting_request_meeting_id_motions_meeting"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["council_member.id"],
            name=op.f("fk_motions_meeting_request_member_id_council_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_meeting_request")),
    )
    op.create_table(
        "motions_agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "title",
            JSON,
            nullable=False,
        ),
        sa.Column("motion_id", sa.Integer(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
        sa.Column(
            "discussion",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "reason",
            JSON,
            nullable=False,
        ),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(motion_id is null) = (kind in ('minutes', 'report', 'other'))",
            name=op.f("ck_motions_agenda_item_about_a_motion"),
        ),
        sa.CheckConstraint(
            "kind in ('minutes', 'motion', 'appeal', 'verification', 'reopening', 'overdue', 'report', 'other')",
            name=op.f("ck_motions_agenda_item_kind_known"),
        ),
        sa.CheckConstraint(
            "placed_by in ('chair', 'clerk', 'clock')", name=op.f("ck_motions_agenda_item_placed_by_known")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["motions_meeting.id"],
            name=op.f("fk_motions_agenda_item_meeting_id_motions_meeting"),
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_agenda_item_motion_id_motions_motion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_agenda_item")),
    )
    op.create_index("ix_motions_agenda_item_motion_id", "motions_agenda_item", ["motion_id"], unique=False)
    op.create_index(
        "ix_motions_agenda_item_once",
        "motions_agenda_item",
        ["meeting_id", "motion_id", "kind"],
        unique=True,
        postgresql_where=sa.text("removed_on is null and motion_id is not null"),
        sqlite_where=sa.text("removed_on is null and motion_id is not null"),
    )

    op.create_table(
        "motions_waiting_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("dealt_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind in ('motion', 'overdue')", name=op.f("ck_motions_waiting_item_kind_known")),
        sa.ForeignKeyConstraint(
            ["motion_id"],
            ["motions_motion.id"],
            name=op.f("fk_motions_waiting_item_motion_id_motions_motion"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_waiting_item")),
    )
    op.create_index(
        "ix_motions_waiting_item_once",
        "motions_waiting_item",
        ["motion_id", "kind"],
        unique=True,
        postgresql_where=sa.text("dealt_on is null"),
        sqlite_where=sa.text("dealt_on is null"),
    )

    op.create_table(
        "motions_interest_conflict",
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"],
            ["motions_agenda_item.id"],
            name=op.f("fk_motions_interest_conflict_agenda_item_id_motions_agenda_item"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["council_member.id"],
            name=op.f("fk_motions_interest_conflict_member_id_council_member"),
        ),
        sa.PrimaryKeyConstraint("agenda_item_id", "member_id", name=op.f("pk_motions_interest_conflict")),
    )
    op.create_table(
        "motions_presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("agenda_item_id", sa.Integer(), nullable=True),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"],
            ["motions_agenda_item.id"],
            name=op.f("fk_motions_presence_agenda_item_id_motions_agenda_item"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["motions_meeting.id"],
            name=op.f("fk_motions_presence_meeting_id_motions_meeting"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_motions_presence_member_id_council_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_presence")),
        sa.UniqueConstraint("meeting_id", "sequence", name=op.f("uq_motions_presence_meeting_id_sequence")),
    )
    op.create_table(
        "motions_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column(
            "question",
            JSON,
            nullable=False,
        ),
        sa.Column("motion_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column(
            "rule",
            JSON,
            nullable=False,
        ),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("voting", sa.Integer(), nullable=False),
        sa.Column(
            "present",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "excluded",
            JSON,
            nullable=False,
        ),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("abstain", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("chair_choice", sa.String(), nullable=True),
        sa.Column("adopted", sa.Boolean(), nullable=False),
        sa.Column(
            "reasons",
            JSON,
            nullable=False,
        ),
        sa.Column("text_digest", sa.String(), nullable=True),
        sa.Column("first_teller_id", sa.Integer(), nullable=True),
        sa.Column("second_teller_id", sa.Integer(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "about in ('motion', 'amendment', 'referral', 'postponement', 'appeal', 'verification', 'reopening', 'minutes', 'procedure')",
            name=op.f("ck_motions_vote_about_known"),
        ),
        sa.CheckConstraint(
            "chair_choice is null or chair_choice in ('yes', 'no')",
            name=op.f("ck_motions_vote_chair_choice_known"),
        ),
        sa.CheckConstraint(
            "way <> 'on_paper' or (first_teller_id is not null and second_teller_id is not null and first_teller_id <> second_teller_id)",
            name=op.f("ck_motions_vote_two_tellers"),
        ),
        sa.CheckConstraint(
            "way in ('show_of_hands', 'by_name', 'on_paper')", name=op.f("ck_motions_vote_way_known")
        ),
        sa.CheckConstraint("voting >= quorum and voting <= seats", name=op.f("ck_motions_vote_with_quorum")),
        sa.CheckConstraint(
            "yes + no + abstain + invalid <= voting", name=op.f("ck_motions_vote_no_more_votes_than_members")
        ),
        sa.CheckConstraint(
            "yes >= 0 and no >= 0 and abstain >= 0 and invalid >= 0",
            name=op.f("ck_motions_vote_figures_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"],
            ["motions_agenda_item.id"],
            name=op.f("fk_motions_vote_agenda_item_id_motions_agenda_item"),
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["motions_vote.id"], name=op.f("fk_motions_vote_corrects_id_motions_vote")
        ),
        sa.ForeignKeyConstraint(
            ["first_teller_id"],
            ["council_member.id"],
            name=op.f("fk_motions_vote_first_teller_id_council_member"),
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_vote_motion_id_motions_motion")
        ),
        sa.ForeignKeyConstraint(
            ["second_teller_id"],
            ["council_member.id"],
            name=op.f("fk_motions_vote_second_teller_id_council_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_vote")),
        sa.UniqueConstraint(
            "agenda_item_id", "sequence", name=op.f("uq_motions_vote_agenda_item_id_sequence")
        ),
    )
    op.create_index("ix_motions_vote_motion_id", "motions_vote", ["motion_id"], unique=False)

    op.create_table(
        "motions_paper_count",
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("abstain", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("teller_id", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "yes >= 0 and no >= 0 and abstain >= 0 and invalid >= 0",
            name=op.f("ck_motions_paper_count_figures_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"],
            ["motions_agenda_item.id"],
            name=op.f("fk_motions_paper_count_agenda_item_id_motions_agenda_item"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["accounts_account.id"],
            name=op.f("fk_motions_paper_count_entered_by_accounts_account"),
        ),
        sa.ForeignKeyConstraint(
            ["teller_id"],
            ["council_member.id"],
            name=op.f("fk_motions_paper_count_teller_id_council_member"),
        ),
        sa.PrimaryKeyConstraint("agenda_item_id", name=op.f("pk_motions_paper_count")),
    )

    op.create_table(
        "motions_minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column(
            "text",
            JSON,
            nullable=False,
        ),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("vote_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'approved') = (approved_on is not null)",
            name=op.f("ck_motions_minutes_approved_on_a_day"),
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (sent_on is null)", name=op.f("ck_motions_minutes_sent_on_a_day")
        ),
        sa.CheckConstraint(
            "state in ('draft', 'sent', 'approved')", name=op.f("ck_motions_minutes_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["motions_meeting.id"], name=op.f("fk_motions_minutes_meeting_id_motions_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["motions_vote.id"], name=op.f("fk_motions_minutes_vote_id_motions_vote")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_minutes")),
        sa.UniqueConstraint("meeting_id", "version", name=op.f("uq_motions_minutes_meeting_id_version")),
    )
    op.create_table(
        "motions_vote_by_name",
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.CheckConstraint(
            "choice in ('yes', 'no', 'abstain')", name=op.f("ck_motions_vote_by_name_choice_known")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["council_member.id"],
            name=op.f("fk_motions_vote_by_name_member_id_council_member"),
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["motions_vote.id"], name=op.f("fk_motions_vote_by_name_vote_id_motions_vote")
        ),
        sa.PrimaryKeyConstraint("vote_id", "member_id", name=op.f("pk_motions_vote_by_name")),
    )
    op.create_index(
        "ix_motions_vote_by_name_member_id", "motions_vote_by_name", ["member_id", "vote_id"], unique=False
    )

    op.create_table(
        "motions_minutes_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "text",
            JSON,
            nullable=False,
        ),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column(
            "answer",
            JSON,
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("vote_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome is null or outcome in ('accepted', 'rejected')",
            name=op.f("ck_motions_minutes_objection_outcome_known"),
        ),
        sa.CheckConstraint(
            "(outcome is null) = (decided_on is null)",
            name=op.f("ck_motions_minutes_objection_decided_on_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["council_member.id"],
            name=op.f("fk_motions_minutes_objection_member_id_council_member"),
        ),
        sa.ForeignKeyConstraint(
            ["minutes_id"],
            ["motions_minutes.id"],
            name=op.f("fk_motions_minutes_objection_minutes_id_motions_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"],
            ["motions_vote.id"],
            name=op.f("fk_motions_minutes_objection_vote_id_motions_vote"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_minutes_objection")),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
