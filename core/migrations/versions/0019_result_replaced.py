"""A council whose election is counted anew: who lost the seat by it, and which successors no longer come next.

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

GROUND_KNOWN = "ck_council_member_ground_known"
BEFORE = (
    "'resigned', 'moved_away', 'died', 'not_eligible', 'removed', 'recalled', 'member_left', 'term_ended'"
)
AFTER = f"{BEFORE}, 'result_replaced'"


def upgrade() -> None:
    op.add_column("council_successor", sa.Column("replaced_on", sa.Date(), nullable=True))
    _know_grounds(AFTER)


def downgrade() -> None:
    _know_grounds(BEFORE)
    op.drop_column("council_successor", "replaced_on")


def _know_grounds(grounds: str) -> None:
    with op.batch_alter_table("council_member") as batch:
        batch.drop_constraint(op.f(GROUND_KNOWN), type_="check")
        batch.create_check_constraint(
            op.f(GROUND_KNOWN), f"left_ground is null or left_ground in ({grounds})"
        )
    if op.get_bind().dialect.name == "sqlite":  # it makes the table anew, without its triggers
        op.execute(
            "CREATE TRIGGER council_member_kept BEFORE DELETE ON council_member FOR EACH ROW "
            "BEGIN SELECT RAISE(ABORT, 'council_member: kept for good'); END"
        )
