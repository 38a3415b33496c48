"""The election, its acts and lots; what is settled stays, and stages move by acts alone.

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

KEPT = ("elections_election", "elections_act", "elections_lot")
"""Tables whose rows are never deleted."""

PERFORMED = (
    "exists (select 1 from elections_act where election_id = new.id and stage = old.stage"
    " and performed_on is not null)"
)

GUARDS = (
    (
        "UPDATE OF rule_set, timetable",
        "elections_election",
        "own_rules",
        "old.called_on is not null and (cast(new.rule_set as text) <> cast(old.rule_set as text)"
        " or cast(new.timetable as text) <> cast(old.timetable as text))",
        "election: a called election keeps its rules and days",
    ),
    (
        "UPDATE",
        "elections_act",
        "settled",
        "old.performed_on is not null or old.withdrawn_on is not null",
        "act: what was settled stays",
    ),
    (
        "UPDATE",
        "elections_lot",
        "drawn_once",
        "old.drawn_on is not null",
        "lot: a lot is drawn once",
    ),
)
"""Event, table, the trigger's own name, when it refuses, and what it says."""


def upgrade() -> None:
    op.create_table(
        "elections_election",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("summary", JSON, nullable=False),
        sa.Column("how_to_vote", JSON, nullable=False),
        sa.Column("rule_set", JSON, nullable=False),
        sa.Column("timetable", JSON, nullable=False),
        sa.Column("election_day", sa.Date(), nullable=False),
        sa.Column("voting_opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voting_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("term_begins_on", sa.Date(), nullable=False),
        sa.Column("term_ends_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("called_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "stage = 'prepared' or called_on is not null", name=op.f("ck_elections_election_called_has_day")
        ),
        sa.CheckConstraint(
            "stage not in ('published', 'concluded') or published_on is not null",
            name=op.f("ck_elections_election_published_has_day"),
        ),
        sa.CheckConstraint(
            "stage in ('prepared', 'called', 'candidates', 'roll', 'ready', 'voting', 'interrupted', 'closed', 'counted', 'found', 'approved', 'published', 'concluded', 'abandoned')",
            name=op.f("ck_elections_election_stage_known"),
        ),
        sa.CheckConstraint(
            "term_ends_on > term_begins_on", name=op.f("ck_elections_election_term_ends_after_beginning")
        ),
        sa.CheckConstraint(
            "voting_closes_at > voting_opens_at", name=op.f("ck_elections_election_closes_after_opening")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["council_body.id"], name=op.f("fk_elections_election_body_id_council_body")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name=op.f("fk_elections_election_department_id_accounts_department"),
        ),
        sa.ForeignKeyConstraint(
            ["register_id"],
            ["followup_register.id"],
            name=op.f("fk_elections_election_register_id_followup_register"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_election")),
        sa.UniqueConstraint("code", name=op.f("uq_elections_election_code")),
        sa.UniqueConstraint("register_id", name=op.f("uq_elections_election_register_id")),
    )
    op.create_table(
        "elections_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("two_persons", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("reason", JSON, nullable=False),
        sa.Column("outcome", JSON, nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("performed_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_on is null) = (withdrawn_by is null)",
            name=op.f("ck_elections_act_withdrawn_by_somebody"),
        ),
        sa.CheckConstraint(
            "not two_persons or performed_on is null or (confirmed_by is not null and confirmed_by <> proposed_by)",
            name=op.f("ck_elections_act_second_person"),
        ),
        sa.CheckConstraint(
            "performed_on is null or withdrawn_on is null",
            name=op.f("ck_elections_act_performed_or_withdrawn"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["accounts_account.id"],
            name=op.f("fk_elections_act_confirmed_by_accounts_account"),
        ),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_act_election_id_elections_election"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["accounts_account.id"],
            name=op.f("fk_elections_act_proposed_by_accounts_account"),
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"],
            ["accounts_account.id"],
            name=op.f("fk_elections_act_withdrawn_by_accounts_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_act")),
    )
    op.create_index("ix_elections_act_election_id", "elections_act", ["election_id", "id"], unique=False)
    op.create_index(
        "ix_elections_act_waiting",
        "elections_act",
        ["election_id", "kind"],
        unique=True,
        postgresql_where=sa.text("performed_on is null and withdrawn_on is null"),
        sqlite_where=sa.text("performed_on is null and withdrawn_on is null"),
    )
    op.create_table(
        "elections_lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("source", JSON, nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("items", JSON, nullable=True),
        sa.Column("drawn", JSON, nullable=True),
        sa.Column("drawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "drawn is null or way <> 'seed' or seed is not null",
            name=op.f("ck_elections_lot_drawn_from_seed"),
        ),
        sa.CheckConstraint("way in ('hand', 'seed')", name=op.f("ck_elections_lot_way_known")),
        sa.CheckConstraint(
            "(drawn is null) = (drawn_on is null)", name=op.f("ck_elections_lot_drawn_has_day")
        ),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_lot_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_lot")),
        sa.UniqueConstraint("election_id", "purpose", name=op.f("uq_elections_lot_election_id_purpose")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER elections_election_moved_by_act ON elections_election")
        op.execute("DROP FUNCTION elections_election_moved_by_act()")
    op.drop_table("elections_lot")
    op.drop_index(
        "ix_elections_act_waiting",
        table_name="elections_act",
        postgresql_where=sa.text("performed_on is null and withdrawn_on is null"),
        sqlite_where=sa.text("performed_on is null and withdrawn_on is null"),
    )
    op.drop_index("ix_elections_act_election_id", table_name="elections_act")
    op.drop_table("elections_act")
    op.drop_table("elections_election")


def _guard_sqlite() -> None:
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW "
            f"BEGIN SELECT RAISE(ABORT, '{table}: kept for good'); END"
        )
    for event, table, name, when, sentence in GUARDS:
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
    op.execute(
        "CREATE TRIGGER elections_election_moved_by_act BEFORE UPDATE OF stage ON elections_election FOR EACH ROW "
        f"WHEN new.stage <> old.stage AND NOT {PERFORMED} "
        "BEGIN SELECT RAISE(ABORT, 'election: moved by acts alone'); END"
    )


def _guard_postgresql() -> None:
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION refuse('{table}: kept for good')"
        )
    for event, table, name, when, sentence in GUARDS:
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({when}) "
            f"EXECUTE FUNCTION refuse('{sentence}')"
        )
    op.execute(
        "CREATE FUNCTION elections_election_moved_by_act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF new.stage <> old.stage AND NOT {PERFORMED} THEN RAISE EXCEPTION USING "
        "MESSAGE = 'election: moved by acts alone', ERRCODE = 'integrity_constraint_violation', "
        "CONSTRAINT = tg_name; END IF; RETURN new; END $$"
    )
    op.execute(
        "CREATE TRIGGER elections_election_moved_by_act BEFORE UPDATE OF stage ON elections_election "
        "FOR EACH ROW EXECUTE FUNCTION elections_election_moved_by_act()"
    )
