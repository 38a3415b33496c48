"""One number of a round's register: letter, answer in all its versions, days, and what was recorded about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Department
from consult import events
from consult.models import PublicText, Reconsideration
from consult.queries.register import RoundRegister, Row, read_row
from core.localized import Localized
from followup import events as followup_events
from followup.models import Promise, Reply
from followup.queries import chain
from followup.queries.chain import Link
from followup.queries.debts import PublishedVersion, published_versions


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything public about one number.

    ``versions`` begin with the answer in force. ``answered_count`` is how many comments got this answer.
    ``asked_again`` is the number of the request to look again, if its author made one.
    """

    row: Row
    department: Localized
    versions: Sequence[PublishedVersion]
    answered_count: int
    asked_again: int | None
    extended_from: date | None
    extended_on: date | None
    extension_reason: Localized
    record: Sequence[Link]


def find_entry(session: Session, found: RoundRegister, number: int) -> Entry:
    """The number's entry. Raises NotFound."""
    row = read_row(session, found, number)
    promise, department = session.execute(
        select(Promise, Department.name)
        .join(Department, Department.id == Promise.department_id)
        .where(Promise.register_id == found.register_id, Promise.number == number)
    ).one()
    versions = published_versions(session, promise.reply_id) if promise.answered_on else []
    reply = session.get(Reply, promise.reply_id) if versions else None
    return Entry(
        row,
        department,
        versions,
        reply.answered_count if reply else 0,
        _asked_again(session, promise),
        promise.extended_from,
        promise.extended_on,
        promise.extension_reason,
        _record(session, found, promise, versions),
    )


def _asked_again(session: Session, promise: Promise) -> int | None:
    if promise.subject_kind != events.SUBMISSION:
        return None
    return session.scalar(
        select(Reconsideration.number).where(Reconsideration.submission_id == promise.subject_id)
    )


def _record(
    session: Session, found: RoundRegister, promise: Promise, versions: Sequence[PublishedVersion]
) -> list[Link]:
    """The entries of the audit chain about this number, in order."""
    subjects = [(promise.subject_kind, promise.subject_id), (followup_events.PROMISE, promise.id)]
    subjects += [(followup_events.REPLY_VERSION, version.id) for version in versions]
    if promise.subject_kind == events.SUBMISSION:
        texts = session.scalars(select(PublicText.id).where(PublicText.submission_id == promise.subject_id))
        subjects += [(events.PUBLIC_TEXT, id) for id in texts]
    passed_on = chain.of_subjects(session, found.chain, [(followup_events.REGISTER, found.register_id)])
    links = chain.of_subjects(session, found.chain, subjects)
    links += [link for link in passed_on if promise.number in link.numbers]
    return sorted(links, key=lambda link: link.sequence)
