"""What a vote does to amendments, and the text that an adoption adopts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.errors import Conflict, NotFound
from core.localized import Localized, State
from motions import events
from motions.models.drafting import Amendment, MotionText
from motions.queries.commitments import text_content
from motions.rules import amendments as rules
from motions.rules import drafting
from motions.rules.stages import Part
from motions.rules.steps import Notice
from motions.services.acts import Doing, Locked, note


def open_amendments(session: Session, motion_id: int) -> list[Amendment]:
    """Amendments that the council has still to decide on, in order."""
    return _in_state(session, motion_id, "open")


def accepted_amendments(session: Session, motion_id: int) -> list[Amendment]:
    """Amendments that the council has accepted."""
    return _in_state(session, motion_id, "accepted")


def decide_amendment(
    session: Session, locked: Locked, amendment_id: int, accepted: bool, vote_id: int, doing: Doing
) -> list[audit.Entry]:
    """Record what the council's vote made of an amendment. Raises NotFound, Conflict ``amendment_decided``."""
    found = session.get(Amendment, amendment_id, with_for_update=True)
    if found is None or found.motion_id != locked.motion.id:
        raise NotFound("amendment", amendment_id)
    if found.state != "open":
        raise Conflict("amendment_decided")
    found.state = "accepted" if accepted else "rejected"
    found.decided_on, found.vote_id = clock.today(), vote_id
    session.flush()
    facts = {"number": found.number, "state": found.state}
    _event, entries = note(session, locked, Notice.DECIDE_AMENDMENT, doing_with(doing, facts), Part.CLERK)
    decided = audit.Entry(events.AMENDMENT_DECIDE, events.AMENDMENT, found.id, {**facts, "vote": vote_id})
    return [decided, *entries]


def doing_with(doing: Doing, facts: dict[str, object]) -> Doing:
    """The same, with facts of its own."""
    return Doing(
        doing.actor,
        doing.parts,
        doing.member_id,
        doing.reason,
        doing.language,
        facts,
        doing.day,
        vote_id=doing.vote_id,
    )


def final_text(session: Session, locked: Locked) -> tuple[str, list[audit.Entry]]:
    """The digest of what is adopted now: the words as they stand, or a new version with the accepted amendments.

    Raises, together, what ``rules.amendments.merge`` raises.
    """
    motion = locked.motion
    text = session.scalars(
        select(MotionText).where(MotionText.motion_id == motion.id, MotionText.version == motion.text_version)
    ).one()
    accepted = accepted_amendments(session, motion.id)
    if not accepted:
        return text.digest, []
    source = text.text.best(motion.language).text
    merged = rules.merge(source, [_rule(each, motion.language) for each in accepted])
    words = drafting.Text(
        text.title.best(motion.language).text,
        merged,
        text.reasons.best(motion.language).text,
        text.costs.best(motion.language).text,
    )
    new = MotionText(
        motion_id=motion.id,
        version=text.version + 1,
        title=text.title,
        text=text.text.with_version(motion.language, merged, State.ORIGINAL),
        reasons=text.reasons,
        costs=text.costs or Localized(),
        digest=drafting.digest(words),
        salt=audit.new_salt(),
        written_on=clock.today(),
        public_on=clock.today(),
    )
    session.add(new)
    motion.text_version = new.version
    session.flush()
    entry = audit.Entry(
        events.TEXT_ADOPT,
        events.TEXT,
        new.id,
        {"motion": motion.id, "version": new.version, "digest": new.digest},
        audit.commit_to(new.salt, text_content(new)),
    )
    return new.digest, [entry]


def _rule(row: Amendment, language: str) -> rules.Amendment:
    text = row.text.best(language).text
    return rules.Amendment(row.id, row.base, row.paragraph, rules.Change(row.change), text)


def _in_state(session: Session, motion_id: int, state: str) -> list[Amendment]:
    found: Sequence[Amendment] = session.scalars(
        select(Amendment)
        .where(Amendment.motion_id == motion_id, Amendment.kind == "amendment", Amendment.state == state)
        .order_by(Amendment.number)
    ).all()
    return list(found)
