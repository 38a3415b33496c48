"""The council's tables, and the roles of those who run elections.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

BEFORE = "name in ('officer', 'approver', 'moderator', 'administrator')"
AFTER = (
    "name in ('officer', 'approver', 'moderator', 'returning_officer', 'election_board', 'observer',"
    " 'clerk', 'administrator')"
)
NAME_KNOWN = "ck_accounts_role_name_known"


def upgrade() -> None:
    _know_roles(AFTER)
    op.create_table(
        "council_body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("quorum_share", sa.Integer(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "quorum_share between 1 and 1000", name=op.f("ck_council_body_quorum_share_in_thousandths")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["accounts_department.id"],
            name=op.f("fk_council_body_department_id_accounts_department"),
        ),
        sa.ForeignKeyConstraint(
            ["register_id"],
            ["followup_register.id"],
            name=op.f("fk_council_body_register_id_followup_register"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_body")),
        sa.UniqueConstraint("key", name=op.f("uq_council_body_key")),
        sa.UniqueConstraint("register_id", name=op.f("uq_council_body_register_id")),
    )
    op.create_table(
        "council_seat_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "way in ('elected', 'delegated', 'appointed', 'organisation')",
            name=op.f("ck_council_seat_class_way_known"),
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["council_body.id"], name=op.f("fk_council_seat_class_body_id_council_body")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_seat_class")),
        sa.UniqueConstraint("body_id", "key", name=op.f("uq_council_seat_class_body_id_key")),
    )
    op.create_table(
        "council_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on > begins_on", name=op.f("ck_council_term_ends_after_beginning")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["council_body.id"], name=op.f("fk_council_term_body_id_council_body")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_term")),
        sa.UniqueConstraint("body_id", "number", name=op.f("uq_council_term_body_id_number")),
    )
    op.create_table(
        "council_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("seat_class_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("office", sa.String(), nullable=True),
        sa.Column("deputy_of_id", sa.Integer(), nullable=True),
        sa.Column("source_kind", sa.String(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_ground", sa.String(), nullable=True),
        sa.CheckConstraint(
            "left_ground is null or left_ground in ('resigned', 'moved_away', 'died', 'not_eligible', 'removed', 'recalled', 'term_ended')",
            name=op.f("ck_council_member_ground_known"),
        ),
        sa.CheckConstraint(
            "office is null or office in ('chair', 'deputy_chair')",
            name=op.f("ck_council_member_office_known"),
        ),
        sa.CheckConstraint(
            "(left_on is null) = (left_ground is null)", name=op.f("ck_council_member_left_with_ground")
        ),
        sa.CheckConstraint(
            "left_on is null or left_on >= since_on", name=op.f("ck_council_member_left_after_coming")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_of_id"],
            ["council_member.id"],
            name=op.f("fk_council_member_deputy_of_id_council_member"),
        ),
        sa.ForeignKeyConstraint(
            ["seat_class_id"],
            ["council_seat_class.id"],
            name=op.f("fk_council_member_seat_class_id_council_seat_class"),
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["council_term.id"], name=op.f("fk_council_member_term_id_council_term")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_member")),
    )
    op.create_index(
        "ix_council_member_term_id_seat_class_id",
        "council_member",
        ["term_id", "seat_class_id"],
        unique=False,
    )
    op.create_table(
        "council_seat_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_class_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("reason", JSON, nullable=False),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_council_seat_count_seats_not_negative")),
        sa.ForeignKeyConstraint(
            ["seat_class_id"],
            ["council_seat_class.id"],
            name=op.f("fk_council_seat_count_seat_class_id_council_seat_class"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_seat_count")),
        sa.UniqueConstraint(
            "seat_class_id", "from_on", name=op.f("uq_council_seat_count_seat_class_id_from_on")
        ),
    )


def downgrade() -> None:
    op.drop_table("council_seat_count")
    op.drop_index("ix_council_member_term_id_seat_class_id", table_name="council_member")
    op.drop_table("council_member")
    op.drop_table("council_term")
    op.drop_table("council_seat_class")
    op.drop_table("council_body")
    op.execute(
        "DELETE FROM accounts_account_roles WHERE role_id IN"
        f" (SELECT id FROM accounts_role WHERE NOT ({BEFORE}))"
    )
    op.execute(f"DELETE FROM accounts_role WHERE NOT ({BEFORE})")
    _know_roles(BEFORE)


def _know_roles(condition: str) -> None:
    with op.batch_alter_table("accounts_role") as batch:
        batch.drop_constraint(op.f(NAME_KNOWN), type_="check")
        batch.create_check_constraint(op.f(NAME_KNOWN), condition)
