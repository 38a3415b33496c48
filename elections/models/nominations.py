"""Nominations: what somebody handed in, who supports it, and what vetting found.

Names of those who were not admitted, addresses and supporters are erased after the election. What stays of vetting is
the result, the method and the day, never what the evidence said.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model
from core.localized import Localized


class Nomination(Model):
    """Somebody who wants to stand, as number ``number`` of the election's register.

    ``state`` moves only along ``elections.rules.nominations.WAY``. ``sealed`` holds what vetting needs (address,
    contact), encrypted; it, ``name``, ``statement`` and ``salt`` go when the law says so.
    """

    __tablename__ = "elections_nomination"
    __table_args__ = (
        UniqueConstraint("election_id", "number"),
        CheckConstraint(
            "state in ('received', 'mending', 'prepared', 'admitted', 'refused', 'withdrawn')",
            name="state_known",
        ),
        CheckConstraint("decision is null or decision in ('admit', 'refuse')", name="decision_known"),
        CheckConstraint("state <> 'prepared' or decision is not null", name="prepared_has_decision"),
        CheckConstraint("decision <> 'refuse' or refusal_ground is not null", name="refused_with_ground"),
        CheckConstraint(
            "state not in ('admitted', 'refused') or decided_on is not null", name="decided_has_day"
        ),
        CheckConstraint("state <> 'admitted' or candidate_id is not null", name="admitted_is_candidate"),
        CheckConstraint("state <> 'withdrawn' or withdrawn_on is not null", name="withdrawn_has_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    number: Mapped[int]
    code_mac: Mapped[bytes] = mapped_column(unique=True)
    link_mac: Mapped[bytes] = mapped_column(unique=True)
    """Of the supporters' link, which is stored nowhere itself."""
    state: Mapped[str]
    group_key: Mapped[str | None]
    list_name: Mapped[str | None]
    name: Mapped[str | None]
    language: Mapped[str]
    statement: Mapped[Localized] = mapped_column(LocalizedText)
    sealed: Mapped[bytes | None]
    salt: Mapped[bytes | None]
    consented_on: Mapped[date]
    received_on: Mapped[date]
    mending_requested_on: Mapped[date | None]
    deficiencies: Mapped[Localized] = mapped_column(LocalizedText)
    mended_on: Mapped[date | None]
    decision: Mapped[str | None]
    refusal_ground: Mapped[str | None]
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("followup_reply.id"))
    decided_on: Mapped[date | None]
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("elections_candidate.id"))
    withdrawn_on: Mapped[date | None]
    erased_on: Mapped[date | None]


class Supporter(Model):
    """One person who supports a nomination, once. ``digest`` tells the same person again without saying who it is."""

    __tablename__ = "elections_supporter"
    __table_args__ = (UniqueConstraint("nomination_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("elections_nomination.id"))
    digest: Mapped[bytes]
    sealed: Mapped[bytes]
    supported_on: Mapped[date]


class VettingCheck(Model):
    """One line of a nomination's checklist as an officer found it. ``criterion`` is its place in the rule and its name."""

    __tablename__ = "elections_vetting_check"
    __table_args__ = (
        UniqueConstraint("nomination_id", "criterion"),
        CheckConstraint("result in ('met', 'not_met', 'unknown')", name="result_known"),
        CheckConstraint("method in ('register', 'seen', 'declared', 'counted')", name="method_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("elections_nomination.id"))
    criterion: Mapped[str]
    result: Mapped[str]
    method: Mapped[str]
    checked_on: Mapped[date]
    officer_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
