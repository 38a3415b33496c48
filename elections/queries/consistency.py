"""Whether elections, nominations, candidates, station entries and counts are what the minutes in their chains say."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core import audit
from core.audit import AuditEntry, Chain
from elections import events
from elections.models.candidates import Candidate
from elections.models.elections import Election
from elections.models.nominations import Nomination
from elections.models.results import Count, Station, StationEntry
from elections.queries.tallies import count_commitment, figures_of
from elections.rules.nominations import State
from elections.rules.stages import WAY, ActKind, Stage
from followup.models import Register
from followup.queries.chain import links
from followup.queries.consistency import Mismatch

DECIDED = {
    events.NOMINATION_ADMIT: State.ADMITTED,
    events.NOMINATION_REFUSE: State.REFUSED,
    events.NOMINATION_WITHDRAW: State.WITHDRAWN,
}
"""What an entry makes of a nomination, until a later one says otherwise."""


def mismatches(session: Session, broken: Collection[str] = ()) -> Iterator[Mismatch]:
    """Every election whose recorded acts do not lead to the stage it stands at, or whose recorded decisions do not lead to
    those who stand.

    Reasons: ``stage`` (an act was performed out of its place, or the stage was moved without an entry), ``decision`` (a
    nomination is decided otherwise than recorded), ``ballot`` (a candidate stands who should not, or does not who should),
    ``figures`` (an entry of a station is not the one that was committed to), ``counted`` (a count is not).
    """
    found = session.execute(select(Register, Election).join(Election, Election.register_id == Register.id))
    for register, election in found.all():
        if register.chain in broken:
            continue
        if _stage_by_minutes(session, register.chain) != election.stage:
            yield Mismatch(register.code, 0, "stage")
        elif wrong := _wrong_decision(session, election.id, register.chain):
            yield Mismatch(register.code, *wrong)
        elif reason := _wrong_figures(session, election.id, register.chain):
            yield Mismatch(register.code, 0, reason)


def _stage_by_minutes(session: Session, chain: str) -> Stage | None:
    """Where the acts of a chain lead from the beginning; None where one of them could not be done when it was."""
    facts = session.scalars(
        select(AuditEntry.facts)
        .join(Chain, Chain.id == AuditEntry.chain_id)
        .where(Chain.name == chain, AuditEntry.tag == events.ACT_PERFORM)
        .order_by(AuditEntry.sequence)
    )
    stage: Stage | None = Stage.PREPARED
    for recorded in facts:
        if stage is not None:
            stage = WAY.get((stage, ActKind(json.loads(recorded)["act"])))
    return stage


def _wrong_decision(session: Session, election_id: int, chain: str) -> tuple[int, str] | None:
    """The first nomination that is not as its last entry has it, with the reason; None where all are."""
    recorded = {link.subject_id: DECIDED[link.tag] for link in links(session, chain) if link.tag in DECIDED}
    stands = exists().where(Candidate.id == Nomination.candidate_id, Candidate.withdrawn_on.is_(None))
    rows = session.execute(
        select(Nomination.id, Nomination.number, Nomination.state, stands)
        .where(Nomination.election_id == election_id)
        .order_by(Nomination.number)
    )
    for id, number, state, on_ballot in rows:
        decided = state if state in DECIDED.values() else None
        if decided != recorded.get(id):
            return number, "decision"
        if (state == State.ADMITTED) != on_ballot:
            return number, "ballot"
    return None


def _wrong_figures(session: Session, election_id: int, chain: str) -> str:
    """Whether stored entries and counts are not those that were committed to; empty where they are.

    The chain holds no figures: its commitments are opened with the salts that the database keeps.
    """
    entered, counted = set(), set()
    for link in links(session, chain):
        facts = link.facts
        if link.tag == events.STATION_ENTER:
            entered.add(tuple(facts.get(name) for name in ("station", "person", "attempt", "commitment")))
        elif link.tag == events.ACT_PERFORM and facts.get("act") == ActKind.COUNT and facts.get("outcome"):
            counted.add(tuple(facts["outcome"].get(name) for name in ("count", "commitment")))
    entries = session.execute(
        select(Station.key, StationEntry)
        .join(StationEntry, StationEntry.station_id == Station.id)
        .where(Station.election_id == election_id)
    )
    stored = {
        (key, each.person, each.attempt, audit.commit_to(each.salt, figures_of(each).to_plain()))
        for key, each in entries
    }
    if stored != entered:
        return "figures"
    counts = session.scalars(select(Count).where(Count.election_id == election_id))
    return "" if {(each.number, count_commitment(each)) for each in counts} == counted else "counted"
