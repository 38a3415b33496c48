"""Which member signs in with which account. The council's chain says that somebody may, never with what."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import rules as account_rules
from accounts.models import Account
from accounts.rules import AccountState, Person, RoleName
from accounts.services import invite, invite_again
from core import audit, clock
from core.db import find, write
from core.errors import Conflict, DomainError, NotFound
from council import events
from council.models import Member
from council.services.vacancies import lock_member


def link_account(member_id: int, account_id: int | None, actor: audit.Actor) -> None:
    """Let a member sign in with an account, or with none any more (None).

    An account is one person: whoever left a seat and takes another one in the same term takes the account along.
    Raises NotFound, Conflict ``member_left``, ``account_not_member``, ``account_disabled`` or ``account_linked``.
    """
    with write() as session:
        member, _term, _body, register = lock_member(session, member_id)
        if member.account_id == account_id:
            return
        entries = _link(session, member, _account(session, account_id) if account_id is not None else None)
        audit.append(session, register.chain, entries, actor)


def invite_member(member_id: int, email: str, language: str, actor: audit.Actor) -> int:
    """Let a member sign in with the account of an address, and invite them if it has none yet; return its id.

    An account that was invited before and has no password yet gets a new link. Raises NotFound, Conflict
    ``member_left``, ``member_signs_in``, what ``link_account`` raises, and, all at once, ``email_invalid`` and
    ``language_unknown``.
    """
    with write() as session:
        member, _term, _body, register = lock_member(session, member_id)
        if member.account_id is not None:
            raise Conflict("member_signs_in")
        account = session.scalars(
            select(Account).where(Account.email == account_rules.normalize_email(email))
        ).one_or_none()
        if account is None:
            name = member.name[: account_rules.NAME_LENGTH]
            person = Person(email, name, [RoleName.MEMBER], language)
            account = session.get_one(Account, invite(session, person, actor))
            entries = _link(session, member, account)
        else:
            entries = _link(session, member, account)
            invite_again(session, account.id, actor)
        audit.append(session, register.chain, entries, actor)
        return account.id


def _account(session: Session, account_id: int) -> Account:
    account = find(session, Account, account_id)
    if account is None:
        raise NotFound("account", account_id)
    return account


def _link(session: Session, member: Member, account: Account | None) -> list[audit.Entry]:
    entries = []
    if account is not None:
        if RoleName.MEMBER not in account.role_names:
            raise DomainError("account_not_member")
        if account.state is AccountState.DISABLED:
            raise DomainError("account_disabled")
        other = session.scalars(
            select(Member).where(Member.term_id == member.term_id, Member.account_id == account.id)
        ).one_or_none()
        if other is not None:
            if other.left_on is None or other.left_on > max(clock.today(), member.since_on):
                raise DomainError("account_linked")
            entries += _set(session, other, None)
    return entries + _set(session, member, account)


def _set(session: Session, member: Member, account: Account | None) -> list[audit.Entry]:
    member.account_id = account.id if account else None
    session.flush()
    return [audit.Entry(events.MEMBER_LINK, events.MEMBER, member.id, {"signs_in": account is not None})]
