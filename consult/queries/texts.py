"""Texts on their way to the public: what waits to be released, what is public, what is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Select, func, select

from consult.models import PublicText, Submission, Unit
from core.db import db
from core.errors import NotFound
from core.localized import Localized

Row = TypeVar("Row", Unit, PublicText)

PAGE = 50
COUNTED = 1_000
"""Above this, a list is said to hold more than this."""


class TextList(StrEnum):
    """The moderator's lists."""

    WAITING = "waiting"
    HIDDEN = "hidden"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class OfficeText:
    """One comment's text. ``text`` is the original, None once withdrawn; ``public`` what the public reads, if any."""

    number: int
    language: str
    received_on: date
    text: str | None
    proposed_wording: str
    name: str
    publish_name: bool
    measure: str | None
    measure_title: Localized
    public: str | None
    public_wording: str
    public_reason: str
    public_version: int
    released_on: date | None
    hidden_on: date | None
    hidden_reason: str

    @property
    def redacted(self) -> bool:
        """Whether the public reads something else than was written."""
        return self.public is not None and (self.public, self.public_wording) != (
            self.text,
            self.proposed_wording,
        )


@dataclass(frozen=True, slots=True)
class TextPage:
    """One page of a list; ``first`` is the number before which the page before it ends, ``last`` the one after which
    the next begins, each None where there is no such page."""

    texts: Sequence[OfficeText]
    first: int | None
    last: int | None


def list_texts(round_id: int, which: TextList, after: int = 0, before: int = 0) -> TextPage:
    """One page of a list, by number: what follows ``after``, or comes right before ``before``."""
    backwards = bool(before) and not after
    statement = _texts(round_id, which)
    statement = statement.where(Submission.number < before if backwards else Submission.number > after)
    order = Submission.number.desc() if backwards else Submission.number
    rows = list(db.session.scalars(statement.order_by(order).limit(PAGE + 1)))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    earlier, later = (more, True) if backwards else (bool(after), more)
    return TextPage(
        _office_texts(rows),
        rows[0].number if rows and earlier else None,
        rows[-1].number if rows and later else None,
    )


def count_texts(round_id: int, which: TextList) -> int:
    """How many texts a list holds; at most ``COUNTED`` + 1, which means "more"."""
    limited = _texts(round_id, which).with_only_columns(Submission.id).limit(COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(limited.subquery())) or 0


def find_text(round_id: int, number: int) -> OfficeText:
    """One comment's text. Raises NotFound."""
    found = db.session.scalars(
        select(Submission).where(Submission.round_id == round_id, Submission.number == number)
    ).one_or_none()
    if found is None:
        raise NotFound("submission", number)
    return _office_texts([found])[0]


def next_waiting(round_id: int, after: int) -> int | None:
    """The number of the text to look at after ``after``, else the first that waits, else None."""
    for start in (after, 0):
        found = db.session.scalar(
            _texts(round_id, TextList.WAITING)
            .where(Submission.number > start, Submission.number != after)
            .with_only_columns(Submission.number)
            .order_by(Submission.number)
            .limit(1)
        )
        if found is not None:
            return int(found)
    return None


def _texts(round_id: int, which: TextList) -> Select[Submission]:
    statement = select(Submission).where(Submission.round_id == round_id)
    if which is TextList.HIDDEN:
        return statement.where(Submission.hidden_on.is_not(None))
    statement = statement.where(Submission.hidden_on.is_(None))
    if which is TextList.RELEASED:
        return statement.where(Submission.public_text_id.is_not(None))
    return statement.where(Submission.public_text_id.is_(None), Submission.text.is_not(None))


def _office_texts(submissions: Sequence[Submission]) -> list[OfficeText]:
    units = _by_id(Unit, [s.unit_id for s in submissions])
    public = _by_id(PublicText, [s.public_text_id for s in submissions])
    found = []
    for submission in submissions:
        unit = units.get(submission.unit_id or 0)
        text = public.get(submission.public_text_id or 0)
        found.append(
            OfficeText(
                number=submission.number,
                language=submission.language,
                received_on=submission.received_on,
                text=submission.text,
                proposed_wording=submission.proposed_wording or "",
                name=submission.name or "",
                publish_name=submission.publish_name,
                measure=unit.number if unit else None,
                measure_title=unit.title if unit else Localized(),
                public=text.text if text else None,
                public_wording=(text.proposed_wording or "") if text else "",
                public_reason=(text.reason or "") if text else "",
                public_version=text.version if text else 0,
                released_on=text.released_on if text else None,
                hidden_on=submission.hidden_on,
                hidden_reason=submission.hidden_reason or "",
            )
        )
    return found


def _by_id(model: type[Row], ids: Sequence[int | None]) -> dict[int, Row]:
    wanted = {id for id in ids if id is not None}
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(wanted)))}
