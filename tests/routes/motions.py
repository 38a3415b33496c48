"""Motions and meetings."""

from __future__ import annotations

from tests.motions.city import found_motion_desk, furnish_city
from tests.routes.people import Routes, clerks, everybody, motion_readers, officers, seated_members

MOTION = "/office/motions/<int(max=2147483647):motion_id>"
AMENDMENT = f"{MOTION}/amendments/<int(max=2147483647):amendment>"

ROUTES: Routes = {
    ("GET", "/office/motions/"): motion_readers,
    ("GET", "/office/motions/guide/"): motion_readers,
    ("GET", "/office/motions/<int(max=2147483647):motion_id>/"): motion_readers,
    # The city's side
    ("GET", "/motions/<number>/documents/<int(max=2147483647):document_id>/"): everybody,
    ("GET", "/office/motions/city/"): officers,
    ("GET", "/office/motions/verification/"): motion_readers,
    ("GET", "/office/motions/<int(max=2147483647):motion_id>/update"): officers,
    **{
        (method, f"/office/motions/<int(max=2147483647):motion_id>/{path}"): who
        for path, who in (
            ("forward", officers),
            ("acknowledge", officers),
            ("file-position", officers),
            ("decide", officers),
            ("extend", officers),
            ("pass-on", officers),
            ("events/<int(max=2147483647):event_id>/correct", officers),
            ("plan", officers),
            ("measures/<int(max=2147483647):measure_id>/update", officers),
            ("claim-done", officers),
            ("lapse", clerks),
            ("close", clerks),
        )
        for method in ("GET", "POST")
    },
    # drafting and suggestions
    ("GET", "/council/<key>/suggest/"): everybody,
    ("POST", "/council/<key>/suggest/"): everybody,
    ("GET", "/office/motions/new"): seated_members,
    ("POST", "/office/motions/new"): seated_members,
    ("GET", "/office/motions/suggestions/"): seated_members,
    ("GET", f"{MOTION}/translate"): motion_readers,
    ("POST", f"{MOTION}/translate"): motion_readers,
    # amendments and versions
    ("GET", "/motions/<number>/versions/"): everybody,
    ("GET", f"{MOTION}/amendments/"): motion_readers,
    **{(method, f"{MOTION}/propose-amendment"): motion_readers for method in ("GET", "POST")},
    **{(method, f"{AMENDMENT}/withdraw"): motion_readers for method in ("GET", "POST")},
    **{(method, f"{AMENDMENT}/settle"): clerks for method in ("GET", "POST")},
    # admissibility
    **{(method, f"{MOTION}/check"): officers for method in ("GET", "POST")},
    **{(method, f"{MOTION}/release"): seated_members for method in ("GET", "POST")},
    **{(method, f"{MOTION}/take-back"): motion_readers for method in ("GET", "POST")},
    **{
        (method, f"{MOTION}/{path}"): seated_members
        for path in (
            "change-text",
            "invite",
            "invitations/<int(max=2147483647):member_id>/withdraw",
            "sign",
            "decline",
            "submit",
            "withdraw",
            "appeal",
            "carry-over",
        )
        for method in ("GET", "POST")
    },
    # What everybody reads.
    ("GET", "/motions/"): everybody,
    ("GET", "/motions/<number>/"): everybody,
    ("GET", "/motions/<number>/feed.atom"): everybody,
    ("GET", "/motions/feed.atom"): everybody,
    ("GET", "/motions/register.csv"): everybody,
    ("GET", "/motions/register.json"): everybody,
    ("GET", "/motions/statistics/"): everybody,
    ("GET", "/council/<key>/members/<int(max=2147483647):member_id>/"): everybody,
}

SAMPLES: dict[str, object] = {
    "motion_id": 1,
    "number": "NC-0001",
    "document_id": 1,
    "event_id": 7,
    "measure_id": 1,
    "member_id": 1,
    "key": "newcomers-council",
    "amendment": 1,
}

QUERIES: dict[str, str] = {}

FILLED: dict[str, dict[str, str]] = {
    "pass-on": {"department": "integration", "reason": "Theirs.", "language": "en"},
    "plan": {
        "measure_title": "Train guides",
        "department": "housing",
        "language": "en",
        "due_on-day": "1",
        "due_on-month": "9",
        "due_on-year": "2028",
    },
    "close": {"reason": "It is over."},
    # drafting and suggestions
    "": {"topic": "work", "text": "More courses.", "form_key": "2" * 32},
    "change-text": {"revision": "1", "topic": "work", "title": "Title", "text": "Text", "reasons": "Why"},
    "translate": {"language": "de", "title": "Titel", "text": "Text", "made": "checked"},
    "invite": {"members": "1"},
    "sign": {"digest": "0" * 64},
    "submit": {"digest": "0" * 64},
    "check": {"act": "refuse", "lawful": "not_met", "reason": "It is not."},
    "propose-amendment": {"paragraph": "1", "change": "delete", "reason": "Shorter."},
    "settle": {"outcome": "rejected"},
    "appeal": {"reason": "It is."},
}
"""What a form would send that would do something, were it not for its token."""


def furnish() -> None:
    """A motion that was handed in."""
    found_motion_desk()
    furnish_city(1)
