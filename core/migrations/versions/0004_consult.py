"""The tables of consultation rounds.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-21
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "consult_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("summary", JSON, nullable=False),
        sa.Column("stage", JSON, nullable=False),
        sa.Column("decided", JSON, nullable=False),
        sa.Column("not_decided", JSON, nullable=False),
        sa.Column("use_of_input", JSON, nullable=False),
        sa.Column("who_decides", JSON, nullable=False),
        sa.Column("target_groups", JSON, nullable=False),
        sa.Column("other_ways", JSON, nullable=False),
        sa.Column("short_reason", JSON, nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("answer_weeks", sa.Integer(), nullable=False),
        sa.Column("answers_due_on", sa.Date(), nullable=False),
        sa.Column("decides_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint("answers_due_on > closes_on", name=op.f("ck_consult_round_due_after_closing")),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_consult_round_closes_after_opening")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name="fk_consult_round_department_id_accounts_department",
        ),
        sa.ForeignKeyConstraint(
            ["register_id"], ["followup_register.id"], name="fk_consult_round_register_id_followup_register"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consult_round"),
        sa.UniqueConstraint("code", name="uq_consult_round_code"),
        sa.UniqueConstraint("register_id", name="uq_consult_round_register_id"),
    )
    op.create_table(
        "consult_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("introduction", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["consult_round.id"], name="fk_consult_draft_round_id_consult_round"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consult_draft"),
        sa.UniqueConstraint("round_id", "version", name="uq_consult_draft_round_id_version"),
    )
    op.create_table(
        "consult_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("title", JSON, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("plain", JSON, nullable=False),
        sa.Column("goal", JSON, nullable=False),
        sa.Column("responsible", JSON, nullable=False),
        sa.Column("deadline", JSON, nullable=False),
        sa.Column("indicator", JSON, nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'chapter') = (number is null)", name=op.f("ck_consult_unit_measures_are_numbered")
        ),
        sa.CheckConstraint("kind in ('chapter', 'measure')", name=op.f("ck_consult_unit_kind_known")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name="fk_consult_unit_department_id_accounts_department",
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["consult_draft.id"], name="fk_consult_unit_draft_id_consult_draft"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consult_unit"),
        sa.UniqueConstraint("draft_id", "number", name="uq_consult_unit_draft_id_number"),
        sa.UniqueConstraint("draft_id", "position", name="uq_consult_unit_draft_id_position"),
    )
    op.create_table(
        "consult_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("author_kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("publish_name", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("proposed_wording", sa.String(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=True),
        sa.Column("import_key", sa.String(), nullable=True),
        sa.Column("public_text_id", sa.Integer(), nullable=True),
        sa.Column("hidden_on", sa.Date(), nullable=True),
        sa.Column("hidden_reason", sa.String(), nullable=True),
        sa.Column("folded", sa.String(), nullable=True),
        sa.CheckConstraint(
            "author_kind in ('person', 'national_institution', 'ngo', 'migrant_association', 'other')",
            name=op.f("ck_consult_submission_author_kind_known"),
        ),
        sa.CheckConstraint(
            "channel in ('web', 'e-mail', 'paper', 'phone', 'meeting', 'survey', 'import')",
            name=op.f("ck_consult_submission_channel_known"),
        ),
        sa.CheckConstraint(
            "kind is null or kind in ('support', 'concern', 'proposal', 'question')",
            name=op.f("ck_consult_submission_kind_known"),
        ),
        sa.CheckConstraint(
            "(hidden_on is null) = (hidden_reason is null)",
            name=op.f("ck_consult_submission_hidden_with_reason"),
        ),
        sa.CheckConstraint(
            "(text is null) = (salt is null)", name=op.f("ck_consult_submission_erased_with_salt")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_consult_submission_number_from_one")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["consult_draft.id"], name="fk_consult_submission_draft_id_consult_draft"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["consult_round.id"], name="fk_consult_submission_round_id_consult_round"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["consult_unit.id"], name="fk_consult_submission_unit_id_consult_unit"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consult_submission"),
        sa.UniqueConstraint("code_mac", name="uq_consult_submission_code_mac"),
        sa.UniqueConstraint("round_id", "import_key", name="uq_consult_submission_round_id_import_key"),
        sa.UniqueConstraint("round_id", "number", name="uq_consult_submission_round_id_number"),
    )
    op.create_index("ix_consult_submission_unit_id_number", "consult_submission", ["unit_id", "number"])
    op.create_index(
        "ix_consult_submission_public",
        "consult_submission",
        ["round_id", "unit_id", "number"],
        postgresql_where=sa.text("folded is not null"),
        sqlite_where=sa.text("folded is not null"),
    )
    op.create_table(
        "consult_public_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("proposed_wording", sa.String(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(text is null) = (salt is null)", name=op.f("ck_consult_public_text_erased_with_salt")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["consult_submission.id"],
            name="fk_consult_public_text_submission_id_consult_submission",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consult_public_text"),
        sa.UniqueConstraint("submission_id", "version", name="uq_consult_public_text_submission_id_version"),
    )
    op.create_table(
        "consult_reconsideration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(text is null) = (salt is null)", name=op.f("ck_consult_reconsideration_erased_with_salt")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["consult_round.id"], name="fk_consult_reconsideration_round_id_consult_round"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["consult_submission.id"],
            name="fk_consult_reconsideration_submission_id_consult_submission",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consult_reconsideration"),
        sa.UniqueConstraint("round_id", "number", name="uq_consult_reconsideration_round_id_number"),
        sa.UniqueConstraint("submission_id", name="uq_consult_reconsideration_submission_id"),
    )


def downgrade() -> None:
    op.drop_table("consult_reconsideration")
    op.drop_table("consult_public_text")
    op.drop_table("consult_submission")
    op.drop_table("consult_unit")
    op.drop_table("consult_draft")
    op.drop_table("consult_round")
