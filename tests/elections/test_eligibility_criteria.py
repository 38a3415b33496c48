"""Every criterion on the day before, on the day and after: met, not met, not known, and why."""

from __future__ import annotations

import copy
import pickle
import time
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.eligibility.checklists import Verdict
from elections.eligibility.composed import AllOf
from elections.eligibility.criteria import (
    Age,
    BelongsTo,
    Criterion,
    FirstGeneration,
    LawfulStay,
    NotExcluded,
    NotOnAnotherList,
    Residence,
    Supporters,
    evaluate,
    verdict_of,
)
from elections.eligibility.facts import Citizenship, Days, Exclusion, Facts, Purpose, Reference
from elections.eligibility.periods import Period, Unit, days, months, weeks, years
from tests.properties import many

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
ELECTION = date(2027, 9, 12)
CLOSES = date(2027, 7, 5)
TODAY = date(2027, 6, 1)
DAYS = Days(
    ELECTION,
    TODAY,
    voting_opens=date(2027, 9, 5),
    nominations_close=CLOSES,
    apply_until=date(2027, 8, 27),
    object_until=date(2027, 9, 1),
)

FOREIGN, DUAL, NATURALISED = Citizenship.FOREIGN, Citizenship.DUAL, Citizenship.NATURALISED
PEOPLE = BelongsTo(frozenset({FOREIGN, NATURALISED}))
ASYLUM, MISSION = Exclusion.ASYLUM_PROCEDURE, Exclusion.FOREIGN_MISSION


@pytest.mark.parametrize(
    ("period", "first", "over"),
    [
        (years(18), date(2009, 9, 12), date(2027, 9, 12)),
        (years(18), date(2008, 2, 29), date(2026, 3, 1)),  # no leap year: with the month's end
        (years(16), date(2008, 2, 29), date(2024, 2, 29)),
        (years(100), date(1900, 3, 1), date(2000, 3, 1)),
        (months(3), date(2027, 6, 12), date(2027, 9, 12)),
        (months(3), date(2026, 11, 28), date(2027, 2, 28)),
        (months(3), date(2026, 11, 29), date(2027, 3, 1)),
        (months(3), date(2026, 11, 30), date(2027, 3, 1)),
        (months(3), date(2027, 11, 29), date(2028, 2, 29)),  # a leap year
        (months(3), date(2027, 11, 30), date(2028, 3, 1)),
        (months(1), date(2027, 12, 31), date(2028, 1, 31)),
        (months(1), date(2027, 1, 31), date(2027, 3, 1)),
        (months(12), date(2028, 2, 29), date(2029, 3, 1)),
        (weeks(6), date(2027, 8, 1), date(2027, 9, 12)),
        (days(16), date(2027, 8, 27), date(2027, 9, 12)),
        (days(0), ELECTION, ELECTION),
        (years(120), date(9990, 1, 1), date.max),
        (weeks(1500), date(9999, 1, 1), date.max),
    ],
)
def test_a_period_is_over_on_the_day_that_the_civil_code_says(
    period: Period, first: date, over: date
) -> None:
    assert period.after(first) == over


@many
@given(
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.builds(Period, st.integers(0, 200), st.sampled_from(Unit)),
)
def test_looking_back_and_looking_forward_agree(first: date, day: date, period: Period) -> None:
    assert (first <= period.before(day)) is (period.after(first) <= day)
    latest = period.before(day)
    if latest > date.min:
        assert period.after(latest) <= day < period.after(latest + timedelta(1))


def facts(**known: Any) -> Facts:
    return Facts(**known)


