"""Motions and meetings."""

from __future__ import annotations

from tests.motions.city import found_motion_desk, furnish_city
from tests.routes.people import Routes, clerks, everybody, motion_readers, officers

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
}

SAMPLES: dict[str, object] = {
    "motion_id": 1,
    "number": "NC-0001",
    "document_id": 1,
    "event_id": 7,
    "measure_id": 1,
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
}
"""What a form would send that would do something, were it not for its token."""


def furnish() -> None:
    """A motion that was handed in."""
    found_motion_desk()
    furnish_city(1)
