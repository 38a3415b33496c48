"""The urn: the public board of an encrypted election, event by event. It shares no key, order or time with the roll.

Nothing here says who a credential belongs to, nor when a ballot was cast; no other table is written with a ballot.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Model, UtcDateTime, json_type


class Urn(Model):
    """One election's board. Its row is locked by whoever appends; ``head`` and ``height`` are those of the last event.

    ``election``, ``trustees`` and ``credentials`` are the very bytes that are published. What is long stands in a row of its
    own (``UrnSetup``): SQLite writes a row whole, so every ballot would write megabytes of credentials again.
    """

    __tablename__ = "elections_urn"
    __table_args__ = (
        CheckConstraint(
            "state in ('begun', 'prepared', 'open', 'interrupted', 'closed', 'multiplied', 'opened')",
            name="state_known",
        ),
        CheckConstraint("(state in ('begun', 'prepared')) = (head is null)", name="open_has_head"),
        CheckConstraint("state = 'begun' or election is not null", name="prepared_is_whole"),
        CheckConstraint("(head is null) = (height = -1)", name="head_has_height"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"), unique=True)
    uuid: Mapped[str] = mapped_column(unique=True)
    timestamp: Mapped[int] = mapped_column(BigInteger)
    """Seconds since 1970 at the start of the day on which it was prepared; the archive's one time."""
    election: Mapped[bytes | None] = mapped_column(LargeBinary)
    setup: Mapped[UrnSetup | None] = relationship()
    trustees: AssociationProxy[bytes | None] = association_proxy(
        "setup", "trustees", creator=lambda keys: UrnSetup(trustees=keys)
    )
    credentials: AssociationProxy[bytes | None] = association_proxy(
        "setup", "credentials", creator=lambda listed: UrnSetup(credentials=listed)
    )
    options: Mapped[list[str]] = mapped_column(json_type)
    """Whom the slots of a ballot stand for, after the blank: ids as in the count."""
    replacements: AssociationProxy[bytes | None] = association_proxy(
        "setup", "replacements", creator=lambda record: UrnSetup(replacements=record)
    )
    state: Mapped[str]
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The moment from which no ballot is taken."""
    head: Mapped[str | None]
    height: Mapped[int]


class UrnTrustee(Model):
    """A trustee of the key ceremony: their place, who that is, and their public key once it is handed in."""

    __tablename__ = "elections_urn_trustee"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("turn >= 1", name="turn_from_one"),
    )

    urn_id: Mapped[int] = mapped_column(ForeignKey("elections_urn.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    """For everybody to read: a role or a name."""
    key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """As handed in: the key and the proof that its owner knows the secret."""
    turn: Mapped[int]
    """Counts the keys that may be handed in at this place; with each, the code that lets somebody do it changes."""


class UrnSetup(Model):
    """What an urn was prepared with: megabytes for a city, read where they are needed and written before voting."""

    __tablename__ = "elections_urn_setup"
    __table_args__ = (CheckConstraint("(trustees is null) = (credentials is null)", name="whole"),)

    urn_id: Mapped[int] = mapped_column(ForeignKey("elections_urn.id"), primary_key=True)
    trustees: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    credentials: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    replacements: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The authority's public record of replaced and revoked credentials, as published last."""


class UrnCredential(Model):
    """A public credential by its short hash, and whether it may cast."""

    __tablename__ = "elections_urn_credential"
    __table_args__ = (CheckConstraint("state in ('listed', 'spare', 'revoked')", name="state_known"),)

    urn_id: Mapped[int] = mapped_column(ForeignKey("elections_urn.id"), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    state: Mapped[str]


class UrnEvent(Model):
    """A link of the chain with the data that stands before it; ``payload`` is the last of it."""

    __tablename__ = "elections_urn_event"
    __table_args__ = (
        UniqueConstraint("urn_id", "digest"),
        CheckConstraint("(kind = 'Ballot') = (credential is not null)", name="ballot_has_credential"),
        CheckConstraint("(payload is null) = (payload_digest is null)", name="payload_has_digest"),
        Index(
            "ix_elections_urn_event_ballot",
            "urn_id",
            "payload_digest",
            unique=True,
            postgresql_where=text("kind = 'Ballot'"),
            sqlite_where=text("kind = 'Ballot'"),
        ),
        Index("ix_elections_urn_event_credential", "urn_id", "credential", "height"),
        Index("ix_elections_urn_event_kind", "urn_id", "kind", "height"),
    )

    urn_id: Mapped[int] = mapped_column(ForeignKey("elections_urn.id"), primary_key=True)
    height: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    digest: Mapped[str]
    """The hash of the event itself: the head, as long as it is the last."""
    payload_digest: Mapped[str | None]
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    before: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What stands before the payload, where there is one more: an encrypted tally, a partial decryption."""
    credential: Mapped[bytes | None] = mapped_column(LargeBinary)
