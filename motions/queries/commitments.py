"""What the audit chain committed to when texts were handed in, and when people wrote to the council or asked for help."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from followup.queries.commitments import Opening, source
from motions import events
from motions.models.drafting import MotionText, Suggestion
from motions.models.meetings import MeetingRequest, Vote, VoteByName
from motions.queries.recorded import recorded


def text_content(words: MotionText) -> dict[str, object]:
    """What is committed to when a text is handed in or adopted: the words in the motion's language, by their digest."""
    return {"motion": words.motion_id, "version": words.version, "digest": words.digest}


def suggestion_content(suggestion: Suggestion) -> dict[str, object]:
    """What is committed to when a suggestion comes in."""
    return {
        "number": suggestion.number,
        "topic": suggestion.topic,
        "name": suggestion.name,
        "text": suggestion.text,
        "received_on": suggestion.received_on.isoformat(),
    }


def request_content(request: MeetingRequest) -> dict[str, object]:
    """What is committed to when a member asks for help with a meeting."""
    return {
        "number": request.number,
        "meeting": request.meeting_id,
        "kind": request.kind,
        "text": request.text,
        "cents": request.cents,
    }


def texts(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of texts."""
    rows = session.scalars(select(MotionText).where(MotionText.id.in_(ids)))
    return {row.id: (row.salt, text_content(row)) for row in rows}


def suggestions(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of suggestions. They are never public."""
    rows = session.scalars(select(Suggestion).where(Suggestion.id.in_(ids)))
    return {row.id: (row.salt, suggestion_content(row)) if row.salt else None for row in rows}


def requests(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of requests. They are never public."""
    rows = session.scalars(select(MeetingRequest).where(MeetingRequest.id.in_(ids)))
    return {row.id: (row.salt, request_content(row)) if row.salt else None for row in rows}


def votes(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of votes under items that are not public. They are never public."""
    names: dict[int, dict[int, str]] = {}
    for each in session.scalars(select(VoteByName).where(VoteByName.vote_id.in_(ids))):
        names.setdefault(each.vote_id, {})[each.member_id] = each.choice
    rows = session.scalars(select(Vote).where(Vote.id.in_(ids)))
    return {row.id: (row.salt, recorded(row, names.get(row.id, {}))) for row in rows if row.salt}


SOURCES: dict[str, audit.Source] = {
    events.TEXT: source(texts),
    events.SUGGESTION: source(suggestions),
    events.REQUEST: source(requests),
    events.VOTE: source(votes),
}
