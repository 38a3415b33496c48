"""The office's desk of an election: what may be done, by whom, and what a second person confirms."""

from __future__ import annotations

import pytest
from flask import Flask

from elections.models.elections import Act
from elections.rules.stages import ActKind, Stage
from tests.city import found_city, rows
from tests.elections.city import CODE, bring_to, election, found_council, prepare_election
from tests.elections.desk import ElectionDesk
from tests.office import text_of


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()


def test_the_returning_officer_sees_what_is_next_and_calls_the_election(app: Flask) -> None:
    officer = ElectionDesk(app, "returning_officer")
    assert "Migrant council 2028 MC-27 Not public yet" in officer.read("/office/elections/")
    desk = officer.read("/")
    assert "Done The rules do not contradict themselves" in desk
    assert "Advised Title and texts in German" in desk
    assert officer.propose(ActKind.CALL).status_code == 302
    assert election().stage == Stage.CALLED
    assert "Done: Call the election" in officer.read("/")


def test_a_proposal_shows_what_exactly_and_waits_for_somebody_else(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer, board = ElectionDesk(app, "returning_officer"), ElectionDesk(app, "election_board")
    sent = officer.propose(
        ActKind.EXTEND_VOTING,
        "The hall was closed on Monday.",
        **{"closes_on-day": "20", "closes_on-month": "3", "closes_on-year": "2028", "closes_hour": "18:00"},
    )
    assert sent.status_code == 302
    (act,) = [row for row in rows(Act) if row.performed_on is None]
    assert "You proposed this yourself. A second person must confirm it." in officer.read("/")
    shown = board.read("/")
    assert "Voting closes: 20 March 2028, 18:00" in shown
    assert "The hall was closed on Monday." in shown
    assert "You can confirm it." in board.read("/office/elections/")
    assert board.confirm(act.id).status_code == 302
    assert election().voting_closes_at.isoformat() == "2028-03-20T17:00:00+00:00"
    assert "Voting was extended." in board.read("/minutes")


def test_nobody_confirms_alone_and_nothing_happens_twice(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer, board = ElectionDesk(app, "returning_officer"), ElectionDesk(app, "election_board")
    officer.propose(ActKind.INTERRUPT_VOTING, "A power cut.")
    (act,) = [row for row in rows(Act) if row.performed_on is None]
    own = officer.confirm(act.id)
    assert own.status_code == 422
    assert "You proposed this yourself" in text_of(own)
    assert board.confirm(act.id).status_code == 302
    again = board.confirm(act.id)
    assert again.status_code == 409
    assert "was settled by somebody else meanwhile" in text_of(again)
    assert election().stage == Stage.INTERRUPTED


def test_what_was_typed_is_kept_when_a_proposal_is_refused(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer = ElectionDesk(app, "returning_officer")
    refused = officer.propose(
        ActKind.EXTEND_VOTING,
        "For the rain.",
        **{"closes_on-day": "18", "closes_on-month": "3", "closes_on-year": "2028", "closes_hour": "18:00"},
    )
    assert refused.status_code == 422
    assert "For the rain." in refused.text
    assert "later than the old one: 19 March 2028, 18:00" in text_of(refused)
    assert not [row for row in rows(Act) if row.performed_on is None]
    assert CODE in refused.text
