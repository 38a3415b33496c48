"""Who may vote: the roll, those who ask to be on it, and what the public may know of both.

A name, an address or a language stands here only sealed under the election's own key, which lies outside the database
(``core.keys``). **No column for nationality, status, date of birth or document numbers**: such values live only while
one row of a register is evaluated. The roll says who may vote, and nothing here or elsewhere says who has voted.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model


class Roll(Model):
    """The roll of one election as a whole: since when it is there, and since when it is gone."""

    __tablename__ = "elections_roll"

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"), unique=True)
    imported_on: Mapped[date]
    deleted_on: Mapped[date | None]


class RollEntry(Model):
    """One person on the roll, by a number that says nothing: numbers are given in an order drawn by chance."""

    __tablename__ = "elections_roll_entry"
    __table_args__ = (
        UniqueConstraint("election_id", "number"),
        UniqueConstraint("election_id", "register_digest"),
        Index("ix_elections_roll_entry_person", "election_id", "person_digest"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("verdict in ('met', 'not_met', 'unknown')", name="verdict_known"),
        CheckConstraint("method in ('register', 'evidence')", name="method_known"),
        CheckConstraint("method <> 'evidence' or officer_id is not null", name="evidence_seen_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    number: Mapped[int]
    sealed: Mapped[bytes]
    """Name, address and language of the letter, for the letter alone."""
    register_digest: Mapped[bytes | None]
    person_digest: Mapped[bytes]
    """Folded name and address under the election's key: how a person is looked up and a duplicate found."""
    verdict: Mapped[str]
    method: Mapped[str]
    checked_on: Mapped[date]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_account.id"))
    struck_on: Mapped[date | None]


class Registration(Model):
    """Somebody whom the register misses asks to be on the roll; a promise of the election.

    An officer *sees* the evidence; which document it was, and what it said, is kept nowhere.
    """

    __tablename__ = "elections_registration"
    __table_args__ = (
        UniqueConstraint("election_id", "number"),
        CheckConstraint(
            "(seen_on is null) = (officer_id is null) and (seen_on is null) = (method is null)"
            " and (seen_on is null) = (verdict is null)",
            name="seen_by_somebody",
        ),
        CheckConstraint("verdict in ('met', 'not_met')", name="verdict_known"),
        CheckConstraint("method in ('in_person', 'by_letter')", name="method_known"),
        CheckConstraint("decided_on is null or seen_on is not null", name="decided_after_seen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    number: Mapped[int]
    code_mac: Mapped[bytes] = mapped_column(unique=True)
    sealed: Mapped[bytes | None]
    person_digest: Mapped[bytes | None]
    received_on: Mapped[date]
    seen_on: Mapped[date | None]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_account.id"))
    method: Mapped[str | None]
    verdict: Mapped[str | None]
    decided_on: Mapped[date | None]


class RollCorrection(Model):
    """One line of the public log of corrections: by number, never by name. It outlives the roll."""

    __tablename__ = "elections_roll_correction"
    __table_args__ = (
        UniqueConstraint("election_id", "number"),
        CheckConstraint("kind in ('added', 'mended', 'struck')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    number: Mapped[int]
    roll_number: Mapped[int]
    kind: Mapped[str]
    ground: Mapped[str]
    made_on: Mapped[date]
    act_id: Mapped[int] = mapped_column(ForeignKey("elections_act.id"))


class RollCommit(Model):
    """What two persons committed to: the roll's hash and how many may vote. A later correction commits anew."""

    __tablename__ = "elections_roll_commit"
    __table_args__ = (UniqueConstraint("election_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    number: Mapped[int]
    roll_hash: Mapped[str]
    people: Mapped[int]
    committed_on: Mapped[date]
    act_id: Mapped[int] = mapped_column(ForeignKey("elections_act.id"))


class PaperVoter(Model):
    """Somebody on the roll who asked to vote on paper, by number; the credential authority revokes their code.

    It goes with the roll. The board's record says which credentials were revoked, and never whose.
    """

    __tablename__ = "elections_paper_voter"

    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"), primary_key=True)
    roll_number: Mapped[int] = mapped_column(primary_key=True)
    asked_on: Mapped[date]
