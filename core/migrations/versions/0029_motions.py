"""Motions: their words, signatures, findings, measures, and what residents suggest.

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
STATES = {
    "council": "stage in ('cosigning', 'submitted', 'returned', 'appealed', 'admissible', 'scheduled', 'referred',"
    " 'postponed')",
    "city": "stage in ('adopted', 'adopted_amended', 'forwarded', 'acknowledged', 'position_filed')",
    "doing": "stage in ('implementing', 'claimed_done', 'disputed')"
    " or (stage = 'decided' and city_decision in ('adopted', 'amended', 'partly'))",
    "done": "stage = 'verified' or (stage = 'closed' and city_decision in ('adopted', 'amended', 'partly'))"
    " or (stage = 'closed' and city_decision is null and department_id is not null)",
    "refused": "stage = 'rejected' or (stage in ('decided', 'closed') and city_decision = 'rejected')"
    " or (stage = 'closed' and city_decision is null and department_id is null and dealt_on is not null)",
    "without": "stage in ('draft', 'inadmissible', 'withdrawn', 'lapsed') or (stage in ('decided', 'closed')"
    " and city_decision in ('noted_without_vote', 'settled_by_office', 'not_competent'))"
    " or (stage = 'closed' and city_decision is null and department_id is null and dealt_on is null)",
}
"""States of the public register, each with an index that lists it newest first."""

TABLES = (
    "motions_suggestion",
    "motions_motion",
    "motions_cosigner",
    "motions_finding",
    "motions_measure",
    "motions_signature",
    "motions_text",
    "motions_folded",
)
"""In the order in which they are made."""


def upgrade() -> None:
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
        sa.Column("forwarded_on", sa.Date(), nullable=True),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("position_on", sa.Date(), nullable=True),
        sa.Column("city_decision", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
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
    op.create_index("ix_motions_motion_dealt_on", "motions_motion", ["body_id", "dealt_on"], unique=False)
    op.create_index(
        "ix_motions_motion_department_id",
        "motions_motion",
        ["department_id", "submitted_on", "id"],
        unique=False,
    )
    op.create_index("ix_motions_motion_modified_at", "motions_motion", ["modified_at", "id"], unique=False)
    op.create_index("ix_motions_motion_follows_id", "motions_motion", ["follows_id"], unique=False)
    op.create_index("ix_motions_motion_kind", "motions_motion", ["kind", "submitted_on", "id"], unique=False)
    op.create_index(
        "ix_motions_motion_body_id", "motions_motion", ["body_id", "submitted_on", "id"], unique=False
    )
    for state, condition in STATES.items():
        op.create_index(
            f"ix_motions_motion_{state}",
            "motions_motion",
            ["submitted_on", "id"],
            unique=False,
            postgresql_where=sa.text(condition),
            sqlite_where=sa.text(condition),
        )
    op.create_index("ix_motions_motion_public", "motions_motion", ["submitted_on", "id"], unique=False)
    op.create_index(
        "ix_motions_motion_term_id", "motions_motion", ["term_id", "submitted_on", "id"], unique=False
    )
    op.create_index(
        "ix_motions_motion_topic", "motions_motion", ["topic", "submitted_on", "id"], unique=False
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
    op.create_index(
        "ix_motions_signature_member_id", "motions_signature", ["member_id", "motion_id"], unique=False
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
        "motions_folded",
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_folded_motion_id_motions_motion")
        ),
        sa.PrimaryKeyConstraint("motion_id", name=op.f("pk_motions_folded")),
        sa.UniqueConstraint("place", name=op.f("uq_motions_folded_place")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX motions_folded_search ON motions_folded USING gin (folded gin_trgm_ops)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE motions_search USING fts5(folded, content='motions_folded', content_rowid='place',"
            " tokenize='trigram case_sensitive 1')"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE motions_search")
    for table in reversed(TABLES):
        op.drop_table(table)
