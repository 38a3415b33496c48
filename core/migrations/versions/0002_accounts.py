"""The tables of departments and of people who sign in.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-21
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "accounts_department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("head_email", sa.String(), nullable=True),
        sa.CheckConstraint("key <> ''", name=op.f("ck_accounts_department_key_not_empty")),
        sa.CheckConstraint(
            "head_email = lower(head_email)", name=op.f("ck_accounts_department_head_email_lower")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_accounts_department"),
        sa.UniqueConstraint("key", name="uq_accounts_department_key"),
    )
    op.create_table(
        "accounts_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "name in ('officer', 'approver', 'moderator', 'administrator')",
            name=op.f("ck_accounts_role_name_known"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_accounts_role"),
        sa.UniqueConstraint("name", name="uq_accounts_role_name"),
    )
    op.create_table(
        "accounts_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("handle", sa.String(length=8), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("tf_primary_method", sa.String(), nullable=True),
        sa.Column("tf_totp_secret", sa.String(), nullable=True),
        sa.Column("tf_last_counter", sa.Integer(), nullable=True),
        sa.Column("mf_recovery_codes", JSON, nullable=True),
        sa.CheckConstraint(
            "tf_primary_method = 'authenticator'", name=op.f("ck_accounts_account_second_factor_known")
        ),
        sa.CheckConstraint(
            "(tf_primary_method is null) = (tf_totp_secret is null)",
            name=op.f("ck_accounts_account_second_factor_whole"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_accounts_account_email_lower")),
        sa.CheckConstraint("length(handle) = 8", name=op.f("ck_accounts_account_handle_length")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name="fk_accounts_account_department_id_accounts_department",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_accounts_account"),
        sa.UniqueConstraint("email", name="uq_accounts_account_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_accounts_account_fs_uniquifier"),
        sa.UniqueConstraint("handle", name="uq_accounts_account_handle"),
    )
    op.create_index("ix_accounts_account_department_id", "accounts_account", ["department_id"])
    op.create_table(
        "accounts_account_roles",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_account.id"],
            name="fk_accounts_account_roles_account_id_accounts_account",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["accounts_role.id"], name="fk_accounts_account_roles_role_id_accounts_role"
        ),
        sa.PrimaryKeyConstraint("account_id", "role_id", name="pk_accounts_account_roles"),
    )
    op.create_table(
        "accounts_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint("used_at < expires_at", name=op.f("ck_accounts_invitation_used_in_time")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_account.id"],
            name="fk_accounts_invitation_account_id_accounts_account",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_accounts_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_accounts_invitation_token_hash"),
    )
    op.create_index("ix_accounts_invitation_account_id", "accounts_invitation", ["account_id"])


def downgrade() -> None:
    op.drop_table("accounts_invitation")
    op.drop_table("accounts_account_roles")
    op.drop_table("accounts_account")
    op.drop_table("accounts_role")
    op.drop_table("accounts_department")
