"""Two browsers at one act of an election in the same moment: it is done once, and whoever came second reads so."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from accounts.rules import RoleName
from elections.models.elections import Act
from elections.rules.stages import ActKind, Stage
from elections.services import acts
from tests.city import at_once, entries, found_city, rows, staff
from tests.elections.city import CODE, bring_to, election, found_council, prepare_election
from tests.elections.desk import ElectionDesk


@pytest.fixture(autouse=True)
def called(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)


def together(app: Flask, *sent: tuple[str, str, dict[str, str]]) -> list[int]:
    """Who sends which form where, all in the same moment; the status codes of the answers."""
    desks = [(ElectionDesk(app, who), path, fields) for who, path, fields in sent]
    ready = [(desk, path, {**fields, "csrf_token": desk.token()}) for desk, path, fields in desks]

    def post(desk: ElectionDesk, path: str, fields: dict[str, str]) -> TestResponse:
        return desk.post(path, fields)

    answers = at_once(app, [lambda one=one: post(*one) for one in ready])  # type: ignore[misc]
    assert all(isinstance(answer, TestResponse) for answer in answers), answers
    return sorted(answer.status_code for answer in answers if isinstance(answer, TestResponse))


def proposed() -> int:
    return acts.propose_act(
        CODE,
        ActKind.ABANDON,
        staff("returning_officer"),
        [RoleName.RETURNING_OFFICER],
        reason="No hall.",
    )


def told(tag: str) -> int:
    return sum(f'"act":"{ActKind.ABANDON.value}"' in entry.facts.replace(" ", "") for entry in entries(tag))


def test_two_confirmations_at_once_do_it_once(app: Flask) -> None:
    path = f"/acts/{proposed()}/confirm"
    assert together(app, ("election_board", path, {}), ("other returning_officer", path, {})) == [302, 409]
    assert election().stage == Stage.ABANDONED
    assert told("elections:act:perform") == 1


def test_a_double_click_proposes_once(app: Flask) -> None:
    form = ("returning_officer", "/acts/abandon", {"reason": "No hall."})
    assert together(app, form, form, form) == [302, 409, 409]
    assert [act.kind for act in rows(Act) if act.performed_on is None] == ["abandon"]
    assert told("elections:act:propose") == 1


def test_what_is_confirmed_and_taken_back_at_once_is_one_of_both(app: Flask) -> None:
    number = proposed()
    answers = together(
        app,
        ("election_board", f"/acts/{number}/confirm", {}),
        ("returning_officer", f"/acts/{number}/withdraw", {}),
    )
    assert answers == [302, 409]
    act = rows(Act)[-1]
    assert (act.performed_on is None) != (act.withdrawn_on is None)
    assert (election().stage == Stage.ABANDONED) == (act.performed_on is not None)
    assert told("elections:act:perform") + told("elections:act:withdraw") == 1


def test_what_was_taken_back_is_not_confirmed_any_more(app: Flask) -> None:
    number = proposed()
    returning, board = ElectionDesk(app, "returning_officer"), ElectionDesk(app, "election_board")
    assert returning.post(f"/acts/{number}/withdraw").status_code == 302
    assert board.post(f"/acts/{number}/confirm").status_code == 409
    assert election().stage == Stage.CALLED
