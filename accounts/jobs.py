"""Background work of this room: the link for a forgotten password.

It is made here and not while somebody waits for the page, so that the page takes as long for an unknown address.
"""

from __future__ import annotations

from flask_security.recoverable import generate_reset_password_token

from accounts import services
from accounts.models import Account
from accounts.rules import AccountState
from core import outbox
from core.db import db


def send_reset(payload: outbox.Payload) -> None:
    """Send the link, if the account can sign in. A second run sends a second link; the first one used ends both."""
    account = db.session.get(Account, payload["account"])
    if account is None or account.state is not AccountState.ACTIVE:
        return
    services.send_reset(account.id, generate_reset_password_token(account))  # type: ignore[no-untyped-call]


def register_work() -> None:
    """Tell the outbox who does this room's work."""
    outbox.register(services.RESET_KIND, send_reset)
