"""What the demo's polling places report, the lot for a tie, an objection, and whom the factions of the city council send."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core import audit
from core.db import db
from council.models import Member
from council.rules import Office
from council.services.vacancies import elect_office
from elections.counting.published import tie_purposes
from elections.counting.result import Result
from elections.models.candidates import Candidate
from elections.models.elections import Election
from elections.models.objections import Objection
from elections.models.results import Count
from elections.rules.lots import Way
from elections.rules.objections import Effect
from elections.rules.stations import Figures
from elections.services import lots, stations
from elections.services.objections import NewObjection, decide_effect, object_to


def add_stations(code: str, facts: Mapping[str, Any], actor: audit.Actor) -> None:
    """The places where people vote."""
    for each in facts["stations"]:
        stations.add_station(code, each["key"], each["name"][facts["language"]], each["place"], actor)


def report_turnout(code: str, facts: Mapping[str, Any], share: int, actor: audit.Actor) -> None:
    """Every place tells how many ballots it has; ``share`` of a hundred have come so far."""
    for each in facts["stations"]:
        stations.report_turnout(code, each["key"], each["ballots"] * share // 100, actor)


def enter_results(code: str, facts: Mapping[str, Any], persons: Sequence[audit.Actor]) -> None:
    """Two persons enter the figures of every place. The second misreads one of the first place's, and corrects it."""
    ids = _candidates(code)
    for place, station in enumerate(facts["stations"]):
        votes = {ids[each["name"]]: each["votes"][place] for each in facts["candidates"]}
        figures = Figures(votes, station["ballots"], station["invalid"])
        first, second = persons
        stations.enter_station_results(code, station["key"], figures, first)
        if place == 0:
            misread = Figures(votes, station["ballots"], station["invalid"] + 1)
            stations.enter_station_results(code, station["key"], misread, second)
        stations.enter_station_results(code, station["key"], figures, second)


def announce_ties(code: str, source: str, actor: audit.Actor) -> None:
    """Say in public how the lot for each tie of the last count will be drawn."""
    for purpose, _names in _ties(code):
        lots.announce_lot(code, purpose, Way.HAND, source, actor)


def draw_ties(code: str, witnesses: str, actor: audit.Actor) -> None:
    """Enter how the lots came out."""
    for purpose, names in _ties(code):
        lots.draw_lot(code, purpose, names, actor, order=names[::-1], witnesses=witnesses)


def name_delegates(code: str, council: Mapping[str, Any], actor: audit.Actor) -> None:
    """Each faction says whom it sends."""
    for each in council["delegates"]:
        stations.name_delegate(code, council["factions"]["key"], each["faction"], each["name"], actor)


def object_to_result(code: str, objection: Mapping[str, Any]) -> None:
    """Somebody objects, without an account."""
    words = {name: objection[name] for name in ("matter", "ground", "text", "language")}
    object_to(code, secrets.token_hex(16), NewObjection(**words))


def let_stand(code: str, number: int, actor: audit.Actor) -> None:
    """Record that nothing follows from the objection with this number."""
    objection_id = db.session.scalars(
        select(Objection.id)
        .join(Election, Election.id == Objection.election_id)
        .where(Election.code == code, Objection.number == number)
    ).one()
    decide_effect(objection_id, Effect.NONE, actor)


def elect_chair(names: Mapping[str, str], actor: audit.Actor) -> None:
    """The council chooses who chairs it; ``names`` by office."""
    for office, name in names.items():
        member = db.session.scalars(select(Member.id).where(Member.name == name)).one()
        elect_office(member, Office(office), actor)


def _candidates(code: str) -> dict[str, str]:
    """Name -> id, as a station's figures call them."""
    rows = db.session.execute(
        select(Candidate.name, Candidate.id)
        .join(Election, Election.id == Candidate.election_id)
        .where(Election.code == code)
    )
    return {name: str(id_) for name, id_ in rows}


def _ties(code: str) -> list[tuple[str, tuple[str, ...]]]:
    """The lots that the last count waits for: what each is called, and between whom."""
    last = (
        select(Count.result)
        .join(Election, Election.id == Count.election_id)
        .where(Election.code == code)
        .order_by(Count.number.desc())
        .limit(1)
    )
    result = Result.from_plain(db.session.scalars(last).one())
    purposes = tie_purposes(result.ties)
    return [(purposes[tie.key], tie.names) for tie in result.undecided]
