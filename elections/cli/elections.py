"""``answerable elections``: preparing and following an election from a terminal, and counting that anybody can repeat."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core import audit, clock, settings
from core.calendar import holidays_around
from core.db import db
from core.errors import DomainError
from core.localized import Localized
from elections.cli import ballots
from elections.counting import blt, published
from elections.counting.count import count
from elections.counting.lots import Lots, draw, ticket
from elections.counting.result import Reason, Result, Tie
from elections.counting.rule import Apportionment, CountingRule, Method
from elections.counting.seats import Shares, share_out
from elections.counting.sheet import sheet
from elections.counting.votes_file import read_votes
from elections.messages.acts import ACTS, STAGES
from elections.messages.counting import explain_reason
from elections.queries import procedure
from elections.rules.checklists import missing
from elections.rules.deadlines import Step
from elections.rules.elections import check_election_day
from elections.rules.plain_rule_sets import to_plain
from elections.rules.presets import PRESETS, preset
from elections.rules.roll_maps import read_map
from elections.rules.stages import Stage, acts_in
from elections.services.effects import checklist
from elections.services.elections import ElectionFacts, create_election
from elections.services.nominations.erasing import erase_nominations
from elections.services.roll import deletion, imports
from elections.services.roll.letters import export_for_letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = click.DateTime(["%Y-%m-%d"])
HOUR = click.DateTime(["%H:%M"])
TERM_YEARS = 5
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
RULES = {"scottish-stv": Method.STV}
METHODS = {each.value.replace("_", "-"): each for each in Apportionment}


@click.group("elections", cls=AppGroup)
def elections() -> None:
    """Council elections."""


for command in (
    ballots.verify_bundle,
    ballots.verify_difference,
    ballots.check_challenge,
    ballots.rehearse,
):
    elections.add_command(command)


# Procedure -----------------------------------------------------------------------------------------------------------


@elections.command("create")
@click.argument("code")
@click.option("--preset", "preset_key", required=True, help="Rules to copy, such as stv-scotland.")
@click.option("--body", "body_key", required=True, help="Key of the council that is elected.")
@click.option("--day", type=DAY, required=True, help="Election day, the last day of voting, YYYY-MM-DD.")
@click.option(
    "--department", default="", help="Key of the department that owes the answers; else the body's."
)
@click.option(
    "--title", default="", help="Title in the original language; else the body's name and the year."
)
@click.option("--language", default="", help="Language of the original; else the body's.")
@click.option("--languages", default="", help="All languages, with commas between; else the city's.")
@click.option("--opens", "opens_hour", type=HOUR, default="8:00", help="Hour at which voting opens.")
@click.option("--closes", "closes_hour", type=HOUR, default="18:00", help="Hour at which voting closes.")
@click.option("--term-begins", type=DAY, help="First day of the term; else 30 days after election day.")
@click.option("--term-ends", type=DAY, help="Last day of the term; else five years later.")
@click.option("--json", "as_json", is_flag=True, help='Print {"election": CODE, "timetable": {step: day}}.')
def create(code: str, preset_key: str, body_key: str, day: datetime, as_json: bool, **given: Any) -> None:
    """Prepare the election CODE, which nobody sees until it is called. Its days follow from the preset."""
    created = create_election(_facts(code, preset_key, body_key, day.date(), given), audit.SYSTEM)
    if as_json:
        found = procedure.find_election(created)
        click.echo(json.dumps({"election": created, "stage": found.stage, "timetable": found.timetable}))
        return
    click.echo(f"Election {created} is prepared. Nobody sees it until it is called.")


@elections.command("status")
@click.argument("code")
@click.option(
    "--json", "as_json", is_flag=True, help='Print {"stage": ..., "possible": {act: [missing]}, ...}.'
)
def status(code: str, as_json: bool) -> None:
    """Where the election CODE stands, what may be done now, what is missing for it, and what waits."""
    found = procedure.find_election(code)
    possible = {
        kind.value: [check.code for check in missing(checklist(db.session(), found, kind))]
        for kind in acts_in(Stage(found.stage))
    }
    waiting = procedure.waiting_acts(found.id)
    if as_json:
        report = {
            "election": found.code,
            "stage": found.stage,
            "election_day": found.election_day.isoformat(),
            "voting": [found.voting_opens_at.isoformat(), found.voting_closes_at.isoformat()],
            "timetable": found.timetable,
            "possible": possible,
            "waiting": [
                {"act": act.id, "kind": act.kind, "proposed_by": act.proposer, "facts": dict(act.facts)}
                for act in waiting
            ],
            "unanswered": procedure.count_unanswered(found.register_id),
        }
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    with force_locale("en"):
        click.echo(f"{found.code}: {STAGES[found.stage]}")
        for kind, lacking in possible.items():
            click.echo(f"- {ACTS[kind]}{': missing ' + ', '.join(lacking) if lacking else ''}")
        for act in waiting:
            click.echo(f"Waits for a second person: {ACTS[act.kind]} (proposed by {act.proposer})")


def _facts(code: str, preset_key: str, body_key: str, day: date, given: Mapping[str, Any]) -> ElectionFacts:
    """What the command line says about a new election, with what follows where it says nothing."""
    rules = preset(preset_key)
    if rules is None:
        raise DomainError(
            "preset_unknown", value=preset_key[:40], known=", ".join(each.key for each in PRESETS)
        )
    check_election_day(day)
    body = procedure.find_body(body_key)
    language = given["language"] or (body.language if body else settings.current().official_language)
    title = given["title"] or (f"{body.name.best(language).text} {day.year}" if body else "")
    begins = given["term_begins"].date() if given["term_begins"] else day + timedelta(30)
    ends = given["term_ends"].date() if given["term_ends"] else _years_later(begins) - timedelta(1)
    timetable = rules.timetable(day, holidays_around(day.year))
    return ElectionFacts(
        code=code,
        body_key=body_key,
        department=given["department"] or (procedure.department_key(body) if body else ""),
        language=language,
        languages=tuple(filter(None, given["languages"].split(","))) or settings.current().languages,
        title=Localized.original(language, title),
        rule_set=to_plain(rules),
        timetable=timetable,
        election_day=day,
        voting_opens_at=clock.in_the_city(timetable[Step.VOTING_OPENS], given["opens_hour"].time()),
        voting_closes_at=clock.in_the_city(day, given["closes_hour"].time()),
        term_begins_on=begins,
        term_ends_on=ends,
    )


def _years_later(day: date) -> date:
    """The same day five years later; 1 March for 29 February."""
    try:
        return day.replace(year=day.year + TERM_YEARS)
    except ValueError:
        return date(day.year + TERM_YEARS, 3, 1)


# Counting ------------------------------------------------------------------------------------------------------------


@elections.command("count")
@click.argument("file", type=FILE)
@click.option("--rule", type=click.Choice(list(RULES)), help="How the ballots of a BLT file are counted.")
@click.option(
    "--lot", default="", metavar="SEED", help="Public seed from which lots among equals are computed."
)
@click.option("--json", "as_json", is_flag=True, help='Print {"elected": [numbers], ...}.')
def count_ballots(file: Path, rule: str | None, lot: str, as_json: bool) -> None:
    """Count FILE: the result.json that an election publishes, or ranked ballots in a BLT file with --rule.

    result.json carries its own rule and lots, whatever the method. Each draw is computed anew from its seed, and the count
    ends with an error where it comes to another result than the published one.

    Of a BLT file, candidates are named by their numbers in it. A tie that no lot decides stays undecided: then "complete"
    is false, and "elected" names only who is elected whatever the lot says.
    """
    data = file.read_bytes()
    if rule is None:
        if lot:
            raise click.UsageError("--lot is for BLT files; result.json carries its lots.")
        _count_again(data, as_json)
        return
    ballots = blt.read(data)
    tally = ballots.to_tally()
    result = count(CountingRule(RULES[rule], ballots.seats), tally, Lots(lot))
    if as_json:
        click.echo(json.dumps(_counted(result), ensure_ascii=False))
        return
    with force_locale("en"):
        click.echo("\n".join(_sheet(result, tally.names(), ballots.title)))


def _count_again(data: bytes, as_json: bool) -> None:
    """Count what an election published, and say whether the result is the published one."""
    found = published.read(data)
    result = found.again()
    same = result.to_plain() == found.result.to_plain()
    if as_json:
        facts = {
            "elected": list(result.elected),
            "complete": result.complete,
            "vacant": len(result.vacant),
            "shares": dict(result.shares),
            "ties": [
                {"key": tie.key, "names": list(tie.names), "order": list(tie.order)} for tie in result.ties
            ],
            "same": same,
        }
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        names = {key: _printable(name) for key, name in {**found.tally.names(), **found.names}.items()}
        with force_locale("en"):
            lines = [_line(seat.number, seat.reasons, names) for seat in result.seats]
            click.echo("\n".join([*lines, *_ties(result.ties, names)]))
        if same:
            click.echo("This is the published result.")
    if not same:
        raise DomainError("published_differs")


def _counted(result: Result) -> dict[str, object]:
    return {
        "elected": [int(key) for key in result.elected],
        "complete": result.complete,
        "vacant": len(result.vacant),
        "valid": result.valid,
        "quota": result.quota,
        "ties": [
            {
                "key": tie.key,
                "names": sorted(int(name) for name in tie.names),
                "seats": tie.seats,
                "order": [int(name) for name in tie.order],
            }
            for tie in result.ties
        ],
    }


def _sheet(result: Result, names: dict[str, str], title: str) -> list[str]:
    """The stages as a table, each with its reason, and who is elected."""
    table = sheet(result)
    lines = [title] if title else []
    lines += [f"{result.valid} valid ballots, {len(result.seats)} seats, quota {result.quota}", ""]
    head = ["", *(f"Stage {stage.number}" for stage in result.stages)]
    body = [
        [
            f"{row.candidate}. {names[row.candidate]}",
            *(f"{votes}{_MARKS[outcome]}" for votes, outcome in zip(row.votes, row.outcomes, strict=True)),
        ]
        for row in table.rows
    ]
    body.append(["not transferable", *(f"{each} " for each in table.non_transferable)])
    body.append(["lost by cutting off", *(f"{each} " for each in table.lost)])
    lines += _columns([head, *body])
    lines += ["", "* elected in this stage, - excluded", ""]
    for stage in result.stages:
        lines += [f"Stage {stage.number}: {explain_reason(each, names)}" for each in stage.reasons]
    lines.append("")
    lines += [_line(seat.number, seat.reasons, names) for seat in result.seats]
    return [*lines, *_ties(result.ties, names)]


_MARKS = {"elected": "*", "excluded": "-", "": " "}


@elections.command("seats")
@click.argument("file", metavar="VOTES", type=FILE)
@click.option("--method", type=click.Choice(list(METHODS)), required=True, help="How seats are shared out.")
@click.option("--seats", type=int, required=True, help="How many seats there are.")
@click.option(
    "--lot", default="", metavar="SEED", help="Public seed from which lots among equals are computed."
)
@click.option("--json", "as_json", is_flag=True, help='Print {"seats": {name: n}, "ties": [...]}.')
def share_seats(file: Path, method: str, seats: int, lot: str, as_json: bool) -> None:
    """Share seats out among the lists in the JSON file VOTES, which maps names to votes.

    A tie that no lot decides stays undecided: its seats belong to nobody yet.
    """
    shares = share_out(METHODS[method], read_votes(file.read_bytes()), seats, lots=Lots(lot))
    if as_json:
        click.echo(json.dumps(_shared(shares), ensure_ascii=False))
        return
    names = {name: _printable(name) for name in shares.seats}
    with force_locale("en"):
        lines = _columns(
            [["", "Seats"], *([names[name], str(number)] for name, number in shares.seats.items())]
        )
        lines.append("")
        lines += [_line(number, award.reasons, names) for number, award in enumerate(shares.awards, 1)]
        click.echo("\n".join([*lines, *_ties(shares.ties, names)]))


def _shared(shares: Shares) -> dict[str, object]:
    return {
        "seats": shares.seats,
        "ties": [
            {"key": tie.key, "names": list(tie.names), "seats": tie.seats, "order": list(tie.order)}
            for tie in shares.ties
        ],
        "complete": not any(tie.undecided for tie in shares.ties),
        "vacant": sum(award.reasons[-1].code == "seat_vacant_lists" for award in shares.awards),
    }


@elections.command("lot")
@click.argument("items", metavar="ID...", nargs=-1, required=True)
@click.option("--seed", required=True, help="The seed, exactly as its source published it.")
@click.option("--purpose", required=True, help="What the lot is for, such as ballot-order:europe.")
@click.option("--json", "as_json", is_flag=True, help='Print {"order": [ids]}.')
def repeat_lot(items: tuple[str, ...], seed: str, purpose: str, as_json: bool) -> None:
    """Put the items ID... in the order that a public seed draws, as the page of an election's lots shows it.

    Each line holds the place, the item and its ticket: the SHA-256 of seed, line feed, purpose, line feed, item.
    """
    order = draw(seed, purpose, items)
    if as_json:
        click.echo(json.dumps({"order": list(order)}, ensure_ascii=False))
        return
    for place, item in enumerate(order, start=1):
        click.echo(f"{place}. {item}  {ticket(seed, purpose, item)}")


# The roll --------------------------------------------------------------------------------------------------------


@elections.command("import-roll")
@click.argument("code")
@click.argument("file", type=FILE)
@click.option("--map", "map_file", type=FILE, required=True, help="What the columns mean (TOML).")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--skip-duplicates", is_flag=True, help="Leave out who is there already.")
@click.option("--replace", is_flag=True, help="Begin the roll anew.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def import_roll(
    code: str, file: Path, map_file: Path, dry_run: bool, skip_duplicates: bool, replace: bool, as_json: bool
) -> None:
    """Import the people in the CSV or XLSX file FILE into the roll of election CODE: all of them, or nobody.

    Who may vote is evaluated by the election's own rules. Birth, citizenship and stay are not kept.
    """
    try:
        tables = tomllib.loads(map_file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DomainError("roll_map_unreadable", reason=str(error)) from None
    with _progress() as report_progress:
        report = imports.import_roll(
            code,
            file,
            file.name,
            read_map(tables),
            audit.SYSTEM,
            dry_run=dry_run,
            skip_duplicates=skip_duplicates,
            replace=replace,
            progress=report_progress,
        )
    counts = {name: getattr(report, name) for name in ("rows", "met", "not_met", "unknown", "dry_run")}
    if as_json:
        click.echo(json.dumps({**counts, "duplicates": len(report.duplicates)}))
        return
    verb = "would be imported" if dry_run else "imported"
    click.echo(
        f"{report.rows} rows: {report.imported} people {verb}. Rules met: {report.met}, not met: {report.not_met},"
        f" not known: {report.unknown}. Duplicates left out: {len(report.duplicates)}."
    )
    for each in report.duplicates[: imports.FAULT_LIMIT] if dry_run else ():
        earlier = f"row {each.first_row}" if each.first_row else "somebody on the roll"
        click.echo(f"  row {each.row} is the same person as {earlier} (by {each.by.replace('_', ' ')})")


@elections.command("export-letters")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_letters(code: str, file: Path) -> None:
    """Write everybody who may vote in the election CODE to FILE (CSV), for the credential authority's letters.

    It holds names and addresses: hand it over on a stick, and delete it here. The minutes say that it was written.
    """
    people = export_for_letters(code, file, audit.SYSTEM)
    click.echo(f"{people} people written to {file}. Hand it to the credential authority, and delete it here.")


@elections.command("delete-roll")
@click.argument("code")
def delete_roll(code: str) -> None:
    """Delete the roll of election CODE for good: its key, its rows, and their traces in the database's files.

    Refused before the window for objections ends. Published hashes, counts and corrections stay.
    """
    first_time = deletion.delete_roll(code, audit.SYSTEM)
    click.echo(f"The roll of {code} is deleted." if first_time else f"The roll of {code} was deleted before.")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while a terminal watches."""
    console = Console(stderr=True)
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("import", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


@elections.command("erase-nominations")
@click.argument("code")
def erase_personal_data(code: str) -> None:
    """Erase what was needed only to vet the nominations of the election CODE, once its day for that has come."""
    click.echo(f"Nominations erased: {erase_nominations(code)}")


# Lines -----------------------------------------------------------------------------------------------------------


def _line(number: int, reasons: tuple[Reason, ...], names: dict[str, str]) -> str:
    return f"Seat {number}: " + " ".join(explain_reason(reason, names) for reason in reasons)


def _ties(ties: tuple[Tie, ...] | list[Tie], names: dict[str, str]) -> list[str]:
    undecided = [tie for tie in ties if tie.undecided]
    return [
        f"Undecided ({tie.key}): "
        + ", ".join(names[name] for name in tie.names)
        + ". Name a seed with --lot."
        for tie in undecided
    ]


def _printable(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def _columns(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
        ).rstrip()
        for row in rows
    ]
