"""Single promises and what they answer, as the office sees them: with the original text, released or not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from consult import events
from consult.models import Reconsideration, Submission, Unit
from core.db import db
from core.errors import NotFound
from core.localized import Localized
from followup.models import Promise

NO_TEXT = Localized()
Row = TypeVar("Row", Submission, Reconsideration, Unit)


@dataclass(frozen=True, slots=True)
class Item:
    """One promise and what it answers, as the office sees it.

    ``text`` is what was written (for a reconsideration: what was misread), None once its author withdrew it.
    ``about`` is the number of the comment that a reconsideration is about.
    """

    number: int
    kind: str
    opened_on: date
    due_on: date
    extended_from: date | None
    extension_reason: Localized
    answered_on: date | None
    department_id: int
    reply_id: int | None
    language: str
    text: str | None
    proposed_wording: str | None = None
    about: int | None = None
    comment_kind: str | None = None
    channel: str = ""
    author_kind: str = ""
    name: str | None = None
    publish_name: bool = False
    measure: str | None = None
    measure_title: Localized = NO_TEXT
    released: bool = False
    hidden_reason: str | None = None


def find_items(register_id: int, numbers: Collection[int]) -> list[Item]:
    """What stands under these register numbers, in their order; unknown numbers are passed over."""
    wanted = sorted(set(numbers))
    found: list[Promise] = []
    for start in range(0, len(wanted), 500):
        found += db.session.scalars(
            select(Promise)
            .where(Promise.register_id == register_id, Promise.number.in_(wanted[start : start + 500]))
            .order_by(Promise.number)
        )
    return show_items(found)


def find_item(register_id: int, number: int) -> Item:
    """What stands under one register number. Raises NotFound."""
    items = find_items(register_id, [number])
    if not items:
        raise NotFound("promise", number)
    return items[0]


def show_items(promises: Sequence[Promise]) -> list[Item]:
    """What stands behind these promises, in their order."""
    asked = _by_id(
        Reconsideration, [p.subject_id for p in promises if p.subject_kind == events.RECONSIDERATION]
    )
    wanted = [p.subject_id for p in promises if p.subject_kind == events.SUBMISSION]
    submissions = _by_id(Submission, [*wanted, *(a.submission_id for a in asked.values())])
    units = _by_id(Unit, [s.unit_id for s in submissions.values() if s.unit_id is not None])
    items = []
    for promise in promises:
        again = asked.get(promise.subject_id) if promise.subject_kind == events.RECONSIDERATION else None
        submission = submissions[again.submission_id if again else promise.subject_id]
        unit = units.get(submission.unit_id or 0)
        item = Item(
            number=promise.number,
            kind=promise.kind,
            opened_on=promise.opened_on,
            due_on=promise.due_on,
            extended_from=promise.extended_from,
            extension_reason=promise.extension_reason,
            answered_on=promise.answered_on,
            department_id=promise.department_id,
            reply_id=promise.reply_id,
            language=submission.language,
            text=submission.text,
            proposed_wording=submission.proposed_wording,
            comment_kind=submission.kind,
            channel=submission.channel,
            author_kind=submission.author_kind,
            name=submission.name,
            publish_name=submission.publish_name,
            measure=unit.number if unit else None,
            measure_title=unit.title if unit else NO_TEXT,
            released=submission.public_text_id is not None,
            hidden_reason=submission.hidden_reason,
        )
        if again is not None:
            item = replace(
                item, text=again.text, proposed_wording=None, language=again.language, about=submission.number
            )
        items.append(item)
    return items


def _by_id(model: type[Row], ids: Collection[int]) -> dict[int, Row]:
    wanted = sorted(set(ids))
    found: dict[int, Row] = {}
    for start in range(0, len(wanted), 500):
        rows = db.session.scalars(select(model).where(model.id.in_(wanted[start : start + 500])))
        found |= {row.id: row for row in rows}
    return found
