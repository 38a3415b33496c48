"""Who stands: candidates and lists, as the ballot shows them. They are public persons from publication on."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model
from core.localized import Localized


class CandidateList(Model):
    """A list that stands as a whole, or whose candidates can be chosen. ``position`` is its place on the ballot."""

    __tablename__ = "elections_list"
    __table_args__ = (
        UniqueConstraint("election_id", "key"),
        UniqueConstraint("election_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    key: Mapped[str]
    name: Mapped[str]
    position: Mapped[int | None]


class Candidate(Model):
    """Somebody whose nomination was admitted.

    ``group_key`` is the group of seats that they stand for (such as a region, never a nationality), ``position`` their
    place on the ballot, drawn by lot; on a list, their place in it.
    """

    __tablename__ = "elections_candidate"
    __table_args__ = (
        UniqueConstraint("election_id", "list_id", "group_key", "position"),
        CheckConstraint("position is null or position >= 1", name="position_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    list_id: Mapped[int | None] = mapped_column(ForeignKey("elections_list.id"))
    group_key: Mapped[str | None]
    quota_group: Mapped[str | None]
    name: Mapped[str]
    statement: Mapped[Localized] = mapped_column(LocalizedText)
    position: Mapped[int | None]
    admitted_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
