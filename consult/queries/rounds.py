"""Published rounds and their drafts' tables of contents. No page costs more because more people commented.

How much was received and answered is read from the tally that triggers keep, the number of comments on a measure from
a counter beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select

from consult.models import Draft, Round, Unit
from consult.rules.rounds import CODE, Phase, needs_reason, phase
from core import clock, settings
from core.db import db
from core.errors import NotFound
from core.localized import Localized
from followup.models import Register, Tally
from followup.queries.ledger import Totals

NOTHING = Totals()
_ORDER = (Phase.OPEN, Phase.ANNOUNCED, Phase.CLOSED, Phase.ANSWERED, Phase.CONCLUDED)


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A published round and where it stands ``today``."""

    code: str
    title: Localized
    summary: Localized
    language: str
    published_on: date
    opens_on: date
    closes_on: date
    answers_due_on: date
    concluded_on: date | None
    totals: Totals
    today: date

    @property
    def phase(self) -> Phase:
        unanswered = self.totals.unanswered
        return phase(
            self.published_on, self.opens_on, self.closes_on, unanswered, self.concluded_on, self.today
        )

    @property
    def is_open(self) -> bool:
        return self.phase is Phase.OPEN

    @property
    def days_to_opening(self) -> int:
        return (self.opens_on - self.today).days

    @property
    def days_to_closing(self) -> int:
        """Days after today on which people can still comment; 0 on the last day."""
        return (self.closes_on - self.today).days

    @property
    def days_to_answers(self) -> int:
        """Negative once the day has passed."""
        return (self.answers_due_on - self.today).days

    @property
    def comment_share(self) -> float:
        """How much of the time for comments has run, from 0 to 1."""
        return clock.share(self.opens_on, self.closes_on, self.today)

    @property
    def answer_share(self) -> float:
        """How much of the time from opening to the day for answers has run, from 0 to 1."""
        return clock.share(self.opens_on, self.answers_due_on, self.today)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """The version of a draft that is shown."""

    id: int
    version: int
    created_on: date
    title: Localized
    introduction: Localized


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure in a draft's table of contents, with the number of comments on it in any version."""

    number: str
    title: Localized
    received: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter and its measures; measures before the first chapter have one without a title."""

    title: Localized
    measures: list[Measure]


@dataclass(frozen=True, slots=True)
class RoundPage:
    """Everything that a round says about itself. ``short_reason`` is empty where the timetable needs none."""

    line: RoundLine
    stage: Localized
    decided: Localized
    not_decided: Localized
    use_of_input: Localized
    who_decides: Localized
    target_groups: Localized
    other_ways: Localized
    short_reason: Localized
    decides_on: date | None
    draft: DraftLine
    chapters: Sequence[Chapter]

    @property
    def measures(self) -> int:
        return sum(len(chapter.measures) for chapter in self.chapters)


def list_rounds() -> list[RoundLine]:
    """Every published round: what is open, to come, to be answered (each by its next day), then what is over."""
    rows = db.session.execute(_ROUNDS).all()
    totals = totals_of([found.register_id for found, _concluded_on in rows])
    lines = [
        _line(found, concluded_on, totals.get(found.register_id, NOTHING)) for found, concluded_on in rows
    ]
    return sorted(lines, key=_place)


def find_line(code: str) -> tuple[RoundLine, int]:
    """The published round called ``code``, and its id. Raises NotFound."""
    found, line = _find(code)
    return line, found.id


def find_round(code: str) -> RoundPage:
    """The published round called ``code`` with its newest draft. Raises NotFound."""
    found, line = _find(code)
    draft = newest_draft(found.id)
    excused = needs_reason(found.opens_on, found.closes_on, settings.current().minimum_open_days)
    return RoundPage(
        line=line,
        stage=found.stage,
        decided=found.decided,
        not_decided=found.not_decided,
        use_of_input=found.use_of_input,
        who_decides=found.who_decides,
        target_groups=found.target_groups,
        other_ways=found.other_ways,
        short_reason=found.short_reason if excused else Localized(),
        decides_on=found.decides_on,
        draft=draft,
        chapters=_chapters(found.id, draft.id),
    )


def newest_draft(round_id: int) -> DraftLine:
    """The version of a published round's draft that people read now."""
    # No round is published without a draft.
    return DraftLine(*db.session.execute(_NEWEST_DRAFT, {"round_id": round_id}).one())


