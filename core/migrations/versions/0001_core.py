"""The tables that everything stands on: audit chains, outbox, messages.

Revision ID: 0001
Revises:
Create Date: 2026-11-21
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "core_audit_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.CheckConstraint("length >= 0", name=op.f("ck_core_audit_chain_length_not_negative")),
        sa.PrimaryKeyConstraint("id", name="pk_core_audit_chain"),
        sa.UniqueConstraint("name", name="uq_core_audit_chain_name"),
    )
    op.create_table(
        "core_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("queued_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("given_up_on", sa.Date(), nullable=True),
        sa.CheckConstraint("channel IN ('email', 'sms')", name=op.f("ck_core_message_channel_known")),
        sa.CheckConstraint(
            "(sealed IS NULL) = (sent_on IS NOT NULL OR given_up_on IS NOT NULL)",
            name=op.f("ck_core_message_sealed_until_it_leaves"),
        ),
        sa.CheckConstraint(
            "sent_on IS NULL OR given_up_on IS NULL", name=op.f("ck_core_message_sent_or_given_up")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_core_message"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "core_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=80), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("unique_key", sa.String(length=200), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_core_outbox_attempts_counted")),
        sa.CheckConstraint(
            "done_at IS NULL OR locked_until IS NULL", name=op.f("ck_core_outbox_done_is_not_locked")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_core_outbox"),
        sa.UniqueConstraint("unique_key", name="uq_core_outbox_unique_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_core_outbox_done_at", "core_outbox", ["done_at"])
    op.create_index(
        "ix_core_outbox_due",
        "core_outbox",
        ["due"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "core_audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=True),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("entry_hash", sa.String(), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_core_audit_entry_sequence_from_one")),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["core_audit_chain.id"], name="fk_core_audit_entry_chain_id_core_audit_chain"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_core_audit_entry"),
        sa.UniqueConstraint("chain_id", "sequence", name="uq_core_audit_entry_chain_id_sequence"),
    )
    op.create_index("ix_core_audit_entry_entry_hash", "core_audit_entry", ["entry_hash"])
    op.create_index("ix_core_audit_entry_subject", "core_audit_entry", ["subject_kind", "subject_id"])


def downgrade() -> None:
    op.drop_table("core_audit_entry")
    op.drop_table("core_outbox")
    op.drop_table("core_message")
    op.drop_table("core_audit_chain")
