"""Every form of the office with its own token, sent by every role: who may not is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core import clock
from elections.models.elections import Act
from elections.rules.deadlines import Step, read_timetable
from elections.rules.stages import Stage
from elections.services.objections import NewObjection, object_to
from elections.services.roll.imports import import_roll
from tests import city
from tests.accounts.browsers import Browser, hidden_fields
from tests.city import everything, rows, staff
from tests.elections.city import CODE, bring_to, election
from tests.elections.nominees import OPEN, nominate
from tests.elections.registers import mapping, person, table
from tests.elections.test_service_roll_changes import ask
from tests.routes import council, elections, followup
from tests.routes.people import ANYONE, ROLES
from tests.routes.rooms import ROUTES, room_of
from tests.test_permissions import Route, browser_of, named, peopled, routes

__all__ = ["peopled"]
ROOMS = (council, elections, followup)


def office_forms(app: Flask) -> Iterator[Route]:
    """What the office of elections, councils and promises can send, to things of the city below."""
    numbers = {"/registrations/1": "/registrations/2", "/objections/1/": "/objections/3/"}
    numbers["/acts/1/"] = f"/acts/{waiting_act()}/"
    for route in routes(app):
        if route.method == "POST" and route.path.startswith("/office/") and room_of(route.rule) in ROOMS:
            path = route.path
            for sample, number in numbers.items():
                path = path.replace(sample, number)
            yield replace(route, path=path)


@pytest.fixture
def busy(peopled: Flask) -> Flask:
    """The city of ``peopled``; besides, a nomination (1), an application for the roll (2) and an objection (3)."""
    with clock.freeze(OPEN):
        nominate()
    import_roll(CODE, table([person(1)]), "register.csv", mapping(), staff("returning_officer"))
    ask()
    with clock.freeze(read_timetable(election().timetable)[Step.ROLL_OPENS]):
        bring_to(Stage.ROLL)
        object_to(CODE, "3" * 32, NewObjection("roll", "other", "My sister is missing.", "en"))
    return peopled


def waiting_act() -> int:
    return next(act.id for act in rows(Act) if act.performed_on is None)


def token_of(browser: Browser, who: str) -> str:
    page = "/office/account" if who in ROLES else "/office/sign-in"
    return hidden_fields(browser.get(page))["csrf_token"]


def fields_of(route: Route) -> dict[str, str]:
    filled: dict[str, dict[str, str]] = getattr(room_of(route.rule), "FILLED", {})
    return filled.get(route.rule.rsplit("/", 1)[-1], {})


def send(browser: Browser, route: Route, token: str) -> TestResponse:
    return browser.post(route.path, {**fields_of(route), "csrf_token": token})


@pytest.mark.parametrize("who", ANYONE)
def test_who_may_not_send_a_form_changes_nothing_by_sending_it_with_a_token(busy: Flask, who: str) -> None:
    browser = browser_of(busy, who)
    token = token_of(browser, who)
    before, sent = everything(), 0
    for route in office_forms(busy):
        if who in ROUTES[named(route)]:
            continue
        answer = send(browser, route, token)
        to_sign_in = answer.status_code == 302 and "/office/sign-in" in (answer.location or "")
        assert to_sign_in if who not in ROLES else answer.status_code in (403, 404), (
            route,
            answer.status_code,
        )
        sent += 1
    assert sent > 15
    assert everything() == before


def test_who_may_send_a_form_passes_with_a_token_and_many_do_what_they_say(busy: Flask) -> None:
    before, start = everything(), city.taken()
    done: dict[str, set[str]] = {}
    for route in office_forms(busy):
        for who in sorted(ROUTES[named(route)]):
            browser = browser_of(busy, who)
            answer = send(browser, route, token_of(browser, who))
            assert answer.status_code < 500, (who, route)
            assert answer.status_code not in (400, 403), (who, route)
            if everything() != before:
                done.setdefault(route.rule.removeprefix("/office/"), set()).add(who)
                city.put_back(start)
    assert len(done) >= 20, "the walk would mean little if these forms did nothing"
    act = "elections/<code>/acts/<int:act_id>/"
    assert done[f"{act}confirm"] == done[f"{act}withdraw"] == {"returning_officer", "election_board"}
