"""Station results, turnout, counts and delegates; what was entered and counted stays.

Revision ID: 0017
Revises: 0015
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

KEPT = (
    "elections_station",
    "elections_station_entry",
    "elections_turnout_report",
    "elections_count",
)
"""Tables whose rows are never deleted."""
UNCHANGED = ("elections_station_entry", "elections_turnout_report", "elections_count")
"""Tables whose rows never change either."""


def upgrade() -> None:
    op.create_table(
        "elections_delegate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("seat_class_key", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("named_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_delegate_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_delegate")),
        sa.UniqueConstraint(
            "election_id",
            "seat_class_key",
            "organisation",
            name=op.f("uq_elections_delegate_election_id_seat_class_key_organisation"),
        ),
    )
    op.create_table(
        "elections_station",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_station_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_station")),
        sa.UniqueConstraint("election_id", "key", name=op.f("uq_elections_station_election_id_key")),
    )
    op.create_table(
        "elections_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("input_digest", sa.String(), nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["elections_act.id"], name=op.f("fk_elections_count_act_id_elections_act")
        ),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_count_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_count")),
        sa.UniqueConstraint("act_id", name=op.f("uq_elections_count_act_id")),
        sa.UniqueConstraint("election_id", "number", name=op.f("uq_elections_count_election_id_number")),
    )
    op.create_table(
        "elections_station_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("votes", JSON, nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_elections_station_entry_attempt_from_one")),
        sa.CheckConstraint(
            "ballots >= 0 and invalid >= 0 and blank >= 0",
            name=op.f("ck_elections_station_entry_figures_not_negative"),
        ),
        sa.CheckConstraint(
            "invalid + blank <= ballots", name=op.f("ck_elections_station_entry_within_ballots")
        ),
        sa.CheckConstraint("person in (1, 2)", name=op.f("ck_elections_station_entry_two_persons")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_account.id"],
            name=op.f("fk_elections_station_entry_account_id_accounts_account"),
        ),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["elections_station.id"],
            name=op.f("fk_elections_station_entry_station_id_elections_station"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_station_entry")),
        sa.UniqueConstraint(
            "station_id",
            "account_id",
            "attempt",
            name=op.f("uq_elections_station_entry_station_id_account_id_attempt"),
        ),
        sa.UniqueConstraint(
            "station_id",
            "person",
            "attempt",
            name=op.f("uq_elections_station_entry_station_id_person_attempt"),
        ),
    )
    op.create_table(
        "elections_turnout_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.CheckConstraint("ballots >= 0", name=op.f("ck_elections_turnout_report_ballots_not_negative")),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["elections_station.id"],
            name=op.f("fk_elections_turnout_report_station_id_elections_station"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_turnout_report")),
        sa.UniqueConstraint(
            "station_id", "number", name=op.f("uq_elections_turnout_report_station_id_number")
        ),
    )
    op.create_table(
        "elections_station_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("reconciled_on", sa.Date(), nullable=False),
        sa.Column("reconciled_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_elections_station_result_two_entries")),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["elections_station_entry.id"],
            name=op.f("fk_elections_station_result_first_id_elections_station_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["reconciled_by"],
            ["accounts_account.id"],
            name=op.f("fk_elections_station_result_reconciled_by_accounts_account"),
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["elections_station_entry.id"],
            name=op.f("fk_elections_station_result_second_id_elections_station_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["elections_station.id"],
            name=op.f("fk_elections_station_result_station_id_elections_station"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_station_result")),
        sa.UniqueConstraint("station_id", name=op.f("uq_elections_station_result_station_id")),
    )
    for table in KEPT:
        _refuse("DELETE", table, "kept")
    for table in UNCHANGED:
        _refuse("UPDATE", table, "unchanged")


def downgrade() -> None:
    op.drop_table("elections_station_result")
    op.drop_table("elections_turnout_report")
    op.drop_table("elections_station_entry")
    op.drop_table("elections_count")
    op.drop_table("elections_station")
    op.drop_table("elections_delegate")


def _refuse(event: str, table: str, name: str) -> None:
    """A trigger that refuses ``event`` on every row of ``table``."""
    sentence = f"{table}: kept for good"
    if op.get_bind().dialect.name == "postgresql":
        action = f"EXECUTE FUNCTION refuse('{sentence}')"
    else:
        action = f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW {action}")