def totals_of(register_ids: Sequence[int]) -> dict[int, Totals]:
    """How the promises of registers stand today, by register."""
    today = clock.today()
    long_late = today - timedelta(days=settings.current().long_overdue_days)
    known = {"register_ids": register_ids, "today": today, "long_late": long_late}
    return {
        register_id: Totals(int(answered + waits + late), int(answered), int(waits), int(late), int(long))
        for register_id, answered, waits, late, long in db.session.execute(_TOTALS, known)
    }


def _find(code: str) -> tuple[Round, RoundLine]:
    # The pattern keeps from the database what no code can be, such as a NUL, which PostgreSQL refuses loudly.
    known = CODE.fullmatch(code) is not None
    row = db.session.execute(_ROUND, {"code": code}).one_or_none() if known else None
    if row is None:
        raise NotFound("round", code[:40])
    found, concluded_on = row
    totals = totals_of([found.register_id]).get(found.register_id, NOTHING)
    return found, _line(found, concluded_on, totals)


def _line(found: Round, concluded_on: date | None, totals: Totals) -> RoundLine:
    assert found.published_on is not None
    return RoundLine(
        code=found.code,
        title=found.title,
        summary=found.summary,
        language=found.language,
        published_on=found.published_on,
        opens_on=found.opens_on,
        closes_on=found.closes_on,
        answers_due_on=found.answers_due_on,
        concluded_on=concluded_on,
        totals=totals,
        today=clock.today(),
    )


def _place(line: RoundLine) -> tuple[int, int]:
    """What is still to come is sorted by its next day, what is over the newest first."""
    current = line.phase
    if current in (Phase.ANSWERED, Phase.CONCLUDED):
        return _ORDER.index(current), -line.closes_on.toordinal()
    day = {Phase.OPEN: line.closes_on, Phase.ANNOUNCED: line.opens_on}.get(current, line.answers_due_on)
    return _ORDER.index(current), day.toordinal()


def _chapters(round_id: int, draft_id: int) -> list[Chapter]:
    counts = db.session.execute(_RECEIVED, {"round_id": round_id})
    received = {number: int(count) for number, count in counts}
    chapters: list[Chapter] = []
    for number, title in db.session.execute(_CONTENTS, {"draft_id": draft_id}):
        if number is None:
            chapters.append(Chapter(title, []))
            continue
        if not chapters:
            chapters.append(Chapter(Localized(), []))
        chapters[-1].measures.append(Measure(number, title, received.get(number, 0)))
    return chapters


# Statements, made once: building them anew for each page costs more than running them ---------------------------------


def _count(*wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*wanted), Tally.count), else_=0))


_ROUNDS = (
    select(Round, Register.concluded_on)
    .join(Register, Register.id == Round.register_id)
    .where(Round.published_on.is_not(None))
)
_ROUND = _ROUNDS.where(Round.code == bindparam("code"))
_TOTALS = (
    select(
        Tally.register_id,
        _count(Tally.days_taken >= 0),
        _count(Tally.days_taken < 0, Tally.due_on >= bindparam("today")),
        _count(Tally.days_taken < 0, Tally.due_on < bindparam("today")),
        _count(Tally.days_taken < 0, Tally.due_on <= bindparam("long_late")),
    )
    .where(Tally.register_id.in_(bindparam("register_ids", expanding=True)))
    .group_by(Tally.register_id)
)
DRAFT_LINE = (Draft.id, Draft.version, Draft.created_on, Draft.title, Draft.introduction)
"""The columns of a ``DraftLine``."""
_NEWEST_DRAFT = (
    select(*DRAFT_LINE).where(Draft.round_id == bindparam("round_id")).order_by(Draft.version.desc()).limit(1)
)
_RECEIVED = (
    select(Unit.number, func.sum(Unit.received))
    .join(Draft, Draft.id == Unit.draft_id)
    .where(Draft.round_id == bindparam("round_id"), Unit.kind == "measure")
    .group_by(Unit.number)
)
_CONTENTS = (
    select(Unit.number, Unit.title).where(Unit.draft_id == bindparam("draft_id")).order_by(Unit.position)
)
