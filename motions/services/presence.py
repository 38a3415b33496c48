"""Who came, who left, and who has an interest of their own in an item."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, select

from core import audit, clock
from core.db import write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.localized import Localized, clean
from motions import events
from motions.models.meetings import AgendaItem, InterestConflict, Presence, Vote
from motions.queries.attendance import room_at
from motions.rules import meetings as rules
from motions.rules.meetings import MeetingAct, MeetingState
from motions.services.meetings import lock_item, lock_meeting


def record_presence(
    meeting_id: int,
    item_id: int | None,
    present: Collection[int],
    excused: Collection[int],
    actor: audit.Actor,
) -> int:
    """Who is there from an item on (None: at the beginning); only what changed is kept. Returns how much that is.

    Raises NotFound, Conflict ``meeting_act_not_now``, and together ``member_not_of_council``, ``excused_and_present``.
    """
    with write() as session:
        meeting, _body, register = lock_meeting(session, meeting_id)
        rules.next_state(MeetingState(meeting.state), MeetingAct.RECORD)
        item = session.get(AgendaItem, item_id) if item_id is not None else None
        if item_id is not None and (item is None or item.meeting_id != meeting.id):
            raise NotFound("item", item_id)
        room = room_at(session, meeting, item)
        errors = []
        try:
            rules.check_members([*present, *excused], [each.member_id for each in room.members])
        except DomainError as error:
            errors.append(error)
        if set(present) & set(excused):
            errors.append(DomainError("excused_and_present"))
        raise_all(errors)
        last = session.scalar(
            select(func.coalesce(func.max(Presence.sequence), 0)).where(Presence.meeting_id == meeting.id)
        )
        sequence = last or 0
        changed: dict[str, list[int]] = {"came": [], "left": [], "excused": []}
        for each in room.members:
            is_there, was_there = each.member_id in present, each.member_id in room.present
            excuse = each.member_id in excused
            if is_there == was_there and excuse == (each.member_id in room.excused):
                continue
            sequence += 1
            session.add(
                Presence(
                    meeting_id=meeting.id,
                    sequence=sequence,
                    member_id=each.member_id,
                    agenda_item_id=item.id if item else None,
                    present=is_there,
                    excused=excuse,
                )
            )
            changed["came" if is_there else "excused" if excuse else "left"].append(each.member_id)
        if sequence == (last or 0):
            return 0
        meeting.modified_at = clock.now()
        session.flush()
        facts: dict[str, object] = {"item": item.id if item else None, **changed}
        entry = audit.Entry(events.PRESENCE_RECORD, events.MEETING, meeting.id, facts)
        audit.append(session, register.chain, [entry], actor)
        return sequence - (last or 0)


def declare_conflicts(item_id: int, member_ids: Collection[int], actor: audit.Actor) -> None:
    """Who has an interest of their own in an item: they have no vote there, and make no quorum.

    Raises NotFound, Conflict ``meeting_act_not_now`` or ``item_voted_on``, ``member_not_of_council``.
    """
    with write() as session:
        item, meeting, _body, register = lock_item(session, item_id)
        rules.next_state(MeetingState(meeting.state), MeetingAct.RECORD)
        if session.scalars(select(Vote.id).where(Vote.agenda_item_id == item.id)).first() is not None:
            raise Conflict("item_voted_on")
        room = room_at(session, meeting, item)
        rules.check_members(member_ids, [each.member_id for each in room.members])
        session.execute(delete(InterestConflict).where(InterestConflict.agenda_item_id == item.id))
        for member_id in sorted(set(member_ids)):
            session.add(
                InterestConflict(agenda_item_id=item.id, member_id=member_id, declared_on=clock.today())
            )
        meeting.modified_at = clock.now()
        session.flush()
        facts = {"members": sorted(set(member_ids))} if item.public else {}
        entry = audit.Entry(events.CONFLICT_DECLARE, events.AGENDA_ITEM, item.id, facts)
        audit.append(session, register.chain, [entry], actor)


def note_discussion(item_id: int, text: str, actor: audit.Actor) -> None:
    """Keep what was said under an item, for the minutes. Raises NotFound, ``meeting_act_not_now``, ``meeting_words_too_long``."""
    text = clean(text)
    with write() as session:
        item, meeting, body, register = lock_item(session, item_id)
        rules.next_state(MeetingState(meeting.state), MeetingAct.RECORD)
        if len(text) > rules.TEXT_LENGTH:
            raise DomainError("meeting_words_too_long", limit=rules.TEXT_LENGTH)
        item.discussion = Localized.original(body.language, text)
        item.modified_at = meeting.modified_at = clock.now()
        session.flush()
        entry = audit.Entry(events.AGENDA_NOTE, events.AGENDA_ITEM, item.id)
        audit.append(session, register.chain, [entry], actor)
