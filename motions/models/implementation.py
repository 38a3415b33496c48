"""Measures: what the city does after it has decided. Their history is the motion's events."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import LocalizedText, Model
from core.localized import Localized


class Measure(Model):
    """One thing that a department does, by a day. ``cents`` is its budget; ``updated_on`` the plan's or last update's day."""

    __tablename__ = "motions_measure"
    __table_args__ = (
        UniqueConstraint("motion_id", "number"),
        CheckConstraint("state in ('planned', 'running', 'delayed', 'stopped', 'done')", name="state_known"),
        CheckConstraint("cents is null or cents >= 0", name="cents_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"))
    number: Mapped[int]
    title: Mapped[Localized] = mapped_column(LocalizedText)
    department_id: Mapped[int] = mapped_column(ForeignKey("accounts_department.id"))
    due_on: Mapped[date]
    cents: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str]
    planned_on: Mapped[date]
    updated_on: Mapped[date]
