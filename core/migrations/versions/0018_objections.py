"""Objections, which stay for good and whose effect is decided once.

Revision ID: 0018
Revises: 0017
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

GUARDS = (
    ("kept", "DELETE", "", "objection: kept for good"),
    (
        "as_received",
        "UPDATE OF number, matter, ground, about, received_on, code_mac",
        "new.number <> old.number or new.matter <> old.matter or new.ground <> old.ground"
        " or coalesce(new.about, 0) <> coalesce(old.about, 0) or new.received_on <> old.received_on"
        " or new.code_mac <> old.code_mac",
        "objection: stays as it was received",
    ),
    ("erased", "UPDATE OF text", "old.text is null and new.text is not null", "objection: erased for good"),
    (
        "decided_once",
        "UPDATE OF effect, effect_on, act_id",
        "old.effect is not null",
        "objection: decided once",
    ),
)
"""The trigger's own name, the event, when it refuses (empty: always), and what it says."""


def upgrade() -> None:
    op.create_table(
        "elections_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("effect", sa.String(), nullable=True),
        sa.Column("effect_on", sa.Date(), nullable=True),
        sa.Column("act_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(coalesce(effect, 'none') in ('roll_changed', 'counted_anew')) = (act_id is not null)",
            name=op.f("ck_elections_objection_effect_by_act"),
        ),
        sa.CheckConstraint(
            "effect is null or effect in ('none', 'roll_changed', 'nomination_reopened', 'counted_anew')",
            name=op.f("ck_elections_objection_effect_known"),
        ),
        sa.CheckConstraint(
            "matter in ('roll', 'nomination', 'result')", name=op.f("ck_elections_objection_matter_known")
        ),
        sa.CheckConstraint(
            "(effect is null) = (effect_on is null)", name=op.f("ck_elections_objection_effect_has_day")
        ),
        sa.CheckConstraint(
            "(text is null) = (salt is null)", name=op.f("ck_elections_objection_erased_together")
        ),
        sa.CheckConstraint("about is null or about >= 1", name=op.f("ck_elections_objection_about_from_one")),
        sa.ForeignKeyConstraint(
            ["act_id"], ["elections_act.id"], name=op.f("fk_elections_objection_act_id_elections_act")
        ),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_objection_election_id_elections_election"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_objection")),
        sa.UniqueConstraint("code_mac", name=op.f("uq_elections_objection_code_mac")),
        sa.UniqueConstraint("election_id", "number", name=op.f("uq_elections_objection_election_id_number")),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, event, when, sentence in GUARDS:
        condition = (f"WHEN ({when}) " if postgresql else f"WHEN {when} ") if when else ""
        refuse = (
            f"EXECUTE FUNCTION refuse('{sentence}')"
            if postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        op.execute(
            f"CREATE TRIGGER elections_objection_{name} BEFORE {event} ON elections_objection "
            f"FOR EACH ROW {condition}{refuse}"
        )


def downgrade() -> None:
    op.drop_table("elections_objection")
