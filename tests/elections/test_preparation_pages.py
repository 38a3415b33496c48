"""Preparing an election at the desk: from a preset, with other days and figures, and only before the call."""

from __future__ import annotations

import pytest
from flask import Flask

from elections.models.elections import Election
from elections.rules.stages import Stage
from tests.city import everything, found_city, rows
from tests.elections.city import BODY, bring_to, election, found_council, prepare_election
from tests.elections.desk import ElectionDesk
from tests.office import text_of, typed


@pytest.fixture(autouse=True)
def founded(app: Flask) -> None:
    found_city()
    found_council()


def day(name: str, written: str) -> dict[str, str]:
    """The three boxes of a day, from ``19.3.2028``."""
    return dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), written.split("."), strict=True))


NEW = {
    "code": "mc-28",
    "body": BODY,
    "preset": "lists-nrw-2025",
    "department": "integration",
    **day("election_day", "19.3.2028"),
    "opens_hour": "8:00",
    "closes_hour": "١٨:٠٠",
    **day("term_begins_on", "1.5.2028"),
    **day("term_ends_on", "30.4.2033"),
    "language": "en",
    "languages": ["en", "ar"],
    "title_en": "Migrant council 2028",
    "title_ar": "مجلس المهاجرين 2028",
    "summary_en": "Nine people speak for all who came.",
}


def test_an_election_is_prepared_and_its_days_are_computed_to_be_adjusted(app: Flask) -> None:
    officer = ElectionDesk(app, "returning_officer", "MC-28")
    sent = officer.send("/office/elections/new", NEW)
    assert sent.location.endswith("/office/elections/MC-28/change")
    found = election("MC-28")
    assert found.stage == Stage.PREPARED
    assert found.rule_set["key"] == "lists-nrw-2025"
    assert found.languages == ["en", "ar"]
    assert found.voting_closes_at.isoformat() == "2028-03-19T17:00:00+00:00"
    page = officer.open("/change")
    assert typed(page, "nominations_close-year") in ("2027", "2028")
    assert typed(page, "closes_hour") == "18:00"
    assert typed(page, "title_ar") == "مجلس المهاجرين 2028"


def test_all_that_is_wrong_with_a_new_election_stands_beside_its_fields_and_nothing_is_lost(
    app: Flask,
) -> None:
    officer = ElectionDesk(app, "returning_officer")
    before = everything()
    wrong = {
        **NEW,
        "code": "28",
        "closes_hour": "late",
        **day("election_day", "30.2.2028"),
        "title_en": "",
        "languages": [],
    }
    refused = officer.send("/office/elections/new", wrong)
    assert refused.status_code == 422
    said = text_of(refused)
    assert "Write an hour such as 18:00." in said
    assert "Write a day that exists" in said
    assert "Nine people speak for all who came." in refused.text
    half_right = {**wrong, "closes_hour": "18:00", **day("election_day", "19.3.2028")}
    half_right |= day("term_ends_on", "1.1.2028")
    refused = officer.send("/office/elections/new", half_right)
    for name in ("code", "term_ends_on-day", "title_en", "languages"):
        assert f'href="#{name}' in refused.text, name
    assert "The term must end after it begins." in text_of(refused)
    assert everything() == before


@pytest.mark.parametrize("year", ["1999", "2101", "9999", "99999999999"])
def test_a_year_that_nobody_can_mean_is_refused(app: Flask, year: str) -> None:
    officer = ElectionDesk(app, "returning_officer")
    refused = officer.send("/office/elections/new", {**NEW, **day("election_day", f"19.3.{year}")})
    assert refused.status_code == 422
    assert rows(Election) == []


@pytest.mark.parametrize(
    "hostile", ["\u202eMC-28", "MC-28'; --", "<script>", "MC-" + "2" * 5000, "MC-28\u0000", "🗳️-28"]
)
def test_a_hostile_code_makes_no_election_or_a_clean_one(app: Flask, hostile: str) -> None:
    officer = ElectionDesk(app, "returning_officer")
    officer.send("/office/elections/new", {**NEW, "code": hostile})
    assert [found.code for found in rows(Election)] in ([], ["MC-28"])


