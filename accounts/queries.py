"""Reads about accounts, as small values for pages and commands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from accounts.models import Account, Department, Invitation
from accounts.rules import AccountState, RoleName, check_invitation, hash_token, normalize_email
from core import clock
from core.db import db
from core.errors import NotFound
from core.localized import Localized


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What an administrator sees of one account. ``invited_until`` is set while an invitation waits."""

    id: int
    name: str
    email: str
    handle: str
    language: str
    roles: tuple[RoleName, ...]
    department_id: int | None
    department: Localized
    state: AccountState
    has_second_factor: bool
    recovery_codes: int
    invited_until: datetime | None


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """One department."""

    id: int
    key: str
    name: Localized
    head_email: str | None


def list_accounts() -> list[AccountLine]:
    """Every account, by name."""
    found = db.session.scalars(_accounts().order_by(func.lower(Account.name), Account.id)).all()
    until = _invited_until([account.id for account in found])
    return [_line(account, until) for account in found]


def get_account(account_id: int) -> AccountLine:
    """One account. Raises NotFound."""
    account = db.session.scalars(_accounts().where(Account.id == account_id)).one_or_none()
    if account is None:
        raise NotFound("account", account_id)
    return _line(account, _invited_until([account_id]))


def account_id_of(email: str) -> int:
    """The id of the account with this address. Raises NotFound."""
    found = db.session.scalar(select(Account.id).where(Account.email == normalize_email(email)))
    if found is None:
        raise NotFound("account", email)
    return found


def names(account_ids: Collection[int]) -> Mapping[int, str]:
    """People's names by account id, for pages of the office."""
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: row.name for row in rows}


def handles(session: Session, account_ids: Collection[int]) -> Mapping[int, str]:
    """People's public handles by account id, as the audit chains name them."""
    rows = session.execute(select(Account.id, Account.handle).where(Account.id.in_(account_ids)))
    return {row.id: row.handle for row in rows}


def list_departments() -> list[DepartmentLine]:
    """Every department, by its short name."""
    rows = db.session.scalars(select(Department).order_by(Department.key))
    return [DepartmentLine(row.id, row.key, row.name, row.head_email) for row in rows]


def department_id_of(key: str) -> int:
    """The id of the department with this short name. Raises NotFound."""
    found = db.session.scalar(select(Department.id).where(Department.key == key.strip().lower()))
    if found is None:
        raise NotFound("department", key)
    return found


def invited_name(token: str) -> str:
    """The name of whoever an invitation's link is for.

    Raises NotFound for a link that was never sent, ``invitation_used``, ``invitation_expired``.
    """
    found = db.session.execute(
        select(Account, Invitation)
        .join(Invitation, Invitation.account_id == Account.id)
        .where(Invitation.token_hash == hash_token(token))
    ).one_or_none()
    if found is None:
        raise NotFound("invitation", "")
    account, invitation = found
    check_invitation(clock.now(), invitation.expires_at, invitation.used_at, account.state)
    return account.name


def _accounts() -> Select[Account]:
    return select(Account).options(selectinload(Account.roles), selectinload(Account.department))


def _invited_until(account_ids: Collection[int]) -> Mapping[int, datetime]:
    rows = db.session.execute(
        select(Invitation.account_id, Invitation.expires_at).where(
            Invitation.account_id.in_(account_ids), Invitation.used_at.is_(None)
        )
    )
    return {row.account_id: row.expires_at for row in rows}


def _line(account: Account, invited_until: Mapping[int, datetime]) -> AccountLine:
    return AccountLine(
        id=account.id,
        name=account.name,
        email=account.email,
        handle=account.handle,
        language=account.language,
        roles=account.role_names,
        department_id=account.department_id,
        department=account.department.name if account.department else Localized(),
        state=account.state,
        has_second_factor=account.tf_totp_secret is not None,
        recovery_codes=len(account.mf_recovery_codes or ()),
        invited_until=invited_until.get(account.id),
    )
