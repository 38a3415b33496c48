"""All, any and not: the whole truth table, what they advise, and criteria as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from elections.eligibility.checklists import Line, Note, Verdict, all_of, any_of, negated
from elections.eligibility.composed import AllOf, AnyOf, Not
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
from elections.eligibility.facts import QUESTIONS, Citizenship, Days, Exclusion, Facts, Reference
from elections.eligibility.periods import Period, Unit, months
from elections.eligibility.plain import DEEPEST, MOST_PARTS, faults, from_plain, to_plain
from tests.properties import many

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
DAYS = Days(date(2027, 9, 12), date(2027, 6, 1))
FACTS = Facts()


@dataclass(frozen=True)
class Fixed(Criterion):
    """A criterion with a verdict of its own, and something to do about it."""

    always: Verdict
    rule = "fixed"

    def verdict(self, facts: Facts, days: Days) -> Verdict:
        return self.always

    def line(self, facts: Facts, days: Days) -> Line:
        return Line(self, self.always, Note("fixed"), Note("do_something"))


ALL_TABLE = {
    (MET, MET): MET,
    (MET, NOT_MET): NOT_MET,
    (MET, UNKNOWN): UNKNOWN,
    (NOT_MET, NOT_MET): NOT_MET,
    (NOT_MET, UNKNOWN): NOT_MET,
    (UNKNOWN, UNKNOWN): UNKNOWN,
}
ANY_TABLE = {
    (MET, MET): MET,
    (MET, NOT_MET): MET,
    (MET, UNKNOWN): MET,
    (NOT_MET, NOT_MET): NOT_MET,
    (NOT_MET, UNKNOWN): UNKNOWN,
    (UNKNOWN, UNKNOWN): UNKNOWN,
}
NOT_TABLE = {MET: NOT_MET, NOT_MET: MET, UNKNOWN: UNKNOWN}


@pytest.mark.parametrize(("first", "second"), list(product(Verdict, Verdict)))
def test_two_parts_are_combined_as_the_table_says(first: Verdict, second: Verdict) -> None:
    parts = (Fixed(first), Fixed(second))
    expected_all = ALL_TABLE.get((first, second)) or ALL_TABLE[second, first]
    expected_any = ANY_TABLE.get((first, second)) or ANY_TABLE[second, first]
    assert verdict_of(AllOf(parts), FACTS, DAYS) is expected_all
    assert evaluate(AllOf(parts), FACTS, DAYS).verdict is expected_all
    assert verdict_of(AnyOf(parts), FACTS, DAYS) is expected_any
    assert evaluate(AnyOf(parts), FACTS, DAYS).verdict is expected_any


@pytest.mark.parametrize("verdict", Verdict)
def test_not_is_the_opposite_and_the_unknown_stays_unknown(verdict: Verdict) -> None:
    assert verdict_of(Not(Fixed(verdict)), FACTS, DAYS) is NOT_TABLE[verdict]
    assert evaluate(Not(Fixed(verdict)), FACTS, DAYS).verdict is NOT_TABLE[verdict]
    assert verdict_of(Not(Not(Fixed(verdict))), FACTS, DAYS) is verdict


@pytest.mark.parametrize("verdicts", list(product(Verdict, repeat=3)))
def test_order_does_not_matter_and_the_two_mirror_each_other(verdicts: tuple[Verdict, ...]) -> None:
    assert len({all_of(order) for order in permutations(verdicts)}) == 1
    assert len({any_of(order) for order in permutations(verdicts)}) == 1
    assert negated(all_of(verdicts)) is any_of(map(negated, verdicts))


@pytest.mark.parametrize("verdicts", list(product(Verdict, repeat=3)))
def test_what_is_unknown_cannot_turn_a_decided_answer(verdicts: tuple[Verdict, ...]) -> None:
    guesses = [(MET, NOT_MET) if each is UNKNOWN else (each,) for each in verdicts]
    for combine in (all_of, any_of):
        possible = {combine(guess) for guess in product(*guesses)}
        assert combine(verdicts) is (possible.pop() if len(possible) == 1 else UNKNOWN)


def test_all_of_nothing_is_met_and_any_of_nothing_is_not() -> None:
    assert verdict_of(AllOf(()), FACTS, DAYS) is MET
    assert verdict_of(AnyOf(()), FACTS, DAYS) is NOT_MET


def test_an_outermost_all_is_unfolded_into_its_lines() -> None:
    checklist = evaluate(AllOf((Fixed(MET), AnyOf((Fixed(NOT_MET), Fixed(UNKNOWN))))), FACTS, DAYS)
    assert [line.verdict for line in checklist.lines] == [MET, UNKNOWN]
    assert [line.verdict for line in checklist.lines[1].lines] == [NOT_MET, UNKNOWN]
    assert [line.verdict for line in checklist.lines[1]] == [UNKNOWN, NOT_MET, UNKNOWN]


def test_a_single_criterion_is_a_checklist_of_one_line() -> None:
    assert [line.verdict for line in evaluate(Fixed(MET), FACTS, DAYS).lines] == [MET]


def test_once_one_of_several_is_met_nothing_need_be_done_about_the_others() -> None:
    met = AnyOf((Fixed(NOT_MET), AllOf((Fixed(UNKNOWN),)), Fixed(MET))).line(FACTS, DAYS)
    assert all(line.advice is None for line in met)
    open_still = AnyOf((Fixed(NOT_MET), Fixed(UNKNOWN))).line(FACTS, DAYS)
    assert all(line.advice is not None for line in open_still.lines)


def test_nobody_is_advised_to_meet_what_must_not_be_met() -> None:
    line = Not(AllOf((Fixed(NOT_MET), Fixed(MET)))).line(FACTS, DAYS)
    assert all(each.advice is None for each in line)


# As JSON -------------------------------------------------------------------------------------------------------------

references = st.sampled_from(Reference)
periods = st.builds(Period, st.integers(0, 400), st.sampled_from(Unit))
leaves: st.SearchStrategy[Criterion] = st.one_of(
    st.builds(Age, st.integers(1, 120), references),
    st.builds(Residence, periods, references),
    st.builds(LawfulStay, periods, references),
    st.builds(BelongsTo, st.frozensets(st.sampled_from(Citizenship), min_size=1)),
    st.builds(NotExcluded, st.frozensets(st.sampled_from(Exclusion), min_size=1)),
    st.builds(Supporters, st.integers(1, 1000)),
    st.just(FirstGeneration()),
    st.just(NotOnAnotherList()),
)


def _composed(parts: st.SearchStrategy[Criterion]) -> st.SearchStrategy[Criterion]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(AllOf, several), st.builds(AnyOf, several), st.builds(Not, parts))


def _depth(criterion: Criterion) -> int:
    if isinstance(criterion, AllOf | AnyOf):
        return 1 + max(map(_depth, criterion.parts))
    return 1 + _depth(criterion.part) if isinstance(criterion, Not) else 0


trees = st.recursive(leaves, _composed, max_leaves=8).filter(lambda tree: _depth(tree) <= DEEPEST)
people = st.builds(
    Facts,
    born_on=st.none() | st.dates(date(1900, 1, 1), date(2027, 1, 1)),
    lives_here=st.none() | st.booleans(),
    resident_since=st.none() | st.dates(date(1900, 1, 1), date(2030, 1, 1)),
    citizenship=st.none() | st.frozensets(st.sampled_from(Citizenship)),
    citizenship_possible=st.frozensets(st.sampled_from(Citizenship)),
    stays_lawfully=st.none() | st.booleans(),
    lawful_since=st.none() | st.dates(date(1900, 1, 1), date(2030, 1, 1)),
    exclusions=st.none() | st.frozensets(st.sampled_from(Exclusion)),
    supporters=st.none() | st.integers(0, 2000),
    born_abroad=st.none() | st.booleans(),
    on_another_list=st.none() | st.booleans(),
)


@many
@given(trees)
def test_any_criteria_come_back_from_json_as_they_went(criterion: Criterion) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(criterion)))) == criterion
    assert faults(criterion) == ()


@many
@given(trees, people)
def test_the_quick_verdict_and_the_checklist_never_disagree(criterion: Criterion, person: Facts) -> None:
    assert verdict_of(criterion, person, DAYS) is evaluate(criterion, person, DAYS).verdict
    assert criterion.questions <= QUESTIONS


GOOD_AGE = {"rule": "age", "years": 18, "on": "election_day"}


@pytest.mark.parametrize(
    ("plain", "refused"),
    [
        ("age", [("criterion_unreadable", "")]),
        (None, [("criterion_unreadable", "")]),
        ([GOOD_AGE], [("criterion_unreadable", "")]),
        ({}, [("criterion_unknown", "")]),
        ({"rule": "shoe_size"}, [("criterion_unknown", "")]),
        ({"rule": ["age"]}, [("criterion_unknown", "")]),
        ({"rule": "age", "years": 18}, [("criterion_field_missing", "")]),
        ({**GOOD_AGE, "year": 18}, [("criterion_field_unknown", "")]),
        ({**GOOD_AGE, "years": "18"}, [("criterion_number", "")]),
        ({**GOOD_AGE, "years": 18.0}, [("criterion_number", "")]),
        ({**GOOD_AGE, "years": True}, [("criterion_number", "")]),
        ({**GOOD_AGE, "years": 0}, [("criterion_number", "")]),
        ({**GOOD_AGE, "years": 121}, [("criterion_number", "")]),
        ({**GOOD_AGE, "on": "easter"}, [("criterion_choice", "")]),
        (
            {"rule": "residence", "count": 3, "unit": "moons", "on": "election_day"},
            [("criterion_choice", "")],
        ),
        (
            {"rule": "residence", "count": -1, "unit": "days", "on": "election_day"},
            [("criterion_number", "")],
        ),
        ({"rule": "citizenship", "groups": []}, [("criterion_groups_missing", "")]),
        ({"rule": "citizenship", "groups": "foreign"}, [("criterion_groups_missing", "")]),
        ({"rule": "citizenship", "groups": ["martian"]}, [("criterion_choice", "")]),
        ({"rule": "not_excluded", "groups": [{}]}, [("criterion_choice", "")]),
        ({"rule": "supporters", "minimum": 0}, [("criterion_number", "")]),
        ({"rule": "all", "parts": []}, [("criterion_parts_missing", "")]),
        ({"rule": "any", "parts": {}}, [("criterion_parts_missing", "")]),
        ({"rule": "all", "parts": [GOOD_AGE] * (MOST_PARTS + 1)}, [("criterion_too_many_parts", "")]),
        (
            {"rule": "all", "parts": [GOOD_AGE, {"rule": "any", "parts": [{"rule": "x"}, 7]}, "y"]},
            [("criterion_unknown", "2.1"), ("criterion_unreadable", "2.2"), ("criterion_unreadable", "3")],
        ),
        ({"rule": "not", "part": {"rule": "x"}}, [("criterion_unknown", "1")]),
    ],
)
def test_bad_criteria_are_refused_at_their_place_all_at_once(
    plain: Any, refused: list[tuple[str, str]]
) -> None:
    with pytest.raises(DomainError) as caught:
        from_plain(plain, "to_vote")
    errors = caught.value.all()
    assert [(error.code, error.parameters["place"]) for error in errors] == refused
    assert {error.parameters["rule"] for error in errors} == {"to_vote"}


def test_criteria_nested_without_end_are_refused() -> None:
    plain: dict[str, Any] = dict(GOOD_AGE)
    for _level in range(900):
        plain = {"rule": "not", "part": plain}
    with pytest.raises(DomainError) as caught:
        from_plain(plain)
    assert caught.value.code == "criterion_too_deep"


@pytest.mark.parametrize(
    "make",
    [
        lambda: AllOf(()),
        lambda: AnyOf((Age(18), AllOf(()))),
        lambda: BelongsTo(frozenset()),
        lambda: Age(0),
        lambda: Residence(months(-3)),
    ],
)
def test_criteria_that_nobody_could_mean_are_named(make: Callable[[], Criterion]) -> None:
    assert len(faults(make(), "to_stand")) == 1


def test_a_criterion_of_ones_own_has_no_plain_form() -> None:
    with pytest.raises(TypeError, match="no plain form"):
        to_plain(Fixed(MET))
