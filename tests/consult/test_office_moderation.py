"""What the public reads of a comment: released, with parts taken out, hidden, shown again."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from consult.models import PublicText
from tests.accounts.browsers import Browser
from tests.city import CODE, answer, everything, found_city, open_round, rows, submission, submit_comment
from tests.office import Desk, text_of, typed


@pytest.fixture
def moderator(app: Flask) -> Desk:
    found_city()
    open_round()
    for number in range(1, 5):
        submit_comment(f"Secret number {number}", "1")
    return Desk(app, "moderator")


@pytest.fixture
def resident(moderator: Desk, app: Flask) -> Browser:
    return Browser(app)


def public_page(resident: Browser) -> str:
    return text_of(resident.get(f"/rounds/{CODE}/register/"))


def picks(page: TestResponse) -> list[int]:
    """The numbers of the texts in a list."""
    return [int(number) for number in re.findall(r'name="pick" value="(\d+)"', page.text)]


def release(desk: Desk, *numbers: int) -> object:
    return desk.send("/texts/release", {"pick": [str(n) for n in numbers]}, page="/texts/")


def test_chosen_texts_are_released_and_nothing_else(moderator: Desk, resident: Browser) -> None:
    assert "Secret" not in public_page(resident)
    release(moderator, 1, 3)
    assert "2 texts are public now." in moderator.read("/texts/")
    said = public_page(resident)
    assert [n for n in range(1, 5) if f"Secret number {n}" in said] == [1, 3]
    assert "Secret number 2" in moderator.read("/texts/")
    assert "Secret number 1" not in moderator.read("/texts/")
    assert "Secret number 1" in moderator.read("/texts/?list=released")


def test_of_a_selection_with_a_hidden_text_nothing_is_released(moderator: Desk) -> None:
    page = moderator.open("/texts/")
    moderator.send("/texts/2/hide", {"reason": "A name."}, page="/texts/2/")
    before = everything()
    refused = moderator.post("/texts/release", {**moderator.fields(page), "pick": ["1", "2"]})
    assert refused.status_code == 422
    assert "The text of number 2 is hidden." in text_of(refused)
    assert everything() == before


@pytest.mark.parametrize("pick", [[], ["0"], ["x"], ["99"], ["99999999999999"]])
def test_a_damaged_choice_releases_nothing(moderator: Desk, pick: list[str]) -> None:
    assert moderator.post("/texts/release", {"pick": pick}).status_code in (404, 422)
    assert not rows(PublicText)


def test_parts_are_taken_out_of_a_copy_and_the_original_stays(moderator: Desk, resident: Browser) -> None:
    page = moderator.open("/texts/2/")
    assert typed(page, "text") == "Secret number 2"
    reason = "It names a child."
    changed = {**moderator.fields(page), "text": "[…] number 2", "reason": reason}
    sent = moderator.post("/texts/2/release-redacted", changed)
    assert sent.location.endswith("/texts/3/"), "and on to the next text that waits"
    assert "[…] number 2" in public_page(resident)
    assert "Secret number 2" not in public_page(resident)
    assert f"An officer took out passages. The reason: {reason}" in text_of(
        resident.get(f"/rounds/{CODE}/register/2/")
    )
    assert typed(moderator.open("/texts/2/"), "reason") == reason, "and it need not be typed again"
    assert submission(2).text == "Secret number 2"
    assert "As it was written Secret number 2" in moderator.read("/texts/2/")


def test_an_empty_copy_is_refused_and_kept_in_the_form(moderator: Desk) -> None:
    page = moderator.send("/texts/2/release-redacted", {"text": "  "}, page="/texts/2/")
    assert page.status_code == 422
    assert not rows(PublicText)


def test_taking_parts_out_needs_a_reason_and_keeps_what_was_typed(moderator: Desk) -> None:
    typed_in = {"text": "[…] number 2", "reason": " "}
    page = moderator.send("/texts/2/release-redacted", typed_in, page="/texts/2/")
    assert page.status_code == 422
    assert "Write why parts are taken out." in text_of(page)
    assert typed(page, "text") == "[…] number 2"
    assert not rows(PublicText)


def test_hiding_needs_a_reason(moderator: Desk) -> None:
    page = moderator.send("/texts/1/hide", {"reason": " "}, page="/texts/1/")
    assert page.status_code == 422
    assert "Write why the text is hidden." in text_of(page)
    assert submission(1).hidden_on is None


def test_a_hidden_text_keeps_number_outcome_and_answer_in_public(moderator: Desk, resident: Browser) -> None:
    release(moderator, 1)
    answer([1], reason="We thank you for this.")
    assert (
        moderator.send("/texts/1/hide", {"reason": "It names a child."}, page="/texts/1/").status_code == 302
    )
    said = text_of(resident.get(f"/rounds/{CODE}/register/1/"))
    assert "Secret number 1" not in said
    for part in ("AS-27-0001", "Noted", "We thank you for this.", "It names a child."):
        assert part in said, part
    assert "Secret number 1" not in public_page(resident)
    assert "AS-27-0001" in public_page(resident)


def test_a_text_that_is_shown_again_is_public_as_before(moderator: Desk, resident: Browser) -> None:
    release(moderator, 1)
    moderator.send("/texts/1/hide", {"reason": "A mistake."}, page="/texts/1/")
    assert moderator.send("/texts/1/show", page="/texts/1/").status_code == 302
    assert "Secret number 1" in public_page(resident)
    again = moderator.post("/texts/1/show")
    assert again.status_code == 422
    assert "is not hidden" in text_of(again)


def test_the_language_of_a_comment_is_corrected(moderator: Desk) -> None:
    sent = moderator.send("/texts/1/correct-language", {"language": "tr"}, page="/texts/1/")
    assert sent.status_code == 302
    assert submission(1).language == "tr"
    for wrong in ("", "xx", "klingon", "de\x00"):
        page = moderator.send("/texts/1/correct-language", {"language": wrong}, page="/texts/1/")
        assert page.status_code == 422, wrong
    assert submission(1).language == "tr"


def test_a_page_holds_fifty_texts_and_leads_to_the_next(sqlite_app: Flask) -> None:
    found_city()
    open_round()
    for number in range(1, 56):
        submit_comment(f"Text {number}")
    desk = Desk(sqlite_app, "moderator")
    first = desk.open("/texts/")
    assert first.text.count('name="pick"') == 50
    second = desk.open("/texts/?list=waiting&after=50")
    assert second.text.count('name="pick"') == 5
    assert ('rel="prev"' in first.text, 'rel="next"' in first.text) == (False, True)
    assert ('rel="prev"' in second.text, 'rel="next"' in second.text) == (True, False)
    back = desk.open("/texts/?list=waiting&before=51")
    assert picks(back) == picks(first), "and the way back leads to the same fifty"
    assert ('rel="prev"' in back.text, 'rel="next"' in back.text) == (False, True)
    assert picks(desk.open("/texts/?after=55")) == picks(first), (
        "a page that emptied leads back to what is left"
    )
    assert picks(desk.open("/texts/?list=waiting&before=53")) == list(range(3, 53))
    assert "To release 55" in text_of(first)


@pytest.mark.parametrize(
    "place", ["before=0", "before=x", "before=-1", "before=99999999999", "after=2&before=2"]
)
def test_a_place_in_the_list_that_makes_no_sense_still_shows_the_list(moderator: Desk, place: str) -> None:
    assert moderator.open(f"/texts/?{place}").status_code == 200
    assert moderator.open(f"/?queue=answered&{place}").status_code == 200


@pytest.mark.parametrize("path", ["/texts/99/", "/texts/2147483648/", "/texts/0/", "/texts/x/"])
def test_a_text_that_does_not_exist_is_not_found(moderator: Desk, path: str) -> None:
    assert moderator.open(path).status_code == 404


def test_an_officer_can_do_what_a_moderator_can(moderator: Desk, app: Flask, resident: Browser) -> None:
    officer = Desk(app, "officer")
    assert release(officer, 4).status_code == 302  # type: ignore[attr-defined]
    assert "Secret number 4" in public_page(resident)
