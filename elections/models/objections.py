"""Objections to the roll, to a decision on a nomination, and to the result."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model


class Objection(Model):
    """One objection: a numbered promise of the election's register. ``text`` and ``salt`` can be erased, the row stays.

    ``about`` is a number of the roll (matter ``roll``), of the register (``nomination``) or of the ballot (``result``).
    ``effect`` is what followed once it was answered, by the act ``act_id`` where an act did it.
    """

    __tablename__ = "elections_objection"
    __table_args__ = (
        UniqueConstraint("election_id", "number"),
        CheckConstraint("matter in ('roll', 'nomination', 'result')", name="matter_known"),
        CheckConstraint(
            "effect is null or effect in ('none', 'roll_changed', 'nomination_reopened', 'counted_anew')",
            name="effect_known",
        ),
        CheckConstraint("(effect is null) = (effect_on is null)", name="effect_has_day"),
        CheckConstraint("(text is null) = (salt is null)", name="erased_together"),
        CheckConstraint("about is null or about >= 1", name="about_from_one"),
        CheckConstraint(
            "(coalesce(effect, 'none') in ('roll_changed', 'counted_anew')) = (act_id is not null)",
            name="effect_by_act",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("elections_election.id"))
    number: Mapped[int]
    matter: Mapped[str]
    ground: Mapped[str]
    about: Mapped[int | None]
    language: Mapped[str]
    text: Mapped[str | None]
    salt: Mapped[bytes | None]
    received_on: Mapped[date]
    code_mac: Mapped[bytes] = mapped_column(unique=True)
    effect: Mapped[str | None]
    effect_on: Mapped[date | None]
    act_id: Mapped[int | None] = mapped_column(ForeignKey("elections_act.id"))
