"""Motions, their words and events, meetings with agenda, presence, votes and minutes, measures, suggestions.

What happened, what was signed and what was voted is never changed and never deleted; a step counts as met by an event alone.

Revision ID: 0029
Revises: 0028
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

KEPT = (
    ("DELETE", "motions_motion", "kept"),
    ("DELETE", "motions_text", "kept"),
    ("DELETE", "motions_event", "kept"),
    ("UPDATE", "motions_event", "unchanged"),
    ("DELETE", "motions_signature", "kept"),
    ("UPDATE", "motions_signature", "unchanged"),
    ("DELETE", "motions_step", "kept"),
    ("DELETE", "motions_step_alarm", "kept"),
    ("UPDATE", "motions_step_alarm", "unchanged"),
    ("DELETE", "motions_amendment", "kept"),
    ("DELETE", "motions_suggestion", "kept"),
    ("DELETE", "motions_measure", "kept"),
    ("DELETE", "motions_meeting", "kept"),
    ("DELETE", "motions_agenda_item", "kept"),
    ("DELETE", "motions_presence", "kept"),
    ("UPDATE", "motions_presence", "unchanged"),
    ("DELETE", "motions_vote", "kept"),
    ("UPDATE", "motions_vote", "unchanged"),
    ("DELETE", "motions_vote_by_name", "kept"),
    ("UPDATE", "motions_vote_by_name", "unchanged"),
    ("DELETE", "motions_minutes_objection", "kept"),
    ("DELETE", "motions_meeting_request", "kept"),
)
"""What never goes away, and what never changes."""

CONDITIONS = (
    (
        "UPDATE",
        "motions_motion",
        "identity",
        "new.id <> old.id or new.body_id <> old.body_id or (old.number is not null and (new.number is null or"
        " new.number <> old.number or new.submitted_on <> old.submitted_on))",
        "motion: its number never changes",
    ),
    (
        "UPDATE",
        "motions_text",
        "public_for_good",
        "new.id <> old.id or new.motion_id <> old.motion_id or new.version <> old.version or"
        " (old.public_on is not null and (new.public_on is null or new.digest <> old.digest))",
        "motion: what was handed in never changes",
    ),
    (
        "UPDATE",
        "motions_step",
        "met_for_good",
        "new.motion_id <> old.motion_id or new.step <> old.step or (old.number <> 0 and new.number <> old.number)"
        " or (old.met_by_id is not null and (new.met_by_id is null or new.met_by_id <> old.met_by_id))",
        "step: met for good",
    ),
    (
        "UPDATE",
        "followup_promise",
        "met_by_event",
        "old.answered_on is null and new.answered_on is not null and new.subject_kind = 'motions.step' and not exists"
        " (select 1 from motions_step where motions_step.id = new.subject_id and motions_step.met_by_id is not null)",
        "step: met by an event alone",
    ),
)
"""What is refused under a condition; for both databases."""

ERASABLE = {
    "motions_text": ("salt",),
    "motions_suggestion": ("text", "name", "salt", "code_mac"),
    "motions_meeting_request": ("text", "salt"),
}
"""What is erased one day: the planner keeps no sample of it (see 0022)."""

TABLES = (
    "motions_council_rule",
    "motions_suggestion",
    "motions_meeting",
    "motions_meeting_request",
    "motions_motion",
    "motions_agenda_item",
    "motions_cosigner",
    "motions_finding",
    "motions_measure",
    "motions_signature",
    "motions_text",
    "motions_interest_conflict",
    "motions_presence",
    "motions_vote",
    "motions_amendment",
    "motions_event",
    "motions_minutes",
    "motions_vote_by_name",
    "motions_minutes_objection",
    "motions_step",
    "motions_step_alarm",
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
        "motions_suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["council_body.id"], name=op.f("fk_motions_suggestion_body_id_council_body")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_suggestion")),
        sa.UniqueConstraint("body_id", "number", name=op.f("uq_motions_suggestion_body_id_number")),
        sa.UniqueConstraint("code_mac", name=op.f("uq_motions_suggestion_code_mac")),
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
        "motions_motion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("stage_since", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column(
            "title",
            JSON,
            nullable=False,
        ),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("dealt_on", sa.Date(), nullable=True),
        sa.Column("returns_on", sa.Date(), nullable=True),
        sa.Column("final_digest", sa.String(), nullable=True),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("city_decision", sa.String(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("suggestion_id", sa.Integer(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "city_decision is null or city_decision in ('adopted', 'amended', 'partly', 'rejected', 'noted_without_vote', 'settled_by_office', 'not_competent')",
            name=op.f("ck_motions_motion_city_decision_known"),
        ),
        sa.CheckConstraint(
            "kind in ('motion', 'question', 'statement', 'budget_request')",
            name=op.f("ck_motions_motion_kind_known"),
        ),
        sa.CheckConstraint(
            "number is not null or stage in ('draft', 'cosigning', 'withdrawn')",
            name=op.f("ck_motions_motion_numbered_once_submitted"),
        ),
        sa.CheckConstraint(
            "position is null or position in ('agree', 'agree_with_additions', 'alternative', 'reject', 'already_being_done', 'status_report')",
            name=op.f("ck_motions_motion_position_known"),
        ),
        sa.CheckConstraint(
            "stage in ('draft', 'cosigning', 'submitted', 'returned', 'inadmissible', 'appealed', 'admissible', 'scheduled', 'adopted', 'adopted_amended', 'rejected', 'referred', 'postponed', 'withdrawn', 'lapsed', 'forwarded', 'acknowledged', 'position_filed', 'decided', 'implementing', 'claimed_done', 'verified', 'disputed', 'closed')",
            name=op.f("ck_motions_motion_stage_known"),
        ),
        sa.CheckConstraint(
            "stage not in ('referred', 'postponed') or returns_on is not null",
            name=op.f("ck_motions_motion_put_off_until_a_day"),
        ),
        sa.CheckConstraint(
            "(number is null) = (submitted_on is null)", name=op.f("ck_motions_motion_numbered_with_day")
        ),
        sa.CheckConstraint("text_version >= 1", name=op.f("ck_motions_motion_text_version_from_one")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["council_member.id"], name=op.f("fk_motions_motion_author_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["council_body.id"], name=op.f("fk_motions_motion_body_id_council_body")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name=op.f("fk_motions_motion_department_id_accounts_department"),
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["motions_motion.id"], name=op.f("fk_motions_motion_follows_id_motions_motion")
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["motions_suggestion.id"],
            name=op.f("fk_motions_motion_suggestion_id_motions_suggestion"),
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["council_term.id"], name=op.f("fk_motions_motion_term_id_council_term")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_motion")),
        sa.UniqueConstraint("body_id", "number", name=op.f("uq_motions_motion_body_id_number")),
    )
    op.create_index("ix_motions_motion_author_id", "motions_motion", ["author_id"], unique=False)
    op.create_index(
        "ix_motions_motion_department_id",
        "motions_motion",
        ["department_id", "submitted_on", "id"],
        unique=False,
    )
    op.create_index("ix_motions_motion_modified_at", "motions_motion", ["modified_at", "id"], unique=False)
    op.create_index("ix_motions_motion_public", "motions_motion", ["submitted_on", "id"], unique=False)
    op.create_index(
        "ix_motions_motion_stage", "motions_motion", ["stage", "submitted_on", "id"], unique=False
    )
    op.create_index(
        "ix_motions_motion_term_id", "motions_motion", ["term_id", "submitted_on", "id"], unique=False
    )
    op.create_index(
        "ix_motions_motion_topic", "motions_motion", ["topic", "submitted_on", "id"], unique=False
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
        "motions_cosigner",
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=False),
        sa.Column("declined_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_motions_cosigner_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_cosigner_motion_id_motions_motion")
        ),
        sa.PrimaryKeyConstraint("motion_id", "member_id", name=op.f("pk_motions_cosigner")),
    )
    op.create_table(
        "motions_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column(
            "findings",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "reason",
            JSON,
            nullable=False,
        ),
        sa.Column("earlier_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("taken_back_on", sa.Date(), nullable=True),
        sa.CheckConstraint("act in ('admit', 'return', 'refuse')", name=op.f("ck_motions_finding_act_known")),
        sa.CheckConstraint(
            "(released_on is null) = (released_by is null)",
            name=op.f("ck_motions_finding_released_by_somebody"),
        ),
        sa.CheckConstraint(
            "released_by is null or released_by <> proposed_by", name=op.f("ck_motions_finding_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["motions_motion.id"], name=op.f("fk_motions_finding_earlier_id_motions_motion")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_finding_motion_id_motions_motion")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["accounts_account.id"],
            name=op.f("fk_motions_finding_proposed_by_accounts_account"),
        ),
        sa.ForeignKeyConstraint(
            ["released_by"],
            ["accounts_account.id"],
            name=op.f("fk_motions_finding_released_by_accounts_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_finding")),
    )
    op.create_index(
        "ix_motions_finding_open",
        "motions_finding",
        ["motion_id"],
        unique=True,
        postgresql_where=sa.text("released_on is null and taken_back_on is null"),
        sqlite_where=sa.text("released_on is null and taken_back_on is null"),
    )

    op.create_table(
        "motions_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "title",
            JSON,
            nullable=False,
        ),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("updated_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "state in ('planned', 'running', 'delayed', 'stopped', 'done')",
            name=op.f("ck_motions_measure_state_known"),
        ),
        sa.CheckConstraint("cents is null or cents >= 0", name=op.f("ck_motions_measure_cents_not_negative")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name=op.f("fk_motions_measure_department_id_accounts_department"),
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_measure_motion_id_motions_motion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_measure")),
        sa.UniqueConstraint("motion_id", "number", name=op.f("uq_motions_measure_motion_id_number")),
    )
    op.create_table(
        "motions_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_motions_signature_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_signature_motion_id_motions_motion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_signature")),
        sa.UniqueConstraint(
            "motion_id", "member_id", "digest", name=op.f("uq_motions_signature_motion_id_member_id_digest")
        ),
    )
    op.create_table(
        "motions_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "title",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "text",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "reasons",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "costs",
            JSON,
            nullable=False,
        ),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("public_on", sa.Date(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_motions_text_version_from_one")),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_text_motion_id_motions_motion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_text")),
        sa.UniqueConstraint("motion_id", "version", name=op.f("uq_motions_text_motion_id_version")),
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
        "motions_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column(
            "text",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "reason",
            JSON,
            nullable=False,
        ),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("vote_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_on is null)", name=op.f("ck_motions_amendment_decided_on_a_day")
        ),
        sa.CheckConstraint(
            "change in ('replace', 'delete', 'insert_after')", name=op.f("ck_motions_amendment_change_known")
        ),
        sa.CheckConstraint(
            "kind in ('amendment', 'recommendation')", name=op.f("ck_motions_amendment_kind_known")
        ),
        sa.CheckConstraint(
            "paragraph >= 0 and (paragraph >= 1 or change = 'insert_after')",
            name=op.f("ck_motions_amendment_paragraph_real"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'rejected', 'withdrawn', 'outdated')",
            name=op.f("ck_motions_amendment_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_motions_amendment_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_amendment_motion_id_motions_motion")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["motions_vote.id"], name=op.f("fk_motions_amendment_vote_id_motions_vote")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_amendment")),
        sa.UniqueConstraint("motion_id", "number", name=op.f("uq_motions_amendment_motion_id_number")),
    )
    op.create_table(
        "motions_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "facts",
            JSON,
            nullable=False,
        ),
        sa.Column("vote_id", sa.Integer(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "corrects_id is null or kind = 'correct'", name=op.f("ck_motions_event_corrections_name_what")
        ),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_motions_event_sequence_from_one")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["motions_event.id"], name=op.f("fk_motions_event_corrects_id_motions_event")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["core_document.id"], name=op.f("fk_motions_event_document_id_core_document")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["motions_measure.id"], name=op.f("fk_motions_event_measure_id_motions_measure")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_motions_event_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_event_motion_id_motions_motion")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["motions_vote.id"], name=op.f("fk_motions_event_vote_id_motions_vote")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_event")),
        sa.UniqueConstraint("motion_id", "sequence", name=op.f("uq_motions_event_motion_id_sequence")),
    )
    op.create_index("ix_motions_event_day", "motions_event", ["day", "id"], unique=False)

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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_minutes_objection")),
    )
    op.create_table(
        "motions_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("met_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "measure_id is null or step = 'update'", name=op.f("ck_motions_step_measures_owe_updates")
        ),
        sa.CheckConstraint(
            "step in ('admissibility', 'acknowledgement', 'position', 'decision', 'plan', 'update')",
            name=op.f("ck_motions_step_step_known"),
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["motions_measure.id"], name=op.f("fk_motions_step_measure_id_motions_measure")
        ),
        sa.ForeignKeyConstraint(
            ["met_by_id"], ["motions_event.id"], name=op.f("fk_motions_step_met_by_id_motions_event")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_step_motion_id_motions_motion")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["motions_event.id"], name=op.f("fk_motions_step_opened_by_id_motions_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_step")),
    )
    op.create_index("ix_motions_step_motion_id", "motions_step", ["motion_id"], unique=False)
    op.create_index(
        "ix_motions_step_owed",
        "motions_step",
        ["motion_id", "step", "measure_id"],
        unique=True,
        postgresql_where=sa.text("met_by_id is null and measure_id is not null"),
        sqlite_where=sa.text("met_by_id is null and measure_id is not null"),
    )
    op.create_index(
        "ix_motions_step_owed_once",
        "motions_step",
        ["motion_id", "step"],
        unique=True,
        postgresql_where=sa.text("met_by_id is null and measure_id is null"),
        sqlite_where=sa.text("met_by_id is null and measure_id is null"),
    )

    op.create_table(
        "motions_step_alarm",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("alarm", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "alarm in ('reminder', 'overdue', 'mayor_and_chair', 'long_overdue')",
            name=op.f("ck_motions_step_alarm_alarm_known"),
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["motions_step.id"], name=op.f("fk_motions_step_alarm_step_id_motions_step")
        ),
        sa.PrimaryKeyConstraint("step_id", "alarm", name=op.f("pk_motions_step_alarm")),
    )
    for event, table, name in KEPT:
        _refuse(event, table, name, f"{table}: kept for good")
    for event, table, name, when, sentence in CONDITIONS:
        _refuse(event, table, f"{name}", sentence, when)
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in ERASABLE.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER followup_promise_met_by_event ON followup_promise")
        op.execute("DROP FUNCTION followup_promise_met_by_event")
    else:
        op.execute("DROP TRIGGER followup_promise_met_by_event")
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for _event, table, name, _when, _sentence in CONDITIONS[:-1]:
            op.execute(f"DROP FUNCTION {table}_{name}")


def _refuse(event: str, table: str, name: str, sentence: str, when: str = "") -> None:
    """A trigger that refuses ``event`` on rows of ``table``, all or those for which ``when`` holds."""
    trigger = f"{table}_{name}"
    if op.get_bind().dialect.name != "postgresql":
        condition = f" WHEN {when}" if when else ""
        action = f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        op.execute(f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW{condition} {action}")
        return
    function = f"refuse('{sentence}')"
    if when:
        op.execute(f"""
            CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {when} THEN
                    RAISE EXCEPTION '{sentence}'
                        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{trigger}';
                END IF;
                RETURN new;
            END $$
        """)
        function = f"{trigger}()"
    op.execute(f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}")
