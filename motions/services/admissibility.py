"""Whether a motion may be dealt with: the office checks and proposes, the chair, another person, releases.

A chair who wrote the motion leaves this to the deputy chair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from accounts.models import Account
from core import audit, clock
from core.db import find, write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.localized import Localized, clean
from motions import events
from motions.models.drafting import Finding
from motions.models.motions import Motion
from motions.queries.admissibility import label_of
from motions.queries.parts import Standing, releases, standing_of
from motions.rules import admissibility, stages
from motions.rules.admissibility import Criterion, Earlier
from motions.rules.stages import Act, MotionKind, Part, Stage
from motions.services.acts import Doing, Locked, lock_motion, perform


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What the office found: each criterion met or not, and what it proposes.

    ``earlier`` is the register number, without its code, of the motion that this one repeats; ``reason`` becomes public.
    """

    act: str
    findings: Mapping[str, str]
    reason: str = ""
    language: str = ""
    earlier: int | None = None


def propose_finding(motion_id: int, new: NewFinding, actor: audit.Actor) -> int:
    """Propose to admit, return or refuse a motion; nothing moves and nothing is public before it is released.

    Returns the proposal's id. Raises Conflict ``finding_open``, and, all together, ``finding_act_unknown``,
    ``finding_missing``, ``grounds_against``, ``finding_ground_missing``, ``earlier_missing``, ``earlier_too_old``, and what
    ``rules.stages.check_act`` raises.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion = locked.motion
        standing = _standing(session, locked, actor)
        if new.act not in {each.value for each in stages.RELEASED}:
            raise DomainError("finding_act_unknown")
        act = Act(new.act)
        errors: list[DomainError] = []
        try:
            stages.check_act(
                Stage(motion.stage), act, MotionKind(motion.kind), standing.parts, reason=new.reason
            )
        except DomainError as error:
            errors += error.all()
        findings = {
            Criterion(name): admissibility.Finding(value)
            for name, value in new.findings.items()
            if name in set(Criterion) and value in set(admissibility.Finding)
        }
        earlier = None
        try:
            grounds = admissibility.check_findings(act, findings)
            if act is Act.REFUSE and Criterion.NOT_REPEATED in grounds:
                earlier = _earlier(session, motion, new.earlier)
        except DomainError as error:
            errors += error.all()
        raise_all(errors)
        if session.scalars(_open(motion_id)).first() is not None:
            raise Conflict("finding_open")
        reason = clean(new.reason)
        found = Finding(
            motion_id=motion.id,
            act=act.value,
            findings={criterion.value: finding.value for criterion, finding in findings.items()},
            reason=Localized.original(new.language or motion.language, reason) if reason else Localized(),
            earlier_id=earlier,
            proposed_by=actor.account_id,
            proposed_on=clock.today(),
        )
        session.add(found)
        session.flush()
        entry = audit.Entry(events.FINDING_PROPOSE, events.FINDING, found.id, {"motion": motion.id})
        audit.append(session, locked.register.chain, [entry], actor)
        return found.id


def release_finding(finding_id: int, actor: audit.Actor) -> None:
    """The chair, another person than who checked, lets it count: the motion moves, ground and reason become public.

    Raises NotFound, Conflict ``finding_settled``, ``finding_not_yours``, ``finding_second_person``, and what
    ``rules.stages.check_act`` raises.
    """
    with write() as session:
        finding, locked, standing = _locked(session, finding_id, actor)
        if not releases(standing):
            raise DomainError("finding_not_yours")
        if finding.proposed_by == actor.account_id:
            raise DomainError("finding_second_person")
        finding.released_by, finding.released_on = actor.account_id, clock.today()
        unmet = [name for name, value in finding.findings.items() if value == admissibility.Finding.NOT_MET]
        facts: dict[str, object] = {"checked_by": session.get_one(Account, finding.proposed_by).handle}
        if finding.act != Act.ADMIT:
            facts["grounds"] = sorted(unmet)
        if finding.earlier_id is not None:
            facts["repeats"] = label_of(session, finding.earlier_id)
        source = finding.reason.source
        doing = Doing(
            actor,
            frozenset(
                {Part.OFFICE}
            ),  # the office checked it; the chair, who lets it count, is recorded as a person
            member_id=standing.member_id,
            reason=source.text if source else "",
            language=source.language if source else "",
            facts=facts,
        )
        _event, entries = perform(session, locked, Act(finding.act), doing)
        audit.append(session, locked.register.chain, entries, actor)


def take_back_finding(finding_id: int, actor: audit.Actor) -> None:
    """The chair does not follow the office, or who proposed it takes it back; the office checks again, on the same clock.

    Raises NotFound, Conflict ``finding_settled``, ``finding_not_yours``.
    """
    with write() as session:
        finding, locked, standing = _locked(session, finding_id, actor)
        if not releases(standing) and finding.proposed_by != actor.account_id:
            raise DomainError("finding_not_yours")
        finding.taken_back_on = clock.today()
        session.flush()
        entry = audit.Entry(
            events.FINDING_TAKE_BACK, events.FINDING, finding.id, {"motion": finding.motion_id}
        )
        audit.append(session, locked.register.chain, [entry], actor)


def _open(motion_id: int) -> Select[Finding]:
    return select(Finding).where(
        Finding.motion_id == motion_id, Finding.released_on.is_(None), Finding.taken_back_on.is_(None)
    )


def _locked(session: Session, finding_id: int, actor: audit.Actor) -> tuple[Finding, Locked, Standing]:
    finding = find(session, Finding, finding_id)
    if finding is None:
        raise NotFound("finding", finding_id)
    locked = lock_motion(session, finding.motion_id)
    session.refresh(finding)
    if finding.released_on is not None or finding.taken_back_on is not None:
        raise Conflict("finding_settled")
    return finding, locked, _standing(session, locked, actor)


def _standing(session: Session, locked: Locked, actor: audit.Actor) -> Standing:
    return standing_of(session, locked.motion, session.get_one(Account, actor.account_id))


def _earlier(session: Session, motion: Motion, number: int | None) -> int:
    found = None
    if number is not None:
        found = session.scalars(
            select(Motion).where(
                Motion.body_id == motion.body_id,
                Motion.number == number,
                Motion.dealt_on.is_not(None),
                Motion.id != motion.id,
            )
        ).one_or_none()
    day = motion.submitted_on or clock.today()
    known = None
    if found is not None and found.dealt_on is not None:
        known = Earlier(found.number or 0, "", "", found.dealt_on)
    admissibility.check_repetition(known, day)
    assert found is not None  # without one it was refused
    return found.id
