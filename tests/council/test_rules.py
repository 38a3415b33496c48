"""The council's rules as full grids: seats and quorum on a day, succession, leaving, removal, filling, terms."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from council import rules
from council.rules import Candidate, Count, Filling, Ground, RemovalGround, Votes, Way

FIRST = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("seats", "share", "quorum"),
    [
        (22, 500, 11),
        (23, 500, 12),
        (1, 500, 1),
        (0, 500, 0),
        (22, 501, 12),
        (22, 1000, 22),
        (22, 1, 1),
        (21, 334, 8),
        (999, 500, 500),
    ],
)
def test_the_quorum_is_a_share_of_the_statutory_seats_rounded_up(seats: int, share: int, quorum: int) -> None:
    assert rules.quorum(seats, share) == quorum


@given(st.integers(0, 999), st.integers(1, 1000))
def test_a_quorum_is_never_less_than_its_share_nor_one_too_many(seats: int, share: int) -> None:
    quorum = rules.quorum(seats, share)
    assert quorum * 1000 >= seats * share
    assert (quorum - 1) * 1000 < seats * share or quorum == 0


@pytest.mark.parametrize(
    ("day", "seats"),
    [
        (FIRST - timedelta(1), 0),
        (FIRST, 22),
        (date(2028, 5, 31), 22),
        (date(2028, 6, 1), 24),
        (date(2029, 12, 31), 24),
        (date(2030, 1, 1), 0),
    ],
)
def test_seats_follow_the_latest_day_that_has_come_and_the_quorum_the_same_day(day: date, seats: int) -> None:
    counts = [Count(date(2030, 1, 1), 0), Count(FIRST, 22), Count(date(2028, 6, 1), 24)]
    assert rules.seats_on(counts, day) == seats
    assert rules.quorum(rules.seats_on(counts, day), 500) == seats // 2


@pytest.mark.parametrize(
    ("seats", "members", "vacant"), [(2, 0, 2), (2, 1, 1), (2, 2, 0), (1, 2, 0), (0, 0, 0)]
)
def test_vacancies_are_seats_without_member(seats: int, members: int, vacant: int) -> None:
    assert rules.vacancies(seats, members) == vacant


@pytest.mark.parametrize(("days", "sits"), [(-1, False), (0, True), (9, True), (10, False), (11, False)])
def test_the_day_of_leaving_is_the_first_without_the_seat(days: int, sits: bool) -> None:
    assert rules.sits_on(FIRST, FIRST + timedelta(10), FIRST + timedelta(days)) is sits


def test_who_has_not_left_sits_on() -> None:
    assert rules.sits_on(FIRST, None, date(2999, 1, 1))


# Succession: every pattern of three successors, ranks 1, 1, 2, available or not

EXPECTED = {
    (True, True, True): (None, (1, 2)),
    (True, True, False): (None, (1, 2)),
    (True, False, True): (1, ()),
    (True, False, False): (1, ()),
    (False, True, True): (2, ()),
    (False, True, False): (2, ()),
    (False, False, True): (3, ()),
    (False, False, False): (None, ()),
}


@pytest.mark.parametrize(("available", "expected"), list(EXPECTED.items()))
def test_the_first_available_rank_follows_and_equals_need_a_lot(
    available: tuple[bool, bool, bool], expected: tuple[int | None, tuple[int, ...]]
) -> None:
    found = rules.succession(ranked(available))
    assert (found.next_id, found.equals) == expected
    assert found.lot_needed is bool(expected[1])
    assert found.by_election_needed is (expected == (None, ()))


@pytest.mark.parametrize(
    ("available", "drawn", "result"),
    [
        ((True, True, True), None, "lot_needed"),
        ((True, True, True), 1, 1),
        ((True, True, True), 2, 2),
        ((True, True, True), 3, "lot_among_others"),
        ((True, False, True), None, 1),
        ((True, False, True), 1, 1),
        ((True, False, True), 3, "lot_not_needed"),
        ((False, False, True), None, 3),
        ((False, False, False), None, "successor_none_left"),
        ((False, False, False), 1, "successor_none_left"),
    ],
)
def test_a_lot_decides_among_equals_and_nowhere_else(
    available: tuple[bool, bool, bool], drawn: int | None, result: int | str
) -> None:
    if isinstance(result, int):
        assert rules.choose_successor(ranked(available), drawn) == result
    else:
        assert refused(lambda: rules.choose_successor(ranked(available), drawn)) == [result]


@given(st.permutations([Candidate(n, rank, n % 3 > 0) for n, rank in enumerate((1, 1, 2, 2, 3, 4), start=1)]))
def test_the_order_of_rows_decides_nothing(candidates: list[Candidate]) -> None:
    assert rules.succession(candidates) == rules.Succession(None, (1, 2))


FILLED = {
    (Way.ELECTED, Filling.SUCCESSION),
    (Way.ELECTED, Filling.BY_ELECTION),
    (Way.DELEGATED, Filling.DELEGATION),
    (Way.APPOINTED, Filling.APPOINTMENT),
    (Way.ORGANISATION, Filling.DELEGATION),
    (Way.ORGANISATION, Filling.APPOINTMENT),
}


@pytest.mark.parametrize(("way", "filling"), list(product(Way, Filling)))
def test_every_seat_class_is_filled_in_its_own_way(way: Way, filling: Filling) -> None:
    problems = refused(lambda: rules.check_filling(way, filling, []))
    assert problems == ([] if (way, filling) in FILLED else ["filling_not_for_class"])


@pytest.mark.parametrize(("available", "expected"), list(EXPECTED.items()))
def test_a_by_election_is_held_only_when_nobody_is_left(
    available: tuple[bool, bool, bool], expected: tuple[int | None, tuple[int, ...]]
) -> None:
    problems = refused(lambda: rules.check_filling(Way.ELECTED, Filling.BY_ELECTION, ranked(available)))
    assert problems == ([] if expected == (None, ()) else ["successor_left"])


LEFT = {
    Ground.RESIGNED: set(Way),
    Ground.MOVED_AWAY: set(Way),
    Ground.DIED: set(Way),
    Ground.NOT_ELIGIBLE: set(Way),
    Ground.RECALLED: {Way.DELEGATED, Way.ORGANISATION},
    Ground.MEMBER_LEFT: set(),
    Ground.TERM_ENDED: set(),
    Ground.REMOVED: set(),
    Ground.RESULT_REPLACED: set(),
}


@pytest.mark.parametrize(("way", "ground"), list(product(Way, Ground)))
def test_a_seat_ends_on_the_grounds_of_its_class_and_by_removal_only_with_a_vote(
    way: Way, ground: Ground
) -> None:
    problems = refused(lambda: rules.check_leaving(way, ground))
    if ground is Ground.REMOVED:
        assert problems == ["ground_needs_vote"]
    else:
        assert problems == ([] if way in LEFT[ground] else ["ground_not_for_class"])


@pytest.mark.parametrize(
    ("ground", "reason", "votes", "problem"),
    [
        (None, "Why.", (12, 3, 1), "removal_ground_missing"),
        (RemovalGround.ABSENCE, "", (12, 3, 1), "reason_missing"),
        (RemovalGround.ABSENCE, "Why.", (-1, 3, 12), "recorded_votes_negative"),
        (RemovalGround.ABSENCE, "Why.", (12, -1, 1), "recorded_votes_negative"),
        (RemovalGround.ABSENCE, "Why.", (12, 3, -1), "recorded_votes_negative"),
        (RemovalGround.ABSENCE, "Why.", (19, 1, 1), "votes_too_many"),
        (RemovalGround.ABSENCE, "Why.", (8, 2, 0), "votes_below_quorum"),
        (RemovalGround.ABSENCE, "Why.", (6, 6, 3), "votes_no_majority"),
        (RemovalGround.ABSENCE, "Why.", (5, 6, 3), "votes_no_majority"),
        (RemovalGround.ABSENCE, "Why.", (0, 0, 20), "votes_no_majority"),
        (RemovalGround.ABSENCE, "Why.", (7, 6, 7), None),
        (RemovalGround.BREACH_OF_DUTY, "Why.", (20, 0, 0), None),
        (RemovalGround.BREACH_OF_SECRECY, "Why.", (6, 5, 0), None),
    ],
)
def test_a_removal_needs_ground_reason_quorum_and_majority(
    ground: RemovalGround | None, reason: str, votes: tuple[int, int, int], problem: str | None
) -> None:
    problems = refused(lambda: rules.check_removal(ground, reason, Votes(*votes), 20, 11))
    assert problems == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("begins", "ends", "before", "problem"),
    [
        (date(2028, 5, 1), date(2033, 4, 30), None, None),
        (date(2028, 5, 1), date(2033, 4, 30), date(2023, 5, 1), None),
        (date(2028, 5, 1), date(2028, 5, 1), None, "term_order"),
        (date(2028, 5, 1), date(2028, 4, 30), None, "term_order"),
        (date(2028, 5, 1), date(2038, 4, 30), None, None),
        (date(2028, 5, 1), date(2039, 4, 30), None, "term_too_long"),
        (date(2028, 5, 1), date(2033, 4, 30), date(2028, 5, 1), "term_before_last"),
        (date(2028, 5, 1), date(2033, 4, 30), date(2029, 5, 1), "term_before_last"),
    ],
)
def test_a_term_begins_after_the_one_before_and_lasts_some_years(
    begins: date, ends: date, before: date | None, problem: str | None
) -> None:
    assert refused(lambda: rules.check_term(begins, ends, before)) == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("today", "closed_on", "is_open"),
    [
        (FIRST - timedelta(1), None, False),
        (FIRST, None, True),
        (FIRST + timedelta(30), None, True),
        (FIRST + timedelta(31), None, False),
        (FIRST + timedelta(5), FIRST + timedelta(5), False),
    ],
)
def test_a_call_takes_applications_through_its_last_day(
    today: date, closed_on: date | None, is_open: bool
) -> None:
    assert rules.call_is_open(FIRST, FIRST + timedelta(30), closed_on, today) is is_open


def ranked(available: tuple[bool, bool, bool]) -> list[Candidate]:
    return [
        Candidate(id, rank, there) for id, rank, there in zip((1, 2, 3), (1, 1, 2), available, strict=True)
    ]


def refused(act: object) -> list[str]:
    try:
        act()  # type: ignore[operator]
    except DomainError as error:
        return [single.code for single in error.all()]
    return []
