"""The way of a nomination, written out by hand: every state and every event."""

from __future__ import annotations

import pytest

from core.errors import DomainError
from elections.rules.nominations import Event, State, check_anew, next_state

EVENTS = tuple(Event)
GRID = {
    # state: support, mend, check, request mending, prepare, take back, admit, refuse, withdraw
    State.RECEIVED: ("received", "received", "received", "mending", "prepared", "", "", "", "withdrawn"),
    State.MENDING: ("mending", "received", "mending", "mending", "prepared", "", "", "", "withdrawn"),
    State.PREPARED: ("", "", "", "", "", "received", "admitted", "refused", "withdrawn"),
    State.ADMITTED: ("", "", "", "", "", "", "", "refused", "withdrawn"),
    State.REFUSED: ("", "", "", "", "", "", "admitted", "", "withdrawn"),
    State.WITHDRAWN: ("", "", "", "", "", "", "", "", ""),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", EVENTS)
def test_a_nomination_goes_this_way_and_no_other(state: State, event: Event) -> None:
    expected = GRID[state][EVENTS.index(event)]
    if expected:
        assert next_state(state, event) == expected
        return
    with pytest.raises(DomainError) as refused:
        next_state(state, event)
    assert (refused.value.code, refused.value.parameters) == ("nomination_state", {"state": state.value})


def codes(**raised: bool) -> set[str]:
    return {code for code, is_raised in raised.items() if is_raised}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("told", [None, "accepted", "partly_accepted", "noted", "not_accepted"])
@pytest.mark.parametrize("ground", ["", "nationality", "not_eligible"])
def test_a_decision_is_turned_round_once_its_answer_says_so(
    state: State, told: str | None, ground: str
) -> None:
    wrong = {
        State.ADMITTED: codes(
            ground_missing=ground != "not_eligible", decision_not_told=told != "not_accepted"
        ),
        State.REFUSED: codes(decision_not_told=told != "accepted"),
    }.get(state, {"nomination_state"})
    if not wrong:
        assert check_anew(state, ground, told) == ("refuse" if state is State.ADMITTED else "admit")
        return
    with pytest.raises(DomainError) as refused:
        check_anew(state, ground, told)
    assert {error.code for error in refused.value.all()} == wrong
