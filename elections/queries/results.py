"""Results as pages show them: the office's stations, the count, and what the public reads once it is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.localized import Localized
from council.models import SeatClass
from elections.counting.published import tie_purposes
from elections.counting.result import Result, Tie
from elections.counting.rule import Method
from elections.models.elections import Act, Election, Lot
from elections.models.results import Count, Delegate, Station, StationEntry, StationResult, TurnoutReport
from elections.models.roll import RollCommit
from elections.queries.stations import find_station, latest_entries
from elections.queries.tallies import (
    ONLINE,
    Input,
    figures_of,
    gather,
    groups_of,
    names_of,
    options_of,
    reported,
    rules_of,
)
from elections.rules.stages import Stage
from elections.rules.stations import Difference, Figures, differences, published_together

PUBLIC: frozenset[Stage] = frozenset({Stage.PUBLISHED, Stage.CONCLUDED})
"""Stages in which anybody may see how many votes somebody has. In no other."""
VOTING: frozenset[Stage] = frozenset({Stage.VOTING, Stage.INTERRUPTED})


@dataclass(frozen=True, slots=True)
class StationLine:
    """One station in the list: how far it is, and how many ballots it reported; never for whom."""

    key: str
    name: Localized
    place: str
    entered: int
    reconciled: bool
    turnout: int | None
    turnout_on: date | None


@dataclass(frozen=True, slots=True)
class StationPage:
    """One station as one person sees it: one's own figures, and where the two differ once both have entered."""

    station: Station
    options: Mapping[str, str]
    own: Figures | None
    entered: int
    is_mine: bool
    """Whether this person is one of the two, or can still become one."""
    different: tuple[Difference, ...]
    reconciled: bool


@dataclass(frozen=True, slots=True)
class ShownCount:
    """One count with what its page needs. ``purposes`` are the names of the lots of its ties."""

    number: int
    digest: str
    salt: str
    counted_on: date | None
    result: Result
    names: Mapping[str, str]
    groups: Mapping[str, str]
    """Candidate's id -> the group of seats that they stood for, where there are such groups."""
    purposes: Mapping[str, str]
    lots: Mapping[str, Lot]
    current: bool

    @property
    def ballots(self) -> int:
        """Every ballot in the boxes. Blank ones are valid, except where ranked papers are counted alone."""
        blank = self.result.blank if self.result.stages else 0
        return self.result.valid + self.result.invalid + blank

    @property
    def waiting(self) -> tuple[Tie, ...]:
        """Ties that wait for a lot."""
        return self.result.undecided


@dataclass(frozen=True, slots=True)
class StationFigures:
    """What is published of one station, or of several added up. ``votes`` of ranked ballots are first choices.

    ``salts`` open what the minutes committed to for the two entries of one station; empty where more is kept back.
    """

    keys: tuple[str, ...]
    names: tuple[Localized, ...]
    figures: Figures
    salts: tuple[str, ...]


def office_election(session: Session, code: str) -> Election:
    """The election called ``code``, at any stage. Raises NotFound."""
    found = None
    if code.isascii() and code.isprintable():
        found = session.scalars(select(Election).where(Election.code == code)).one_or_none()
    if found is None:
        raise NotFound("election", code[:40])
    return found


def stations_of(session: Session, election: Election) -> list[StationLine]:
    """Every station by its key."""
    entered = (
        select(StationEntry.station_id, func.count(StationEntry.person.distinct()).label("persons"))
        .group_by(StationEntry.station_id)
        .subquery()
    )
    latest = (
        select(TurnoutReport.station_id, func.max(TurnoutReport.number).label("number"))
        .group_by(TurnoutReport.station_id)
        .subquery()
    )
    found = session.execute(
        select(Station, entered.c.persons, StationResult.id, TurnoutReport.ballots, TurnoutReport.reported_on)
        .outerjoin(entered, entered.c.station_id == Station.id)
        .outerjoin(StationResult, StationResult.station_id == Station.id)
        .outerjoin(latest, latest.c.station_id == Station.id)
        .outerjoin(
            TurnoutReport,
            (TurnoutReport.station_id == Station.id) & (TurnoutReport.number == latest.c.number),
        )
        .where(Station.election_id == election.id)
        .order_by(Station.key)
    )
    return [
        StationLine(station.key, station.name, station.place, persons or 0, done is not None, ballots, day)
        for station, persons, done, ballots, day in found
    ]


def station_page(session: Session, election: Election, key: str, account_id: int) -> StationPage:
    """One station as the person ``account_id`` may see it. Raises NotFound.

    The other's figures show only where they differ, and only once both have entered.
    """
    station = find_station(session, election, key)
    latest = latest_entries(session, station)
    own = next((entry for entry in latest.values() if entry.account_id == account_id), None)
    both = len(latest) == 2
    reconciled = session.scalar(select(StationResult.id).where(StationResult.station_id == station.id))
    return StationPage(
        station=station,
        options=options_of(session, election),
        own=figures_of(own) if own else None,
        entered=len(latest),
        is_mine=own is not None or not both,
        different=tuple(differences(figures_of(latest[1]), figures_of(latest[2]))) if both else (),
        reconciled=reconciled is not None,
    )


