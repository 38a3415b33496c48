"""The public register of motions: newest first, page by page from a place on, filtered and searched.

Whatever the register holds, one page reads a bounded number of rows (docs/adr/0030): first the newest motions that fit
the filter, whose words are compared; only if these do not fill the page, the search index, in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    SQLColumnExpression,
    and_,
    column,
    func,
    literal,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.engine import Row as Result
from sqlalchemy.orm import Session

from accounts.models import Department
from core import clock, search
from core.db import LARGEST_ID
from core.localized import Localized
from council.models import Body, Member, Term
from followup.models import Promise, Register
from followup.numbers import register_number
from followup.rules import PromiseKind
from motions import events
from motions.models.drafting import MotionText
from motions.models.motions import STATES, Motion, MotionStep
from motions.models.register import FoldedText, Sponsor
from motions.rules.register import LATE, place_of
from motions.rules.stages import PRIVATE, Stage
from motions.rules.way import PUT_OFF

_Columns = TypeVarTuple("_Columns")

PAGE = 30
COUNTED = 100
"""Hits are counted so far; then there are "more"."""
SHORTEST_WORD = 3
_NEWEST = (100, 300, 300, 300)
"""Motions whose words are compared before the search index is asked: a glance, and more while these promise enough hits."""
_PIECE = 500
_WIDEST = 4_000
"""Motions among which PostgreSQL first looks for words that the newest ones hold too seldom."""
_INDEX = table("motions_search", column("rowid"), column("motions_search"))


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader wants to see; empty fields do not filter. ``state`` may be ``late``; the ids are those of rows."""

    word: str = ""
    state: str = ""
    topic: str = ""
    kind: str = ""
    council: int = 0
    department: int = 0
    term: int = 0
    member: int = 0
    """Who tabled it, or signed what is public of it."""

    @property
    def words(self) -> list[str]:
        """The folded words that are searched for; shorter ones are left out."""
        return [word for word in search.words(self.word) if len(word) >= SHORTEST_WORD]


