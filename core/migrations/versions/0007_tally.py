"""The tally: how many promises stand how, kept by triggers with every change (docs/adr/0005).

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-21
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = "register_id, department_id, due_on, days_taken"


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute("DELETE FROM followup_tally")
    op.execute(
        RECOUNT.format(days=DAYS_ON_POSTGRESQL if postgresql else DAYS_ON_SQLITE.format(row="promise"))
    )
    op.execute(RECOUNT_REPLIES)
    for statement in ON_POSTGRESQL if postgresql else ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION followup_promise_tally_opened() CASCADE")
        op.execute("DROP FUNCTION followup_promise_tally_moved() CASCADE")
        return
    for name in ("opened", "moved", "answered"):
        op.execute(f"DROP TRIGGER followup_promise_tally_{name}")


# Days from opening to answer; an answer on an earlier day (which no service writes) counts as on the same one, since
# -1 stands for "unanswered".
DAYS_ON_POSTGRESQL = "CASE WHEN answered_on IS NULL THEN -1 ELSE greatest(answered_on - opened_on, 0) END"
DAYS_ON_SQLITE = (
    "CASE WHEN {row}.answered_on IS NULL THEN -1"
    " ELSE max(CAST(julianday({row}.answered_on) - julianday({row}.opened_on) AS INTEGER), 0) END"
)

RECOUNT = f"""
INSERT INTO followup_tally ({KEY}, count)
SELECT register_id, department_id, due_on, {{days}}, count(*) FROM followup_promise AS promise GROUP BY 1, 2, 3, 4
"""

RECOUNT_REPLIES = """
UPDATE followup_reply SET answered_count = (
    SELECT count(*) FROM followup_promise WHERE reply_id = followup_reply.id AND answered_on IS NOT NULL
)
"""

# SQLite: row by row, since it has nothing else; two look-ups in a small table each.
_OLD = DAYS_ON_SQLITE.format(row="old")
_NEW = DAYS_ON_SQLITE.format(row="new")
_COUNT_NEW = f"""
    INSERT INTO followup_tally ({KEY}, count) VALUES (new.register_id, new.department_id, new.due_on, {_NEW}, 1)
    ON CONFLICT ({KEY}) DO UPDATE SET count = count + 1;
"""
_WHERE_OLD = f"""
    WHERE register_id = old.register_id AND department_id = old.department_id AND due_on = old.due_on
    AND days_taken = {_OLD}
"""

ON_SQLITE = (
    f"""
    CREATE TRIGGER followup_promise_tally_opened AFTER INSERT ON followup_promise
    FOR EACH ROW BEGIN {_COUNT_NEW} END
    """,
    f"""
    CREATE TRIGGER followup_promise_tally_moved AFTER UPDATE OF department_id, due_on, answered_on ON followup_promise
    FOR EACH ROW WHEN new.department_id <> old.department_id OR new.due_on <> old.due_on
        OR new.answered_on IS NOT old.answered_on
    BEGIN
        UPDATE followup_tally SET count = count - 1 {_WHERE_OLD};
        DELETE FROM followup_tally {_WHERE_OLD} AND count = 0;
        {_COUNT_NEW}
    END
    """,
    """
    CREATE TRIGGER followup_promise_tally_answered AFTER UPDATE OF answered_on ON followup_promise
    FOR EACH ROW WHEN old.answered_on IS NULL AND new.answered_on IS NOT NULL
    BEGIN
        UPDATE followup_reply SET answered_count = answered_count + 1 WHERE id = new.reply_id;
    END
    """,
)

# PostgreSQL: once per statement, from the rows it changed.
ON_POSTGRESQL = (
    f"""
    CREATE FUNCTION followup_promise_tally_opened() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO followup_tally AS tally ({KEY}, count)
        SELECT register_id, department_id, due_on, -1, count(*) FROM added GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT ({KEY}) DO UPDATE SET count = tally.count + excluded.count;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER followup_promise_tally_opened AFTER INSERT ON followup_promise
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION followup_promise_tally_opened()
    """,
    f"""
    CREATE FUNCTION followup_promise_tally_moved() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        WITH standing AS (
            SELECT register_id, department_id, due_on, {DAYS_ON_POSTGRESQL} AS days_taken, 1 AS step FROM after
            UNION ALL
            SELECT register_id, department_id, due_on, {DAYS_ON_POSTGRESQL}, -1 FROM before
        ), change AS MATERIALIZED (
            SELECT {KEY}, sum(step) AS step FROM standing GROUP BY {KEY} HAVING sum(step) <> 0 ORDER BY {KEY}
        ), empty AS (
            DELETE FROM followup_tally AS tally USING change
            WHERE (tally.register_id, tally.department_id, tally.due_on, tally.days_taken)
                = (change.register_id, change.department_id, change.due_on, change.days_taken)
            AND tally.count + change.step = 0
        ), fewer AS (
            UPDATE followup_tally AS tally SET count = tally.count + change.step FROM change
            WHERE (tally.register_id, tally.department_id, tally.due_on, tally.days_taken)
                = (change.register_id, change.department_id, change.due_on, change.days_taken)
            AND change.step < 0 AND tally.count + change.step <> 0
        )
        INSERT INTO followup_tally AS tally ({KEY}, count) SELECT {KEY}, step FROM change WHERE step > 0
        ON CONFLICT ({KEY}) DO UPDATE SET count = tally.count + excluded.count;

        UPDATE followup_reply AS reply SET answered_count = answered_count + answered.count
        FROM (
            SELECT reply_id, sum(step) AS count FROM (
                SELECT reply_id, 1 AS step FROM after WHERE answered_on IS NOT NULL
                UNION ALL
                SELECT reply_id, -1 FROM before WHERE answered_on IS NOT NULL
            ) AS standing GROUP BY reply_id HAVING sum(step) <> 0
        ) AS answered WHERE reply.id = answered.reply_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER followup_promise_tally_moved AFTER UPDATE ON followup_promise
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION followup_promise_tally_moved()
    """,
)
