"""The public result: nothing of it before it is published, then all of it, to read and to take along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from accounts.access import public
from core import i18n
from core.charts import Bar, bars
from core.compression import compressed
from core.db import db
from core.errors import NotFound
from core.exports import csv_text
from elections.counting import blt
from elections.counting.rule import Method
from elections.counting.sheet import Sheet, sheet
from elections.messages.counting import METHODS, explain_reason
from elections.queries import results
from elections.queries.elections import find_election
from elections.queries.results import ShownCount
from elections.queries.tallies import ONLINE, names_of, rules_of
from elections.queries.watching import bundle_if_public, result_file
from elections.rules.rule_sets import RuleSet
from elections.rules.stations import SMALLEST_SHOWN

blueprint = Blueprint("elections_results", __name__)


@dataclass(frozen=True, slots=True)
class ShownSeat:
    """One seat: whose it is, and why, in sentences."""

    number: int
    where: str
    holder: str
    vacant: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """The candidates of one group of seats, or all where there are none: votes as a table with bars."""

    name: str
    votes: tuple[Bar, ...]
    successors: tuple[str, ...]
    """One line for each rank; equals stand in one."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A result in words and tables."""

    method: str
    groups: tuple[ShownGroup, ...]
    seats: tuple[ShownSeat, ...]
    shares: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    sheet: Sheet | None
    stage_reasons: tuple[tuple[int, tuple[str, ...]], ...]


@blueprint.get("/elections/<code>/result/")
@public
@compressed
def show_result(code: str) -> str:
    """The published result: turnout, votes, seats with their reasons, successors, and how to repeat the count."""
    session = db.session()
    election, shown = results.public_result(session, code, i18n.language())
    stations = results.public_stations(session, code)[1]
    return render_template(
        "elections/result.html",
        election=election,
        line=find_election(code),
        shown=shown,
        parts=result_parts(shown, rules_of(election)),
        eligible=results.eligible(session, election),
        delegates=results.delegates_of(session, election),
        stations=stations,
        online=any(ONLINE in each.keys for each in stations),
        smallest=SMALLEST_SHOWN,
        bundle=bundle_if_public(session, code),
        ranked=rules_of(election).counting.method is Method.STV,
    )


@blueprint.get("/elections/<code>/turnout/")
@public
def show_turnout(code: str) -> str:
    """How many have voted so far: one number, while people vote."""
    session = db.session()
    election, ballots, day = results.public_turnout(session, code)
    return render_template(
        "elections/turnout.html",
        election=election,
        ballots=ballots,
        reported_on=day,
        eligible=results.eligible(session, election),
    )


@blueprint.get("/elections/<code>/result.csv")
@public
def result_csv(code: str) -> Response:
    """Candidates and lists with votes and seats, for a spreadsheet."""
    election, shown = results.public_result(db.session(), code, i18n.language())
    header = [_("Number"), _("Name"), _("Votes"), _("Elected"), _("Seats")]
    return _file(csv_text(header, _rows(shown)), "text/csv; charset=utf-8", f"{election.code}-result.csv")


@blueprint.get("/elections/<code>/result-stations.csv")
@public
def stations_csv(code: str) -> Response:
    """The figures of each station, for a spreadsheet; small stations are added up in one line."""
    session = db.session()
    election, stations = results.public_stations(session, code)
    names = names_of(session, election, i18n.language())
    voted = sorted({key for each in stations for key in each.figures.votes})
    header = [
        _("Station"),
        _("Ballots"),
        _("Invalid"),
        _("Without a vote"),
        *(names.get(key, key) for key in voted),
    ]
    lines = (
        [
            " + ".join(i18n.localized(name).text for name in each.names),
            each.figures.ballots,
            each.figures.invalid,
            each.figures.blank,
            *(each.figures.votes.get(key, 0) for key in voted),
        ]
        for each in stations
    )
    return _file(csv_text(header, lines), "text/csv; charset=utf-8", f"{election.code}-result-stations.csv")


