"""What the audit chain committed to when texts came in and were released, found again in what is stored now."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import events
from consult.models import PublicText, Reconsideration, Submission
from core import audit
from followup.queries.commitments import Opening, Openings, source


def content(submission: Submission | SimpleNamespace) -> dict[str, object]:
    """What is committed to when a submission is received; language and unit may be corrected later."""
    return {
        "number": submission.number,
        "text": submission.text,
        "proposed_wording": submission.proposed_wording,
        "kind": submission.kind,
        "channel": submission.channel,
        "author_kind": submission.author_kind,
        "name": submission.name,
        "received_on": submission.received_on.isoformat(),
    }


def public_content(text: PublicText | SimpleNamespace) -> dict[str, object]:
    """What is committed to when a public version is released."""
    return {"version": text.version, "text": text.text, "proposed_wording": text.proposed_wording}


def reconsideration_content(asked: Reconsideration) -> dict[str, object]:
    """What is committed to when somebody asks for a second look."""
    return {"number": asked.number, "text": asked.text, "received_on": asked.received_on.isoformat()}


def submissions(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of originals. They are never public."""
    rows = session.scalars(select(Submission).where(Submission.id.in_(ids)))
    return {row.id: (row.salt, content(row)) if row.salt else None for row in rows}


def public_texts(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of released versions, whether they are public now or not."""
    rows = session.scalars(select(PublicText).where(PublicText.id.in_(ids)))
    return {row.id: (row.salt, public_content(row)) if row.salt else None for row in rows}


def reconsiderations(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of requests to look again. Their texts are never public."""
    rows = session.scalars(select(Reconsideration).where(Reconsideration.id.in_(ids)))
    return {row.id: (row.salt, reconsideration_content(row)) if row.salt else None for row in rows}


def texts_in_public(session: Session, ids: Sequence[int]) -> dict[int, Opening | None]:
    """The openings of the versions that anybody can read now: in force, not hidden, not erased."""
    rows = session.scalars(
        select(PublicText)
        .join(Submission, Submission.public_text_id == PublicText.id)
        .where(PublicText.id.in_(ids), Submission.hidden_on.is_(None), PublicText.salt.is_not(None))
    )
    return {row.id: (row.salt or b"", public_content(row)) for row in rows}


SOURCES: dict[str, audit.Source] = {
    events.SUBMISSION: source(submissions),
    events.PUBLIC_TEXT: source(public_texts),
    events.RECONSIDERATION: source(reconsiderations),
}
PUBLIC: dict[str, Openings] = {events.PUBLIC_TEXT: texts_in_public}
"""The openings that anybody may have."""
