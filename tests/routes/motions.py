"""Motions and meetings."""

from __future__ import annotations

from tests.motions.city import found_motion_desk
from tests.routes.people import Routes, everybody, motion_readers, seated_members

MOTION = "/office/motions/<int(max=2147483647):motion_id>"

ROUTES: Routes = {
    ("GET", "/office/motions/"): motion_readers,
    ("GET", "/office/motions/guide/"): motion_readers,
    ("GET", "/office/motions/<int(max=2147483647):motion_id>/"): motion_readers,
    # drafting and suggestions
    ("GET", "/council/<key>/suggest/"): everybody,
    ("POST", "/council/<key>/suggest/"): everybody,
    ("GET", "/office/motions/new"): seated_members,
    ("POST", "/office/motions/new"): seated_members,
    ("GET", "/office/motions/suggestions/"): seated_members,
    ("GET", f"{MOTION}/translate"): motion_readers,
    ("POST", f"{MOTION}/translate"): motion_readers,
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
}

SAMPLES: dict[str, object] = {"motion_id": 1, "member_id": 1, "key": "newcomers-council"}

QUERIES: dict[str, str] = {}

FILLED: dict[str, dict[str, str]] = {
    # drafting and suggestions
    "": {"topic": "work", "text": "More courses.", "form_key": "2" * 32},
    "change-text": {"revision": "1", "topic": "work", "title": "Title", "text": "Text", "reasons": "Why"},
    "translate": {"language": "de", "title": "Titel", "text": "Text", "made": "checked"},
    "invite": {"members": "1"},
    "sign": {"digest": "0" * 64},
    "submit": {"digest": "0" * 64},
    "appeal": {"reason": "It is."},
}
"""What a form would send that would do something, were it not for its token."""


def furnish() -> None:
    """A motion that was handed in."""
    found_motion_desk()
