"""Members of a council sign in: their role, and with which account a member does.

Revision ID: 0028
Revises: 0027
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

NAME_KNOWN = "ck_accounts_role_name_known"
BEFORE = (
    "name in ('officer', 'approver', 'moderator', 'returning_officer', 'election_board', 'observer',"
    " 'clerk', 'administrator')"
)
AFTER = (
    "name in ('officer', 'approver', 'moderator', 'returning_officer', 'election_board', 'observer',"
    " 'clerk', 'member', 'administrator')"
)
ACCOUNT = "fk_council_member_account_id_accounts_account"
ONE_PERSON = "uq_council_member_term_id_account_id"


def upgrade() -> None:
    _know_roles(AFTER)
    with op.batch_alter_table("council_member") as batch:
        batch.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(ACCOUNT), "accounts_account", ["account_id"], ["id"])
        batch.create_unique_constraint(op.f(ONE_PERSON), ["term_id", "account_id"])
    _keep_members()


def downgrade() -> None:
    with op.batch_alter_table("council_member") as batch:
        batch.drop_constraint(op.f(ONE_PERSON), type_="unique")
        batch.drop_constraint(op.f(ACCOUNT), type_="foreignkey")
        batch.drop_column("account_id")
    _keep_members()
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


def _keep_members() -> None:
    """SQLite makes the table anew, without its triggers."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER council_member_kept BEFORE DELETE ON council_member FOR EACH ROW "
            "BEGIN SELECT RAISE(ABORT, 'council_member: kept for good'); END"
        )
