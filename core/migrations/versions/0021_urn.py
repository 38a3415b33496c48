"""The urn of encrypted elections: its board, its credentials, its events. What stands on the board stays.

Revision ID: 0021
Revises: 0019
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "elections_urn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("election", sa.LargeBinary(), nullable=True),
        sa.Column("options", JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("head", sa.String(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('begun', 'prepared', 'open', 'interrupted', 'closed', 'multiplied', 'opened')",
            name=op.f("ck_elections_urn_state_known"),
        ),
        sa.CheckConstraint(
            "(state in ('begun', 'prepared')) = (head is null)", name=op.f("ck_elections_urn_open_has_head")
        ),
        sa.CheckConstraint(
            "state = 'begun' or election is not null", name=op.f("ck_elections_urn_prepared_is_whole")
        ),
        sa.CheckConstraint("(head is null) = (height = -1)", name=op.f("ck_elections_urn_head_has_height")),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_urn_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_urn")),
        sa.UniqueConstraint("election_id", name=op.f("uq_elections_urn_election_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_elections_urn_uuid")),
    )
    op.create_table(
        "elections_urn_setup",
        sa.Column("urn_id", sa.Integer(), nullable=False),
        sa.Column("trustees", sa.LargeBinary(), nullable=True),
        sa.Column("credentials", sa.LargeBinary(), nullable=True),
        sa.Column("replacements", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(trustees is null) = (credentials is null)", name=op.f("ck_elections_urn_setup_whole")
        ),
        sa.ForeignKeyConstraint(
            ["urn_id"], ["elections_urn.id"], name=op.f("fk_elections_urn_setup_urn_id_elections_urn")
        ),
        sa.PrimaryKeyConstraint("urn_id", name=op.f("pk_elections_urn_setup")),
    )
    op.create_table(
        "elections_urn_credential",
        sa.Column("urn_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state in ('listed', 'spare', 'revoked')", name=op.f("ck_elections_urn_credential_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["urn_id"], ["elections_urn.id"], name=op.f("fk_elections_urn_credential_urn_id_elections_urn")
        ),
        sa.PrimaryKeyConstraint("urn_id", "key", name=op.f("pk_elections_urn_credential")),
    )
    op.create_table(
        "elections_urn_event",
        sa.Column("urn_id", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("payload_digest", sa.String(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("credential", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'Ballot') = (credential is not null)",
            name=op.f("ck_elections_urn_event_ballot_has_credential"),
        ),
        sa.CheckConstraint(
            "(payload is null) = (payload_digest is null)",
            name=op.f("ck_elections_urn_event_payload_has_digest"),
        ),
        sa.ForeignKeyConstraint(
            ["urn_id"], ["elections_urn.id"], name=op.f("fk_elections_urn_event_urn_id_elections_urn")
        ),
        sa.PrimaryKeyConstraint("urn_id", "height", name=op.f("pk_elections_urn_event")),
        sa.UniqueConstraint("urn_id", "digest", name=op.f("uq_elections_urn_event_urn_id_digest")),
    )
    ballots = sa.text("kind = 'Ballot'")
    op.create_index(
        "ix_elections_urn_event_ballot",
        "elections_urn_event",
        ["urn_id", "payload_digest"],
        unique=True,
        postgresql_where=ballots,
        sqlite_where=ballots,
    )
    op.create_index(
        "ix_elections_urn_event_credential", "elections_urn_event", ["urn_id", "credential", "height"]
    )
    op.create_index("ix_elections_urn_event_kind", "elections_urn_event", ["urn_id", "kind", "height"])
    _refuse("DELETE", "elections_urn", "kept")
    _refuse("DELETE", "elections_urn_setup", "kept")
    _refuse("DELETE", "elections_urn_event", "kept")
    _refuse("UPDATE", "elections_urn_event", "unchanged")


def downgrade() -> None:
    for table in ("elections_urn_event", "elections_urn_credential", "elections_urn_setup", "elections_urn"):
        op.drop_table(table)


def _refuse(event: str, table: str, name: str) -> None:
    """A trigger that refuses ``event`` on every row of ``table``."""
    sentence = f"{table}: kept for good"
    if op.get_bind().dialect.name == "postgresql":
        action = f"EXECUTE FUNCTION refuse('{sentence}')"
    else:
        action = f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW {action}")
