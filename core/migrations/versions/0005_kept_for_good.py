"""What was received, promised, answered or recorded is never deleted, and what identifies it never changes.

The reasons are in docs/adr/0004. Names of triggers and sentences are the same on both databases; what is refused
comes back as an integrity error.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-21
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEPT = {
    "followup_register": ("register", ("id", "code", "kind")),
    "followup_promise": (
        "promise",
        ("id", "register_id", "number", "kind", "subject_kind", "subject_id", "opened_on"),
    ),
    "core_audit_chain": ("audit chain", ("id", "name")),
    "core_audit_entry": ("audit entry", ()),
    "consult_round": ("round", ("id", "code", "register_id")),
    "consult_submission": (
        "submission",
        (
            "id",
            "round_id",
            "number",
            "received_on",
            "kind",
            "channel",
            "author_kind",
            "code_mac",
            "import_key",
        ),
    ),
    "consult_public_text": ("public text", ("id", "submission_id", "version", "released_on")),
    "consult_reconsideration": (
        "reconsideration",
        ("id", "round_id", "number", "submission_id", "received_on"),
    ),
}
"""Tables from which nothing is ever deleted: what a row is called, and its columns that never change."""

KEYS = {
    "followup_register": (("id",), ("code",)),
    "followup_promise": (("id",), ("register_id", "number"), ("subject_kind", "subject_id", "kind")),
    "followup_reply": (("id",),),
    "followup_reply_version": (("id",), ("reply_id", "version")),
    "core_audit_chain": (("id",), ("name",)),
    "core_audit_entry": (("id",), ("chain_id", "sequence")),
    "consult_round": (("id",), ("code",), ("register_id",)),
    "consult_submission": (("id",), ("round_id", "number"), ("round_id", "import_key"), ("code_mac",)),
    "consult_public_text": (("id",), ("submission_id", "version")),
    "consult_reconsideration": (("id",), ("round_id", "number"), ("submission_id",)),
}
"""Every key by which SQLite's REPLACE would delete the row that is already there."""

ERASABLE = {
    "consult_submission": ("submission", ("text", "proposed_wording", "name", "salt")),
    "consult_public_text": ("public text", ("text", "proposed_wording", "salt")),
    "consult_reconsideration": ("reconsideration", ("text", "salt")),
}
"""What the audit chain commits to, and the law may take away: a value may become NULL and nothing else."""

CONDITIONS = (
    ("followup_reply", "DELETE", "kept", "old.published_version > 0", "reply: published, never deleted"),
    (
        "followup_reply",
        "UPDATE",
        "published_for_good",
        "new.published_version < old.published_version",
        "reply: never un-published",
    ),
    (
        "followup_reply",
        "UPDATE",
        "identity",
        "new.id <> old.id or new.register_id <> old.register_id",
        "reply: its identity never changes",
    ),
    (
        "followup_reply_version",
        "DELETE",
        "kept",
        "old.state = 'published'",
        "reply version: published, never deleted",
    ),
    (
        "followup_reply_version",
        "UPDATE",
        "published_for_good",
        "old.state = 'published'",
        "reply version: published, never changed",
    ),
    (
        "followup_reply_version",
        "UPDATE",
        "identity",
        "new.id <> old.id or new.reply_id <> old.reply_id or new.version <> old.version",
        "reply version: its identity never changes",
    ),
    ("core_audit_entry", "UPDATE", "unchanged", "true", "audit entry: never changed"),
    ("core_audit_chain", "INSERT", "from_nothing", "new.length <> 0", "audit chain: begins empty"),
    (
        "consult_round",
        "UPDATE",
        "published_for_good",
        "old.published_on is not null and new.published_on is null",
        "round: never un-published",
    ),
)
"""Table, event, the trigger's own name, when it refuses, and what it says."""


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(REFUSE)
    for table, event, name, when, sentence in refusals(postgresql):
        refuse = refuse_on_postgresql if postgresql else refuse_on_sqlite
        op.execute(refuse(table, event, f"{table}_{name}", when, sentence))
    for statement in CHAIN_ON_POSTGRESQL if postgresql else CHAIN_ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse() CASCADE")
        op.execute("DROP FUNCTION core_audit_chain_forward() CASCADE")
        return
    for table, _event, name, _when, _sentence in refusals(postgresql=False):
        op.execute(f"DROP TRIGGER {table}_{name}")
    op.execute("DROP TRIGGER core_audit_chain_forward")


def refusals(postgresql: bool) -> list[tuple[str, str, str, str, str]]:
    """Every refusal of this revision, as in ``CONDITIONS``, with the database's own way to compare with NULL."""
    differs = "is distinct from" if postgresql else "is not"
    found = list(CONDITIONS)
    for table, (called, columns) in KEPT.items():
        found.append((table, "DELETE", "kept", "true", f"{called}: never deleted"))
        if columns:
            when = " or ".join(f"new.{column} {differs} old.{column}" for column in columns)
            found.append((table, "UPDATE", "identity", when, f"{called}: its identity never changes"))
    for table, (called, columns) in ERASABLE.items():
        when = " or ".join(
            f"(new.{column} is not null and new.{column} {differs} old.{column})" for column in columns
        )
        found.append((table, "UPDATE", "erased_only", when, f"{called}: its text is erased or stays"))
    if postgresql:
        for table in KEYS:
            found.append((table, "TRUNCATE", "not_emptied", "", f"{table}: never emptied"))
    else:
        for table, keys in KEYS.items():
            when = " or ".join(
                f"exists (select 1 from {table} where "
                + " and ".join(f"{column} = new.{column}" for column in key)
                + ")"
                for key in keys
            )
            found.append((table, "INSERT", "not_replaced", when, f"{table}: already there, never replaced"))
    return found


def refuse_on_sqlite(table: str, event: str, name: str, when: str, sentence: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def refuse_on_postgresql(table: str, event: str, name: str, when: str, sentence: str) -> str:
    scope = "STATEMENT" if event == "TRUNCATE" else f"ROW WHEN ({when})"
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {scope} EXECUTE FUNCTION refuse('{sentence}')"


REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = tg_argv[0], ERRCODE = 'integrity_constraint_violation', CONSTRAINT = tg_name;
END $$
"""

# A chain's head moves only onto an entry that is there: entries are written first, the head after them.
_FORWARD = """
    new.length < old.length
    OR NOT EXISTS (
        SELECT 1 FROM core_audit_entry AS entry
        WHERE entry.chain_id = new.id AND entry.sequence = new.length AND entry.entry_hash = new.head
    )
"""

CHAIN_ON_SQLITE = (
    f"""
    CREATE TRIGGER core_audit_chain_forward BEFORE UPDATE OF length, head ON core_audit_chain
    FOR EACH ROW WHEN {_FORWARD}
    BEGIN SELECT RAISE(ABORT, 'audit chain: only moves forward onto its newest entry'); END
    """,
)

CHAIN_ON_POSTGRESQL = (
    f"""
    CREATE FUNCTION core_audit_chain_forward() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {_FORWARD} THEN
            RAISE EXCEPTION 'audit chain: only moves forward onto its newest entry'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = tg_name;
        END IF;
        RETURN new;
    END $$
    """,
    """
    CREATE TRIGGER core_audit_chain_forward BEFORE UPDATE OF length, head ON core_audit_chain
    FOR EACH ROW EXECUTE FUNCTION core_audit_chain_forward()
    """,
)
