"""Rule sets: the cited presets, every contradiction by its rule, the timetable, and JSON there and back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from core.calendar import working_days_before
from core.errors import DomainError
from core.localized import Localized
from core.wording import explain
from elections.counting.rule import Apportionment, CountingRule, Method
from elections.eligibility.composed import AllOf, Not
from elections.eligibility.criteria import Age, Criterion, NotOnAnotherList, Supporters
from elections.eligibility.facts import Purpose
from elections.messages import rule_sets as messages
from elections.rules import presets
from elections.rules.deadlines import ORDER, Deadline, Step, after, before, out_of_order
from elections.rules.plain_rule_sets import from_plain, to_plain
from elections.rules.presets import CUMULATIVE, LISTS, PRESETS, REGIONS, STV
from elections.rules.rule_sets import Citation, Delegated, Group, Matter, RuleSet
from elections.rules.stages import Stage

ELECTION = date(2027, 9, 12)
"""A Sunday."""


def without(rules: RuleSet, step: Step) -> Mapping[Step, Deadline]:
    return {each: deadline for each, deadline in rules.deadlines.items() if each is not step}


@pytest.mark.parametrize("rules", PRESETS, ids=lambda rules: rules.key)
def test_each_preset_cites_its_rule_and_day_and_contradicts_itself_nowhere(rules: RuleSet) -> None:
    assert rules.citation.rule
    assert rules.citation.source
    assert rules.citation.dated <= date(2026, 12, 31)
    assert rules.problems() == []
    assert rules.notices() == []
    for text in (rules.name, *rules.remarks, *(group.name for group in rules.groups)):
        assert {version.language for version in text.versions} == {"en", "de", "ar"}


def test_presets_can_be_told_apart() -> None:
    assert len({rules.key for rules in PRESETS}) == len(PRESETS)
    assert [presets.preset(rules.key) for rules in PRESETS] == list(PRESETS)
    assert presets.preset("no-such-rules") is None


@pytest.mark.parametrize(
    ("today", "rules"),
    [
        (date(2000, 1, 1), STV),
        (date(2025, 5, 1), REGIONS),
        (date(2025, 6, 1), LISTS),
        (date(2027, 1, 1), CUMULATIVE),
    ],
)
def test_the_newest_preset_is_the_one_that_came_into_force_last(today: date, rules: RuleSet) -> None:
    assert presets.newest(today) is rules


def test_leipzig_2025_is_eight_regions_of_two_seats_and_a_member_of_each_faction() -> None:
    counting = REGIONS.counting
    assert (counting.method, counting.seats, counting.votes_per_voter) == (Method.PLURALITY_IN_GROUPS, 16, 3)
    assert list(counting.seats_per_group.values()) == [2] * 8
    assert [(beside.seats, beside.each_faction) for beside in REGIONS.delegated] == [(1, True)]
    assert any("inferred" in remark.best("en").text for remark in REGIONS.remarks)


def test_nrw_hesse_and_scotland_count_as_their_rules_say() -> None:
    assert (LISTS.counting.method, LISTS.counting.apportionment) == (
        Method.LISTS,
        Apportionment.SAINTE_LAGUE,
    )
    hesse = CUMULATIVE.counting
    assert (hesse.method, hesse.apportionment) == (Method.CUMULATIVE, Apportionment.HARE_NIEMEYER)
    assert hesse.votes_per_voter == hesse.seats
    assert hesse.most_per_candidate == 3
    assert STV.counting.method is Method.STV


def test_a_city_copies_a_preset_and_changes_it() -> None:
    ours = replace(REGIONS, key="lindhafen-2027", supporters=20)
    assert ours.problems() == []
    assert REGIONS.supporters == 0
    assert Supporters(20) in ours.standing.parts  # type: ignore[attr-defined]
    assert replace(ours, to_stand=Age(18)).standing == AllOf((Age(18), Supporters(20)))


# Contradictions ------------------------------------------------------------------------------------------------------


def counting(rules: RuleSet = REGIONS, **changed: Any) -> RuleSet:
    return replace(rules, counting=replace(rules.counting, **changed))


def dated(**changed: Deadline) -> RuleSet:
    return replace(
        REGIONS, deadlines={**REGIONS.deadlines, **{Step(name): day for name, day in changed.items()}}
    )


def voters(criterion: Criterion) -> RuleSet:
    return replace(REGIONS, to_vote=criterion)


EIGHT = REGIONS.groups
NAME = Localized.original("en", "Somewhere")

CONTRADICTIONS: dict[str, tuple[RuleSet, list[str]]] = {
    "a key with blanks": (replace(REGIONS, key="Two words"), ["rule_set_key"]),
    "no name": (replace(REGIONS, name=Localized()), ["rule_set_name_missing"]),
    "no citation": (
        replace(REGIONS, citation=Citation(" ", "somebody", date(2025, 1, 1))),
        ["rule_set_citation_missing"],
    ),
    "criteria that nobody meets": (voters(AllOf(())), ["criterion_parts_missing"]),
    "voters need supporters": (
        voters(Not(Supporters(3))),
        ["rule_set_criterion_for_candidates"],
    ),
    "voters on lists": (voters(NotOnAnotherList()), ["rule_set_criterion_for_candidates"]),
    "supporters twice": (
        replace(REGIONS, supporters=20, to_stand=AllOf((Age(18), Supporters(10)))),
        ["rule_set_supporters_twice"],
    ),
    "supporters below nothing": (replace(REGIONS, supporters=-1), ["rule_set_supporters_range"]),
    "more votes than seats": (counting(votes_per_voter=17), ["rule_set_votes_over_seats"]),
    "more votes than seats can take": (
        counting(CUMULATIVE, votes_per_voter=94),
        ["rule_set_votes_over_seats"],
    ),
    "a region without seats": (
        replace(REGIONS, groups=(*EIGHT, Group("moon", NAME))),
        ["rule_set_group_not_counted"],
    ),
    "a region without name": (replace(REGIONS, groups=EIGHT[1:]), ["rule_set_group_unnamed"]),
    "a region with an empty name": (
        replace(REGIONS, groups=(Group("europe-1", Localized()), *EIGHT[1:])),
        ["rule_set_group_unnamed"],
    ),
    "a region twice": (replace(REGIONS, groups=(*EIGHT, EIGHT[0])), ["rule_set_group_twice"]),
    "seats without groups": (
        replace(counting(seats_per_group={}), groups=()),
        ["rule_groups_missing"],
    ),
    "seats that do not add up": (counting(seats=15), ["rule_groups_sum"]),
    "a quota without name": (counting(minimums={"women": 1}), ["rule_set_group_unnamed"]),
    "a quota that nobody counts": (
        replace(REGIONS, quota_groups=(Group("women", NAME),)),
        ["rule_set_group_not_counted"],
    ),
    "crossed quotas": (
        replace(counting(minimums={"women": 2}, maximums={"women": 1}), quota_groups=(Group("women", NAME),)),
        ["rule_quota_crossed"],
    ),
    "lists without apportionment": (counting(LISTS, apportionment=None), ["rule_apportionment_missing"]),
    "transferable and cumulative at once": (
        counting(STV, most_per_candidate=3, votes_per_voter=3),
        ["rule_most_not_here", "rule_one_vote"],
    ),
    "delegated seats without number": (
        replace(REGIONS, delegated=(Delegated(NAME, 0),)),
        ["rule_set_delegated"],
    ),
    "a step without day": (
        replace(REGIONS, deadlines=without(REGIONS, Step.FINDING)),
        ["deadline_missing"],
    ),
    "a step in another decade": (dated(roll_deleted=after(100_000)), ["deadline_too_far"]),
    "election day moved": (dated(voting_closes=before(1)), ["deadline_of_election_day"]),
    "closing before opening": (dated(nominations_open=before(10)), ["deadlines_out_of_order"]),
    "voting opens after election day": (dated(voting_opens=after(1)), ["deadlines_out_of_order"]),
    "the roll is gone before objections end": (dated(roll_deleted=after(39)), ["deadlines_out_of_order"]),
    "working days that overtake in some weeks only": (
        # 17 working days before a Monday is earlier than 24 days before it; before a Saturday it is not.
        dated(mending_closes=before(24), candidates_published=before(17, working=True)),
        ["deadlines_out_of_order"],
    ),
    "the roll opens before the candidates are published": (
        dated(roll_opens=before(19)),
        ["deadlines_out_of_order"],
    ),
    "applications for the roll end before it opens": (
        dated(roll_applications_close=before(19)),
        ["deadlines_out_of_order"],
    ),
    "no window": (replace(REGIONS, windows={Matter.ROLL: 7, Matter.RESULT: 30}), ["rule_set_window_missing"]),
    "a window of no day": (
        replace(REGIONS, windows={**REGIONS.windows, Matter.RESULT: 0}),
        ["rule_set_window_range"],
    ),
    "no paper ballot is too few": (replace(REGIONS, minimum_paper_ballots=0), ["rule_set_paper_ballots"]),
}


@pytest.mark.parametrize(("rules", "codes"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_named(rules: RuleSet, codes: list[str]) -> None:
    assert [error.code for error in rules.problems()] == codes


def test_all_contradictions_come_at_once_and_name_their_rule(sqlite_app: Flask) -> None:
    rules = replace(
        counting(votes_per_voter=17),
        to_vote=AllOf((Age(18), AllOf((Age(0),)))),
        deadlines={**REGIONS.deadlines, Step.VOTING_OPENS: after(3)},
        windows={},
    )
    with pytest.raises(DomainError) as caught:
        rules.check()
    with sqlite_app.test_request_context(), force_locale("en"):
        sentences = [explain(error) for error in caught.value.all()]
    assert sentences == [
        "Who may vote, line 2.1: “years” must be a whole number from 1 to 120.",
        "Votes: 17 votes are more than 16 seats can take, with at most 1 for one candidate.",
        "Deadlines: “Voting opens” must come before “Voting closes”.",
        "Objections to the roll: say within how many days.",
        "Objections to a refused nomination: say within how many days.",
        "Objections to the result: say within how many days.",
    ]


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        (replace(REGIONS, to_stand=Age(17)), ["rule_set_stand_younger"]),
        (replace(REGIONS, to_stand=NotOnAnotherList()), ["rule_set_stand_younger"]),
        (replace(REGIONS, to_stand=Age(21)), []),
        (replace(REGIONS, minimum_paper_ballots=5), ["rule_set_few_paper_ballots"]),
    ],
)
def test_what_is_unusual_is_a_notice_and_no_contradiction(rules: RuleSet, codes: list[str]) -> None:
    assert rules.problems() == []
    assert [notice.code for notice in rules.notices()] == codes


# Days ----------------------------------------------------------------------------------------------------------------


def test_the_timetable_dates_every_step_earliest_first() -> None:
    table = REGIONS.timetable(ELECTION, ())
    assert list(table.values()) == sorted(table.values())
    assert set(table) == set(Step)
    assert table[Step.VOTING_OPENS] == date(2027, 9, 5)
    assert table[Step.VOTING_CLOSES] == ELECTION
    assert table[Step.NOMINATIONS_CLOSE] == date(2027, 8, 18)


@pytest.mark.parametrize(
    ("deadline", "day"),
    [
        (before(0), date(2027, 9, 12)),
        (before(16), date(2027, 8, 27)),
        (after(3), date(2027, 9, 15)),
        (before(1, working=True), date(2027, 9, 10)),
        (before(5, working=True), date(2027, 9, 6)),
        (before(6, working=True), date(2027, 9, 2)),  # the 3rd is a holiday here
        (after(1, working=True), date(2027, 9, 13)),
        (after(6, working=True), date(2027, 9, 20)),
    ],
)
def test_a_deadline_counts_days_or_working_days_from_election_day(deadline: Deadline, day: date) -> None:
    assert deadline.on(ELECTION, {date(2027, 9, 3)}) == day


def test_working_days_are_never_counted_with_a_wrong_sign() -> None:
    with pytest.raises(ValueError, match="backwards"):
        working_days_before(ELECTION, -1, ())


DAY_OF_STAGE = {
    Stage.CALLED: Step.NOMINATIONS_OPEN,
    Stage.CANDIDATES: Step.CANDIDATES_PUBLISHED,
    Stage.ROLL: Step.ROLL_OPENS,
    Stage.READY: Step.ROLL_OBJECTIONS_CLOSE,
    Stage.VOTING: Step.VOTING_OPENS,
    Stage.CLOSED: Step.VOTING_CLOSES,
    Stage.FOUND: Step.FINDING,
    Stage.CONCLUDED: Step.RESULT_OBJECTIONS_CLOSE,
}
"""Where a stage begins, or what must be over when it does."""


def test_no_timetable_may_put_a_later_stage_before_an_earlier_one() -> None:
    in_order = {(earlier, later) for earlier, later, _ in ORDER}
    for _ in Step:  # what comes before what, through all that lies between
        in_order |= {(a, d) for a, b in in_order for c, d in in_order if b is c}
    days = list(DAY_OF_STAGE.values())
    assert [pair for pair in pairwise(days) if pair not in in_order] == []


@pytest.mark.parametrize("rules", PRESETS, ids=lambda rules: rules.key)
def test_every_preset_publishes_its_candidates_before_its_roll_opens(rules: RuleSet) -> None:
    for day in range(7):
        table = rules.timetable(ELECTION + timedelta(day), ())
        assert table[Step.CANDIDATES_PUBLISHED] <= table[Step.ROLL_OPENS]


def test_the_order_that_differs_from_2025_stands_in_the_remarks_of_the_preset() -> None:
    for language in ("en", "de", "ar"):
        texts = [remark.best(language).text for remark in REGIONS.remarks]
        assert any("2025" in text and "27" in text and "18" in text for text in texts)


@pytest.mark.parametrize(("earlier", "later", "strictly"), ORDER)
def test_each_pair_of_steps_keeps_its_order(earlier: Step, later: Step, strictly: bool) -> None:
    day, next_day = date(2027, 5, 3), date(2027, 5, 4)
    assert list(out_of_order({earlier: day, later: next_day})) == []
    assert list(out_of_order({earlier: next_day, later: day})) == [(earlier, later)]
    assert list(out_of_order({earlier: day, later: day})) == ([(earlier, later)] if strictly else [])


def test_voters_and_candidates_have_days_of_their_own() -> None:
    table = REGIONS.timetable(ELECTION, ())
    voting = REGIONS.days(Purpose.VOTE, table, date(2027, 6, 1))
    standing = REGIONS.days(Purpose.STAND, table, date(2027, 6, 1))
    assert (voting.apply_until, voting.object_until, voting.object_within) == (
        date(2027, 8, 29),
        date(2027, 8, 29),
        None,
    )
    assert (standing.apply_until, standing.object_until, standing.object_within) == (
        date(2027, 8, 18),
        None,
        3,
    )


def test_objections_are_counted_from_the_day_they_are_about() -> None:
    assert REGIONS.objections_close(Matter.RESULT, date(2027, 9, 20)) == date(2027, 10, 20)


# As JSON -------------------------------------------------------------------------------------------------------------


def stored(rules: RuleSet = REGIONS) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(json.dumps(to_plain(rules), sort_keys=True))
    return loaded


@pytest.mark.parametrize("rules", PRESETS, ids=lambda rules: rules.key)
def test_a_rule_set_comes_back_from_json_as_it_went(rules: RuleSet) -> None:
    assert from_plain(stored(rules)) == rules
    assert to_plain(from_plain(stored(rules))) == to_plain(rules)


def test_what_contradicts_itself_can_still_be_read_and_then_named() -> None:
    for rules, codes in CONTRADICTIONS.values():
        if not any(code.startswith("criterion_") for code in codes):
            assert [error.code for error in from_plain(stored(rules)).problems()] == codes


def _put(*path: str, value: object) -> Callable[[dict[str, Any]], object]:
    def change(plain: dict[str, Any]) -> None:
        place: Any = plain
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value

    return change


BAD: list[tuple[Callable[[dict[str, Any]], object], list[str]]] = [
    (_put("version", value=2), ["rule_set_version"]),
    (lambda plain: plain.pop("version"), ["rule_set_version"]),
    (lambda plain: plain.pop("seats", plain.pop("windows")), ["rule_set_field_missing"]),
    (_put("colour", value="red"), ["rule_set_field_unknown"]),
    (_put("key", value=7), ["rule_set_field"]),
    (_put("name", value="Leipzig"), ["rule_set_field"]),
    (_put("name", value={"en": {"text": 7, "state": "original"}}), ["rule_set_field"]),
    (_put("name", value={"en": {"text": "x", "state": "perfect"}}), ["rule_set_field"]),
    (_put("citation", value={"rule": "x"}), ["rule_set_field"]),
    (_put("citation", "dated", value="14.04.2025"), ["rule_set_field"]),
    (_put("valid_from", value=None), ["rule_set_field"]),
    (_put("deadlines", "easter", value={"offset": 1, "working": False}), ["rule_set_field"]),
    (_put("deadlines", "finding", value={"offset": 1.5, "working": False}), ["rule_set_field"]),
    (_put("deadlines", "finding", value={"offset": 1, "working": "no"}), ["rule_set_field"]),
    (_put("windows", value=[7, 3, 30]), ["rule_set_field"]),
    (_put("groups", value="europe"), ["rule_set_field"]),
    (_put("groups", value=[{"key": "x", "name": {}, "seats": 2}]), ["rule_set_field"]),
    (_put("delegated", value=[{"name": {}, "seats": True, "each_faction": True}]), ["rule_set_field"]),
    (_put("supporters", value="20"), ["rule_set_field"]),
    (_put("remarks", value={}), ["rule_set_field"]),
    (_put("counting", value=None), ["rule_set_field"]),
    (_put("counting", "method", value="dice"), ["rule_value"]),
    (_put("to_vote", value={"rule": "x"}), ["criterion_unknown"]),
]


@pytest.mark.parametrize(("change", "codes"), BAD)
def test_a_damaged_rule_set_is_refused_by_its_field(
    change: Callable[[dict[str, Any]], object], codes: list[str]
) -> None:
    plain = stored()
    change(plain)
    with pytest.raises(DomainError) as caught:
        from_plain(plain)
    assert [error.code for error in caught.value.all()] == codes


@pytest.mark.parametrize("plain", [None, [], "rules", 7])
def test_what_is_no_object_is_no_rule_set(plain: object) -> None:
    with pytest.raises(DomainError) as caught:
        from_plain(plain)
    assert caught.value.code == "rule_set_unreadable"


def test_everything_damaged_is_named_at_once() -> None:
    plain = {
        **stored(),
        "key": 7,
        "to_stand": {"rule": "all", "parts": [{"rule": "x"}, {"rule": "y"}]},
        "colour": "red",
    }
    with pytest.raises(DomainError) as caught:
        from_plain(plain)
    assert sorted(error.code for error in caught.value.all()) == [
        "criterion_unknown",
        "criterion_unknown",
        "rule_set_field",
        "rule_set_field_unknown",
    ]


def test_a_counting_rule_of_its_own_fits_into_a_rule_set() -> None:
    rules = replace(STV, counting=CountingRule(Method.BLOCK, seats=5, votes_per_voter=5))
    assert rules.problems() == []
    assert from_plain(stored(rules)) == rules


# Words ---------------------------------------------------------------------------------------------------------------

SAMPLES: dict[str, object] = {
    "rule": "to_vote",
    "place": "2.1",
    "step": Step.FINDING,
    "earlier": Step.VOTING_OPENS,
    "later": Step.FINDING,
    "matter": Matter.ROLL,
    **dict.fromkeys(("field", "group", "value"), "name"),
    **dict.fromkeys(("limit", "lowest", "highest", "found", "known", "count", "usual"), 12),
    **dict.fromkeys(("votes", "seats", "most", "to_vote", "to_stand"), 3),
}
"""Something for every place in a sentence."""

ROOT = Path(__file__).resolve().parents[2] / "elections"


def raised_codes() -> set[str]:
    """Every code that rule sets and criteria refuse with."""
    sources = [*(ROOT / "eligibility").glob("*.py"), *(ROOT / "rules").glob("*.py")]
    pattern = re.compile(r'(?:DomainError|refuse)\(\s*"((?:criterion|rule_set|deadline)\w*)"')
    return {code for path in sources for code in pattern.findall(path.read_text(encoding="utf-8"))}


def test_every_refusal_has_its_sentence_and_no_sentence_is_left_over() -> None:
    assert raised_codes() == set(messages.SENTENCES)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_sentence_about_rule_sets_is_whole_in_every_language(sqlite_app: Flask, language: str) -> None:
    with sqlite_app.test_request_context(), force_locale(language):
        for code in messages.SENTENCES:
            shown = explain(DomainError(code, **SAMPLES))
            assert shown
            assert "%(" not in shown
