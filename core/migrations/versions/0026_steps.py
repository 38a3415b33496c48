"""A step: a promise that is met by a recorded act of its procedure and never has a reply (docs/adr/0025).

SQLite makes the table of promises anew for its changed conditions. Every trigger that names it, on whichever table, is
taken away before and put back as it was, since renaming a table refuses where a trigger names one that is not there.

Revision ID: 0026
Revises: 0025
Create Date: 2026-11-29
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE = "followup_promise"
KIND_KNOWN = "ck_followup_promise_kind_known"
BY_REPLY = "ck_followup_promise_answered_by_reply"
WITHOUT_REPLY = "ck_followup_promise_step_without_reply"

PUBLISHED = """exists (
    select 1 from followup_reply as reply
    join followup_reply_version as version
        on version.reply_id = reply.id and version.version = reply.published_version
    where reply.id = {row}.reply_id and reply.register_id = {row}.register_id and version.state = 'published'
)"""
ANSWERED = "old.answered_on is null and new.answered_on is not null and not " + PUBLISHED.format(row="new")
CHANGED = "old.answered_on is not null and (new.answered_on is null or new.answered_on <> old.answered_on"

STAYS = f"{CHANGED} or new.reply_id is null or new.reply_id <> old.reply_id)"
STAYS_OR_STEP = f"{CHANGED} or new.reply_id <> old.reply_id or (new.reply_id is null and new.kind <> 'step'))"
"""When ``answer_stays`` refuses: as revision 0006 says it, and now. A step's day stays, too, without a reply."""

ANSWERED_SENTENCE = "promise: answered only by a published reply"
STAYS_SENTENCE = "promise: its answer stays"


def upgrade() -> None:
    kinds = "kind in ('answer', 'reconsideration', 'step')"
    answered = "answered_on is null or reply_id is not null or kind = 'step'"
    if op.get_bind().dialect.name == "postgresql":
        _conditions(kinds, answered, steps=True)
        _guard_postgresql(STAYS_OR_STEP, "answered_on IS NOT NULL AND kind <> 'step'")
    else:
        with _triggers_apart():
            _conditions(kinds, answered, steps=True)
        _guard_sqlite(STAYS_OR_STEP, f"new.kind <> 'step' and {ANSWERED}")
    op.create_index(
        "ix_followup_promise_steps",
        TABLE,
        ["register_id"],
        postgresql_where=sa.text("kind = 'step'"),
        sqlite_where=sa.text("kind = 'step'"),
    )


def downgrade() -> None:
    """Back to promises that all end with a reply. Steps are kept for good, so a database that holds one stays."""
    if op.get_bind().execute(sa.text(f"SELECT 1 FROM {TABLE} WHERE kind = 'step' LIMIT 1")).first():
        raise RuntimeError("steps are recorded in this database, and what was promised is never deleted")
    kinds = "kind in ('answer', 'reconsideration')"
    answered = "answered_on is null or reply_id is not null"
    op.drop_index("ix_followup_promise_steps", table_name=TABLE)
    if op.get_bind().dialect.name == "postgresql":
        _conditions(kinds, answered, steps=False)
        _guard_postgresql(STAYS, "answered_on IS NOT NULL")
    else:
        with _triggers_apart():
            _conditions(kinds, answered, steps=False)
        _guard_sqlite(STAYS, ANSWERED)


def _conditions(kinds: str, answered: str, *, steps: bool) -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(KIND_KNOWN), type_="check")
        batch.drop_constraint(op.f(BY_REPLY), type_="check")
        batch.create_check_constraint(op.f(KIND_KNOWN), kinds)
        batch.create_check_constraint(op.f(BY_REPLY), answered)
        if steps:
            batch.create_check_constraint(op.f(WITHOUT_REPLY), "kind <> 'step' or reply_id is null")
        else:
            batch.drop_constraint(op.f(WITHOUT_REPLY), type_="check")


@contextmanager
def _triggers_apart() -> Iterator[None]:
    """What is inside runs without the triggers that name the table of promises; then they are all back."""
    found = (
        op.get_bind()
        .execute(
            sa.text(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE :named ORDER BY rowid"
            ),
            {"named": f"%{TABLE}%"},
        )
        .all()
    )
    for name, _statement in found:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, statement in found:
        op.get_bind().exec_driver_sql(statement)


def _guard_sqlite(stays: str, answered: str) -> None:
    for event, name, when, sentence in (
        ("UPDATE OF answered_on, reply_id", f"{TABLE}_answer_stays", stays, STAYS_SENTENCE),
        ("UPDATE OF answered_on", f"{TABLE}_answered_in_public", answered, ANSWERED_SENTENCE),
    ):
        op.execute(f"DROP TRIGGER {name}")
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH ROW WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


def _guard_postgresql(stays: str, answered: str) -> None:
    op.execute(f"DROP TRIGGER {TABLE}_answer_stays ON {TABLE}")
    op.execute(
        f"CREATE TRIGGER {TABLE}_answer_stays BEFORE UPDATE OF answered_on, reply_id ON {TABLE} "
        f"FOR EACH ROW WHEN ({stays}) EXECUTE FUNCTION refuse('{STAYS_SENTENCE}')"
    )
    op.execute(
        f"""CREATE OR REPLACE FUNCTION {TABLE}_answered_in_public() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (
            SELECT 1 FROM (
                SELECT DISTINCT reply_id, register_id FROM after WHERE {answered}
            ) AS answered WHERE NOT {PUBLISHED.format(row="answered")}
        ) THEN RAISE EXCEPTION USING
            MESSAGE = tg_argv[0], ERRCODE = 'integrity_constraint_violation', CONSTRAINT = tg_name; END IF;
        RETURN NULL; END $$"""
    )
