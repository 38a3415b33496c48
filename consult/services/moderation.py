"""Releasing texts to the public, hiding them with a reason, showing them again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult import events
from consult.models import PublicText, Submission
from consult.queries.commitments import public_content
from consult.rules import submissions as rules
from consult.services.rounds import lock_round
from consult.services.submissions import folded
from core import audit, clock
from core.db import LARGEST_ID, write
from core.errors import DomainError, NotFound, raise_all
from core.localized import clean


def release_texts(round_code: str, numbers: Sequence[int], actor: audit.Actor) -> None:
    """Publish the texts of exactly these submissions as they were written, or of none.

    Raises ``selection_empty``, or NotFound, ``text_erased`` or ``text_hidden`` for every number concerned.
    """
    with write() as session:
        found, register = lock_round(session, round_code)
        if not numbers:
            raise DomainError("selection_empty")
        submissions = _submissions(session, found.id, numbers)
        raise_all(
            [
                DomainError("text_erased" if s.text is None else "text_hidden", number=s.number)
                for s in submissions
                if s.text is None or s.hidden_on is not None
            ]
        )
        entries = [
            _release(session, submission, submission.text or "", submission.proposed_wording or "")
            for submission in submissions
            if submission.public_text_id is None
        ]
        session.flush()
        audit.append(session, register.chain, entries, actor)


def release_redacted(
    round_code: str, number: int, text: str, proposed_wording: str, reason: str, actor: audit.Actor
) -> None:
    """Publish a version of a text in which passages were taken out, with the public reason for it.

    The original stays committed to, unpublished; the reason is recorded in the chain and stands in the register.

    Raises what ``rules.check_public_text`` raises, ``text_erased`` or ``text_hidden``.
    """
    text, proposed_wording, reason = clean(text), clean(proposed_wording), clean(reason)
    rules.check_public_text(text, proposed_wording, reason)
    with write() as session:
        found, register = lock_round(session, round_code)
        submission = _submissions(session, found.id, [number])[0]
        if submission.text is None:
            raise DomainError("text_erased", number=number)
        if submission.hidden_on is not None:
            raise DomainError("text_hidden", number=number)
        entry = _release(session, submission, text, proposed_wording, reason)
        session.flush()
        audit.append(session, register.chain, [entry], actor)


def hide_text(round_code: str, number: int, reason: str, actor: audit.Actor) -> None:
    """Hide a text with a public reason; number, measure, outcome and answer stay. Raises ``hidden_reason_missing``."""
    reason = clean(reason)
    rules.check_hidden_reason(reason)
    with write() as session:
        found, register = lock_round(session, round_code)
        submission = _submissions(session, found.id, [number])[0]
        submission.hidden_on, submission.hidden_reason, submission.folded = clock.today(), reason, None
        session.flush()
        facts = {"number": number, "reason": reason}
        entry = audit.Entry(events.SUBMISSION_HIDE, events.SUBMISSION, submission.id, facts)
        audit.append(session, register.chain, [entry], actor)


def show_text(round_code: str, number: int, actor: audit.Actor) -> None:
    """Undo a hiding; the text that was public before is public again."""
    with write() as session:
        found, register = lock_round(session, round_code)
        submission = _submissions(session, found.id, [number])[0]
        if submission.hidden_on is None:
            raise DomainError("text_not_hidden", number=number)
        submission.hidden_on = submission.hidden_reason = None
        public = session.get(PublicText, submission.public_text_id) if submission.public_text_id else None
        submission.folded = folded(public.text, public.proposed_wording) if public and public.text else None
        session.flush()
        entry = audit.Entry(events.SUBMISSION_SHOW, events.SUBMISSION, submission.id, {"number": number})
        audit.append(session, register.chain, [entry], actor)


def correct_language(round_code: str, number: int, language: str, actor: audit.Actor) -> None:
    """Correct the language a submission is taken to be in. Raises ``language_unknown``.

    What it was taken for before is recorded; the same language again changes and records nothing.
    """
    rules.check_language(language)
    with write() as session:
        found, register = lock_round(session, round_code)
        submission = _submissions(session, found.id, [number])[0]
        if submission.language == language:
            return
        facts = {"number": number, "before": submission.language, "after": language}
        submission.language = language
        session.flush()
        entry = audit.Entry(events.SUBMISSION_CORRECT_LANGUAGE, events.SUBMISSION, submission.id, facts)
        audit.append(session, register.chain, [entry], actor)


def _release(
    session: Session, submission: Submission, text: str, proposed_wording: str, reason: str = ""
) -> audit.Entry:
    version = session.scalar(
        select(func.count()).select_from(PublicText).where(PublicText.submission_id == submission.id)
    )
    public = PublicText(
        submission_id=submission.id,
        version=(version or 0) + 1,
        text=text,
        proposed_wording=proposed_wording or None,
        salt=audit.new_salt(),
        released_on=clock.today(),
        reason=reason or None,
    )
    session.add(public)
    session.flush()
    submission.public_text_id = public.id
    submission.folded = folded(text, proposed_wording)
    facts: dict[str, object] = {"number": submission.number, "version": public.version}
    if reason:
        facts["reason"] = reason
    commitment = audit.commit_to(public.salt or b"", public_content(public))
    return audit.Entry(events.SUBMISSION_RELEASE, events.PUBLIC_TEXT, public.id, facts, commitment)


def _submissions(session: Session, round_id: int, numbers: Sequence[int]) -> list[Submission]:
    found: list[Submission] = []
    wanted = sorted(set(numbers))
    possible = [number for number in wanted if 0 < number <= LARGEST_ID]
    for start in range(0, len(possible), 500):
        found += session.scalars(
            select(Submission)
            .where(Submission.round_id == round_id, Submission.number.in_(possible[start : start + 500]))
            .order_by(Submission.number)
        )
    missing = set(wanted) - {submission.number for submission in found}
    if missing:
        raise NotFound("submission", min(missing))
    return found
