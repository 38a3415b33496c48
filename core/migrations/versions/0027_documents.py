"""Files that people hand over.

Revision ID: 0027
Revises: 0026
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

COLUMNS = ("id", "name", "media_type", "size", "sha512", "stored_on")
"""What never changes."""


def upgrade() -> None:
    op.create_table(
        "core_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha512", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("stored_on", sa.Date(), nullable=False),
        sa.CheckConstraint("length(sha512) = 128", name=op.f("ck_core_document_sha512_length")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_core_document_name_not_empty")),
        sa.CheckConstraint("size > 0", name=op.f("ck_core_document_size_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_document")),
        sa.UniqueConstraint("sha512", name=op.f("uq_core_document_sha512")),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:  # see 0022
        op.execute("ALTER TABLE core_document ALTER COLUMN body SET STATISTICS 0")
    differs = "is distinct from" if postgresql else "is not"
    refusals = [
        ("DELETE", "kept", "true", "document: never deleted"),
        (
            "UPDATE",
            "identity",
            " or ".join(f"new.{column} {differs} old.{column}" for column in COLUMNS),
            "document: its identity never changes",
        ),
        (
            "UPDATE",
            "erased_only",
            f"new.body is not null and new.body {differs} old.body",
            "document: its body is erased or stays",
        ),
    ]
    if postgresql:
        refusals.append(("TRUNCATE", "not_emptied", "", "document: never emptied"))
    else:
        there = "exists (select 1 from core_document where id = new.id or sha512 = new.sha512)"
        refusals.append(("INSERT", "not_replaced", there, "document: already there, never replaced"))
    for event, name, when, sentence in refusals:
        _refuse(postgresql, event, name, when, sentence)


def downgrade() -> None:
    op.drop_table("core_document")


def _refuse(postgresql: bool, event: str, name: str, when: str, sentence: str) -> None:
    scope = "STATEMENT" if event == "TRUNCATE" else f"ROW WHEN ({when})"
    refuse = (
        f"EXECUTE FUNCTION refuse('{sentence}')"
        if postgresql
        else f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )
    op.execute(
        f"CREATE TRIGGER core_document_{name} BEFORE {event} ON core_document FOR EACH {scope} {refuse}"
    )
