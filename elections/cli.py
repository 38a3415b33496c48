"""``answerable elections``: counting from a terminal, so that anybody can repeat a count."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from elections.counting import blt
from elections.counting.count import count
from elections.counting.lots import Lots, draw, ticket
from elections.counting.result import Reason, Result, Tie
from elections.counting.rule import Apportionment, CountingRule, Method
from elections.counting.seats import Shares, share_out
from elections.counting.sheet import sheet
from elections.counting.votes_file import read_votes
from elections.messages.counting import explain_reason

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
RULES = {"scottish-stv": Method.STV}
METHODS = {each.value.replace("_", "-"): each for each in Apportionment}


@click.group("elections", cls=AppGroup)
def elections() -> None:
    """Council elections."""


@elections.command("count")
@click.argument("file", type=FILE)
@click.option("--rule", type=click.Choice(list(RULES)), required=True, help="How the ballots are counted.")
@click.option(
    "--lot", default="", metavar="SEED", help="Public seed from which lots among equals are computed."
)
@click.option("--json", "as_json", is_flag=True, help='Print {"elected": [numbers], ...}.')
def count_ballots(file: Path, rule: str, lot: str, as_json: bool) -> None:
    """Count the ranked ballots in the BLT file FILE.

    Candidates are named by their numbers in the file. A tie that no lot decides stays undecided: then "complete" is
    false, and "elected" names only who is elected whatever the lot says.
    """
    ballots = blt.read(file.read_bytes())
    tally = ballots.to_tally()
    result = count(CountingRule(RULES[rule], ballots.seats), tally, Lots(lot))
    if as_json:
        click.echo(json.dumps(_counted(result), ensure_ascii=False))
        return
    with force_locale("en"):
        click.echo("\n".join(_sheet(result, tally.names(), ballots.title)))


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
    names = {name: "".join(s if s.isprintable() else "?" for s in name) for name in shares.seats}
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
