"""The city's clock: once a day it says aloud what is late, in public and to those who should know. Every alarm rings once.

Who hears what by mail, so that nobody gets two about the same on one day (docs/adr/0029):

* the department hears of what is due soon and late by its daily digest (``followup.services.digests``), and of nothing else;
* author and signers hear by the public notice (``services.telling``), on the first day and again after thirty;
* mayor and chair hear after fourteen days, by one letter of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from accounts.models import Account, Department
from core import audit, clock, letters, settings
from core.db import write
from council.models import Member
from council.queries.members import sitting_members
from council.rules import Office
from followup.models import Promise
from followup.numbers import register_number
from followup.rules import PromiseKind
from followup.services.digests import recipients_of
from motions import events
from motions.models.implementation import Measure
from motions.models.motions import MotionEvent, MotionStep, StepAlarm
from motions.rules import deadlines
from motions.rules.deadlines import Alarm
from motions.rules.stages import Part
from motions.rules.steps import Notice
from motions.services.acts import BY_THE_CLOCK, Doing, Locked, lock_motion, note
from motions.services.agenda import place_overdue
from motions.services.telling import followers_of

_NOTICES = {Alarm.OVERDUE: Notice.OVERDUE, Alarm.LONG_OVERDUE: Notice.LONG_OVERDUE}


@dataclass(frozen=True, slots=True)
class Late:
    """A step that nobody has done by its day."""

    step: MotionStep
    due_on: date
    department: Department


def late_motions(session: Session) -> list[int]:
    """The motions for which some day has passed, by id."""
    return list(
        session.scalars(
            select(MotionStep.motion_id)
            .join(Promise, (Promise.subject_id == MotionStep.id) & (Promise.subject_kind == events.STEP))
            .where(
                MotionStep.met_by_id.is_(None),
                Promise.answered_on.is_(None),
                Promise.kind == PromiseKind.STEP.value,
                Promise.due_on < clock.today(),
            )
            .distinct()
            .order_by(MotionStep.motion_id)
        )
    )


def ring(motion_id: int) -> int:
    """Say everything about this motion that has to have been said by today and was not; return how many alarms that were.

    One notice for each kind of alarm, whatever the number of steps. Safe to run twice, also at the same time.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        found = _late(session, motion_id)
        rung: dict[Alarm, list[Late]] = {}
        for late in found:
            for alarm in deadlines.alarms(late.due_on, None, clock.today()):
                # A reminder is the digest's; once the day has passed, nobody needs one.
                if alarm is not Alarm.REMINDER and _first_time(session, late, alarm):
                    rung.setdefault(alarm, []).append(late)
        entries: list[audit.Entry] = []
        for alarm, notice in _NOTICES.items():
            if alarm in rung:
                facts = {"steps": [_fact(late) for late in rung[alarm]]}
                entries += _say(session, locked, notice, Doing(audit.SYSTEM, BY_THE_CLOCK.parts, facts=facts))
        if Alarm.LONG_OVERDUE in rung:
            entries += place_overdue(session, locked)
        entries += _stalled(session, locked, found)
        if Alarm.MAYOR_AND_CHAIR in rung:
            _write_to_mayor_and_chair(session, locked, rung)
        if entries:
            audit.append(session, locked.register.chain, entries)
        return sum(len(steps) for steps in rung.values())


def _late(session: Session, motion_id: int) -> list[Late]:
    rows = session.execute(
        select(MotionStep, Promise.due_on, Department)
        .join(Promise, (Promise.subject_id == MotionStep.id) & (Promise.subject_kind == events.STEP))
        .join(Department, Department.id == Promise.department_id)
        .where(
            MotionStep.motion_id == motion_id,
            MotionStep.met_by_id.is_(None),
            Promise.kind == PromiseKind.STEP.value,
            Promise.due_on < clock.today(),
        )
        .order_by(Promise.due_on, MotionStep.id)
    )
    return [Late(step, due_on, department) for step, due_on, department in rows]


