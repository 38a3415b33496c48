"""What people send to an election or a council is gone from every byte of the disk once it is erased, and never logged."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core import clock
from elections.jobs import delete_rolls, erase_nominations
from elections.models.nominations import Nomination, Supporter
from elections.models.objections import Objection
from elections.models.roll import Registration
from elections.rules.deadlines import Step, read_timetable
from elections.rules.stages import ActKind, Stage
from followup.models import Promise
from followup.rules import Outcome
from followup.services import replies
from tests.accounts.browsers import hidden_fields
from tests.city import found_city, reply_text, rows, staff
from tests.consult.resident import Resident
from tests.consult.test_resident_comment import code_of
from tests.council.city import KEY, call_for, sitting_council
from tests.elections.city import CODE, act, bring_to, election, found_council, on, prepare_election, rules
from tests.elections.nominees import OPEN, prepare, release
from tests.elections.registers import person
from tests.elections.test_nomination_pages import link_in
from tests.elections.test_service_roll_changes import bring_in, see
from tests.security.test_traces import ADDRESS, AGENT, raw_bytes, resident_of

ERASED = {
    "nominee": "Canarina Nominee",
    "nominee's address": "Canarygasse 71",
    "statement": "A canary statement about opening hours",
    "supporter": "Canarino Supporter",
    "supporter's address": "Plantedstrasse 72",
    "applicant for the roll": "Canarella Applicant",
    "applicant's street": "Feathergasse 73",
    "objection": "Canary objection: my sister is missing",
    "application": "Canary application: we help",
    "who applies": "Canarius Association",
}
NEVER_KEPT = {"day of birth": "1977-07-17", "network address": ADDRESS, "browser": AGENT}


def send(resident: Resident, path: str, fields: dict[str, Any], page: str = "") -> TestResponse:
    shown = resident.open(page or path)
    assert shown.status_code == 200, path
    return resident.browser.post(
        f"/{resident.language}{path}", {**hidden_fields(shown), **fields}, **resident.arguments
    )


def withdraw(resident: Resident, code: str) -> None:
    """Withdraw, as a person does: open by code, ask, confirm."""
    page = resident.browser.post(
        "/en/answer/withdraw",
        {**hidden_fields(resident.open("/answer/")), "code": code, "confirm": "yes"},
        **resident.arguments,
    )
    assert page.status_code == 200


def answer_everything() -> None:
    register = election().register_id
    waiting = [each.number for each in rows(Promise) if each.register_id == register and not each.answered_on]
    reply = replies.write_answer(
        register, waiting, reply_text(Outcome.NOTED), staff("returning_officer"), submit=True
    )
    replies.approve_answers([(reply, 1)], staff("election_board"))
    replies.publish_replies(register, staff("election_board"))


def test_after_an_election_nothing_lies_anywhere_that_somebody_sent_and_was_promised_to_be_erased(
    sqlite_app: Flask,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    found_city()
    sitting_council()
    call = call_for()
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
    resident = resident_of(sqlite_app)
    applied = send(
        resident,
        f"/council/{KEY}/calls/{call}/apply",
        {"name": "Canary", "organisation": ERASED["who applies"], "text": ERASED["application"]},
        page=f"/council/{KEY}/calls/{call}/",
    )
    assert applied.status_code == 200
    withdraw(resident, code_of(applied))

    with clock.freeze(OPEN):
        checked = send(
            resident,
            f"/elections/{CODE}/eligibility/",
            {"born_on-day": "17", "born_on-month": "7", "born_on-year": "1977"},
        )
        assert checked.status_code == 200
        nominated = send(
            resident,
            f"/elections/{CODE}/nominate/",
            {
                "name": ERASED["nominee"],
                "address": ERASED["nominee's address"],
                "group": rules().groups[0].key,
                "language": "en",
                "statement_en": ERASED["statement"],
                "consents": "y",
            },
        )
        assert nominated.status_code == 200
        supported = send(
            resident,
            link_in(nominated),
            {"name": ERASED["supporter"], "address": ERASED["supporter's address"]},
        )
        assert supported.status_code == 200
        assert len(rows(Supporter)) == 1
        prepare(decision="refuse")
        release()
    bring_to(Stage.CANDIDATES)
    bring_in(person(1))
    days = read_timetable(election().timetable)
    with clock.freeze(days[Step.ROLL_OPENS]):
        act(ActKind.OPEN_ROLL)
        asked = send(
            resident,
            f"/elections/{CODE}/register/",
            {
                "name": ERASED["applicant for the roll"],
                "street": ERASED["applicant's street"],
                "postcode": "99875",
                "city": "Lindhafen",
            },
        )
        assert asked.status_code == 200
        objected = send(
            resident,
            f"/elections/{CODE}/object/",
            {"ground": "other", "text": ERASED["objection"]},
            page=f"/elections/{CODE}/object/?matter=roll",
        )
        assert objected.status_code == 200
        withdraw(resident, code_of(objected))
        assert len(rows(Registration)) == 1
        see(rows(Registration)[0].number)
        answer_everything()
    assert rows(Objection)[0].text is None
    bring_to(Stage.PUBLISHED)
    with clock.freeze(on(400)):
        erase_nominations({})
        delete_rolls({})
    assert rows(Nomination)[0].name is None

    printed = capfd.readouterr()
    logged = "\n".join((caplog.text, printed.out, printed.err))
    disk = raw_bytes(sqlite_app)
    for name, secret in {**ERASED, **NEVER_KEPT}.items():
        assert secret not in logged, f"{name} stands in a log"
    for name, secret in {**ERASED, **NEVER_KEPT}.items():
        for file, content in disk.items():
            assert secret.encode() not in content, f"{name} lies in {file}"
