"""One measure of a draft, or the draft as a whole, with the latest public comments and answers.

Comments are read at most five at a time along an index, so that a measure with 100,000 of them costs no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from accounts.models import Department
from consult import events
from consult.models import Draft, PublicText, Reconsideration, Round, Submission, Unit
from consult.queries.rounds import DRAFT_LINE, DraftLine, RoundLine, find_line, newest_draft
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
    if "\0" in number:  # which PostgreSQL refuses loudly
        raise NotFound("measure", number[:40])
    return _measure_page(line, round_id, _NEWEST_MEASURE, number=number)


def find_seen_measure(code: str, unit_id: int) -> MeasurePage:
    """The measure that a form was about, in the version of the draft that its author saw. Raises NotFound."""
    line, round_id = find_line(code)
    return _measure_page(line, round_id, _SEEN_MEASURE, unit_id=unit_id)


def find_whole(code: str) -> MeasurePage:
    """The draft as a whole, for comments that are about no single measure. Raises NotFound."""
    line, round_id = find_line(code)
    draft = newest_draft(round_id)
    counts = db.session.execute(_WHOLE, {"round_id": round_id, "draft_id": draft.id}).one()
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
        measures=counts.measures,
        previous=None,
        next=None,
        received=counts.received,
        comments=_latest_comments(_ON_WHOLE, [{"round_id": round_id}]),
    )


def latest_answers(limit: int = 3) -> list[LatestAnswer]:
    """The published answers that were begun last, each with one of the comments that it answers."""
    answers = []
    answer: Sequence[Any]
    for reply_id, *answer in db.session.execute(_LATEST_ANSWERS, {"limit": limit}).all():
        first = db.session.execute(_FIRST_ANSWERED, {"reply_id": reply_id}).one_or_none()
        if first is not None:
            answers.append(LatestAnswer(*first, Answered(*answer)))
    return answers


def _measure_page(
    line: RoundLine, round_id: int, wanted: Select[*tuple[Any, ...]], **key: object
) -> MeasurePage:
    row = db.session.execute(wanted, {"round_id": round_id, **key}).one_or_none()
    if row is None:
        raise NotFound("measure", next(iter(key.values())))
    draft, place = DraftLine(*row[: len(DRAFT_LINE)]), row._mapping
    versions = db.session.execute(_VERSIONS, {"round_id": round_id, "number": place["number"]}).all()
    return MeasurePage(
        round=line,
        draft=draft,
        unit_id=place["unit_id"],
        number=place["number"],
        title=place["unit_title"],
        body=place["body"],
        plain=place["plain"],
        facts={name: place[name] for name in FACTS},
        chapter=place["chapter"] or Localized(),
        position=place["before"] + 1,
        measures=place["measures"],
        previous=place["previous"],
        next=place["next"],
        received=sum(received for _id, received in versions),
        comments=_latest_comments(
            _ON_MEASURE, [{"round_id": round_id, "unit_id": id} for id, _received in versions]
        ),
    )


def _latest_comments(
    statement: Select[*tuple[Any, ...]], places: Sequence[Mapping[str, int]]
) -> list[Comment]:
    """The newest public comments on a measure, which has one place in each version of the draft."""
    found = [_comment(*row) for place in places for row in db.session.execute(statement, dict(place))]
    return sorted(found, key=lambda comment: -comment.number)[:LATEST]


def _comment(
    number: int,
    kind: str | None,
    author_kind: str,
    name: str | None,
    publish_name: bool,
    language: str,
    received_on: date,
    text: str | None,
    proposed_wording: str | None,
    *answer: Any,
) -> Comment:
    return Comment(
        number=number,
        kind=kind,
        author_kind=author_kind,
        name=(name or "") if publish_name else "",
        language=language,
        received_on=received_on,
        text=text or "",
        proposed_wording=proposed_wording or "",
        answer=Answered(*answer) if answer[0] else None,
    )


# Statements, made once: building them anew for each page costs more than running them ---------------------------------

_ANSWER = (
    ReplyVersion.outcome,
    ReplyVersion.reason,
    ReplyVersion.change,
    ReplyVersion.version,
    ReplyVersion.published_on,
    Department.name,
)

_LATEST_ANSWERS = (
    select(Reply.id, *_ANSWER)
    .select_from(ReplyVersion)
    .join(Reply, (Reply.id == ReplyVersion.reply_id) & (Reply.published_version == ReplyVersion.version))
    .join(Department, Department.id == Reply.department_id)
    .where(
        ReplyVersion.state == ReplyState.PUBLISHED.value,
        exists().where(Promise.reply_id == Reply.id, Promise.subject_kind == events.SUBMISSION),
    )
    .order_by(ReplyVersion.reply_id.desc())
    .limit(bindparam("limit"))
)
_FIRST_ANSWERED = (
    select(Round.code, Round.title, Promise.number, PublicText.text, Submission.language)
    .join(Submission, Submission.id == Promise.subject_id)
    .join(Round, Round.id == Submission.round_id)
    .outerjoin(PublicText, (PublicText.id == Submission.public_text_id) & Submission.folded.is_not(None))
    .where(Promise.reply_id == bindparam("reply_id"), Promise.subject_kind == events.SUBMISSION)
    .order_by(Promise.id)
    .limit(1)
)


def _measures_statement() -> Select[*tuple[Any, ...]]:
    """A measure with its draft and its neighbours, in one row."""
    other = aliased(Unit)
    measures = select(other.number).where(other.draft_id == Unit.draft_id, other.kind == "measure")
    chapters = select(other.title).where(other.draft_id == Unit.draft_id, other.kind == "chapter")
    before, after = other.position < Unit.position, other.position > Unit.position
    backwards = other.position.desc()
    return (
        select(
            *DRAFT_LINE,
            Unit.id.label("unit_id"),
            Unit.number,
            Unit.title.label("unit_title"),
            Unit.body,
            Unit.plain,
            *(getattr(Unit, name) for name in FACTS),
            measures.with_only_columns(func.count()).where(before).scalar_subquery().label("before"),
            measures.with_only_columns(func.count()).scalar_subquery().label("measures"),
            measures.where(before).order_by(backwards).limit(1).scalar_subquery().label("previous"),
            measures.where(after).order_by(other.position).limit(1).scalar_subquery().label("next"),
            chapters.where(before).order_by(backwards).limit(1).scalar_subquery().label("chapter"),
        )
        .join(Draft, Draft.id == Unit.draft_id)
        .where(Draft.round_id == bindparam("round_id"), Unit.kind == "measure")
    )


_newer = aliased(Draft)
_NEWEST_MEASURE = _measures_statement().where(
    Unit.number == bindparam("number"),
    Draft.version
    == select(func.max(_newer.version)).where(_newer.round_id == bindparam("round_id")).scalar_subquery(),
)
_SEEN_MEASURE = _measures_statement().where(Unit.id == bindparam("unit_id"))
_VERSIONS = (
    select(Unit.id, Unit.received)
    .join(Draft, Draft.id == Unit.draft_id)
    .where(Draft.round_id == bindparam("round_id"), Unit.number == bindparam("number"))
)

# On the whole draft is everything received that is not about a measure and does not ask to look again.
_of_round = Draft.round_id == bindparam("round_id")
_WHOLE = select(
    select(func.count())
    .select_from(Unit)
    .where(Unit.draft_id == bindparam("draft_id"), Unit.kind == "measure")
    .scalar_subquery()
    .label("measures"),
    (
        select(Register.last_number)
        .join(Round, Round.register_id == Register.id)
        .where(Round.id == bindparam("round_id"))
        .scalar_subquery()
        - select(func.coalesce(func.sum(Unit.received), 0))
        .join(Draft, Draft.id == Unit.draft_id)
        .where(_of_round)
        .scalar_subquery()
        - select(func.count())
        .select_from(Reconsideration)
        .where(Reconsideration.round_id == bindparam("round_id"))
        .scalar_subquery()
    ).label("received"),
)


def _comments_statement(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The newest public comments with their answers. The few are found first, along an index, then joined."""
    latest = (
        select(Submission.id)
        .where(
            Submission.round_id == bindparam("round_id"),
            Submission.folded.is_not(None),  # set while a text is public, and only then
            *where,
        )
        .order_by(Submission.number.desc())
        .limit(LATEST)
        .subquery()
    )
    return (
        select(
            Submission.number,
            Submission.kind,
            Submission.author_kind,
            Submission.name,
            Submission.publish_name,
            Submission.language,
            Submission.received_on,
            PublicText.text,
            PublicText.proposed_wording,
            *_ANSWER,
        )
        .select_from(latest)
        .join(Submission, Submission.id == latest.c.id)
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
    )


_ON_MEASURE = _comments_statement(Submission.unit_id == bindparam("unit_id"))
_ON_WHOLE = _comments_statement(Submission.unit_id.is_(None))
