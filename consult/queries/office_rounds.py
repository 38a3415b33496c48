"""Rounds as the office sees them, also before they are published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from accounts.models import Department
from consult.models import Draft, Round, Unit
from consult.rules.rounds import CODE, Phase, Timetable, phase
from core import clock
from core.db import db
from core.errors import NotFound
from core.localized import Localized
from core.texts import fold
from followup.models import Promise, Register, Tally

TEXTS = (
    "summary",
    "stage",
    "decided",
    "not_decided",
    "use_of_input",
    "who_decides",
    "target_groups",
    "other_ways",
)
"""The columns of a round that say what it is about."""


@dataclass(frozen=True, slots=True)
class OfficeRound:
    """One round with its facts; ``texts`` is keyed by ``TEXTS``."""

    id: int
    register_id: int
    code: str
    title: Localized
    language: str
    languages: tuple[str, ...]
    department_id: int
    phase: Phase
    opens_on: date
    closes_on: date
    answers_due_on: date
    answer_weeks: int
    decides_on: date | None
    short_reason: Localized
    published_on: date | None
    concluded_on: date | None
    texts: Mapping[str, Localized]

    @property
    def timetable(self) -> Timetable:
        return Timetable(
            self.opens_on, self.closes_on, self.answers_due_on, self.short_reason.best(self.language).text
        )


@dataclass(frozen=True, slots=True)
class DraftUnit:
    """A chapter (``number`` None) or measure of the newest draft, with the languages it can be read in."""

    number: str | None
    title: Localized
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class OfficeDraft:
    """The newest version of a round's draft."""

    version: int
    created_on: date
    title: Localized
    units: Sequence[DraftUnit]

    @property
    def numbers(self) -> list[str]:
        return [unit.number for unit in self.units if unit.number]

    def parts_in(self, language: str) -> int:
        """How many chapters and measures can be read in a language."""
        return sum(language in unit.languages for unit in self.units)


def list_rounds() -> list[OfficeRound]:
    """Every round, the newest first."""
    rows = db.session.execute(
        select(Round, Register).join(Register, Register.id == Round.register_id).order_by(Round.id.desc())
    ).all()
    unanswered = _unanswered([register.id for _round, register in rows])
    return [_office_round(found, register, unanswered.get(register.id, 0)) for found, register in rows]


def find_round(code: str) -> OfficeRound:
    """The round called ``code``. Raises NotFound."""
    row = (
        db.session.execute(
            select(Round, Register).join(Register, Register.id == Round.register_id).where(Round.code == code)
        ).one_or_none()
        if CODE.fullmatch(code)
        else None
    )
    if row is None:
        raise NotFound("round", code[:40])
    found, register = row
    return _office_round(found, register, _unanswered([register.id]).get(register.id, 0))


def find_draft(round_id: int) -> OfficeDraft | None:
    """The newest version of a round's draft, or None while there is none."""
    draft = db.session.scalars(
        select(Draft).where(Draft.round_id == round_id).order_by(Draft.version.desc()).limit(1)
    ).one_or_none()
    if draft is None:
        return None
    units = db.session.execute(
        select(Unit.number, Unit.title).where(Unit.draft_id == draft.id).order_by(Unit.position)
    )
    return OfficeDraft(
        draft.version,
        draft.created_on,
        draft.title,
        [DraftUnit(number, title, frozenset(v.language for v in title.versions)) for number, title in units],
    )


def departments() -> list[tuple[int, str, Localized]]:
    """Id, key and name of every department, by key."""
    rows = db.session.execute(select(Department.id, Department.key, Department.name).order_by(Department.key))
    return [(id, key, name) for id, key, name in rows]


def departments_by_name() -> dict[str, Localized]:
    """Departments by every folded name and key they go by: what a draft's "Responsible" can mean."""
    return {
        fold(called): name
        for _id, key, name in departments()
        for called in (key, *(version.text for version in name.versions))
    }


def unanswered_numbers(register_id: int, limit: int) -> list[int]:
    """The first ``limit`` numbers that keep a round from being concluded."""
    return list(
        db.session.scalars(
            select(Promise.number)
            .where(Promise.register_id == register_id, Promise.answered_on.is_(None))
            .order_by(Promise.number)
            .limit(limit)
        )
    )


def _unanswered(register_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Tally.register_id, func.sum(Tally.count))
        .where(Tally.register_id.in_(register_ids), Tally.days_taken < 0)
        .group_by(Tally.register_id)
    )
    return {register_id: int(count) for register_id, count in rows}


def _office_round(found: Round, register: Register, unanswered: int) -> OfficeRound:
    return OfficeRound(
        id=found.id,
        register_id=found.register_id,
        code=found.code,
        title=found.title,
        language=found.language,
        languages=tuple(found.languages),
        department_id=found.department_id,
        phase=phase(
            found.published_on,
            found.opens_on,
            found.closes_on,
            unanswered,
            register.concluded_on,
            clock.today(),
        ),
        opens_on=found.opens_on,
        closes_on=found.closes_on,
        answers_due_on=found.answers_due_on,
        answer_weeks=found.answer_weeks,
        decides_on=found.decides_on,
        short_reason=found.short_reason,
        published_on=found.published_on,
        concluded_on=register.concluded_on,
        texts={name: getattr(found, name) for name in TEXTS},
    )
