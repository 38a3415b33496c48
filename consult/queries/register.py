"""The public register of a round: what was said, as far as it is public, and what the city answered.

Read in few columns into small values, page by page from a number on, so that the hundredth thousand costs what the
first did. Nothing here reads a contact, a code, or a text that is not public.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, literal, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.models import Draft, PublicText, Reconsideration, Round, Submission, Unit
from consult.rules.rounds import CODE
from core import search
from core.errors import NotFound
from core.localized import Localized
from followup.models import Promise, Register, Reply, ReplyVersion

WAITING = "waiting"
"""Stands among the outcomes for what has none yet."""
WHOLE = "whole"
"""Stands among the measures for comments on the draft as a whole."""

_BATCH = 500


@dataclass(frozen=True, slots=True)
class RoundRegister:
    """A round that is before the public, with what its register needs."""

    id: int
    code: str
    register_id: int
    title: Localized
    language: str
    languages: Sequence[str]
    opens_on: date
    closes_on: date
    answers_due_on: date
    published_on: date | None
    last_number: int
    concluded_on: date | None

    @property
    def chain(self) -> str:
        return f"register:{self.code}"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that comments can be about: its number, newest title, and its units in all versions of the draft."""

    number: str
    title: Localized
    unit_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader wants to see; empty fields do not filter. ``outcome`` may be ``waiting``, ``measure`` ``whole``."""

    word: str = ""
    number: int | None = None
    outcome: str = ""
    measure: str = ""
    author: str = ""
    language: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One number of the register. ``text`` and ``name`` are set only while they are public.

    ``about`` is the number that a request to look again is about. ``redaction_reason`` says why the public text
    differs from what was written; withdrawn texts keep it. ``version`` is that of the answer in force.
    """

    number: int
    about: int | None
    measure: str | None
    kind: str | None
    language: str
    channel: str
    author_kind: str
    name: str | None
    erased: bool
    hidden_reason: str | None
    redaction_reason: str | None
    text: str | None
    proposed_wording: str | None
    received_on: date
    due_on: date
    answered_on: date | None
    version: int | None
    outcome: str | None
    reason: Localized

    @property
    def text_state(self) -> str:
        """``public``, ``withdrawn``, ``hidden`` or ``withheld`` (not released yet)."""
        if self.text is not None:
            return "public"
        if self.erased:
            return "withdrawn"
        return "hidden" if self.hidden_reason is not None else "withheld"


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and whether there are others before and after them."""

    rows: Sequence[Row]
    earlier: bool
    later: bool


# What is read, put together once: composing a statement takes longer than running it --------------------------------

_Columns = Select[*tuple[Any, ...]]

_ROUNDS: _Columns = (
    select(
        Round.id,
        Round.code,
        Round.register_id,
        Round.title,
        Round.language,
        Round.languages,
        Round.opens_on,
        Round.closes_on,
        Round.answers_due_on,
        Round.published_on,
        Register.last_number,
        Register.concluded_on,
    )
    .join(Register, Register.id == Round.register_id)
    .where(Round.published_on.is_not(None))
)
_ROUND = _ROUNDS.where(Round.code == bindparam("code"))
_MEASURES: _Columns = (
    select(Unit.number, Unit.id, Unit.title)
    .join(Draft, Draft.id == Unit.draft_id)
    .where(Unit.kind == "measure", Draft.round_id == bindparam("round_id"))
    .order_by(Draft.version.desc(), Unit.position)
)
_ANSWER = (
    Promise.due_on,
    Promise.answered_on,
    ReplyVersion.version,
    ReplyVersion.outcome,
    ReplyVersion.reason,
)
_IN_FORCE = and_(
    ReplyVersion.reply_id == Reply.id,
    ReplyVersion.version == Reply.published_version,
    Promise.answered_on.is_not(None),
)

_SUBMISSIONS: _Columns = (
    select(
        Submission.number,
        null().label("about"),
        Unit.number.label("measure"),
        Submission.kind,
        Submission.language,
        Submission.channel,
        Submission.author_kind,
        case((and_(Submission.publish_name, PublicText.text.is_not(None)), Submission.name)).label("name"),
        Submission.text.is_(None).label("erased"),
        Submission.hidden_reason,
        PublicText.reason.label("redaction_reason"),
        PublicText.text,
        PublicText.proposed_wording,
        Submission.received_on,
        *_ANSWER,
    )
    .select_from(Submission)
    .join(Round, Round.id == Submission.round_id)
    .join(Promise, and_(Promise.register_id == Round.register_id, Promise.number == Submission.number))
    .outerjoin(Unit, Unit.id == Submission.unit_id)
    .outerjoin(PublicText, and_(PublicText.id == Submission.public_text_id, Submission.hidden_on.is_(None)))
    .outerjoin(Reply, Reply.id == Promise.reply_id)
    .outerjoin(ReplyVersion, _IN_FORCE)
    .where(Submission.round_id == bindparam("round_id"))
)
# The text of a request to look again is never public.
_RECONSIDERATIONS: _Columns = (
    select(
        Reconsideration.number,
        Submission.number.label("about"),
        Unit.number.label("measure"),
        literal("reconsideration").label("kind"),
        Reconsideration.language,
        literal("web").label("channel"),
        Submission.author_kind,
        null().label("name"),
        Reconsideration.text.is_(None).label("erased"),
        null().label("hidden_reason"),
        null().label("redaction_reason"),
        null().label("text"),
        null().label("proposed_wording"),
        Reconsideration.received_on,
        *_ANSWER,
    )
    .select_from(Reconsideration)
    .join(Round, Round.id == Reconsideration.round_id)
    .join(Submission, Submission.id == Reconsideration.submission_id)
    .join(Promise, and_(Promise.register_id == Round.register_id, Promise.number == Reconsideration.number))
    .outerjoin(Unit, Unit.id == Submission.unit_id)
    .outerjoin(Reply, Reply.id == Promise.reply_id)
    .outerjoin(ReplyVersion, _IN_FORCE)
    .where(Reconsideration.round_id == bindparam("round_id"))
)
_NUMBERED = ((_SUBMISSIONS, Submission.number), (_RECONSIDERATIONS, Reconsideration.number))
_ONWARD = [
    rows.where(number > bindparam("after")).order_by(number).limit(bindparam("most"))
    for rows, number in _NUMBERED
]
"""The register as most people read it: from a number on, without a filter."""


# The register --------------------------------------------------------------------------------------------------------


def find_round(session: Session, code: str) -> RoundRegister:
    """The round called ``code``, once it is before the public. Raises NotFound."""
    # The pattern keeps from the database what no code can be, such as a NUL, which PostgreSQL refuses loudly.
    known = CODE.fullmatch(code) is not None
    row = session.execute(_ROUND, {"code": code}).one_or_none() if known else None
    if row is None:
        raise NotFound("round", code[:40])
    return RoundRegister(*row)


def list_rounds(session: Session) -> list[RoundRegister]:
    """Every round that is before the public, newest first."""
    rows = session.execute(_ROUNDS.order_by(Round.opens_on.desc(), Round.id.desc()))
    return [RoundRegister(*row) for row in rows]


def titles(session: Session, codes: Sequence[str]) -> dict[str, Localized]:
    """The titles of those of the rounds that are before the public."""
    rows = session.execute(
        select(Round.code, Round.title).where(Round.code.in_(codes), Round.published_on.is_not(None))
    )
    return {row.code: row.title for row in rows}


def languages_of(session: Session, public_text_ids: Sequence[int]) -> dict[int, str]:
    """The languages of released texts, by the ids of these."""
    rows = session.execute(
        select(PublicText.id, Submission.language)
        .join(Submission, Submission.id == PublicText.submission_id)
        .where(PublicText.id.in_(public_text_ids))
    )
    return {row.id: row.language for row in rows}


def list_measures(session: Session, round_id: int) -> list[Measure]:
    """The measures of a round, in the order of its newest draft, then those that only older versions had."""
    rows = session.execute(_MEASURES, {"round_id": round_id})
    found: dict[str, tuple[Localized, list[int]]] = {}
    for number, id, title in rows:
        found.setdefault(str(number), (title, []))[1].append(id)
    return [Measure(number, title, tuple(ids)) for number, (title, ids) in found.items()]


def read_page(
    session: Session,
    found: RoundRegister,
    wanted: Filter,
    measures: Sequence[Measure] = (),
    *,
    after: int | None = None,
    before: int | None = None,
    size: int = 50,
) -> Page:
    """The rows that follow the number ``after``, or come right before ``before``; else the first."""
    backwards = before is not None and after is None
    if wanted == Filter() and before is None:
        rows = _onward(session, found, after or 0, size + 1)
    else:
        selects = _selects(wanted, measures)
        rows = _merged(
            session, found, selects, after=after or 0, before=before, limit=size + 1, backwards=backwards
        )
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        return Page(rows[::-1], earlier=more, later=True)
    return Page(rows, earlier=bool(after), later=more)


def all_rows(session: Session, found: RoundRegister) -> Iterator[Row]:
    """The whole register in order, read in batches."""
    after = 0
    while True:
        rows = _onward(session, found, after, _BATCH)
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1].number


def read_row(session: Session, found: RoundRegister, number: int) -> Row:
    """One number of the register. Raises NotFound."""
    rows = _merged(session, found, _selects(Filter(number=number)), limit=1)
    if not rows:
        raise NotFound("entry", number)
    return rows[0]


# Reading -------------------------------------------------------------------------------------------------------------


def _onward(session: Session, found: RoundRegister, after: int, most: int) -> list[Row]:
    """At most ``most`` rows that follow the number ``after``."""
    bound = {"round_id": found.id, "after": after, "most": most}
    return _in_order([session.execute(each, bound) for each in _ONWARD], most)


def _selects(
    wanted: Filter, measures: Sequence[Measure] = ()
) -> list[tuple[_Columns, InstrumentedAttribute[int]]]:
    """What to read, each with the column of its number: submissions, and requests to look again."""
    same = _conditions(wanted, measures)
    submissions, asked = _SUBMISSIONS.where(*same), _RECONSIDERATIONS.where(*same)
    if wanted.number is not None:
        submissions = submissions.where(Submission.number == wanted.number)
        asked = asked.where(Reconsideration.number == wanted.number)
    if wanted.language:
        submissions = submissions.where(Submission.language == wanted.language)
        asked = asked.where(Reconsideration.language == wanted.language)
    if wanted.channel:
        submissions = submissions.where(Submission.channel == wanted.channel)
    if wanted.word:
        submissions = submissions.where(search.matches(Submission.folded, wanted.word))
    if wanted.word or wanted.channel not in ("", "web"):
        return [(submissions, Submission.number)]
    return [(submissions, Submission.number), (asked, Reconsideration.number)]


def _conditions(wanted: Filter, measures: Sequence[Measure]) -> list[ColumnElement[bool]]:
    """What holds for both kinds of rows alike."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.outcome == WAITING:
        conditions.append(Promise.answered_on.is_(None))
    elif wanted.outcome:
        conditions.append(ReplyVersion.outcome == wanted.outcome)
    if wanted.measure == WHOLE:
        conditions.append(Submission.unit_id.is_(None))
    elif wanted.measure:
        ids = next((measure.unit_ids for measure in measures if measure.number == wanted.measure), ())
        conditions.append(Submission.unit_id == ids[0] if len(ids) == 1 else Submission.unit_id.in_(ids))
    if wanted.author:
        conditions.append(Submission.author_kind == wanted.author)
    return conditions


def _merged(
    session: Session,
    found: RoundRegister,
    selects: Sequence[tuple[_Columns, InstrumentedAttribute[int]]],
    *,
    after: int = 0,
    before: int | None = None,
    limit: int,
    backwards: bool = False,
) -> list[Row]:
    """The first ``limit`` rows of all ``selects`` by number; from the end if ``backwards``."""
    parts = []
    for rows, number in selects:
        if after:
            rows = rows.where(number > after)
        if before is not None:
            rows = rows.where(number < before)
        rows = rows.order_by(number.desc() if backwards else number).limit(limit)
        parts.append(session.execute(rows, {"round_id": found.id}))
    return _in_order(parts, limit, backwards=backwards)


def _in_order(parts: Sequence[Any], limit: int, *, backwards: bool = False) -> list[Row]:
    """The first ``limit`` rows of results that are each in order."""
    read = [[Row(*row) for row in part] for part in parts]
    if len(read) == 1 or not read[1]:
        return read[0]
    return list(heapq.merge(*read, key=lambda row: row.number, reverse=backwards))[:limit]