def _first_time(session: Session, late: Late, alarm: Alarm) -> bool:
    """Whether this alarm rings for the first time for this due day, remembered in the caller's transaction."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    done = session.scalar(
        insert(StepAlarm)
        .values(step_id=late.step.id, alarm=alarm.value, due_on=late.due_on, day=clock.today())
        .on_conflict_do_nothing()
        .returning(StepAlarm.alarm)
    )
    return done is not None


def _fact(late: Late) -> dict[str, object]:
    fact: dict[str, object] = {
        "step": late.step.step,
        "number": late.step.number,
        "due": late.due_on.isoformat(),
        "department": late.department.id,
    }
    if late.step.measure_id is not None:
        fact["measure"] = late.step.measure_id
    return fact


def _say(session: Session, locked: Locked, notice: Notice, doing: Doing) -> list[audit.Entry]:
    _event, entries = note(session, locked, notice, doing, Part.CLOCK)
    return entries


def _stalled(session: Session, locked: Locked, found: Sequence[Late]) -> list[audit.Entry]:
    """A measure without a report for two quarters has stalled; it is said once for every quarter that passes so."""
    entries: list[audit.Entry] = []
    for late in found:
        if late.step.measure_id is None:
            continue
        measure = session.get_one(Measure, late.step.measure_id)
        missed = missed_by(measure, late.due_on, clock.today())
        if not deadlines.stalled(missed, clock.today()):
            continue
        last = missed[-1].isoformat()
        said = session.scalars(
            select(MotionEvent.facts).where(
                MotionEvent.motion_id == locked.motion.id,
                MotionEvent.kind == Notice.STALLED.value,
                MotionEvent.measure_id == measure.id,
            )
        )
        if any(facts.get("missed") == last for facts in said):
            continue
        doing = Doing(
            audit.SYSTEM,
            BY_THE_CLOCK.parts,
            facts={"measure": measure.number, "missed": last, "reports": len(missed)},
            measure_id=measure.id,
        )
        entries += _say(session, locked, Notice.STALLED, doing)
    return entries


def missed_by(measure: Measure, due_on: date, today: date) -> list[date]:
    """The days on which a report on ``measure`` was due and did not come; the first is the step's, extended or not."""
    later = [day for day in deadlines.updates_missed(measure.updated_on, today) if day > due_on]
    return [due_on, *later] if due_on < today else []


def _write_to_mayor_and_chair(session: Session, locked: Locked, rung: dict[Alarm, list[Late]]) -> None:
    """One letter to each of the two; who hears of the same today by the digest or the notice is left out."""
    here, motion = settings.current(), locked.motion
    late = rung[Alarm.MAYOR_AND_CHAIR]
    told = set()
    for each in late:
        told |= {address for address, _language in recipients_of(session, each.department)}
        told.add(each.department.head_email or "")
    if Alarm.OVERDUE in rung or Alarm.LONG_OVERDUE in rung:
        told |= {account.email for account in followers_of(session, motion)}
    wanted = {
        address: language for address, language in _mayor_and_chair(session, locked) if address not in told
    }
    number = register_number(locked.register.code, motion.number or 0)
    for address, language in wanted.items():
        letters.send(
            session,
            "email",
            address,
            language or here.official_language,
            "motions/late",
            number=number,
            title=motion.title.best(language).text,
            late=[
                (
                    each.step.step,
                    each.due_on,
                    (clock.today() - each.due_on).days,
                    each.department.name.best(language).text,
                )
                for each in late
            ],
            link=f"{here.base_url}/{language}/motions/{number}/",
        )


def _mayor_and_chair(session: Session, locked: Locked) -> list[tuple[str, str]]:
    here = settings.current()
    found = [(here.mayor_email, here.official_language)] if here.mayor_email else []
    chairs = [
        seat.member_id
        for seat in sitting_members(session, locked.body.id, clock.today())
        if seat.office == Office.CHAIR
    ]
    accounts = session.scalars(
        select(Account)
        .join(Member, Member.account_id == Account.id)
        .where(Member.id.in_(chairs), Account.active)
        .order_by(Account.id)
    )
    return found + [(account.email, account.language) for account in accounts]
