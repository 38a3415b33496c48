"""The order of the ballot by public lot, and what must be done before the candidates are published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import write
from core.errors import Conflict
from elections.models.candidates import Candidate, CandidateList
from elections.models.elections import Election
from elections.models.nominations import Nomination
from elections.rules.checklists import Check
from elections.rules.deadlines import Step, read_timetable
from elections.rules.lots import ballot_purpose
from elections.rules.nominations import UNDECIDED
from elections.rules.plain_rule_sets import from_plain
from elections.services.elections import lock_election
from elections.services.lots import draw_within


def draw_ballot_order(
    code: str,
    group: str,
    actor: audit.Actor,
    *,
    seed: str = "",
    order: Sequence[str] = (),
    witnesses: str = "",
) -> tuple[str, ...]:
    """Draw the order of one group's candidates (``group`` empty: of all, or of the lists), and give them their places.

    Items are candidates' ids, or lists' keys. The lot must be announced (``lots.announce_lot`` with
    ``ballot_purpose(group)``), and no nomination may be undecided. Raises ``lot_too_early`` (``count``) and what
    ``lots.draw_lot`` raises.
    """
    with write() as session:
        election, register = lock_election(session, code)
        undecided = _undecided(session, election)
        if undecided:
            raise Conflict("lot_too_early", count=undecided)
        standing = _standing(session, election).get(group, {})
        lot, entry = draw_within(
            session,
            election,
            ballot_purpose(group),
            list(standing),
            seed=seed,
            order=order,
            witnesses=witnesses,
        )
        for place, item in enumerate(lot.drawn or (), start=1):
            standing[item].position = place
        session.flush()
        audit.append(session, register.chain, [entry], actor)
        return tuple(lot.drawn or ())


def give_single_places(session: Session, election: Election) -> None:
    """The only candidate of a group has the first place without a lot; inside the caller's transaction."""
    for standing in _standing(session, election).values():
        if len(standing) == 1:
            for each in standing.values():
                each.position = each.position or 1
    session.flush()


def ballot_looks(session: Session, election: Election, _facts: Mapping[str, Any]) -> list[Check]:
    """What must be there before the candidates are published."""
    timetable = read_timetable(election.timetable)
    undecided = _undecided(session, election)
    groups = _standing(session, election)
    undrawn = [key for key in undrawn_groups(session, election) if len(groups[key]) > 1]
    seats = from_plain(election.rule_set).counting.seats
    standing = session.scalar(
        select(func.count()).where(Candidate.election_id == election.id, Candidate.withdrawn_on.is_(None))
    )
    day = timetable[Step.MENDING_CLOSES]
    return [
        Check("nominations_decided", not undecided, parameters={"count": undecided}),
        Check("mending_over", clock.today() > day, parameters={"day": day}),
        Check("ballot_order_drawn", not undrawn, parameters={"groups": undrawn}),
        Check("candidates_stand", bool(standing)),
        Check(
            "candidates_enough",
            (standing or 0) >= seats,
            needed=False,
            parameters={"count": standing or 0, "seats": seats},
        ),
    ]


def lot_keys(election: Election) -> list[str]:
    """The groups whose order is drawn apart; the empty key where there are none, or lists."""
    return [group.key for group in from_plain(election.rule_set).groups] or [""]


def standing_names(session: Session, election: Election) -> dict[str, list[tuple[str, str]]]:
    """What each lot is drawn among: item and name."""
    return {
        key: [(item, each.name) for item, each in standing.items()]
        for key, standing in _standing(session, election).items()
    }


def undrawn_groups(session: Session, election: Election) -> list[str]:
    """Groups of which somebody has no place on the ballot yet; the empty key where there are none."""
    return [
        key
        for key, standing in _standing(session, election).items()
        if any(each.position is None for each in standing.values())
    ]


def _undecided(session: Session, election: Election) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                Nomination.election_id == election.id,
                Nomination.state.in_([state.value for state in UNDECIDED]),
            )
        )
        or 0
    )


def _standing(session: Session, election: Election) -> dict[str, dict[str, Candidate | CandidateList]]:
    """Who is put in order by which lot: candidates by id in each group, or lists by key."""
    candidates = session.scalars(
        select(Candidate)
        .where(Candidate.election_id == election.id, Candidate.withdrawn_on.is_(None))
        .order_by(Candidate.id)
    ).all()
    groups: dict[str, dict[str, Candidate | CandidateList]] = {}
    for each in candidates:
        if each.list_id is None:
            groups.setdefault(each.group_key or "", {})[str(each.id)] = each
    listed = {each.list_id for each in candidates if each.list_id is not None}
    for each_list in session.scalars(
        select(CandidateList).where(CandidateList.id.in_(listed)).order_by(CandidateList.id)
    ):
        groups.setdefault("", {})[each_list.key] = each_list
    return groups
