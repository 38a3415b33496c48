"""A comment: form, receipt, repetition, refusals. Without JavaScript, on both databases."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from consult.models import Submission
from core import audit, clock, codes, settings
from core.mail import MailMessage
from followup.models import Contact, Promise
from followup.services.contacts import read_contact
from tests.accounts.browsers import letters
from tests.city import (
    AFTER_CLOSING,
    CODE,
    DRAFT,
    at_once,
    everything,
    found_city,
    open_round,
    promise,
    rows,
    staff,
    submission,
    unit_id,
)
from tests.consult.resident import Resident, code_of, errors_of, hidden_fields, number_of, text_of, typed

TEXT = "Please add evening courses.\nWith childcare."


@pytest.fixture
def city_with_round(app: Flask) -> Flask:
    found_city()
    open_round()
    return app


@pytest.fixture
def sqlite_city(sqlite_app: Flask) -> Flask:
    found_city()
    open_round()
    return sqlite_app


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_a_comment_gets_its_receipt_in_every_language(
    city_with_round: Flask, language: str, direction: str
) -> None:
    resident = Resident(city_with_round, language)
    for path in ("/", "/rounds/", f"/rounds/{CODE}/", f"/rounds/{CODE}/measures/1/"):
        page = resident.open(path)
        assert page.status_code == 200
        assert f'<html lang="{language}" dir="{direction}">' in page.text
    receipt = resident.comment(TEXT)
    assert f'<html lang="{language}" dir="{direction}">' in receipt.text
    code = code_of(receipt)
    assert codes.read(code) == code
    assert number_of(receipt) == f"{CODE}-0001"
    assert receipt.headers["Cache-Control"] == "no-store"
    assert promise(1).due_on == date(2028, 1, 23)
    answer = resident.read(code)
    assert f'<html lang="{language}" dir="{direction}">' in answer.text
    assert 'lang="en" dir="ltr"><p>Please add evening courses.<br>With childcare.</p>' in answer.text


def test_the_receipt_says_what_was_recorded_and_when_an_answer_is_due(city_with_round: Flask) -> None:
    receipt = Resident(city_with_round).comment(
        TEXT, name="Samira H.", author_kind="ngo", proposed_wording="Courses until 21:00."
    )
    shown = text_of(receipt)
    for words in (
        "Proposal",
        "Samira H.",
        "not public",
        "Courses until 21:00.",
        "With childcare.",
        "English",
    ):
        assert words in shown
    assert "January 2028" in shown or "January 23, 2028" in shown
    entry = rows(audit.AuditEntry)[-1]
    assert entry.tag == "consult:submission:receive"
    assert entry.entry_hash in shown


def test_the_qr_code_has_a_name_and_the_page_prints(city_with_round: Flask) -> None:
    receipt = Resident(city_with_round).comment()
    assert re.search(r'<svg role="img" aria-label="QR code[^"]*"', receipt.text)
    assert "style=" not in receipt.text
    assert "data-print" in receipt.text


def test_text_stays_unpublished_while_number_and_measure_appear_at_once(city_with_round: Flask) -> None:
    Resident(city_with_round).comment("Nobody has released this.")
    page = Resident(city_with_round).open(f"/rounds/{CODE}/measures/1/")
    assert "1 comment so far" in page.text
    assert "Nobody has released this." not in page.text
    assert "Nobody has released this." not in Resident(city_with_round).open("/").text


def test_a_comment_on_the_whole_draft_belongs_to_no_measure(city_with_round: Flask) -> None:
    receipt = Resident(city_with_round).comment("The plan is too short.", measure="")
    assert "The whole draft" in text_of(receipt)
    assert submission(1).unit_id is None


def test_a_comment_stays_with_the_version_of_the_draft_that_its_author_saw(city_with_round: Flask) -> None:
    from consult.services.drafts import import_draft

    resident = Resident(city_with_round)
    form, seen = resident.form("2"), unit_id("2")
    import_draft(
        CODE, DRAFT.replace("### 2. A tenants' interpreter", "### 4. Interpreters"), staff("officer")
    )
    refused = resident.send({**form, "text": "Seen before the change."})
    assert refused.status_code == 422
    assert typed(refused, "text") == "Seen before the change."
    resident.send({**form, "text": "Seen before the change.", "kind": "support"})
    assert submission(1).unit_id == seen


# Repetition -----------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_again_shows_the_same_receipt(city_with_round: Flask) -> None:
    resident = Resident(city_with_round)
    form = {**resident.form(), "kind": "concern", "text": TEXT}
    first, second = resident.send(form), resident.send(form)
    assert code_of(first) == code_of(second)
    assert number_of(first) == number_of(second)
    assert "counts once" in text_of(second)
    assert len(rows(Submission)) == len(rows(Promise)) == 1


def test_ten_times_the_same_form_at_once_is_one_comment(city_with_round: Flask) -> None:
    resident = Resident(city_with_round)
    form = {**resident.form(), "kind": "concern", "text": TEXT}
    cookie = resident.browser.client.get_cookie("session")
    assert cookie

    def send() -> str:
        client = city_with_round.test_client()
        client.set_cookie("session", cookie.value)
        return code_of(client.post(f"/en/rounds/{CODE}/submit", data=form))

    received = at_once(city_with_round, [send] * 10)
    assert len(set(received)) == 1, received
    assert isinstance(received[0], str)
    assert len(rows(Submission)) == 1


def test_a_changed_text_comes_back_as_a_new_draft_with_the_first_ones_number(city_with_round: Flask) -> None:
    resident = Resident(city_with_round)
    form = {**resident.form(), "kind": "concern", "text": "The first thought."}
    first = resident.send(form)
    changed = resident.send({**form, "text": "The second thought."})
    assert changed.status_code == 409
    assert any(number_of(first) in error for error in errors_of(changed))
    assert typed(changed, "text") == "The second thought."
    assert len(rows(Submission)) == 1
    renewed = hidden_fields(changed)
    assert renewed["form_key"] != form["form_key"]
    second = resident.send({**form, **renewed, "text": "The second thought."})
    assert code_of(second) != code_of(first)
    assert len(rows(Submission)) == 2


def test_a_receipt_can_be_had_in_another_language(city_with_round: Flask) -> None:
    resident = Resident(city_with_round)
    receipt = resident.comment(TEXT, name="Samira", publish_name="y", proposed_wording="Until 21:00")
    button = re.search(r'<button[^>]*form="again"[^>]*formaction="(/ar[^"]*)"[^>]*lang="ar"', receipt.text)
    assert button
    again = resident.browser.post(button[1], hidden_fields(receipt))
    assert 'dir="rtl">' in again.text
    assert code_of(again) == code_of(receipt)
    assert len(rows(Submission)) == 1


def test_reading_a_failed_form_in_another_language_sends_nothing(city_with_round: Flask) -> None:
    resident = Resident(city_with_round)
    form = {**resident.form(), "text": TEXT}
    failed = resident.send(form)
    assert 'name="only_look"' in failed.text
    shown = resident.browser.post(f"/de/rounds/{CODE}/submit", {**form, "kind": "support", "only_look": "1"})
    assert shown.status_code == 200
    assert '<html lang="de"' in shown.text
    assert typed(shown, "text") == TEXT
    assert rows(Submission) == []


# Refusals -------------------------------------------------------------------------------------------------------------


def test_everything_that_is_missing_is_named_at_once_and_the_rest_is_kept(sqlite_city: Flask) -> None:
    page = Resident(sqlite_city).comment("", kind="", contact="samira.h", proposed_wording="Keep me.")
    assert page.status_code == 422
    assert errors_of(page) == [
        "Choose what kind of comment this is",
        "Write your comment",
        "Write an address like name@example.org, a mobile number, or nothing",
    ]
    assert typed(page, "contact") == "samira.h"
    assert typed(page, "proposed_wording").strip() == "Keep me."
    assert "<title>Error: Measure 1" in page.text
    assert '<details class="govuk-details" open>' in page.text


def test_a_lost_token_shows_the_filled_form_with_a_new_one(city_with_round: Flask) -> None:
    resident = Resident(city_with_round)
    form = {**resident.form(), "kind": "support", "text": TEXT}
    for token in ("", "made.up.token", form["csrf_token"][:-3] + "abc"):
        page = Resident(city_with_round).send({**form, "csrf_token": token})
        assert page.status_code == 422
        assert "not from this browser session" in errors_of(page)[0]
        assert typed(page, "text") == TEXT
        assert rows(Submission) == []
    stranger = Resident(city_with_round)
    page = stranger.send(form)  # a token of another browser, with a key of its own
    renewed = hidden_fields(page)
    assert renewed["form_key"] == form["form_key"]
    code_of(stranger.send({**form, **renewed}))


def test_tokens_of_public_forms_do_not_expire(city_with_round: Flask) -> None:
    resident = Resident(city_with_round)
    form = {**resident.form(), "kind": "support", "text": TEXT}
    with clock.freeze(date(2027, 10, 20)):
        code_of(resident.send(form))


def test_after_the_last_day_the_text_is_shown_to_be_copied_and_not_kept(city_with_round: Flask) -> None:
    resident = Resident(city_with_round)
    form = {**resident.form(), "kind": "support", "text": TEXT}
    with clock.freeze(AFTER_CLOSING):
        page = resident.send(form)
        assert page.status_code == 409
        assert "Comments are closed" in text_of(page)
        assert "With childcare." in page.text
        assert rows(Submission) == []


def test_too_many_comments_from_one_network_come_back_filled(city_with_round: Flask) -> None:
    settings.configure(replace(settings.current(), limits={"submit": "2 per hour"}))
    for _turn in range(2):
        code_of(Resident(city_with_round, address="198.51.100.7").comment())
    page = Resident(city_with_round, address="198.51.100.7").comment(TEXT)
    assert page.status_code == 429
    assert typed(page, "text") == TEXT
    code_of(Resident(city_with_round, address="198.51.100.8").comment())
    assert len(rows(Submission)) == 3


@pytest.mark.parametrize(
    ("field", "length", "words"),
    [
        ("text", 10_001, "It has 10,001 characters."),
        ("proposed_wording", 5_001, "There is room for 5,000 characters."),
        ("name", 201, "There is room for 200 characters."),
    ],
)
def test_what_is_too_long_is_said_with_both_figures(
    sqlite_city: Flask, field: str, length: int, words: str
) -> None:
    page = Resident(sqlite_city).comment(**{"text": TEXT, field: "x" * length})
    assert page.status_code == 422
    assert any(words in error for error in errors_of(page))
    assert len(typed(page, field).strip()) == length
    assert rows(Submission) == []


def test_line_ends_count_once(sqlite_city: Flask) -> None:
    code_of(Resident(sqlite_city).comment("x\r\n" * 4_999 + "xx"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\0b", "line 1, place 2"),
        ("one\r\ntwo \u202eevil", "line 2, place 5"),
        ("bell\x07", "line 1, place 5"),
        ("x" * 10_000_000, "It has 10,000,000 characters."),
    ],
    ids=["NUL", "direction override", "control", "10 MB"],
)
def test_hostile_text_gets_a_clear_message_and_changes_nothing(
    city_with_round: Flask, text: str, words: str
) -> None:
    resident = Resident(city_with_round)
    form = resident.form()
    before = everything()
    for field in ("text", "proposed_wording", "name"):
        page = resident.send({**form, "kind": "support", "text": TEXT, field: text})
        assert page.status_code == 422
        expected = words if field == "text" or len(text) < 100 else "There is room for"
        assert any(expected in error for error in errors_of(page)), errors_of(page)
        assert len(page.data) < 100_000
        assert "\0" not in page.text
        assert "\u202e" not in page.text
    assert everything() == before


@pytest.mark.parametrize(
    "raw",
    [b"text=Gr\xfc\xdfe", b"text=%FF%FE", b"text=%ED%A0%80 lone surrogate", b"\xff\xfe\x00"],
    ids=["latin-1", "percent", "surrogate", "utf-16"],
)
def test_what_is_not_utf8_is_said_and_changes_nothing(city_with_round: Flask, raw: bytes) -> None:
    resident = Resident(city_with_round)
    resident.form()
    before = everything()
    page = resident.browser.client.post(
        f"/en/rounds/{CODE}/submit", data=raw, content_type="application/x-www-form-urlencoded"
    )
    assert page.status_code == 422
    assert any("UTF-8" in error for error in errors_of(page))
    assert everything() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "\u202esupport"},
        {"kind": "praise"},
        {"language": "klingon-language-of-the-stars"},
        {"language": "\0"},
        {"author_kind": "mayor"},
        {"form_key": "zz"},
        {"form_key": "g" * 32},
        {"unit": "999999999"},
        {"unit": "-1"},
        {"unit": "1e9"},
        {"unit": "٣"},
        {"unit": "9" * 5000},
        {"contact": "a@b\r\nBcc: all@example.org"},
        {"contact": "x" * 1000},
        {"contact": "+49" + "9" * 400},
    ],
)
def test_tampered_fields_never_break_anything(city_with_round: Flask, fields: dict[str, str]) -> None:
    resident = Resident(city_with_round)
    form = {**resident.form(), "kind": "support", "text": TEXT}
    before = everything()
    page = resident.send({**form, **fields})
    assert page.status_code in (404, 422), page.status_code
    assert everything() == before


@pytest.mark.parametrize("body", [b"", b"&&&===", b"\0" * 1000, b"text=" + b"%" * 1000])
@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data", "application/json", "text/plain"],
)
def test_no_body_is_a_fault(sqlite_city: Flask, body: bytes, content_type: str) -> None:
    page = sqlite_city.test_client().post(f"/en/rounds/{CODE}/submit", data=body, content_type=content_type)
    assert page.status_code in (400, 415, 422)
    assert rows(Submission) == []


# Language and contact -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Після роботи я не встигаю.", "uk"),
        ("الرجاء فتح المكتب مساءً.", "ar"),
        ("لطفاً چراغ بیشتری بگذارید.", "fa"),
        ("Bitte öffnen Sie auch am Abend.", "de"),
        ("OK", "en"),
    ],
)
def test_the_language_is_recognised_where_nobody_says_it(
    sqlite_city: Flask, text: str, language: str
) -> None:
    receipt = Resident(sqlite_city).comment(text)
    assert submission(1).language == language
    assert f'lang="{language}" dir="{"rtl" if language in ("ar", "fa") else "ltr"}">{text}' in receipt.text


def test_the_authors_choice_of_language_counts(sqlite_city: Flask) -> None:
    Resident(sqlite_city).comment("Merhaba", language="tr")
    assert submission(1).language == "tr"


def test_a_name_is_public_only_on_request(sqlite_city: Flask) -> None:
    Resident(sqlite_city).comment(name="Samira")
    Resident(sqlite_city).comment(name="Safran", publish_name="y", author_kind="migrant_association")
    assert (submission(1).publish_name, submission(2).publish_name) == (False, True)
    assert submission(2).author_kind == "migrant_association"


@pytest.mark.parametrize(
    ("typed_in", "channel", "kept"),
    [
        ("samira@example.org", "email", "samira@example.org"),
        ("0151 23456789", "sms", "+4915123456789"),
        ("٠١٥١ ٢٣٤٥٦٧٨٩", "sms", "+4915123456789"),
        ("+43 664 1234567", "sms", "+436641234567"),
    ],
)
def test_a_contact_is_kept_sealed_and_gets_the_receipt_without_the_text(
    city_with_round: Flask, typed_in: str, channel: str, kept: str
) -> None:
    receipt = Resident(city_with_round).comment("My secret wish.", contact=typed_in)
    contact = rows(Contact)[0]
    assert (contact.channel, read_contact(contact)) == (channel, kept)
    stored = repr(everything())
    assert kept not in stored
    assert code_of(receipt) not in stored
    assert len(rows(MailMessage)) == 1
    letter = letters()[0]
    assert letter["recipient"] == kept
    digits = code_of(receipt)
    assert " ".join(codes.groups(digits)) in letter["body"]
    assert number_of(receipt) in letter["subject"] + letter["body"]
    assert "secret" not in letter["subject"] + letter["body"]


def test_without_a_contact_nothing_is_written(city_with_round: Flask) -> None:
    code_of(Resident(city_with_round).comment())
    assert rows(Contact) == []
    assert rows(MailMessage) == []


def test_no_page_or_table_holds_the_code_afterwards(city_with_round: Flask) -> None:
    resident = Resident(city_with_round)
    code = code_of(resident.comment())
    assert code not in repr(everything())
    for path in ("/", f"/rounds/{CODE}/", f"/rounds/{CODE}/measures/1/", "/answer/"):
        assert code not in re.sub(r"\s", "", resident.open(path).text)


def test_every_form_has_a_key_of_its_own(sqlite_city: Flask) -> None:
    keys = {Resident(sqlite_city).form()["form_key"] for _turn in range(5)}
    assert len(keys) == 5
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in keys)


def test_the_page_that_one_goes_back_to_still_matches_the_browsers_copy(sqlite_city: Flask) -> None:
    page = sqlite_city.test_client().get(f"/en/rounds/{CODE}/measures/1/")
    assert "Set-Cookie" in page.headers
    assert "Cookie" not in page.headers["Vary"]
    assert "private" in page.headers["Cache-Control"]
    assert "no-store" not in page.headers["Cache-Control"]


def test_an_unpublished_round_takes_nothing(sqlite_app: Flask) -> None:
    found_city()
    open_round(publish=False)
    resident = Resident(sqlite_app)
    assert resident.open(f"/rounds/{CODE}/").status_code == 404
    form = {"form_key": secrets.token_hex(16), "unit": "", "kind": "support", "text": TEXT}
    assert resident.send(form).status_code == 404
    assert rows(Submission) == []
