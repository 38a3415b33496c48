"""No sample of what is erased one day: PostgreSQL's planner keeps values of each column it gathers statistics on.

Such samples outlive the row that they were taken from, in ``pg_statistic`` and in its dead rows. Columns of bytes
(seals, salts, digests) and the texts beside them are therefore not sampled; ``tests/core/test_samples.py`` holds
later tables to the same rule.

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-29
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

COLUMNS = {
    "consult_public_text": (
        "text",
        "proposed_wording",
        "salt",
        "reason",
    ),
    "consult_reconsideration": (
        "text",
        "salt",
    ),
    "consult_submission": (
        "kind",
        "name",
        "text",
        "proposed_wording",
        "salt",
        "code_mac",
        "import_key",
        "hidden_reason",
        "folded",
    ),
    "core_message": ("sealed",),
    "council_application": (
        "name",
        "organisation",
        "text",
        "salt",
        "code_mac",
    ),
    "council_member": (
        "organisation",
        "office",
        "source_kind",
        "left_ground",
        "salt",
    ),
    "council_successor": (
        "source_kind",
        "salt",
    ),
    "elections_count": ("salt",),
    "elections_nomination": (
        "code_mac",
        "link_mac",
        "group_key",
        "list_name",
        "name",
        "sealed",
        "salt",
        "decision",
        "refusal_ground",
    ),
    "elections_objection": (
        "text",
        "salt",
        "code_mac",
        "effect",
    ),
    "elections_registration": (
        "code_mac",
        "sealed",
        "person_digest",
        "method",
        "verdict",
    ),
    "elections_roll_entry": (
        "sealed",
        "register_digest",
        "person_digest",
    ),
    "elections_station_entry": ("salt",),
    "elections_supporter": (
        "digest",
        "sealed",
    ),
    "followup_contact": ("sealed",),
    "followup_reply_version": (
        "outcome",
        "digest",
        "salt",
        "note_back",
    ),
}


def upgrade() -> None:
    _sample(0)


def downgrade() -> None:
    _sample(-1)


def _sample(target: int) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in COLUMNS.items():
            changes = ", ".join(f"ALTER COLUMN {column} SET STATISTICS {target}" for column in columns)
            op.execute(f"ALTER TABLE {table} {changes}")
