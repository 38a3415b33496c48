"""Candidates and lists.

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "elections_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_list_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_list")),
        sa.UniqueConstraint("election_id", "key", name=op.f("uq_elections_list_election_id_key")),
        sa.UniqueConstraint("election_id", "position", name=op.f("uq_elections_list_election_id_position")),
    )
    op.create_table(
        "elections_candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("group_key", sa.String(), nullable=True),
        sa.Column("quota_group", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("statement", JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "position is null or position >= 1", name=op.f("ck_elections_candidate_position_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_candidate_election_id_elections_election"),
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["elections_list.id"], name=op.f("fk_elections_candidate_list_id_elections_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_candidate")),
        sa.UniqueConstraint(
            "election_id",
            "list_id",
            "group_key",
            "position",
            name=op.f("uq_elections_candidate_election_id_list_id_group_key_position"),
        ),
    )


def downgrade() -> None:
    op.drop_table("elections_candidate")
    op.drop_table("elections_list")
