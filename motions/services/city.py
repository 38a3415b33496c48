"""The city's side: what the council adopted goes to a department, which confirms, takes a position, decides, or needs longer.

Steps that the council's office enters for the city carry the paper they were taken from. Files are checked before the
transaction (``core.documents.stored.check_upload``) and stored in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Department
from core import audit, clock, letters, settings
from core.db import find, write
from core.documents import stored
from core.documents.stored import Checked
from core.errors import DomainError, NotFound
from core.localized import Localized, clean
from council.models import Term
from followup.models import Promise
from followup.numbers import register_number
from followup.rules import PromiseKind
from followup.services import steps as promises
from followup.services.digests import recipients_of
from motions import events
from motions.models.motions import Motion, MotionEvent, MotionStep
from motions.queries.texts import public_text
from motions.rules import city, stages
from motions.rules.city import DecisionFacts, PositionFacts
from motions.rules.stages import TO_IMPLEMENT, Act, CityDecision, MotionKind, Part, Stage
from motions.rules.steps import FROM_THE_OFFICE, Notice
from motions.services.acts import Doing, Locked, lock_motion, note, owed_steps, perform
from motions.services.ending import leave

_ADOPTED = (Stage.ADOPTED, Stage.ADOPTED_AMENDED)


def forward(motion_id: int, department: str, doing: Doing) -> None:
    """Send the adopted text to the department with this key, which gets a receipt by mail.

    Raises what ``perform`` raises, ``department_unknown``, or ``forwarded_text_differs``: what is sent is public, and what the
    council adopted, to the letter.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion = locked.motion
        found = session.scalars(select(Department).where(Department.key == department)).one_or_none()
        if found is None:
            raise DomainError("department_unknown", department=clean(department)[:40])
        text = public_text(session, motion.id)
        if motion.kind == MotionKind.QUESTION:  # the council does not vote on it
            motion.final_digest = text.digest
        if Stage(motion.stage) in _ADOPTED and text.digest != motion.final_digest:
            raise DomainError("forwarded_text_differs")
        motion.department_id = found.id
        facts = {"department": found.id, "digest": text.digest, "version": text.version}
        _event, entries = perform(session, locked, Act.FORWARD, replace(doing, facts=facts))
        due_on = due_day(session, owed_steps(session, motion.id)[-1])
        _write_to(session, locked, found, "motions/forwarded", digest=text.digest, due_on=due_on)
        audit.append(session, locked.register.chain, entries, doing.actor)


def acknowledge(motion_id: int, reference: str, doing: Doing, document: Checked | None = None) -> None:
    """The city has it, under its own number. Raises what ``rules.city.check_reference`` and ``enter`` raise."""
    city.check_reference(reference)
    with write() as session:
        locked = lock_motion(session, motion_id)
        enter(session, locked, Act.ACKNOWLEDGE, doing, {"reference": clean(reference)}, document)


def file_position(
    motion_id: int, facts: PositionFacts, doing: Doing, document: Checked | None = None
) -> None:
    """The administration says what it thinks. Raises what ``rules.city.check_position`` and ``enter`` raise."""
    city.check_position(facts)
    with write() as session:
        locked = lock_motion(session, motion_id)
        locked.motion.position = facts.position
        enter(session, locked, Act.FILE_POSITION, doing, position_facts(facts, doing.language), document)


def decide(motion_id: int, facts: DecisionFacts, doing: Doing, document: Checked | None = None) -> None:
    """What became of it in the city. Raises what ``rules.city.check_decision`` and ``enter`` raise."""
    city.check_decision(facts)
    with write() as session:
        locked = lock_motion(session, motion_id)
        plain = decision_facts(facts, doing.language)
        enter(session, locked, Act.DECIDE, doing, plain, document, CityDecision(facts.decision))


