"""What people do with accounts. Each verb writes its change, its audit entry and its letter together or not at all.

``actor`` is who does it: ``accounts.access.acting(...)`` in a view, ``core.audit.SYSTEM`` on the command line.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from flask_security.utils import hash_password
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from accounts import events, rules
from accounts.models import Account, Department, Invitation, Role
from accounts.rules import Person, RoleName
from core import clock, letters, settings
from core.audit import SYSTEM, Actor, Entry, append
from core.db import db, write
from core.errors import Conflict, DomainError, NotFound, raise_all
from core.localized import Localized
from core.outbox import enqueue

RESET_KIND = "accounts.send-reset"
INVITATION_PATH = "/office/invitation/"
RESET_PATH = "/office/reset/"


def create_department(actor: Actor, key: str, name: Localized, head_email: str | None = None) -> int:
    """Add a department and return its id. Raises ``department_key_invalid``, ``department_key_taken``,
    ``department_name_missing``, ``email_invalid``."""
    key = key.strip().lower()
    head_email = rules.read_email(head_email) if head_email else None
    errors = []
    if not key.replace("-", "").isalnum() or not key.isascii() or len(key) > rules.DEPARTMENT_KEY_LENGTH:
        errors.append(DomainError("department_key_invalid", count=rules.DEPARTMENT_KEY_LENGTH))
    if not name:
        errors.append(DomainError("department_name_missing"))
    raise_all(errors)
    with write() as session:
        if session.scalar(select(Department.id).where(Department.key == key)) is not None:
            raise DomainError("department_key_taken", key=key)
        department = Department(key=key, name=name, head_email=head_email)
        session.add(department)
        session.flush()
        entry = Entry(events.DEPARTMENT_CREATE, events.DEPARTMENT, department.id, {"key": key})
        append(session, events.CHAIN, [entry], actor)
        return department.id


def create_account(
    *,
    email: str,
    name: str,
    roles: Collection[str],
    password: str,
    department_id: int | None = None,
    language: str = "en",
    actor: Actor = SYSTEM,
) -> int:
    """Make an account that can sign in at once (the first administrator, the demo); return its id.

    Raises what ``invite_account`` raises, and what ``rules.check_password`` raises.
    """
    person = Person(email, name, roles, language, department_id)
    rules.check_password(password, name=name, email=email)
    hashed = hash_password(rules.normalize_password(password))
    with write() as session:
        account = _new_account(session, person)
        account.password = hashed
        session.flush()
        _record(session, actor, events.ACCOUNT_CREATE, account, roles=_names(account))
        return account.id


def invite_account(
    actor: Actor,
    *,
    email: str,
    name: str,
    roles: Collection[str],
    department_id: int | None = None,
    language: str = "en",
) -> int:
    """Make an account and send its holder a link to choose a password; return the account's id.

    Raises what ``Person.problems`` lists and ``email_taken``, all at once; NotFound for an unknown department.
    """
    with write() as session:
        return invite(session, Person(email, name, roles, language, department_id), actor)


def invite(session: Session, person: Person, actor: Actor) -> int:
    """``invite_account`` as a part of another verb's transaction; raises the same."""
    account = _new_account(session, person)
    session.flush()
    _send_invitation(session, account)
    _record(session, actor, events.ACCOUNT_INVITE, account, roles=_names(account))
    return account.id


def invite_again(session: Session, account_id: int, actor: Actor) -> None:
    """Send a new link if the first password was not chosen yet, as a part of another verb. Raises NotFound."""
    account = _locked(session, account_id)
    if account.state is rules.AccountState.INVITED:
        _send_invitation(session, account)
        _record(session, actor, events.ACCOUNT_RENEW_INVITATION, account)


def renew_invitation(actor: Actor, account_id: int) -> None:
    """Send a new link; the old one stops working. Raises NotFound, ``invitation_used``."""
    with write() as session:
        account = _locked(session, account_id)
        if account.state is not rules.AccountState.INVITED:
            raise DomainError("invitation_used")
        _send_invitation(session, account)
        _record(session, actor, events.ACCOUNT_RENEW_INVITATION, account)


def accept_invitation(token: str, password: str) -> int:
    """Set the first password of the account that ``token`` invites; return its id.

    Raises NotFound, ``invitation_used``, ``invitation_expired``, and what ``rules.check_password`` raises.
    """
    invited = db.session.get_one(Account, _valid_invitation(db.session(), token).account_id)
    rules.check_password(password, name=invited.name, email=invited.email)
    hashed = hash_password(rules.normalize_password(password))
    with write() as session:
        account = _locked(session, _valid_invitation(session, token).account_id)
        found = _valid_invitation(session, token)  # again, now that nobody else can use it
        found.used_at = clock.now()
        account.password = hashed
        account.fs_uniquifier = _new_uniquifier()
        _record(session, _holder(account), events.ACCOUNT_ACCEPT_INVITATION, account)
        return account.id


