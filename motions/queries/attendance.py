"""Who is in the room at an item of a meeting, who of them votes, and whether there is a quorum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from council.queries.members import SittingMember, seats_and_quorum, sitting_members
from council.rules import Office
from motions.models.meetings import AgendaItem, InterestConflict, Meeting, Presence
from motions.rules import meetings as rules
from motions.rules.meetings import Came
from motions.rules.votes import Attendance


@dataclass(frozen=True, slots=True)
class Room:
    """The room at one moment. ``counted`` count for the quorum unless they are in ``excluded``; ``voting`` may vote."""

    members: Sequence[SittingMember]
    seats: int
    quorum: int
    present: frozenset[int]
    excused: frozenset[int]
    counted: tuple[int, ...]
    excluded: tuple[int, ...]

    @property
    def voting(self) -> tuple[int, ...]:
        return tuple(each for each in self.counted if each not in self.excluded)

    @property
    def attendance(self) -> Attendance:
        """What ``rules.votes`` asks for."""
        return Attendance(self.seats, self.quorum, len(self.counted), len(self.excluded))

    @property
    def has_quorum(self) -> bool:
        return len(self.voting) >= self.quorum

    @property
    def chair_id(self) -> int | None:
        return next((each.member_id for each in self.members if each.office == Office.CHAIR), None)

    def name(self, member_id: int) -> str:
        """A member's name; nothing for somebody who did not sit that day."""
        return next((each.name for each in self.members if each.member_id == member_id), "")


def room_at(session: Session, meeting: Meeting, item: AgendaItem | None = None) -> Room:
    """The room at ``item``, or at the beginning of the meeting. Seats and quorum are those of the meeting's day."""
    day = clock.day_of(meeting.starts_at)
    members = sitting_members(session, meeting.body_id, day)
    seats, quorum = seats_and_quorum(session, meeting.body_id, day)
    came, excused = _came(session, meeting.id)
    present = rules.present_at(item.position if item else 0, came)
    deputies = {each.member_id: each.deputy_of_id for each in members if each.deputy_of_id is not None}
    counted = rules.counted(present, deputies)
    conflicts: set[int] = set()
    if item is not None:
        conflicts = set(
            session.scalars(
                select(InterestConflict.member_id).where(InterestConflict.agenda_item_id == item.id)
            )
        )
    return Room(
        members,
        seats,
        quorum,
        frozenset(present),
        frozenset(excused - present),
        tuple(counted),
        tuple(each for each in counted if each in conflicts),
    )


def ever_present(session: Session, meeting: Meeting) -> set[int]:
    """Everybody who was there for some time."""
    came, _excused = _came(session, meeting.id)
    return {each.member_id for each in came if each.present}


def _came(session: Session, meeting_id: int) -> tuple[list[Came], set[int]]:
    rows = session.execute(
        select(Presence, AgendaItem.position)
        .outerjoin(AgendaItem, AgendaItem.id == Presence.agenda_item_id)
        .where(Presence.meeting_id == meeting_id)
        .order_by(Presence.sequence)
    ).all()
    came = [Came(row.member_id, position or 0, row.sequence, row.present) for row, position in rows]
    excused: set[int] = set()
    for row, _position in rows:
        (excused.add if row.excused else excused.discard)(row.member_id)
    return came, excused
