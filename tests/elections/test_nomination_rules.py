"""The way of a nomination, written out by hand: every state and every event."""

from __future__ import annotations

import pytest

from core.errors import DomainError
from elections.rules.nominations import Event, State, next_state

EVENTS = tuple(Event)
GRID = {
    # state: support, mend, check, request mending, prepare, take back, admit, refuse, withdraw
    State.RECEIVED: ("received", "received", "received", "mending", "prepared", "", "", "", "withdrawn"),
    State.MENDING: ("mending", "received", "mending", "mending", "prepared", "", "", "", "withdrawn"),
    State.PREPARED: ("", "", "", "", "", "received", "admitted", "refused", "withdrawn"),
    State.ADMITTED: ("", "", "", "", "", "", "", "", "withdrawn"),
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
