"""What the public register of motions is searched in. Every row can be made again from motions, texts and signatures."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model


class FoldedText(Model):
    """The different words of all public language versions of a motion's newest public text, folded, each once.

    ``place`` orders motions as the register does (``rules.register.place_of``). PostgreSQL finds words in ``folded`` through
    a trigram index, SQLite through the table ``motions_search`` of its full-text search; docs/adr/0030 says why.
    """

    __tablename__ = "motions_folded"

    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"), primary_key=True)
    place: Mapped[int] = mapped_column(BigInteger, unique=True)
    folded: Mapped[str]


class Sponsor(Model):
    """A member who tabled a motion or signed what is public of it, in the order of the register (``place``)."""

    __tablename__ = "motions_sponsor"
    __table_args__ = (UniqueConstraint("motion_id", "member_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"), primary_key=True)
    place: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motions_motion.id"))
