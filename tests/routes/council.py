"""The migrant council."""

from __future__ import annotations

from tests.council.city import KEY, call_for, sitting_council
from tests.routes.people import Routes, clerks, everybody

ROUTES: Routes = {
    ("GET", "/council/"): everybody,
    ("GET", "/council/<key>/"): everybody,
    ("GET", "/council/<key>/history/"): everybody,
    ("GET", "/council/<key>/register/"): everybody,
    ("GET", "/council/<key>.json"): everybody,
    ("GET", "/council/<key>/chain.json"): everybody,
    ("GET", "/council/<key>/calls/<int(max=2147483647):call_id>/"): everybody,
    ("POST", "/council/<key>/calls/<int(max=2147483647):call_id>/apply"): everybody,
    **{
        (method, f"/office/council/{path}"): clerks
        for path in (
            "new",
            "<key>/change-seats",
            "<key>/begin-term",
            "<key>/add-training",
            "<key>/fill-vacancy",
            "<key>/open-call",
            "<key>/calls/<int(max=2147483647):call_id>/close",
            "members/<int(max=2147483647):member_id>/leave",
            "members/<int(max=2147483647):member_id>/remove",
            "members/<int(max=2147483647):member_id>/name-deputy",
            "members/<int(max=2147483647):member_id>/elect-office",
            "members/<int(max=2147483647):member_id>/let-sign-in",
            "members/<int(max=2147483647):member_id>/stop-sign-in",
            "successors/<int(max=2147483647):successor_id>/decline",
        )
        for method in ("GET", "POST")
    },
    ("GET", "/office/council/"): clerks,
    ("GET", "/office/council/<key>/"): clerks,
    ("GET", "/office/council/<key>/applications/"): clerks,
}

SAMPLES: dict[str, object] = {"key": KEY, "call_id": 1, "member_id": 1, "successor_id": 1}

QUERIES: dict[str, str] = {"fill-vacancy": "?seats=region-2"}


def day(name: str, day: str) -> dict[str, str]:
    """What the three boxes of a day hold."""
    return dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), day.split("."), strict=True))


DAY = day("day", "14.9.2027")

FILLED: dict[str, dict[str, str]] = {
    "apply": {"name": "Ines", "organisation": "Bridge", "text": "We help.", "form_key": "1" * 32},
    "leave": {"ground": "resigned", **DAY},
    "remove": {
        "ground": "absence",
        "reason": "Why.",
        "yes": "3",
        "no": "0",
        "abstain": "0",
        "sure": "y",
        **DAY,
    },
    "name-deputy": {"name": "Ines", "since_on-day": "14", "since_on-month": "9", "since_on-year": "2027"},
    "elect-office": {"office": "chair"},
    "let-sign-in": {"email": "amina@lindhafen.example", "language": "en"},
    "decline": DAY,
    "change-seats": {
        "seat_class": "region-2",
        "seats": "7",
        "reason": "More came.",
        **day("from_on", "14.9.2027"),
    },
    "add-training": {"title": "Rules of procedure", "place": "Town hall", **day("held_on", "1.10.2027")},
    "open-call": {
        "seat_class": "associations",
        "title": "A seat",
        "about": "Who can help?",
        **day("closes_on", "1.10.2027"),
        **day("answers_due_on", "1.11.2027"),
    },
}
"""What a form would send that would do something, were it not for its token."""


def furnish() -> None:
    """A council in its first term, with an open call."""
    sitting_council()
    call_for()
