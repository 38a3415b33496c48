"""Receiving comments: one form is one submission, with number, promise, audit entry and receipt together."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.commands.audit import SOURCES
from consult import events
from consult.models import PublicText, Reconsideration, Submission, Unit
from consult.services import moderation, rounds
from consult.services import submissions as service
from consult.services.submissions import receive, reconsider, submit, withdraw
from core import audit, clock, codes
from core.db import db, write
from core.errors import Conflict, DomainError, NotFound
from followup.models import Promise, Register, Tally
from followup.services.receipts import Contact, code_mac
from tests.city import (
    AFTER_CLOSING,
    CLOSES,
    CODE,
    DUE,
    OPENS,
    answer,
    at_once,
    comment,
    entries,
    everything,
    fresh,
    on_one_database,
    open_city,
    open_round,
    promise,
    refused,
    rows,
    staff,
    submission,
    submit_comment,
    unit_id,
)

KEY = "0123456789abcdef" * 2
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _round(app: Flask) -> None:
    open_city()


# One comment -------------------------------------------------------------------------------------------------


def test_a_comment_gets_its_number_promise_entry_and_receipt_together() -> None:
    receipt = submit_comment(
        "Please add courses.", "1", proposed_wording="Add courses.", name="Amal", publish_name=True
    )
    kept = submission(receipt.number)
    assert (kept.text, kept.proposed_wording, kept.name, kept.publish_name) == (
        "Please add courses.", "Add courses.", "Amal", True,
    )  # fmt: skip
    assert (kept.channel, kept.kind, kept.language, kept.received_on) == (
        "web",
        "proposal",
        "en",
        clock.today(),
    )
    owed = promise(receipt.number)
    assert (owed.subject_kind, owed.subject_id, owed.kind) == (events.SUBMISSION, kept.id, "answer")
    assert (owed.opened_on, owed.due_on, owed.answered_on) == (clock.today(), DUE, None)
    entry = entries(events.SUBMISSION_RECEIVE)[0]
    assert (entry.role, entry.actor, entry.subject_id) == ("resident", None, kept.id)
    assert entry.facts == audit.canonical({"number": 1, "due": DUE.isoformat()})
    assert entry.commitment == audit.commit_to(kept.salt or b"", service.content(kept))
    assert (receipt.register_code, receipt.number, receipt.due_on, receipt.received_on, receipt.repeated) == (
        CODE, 1, DUE, clock.today(), False,
    )  # fmt: skip
    assert receipt.entry_hash == entry.entry_hash
    assert codes.read(receipt.code) == receipt.code


def test_a_text_is_public_only_when_an_officer_releases_it() -> None:
    submit_comment("Please add courses.")
    kept = submission(1)
    assert (kept.public_text_id, kept.folded) == (None, None)
    assert rows(PublicText) == []


def test_the_audit_chain_holds_no_word_of_what_was_written() -> None:
    submit_comment("A very private story", name="Amal Haddad", proposed_wording="Another wording")
    chain = repr([(e.facts, e.commitment, e.tag) for e in entries()])
    assert "private" not in chain
    assert "Amal" not in chain
    assert "wording" not in chain


def test_equal_texts_cannot_be_seen_to_be_equal_in_the_chain() -> None:
    submit_comment("Yes")
    submit_comment("Yes")
    one, two = entries(events.SUBMISSION_RECEIVE)
    assert one.commitment != two.commitment


def test_the_receipt_code_is_stored_nowhere() -> None:
    code = submit_comment().code
    assert code not in repr(everything())
    assert submission(1).code_mac == code_mac(code)


def test_a_name_is_published_only_if_there_is_one() -> None:
    submit_comment(publish_name=True)
    assert (submission(1).name, submission(1).publish_name) == (None, False)


def test_a_comment_without_a_language_is_in_the_round_s() -> None:
    submit_comment(language="")
    assert submission(1).language == "en"


def test_hostile_characters_are_taken_out_and_break_nothing() -> None:
    submit_comment("a\0b\ud800c\u202ed\r\ne", proposed_wording="f\0g", name="h\u2066i")
    kept = submission(1)
    assert (kept.text, kept.proposed_wording, kept.name) == ("abcd\ne", "fg", "hi")


KEPT: list[dict[str, str]] = [
    {"text": "😀" * 10_000, "proposed_wording": "移" * 5_000, "name": "ü" * 200},
    {"text": "'; DROP TABLE consult_submission; --"},
    {"text": '=HYPERLINK("http://evil")', "name": "+1", "proposed_wording": "@SUM(1)"},
    {"text": "<script>alert(1)</script>"},
    {"text": "\u200fمرحبا"},
    {"text": "%s %(x)s {0} \\ \\0 $1"},
]


def test_what_people_write_is_kept_as_it_is() -> None:
    for number, changed in enumerate(KEPT, start=1):
        submit(CODE, f"{number:032x}", replace(comment(), **changed))
        for name, value in changed.items():
            assert getattr(submission(number), name) == value.replace("\u200f", "")


REFUSED: list[tuple[dict[str, Any], list[str]]] = [
    ({"text": ""}, ["text_missing"]),
    ({"text": "\u202e\0\ud800"}, ["text_missing"]),
    ({"text": "x" * 10_001}, ["text_too_long"]),
    ({"text": "x" * 10_000_000}, ["text_too_long"]),
    ({"kind": ""}, ["kind_missing"]),
    ({"kind": "praise\0"}, ["kind_unknown"]),
    ({"language": "\ud800"}, ["language_unknown"]),
    ({"author_kind": "king"}, ["author_kind_unknown"]),
    ({"channel": "pigeon"}, ["channel_unknown"]),
    ({"unit_id": 999}, ["unit_unknown"]),
    ({"unit_id": 0}, ["unit_unknown"]),
    ({"unit_id": -1}, ["unit_unknown"]),
    ({"unit_id": 10**12}, ["unit_unknown"]),
    ({"unit_id": 10**30}, ["unit_unknown"]),
    ({"text": "", "kind": "", "name": "x" * 201}, ["kind_missing", "name_too_long", "text_missing"]),
]


def test_a_comment_that_cannot_be_is_refused_and_leaves_no_trace() -> None:
    for changed, expected in REFUSED:
        with refused(*expected):
            submit(CODE, KEY, replace(comment(), **changed))


def test_a_measure_of_another_round_or_a_chapter_is_refused() -> None:
    open_round("WS-27")
    chapter = next(u.id for u in rows(Unit) if u.kind == "chapter")
    for wrong in (unit_id("1", "WS-27"), chapter):
        with refused("unit_unknown"):
            submit(CODE, KEY, replace(comment(), unit_id=wrong))


@on_one_database
@pytest.mark.parametrize("key", ["", "x", "AB" * 16, KEY + "0", KEY[:-1], "\0" * 32])
def test_a_form_that_was_tampered_with_is_refused(key: str) -> None:
    with refused("form_key"):
        submit(CODE, key, comment())


@on_one_database
@pytest.mark.parametrize(
    ("day", "code"),
    [
        (OPENS - DAY, "round_not_open_yet"),
        (OPENS, None),
        (CLOSES, None),
        (CLOSES + DAY, "round_closed"),
        (DUE + 90 * DAY, "round_closed"),
    ],
)
def test_comments_are_taken_from_the_first_to_the_last_day(day: date, code: str | None) -> None:
    with clock.freeze(day):
        if code is None:
            assert submit_comment().number == 1
            return
        with refused(code):
            submit_comment()


def test_an_unpublished_round_takes_no_comments() -> None:
    open_round("WS-27", publish=False)
    with refused("round_not_open_yet"):
        submit_comment(code="WS-27")


# The same form again -----------------------------------------------------------------------------------------


def test_the_same_form_again_shows_the_same_receipt_and_writes_nothing() -> None:
    first = submit_comment(form_key=KEY)
    before = everything()
    again = submit_comment(form_key=KEY)
    assert again == replace(first, repeated=True)
    assert everything() == before


def test_the_same_form_shows_its_receipt_even_after_closing() -> None:
    first = submit_comment(form_key=KEY)
    with clock.freeze(CLOSES + DAY):
        assert submit_comment(form_key=KEY) == replace(first, repeated=True)


def test_what_differs_only_in_what_is_taken_out_is_the_same() -> None:
    submit_comment("Text", form_key=KEY)
    assert submit_comment(" Text\r\n\u200f", form_key=KEY).repeated


@on_one_database
@pytest.mark.parametrize(
    "changed",
    [
        {"words": "Another text"},
        {"proposed_wording": "Other words"},
        {"kind": "concern"},
        {"measure": "2"},
        {"measure": ""},
        {"name": "Amal"},
        {"author_kind": "ngo"},
    ],
    ids=str,
)
def test_a_changed_form_is_no_repetition_and_changes_nothing(changed: dict[str, str]) -> None:
    submit_comment("My text", form_key=KEY)
    with refused("already_sent") as errors:
        submit_comment(**{"words": "My text", "form_key": KEY, **changed})
    assert isinstance(errors[0], Conflict)
    assert errors[0].parameters == {"number": 1}


def test_a_wish_to_be_named_that_was_added_later_is_not_lost_silently() -> None:
    submit_comment(form_key=KEY, name="Amal")
    with refused("already_sent"):
        submit_comment(form_key=KEY, name="Amal", publish_name=True)


def test_a_form_belongs_to_its_round() -> None:
    open_round("WS-27")
    submit_comment("My text", "", form_key=KEY)
    with refused("form_key"):
        submit_comment("My text", "", code="WS-27", form_key=KEY)


def test_sixteen_clicks_at_once_make_one_submission(app: Flask) -> None:
    receipts = at_once(app, [lambda: submit_comment(form_key=KEY)] * 16)
    assert {r.number for r in receipts} == {1}  # type: ignore[attr-defined]
    assert len({r.code for r in receipts}) == 1  # type: ignore[attr-defined]
    assert len({r.entry_hash for r in receipts}) == 1  # type: ignore[attr-defined]
    assert sorted(r.repeated for r in receipts) == [False] + [True] * 15  # type: ignore[attr-defined]
    assert len(rows(Submission)) == len(rows(Promise)) == len(entries(events.SUBMISSION_RECEIVE)) == 1
    assert rows(Register)[0].last_number == 1


def test_sixteen_people_at_once_get_sixteen_numbers_without_a_gap(app: Flask) -> None:
    acts = [lambda n=n: submit_comment(f"Comment {n}", "123"[n % 3]) for n in range(16)]
    receipts = at_once(app, acts)
    assert sorted(r.number for r in receipts) == list(range(1, 17))  # type: ignore[attr-defined]
    of_round = entries(events.SUBMISSION_RECEIVE)[0].chain_id
    chain = [e for e in entries() if e.chain_id == of_round]
    assert [e.sequence for e in chain] == list(range(1, len(chain) + 1))
    assert all(b.previous_hash == a.entry_hash for a, b in pairwise(chain))
    assert sum(t.count for t in rows(Tally)) == 16
    by_number = {s.number: s.text for s in rows(Submission)}
    for n, receipt in enumerate(receipts):
        assert by_number[receipt.number] == f"Comment {n}"  # type: ignore[attr-defined]


def test_two_rounds_count_for_themselves() -> None:
    open_round("WS-27")
    assert [submit_comment(code=code).number for code in (CODE, "WS-27", CODE)] == [1, 1, 2]


# All or nothing ----------------------------------------------------------------------------------------------


@pytest.fixture
def breaking() -> Iterator[Callable[[str], None]]:
    """Let the database fail at the first statement that contains some words."""
    words: list[str] = []

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if words and words[0] in statement:
            raise OSError("disk full")

    event.listen(db.engine, "before_cursor_execute", fail)
    yield words.append
    event.remove(db.engine, "before_cursor_execute", fail)


STATEMENTS = [
    "INSERT INTO consult_submission",
    "INSERT INTO followup_promise",
    "UPDATE consult_unit",
    "INSERT INTO core_audit_entry",
    "UPDATE core_audit_chain",
    "INSERT INTO followup_contact",
    "INSERT INTO core_message",
    "INSERT INTO core_outbox",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_wherever_a_submission_breaks_it_leaves_no_trace(
    breaking: Callable[[str], None], statement: str
) -> None:
    submit_comment("An earlier one")
    before = everything()
    breaking(statement)
    with pytest.raises(OSError, match="disk full"):
        submit_comment(contact=Contact("email", "amal@lindhafen.example", "ar"))
    breaking("")
    assert everything() == before


# Other channels ----------------------------------------------------------------------------------------------


def test_what_comes_on_paper_after_closing_is_received_until_conclusion() -> None:
    new = replace(comment(channel="paper"), received_on=CLOSES)
    with clock.freeze(AFTER_CLOSING), write() as session:
        found, register = rounds.lock_round(session, CODE)
        received = receive(session, found, register, [new, new], audit.SYSTEM)
    assert [r.number for r in received] == [1, 2]
    assert [p.opened_on for p in rows(Promise)] == [CLOSES, CLOSES]
    assert [e.entry_hash for e in entries(events.SUBMISSION_RECEIVE)] == [r.entry_hash for r in received]


def test_texts_from_a_public_source_are_public_at_once_and_it_is_recorded() -> None:
    with write() as session:
        found, register = rounds.lock_round(session, CODE)
        receive(session, found, register, [comment("Émile"), comment("Two")], audit.SYSTEM, release=True)
    assert [t.text for t in rows(PublicText)] == ["Émile", "Two"]
    assert [s.folded for s in rows(Submission)] == ["emile", "two"]
    recorded = entries(events.SUBMISSION_RELEASE)
    for entry, public in zip(recorded, rows(PublicText), strict=True):
        assert entry.subject_id == public.id
        assert entry.commitment == audit.commit_to(public.salt or b"", service.public_content(public))


# You misread me ----------------------------------------------------------------------------------------------


def test_a_second_look_is_a_promise_of_its_own() -> None:
    code = submit_comment().code
    answer([1])
    with clock.freeze(AFTER_CLOSING):
        assert reconsider(code, "I meant\0 the tram.", "en") == 2
    asked = rows(Reconsideration)[0]
    assert (asked.text, asked.number, asked.language, asked.submission_id) == (
        "I meant the tram.", 2, "en", submission(1).id,
    )  # fmt: skip
    owed = promise(2)
    assert (owed.kind, owed.subject_kind, owed.subject_id) == (
        "reconsideration",
        events.RECONSIDERATION,
        asked.id,
    )
    assert (owed.opened_on, owed.due_on) == (AFTER_CLOSING, AFTER_CLOSING + timedelta(weeks=12))
    assert owed.department_id == promise(1).department_id
    entry = entries(events.RECONSIDERATION_RECEIVE)[0]
    assert json.loads(entry.facts) == {"number": 2, "about": 1, "due": owed.due_on.isoformat()}
    assert entry.commitment == audit.commit_to(asked.salt or b"", service.reconsideration_content(asked))
    assert "tram" not in entry.facts


def test_a_second_look_comes_once_and_after_the_answer() -> None:
    code = submit_comment().code
    with refused("not_answered_yet"):
        reconsider(code, "I meant the tram.", "en")
    answer([1])
    reconsider(code, "I meant the tram.", "en")
    with refused("reconsidered_before"):
        reconsider(code, "Again", "en")


def test_of_many_clicks_at_once_one_asks_again(app: Flask) -> None:
    code = submit_comment().code
    answer([1])
    outcomes = at_once(app, [lambda: reconsider(code, "I meant the tram.", "en")] * 6)
    assert outcomes.count(2) == 1
    assert [o.code for o in outcomes if isinstance(o, DomainError)] == ["reconsidered_before"] * 5
    assert rows(Register)[0].last_number == len(rows(Promise)) == 2


@on_one_database
@pytest.mark.parametrize(
    ("text", "code"), [("", "text_missing"), ("\u202e\0", "text_missing"), ("x" * 10_001, "text_too_long")]
)
def test_a_second_look_says_what_was_misread(text: str, code: str) -> None:
    receipt = submit_comment()
    answer([1])
    with refused(code):
        reconsider(receipt.code, text, "en")


def test_a_second_look_is_in_a_language() -> None:
    code = submit_comment().code
    answer([1])
    for language in ("", "english", "e\0", "\ud800"):
        with refused("language_unknown"):
            reconsider(code, "I meant the tram.", language)


def test_a_code_that_nobody_has_opens_nothing() -> None:
    submit_comment()
    other = codes.derive(b"another pepper", secrets.token_bytes(16))
    for verb in (lambda: reconsider(other, "text", "en"), lambda: withdraw(other)):
        with pytest.raises(NotFound) as caught:
            verb()
        assert other not in str(caught.value)


# Withdrawal --------------------------------------------------------------------------------------------------


def test_a_withdrawn_comment_loses_its_text_and_keeps_number_promise_and_answer() -> None:
    code = submit_comment("My story", name="Amal", proposed_wording="Other words").code
    moderation.release_texts(CODE, [1], staff("moderator"))
    withdraw(code)
    kept = submission(1)
    assert [kept.text, kept.proposed_wording, kept.name, kept.salt, kept.folded] == [None] * 5
    assert (kept.number, kept.unit_id) == (1, unit_id("1"))
    assert [(t.text, t.proposed_wording, t.salt) for t in rows(PublicText)] == [(None, None, None)]
    assert promise(1).answered_on is None
    answer([1])
    assert promise(1).answered_on == clock.today()


def test_a_withdrawal_is_recorded_for_each_text_that_it_erases() -> None:
    code = submit_comment("My story").code
    moderation.release_texts(CODE, [1], staff("moderator"))
    withdraw(code)
    erased = entries(events.SUBMISSION_ERASE)
    assert [(e.subject_kind, e.subject_id) for e in erased] == [
        (events.SUBMISSION, submission(1).id),
        (events.PUBLIC_TEXT, rows(PublicText)[0].id),
    ]
    assert {(e.role, e.facts) for e in erased} == {("resident", '{"number":1}')}


def test_whoever_withdraws_withdraws_what_was_misread_too() -> None:
    code = submit_comment("My story").code
    answer([1])
    reconsider(code, "I meant my other story", "en")
    withdraw(code)
    asked = rows(Reconsideration)[0]
    assert (asked.text, asked.salt) == (None, None)
    assert (events.RECONSIDERATION, asked.id) in [
        (e.subject_kind, e.subject_id) for e in entries(events.SUBMISSION_ERASE)
    ]
    assert promise(2).answered_on is None
    assert "story" not in repr(everything())


def test_after_a_withdrawal_no_table_holds_a_word_of_it() -> None:
    code = submit_comment("Xylophone story", name="Amal", proposed_wording="Xylophone words").code
    moderation.release_redacted(CODE, 1, "Xylophone [redacted]", "", "A name.", staff("moderator"))
    withdraw(code)
    assert "xylophone" not in repr(everything()).casefold()


def test_withdrawing_twice_is_withdrawing_once(app: Flask) -> None:
    code = submit_comment("My story").code
    at_once(app, [lambda: withdraw(code)] * 4)
    assert len(entries(events.SUBMISSION_ERASE)) == 1
    before = everything()
    withdraw(code)
    assert everything() == before


def test_a_text_released_while_it_is_withdrawn_does_not_stay_public(app: Flask) -> None:
    code = submit_comment("Xylophone story").code
    locked, withdrawing = threading.Event(), threading.Event()

    def release_slowly() -> None:
        with write() as session:
            found, register = rounds.lock_round(session, CODE)
            known = moderation._submissions(session, found.id, [1])[0]
            locked.set()
            withdrawing.wait(20)
            threading.Event().wait(0.3)  # the other one has looked and is waiting for us now
            entry = moderation._release(session, known, known.text or "", "")
            audit.append(session, register.chain, [entry], staff("moderator"))

    def withdraw_meanwhile() -> None:
        locked.wait(20)
        withdrawing.set()
        withdraw(code)

    assert at_once(app, [release_slowly, withdraw_meanwhile]) == [None, None]
    assert "xylophone" not in repr(everything()).casefold()


def test_a_withdrawal_that_breaks_in_the_middle_erases_nothing(breaking: Callable[[str], None]) -> None:
    code = submit_comment("My story").code
    before = everything()
    breaking("INSERT INTO core_audit_entry")
    with pytest.raises(OSError, match="disk full"):
        withdraw(code)
    breaking("")
    assert everything() == before


def test_a_concluded_round_s_comment_can_still_be_withdrawn() -> None:
    code = submit_comment("My story").code
    answer([1])
    with clock.freeze(AFTER_CLOSING):
        rounds.conclude_round(CODE, staff("officer"))
        withdraw(code)
    fresh()
    assert submission(1).text is None


def test_the_whole_chain_verifies_after_all_of_this() -> None:
    one, two = submit_comment("One").code, submit_comment("Two").code
    moderation.release_texts(CODE, [1, 2], staff("moderator"))
    answer([1, 2])
    reconsider(one, "Again", "en")
    withdraw(two)
    accounts, missing = audit.verify(db.session(), SOURCES, [e.entry_hash for e in entries()])
    assert [account.fault for account in accounts] == [None] * len(accounts)
    assert missing == []
