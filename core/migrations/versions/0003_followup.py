"""The tables of the promise ledger.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-21
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "followup_register",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.CheckConstraint("last_number >= 0", name=op.f("ck_followup_register_last_number_not_negative")),
        sa.PrimaryKeyConstraint("id", name="pk_followup_register"),
        sa.UniqueConstraint("code", name="uq_followup_register_code"),
    )
    op.create_table(
        "followup_digest",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name="fk_followup_digest_department_id_accounts_department",
        ),
        sa.PrimaryKeyConstraint("department_id", "day", "kind", name="pk_followup_digest"),
    )
    op.create_table(
        "followup_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("published_version", sa.Integer(), nullable=False),
        sa.Column("answered_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("answered_count >= 0", name=op.f("ck_followup_reply_answered_count_not_negative")),
        sa.CheckConstraint(
            "published_version >= 0", name=op.f("ck_followup_reply_published_version_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name="fk_followup_reply_department_id_accounts_department",
        ),
        sa.ForeignKeyConstraint(
            ["register_id"], ["followup_register.id"], name="fk_followup_reply_register_id_followup_register"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_followup_reply"),
    )
    op.create_index("ix_followup_reply_register_id", "followup_reply", ["register_id"])
    op.create_table(
        "followup_tally",
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("days_taken", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_followup_tally_count_not_negative")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name="fk_followup_tally_department_id_accounts_department",
        ),
        sa.ForeignKeyConstraint(
            ["register_id"], ["followup_register.id"], name="fk_followup_tally_register_id_followup_register"
        ),
        sa.PrimaryKeyConstraint(
            "register_id", "department_id", "due_on", "days_taken", name="pk_followup_tally"
        ),
    )
    op.create_table(
        "followup_promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_from", sa.Date(), nullable=True),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extension_reason", JSON, nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind in ('answer', 'reconsideration')", name=op.f("ck_followup_promise_kind_known")
        ),
        sa.CheckConstraint(
            "(extended_on is null) = (extended_from is null) and (extended_on is null or extended_from < due_on)",
            name=op.f("ck_followup_promise_extension_complete"),
        ),
        sa.CheckConstraint(
            "answered_on is null or reply_id is not null", name=op.f("ck_followup_promise_answered_by_reply")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_followup_promise_number_from_one")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name="fk_followup_promise_department_id_accounts_department",
        ),
        sa.ForeignKeyConstraint(
            ["register_id"],
            ["followup_register.id"],
            name="fk_followup_promise_register_id_followup_register",
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["followup_reply.id"], name="fk_followup_promise_reply_id_followup_reply"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_followup_promise"),
        sa.UniqueConstraint("register_id", "number", name="uq_followup_promise_register_id_number"),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", "kind", name="uq_followup_promise_subject_kind_subject_id_kind"
        ),
    )
    op.create_index("ix_followup_promise_reply_id", "followup_promise", ["reply_id"])
    op.create_index(
        "ix_followup_promise_unanswered",
        "followup_promise",
        ["register_id", "due_on", "number"],
        postgresql_where=sa.text("answered_on is null"),
        sqlite_where=sa.text("answered_on is null"),
    )
    op.create_table(
        "followup_reply_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", JSON, nullable=False),
        sa.Column("change", JSON, nullable=False),
        sa.Column("correction_note", JSON, nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("editors", JSON, nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("note_back", sa.String(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state = 'published') = (published_on is not null)",
            name=op.f("ck_followup_reply_version_published_has_day"),
        ),
        sa.CheckConstraint(
            "outcome is null or outcome in ('accepted', 'partly_accepted', 'not_accepted', 'noted')",
            name=op.f("ck_followup_reply_version_outcome_known"),
        ),
        sa.CheckConstraint(
            "state = 'draft' or (outcome is not null and digest is not null)",
            name=op.f("ck_followup_reply_version_complete"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'approved', 'published')",
            name=op.f("ck_followup_reply_version_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('approved', 'published') or approved_by is null or approved_by <> written_by",
            name=op.f("ck_followup_reply_version_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["accounts_account.id"],
            name="fk_followup_reply_version_approved_by_accounts_account",
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["followup_reply.id"], name="fk_followup_reply_version_reply_id_followup_reply"
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["accounts_account.id"],
            name="fk_followup_reply_version_written_by_accounts_account",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_followup_reply_version"),
        sa.UniqueConstraint("reply_id", "version", name="uq_followup_reply_version_reply_id_version"),
    )
    op.create_index("ix_followup_reply_version_state", "followup_reply_version", ["state", "reply_id"])
    op.create_table(
        "followup_contact",
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=True),
        sa.CheckConstraint("channel in ('email', 'sms')", name=op.f("ck_followup_contact_channel_known")),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["followup_promise.id"], name="fk_followup_contact_promise_id_followup_promise"
        ),
        sa.PrimaryKeyConstraint("promise_id", name="pk_followup_contact"),
    )
    op.create_index("ix_followup_contact_delete_on", "followup_contact", ["delete_on"])


def downgrade() -> None:
    op.drop_table("followup_contact")
    op.drop_table("followup_reply_version")
    op.drop_table("followup_promise")
    op.drop_table("followup_tally")
    op.drop_table("followup_reply")
    op.drop_table("followup_digest")
    op.drop_table("followup_register")
