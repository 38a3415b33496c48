"""A whole round as the office lives through it, from an empty desk to the conclusion, without JavaScript."""

from __future__ import annotations

import re
import secrets
from datetime import date

from flask import Flask

from consult.models import Round
from consult.rules.submissions import NewSubmission
from consult.services.submissions import submit
from core import clock
from followup.models import Promise, Reply
from tests.city import found_city, rows, unit_id
from tests.office import Desk, text_of

CODE = "HN-27"
MARKDOWN = """# Home at night

How people get home after ten in the evening.

## Buses

### 1. A bus every half hour

- Responsible: Housing Office
- Done by: June 2028

> In plain words: More buses at night.

### 2. Light at the stops

Lamps at forty stops.
"""

FACTS = {
    "code": CODE,
    "title_de": "Nachts nach Hause",
    "decided_de": "welche Linien fahren",
    "not_decided_de": "der Preis der Fahrkarte",
    "use_of_input_de": "Jeder Kommentar bekommt eine Antwort.",
    "who_decides_de": "Der Stadtrat.",
    "title_en": "Home at night",
    "language": "de",
    "languages": ["de", "en"],
    "department": "integration",
    "opens_on-day": "15",
    "opens_on-month": "9",
    "opens_on-year": "2027",
    "closes_on-day": "31",
    "closes_on-month": "10",
    "closes_on-year": "2027",
    "due_rule": "weeks",
    "answer_weeks": "12",
}


def comment_thirty_times() -> None:
    for number in range(1, 31):
        measure = str(number % 2 + 1)
        new = NewSubmission(
            unit_id=unit_id(measure, CODE),
            text=f"Comment number {number} about measure {measure}.",
            kind="proposal",
            language="de",
        )
        submit(CODE, secrets.token_hex(16), new)


def test_a_round_goes_from_an_empty_desk_to_its_conclusion(app: Flask) -> None:
    found_city()
    officer, approver = Desk(app, "officer", CODE), Desk(app, "approver", CODE)
    assert "There is no round with work in it." in officer.read("/office/")

    # An officer creates the round and lands where the draft is imported.
    answer = officer.send("/office/rounds/new", FACTS)
    assert answer.location.endswith(f"/office/rounds/{CODE}/import-draft")
    assert [found.answers_due_on for found in rows(Round)] == [date(2028, 1, 23)]

    # The preview shows what was understood; only then the draft is saved.
    preview = officer.upload("/import-draft", MARKDOWN.encode())
    seen = text_of(preview)
    assert "Title: “ Home at night ”. 2 measures, one chapter." in seen
    assert "goes to: Housing Office" in seen
    assert "There is no draft yet" in officer.read("/set-up")
    fields = officer.fields(preview)
    saved = officer.post("/import-draft", {**fields, "save": "1"})
    assert saved.location.endswith("/set-up")
    assert "2 measures." in officer.read("/set-up")

    # Published on the day before it opens, it takes comments from its first day on.
    assert officer.send("/publish", page="/set-up").status_code == 302
    with clock.freeze(date(2027, 9, 20)):
        comment_thirty_times()
        assert "30 still to answer" in officer.read()

    with clock.freeze(date(2027, 11, 8)):
        # Answers for selections: each selection gets one answer, and only after a second look.
        assert officer.answer(range(1, 21), reason="Wir prüfen das.").status_code == 302
        accepted = {"outcome": "accepted", "reason": "Ja.", "change": "Maßnahme 2, bis Juni 2028."}
        assert officer.answer(range(21, 31), **accepted).status_code == 302
        assert "0 comments are free" in officer.read()
        assert "30 still to answer" in officer.read(), "nothing is answered before it is public"

        refused = officer.send("/conclude")
        assert refused.status_code == 409
        assert "30 answers are missing" in text_of(refused)

        to_check = approver.open("/?queue=to-check")
        chosen = re.findall(r'name="reply" value="([0-9~]+)"', to_check.text)
        assert len(chosen) == 2
        done = approver.send("/approve-answers", {"reply": chosen}, page="/?queue=to-check")
        assert done.location.endswith("queue=to-release")
        assert "answers 2 comments answered by them 30" in approver.read("/publish-replies")
        released = approver.send("/publish-replies")
        assert released.location.endswith("queue=answered")
        assert "30 comments have their answer now." in approver.read("/?queue=answered")
        assert all(promise.answered_on == date(2027, 11, 8) for promise in rows(Promise))
        assert [reply.answered_count for reply in rows(Reply)] == [20, 10]

        # Nothing is open: the round is concluded, once.
        concluded = officer.send("/conclude")
        assert concluded.location.endswith("/set-up")
        assert "Concluded" in officer.read("/set-up")
        again = officer.post("/conclude", Accept="application/json")
        assert again.status_code == 409
        assert [error["code"] for error in again.json["errors"]] == ["already_concluded"]
