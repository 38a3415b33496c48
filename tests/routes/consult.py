"""Consultation rounds, and the standing pages."""

from __future__ import annotations

from tests.city import CODE
from tests.routes.people import Routes, approvers, everybody, moderators, officers, readers, staff_members

ROUTES: Routes = {
    # What residents see and do
    ("GET", "/"): everybody,
    ("GET", "/rounds/"): everybody,
    ("GET", "/rounds.json"): everybody,
    ("GET", "/rounds/<code>/"): everybody,
    ("GET", "/rounds/<code>/whole-draft/"): everybody,
    ("GET", "/rounds/<code>/measures/<number>/"): everybody,
    ("POST", "/rounds/<code>/submit"): everybody,
    ("GET", "/answer/"): everybody,
    ("POST", "/answer/"): everybody,
    ("POST", "/answer/reconsider"): everybody,
    ("POST", "/answer/withdraw"): everybody,
    ("GET", "/rounds/<code>/register/"): everybody,
    ("GET", "/rounds/<code>/register/<int(max=2147483647):number>/"): everybody,
    ("GET", "/rounds/<code>/register/check/"): everybody,
    ("GET", "/rounds/<code>/register.json"): everybody,
    ("GET", "/rounds/<code>/register.csv"): everybody,
    ("GET", "/rounds/<code>/register.atom"): everybody,
    ("GET", "/rounds/<code>/chain.json"): everybody,
    ("GET", "/how-this-works/"): everybody,
    ("GET", "/your-data/"): everybody,
    ("GET", "/accessibility/"): everybody,
    ("GET", "/open-data/"): everybody,
    # Rounds
    ("GET", "/office/rounds/"): readers,
    ("GET", "/office/rounds/<code>/set-up"): readers,
    ("GET", "/office/rounds/new"): officers,
    ("POST", "/office/rounds/new"): officers,
    ("GET", "/office/rounds/<code>/describe"): officers,
    ("POST", "/office/rounds/<code>/describe"): officers,
    ("GET", "/office/rounds/<code>/retime"): officers,
    ("POST", "/office/rounds/<code>/retime"): officers,
    ("GET", "/office/rounds/<code>/import-draft"): officers,
    ("POST", "/office/rounds/<code>/import-draft"): officers,
    ("GET", "/office/rounds/<code>/import-translation"): officers,
    ("POST", "/office/rounds/<code>/import-translation"): officers,
    ("POST", "/office/rounds/<code>/publish"): officers,
    ("GET", "/office/rounds/<code>/conclude"): officers,
    ("POST", "/office/rounds/<code>/conclude"): officers,
    # The workbench
    ("GET", "/office/"): staff_members,
    ("GET", "/office/rounds/<code>/"): readers,
    ("GET", "/office/rounds/<code>/items/<int(max=2147483647):number>/"): readers,
    ("GET", "/office/rounds/<code>/replies/<int(max=2147483647):reply_id>/"): readers,
    ("GET", "/office/rounds/<code>/answer"): officers,
    ("POST", "/office/rounds/<code>/answer"): officers,
    ("GET", "/office/rounds/<code>/replies/<int(max=2147483647):reply_id>/edit"): officers,
    ("POST", "/office/rounds/<code>/replies/<int(max=2147483647):reply_id>/edit"): officers,
    ("POST", "/office/rounds/<code>/replies/<int(max=2147483647):reply_id>/discard"): officers,
    ("POST", "/office/rounds/<code>/replies/<int(max=2147483647):reply_id>/correct"): officers,
    ("GET", "/office/rounds/<code>/pass-on"): officers,
    ("POST", "/office/rounds/<code>/pass-on"): officers,
    ("GET", "/office/rounds/<code>/extend-due-day"): officers,
    ("POST", "/office/rounds/<code>/extend-due-day"): officers,
    ("POST", "/office/rounds/<code>/approve-answers"): approvers,
    ("POST", "/office/rounds/<code>/replies/<int(max=2147483647):reply_id>/send-back"): approvers,
    ("GET", "/office/rounds/<code>/publish-replies"): approvers,
    ("POST", "/office/rounds/<code>/publish-replies"): approvers,
    # What the public reads
    ("GET", "/office/rounds/<code>/texts/"): moderators,
    ("GET", "/office/rounds/<code>/texts/<int(max=2147483647):number>/"): moderators,
    ("POST", "/office/rounds/<code>/texts/release"): moderators,
    ("POST", "/office/rounds/<code>/texts/<int(max=2147483647):number>/release-redacted"): moderators,
    ("POST", "/office/rounds/<code>/texts/<int(max=2147483647):number>/hide"): moderators,
    ("POST", "/office/rounds/<code>/texts/<int(max=2147483647):number>/show"): moderators,
    ("POST", "/office/rounds/<code>/texts/<int(max=2147483647):number>/correct-language"): moderators,
}

SAMPLES: dict[str, object] = {
    "code": CODE,
    "number": 1,
    "reply_id": 2,
}
"""What stands for each part of an address: things that the city below really has."""

QUERIES: dict[str, str] = {"answer": "?pick=3", "pass-on": "?pick=3", "extend-due-day": "?pick=3"}

FILLED: dict[str, dict[str, str]] = {
    "answer": {"numbers": "3", "outcome": "noted", "reason": "Yes.", "language": "en", "send": "1"},
    "edit": {"revision": "1", "outcome": "noted", "reason": "Yes.", "language": "en", "send": "1"},
    "discard": {"revision": "1"},
    "approve-answers": {"reply": "2~1"},
    "send-back": {"revision": "1", "note": "No."},
    "pass-on": {"numbers": "3", "department": "2"},
    "release": {"pick": "3"},
    "release-redacted": {"text": "Less."},
    "hide": {"reason": "No."},
    "correct-language": {"language": "de"},
    "submit": {"text": "More.", "kind": "proposal", "form_key": "0" * 32},
}
"""What a form would send that would do something, were it not for its token."""
