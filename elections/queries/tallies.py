"""What a count is made from: who stands, what the stations reported together, and the lots that were drawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core import audit
from core.audit import canonical
from elections.ballot.chain import Kind, read_sized_tally
from elections.counting.lots import DecidedBy
from elections.counting.published import TIE, TieLot, count_with
from elections.counting.result import Result
from elections.counting.rule import CountingRule, Method
from elections.counting.tally import Ballot, Candidate, CandidateList, Tally, together
from elections.models import candidates as standing
from elections.models.elections import Election, Lot
from elections.models.results import Count, Station, StationEntry, StationResult
from elections.models.urn import Urn, UrnEvent
from elections.rules import plain_rule_sets
from elections.rules.rule_sets import RuleSet
from elections.rules.stations import Figures

ONLINE = "urn:online"
"""The key of the urn among the stations. No station can be called so."""


@dataclass(frozen=True, slots=True)
class Input:
    """All that a count is made from; ``digest`` is the same whatever the order of rows."""

    rule: CountingRule
    tally: Tally
    lots: tuple[Lot, ...]
    digest: str

    def count(self) -> Result:
        """Count, with the lots that were drawn for its ties. Raises what ``elections.counting.count.count`` raises."""
        return count_with(self.rule, self.tally, self.tie_lots)

    @property
    def tie_lots(self) -> tuple[TieLot, ...]:
        """The lots as a count needs them."""
        return tuple(
            TieLot(lot.purpose, DecidedBy(lot.way), tuple(lot.drawn or ()), lot.seed or "")
            for lot in self.lots
        )


def rules_of(election: Election) -> RuleSet:
    """The rule set that this election keeps."""
    return plain_rule_sets.from_plain(election.rule_set)


def options_of(session: Session, election: Election) -> dict[str, str]:
    """Whom one can vote for, in the order of the ballot: id (of a list: key) -> name."""
    if rules_of(election).counting.method is Method.LISTS:
        return {each.key: each.name for each in _lists(session, election)}
    return {str(each.id): each.name for each in _candidates(session, election)}


def names_of(session: Session, election: Election, language: str) -> dict[str, str]:
    """Names of all that a result names by an id: candidates, lists, groups of seats and of quotas."""
    rules = rules_of(election)
    names = {group.key: group.name.best(language).text for group in (*rules.groups, *rules.quota_groups)}
    names |= {each.key: each.name for each in _lists(session, election)}
    return names | {str(each.id): each.name for each in _candidates(session, election, withdrawn=True)}


def groups_of(session: Session, election: Election) -> dict[str, str]:
    """Candidate's id -> group of seats, where the rule counts by groups."""
    counted = rules_of(election).counting.seats_per_group
    people = _candidates(session, election, withdrawn=True)
    return {str(each.id): each.group_key for each in people if each.group_key and each.group_key in counted}


def gather(session: Session, election: Election) -> Input:
    """Everything that a count of ``election`` is made from, as it is now."""
    rule = rules_of(election).counting
    lists = _lists(session, election)
    keys = {each.id: each.key for each in lists}
    people = tuple(
        Candidate(
            str(each.id),
            each.name,
            group=each.group_key or "",
            list=keys.get(each.list_id or 0, ""),
            position=each.position or 0,
            quota_group=each.quota_group or "",
        )
        for each in _candidates(session, election)
    )
    base = Tally(people, lists=tuple(CandidateList(each.key, each.name) for each in lists))
    stations = reported(session, election)
    tally = together(base, [_part(figures, rule) for figures in stations.values()])
    lots = tuple(
        session.scalars(
            select(Lot)
            .where(
                Lot.election_id == election.id, Lot.purpose.startswith(f"{TIE}:"), Lot.drawn_on.is_not(None)
            )
            .order_by(Lot.purpose)
        )
    )
    facts = {
        "rule": rule.to_plain(),
        "candidates": sorted([c.id, c.name, c.group, c.list, c.position, c.quota_group] for c in people),
        "lists": sorted([each.id, each.name] for each in base.lists),
        "stations": {key: figures.to_plain() for key, figures in sorted(stations.items())},
        "lots": [[lot.purpose, lot.way, lot.seed or "", lot.drawn] for lot in lots],
    }
    return Input(rule, tally, lots, hashlib.sha256(canonical(facts).encode()).hexdigest())


