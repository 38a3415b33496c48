"""What the public may read: released, redacted, hidden with a reason, shown again."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from flask import Flask

from app.commands.audit import SOURCES
from consult import events
from consult.models import PublicText, Submission
from consult.services import moderation, rounds
from consult.services import submissions as service
from consult.services.submissions import withdraw
from core import audit, clock
from core.db import db, write
from core.errors import DomainError
from tests.city import (
    AFTER_CLOSING,
    CODE,
    answer,
    at_once,
    entries,
    everything,
    on_one_database,
    open_city,
    promise,
    refused,
    rows,
    staff,
    submission,
    submit_comment,
    unit_id,
)


@pytest.fixture(autouse=True)
def _round(app: Flask) -> None:
    open_city(3)


def release(*numbers: int) -> None:
    moderation.release_texts(CODE, numbers, staff("moderator"))


def redact(number: int, text: str, wording: str = "", reason: str = "It holds a private number.") -> None:
    moderation.release_redacted(CODE, number, text, wording, reason, staff("moderator"))


def correct_language(number: int, language: str) -> None:
    moderation.correct_language(CODE, number, language, staff("moderator"))


def hide(number: int, reason: str = "It names a neighbour.") -> None:
    moderation.hide_text(CODE, number, reason, staff("moderator"))


def show(number: int) -> None:
    moderation.show_text(CODE, number, staff("moderator"))


def searched(number: int) -> str | None:
    """What search compares of a comment: nothing while nothing of it is public."""
    return submission(number).folded


# Release -----------------------------------------------------------------------------------------------------


def test_a_selection_is_released_as_it_was_written_and_it_is_recorded() -> None:
    release(1, 3)
    assert [(t.submission_id, t.version, t.text, t.released_on) for t in rows(PublicText)] == [
        (submission(1).id, 1, "Comment 1", clock.today()),
        (submission(3).id, 1, "Comment 3", clock.today()),
    ]
    assert [submission(n).public_text_id for n in (1, 2, 3)] == [1, None, 2]
    assert [searched(n) for n in (1, 2, 3)] == ["comment 1", None, "comment 3"]
    for entry, public in zip(entries(events.SUBMISSION_RELEASE), rows(PublicText), strict=True):
        assert (entry.subject_kind, entry.subject_id) == (events.PUBLIC_TEXT, public.id)
        assert entry.commitment == audit.commit_to(public.salt or b"", service.public_content(public))
        assert (entry.role, entry.actor) == ("moderator", staff("moderator").handle)
        assert "Comment" not in entry.facts


def test_releasing_again_changes_nothing() -> None:
    release(1, 2)
    before = everything()
    release(2, 1, 1)
    assert everything() == before


def test_exactly_the_selection_is_released_or_none_of_it() -> None:
    hide(2)
    with refused("text_hidden"):
        release(1, 2, 3)
    with refused("not_found"):
        release(1, 99)
    with refused("selection_empty"):
        release()


def test_every_number_in_the_way_is_named() -> None:
    code = submit_comment("Comment 4").code
    withdraw(code)
    hide(1)
    hide(3)
    with refused("text_hidden", "text_hidden", "text_erased") as errors:
        release(1, 2, 3, 4)
    assert [error.parameters["number"] for error in errors] == [1, 3, 4]


def test_a_number_that_cannot_be_is_not_found() -> None:
    acts: list[Callable[[int], object]] = [
        lambda number: release(1, number),
        lambda number: redact(number, "x"),
        hide,
        show,
        lambda number: correct_language(number, "de"),
    ]
    before = everything()
    for act in acts:
        for number in (0, -1, 99, 10**12, 10**30):
            with pytest.raises(moderation.NotFound):
                act(number)
    assert everything() == before


def test_two_who_release_at_once_release_once(app: Flask) -> None:
    assert at_once(app, [lambda: release(1, 2, 3)] * 4) == [None] * 4
    assert len(rows(PublicText)) == len(entries(events.SUBMISSION_RELEASE)) == 3


def test_a_number_is_known_before_its_text_is() -> None:
    kept = submission(1)
    assert (kept.number, kept.unit_id, kept.public_text_id) == (1, unit_id("1"), None)


# Redaction ---------------------------------------------------------------------------------------------------


def test_a_redacted_text_is_what_the_public_reads_and_the_original_stays_committed_to() -> None:
    number = submit_comment("My neighbour Ali is loud", proposed_wording="Ali must go").number
    redact(number, "My neighbour […] is loud\0\u202e", "[…]")
    public = rows(PublicText)[0]
    assert (public.text, public.proposed_wording) == ("My neighbour […] is loud", "[…]")
    assert submission(number).text == "My neighbour Ali is loud"
    assert "ali" not in (searched(number) or "").split()
    received = next(e for e in entries(events.SUBMISSION_RECEIVE) if e.subject_id == submission(number).id)
    kept = submission(number)
    assert received.commitment == audit.commit_to(kept.salt or b"", service.content(kept))


def test_why_parts_were_taken_out_is_kept_beside_the_text_and_in_the_chain() -> None:
    release(1)
    redact(1, "Comment […]", reason="  It names\0 a child.\u202e ")
    assert [text.reason for text in rows(PublicText)] == [None, "It names a child."]
    assert [json.loads(entry.facts) for entry in entries(events.SUBMISSION_RELEASE)] == [
        {"number": 1, "version": 1},
        {"number": 1, "version": 2, "reason": "It names a child."},
    ]


@on_one_database
@pytest.mark.parametrize("reason", ["", "  ", "\u202e\0", "x" * 501])
def test_parts_are_taken_out_for_a_reason_that_people_can_read(reason: str) -> None:
    with refused("redaction_reason_too_long" if len(reason) > 9 else "redaction_reason_missing"):
        redact(1, "Comment […]", reason=reason)
    redact(1, "Comment […]", reason="x" * 500)


@on_one_database
def test_everything_wrong_with_a_changed_text_comes_at_once() -> None:
    with refused("text_missing", "wording_too_long", "redaction_reason_missing"):
        redact(1, "", "y" * 5_001, reason="")


def test_a_second_redaction_is_a_second_version_and_the_first_stays_on_record() -> None:
    release(1)
    redact(1, "Comment […]")
    assert [(t.version, t.text) for t in rows(PublicText)] == [(1, "Comment 1"), (2, "Comment […]")]
    assert submission(1).public_text_id == rows(PublicText)[1].id
    assert [json.loads(e.facts)["version"] for e in entries(events.SUBMISSION_RELEASE)] == [1, 2]
    assert searched(1) == "comment [...]"


@on_one_database
@pytest.mark.parametrize("text", ["", "  ", "\u202e\0"])
def test_a_redaction_leaves_something_to_read(text: str) -> None:
    with refused("text_missing"):
        redact(1, text)


@on_one_database
@pytest.mark.parametrize(("length", "fits"), [(10_000, True), (10_001, False), (10_000_000, False)])
def test_a_redacted_text_has_the_limit_of_a_comment(length: int, fits: bool) -> None:
    if fits:
        redact(1, "x" * length, "y" * 5_000)
        return
    with refused("text_too_long"):
        redact(1, "x" * length)
    with refused("wording_too_long"):
        redact(1, "x", "y" * (length - 5_000))


def test_what_is_hidden_or_withdrawn_is_not_redacted() -> None:
    code = submit_comment("Comment 4").code
    withdraw(code)
    hide(1)
    with refused("text_hidden"):
        redact(1, "x")
    with refused("text_erased"):
        redact(4, "x")


# Hiding and showing ------------------------------------------------------------------------------------------


def test_a_hidden_comment_keeps_number_measure_promise_and_answer() -> None:
    release(1)
    answer([1])
    hide(1, "It names\0 a neighbour\u202e.")
    kept = submission(1)
    assert (kept.hidden_on, kept.hidden_reason) == (clock.today(), "It names a neighbour.")
    assert (kept.number, kept.unit_id) == (1, unit_id("1"))
    assert promise(1).answered_on == clock.today()
    assert searched(1) is None
    entry = entries(events.SUBMISSION_HIDE)[0]
    assert entry.facts == audit.canonical({"number": 1, "reason": "It names a neighbour."})
    assert (entry.role, entry.actor) == ("moderator", staff("moderator").handle)


def test_a_hidden_comment_is_still_owed_an_answer() -> None:
    hide(1)
    assert promise(1).answered_on is None
    answer([1, 2])
    with clock.freeze(AFTER_CLOSING), refused("promises_unanswered") as errors:
        rounds.conclude_round(CODE, staff("officer"))
    assert errors[0].parameters["numbers"] == [3]


@on_one_database
@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "hidden_reason_missing"),
        ("\u202e \0", "hidden_reason_missing"),
        ("x" * 501, "hidden_reason_too_long"),
    ],
    ids=["empty", "invisible", "too long"],
)
def test_hiding_needs_a_reason_that_fits(reason: str, code: str) -> None:
    with refused(code):
        hide(1, reason)


def test_what_is_shown_again_is_what_was_public_before() -> None:
    release(1)
    redact(1, "Comment […]")
    hide(1)
    show(1)
    kept = submission(1)
    assert (kept.hidden_on, kept.hidden_reason) == (None, None)
    assert searched(1) == "comment [...]"
    assert entries(events.SUBMISSION_SHOW)[0].facts == '{"number":1}'


def test_showing_what_was_never_public_publishes_nothing() -> None:
    hide(1)
    show(1)
    assert searched(1) is None
    assert submission(1).public_text_id is None


def test_showing_what_was_withdrawn_while_hidden_publishes_nothing() -> None:
    number = submit_comment("Xylophone")
    release(number.number)
    hide(number.number)
    withdraw(number.code)
    show(number.number)
    assert searched(number.number) is None
    assert "xylophone" not in repr(everything()).casefold()


def test_only_what_is_hidden_is_shown() -> None:
    with refused("text_not_hidden"):
        show(1)


def test_hiding_again_gives_another_reason_and_both_are_recorded() -> None:
    hide(1, "First")
    hide(1, "Second")
    assert submission(1).hidden_reason == "Second"
    assert len(entries(events.SUBMISSION_HIDE)) == 2


def test_of_hiding_and_releasing_at_once_the_text_never_stays_searchable(app: Flask) -> None:
    locked, hiding = threading.Event(), threading.Event()

    def release_slowly() -> None:
        with write() as session:
            found, register = rounds.lock_round(session, CODE)
            known = moderation._submissions(session, found.id, [1])[0]
            locked.set()
            hiding.wait(20)
            threading.Event().wait(0.2)  # the other one is waiting for us now
            entry = moderation._release(session, known, known.text or "", "")
            audit.append(session, register.chain, [entry], staff("moderator"))

    def hide_meanwhile() -> None:
        locked.wait(20)
        hiding.set()
        hide(1)

    assert at_once(app, [release_slowly, hide_meanwhile]) == [None, None]
    assert submission(1).hidden_on is not None
    assert searched(1) is None


# Language ----------------------------------------------------------------------------------------------------


def test_a_wrongly_guessed_language_is_corrected() -> None:
    correct_language(1, "uk")
    assert submission(1).language == "uk"
    [entry] = entries(events.SUBMISSION_CORRECT_LANGUAGE)
    assert json.loads(entry.facts) == {"number": 1, "before": "en", "after": "uk"}
    assert (entry.subject_id, entry.role, entry.actor) == (
        submission(1).id,
        "moderator",
        staff("moderator").handle,
    )
    accounts, _missing = audit.verify(db.session(), SOURCES)
    assert [account.fault for account in accounts] == [None] * len(accounts)


def test_the_same_language_again_changes_and_records_nothing() -> None:
    correct_language(1, "uk")
    before = everything()
    correct_language(1, "uk")
    assert everything() == before


def test_a_language_is_corrected_to_a_language() -> None:
    for language in ("", "english", "u\0k", "\ud800"):
        with refused("language_unknown"):
            correct_language(1, language)


# All or nothing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["release", "redact", "hide", "show", "correct a language"])
def test_an_error_in_the_middle_leaves_no_trace(monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    hide(3)
    before = everything()

    def broken(*_arguments: object, **_choices: object) -> list[str]:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "append", broken)
    acts: dict[str, Callable[[], object]] = {
        "release": lambda: release(1, 2),
        "redact": lambda: redact(1, "x"),
        "hide": lambda: hide(1),
        "show": lambda: show(3),
        "correct a language": lambda: correct_language(1, "uk"),
    }
    with pytest.raises(OSError, match="disk full"):
        acts[verb]()
    assert everything() == before


def test_all_of_it_leaves_a_chain_that_verifies() -> None:
    release(1, 2, 3)
    redact(1, "Comment […]")
    hide(2)
    show(2)
    hide(3)
    accounts, _missing = audit.verify(db.session(), SOURCES)
    assert [account.fault for account in accounts] == [None] * len(accounts)
    assert len(rows(Submission)) == 3


def test_another_round_s_numbers_are_not_touched() -> None:
    with pytest.raises(DomainError):
        moderation.release_texts("WS-27", [1], staff("moderator"))
    assert rows(PublicText) == []
