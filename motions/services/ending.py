"""What follows when a motion ends before the council voted: nothing that was never handed in or released outlives it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from motions import events
from motions.models.drafting import Finding
from motions.models.motions import Motion
from motions.queries.texts import public_text
from motions.services.acts import Locked
from motions.services.agenda import leave_agenda


def leave(session: Session, locked: Locked) -> list[audit.Entry]:
    """It leaves the agenda, what the office had proposed is taken back, and its public words count again."""
    motion = locked.motion
    public_again(session, motion)
    entries = leave_agenda(session, motion.id)
    proposed = select(Finding).where(
        Finding.motion_id == motion.id, Finding.released_on.is_(None), Finding.taken_back_on.is_(None)
    )
    for finding in session.scalars(proposed):
        finding.taken_back_on = clock.today()
        facts: dict[str, object] = {"motion": motion.id}
        entries.append(audit.Entry(events.FINDING_TAKE_BACK, events.FINDING, finding.id, facts))
    session.flush()
    return entries


def public_again(session: Session, motion: Motion) -> None:
    """Let the newest public words count: what was mended and not handed in stays private for good."""
    if motion.number is None:
        return
    words = public_text(session, motion.id)
    motion.text_version, motion.title = words.version, words.title
