"""One number of the register, and the page on which a receipt's hash is found again."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.services import moderation
from consult.services.submissions import reconsider
from core import clock
from followup.rules import ReplyText
from followup.services import replies
from followup.services.promises import extend_due_day, pass_on
from tests.city import DUE, answer, found_city, open_round, promise, register_id, staff, submit_comment


@pytest.fixture(autouse=True)
def _city(app: Flask) -> None:
    found_city()
    open_round()


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(f"/en/rounds/AS-27/register/{path}")
    assert answer.status_code == 200
    return answer.text


def shown_hashes(html: str) -> list[str]:
    """The hashes in the list of what was recorded, in order."""
    return re.findall(r"<code[^>]*>([0-9a-f]{64})</code>", html.replace("<wbr>", ""))


def correct(reply_id: int, reason: str, note: str) -> None:
    replies.correct_reply(reply_id, staff("officer"))
    text = ReplyText("accepted", "en", {"en": reason}, change="Measure 3 changes.", correction_note=note)
    replies.edit_answer(reply_id, 1, text, staff("officer"), submit=True)
    replies.approve_answers([(reply_id, 2)], staff("approver"))
    replies.publish_replies(register_id(), staff("approver"))


def test_letter_and_answer_stand_together(client: FlaskClient) -> None:
    submit_comment("Please add courses.\n\nIn the evening.", "3", proposed_wording="Courses until 22:00.")
    moderation.release_texts("AS-27", [1], staff("moderator"))
    answer([1], outcome="accepted", reason="Yes, *from May on*.", change="Measure 3 names them.")
    html = page(client, "1/")
    assert "<p>Please add courses.</p><p>In the evening.</p>" in html
    assert "Courses until 22:00." in html
    assert "<em>from May on</em>" in html
    assert "Measure 3 names them." in html
    assert "Accepted" in html


def test_a_text_is_never_read_as_markup(client: FlaskClient) -> None:
    submit_comment("<script>alert(1)</script> *not bold*")
    moderation.release_texts("AS-27", [1], staff("moderator"))
    answer([1], reason="<img src=x onerror=alert(1)> [x](javascript:alert(1))")
    html = page(client, "1/")
    assert "<script>alert" not in html
    assert "onerror=alert" not in html.replace("&lt;img src=x onerror=alert(1)&gt;", "")
    assert 'href="javascript' not in html
    assert "*not bold*" in html


def test_an_unanswered_number_shows_who_owes_the_answer_and_by_when(client: FlaskClient) -> None:
    submit_comment("Please", "1")
    html = page(client, "1/")
    assert "The city has not answered yet" in html
    assert "Owed by: Housing Office" in html
    assert "The answer is due by" in html


def test_an_overdue_number_counts_the_days(client: FlaskClient) -> None:
    submit_comment()
    with clock.freeze(DUE + timedelta(days=3)):
        html = page(client, "1/")
    assert "3 days late" in html
    assert "a-clock--overdue" in html


def test_a_corrected_answer_keeps_its_older_version_in_sight(client: FlaskClient) -> None:
    submit_comment()
    correct(answer([1], reason="The first reason."), "The second reason.", "The day was wrong.")
    html = page(client, "1/")
    assert "Corrected, version 2" in html
    assert html.index("The second reason.") < html.index("The first reason.")
    assert "Version 1, published on" in html
    assert "The day was wrong." in html


def test_an_extension_shows_both_days_and_its_reason(client: FlaskClient) -> None:
    submit_comment()
    extend_due_day(register_id(), [1], DUE + timedelta(days=7), "en", "The expert is ill.", staff("officer"))
    html = page(client, "1/")
    assert "More time:" in html
    assert "The expert is ill." in html


def test_a_second_look_and_its_comment_lead_to_each_other(client: FlaskClient) -> None:
    receipt = submit_comment("Courses")
    answer([1])
    reconsider(receipt.code, "My secret", "en")
    assert "Its author asked to look again: number 2" in page(client, "1/")
    second = page(client, "2/")
    assert "It is about number 1" in second
    assert "secret" not in second


def test_a_number_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    submit_comment()
    for number in ("0", "2", "99999999999999999999"):
        assert client.get(f"/en/rounds/AS-27/register/{number}/").status_code == 404


# What was recorded ---------------------------------------------------------------------------------------------------


def test_the_hash_on_a_receipt_stands_on_the_page_of_its_number(client: FlaskClient) -> None:
    receipt = submit_comment()
    assert shown_hashes(page(client, "1/")) == [receipt.entry_hash]


def test_everything_that_happened_to_a_number_is_listed_in_order(client: FlaskClient) -> None:
    receipt = submit_comment("Courses", "3")
    submit_comment("Another")
    moderation.release_texts("AS-27", [1], staff("moderator"))
    moderation.hide_text("AS-27", 1, "A reason.", staff("moderator"))
    extend_due_day(register_id(), [1], DUE + timedelta(days=7), "en", "Illness.", staff("officer"))
    pass_on(register_id(), [1], promise(2).department_id, staff("officer"))
    correct(answer([1]), "Better.", "It was wrong.")
    html = page(client, "1/")
    recorded = re.findall(r'<td class="govuk-table__cell" role="cell">([A-Z][^<]*)</td>', html)
    assert [what for what in recorded if not re.search(r"\d{4}", what)] == [
        "Comment received",
        "Text published",
        "Text hidden",
        "Due day moved",
        "Passed on to another department",
        "Answer published",
        "Answer corrected",
    ]
    assert shown_hashes(html)[0] == receipt.entry_hash
    assert len(shown_hashes(page(client, "2/"))) == 1


def test_a_receipts_hash_is_found_again_however_it_is_copied(client: FlaskClient) -> None:
    receipt = submit_comment()
    written = " ".join(re.findall("........", receipt.entry_hash.upper()))
    html = page(client, f"check/?hash={written}")
    assert "This entry is in the chain." in html
    assert 'href="/en/rounds/AS-27/register/1/"' in html


@pytest.mark.parametrize("asked", ["0" * 64, "abc", "%00f", "<script>f", "f" * 5000])
def test_a_hash_that_is_not_there_is_said_not_to_be_there(client: FlaskClient, asked: str) -> None:
    assert "No entry of this chain has this hash." in page(client, f"check/?hash={asked}")


def test_the_chain_can_be_recomputed_from_its_file_alone(client: FlaskClient) -> None:
    """What the page tells everybody to do, done."""
    submit_comment("Courses, please")
    submit_comment("أريد دورات", language="ar")
    moderation.release_texts("AS-27", [1, 2], staff("moderator"))
    moderation.hide_text("AS-27", 1, "A reason.", staff("moderator"))
    answer([1, 2], reason="Ja, gern.")
    found = client.get("/rounds/AS-27/chain.json", buffered=True).get_json()
    previous, opened = "0" * 64, []
    for entry in found["entries"]:
        parts = [found["chain"]] + [
            entry[name]
            for name in (
                "sequence",
                "day",
                "role",
                "actor",
                "tag",
                "subject",
                "facts",
                "commitment",
                "previous_hash",
            )
        ]
        assert entry["previous_hash"] == previous
        previous = digest(parts)
        assert entry["entry_hash"] == previous
        if "opening" in entry:
            salt = bytes.fromhex(entry["opening"]["salt"])
            assert digest(entry["opening"]["content"], salt) == entry["commitment"]
            opened.append(entry["tag"])
    assert found["head"] == previous
    assert found["length"] == len(found["entries"])
    assert opened == ["consult:submission:release", "followup:reply:publish"], "what is hidden is not opened"
    assert previous[:8] in page(client, "check/")


def digest(value: object, salt: bytes = b"") -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + text.encode()).hexdigest()
