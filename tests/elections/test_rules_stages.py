"""Every stage, act and role: who may propose and confirm what, written by hand from the rules and not from the code.

Sources: ``domain.md``: stages in order; "opening, closing, decrypting, changing the roll need two persons"; the election
board finds, the city council (its clerk) approves. An observer may do nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounts.rules import RoleName
from core.errors import DomainError
from elections.rules import stages
from elections.rules.stages import REASON_LENGTH, ActKind, Stage

OFFICER, BOARD, CLERK = "returning_officer", "election_board", "clerk"

WAY = """
prepared     call               called
called       publish_candidates candidates
called       abandon            abandoned
candidates   open_roll          roll
candidates   abandon            abandoned
roll         change_roll        roll
roll         commit_roll        ready
roll         abandon            abandoned
ready        change_roll        ready
ready        open_voting        voting
ready        abandon            abandoned
voting       interrupt_voting   interrupted
voting       extend_voting      voting
voting       close_voting       closed
interrupted  resume_voting      voting
interrupted  extend_voting      interrupted
interrupted  abandon            abandoned
closed       count              counted
counted      count              counted
counted      find               found
found        approve            approved
found        send_back          closed
approved     publish_result     published
published    send_back          closed
published    conclude           concluded
"""
"""Stage, act, and the stage that it leads to. Whatever is not here is refused."""

PERSONS = {
    # act: (who proposes it, who confirms it; nobody where one person is enough)
    "call": ({OFFICER}, set()),
    "publish_candidates": ({OFFICER}, set()),
    "open_roll": ({OFFICER}, set()),
    "change_roll": ({OFFICER}, {OFFICER, BOARD}),
    "commit_roll": ({OFFICER}, {OFFICER, BOARD}),
    "open_voting": ({OFFICER}, {OFFICER, BOARD}),
    "interrupt_voting": ({OFFICER, BOARD}, {OFFICER, BOARD}),
    "resume_voting": ({OFFICER, BOARD}, {OFFICER, BOARD}),
    "extend_voting": ({OFFICER, BOARD}, {OFFICER, BOARD}),
    "close_voting": ({OFFICER}, {OFFICER, BOARD}),
    "count": ({OFFICER, BOARD}, {OFFICER, BOARD}),
    "find": ({BOARD}, {BOARD}),
    "approve": ({CLERK}, {CLERK, OFFICER}),
    "send_back": ({CLERK, BOARD}, {CLERK, BOARD, OFFICER}),
    "publish_result": ({OFFICER}, set()),
    "conclude": ({OFFICER}, set()),
    "abandon": ({OFFICER}, {OFFICER, BOARD}),
}

WITH_REASON = {"change_roll", "interrupt_voting", "extend_voting", "send_back", "abandon"}
"""What takes something away from people, or moves what they rely on, is done with a public reason."""

NEVER_ALONE = {
    "change_roll",
    "commit_roll",
    "open_voting",
    "interrupt_voting",
    "resume_voting",
    "extend_voting",
    "close_voting",
    "count",
    "find",
    "approve",
    "send_back",
    "abandon",
}

LEADS = {(stage, act): after for stage, act, after in (line.split() for line in WAY.split("\n") if line)}
ROLES = [role.value for role in RoleName]


def grid() -> Iterator[tuple[Stage, ActKind, RoleName]]:
    for stage in Stage:
        for act in ActKind:
            for role in RoleName:
                yield stage, act, role


def refusals(check: object, *arguments: object, **named: object) -> set[str]:
    """The codes that a rule refuses with; none if it lets pass."""
    try:
        check(*arguments, **named)  # type: ignore[operator]
    except DomainError as error:
        return {single.code for single in error.all()}
    return set()


def test_the_tables_of_this_test_know_every_act_and_every_stage() -> None:
    assert set(PERSONS) == {act.value for act in ActKind}
    assert {stage for pair, after in LEADS.items() for stage in (pair[0], after)} == {
        stage.value for stage in Stage
    }
    assert {"officer", "approver", "moderator", "observer", "administrator"} <= set(ROLES)


def test_each_act_leads_from_each_stage_where_it_should_or_nowhere() -> None:
    for stage in Stage:
        assert {act.value for act in stages.acts_in(stage)} == {a for s, a in LEADS if s == stage.value}
        for act in ActKind:
            if (stage.value, act.value) in LEADS:
                assert stages.next_stage(stage, act).value == LEADS[stage.value, act.value]
            else:
                assert refusals(stages.next_stage, stage, act) == {"act_not_now"}


def test_each_role_proposes_in_each_stage_what_it_should_and_nothing_else() -> None:
    checked = 0
    for stage, act, role in grid():
        expected = set()
        if (stage.value, act.value) not in LEADS:
            expected.add("act_not_now")
        if role.value not in PERSONS[act.value][0]:
            expected.add("act_not_yours")
        assert refusals(stages.check_proposal, stage, act, [role], "Because.") == expected, (stage, act, role)
        checked += 1
    assert checked == len(Stage) * len(ActKind) * len(RoleName) >= 1900


def test_each_role_confirms_in_each_stage_what_it_should_and_nothing_else() -> None:
    for stage, act, role in grid():
        expected = set()
        if (stage.value, act.value) not in LEADS:
            expected.add("act_not_now")
        if role.value not in PERSONS[act.value][1]:
            expected.add("act_not_yours")
        found = refusals(stages.check_confirmation, stage, act, [role], proposed_by=1, confirmed_by=2)
        assert found == expected, (stage, act, role)


def test_nobody_confirms_their_own_proposal_whatever_they_hold() -> None:
    for stage in Stage:
        for act in ActKind:
            found = refusals(
                stages.check_confirmation, stage, act, list(RoleName), proposed_by=1, confirmed_by=1
            )
            assert "act_second_person" in found, (stage, act)


def test_what_matters_is_done_by_nobody_alone_and_all_else_by_one() -> None:
    assert {act.value for act in ActKind if act not in stages.ALONE} == NEVER_ALONE
    for act in NEVER_ALONE:
        assert PERSONS[act][1], f"somebody must be able to confirm {act}"
    assert not {after for (stage, act), after in LEADS.items() if act not in NEVER_ALONE} & {
        "voting",
        "closed",
        "counted",
        "found",
        "approved",
    }


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "\u202e\u200e", "\u0000"])
def test_each_act_that_needs_a_reason_is_refused_without_a_word_in_it(reason: str) -> None:
    for act in ActKind:
        found = refusals(stages.check_proposal, Stage.PREPARED, act, list(RoleName), reason)
        assert ("act_reason_missing" in found) is (act.value in WITH_REASON), act


def test_a_reason_has_its_limit_for_every_act() -> None:
    for act in ActKind:
        for length, refused in ((REASON_LENGTH, False), (REASON_LENGTH + 1, True)):
            found = refusals(stages.check_proposal, Stage.PREPARED, act, list(RoleName), "x" * length)
            assert ("act_reason_too_long" in found) is refused


def test_whoever_may_confirm_may_refuse_and_whoever_proposed_may_take_back() -> None:
    for act in ActKind:
        assert refusals(stages.check_withdrawal, act, [], own=True) == set()
        for role in RoleName:
            expected = set() if role.value in PERSONS[act.value][1] else {"act_not_yours"}
            assert refusals(stages.check_withdrawal, act, [role], own=False) == expected


def test_observers_and_the_staff_of_consultations_do_nothing_in_any_stage() -> None:
    bystanders = [role for role in RoleName if role.value not in (OFFICER, BOARD, CLERK)]
    for stage in Stage:
        for act in ActKind:
            assert "act_not_yours" in refusals(stages.check_proposal, stage, act, bystanders, "Because.")
            assert "act_not_yours" in refusals(
                stages.check_confirmation, stage, act, bystanders, proposed_by=1, confirmed_by=2
            )


def test_all_that_is_wrong_with_a_proposal_is_said_at_once() -> None:
    found = refusals(stages.check_proposal, Stage.PREPARED, ActKind.EXTEND_VOTING, [RoleName.OBSERVER], "")
    assert found == {"act_not_now", "act_not_yours", "act_reason_missing"}


VOID = {
    # (what waits, what was done, where that leads): whether it is void now
    ("extend_voting", "interrupt_voting", "interrupted"): False,
    ("close_voting", "interrupt_voting", "interrupted"): True,
    ("close_voting", "extend_voting", "voting"): False,
    ("change_roll", "commit_roll", "ready"): False,
    ("commit_roll", "commit_roll", "ready"): True,
    ("abandon", "open_voting", "voting"): True,
    ("find", "count", "counted"): True,
    ("count", "count", "counted"): True,
    ("approve", "send_back", "closed"): True,
    ("interrupt_voting", "resume_voting", "voting"): False,
}


def test_what_waits_is_void_where_it_could_not_be_proposed_or_is_about_another_count() -> None:
    for (waiting, done, stage), void in VOID.items():
        assert stages.lapses(ActKind(waiting), ActKind(done), Stage(stage)) is void, (waiting, done)
