"""Invitations: one link, once, for 24 hours, and no way round it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts import queries, rules, services
from accounts.models import Account, Department, Invitation
from accounts.rules import AccountState
from core import clock
from core.audit import SYSTEM, AuditEntry
from core.db import db
from core.errors import DomainError
from core.localized import Localized
from core.mail import MailMessage
from tests.accounts.browsers import Browser, letters, link_in, text_of

PASSWORD = "four quiet words together"
CHOSEN = {"password": PASSWORD, "password_confirm": PASSWORD}
JANA = "jana@lindhafen.example"


def invite(**changes: Any) -> int:
    values: dict[str, Any] = {"email": JANA, "name": "Jana Holub", "roles": ["officer"], "language": "de"}
    return services.invite_account(SYSTEM, **{**values, **changes})


def later(hours: float) -> datetime:
    return clock.now() + timedelta(hours=hours)


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_an_invited_person_chooses_a_password_and_signs_in(browser: Browser, app: Flask) -> None:
    invite()
    [letter] = letters()
    assert (letter["recipient"], letter["language"]) == (JANA, "de")
    assert letter["body"].count("http://answerable.test/de/office/invitation/") == 1
    link = link_in(letter)
    assert "Jana Holub" in browser.get(link.replace("/de/", "/en/")).text
    answer = browser.send(link, CHOSEN)
    assert (answer.status_code, answer.location) == (302, "/de/office/sign-in")
    assert not browser.is_signed_in
    assert browser.sign_in(JANA, PASSWORD).status_code == 302


def test_an_invitation_works_once(browser: Browser, app: Flask) -> None:
    invite()
    link = link_in(letters()[0]).replace("/de/", "/en/")
    browser.send(link, CHOSEN)
    again = browser.get(link)
    assert again.status_code == 410
    assert "This invitation was used already. Sign in with your password." in text_of(again)
    with pytest.raises(DomainError, match="invitation_used"):
        services.accept_invitation(token_of(link), "another long password")


def test_an_invitation_runs_out_after_a_day(browser: Browser, app: Flask) -> None:
    invite()
    link = link_in(letters()[0]).replace("/de/", "/en/")
    with clock.freeze(later(23.9)):
        assert browser.get(link).status_code == 200
    with clock.freeze(later(24)):
        page = browser.get(link)
        assert page.status_code == 410
        assert "This invitation has run out. Ask your administrator for a new one." in text_of(page)
        with pytest.raises(DomainError, match="invitation_expired"):
            services.accept_invitation(token_of(link), PASSWORD)


def test_a_forgotten_password_is_no_way_round_a_lost_invitation(browser: Browser, app: Flask) -> None:
    invite()
    letters()
    with clock.freeze(later(25)):
        browser.send("/office/reset", {"email": JANA})
        assert [letter["subject"] for letter in letters()] == ["Ihre Einladung zu Answerable"]


def test_a_link_that_was_never_sent_opens_nothing(browser: Browser, app: Flask) -> None:
    for token in ("x", "\x00", "a" * 5000, "\u202e"):
        assert browser.get(f"/office/invitation/{token}").status_code == 404


def test_a_new_invitation_ends_the_old_one(browser: Browser, app: Flask) -> None:
    account_id = invite()
    services.renew_invitation(SYSTEM, account_id)
    old, new = (link_in(letter) for letter in letters())
    assert browser.get(old).status_code == 404
    assert browser.get(new).status_code == 200


def test_a_disabled_account_is_not_opened_by_its_invitation(browser: Browser, app: Flask) -> None:
    account_id = invite()
    link = link_in(letters()[0])
    services.disable_account(SYSTEM, account_id)
    assert browser.get(link).status_code == 404
    services.enable_account(SYSTEM, account_id)
    assert browser.get(link).status_code == 404


def test_who_has_a_password_is_not_invited_again(app: Flask, somebody: Callable[..., Account]) -> None:
    account = somebody("officer")
    with pytest.raises(DomainError, match="invitation_used"):
        services.renew_invitation(SYSTEM, account.id)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"password": "short", "password_confirm": "short"}, "Use at least 12 characters."),
        ({"password": PASSWORD, "password_confirm": "else"}, "The two passwords differ."),
        ({"password": JANA, "password_confirm": JANA}, "Do not use your name or your e-mail address."),
        ({"password": "x" * 300, "password_confirm": "x" * 300}, "Use at most 256 characters."),
        ({}, "Use at least 12 characters."),
    ],
)
def test_a_poor_password_is_refused_and_the_invitation_still_works(
    browser: Browser, app: Flask, data: dict[str, str], message: str
) -> None:
    invite(language="en")
    link = link_in(letters()[0])
    answer = browser.send(link, data)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert browser.send(link, CHOSEN).status_code == 302


def test_the_database_keeps_no_link(app: Flask) -> None:
    invite()
    token = token_of(link_in(letters()[0]))
    row = db.session.scalars(select(Invitation)).one()
    assert row.token_hash == rules.hash_token(token)
    message = db.session.scalars(select(MailMessage)).first()
    assert message is not None
    assert token.encode() not in (message.sealed or b"")


def test_two_who_use_one_link_at_once_open_it_once(app: Flask) -> None:
    invite()
    token = token_of(link_in(letters()[0]))
    outcomes: list[str] = []

    def accept(password: str) -> None:
        with app.app_context():
            try:
                services.accept_invitation(token, password)
                outcomes.append("opened")
            except DomainError as error:
                outcomes.append(error.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=accept, args=(f"long password number {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["invitation_used"] * 3 + ["opened"]


# The administrator's form -------------------------------------------------------------------------------------------


@pytest.fixture
def administrator(browser: Browser, somebody: Callable[..., Account]) -> Browser:
    somebody("administrator")
    browser.sign_in("administrator@lindhafen.example")
    return browser


def test_an_administrator_invites_by_form(administrator: Browser) -> None:
    department = services.create_department(SYSTEM, "transport", Localized.original("en", "Transport Office"))
    answer = administrator.send(
        "/office/accounts/invite",
        {
            "name": "  Jana   Holub ",
            "email": "Jana@Lindhafen.Example",
            "roles": ["officer", "approver"],
            "department": str(department),
            "language": "ar",
        },
    )
    assert (answer.status_code, answer.location) == (302, "/office/accounts")
    [line] = [line for line in queries.list_accounts() if line.email == JANA]
    assert (line.name, line.roles, line.language) == ("Jana Holub", ("officer", "approver"), "ar")
    assert (line.state, line.department_id) == (AccountState.INVITED, department)
    page = text_of(administrator.get("/office/accounts"))
    assert "The invitation to Jana Holub is on its way." in page or "Jana Holub" in page
    assert "Transport Office" in page


def test_everything_wrong_is_said_at_once_and_what_was_typed_stays(administrator: Browser) -> None:
    answer = administrator.send(
        "/office/accounts/invite",
        {"name": "", "email": "administrator@lindhafen.example", "department": "", "language": "en"},
    )
    assert answer.status_code == 422
    page = text_of(answer)
    assert 'value="administrator@lindhafen.example"' in answer.text
    assert "Write the person’s name." in page
    assert "Choose at least one role." in page
    assert "Somebody with this e-mail address has an account already." in page
    assert "3 things need your attention" in page


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": "jana"}, "email_invalid"),
        ({"email": "jana@x\x00.example"}, "email_invalid"),
        ({"name": " \u202e "}, "name_missing"),
        ({"name": "x" * 121}, "name_long"),
        ({"roles": ["mayor"]}, "role_unknown"),
        ({"roles": []}, "roles_missing"),
        ({"language": "xx"}, "language_unknown"),
        ({"department_id": 99}, "not_found"),
    ],
)
def test_what_cannot_be_invited_changes_nothing(app: Flask, change: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        invite(**change)
    assert [error.code for error in refused.value.all()] == [code]
    assert queries.list_accounts() == []
    assert letters() == []
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_a_new_account_appears_in_the_chain_without_a_name(app: Flask) -> None:
    account_id = invite()
    entry = db.session.scalars(select(AuditEntry)).one()
    handle = queries.get_account(account_id).handle
    assert (entry.tag, entry.subject_id, entry.role) == ("accounts:account:invite", account_id, "system")
    assert entry.facts == f'{{"handle":"{handle}","roles":["officer"]}}'


def test_the_first_department_name_must_be_there(app: Flask) -> None:
    with pytest.raises(DomainError) as refused:
        services.create_department(SYSTEM, "Übersee", Localized())
    codes = {error.code for error in refused.value.all()}
    assert codes == {"department_key_invalid", "department_name_missing"}
    services.create_department(SYSTEM, "Transport", Localized.original("en", "Transport Office"))
    with pytest.raises(DomainError, match="department_key_taken"):
        services.create_department(SYSTEM, "transport", Localized.original("en", "Another"))
    assert db.session.scalars(select(Department.key)).all() == ["transport"]
