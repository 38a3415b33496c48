"""From the stations' figures to a seated council: count, find, approve, publish.

Looks and effects of the acts, called inside their transactions. Nothing here says in the minutes how many votes anybody
has: a count is committed to with a salt, which is published together with the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from council.models import SeatClass
from council.services.seating import NewMember, NewSuccessor, reseat_council, seat_council
from elections import events
from elections.counting.published import tie_purposes
from elections.counting.result import Result
from elections.models.candidates import Candidate, CandidateList
from elections.models.elections import Act, Election
from elections.models.results import Count, Delegate, Station, StationEntry, StationResult
from elections.models.urn import Urn
from elections.queries.tallies import count_commitment, gather, names_of, rules_of
from elections.rules import paper
from elections.rules.checklists import Check
from elections.rules.urn import UrnState
from elections.services.audit_bundles import order_bundle
from elections.services.roll.paper import asked
from followup.models import Register

Facts = Mapping[str, Any]


# Count -----------------------------------------------------------------------------------------------------------


def before_count(session: Session, election: Election, _facts: Facts) -> list[Check]:
    """Every station has figures on which two persons agree, and the urn, where there is one, is opened."""
    stations = session.scalar(
        select(func.count()).select_from(Station).where(Station.election_id == election.id)
    )
    done = session.scalar(
        select(func.count())
        .select_from(StationResult)
        .join(Station, Station.id == StationResult.station_id)
        .where(Station.election_id == election.id)
    )
    stations, done = stations or 0, done or 0
    urn = session.scalar(select(Urn.state).where(Urn.election_id == election.id))
    checks = [Check("urn_opened", urn == UrnState.OPENED)] if urn else [Check("stations_there", stations > 0)]
    if stations or not urn:
        agreed = stations > 0 and done == stations
        parameters = {"done": done, "stations": stations}
        checks.append(Check("stations_reconciled", agreed, parameters=parameters))
    if urn and stations:
        checks += paper.counting(_paper_ballots(session, election), asked(session, election))
    return checks


def _paper_ballots(session: Session, election: Election) -> int:
    """All ballots of all stations on which two persons agree."""
    found = (
        select(func.sum(StationEntry.ballots))
        .join(StationResult, StationResult.first_id == StationEntry.id)
        .join(Station, Station.id == StationResult.station_id)
        .where(Station.election_id == election.id)
    )
    return int(session.scalar(found) or 0)


def count_votes(
    session: Session, election: Election, _register: Register, act: Act, _actor: audit.Actor
) -> Facts:
    """Count and keep the count, complete or not. Its outcome names the lots that must be drawn, and commits to the rest.

    Raises what ``elections.counting.count.count`` raises.
    """
    found = gather(session, election)
    result = found.count()
    last = session.scalar(select(func.max(Count.number)).where(Count.election_id == election.id))
    count = Count(
        election_id=election.id,
        act_id=act.id,
        number=(last or 0) + 1,
        input_digest=found.digest,
        result=result.to_plain(),
        complete=result.complete,
        salt=audit.new_salt(),
    )
    session.add(count)
    session.flush()
    purposes = tie_purposes(result.ties)
    return {
        "count": count.number,
        "complete": result.complete,
        "lots": [purposes[tie.key] for tie in result.undecided],
        "commitment": count_commitment(count),
    }


def latest_count(session: Session, election: Election) -> Count | None:
    """The last count, if there was one."""
    return session.scalars(
        select(Count).where(Count.election_id == election.id).order_by(Count.number.desc()).limit(1)
    ).one_or_none()


# Find, approve, publish --------------------------------------------------------------------------------------------


def before_finding(session: Session, election: Election, _facts: Facts) -> list[Check]:
    """The last count has come to its end, and nothing that it was made from has changed since."""
    count = latest_count(session, election)
    return [
        Check("count_complete", count is not None and count.complete),
        Check("count_current", count is not None and count.input_digest == gather(session, election).digest),
    ]


def find_result(
    session: Session, election: Election, _register: Register, _act: Act, _actor: audit.Actor
) -> Facts:
    """The board finds one count, named by its number and what the minutes committed to it with."""
    count = latest_count(session, election)
    assert count is not None  # its checklist asked
    return {"count": count.number, "commitment": count_commitment(count)}


def before_approval(session: Session, election: Election, facts: Facts) -> list[Check]:
    """The day on which the city council decided, not before the board found and not in the future.

    Nothing while nobody has said which day.
    """
    if not facts:
        return []
    found_on = session.scalar(
        select(func.max(Act.performed_on)).where(Act.election_id == election.id, Act.kind == "find")
    )
    decided_on = _day(facts.get("decided_on"))
    in_time = decided_on is not None and (found_on or decided_on) <= decided_on <= clock.today()
    return [Check("decision_day", in_time)]


def before_publication(session: Session, election: Election, _facts: Facts) -> list[Check]:
    """Every seat of the result has a seat class; delegates are better named before, but can follow."""
    count = latest_count(session, election)
    classes = _elected_classes(session, election)
    wanted = [seat["where"] for seat in count.result["seats"]] if count else []
    delegates = session.scalar(
        select(func.count()).select_from(Delegate).where(Delegate.election_id == election.id)
    )
    checks = [Check("seats_known", all(_class_of(classes, where) for where in wanted))]
    if rules_of(election).delegated:
        checks.append(
            Check("delegates_named", bool(delegates), needed=False, parameters={"count": delegates or 0})
        )
    return checks


def publish_result(
    session: Session, election: Election, _register: Register, _act: Act, actor: audit.Actor
) -> Facts:
    """Publish the result that was found, and seat the council in the same transaction.

    A result that was sent back after it was published, and counted anew, replaces whom the earlier one seated. Raises
    what ``council.services.seating.seat_council`` and ``reseat_council`` raise.
    """
    count = latest_count(session, election)
    assert count is not None  # its checklist asked when it was found
    result = Result.from_plain(count.result)
    names = names_of(session, election, election.language)
    classes, lists = _elected_classes(session, election), _lists_of(session, election)
    members = [
        NewMember(
            _class_of(classes, seat.where),
            names[seat.holder],
            organisation=lists.get(seat.holder),
            source_kind=events.CANDIDATE,
            source_id=int(seat.holder),
        )
        for seat in result.seats
        if seat.holder
    ]
    members += [
        NewMember(
            each.seat_class_key,
            each.name,
            organisation=each.organisation,
            source_kind=events.DELEGATE,
            source_id=each.id,
        )
        for each in session.scalars(
            select(Delegate)
            .where(Delegate.election_id == election.id)
            .order_by(Delegate.seat_class_key, Delegate.organisation)
        )
    ]
    successors = _successors(result, classes, names)
    begins_on, ends_on = election.term_begins_on, election.term_ends_on
    if election.published_on is None:
        seat_council(session, election.body_id, begins_on, ends_on, members, successors, actor)
    else:
        reseat_council(session, election.body_id, begins_on, members, successors, actor)
    election.published_on = clock.today()
    session.flush()
    order_bundle(session, election.id, count.number)
    return {"count": count.number, "commitment": count_commitment(count), "members": len(members)}


def _successors(result: Result, classes: Sequence[str], names: Mapping[str, str]) -> list[NewSuccessor]:
    """In each seat class by rank. Equals share one, and the ranks after them count on from all who stand before."""
    found = []
    places: dict[str, int] = {}
    for where in sorted(result.successors):
        key = _class_of(classes, where)
        for rank in result.successors[where]:
            place = places.get(key, 0) + 1
            places[key] = place + len(rank) - 1
            found += [
                NewSuccessor(
                    key,
                    place,
                    names[who],
                    votes=_whole_votes(result, who),
                    tied=len(rank) > 1,
                    source_kind=events.CANDIDATE,
                    source_id=int(who),
                )
                for who in rank
            ]
    return found


def _whole_votes(result: Result, who: str) -> int | None:
    """Votes of a transferable vote are parts of votes, and say nothing about who follows."""
    return None if result.stages else result.votes.get(who)


def _lists_of(session: Session, election: Election) -> dict[str, str]:
    """Candidate's id -> the list that they stand on, where there are lists."""
    found = session.execute(
        select(Candidate.id, CandidateList.name)
        .join(CandidateList, CandidateList.id == Candidate.list_id)
        .where(Candidate.election_id == election.id)
    )
    return {str(who): name for who, name in found}


def _elected_classes(session: Session, election: Election) -> list[str]:
    return list(
        session.scalars(
            select(SeatClass.key)
            .where(SeatClass.body_id == election.body_id, SeatClass.way == "elected")
            .order_by(SeatClass.position)
        )
    )


def _class_of(classes: Sequence[str], where: str) -> str:
    """The seat class of a group of seats; seats of lists, or of the whole, go to the only elected class there is."""
    if where in classes:
        return where
    return classes[0] if len(classes) == 1 else ""


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