@dataclass(frozen=True, slots=True)
class Row:
    """One motion in a list. ``step`` is what is owed first, by ``due_on``; ``title`` is that of the newest public text."""

    id: int
    place: int
    number: str
    council_key: str
    council: Localized
    kind: str
    topic: str
    stage: str
    city_decision: str | None
    title: Localized
    author_id: int
    author: str
    department: Localized | None
    term: int
    submitted_on: date
    dealt_on: date | None
    closed_on: date | None
    returns_on: date | None
    """When it comes back to the council, while it is put off."""
    step: str | None
    due_on: date | None

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < clock.today()

    @property
    def days_late(self) -> int:
        return (clock.today() - self.due_on).days if self.due_on else 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows and whether there are others before and after; ``count`` on the first page, at most ``COUNTED`` + 1."""

    rows: Sequence[Row]
    earlier: bool
    later: bool
    count: int | None


def read_page(session: Session, wanted: Filter, *, after: int = 0, before: int = 0) -> Page:
    """The motions that follow the place ``after``, or come right before the place ``before``; else the newest."""
    backwards = bool(before) and not after
    first = not (after or before)
    found = find_ids(
        session, wanted, after or before, backwards=backwards, most=COUNTED + 1 if first else PAGE + 1
    )
    more, shown = len(found) > PAGE, found[:PAGE]
    if backwards:
        shown.reverse()
    rows = read_rows(session, shown)
    count = len(found) if first else None
    if backwards:
        return Page(rows, earlier=more, later=True, count=count)
    return Page(rows, earlier=bool(after), later=more, count=count)


def newest(session: Session, most: int) -> list[Row]:
    """The motions that were tabled last."""
    return read_rows(session, find_ids(session, Filter(), most=most))


def all_rows(session: Session, wanted: Filter) -> Iterator[Row]:
    """Every motion that fits, newest first, read in pieces."""
    after = 0
    while ids := find_ids(session, wanted, after, most=_PIECE):
        rows = read_rows(session, ids)
        yield from rows
        after = rows[-1].place


def find_ids(
    session: Session, wanted: Filter, bound: int = 0, *, backwards: bool = False, most: int
) -> list[int]:
    """At most ``most`` motions from the place ``bound`` on, newest first; ``backwards``, from there towards the newest."""
    if not wanted.words:
        ids = _within(select(Motion.id, Motion.submitted_on), wanted, bound, backwards)
        return [row.id for row in session.execute(ids.limit(most))]
    found: list[int] = []
    read = 0
    for piece in _NEWEST:
        rows = _compared(session, wanted, bound, backwards, piece)
        found += [row.id for row in rows if row.fits]
        if len(found) >= most or len(rows) < piece:
            return found[:most]
        read += piece
        bound = place_of(rows[-1].submitted_on, rows[-1].id)
        if len(found) * sum(_NEWEST) < most * read:
            break
    for places in _pieces(session, wanted, bound, backwards):
        found += _fitting(session, wanted, places)
        if len(found) >= most:
            break
    return found[:most]


def _compared(
    session: Session, wanted: Filter, bound: int, backwards: bool, most: int
) -> Sequence[Result[Any]]:
    """The nearest motions that fit the filter, in order from ``bound`` on; ``fits`` says whether they hold the words."""
    near = _within(select(Motion.id, Motion.submitted_on), wanted, bound, backwards).limit(most).subquery()
    query = select(near.c.id, near.c.submitted_on, and_(*_holds(wanted)).label("fits")).outerjoin(
        FoldedText, FoldedText.motion_id == near.c.id
    )
    return session.execute(_ordered(query, near.c.submitted_on, near.c.id, backwards)).all()


def _holds(wanted: Filter) -> list[ColumnElement[bool]]:
    return [FoldedText.folded.contains(word, autoescape=True) for word in wanted.words]


def _pieces(session: Session, wanted: Filter, bound: int, backwards: bool) -> Iterator[list[int]]:
    """The places of motions whose words fit, in order from ``bound`` on, as the search index gives them."""
    if session.get_bind().dialect.name == "sqlite":
        phrases = " ".join('"' + word.replace('"', '""') + '"' for word in wanted.words)
        query = select(_INDEX.c.rowid).where(_INDEX.c.motions_search.op("MATCH")(phrases))
        yield from _cut(session, query, _INDEX.c.rowid, bound, backwards)
        return
    query = select(FoldedText.place).where(*_holds(wanted))
    edge = session.scalars(
        _from_place(select(FoldedText.place), FoldedText.place, bound, backwards).offset(_WIDEST).limit(1)
    ).one_or_none()
    if edge is not None:  # the index gives all hits at once: among the nearest motions first
        side = FoldedText.place <= edge if backwards else FoldedText.place >= edge
        yield from _cut(session, query.where(side), FoldedText.place, bound, backwards)
        bound = edge
    yield from _cut(session, query, FoldedText.place, bound, backwards)


def _cut(
    session: Session, query: Select[int], place: SQLColumnExpression[int], bound: int, backwards: bool
) -> Iterator[list[int]]:
    while True:
        places = list(session.scalars(_from_place(query, place, bound, backwards).limit(_PIECE)))
        if places:
            yield places
        if len(places) < _PIECE:
            return
        bound = places[-1]


def _from_place(
    query: Select[*_Columns], place: SQLColumnExpression[int], bound: int, backwards: bool
) -> Select[*_Columns]:
    if bound:
        query = query.where(place > bound if backwards else place < bound)
    return query.order_by(place if backwards else place.desc())


def _fitting(session: Session, wanted: Filter, places: Sequence[int]) -> list[int]:
    """Those of the motions at ``places`` that fit the filter, in their order."""
    ids = [place & LARGEST_ID for place in places]
    if not ids or wanted == Filter(word=wanted.word):
        return ids
    fit = set(session.scalars(select(Motion.id).where(Motion.id.in_(ids), *conditions(wanted))))
    return [id for id in ids if id in fit]


def _within(query: Select[int, date], wanted: Filter, bound: int, backwards: bool) -> Select[int, date]:
    if wanted.member:  # read in their order, so that no motion is read which does not stand on the page
        query = query.join(Sponsor, Sponsor.motion_id == Motion.id).where(Sponsor.member_id == wanted.member)
        query = query.where(*conditions(replace(wanted, member=0)))
        return _from_place(query, Sponsor.place, bound, backwards)
    query = query.where(*conditions(wanted))
    if bound:
        here = tuple_(Motion.submitted_on, Motion.id)
        day, id = _day_and_id(bound)
        there = tuple_(literal(day, Date), literal(id))
        query = query.where(here > there if backwards else here < there)
    return _ordered(query, Motion.submitted_on, Motion.id, backwards)


def _ordered(
    query: Select[*_Columns], day: SQLColumnExpression[Any], id: SQLColumnExpression[int], backwards: bool
) -> Select[*_Columns]:
    return query.order_by(day, id) if backwards else query.order_by(day.desc(), id.desc())


def _day_and_id(place: int) -> tuple[date, int]:
    return date.fromordinal(min(max(place >> 31, 1), date.max.toordinal())), place & LARGEST_ID


def conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """What holds for the motions that fit the filter, but for its words. For queries of motions alone."""
    found: list[ColumnElement[bool]] = [Motion.submitted_on.is_not(None)]
    if wanted.state == LATE:
        found.append(Motion.id.in_(_late(clock.today())))
    elif wanted.state:
        found.append(text(f"({STATES[wanted.state]})"))  # type: ignore[arg-type]
    if wanted.topic:
        found.append(Motion.topic == wanted.topic)
    if wanted.kind:
        found.append(Motion.kind == wanted.kind)
    if wanted.council:
        found.append(Motion.body_id == wanted.council)
    if wanted.department:
        found.append(Motion.department_id == wanted.department)
    if wanted.term:
        found.append(Motion.term_id == wanted.term)
    if wanted.member:
        found.append(Motion.id.in_(select(Sponsor.motion_id).where(Sponsor.member_id == wanted.member)))
    return found


def _late(today: date) -> Select[int]:
    """The motions that somebody owes something which was due before ``today``."""
    return (
        select(MotionStep.motion_id)
        .join(Promise, Promise.subject_id == MotionStep.id)
        .where(
            Promise.register_id.in_(select(Body.register_id)),
            Promise.answered_on.is_(None),
            Promise.due_on < today,
            # Not as an equation: SQLite would begin with all steps there ever were, and not with the late ones.
            func.coalesce(Promise.subject_kind, "") == events.STEP,
        )
    )


def read_rows(session: Session, ids: Sequence[int]) -> list[Row]:
    """These motions as a list shows them, in this order."""
    if not ids:
        return []
    rows = session.execute(
        select(Motion, Body.key, Body.name, Register.code, Member.name, Department.name, Term.number)
        .join(Body, Body.id == Motion.body_id)
        .join(Register, Register.id == Body.register_id)
        .join(Member, Member.id == Motion.author_id)
        .join(Term, Term.id == Motion.term_id)
        .outerjoin(Department, Department.id == Motion.department_id)
        .where(Motion.id.in_(ids))
    )
    titles = public_titles(session, ids)
    owed = _owed(session, ids)
    found = {}
    for motion, key, council, code, author, department, term in rows:
        if motion.submitted_on is None or motion.number is None:
            continue
        step, due_on = owed.get(motion.id, (None, None))
        found[motion.id] = Row(
            id=motion.id,
            place=place_of(motion.submitted_on, motion.id),
            number=register_number(code, motion.number),
            council_key=key,
            council=council,
            kind=motion.kind,
            topic=motion.topic,
            stage=public_stage(motion.stage),
            city_decision=motion.city_decision,
            title=titles.get(motion.id, Localized()),
            author_id=motion.author_id,
            author=author,
            department=department,
            term=term,
            submitted_on=motion.submitted_on,
            dealt_on=motion.dealt_on,
            closed_on=motion.closed_on,
            returns_on=motion.returns_on if Stage(motion.stage) in PUT_OFF else None,
            step=step,
            due_on=due_on,
        )
    return [found[id] for id in ids if id in found]


def public_stage(stage: str) -> str:
    """Where the public sees a motion stand that has a number: what is being mended was returned."""
    return Stage.RETURNED.value if Stage(stage) in PRIVATE else stage


def public_titles(session: Session, ids: Sequence[int]) -> dict[int, Localized]:
    """The titles of the newest public texts; a motion that is being mended has a newer one of its own."""
    rows = session.execute(
        select(MotionText.motion_id, MotionText.title)
        .where(MotionText.motion_id.in_(ids), MotionText.public_on.is_not(None))
        .order_by(MotionText.version)
    )
    return {row.motion_id: row.title for row in rows}


def _owed(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, date]]:
    """What is owed first to each of these motions."""
    steps = {
        row.id: row
        for row in session.execute(
            select(MotionStep.id, MotionStep.motion_id, MotionStep.step).where(
                MotionStep.motion_id.in_(ids), MotionStep.met_by_id.is_(None)
            )
        )
    }
    # Asked apart, so that no planner ever begins with all promises.
    due = session.execute(
        select(Promise.subject_id, Promise.due_on)
        .where(
            Promise.subject_kind == events.STEP,
            Promise.subject_id.in_(list(steps)),
            Promise.kind == PromiseKind.STEP.value,
        )
        .order_by(Promise.due_on.desc())
    )
    return {steps[row.subject_id].motion_id: (steps[row.subject_id].step, row.due_on) for row in due}
