"""Why passages were taken out of a public text: a reason that its author and the public read, kept for good.

Texts that were released before have none, and none is made up for them.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-24
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TRIGGER = "consult_public_text_reason_kept"
SENTENCE = "public text: its reason never changes"


def upgrade() -> None:
    # A plain ADD COLUMN on both databases: batch mode would rebuild the table and drop its triggers.
    op.add_column("consult_public_text", sa.Column("reason", sa.String(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON consult_public_text FOR EACH ROW "
            f"WHEN (new.reason is distinct from old.reason) EXECUTE FUNCTION refuse('{SENTENCE}')"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON consult_public_text FOR EACH ROW "
            f"WHEN new.reason is not old.reason BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )


def downgrade() -> None:
    table = " ON consult_public_text" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER {TRIGGER}{table}")
    op.drop_column("consult_public_text", "reason")
