"""Devices in the city's offices on which people vote who cannot use their own.

A device casts as every other does: nothing here or on the board says on which device a ballot was made, how many were
made on one, or when one was used.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model
from core.localized import Localized


class Device(Model):
    """A station device. Whoever has its link, of which only a hash is kept, opens the booth as a station shows it."""

    __tablename__ = "elections_device"
    __table_args__ = (
        UniqueConstraint("election_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("revoked_on is null or revoked_on >= enrolled_on", name="revoked_after_enrolled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    number: Mapped[int]
    name: Mapped[Localized] = mapped_column(LocalizedText)
    place: Mapped[str]
    hours: Mapped[Localized] = mapped_column(LocalizedText)
    token_mac: Mapped[bytes] = mapped_column(unique=True)
    enrolled_on: Mapped[date]
    revoked_on: Mapped[date | None]
