"""Amendments: a change of one paragraph each, decided by vote, merged without conflict into what the council adopts.

``motion.final_digest`` is ``rules.drafting.digest`` of the final words, title and reasons too: the digest of the version
itself, the one that signatures, votes and the audit chain name, so that one value stands wherever the text stands.
``rules.amendments.digest``, of the paragraphs alone, only binds an amendment to the text that it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import find, write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.localized import Localized, clean
from motions import events
from motions.models.drafting import Amendment, MotionText
from motions.models.motions import Motion
from motions.rules import amendments as rules
from motions.rules import stages
from motions.rules.amendments import Change
from motions.rules.drafting import Text
from motions.rules.stages import MotionKind, Part, Stage
from motions.rules.steps import Notice
from motions.services.acts import Doing, Locked, lock_motion, note
from motions.services.drafting import acting, add_version, plain, publish, words_of
from motions.services.ending import public_again

AMENDMENT_LENGTH = 5_000


@dataclass(frozen=True, slots=True)
class NewAmendment:
    """A change of paragraph ``paragraph`` (from 1; 0 inserts at the beginning) of the text with the digest ``base``."""

    base: str
    paragraph: int
    change: str
    text: str = ""
    reason: str = ""


def propose_amendment(motion_id: int, new: NewAmendment, actor: audit.Actor) -> int:
    """Propose a change, public at once; return its number. The same form sent twice proposes it once.

    What another member proposes is an amendment; what the author or the office proposes is a recommendation. Raises
    ``amendment_not_now``, ``motion_act_not_yours``, Conflict ``text_changed``, and, all together, ``amendment_change_unknown``,
    ``motion_reason_missing``, ``motion_reason_too_long``, ``words_too_long``, and what ``check_amendment`` raises.
    """
    with write() as session:
        locked = lock_motion(session, motion_id)
        motion, doing = locked.motion, acting(session, locked, actor)
        rules.check_amendable(Stage(motion.stage), MotionKind(motion.kind))
        as_part = next(
            (each for each in (Part.MEMBER, Part.AUTHOR, Part.OFFICE) if each in doing.parts), None
        )
        if as_part is None:
            raise DomainError("motion_act_not_yours", act=Notice.PROPOSE_AMENDMENT.value)
        words = words_of(session, motion)
        text = plain(motion, words).text
        if new.base != rules.digest(text):
            raise Conflict("text_changed")
        raise_all(_problems(new, text))
        member_id = None if as_part is Part.OFFICE else doing.member_id
        written = _localized(motion, "" if new.change == Change.DELETE else new.text)
        known = _same_amendment(session, motion, new, member_id, written)
        if known is not None:
            return known
        last = session.scalar(select(func.max(Amendment.number)).where(Amendment.motion_id == motion.id))
        row = Amendment(
            motion_id=motion.id,
            number=(last or 0) + 1,
            kind="amendment" if as_part is Part.MEMBER else "recommendation",
            member_id=member_id,
            text_version=words.version,
            base=new.base,
            paragraph=new.paragraph,
            change=new.change,
            text=written,
            reason=_localized(motion, new.reason),
            proposed_on=clock.today(),
            state="open",
        )
        session.add(row)
        session.flush()
        _keep(session, locked, Notice.PROPOSE_AMENDMENT, events.AMENDMENT_PROPOSE, row, doing, as_part, actor)
        return row.number


def withdraw_amendment(amendment_id: int, actor: audit.Actor) -> None:
    """Whoever proposed a change takes it back, before it is decided on. Raises NotFound, ``motion_act_not_yours``,
    Conflict ``amendment_settled``."""
    with write() as session:
        row, locked = _locked(session, amendment_id)
        doing = acting(session, locked, actor)
        if row.state != "open":
            raise Conflict("amendment_settled")
        as_part = _proposer(row, doing)
        if as_part is None:
            raise DomainError("motion_act_not_yours", act=Notice.WITHDRAW_AMENDMENT.value)
        row.state, row.decided_on = "withdrawn", clock.today()
        session.flush()
        _keep(
            session, locked, Notice.WITHDRAW_AMENDMENT, events.AMENDMENT_WITHDRAW, row, doing, as_part, actor
        )


def settle_conflict(amendment_id: int, outcome: str, actor: audit.Actor) -> None:
    """The clerk records that one of two accepted changes that contradict each other was ``rejected`` or ``withdrawn``.

    Raises NotFound, ``motion_act_not_yours``, ``amendment_outcome``, ``amendment_no_conflict``.
    """
    with write() as session:
        row, locked = _locked(session, amendment_id)
        doing = acting(session, locked, actor)
        if Part.CLERK not in doing.parts:
            raise DomainError("motion_act_not_yours", act=Notice.DECIDE_AMENDMENT.value)
        rules.check_amendable(Stage(locked.motion.stage), MotionKind(locked.motion.kind))
        if outcome not in ("rejected", "withdrawn"):
            raise DomainError("amendment_outcome")
        found = rules.conflicts([_rule(each) for each in accepted(session, locked.motion)])
        if not any(row.id in ids for _paragraph, ids in found):
            raise DomainError("amendment_no_conflict")
        row.state, row.decided_on = outcome, clock.today()
        session.flush()
        _keep(
            session, locked, Notice.DECIDE_AMENDMENT, events.AMENDMENT_DECIDE, row, doing, Part.CLERK, actor
        )


def decide_amendments(
    session: Session,
    locked: Locked,
    decided: Mapping[int, bool],
    vote_ids: Mapping[int, int] | int | None = None,
) -> list[audit.Entry]:
    """Record which open changes the council accepted, inside the vote's transaction; the caller appends the entries.

    ``vote_ids`` are the votes by amendment, or one vote for all of them. Conflicts are found when the text is merged, not
    here. Raises NotFound for what is not this motion's, Conflict ``amendment_settled``.
    """
    entries = []
    for amendment_id, yes in sorted(decided.items()):
        row = find(session, Amendment, amendment_id)
        if row is None or row.motion_id != locked.motion.id:
            raise NotFound("amendment", amendment_id)
        session.refresh(row, with_for_update=True)
        if row.state != "open":
            raise Conflict("amendment_settled")
        row.state, row.decided_on = ("accepted" if yes else "rejected"), clock.today()
        row.vote_id = vote_ids if isinstance(vote_ids, int) else (vote_ids or {}).get(amendment_id)
        entries.append(_entry(events.AMENDMENT_DECIDE, row))
    locked.motion.modified_at = clock.now()
    session.flush()
    return entries


def accepted(session: Session, motion: Motion) -> Sequence[Amendment]:
    """The accepted changes of the text that counts now, by number."""
    return session.scalars(
        select(Amendment)
        .where(
            Amendment.motion_id == motion.id,
            Amendment.text_version == motion.text_version,
            Amendment.state == "accepted",
        )
        .order_by(Amendment.number)
    ).all()


def merged_text(session: Session, locked: Locked) -> str:
    """The text with every accepted change in it. Raises, for each paragraph, ``amendments_conflict`` (``paragraph``,
    ``amendments``: their numbers), until the clerk has settled it."""
    motion = locked.motion
    rows = accepted(session, motion)
    numbers = {row.id: row.number for row in rows}
    try:
        return rules.merge(plain(motion, words_of(session, motion)).text, [_rule(row) for row in rows])
    except DomainError as error:
        raise_all([_numbered(each, numbers) for each in error.all()])
        raise


def final_text(session: Session, locked: Locked, day: date, actor: audit.Actor = audit.SYSTEM) -> str:
    """What the council adopts, as a public version that the audit chain commits to; returns its digest.

    With accepted changes the words are a new version, public on ``day``, whose translations are outdated; without them it
    is the version that was handed in. Words that are not public are never adopted. Open changes are outdated now.
    Raises what ``merged_text`` raises.
    """
    motion = locked.motion
    public_again(session, motion)
    current = words_of(session, motion)
    before = plain(motion, current)
    merged = merged_text(session, locked)
    words: MotionText = current
    if rules.paragraphs(merged) != rules.paragraphs(before.text):
        text = Text(before.title, merged, before.reasons, before.costs)
        words = add_version(session, motion, current, text)
        words.public_on, motion.title = day, words.title
        session.flush()
        audit.append(session, locked.register.chain, [publish(words)], actor)
    for row in session.scalars(
        select(Amendment).where(Amendment.motion_id == motion.id, Amendment.state == "open")
    ):
        row.state, row.decided_on = "outdated", day
    motion.final_digest, motion.modified_at = words.digest, clock.now()
    session.flush()
    return words.digest


def _same_amendment(
    session: Session, motion: Motion, new: NewAmendment, member_id: int | None, written: Localized
) -> int | None:
    """The number of an open change by the same member that does the same."""
    rows = session.scalars(
        select(Amendment).where(
            Amendment.motion_id == motion.id,
            Amendment.member_id.is_not_distinct_from(member_id),
            Amendment.base == new.base,
            Amendment.paragraph == new.paragraph,
            Amendment.change == new.change,
            Amendment.state == "open",
        )
    )
    return next((row.number for row in rows if row.text == written), None)


def _problems(new: NewAmendment, text: str) -> list[DomainError]:
    errors: list[DomainError] = []
    if new.change not in set(Change):
        errors.append(DomainError("amendment_change_unknown"))
    else:
        proposed = rules.Amendment(0, new.base, new.paragraph, Change(new.change), new.text)
        try:
            rules.check_amendment(proposed, text)
        except DomainError as error:
            errors += error.all()
    if not clean(new.reason):
        errors.append(DomainError("motion_reason_missing"))
    if len(new.reason) > stages.REASON_LENGTH:
        errors.append(DomainError("motion_reason_too_long", limit=stages.REASON_LENGTH))
    if len(new.text) > AMENDMENT_LENGTH:
        errors.append(DomainError("words_too_long", limit=AMENDMENT_LENGTH))
    return errors


def _localized(motion: Motion, text: str) -> Localized:
    return Localized.original(motion.language, text)


def _rule(row: Amendment) -> rules.Amendment:
    source = row.text.source
    return rules.Amendment(row.id, row.base, row.paragraph, Change(row.change), source.text if source else "")


def _numbered(error: DomainError, numbers: Mapping[int, int]) -> DomainError:
    if error.code != "amendments_conflict":
        return error
    ids = error.parameters["amendments"]
    assert isinstance(ids, list)
    return DomainError(
        error.code, paragraph=error.parameters["paragraph"], amendments=[numbers[each] for each in ids]
    )


def _locked(session: Session, amendment_id: int) -> tuple[Amendment, Locked]:
    row = find(session, Amendment, amendment_id)
    if row is None:
        raise NotFound("amendment", amendment_id)
    locked = lock_motion(session, row.motion_id)
    session.refresh(row)
    return row, locked


def _proposer(row: Amendment, doing: Doing) -> Part | None:
    if row.member_id is None:
        return Part.OFFICE if Part.OFFICE in doing.parts else None
    if row.member_id != doing.member_id:
        return None
    return next((each for each in (Part.MEMBER, Part.AUTHOR) if each in doing.parts), None)


def _keep(
    session: Session,
    locked: Locked,
    notice: Notice,
    tag: str,
    row: Amendment,
    doing: Doing,
    as_part: Part,
    actor: audit.Actor,
) -> None:
    told = Doing(
        doing.actor, doing.parts, doing.member_id, facts={"amendment": row.number, "state": row.state}
    )
    _event, entries = note(session, locked, notice, told, as_part)
    audit.append(session, locked.register.chain, [*entries, _entry(tag, row)], actor)


def _entry(tag: str, row: Amendment) -> audit.Entry:
    facts: dict[str, object] = {"motion": row.motion_id, "number": row.number, "state": row.state}
    if tag == events.AMENDMENT_PROPOSE:
        facts |= {"paragraph": row.paragraph, "change": row.change, "base": row.base, "text": row.text.dump()}
    if row.vote_id is not None:
        facts["vote"] = row.vote_id
    return audit.Entry(tag, events.AMENDMENT, row.id, facts)
