"""The promise ledger, and the office's reply desk."""

from __future__ import annotations

from datetime import date

from core.db import write
from core.localized import Localized
from followup.models import Promise, Register
from followup.services import replies
from tests.city import reply_text, staff
from tests.routes.people import Routes, actors, boards, clerks, everybody, returning_officers

answering = returning_officers | clerks
approving = boards | clerks

ROUTES: Routes = {
    ("GET", "/ledger/"): everybody,
    ("GET", "/ledger.json"): everybody,
    ("GET", "/ledger.csv"): everybody,
    ("GET", "/ledger.atom"): everybody,
    ("GET", "/ledger/overdue.csv"): everybody,
    # The reply desk
    ("GET", "/office/promises/"): actors,
    ("GET", "/office/promises/<code>/"): actors,
    ("GET", "/office/promises/<code>/<int(max=2147483647):number>/"): actors,
    ("GET", "/office/promises/<code>/answer"): answering,
    ("POST", "/office/promises/<code>/answer"): answering,
    ("GET", "/office/promises/<code>/extend-due-day"): answering,
    ("POST", "/office/promises/<code>/extend-due-day"): answering,
    ("GET", "/office/promises/<code>/replies/<int(max=2147483647):reply_id>/"): actors,
    ("GET", "/office/promises/<code>/replies/<int(max=2147483647):reply_id>/edit"): answering,
    ("POST", "/office/promises/<code>/replies/<int(max=2147483647):reply_id>/edit"): answering,
    ("POST", "/office/promises/<code>/replies/<int(max=2147483647):reply_id>/discard"): answering,
    ("POST", "/office/promises/<code>/replies/<int(max=2147483647):reply_id>/correct"): answering,
    ("POST", "/office/promises/<code>/replies/<int(max=2147483647):reply_id>/approve"): approving,
    ("POST", "/office/promises/<code>/replies/<int(max=2147483647):reply_id>/send-back"): approving,
    ("GET", "/office/promises/<code>/publish-replies"): approving,
    ("POST", "/office/promises/<code>/publish-replies"): approving,
}

REGISTER = "RP-27"
SAMPLES: dict[str, object] = {"code": REGISTER, "number": 1, "reply_id": 3}
QUERIES: dict[str, str] = {"answer": "?pick=2", "extend-due-day": "?pick=2"}
FILLED: dict[str, dict[str, str]] = {
    "answer": {"numbers": "2", "outcome": "noted", "reason": "Yes.", "language": "en", "send": "1"},
    "edit": {"revision": "1", "outcome": "noted", "reason": "Yes.", "language": "en", "send": "1"},
    "discard": {"revision": "1"},
    "extend-due-day": {"numbers": "2"},
    "approve": {"revision": "1"},
    "send-back": {"revision": "1", "note": "No."},
}


def furnish() -> None:
    """A register that the reply desk answers: two promises, and a draft of an answer to the first."""
    with write() as session:
        register = Register(code=REGISTER, kind="elections.election", last_number=2)
        session.add(register)
        session.flush()
        for number in (1, 2):
            session.add(
                Promise(
                    register_id=register.id,
                    number=number,
                    kind="answer",
                    subject_kind="tests.letter",
                    subject_id=number,
                    department_id=1,
                    opened_on=date(2027, 9, 14),
                    due_on=date(2027, 12, 1),
                    extension_reason=Localized(),
                )
            )
        id = register.id
    replies.write_answer(id, [1], reply_text(), staff("returning_officer"))
