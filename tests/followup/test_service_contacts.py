"""Addresses that people left: sealed, used for word of the answer, gone thirty days after it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from consult.services.submissions import reconsider, withdraw
from core import clock, keys
from core.db import Base, db
from core.mail import MailMessage
from core.outbox import OutboxItem
from followup.models import Contact
from followup.services import contacts, replies
from followup.services.receipts import Contact as Left
from tests.city import (
    answer,
    at_once,
    entries,
    everything,
    on_one_database,
    open_city,
    promise,
    refused,
    register_id,
    reply_text,
    rows,
    staff,
    submit_comment,
)

AMAL = Left("email", "amal.haddad@lindhafen.example", "ar")
PHONE = Left("sms", "+4915112345678", "de")


@pytest.fixture(autouse=True)
def _round(app: Flask) -> None:
    open_city()


def told() -> list[int]:
    """The promises whose authors are to be told, in order."""
    return [
        int(item.payload["promise_id"]) for item in rows(OutboxItem) if item.kind == "followup.tell_author"
    ]


def mails() -> list[dict[str, str]]:
    return [json.loads(keys.decrypt("mail", m.sealed)) for m in rows(MailMessage) if m.sealed]


@pytest.mark.parametrize("left", [AMAL, PHONE], ids=["e-mail", "phone"])
def test_an_address_is_sealed_in_a_table_of_its_own(left: Left) -> None:
    submit_comment(contact=left)
    kept = rows(Contact)[0]
    assert contacts.read_contact(kept) == left.address
    assert (kept.promise_id, kept.channel, kept.language) == (promise(1).id, left.channel, left.language)
    assert kept.delete_on is None


def test_no_table_shows_an_address_in_clear() -> None:
    submit_comment("My comment", contact=AMAL)
    submit_comment("My other comment", contact=PHONE)
    found = repr(everything())
    assert "amal" not in found
    assert "15112345678" not in found
    assert "haddad" not in "".join(entry.facts for entry in entries())


def test_equal_addresses_cannot_be_seen_to_be_equal() -> None:
    submit_comment("One", contact=AMAL)
    submit_comment("Two", contact=AMAL)
    one, two = rows(Contact)
    assert one.sealed != two.sealed


def test_the_receipt_goes_to_the_address_with_the_code_and_without_the_text() -> None:
    receipt = submit_comment("A very private story", contact=AMAL)
    assert [mail["recipient"] for mail in mails()] == [AMAL.address]
    letter = mails()[0]
    body = letter["body"].replace(" ", "")
    assert receipt.code in body
    assert receipt.entry_hash in body
    assert "AS-27-0001" in letter["body"] + letter["subject"]
    assert "private" not in letter["body"] + letter["subject"]
    assert letter["language"] == "ar"


def test_without_an_address_nothing_is_kept_or_sent() -> None:
    submit_comment()
    answer([1])
    assert rows(Contact) == []
    assert rows(MailMessage) == []
    assert told() == []


def test_whoever_left_an_address_is_told_when_the_answer_is_released_and_not_before() -> None:
    submit_comment("One", contact=AMAL)
    submit_comment("Two")
    submit_comment("Three", contact=PHONE)
    answer([1, 2], release=False)
    assert told() == []
    replies.publish_replies(register_id(), staff("approver"))
    assert told() == [promise(1).id]
    assert promise(3).id not in told()


def test_an_address_is_deleted_thirty_days_after_the_answer() -> None:
    submit_comment("One", contact=AMAL)
    submit_comment("Two", contact=PHONE)
    answer([1])
    answered = clock.today()
    assert [c.delete_on for c in rows(Contact)] == [answered + timedelta(days=30), None]
    with clock.freeze(answered + timedelta(days=29)):
        assert contacts.delete_expired_contacts() == 0
    with clock.freeze(answered + timedelta(days=30)):
        assert contacts.delete_expired_contacts() == 1
        assert contacts.delete_expired_contacts() == 0
    assert [c.promise_id for c in rows(Contact)] == [promise(2).id]


def test_an_address_is_kept_while_the_answer_is_owed() -> None:
    submit_comment(contact=AMAL)
    with clock.freeze(clock.today() + timedelta(days=5000)):
        assert contacts.delete_expired_contacts() == 0
    assert len(rows(Contact)) == 1


def test_of_a_deleted_address_nothing_remains_in_any_row() -> None:
    submit_comment(contact=AMAL)
    sealed = rows(Contact)[0].sealed
    answer([1])
    with clock.freeze(clock.today() + timedelta(days=31)):
        contacts.delete_expired_contacts()
    found = [
        row
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(table.select())
        if sealed in [bytes(value) for value in row if isinstance(value, bytes | memoryview)]
    ]
    assert found == []
    assert db.session.execute(text("SELECT count(*) FROM followup_contact")).scalar() == 0


def test_a_correction_is_told_too_and_the_thirty_days_begin_again() -> None:
    submit_comment(contact=AMAL)
    reply_id = answer([1])
    replies.correct_reply(reply_id, staff("officer"))
    text_ = reply_text(reason="In 2029.", correction_note="The year was wrong.")
    replies.edit_answer(reply_id, 1, text_, staff("officer"), submit=True)
    replies.approve_answers([(reply_id, 2)], staff("approver"))
    with clock.freeze(clock.today() + timedelta(days=20)):
        replies.publish_replies(register_id(), staff("approver"))
        corrected = clock.today()
    assert told() == [promise(1).id] * 2
    assert rows(Contact)[0].delete_on == corrected + timedelta(days=30)


def test_a_correction_after_the_thirty_days_tells_nobody() -> None:
    submit_comment(contact=AMAL)
    reply_id = answer([1])
    with clock.freeze(clock.today() + timedelta(days=31)):
        contacts.delete_expired_contacts()
        replies.correct_reply(reply_id, staff("officer"))
        words = reply_text(reason="In 2029.", correction_note="The year was wrong.")
        replies.edit_answer(reply_id, 1, words, staff("officer"), submit=True)
        replies.approve_answers([(reply_id, 2)], staff("approver"))
        replies.publish_replies(register_id(), staff("approver"))
    assert told() == [promise(1).id]


def test_the_second_answer_reaches_the_address_too_and_ends_its_time() -> None:
    receipt = submit_comment(contact=AMAL)
    answer([1])
    with clock.freeze(clock.today() + timedelta(days=10)):
        reconsider(receipt.code, "You misread me.", "ar")
    with clock.freeze(clock.today() + timedelta(days=40)):
        contacts.delete_expired_contacts()
        answer([2])
        final = clock.today()
    assert told() == [promise(1).id, promise(2).id]
    assert [(c.promise_id, c.delete_on) for c in rows(Contact)] == [
        (promise(2).id, final + timedelta(days=30))
    ]
    assert contacts.read_contact(rows(Contact)[0]) == AMAL.address
    with clock.freeze(final + timedelta(days=30)):
        contacts.delete_expired_contacts()
    assert rows(Contact) == []


def test_a_reconsideration_without_an_address_keeps_none() -> None:
    receipt = submit_comment()
    answer([1])
    reconsider(receipt.code, "You misread me.", "ar")
    assert rows(Contact) == []


def test_whoever_withdraws_is_still_told_of_the_answer() -> None:
    receipt = submit_comment(contact=AMAL)
    withdraw(receipt.code)
    answer([1])
    assert told() == [promise(1).id]


@on_one_database
@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b\nBcc: c@d.example", "x" * 300 + "@a.example", "a\0@b.example"]
)
def test_an_address_that_cannot_be_written_to_is_refused_and_nothing_is_received(address: str) -> None:
    with refused("mail_recipient_invalid"):
        submit_comment(contact=Left("email", address, "en"))


def test_sending_the_same_form_again_sends_no_second_receipt() -> None:
    key = "ab" * 16
    submit_comment("One", contact=AMAL, form_key=key)
    submit_comment("One", contact=AMAL, form_key=key)
    assert len(mails()) == 1
    assert len(rows(Contact)) == 1


def test_an_address_added_to_the_same_form_is_kept_and_gets_the_receipt() -> None:
    key = "ab" * 16
    first = submit_comment("One", form_key=key)
    again = submit_comment("One", contact=AMAL, form_key=key)
    assert (again.number, again.code, again.repeated) == (first.number, first.code, True)
    assert contacts.read_contact(rows(Contact)[0]) == AMAL.address
    assert first.code in mails()[0]["body"].replace(" ", "")
    answer([1])
    assert told() == [promise(1).id]


def test_an_address_corrected_in_the_same_form_replaces_the_wrong_one() -> None:
    key = "ab" * 16
    submit_comment("One", contact=Left("email", "amla@lindhafen.example", "ar"), form_key=key)
    submit_comment("One", contact=AMAL, form_key=key)
    assert [contacts.read_contact(c) for c in rows(Contact)] == [AMAL.address]
    assert [mail["recipient"] for mail in mails()] == ["amla@lindhafen.example", AMAL.address]


def test_a_form_sent_again_after_the_answer_keeps_no_address() -> None:
    key = "ab" * 16
    submit_comment("One", contact=AMAL, form_key=key)
    answer([1])
    with clock.freeze(clock.today() + timedelta(days=31)):
        contacts.delete_expired_contacts()
        assert submit_comment("One", contact=AMAL, form_key=key).repeated
    assert rows(Contact) == []
    assert len(mails()) == 1


def test_eight_clicks_at_once_send_one_receipt(app: Flask) -> None:
    key = "ab" * 16
    at_once(app, [lambda: submit_comment("One", contact=AMAL, form_key=key)] * 8)
    assert len(mails()) == len(rows(Contact)) == 1