def extend(
    motion_id: int, step_id: int, new_due_on: date, doing: Doing, document: Checked | None = None
) -> None:
    """A step needs longer: once, before its day, with a public reason.

    Raises NotFound for a step that nobody owes, what ``followup.rules.check_extension`` and ``enter`` raise, or
    ``step_of_the_office``.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        step = next((owed for owed in owed_steps(session, motion_id) if owed.id == step_id), None)
        if step is None:
            raise NotFound("step", step_id)
        if step.step in FROM_THE_OFFICE:
            raise DomainError("step_of_the_office")
        before = due_day(session, step)
        extended = promises.extend(
            session, locked.register, events.STEP, step.id, new_due_on, doing.language, doing.reason
        )
        facts = {"step": step.step, "from": before.isoformat(), "until": new_due_on.isoformat()}
        doing = replace(doing, measure_id=step.measure_id)
        enter(session, locked, Act.EXTEND, doing, facts, document, more=[extended])


def pass_on(motion_id: int, department: str, doing: Doing) -> None:
    """Another department is responsible: it owes what is owed from now on, by the same days, and is told by mail.

    Raises ``motion_act_not_yours``, ``motion_act_not_now`` (``stage``), ``motion_reason_missing``, ``department_unknown``,
    ``department_same``.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion = locked.motion
        if not {Part.CITY, Part.OFFICE}.intersection(doing.parts):
            raise DomainError("motion_act_not_yours", act=Notice.PASS_ON.value)
        if Stage(motion.stage) not in stages.CITY_OWES:
            raise DomainError("motion_act_not_now", stage=motion.stage, act=Notice.PASS_ON.value)
        if not clean(doing.reason):
            raise DomainError("motion_reason_missing")
        found = session.scalars(select(Department).where(Department.key == department)).one_or_none()
        if found is None:
            raise DomainError("department_unknown", department=clean(department)[:40])
        if found.id == motion.department_id:
            raise DomainError("department_same")
        before, motion.department_id = motion.department_id, found.id
        passed = [
            step
            for step in owed_steps(session, motion_id)
            if step.measure_id is None and step.step not in FROM_THE_OFFICE
        ]
        entries = [
            promises.pass_on_within(session, locked.register, events.STEP, step.id, found.id)
            for step in passed
        ]
        part = Part.CITY if Part.CITY in doing.parts else Part.OFFICE
        facts = {"from": before, "department": found.id}
        _event, said = note(session, locked, Notice.PASS_ON, replace(doing, facts=facts), part)
        owed = [(step.step, due_day(session, step)) for step in passed]
        _write_to(session, locked, found, "motions/passed_on", owed=owed, reason=doing.reason)
        audit.append(session, locked.register.chain, [*entries, *said], doing.actor)


def lapse(motion_id: int, doing: Doing) -> None:
    """The term ended before the council voted: it leaves the agenda; what was proposed or being mended counts no longer.

    Raises what ``perform`` raises, and ``term_not_over`` (``day``) until the motion's own term has ended.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion, stage = locked.motion, Stage(locked.motion.stage)
        ends_on = session.get_one(Term, motion.term_id).ends_on
        handed_in = motion.number is not None
        stages.check_act(stage, Act.LAPSE, MotionKind(motion.kind), doing.parts)
        stages.check_lapse(stage, ends_on, clock.today(), handed_in=handed_in)
        _event, entries = perform(session, locked, Act.LAPSE, doing)
        entries += leave(session, locked)
        audit.append(session, locked.register.chain, entries, doing.actor)


def close(motion_id: int, doing: Doing, follow_up: int | None = None) -> None:
    """Close a motion with a note for everybody; ``follow_up`` is the number of the motion that takes the matter on.

    Raises what ``perform`` raises, or ``follow_up_unknown`` for a number that no other motion of this council has.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        facts: dict[str, Any] = {}
        if follow_up is not None:
            following = session.scalars(
                select(Motion).where(Motion.body_id == locked.body.id, Motion.number == follow_up)
            ).one_or_none()
            if following is None or following.id == motion_id:
                raise DomainError("follow_up_unknown")
            following.follows_id = motion_id
            facts["follow_up"] = follow_up
        _event, entries = perform(session, locked, Act.CLOSE, replace(doing, facts=facts))
        audit.append(session, locked.register.chain, entries, doing.actor)


