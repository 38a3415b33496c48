"""Public lots as anybody may read them, with what is needed to recompute each."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.localized import Localized
from elections.counting.lots import ticket
from elections.models.candidates import Candidate, CandidateList
from elections.models.elections import Election, Lot
from elections.rules.lots import BALLOT_ORDER, Way
from elections.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """One place in the order that came out. ``ticket`` is the hash that put it there, empty where hands drew."""

    place: int
    item: str
    name: str
    ticket: str


@dataclass(frozen=True, slots=True)
class PublicLot:
    """One lot: announced, and perhaps drawn."""

    purpose: str
    way: str
    source: Localized
    announced_on: date
    seed: str
    items: tuple[str, ...]
    order: tuple[DrawnItem, ...]
    drawn_on: date | None

    @property
    def group(self) -> str | None:
        """The key of the group whose places on the ballot this lot decides, empty where there are none; None for ties."""
        kind, _colon, key = self.purpose.partition(":")
        return key if kind == BALLOT_ORDER else None

    @property
    def command(self) -> str:
        """What to type to repeat the draw, safe for a shell whatever the seed holds."""
        parts = ["answerable", "elections", "lot", f"--seed={self.seed}", f"--purpose={self.purpose}", "--"]
        return shlex.join([*parts, *self.items])


def public_election(session: Session, code: str) -> Election:
    """The election called ``code``, once it was called. Raises NotFound before, so that nobody learns of it."""
    found = None
    if code.isascii() and code.isprintable():
        found = session.scalars(select(Election).where(Election.code == code)).one_or_none()
    if found is None or found.stage == Stage.PREPARED:
        raise NotFound("election", code[:40])
    return found


def public_lots(session: Session, election: Election) -> list[PublicLot]:
    """Every lot of the election, in the order of announcement."""
    names = _names(session, election)
    lots = session.scalars(select(Lot).where(Lot.election_id == election.id).order_by(Lot.id))
    return [
        PublicLot(
            purpose=lot.purpose,
            way=lot.way,
            source=lot.source,
            announced_on=lot.announced_on,
            seed=lot.seed or "",
            items=tuple(lot.items or ()),
            order=tuple(_order(lot, lot.drawn or (), names)),
            drawn_on=lot.drawn_on,
        )
        for lot in lots
    ]


def _order(lot: Lot, drawn: Sequence[str], names: Mapping[str, str]) -> list[DrawnItem]:
    return [
        DrawnItem(
            place,
            item,
            names.get(item, ""),
            ticket(lot.seed or "", lot.purpose, item) if lot.way == Way.SEED else "",
        )
        for place, item in enumerate(drawn, start=1)
    ]


def _names(session: Session, election: Election) -> dict[str, str]:
    """Candidates by id, lists by key: what items of lots are called."""
    candidates = session.execute(
        select(Candidate.id, Candidate.name).where(Candidate.election_id == election.id)
    )
    lists = session.execute(
        select(CandidateList.key, CandidateList.name).where(CandidateList.election_id == election.id)
    )
    return {str(key): name for key, name in [*candidates, *lists]}
