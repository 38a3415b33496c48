"""What happens to motions, what is owed to them, what would change them; and what nobody may change any more.

What happened, what was signed and what was voted is never changed and never deleted; a step is met by an event alone.

Revision ID: 0031
Revises: 0030
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

KEPT = (
    ("DELETE", "motions_motion", "kept"),
    ("DELETE", "motions_text", "kept"),
    ("DELETE", "motions_event", "kept"),
    ("UPDATE", "motions_event", "unchanged"),
    ("DELETE", "motions_signature", "kept"),
    ("UPDATE", "motions_signature", "unchanged"),
    ("DELETE", "motions_step", "kept"),
    ("DELETE", "motions_step_alarm", "kept"),
    ("UPDATE", "motions_step_alarm", "unchanged"),
    ("DELETE", "motions_amendment", "kept"),
    ("DELETE", "motions_suggestion", "kept"),
    ("DELETE", "motions_measure", "kept"),
    ("DELETE", "motions_meeting", "kept"),
    ("DELETE", "motions_agenda_item", "kept"),
    ("DELETE", "motions_presence", "kept"),
    ("UPDATE", "motions_presence", "unchanged"),
    ("DELETE", "motions_vote", "kept"),
    ("UPDATE", "motions_vote", "unchanged"),
    ("DELETE", "motions_vote_by_name", "kept"),
    ("UPDATE", "motions_vote_by_name", "unchanged"),
    ("DELETE", "motions_minutes_objection", "kept"),
    ("DELETE", "motions_meeting_request", "kept"),
    ("DELETE", "motions_oparl_object", "kept"),
)
"""What never goes away, and what never changes."""

CONDITIONS = (
    (
        "UPDATE",
        "motions_motion",
        "identity",
        "new.id <> old.id or new.body_id <> old.body_id or (old.number is not null and (new.number is null or"
        " new.number <> old.number or new.submitted_on <> old.submitted_on))",
        "motion: its number never changes",
    ),
    (
        "UPDATE",
        "motions_text",
        "public_for_good",
        "new.id <> old.id or new.motion_id <> old.motion_id or new.version <> old.version or"
        " (old.public_on is not null and (new.public_on is null or new.digest <> old.digest))",
        "motion: what was handed in never changes",
    ),
    (
        "UPDATE",
        "motions_step",
        "met_for_good",
        "new.motion_id <> old.motion_id or new.step <> old.step or (old.number <> 0 and new.number <> old.number)"
        " or (old.met_by_id is not null and (new.met_by_id is null or new.met_by_id <> old.met_by_id))",
        "step: met for good",
    ),
    (
        "UPDATE",
        "followup_promise",
        "met_by_event",
        "old.answered_on is null and new.answered_on is not null and new.subject_kind = 'motions.step' and not exists"
        " (select 1 from motions_step where motions_step.id = new.subject_id and motions_step.met_by_id is not null)",
        "step: met by an event alone",
    ),
)
"""What is refused under a condition; for both databases."""

ERASABLE = {
    "motions_text": ("salt",),
    "motions_suggestion": ("text", "name", "salt", "code_mac"),
    "motions_meeting_request": ("text", "salt"),
}
"""What is erased one day: the planner keeps no sample of it (see 0022)."""

TABLES = (
    "motions_amendment",
    "motions_event",
    "motions_step",
    "motions_step_alarm",
    "motions_oparl_object",
)
"""In the order in which they are made."""


def upgrade() -> None:
    op.create_table(
        "motions_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column(
            "text",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "reason",
            JSON,
            nullable=False,
        ),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("vote_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_on is null)", name=op.f("ck_motions_amendment_decided_on_a_day")
        ),
        sa.CheckConstraint(
            "change in ('replace', 'delete', 'insert_after')", name=op.f("ck_motions_amendment_change_known")
        ),
        sa.CheckConstraint(
            "kind in ('amendment', 'recommendation')", name=op.f("ck_motions_amendment_kind_known")
        ),
        sa.CheckConstraint(
            "paragraph >= 0 and (paragraph >= 1 or change = 'insert_after')",
            name=op.f("ck_motions_amendment_paragraph_real"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'accepted', 'rejected', 'withdrawn', 'outdated')",
            name=op.f("ck_motions_amendment_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_motions_amendment_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_amendment_motion_id_motions_motion")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["motions_vote.id"], name=op.f("fk_motions_amendment_vote_id_motions_vote")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_amendment")),
        sa.UniqueConstraint("motion_id", "number", name=op.f("uq_motions_amendment_motion_id_number")),
    )
    op.create_table(
        "motions_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "facts",
            JSON,
            nullable=False,
        ),
        sa.Column("vote_id", sa.Integer(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "corrects_id is null or kind = 'correct'", name=op.f("ck_motions_event_corrections_name_what")
        ),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_motions_event_sequence_from_one")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["motions_event.id"], name=op.f("fk_motions_event_corrects_id_motions_event")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["core_document.id"], name=op.f("fk_motions_event_document_id_core_document")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["motions_measure.id"], name=op.f("fk_motions_event_measure_id_motions_measure")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_motions_event_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_event_motion_id_motions_motion")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["motions_vote.id"], name=op.f("fk_motions_event_vote_id_motions_vote")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_event")),
        sa.UniqueConstraint("motion_id", "sequence", name=op.f("uq_motions_event_motion_id_sequence")),
    )
    op.create_index("ix_motions_event_day", "motions_event", ["day", "id"], unique=False)

    op.create_table(
        "motions_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("met_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "measure_id is null or step = 'update'", name=op.f("ck_motions_step_measures_owe_updates")
        ),
        sa.CheckConstraint(
            "step in ('admissibility', 'acknowledgement', 'position', 'decision', 'plan', 'update')",
            name=op.f("ck_motions_step_step_known"),
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["motions_measure.id"], name=op.f("fk_motions_step_measure_id_motions_measure")
        ),
        sa.ForeignKeyConstraint(
            ["met_by_id"], ["motions_event.id"], name=op.f("fk_motions_step_met_by_id_motions_event")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_step_motion_id_motions_motion")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["motions_event.id"], name=op.f("fk_motions_step_opened_by_id_motions_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_step")),
    )
    op.create_index("ix_motions_step_motion_id", "motions_step", ["motion_id"], unique=False)
    op.create_index(
        "ix_motions_step_owed",
        "motions_step",
        ["motion_id", "step", "measure_id"],
        unique=True,
        postgresql_where=sa.text("met_by_id is null and measure_id is not null"),
        sqlite_where=sa.text("met_by_id is null and measure_id is not null"),
    )
    op.create_index(
        "ix_motions_step_owed_once",
        "motions_step",
        ["motion_id", "step"],
        unique=True,
        postgresql_where=sa.text("met_by_id is null and measure_id is null"),
        sqlite_where=sa.text("met_by_id is null and measure_id is null"),
    )

    op.create_table(
        "motions_step_alarm",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("alarm", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "alarm in ('reminder', 'overdue', 'mayor_and_chair', 'long_overdue')",
            name=op.f("ck_motions_step_alarm_alarm_known"),
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["motions_step.id"], name=op.f("fk_motions_step_alarm_step_id_motions_step")
        ),
        sa.PrimaryKeyConstraint("step_id", "alarm", "due_on", name=op.f("pk_motions_step_alarm")),
    )

    op.create_table(
        "motions_oparl_object",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "modified >= created", name=op.f("ck_motions_oparl_object_modified_after_created")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["council_body.id"], name=op.f("fk_motions_oparl_object_body_id_council_body")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_oparl_object")),
        sa.UniqueConstraint("type", "key", name=op.f("uq_motions_oparl_object_type_key")),
    )
    indexes: tuple[tuple[str, list[str]], ...] = (
        ("list", ["type", "id"]),
        ("created", ["type", "created", "id"]),
        ("changes", ["type", "modified", "id"]),
        ("modified", ["modified"]),
        ("scope", ["scope"]),
        ("body_id", ["body_id", "type", "id"]),
    )
    for index, parts in indexes:
        op.create_index(f"ix_motions_oparl_object_{index}", "motions_oparl_object", parts, unique=False)

    for event, table, name in KEPT:
        _refuse(event, table, name, f"{table}: kept for good")
    for event, table, name, when, sentence in CONDITIONS:
        _refuse(event, table, f"{name}", sentence, when)
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in ERASABLE.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER followup_promise_met_by_event ON followup_promise")
        op.execute("DROP FUNCTION followup_promise_met_by_event")
    else:
        op.execute("DROP TRIGGER followup_promise_met_by_event")
    for _event, table, name in KEPT:
        if table not in TABLES:
            _drop(f"{table}_{name}", table)
    for _event, table, name, _when, _sentence in CONDITIONS[:-1]:
        if table not in TABLES:
            _drop(f"{table}_{name}", table)
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for _event, table, name, _when, _sentence in CONDITIONS[:-1]:
            op.execute(f"DROP FUNCTION {table}_{name}")


def _refuse(event: str, table: str, name: str, sentence: str, when: str = "") -> None:
    """A trigger that refuses ``event`` on rows of ``table``, all or those for which ``when`` holds."""
    trigger = f"{table}_{name}"
    if op.get_bind().dialect.name != "postgresql":
        condition = f" WHEN {when}" if when else ""
        action = f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        op.execute(f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW{condition} {action}")
        return
    function = f"refuse('{sentence}')"
    if when:
        op.execute(f"""
            CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {when} THEN
                    RAISE EXCEPTION '{sentence}'
                        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{trigger}';
                END IF;
                RETURN new;
            END $$
        """)
        function = f"{trigger}()"
    op.execute(f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}")


def _drop(trigger: str, table: str) -> None:
    """Take a trigger off a table that stays."""
    on = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER {trigger}{on}")
