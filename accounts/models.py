"""Tables of people who sign in. Nothing here tells when, how often or from where somebody signed in."""

from __future__ import annotations

from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.rules import AccountState, RoleName, account_state
from core.db import LocalizedText, Model, UtcDateTime, json_type
from core.localized import Localized


class Department(Model):
    """A part of the city's administration; owns promises. ``head_email`` gets the digest of what is overdue."""

    __tablename__ = "accounts_department"
    __table_args__ = (
        CheckConstraint("key <> ''", name="key_not_empty"),
        CheckConstraint("head_email = lower(head_email)", name="head_email_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[Localized] = mapped_column(LocalizedText)
    head_email: Mapped[str | None]


account_roles = Table(
    "accounts_account_roles",
    Model.metadata,
    Column("account_id", ForeignKey("accounts_account.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("accounts_role.id"), primary_key=True),
)


class Role(Model, RoleMixin):
    """One of the roles; its row appears when it is first given to somebody."""

    __tablename__ = "accounts_role"
    __table_args__ = (
        CheckConstraint(
            "name in ('officer', 'approver', 'moderator', 'returning_officer', 'election_board', 'observer',"
            " 'clerk', 'member', 'administrator')",
            name="name_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Account(Model, UserMixin):
    """A person who signs in.

    ``fs_uniquifier`` is what a session cookie holds: a new one ends every session of the account. ``password`` is
    empty until the invitation is accepted. The ``tf_`` columns and ``mf_recovery_codes`` are Flask-Security's; the
    secrets in them are encrypted under keys outside the database.
    """

    __tablename__ = "accounts_account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("length(handle) = 8", name="handle_length"),
        CheckConstraint("(tf_primary_method is null) = (tf_totp_secret is null)", name="second_factor_whole"),
        CheckConstraint("tf_primary_method = 'authenticator'", name="second_factor_known"),
        Index("ix_accounts_account_department_id", "department_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str]
    handle: Mapped[str] = mapped_column(String(8), unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_department.id"))
    language: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(json_type)

    tf_phone_number = None
    """Flask-Security writes it; no phone number is kept, since codes come from an authenticator only."""

    roles: Mapped[list[Role]] = relationship(secondary=account_roles, order_by=Role.id)  # type: ignore[assignment]
    department: Mapped[Department | None] = relationship()

    @property
    def role_names(self) -> tuple[RoleName, ...]:
        """The person's roles, always in the same order."""
        held = {role.name for role in self.roles}
        return tuple(role for role in RoleName if role.value in held)

    @property
    def state(self) -> AccountState:
        return account_state(active=self.active, has_password=self.password is not None)


class Invitation(Model):
    """A link that lets an invited person choose a password, once. Only a hash of its secret is kept."""

    __tablename__ = "accounts_invitation"
    __table_args__ = (
        CheckConstraint("used_at < expires_at", name="used_in_time"),
        Index("ix_accounts_invitation_account_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
