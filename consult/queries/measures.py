"""One measure of a draft, or the draft as a whole, with the latest public comments and answers.

Comments are read at most five at a time along an index, so that a measure with 100,000 of them costs no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import aliased

from accounts.models import Department
from consult import events
from consult.models import Draft, PublicText, Reconsideration, Round, Submission, Unit
from consult.queries.rounds import DraftLine, RoundLine, draft_seen, find_line, newest_draft
from core.db import db
from core.errors import NotFound
from core.localized import Localized
from followup.models import Promise, Register, Reply, ReplyVersion
from followup.rules import PromiseKind, ReplyState

LATEST = 5
"""Comments shown on a measure's own page."""
FACTS = ("goal", "responsible", "deadline", "indicator")


@dataclass(frozen=True, slots=True)
class Answered:
    """A published answer."""

    outcome: str
    reason: Localized
    change: Localized
    version: int
    published_on: date
    department: Localized


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment whose text is public. ``name`` is empty unless its author wants it published."""

    number: int
    kind: str | None
    author_kind: str
    name: str
    language: str
    received_on: date
    text: str
    proposed_wording: str
    answer: Answered | None


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """A measure with its place among the ``measures`` of the draft; the whole draft has ``unit_id`` None.

    ``facts`` are keyed by ``FACTS``. ``received`` counts the comments on this measure in every version of the draft.
    """

    round: RoundLine
    draft: DraftLine
    unit_id: int | None
    number: str
    title: Localized
    body: Localized
    plain: Localized
    facts: Mapping[str, Localized]
    chapter: Localized
    position: int
    measures: int
    previous: str | None
    next: str | None
    received: int
    comments: Sequence[Comment]


@dataclass(frozen=True, slots=True)
class LatestAnswer:
    """A published answer with the first of the comments that it answers; ``text`` is None while not public."""

    round_code: str
    round_title: Localized
    number: int
    text: str | None
    language: str
    answer: Answered


def find_measure(code: str, number: str) -> MeasurePage:
    """One measure of the newest draft. Raises NotFound for the round or the measure."""
    line, round_id = find_line(code)
    draft = newest_draft(round_id)
    wanted = select(Unit).where(Unit.draft_id == draft.id, Unit.number == number)
    unit = None if "\0" in number else db.session.scalars(wanted).one_or_none()
    if unit is None:
        raise NotFound("measure", number[:40])
    return _measure_page(line, round_id, draft, unit)


def find_seen_measure(code: str, unit_id: int) -> MeasurePage:
    """The measure that a form was about, in the version of the draft that its author saw. Raises NotFound."""
    line, round_id = find_line(code)
    unit = db.session.scalars(
        select(Unit)
        .join(Draft, Draft.id == Unit.draft_id)
        .where(Unit.id == unit_id, Draft.round_id == round_id, Unit.kind == "measure")
    ).one_or_none()
    if unit is None:
        raise NotFound("measure", unit_id)
    return _measure_page(line, round_id, draft_seen(unit.draft_id), unit)


def find_whole(code: str) -> MeasurePage:
    """The draft as a whole, for comments that are about no single measure. Raises NotFound."""
    line, round_id = find_line(code)
    draft = newest_draft(round_id)
    place = db.session.execute(select(_measures(draft.id), _received_on_whole(round_id))).one()
    return MeasurePage(
        round=line,
        draft=draft,
        unit_id=None,
        number="",
        title=draft.title or line.title,
        body=draft.introduction,
        plain=Localized(),
        facts={},
        chapter=Localized(),
        position=0,
        measures=place[0],
        previous=None,
        next=None,
        received=place[1],
        comments=_latest_comments(round_id, [None]),
    )


def latest_answers(limit: int = 3) -> list[LatestAnswer]:
    """The published answers that were begun last, each with one of the comments that it answers."""
    replies = db.session.execute(
        select(Reply.id, *_ANSWER)
        .select_from(ReplyVersion)
        .join(
            Reply, (Reply.id == ReplyVersion.reply_id) & (Reply.published_version == ReplyVersion.version)
        )
        .join(Department, Department.id == Reply.department_id)
        .where(ReplyVersion.state == ReplyState.PUBLISHED.value)
        .order_by(ReplyVersion.reply_id.desc())
        .limit(limit)
    ).all()
    answers = []
    answer: Sequence[Any]
    for reply_id, *answer in replies:
        first = db.session.execute(
            select(Round.code, Round.title, Promise.number, PublicText.text, Submission.language)
            .join(Submission, Submission.id == Promise.subject_id)
            .join(Round, Round.id == Submission.round_id)
            .outerjoin(
                PublicText, (PublicText.id == Submission.public_text_id) & Submission.folded.is_not(None)
            )
            .where(Promise.reply_id == reply_id, Promise.subject_kind == events.SUBMISSION)
            .order_by(Promise.id)
            .limit(1)
        ).one_or_none()
        if first is not None:
            answers.append(LatestAnswer(*first, Answered(*answer)))
    return answers


def _measure_page(line: RoundLine, round_id: int, draft: DraftLine, unit: Unit) -> MeasurePage:
    place = db.session.execute(select(*_place(unit))).one()
    versions = db.session.execute(
        select(Unit.id, Unit.received)
        .join(Draft, Draft.id == Unit.draft_id)
        .where(Draft.round_id == round_id, Unit.number == unit.number)
    ).all()
    return MeasurePage(
        round=line,
        draft=draft,
        unit_id=unit.id,
        number=unit.number or "",
        title=unit.title,
        body=unit.body,
        plain=unit.plain,
        facts={name: getattr(unit, name) for name in FACTS},
        chapter=place.chapter or Localized(),
        position=place.position,
        measures=place.measures,
        previous=place.previous,
        next=place.next,
        received=sum(received for _id, received in versions),
        comments=_latest_comments(round_id, [id for id, _received in versions]),
    )


_ANSWER = (
    ReplyVersion.outcome,
    ReplyVersion.reason,
    ReplyVersion.change,
    ReplyVersion.version,
    ReplyVersion.published_on,
    Department.name,
)


def _place(unit: Unit) -> list[Any]:
    """Where a measure stands in its draft, and its neighbours, as columns of one row."""
    other = aliased(Unit)
    measures = select(other.number).where(other.draft_id == unit.draft_id, other.kind == "measure")
    chapters = select(other.title).where(other.draft_id == unit.draft_id, other.kind == "chapter")
    before, after = other.position < unit.position, other.position > unit.position
    backwards = other.position.desc()
    return [
        select(func.count() + 1).select_from(measures.where(before).subquery()).scalar_subquery().label("position"),
        _measures(unit.draft_id).label("measures"),
        measures.where(before).order_by(backwards).limit(1).scalar_subquery().label("previous"),
        measures.where(after).order_by(other.position).limit(1).scalar_subquery().label("next"),
        chapters.where(before).order_by(backwards).limit(1).scalar_subquery().label("chapter"),
    ]


def _measures(draft_id: int) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Unit)
        .where(Unit.draft_id == draft_id, Unit.kind == "measure")
        .scalar_subquery()
    )


def _received_on_whole(round_id: int) -> Any:
    """Everything received, less what is about a measure or asks to look again."""
    numbers = (
        select(Register.last_number)
        .join(Round, Round.register_id == Register.id)
        .where(Round.id == round_id)
        .scalar_subquery()
    )
    on_measures = (
        select(func.coalesce(func.sum(Unit.received), 0))
        .join(Draft, Draft.id == Unit.draft_id)
        .where(Draft.round_id == round_id)
        .scalar_subquery()
    )
    again = (
        select(func.count())
        .select_from(Reconsideration)
        .where(Reconsideration.round_id == round_id)
        .scalar_subquery()
    )
    return numbers - on_measures - again


def _latest_comments(round_id: int, unit_ids: Iterable[int | None]) -> list[Comment]:
    """The newest public comments on a measure, which has one unit in each version of the draft."""
    ids: list[int] = []
    for unit_id in unit_ids:
        ids += db.session.scalars(
            select(Submission.id)
            .where(
                Submission.round_id == round_id,
                Submission.unit_id == unit_id,
                Submission.folded.is_not(None),  # set while a text is public, and only then
            )
            .order_by(Submission.number.desc())
            .limit(LATEST)
        )
    if not ids:
        return []
    rows = db.session.execute(
        select(Submission, PublicText, *_ANSWER)
        .join(PublicText, PublicText.id == Submission.public_text_id)
        .join(
            Promise,
            (Promise.subject_kind == events.SUBMISSION)
            & (Promise.subject_id == Submission.id)
            & (Promise.kind == PromiseKind.ANSWER.value),
        )
        .outerjoin(Reply, (Reply.id == Promise.reply_id) & Promise.answered_on.is_not(None))
        .outerjoin(
            ReplyVersion,
            (ReplyVersion.reply_id == Reply.id) & (ReplyVersion.version == Reply.published_version),
        )
        .outerjoin(Department, Department.id == Reply.department_id)
        .where(Submission.id.in_(ids))
        .order_by(Submission.number.desc())
        .limit(LATEST)
    )
    return [_comment(submission, public, answer) for submission, public, *answer in rows]


def _comment(submission: Submission, public: PublicText, answer: Sequence[Any]) -> Comment:
    return Comment(
        number=submission.number,
        kind=submission.kind,
        author_kind=submission.author_kind,
        name=(submission.name or "") if submission.publish_name else "",
        language=submission.language,
        received_on=submission.received_on,
        text=public.text or "",
        proposed_wording=public.proposed_wording or "",
        answer=Answered(*answer) if answer[0] else None,
    )
