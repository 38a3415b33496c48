"""Roles, disabling, the last administrator, and what is written down about it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts import queries, services
from accounts.models import Account, Invitation, Role
from accounts.rules import AccountState
from core import clock
from core.audit import SYSTEM, Actor, AuditEntry, verify
from core.db import db, write
from core.errors import Conflict, DomainError
from tests.accounts.browsers import Browser, hidden_fields, text_of


def acts() -> list[tuple[str, str | None, dict[str, object]]]:
    """The accounts chain: tag, acting handle and facts of every entry."""
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    db.session.rollback()
    return [(row.tag, row.actor, json.loads(row.facts)) for row in rows]


@pytest.fixture
def anna(somebody: Callable[..., Account]) -> Account:
    return somebody("administrator", name="Anna")


@pytest.fixture
def otto(somebody: Callable[..., Account]) -> Account:
    return somebody("officer", name="Otto")


@pytest.fixture
def browser_of_anna(anna: Account, browser: Browser) -> Browser:
    browser.sign_in(anna.email)
    return browser


def test_an_administrator_changes_roles_by_form(
    browser_of_anna: Browser, anna: Account, otto: Account
) -> None:
    page = f"/office/accounts/{otto.id}"
    answer = browser_of_anna.send(page, {"roles": ["approver", "moderator"]}, to=f"{page}/change-roles")
    assert (answer.status_code, answer.location) == (302, page)
    assert queries.get_account(otto.id).roles == ("approver", "moderator")
    assert acts()[-1] == (
        "accounts:account:change-roles",
        anna.handle,
        {"handle": otto.handle, "before": ["officer"], "after": ["approver", "moderator"]},
    )


def test_an_administrator_disables_and_enables_by_form(browser_of_anna: Browser, otto: Account) -> None:
    page = f"/office/accounts/{otto.id}"
    browser_of_anna.send(page, {}, to=f"{page}/disable")
    assert queries.get_account(otto.id).state is AccountState.DISABLED
    assert "Enable the account" in text_of(browser_of_anna.get(page))
    browser_of_anna.send(page, {}, to=f"{page}/enable")
    assert queries.get_account(otto.id).state is AccountState.ACTIVE
    assert [tag for tag, _actor, _facts in acts()][-2:] == [
        "accounts:account:disable",
        "accounts:account:enable",
    ]


@pytest.mark.parametrize("act", ["change-roles", "disable", "reset-second-factor"])
def test_nobody_acts_on_their_own_account(browser_of_anna: Browser, anna: Account, act: str) -> None:
    page = f"/office/accounts/{anna.id}"
    assert f"{page}/{act}" not in browser_of_anna.get(page).text
    answer = browser_of_anna.send(page, {"roles": ["administrator", "officer"]}, to=f"{page}/{act}")
    assert answer.status_code in (409, 422)
    assert "Ask another administrator." in text_of(answer)
    assert queries.get_account(anna.id).roles == ("administrator",)
    assert queries.get_account(anna.id).state is AccountState.ACTIVE


def test_a_page_of_nobody_is_not_found(browser_of_anna: Browser) -> None:
    assert browser_of_anna.get("/office/accounts/999").status_code == 404
    fields = hidden_fields(browser_of_anna.get("/office/account"))
    for act in ("disable", "enable", "reset-second-factor", "renew-invitation"):
        assert browser_of_anna.post(f"/office/accounts/999/{act}", fields).status_code == 404


def test_the_last_administrator_stays(anna: Account, otto: Account) -> None:
    with pytest.raises(DomainError, match="last_administrator"):
        services.disable_account(SYSTEM, anna.id)
    with pytest.raises(DomainError, match="last_administrator"):
        services.change_roles(SYSTEM, anna.id, ["officer"])
    assert queries.get_account(anna.id).roles == ("administrator",)


def test_an_invited_or_disabled_administrator_does_not_count(
    anna: Account, somebody: Callable[..., Account]
) -> None:
    services.invite_account(SYSTEM, email="new@lindhafen.example", name="New", roles=["administrator"])
    closed = somebody("administrator", name="Closed")
    services.disable_account(SYSTEM, closed.id)
    with pytest.raises(DomainError, match="last_administrator"):
        services.disable_account(SYSTEM, anna.id)


def test_two_administrators_who_disable_each_other_at_once_leave_one(
    app: Flask, anna: Account, somebody: Callable[..., Account]
) -> None:
    bela = somebody("administrator", name="Bela")
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def disable(acting: str, other: int) -> None:
        with app.app_context():
            start.wait()
            try:
                services.disable_account(Actor("administrator", acting), other)
                outcomes.append("disabled")
            except DomainError as error:
                outcomes.append(error.code)
            finally:
                db.session.remove()

    pairs = ((anna.handle, bela.id), (bela.handle, anna.id))
    db.session.rollback()
    threads = [threading.Thread(target=disable, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["disabled", "last_administrator"]


def test_doing_it_twice_is_written_down_once(otto: Account) -> None:
    for _time in range(2):
        services.disable_account(SYSTEM, otto.id)
        services.change_department(SYSTEM, otto.id, None)
        services.change_roles(SYSTEM, otto.id, ["officer"])
    assert [tag for tag, _actor, _facts in acts()] == ["accounts:account:create", "accounts:account:disable"]


def test_the_chain_of_accounts_names_nobody_and_verifies(anna: Account, otto: Account) -> None:
    services.change_roles(Actor("administrator", anna.handle), otto.id, ["approver"])
    services.disable_account(Actor("administrator", anna.handle), otto.id)
    text = " ".join(row.facts + (row.actor or "") for row in db.session.scalars(select(AuditEntry)))
    assert "Otto" not in text
    assert "@" not in text
    [chain], missing = verify(db.session(), {})
    assert (chain.chain, chain.fault, missing) == ("accounts", None, [])


def test_a_handle_is_random_and_says_nothing(anna: Account, otto: Account) -> None:
    assert anna.handle != otto.handle
    assert len(anna.handle) == 8
    int(anna.handle, 16)


def test_a_person_chooses_their_language(browser_of_anna: Browser, anna: Account) -> None:
    answer = browser_of_anna.send("/office/account", {"language": "de"})
    assert (answer.status_code, answer.location) == (302, "/de/office/account")
    assert queries.get_account(anna.id).language == "de"
    assert browser_of_anna.send("/office/account", {"language": "xx"}).status_code == 422


def test_names_are_text_and_never_markup(browser_of_anna: Browser, somebody: Callable[..., Account]) -> None:
    hostile = '<script>alert(1)</script>"\u202e'
    account_id = services.invite_account(SYSTEM, email="x@x.example", name=hostile, roles=["officer"])
    for path in ("/office/accounts", f"/office/accounts/{account_id}"):
        page = browser_of_anna.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "\u202e" not in page


def test_every_id_on_a_page_is_there_once(browser_of_anna: Browser, otto: Account) -> None:
    for path in (
        "/office/accounts",
        "/office/accounts/invite",
        f"/office/accounts/{otto.id}",
        "/office/account",
    ):
        ids = re.findall(r'\sid="([^"]+)"', browser_of_anna.get(path).text)
        assert len(ids) == len(set(ids)), path


# What the database itself refuses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email", "Upper@Lindhafen.Example"),
        ("handle", "short"),
        ("tf_primary_method", "authenticator"),
        ("tf_totp_secret", "a secret without its method"),
    ],
)
def test_the_database_refuses_a_broken_account(otto: Account, column: str, value: str) -> None:
    with pytest.raises(IntegrityError), write() as session:
        account = session.get(Account, otto.id)
        setattr(account, column, value)


def test_the_database_refuses_two_accounts_with_one_address(anna: Account, otto: Account) -> None:
    with pytest.raises(IntegrityError), write() as session:
        account = session.get(Account, otto.id)
        assert account is not None
        account.email = anna.email


def test_the_database_refuses_a_role_of_its_own_making(app: Flask) -> None:
    with pytest.raises(IntegrityError), write() as session:
        session.add(Role(name="mayor"))


def test_the_database_refuses_an_invitation_used_too_late(otto: Account) -> None:
    moment = clock.now()
    with pytest.raises(IntegrityError), write() as session:
        session.add(Invitation(account_id=otto.id, token_hash="x" * 64, expires_at=moment, used_at=moment))


# Flask-Security's door ----------------------------------------------------------------------------------------------


def test_flask_security_may_change_credentials_only(app: Flask, otto: Account) -> None:
    datastore = app.extensions["security"].datastore
    with pytest.raises(RuntimeError):
        datastore.create_user(email="x@x.example")
    with pytest.raises(RuntimeError):
        datastore.delete_user(otto)
    db.session.rollback()
    account = datastore.find_user(email=otto.email)
    account.name = "Somebody else"
    datastore.put(account)
    with pytest.raises(RuntimeError, match="not put"):
        datastore.commit()
    db.session.rollback()
    assert queries.get_account(otto.id).name == "Otto"


def test_the_slower_of_two_writers_loses(app: Flask, otto: Account) -> None:
    datastore = app.extensions["security"].datastore
    account = datastore.find_user(email=otto.email)
    account.mf_recovery_codes = ["sealed"]
    with app.app_context():
        services.end_sessions(otto.id)
        db.session.remove()
    with pytest.raises(Conflict):
        datastore.put(account)
    db.session.rollback()
    assert queries.get_account(otto.id).recovery_codes == 0