def disable_account(actor: Actor, account_id: int) -> None:
    """End an account's sessions and let nobody sign in with it. Raises NotFound, ``own_account``,
    ``last_administrator``."""
    with write() as session:
        others = _lock_other_administrators(session, account_id)
        account = _locked(session, account_id)
        if not account.active:
            return
        rules.check_disabling(
            account.role_names, own=account.handle == actor.handle, other_administrators=others
        )
        account.active = False
        account.fs_uniquifier = _new_uniquifier()
        _withdraw_invitations(session, account)
        _record(session, actor, events.ACCOUNT_DISABLE, account)


def enable_account(actor: Actor, account_id: int) -> None:
    """Let a disabled account sign in again, with the password it had. Raises NotFound."""
    with write() as session:
        account = _locked(session, account_id)
        if account.active:
            return
        account.active = True
        _record(session, actor, events.ACCOUNT_ENABLE, account)


def change_roles(actor: Actor, account_id: int, roles: Collection[str]) -> None:
    """Give an account exactly these roles and end its sessions.

    Raises NotFound, ``own_roles``, ``role_unknown``, ``roles_missing``, ``last_administrator``.
    """
    wanted = rules.read_roles(roles)
    with write() as session:
        others = _lock_other_administrators(session, account_id)
        account = _locked(session, account_id)
        if set(account.role_names) == wanted:
            return
        own = account.handle == actor.handle
        rules.check_role_change(account.role_names, wanted, own=own, other_administrators=others)
        before = _names(account)
        account.roles = _role_rows(session, wanted)
        account.fs_uniquifier = _new_uniquifier()
        session.flush()
        _record(session, actor, events.ACCOUNT_CHANGE_ROLES, account, before=before, after=_names(account))


def change_department(actor: Actor, account_id: int, department_id: int | None) -> None:
    """Move a person to another department, or to none. Raises NotFound."""
    with write() as session:
        account = _locked(session, account_id)
        if account.department_id == department_id:
            return
        _check_department(session, department_id)
        account.department_id = department_id
        _record(session, actor, events.ACCOUNT_CHANGE_DEPARTMENT, account, department=department_id)


def reset_second_factor(actor: Actor, account_id: int) -> None:
    """Take the second factor and the recovery codes off an account, for whoever lost their phone.

    Ends its sessions; at the next sign-in a new second factor is set up. Raises NotFound, ``own_account``.
    """
    with write() as session:
        account = _locked(session, account_id)
        rules.check_second_factor_reset(own=account.handle == actor.handle)
        account.tf_primary_method = account.tf_totp_secret = None
        account.tf_last_counter = None
        account.mf_recovery_codes = None
        account.fs_uniquifier = _new_uniquifier()
        _send(session, account, "second_factor_changed")
        _record(session, actor, events.ACCOUNT_RESET_SECOND_FACTOR, account)


def change_language(account_id: int, language: str) -> None:
    """Set the language of a person's pages and letters. Raises NotFound, ``language_unknown``."""
    with write() as session:
        account = _locked(session, account_id)
        if language not in settings.current().languages:
            raise DomainError("language_unknown", language=language)
        account.language = language


def end_sessions(account_id: int) -> None:
    """Sign a person out everywhere. Raises NotFound."""
    with write() as session:
        _locked(session, account_id).fs_uniquifier = _new_uniquifier()


def request_reset(email: str) -> None:
    """Have a link for a new password sent, if ``email`` belongs to somebody who can sign in.

    Does the same work for known and unknown addresses, so that its duration tells nobody which it was.
    """
    normal = rules.normalize_email(email)
    account_id = db.session.scalar(select(Account.id).where(Account.email == normal))
    with write() as session:
        enqueue(session, RESET_KIND, {"account": account_id or 0})


def send_reset(account_id: int, token: str) -> None:
    """Send the link for a new password; nothing for an account that cannot sign in."""
    with write() as session:
        account = session.get(Account, account_id)
        if account is None or account.state is not rules.AccountState.ACTIVE:
            return
        _send(session, account, "reset", link=_link(account, RESET_PATH, token))


