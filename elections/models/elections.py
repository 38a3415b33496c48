"""The election itself, what was done in it by whom, and the lots that were drawn."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model, UtcDateTime, json_type
from core.localized import Localized


class Election(Model):
    """One election of a body. Its register numbers what it receives; its audit chain holds the minutes of every act.

    ``rule_set`` is its own copy (``elections.rules.rule_sets.RuleSet`` as plain JSON); ``timetable`` holds its days by
    name (``elections.rules.deadlines.Step``). ``stage`` moves only along ``elections.rules.stages.WAY``.
    """

    __tablename__ = "elections_election"
    __table_args__ = (
        CheckConstraint(
            "stage in ('prepared', 'called', 'candidates', 'roll', 'ready', 'voting', 'interrupted', 'closed',"
            " 'counted', 'found', 'approved', 'published', 'concluded', 'abandoned')",
            name="stage_known",
        ),
        CheckConstraint("voting_closes_at > voting_opens_at", name="closes_after_opening"),
        CheckConstraint("term_ends_on > term_begins_on", name="term_ends_after_beginning"),
        CheckConstraint("stage = 'prepared' or called_on is not null", name="called_has_day"),
        CheckConstraint(
            "stage not in ('published', 'concluded') or published_on is not null", name="published_has_day"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("followup_register.id"), unique=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("council_body.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("accounts_department.id"))
    language: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(json_type)
    title: Mapped[Localized] = mapped_column(LocalizedText)
    summary: Mapped[Localized] = mapped_column(LocalizedText)
    how_to_vote: Mapped[Localized] = mapped_column(LocalizedText)
    rule_set: Mapped[dict[str, Any]] = mapped_column(json_type)
    timetable: Mapped[dict[str, str]] = mapped_column(json_type)
    election_day: Mapped[date]
    """The day on which age and residence are reckoned: the last day of voting."""
    voting_opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    voting_closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    term_begins_on: Mapped[date]
    term_ends_on: Mapped[date]
    stage: Mapped[str]
    called_on: Mapped[date | None]
    published_on: Mapped[date | None]


class Act(Model):
    """Something that matters, done in an election: proposed by one person and, mostly, confirmed by another.

    ``facts`` is what was proposed, ``outcome`` what came of it; both are public in the minutes.
    """

    __tablename__ = "elections_act"
    __table_args__ = (
        CheckConstraint(
            "not two_persons or performed_on is null"
            " or (confirmed_by is not null and confirmed_by <> proposed_by)",
            name="second_person",
        ),
        CheckConstraint("performed_on is null or withdrawn_on is null", name="performed_or_withdrawn"),
        CheckConstraint("(withdrawn_on is null) = (withdrawn_by is null)", name="withdrawn_by_somebody"),
        Index(
            "ix_elections_act_waiting",
            "election_id",
            "kind",
            unique=True,
            postgresql_where=text("performed_on is null and withdrawn_on is null"),
            sqlite_where=text("performed_on is null and withdrawn_on is null"),
        ),
        Index("ix_elections_act_election_id", "election_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    kind: Mapped[str]
    two_persons: Mapped[bool]
    stage: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(json_type)
    reason: Mapped[Localized] = mapped_column(LocalizedText)
    outcome: Mapped[dict[str, Any]] = mapped_column(json_type)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    proposed_on: Mapped[date]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_account.id"))
    performed_on: Mapped[date | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_account.id"))
    withdrawn_on: Mapped[date | None]


class Lot(Model):
    """A public lot: for the order of the ballot, or for one tie in a count.

    Its way is said first: by hand before witnesses, or from a seed whose source was named before (``announced_on``).
    ``items`` are the stable identities that it puts in order, ``drawn`` the order that came out.
    """

    __tablename__ = "elections_lot"
    __table_args__ = (
        UniqueConstraint("election_id", "purpose"),
        CheckConstraint("way in ('hand', 'seed')", name="way_known"),
        CheckConstraint("drawn is null or way <> 'seed' or seed is not null", name="drawn_from_seed"),
        CheckConstraint("(drawn is null) = (drawn_on is null)", name="drawn_has_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    purpose: Mapped[str]
    """``ballot-order`` (with ``:group`` where groups are drawn apart) or ``tie:`` and what is tied."""
    way: Mapped[str]
    source: Mapped[Localized] = mapped_column(LocalizedText)
    """The source of the seed (such as a public draw on a day to come), or who drew before whom."""
    announced_on: Mapped[date]
    seed: Mapped[str | None]
    items: Mapped[list[str] | None] = mapped_column(json_type)
    drawn: Mapped[list[str] | None] = mapped_column(json_type)
    drawn_on: Mapped[date | None]