GRID: list[tuple[Criterion, Facts, Verdict, str, str | None]] = [
    # age, at the boundary and in leap years
    (Age(18), facts(born_on=date(2009, 9, 12)), MET, "age_met", None),
    (Age(18), facts(born_on=date(2009, 9, 13)), NOT_MET, "age_not_met", "later"),
    (Age(16), facts(born_on=date(2011, 9, 12)), MET, "age_met", None),
    (Age(16), facts(born_on=date(2011, 9, 13)), NOT_MET, "age_not_met", "later"),
    (Age(18), facts(), UNKNOWN, "age_unknown", "show_age_until"),
    (Age(18, Reference.NOMINATIONS_CLOSE), facts(born_on=date(2009, 7, 5)), MET, "age_met", None),
    (Age(18, Reference.NOMINATIONS_CLOSE), facts(born_on=date(2009, 7, 6)), NOT_MET, "age_not_met", "later"),
    (Age(18, Reference.VOTING_OPENS), facts(born_on=date(2009, 9, 5)), MET, "age_met", None),
    (Age(18, Reference.VOTING_OPENS), facts(born_on=date(2009, 9, 6)), NOT_MET, "age_not_met", "later"),
    # residence
    (Residence(months(3)), facts(resident_since=date(2027, 6, 12)), MET, "residence_met", None),
    (Residence(months(3)), facts(resident_since=date(2027, 6, 13)), NOT_MET, "residence_not_met", "later"),
    (Residence(months(3)), facts(), UNKNOWN, "residence_unknown", "show_residence_until"),
    (Residence(months(3)), facts(lives_here=True), UNKNOWN, "residence_unknown", "show_residence_until"),
    (Residence(months(3)), facts(lives_here=False), NOT_MET, "lives_elsewhere", "move_in_until"),
    (Residence(months(4)), facts(lives_here=False), NOT_MET, "lives_elsewhere", None),  # too late to move
    (
        Residence(months(3)),
        facts(lives_here=False, resident_since=date(1990, 1, 1)),
        NOT_MET,
        "lives_elsewhere",
        "move_in_until",
    ),
    (Residence(weeks(6)), facts(resident_since=date(2027, 8, 1)), MET, "residence_met", None),
    (Residence(weeks(6)), facts(resident_since=date(2027, 8, 2)), NOT_MET, "residence_not_met", "later"),
    (Residence(days(16)), facts(resident_since=date(2027, 8, 27)), MET, "residence_met", None),
    (Residence(days(16)), facts(resident_since=date(2027, 8, 28)), NOT_MET, "residence_not_met", "later"),
    (Residence(days(0)), facts(resident_since=ELECTION), MET, "residence_met", None),
    # lawful stay
    (LawfulStay(years(1)), facts(lawful_since=date(2026, 9, 12)), MET, "stay_met", None),
    (LawfulStay(years(1)), facts(lawful_since=date(2026, 9, 13)), NOT_MET, "stay_not_met", "later"),
    (LawfulStay(months(12)), facts(lawful_since=date(2026, 9, 12)), MET, "stay_met", None),
    (LawfulStay(years(1)), facts(stays_lawfully=True), UNKNOWN, "stay_unknown", "show_stay_until"),
    (LawfulStay(years(1)), facts(), UNKNOWN, "stay_unknown", "show_stay_until"),
    (LawfulStay(years(1)), facts(stays_lawfully=False), NOT_MET, "stay_not_lawful", "seek_advice_on_stay"),
    # citizenship
    (PEOPLE, facts(citizenship=frozenset({FOREIGN})), MET, "citizenship_met", None),
    (PEOPLE, facts(citizenship=frozenset({DUAL, NATURALISED})), MET, "citizenship_met", None),
    (PEOPLE, facts(citizenship=frozenset({DUAL})), NOT_MET, "citizenship_not_met", None),
    (PEOPLE, facts(citizenship=frozenset()), NOT_MET, "citizenship_not_met", None),
    (PEOPLE, facts(), UNKNOWN, "citizenship_unknown", "show_citizenship_until"),
    (  # the register says citizen, but not how they became one
        PEOPLE,
        facts(citizenship=frozenset(), citizenship_possible=frozenset({NATURALISED, DUAL})),
        UNKNOWN,
        "citizenship_unknown",
        "show_citizenship_until",
    ),
    (
        PEOPLE,
        facts(citizenship=frozenset(), citizenship_possible=frozenset({DUAL})),
        NOT_MET,
        "citizenship_not_met",
        None,
    ),
    # excluded groups
    (NotExcluded(frozenset({ASYLUM})), facts(exclusions=frozenset()), MET, "excluded_not", None),
    (NotExcluded(frozenset({ASYLUM})), facts(exclusions=frozenset({MISSION})), MET, "excluded_not", None),
    (
        NotExcluded(frozenset({ASYLUM, MISSION})),
        facts(exclusions=frozenset({ASYLUM})),
        NOT_MET,
        "excluded",
        "tell_when_over",
    ),
    (
        NotExcluded(frozenset({ASYLUM})),
        facts(),
        UNKNOWN,
        "excluded_unknown",
        "show_exclusions_until",
    ),
    # candidates
    (Supporters(40), facts(supporters=40), MET, "supporters_enough", None),
    (Supporters(40), facts(supporters=39), NOT_MET, "supporters_missing", "collect_supporters_until"),
    (Supporters(40), facts(supporters=0), NOT_MET, "supporters_missing", "collect_supporters_until"),
    (Supporters(40), facts(), UNKNOWN, "supporters_unknown", "count_supporters_until"),
    (FirstGeneration(), facts(born_abroad=True), MET, "born_abroad_met", None),
    (FirstGeneration(), facts(born_abroad=False), NOT_MET, "born_abroad_not_met", None),
    (FirstGeneration(), facts(), UNKNOWN, "born_abroad_unknown", "show_birth_until"),
    (NotOnAnotherList(), facts(on_another_list=False), MET, "no_other_list_met", None),
    (
        NotOnAnotherList(),
        facts(on_another_list=True),
        NOT_MET,
        "no_other_list_not_met",
        "leave_other_list",
    ),
    (NotOnAnotherList(), facts(), UNKNOWN, "no_other_list_unknown", "ask_lists"),
]


@pytest.mark.parametrize(("criterion", "known", "verdict", "reason", "advice"), GRID)
def test_each_criterion_decides_gives_its_reason_and_says_what_to_do(
    criterion: Criterion, known: Facts, verdict: Verdict, reason: str, advice: str | None
) -> None:
    line = criterion.line(known, DAYS)
    assert verdict_of(criterion, known, DAYS) is line.verdict is verdict
    assert line.reason is not None
    assert line.reason.code == reason
    assert (line.advice.code if line.advice else None) == advice


