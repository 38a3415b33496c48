"""Deleting the roll after the window for objections: key, rows, and what the database would still hold of them.

What stays: the day, the published hashes and counts, and the log of corrections by number.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from core import audit, clock, keys
from core.db import db, write
from core.errors import DomainError, NotFound
from core.traces import clear_traces
from elections import events
from elections.models.elections import Election
from elections.models.roll import PaperVoter, Registration, Roll, RollEntry
from elections.rules import roll as rules
from elections.rules.deadlines import read_timetable
from elections.rules.stages import Stage
from elections.services.elections import lock_election
from elections.services.roll.paper import forget_paper_voters
from elections.services.roll.seals import key_name
from followup.models import Promise


def delete_roll(code: str, actor: audit.Actor) -> bool:
    """Delete the roll of an election; False if it was deleted before (then only traces are cleared again).

    Raises NotFound for an election without a roll, or what ``rules.check_deletion`` raises: it is refused before the
    window for objections ends.
    """
    with write() as session:
        election, register = lock_election(session, code)
        roll = session.scalars(select(Roll).where(Roll.election_id == election.id)).one_or_none()
        if roll is None:
            raise NotFound("roll", code)
        first_time = roll.deleted_on is None
        if first_time:
            unanswered = session.scalar(
                select(func.count()).where(
                    Promise.register_id == election.register_id, Promise.answered_on.is_(None)
                )
            )
            rules.check_deletion(
                Stage(election.stage), read_timetable(election.timetable), unanswered or 0, clock.today()
            )
            people = session.scalar(select(func.count()).where(RollEntry.election_id == election.id))
            session.execute(delete(RollEntry).where(RollEntry.election_id == election.id))
            session.execute(
                update(Registration)
                .where(Registration.election_id == election.id)
                .values(sealed=None, person_digest=None)
            )
            forget_paper_voters(session, election)
            roll.deleted_on = clock.today()
            session.flush()
            entry = audit.Entry(events.ROLL_DELETE, events.ROLL, roll.id, {"people": people})
            audit.append(session, register.chain, [entry], actor)
    keys.destroy(
        key_name(code)
    )  # once the rows are gone for certain: without the key, no copy of them says anything
    clear_traces(RollEntry, Registration, PaperVoter)
    return first_time


def delete_due_rolls() -> list[str]:
    """Delete every roll whose day has come and that nothing keeps; return their elections' codes. Safe to run twice.

    A roll that was deleted while the machine stopped halfway has its key destroyed now.
    """
    known = db.session.execute(
        select(Election.code, Roll.deleted_on).join(Roll, Roll.election_id == Election.id)
    ).all()
    db.session.rollback()
    deleted = []
    for code, deleted_on in known:
        if deleted_on is not None and not keys.exists(key_name(code)):
            continue
        try:
            delete_roll(code, audit.SYSTEM)
        except DomainError:
            continue  # its day has not come, or somebody still waits for an answer
        deleted.append(code)
    return deleted
