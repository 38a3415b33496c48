"""Erasing what was needed for vetting alone, once the election is over: its key, its rows, and their traces."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import audit, clock, keys
from core.db import db, write
from core.errors import DomainError
from core.localized import Localized
from core.traces import clear_traces
from elections import events
from elections.models.elections import Election
from elections.models.nominations import Nomination, Supporter
from elections.rules import nominations as rules
from elections.rules.deadlines import Step, read_timetable
from elections.rules.nominations import State
from elections.rules.stages import Stage
from elections.services.elections import lock_election
from elections.services.nominations.seals import key_name
from followup.models import Promise, Register


def erase_nominations(code: str, actor: audit.Actor = audit.SYSTEM) -> int:
    """Erase addresses and supporters of all nominations, and names and statements of those who do not stand.

    Not before the day on which the roll is deleted, nor while the election goes on or anybody waits for an answer: until
    then a decision may be contested. Safe to run twice; returns how many nominations were erased now. Raises NotFound or
    what ``rules.check_erasing`` raises.
    """
    with write() as session:
        election, register = lock_election(session, code)
        unanswered = session.scalar(
            select(func.count()).where(
                Promise.register_id == election.register_id, Promise.answered_on.is_(None)
            )
        )
        day = read_timetable(election.timetable)[Step.ROLL_DELETED]
        rules.check_erasing(Stage(election.stage), day, unanswered or 0, clock.today())
        erased = _erase(session, election, register, actor)
    keys.destroy(key_name(code))  # once the rows are gone for certain: no backup of them says anything now
    clear_traces(Nomination, Supporter)
    return erased


def erase_due_nominations() -> list[str]:
    """Erase the nominations of every election whose day has come; return the elections' codes. Safe to run twice.

    Where the machine stopped halfway, the key is destroyed now.
    """
    left = select(Nomination.id).where(Nomination.election_id == Election.id, Nomination.erased_on.is_(None))
    known = db.session.execute(select(Election.code, left.exists()).order_by(Election.code)).all()
    db.session.rollback()
    erased = []
    for code, rows_left in known:
        if not rows_left and not keys.exists(key_name(code)):
            continue  # nobody was nominated, or all is erased already
        try:
            erase_nominations(code)
        except DomainError:
            continue  # its day has not come
        erased.append(code)
    return erased


def _erase(session: Session, election: Election, register: Register, actor: audit.Actor) -> int:
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
