"""Watching an online vote: checks of the board, audit bundles, heads that were sent out, and to whom.

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TABLES = (
    "elections_audit_bundle",
    "elections_board_check",
    "elections_multiplication",
    "elections_board_head",
    "elections_observer",
)


def upgrade() -> None:
    op.create_table(
        "elections_audit_bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("count_number", sa.Integer(), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column("beginning", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("built_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_audit_bundle_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_audit_bundle")),
        sa.UniqueConstraint(
            "election_id", "count_number", name=op.f("uq_elections_audit_bundle_election_id_count_number")
        ),
    )
    op.create_table(
        "elections_board_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("urn_id", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bundle", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("account", JSON, nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed')",
            name=op.f("ck_elections_board_check_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'done') = (account is not null)", name=op.f("ck_elections_board_check_done_has_account")
        ),
        sa.CheckConstraint(
            "(state in ('done', 'failed')) = (ended_on is not null)",
            name=op.f("ck_elections_board_check_ended_has_day"),
        ),
        sa.ForeignKeyConstraint(
            ["urn_id"], ["elections_urn.id"], name=op.f("fk_elections_board_check_urn_id_elections_urn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_board_check")),
        sa.UniqueConstraint(
            "urn_id", "head", "bundle", name=op.f("uq_elections_board_check_urn_id_head_bundle")
        ),
    )
    under_way = sa.text("state in ('waiting', 'running')")
    op.create_index(
        "ix_elections_board_check_one",
        "elections_board_check",
        ["urn_id"],
        unique=True,
        postgresql_where=under_way,
        sqlite_where=under_way,
    )
    op.create_table(
        "elections_multiplication",
        sa.Column("urn_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.CheckConstraint("done >= 0 and total >= 0", name=op.f("ck_elections_multiplication_counted")),
        sa.ForeignKeyConstraint(
            ["urn_id"], ["elections_urn.id"], name=op.f("fk_elections_multiplication_urn_id_elections_urn")
        ),
        sa.PrimaryKeyConstraint("urn_id", name=op.f("pk_elections_multiplication")),
    )
    op.create_table(
        "elections_board_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("urn_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "occasion in ('opened', 'daily', 'closed', 'result')",
            name=op.f("ck_elections_board_head_occasion_known"),
        ),
        sa.ForeignKeyConstraint(
            ["urn_id"], ["elections_urn.id"], name=op.f("fk_elections_board_head_urn_id_elections_urn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_board_head")),
        sa.UniqueConstraint(
            "urn_id", "height", "occasion", name=op.f("uq_elections_board_head_urn_id_height_occasion")
        ),
    )
    op.create_table(
        "elections_observer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("urn_id", sa.Integer(), nullable=False),
        sa.Column("address_mac", sa.LargeBinary(), nullable=False),
        sa.Column("token_mac", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["urn_id"], ["elections_urn.id"], name=op.f("fk_elections_observer_urn_id_elections_urn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_observer")),
        sa.UniqueConstraint("urn_id", "address_mac", name=op.f("uq_elections_observer_urn_id_address_mac")),
        sa.UniqueConstraint("token_mac", name=op.f("uq_elections_observer_token_mac")),
    )
    op.create_index("ix_elections_observer_delete_on", "elections_observer", ["delete_on"])
    if op.get_bind().dialect.name == "postgresql":  # see 0022
        for column in ("address_mac", "token_mac", "sealed"):
            op.execute(f"ALTER TABLE elections_observer ALTER COLUMN {column} SET STATISTICS 0")
    for table in ("elections_audit_bundle", "elections_board_head"):
        _refuse("DELETE", table, "kept")
        _refuse("UPDATE", table, "unchanged")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _refuse(event: str, table: str, name: str) -> None:
    """A trigger that refuses ``event`` on every row of ``table``."""
    sentence = f"{table}: kept for good"
    if op.get_bind().dialect.name == "postgresql":
        action = f"EXECUTE FUNCTION refuse('{sentence}')"
    else:
        action = f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW {action}")
