"""Nominations, their supporters, and what vetting found.

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "elections_nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("link_mac", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("group_key", sa.String(), nullable=True),
        sa.Column("list_name", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("statement", JSON, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("mending_requested_on", sa.Date(), nullable=True),
        sa.Column("deficiencies", JSON, nullable=False),
        sa.Column("mended_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("refusal_ground", sa.String(), nullable=True),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "decision <> 'refuse' or refusal_ground is not null",
            name=op.f("ck_elections_nomination_refused_with_ground"),
        ),
        sa.CheckConstraint(
            "decision is null or decision in ('admit', 'refuse')",
            name=op.f("ck_elections_nomination_decision_known"),
        ),
        sa.CheckConstraint(
            "state <> 'admitted' or candidate_id is not null",
            name=op.f("ck_elections_nomination_admitted_is_candidate"),
        ),
        sa.CheckConstraint(
            "state <> 'prepared' or decision is not null",
            name=op.f("ck_elections_nomination_prepared_has_decision"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' or withdrawn_on is not null",
            name=op.f("ck_elections_nomination_withdrawn_has_day"),
        ),
        sa.CheckConstraint(
            "state in ('received', 'mending', 'prepared', 'admitted', 'refused', 'withdrawn')",
            name=op.f("ck_elections_nomination_state_known"),
        ),
        sa.CheckConstraint(
            "state not in ('admitted', 'refused') or decided_on is not null",
            name=op.f("ck_elections_nomination_decided_has_day"),
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["elections_candidate.id"],
            name=op.f("fk_elections_nomination_candidate_id_elections_candidate"),
        ),
        sa.ForeignKeyConstraint(
            ["election_id"],
            ["elections_election.id"],
            name=op.f("fk_elections_nomination_election_id_elections_election"),
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["followup_reply.id"], name=op.f("fk_elections_nomination_reply_id_followup_reply")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_nomination")),
        sa.UniqueConstraint("code_mac", name=op.f("uq_elections_nomination_code_mac")),
        sa.UniqueConstraint("election_id", "number", name=op.f("uq_elections_nomination_election_id_number")),
        sa.UniqueConstraint("link_mac", name=op.f("uq_elections_nomination_link_mac")),
    )
    op.create_table(
        "elections_supporter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("supported_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nomination_id"],
            ["elections_nomination.id"],
            name=op.f("fk_elections_supporter_nomination_id_elections_nomination"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_supporter")),
        sa.UniqueConstraint(
            "nomination_id", "digest", name=op.f("uq_elections_supporter_nomination_id_digest")
        ),
    )
    op.create_table(
        "elections_vetting_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "method in ('register', 'seen', 'declared', 'counted')",
            name=op.f("ck_elections_vetting_check_method_known"),
        ),
        sa.CheckConstraint(
            "result in ('met', 'not_met', 'unknown')", name=op.f("ck_elections_vetting_check_result_known")
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"],
            ["elections_nomination.id"],
            name=op.f("fk_elections_vetting_check_nomination_id_elections_nomination"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["accounts_account.id"],
            name=op.f("fk_elections_vetting_check_officer_id_accounts_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elections_vetting_check")),
        sa.UniqueConstraint(
            "nomination_id", "criterion", name=op.f("uq_elections_vetting_check_nomination_id_criterion")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER elections_nomination_kept BEFORE DELETE ON elections_nomination FOR EACH ROW "
            "EXECUTE FUNCTION refuse('elections_nomination: kept for good')"
        )
    else:
        op.execute(
            "CREATE TRIGGER elections_nomination_kept BEFORE DELETE ON elections_nomination FOR EACH ROW "
            "BEGIN SELECT RAISE(ABORT, 'elections_nomination: kept for good'); END"
        )


def downgrade() -> None:
    op.drop_table("elections_vetting_check")
    op.drop_table("elections_supporter")
    op.drop_table("elections_nomination")
