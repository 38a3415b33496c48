"""What this room says: sentences for its errors, names for its roles, and Flask-Security's messages in our words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, ngettext
from flask_babel import lazy_gettext as _l

from accounts.rules import AccountState, RoleName
from core.wording import Sentence

ROLES: Mapping[RoleName, LazyString] = {
    RoleName.OFFICER: _l("Officer"),
    RoleName.APPROVER: _l("Approver"),
    RoleName.MODERATOR: _l("Moderator"),
    RoleName.RETURNING_OFFICER: _l("Returning officer"),
    RoleName.ELECTION_BOARD: _l("Member of the election board"),
    RoleName.OBSERVER: _l("Observer"),
    RoleName.CLERK: _l("Clerk"),
    RoleName.MEMBER: _l("Member of a council"),
    RoleName.ADMINISTRATOR: _l("Administrator"),
}
ROLE_HINTS: Mapping[RoleName, LazyString] = {
    RoleName.OFFICER: _l("Creates rounds, writes answers, releases or hides texts."),
    RoleName.APPROVER: _l("Checks and releases answers that somebody else wrote."),
    RoleName.MODERATOR: _l("Releases or hides the texts of comments."),
    RoleName.RETURNING_OFFICER: _l("Runs council elections: call, roll, nominations, voting, count."),
    RoleName.ELECTION_BOARD: _l("Confirms what others propose in an election, and finds its result."),
    RoleName.OBSERVER: _l("Reads every step of an election. Changes nothing."),
    RoleName.CLERK: _l("Records the council's members and the decisions of the city council."),
    RoleName.MEMBER: _l("Writes motions of the council and takes part in its meetings."),
    RoleName.ADMINISTRATOR: _l("Invites people and gives roles. Reads no comments."),
}
STATES: Mapping[AccountState, LazyString] = {
    AccountState.INVITED: _l("Invited"),
    AccountState.ACTIVE: _l("Active"),
    AccountState.DISABLED: _l("Disabled"),
}

CONFLICTS: frozenset[str] = frozenset()
"""Refusals because others were faster, or something is not over yet."""

SENTENCES: Mapping[str, Sentence] = {
    "email_invalid": _l("Write an e-mail address like name@example.org"),
    "email_taken": _l("Somebody with this e-mail address has an account already."),
    "name_missing": _l("Write the person’s name."),
    "name_long": lambda p: ngettext(
        "The name may have %(num)d character.", "The name may have %(num)d characters.", count(p)
    ),
    "language_unknown": _l("Choose one of the languages."),
    "roles_missing": _l("Choose at least one role."),
    "role_unknown": _l("There is no role “%(role)s”."),
    "own_roles": _l("You cannot change your own roles. Ask another administrator."),
    "own_account": _l("You cannot do this to your own account. Ask another administrator."),
    "last_administrator": _l("This is the last administrator. Give somebody else that role first."),
    "invitation_used": _l("This invitation was used already. Sign in with your password."),
    "invitation_expired": _l("This invitation has run out. Ask your administrator for a new one."),
    "password_short": lambda p: ngettext(
        "Use at least %(num)d character. Three or four words are good.",
        "Use at least %(num)d characters. Three or four words are good.",
        count(p),
    ),
    "password_long": lambda p: ngettext(
        "Use at most %(num)d character.", "Use at most %(num)d characters.", count(p)
    ),
    "password_simple": _l("Use more than three different characters."),
    "password_personal": _l("Do not use your name or your e-mail address."),
    "password_common": _l(
        "Many people choose this one, or it is easy to guess. Three or four words are good."
    ),
    "account_changed": _l("Your account was changed meanwhile. Please start again."),
    "department_key_invalid": _l("Use small letters, digits and hyphens for the short name."),
    "department_key_taken": _l("There is a department with the short name “%(key)s” already."),
    "department_name_missing": _l("Write the department’s name."),
}


def count(parameters: Mapping[str, object]) -> int:
    """The number that decides a plural."""
    return int(str(parameters["count"]))


# Flask-Security -----------------------------------------------------------------------------------------------------
# Its own catalogues are not used: they miss languages that we need, and speak of "identities" and "tokens". Each
# message that the features we switched on can show stands here, so that it is in our catalogues and in plain words.

TOO_MANY_TRIES = _l("There were too many wrong tries. Wait an hour, then try again.")

FLASK_SECURITY: Mapping[str, tuple[LazyString, str]] = {
    "API_ERROR": (_l("We could not read this. Please fill in the form again."), "error"),
    "GENERIC_AUTHN_FAILED": (_l("The e-mail address or the password is not right."), "error"),
    "GENERIC_RECOVERY": (_l("If this address has an account, we have sent a link to it."), "info"),
    "UNAUTHORIZED": (_l("Your roles do not allow this."), "error"),
    "UNAUTHENTICATED": (_l("Please sign in to see this page."), "error"),
    "REAUTHENTICATION_REQUIRED": (_l("Please type your password once more."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (_l("Thank you. You can go on now."), "info"),
    "PASSWORD_MISMATCH": (_l("The two passwords differ."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (_l("The two passwords differ."), "error"),
    "INVALID_REDIRECT": (_l("We do not lead you to other sites."), "error"),
    "INVALID_RECOVERY_CODE": (_l("This recovery code is not right, or was used already."), "error"),
    "NO_RECOVERY_CODES_SETUP": (_l("You have no recovery codes yet."), "info"),
    "PASSWORD_RESET_REQUEST": (_l("If this address has an account, we have sent a link to it."), "info"),
    "PASSWORD_RESET_EXPIRED": (_l("This link has run out. Ask for a new one."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (_l("This link does not work any more. Ask for a new one."), "error"),
    "DISABLED_ACCOUNT": (_l("This account is disabled."), "error"),
    "EMAIL_NOT_PROVIDED": (_l("Write your e-mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (_l("Write an e-mail address like name@example.org"), "error"),
    "INVALID_CODE": (_l("This code is not right."), "error"),
    "INVALID_INPUT": (_l("We could not read this. Please fill in the form again."), "error"),
    "PASSWORD_NOT_PROVIDED": (_l("Write your password."), "error"),
    "USER_DOES_NOT_EXIST": (_l("The e-mail address or the password is not right."), "error"),
    "INVALID_PASSWORD": (_l("This password is not right."), "error"),
    "FORGOT_PASSWORD": (_l("Forgot your password?"), "info"),
    "PASSWORD_RESET_NO_LOGIN": (_l("Your new password is set. Sign in with it."), "success"),
    "PASSWORD_IS_THE_SAME": (_l("This is your present password. Choose another one."), "error"),
    "PASSWORD_CHANGE": (_l("Your new password is set. You are signed out everywhere else."), "success"),
    "LOGIN": (_l("Please sign in to see this page."), "info"),
    "REFRESH": (_l("Please type your password once more."), "info"),
    "ANONYMOUS_USER_REQUIRED": (_l("You are signed in already."), "error"),
    "TWO_FACTOR_INVALID_TOKEN": (_l("This code is not right, or was used already."), "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (_l("You are signed in."), "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (_l("Your new second factor is set up."), "success"),
    "TWO_FACTOR_PERMISSION_DENIED": (_l("Please sign in again."), "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_l("This cannot be chosen here."), "error"),
    "TWO_FACTOR_DISABLED": (_l("Your second factor is off."), "success"),
    "TWO_FACTOR_SETUP_EXPIRED": (_l("This took too long. Please start again."), "error"),
}
