"""What readers of OParl see: one object, and lists page by page. Each is one look into an index, never a whole table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from motions.models.oparl import PublishedObject

PAGE = 100


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, by the ids that it begins and ends with; ``content`` is the JSON of each object."""

    content: Sequence[str]
    first: int | None
    last: int | None
    has_before: bool
    has_after: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: the type of what is in it, and the council whose it is, if it is one council's."""

    type: str
    body_id: int | None = None


def find_object(session: Session, type: str, key: str) -> str | None:
    """The JSON of an object, also of a deleted one."""
    return session.scalars(
        select(PublishedObject.content).where(PublishedObject.type == type, PublishedObject.key == key)
    ).one_or_none()


def is_published(session: Session, type: str, key: str) -> bool:
    """Whether an object is there, and not deleted."""
    found = select(PublishedObject.id).where(
        PublishedObject.type == type, PublishedObject.key == key, PublishedObject.deleted.is_(False)
    )
    return session.scalars(found).one_or_none() is not None


def page(
    session: Session,
    listed: Listed,
    filters: Mapping[str, datetime],
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> Page:
    """A page in the order in which objects were first published: whatever changes meanwhile, none is passed over or twice.

    ``filters`` are OParl's: ``created_since`` and so on. Deleted objects are listed with ``modified_since`` alone.
    """
    wanted = select(PublishedObject.id, PublishedObject.content).where(PublishedObject.type == listed.type)
    if listed.body_id is not None:
        wanted = wanted.where(PublishedObject.body_id == listed.body_id)
    if "modified_since" not in filters:
        wanted = wanted.where(PublishedObject.deleted.is_(False))
    for name, moment in filters.items():
        kind, _, end = name.partition("_")
        column = PublishedObject.created if kind == "created" else PublishedObject.modified
        wanted = wanted.where(column >= moment if end == "since" else column <= moment)
    if before is not None:
        rows = list(
            session.execute(
                wanted.where(PublishedObject.id < before).order_by(PublishedObject.id.desc()).limit(limit + 1)
            )
        )
        has_before, rows = len(rows) > limit, rows[limit - 1 :: -1] if rows else []
        return _page(rows, has_before, has_after=True)
    if after is not None:
        wanted_after = wanted.where(PublishedObject.id > after)
        has_before = session.execute(_any(wanted.where(PublishedObject.id <= after))).first() is not None
    else:
        wanted_after, has_before = wanted, False
    rows = list(session.execute(wanted_after.order_by(PublishedObject.id).limit(limit + 1)))
    return _page(rows[:limit], has_before, has_after=len(rows) > limit)


def _any(wanted: Select[int, str]) -> Select[int, str]:
    return wanted.order_by(PublishedObject.id.desc()).limit(1)


def _page(rows: Sequence[tuple[int, str]], has_before: bool, has_after: bool) -> Page:
    return Page(
        [content for _id, content in rows],
        rows[0][0] if rows else None,
        rows[-1][0] if rows else None,
        has_before,
        has_after,
    )
