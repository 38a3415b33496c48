"""What the audit chain committed to when replies were published, found again in what is stored now.

An *opening* is what a commitment was made from: the salt and the content. Whoever has both can check it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from followup import events
from followup.models import ReplyVersion
from followup.queries.private import private_replies
from followup.rules import ReplyState

Opening = tuple[bytes, dict[str, object]]
Openings = Callable[[Session, Sequence[int]], Mapping[int, Opening | None]]
"""Ids in, openings out; None where text and salt were erased; what does not exist is missing."""


def content(version: ReplyVersion) -> dict[str, object]:
    """What is committed to when a version is published."""
    return {
        "outcome": version.outcome,
        "reason": version.reason.dump(),
        "change": version.change.dump(),
        "note": version.correction_note.dump(),
    }


def people_of(version: ReplyVersion) -> set[int]:
    """The accounts behind a version: who wrote in it, and who approved it."""
    return {version.written_by, *version.editors, *([version.approved_by] if version.approved_by else [])}


def signed(version: ReplyVersion, people: Mapping[int, str]) -> dict[str, object]:
    """Who wrote a version and who approved it, as its audit entry says it; ``people`` are handles by account."""
    writers = {version.written_by, *version.editors}
    return {
        "writers": sorted(people[account] for account in writers if account in people),
        "approver": people.get(version.approved_by or 0),
    }


def reply_versions(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of published versions of replies, private ones too: for the audit check."""
    rows = session.scalars(
        select(ReplyVersion).where(ReplyVersion.id.in_(ids), ReplyVersion.state == ReplyState.PUBLISHED.value)
    )
    return {row.id: (row.salt, content(row)) for row in rows}


def public_reply_versions(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of published versions that everybody may read: of none that answers something private."""
    rows = session.execute(select(ReplyVersion.id, ReplyVersion.reply_id).where(ReplyVersion.id.in_(ids)))
    replies = dict(rows.all())
    private = private_replies(session, set(replies.values()))
    return reply_versions(session, [id for id, reply_id in replies.items() if reply_id not in private])


def source(openings: Openings) -> audit.Source:
    """``openings`` as the audit check wants them: commitments by id, or ``audit.ERASED``."""

    def recompute(session: Session, ids: Sequence[int]) -> dict[int, str]:
        return {
            id: audit.commit_to(*opening) if opening else audit.ERASED
            for id, opening in openings(session, ids).items()
        }

    return recompute


SOURCES: dict[str, audit.Source] = {events.REPLY_VERSION: source(reply_versions)}
PUBLIC: dict[str, Openings] = {events.REPLY_VERSION: public_reply_versions}
"""The openings that anybody may have."""
