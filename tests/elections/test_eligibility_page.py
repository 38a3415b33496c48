"""The self-check: anyone, in their language, line by line, and nothing of it is kept."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.test import TestResponse

from core.settings import Settings
from elections.eligibility.checklists import Note
from elections.eligibility.composed import AllOf, AnyOf, Not
from elections.eligibility.criteria import Age, FirstGeneration, LawfulStay, evaluate
from elections.eligibility.facts import Citizenship, Days, Exclusion, Facts, Purpose
from elections.eligibility.periods import years
from elections.messages import eligibility as words
from elections.rules import presets
from elections.views import eligibility as views
from tests.accounts.browsers import Browser, hidden_fields, text_of
from tests.city import everything, found_city
from tests.consult.resident import errors_of

LEIPZIG, NRW = presets.REGIONS.key, presets.LISTS.key


def day(name: str, value: str) -> dict[str, str]:
    """A day as the three boxes send it, from ``2027-09-12``."""
    year, month, number = value.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


ELIGIBLE: dict[str, Any] = {
    **day("election_day", "2027-11-07"),
    **day("born_on", "1991-05-17"),
    "lives_here": "yes",
    **day("resident_since", "2019-03-02"),
    "citizenship": ["foreign"],
}


def ask(app: Flask, answers: dict[str, Any], rules: str = LEIPZIG, language: str = "en") -> TestResponse:
    """Fill in the questions and press the button."""
    return Browser(app).post(f"/{language}/eligibility/", {"rules": rules, **answers})


def lines(page: TestResponse) -> list[tuple[str, str, str]]:
    """Each line of the checklists: what is asked, the verdict, and why."""
    found = []
    for row in re.findall(r"<tr [^>]*>(.*?)</tr>", page.text, re.DOTALL):
        if 'scope="row"' in row:
            cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            asked, verdict, why = (
                " ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split()) for cell in cells
            )
            found.append((asked, verdict, why))
    return found


def test_whoever_meets_everything_reads_so_and_what_to_do_next(sqlite_app: Flask) -> None:
    page = ask(sqlite_app, ELIGIBLE)
    assert page.status_code == 200
    assert "By what you said, you may vote" in text_of(page)
    assert "By what you said, you may stand for election" in text_of(page)
    assert "apply for the roll by Sunday, 24 October 2027" in text_of(page)
    assert "Hand in your nomination by Wednesday, 13 October 2027." in text_of(page)
    assert [verdict for _asked, verdict, _why in lines(page)] == ["Met"] * 6


def test_a_refusal_names_the_line_the_day_and_the_way_to_object(sqlite_app: Flask) -> None:
    page = ask(sqlite_app, {**ELIGIBLE, **day("resident_since", "2027-08-30")})
    assert "By what you said, you may not vote in this election" in text_of(page)
    assert lines(page)[1] == (
        "On 7 November 2027 your main residence has been in the city for at least 3 months.",
        "Not met",
        "You have lived here long enough only from Tuesday, 30 November 2027 on. "
        "From Tuesday, 30 November 2027 on you meet this, and can take part in the next election.",
    )
    assert "object by Sunday, 24 October 2027" in text_of(page)


def test_a_question_left_open_is_not_known_and_says_which_paper_helps(sqlite_app: Flask) -> None:
    page = ask(sqlite_app, {**ELIGIBLE, "citizenship": ["not_known"]})
    assert "We cannot tell yet whether you may vote" in text_of(page)
    _asked, verdict, why = lines(page)[2]
    assert verdict == "Not known"
    assert "Bring your passport or naturalisation certificate to the city office by" in why


def test_nothing_needs_to_be_answered(sqlite_app: Flask) -> None:
    page = ask(sqlite_app, {})
    assert page.status_code == 200
    assert [verdict for _asked, verdict, _why in lines(page)] == ["Not known"] * 6
    assert "for an election on Tuesday, 14 September 2027" in text_of(page)
    assert "Applying for the roll ended" not in text_of(page)


@pytest.mark.parametrize(
    ("chosen", "verdict"),
    [
        (["foreign"], "Met"),
        (["naturalised"], "Met"),
        (["foreign", "not_known"], "Met"),
        (["none"], "Not met"),
        (["not_known"], "Not known"),
        ([], "Not known"),
    ],
)
def test_groups_are_read_as_they_are_meant(sqlite_app: Flask, chosen: list[str], verdict: str) -> None:
    assert lines(ask(sqlite_app, {**ELIGIBLE, "citizenship": chosen}))[2][1] == verdict


@pytest.mark.parametrize(
    ("rules", "asked", "not_asked"),
    [
        (
            LEIPZIG,
            {"born_on-day", "lives_here", "citizenship"},
            {"stays_lawfully", "exclusions", "supporters"},
        ),
        (NRW, {"stays_lawfully", "exclusions", "on_another_list"}, {"supporters", "born_abroad"}),
    ],
)
def test_only_what_the_rules_need_is_asked(
    sqlite_app: Flask, rules: str, asked: set[str], not_asked: set[str]
) -> None:
    page = Browser(sqlite_app).get(f"/en/eligibility/?rules={rules}")
    names = set(re.findall(r'name="([^"]+)"', page.text))
    assert asked <= names
    assert not not_asked & names
    groups = set(re.findall(r'name="citizenship" type="checkbox" value="([^"]+)"', page.text))
    assert ("dual" in groups) is (rules == NRW)


def test_without_a_choice_the_newest_rules_are_shown_and_each_preset_can_be_had(sqlite_app: Flask) -> None:
    browser = Browser(sqlite_app)
    assert hidden_fields(browser.get("/en/eligibility/"))["rules"] == presets.CUMULATIVE.key
    for rules in presets.PRESETS:
        page = browser.get(f"/en/eligibility/?rules={rules.key}")
        assert rules.citation.rule in text_of(page)
        assert "inferred" in text_of(page) or rules is not presets.REGIONS


def test_rules_that_do_not_exist_are_not_found(sqlite_app: Flask) -> None:
    assert Browser(sqlite_app).get("/en/eligibility/?rules=<b>x").status_code == 404
    assert ask(sqlite_app, {}, rules="no-such-rules").status_code == 404


def test_the_answer_is_arabic_from_right_to_left_for_an_arabic_reader(sqlite_app: Flask) -> None:
    page = ask(sqlite_app, {**ELIGIBLE, **day("resident_since", "2027-08-30")}, language="ar")
    assert '<html lang="ar" dir="rtl">' in page.text
    assert len(lines(page)) == 6
    for asked, verdict, why in lines(page):
        assert re.search("[\u0600-\u06ff]", asked)
        assert re.search("[\u0600-\u06ff]", verdict)
        assert not re.search("[a-z]{3}", asked + verdict + why)
    assert "30 نوفمبر 2027" in text_of(page)


def test_the_same_answers_can_be_read_in_another_language(sqlite_app: Flask) -> None:
    page = ask(sqlite_app, ELIGIBLE)
    assert 'form="check" formaction="/de/eligibility/"' in page.text
    assert 'name="born_on-year" type="text" value="1991"' in page.text
    assert re.search(r'value="foreign"[^>]* checked', page.text)


# Nothing is kept -----------------------------------------------------------------------------------------------------

CANARIES = ("1991", "17 05", "naturalised")


def test_nothing_is_written_anywhere(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], city: Settings
) -> None:
    found_city()
    before, files = everything(), _files(city.folder)
    with caplog.at_level(logging.DEBUG):
        told = ask(app, {**ELIGIBLE, "citizenship": ["naturalised"]})
        refused = ask(app, {**ELIGIBLE, **day("born_on", "1991-02-30")})
    assert (told.status_code, refused.status_code) == (200, 422)
    assert everything() == before
    assert _files(city.folder) == files
    printed = "".join(capfd.readouterr())
    for record in caplog.records:
        assert not any(canary in record.getMessage() for canary in CANARIES)
    assert not any(canary in printed for canary in CANARIES)


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_there_is_no_session_and_no_cache(sqlite_app: Flask, method: str) -> None:
    browser = Browser(sqlite_app)
    page = browser.post("/en/eligibility/", ELIGIBLE) if method == "POST" else browser.get("/en/eligibility/")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert browser.session() == {}


def test_answers_are_only_read_from_the_body(sqlite_app: Flask) -> None:
    page = Browser(sqlite_app).get(f"/en/eligibility/?rules={LEIPZIG}&born_on-year=1991&citizenship=foreign")
    assert "1991" not in page.text.replace("born_on-year=1991", "")
    assert lines(page) == []
    assert 'method="post"' in page.text


# What cannot be read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (day("born_on", "1991-02-30"), "Write a day that exists, such as 15 10 2027"),
        ({"born_on-month": ""}, "Write a day that exists, such as 15 10 2027"),
        (day("born_on", "2027-09-15"), "This day has not come yet. Write the day on which you were born"),
        (day("election_day", "1999-12-31"), "Write a day between 2000 and 2100"),
        (day("election_day", "9999-12-31"), "Write a day between 2000 and 2100"),
        ({"citizenship": ["none", "foreign"]}, "Choose either “None of these” or what applies"),
    ],
)
def test_what_cannot_be_understood_is_named_and_what_was_said_stays(
    sqlite_app: Flask, answers: dict[str, Any], error: str
) -> None:
    page = ask(sqlite_app, {**ELIGIBLE, **answers})
    assert page.status_code == 422
    assert error in errors_of(page)
    assert lines(page) == []
    assert re.search(r'value="yes"[^>]* checked', page.text)


@pytest.mark.parametrize(
    "answers",
    [
        {"born_on-day": "9" * 100_000, "born_on-month": "1", "born_on-year": "1991"},
        {"citizenship": ["martian"]},
        {"lives_here": "<script>alert(1)</script>"},
        {"born_on-year": "\x00\u202e"},
        {f"more-{number}": "x" for number in range(900)},
    ],
    ids=["endless", "unknown group", "markup", "invisible", "many fields"],
)
def test_hostile_answers_change_nothing_and_come_back_harmless(
    sqlite_app: Flask, answers: dict[str, Any]
) -> None:
    page = ask(sqlite_app, answers)
    assert page.status_code in (200, 422)
    assert "<script>alert" not in page.text
    assert len(page.text) < 80_000


def test_days_may_be_typed_in_arabic_digits(sqlite_app: Flask) -> None:
    page = ask(sqlite_app, {**ELIGIBLE, "born_on-year": "١٩٩١"})
    assert lines(page)[0][1] == "Met"


# The page of an election ---------------------------------------------------------------------------------------------


def test_an_election_shows_its_own_rules_and_days(sqlite_app: Flask) -> None:
    rules = replace(presets.REGIONS, key="ours", supporters=20, to_stand=AllOf((FirstGeneration(),)))
    timetable = rules.timetable(date(2027, 11, 7), ())
    path = "/elections/LH-27/eligibility/"
    answers = {**ELIGIBLE, "born_abroad": "yes", "supporters": "19"}
    with sqlite_app.test_request_context(f"/en{path}", method="POST", data=answers):
        html, status = views.show_check(rules, timetable, path, "Council 2027")  # type: ignore[misc]
    assert status == 200
    text = " ".join(unescape(re.sub(r"<[^>]*>", " ", str(html))).split())
    assert "Council 2027" in text
    assert "By the rules of the election on Sunday, 7 November 2027" in text
    assert "19 people support you so far. 1 supporter is missing." in text
    assert "Ask 1 more person to support you by Wednesday, 13 October 2027." in text
    assert 'name="election_day' not in html
    assert "Other rules" not in text
    assert f'action="{path}"' in html


@pytest.mark.parametrize("number", ["-1", "many", "1e3", "100001", "²"])
def test_a_number_of_supporters_must_be_a_number(sqlite_app: Flask, number: str) -> None:
    rules = replace(presets.REGIONS, supporters=20)
    with sqlite_app.test_request_context("/", method="POST", data={"supporters": number}):
        html, status = views.show_check(rules, rules.timetable(date(2027, 11, 7), ()))  # type: ignore[misc]
    assert status == 422
    assert "Write a number, such as 12" in str(html)


# Words ---------------------------------------------------------------------------------------------------------------

SAMPLES: dict[str, object] = {
    **dict.fromkeys(("day", "latest", "reached"), date(2027, 9, 12)),
    **dict.fromkeys(("count", "missing", "years"), 2),
}
ROOT = Path(views.__file__).resolve().parents[1]


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_reason_and_advice_is_a_whole_sentence_in_every_language(
    sqlite_app: Flask, language: str
) -> None:
    with sqlite_app.test_request_context(), force_locale(language):
        for code in words.SAYINGS:
            groups = list(Exclusion) if code.startswith("excluded") else list(Citizenship)
            for count in (0, 1, 2, 3, 11, 100):
                said = words.say(Note(code, {**SAMPLES, "count": count, "groups": groups}))
                assert said.endswith(".")
                assert "%" not in said


def test_every_code_of_the_checklist_has_a_sentence_and_none_is_left_over() -> None:
    source = (ROOT / "eligibility" / "criteria.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'Note\("(\w+)"', source))
    for subject in ("age", "residence", "stay"):
        codes |= {f"{subject}_met", f"{subject}_not_met", f"{subject}_unknown"}
    for subject in ("born_abroad", "no_other_list"):
        codes |= {f"{subject}_met", f"{subject}_not_met", f"{subject}_unknown"}
    for paper in ("age", "residence", "stay", "citizenship", "exclusions", "birth"):
        codes |= {f"show_{paper}", f"show_{paper}_until"}
    for advice in ("collect_supporters", "count_supporters"):
        codes |= {advice, f"{advice}_until"}
    for purpose in Purpose:
        codes |= {f"apply_to_{purpose}_until", f"apply_to_{purpose}_over"}
    assert codes == set(words.SAYINGS)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "يوم واحد"),
        (2, "يومين"),
        (3, "3 أيام"),
        (10, "10 أيام"),
        (11, "11 يومًا"),
        (99, "99 يومًا"),
        (100, "100 يوم"),
    ],
)
def test_arabic_counts_in_its_own_six_forms(sqlite_app: Flask, count: int, said: str) -> None:
    with sqlite_app.test_request_context(), force_locale("ar"):
        assert said in words.say(Note("object_within", {"count": count}))


def test_composed_criteria_are_shown_with_their_parts(sqlite_app: Flask) -> None:
    asked = AllOf((AnyOf((Age(18), LawfulStay(years(8)))), Not(FirstGeneration())))
    days = Days(date(2027, 9, 12), date(2027, 6, 1))
    checklist = evaluate(asked, Facts(born_on=date(2000, 1, 1), born_abroad=True), days)
    with sqlite_app.test_request_context(), force_locale("en"):
        said = [words.criterion(each.criterion, days) for line in checklist.lines for each in line]
    assert said == [
        "One of these is enough:",
        "On 12 September 2027 you are at least 18 years old.",
        "On 12 September 2027 you have been in the country lawfully for at least 8 years.",
        "This must not be so:",
        "You were born abroad and came here yourself.",
    ]
