"""``answerable consult``: rounds, imports and conclusion from a terminal."""

from __future__ import annotations

import json
import tomllib
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import select

from accounts.models import Department
from consult.rules import drafts as draft_rules
from consult.rules.imports import read_map
from consult.services import drafts, imports, rounds
from core import audit, clock
from core.db import db, write
from core.errors import DomainError
from core.localized import Localized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("consult", cls=AppGroup)
def consult() -> None:
    """Consultation rounds."""


@consult.command("create-round")
@click.argument("draft", type=FILE)
@click.option("--title", required=True, help="The round's title, in its language.")
@click.option("--language", required=True, help="The draft's language, such as de or es.")
@click.option("--opens", type=DAY, required=True, help="First day for comments, YYYY-MM-DD.")
@click.option("--closes", type=DAY, required=True, help="Last day for comments.")
@click.option("--answers-due", type=DAY, help="Day all answers are due; else weeks after closing decide.")
@click.option("--code", default="", help="Code that begins every register number; else made from the title.")
@click.option("--department", default="", help="Key of the department that owes the answers; else the first.")
@click.option("--short-reason", default="", help="Public reason for a short or summer round.")
@click.option("--unpublished", is_flag=True, help="Create it without putting it before the public.")
@click.option("--json", "as_json", is_flag=True, help='Print {"round": CODE}.')
def create_round(
    draft: Path,
    title: str,
    language: str,
    opens: datetime,
    closes: datetime,
    answers_due: datetime | None,
    code: str,
    department: str,
    short_reason: str,
    unpublished: bool,
    as_json: bool,
) -> None:
    """Create a round on the draft in the Markdown file DRAFT, and publish it."""
    markdown = draft_rules.decode(draft.read_bytes())
    draft_rules.parse(markdown)
    if not short_reason and closes.date() < clock.today():
        # A round that is over cannot be given more time; that it was held elsewhere is the reason to show.
        short_reason = "This round took place before it was brought here."
    facts = rounds.RoundFacts(
        title=Localized.original(language, title),
        opens_on=opens.date(),
        closes_on=closes.date(),
        answers_due_on=answers_due.date() if answers_due else None,
        language=language,
        department=department or _first_department(),
        code=code,
        short_reason=short_reason,
    )
    created = rounds.create_round(facts, audit.SYSTEM)
    drafts.import_draft(created, markdown, audit.SYSTEM)
    if not unpublished:
        rounds.publish_round(created, audit.SYSTEM)
    click.echo(json.dumps({"round": created}) if as_json else f"Round {created} is ready.")


@consult.command("import-submissions")
@click.argument("round_code", metavar="ROUND")
@click.argument("file", type=FILE)
@click.option("--map", "map_file", type=FILE, required=True, help="How columns become submissions (TOML).")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_submissions(round_code: str, file: Path, map_file: Path, dry_run: bool, as_json: bool) -> None:
    """Import the submissions in the CSV file FILE into ROUND: all or nothing, and nothing twice."""
    try:
        tables = tomllib.loads(map_file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DomainError("map_unreadable", reason=str(error)) from None
    mapping = read_map(tables)
    with _progress() as report_progress:
        report = imports.import_submissions(
            round_code,
            file.read_bytes(),
            mapping,
            audit.SYSTEM,
            dry_run=dry_run,
            progress=report_progress,
        )
    if as_json:
        click.echo(
            json.dumps(
                {
                    "rows": report.rows,
                    "new": report.new,
                    "already_there": report.already_there,
                    "dry_run": report.dry_run,
                }
            )
        )
        return
    verb = "would be imported" if dry_run else "imported"
    click.echo(f"{report.rows} rows: {report.new} submissions {verb}, {report.already_there} already there.")


@consult.command("conclude")
@click.argument("round_code", metavar="ROUND")
def conclude(round_code: str) -> None:
    """Conclude ROUND, if everything in it has a published answer; else name the missing numbers."""
    rounds.conclude_round(round_code, audit.SYSTEM)
    click.echo(f"Round {round_code} is concluded.")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while a terminal watches."""
    console = Console(stderr=True)
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("import", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _first_department() -> str:
    """The key of the oldest department; on an empty installation, of one made for the purpose."""
    known = db.session.scalars(select(Department.key).order_by(Department.id).limit(1)).one_or_none()
    if known is not None:
        return known
    with write() as session:
        session.add(
            Department(
                key="participation",
                name=Localized.of(
                    {"en": "Participation Desk", "de": "Beteiligungsbüro", "ar": "مكتب المشاركة"}, "en"
                ),
            )
        )
    return "participation"
