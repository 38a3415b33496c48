"""What the holder of a receipt code may read: their own text in any case, and everything the city answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from consult import events
from consult.models import PublicText, Reconsideration, Round, Submission, Unit
from core.db import db
from core.localized import Localized
from followup.queries.debts import Debt, find_debt
from followup.rules import PromiseKind


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What somebody wrote when they said "you misread me", and the answer to it."""

    text: str | None
    language: str
    received_on: date
    debt: Debt


@dataclass(frozen=True, slots=True)
class OwnComment:
    """One comment with everything its author may know. ``text`` is None once it was withdrawn.

    ``public_text`` is what the public reads now, None while it reads nothing. ``measure`` is empty for the whole draft.
    """

    id: int
    round_code: str
    round_title: Localized
    answer_weeks: int
    measure: str
    measure_title: Localized
    number: int
    kind: str | None
    channel: str
    language: str
    name: str
    publish_name: bool
    received_on: date
    text: str | None
    proposed_wording: str
    public_text: str | None
    public_wording: str
    public_reason: str
    hidden_on: date | None
    hidden_reason: str
    debt: Debt
    second_look: SecondLook | None

    @property
    def is_redacted(self) -> bool:
        """Whether the public reads something else than was written."""
        shown = (self.public_text, self.public_wording)
        return self.public_text is not None and shown != (self.text, self.proposed_wording)


def find_own(code_mac: bytes) -> OwnComment | None:
    """The comment that belongs to a receipt code (see ``followup.services.receipts.code_mac``), or None."""
    row = db.session.execute(
        select(
            Submission,
            Round.code,
            Round.title,
            Round.answer_weeks,
            Unit.number,
            Unit.title,
            PublicText.text,
            PublicText.proposed_wording,
            PublicText.reason,
        )
        .join(Round, Round.id == Submission.round_id)
        .outerjoin(Unit, Unit.id == Submission.unit_id)
        .outerjoin(PublicText, (PublicText.id == Submission.public_text_id) & Submission.hidden_on.is_(None))
        .where(Submission.code_mac == code_mac)
    ).one_or_none()
    if row is None:
        return None
    own, code, title, weeks, measure, measure_title, public_text, public_wording, public_reason = row
    return OwnComment(
        id=own.id,
        round_code=code,
        round_title=title,
        answer_weeks=weeks,
        measure=measure or "",
        measure_title=measure_title or Localized(),
        number=own.number,
        kind=own.kind,
        channel=own.channel,
        language=own.language,
        name=own.name or "",
        publish_name=own.publish_name,
        received_on=own.received_on,
        text=own.text,
        proposed_wording=own.proposed_wording or "",
        public_text=public_text,
        public_wording=public_wording or "",
        public_reason=public_reason or "",
        hidden_on=own.hidden_on,
        hidden_reason=own.hidden_reason or "",
        debt=find_debt(db.session(), events.SUBMISSION, own.id),
        second_look=_second_look(own.id),
    )


def _second_look(submission_id: int) -> SecondLook | None:
    asked = db.session.scalars(
        select(Reconsideration).where(Reconsideration.submission_id == submission_id)
    ).one_or_none()
    if asked is None:
        return None
    debt = find_debt(db.session(), events.RECONSIDERATION, asked.id, PromiseKind.RECONSIDERATION)
    return SecondLook(asked.text, asked.language, asked.received_on, debt)
