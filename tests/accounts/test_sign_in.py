"""Signing in and out, forgotten passwords, and what a stranger can learn or steer."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask_security import utils as security_utils

from accounts import services
from accounts.models import Account
from core import limits, settings
from core.audit import SYSTEM
from core.db import db
from tests.accounts.browsers import PASSWORD, Browser, hidden_fields, letters, link_in, text_of

NEW_PASSWORD = "four quiet words together"


@pytest.fixture
def generous(app: Flask) -> Iterator[None]:
    """No limits, for tests that try often."""
    before = settings.current()
    values = {name: getattr(before, name) for name in before.__slots__}
    values["limits"] = dict.fromkeys(limits.DEFAULTS, "1000000 per hour")
    settings.configure(settings.Settings(**values))
    yield
    settings.configure(before)


def test_an_officer_signs_in_and_comes_to_their_work(
    browser: Browser, somebody: Callable[..., Account]
) -> None:
    somebody("officer", language="de")
    answer = browser.sign_in("Officer@Lindhafen.example")
    assert (answer.status_code, answer.location) == (302, "/office/begin")
    assert browser.get("/office/begin").location == "/de/office/"
    assert browser.get("/ar/office/begin").location == "/ar/office/"


def test_an_administrator_comes_to_the_accounts(browser: Browser, somebody: Callable[..., Account]) -> None:
    somebody("administrator")
    browser.sign_in("administrator@lindhafen.example")
    assert browser.get("/office/begin").location == "/en/office/accounts"


def test_signing_in_leads_back_to_the_page_one_wanted(
    browser: Browser, somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    wanted = browser.get("/de/office/account").location
    assert wanted is not None
    answer = browser.sign_in("officer@lindhafen.example", page=wanted)
    assert answer.location == "/de/office/account"


def test_nothing_about_a_sign_in_is_written_down(
    app: Flask, browser: Browser, somebody: Callable[..., Account]
) -> None:
    account = somebody("officer")
    columns = [column.key for column in Account.__table__.columns]
    before = {key: getattr(account, key) for key in columns}
    browser.sign_in("officer@lindhafen.example", page="/office/sign-in")
    db.session.rollback()
    assert {key: getattr(account, key) for key in columns} == before
    assert not [key for key in columns if "login" in key or "ip" in key.split("_")]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser.get("/office/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_pages_of_signing_in_are_kept_by_no_cache(browser: Browser) -> None:
    for path in ("/office/sign-in", "/office/reset"):
        assert "no-store" in browser.get(path).headers["Cache-Control"], path


# What a stranger can learn ------------------------------------------------------------------------------------------


def neutral(page: str) -> str:
    """The page without what differs at each request."""
    return re.sub(r'name="csrf_token"[^>]*>', "", page)


@pytest.fixture
def kinds_of_people(app: Flask, somebody: Callable[..., Account]) -> list[str]:
    """Addresses with an account, without one, invited only, and disabled."""
    somebody("officer")
    closed = somebody("moderator")
    services.disable_account(SYSTEM, closed.id)
    services.invite_account(SYSTEM, email="invited@lindhafen.example", name="Invited", roles=["officer"])
    names = ("officer", "nobody", "invited", "moderator")
    return [f"{name}@lindhafen.example" for name in names]


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(
    open_browser: Callable[[], Browser], kinds_of_people: list[str]
) -> None:
    pages = set()
    for email in kinds_of_people:
        answer = open_browser().sign_in(email, "not the right password")
        headers = sorted(name for name, _value in answer.headers if name != "Content-Length")
        pages.add((answer.status_code, str(headers), neutral(answer.text).replace(email, "")))
    assert len(pages) == 1
    assert "The e-mail address or the password is not right." in pages.pop()[2]


def test_even_the_right_password_does_not_tell_that_an_account_is_disabled(
    open_browser: Callable[[], Browser], kinds_of_people: list[str]
) -> None:
    unknown = open_browser().sign_in("nobody@lindhafen.example")
    disabled = open_browser().sign_in("moderator@lindhafen.example")
    assert text_of(disabled).replace("moderator", "nobody") == text_of(unknown)


def test_every_refused_sign_in_hashes_one_password(
    app: Flask, browser: Browser, kinds_of_people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = app.extensions["security"].pwd_context
    hashed = []

    def counted(name: str) -> Callable[..., object]:
        real = getattr(type(context), name)

        def call(self: object, *args: object, **kwargs: object) -> object:
            hashed.append(name)
            return real(self, *args, **kwargs)

        return call

    monkeypatch.setattr(type(context), "hash", counted("hash"))
    monkeypatch.setattr(type(context), "verify", counted("verify"))
    for email in kinds_of_people:
        hashed.clear()
        browser.sign_in(email, "not the right password")
        assert len(hashed) == 1, email


def test_an_unknown_address_takes_as_long_as_a_known_one(
    browser: Browser, kinds_of_people: list[str], generous: None
) -> None:
    took: dict[str, list[float]] = {email: [] for email in kinds_of_people}
    fields = hidden_fields(browser.get("/office/sign-in"))
    for _round in range(12):
        for email in kinds_of_people:
            began = time.perf_counter()
            browser.post("/office/sign-in", {**fields, "email": email, "password": "not the right password"})
            took[email].append(time.perf_counter() - began)
    # A neighbour on the machine only ever adds to a time, so the quickest of each tells what the work itself takes.
    quickest = [min(times) for times in took.values()]
    # A skipped hash would make one of them a fifth of the others.
    assert max(quickest) < 2.5 * min(quickest)


def test_passwords_are_hashed_in_the_small_argon2_profile(
    app: Flask, somebody: Callable[..., Account]
) -> None:
    account = somebody("officer")
    assert account.password is not None
    assert account.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert security_utils.verify_password(PASSWORD, account.password)


def test_a_stolen_database_alone_does_not_verify_a_password(
    app: Flask, somebody: Callable[..., Account]
) -> None:
    from argon2 import PasswordHasher
    from argon2.exceptions import VerifyMismatchError

    account = somebody("officer")
    assert account.password is not None
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(account.password, PASSWORD)


# Nonsense ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "officer@lindhafen.example"},
        {"password": PASSWORD},
        {"email": "a\x00b@lindhafen.example", "password": "\x00" * 20},
        {"email": "\u202eofficer@lindhafen.example", "password": "x"},
        {"email": "x" * 10_000 + "@lindhafen.example", "password": "x" * 100_000},
        {"email": b"\xff\xfe@x.example", "password": b"\xed\xa0\x80"},
    ],
)
def test_nonsense_gets_the_form_again(
    browser: Browser, somebody: Callable[..., Account], data: dict[str, object]
) -> None:
    somebody("officer")
    answer = browser.send("/office/sign-in", data)
    assert answer.status_code == 200
    assert 'name="password"' in answer.text


def test_there_are_pages_only_no_tokens_and_no_json(
    browser: Browser, somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    fields = hidden_fields(browser.get("/office/sign-in"))
    body = {**fields, "email": "officer@lindhafen.example", "password": PASSWORD}
    answer = browser.post("/office/sign-in?include_auth_token", body, headers={"Accept": "application/json"})
    assert answer.status_code == 302
    assert "auth" not in answer.text.lower()


# Steering -----------------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "http:evil.example",
    "http:///evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "%09//evil.example",
    "http://answerable.test@evil.example/",
    "http://localhost@evil.example/",
    "http://localhost.evil.example/",
    "//localhost%2eevil.example",
    "\u2028//evil.example",
    "/\r\nLocation: https://evil.example",
]


def test_nobody_is_led_to_another_site(browser: Browser, somebody: Callable[..., Account]) -> None:
    somebody("officer")
    fields = hidden_fields(browser.get("/office/sign-in"))
    credentials = {**fields, "email": "officer@lindhafen.example", "password": PASSWORD}
    for place in ELSEWHERE:
        inside = {**credentials, "next": place}
        answers = [
            browser.post("/office/sign-in", credentials, query_string={"next": place}),
            browser.post("/office/sign-in", inside),
            browser.post("/office/sign-in", inside, query_string={"next": "/office/"}),
        ]
        assert {answer.status_code for answer in answers} == {400}, place
        shown = browser.get("/office/sign-in", query_string={"next": place})
        assert (shown.status_code, shown.location) == (302, "/office/sign-in"), place
    assert not browser.is_signed_in


def test_a_reset_link_names_the_citys_own_address_whatever_host_was_claimed(
    browser: Browser, somebody: Callable[..., Account]
) -> None:
    somebody("officer", language="de")
    claimed = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    fields = hidden_fields(browser.get("/office/reset", headers=claimed))
    browser.post("/office/reset", {**fields, "email": "officer@lindhafen.example"}, headers=claimed)
    [letter] = letters()
    assert "http://answerable.test/de/office/reset/" in letter["body"]
    assert "evil" not in letter["body"]


# Forgotten passwords ------------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(
    browser: Browser, open_browser: Callable[[], Browser], somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    browser.send("/office/reset", {"email": "officer@lindhafen.example"})
    link = link_in(letters()[0])
    answer = browser.send(link, {"password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD})
    assert answer.status_code == 302
    assert not browser.is_signed_in
    assert letters()[-1]["subject"] == "Your password was changed"

    again = open_browser()
    assert again.get(link).status_code == 302
    assert again.sign_in("officer@lindhafen.example", PASSWORD).status_code == 200
    assert again.sign_in("officer@lindhafen.example", NEW_PASSWORD).status_code == 302


def test_using_one_link_ends_all_others(browser: Browser, somebody: Callable[..., Account]) -> None:
    somebody("officer")
    for _time in range(2):
        browser.send("/office/reset", {"email": "officer@lindhafen.example"})
    first, second = (link_in(letter) for letter in letters())
    browser.send(second, {"password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD})
    assert browser.get(first).status_code == 302


def test_asking_for_a_link_looks_and_works_alike_for_every_address(
    open_browser: Callable[[], Browser], kinds_of_people: list[str]
) -> None:
    pages = set()
    for email in kinds_of_people:
        browser = open_browser()
        answer = browser.send("/office/reset", {"email": email})
        pages.add((answer.status_code, answer.location, neutral(browser.get("/office/sign-in").text)))
    assert len(pages) == 1
    assert "If this address has an account, we have sent a link to it." in pages.pop()[2]
    recipients = [letter["recipient"] for letter in letters() if letter["subject"] == "Choose a new password"]
    assert recipients == ["officer@lindhafen.example"]


def test_a_short_new_password_is_refused_in_plain_words(
    browser: Browser, somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    browser.send("/office/reset", {"email": "officer@lindhafen.example"})
    answer = browser.send(link_in(letters()[0]), {"password": "short", "password_confirm": "short"})
    assert "Use at least 12 characters. Three or four words are good." in text_of(answer)


def test_a_common_new_password_is_refused_in_plain_words(
    browser: Browser, somebody: Callable[..., Account]
) -> None:
    somebody("officer")
    browser.send("/office/reset", {"email": "officer@lindhafen.example"})
    common = "iloveyou1234"
    answer = browser.send(link_in(letters()[0]), {"password": common, "password_confirm": common})
    assert "Many people choose this one, or it is easy to guess." in text_of(answer)
    assert browser.sign_in("officer@lindhafen.example", common).status_code == 200


def test_a_link_that_ran_out_leads_to_a_new_one(
    app: Flask, browser: Browser, somebody: Callable[..., Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody("officer")
    browser.send("/office/reset", {"email": "officer@lindhafen.example"})
    link = link_in(letters()[0])
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 2 * 3600 + 5)
    answer = browser.get(link)
    assert (answer.status_code, answer.location) == (302, "/en/office/reset")
    assert "This link has run out. Ask for a new one." in browser.get("/office/reset").text


def test_too_many_requests_for_links_are_refused_by_address(browser: Browser) -> None:
    for number in range(10):
        assert browser.send("/office/reset", {"email": f"n{number}@lindhafen.example"}).status_code == 302
    assert browser.send("/office/reset", {"email": "n@lindhafen.example"}).status_code == 429


def test_what_is_no_address_is_said_so(browser: Browser) -> None:
    answer = browser.send("/office/reset", {"email": "nobody"})
    assert answer.status_code == 422
    assert "Write an e-mail address like name@example.org" in text_of(answer)


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_sign_in_page_opens_in_every_language(browser: Browser, language: str) -> None:
    page = browser.get(f"/{language}/office/sign-in")
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
