"""Word of an answer to its author, digests to departments, and addresses that are deleted in time."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Account, Department
from accounts.queries import department_id_of
from core import clock, keys, outbox
from core.db import db, write
from core.mail import MailMessage
from core.outbox import OutboxItem
from followup import jobs
from followup.models import Contact
from followup.rules import ReplyText
from followup.services import replies
from followup.services.digests import send_digest
from followup.services.receipts import Contact as NewContact
from followup.services.telling import tell_author
from tests.city import (
    DUE,
    answer,
    found_city,
    meet_steps,
    open_round,
    owe_steps,
    promise,
    rows,
    staff,
    submit_comment,
)

HEAD = "head@lindhafen.example"


@pytest.fixture(autouse=True)
def _city(app: Flask) -> None:
    found_city()
    with write() as session:
        for account in session.scalars(select(Account)):
            account.password = "set"
        department = session.scalars(select(Department).where(Department.key == "integration")).one()
        department.head_email = HEAD
    open_round()


def comment(text: str = "Please add evening courses.", contact: NewContact | None = None) -> None:
    """One comment on a measure that is the integration office's."""
    submit_comment(text, "3", contact=contact)


def mails() -> list[dict[str, str]]:
    """What waits to be sent, opened."""
    waiting = [message for message in rows(MailMessage) if message.sealed is not None]
    return [json.loads(keys.decrypt("mail", message.sealed or b"")) for message in waiting]


def forget_mails() -> None:
    with write() as session:
        for message in session.scalars(select(MailMessage)):
            session.delete(message)


def digest_on(day: date) -> list[dict[str, str]]:
    """What the integration office and its head get on ``day``."""
    forget_mails()
    with clock.freeze(day):
        send_digest(department_id_of("integration"))
    return mails()


# Departments ---------------------------------------------------------------------------------------------------------


def test_nothing_is_said_while_the_due_day_is_far_off() -> None:
    comment()
    assert digest_on(DUE - timedelta(days=15)) == []


def test_two_weeks_before_the_due_day_every_officer_is_reminded_once() -> None:
    comment("First")
    comment("Second")
    first = digest_on(DUE - timedelta(days=14))
    assert sorted(mail["recipient"] for mail in first) == [
        "0ff1ce01@lindhafen.example",
        "0ff1ce02@lindhafen.example",
    ]
    assert "AS-27: 2 answers, due on" in first[0]["body"]
    assert "Numbers: 1-2" in first[0]["body"]
    assert digest_on(DUE - timedelta(days=13)) == []


def test_a_reminder_that_was_missed_comes_the_next_day() -> None:
    comment()
    assert len(digest_on(DUE - timedelta(days=9))) == 2


def test_from_the_first_late_day_a_digest_comes_once_a_day() -> None:
    comment("First")
    comment("Second")
    answer([2])
    digest_on(DUE)
    for days in (1, 2, 3):
        found = digest_on(DUE + timedelta(days=days))
        assert len(found) == 2
        assert found[0]["subject"].startswith("1 promise is late")
        assert "Numbers: 1\n" in found[0]["body"]
        with clock.freeze(DUE + timedelta(days=days)):
            send_digest(department_id_of("integration"))
        assert len(mails()) == 2, "the same day again sends nothing"


def test_a_step_is_reminded_of_two_weeks_before_its_day_and_only_once() -> None:
    owe_steps(7, 8)
    assert digest_on(DUE - timedelta(days=15)) == []
    first = digest_on(DUE - timedelta(days=14))
    assert len(first) == 2
    assert first[0]["subject"].startswith("2 promises are due soon")
    assert "AS-27: 2 steps, due on" in first[0]["body"]
    assert "Numbers: 1-2" in first[0]["body"]
    assert digest_on(DUE - timedelta(days=14)) == [], "the same day again sends nothing"
    assert digest_on(DUE - timedelta(days=13)) == []


def test_a_step_that_opens_later_is_reminded_of_though_another_of_the_same_day_was_before() -> None:
    owe_steps(7)
    digest_on(DUE - timedelta(days=14))
    owe_steps(8)
    (body, *_rest) = [mail["body"] for mail in digest_on(DUE - timedelta(days=13))]
    assert "AS-27: 1 step, due on" in body
    assert "Numbers: 2" in body
    assert digest_on(DUE - timedelta(days=12)) == []


def test_answers_and_steps_that_are_due_together_are_told_apart() -> None:
    comment()
    owe_steps(7)
    (body, *_rest) = [mail["body"] for mail in digest_on(DUE - timedelta(days=14))]
    assert "AS-27: 1 answer, due on" in body
    assert "AS-27: 1 step, due on" in body


def test_a_late_step_is_in_the_digest_of_every_day_until_it_is_met() -> None:
    owe_steps(7)
    for days in (1, 2):
        found = digest_on(DUE + timedelta(days=days))
        assert len(found) == 2
        assert "AS-27: 1 step, was due on" in found[0]["body"]
        assert digest_on(DUE + timedelta(days=days)) == [], "the same day again sends nothing"
    head = [mail for mail in digest_on(DUE + timedelta(days=14)) if mail["recipient"] == HEAD]
    assert "1 Schritt, war fällig am" in head[0]["body"], "in the official language"
    with clock.freeze(DUE + timedelta(days=15)):
        meet_steps(7)
    assert digest_on(DUE + timedelta(days=15)) == []