@blueprint.get("/elections/<code>/result.json")
@public
def result_json(code: str) -> Response:
    """The whole count: what was counted, lots and result, and what the minutes committed to it with."""
    election, _shown, body = result_file(db.session(), code, i18n.language())
    return _file(iter([body.decode()]), "application/json", f"{election.code}-result.json")


@blueprint.get("/elections/<code>/result.blt")
@public
def result_blt(code: str) -> Response:
    """All ranked ballots, so that anybody can count them again; 404 where ballots rank nobody."""
    election, counted = results.public_input(db.session(), code)
    rule = counted.rule
    if rule.method is not Method.STV:
        raise NotFound("ballots", code[:40])
    text = blt.write(blt.of_tally(counted.tally, rule.seats, election.title.best(election.language).text))
    return _file(iter([text]), "text/plain; charset=utf-8", f"{election.code}-result.blt")


def result_parts(shown: ShownCount, rules: RuleSet) -> Parts:
    """A count as its pages show it, in the language now in force."""
    result, names = shown.result, dict(shown.names)
    return Parts(
        method=str(METHODS[result.method]),
        groups=tuple(_groups(shown, rules)),
        seats=tuple(
            ShownSeat(
                seat.number,
                names.get(seat.where, seat.where),
                names.get(seat.holder, ""),
                seat.vacant,
                tuple(explain_reason(reason, names) for reason in seat.reasons),
            )
            for seat in result.seats
        ),
        shares=tuple((names.get(key, key), seats) for key, seats in result.shares.items()),
        notes=tuple(explain_reason(note, names) for note in result.notes),
        sheet=sheet(result) if result.stages else None,
        stage_reasons=tuple(
            (stage.number, tuple(explain_reason(reason, names) for reason in stage.reasons))
            for stage in result.stages
        ),
    )


def _groups(shown: ShownCount, rules: RuleSet) -> Iterator[ShownGroup]:
    """Groups in the order of the ballot; in each the most votes first."""
    result, names = shown.result, dict(shown.names)
    elected = set(result.elected)
    by_group: dict[str, list[str]] = {group.key: [] for group in rules.groups}
    for key in result.votes:
        by_group.setdefault(shown.groups.get(key, ""), []).append(key)
    longest = max(result.votes.values(), default=0)
    for group, keys in by_group.items():
        keys.sort(key=lambda key: (-result.votes[key], names.get(key, key), key))
        rows = [
            (
                Markup("<bdi>{}</bdi> · <strong>{}</strong>").format(names.get(key, key), _("elected"))
                if key in elected
                else Markup("<bdi>{}</bdi>").format(names.get(key, key)),
                result.votes[key],
                "answered" if key in elected else "quiet",
            )
            for key in keys
        ]
        yield ShownGroup(
            names.get(group, group),
            tuple(bars(rows, total=result.valid or None, longest=longest)),
            _following(shown, group),
        )
    for where in sorted(set(result.successors) - set(by_group)):  # lists, each with its own order
        yield ShownGroup(names.get(where, where), (), _following(shown, where))


def _following(shown: ShownCount, group: str) -> tuple[str, ...]:
    return tuple(_rank(rank, dict(shown.names)) for rank in shown.result.successors.get(group, ()))


def _rank(rank: tuple[str, ...], names: dict[str, str]) -> str:
    people = " · ".join(names.get(key, key) for key in rank)
    if len(rank) == 1:
        return people
    return ngettext(
        "%(people)s (%(num)d equal; a lot decides when a seat falls vacant)",
        "%(people)s (%(num)d equal; a lot decides when a seat falls vacant)",
        len(rank),
        people=people,
    )


def _rows(shown: ShownCount) -> Iterator[list[object]]:
    elected = set(shown.result.elected)
    for key, votes in sorted(shown.result.votes.items(), key=lambda each: (-each[1], each[0])):
        yield [
            key,
            shown.names.get(key, key),
            votes,
            1 if key in elected else 0,
            shown.result.shares.get(key, ""),
        ]


def _file(pieces: Iterator[str], kind: str, name: str) -> Response:
    response = Response("".join(pieces), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
