"""Importing a draft from Markdown, and its translations."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.models import Department
from consult import events
from consult.models import Draft, Round, Unit
from consult.rules import drafts as rules
from consult.rules.submissions import check_language
from consult.services.rounds import lock_round
from core import audit, clock
from core.db import write
from core.errors import DomainError
from core.localized import Localized, State, clean
from core.texts import fold

FACTS = ("plain", "goal", "responsible", "deadline", "indicator")


def import_draft(code: str, markdown: str, actor: audit.Actor) -> int:
    """Make ``markdown``, in the round's own language, the newest version of its draft; return the version.

    Before publication it replaces what was there; afterwards, and once something was received, it becomes the next
    version, and submissions keep the one they saw. Raises what ``rules.parse`` raises, or ``round_concluded``.
    """
    parsed = rules.parse(markdown)
    with write() as session:
        found, register = lock_round(session, code)
        if register.concluded_on is not None:
            raise DomainError("round_concluded")
        newest = newest_draft(session, found.id)
        version = newest.version if newest else 1
        if newest and found.published_on is None and register.last_number == 0:
            session.execute(delete(Unit).where(Unit.draft_id == newest.id))
            draft = newest
        else:
            version = newest.version + 1 if newest else 1
            draft = Draft(round_id=found.id, version=version, created_on=clock.today())
            session.add(draft)
        draft.title = Localized.original(found.language, parsed.title)
        draft.introduction = Localized.original(found.language, parsed.introduction)
        session.flush()
        offices = _departments(session)
        for position, unit in enumerate(parsed.units, start=1):
            session.add(
                Unit(
                    draft_id=draft.id,
                    position=position,
                    kind=unit.kind,
                    number=unit.number,
                    department_id=offices.get(fold(unit.facts.get("responsible", ""))),
                    title=Localized.original(found.language, unit.title),
                    body=Localized.original(found.language, unit.text),
                    **{name: Localized.original(found.language, unit.facts.get(name, "")) for name in FACTS},
                )
            )
        session.flush()
        facts = {"version": version, "language": found.language, "measures": len(parsed.measures)}
        _record(session, found, register.chain, draft, facts, markdown, actor)
        return version


def import_translation(
    code: str, language: str, markdown: str, actor: audit.Actor, state: State = State.CHECKED
) -> None:
    """Add ``language`` to the newest version of a draft, matched by measure numbers and order of chapters.

    Raises what ``rules.parse`` and ``rules.check_translation`` raise, ``language_unknown``, ``draft_missing``, or
    ``translation_is_original``: the text that people comment on changes only as a new version.
    """
    check_language(language)
    parsed = rules.parse(markdown)
    with write() as session:
        found, register = lock_round(session, code)
        if language == found.language:
            raise DomainError("translation_is_original")
        draft = newest_draft(session, found.id)
        if draft is None:
            raise DomainError("draft_missing")
        units = session.scalars(select(Unit).where(Unit.draft_id == draft.id).order_by(Unit.position)).all()
        rules.check_translation(
            [unit.number for unit in units if unit.number], [str(unit.number) for unit in parsed.measures]
        )
        chapters = iter([unit for unit in parsed.units if unit.kind == "chapter"])
        measures = {unit.number: unit for unit in parsed.measures}
        for unit in units:
            translated = measures[unit.number] if unit.number else next(chapters, None)
            if translated is None:
                continue
            unit.title = unit.title.with_version(language, translated.title, state)
            unit.body = unit.body.with_version(language, translated.text, state)
            for name in FACTS:
                before: Localized = getattr(unit, name)
                setattr(unit, name, before.with_version(language, translated.facts.get(name, ""), state))
        draft.title = draft.title.with_version(language, parsed.title, state)
        draft.introduction = draft.introduction.with_version(language, parsed.introduction, state)
        if language not in found.languages:
            found.languages = [*found.languages, language]
        session.flush()
        facts = {"version": draft.version, "language": language, "measures": len(parsed.measures)}
        _record(session, found, register.chain, draft, facts, markdown, actor)


def newest_draft(session: Session, round_id: int) -> Draft | None:
    """The newest version of a round's draft."""
    return session.scalars(
        select(Draft).where(Draft.round_id == round_id).order_by(Draft.version.desc()).limit(1)
    ).one_or_none()


def _record(
    session: Session,
    found: Round,
    chain: str,
    draft: Draft,
    facts: dict[str, object],
    text: str,
    actor: audit.Actor,
) -> None:
    # The salt is public with the text: a draft is nobody's secret, its hash only fixes what was shown.
    facts = {**facts, "sha256": audit.commit_to(b"", clean(text))}
    audit.append(session, chain, [audit.Entry(events.DRAFT_IMPORT, events.DRAFT, draft.id, facts)], actor)


def _departments(session: Session) -> dict[str, int]:
    """Department ids by every folded name and key they go by."""
    names: dict[str, int] = {}
    for department in session.scalars(select(Department)):
        names[fold(department.key)] = department.id
        for version in department.name.versions:
            names[fold(version.text)] = department.id
    return names
