"""Stations, and the last attempt of each of the two persons who enter them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from elections.models.elections import Election
from elections.models.results import Station, StationEntry
from elections.rules.stations import KEY


def find_station(session: Session, election: Election, key: str) -> Station:
    """The station called ``key``. Raises NotFound."""
    station = station_called(session, election, key) if KEY.fullmatch(key) else None
    if station is None:
        raise NotFound("station", key[:40])
    return station


def latest_entries(session: Session, station: Station) -> dict[int, StationEntry]:
    """The last attempt of each of the two persons, by 1 and 2."""
    last = (
        select(StationEntry.person, func.max(StationEntry.attempt).label("attempt"))
        .where(StationEntry.station_id == station.id)
        .group_by(StationEntry.person)
        .subquery()
    )
    found = session.scalars(
        select(StationEntry)
        .join(last, (last.c.person == StationEntry.person) & (last.c.attempt == StationEntry.attempt))
        .where(StationEntry.station_id == station.id)
        .order_by(StationEntry.person)
    )
    return {entry.person: entry for entry in found}


def station_called(session: Session, election: Election, key: str) -> Station | None:
    """The station called ``key``, if there is one."""
    return session.scalars(
        select(Station).where(Station.election_id == election.id, Station.key == key)
    ).one_or_none()