def reported(session: Session, election: Election) -> dict[str, Figures]:
    """Everything that is counted: stations by their key, and the urn of encrypted ballots as ``ONLINE``."""
    online = from_urn(session, election)
    return reconciled(session, election) | ({} if online is None else {ONLINE: online})


def from_urn(session: Session, election: Election) -> Figures | None:
    """What the trustees decrypted of the urn, or None where nobody voted online or it is not opened yet."""
    found = session.execute(
        select(Urn.options, UrnEvent.payload)
        .join(UrnEvent, UrnEvent.urn_id == Urn.id)
        .where(Urn.election_id == election.id, UrnEvent.kind == Kind.RESULT.value)
    ).one_or_none()
    if found is None:
        return None
    options, payload = found
    assert payload is not None
    (row,) = json.loads(payload)["result"]
    sized = session.scalars(
        select(UrnEvent.payload)
        .join(Urn, Urn.id == UrnEvent.urn_id)
        .where(Urn.election_id == election.id, UrnEvent.kind == Kind.ENCRYPTED_TALLY.value)
    ).one()
    blank, *votes = row
    ballots = read_sized_tally(sized or b"").ballots
    return Figures(dict(zip(options, votes, strict=True)), ballots, blank=blank)


def reconciled(session: Session, election: Election) -> dict[str, Figures]:
    """The figures of every station on which two persons agree, by its key."""
    found = session.execute(
        select(Station.key, StationEntry)
        .join(StationResult, StationResult.station_id == Station.id)
        .join(StationEntry, StationEntry.id == StationResult.second_id)
        .where(Station.election_id == election.id)
        .order_by(Station.key)
    )
    return {key: figures_of(entry) for key, entry in found}


def figures_of(entry: StationEntry) -> Figures:
    """What somebody entered."""
    return Figures(entry.votes, entry.ballots, entry.invalid, entry.blank)


def count_commitment(count: Count) -> str:
    """What the minutes say of a count: anybody can repeat it once ``salt`` and result are published."""
    return audit.commit_to(count.salt, {"input": count.input_digest, "result": count.result})


def _part(figures: Figures, rule: CountingRule) -> Tally:
    if rule.method is Method.STV:
        ballots = tuple(Ballot(tuple(key.split()), number) for key, number in figures.votes.items())
        marked = figures.valid - figures.blank
        return Tally((), ballots=ballots, valid=marked, invalid=figures.invalid, blank=figures.blank)
    return Tally((), figures.votes, valid=figures.valid, invalid=figures.invalid, blank=figures.blank)


def _candidates(
    session: Session, election: Election, *, withdrawn: bool = False
) -> Sequence[standing.Candidate]:
    """In the order of the ballot: by group or list, then by position."""
    wanted = select(standing.Candidate).where(standing.Candidate.election_id == election.id)
    if not withdrawn:
        wanted = wanted.where(standing.Candidate.withdrawn_on.is_(None))
    groups: Mapping[str, int] = {group.key: place for place, group in enumerate(rules_of(election).groups)}
    lists = {each.id: place for place, each in enumerate(_lists(session, election))}
    return sorted(
        session.scalars(wanted),
        key=lambda each: (
            groups.get(each.group_key or "", len(groups)),
            lists.get(each.list_id or 0, len(lists)),
            each.position or 0,
            each.id,
        ),
    )


def _lists(session: Session, election: Election) -> Sequence[standing.CandidateList]:
    """The lists on which somebody stands."""
    somebody = exists().where(
        standing.Candidate.list_id == standing.CandidateList.id, standing.Candidate.withdrawn_on.is_(None)
    )
    found = session.scalars(
        select(standing.CandidateList).where(standing.CandidateList.election_id == election.id, somebody)
    )
    return sorted(found, key=lambda each: (each.position or 0, each.key))
