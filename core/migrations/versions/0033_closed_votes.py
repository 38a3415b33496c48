"""A vote under an item that is not public: the chain knows its commitment alone, made with a salt.

Revision ID: 0033
Revises: 0032
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("motions_vote", sa.Column("salt", sa.LargeBinary(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        for column in (
            "salt",
            "chair_choice",
            "text_digest",
        ):  # no sample of what is secret, or stands beside it
            op.execute(f"ALTER TABLE motions_vote ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    op.drop_column("motions_vote", "salt")
    if op.get_bind().dialect.name == "postgresql":
        for column in ("chair_choice", "text_digest"):
            op.execute(f"ALTER TABLE motions_vote ALTER COLUMN {column} SET STATISTICS -1")
