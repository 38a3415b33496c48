"""Erasing what was needed for vetting alone, once the election is over."""

from __future__ import annotations

from sqlalchemy import delete, select

from core import audit, clock
from core.db import write
from core.errors import DomainError
from core.localized import Localized
from elections import events
from elections.models.nominations import Nomination, Supporter
from elections.rules.deadlines import Step, read_timetable
from elections.rules.nominations import State
from elections.services.elections import lock_election


def erase_nominations(code: str, actor: audit.Actor = audit.SYSTEM) -> int:
    """Erase addresses and supporters of all nominations, and names and statements of those who do not stand.

    Not before the day on which the roll is deleted: until then a decision may be contested. Safe to run twice; returns
    how many nominations were erased now. Raises NotFound or ``erasing_too_early`` (``day``).
    """
    with write() as session:
        election, register = lock_election(session, code)
        day = read_timetable(election.timetable)[Step.ROLL_DELETED]
        if clock.today() < day:
            raise DomainError("erasing_too_early", day=day)
        due = session.scalars(
            select(Nomination)
            .where(Nomination.election_id == election.id, Nomination.erased_on.is_(None))
            .order_by(Nomination.number)
        ).all()
        if not due:
            return 0
        session.execute(delete(Supporter).where(Supporter.nomination_id.in_([each.id for each in due])))
        for nomination in due:
            nomination.sealed, nomination.erased_on = None, clock.today()
            nomination.deficiencies = Localized()
            if nomination.state != State.ADMITTED:
                nomination.name = nomination.salt = nomination.list_name = None
                nomination.statement = Localized()
        session.flush()
        entries = [
            audit.Entry(events.NOMINATION_ERASE, events.NOMINATION, each.id, {"number": each.number})
            for each in due
        ]
        audit.append(session, register.chain, entries, actor)
        return len(due)
