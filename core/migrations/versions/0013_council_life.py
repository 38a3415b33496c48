"""Succession, removals, training, and public calls with their applications; what a council recorded stays.

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

GROUND_KNOWN = "ck_council_member_ground_known"
BEFORE = "'resigned', 'moved_away', 'died', 'not_eligible', 'removed', 'recalled', 'term_ended'"
AFTER = "'resigned', 'moved_away', 'died', 'not_eligible', 'removed', 'recalled', 'member_left', 'term_ended'"

KEPT = (
    "council_application",
    "council_call",
    "council_member",
    "council_removal",
    "council_seat_count",
    "council_successor",
)
"""Tables whose rows are never deleted."""

GUARDS = (
    (
        "UPDATE",
        "council_seat_count",
        "settled",
        "old.id is not null",
        "seats: a recorded number of seats stays",
    ),
    ("UPDATE", "council_removal", "settled", "old.id is not null", "removal: a recorded vote stays"),
    (
        "UPDATE OF body_id, call_id, number, received_on, code_mac",
        "council_application",
        "identified",
        "new.body_id <> old.body_id or new.call_id <> old.call_id or new.number <> old.number"
        " or new.received_on <> old.received_on or new.code_mac <> old.code_mac",
        "application: what identifies it stays",
    ),
)
"""Event, table, the trigger's own name, when it refuses, and what it says."""


def upgrade() -> None:
    op.add_column("council_member", sa.Column("salt", sa.LargeBinary(), nullable=True))
    _know_grounds(AFTER)
    op.create_table(
        "council_successor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("seat_class_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.Column("tied", sa.Boolean(), nullable=False),
        sa.Column("source_kind", sa.String(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("declined_on", sa.Date(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "declined_on is null or member_id is null", name=op.f("ck_council_successor_declined_or_seated")
        ),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_council_successor_rank_from_one")),
        sa.CheckConstraint(
            "votes is null or votes >= 0", name=op.f("ck_council_successor_votes_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_successor_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["seat_class_id"],
            ["council_seat_class.id"],
            name=op.f("fk_council_successor_seat_class_id_council_seat_class"),
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["council_term.id"], name=op.f("fk_council_successor_term_id_council_term")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_successor")),
        sa.UniqueConstraint("member_id", name=op.f("uq_council_successor_member_id")),
    )
    op.create_index(
        "ix_council_successor_term_id_seat_class_id",
        "council_successor",
        ["term_id", "seat_class_id", "rank"],
        unique=False,
    )
    op.create_table(
        "council_removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("reason", JSON, nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("abstain", sa.Integer(), nullable=False),
        sa.CheckConstraint("yes > no", name=op.f("ck_council_removal_by_majority")),
        sa.CheckConstraint(
            "yes >= 0 and no >= 0 and abstain >= 0", name=op.f("ck_council_removal_votes_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_removal_member_id_council_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_removal")),
        sa.UniqueConstraint("member_id", name=op.f("uq_council_removal_member_id")),
    )
    op.create_table(
        "council_training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["term_id"], ["council_term.id"], name=op.f("fk_council_training_term_id_council_term")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_training")),
        sa.UniqueConstraint(
            "term_id", "held_on", "position", name=op.f("uq_council_training_term_id_held_on_position")
        ),
    )
    op.create_table(
        "council_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("seat_class_id", sa.Integer(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("answers_due_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("answers_due_on > closes_on", name=op.f("ck_council_call_answers_after_closing")),
        sa.CheckConstraint(
            "closed_on is null or closed_on >= opened_on", name=op.f("ck_council_call_closed_after_opening")
        ),
        sa.CheckConstraint("closes_on >= opened_on", name=op.f("ck_council_call_closes_after_opening")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["council_body.id"], name=op.f("fk_council_call_body_id_council_body")
        ),
        sa.ForeignKeyConstraint(
            ["seat_class_id"],
            ["council_seat_class.id"],
            name=op.f("fk_council_call_seat_class_id_council_seat_class"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_call")),
    )
    op.create_table(
        "council_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["council_body.id"], name=op.f("fk_council_application_body_id_council_body")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["council_call.id"], name=op.f("fk_council_application_call_id_council_call")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_application")),
        sa.UniqueConstraint("body_id", "number", name=op.f("uq_council_application_body_id_number")),
        sa.UniqueConstraint("code_mac", name=op.f("uq_council_application_code_mac")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    for table, name in _on_older_tables():
        on = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
        op.execute(f"DROP TRIGGER {table}_{name}{on}")
    op.drop_table("council_application")
    op.drop_table("council_call")
    op.drop_table("council_training")
    op.drop_table("council_removal")
    op.drop_index("ix_council_successor_term_id_seat_class_id", table_name="council_successor")
    op.drop_table("council_successor")
    op.execute("UPDATE council_member SET left_ground = 'recalled' WHERE left_ground = 'member_left'")
    _know_grounds(BEFORE)
    op.drop_column("council_member", "salt")


def _on_older_tables() -> list[tuple[str, str]]:
    """Triggers on tables that this revision leaves in place: their table and own name."""
    return [
        ("council_member", "kept"),
        ("council_seat_count", "kept"),
        ("council_seat_count", "settled"),
    ]


def _know_grounds(grounds: str) -> None:
    with op.batch_alter_table("council_member") as batch:
        batch.drop_constraint(op.f(GROUND_KNOWN), type_="check")
        batch.create_check_constraint(
            op.f(GROUND_KNOWN), f"left_ground is null or left_ground in ({grounds})"
        )


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
