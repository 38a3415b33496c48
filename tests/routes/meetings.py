"""Meetings: the calendar, agendas, votes, minutes, and what members ask for."""

from __future__ import annotations

from tests.motions.meetings import furnish_meetings
from tests.routes.people import Routes, clerks, everybody, motion_readers, seated_members

MEETING = "/office/meetings/<int(max=2147483647):meeting_id>"
ITEM = "/office/meetings/items/<int(max=2147483647):item_id>"
BOTH = ("GET", "POST")

ROUTES: Routes = {
    ("GET", "/meetings/"): everybody,
    ("GET", "/meetings/calendar.ics"): everybody,
    ("GET", "/meetings/<int(max=2147483647):meeting_id>/"): everybody,
    ("GET", "/meetings/<int(max=2147483647):meeting_id>/agenda.pdf"): everybody,
    ("GET", "/meetings/<int(max=2147483647):meeting_id>/minutes.pdf"): everybody,
    ("GET", "/office/meetings/"): motion_readers,
    ("GET", f"{MEETING}/"): motion_readers,
    ("GET", f"{MEETING}/invitation.pdf"): motion_readers,
    ("GET", f"{MEETING}/minutes/"): motion_readers,
    ("GET", f"{MEETING}/minutes.pdf"): motion_readers,
    ("GET", f"{ITEM}/choose-vote"): clerks,
    ("GET", "/office/meetings/requests/"): seated_members,
    **{
        (method, f"/office/motions/<int(max=2147483647):motion_id>/{act}"): motion_readers
        for act in ("schedule", "take-off")
        for method in BOTH
    },
    **{(method, f"/office/meetings/<key>/{act}"): clerks for act in ("plan", "rules") for method in BOTH},
    **{
        (method, f"{MEETING}/{act}"): clerks
        for act in (
            "change",
            "cancel",
            "invite",
            "open",
            "close",
            "place",
            "reorder",
            "presence",
            "minutes/write",
            "minutes/send",
        )
        for method in BOTH
    },
    **{
        (method, f"{ITEM}/{act}"): clerks
        for act in ("remove", "note", "presence", "conflicts", "vote", "discard-count")
        for method in BOTH
    },
    **{(method, f"{ITEM}/count-again"): clerks | seated_members for method in BOTH},
    **{(method, "/office/meetings/votes/<int(max=2147483647):vote_id>/correct"): clerks for method in BOTH},
    **{(method, f"{MEETING}/{act}"): seated_members for act in ("ask", "minutes/object") for method in BOTH},
    **{
        (method, "/office/meetings/requests/<int(max=2147483647):request_id>/erase"): seated_members
        for method in BOTH
    },
}

SAMPLES: dict[str, object] = {
    "meeting_id": 1,
    "item_id": 1,
    "motion_id": 1,
    "vote_id": 1,
    "request_id": 1,
    "key": "newcomers-council",
}

QUERIES: dict[str, str] = {"vote": "?about=procedure&way=show_of_hands"}

DAY = {"day-day": "14", "day-month": "10", "day-year": "2027"}

FILLED: dict[str, dict[str, str]] = {
    "plan": {**DAY, "starts": "18:00", "place": "Town hall"},
    "rules": {
        "from_on-day": "14",
        "from_on-month": "10",
        "from_on-year": "2027",
        "majority": "simple",
        "abstentions": "do_not_count",
        "tie": "rejects",
        "cosigners": "2",
        "invitation_days": "7",
    },
    "schedule": {"meeting": "1", "reason": "It cannot wait."},
    "take-off": {"reason": "Not now."},
    "change": {**DAY, "starts": "18:00", "place": "Town hall"},
    "cancel": {"reason": "The hall is flooded."},
    "place": {"kind": "other", "item_title": "A letter", "reason": "It cannot wait."},
    "note": {"text": "It was a long evening."},
    "presence": {"member_1": "here"},
    "vote": {"question": "Shall we?", "yes": "5", "no": "0", "abstain": "0"},
    "remove": {"reason": "Not now."},
    "write": {"text": "Everybody came."},
    "object": {"text": "Not everybody came."},
    "ask": {"kind": "childcare", "text": "Two children"},
    "correct": {"yes": "1", "no": "1", "abstain": "1", "reason": "A slip."},
}
"""What a form would send that would do something, were it not for its token."""


def furnish() -> None:
    """A meeting that members are invited to, in the council of ``found_motion_desk``."""
    furnish_meetings()