@pytest.mark.parametrize(
    ("born_on", "election_day", "verdict"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), NOT_MET),
        (date(2008, 2, 29), date(2026, 3, 1), MET),
        (date(2010, 2, 28), date(2028, 2, 28), MET),
        (date(2010, 3, 1), date(2028, 2, 29), NOT_MET),
        (date(2008, 2, 29), date(2028, 2, 28), MET),
    ],
)
def test_who_was_born_on_29_february_is_of_age_on_1_march(
    born_on: date, election_day: date, verdict: Verdict
) -> None:
    assert verdict_of(Age(18), Facts(born_on=born_on), Days(election_day, TODAY)) is verdict


def test_a_reason_names_the_day_from_which_it_would_be_met() -> None:
    line = Residence(months(3)).line(Facts(resident_since=date(2027, 8, 30)), DAYS)
    assert line.reason is not None
    assert line.advice is not None
    assert line.reason.parameters["reached"] == date(2027, 11, 30)
    assert line.advice.parameters == {"day": date(2027, 11, 30)}


def test_an_open_question_names_the_latest_day_that_would_do() -> None:
    line = Age(18).line(Facts(), DAYS)
    assert line.reason is not None
    assert line.reason.parameters["latest"] == date(2009, 9, 12)


def test_a_day_that_is_not_set_leaves_the_criterion_open() -> None:
    without = Days(ELECTION, TODAY)
    line = Age(18, Reference.NOMINATIONS_CLOSE).line(Facts(born_on=date(1980, 1, 1)), without)
    assert line.verdict is UNKNOWN
    assert line.reason is not None
    assert line.reason.code == "day_not_set"


@pytest.mark.parametrize(
    ("purpose", "born_on", "today", "advice"),
    [
        (Purpose.VOTE, date(1980, 1, 1), date(2027, 8, 27), ["apply_to_vote_until"]),
        (Purpose.VOTE, date(1980, 1, 1), date(2027, 8, 28), ["apply_to_vote_over"]),
        (Purpose.STAND, date(1980, 1, 1), date(2027, 8, 27), ["apply_to_stand_until"]),
        (Purpose.STAND, date(1980, 1, 1), date(2027, 8, 28), ["apply_to_stand_over"]),
        (Purpose.VOTE, date(2015, 1, 1), date(2027, 9, 1), ["object_until"]),
        (Purpose.VOTE, date(2015, 1, 1), date(2027, 9, 2), []),
        (Purpose.VOTE, None, date(2027, 9, 1), ["ask_city", "object_until"]),
    ],
)
def test_the_whole_answer_says_what_to_do_and_until_when(
    purpose: Purpose, born_on: date | None, today: date, advice: list[str]
) -> None:
    days = Days(ELECTION, today, purpose, apply_until=date(2027, 8, 27), object_until=date(2027, 9, 1))
    checklist = evaluate(Age(18), Facts(born_on=born_on), days)
    assert [note.code for note in checklist.advice] == advice


def test_objections_to_a_refused_nomination_are_counted_from_the_refusal() -> None:
    days = Days(ELECTION, TODAY, Purpose.STAND, object_within=3)
    checklist = evaluate(Age(18), Facts(born_on=date(2020, 1, 1)), days)
    assert [(note.code, dict(note.parameters)) for note in checklist.advice] == [
        ("object_within", {"count": 3})
    ]


@pytest.mark.parametrize("show", [repr, str, "{!r}".format, "{}".format])
def test_facts_about_a_person_show_no_value(show: Any) -> None:
    told = Facts(born_on=date(1991, 5, 17), citizenship=frozenset({FOREIGN}), exclusions=frozenset({ASYLUM}))
    assert show(told) == "Facts(withheld)"
    checklist = evaluate(AllOf((Age(18), PEOPLE)), told, DAYS)
    assert "1991" not in repr(checklist)
    assert "2009" not in repr(checklist)


@pytest.mark.parametrize("store", [pickle.dumps, copy.copy, copy.deepcopy])
def test_facts_about_a_person_cannot_be_stored(store: Any) -> None:
    with pytest.raises(TypeError, match="never stored"):
        store(Facts(born_on=date(1991, 5, 17)))


def test_a_city_of_75_000_is_judged_in_well_under_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    rules = AllOf((Age(18), Residence(months(3)), PEOPLE, NotExcluded(frozenset({ASYLUM}))))
    begun, eligible = time.process_time(), 0
    for number in range(75_000):
        person = Facts(
            born_on=date(1940 + number % 80, 1 + number % 12, 1 + number % 28),
            resident_since=date(2000 + number % 28, 1 + number % 12, 1),
            citizenship=frozenset({FOREIGN}) if number % 3 else frozenset({DUAL}),
            exclusions=frozenset(),
        )
        eligible += verdict_of(rules, person, DAYS) is MET
    taken = time.process_time() - begun
    with capsys.disabled():
        print(f"\n75,000 people judged in {taken:.2f} s, {eligible:,} eligible")
    assert 0 < eligible < 50_000
    assert taken < 20
