"""The trustees of an encrypted election, and the public keys that they hand in one by one.

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "elections_urn_trustee",
        sa.Column("urn_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_elections_urn_trustee_number_from_one")),
        sa.CheckConstraint("turn >= 1", name=op.f("ck_elections_urn_trustee_turn_from_one")),
        sa.ForeignKeyConstraint(
            ["urn_id"], ["elections_urn.id"], name=op.f("fk_elections_urn_trustee_urn_id_elections_urn")
        ),
        sa.PrimaryKeyConstraint("urn_id", "number", name=op.f("pk_elections_urn_trustee")),
    )


def downgrade() -> None:
    op.drop_table("elections_urn_trustee")
