"""Votes of a council: a quorum of the statutory seats, majorities, abstentions and ties as its rules say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from council.rules import quorum
from motions.rules import votes
from motions.rules.votes import (
    Abstentions,
    Attendance,
    Choice,
    Figures,
    Ground,
    Majority,
    Outcome,
    Tie,
    VoteRule,
)

SEATS = 22
PLAIN = VoteRule()
CARINTHIA = VoteRule(abstentions=Abstentions.COUNT_AS_NO)


def there(present: int, excluded: int = 0) -> Attendance:
    return Attendance(SEATS, quorum(SEATS, 500), present, excluded)


def codes(
    figures: Figures, attendance: Attendance, rule: VoteRule = PLAIN, chair: Choice | None = None
) -> list[str]:
    with pytest.raises(DomainError) as refused:
        votes.decide(rule, attendance, figures, chair)
    return [each.code for each in refused.value.all()]


def adopted(yes: int, no: int, abstain: int, rule: VoteRule = PLAIN, present: int = 11) -> bool:
    return votes.decide(rule, there(present), Figures(yes, no, abstain)).adopted


def test_of_22_seats_ten_present_cannot_vote_and_eleven_can() -> None:
    assert codes(Figures(10, 0, 0), there(10)) == ["vote_without_quorum"]
    assert adopted(11, 0, 0)


def test_a_tie_is_a_rejection_by_default() -> None:
    result = votes.decide(VoteRule(), there(11), Figures(5, 5, 1))
    assert result == Outcome(
        False, (votes.Reason(Ground.QUORUM_MET, 11, 11), votes.Reason(Ground.TIE_REJECTS, 5, 6))
    )


def test_abstentions_do_not_count_unless_the_body_counts_them_as_no() -> None:
    assert adopted(5, 4, 2)
    assert not adopted(5, 4, 2, CARINTHIA)
    assert adopted(6, 4, 1, CARINTHIA)
    assert not adopted(5, 4, 1, CARINTHIA)


def test_nobody_for_and_nobody_against_adopts_nothing_and_is_no_tie() -> None:
    result = votes.decide(VoteRule(tie=Tie.CHAIR_DECIDES), there(11), Figures(0, 0, 11))
    assert (result.adopted, result.reasons[-1].ground) == (False, Ground.NOT_ENOUGH)


def test_where_the_chair_decides_a_tie_they_must_and_may_not_abstain() -> None:
    rule, tied = VoteRule(tie=Tie.CHAIR_DECIDES), Figures(5, 5, 1)
    assert codes(tied, there(11), rule) == ["chair_must_decide"]
    assert codes(tied, there(11), rule, Choice.ABSTAIN) == ["chair_abstains"]
    assert votes.decide(rule, there(11), tied, Choice.YES).adopted
    assert not votes.decide(rule, there(11), tied, Choice.NO).adopted


@pytest.mark.parametrize(
    ("majority", "enough", "short"),
    [
        (Majority.SIMPLE, (6, 5, 0), (5, 6, 0)),
        (Majority.OF_PRESENT, (6, 2, 3), (5, 2, 4)),
        (Majority.OF_SEATS, (12, 0, 0), (11, 0, 1)),
        (Majority.TWO_THIRDS, (6, 3, 2), (6, 4, 1)),
        (Majority.TWO_THIRDS_OF_SEATS, (15, 0, 0), (14, 0, 1)),
    ],
)
def test_each_majority_is_reached_by_one_vote_and_missed_without_it(
    majority: Majority, enough: tuple[int, int, int], short: tuple[int, int, int]
) -> None:
    rule = VoteRule(majority)
    assert adopted(*enough, rule, present=max(11, sum(enough)))
    assert not adopted(*short, rule, present=max(11, sum(short)))


def test_more_votes_than_people_are_refused() -> None:
    assert codes(Figures(6, 5, 1), there(11)) == ["votes_too_many"]
    assert codes(Figures(6, 5, 0, invalid=1), there(11)) == ["votes_too_many"]
    assert codes(Figures(6, -1, 0), there(11)) == ["figures_negative"]


def test_whoever_has_a_conflict_of_interest_neither_votes_nor_makes_the_quorum() -> None:
    assert codes(Figures(11, 0, 0), there(11, excluded=1)) == ["vote_without_quorum"]
    assert codes(Figures(12, 0, 0), there(12, excluded=1)) == ["votes_too_many"]
    assert votes.decide(VoteRule(), there(12, excluded=1), Figures(11, 0, 0)).adopted


@pytest.mark.parametrize(("present", "excluded"), [(23, 0), (11, 12), (11, -1)])
def test_an_attendance_that_cannot_be_is_refused(present: int, excluded: int) -> None:
    assert codes(Figures(0, 0, 0), there(present, excluded)) == ["attendance_wrong"]


def test_by_name_everybody_who_is_there_says_something_and_nobody_else() -> None:
    said = {1: Choice.YES, 2: Choice.NO, 3: Choice.ABSTAIN}
    assert votes.count_by_name(said, [1, 2, 3]) == Figures(1, 1, 1)
    with pytest.raises(DomainError) as refused:
        votes.count_by_name(said, [1, 2, 4])
    assert {each.code: each.parameters["members"] for each in refused.value.all()} == {
        "vote_of_stranger": [3],
        "vote_missing": [4],
    }


def test_two_tellers_count_a_secret_vote_apart_and_must_agree() -> None:
    figures = Figures(7, 3, 1)
    assert votes.check_tellers(figures, figures, same_person=False) == figures
    for other, same, code in ((figures, True, "teller_twice"), (Figures(7, 4, 0), False, "tellers_differ")):
        with pytest.raises(DomainError) as refused:
            votes.check_tellers(figures, other, same_person=same)
        assert refused.value.code == code


COUNTS = st.integers(0, SEATS)


@given(st.sampled_from(Majority), st.sampled_from(Abstentions), COUNTS, COUNTS, COUNTS)
def test_one_more_yes_never_hurts_and_one_more_no_never_helps(
    majority: Majority, abstentions: Abstentions, yes: int, no: int, abstain: int
) -> None:
    if yes + no + abstain >= SEATS:
        return
    rule, all_there = VoteRule(majority, abstentions), there(SEATS)
    before = votes.decide(rule, all_there, Figures(yes, no, abstain)).adopted
    assert votes.decide(rule, all_there, Figures(yes + 1, no, abstain)).adopted >= before
    assert votes.decide(rule, all_there, Figures(yes, no + 1, abstain)).adopted <= before
