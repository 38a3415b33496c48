"""The index for searching public texts in any script (core/search.py).

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-21
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REFUSED = (
    "Answerable searches with PostgreSQL's extension pg_trgm, which could not be created in this database. "
    "Let an administrator run: CREATE EXTENSION pg_trgm (package postgresql-contrib), then repeat the upgrade."
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        _create_extension(connection)
        op.execute(
            "CREATE INDEX consult_submission_search ON consult_submission USING gin (folded gin_trgm_ops)"
        )


def downgrade() -> None:
    # The extension stays: somebody else may have created it, or use it.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX consult_submission_search")


def _create_extension(connection: Connection) -> None:
    """Create pg_trgm unless it is there. Raises RuntimeError with what to do when that is not allowed."""
    try:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except DBAPIError as error:
        raise RuntimeError(REFUSED) from error
