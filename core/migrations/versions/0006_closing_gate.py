"""The closing gate: no register is concluded while a promise in it is unanswered, and none is opened afterwards.

The one exception is a reconsideration, which may come at any time. The reasons are in docs/adr/0004.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-21
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UNANSWERED = "exists (select 1 from followup_promise where register_id = new.id and answered_on is null)"

PUBLISHED = """exists (
    select 1 from followup_reply as reply
    join followup_reply_version as version
        on version.reply_id = reply.id and version.version = reply.published_version
    where reply.id = {row}.reply_id and reply.register_id = {row}.register_id and version.state = 'published'
)"""

APPROVED = """exists (
    select 1 from followup_reply_version
    where reply_id = new.id and version = new.published_version and state in ('approved', 'published')
)"""
"""Approved, too: a service marks the reply and its version as published in one flush, in either order."""

IN_FORCE = (
    "exists (select 1 from followup_reply where id = {row}.reply_id and published_version >= {row}.version)"
)

PLAIN = (
    (
        "INSERT",
        "followup_register",
        "gate_opens",
        "new.concluded_on is not null",
        "gate: a register opens unconcluded",
    ),
    (
        "UPDATE OF last_number",
        "followup_register",
        "numbers",
        "new.last_number < old.last_number",
        "register: numbers never run back",
    ),
    (
        "UPDATE OF concluded_on",
        "followup_register",
        "gate_final",
        "old.concluded_on is not null and (new.concluded_on is null or new.concluded_on <> old.concluded_on)",
        "gate: a conclusion is final",
    ),
    (
        "INSERT",
        "followup_promise",
        "opens_unanswered",
        "new.answered_on is not null",
        "promise: opens unanswered",
    ),
    (
        "UPDATE OF answered_on, reply_id",
        "followup_promise",
        "answer_stays",
        "old.answered_on is not null and (new.answered_on is null or new.answered_on <> old.answered_on"
        " or new.reply_id is null or new.reply_id <> old.reply_id)",
        "promise: its answer stays",
    ),
    (
        "INSERT",
        "followup_reply",
        "begins_unpublished",
        "new.published_version <> 0 or new.answered_count <> 0",
        "reply: begins unpublished",
    ),
)
"""Event, table, the trigger's own name, when it refuses (for both databases), and what it says."""

LOOKING = (
    (
        "UPDATE OF concluded_on",
        "followup_register",
        "gate",
        f"old.concluded_on is null and new.concluded_on is not null and {UNANSWERED}",
        "gate: promises unanswered",
    ),
    (
        "INSERT",
        "followup_promise",
        "gate",
        "new.kind <> 'reconsideration' and exists"
        " (select 1 from followup_register where id = new.register_id and concluded_on is not null)",
        "gate: register concluded",
    ),
    (
        "UPDATE OF answered_on",
        "followup_promise",
        "answered_in_public",
        "old.answered_on is null and new.answered_on is not null and not " + PUBLISHED.format(row="new"),
        "promise: answered only by a published reply",
    ),
    (
        "INSERT",
        "consult_submission",
        "gate",
        "exists (select 1 from consult_round join followup_register on followup_register.id = register_id"
        " where consult_round.id = new.round_id and concluded_on is not null)",
        "gate: register concluded",
    ),
    (
        "UPDATE OF published_version",
        "followup_reply",
        "publishes_approved",
        f"new.published_version > old.published_version and not {APPROVED}",
        "reply: publishes an approved version",
    ),
    (
        "UPDATE OF state",
        "followup_reply_version",
        "in_force",
        "old.state = 'approved' and new.state not in ('approved', 'published') and "
        + IN_FORCE.format(row="new"),
        "reply version: in force",
    ),
    (
        "DELETE",
        "followup_reply_version",
        "in_force_kept",
        "old.state = 'approved' and " + IN_FORCE.format(row="old"),
        "reply version: in force",
    ),
)
"""The same, with conditions that look into other tables; PostgreSQL needs a function for each."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgresql()
        return
    for event, table, name, when, sentence in PLAIN + LOOKING:
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


def downgrade() -> None:
    triggers = [(table, f"{table}_{name}") for _event, table, name, _when, _sentence in PLAIN + LOOKING]
    if op.get_bind().dialect.name == "postgresql":
        for table, trigger in triggers:
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
        for _event, table, name, _when, _sentence in LOOKING:
            op.execute(f"DROP FUNCTION {table}_{name}()")
        return
    for _table, trigger in triggers:
        op.execute(f"DROP TRIGGER {trigger}")


def _upgrade_postgresql() -> None:
    for event, table, name, when, sentence in PLAIN:
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({when}) "
            f"EXECUTE FUNCTION refuse('{sentence}')"
        )
    for event, table, name, when, sentence in LOOKING:
        trigger = f"{table}_{name}"
        if trigger in WHOLE_STATEMENTS:
            body, rows = WHOLE_STATEMENTS[trigger]
            scope = f"AFTER {event.split()[0]} ON {table} REFERENCING {rows} FOR EACH STATEMENT"
        else:
            body = f"{GUARDS.get(trigger, '')} IF {when} THEN {RAISE} END IF; RETURN coalesce(new, old);"
            scope = f"BEFORE {event} ON {table} FOR EACH ROW"
        op.execute(f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
        op.execute(f"CREATE TRIGGER {trigger} {scope} EXECUTE FUNCTION {trigger}('{sentence}')")


RAISE = """RAISE EXCEPTION USING
    MESSAGE = tg_argv[0], ERRCODE = 'integrity_constraint_violation', CONSTRAINT = tg_name;"""

# The trigger runs with the register's row locked, and at READ COMMITTED it then counts what others committed before
# that. A transaction with a snapshot would count from its own past.
GUARDS = {
    "followup_register_gate": """
    IF old.concluded_on IS NULL AND new.concluded_on IS NOT NULL
        AND current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'gate: concluded only at read committed'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = tg_name;
    END IF;
    """,
}

# Once per statement, not per row: an import inserts thousands. What the services lock first, these lock too, so that
# a bare INSERT waits for a conclusion that is under way, sees it, and is refused.
# First the lock and then the question, in two statements: asked in one, PostgreSQL locks only the rows that it finds
# concluded in its old snapshot.
_LOCKED = """PERFORM 1 FROM followup_register WHERE id IN ({registers}) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM followup_register WHERE id IN ({registers}) AND concluded_on IS NOT NULL) THEN
        {refuse}
    END IF;
    RETURN NULL;"""

WHOLE_STATEMENTS = {
    "followup_promise_gate": (
        _LOCKED.format(
            registers="SELECT register_id FROM added WHERE kind <> 'reconsideration'", refuse=RAISE
        ),
        "NEW TABLE AS added",
    ),
    "consult_submission_gate": (
        _LOCKED.format(
            registers="SELECT register_id FROM consult_round WHERE id IN (SELECT round_id FROM added)",
            refuse=RAISE,
        ),
        "NEW TABLE AS added",
    ),
    # Every answered row among the changed, also one answered before: it stays true, and joining the rows with what they
    # were takes a time that grows with the square of their number.
    "followup_promise_answered_in_public": (
        f"""IF EXISTS (
            SELECT 1 FROM (
                SELECT DISTINCT reply_id, register_id FROM after WHERE answered_on IS NOT NULL
            ) AS answered WHERE NOT {PUBLISHED.format(row="answered")}
        ) THEN {RAISE} END IF;
        RETURN NULL;""",
        "NEW TABLE AS after",
    ),
}
"""Body and transition tables of the triggers that look at all rows of a statement at once."""