def test_the_head_hears_of_what_is_late_for_two_weeks() -> None:
    comment()
    assert HEAD not in [mail["recipient"] for mail in digest_on(DUE + timedelta(days=13))]
    found = [mail for mail in digest_on(DUE + timedelta(days=14)) if mail["recipient"] == HEAD]
    assert len(found) == 1
    assert "AS-27" in found[0]["body"]


def test_what_is_answered_is_no_longer_spoken_of() -> None:
    comment()
    answer([1])
    assert digest_on(DUE + timedelta(days=20)) == []


def test_a_department_without_active_officers_writes_to_its_head() -> None:
    comment()
    with write() as session:
        for account in session.scalars(select(Account)):
            account.active = False
    assert [mail["recipient"] for mail in digest_on(DUE + timedelta(days=1))] == [HEAD]


def test_what_nobody_could_be_told_is_told_once_somebody_is_there() -> None:
    comment()
    with write() as session:
        session.scalars(select(Department).where(Department.key == "integration")).one().head_email = None
        for account in session.scalars(select(Account)):
            account.active = False
    assert digest_on(DUE - timedelta(days=14)) == []
    with write() as session:
        session.scalars(select(Account).where(Account.handle == "0ff1ce01")).one().active = True
    assert len(digest_on(DUE - timedelta(days=14))) == 1


def test_the_day_begins_with_one_piece_of_work_for_each_department_that_owes() -> None:
    comment()
    jobs.plan_digests({})
    jobs.plan_digests({})
    planned = [item for item in rows(OutboxItem) if item.kind == "followup.digest"]
    assert [item.payload for item in planned] == [{"department_id": department_id_of("integration")}]


def test_the_outbox_knows_every_job() -> None:
    outbox.ensure_periodic()
    kinds = {item.kind for item in rows(OutboxItem)}
    assert {"followup.plan_digests", "followup.forget_contacts"} <= kinds


# Authors -------------------------------------------------------------------------------------------------------------


def leave_address(text: str = "Please add evening courses.", language: str = "ar") -> None:
    comment(text, contact=NewContact("email", "amal@example.org", language))
    forget_mails()


def test_an_author_is_told_once_that_the_answer_is_there() -> None:
    leave_address()
    answer([1], reason="The courses begin in May.")
    assert tell_author(promise(1).id) is True
    assert tell_author(promise(1).id) is False
    found = mails()
    assert [mail["recipient"] for mail in found] == ["amal@example.org"]
    assert found[0]["language"] == "ar"
    assert "AS-27-0001" in found[0]["subject"]
    assert "/ar/answer/" in found[0]["body"]


def test_word_of_an_answer_shows_neither_comment_nor_answer() -> None:
    leave_address("My secret wish", language="en")
    answer([1], reason="Our secret reason")
    tell_author(promise(1).id)
    assert "secret" not in json.dumps(mails())


def test_an_author_is_told_again_when_the_answer_is_corrected() -> None:
    leave_address(language="en")
    reply_id = answer([1])
    tell_author(promise(1).id)
    replies.correct_reply(reply_id, staff("officer"))
    text = ReplyText("noted", "en", {"en": "Better."}, correction_note="The day was wrong.")
    replies.edit_answer(reply_id, 1, text, staff("officer"), submit=True)
    replies.approve_answers([(reply_id, 2)], staff("approver"))
    replies.publish_replies(promise(1).register_id, staff("approver"))
    assert tell_author(promise(1).id) is True
    assert tell_author(promise(1).id) is False
    assert "corrected" in mails()[-1]["subject"]


def test_nobody_is_told_of_an_answer_that_is_not_published() -> None:
    leave_address()
    assert tell_author(promise(1).id) is False
    answer([1], release=False)
    assert tell_author(promise(1).id) is False


def test_a_text_message_says_it_in_one_line() -> None:
    comment(contact=NewContact("sms", "+4917012345678", "en"))
    forget_mails()
    answer([1])
    tell_author(promise(1).id)
    assert mails()[0]["body"].strip() == (
        "The city has answered your comment AS-27-0001: http://answerable.test/en/answer/"
    )


def test_releasing_answers_queues_word_to_their_authors_and_runs_through() -> None:
    leave_address()
    answer([1])
    item = next(item for item in rows(OutboxItem) if item.kind == "followup.tell_author")
    assert outbox.run_one(item.id)
    assert len(mails()) == 1


def test_addresses_are_deleted_thirty_days_after_the_answer_and_not_before() -> None:
    leave_address()
    answer([1])
    told = clock.today()
    with clock.freeze(told + timedelta(days=29)):
        jobs.forget_contacts({})
    assert len(rows(Contact)) == 1
    with clock.freeze(told + timedelta(days=30)):
        jobs.forget_contacts({})
        jobs.forget_contacts({})
    assert rows(Contact) == []
    assert tell_author(promise(1).id) is False
    db.session.rollback()
