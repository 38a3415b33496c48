"""Who asked to vote on paper, while most vote online: kept by roll number, until the roll is deleted.

Minutes and board say how many they are, never who: the board's record shows on the same day which credentials were
revoked, and a number beside it would join the two.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import write
from core.errors import Conflict, DomainError
from elections import events
from elections.ballot.replacements import Record, read_record
from elections.eligibility.checklists import Verdict
from elections.models.elections import Election
from elections.models.roll import PaperVoter, RollEntry
from elections.models.urn import Urn
from elections.queries.tallies import rules_of
from elections.rules import paper as rules
from elections.rules.checklists import Check
from elections.rules.stages import Stage
from elections.rules.urn import UrnState
from elections.services.elections import lock_election
from followup.models import Register


def ask_for_paper(code: str, number: int, actor: audit.Actor) -> int:
    """Somebody with this roll number asked to vote on paper; return how many there are now.

    Raises NotFound, ``urn_missing`` where nobody votes online, ``roll_number_unknown`` (``number``), Conflict
    ``paper_asked`` or what ``rules.check_asking`` raises.
    """
    with write() as session:
        election, register = _asking(session, code)
        if not _may_vote(session, election, number):
            raise DomainError("roll_number_unknown", number=number)
        if session.get(PaperVoter, (election.id, number)) is not None:
            raise Conflict("paper_asked")
        session.add(PaperVoter(election_id=election.id, roll_number=number, asked_on=clock.today()))
        return _record(session, election, register, events.PAPER_ASK, actor)


def take_back_paper(code: str, actor: audit.Actor, number: int | None = None) -> int:
    """The person with this roll number, or everybody who asked, votes with the code after all; return who is left.

    Refused once the authority revoked codes of paper voters. Raises NotFound, ``urn_missing``, ``paper_unknown``, Conflict
    ``paper_revoked`` or what ``rules.check_asking`` raises.
    """
    with write() as session:
        election, register = _asking(session, code)
        if struck(session, election):
            raise Conflict("paper_revoked")
        found = select(PaperVoter).where(PaperVoter.election_id == election.id)
        if number is not None:
            found = found.where(PaperVoter.roll_number == number)
        voters = session.scalars(found).all()
        if not voters:
            raise DomainError("paper_unknown")
        for voter in voters:
            session.delete(voter)
        return _record(session, election, register, events.PAPER_TAKE_BACK, actor)


def before_opening(session: Session, election: Election) -> list[Check]:
    """Whoever votes on paper has no code that counts, where people vote online at all."""
    if _urn(session, election) is None:
        return []
    return rules.opening(
        struck(session, election), asked(session, election), rules_of(election).minimum_paper_ballots
    )


def check_record(session: Session, election: Election, urn: Urn, before: Record, after: Record) -> None:
    """Whether the authority's record strikes as many paper voters as asked. Raises what ``rules.check_struck`` raises."""
    rules.check_struck(
        rules.struck(after),
        asked(session, election),
        rules_of(election).minimum_paper_ballots,
        opened=UrnState(urn.state) is not UrnState.PREPARED,
        more=rules.struck(after) > rules.struck(before),
    )


def asked(session: Session, election: Election) -> int:
    """How many asked for paper."""
    found = select(func.count()).where(PaperVoter.election_id == election.id)
    return session.scalar(found) or 0


def struck(session: Session, election: Election) -> int:
    """How many credentials the authority revoked because their voters vote on paper."""
    urn = _urn(session, election)
    return rules.struck(read_record(urn.replacements)) if urn is not None and urn.replacements else 0


def forget_paper_voters(session: Session, election: Election) -> None:
    """With the roll, inside the transaction that deletes it."""
    session.execute(delete(PaperVoter).where(PaperVoter.election_id == election.id))


def _asking(session: Session, code: str) -> tuple[Election, Register]:
    election, register = lock_election(session, code)
    if _urn(session, election) is None:
        raise DomainError("urn_missing")
    rules.check_asking(Stage(election.stage), clock.now(), election.voting_opens_at)
    return election, register


def _urn(session: Session, election: Election) -> Urn | None:
    return session.scalars(select(Urn).where(Urn.election_id == election.id)).one_or_none()


def _may_vote(session: Session, election: Election, number: int) -> bool:
    found = select(RollEntry.id).where(
        RollEntry.election_id == election.id,
        RollEntry.number == number,
        RollEntry.verdict == Verdict.MET.value,
        RollEntry.struck_on.is_(None),
    )
    return session.scalar(found) is not None


def _record(session: Session, election: Election, register: Register, tag: str, actor: audit.Actor) -> int:
    session.flush()
    left = asked(session, election)
    audit.append(
        session, register.chain, [audit.Entry(tag, events.ELECTION, election.id, {"people": left})], actor
    )
    return left
