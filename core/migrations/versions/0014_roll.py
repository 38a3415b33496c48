"""The roll, those who ask to be on it, and the public log of its corrections and commitments, kept for good.

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEPT = ("elections_roll", "elections_roll_correction", "elections_roll_commit", "elections_registration")
"""Tables whose rows are never deleted."""

UNCHANGED = ("elections_roll_correction", "elections_roll_commit")
"""Tables whose rows are never changed either."""


def upgrade() -> None:
    op.create_table(
        "elections_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("person_digest", sa.LargeBinary(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "method in ('in_person', 'by_letter')", name=op.f("ck_elections_registration_method_known")
        ),
        sa.CheckConstraint(
            "verdict in ('met', 'not_met')", name=op.f("ck_elections_registration_verdict_known")
        ),
        sa.CheckConstraint(
            "(seen_on is null) = (officer_id is null) and (seen_on is null) = (method is null) and (seen_on is null) = (verdict is null)",
            name=op.f("ck_elections_registration_seen_by_somebody"),
        ),
        sa.CheckConstraint(
            "decided_on is null or seen_on is not null",
            name=op.f("ck_elections_registration_decided_after_seen"),
        ),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_registration_election_id_elections_election"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["accounts_account.id"],
            name=op.f("fk_elections_registration_officer_id_accounts_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_registration")),
        sa.UniqueConstraint("code_mac", name=op.f("uq_elections_registration_code_mac")),
        sa.UniqueConstraint(
            "election_id", "number", name=op.f("uq_elections_registration_election_id_number")
        ),
    )
    op.create_table(
        "elections_roll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=False),
        sa.Column("deleted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_roll_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_roll")),
        sa.UniqueConstraint("election_id", name=op.f("uq_elections_roll_election_id")),
    )
    op.create_table(
        "elections_roll_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("register_digest", sa.LargeBinary(), nullable=True),
        sa.Column("person_digest", sa.LargeBinary(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("struck_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "method <> 'evidence' or officer_id is not null",
            name=op.f("ck_elections_roll_entry_evidence_seen_by_somebody"),
        ),
        sa.CheckConstraint(
            "method in ('register', 'evidence')", name=op.f("ck_elections_roll_entry_method_known")
        ),
        sa.CheckConstraint(
            "verdict in ('met', 'not_met', 'unknown')", name=op.f("ck_elections_roll_entry_verdict_known")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_elections_roll_entry_number_from_one")),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_roll_entry_election_id_elections_election"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["accounts_account.id"],
            name=op.f("fk_elections_roll_entry_officer_id_accounts_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_roll_entry")),
        sa.UniqueConstraint("election_id", "number", name=op.f("uq_elections_roll_entry_election_id_number")),
        sa.UniqueConstraint(
            "election_id", "register_digest", name=op.f("uq_elections_roll_entry_election_id_register_digest")
        ),
    )
    op.create_index(
        "ix_elections_roll_entry_person",
        "elections_roll_entry",
        ["election_id", "person_digest"],
        unique=False,
    )
    op.create_table(
        "elections_roll_commit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("roll_hash", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("committed_on", sa.Date(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["elections_act.id"], name=op.f("fk_elections_roll_commit_act_id_elections_act")
        ),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_roll_commit_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_roll_commit")),
        sa.UniqueConstraint(
            "election_id", "number", name=op.f("uq_elections_roll_commit_election_id_number")
        ),
    )
    op.create_table(
        "elections_roll_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("roll_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind in ('added', 'mended', 'struck')", name=op.f("ck_elections_roll_correction_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["elections_act.id"], name=op.f("fk_elections_roll_correction_act_id_elections_act")
        ),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_roll_correction_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_roll_correction")),
        sa.UniqueConstraint(
            "election_id", "number", name=op.f("uq_elections_roll_correction_election_id_number")
        ),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    guards = [(table, "kept", "DELETE", "kept for good") for table in KEPT]
    guards += [(table, "as_said", "UPDATE", "never changed") for table in UNCHANGED]
    for table, name, event, sentence in guards:
        refusal = (
            f"EXECUTE FUNCTION refuse('{table}: {sentence}')"
            if postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{table}: {sentence}'); END"
        )
        op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW {refusal}")


def downgrade() -> None:
    op.drop_table("elections_roll_correction")
    op.drop_table("elections_roll_commit")
    op.drop_index("ix_elections_roll_entry_person", table_name="elections_roll_entry")
    op.drop_table("elections_roll_entry")
    op.drop_table("elections_roll")
    op.drop_table("elections_registration")
