"""What is published as OParl, object by object, as it was published: so that changes and deletions can be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, UtcDateTime


class PublishedObject(Model):
    """One object of the public interface. Rows stay for good: a deleted object keeps its address and says so.

    ``type`` and ``key`` make its address. ``scope`` says what it is built from, all at once: ``council``, ``motion-12`` or
    ``meeting-3``. ``content`` is its JSON, with ``motions.oparl.objects.made.ROOT`` before each address of ours; ``digest`` is
    that of the content without its times. ``created`` and ``modified`` are when it was published and when it last
    changed for readers: no two are alike, and a later one is never seen before an earlier one.
    """

    __tablename__ = "motions_oparl_object"
    __table_args__ = (
        UniqueConstraint("type", "key"),
        CheckConstraint("modified >= created", name="modified_after_created"),
        Index("ix_motions_oparl_object_list", "type", "id"),
        Index("ix_motions_oparl_object_created", "type", "created", "id"),
        Index("ix_motions_oparl_object_changes", "type", "modified", "id"),
        Index("ix_motions_oparl_object_modified", "modified"),
        Index("ix_motions_oparl_object_scope", "scope"),
        Index("ix_motions_oparl_object_body_id", "body_id", "type", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    key: Mapped[str]
    scope: Mapped[str]
    body_id: Mapped[int | None] = mapped_column(ForeignKey("council_body.id"))
    """The council whose list it stands in."""
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    modified: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted: Mapped[bool]
    digest: Mapped[str]
    source: Mapped[str | None]
    """Of a file that we render: the digest of all that it is rendered from."""
    content: Mapped[str] = mapped_column(Text)
