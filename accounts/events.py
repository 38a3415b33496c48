"""The closed list of audit tags of the accounts room. The chain is called ``accounts``."""

from __future__ import annotations

CHAIN = "accounts"

ACCOUNT_INVITE = "accounts:account:invite"
ACCOUNT_RENEW_INVITATION = "accounts:account:renew-invitation"
ACCOUNT_ACCEPT_INVITATION = "accounts:account:accept-invitation"
ACCOUNT_CREATE = "accounts:account:create"
ACCOUNT_DISABLE = "accounts:account:disable"
ACCOUNT_ENABLE = "accounts:account:enable"
ACCOUNT_CHANGE_ROLES = "accounts:account:change-roles"
ACCOUNT_CHANGE_DEPARTMENT = "accounts:account:change-department"
ACCOUNT_CHANGE_PASSWORD = "accounts:account:change-password"
ACCOUNT_SET_SECOND_FACTOR = "accounts:account:set-second-factor"
ACCOUNT_RESET_SECOND_FACTOR = "accounts:account:reset-second-factor"
ACCOUNT_MAKE_RECOVERY_CODES = "accounts:account:make-recovery-codes"
ACCOUNT_USE_RECOVERY_CODE = "accounts:account:use-recovery-code"
DEPARTMENT_CREATE = "accounts:department:create"

ACCOUNT = "accounts.account"
DEPARTMENT = "accounts.department"
