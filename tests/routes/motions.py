"""Motions and meetings."""

from __future__ import annotations

from tests.council.city import KEY
from tests.motions.city import found_motion_desk
from tests.routes.people import Routes, everybody, motion_readers

ROUTES: Routes = {
    ("GET", "/office/motions/"): motion_readers,
    ("GET", "/office/motions/guide/"): motion_readers,
    ("GET", "/office/motions/<int(max=2147483647):motion_id>/"): motion_readers,
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
    "key": KEY,
    "member_id": 1,
}

QUERIES: dict[str, str] = {}

FILLED: dict[str, dict[str, str]] = {}
"""What a form would send that would do something, were it not for its token."""


def furnish() -> None:
    """A motion that was handed in."""
    found_motion_desk()
