"""A session ends at once, on every computer, with logout, disabling, a role change or a new password."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from accounts import access, services
from accounts.models import Account
from accounts.rules import AccountState
from core.audit import SYSTEM, Actor
from core.errors import Conflict
from tests.accounts.browsers import PASSWORD, Browser, hidden_fields, letters, link_in, text_of

NEW_PASSWORD = "four quiet words together"


@pytest.fixture
def officer(somebody: Callable[..., Account]) -> Account:
    return somebody("officer")


@pytest.fixture
def two_computers(officer: Account, open_browser: Callable[[], Browser]) -> tuple[Browser, Browser]:
    """The same officer, signed in twice."""
    first, second = open_browser(), open_browser()
    for browser in (first, second):
        browser.sign_in(officer.email)
        assert browser.is_signed_in
    return first, second


def test_signing_out_signs_out_everywhere(two_computers: tuple[Browser, Browser]) -> None:
    first, second = two_computers
    answer = first.send("/office/account", {}, to="/office/sign-out")
    assert answer.status_code == 302
    assert not first.is_signed_in
    assert not second.is_signed_in


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(
    two_computers: tuple[Browser, Browser], open_browser: Callable[[], Browser]
) -> None:
    first, _second = two_computers
    stolen = first.session()
    first.send("/office/account", {}, to="/office/sign-out")
    thief = open_browser()
    thief.change_session(**stolen)
    assert not thief.is_signed_in


def test_nobody_is_signed_out_by_a_link(two_computers: tuple[Browser, Browser]) -> None:
    first, _second = two_computers
    for path in ("/office/sign-out", "/office/logout", "/office/second-factor-code"):
        first.get(path)
    assert first.is_signed_in


@pytest.mark.parametrize(
    "act",
    [
        lambda account: services.disable_account(SYSTEM, account.id),
        lambda account: services.change_roles(SYSTEM, account.id, ["officer", "approver"]),
        lambda account: services.reset_second_factor(SYSTEM, account.id),
        lambda account: services.end_sessions(account.id),
    ],
    ids=["disabling", "a role change", "a second factor taken off", "signing out"],
)
def test_it_ends_every_session(
    two_computers: tuple[Browser, Browser], officer: Account, act: Callable[[Account], None]
) -> None:
    act(officer)
    assert [browser.is_signed_in for browser in two_computers] == [False, False]


def test_a_disabled_person_cannot_come_back_and_an_enabled_one_can(
    browser: Browser, somebody: Callable[..., Account], officer: Account
) -> None:
    services.disable_account(SYSTEM, officer.id)
    assert browser.sign_in(officer.email).status_code == 200
    services.enable_account(SYSTEM, officer.id)
    assert browser.sign_in(officer.email).status_code == 302


def test_an_enabled_account_does_not_revive_old_sessions(
    two_computers: tuple[Browser, Browser], officer: Account
) -> None:
    services.disable_account(SYSTEM, officer.id)
    services.enable_account(SYSTEM, officer.id)
    assert [browser.is_signed_in for browser in two_computers] == [False, False]


def test_a_new_role_counts_from_the_next_request(browser: Browser, somebody: Callable[..., Account]) -> None:
    somebody("administrator")
    account = somebody("officer", name="Otto")
    browser.sign_in("otto@lindhafen.example")
    assert browser.get("/office/accounts").status_code == 403
    services.change_roles(SYSTEM, account.id, ["administrator"])
    assert browser.get("/office/accounts").status_code == 302
    browser.sign_in("otto@lindhafen.example")
    assert browser.get("/office/accounts").status_code == 200


def test_a_new_password_keeps_this_computer_and_ends_the_others(
    two_computers: tuple[Browser, Browser], officer: Account, open_browser: Callable[[], Browser]
) -> None:
    first, second = two_computers
    answer = first.send(
        "/office/change-password",
        {"password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_confirm": NEW_PASSWORD},
    )
    assert (answer.status_code, answer.location) == (302, "/office/account")
    assert first.is_signed_in
    assert not second.is_signed_in
    assert letters()[-1]["subject"] == "Your password was changed"
    assert open_browser().sign_in(officer.email, PASSWORD).status_code == 200
    assert open_browser().sign_in(officer.email, NEW_PASSWORD).status_code == 302


def test_a_reset_password_ends_every_session(
    two_computers: tuple[Browser, Browser], officer: Account
) -> None:
    first, second = two_computers
    services.request_reset(officer.email)
    first.send(link_in(letters()[0]), {"password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD})
    assert not first.is_signed_in
    assert not second.is_signed_in


def test_the_present_password_is_asked_for_and_cannot_be_guessed(
    two_computers: tuple[Browser, Browser],
) -> None:
    first, _second = two_computers
    attempt = {"password": "wrong wrong", "new_password": NEW_PASSWORD, "new_password_confirm": NEW_PASSWORD}
    for _try in range(10):
        assert "This password is not right." in text_of(first.send("/office/change-password", attempt))
    assert first.send("/office/change-password", {**attempt, "password": PASSWORD}).status_code == 429


def test_signing_in_begins_with_a_new_form_token(browser: Browser, officer: Account) -> None:
    planted = hidden_fields(browser.get("/office/sign-in"))["csrf_token"]
    browser.sign_in(officer.email)
    answer = browser.post("/office/sign-out", {"csrf_token": planted})
    assert answer.status_code == 400
    assert browser.is_signed_in


def test_a_sign_in_lasts_a_working_day(browser: Browser, officer: Account) -> None:
    browser.sign_in(officer.email)
    browser.change_session(fs_paa=time.time() - access.SIGNED_IN_FOR.total_seconds() + 60)
    assert browser.is_signed_in
    browser.change_session(fs_paa=time.time() - access.SIGNED_IN_FOR.total_seconds() - 60)
    assert not browser.is_signed_in


# Fresh enough -------------------------------------------------------------------------------------------------------


@pytest.fixture
def stale_administrator(browser: Browser, somebody: Callable[..., Account], officer: Account) -> Browser:
    """An administrator who typed the password an hour ago."""
    somebody("administrator")
    browser.sign_in("administrator@lindhafen.example")
    browser.change_session(fs_paa=time.time() - 3600)
    return browser


def test_an_administrators_act_asks_for_the_password_again(
    stale_administrator: Browser, officer: Account
) -> None:
    browser, page = stale_administrator, f"/office/accounts/{officer.id}"
    fields = hidden_fields(browser.get("/office/account"))
    answer = browser.post(f"{page}/disable", fields)
    assert (answer.status_code, answer.location) == (302, "/office/confirm")
    assert officer.state is AccountState.ACTIVE

    asked = browser.get(page).location
    assert asked == f"/office/confirm?next={page}"
    assert "This password is not right." in text_of(browser.send(asked, {"password": "wrong wrong wrong"}))
    answer = browser.send(asked, {"password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, page)
    assert browser.get(page).status_code == 200


def test_ones_own_page_needs_no_fresh_password(stale_administrator: Browser) -> None:
    assert stale_administrator.get("/office/account").status_code == 200


def test_an_old_epoch_is_refused_even_in_the_middle_of_a_request(officer: Account) -> None:
    """What Flask-Security read may be old by the time it writes; then it writes nothing."""
    old = officer.fs_uniquifier
    services.change_roles(Actor("administrator", "00000000"), officer.id, ["approver"])
    with pytest.raises(Conflict):
        services.keep_credentials(
            officer.id,
            {"fs_uniquifier": old, "password": officer.password},
            {"fs_uniquifier": "new", "password": "stolen"},
        )
