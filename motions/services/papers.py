"""Secret votes on paper: what a first teller counted waits until a second, at another sign-in, has counted the same."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from core import audit, clock
from core.db import write
from core.errors import DomainError, NotFound
from council.models import Body
from followup.models import Register
from motions import events
from motions.models.meetings import AgendaItem, Meeting, PaperCount, Vote
from motions.queries.attendance import room_at
from motions.queries.council_rules import rule_on
from motions.rules import meetings as rules
from motions.rules import votes as counting
from motions.rules.meetings import MeetingAct, MeetingState
from motions.rules.votes import Figures
from motions.services.corrections import counted_anew, set_right
from motions.services.meetings import lock_item
from motions.services.votes import counted, from_plain, keep


def count_again(item_id: int, figures: Figures, teller_id: int, actor: audit.Actor) -> int:
    """The second teller's count, by somebody else; when both are equal the vote, or its correction, stands. Returns its id.

    Raises NotFound, Conflict ``meeting_act_not_now``, ``teller_twice``, ``teller_not_present``, ``tellers_differ`` with
    both counts (``first``, ``second``), and what ``record_vote`` and ``correct_vote`` raise.
    """
    with write() as session:
        item, meeting, body, register, known = _waiting(session, item_id)
        room = room_at(session, meeting, item)
        corrects = known.asked.get("corrects")
        old = session.get_one(Vote, corrects) if corrects else None
        if teller_id not in room.present:
            raise DomainError("teller_not_present")
        first = Figures(known.yes, known.no, known.abstain, known.invalid)
        same = known.teller_id == teller_id or known.entered_by == actor.account_id
        counting.check_tellers(first, figures, same_person=same)
        new = replace(from_plain(known.asked), figures=first, teller_id=known.teller_id)
        tellers = (known.teller_id, teller_id)
        session.delete(known)
        session.flush()
        if old is None:
            rule = rule_on(session, body.id, clock.day_of(meeting.starts_at)).vote
            taken = replace(counted(session, item, new, room, rule), tellers=tellers)
            vote, entries = keep(session, item, meeting, body, register, new, taken, actor)
        else:
            taken = replace(counted_anew(session, old, item, meeting, new), tellers=tellers)
            vote, entries = set_right(session, old, item, meeting, body, new, taken, actor)
        audit.append(session, register.chain, entries, actor)
        return vote.id


def discard_count(item_id: int, actor: audit.Actor) -> None:
    """Both tellers begin anew: the first count is thrown away. Raises NotFound, Conflict ``meeting_act_not_now``."""
    with write() as session:
        item, _meeting, _body, register, known = _waiting(session, item_id)
        session.delete(known)
        session.flush()
        entry = audit.Entry(events.VOTE_DISCARD, events.AGENDA_ITEM, item.id)
        audit.append(session, register.chain, [entry], actor)


def _waiting(session: Session, item_id: int) -> tuple[AgendaItem, Meeting, Body, Register, PaperCount]:
    """An item whose papers a first teller has counted; a correction may be counted after the meeting, too."""
    item, meeting, body, register = lock_item(session, item_id)
    known = session.get(PaperCount, item.id, with_for_update=True)
    if known is None or not known.asked.get("corrects"):
        rules.next_state(MeetingState(meeting.state), MeetingAct.RECORD)
    if known is None:
        raise NotFound("count", item_id)
    return item, meeting, body, register, known
