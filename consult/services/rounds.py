"""Creating, publishing, retiming and concluding rounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Department
from consult import events
from consult.models import Draft, Round, Unit
from consult.rules import rounds as rules
from core import audit, clock, settings
from core.db import write
from core.errors import DomainError, NotFound
from core.localized import Localized, clean
from followup.models import Register
from followup.rules import due_day
from followup.services import gate
from followup.services.promises import lock_register

REGISTER_KIND = "consult.round"


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """What an officer sets for a round. ``answers_due_on`` None lets the due rule decide (weeks after closing)."""

    title: Localized
    opens_on: date
    closes_on: date
    language: str
    department: str
    code: str = ""
    languages: tuple[str, ...] = ()
    answer_weeks: int | None = None
    answers_due_on: date | None = None
    decides_on: date | None = None
    short_reason: str = ""
    texts: dict[str, Localized] = field(default_factory=dict)
    """By column: summary, stage, decided, not_decided, use_of_input, who_decides, target_groups, other_ways."""


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


def lock_round(session: Session, code: str) -> tuple[Round, Register]:
    """The round called ``code`` and its register, locked first of all (see ``followup``). Raises NotFound.

    What cannot be a code is not asked for: PostgreSQL takes no NUL, and neither database a lone surrogate.
    """
    found = None
    if rules.CODE.fullmatch(code):
        found = session.scalars(select(Round).where(Round.code == code)).one_or_none()
    if found is None:
        raise NotFound("round", code)
    register = lock_register(session, found.register_id)
    session.refresh(found)
    return found, register


def create_round(facts: RoundFacts, actor: audit.Actor) -> str:
    """Create an unpublished round with an empty register; return its code.

    Without ``facts.code`` one is made from the title and the year of opening. Raises what ``rules.check_round`` and
    ``rules.check_timetable`` raise, ``day_out_of_range``, ``code_taken`` or ``department_unknown``.
    """
    city = settings.current()
    weeks = facts.answer_weeks or city.answer_weeks
    due = facts.answers_due_on or due_day(facts.closes_on, weeks)
    languages = tuple(dict.fromkeys((facts.language, *facts.languages)))
    title = facts.title.best(facts.language).text
    rules.check_round(
        facts.code or rules.suggest_code(title, facts.opens_on.year), title, languages, city.languages
    )
    timetable = rules.Timetable(facts.opens_on, facts.closes_on, due, facts.short_reason)
    rules.check_timetable(timetable, city.minimum_open_days)
    with write() as session:
        department = session.scalars(
            select(Department).where(Department.key == clean(facts.department))
        ).one_or_none()
        if department is None:
            raise DomainError("department_unknown", department=clean(facts.department)[:40])
        code = facts.code or _free_code(session, rules.suggest_code(title, facts.opens_on.year))
        if session.scalar(select(func.count()).where(Register.code == code)):
            raise DomainError("code_taken", value=code)
        register = Register(code=code, kind=REGISTER_KIND)
        session.add(register)
        session.flush()
        created = Round(
            code=code,
            register_id=register.id,
            department_id=department.id,
            language=facts.language,
            languages=list(languages),
            title=facts.title,
            short_reason=Localized.original(facts.language, facts.short_reason),
            opens_on=facts.opens_on,
            closes_on=facts.closes_on,
            answer_weeks=weeks,
            answers_due_on=due,
            decides_on=facts.decides_on,
            **{name: facts.texts.get(name, Localized()) for name in TEXTS},
        )
        session.add(created)
        session.flush()
        recorded = {"code": code, "title": facts.title.dump(), **_timetable_facts(created)}
        audit.append(
            session,
            register.chain,
            [audit.Entry(events.ROUND_CREATE, events.ROUND, created.id, recorded)],
            actor,
        )
        return code


def publish_round(code: str, actor: audit.Actor) -> None:
    """Put the round before the public; opening and closing then follow from its dates."""
    with write() as session:
        found, register = lock_round(session, code)
        units = session.scalar(
            select(func.count())
            .select_from(Unit)
            .join(Draft, Draft.id == Unit.draft_id)
            .where(Draft.round_id == found.id, Unit.kind == "measure")
        )
        rules.check_publishable(found.published_on, units or 0, found.title.best(found.language).text)
        found.published_on = clock.today()
        session.flush()
        entry = audit.Entry(events.ROUND_PUBLISH, events.ROUND, found.id, _timetable_facts(found))
        audit.append(session, register.chain, [entry], actor)


def describe_round(code: str, title: Localized, texts: dict[str, Localized], actor: audit.Actor) -> None:
    """Change what a round says about itself, before it is published; which texts changed is recorded.

    Raises ``already_published`` and what ``rules.check_round`` raises. Nothing changed, nothing recorded.
    """
    with write() as session:
        found, register = lock_round(session, code)
        rules.check_round(found.code, title.best(found.language).text, tuple(found.languages), ())
        if found.published_on is not None:
            raise DomainError("already_published", day=found.published_on)
        said = {"title": title, **{name: texts[name] for name in TEXTS if name in texts}}
        changed = [name for name, text in said.items() if getattr(found, name) != text]
        if not changed:
            return
        for name in changed:
            setattr(found, name, said[name])
        session.flush()
        recorded = {"title": title.dump(), "changed": changed}
        audit.append(
            session,
            register.chain,
            [audit.Entry(events.ROUND_DESCRIBE, events.ROUND, found.id, recorded)],
            actor,
        )


def retime_round(
    code: str, timetable: rules.Timetable, language: str, reason: str, actor: audit.Actor
) -> None:
    """Change a round's timetable; once published, only with a public reason (kept in the audit chain).

    Raises what ``rules.check_timetable`` and ``rules.check_timetable_change`` raise. Once there are promises, the due
    day they carry stays.
    """
    reason = clean(reason)
    with write() as session:
        found, register = lock_round(session, code)
        old = rules.Timetable(found.opens_on, found.closes_on, found.answers_due_on)
        current = rules.phase(
            found.published_on,
            found.opens_on,
            found.closes_on,
            1,
            register.concluded_on,
            clock.today(),
        )
        rules.check_timetable(timetable, settings.current().minimum_open_days)
        rules.check_timetable_change(old, timetable, current, reason)
        if register.last_number and timetable.answers_due_on != found.answers_due_on:
            raise DomainError("due_only_by_extension")
        found.opens_on, found.closes_on = timetable.opens_on, timetable.closes_on
        found.answers_due_on = timetable.answers_due_on
        found.short_reason = Localized.original(language, timetable.short_reason)
        session.flush()
        recorded = {**_timetable_facts(found), "reason": reason}
        audit.append(
            session,
            register.chain,
            [audit.Entry(events.ROUND_RETIME, events.ROUND, found.id, recorded)],
            actor,
        )


def conclude_round(code: str, actor: audit.Actor) -> None:
    """Conclude the round, if and only if everything in it has a published answer.

    Raises, all together, ``promises_unanswered`` (every missing number), ``round_not_public``, ``round_still_open``
    (``day``) and ``already_concluded``.
    """
    with write() as session:
        found, register = lock_round(session, code)
        obstacles = rules.conclusion_obstacles(found.published_on, found.closes_on, clock.today())
        gate.conclude(session, register, actor, obstacles)


def _free_code(session: Session, wanted: str) -> str:
    taken = set(session.scalars(select(Register.code).where(Register.code.like(f"{wanted}%"))))
    if wanted not in taken:
        return wanted
    free = (f"{wanted}-{n}" for n in range(2, 100) if f"{wanted}-{n}" not in taken)
    return next(free, wanted)  # with none left, the first is refused as taken


def _timetable_facts(found: Round) -> dict[str, object]:
    return {
        "opens": found.opens_on.isoformat(),
        "closes": found.closes_on.isoformat(),
        "due": found.answers_due_on.isoformat(),
        "weeks": found.answer_weeks,
        "short_reason": found.short_reason.dump(),
    }
