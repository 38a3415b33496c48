"""Keeping what the public register is searched in: the words of each motion's newest public text, and who stands under it."""

from __future__ import annotations

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from core.db import find, write
from core.texts import fold
from motions.models.drafting import MotionText, Signature
from motions.models.motions import Motion, MotionEvent
from motions.models.register import FoldedText, Sponsor
from motions.queries.texts import public_text
from motions.rules.register import place_of

_OUT = text("INSERT INTO motions_search (motions_search, rowid, folded) VALUES ('delete', :place, :folded)")
_IN = text("INSERT INTO motions_search (rowid, folded) VALUES (:place, :folded)")


def index_motion(event_id: int) -> None:
    """Let the motion that something happened to be found by what its newest public text says now, and by its sponsors."""
    with write() as session:
        event = find(session, MotionEvent, event_id)
        if event is not None and event.public:
            keep_found(session, event.motion_id)


def keep_found(session: Session, motion_id: int) -> None:
    """Keep what a motion is found by; nothing before it was handed in. To be called inside a transaction."""
    motion = session.get_one(Motion, motion_id)
    if motion.submitted_on is None:
        return
    place = place_of(motion.submitted_on, motion_id)
    _keep_words(session, motion_id, place, folded_words(public_text(session, motion_id)))
    _keep_sponsors(session, motion, place)


def _keep_words(session: Session, motion_id: int, place: int, folded: str) -> None:
    before = session.get(FoldedText, motion_id)
    if before is not None and before.folded == folded:
        return
    indexed = session.get_bind().dialect.name == "sqlite"
    if before is not None:
        if indexed:
            session.execute(_OUT, {"place": before.place, "folded": before.folded})
        session.execute(delete(FoldedText).where(FoldedText.motion_id == motion_id))
        session.expunge(before)
    session.add(FoldedText(motion_id=motion_id, place=place, folded=folded))
    session.flush()
    if indexed:
        session.execute(_IN, {"place": place, "folded": folded})


def _keep_sponsors(session: Session, motion: Motion, place: int) -> None:
    signed = (
        select(Signature.member_id)
        .join(
            MotionText,
            (MotionText.motion_id == Signature.motion_id) & (MotionText.digest == Signature.digest),
        )
        .where(Signature.motion_id == motion.id, MotionText.public_on.is_not(None))
    )
    wanted = {motion.author_id, *session.scalars(signed)}
    known = set(session.scalars(select(Sponsor.member_id).where(Sponsor.motion_id == motion.id)))
    gone = Sponsor.member_id.in_(known - wanted)
    session.execute(delete(Sponsor).where(Sponsor.motion_id == motion.id, gone))
    session.add_all(
        Sponsor(member_id=each, place=place, motion_id=motion.id) for each in sorted(wanted - known)
    )
    session.flush()


def folded_words(words: MotionText) -> str:
    """The different folded words of title, text, reasons and costs in every language, each once."""
    parts = (words.title, words.text, words.reasons, words.costs)
    found = (version.text for part in parts for version in part.versions)
    return " ".join(dict.fromkeys(fold(" ".join(found)).split()))
