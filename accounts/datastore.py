"""The one door through which Flask-Security writes: every change goes to ``services.keep_credentials`` at once.

Flask-Security sets attributes on an account, calls ``put``, and would commit the request's session at its end. On
SQLite that is a read that turns into a write, which fails when anybody else wrote in between; and whatever a request
had left in the session would be committed with it. See ``docs/adr/0003-flask-security-commits-for-itself.md``.
"""

from __future__ import annotations

from typing import Any

from flask_security import SQLAlchemyUserDatastore
from sqlalchemy import inspect

from accounts import services
from accounts.models import Account, Role
from core.db import db


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security's view of the accounts. It may change credentials, and nothing else."""

    def __init__(self) -> None:
        super().__init__(db, Account, Role)

    def put(self, model: Any) -> Any:
        """Keep what was changed on an account, in a transaction of its own.

        Raises Conflict when another request changed the account since this one read it, RuntimeError for anything
        that is no change of an account's credentials.
        """
        if not isinstance(model, Account) or not inspect(model).persistent:
            raise RuntimeError(
                "Flask-Security changes credentials only; accounts are made by accounts.services"
            )
        expected: dict[str, Any] = {"fs_uniquifier": model.fs_uniquifier}
        changed: dict[str, Any] = {}
        with self.db.session.no_autoflush:  # a flush in between would forget what was there before
            for key in CREDENTIALS:
                added, _unchanged, deleted = inspect(model).attrs[key].load_history()
                if added:
                    expected[key] = deleted[0] if deleted else None
                    changed[key] = added[0]
        if changed:
            services.keep_credentials(model.id, expected, changed)
        return model

    def commit(self) -> None:
        """Nothing: whatever was put is kept already. Raises RuntimeError if something was changed and not put."""
        if self.db.session.dirty or self.db.session.new or self.db.session.deleted:
            raise RuntimeError("a change by Flask-Security was not put")

    def delete(self, model: Any) -> None:
        """Never: an account is disabled, so that the audit chain's handles keep their meaning."""
        raise RuntimeError("accounts are disabled, not deleted")

    def mf_delete_recovery_code(self, user: Any, idx: int) -> bool:
        """Take one recovery code off the list; a new list, since a changed one would go unnoticed."""
        codes = list(user.mf_recovery_codes or ())
        if not 0 <= idx < len(codes):
            return False
        del codes[idx]
        user.mf_recovery_codes = codes
        self.put(user)
        return True


CREDENTIALS = frozenset(
    {
        "password",
        "fs_uniquifier",
        "tf_primary_method",
        "tf_totp_secret",
        "tf_last_counter",
        "mf_recovery_codes",
    }
)
"""The columns of an account that Flask-Security may write."""
