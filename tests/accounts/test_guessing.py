"""Whoever guesses passwords is stopped, and never at the cost of the person whose account it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from accounts.models import Account
from core import limits, settings
from tests.accounts.browsers import PASSWORD, Browser, letters, link_in, text_of

NEW_PASSWORD = "four quiet words together"

OFFICER = "officer@lindhafen.example"


def guess(browser: Browser, email: str, times: int) -> list[int]:
    """Try wrong passwords; return the statuses."""
    return [browser.sign_in(email, "wrong wrong wrong").status_code for _try in range(times)]


@pytest.fixture
def attack(app: Flask, open_browser: Callable[..., Browser]) -> Iterator[Callable[[str], None]]:
    """Wrong passwords for one account from several networks, until none may try any more (here after twelve)."""
    before = settings.current()
    values = {name: getattr(before, name) for name in before.__slots__}
    values["limits"] = {"sign_in_everywhere": "12 per hour"}
    settings.configure(settings.Settings(**values))

    def try_for(email: str) -> None:
        for number in (1, 2):
            guess(open_browser(f"198.51.100.{number}"), email, 6)

    yield try_for
    settings.configure(before)


def test_after_ten_wrong_passwords_a_network_waits_whether_the_account_exists_or_not(
    open_browser: Callable[..., Browser], somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    answers = []
    for name in ("officer", "nobody"):
        limits.reset()
        browser, email = open_browser(), f"{name}@lindhafen.example"
        assert guess(browser, email, 10) == [200] * 10
        answer = browser.sign_in(email, PASSWORD)
        assert answer.status_code == 429
        answers.append(text_of(answer))
    assert answers[0] == answers[1]
    assert "There were too many wrong tries. Wait an hour, then try again." in answers[0]


def test_a_stranger_s_wrong_tries_leave_others_alone(
    open_browser: Callable[..., Browser], somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    stranger = open_browser("198.51.100.1")
    assert guess(stranger, OFFICER, 12)[-1] == 429
    assert open_browser("203.0.113.7").sign_in(OFFICER).status_code == 302


def test_whoever_changes_addresses_inside_one_network_waits_too(
    open_browser: Callable[..., Browser], somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    for number in range(10):
        assert guess(open_browser(f"2001:db8:1:2::{number + 1:x}"), OFFICER, 1) == [200]
    assert open_browser("2001:db8:1:2::ffff").sign_in(OFFICER).status_code == 429


def test_an_attack_from_many_networks_is_stopped_and_never_shuts_out_the_officers_own_browser(
    open_browser: Callable[..., Browser],
    somebody: Callable[..., Account],
    attack: Callable[[str], None],
) -> None:
    somebody("officer")
    own = open_browser("203.0.113.7")
    own.sign_in(OFFICER)
    own.send("/office/account", {}, to="/office/sign-out")
    attack(OFFICER)
    assert open_browser("203.0.113.8").sign_in(OFFICER).status_code == 429, (
        "a stranger, even with the password"
    )
    guess(open_browser("203.0.113.7"), OFFICER, 10)
    assert own.sign_in(OFFICER).status_code == 302, "its own browser, from its own network or any other"


def test_an_attack_on_nobody_looks_the_same(
    open_browser: Callable[..., Browser], attack: Callable[[str], None]
) -> None:
    attack("nobody@lindhafen.example")
    assert open_browser("203.0.113.8").sign_in("nobody@lindhafen.example").status_code == 429


def test_a_known_browser_has_ten_tries_of_its_own_and_no_more(
    open_browser: Callable[..., Browser], somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    own = open_browser()
    own.sign_in(OFFICER)
    own.send("/office/account", {}, to="/office/sign-out")
    assert guess(own, OFFICER, 11) == [200] * 10 + [429]
    assert open_browser().sign_in(OFFICER).status_code == 302, "and others do not pay for it"


def test_a_browser_is_known_for_the_person_who_signed_in_and_for_nobody_else(
    open_browser: Callable[..., Browser],
    somebody: Callable[..., Account],
    attack: Callable[[str], None],
) -> None:
    somebody("officer")
    somebody("approver")
    shared = open_browser()
    for email in (OFFICER, "approver@lindhafen.example", OFFICER):
        assert shared.sign_in(email).status_code == 302
        shared.send("/office/account", {}, to="/office/sign-out")
    attack("moderator@lindhafen.example")
    somebody("moderator")
    assert shared.sign_in("moderator@lindhafen.example").status_code == 429
    attack(OFFICER)
    assert shared.sign_in(OFFICER).status_code == 302, "two people may share a computer"


def test_who_chose_a_new_password_by_a_letter_is_known_at_once(
    open_browser: Callable[..., Browser],
    somebody: Callable[..., Account],
    attack: Callable[[str], None],
) -> None:
    somebody("officer")
    own = open_browser()
    attack(OFFICER)
    own.send("/office/reset", {"email": OFFICER})
    own.send(link_in(letters()[0]), {"password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD})
    assert own.sign_in(OFFICER, NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "value",
    ["", "x", "0" * 96, ".".join(["f" * 96] * 40), "\u202e", "'; DROP TABLE", "a" * 4_000],
    ids=["empty", "short", "forged", "many forged", "bidi", "sql", "long"],
)
def test_a_forged_mark_makes_nobody_known(
    open_browser: Callable[..., Browser], somebody: Callable[..., Account], value: str
) -> None:
    somebody("officer")
    stranger = open_browser()
    stranger.client.set_cookie("known", value)
    assert guess(stranger, OFFICER, 11) == [200] * 10 + [429]


def test_the_mark_of_a_known_browser_says_nothing_and_only_those_who_signed_in_get_it(
    open_browser: Callable[..., Browser], somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    stranger, own = open_browser(), open_browser()
    guess(stranger, OFFICER, 1)
    assert stranger.client.get_cookie("known") is None
    answer = own.sign_in(OFFICER)
    mark = own.client.get_cookie("known")
    assert mark is not None
    assert re.fullmatch("[0-9a-f]{96}", mark.value)
    written = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("known="))
    assert "HttpOnly" in written
    assert "SameSite=Lax" in written
    other = open_browser()
    other.sign_in(OFFICER)
    assert other.client.get_cookie("known") != mark, "no two browsers have the same"


def test_an_address_that_guesses_at_many_accounts_waits(
    browser: Browser, somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    for number in range(20):
        browser.sign_in(f"person{number}@lindhafen.example", "wrong wrong wrong")
    assert browser.sign_in("officer@lindhafen.example").status_code == 429


def test_a_right_password_costs_no_try(browser: Browser, somebody: Callable[..., Account]) -> None:
    somebody("officer")
    for _time in range(12):
        assert browser.sign_in("officer@lindhafen.example").status_code == 302
        browser.send("/office/account", {}, to="/office/sign-out")
