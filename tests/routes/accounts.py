"""Signing in, one's own account, and the accounts of others."""

from __future__ import annotations

from tests.routes.people import Routes, administrators, everybody, nobody, staff_members

ROUTES: Routes = {
    # Signing in
    ("GET", "/office/sign-in"): everybody,
    ("POST", "/office/sign-in"): everybody,
    ("GET", "/office/reset"): everybody,
    ("POST", "/office/reset"): everybody,
    ("GET", "/office/reset/<token>"): everybody,
    ("POST", "/office/reset/<token>"): everybody,
    ("GET", "/office/invitation/<token>"): everybody,
    ("POST", "/office/invitation/<token>"): everybody,
    ("GET", "/office/second-factor"): everybody,
    ("POST", "/office/second-factor"): everybody,
    ("GET", "/office/second-factor-code"): everybody,
    ("POST", "/office/second-factor-code"): everybody,
    ("GET", "/office/recovery-code"): everybody,
    ("POST", "/office/recovery-code"): everybody,
    ("GET", "/office/tf-select"): nobody,
    ("POST", "/office/tf-select"): nobody,
    ("GET", "/office/tf-rescue"): nobody,
    ("POST", "/office/tf-rescue"): nobody,
    # One's own account
    ("GET", "/office/begin"): staff_members,
    ("GET", "/office/account"): staff_members,
    ("POST", "/office/account"): staff_members,
    ("POST", "/office/sign-out"): staff_members,
    ("GET", "/office/change-password"): staff_members,
    ("POST", "/office/change-password"): staff_members,
    ("GET", "/office/confirm"): staff_members,
    ("POST", "/office/confirm"): staff_members,
    ("GET", "/office/recovery-codes"): staff_members,
    ("POST", "/office/recovery-codes"): staff_members,
    ("POST", "/office/second-factor/<token>"): staff_members,
    # Accounts: administrators, who read no comment
    ("GET", "/office/accounts"): administrators,
    ("GET", "/office/accounts/invite"): administrators,
    ("POST", "/office/accounts/invite"): administrators,
    ("GET", "/office/accounts/<int(max=2147483647):account_id>"): administrators,
    ("POST", "/office/accounts/<int(max=2147483647):account_id>/change-roles"): administrators,
    ("POST", "/office/accounts/<int(max=2147483647):account_id>/change-department"): administrators,
    ("POST", "/office/accounts/<int(max=2147483647):account_id>/disable"): administrators,
    ("POST", "/office/accounts/<int(max=2147483647):account_id>/enable"): administrators,
    ("POST", "/office/accounts/<int(max=2147483647):account_id>/reset-second-factor"): administrators,
    ("POST", "/office/accounts/<int(max=2147483647):account_id>/renew-invitation"): administrators,
}

SAMPLES: dict[str, object] = {"account_id": 1, "token": "no-such-token"}

FILLED = {"change-roles": {"roles": "moderator"}}
