"""The public pages of an election, for anybody: what is elected, where it stands, what can be done now, by which rules."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from werkzeug.test import TestResponse

from core import clock
from core.localized import Localized
from elections.rules.deadlines import Step
from elections.rules.stages import ActKind, Stage
from tests.accounts.browsers import Browser, text_of
from tests.city import everything, found_city
from tests.elections.city import CODE, act, bring_to, election_facts, found_council, prepare_election, rules

PAGES = ("", "eligibility/", "rules/", "counting/", "minutes/", "kit/", "timetable.ics", "kit.en.txt")


@pytest.fixture
def prepared(app: Flask) -> Flask:
    """A city with its council, and an election that nobody sees yet."""
    found_city()
    found_council()
    prepare_election(texts={"how_to_vote": Localized.original("en", "By post, or at the town hall.")})
    return app


@pytest.fixture
def called(prepared: Flask) -> Flask:
    bring_to(Stage.CALLED)
    return prepared


def get(
    app: Flask, path: str = f"elections/{CODE}/", language: str = "en", day: date | None = None
) -> TestResponse:
    if day is None:
        return Browser(app).get(f"/{language}/{path}")
    with clock.freeze(day):
        return Browser(app).get(f"/{language}/{path}")


def day_of(step: Step) -> date:
    return election_facts().timetable[step]


def test_a_prepared_election_is_on_no_page(prepared: Flask) -> None:
    for page in (*PAGES, "poster.en.pdf", "flyer.en.pdf", "kit.en.pdf"):
        assert get(prepared, f"elections/{CODE}/{page}").status_code == 404, page
    assert get(prepared, f"elections/{CODE}.json").status_code == 404
    assert get(prepared, "elections.json").get_json() == {"elections": []}
    for page in ("elections/", ""):
        assert CODE not in get(prepared, page).text


@pytest.mark.parametrize("code", ["NO-27", "mc-27", "%00", "MC-27%20OR%201=1", "MC-27%0a", "x" * 300])
def test_a_code_that_nothing_has_is_not_found(called: Flask, code: str) -> None:
    assert get(called, f"elections/{code}/").status_code == 404
    assert get(called, f"elections/{code}.json").status_code == 404


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.PREPARED])
def test_every_page_opens_in_every_stage(prepared: Flask, stage: Stage) -> None:
    bring_to(stage)
    for page in PAGES:
        assert get(prepared, f"elections/{CODE}/{page}").status_code == 200, page
    assert get(prepared, f"elections/{CODE}.json").get_json()["stage"] == stage


def test_the_page_says_what_is_elected_when_and_by_which_rule(called: Flask) -> None:
    page = text_of(get(called))
    assert "16 seats are elected" in page
    assert "By post, or at the town hall." in page
    assert "Voting runs from Sunday, 12 March 2028, 09:00 to Sunday, 19 March 2028, 18:00" in page
    assert "a public lot decides" in page
    for step in Step:
        assert str(day_of(step).year) in page


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_page_speaks_the_readers_language(called: Flask, language: str) -> None:
    for page in PAGES[:6]:
        shown = get(called, f"elections/{CODE}/{page}", language)
        assert f'lang="{language}"' in shown.text
        for english in ("Where the election stands", "What you can do now", "How it is counted", "Next is"):
            assert english not in shown.text, (page, english)


def test_what_can_be_done_follows_the_days(called: Flask) -> None:
    during, after = day_of(Step.NOMINATIONS_CLOSE), day_of(Step.NOMINATIONS_CLOSE) + timedelta(1)
    assert "Nominate yourself" in text_of(get(called, day=during))
    assert "Nominate yourself" not in text_of(get(called, day=after))
    assert "Check whether you may vote" in text_of(get(called, day=after))


@pytest.mark.parametrize("stage", [Stage.PUBLISHED, Stage.CONCLUDED])
def test_a_finished_election_leads_to_its_result_and_council_and_asks_nobody_to_vote(
    called: Flask, stage: Stage
) -> None:
    before = text_of(get(called))
    assert "How and where you vote" in before
    assert "Read who is elected" not in before
    bring_to(stage)
    page = get(called, day=day_of(Step.ROLL_DELETED) + timedelta(30))
    assert f'href="/en/elections/{CODE}/result/"><strong>Read who is elected, and why' in page.text
    assert 'href="/en/council/migrant-council/">See who sits on the council' in page.text
    for gone in ("How and where you vote", "Nothing has to be done by you today"):
        assert gone not in page.text


def test_a_day_that_passed_without_its_act_is_shown_as_late(called: Flask) -> None:
    due = day_of(Step.CANDIDATES_PUBLISHED)
    assert "Late: Candidates are published" not in re.sub(r"\s+", " ", text_of(get(called, day=due)))
    late = re.sub(r"\s+", " ", text_of(get(called, day=due + timedelta(1))))
    assert "Late: Candidates are published" in late


def test_the_list_parts_what_runs_comes_and_is_past(prepared: Flask) -> None:
    prepare_election(code="MC-26", title=Localized.original("en", "The one before"))
    bring_to(Stage.CONCLUDED, "MC-26")
    bring_to(Stage.CALLED)
    before = day_of(Step.NOMINATIONS_OPEN) - timedelta(1)
    coming = text_of(get(prepared, "elections/", day=before))
    assert (
        coming.index("No election runs today") < coming.index("Coming") < coming.index("Migrant council 2028")
    )
    assert coming.index("Past") < coming.index("The one before")
    assert "No election runs today" not in text_of(
        get(prepared, "elections/", day=day_of(Step.NOMINATIONS_OPEN))
    )


def test_an_election_that_runs_stands_on_the_front_door(called: Flask) -> None:
    assert CODE in get(called, "").text
    bring_to(Stage.CONCLUDED)
    assert CODE not in get(called, "").text


def test_the_calendar_has_every_day_of_the_timetable(called: Flask) -> None:
    answer = get(called, f"elections/{CODE}/timetable.ics", "de")
    assert answer.content_type == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.text)
    days = {event.decoded("dtstart") for event in calendar.walk("VEVENT")}
    assert days == set(election_facts().timetable.values())
    assert len({str(event["uid"]) for event in calendar.walk("VEVENT")}) == len(Step)


def test_who_may_vote_is_answered_by_the_elections_own_rules_and_not_kept(called: Flask) -> None:
    before = everything()
    page = Browser(called).post(
        f"/en/elections/{CODE}/eligibility/",
        {
            "born_on-day": "17",
            "born_on-month": "5",
            "born_on-year": "1991",
            "lives_here": "yes",
            "resident_since-day": "2",
            "resident_since-month": "3",
            "resident_since-year": "2019",
            "citizenship": "foreign",
        },
    )
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "By what you said, you may vote." in text_of(page)
    assert "Migrant council 2028" in page.text
    assert everything() == before


@pytest.mark.parametrize("key", ["regions", "lists", "cumulative", "stv"])
def test_an_example_is_counted_by_the_very_rule_with_its_reasons(app: Flask, key: str) -> None:
    found_city()
    found_council()
    prepare_election(rules(key))
    bring_to(Stage.CALLED)
    counted = rules(key).counting
    page = get(app, f"elections/{CODE}/counting/")
    assert page.status_code == 200
    assert len(re.findall(r"Seat \d+", text_of(page))) == counted.seats
    assert "A lot must be drawn" not in page.text
    reasons = {
        "regions": "has most votes",
        "lists": "List A",
        "cumulative": "has most votes",
        "stv": "quota",
    }
    assert reasons[key] in page.text
    shown = text_of(get(app, f"elections/{CODE}/rules/"))
    assert "Who may vote" in shown
    assert rules(key).citation.rule[:30] in shown.replace("&#39;", "'")


def test_the_minutes_tell_acts_days_persons_and_reasons_but_no_names(called: Flask) -> None:
    act(ActKind.ABANDON, reason="The hall <b>burnt</b> down.")
    page = get(called, f"elections/{CODE}/minutes/")
    told = re.sub(r"\s+", " ", text_of(page))
    assert "The election was called" in told
    assert "The election was abandoned" in told
    assert "The hall &lt;b&gt;burnt&lt;/b&gt; down." in page.text
    entries = get(called, f"elections/{CODE}.json").get_json()["minutes"]
    assert [(entry["act"], entry["persons"]) for entry in entries] == [("call", 1), ("abandon", 2)]
    assert set(entries[0]) == {"act", "stage", "day", "performed", "persons", "reason"}


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_poster_flyer_and_kit_come_in_every_language_of_the_election(called: Flask, language: str) -> None:
    for name in ("poster", "flyer", "kit"):
        made = get(called, f"elections/{CODE}/{name}.{language}.pdf")
        assert made.data.startswith(b"%PDF-1.7")
        assert len(made.data) > 5_000
    text = get(called, f"elections/{CODE}/kit.{language}.txt")
    assert text.content_type == "text/plain; charset=utf-8"
    assert text.text.count(f"\nhttp://answerable.test/{language}/elections/{CODE}/\n") == 5


@pytest.mark.parametrize("language", ["fr", "xx", "../../en", "EN"])
def test_no_paper_comes_in_a_language_that_the_election_is_not_held_in(called: Flask, language: str) -> None:
    for page in (f"poster.{language}.pdf", f"kit.{language}.txt"):
        assert get(called, f"elections/{CODE}/{page}").status_code == 404
