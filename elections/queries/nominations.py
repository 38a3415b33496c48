"""Nominations as their nominees, supporters and officers read them, and the candidates as everybody does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from core.db import LARGEST_ID, db
from core.errors import NotFound
from core.localized import Localized
from elections import events
from elections.models.candidates import Candidate, CandidateList
from elections.models.elections import Election
from elections.models.nominations import Nomination, Supporter
from elections.rules.nominations import State
from elections.rules.plain_rule_sets import from_plain
from elections.rules.stages import Stage
from followup.queries.debts import Debt, find_debt

HIDDEN_STAGES = frozenset({Stage.PREPARED, Stage.CALLED})
"""In these nobody sees candidates yet."""


@dataclass(frozen=True, slots=True)
class OwnNomination:
    """A nomination with everything that the holder of its code may know."""

    nomination: Nomination
    election: Election
    group: Localized
    supporters: int
    debt: Debt


@dataclass(frozen=True, slots=True)
class Standing:
    """One candidate on the page of candidates and in the booklet. ``place`` is the place on the ballot.

    ``withdrawn_on`` is the day from which they stand no longer: by their own will, or ``struck`` after an objection.
    """

    id: int
    place: int | None
    name: str
    statement: Localized
    withdrawn_on: date | None
    struck: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The candidates of one group of seats or list, in the order of the ballot. ``title`` is empty where there is one."""

    key: str
    title: Localized
    candidates: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One nomination in the office's list."""

    nomination: Nomination
    group: Localized
    supporters: int


def find_own(code_mac: bytes) -> OwnNomination | None:
    """The nomination that belongs to a receipt code, or None."""
    return _own(Nomination.code_mac == code_mac)


def find_supported(link_mac: bytes) -> OwnNomination:
    """The nomination behind a supporters' link. Raises NotFound."""
    found = _own(Nomination.link_mac == link_mac)
    if found is None or found.nomination.state in (State.WITHDRAWN, State.REFUSED):
        raise NotFound("nomination", "link")
    return found


def group_names(election: Election) -> dict[str, Localized]:
    """The groups of seats that one can stand for, by key, in the order of the ballot."""
    return {group.key: group.name for group in from_plain(election.rule_set).groups}


def has_lists(election: Election) -> bool:
    """Whether candidates stand on lists."""
    return from_plain(election.rule_set).counting.apportionment is not None


def lines(session: Session, election: Election) -> list[Line]:
    """Every nomination of the election, by number."""
    groups = group_names(election)
    rows = session.execute(
        select(Nomination, func.count(Supporter.id))
        .outerjoin(Supporter, Supporter.nomination_id == Nomination.id)
        .where(Nomination.election_id == election.id)
        .group_by(Nomination.id)
        .order_by(Nomination.number)
    )
    return [Line(each, _group(groups, each), count) for each, count in rows]


def find_nomination(session: Session, election: Election, number: int) -> Nomination:
    """One nomination by its register number. Raises NotFound."""
    found = session.scalars(
        select(Nomination).where(Nomination.election_id == election.id, Nomination.number == number)
    ).one_or_none()
    if found is None:
        raise NotFound("nomination", number)
    return found


def wait_for_decision(session: Session, ids: Sequence[int]) -> Collection[int]:
    """Which of these nominations are still to be decided, so that their answer is the decision's own."""
    undecided = (State.RECEIVED.value, State.MENDING.value, State.PREPARED.value)
    return session.scalars(
        select(Nomination.id).where(Nomination.id.in_(ids), Nomination.state.in_(undecided))
    ).all()


def candidates_shown(election: Election) -> bool:
    """Whether the public sees the candidates."""
    return Stage(election.stage) not in HIDDEN_STAGES


def sections(session: Session, election: Election) -> list[Section]:
    """All candidates by group or list, in the order of the ballot.

    Whoever left before they had a place on it was never public, and is not named.
    """
    everybody = session.execute(
        select(Candidate, Nomination.state)
        .outerjoin(Nomination, Nomination.candidate_id == Candidate.id)
        .where(
            Candidate.election_id == election.id,
            or_(Candidate.withdrawn_on.is_(None), Candidate.position.is_not(None)),
        )
        .order_by(Candidate.position, Candidate.id)
    ).all()
    lists = session.scalars(
        select(CandidateList)
        .where(CandidateList.election_id == election.id)
        .order_by(CandidateList.position, CandidateList.id)
    ).all()
    found = [
        Section(
            each.key, Localized.original(election.language, each.name), _standing(everybody, each.id, None)
        )
        for each in lists
    ]
    groups = group_names(election)
    found += [Section(key, name, _standing(everybody, None, key)) for key, name in groups.items()]
    if not groups:
        found.append(Section("", Localized(), _standing(everybody, None, None)))
    return [each for each in found if each.candidates]


def find_candidate(session: Session, election: Election, candidate_id: int) -> tuple[Section, Standing]:
    """One candidate with the section they stand in. Raises NotFound, also before candidates are published."""
    if candidates_shown(election) and candidate_id <= LARGEST_ID:
        for section in sections(session, election):
            for each in section.candidates:
                if each.id == candidate_id:
                    return section, each
    raise NotFound("candidate", candidate_id)


def _standing(
    everybody: Sequence[Row[Candidate, str]], list_id: int | None, group: str | None
) -> tuple[Standing, ...]:
    return tuple(
        Standing(each.id, each.position, each.name, each.statement, each.withdrawn_on, state == State.REFUSED)
        for each, state in everybody
        if each.list_id == list_id and (list_id is not None or each.group_key == group)
    )


def _own(which: object) -> OwnNomination | None:
    row = db.session.execute(
        select(Nomination, Election).join(Election, Election.id == Nomination.election_id).where(which)  # type: ignore[arg-type]
    ).one_or_none()
    if row is None:
        return None
    nomination, election = row
    count = select(func.count()).where(Supporter.nomination_id == nomination.id)
    return OwnNomination(
        nomination=nomination,
        election=election,
        group=_group(group_names(election), nomination),
        supporters=db.session.scalar(count) or 0,
        debt=find_debt(db.session(), events.NOMINATION, nomination.id),
    )


def _group(groups: dict[str, Localized], nomination: Nomination) -> Localized:
    if nomination.list_name:
        return Localized.original(nomination.language, nomination.list_name)
    return groups.get(nomination.group_key or "", Localized())
