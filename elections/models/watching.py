"""What anybody can watch of an online vote: checks, audit bundles, heads of the board, and who gets them by mail.

Days, and no hours: nothing here says when a ballot was cast.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, json_type


class AuditBundle(Model):
    """The audit bundle of one published count, but for the archive, which is read from the board each time."""

    __tablename__ = "elections_audit_bundle"
    __table_args__ = (UniqueConstraint("election_id", "count_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    count_number: Mapped[int]
    manifest: Mapped[bytes] = mapped_column(LargeBinary)
    beginning: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The bundle's bytes up to the archive's, or up to its end where nobody voted online."""
    size: Mapped[int] = mapped_column(BigInteger)
    built_on: Mapped[date]


class BoardCheck(Model):
    """That our verifier looked at a board as far as one head: how far it is, and its account."""

    __tablename__ = "elections_board_check"
    __table_args__ = (
        UniqueConstraint("urn_id", "head", "bundle"),
        CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name="state_known"),
        CheckConstraint("(state = 'done') = (account is not null)", name="done_has_account"),
        CheckConstraint("(state in ('done', 'failed')) = (ended_on is not null)", name="ended_has_day"),
        Index(
            "ix_elections_board_check_one",
            "urn_id",
            unique=True,
            postgresql_where=text("state in ('waiting', 'running')"),
            sqlite_where=text("state in ('waiting', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    urn_id: Mapped[int] = mapped_column(ForeignKey("elections_urn.id"))
    head: Mapped[str]
    height: Mapped[int]
    bundle: Mapped[str]
    """The hash of the audit bundle's manifest, if that was checked and not the archive alone; else empty."""
    state: Mapped[str]
    step: Mapped[str]
    """What it is at: ``copy``, ``credentials``, ``ballots``; empty before it begins and after it ends."""
    done: Mapped[int]
    total: Mapped[int]
    starts: Mapped[int]
    """How often it was begun: what always dies on the way is given up."""
    account: Mapped[dict[str, Any] | None] = mapped_column(json_type)
    asked_on: Mapped[date]
    ended_on: Mapped[date | None]


class Multiplication(Model):
    """That the board's product was ordered, and how far it is. It goes when the product stands on the board."""

    __tablename__ = "elections_multiplication"
    __table_args__ = (CheckConstraint("done >= 0 and total >= 0", name="counted"),)

    urn_id: Mapped[int] = mapped_column(ForeignKey("elections_urn.id"), primary_key=True)
    asked_on: Mapped[date]
    role: Mapped[str]
    handle: Mapped[str | None]
    """Who ordered it, as the minutes name people."""
    done: Mapped[int]
    total: Mapped[int]


class BoardHead(Model):
    """A head of the board that was published apart from it, in the feed and by mail."""

    __tablename__ = "elections_board_head"
    __table_args__ = (
        UniqueConstraint("urn_id", "height", "occasion"),
        CheckConstraint("occasion in ('opened', 'daily', 'closed', 'result')", name="occasion_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    urn_id: Mapped[int] = mapped_column(ForeignKey("elections_urn.id"))
    occasion: Mapped[str]
    head: Mapped[str]
    height: Mapped[int]
    noted_on: Mapped[date]


class Observer(Model):
    """Who wants each head by mail. The address is sealed; the link that confirms and ends it is known by its HMAC."""

    __tablename__ = "elections_observer"
    __table_args__ = (UniqueConstraint("urn_id", "address_mac"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    urn_id: Mapped[int] = mapped_column(ForeignKey("elections_urn.id"))
    address_mac: Mapped[bytes] = mapped_column(LargeBinary)
    token_mac: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The address and the link's token, for the job that writes."""
    language: Mapped[str]
    asked_on: Mapped[date]
    confirmed_on: Mapped[date | None]
    delete_on: Mapped[date | None] = mapped_column(index=True)
