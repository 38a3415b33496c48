"""Every route, every role, every method: who may pass, written out by hand, and walked with real requests.

A new route fails ``test_every_route_is_listed`` until it has its line in its room's table in ``tests.routes``. A line says who may pass:
``everybody`` (signed in or not), ``nobody`` (the route does not exist for anyone), or roles. What a line asks for is
a decision about people's letters: change it only together with ``accounts/permissions.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from accounts import services
from accounts.access import permission_of
from tests.accounts.browsers import Browser
from tests.city import (
    CODE,
    STAFF,
    answer,
    draft_answer,
    everything,
    found_city,
    open_round,
    staff,
    submit_comment,
)
from tests.office import sign_in
from tests.routes.people import ANYONE, everybody, nobody
from tests.routes.rooms import ROUTES, furnish, query_of, room_of, samples_of


@dataclass(frozen=True)
class Route:
    """One line of the table, with an address that leads somewhere."""

    method: str
    rule: str
    endpoint: str
    path: str


def routes(app: Flask) -> Iterator[Route]:
    """Every route of the application, each method of it once."""
    adapter = app.url_map.bind("answerable.test")
    for rule in app.url_map.iter_rules():
        samples = samples_of(rule.rule)
        path = adapter.build(
            rule.endpoint, {name: samples[name] for name in rule.arguments}, force_external=False
        )
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            query = query_of(rule.rule, path) if method == "GET" else ""
            yield Route(method, rule.rule, rule.endpoint, path + query)


def named(route: Route) -> tuple[str, str]:
    return (route.method, route.rule)


@pytest.fixture
def peopled(sqlite_app: Flask) -> Flask:
    """One published answer (1), one draft (2), comments, and staff of every role."""
    found_city()
    open_round()
    for number in range(1, 5):
        submit_comment(f"Comment {number}")
    answer([1])
    draft_answer([2], submit=False)
    furnish()
    return sqlite_app


def browser_of(app: Flask, who: str) -> Browser:
    browser = Browser(app)
    if who in STAFF:
        sign_in(browser, who)
    return browser


HALFWAY = (
    "/office/second-factor",
    "/office/second-factor-code",
    "/office/recovery-code",
    "/office/reset/<token>",
)
"""Between password and code nobody is signed in: these pages look for themselves, and lead back to the beginning."""


def passed(route: Route, response: TestResponse) -> bool:
    """Whether the request came through the gate to its page, whatever the page then said."""
    sent_to_sign_in = response.status_code == 302 and "/office/sign-in" in (response.location or "")
    return response.status_code not in (403, 405) and (not sent_to_sign_in or route.rule in HALFWAY)


def test_every_route_is_listed(peopled: Flask) -> None:
    found = {named(route) for route in routes(peopled)}
    assert found - set(ROUTES) == set(), "these routes have no line in ROUTES"
    assert set(ROUTES) - found == set(), "these lines name no route"


def test_a_route_that_nobody_may_use_names_no_permission_and_every_other_does(peopled: Flask) -> None:
    for route in routes(peopled):
        permission = permission_of(route.endpoint)
        assert (permission is None) is (ROUTES[named(route)] == nobody), route


@pytest.mark.parametrize("who", ANYONE)
def test_each_role_passes_where_it_is_listed_and_nowhere_else(peopled: Flask, who: str) -> None:
    wrong = []
    for route in routes(peopled):
        allowed = ROUTES[named(route)]
        # Without its token a form changes nothing, so that every role meets the same city.
        response = ask(peopled, who, route)
        assert response.status_code < 500, (route, response.status_code)
        if allowed == nobody:
            right = response.status_code == 404
        else:
            right = passed(route, response) is (who in allowed)
        if not right:
            wrong.append((route.method, route.path, response.status_code, response.location))
    assert not wrong


def test_a_refused_role_sees_nothing_of_the_page(peopled: Flask) -> None:
    for route in routes(peopled):
        if "administrator" not in ROUTES[named(route)] and route.path.startswith("/office/rounds"):
            response = ask(peopled, "administrator", route)
            assert response.status_code == 403, route
            assert "Comment 1" not in response.text, route


@pytest.mark.parametrize("forged", ["", "forged"])
def test_a_form_without_its_own_token_is_refused_and_changes_nothing(peopled: Flask, forged: str) -> None:
    before = everything()
    for route in routes(peopled):
        if route.method != "POST":
            continue
        for who in sorted(ROUTES[named(route)]):
            response = ask(peopled, who, route, csrf_token=forged)
            shown_again = response.status_code in (200, 422) and "<form" in response.text
            sent_away = (
                response.status_code == 302 and ROUTES[named(route)] == everybody
            )  # nothing to sign in to
            # A ballot, a trustee's key or part is no form: what is in it says who may send it.
            signed = getattr(peopled.view_functions[route.endpoint], "signed_by_sender", False)
            not_a_form = response.status_code == 415 and signed
            assert response.status_code in (400, 404, 410) or shown_again or sent_away or not_a_form, (
                route,
                response.status_code,
            )
    assert everything() == before


def ask(app: Flask, who: str, route: Route, **fields: Any) -> TestResponse:
    """One request by a browser of its own."""
    browser = browser_of(app, who)
    if route.method == "GET":
        return browser.get(route.path, buffered=True)  # files are written while they are sent
    filled = getattr(room_of(route.rule), "FILLED", {}).get(route.rule.rsplit("/", 1)[-1], {})
    filled = {**filled, **fields}
    return browser.post(route.path, filled)


def test_who_has_just_lost_a_role_may_not_pass_any_more(peopled: Flask) -> None:
    officer = browser_of(peopled, "officer")
    assert officer.get("/office/rounds/").status_code == 200
    services.change_roles(staff("administrator"), staff("officer").account_id, ["moderator"])
    assert "/office/sign-in" in (officer.get(f"/office/rounds/{CODE}/answer?pick=3").location or "")
