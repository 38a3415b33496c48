"""Whatever changes a row that open data is made from leaves word in the outbox, in the same transaction.

So no service needs to know of it. What is changed past the session (bulk statements) the nightly turn finds.
"""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import Session

from accounts.models import Department
from core.documents.stored import StoredDocument
from council.models import Body, Member, SeatCount, Term
from motions.models.drafting import Amendment, MotionText, Signature
from motions.models.implementation import Measure
from motions.models.meetings import AgendaItem, Meeting, Minutes, Presence, Vote
from motions.models.motions import Motion, MotionEvent
from motions.services.oparl import Wanted, later

OF_COUNCIL = (Body, Term, Member, SeatCount, Department)
OF_MOTIONS = (MotionText, Signature, Amendment, Measure, MotionEvent)
OF_MEETINGS = (Presence, Minutes)

_KEPT = "motions.oparl"


def watch() -> None:
    """Look at every session from now on; once is enough."""
    for name, function in (
        ("after_flush", _note),
        ("before_commit", _leave_word),
        ("after_rollback", _forget),
    ):
        if not event.contains(Session, name, function):
            event.listen(Session, name, function)


def _note(session: Session, _context: object) -> None:
    wanted = session.info.get(_KEPT) or Wanted()
    for row in (*session.new, *session.dirty, *session.deleted):
        _want(wanted, row)
    if wanted:
        session.info[_KEPT] = wanted


def _want(wanted: Wanted, row: object) -> None:
    if isinstance(row, OF_COUNCIL):
        wanted.council = True
    elif isinstance(row, OF_MOTIONS):
        wanted.motions.add(row.motion_id)
    elif isinstance(row, Motion):
        wanted.motions.add(row.id)
    elif isinstance(row, Meeting):
        wanted.meetings.add(row.id)
    elif isinstance(row, OF_MEETINGS):
        wanted.meetings.add(row.meeting_id)
    elif isinstance(row, AgendaItem):
        wanted.meetings.add(row.meeting_id)
        if row.motion_id is not None:
            wanted.motions.add(row.motion_id)
    elif isinstance(row, Vote):
        wanted.items.add(row.agenda_item_id)
    elif isinstance(row, StoredDocument):
        wanted.documents.add(row.id)


def _leave_word(session: Session) -> None:
    session.flush()
    wanted = session.info.pop(_KEPT, None)
    if wanted:
        later(session, wanted)


def _forget(session: Session) -> None:
    session.info.pop(_KEPT, None)
