"""Station devices, and who on the roll votes on paper.

Revision ID: 0025
Revises: 0024
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "elections_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("hours", JSON, nullable=False),
        sa.Column("token_mac", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_elections_device_number_from_one")),
        sa.CheckConstraint(
            "revoked_on is null or revoked_on >= enrolled_on",
            name=op.f("ck_elections_device_revoked_after_enrolled"),
        ),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_device_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_device")),
        sa.UniqueConstraint("election_id", "number", name=op.f("uq_elections_device_election_id_number")),
        sa.UniqueConstraint("token_mac", name=op.f("uq_elections_device_token_mac")),
    )
    op.create_table(
        "elections_paper_voter",
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("roll_number", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_paper_voter_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("election_id", "roll_number", name=op.f("pk_elections_paper_voter")),
    )
    if op.get_bind().dialect.name == "postgresql":  # see 0022
        op.execute("ALTER TABLE elections_device ALTER COLUMN token_mac SET STATISTICS 0")


def downgrade() -> None:
    for table in ("elections_paper_voter", "elections_device"):
        op.drop_table(table)
