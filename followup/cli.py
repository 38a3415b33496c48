"""``answerable ledger``: what the city owes, on a terminal."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table

from core.db import db
from followup.queries import ledger as queries
from followup.queries.ledger import Totals


@click.group("ledger", cls=AppGroup)
def ledger() -> None:
    """What the city owes."""


@ledger.command("status")
@click.option("--round", "code", help="Only this round, by its code.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def status(code: str | None, as_json: bool) -> None:
    """Show what was received, answered, and is owed: the figures of the public page."""
    session = db.session()
    register_id = queries.register_id_of(session, code) if code else None
    found = queries.ledger(session, register_id)
    if as_json:
        click.echo(json.dumps(found.status()))
        return
    share = "-" if found.noted_share is None else f"{found.noted_share:.0%}"
    columns = ("received", "answered", "open", "overdue", "of these long", "median days")
    table = Table("", *columns, box=None, header_style="")
    for line in found.registers:
        table.add_row(line.code, *_cells(line.totals))
    for department in found.departments:
        table.add_row(department.key, *_cells(department.totals))
    table.add_row("all", *_cells(found.totals))
    console = Console()
    console.print(f"What the city owes on {found.day.isoformat()}")
    console.print(table)
    console.print(
        f"{found.answers.distinct_texts} distinct answer texts; the largest group answered by one text has "
        f"{found.answers.largest_group}; {found.answers.noted} noted ({share} of {found.answers.answered_by_reply} answered in writing)"
    )


def _cells(totals: Totals) -> list[str]:
    median = "-" if totals.median_days is None else f"{totals.median_days:g}"
    figures = (totals.received, totals.answered, totals.open, totals.overdue, totals.long_overdue)
    return [*map(str, figures), median]