def correct(
    motion_id: int, event_id: int, facts: Mapping[str, Any], doing: Doing, document: Checked | None = None
) -> None:
    """Say what is right about something that was entered wrongly: a new event with all its facts; the old one stays.

    ``facts`` are as the act keeps them (``position_facts``, ``decision_facts``, a reference), checked before. Raises NotFound
    for an event of another motion, ``correction_not_possible``, ``correction_twice`` for an event that was corrected
    already (correct the correction), ``correction_moves`` when the motion would have gone another way,
    ``motion_act_not_yours``, ``motion_reason_missing``, or what ``rules.city.check_source`` raises.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion = locked.motion
        event = find(session, MotionEvent, event_id)
        if event is None or event.motion_id != motion_id:
            raise NotFound("event", event_id)
        act = corrected_act(session, event)
        if act is None or not is_newest(session, event, act):
            raise DomainError("correction_not_possible")
        if session.scalar(select(MotionEvent.id).where(MotionEvent.corrects_id == event.id)) is not None:
            raise DomainError("correction_twice")
        parts = city.whose(act, doing.parts)
        if not stages.DOES[act] & parts:
            raise DomainError("motion_act_not_yours", act=act.value)
        if not clean(doing.reason):
            raise DomainError("motion_reason_missing")
        city.check_source(act, parts, attached=document is not None)
        if act is Act.FILE_POSITION:
            motion.position = facts["position"]
        if act is Act.DECIDE:
            before = CityDecision(motion.city_decision or "")
            after = CityDecision(facts["decision"])
            if (before in TO_IMPLEMENT) != (after in TO_IMPLEMENT):
                raise DomainError("correction_moves")
            motion.city_decision = after
        document_id = stored.store(session, document) if document else None
        part = next(part for part in Part if part in stages.DOES[act] and part in parts)
        _event, entries = note(
            session,
            locked,
            Notice.CORRECT,
            replace(doing, facts={**facts, "of": event.sequence}, document_id=document_id),
            part,
            corrects_id=event.id,
        )
        audit.append(session, locked.register.chain, entries, doing.actor)


def enter(
    session: Session,
    locked: Locked,
    act: Act,
    doing: Doing,
    facts: Mapping[str, Any],
    document: Checked | None,
    decision: CityDecision | None = None,
    more: list[audit.Entry] | None = None,
) -> MotionEvent:
    """Do one of the city's acts inside the caller's transaction, with its source, and append what the chain keeps.

    Raises what ``perform``, ``rules.city.check_source`` and ``core.documents.stored.store`` raise.
    """
    parts = city.whose(act, doing.parts, own_measure=doing.measure_id in doing.measures)
    document_id = stored.store(session, document) if document else None
    whole = replace(doing, parts=parts, facts=dict(facts), document_id=document_id)
    event, entries = perform(session, locked, act, whole, decision=decision)
    city.check_source(act, parts, attached=document is not None)
    audit.append(session, locked.register.chain, [*(more or []), *entries], doing.actor)
    return event


def position_facts(facts: PositionFacts, language: str) -> dict[str, Any]:
    """A position as its event keeps it."""
    plain: dict[str, Any] = {"position": facts.position, "text": _dump(facts.text, language)}
    if facts.cents is not None:
        plain["cents"] = facts.cents
    if clean(facts.legal):
        plain["legal"] = _dump(facts.legal, language)
    return plain


def decision_facts(facts: DecisionFacts, language: str) -> dict[str, Any]:
    """A decision as its event keeps it."""
    plain: dict[str, Any] = {"decision": facts.decision, "body": clean(facts.body)}
    if clean(facts.wording):
        plain["wording"] = _dump(facts.wording, language)
    if facts.votes:
        plain |= {"yes": facts.votes.yes, "no": facts.votes.no}
        if facts.votes.abstain is not None:
            plain["abstain"] = facts.votes.abstain
    return plain


def corrected_act(session: Session, event: MotionEvent) -> Act | None:
    """What an event, or the event that a correction corrects, did; None for what cannot be corrected."""
    while event.corrects_id is not None:
        event = session.get_one(MotionEvent, event.corrects_id)
    return Act(event.kind) if event.kind in set(city.CORRECTABLE) else None


def is_newest(session: Session, event: MotionEvent, act: Act) -> bool:
    """Whether no later event of the motion did the same: after a motion was opened again, the first way is history."""
    while event.corrects_id is not None:
        event = session.get_one(MotionEvent, event.corrects_id)
    later = select(MotionEvent.id).where(
        MotionEvent.motion_id == event.motion_id,
        MotionEvent.kind.in_((act.value, Act.FORWARD.value)),
        MotionEvent.sequence > event.sequence,
    )
    return session.scalars(later).first() is None


def due_day(session: Session, step: MotionStep) -> date:
    """By when a step is owed."""
    return session.scalars(
        select(Promise.due_on).where(
            Promise.subject_kind == events.STEP,
            Promise.subject_id == step.id,
            Promise.kind == PromiseKind.STEP.value,
        )
    ).one()


def _dump(text: str, language: str) -> dict[str, dict[str, str]]:
    return Localized.original(language, text).dump()


def _write_to(
    session: Session, locked: Locked, department: Department, template: str, **parts: object
) -> None:
    """A mail about the motion to everybody who answers for the department."""
    motion = locked.motion
    assert motion.number is not None  # it was handed in
    number = register_number(locked.register.code, motion.number)
    base = settings.current().base_url
    for address, language in recipients_of(session, department):
        letters.send(
            session,
            "email",
            address,
            language,
            template,
            number=number,
            title=motion.title.best(language).text,
            council=locked.body.name.best(language).text,
            link=f"{base}/{language}/motions/{number}/",
            desk=f"{base}/office/motions/{motion.id}/",
            **parts,
        )
