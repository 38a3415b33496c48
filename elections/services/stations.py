"""Station results: two persons enter apart, and a station is done when they agree.

The second person sees nothing of the first's figures before entering their own. The minutes hold a commitment to the
figures, never the figures: they are public only together with the result.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import write
from core.errors import Conflict, DomainError
from core.localized import Localized, clean
from council.models import SeatClass
from elections import events
from elections.models.results import Delegate, Station, StationEntry, StationResult, TurnoutReport
from elections.queries.stations import find_station, latest_entries, station_called
from elections.queries.tallies import figures_of, options_of, rules_of
from elections.rules import stations as rules
from elections.rules.stages import Stage
from elections.rules.stations import Figures
from elections.services.elections import lock_election


def add_station(code: str, key: str, name: str, place: str, actor: audit.Actor) -> int:
    """Add a station; return its id. ``key`` names it in addresses and in the count.

    Raises NotFound, what ``rules.check_station`` raises, ``stations_closed`` once votes were counted, or Conflict
    ``station_taken``.
    """
    key, name, place = clean(key), clean(name), clean(place)
    rules.check_station(key, name, place)
    with write() as session:
        election, register = lock_election(session, code)
        rules.check_stage(Stage(election.stage), rules.ADDING, "stations_closed")
        if station_called(session, election, key) is not None:
            raise Conflict("station_taken")
        station = Station(
            election_id=election.id, key=key, name=Localized.original(election.language, name), place=place
        )
        session.add(station)
        session.flush()
        facts = {"station": key, "name": station.name.dump(), "place": place}
        entry = audit.Entry(events.STATION_ADD, events.STATION, station.id, facts)
        audit.append(session, register.chain, [entry], actor)
        return station.id


def enter_station_results(code: str, key: str, figures: Figures, actor: audit.Actor) -> bool:
    """Enter, or correct, one's own figures of a station; return whether both persons agree now.

    The first two persons to enter are the two; each corrects only their own entry. Raises NotFound,
    ``entering_closed``, Conflict ``station_two_entered``, or what ``rules.check_figures`` raises.
    """
    with write() as session:
        election, register = lock_election(session, code)
        station = find_station(session, election, key)
        rules.check_stage(Stage(election.stage), rules.ENTERING, "entering_closed")
        latest = latest_entries(session, station)
        own = next((entry for entry in latest.values() if entry.account_id == actor.account_id), None)
        if own is None and len(latest) == 2:
            raise Conflict("station_two_entered")
        rule_set = rules_of(election)
        rules.check_figures(
            figures, rule_set.counting, options_of(session, election), rule_set.minimum_paper_ballots
        )
        if own is not None and figures_of(own).to_plain() == figures.to_plain():
            return _agreed(session, station)
        entry = StationEntry(
            station_id=station.id,
            person=own.person if own else len(latest) + 1,
            account_id=actor.account_id,
            attempt=own.attempt + 1 if own else 1,
            votes=dict(sorted(figures.votes.items())),
            ballots=figures.ballots,
            invalid=figures.invalid,
            blank=figures.blank,
            entered_on=clock.today(),
            salt=audit.new_salt(),
        )
        session.add(entry)
        session.flush()
        facts: dict[str, object] = {
            "station": station.key,
            "person": entry.person,
            "attempt": entry.attempt,
            "commitment": audit.commit_to(entry.salt, figures.to_plain()),
        }
        entries = [audit.Entry(events.STATION_ENTER, events.STATION, station.id, facts)]
        if _settle(session, station, {**latest, entry.person: entry}, actor):
            done = {"station": station.key}
            entries.append(audit.Entry(events.STATION_RECONCILE, events.STATION, station.id, done))
        audit.append(session, register.chain, entries, actor)
        return len(entries) > 1


def report_turnout(code: str, key: str, ballots: int, actor: audit.Actor) -> None:
    """Report how many ballots a station has received so far, while people vote.

    Raises NotFound, ``turnout_closed``, or what ``rules.check_turnout`` raises.
    """
    with write() as session:
        election, register = lock_election(session, code)
        station = find_station(session, election, key)
        rules.check_stage(Stage(election.stage), rules.REPORTING, "turnout_closed")
        last = session.scalars(
            select(TurnoutReport)
            .where(TurnoutReport.station_id == station.id)
            .order_by(TurnoutReport.number.desc())
            .limit(1)
        ).one_or_none()
        rules.check_turnout(ballots, last.ballots if last else 0)
        report = TurnoutReport(
            station_id=station.id,
            number=last.number + 1 if last else 1,
            reported_on=clock.today(),
            ballots=ballots,
        )
        session.add(report)
        session.flush()
        facts = {"station": station.key, "ballots": ballots}
        entry = audit.Entry(events.TURNOUT_REPORT, events.STATION, station.id, facts)
        audit.append(session, register.chain, [entry], actor)


def name_delegate(code: str, seat_class: str, organisation: str, name: str, actor: audit.Actor) -> int:
    """Record whom a faction sends; return the row's id. The same faction again replaces whom it named before.

    Raises NotFound, ``delegates_closed``, ``seat_class_not_delegated``, or what ``rules.check_delegate`` raises.
    """
    organisation, name = clean(organisation), clean(name)
    rules.check_delegate(organisation, name)
    with write() as session:
        election, register = lock_election(session, code)
        rules.check_stage(Stage(election.stage), rules.DELEGATING, "delegates_closed")
        known = select(SeatClass.key).where(
            SeatClass.body_id == election.body_id, SeatClass.way == "delegated"
        )
        if seat_class not in set(session.scalars(known)):
            raise DomainError("seat_class_not_delegated")
        delegate = session.scalars(
            select(Delegate).where(
                Delegate.election_id == election.id,
                Delegate.seat_class_key == seat_class,
                Delegate.organisation == organisation,
            )
        ).one_or_none()
        if delegate is None:
            delegate = Delegate(election_id=election.id, seat_class_key=seat_class, organisation=organisation)
            session.add(delegate)
        delegate.name, delegate.named_on = name, clock.today()
        session.flush()
        facts = {"seat_class": seat_class, "organisation": organisation}
        entry = audit.Entry(events.DELEGATE_NAME, events.DELEGATE, delegate.id, facts)
        audit.append(session, register.chain, [entry], actor)
        return delegate.id


def _agreed(session: Session, station: Station) -> bool:
    found = select(StationResult.id).where(StationResult.station_id == station.id)
    return session.scalar(found) is not None


def _settle(session: Session, station: Station, latest: dict[int, StationEntry], actor: audit.Actor) -> bool:
    """Whether the two entries are equal; the station's result follows from that alone."""
    before = session.scalars(
        select(StationResult).where(StationResult.station_id == station.id)
    ).one_or_none()
    if before is not None:
        session.delete(before)
        session.flush()
    if len(latest) < 2 or rules.differences(figures_of(latest[1]), figures_of(latest[2])):
        return False
    session.add(
        StationResult(
            station_id=station.id,
            first_id=latest[1].id,
            second_id=latest[2].id,
            reconciled_on=clock.today(),
            reconciled_by=actor.account_id,
        )
    )
    session.flush()
    return True
