"""What a receipt code opens, for whom, and what its holder may do. On both databases."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from consult.models import PublicText, Reconsideration, Submission
from consult.services import moderation
from consult.services.rounds import conclude_round
from core import clock, codes
from core.localized import Localized
from followup.models import Promise
from followup.services import promises, replies
from tests.city import (
    AFTER_CLOSING,
    CODE,
    DUE,
    answer,
    everything,
    found_city,
    open_round,
    promise,
    register_id,
    reply_text,
    rows,
    staff,
    submission,
    submit_comment,
)
from tests.consult.resident import Resident, errors_of, hidden_fields, text_of, typed

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
UNKNOWN = codes.derive(b"another city's key", b"x" * 16)
VOTING = codes.derive(b"an election's key", b"x" * 16, codes.Kind.VOTING)


@pytest.fixture
def city_with_round(app: Flask) -> Flask:
    found_city()
    open_round()
    return app


@pytest.fixture
def resident(city_with_round: Flask) -> Resident:
    return Resident(city_with_round)


def test_before_the_answer_the_page_shows_text_and_day(resident: Resident) -> None:
    page = text_of(resident.read(submit_comment("My own words.").code))
    assert "The city owes you an answer" in page
    assert "My own words." in page
    assert "not public yet" in page
    assert "131 days left" in page


@pytest.mark.parametrize(
    "write",
    [
        lambda code: code,
        lambda code: " ".join(codes.groups(code)),
        lambda code: "-".join(codes.groups(code)),
        lambda code: code.translate(ARABIC),
        lambda code: " ".join(codes.groups(code.translate(PERSIAN))),
        lambda code: f"\u200f{code}\u200e\n",
    ],
    ids=["plain", "groups", "hyphens", "Arabic", "Persian", "marks of direction"],
)
def test_a_code_is_read_in_any_script(resident: Resident, write: object) -> None:
    code = submit_comment("My own words.").code
    assert "My own words." in text_of(resident.read(write(code)))  # type: ignore[operator]


def test_the_answer_shows_outcome_reason_and_change(resident: Resident) -> None:
    code = submit_comment("My own words.").code
    answer([1], outcome="partly_accepted", reason="**Yes**, but later.", change="In June 2028.")
    page = resident.read(code)
    assert page.headers["Cache-Control"] == "no-store"
    shown = text_of(page)
    assert "The city has answered you Partly accepted" in shown
    assert "<strong>Yes</strong>, but later." in page.text
    assert "In June 2028." in shown
    assert "Answered, 131 days before the day due" in shown
    assert "Integration Office" in shown or "Housing Office" in shown


def test_the_answer_is_in_the_readers_language_with_the_original_beside_it(city_with_round: Flask) -> None:
    code = submit_comment().code
    text = reply_text("noted", "We keep this in mind.")
    both = type(text)(text.outcome, "en", {"en": "We keep this in mind.", "ar": "سنأخذ هذا في الاعتبار."})
    reply_id = replies.write_answer(register_id(), [1], both, staff("officer"), submit=True)
    replies.approve_answers([(reply_id, 1)], staff("approver"))
    replies.publish_replies(register_id(), staff("approver"))
    arabic = Resident(city_with_round, "ar").read(code)
    assert '<div lang="ar"><p>سنأخذ هذا في الاعتبار.</p>' in arabic.text
    assert '<div lang="en"><p>We keep this in mind.</p>' in arabic.text
    assert arabic.text.index("سنأخذ") < arabic.text.index("We keep this in mind.")
    english = Resident(city_with_round, "en").read(code)
    assert "سنأخذ" not in english.text
    german = Resident(city_with_round, "de").read(code)
    assert '<div lang="en" dir="ltr"><p>We keep this in mind.</p>' in german.text


def test_a_corrected_answer_shows_the_earlier_version_too(resident: Resident) -> None:
    code = submit_comment().code
    reply_id = answer([1], reason="The bus leaves at 00:45.")
    replies.correct_reply(reply_id, staff("officer"))
    corrected = reply_text(reason="The bus leaves at 00:55.", correction_note="The time was wrong.")
    replies.edit_answer(reply_id, 1, corrected, staff("officer"), submit=True)
    replies.approve_answers([(reply_id, 2)], staff("approver"))
    replies.publish_replies(register_id(), staff("approver"))
    shown = text_of(resident.read(code))
    for words in ("00:55", "00:45", "This answer was corrected.", "The time was wrong.", "no longer counts"):
        assert words in shown
    assert shown.index("00:55") < shown.index("00:45")


def test_an_unreleased_answer_is_not_shown(resident: Resident) -> None:
    code = submit_comment().code
    answer([1], reason="Not for you yet.", release=False)
    assert "Not for you yet." not in resident.read(code).text


def test_a_moved_day_is_shown_with_its_reason(resident: Resident) -> None:
    code = submit_comment().code
    promises.extend_due_day(
        register_id(), [1], DUE + timedelta(days=14), "en", "The officer is ill.", staff("officer")
    )
    shown = text_of(resident.read(code))
    assert "The day was moved once" in shown
    assert "The officer is ill." in shown
    assert "145 days left" in shown


def test_a_late_answer_says_so(resident: Resident) -> None:
    code = submit_comment().code
    with clock.freeze(DUE + timedelta(days=3)):
        late = text_of(resident.read(code))
        assert "The city is late with your answer" in late
        assert "3 days late" in late
        answer([1])
        assert "Answered, 3 days late" in text_of(resident.read(code))


def test_the_author_reads_a_hidden_text_and_why_it_is_hidden(resident: Resident) -> None:
    code = submit_comment("It names a neighbour.").code
    moderation.release_texts(CODE, [1], staff("moderator"))
    moderation.hide_text(CODE, 1, "It names a private person.", staff("moderator"))
    shown = text_of(resident.read(code))
    assert "It names a neighbour." in shown
    assert "It names a private person." in shown


def test_the_author_sees_what_was_taken_out(resident: Resident) -> None:
    code = submit_comment("Call me: 0151 23456789.").code
    moderation.release_redacted(
        CODE, 1, "Call me: […].", "", "It holds a private number.", staff("moderator")
    )
    shown = text_of(resident.read(code))
    assert "Call me: 0151 23456789." in shown
    assert "Call me: […]." in shown
    assert "The reason: It holds a private number." in shown


def test_markup_in_a_comment_is_shown_as_it_was_typed(resident: Resident) -> None:
    code = submit_comment("<script>alert(1)</script> **bold**").code
    page = resident.read(code)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold**" in page.text


# Codes that open nothing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "Write the code from your receipt"),
        ("1234", "A code has 32 digits. You wrote 4."),
        ("not a code", "A code has digits only."),
        ("1" * 32, "One digit is not right."),
        (UNKNOWN, "Nothing we keep has this code."),
        (VOTING, "This is a voting code."),
        ("1" * 100_000, "A code has 32 digits."),
        ("\0" * 32, "A sign that nobody can see"),
    ],
    ids=["empty", "short", "letters", "mistyped", "unknown", "voting", "very long", "NUL"],
)
def test_each_kind_of_wrong_code_has_its_sentence(resident: Resident, code: str, sentence: str) -> None:
    submit_comment()
    page = resident.read(code)
    assert page.status_code == 422
    assert any(sentence in error for error in errors_of(page)), errors_of(page)
    assert len(page.data) < 60_000


def test_a_wrong_code_is_shown_again_to_be_corrected_but_a_voting_code_never(resident: Resident) -> None:
    assert typed(resident.read("1" * 32), "code") == "1" * 32
    page = resident.read(" ".join(codes.groups(VOTING)))
    assert VOTING not in re.sub(r"\s", "", page.text)
    assert codes.groups(VOTING)[3] not in text_of(page)
    assert "replace it" in " ".join(errors_of(page))


def test_unknown_codes_all_look_alike(resident: Resident) -> None:
    submit_comment()
    pages = [resident.read(codes.derive(b"another city's key", bytes([n]) * 16)) for n in range(3)]
    assert len({(page.status_code, tuple(errors_of(page))) for page in pages}) == 1


def test_failed_guesses_are_limited_and_a_correct_code_is_never_refused(resident: Resident) -> None:
    code = submit_comment("My own words.").code
    statuses = [resident.read(UNKNOWN).status_code for _turn in range(32)]
    assert statuses == [422] * 30 + [429] * 2
    assert "Too many wrong codes" in text_of(resident.read("1" * 32))
    assert "My own words." in text_of(resident.read(code))
    assert resident.read(UNKNOWN).status_code == 429


def test_correct_codes_use_up_no_tries(resident: Resident) -> None:
    code = submit_comment().code
    for _turn in range(40):
        assert resident.read(code).status_code == 200
    assert resident.read(UNKNOWN).status_code == 422


def test_a_lost_token_keeps_the_code(resident: Resident) -> None:
    code = submit_comment("My own words.").code
    page = resident.browser.post("/en/answer/", {"code": code})
    assert page.status_code == 422
    assert "My own words." not in page.text
    assert typed(page, "code") == code
    again = resident.browser.post("/en/answer/", {**hidden_fields(page), "code": code})
    assert "My own words." in again.text


def test_the_code_never_stands_in_an_address(resident: Resident) -> None:
    code = submit_comment("My own words.").code
    assert resident.open(f"/answer/?code={code}").status_code == 200
    assert "My own words." not in resident.open(f"/answer/?code={code}").text
    page = resident.read(code)
    assert code not in " ".join(re.findall(r'(?:href|action|formaction)="([^"]*)"', page.text))


def test_the_answer_can_be_had_in_another_language(resident: Resident) -> None:
    page = resident.read(submit_comment("My own words.").code)
    assert 'formaction="/ar/answer/"' in page.text
    arabic = resident.browser.post("/ar/answer/", hidden_fields(page))
    assert 'dir="rtl">' in arabic.text
    assert "My own words." in arabic.text


# You misread me -------------------------------------------------------------------------------------------------------


def test_misread_me_opens_a_second_promise_once(resident: Resident) -> None:
    code = submit_comment().code
    answer([1])
    page = resident.act(resident.read(code), "reconsider", text="I meant the evening.")
    assert page.status_code == 200
    assert "The city looks again" in text_of(page)
    assert "I meant the evening." in page.text
    assert f"{CODE}-0002" in page.text
    assert promise(2).kind == "reconsideration"
    assert promise(2).due_on == date(2027, 9, 14) + timedelta(weeks=12)
    assert 'action="/en/answer/reconsider"' not in page.text
    refused = resident.act(page, "reconsider", text="And another thing.")
    assert refused.status_code == 422
    assert "That can be done once." in text_of(refused)
    assert len(rows(Reconsideration)) == 1


def test_a_double_click_on_misread_me_is_one_request(resident: Resident) -> None:
    code = submit_comment().code
    answer([1])
    page = resident.read(code)
    for _click in range(2):
        shown = resident.act(page, "reconsider", text="I meant\r\nthe evening.")
        assert shown.status_code == 200
        assert "The city looks again" in text_of(shown)
    assert len(rows(Reconsideration)) == 1


def test_misread_me_needs_a_word_and_keeps_what_is_too_long(resident: Resident) -> None:
    code = submit_comment().code
    answer([1])
    page = resident.act(resident.read(code), "reconsider", text="")
    assert page.status_code == 422
    assert errors_of(page) == ["Write your comment"]
    long = resident.act(page, "reconsider", text="x" * 10_001)
    assert "It has 10,001 characters." in errors_of(long)[0]
    assert len(typed(long, "text")) == 10_001
    assert rows(Reconsideration) == []


def test_before_the_answer_there_is_nothing_to_misread(resident: Resident) -> None:
    page = resident.read(submit_comment().code)
    assert "You misread me" not in text_of(page)
    assert resident.act(page, "reconsider", text="Hurry up.").status_code == 422
    assert rows(Reconsideration) == []


def test_the_second_answer_is_read_with_the_same_code(resident: Resident) -> None:
    code = submit_comment().code
    answer([1])
    with clock.freeze(AFTER_CLOSING):
        conclude_round(CODE, staff("officer"))
        resident.act(resident.read(code), "reconsider", text="I meant the evening.")
        answer([2], reason="Now we understand.", outcome="accepted")
        shown = text_of(resident.read(code))
    assert "Now we understand." in shown
    assert "I meant the evening." in shown


# Withdrawing ----------------------------------------------------------------------------------------------------------


def test_withdrawing_takes_two_steps_and_erases_the_text_everywhere(resident: Resident) -> None:
    code = submit_comment("I want this back.", name="Samira").code
    moderation.release_texts(CODE, [1], staff("moderator"))
    page = resident.read(code)
    before = everything()
    asked = resident.act(page, "withdraw")
    assert asked.status_code == 200
    assert "This cannot be undone." in text_of(asked)
    assert everything() == before
    done = resident.act(asked, "withdraw", confirm="yes")
    assert "Your text is withdrawn" in text_of(done)
    assert "I want this back." not in done.text
    assert submission(1).text is None
    assert all(text.text is None for text in rows(PublicText))
    assert "I want this back." not in repr(everything())
    assert "Samira" not in repr(everything())
    assert "You withdrew this text." in text_of(resident.read(code))
    assert len(rows(Submission)) == len(rows(Promise)) == 1


def test_a_withdrawn_comment_still_gets_its_answer(resident: Resident) -> None:
    code = submit_comment().code
    resident.act(resident.read(code), "withdraw", confirm="yes")
    answer([1], reason="We answer all the same.")
    assert "We answer all the same." in resident.read(code).text


def test_acts_without_a_token_or_with_a_wrong_code_change_nothing(resident: Resident) -> None:
    code = submit_comment().code
    answer([1])
    before = everything()
    for act, fields in (("reconsider", {"text": "x"}), ("withdraw", {"confirm": "yes"})):
        page = resident.browser.post(f"/en/answer/{act}", {"code": code, **fields})
        assert page.status_code == 422
        token = hidden_fields(page)["csrf_token"]
        wrong = {"csrf_token": token, "code": UNKNOWN, **fields}
        assert resident.browser.post(f"/en/answer/{act}", wrong).status_code == 422
    assert everything() == before


def test_text_from_residents_always_carries_language_and_direction(city_with_round: Flask) -> None:
    code = submit_comment("הערה", language="he", proposed_wording="טקסט אחר").code
    page = Resident(city_with_round).read(code).text
    assert '<div lang="he" dir="rtl"><p>הערה</p></div>' in page
    assert '<div lang="he" dir="rtl"><p>טקסט אחר</p></div>' in page


def test_what_a_round_calls_itself_is_shown_in_its_own_language(app: Flask) -> None:
    found_city()
    open_round(title=Localized.original("hr", "Doći i ostati"), language="hr", languages=("hr",))
    page = Resident(app, "ar").read(submit_comment().code)
    assert '<span lang="hr" dir="ltr">Doći i ostati</span>' in page.text
