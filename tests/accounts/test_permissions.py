"""Every role and every permission, written out by hand; and the gate before every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask_security import login_user

from accounts import access, permissions
from accounts.access import CLOSED, NOT_OURS, requires, unlisted
from accounts.models import Account
from accounts.permissions import PUBLIC, Permission, allowed
from accounts.rules import RoleName
from core.audit import Actor
from tests.accounts.browsers import Browser

OFFICER, APPROVER = RoleName.OFFICER, RoleName.APPROVER
MODERATOR, ADMINISTRATOR = RoleName.MODERATOR, RoleName.ADMINISTRATOR
RETURNING, BOARD = RoleName.RETURNING_OFFICER, RoleName.ELECTION_BOARD
OBSERVER, CLERK, MEMBER = RoleName.OBSERVER, RoleName.CLERK, RoleName.MEMBER

# Who may do what. A change here is a change of what the city promised its residents.
EXPECTED = {
    "own_account": {OFFICER, APPROVER, MODERATOR, ADMINISTRATOR, RETURNING, BOARD, OBSERVER, CLERK, MEMBER},
    "read_workbench": {OFFICER, APPROVER, MODERATOR},
    "manage_rounds": {OFFICER},
    "write_answers": {OFFICER},
    "approve_answers": {APPROVER},
    "release_answers": {APPROVER},
    "extend_promises": {OFFICER},
    "moderate_texts": {MODERATOR, OFFICER},
    "read_elections": {RETURNING, BOARD, OBSERVER, CLERK},
    "manage_elections": {RETURNING},
    "propose_acts": {RETURNING, BOARD, CLERK},
    "confirm_acts": {RETURNING, BOARD, CLERK},
    "keep_roll": {RETURNING},
    "vet_nominations": {RETURNING},
    "enter_results": {RETURNING, BOARD},
    "read_promises": {RETURNING, BOARD, CLERK},
    "answer_promises": {RETURNING, CLERK},
    "approve_promises": {BOARD, CLERK},
    "manage_council": {CLERK},
    "use_members_desk": {MEMBER},
    "check_motions": {OFFICER},
    "record_meetings": {CLERK},
    "count_votes": {CLERK, MEMBER},
    "read_motions_desk": {OFFICER, CLERK, MEMBER},
    "manage_accounts": {ADMINISTRATOR},
}


@pytest.fixture
def app(sqlite_app: Flask) -> Flask:
    """One database is enough: none of this depends on it."""
    return sqlite_app


def every_permission() -> dict[str, Permission]:
    found = {
        value.name: value
        for value in vars(permissions).values()
        if isinstance(value, Permission) and value is not PUBLIC
    }
    assert all(getattr(permissions, name) is value for name, value in found.items())
    return found


def test_no_permission_is_missing_from_the_list_above() -> None:
    assert set(every_permission()) == set(EXPECTED)


@pytest.mark.parametrize("role", RoleName)
@pytest.mark.parametrize("name", EXPECTED)
def test_each_role_may_do_what_is_listed_and_nothing_else(name: str, role: RoleName) -> None:
    assert allowed(every_permission()[name], [role]) is (role in EXPECTED[name])


@pytest.mark.parametrize("name", EXPECTED)
def test_somebody_without_any_role_may_do_nothing(name: str) -> None:
    assert not allowed(every_permission()[name], [])


def test_an_administrator_reads_no_submission() -> None:
    granted = {name for name, roles in EXPECTED.items() if ADMINISTRATOR in roles}
    assert granted == {"own_account", "manage_accounts"}


def test_every_permission_is_a_sentence() -> None:
    for permission in every_permission().values():
        assert permission.sentence.endswith("."), permission.name
        assert len(permission.sentence.split()) <= 20, permission.name


# The gate -----------------------------------------------------------------------------------------------------------


def test_no_page_is_closed_by_having_been_forgotten(app: Flask) -> None:
    assert set(unlisted(app)) == set()


def test_the_list_of_foreign_pages_names_only_pages_that_exist(app: Flask) -> None:
    assert set(NOT_OURS) | CLOSED <= set(app.view_functions)


@pytest.mark.parametrize(
    "path", ["/office/tf-rescue", "/office/tf-select", "/office/login", "/office/register"]
)
def test_what_nobody_listed_does_not_exist(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404
    assert browser.post(path).status_code in (400, 404)


@pytest.mark.parametrize(
    "path", ["/office/account", "/office/accounts", "/office/accounts/1", "/office/change-password"]
)
def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(browser: Browser, path: str) -> None:
    answer = browser.get(path + "?page=2")
    assert answer.status_code == 302
    assert answer.location == f"/office/sign-in?next={path}?page%3D2"


def test_the_way_back_keeps_the_language(browser: Browser) -> None:
    assert browser.get("/ar/office/account").location == "/ar/office/sign-in?next=/ar/office/account"


def test_a_form_sent_without_being_signed_in_leads_to_the_sign_in_page(browser: Browser) -> None:
    answer = browser.post("/office/accounts/1/disable")
    assert (answer.status_code, answer.location) == (302, "/office/sign-in")


ADMINISTRATORS_ONLY = [
    ("GET", "/office/accounts"),
    ("GET", "/office/accounts/invite"),
    ("POST", "/office/accounts/invite"),
    ("GET", "/office/accounts/1"),
    ("POST", "/office/accounts/1/change-roles"),
    ("POST", "/office/accounts/1/change-department"),
    ("POST", "/office/accounts/1/disable"),
    ("POST", "/office/accounts/1/enable"),
    ("POST", "/office/accounts/1/reset-second-factor"),
    ("POST", "/office/accounts/1/renew-invitation"),
]


@pytest.mark.parametrize("role", ["officer", "approver", "moderator"])
def test_accounts_are_none_of_other_roles_business(
    browser: Browser, somebody: Callable[..., Account], role: str
) -> None:
    somebody("administrator")
    somebody(role)
    browser.sign_in(f"{role}@lindhafen.example")
    for method, path in ADMINISTRATORS_ONLY:
        answer = browser.get(path) if method == "GET" else browser.post(path)
        assert answer.status_code == 403, (method, path)


def test_a_page_of_ones_own_work_opens(browser: Browser, somebody: Callable[..., Account]) -> None:
    somebody("administrator")
    browser.sign_in("administrator@lindhafen.example")
    assert browser.get("/office/accounts").status_code == 200
    assert browser.get("/office/rounds/").status_code == 403
    led_on = browser.get("/office/", follow_redirects=True)
    assert (led_on.status_code, led_on.request.path) == (200, "/en/office/accounts")


@pytest.mark.parametrize(
    "path", ["/office/accounts/2/disable", "/office/accounts/2/change-roles", "/office/sign-out"]
)
def test_a_form_without_its_token_changes_nothing(
    browser: Browser, somebody: Callable[..., Account], path: str
) -> None:
    somebody("administrator")
    somebody("officer")
    browser.sign_in("administrator@lindhafen.example")
    assert browser.post(path, {"roles": "moderator"}).status_code == 400
    assert browser.post(path, {"roles": "moderator", "csrf_token": "forged"}).status_code == 400
    assert browser.is_signed_in
    assert "Officer" in browser.get("/office/accounts/2").text


def test_who_acts_is_named_by_role_and_handle(app: Flask, somebody: Callable[..., Account]) -> None:
    account = somebody("approver", "moderator", name="Both")
    with app.test_request_context():
        with pytest.raises(RuntimeError):
            access.acting(permissions.moderate_texts)
        login_user(account)
        assert access.acting(permissions.moderate_texts) == Actor("moderator", account.handle, account.id)
        assert access.acting(permissions.read_workbench) == Actor("approver", account.handle, account.id)
        with pytest.raises(RuntimeError):
            access.acting(permissions.manage_accounts)


def test_a_view_keeps_its_name_and_gains_a_permission() -> None:
    @requires(permissions.manage_rounds)
    def conclude_round() -> str:
        return "concluded"

    assert conclude_round.permission is permissions.manage_rounds  # type: ignore[attr-defined]
    assert (conclude_round.__name__, conclude_round()) == ("conclude_round", "concluded")
