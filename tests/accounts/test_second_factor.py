"""The second factor: set up, asked for, used once, replaced by recovery codes, and taken off by another person."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from passlib.totp import TOTP

from accounts import services
from accounts.models import Account
from core.audit import SYSTEM
from core.db import db
from tests.accounts.browsers import PASSWORD, Browser, hidden_fields, letters, link_in, text_of, totp


@pytest.fixture
def required(app: Flask) -> Iterator[None]:
    """A city that asks everybody for a second factor, as every city but the demo does."""
    app.config["SECURITY_TWO_FACTOR_REQUIRED"] = True
    yield
    app.config["SECURITY_TWO_FACTOR_REQUIRED"] = False


class Clock:
    """The authenticator's and the server's clock, moved on between codes."""

    def __init__(self) -> None:
        self.real = time.time
        self.ahead = 0.0

    def __call__(self) -> float:
        return self.real() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moving = Clock()
    monkeypatch.setattr(time, "time", moving)
    monkeypatch.setattr(TOTP, "now", staticmethod(moving))
    return moving


def key_on(page: str) -> str:
    found = re.search(r"<strong>([A-Z2-7][A-Z2-7 -]+)</strong>", page)
    assert found, page
    return found.group(1)


def set_up(browser: Browser, account: Account) -> str:
    """Sign in for the first time, set up the authenticator, and return its secret."""
    answer = browser.sign_in(account.email)
    assert answer.location == "/office/second-factor"
    shown = browser.send("/office/second-factor", {"setup": "authenticator"})
    secret = key_on(shown.text)
    answer = browser.post(
        "/office/second-factor-code", {**hidden_fields(shown), "code": totp(secret, time.time())}
    )
    assert (answer.status_code, answer.location) == (302, "/office/recovery-codes")
    return secret


@pytest.fixture
def officer(somebody: Callable[..., Account]) -> Account:
    return somebody("officer")


def test_a_password_alone_opens_nothing(required: None, browser: Browser, officer: Account) -> None:
    answer = browser.sign_in(officer.email)
    assert answer.location == "/office/second-factor"
    assert not browser.is_signed_in


def test_the_authenticator_is_set_up_at_the_first_sign_in(
    required: None, browser: Browser, officer: Account, clock: Clock
) -> None:
    set_up(browser, officer)
    assert browser.is_signed_in
    assert letters()[-1]["subject"] == "Your second factor was changed"


def test_the_picture_to_scan_is_drawn_into_the_page(
    required: None, browser: Browser, officer: Account
) -> None:
    browser.sign_in(officer.email)
    shown = browser.send("/office/second-factor", {"setup": "authenticator"}).text
    assert "<svg" in shown[shown.index('class="a-qr"') :]
    assert "data:image" not in shown
    assert "style=" not in shown


def test_the_next_sign_in_asks_for_a_code(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock
) -> None:
    secret = set_up(open_browser(), officer)
    clock.ahead = 60
    browser = open_browser()
    answer = browser.sign_in(officer.email, page="/office/sign-in?next=/de/office/account")
    assert answer.location is not None
    assert answer.location.startswith("/office/second-factor-code")
    assert not browser.is_signed_in
    wrong = browser.send(answer.location, {"code": "000000"})
    assert "This code is not right, or was used already." in text_of(wrong)
    right = browser.send(answer.location, {"code": totp(secret, time.time())})
    assert right.location == "/de/office/account"
    assert browser.is_signed_in


@pytest.mark.parametrize("zero", ["٠", "۰"], ids=["Arabic", "Persian"])
def test_a_code_may_be_typed_in_other_digits_and_with_blanks(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock, zero: str
) -> None:
    secret = set_up(open_browser(), officer)
    clock.ahead = 60
    code = "".join(chr(ord(zero) + int(digit)) for digit in totp(secret, time.time()))
    browser = open_browser()
    browser.sign_in(officer.email)
    browser.send("/office/second-factor-code", {"code": f"{code[:3]} {code[3:]}"})
    assert browser.is_signed_in


def test_a_code_works_once(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock
) -> None:
    secret = set_up(open_browser(), officer)
    clock.ahead = 60
    code = totp(secret, time.time())
    first, second = open_browser(), open_browser()
    for browser in (first, second):
        browser.sign_in(officer.email)
        browser.send("/office/second-factor-code", {"code": code})
    assert first.is_signed_in
    assert not second.is_signed_in


def test_an_old_code_is_refused(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock
) -> None:
    secret = set_up(open_browser(), officer)
    clock.ahead = 600
    browser = open_browser()
    browser.sign_in(officer.email)
    browser.send("/office/second-factor-code", {"code": totp(secret, time.time() - 120)})
    assert not browser.is_signed_in


def test_codes_cannot_be_guessed(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock
) -> None:
    secret = set_up(open_browser(), officer)
    clock.ahead = 60
    for _computer in range(2):
        browser = open_browser()
        browser.sign_in(officer.email)
        for _try in range(5):
            browser.send("/office/second-factor-code", {"code": "123"})
    answer = browser.send("/office/second-factor-code", {"code": totp(secret, time.time())})
    assert answer.status_code == 429
    assert not browser.is_signed_in


@pytest.mark.parametrize("code", ["", "abc", "1" * 5000, "\x00", "１２３４５６", "⁰¹²³⁴⁵", "-00001"])
def test_what_is_no_code_gets_the_page_again(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock, code: str
) -> None:
    set_up(open_browser(), officer)
    browser = open_browser()
    browser.sign_in(officer.email)
    assert browser.send("/office/second-factor-code", {"code": code}).status_code == 200
    assert not browser.is_signed_in


def recovery_codes(browser: Browser) -> list[str]:
    made = browser.send("/office/recovery-codes", {"generate_new_codes": "y"})
    return re.findall(r"<code>([0-9a-f-]{14})</code>", made.text)


def test_a_recovery_code_opens_the_account_once(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock
) -> None:
    first = open_browser()
    set_up(first, officer)
    codes = recovery_codes(first)
    assert len(codes) == 8
    outcomes = []
    for _time in range(2):
        browser = open_browser()
        browser.sign_in(officer.email)
        browser.send("/office/recovery-code", {"code": f" {codes[0].upper()} "})
        outcomes.append(browser.is_signed_in)
    assert outcomes == [True, False]
    assert "7 are left." in first.get("/office/account").text


def test_recovery_codes_are_shown_once_and_kept_sealed(
    required: None, browser: Browser, officer: Account, clock: Clock
) -> None:
    set_up(browser, officer)
    codes = recovery_codes(browser)
    again = browser.get("/office/recovery-codes?show_codes=1")
    assert again.status_code == 200
    assert not any(code in again.text for code in codes)
    db.session.rollback()
    stored = str(officer.mf_recovery_codes) + str(officer.tf_totp_secret)
    assert not any(code in stored for code in codes)


def test_the_key_is_kept_sealed(required: None, browser: Browser, officer: Account, clock: Clock) -> None:
    secret = set_up(browser, officer)
    db.session.rollback()
    assert officer.tf_totp_secret is not None
    assert secret.replace(" ", "").replace("-", "") not in officer.tf_totp_secret


def test_another_person_takes_a_lost_second_factor_off_and_a_new_one_is_set_up(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock
) -> None:
    first = open_browser()
    set_up(first, officer)
    services.reset_second_factor(SYSTEM, officer.id)
    assert not first.is_signed_in
    set_up(open_browser(), officer)


def test_a_new_password_does_not_go_round_the_second_factor(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock
) -> None:
    set_up(open_browser(), officer)
    services.request_reset(officer.email)
    browser = open_browser()
    new = "four quiet words together"
    browser.send(link_in(letters()[-1]), {"password": new, "password_confirm": new})
    assert not browser.is_signed_in
    answer = browser.sign_in(officer.email, new)
    assert (answer.location or "").startswith("/office/second-factor-code")


def test_the_second_factor_cannot_be_switched_off_where_it_is_a_duty(
    required: None, browser: Browser, officer: Account, clock: Clock
) -> None:
    set_up(browser, officer)
    assert 'value="disable"' not in browser.get("/office/second-factor").text
    browser.send("/office/second-factor", {"setup": "disable"})
    db.session.rollback()
    assert officer.tf_totp_secret is not None


def test_a_new_phone_is_set_up_while_signed_in(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock
) -> None:
    browser = open_browser()
    old = set_up(browser, officer)
    clock.ahead = 60
    shown = browser.send("/office/second-factor", {"setup": "authenticator"})
    new = key_on(shown.text)
    token = re.search(r'action="(/office/second-factor/[^"]+)"', shown.text)
    assert token
    answer = browser.post(token.group(1), {**hidden_fields(shown), "code": totp(new, time.time())})
    assert (answer.status_code, answer.location) == (302, "/office/account")
    clock.ahead = 120
    for secret, opens in ((old, False), (new, True)):
        other = open_browser()
        other.sign_in(officer.email)
        other.send("/office/second-factor-code", {"code": totp(secret, time.time())})
        assert other.is_signed_in is opens


def test_a_new_phone_asks_for_a_fresh_password(
    required: None, browser: Browser, officer: Account, clock: Clock
) -> None:
    set_up(browser, officer)
    browser.change_session(fs_paa=time.time() - 3600)
    fields = hidden_fields(browser.get("/office/account"))
    answer = browser.post("/office/second-factor", {**fields, "setup": "authenticator"})
    assert (answer.location or "").startswith("/office/confirm")


def test_the_demo_asks_for_no_second_factor_but_lets_one_be_used(
    browser: Browser, officer: Account, clock: Clock
) -> None:
    browser.sign_in(officer.email)
    assert browser.is_signed_in
    shown = browser.send("/office/second-factor", {"setup": "authenticator"})
    token = re.search(r'action="(/office/second-factor/[^"]+)"', shown.text)
    assert token
    browser.post(token.group(1), {**hidden_fields(shown), "code": totp(key_on(shown.text), time.time())})
    assert 'value="disable"' in browser.get("/office/second-factor").text
    browser.send("/office/second-factor", {"setup": "disable"})
    db.session.rollback()
    assert officer.tf_totp_secret is None


@pytest.mark.parametrize(
    "path", ["/office/second-factor", "/office/second-factor-code", "/office/recovery-code"]
)
def test_pages_of_the_second_factor_need_a_password_first(
    required: None, browser: Browser, path: str
) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.location) == (302, "/office/sign-in")


def test_a_password_typed_long_ago_does_not_wait_for_its_code(
    required: None, open_browser: Callable[[], Browser], officer: Account, clock: Clock
) -> None:
    secret = set_up(open_browser(), officer)
    clock.ahead = 60
    browser = open_browser()
    browser.sign_in(officer.email, PASSWORD)
    services.end_sessions(officer.id)
    browser.post("/office/second-factor-code", {"code": totp(secret, time.time())})
    assert not browser.is_signed_in
