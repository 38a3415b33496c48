"""Who votes on paper in an election that votes online, as the office sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.errors import DomainError
from elections.ballot.replacements import read_record
from elections.models.elections import Election
from elections.models.roll import PaperVoter
from elections.models.urn import Urn
from elections.queries.tallies import rules_of
from elections.rules import paper as rules
from elections.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """``numbers`` are those on the roll who asked; ``struck`` says how many codes were revoked for it."""

    online: bool
    numbers: Sequence[int]
    struck: int
    smallest: int
    may_change: bool

    @property
    def few(self) -> bool:
        """Whether their ballots would show how they voted."""
        return 0 < len(self.numbers) < self.smallest


def paper_desk(session: Session, code: str) -> PaperDesk:
    """Everything on the desk. The election must be there."""
    election = session.scalars(select(Election).where(Election.code == code)).one()
    urn = session.scalars(select(Urn).where(Urn.election_id == election.id)).one_or_none()
    numbers = session.scalars(
        select(PaperVoter.roll_number)
        .where(PaperVoter.election_id == election.id)
        .order_by(PaperVoter.roll_number)
    ).all()
    record = read_record(urn.replacements) if urn is not None and urn.replacements else None
    try:
        rules.check_asking(Stage(election.stage), clock.now(), election.voting_opens_at)
    except DomainError:
        may_change = False
    else:
        may_change = urn is not None
    return PaperDesk(
        urn is not None,
        numbers,
        rules.struck(record),
        rules_of(election).minimum_paper_ballots,
        may_change,
    )