def keep_credentials(account_id: int, expected: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
    """Keep what Flask-Security changed on an account: password, second factor, recovery codes.

    ``expected`` is what the changed columns, and the session's epoch ``fs_uniquifier``, held when Flask-Security
    read them. Raises Conflict ``account_changed`` if another request was first: a link, a code and a recovery code
    work once even when two requests bring them at the same moment. Raises NotFound.
    """
    with write() as session:
        account = _locked(session, account_id)
        if not account.active or any(getattr(account, key) != value for key, value in expected.items()):
            raise Conflict("account_changed")
        for key, value in changed.items():
            setattr(account, key, value)
        notices, tags = _news(expected, changed)
        for notice in notices:
            _send(session, account, notice)
        entries = [Entry(tag, events.ACCOUNT, account.id, {"handle": account.handle}) for tag in tags]
        append(session, events.CHAIN, entries, _holder(account))


def _news(expected: Mapping[str, Any], changed: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What changed credentials mean: the letters to their holder, and the audit tags."""
    notices, tags = [], []
    # A password hashed anew because the profile changed is the same password: no new epoch, no news.
    if "password" in changed and "fs_uniquifier" in changed:
        notices.append("password_changed")
        tags.append(events.ACCOUNT_CHANGE_PASSWORD)
    if "tf_totp_secret" in changed:
        notices.append("second_factor_changed")
        kept = changed["tf_totp_secret"] is not None
        tags.append(events.ACCOUNT_SET_SECOND_FACTOR if kept else events.ACCOUNT_RESET_SECOND_FACTOR)
    if "mf_recovery_codes" in changed:
        fewer = len(changed["mf_recovery_codes"] or ()) < len(expected["mf_recovery_codes"] or ())
        tags.append(events.ACCOUNT_USE_RECOVERY_CODE if fewer else events.ACCOUNT_MAKE_RECOVERY_CODES)
    return notices, tags


# Parts of verbs -----------------------------------------------------------------------------------------------------


def _new_account(session: Session, person: Person) -> Account:
    errors = person.problems(settings.current().languages)
    if "email_invalid" not in {error.code for error in errors}:
        taken = select(Account.id).where(Account.email == rules.read_email(person.email))
        if session.scalar(taken) is not None:
            errors.append(DomainError("email_taken"))
    raise_all(errors)
    _check_department(session, person.department_id)
    account = Account(
        email=rules.read_email(person.email),
        name=rules.read_name(person.name),
        handle=secrets.token_hex(4),
        department_id=person.department_id,
        language=person.language,
        active=True,
        fs_uniquifier=_new_uniquifier(),
        roles=_role_rows(session, rules.read_roles(person.roles)),
    )
    session.add(account)
    return account


def _role_rows(session: Session, wanted: Collection[RoleName]) -> list[Role]:
    rows = {row.name: row for row in session.scalars(select(Role))}
    for name in wanted:
        if name.value not in rows:
            rows[name.value] = Role(name=name.value)
            session.add(rows[name.value])
    session.flush()
    return [rows[name.value] for name in RoleName if name in wanted]


def _send_invitation(session: Session, account: Account) -> None:
    _withdraw_invitations(session, account)
    token = secrets.token_urlsafe(32)
    expires = clock.now() + rules.INVITATION_LIFE
    session.add(Invitation(account_id=account.id, token_hash=rules.hash_token(token), expires_at=expires))
    _send(session, account, "invitation", link=_link(account, INVITATION_PATH, token))


def _withdraw_invitations(session: Session, account: Account) -> None:
    session.execute(
        delete(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None))
    )


def _valid_invitation(session: Session, token: str) -> Invitation:
    found = session.scalars(
        select(Invitation)
        .where(Invitation.token_hash == rules.hash_token(token))
        .execution_options(populate_existing=True)
    ).one_or_none()
    account = session.get(Account, found.account_id) if found else None
    if found is None or account is None:
        raise NotFound("invitation", "")
    rules.check_invitation(clock.now(), found.expires_at, found.used_at, account.state)
    return found


def _locked(session: Session, account_id: int) -> Account:
    """The account as it is now, and nobody else may change it before this transaction ends."""
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise NotFound("account", account_id)
    return account


def _lock_other_administrators(session: Session, account_id: int) -> int:
    """How many others can sign in as administrator. Their role is locked first, so that two administrators who
    disable each other at the same moment do it one after the other."""
    role = session.scalars(
        select(Role).where(Role.name == RoleName.ADMINISTRATOR.value).with_for_update()
    ).one_or_none()
    if role is None:
        return 0
    count = select(func.count()).where(
        Account.roles.any(Role.id == role.id),
        Account.id != account_id,
        Account.active,
        Account.password.is_not(None),
    )
    return session.scalar(count) or 0


def _check_department(session: Session, department_id: int | None) -> None:
    if department_id is not None and session.get(Department, department_id) is None:
        raise NotFound("department", department_id)


def _new_uniquifier() -> str:
    return secrets.token_hex(32)


def _names(account: Account) -> list[str]:
    return [role.value for role in account.role_names]


def _holder(account: Account) -> Actor:
    """The person whose account it is, acting for themselves."""
    return Actor("holder", account.handle, account.id)


def _record(session: Session, actor: Actor, tag: str, account: Account, **facts: object) -> None:
    entry = Entry(tag, events.ACCOUNT, account.id, {"handle": account.handle, **facts})
    append(session, events.CHAIN, [entry], actor)


def _link(account: Account, path: str, token: str) -> str:
    """An address of this site as the city names it (never as a request named its host), in the account's language."""
    return f"{settings.current().base_url.rstrip('/')}/{account.language}{path}{token}"


def _send(session: Session, account: Account, letter: str, **context: object) -> None:
    context["name"] = account.name
    letters.send(session, "email", account.email, account.language, f"accounts/{letter}", **context)
