"""PostgreSQL's planner keeps no values of what is erased one day."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, String, text

from core.db import Model, db

PUBLIC = (
    "elections_audit_bundle",
    "elections_urn",
    "elections_urn_credential",
    "elections_urn_event",
    "elections_urn_setup",
    "elections_urn_trustee",
)
"""Tables whose bytes are published as they stand, and stay."""


def erasable() -> set[tuple[str, str]]:
    """Columns of bytes, and the texts beside them that may be empty: what a withdrawal or a deletion takes out."""
    tables = [table for table in Model.metadata.tables.values() if table.name not in PUBLIC]
    return {
        (table.name, column.name)
        for table in tables
        if any(isinstance(column.type, LargeBinary) for column in table.columns)
        for column in table.columns
        if isinstance(column.type, LargeBinary) or (isinstance(column.type, String) and column.nullable)
    }


@pytest.mark.parametrize("app", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_the_planner_keeps_no_sample_of_what_is_erased_one_day(app: Flask) -> None:
    found = db.session.execute(
        text(
            "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relkind = 'r' AND attstattarget = 0 AND attnum > 0"
        )
    )
    assert {(table, column) for table, column in found} == erasable()