def test_days_that_contradict_each_other_stand_beside_the_later_one_all_at_once(app: Flask) -> None:
    prepare_election()
    officer = ElectionDesk(app, "returning_officer")
    shown = officer.open("/change")
    fields = {**officer.fields(shown), **_typed_days(officer), "language": "en", "languages": ["en", "de"]}
    fields |= {"opens_hour": "8:00", "closes_hour": "18:00", "title_en": "Migrant council 2028"}
    fields |= day("nominations_close", "1.1.2027") | day("roll_deleted", "1.2.2027")
    refused = officer.post("/change", fields)
    assert refused.status_code == 422
    said = text_of(refused)
    assert "“Nominations open” must come before “Nominations close”" in said
    assert "must come before “The roll is deleted”" in said
    assert 'href="#nominations_close-day"' in refused.text
    assert 'href="#roll_deleted-day"' in refused.text

    fields |= _typed_days(officer) | day("roll_deleted", "24.12.2028")
    assert officer.post("/change", fields).status_code == 302
    assert election().timetable["roll_deleted"] == "2028-12-24"
    assert election().languages == ["en", "de"]


def _typed_days(officer: ElectionDesk) -> dict[str, str]:
    return officer.days(officer.open("/change"))


def test_the_rules_are_read_in_sentences_and_their_figures_changed(app: Flask) -> None:
    prepare_election()
    officer = ElectionDesk(app, "returning_officer")
    read = officer.read("/rules")
    assert "On 19 March 2028 you are at least 18 years old." in read
    assert "16 seats are elected." in read
    assert "A voter has up to 3 votes." in read
    figures = _figures(officer)
    sent = officer.send("/rules/change", {**figures, "supporters": "25", "window_result": "21"})
    assert sent.status_code == 302
    assert election().rule_set["supporters"] == 25
    assert "A nomination needs 25 supporters." in officer.read("/rules")
    assert "Objections to the result: within 21 days." in officer.read("/rules")


def test_contradictions_of_the_rules_are_named_each_beside_its_figure(app: Flask) -> None:
    prepare_election()
    officer = ElectionDesk(app, "returning_officer")
    before = everything()
    wrong = {
        "seats": "15",
        "votes_per_voter": "40",
        "deadline_nominations_close": "-90",
        "window_roll": "999",
    }
    refused = officer.send("/rules/change", {**_figures(officer), **wrong})
    assert refused.status_code == 422
    for name in ("seats", "votes_per_voter", "deadline_nominations_close", "window_roll"):
        assert f'href="#{name}"' in refused.text, name
    letters = officer.send("/rules/change", {**_figures(officer), "seats": "many", "supporters": "-3"})
    assert letters.status_code == 422
    assert everything() == before


def _figures(officer: ElectionDesk) -> dict[str, str]:
    page = officer.open("/rules/change")
    names = ["seats", "votes_per_voter", "most_per_candidate", "supporters"]
    names += [name for name in _names(page.text) if name.startswith(("group_", "window_", "deadline_"))]
    return {name: typed(page, name) for name in names}


def _names(html: str) -> list[str]:
    return [part.split('"')[0] for part in html.split('name="')[1:]]


def test_a_called_election_keeps_its_rules_and_days_at_every_door(app: Flask) -> None:
    prepare_election()
    officer = ElectionDesk(app, "returning_officer")
    figures = _figures(officer)
    fields = {**officer.fields(officer.open("/change")), **_typed_days(officer), "language": "en"}
    fields |= {"opens_hour": "8:00", "closes_hour": "18:00", "languages": "en", "title_en": "Other"}
    bring_to(Stage.CALLED)
    for path, filled in (("/rules/change", figures), ("/change", fields)):
        refused = officer.post(path, filled)
        assert refused.status_code == 409, path
        assert "It keeps its rules and days." in text_of(refused)
    assert election().title.best("en").text == "Migrant council 2028"
    assert "A called election keeps its rules and days." in officer.read("/rules")
    assert "Change the figures" not in officer.read("/rules")
