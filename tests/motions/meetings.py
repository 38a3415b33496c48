"""Meetings of the council of ``tests.motions.city``: planned, invited to and open, with motions on their agenda.

``open_with(Stage…)`` is the usual beginning: today a meeting is on, a motion is its item, and members are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import select

from core import clock
from core.db import db, write
from council.models import Body
from motions.models.meetings import AgendaItem, Meeting, Vote
from motions.rules.meetings import About
from motions.rules.stages import Part, Stage
from motions.rules.votes import Choice, Figures, Way
from motions.services import agenda, meetings, presence, requests, votes
from motions.services.acts import Doing
from motions.services.meetings import MeetingFacts
from motions.services.votes import NewVote
from tests.city import staff
from tests.conftest import TODAY
from tests.motions.city import NAMES, acting_member, at, member_id

MEETING_DAY = date(2027, 9, 28)
"""Two weeks after the tests' day."""
NEXT_DAY = date(2027, 10, 26)
CLERK = frozenset({Part.CLERK})


def clerk(**more: Any) -> Doing:
    """The clerk, who places and takes off."""
    return Doing(staff("clerk"), CLERK, **more)


def body_of() -> int:
    return db.session.scalars(select(Body.id).order_by(Body.id).limit(1)).one()


def facts(day: date = MEETING_DAY, **changed: Any) -> MeetingFacts:
    known: dict[str, Any] = {"starts_at": clock.in_the_city(day, time(18)), "place": "Town hall, room 3"}
    return MeetingFacts(**{**known, **changed})


def plan(day: date = MEETING_DAY, **changed: Any) -> int:
    """A meeting in the calendar; returns its id."""
    return meetings.plan_meeting(body_of(), facts(day, **changed), staff("clerk"))


def invited(day: date = MEETING_DAY, motions: Sequence[int] = ()) -> int:
    """A meeting that everybody was invited to, with these motions; returns its id."""
    meeting_id = plan(day)
    for motion_id in motions:
        agenda.schedule(motion_id, meeting_id, clerk())
    if not motions:
        agenda.place(meeting_id, agenda.NewItem(agenda.ItemKind.REPORT, "News"), staff("clerk"))
    meetings.invite(meeting_id, staff("clerk"))
    return meeting_id


def opened(meeting_id: int, here: int = 5) -> int:
    """The meeting begins, with the first members there; the clock stands on its day (``clock.freeze``)."""
    meetings.open_meeting(meeting_id, staff("clerk"))
    come(meeting_id, NAMES[:here])
    return meeting_id


def come(
    meeting_id: int, names: Sequence[str], item_id: int | None = None, excused: Sequence[str] = ()
) -> int:
    """Who is there from an item on."""
    return presence.record_presence(
        meeting_id,
        item_id,
        [member_id(name) for name in names],
        [member_id(n) for n in excused],
        staff("clerk"),
    )


def item_of(meeting_id: int, motion_id: int | None = None) -> int:
    """The item about a motion; without one the first that is about none."""
    wanted = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id, AgendaItem.removed_on.is_(None))
    wanted = wanted.where(
        AgendaItem.motion_id == motion_id if motion_id is not None else AgendaItem.motion_id.is_(None)
    )
    return db.session.scalars(wanted.order_by(AgendaItem.position)).first()  # type: ignore[return-value]


def on_agenda(stage: Stage = Stage.ADMISSIBLE, here: int = 5) -> tuple[int, int]:
    """A motion, and the item under which a meeting deals with it now: ``with clock.freeze(MEETING_DAY)``."""
    with clock.freeze(TODAY):
        motion_id = at(stage)
        meeting_id = invited(motions=[motion_id])
    opened(meeting_id, here)
    return motion_id, item_of(meeting_id, motion_id)


def hands(item_id: int, yes: int, no: int, abstain: int = 0, about: About = About.MOTION, **more: Any) -> int:
    """A show of hands; returns the vote's id."""
    new = NewVote(about, Way.SHOW_OF_HANDS, Figures(yes, no, abstain), **more)
    return votes.record_vote(item_id, new, staff("clerk"))  # type: ignore[return-value]


def by_name(item_id: int, choices: dict[str, Choice], about: About = About.MOTION, **more: Any) -> int:
    """A vote by name; returns its id."""
    named = {member_id(name): choice for name, choice in choices.items()}
    new = NewVote(about, Way.BY_NAME, choices=named, **more)
    return votes.record_vote(item_id, new, staff("clerk"))  # type: ignore[return-value]


def vote(vote_id: int) -> Vote:
    db.session.expire_all()
    return db.session.get_one(Vote, vote_id)


def meeting(meeting_id: int) -> Meeting:
    db.session.expire_all()
    return db.session.get_one(Meeting, meeting_id)


def set_rules(**changed: str) -> None:
    """The council's own rules, long before today."""
    from motions.models.meetings import CouncilRule

    known: dict[str, Any] = {
        "majority": "simple",
        "abstentions": "do_not_count",
        "tie": "rejects",
        "cosigners": 2,
        "invitation_days": 7,
    }
    with write() as session:
        session.add(CouncilRule(body_id=body_of(), from_on=date(2027, 1, 1), **{**known, **changed}))


def furnish_meetings(key: str = "newcomers-council") -> None:
    """For the tables of routes: a meeting that members are invited to, with one item, and a request for help."""
    body_id = db.session.scalars(select(Body.id).where(Body.key == key)).one()
    meeting_id = meetings.plan_meeting(body_id, facts(), staff("clerk"))
    agenda.place(meeting_id, agenda.NewItem(agenda.ItemKind.REPORT, "News"), staff("clerk"))
    meetings.invite(meeting_id, staff("clerk"))
    seat = member_id(NAMES[1])
    requests.ask_for_help(meeting_id, seat, "childcare", "Two children", None, "en", acting_member(NAMES[1]))
