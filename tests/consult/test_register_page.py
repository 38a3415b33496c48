"""The public register: every number, what is public of it, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from consult.services import drafts, moderation, rounds
from consult.services.submissions import reconsider, withdraw
from core import clock
from core.db import db
from followup.services.promises import extend_due_day
from followup.services.receipts import Contact
from tests.city import (
    AFTER_CLOSING,
    DRAFT,
    DUE,
    answer,
    draft_answer,
    found_city,
    open_round,
    register_id,
    staff,
    submit_comment,
)

REGISTER = "/en/rounds/AS-27/register/"


@pytest.fixture(autouse=True)
def _city(app: Flask) -> None:
    found_city()
    open_round()


def release(*numbers: int) -> None:
    moderation.release_texts("AS-27", numbers, staff("moderator"))


def page(client: FlaskClient, query: str = "", path: str = REGISTER) -> str:
    answer = client.get(path + query, buffered=True)
    assert answer.status_code == 200
    return answer.text


def numbers(html: str) -> list[int]:
    """The register numbers of the rows, in the order in which they stand."""
    return [int(n) for n in re.findall(r'<a class="a-ticket"[^>]*><bdi dir="ltr">AS-27-(\d+)</bdi>', html)]


def row(html: str, number: int) -> str:
    """The row of one number."""
    rows = re.findall(r'<tr class="govuk-table__row" role="row">.*?</tr>', html, re.DOTALL)
    return next(found for found in rows if f"AS-27-{number:04d}" in found)


# What is shown -------------------------------------------------------------------------------------------------------


def test_a_number_and_its_measure_are_public_at_once_and_the_text_is_not(client: FlaskClient) -> None:
    submit_comment("My secret wish", "2")
    html = page(client)
    assert "AS-27-0001" in html
    assert "Measure 2" in row(html, 1)
    assert "Not public yet" in row(html, 1)
    assert "secret" not in html


def test_a_released_text_stands_in_its_own_language_and_direction(client: FlaskClient) -> None:
    submit_comment("أريد دورات مسائية", language="ar")
    release(1)
    assert '<div lang="ar" dir="rtl">أريد دورات مسائية</div>' in page(client)


def test_a_hidden_text_keeps_number_measure_outcome_and_answer(client: FlaskClient) -> None:
    submit_comment("Frau Meier from number 5 is loud", "1")
    release(1)
    moderation.hide_text("AS-27", 1, "It names a neighbour.", staff("moderator"))
    answer([1], reason="We talk to everybody.")
    found = row(page(client), 1)
    assert "Meier" not in found
    assert "It names a neighbour." in found
    assert "Measure 1" in found
    assert "Noted" in found
    assert "We talk to everybody." in found


def test_a_withdrawn_comment_keeps_its_number_and_its_answer(client: FlaskClient) -> None:
    receipt = submit_comment("My secret wish")
    release(1)
    withdraw(receipt.code)
    answer([1])
    found = row(page(client), 1)
    assert "Withdrawn by its author" in found
    assert "We keep this in mind." in found
    assert "secret" not in found


def test_a_redacted_text_is_shown_as_it_was_released(client: FlaskClient) -> None:
    submit_comment("Call me: 0170 1234567")
    moderation.release_redacted(
        "AS-27", 1, "Call me: […]", "", "It holds a private number.", staff("moderator")
    )
    html = page(client)
    assert "Call me: […]" in html
    assert "1234567" not in html


def test_a_name_is_shown_only_on_request_and_with_its_text(client: FlaskClient) -> None:
    submit_comment("One", name="Amal Haddad", publish_name=True)
    submit_comment("Two", name="Bogdan Ilić", publish_name=False)
    assert "Amal" not in page(client), "not before somebody has looked at it"
    release(1, 2)
    html = page(client)
    assert "Amal Haddad" in html
    assert "Bogdan" not in html


def test_an_answer_in_work_is_not_shown(client: FlaskClient) -> None:
    submit_comment()
    draft_answer([1], reason="Our secret draft")
    html = page(client)
    assert "secret draft" not in html
    assert "Waiting" in row(html, 1)


def test_a_second_look_has_a_number_of_its_own_and_names_the_first(client: FlaskClient) -> None:
    receipt = submit_comment("Evening courses", "3")
    answer([1])
    reconsider(receipt.code, "You misread my secret", "en")
    html = page(client)
    assert numbers(html) == [1, 2]
    assert "Request to look again at number 1" in row(html, 2)
    assert "Measure 3" in row(html, 2)
    assert "secret" not in html


def test_numbers_run_without_a_gap_whatever_happens_to_texts(client: FlaskClient) -> None:
    codes = [submit_comment(f"Comment {n}").code for n in range(6)]
    release(1, 2, 3)
    moderation.hide_text("AS-27", 2, "A reason.", staff("moderator"))
    withdraw(codes[4])
    answer([1, 5])
    reconsider(codes[0], "No.", "en")
    assert numbers(page(client)) == [1, 2, 3, 4, 5, 6, 7]


def test_an_overdue_number_says_so_and_counts(client: FlaskClient) -> None:
    submit_comment()
    with clock.freeze(DUE + timedelta(days=3)):
        html = page(client)
    assert "Overdue" in row(html, 1)
    assert "Was due on" in row(html, 1)
    assert re.search(r'<div class="a-counter__overdue"><dt>overdue</dt><dd>1</dd>', html)
    assert "a-clock--overdue" in html


def test_an_extension_keeps_the_common_clock_from_claiming_lateness(client: FlaskClient) -> None:
    submit_comment()
    extend_due_day(register_id(), [1], DUE + timedelta(days=30), "en", "Illness.", staff("officer"))
    with clock.freeze(DUE + timedelta(days=3)):
        html = page(client)
    assert "1 answer got a later day, in public" in html
    assert "a-clock--overdue" not in html


def test_a_concluded_round_says_when(client: FlaskClient) -> None:
    submit_comment()
    answer([1])
    with clock.freeze(AFTER_CLOSING):
        rounds.conclude_round("AS-27", staff("officer"))
        assert "This round was concluded on" in page(client)


def test_contacts_and_codes_are_nowhere(client: FlaskClient) -> None:
    receipt = submit_comment("Hello", contact=Contact("email", "amal@example.org", "en"))
    release(1)
    answer([1])
    for path in (REGISTER, REGISTER + "1/", "/rounds/AS-27/register.json", "/rounds/AS-27/chain.json"):
        text = page(client, path=path)
        assert "amal@" not in text
        assert receipt.code not in text
        assert receipt.code[:12] not in text


def test_a_round_that_is_not_public_has_no_register(client: FlaskClient) -> None:
    open_round("NB-27", publish=False)
    for path in (
        "register/",
        "register/1/",
        "register/check/",
        "register.csv",
        "register.json",
        "chain.json",
    ):
        assert client.get(f"/rounds/NB-27/{path}").status_code == 404


@pytest.mark.parametrize("code", ["XX-99", "%00", "A" * 300, "AS-27%00"])
def test_an_unknown_code_is_not_found(client: FlaskClient, code: str) -> None:
    assert client.get(f"/rounds/{code}/register/").status_code == 404


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_language_has_the_page(client: FlaskClient, language: str) -> None:
    submit_comment()
    answer([1])
    html = page(client, path=f"/{language}/rounds/AS-27/register/")
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in html


# Filters -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(app: Flask) -> None:
    """Eight comments that differ in everything one can filter by."""
    submit_comment("A night bus to the harbour", "1", kind="support")
    submit_comment("Ein Nachtbus, bitte", "2", language="de", author_kind="ngo")
    submit_comment("حافلة ليلية من فضلكم", "1", language="ar", channel="phone")
    submit_comment("请在晚上加开公交车", "3", language="zh")
    submit_comment("Straße und Fußweg", "", language="de", channel="paper")
    submit_comment("100% of buses_at night", "1")
    submit_comment("My secret bus", "2")
    submit_comment("The bus driver Meier", "2")
    release(1, 2, 3, 4, 5, 6, 8)
    moderation.hide_text("AS-27", 8, "It names somebody.", staff("moderator"))
    answer([1, 2], outcome="accepted")
    answer([3], outcome="not_accepted")
    answer([4], outcome="noted")


FILTERS = {
    "outcome=accepted": [1, 2],
    "outcome=waiting": [5, 6, 7, 8],
    "outcome=noted": [4],
    "measure=1": [1, 3, 6],
    "measure=whole": [5],
    "author=ngo": [2],
    "language=de": [2, 5],
    "language=ar": [3],
    "channel=phone": [3],
    "word=bus": [1, 2, 6],
    "word=NIGHT bus": [1, 6],
    "word=حافلة": [3],
    "word=公交": [4],
    "word=strasse": [5],
    "word=fussweg": [5],
    "word=100%25": [6],
    "word=%25": [6],
    "word=_": [6],
    "word=secret": [],
    "word=Meier": [],
    "word=4": [4],
    "word=AS-27-0005": [5],
    "word=٣": [3],
    "word=100": [6],
    "word=bus&measure=1&outcome=accepted": [1],
    "word=bus&language=de&author=ngo&channel=web&outcome=accepted&measure=2": [2],
    "measure=1&outcome=noted": [],
}


def test_filters_choose_rows_and_go_together(client: FlaskClient, mixed: None) -> None:
    pages = {query: page(client, f"?{query}") for query in FILTERS}
    assert {query: numbers(html) for query, html in pages.items()} == FILTERS
    assert all("Show all again" in html for html in pages.values())


UNKNOWN = (
    "outcome=x",
    "measure=99",
    "author=x",
    "language=<b>",
    "channel=x",
    "after=x",
    "after=-1",
    "before=%00",
    "x=1",
)


def test_what_the_register_does_not_know_is_left_out(client: FlaskClient, mixed: None) -> None:
    found = {query: numbers(page(client, f"?{query}")) for query in UNKNOWN}
    assert found == {query: [1, 2, 3, 4, 5, 6, 7, 8] for query in UNKNOWN}


def test_hostile_words_break_nothing_and_are_never_markup(client: FlaskClient, mixed: None) -> None:
    for word in ("%00", "%ed%a0%80", "%e2%80%ae", "'%22<script>", "a" * 5000, "9" * 400):
        assert "'\"<script>" not in page(client, f"?word={word}")


def test_what_was_chosen_stays_in_the_form(client: FlaskClient, mixed: None) -> None:
    html = page(client, "?word=night+bus&outcome=accepted&language=en")
    assert 'value="night bus"' in html
    assert '<option value="accepted" selected>' in html
    assert '<option value="en" selected>' in html


def test_a_second_look_is_filtered_with_its_comment(client: FlaskClient) -> None:
    receipt = submit_comment("Courses", "3")
    answer([1])
    reconsider(receipt.code, "Nein", "de")
    assert numbers(page(client, "?measure=3")) == [1, 2]
    assert numbers(page(client, "?language=de")) == [2]
    assert numbers(page(client, "?channel=paper")) == []
    assert numbers(page(client, "?outcome=waiting")) == [2]
    assert numbers(page(client, "?word=2")) == [2]


def test_a_comment_on_an_older_version_of_a_measure_is_found_by_its_number(client: FlaskClient) -> None:
    submit_comment("On the first version", "2")
    drafts.import_draft("AS-27", DRAFT, staff("officer"))
    submit_comment("On the second version", "2")
    assert numbers(page(client, "?measure=2")) == [1, 2]


# Pages ---------------------------------------------------------------------------------------------------------------


def link(html: str, way: str) -> str | None:
    found = re.search(rf'href="([^"]*)" rel="{way}"', html)
    return found[1].replace("&amp;", "&") if found else None


def test_a_long_register_is_read_page_by_page_and_back(client: FlaskClient) -> None:
    for n in range(112):
        submit_comment(f"Comment {n}", "12"[n % 2])
    first = page(client)
    assert numbers(first) == list(range(1, 51))
    assert "1 to 50 of 112" in first
    assert link(first, "prev") is None
    second = page(client, path=link(first, "next") or "")
    assert numbers(second) == list(range(51, 101))
    third = page(client, path=link(second, "next") or "")
    assert numbers(third) == list(range(101, 113))
    assert link(third, "next") is None
    assert numbers(page(client, path=link(third, "prev") or "")) == list(range(51, 101))
    back = page(client, path=link(second, "prev") or "")
    assert numbers(back) == list(range(1, 51))
    assert link(back, "prev") is None


def test_pages_keep_the_filter(client: FlaskClient) -> None:
    for n in range(112):
        submit_comment(f"Comment {n}", "12"[n % 2])
    first = page(client, "?measure=2")
    second = page(client, path=link(first, "next") or "")
    assert numbers(second) == [102, 104, 106, 108, 110, 112]


def test_a_page_asks_the_database_as_often_for_fifty_rows_as_for_one(app: Flask, client: FlaskClient) -> None:
    def asked() -> int:
        statements: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", count)
        try:
            page(client)
        finally:
            event.remove(db.engine, "before_cursor_execute", count)
        assert not [s for s in statements if "count(" in s.lower()], "nothing counts the register"
        return len([s for s in statements if s.lstrip().upper().startswith("SELECT")])

    submit_comment()
    release(1)
    answer([1])
    one = asked()
    for n in range(49):
        submit_comment(f"Comment {n}", "123"[n % 3])
    release(*range(2, 51))
    for number in range(2, 51):
        answer([number], reason=f"Reason {number}")
    assert asked() == one <= 6