def delegates_of(session: Session, election: Election) -> list[Delegate]:
    """Whom factions send, by faction."""
    return list(
        session.scalars(
            select(Delegate).where(Delegate.election_id == election.id).order_by(Delegate.organisation)
        )
    )


def delegated_classes(session: Session, election: Election) -> list[SeatClass]:
    """The seat classes that factions send somebody to."""
    return list(
        session.scalars(
            select(SeatClass)
            .where(SeatClass.body_id == election.body_id, SeatClass.way == "delegated")
            .order_by(SeatClass.position)
        )
    )


def last_count(session: Session, election: Election, language: str) -> ShownCount | None:
    """The last count of the election, for whoever may read it, with names in ``language`` where there are any."""
    found = session.execute(
        select(Count, Act.performed_on)
        .join(Act, Act.id == Count.act_id)
        .where(Count.election_id == election.id)
        .order_by(Count.number.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    count, counted_on = found
    result = Result.from_plain(count.result)
    lots = session.scalars(select(Lot).where(Lot.election_id == election.id, Lot.purpose.startswith("tie:")))
    return ShownCount(
        number=count.number,
        digest=count.input_digest,
        salt=count.salt.hex(),
        counted_on=counted_on,
        result=result,
        names=names_of(session, election, language),
        groups=groups_of(session, election),
        purposes=tie_purposes(result.ties),
        lots={lot.purpose: lot for lot in lots},
        current=election.stage in PUBLIC or count.input_digest == gather(session, election).digest,
    )


def public_result(session: Session, code: str, language: str) -> tuple[Election, ShownCount]:
    """The published result. Raises NotFound before it is, whoever asks."""
    election = office_election(session, code)
    shown = last_count(session, election, language) if election.stage in PUBLIC else None
    if shown is None:
        raise NotFound("result", code[:40])
    return election, shown


def public_input(session: Session, code: str) -> tuple[Election, Input]:
    """What was counted in an election whose result is published, for its downloads. Raises NotFound before."""
    election = office_election(session, code)
    if election.stage not in PUBLIC:
        raise NotFound("result", code[:40])
    return election, gather(session, election)


def public_stations(session: Session, code: str) -> tuple[Election, list[StationFigures]]:
    """The stations of an election whose result is published, small ones added up. Raises NotFound before.

    Of ranked ballots only first choices are told: a whole ranking can be as rare as a signature.
    """
    election = office_election(session, code)
    if election.stage not in PUBLIC:
        raise NotFound("result", code[:40])
    found = session.execute(
        select(Station, StationResult)
        .join(StationResult, StationResult.station_id == Station.id)
        .where(Station.election_id == election.id)
    ).all()
    stations = {station.key: station for station, _result in found}
    salts = {
        station.key: tuple(
            session.get_one(StationEntry, id).salt.hex() for id in (result.first_id, result.second_id)
        )
        for station, result in found
    }
    ranked = rules_of(election).counting.method is Method.STV
    told = reported(session, election)
    # What was decrypted stands on the board for everybody, so adding it to others would hide nothing.
    online = {ONLINE: told.pop(ONLINE)} if ONLINE in told else {}
    together = [*published_together(told), *(((key,), figures) for key, figures in online.items())]
    return election, [
        StationFigures(
            keys=keys,
            names=tuple(_place(stations, key) for key in keys),
            figures=replace(figures, votes=_first_choices(figures.votes)) if ranked else figures,
            salts=salts.get(keys[0], ()) if len(keys) == 1 and not ranked else (),
        )
        for keys, figures in together
    ]


def _place(stations: Mapping[str, Station], key: str) -> Localized:
    """Where it was voted: a station's name, or online."""
    return ONLINE_NAME if key == ONLINE else stations[key].name


ONLINE_NAME = Localized.of({"en": "Online", "de": "Online", "ar": "عبر الإنترنت"}, "en")


def _first_choices(rankings: Mapping[str, int]) -> dict[str, int]:
    firsts: Counter[str] = Counter()
    for ranking, number in rankings.items():
        firsts[ranking.partition(" ")[0]] += number
    return dict(firsts)


def public_turnout(session: Session, code: str) -> tuple[Election, int, date | None]:
    """While people vote: the election, all ballots reported so far, and the day of the last report. Raises NotFound."""
    election = office_election(session, code)
    if election.stage not in VOTING:
        raise NotFound("turnout", code[:40])
    lines = stations_of(session, election)
    days = [line.turnout_on for line in lines if line.turnout_on]
    return election, sum(line.turnout or 0 for line in lines), max(days, default=None)


def eligible(session: Session, election: Election) -> int | None:
    """How many people may vote by the commitment to the roll that is in force; None before there is one."""
    return session.scalars(
        select(RollCommit.people)
        .where(RollCommit.election_id == election.id)
        .order_by(RollCommit.number.desc())
        .limit(1)
    ).one_or_none()
