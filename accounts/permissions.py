"""Who may do what, as readable sentences.

A route names one of these (``accounts.access.requires``); a person may pass who holds one of its roles. Nothing is
granted through another permission: read a line and you know all of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.rules import RoleName

OFFICER, APPROVER = RoleName.OFFICER, RoleName.APPROVER
MODERATOR, ADMINISTRATOR = RoleName.MODERATOR, RoleName.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that may be done, and by whom.

    ``fresh``: the person must have typed the password within the last half hour.
    """

    name: str
    sentence: str
    roles: frozenset[RoleName]
    fresh: bool = False


def permission(name: str, sentence: str, *roles: RoleName, fresh: bool = False) -> Permission:
    """A permission for the holders of any of ``roles``."""
    return Permission(name, sentence, frozenset(roles), fresh)


PUBLIC = permission("public", "Anyone may see this, signed in or not.")

own_account = permission(
    "own_account",
    "Everybody who signs in may see and change their own language, password and second factor.",
    *RoleName,
)

# Rounds and answers
read_workbench = permission(
    "read_workbench",
    "Officers, approvers and moderators may read what was submitted and where each answer stands.",
    OFFICER,
    APPROVER,
    MODERATOR,
)
manage_rounds = permission(
    "manage_rounds",
    "Officers may create rounds, import drafts, set timetables, publish and conclude.",
    OFFICER,
)
write_answers = permission(
    "write_answers", "Officers may write answers and send them to be checked.", OFFICER
)
approve_answers = permission(
    "approve_answers", "Approvers may approve or send back answers that they did not write.", APPROVER
)
release_answers = permission("release_answers", "Approvers may release approved answers together.", APPROVER)
extend_promises = permission(
    "extend_promises", "Officers may move a due day once, with a public reason.", OFFICER
)
moderate_texts = permission(
    "moderate_texts",
    "Moderators and officers may release, redact and hide texts, with a reason.",
    MODERATOR,
    OFFICER,
)

# Accounts
manage_accounts = permission(
    "manage_accounts",
    "Administrators may invite and disable people and change their roles; they read no submission.",
    ADMINISTRATOR,
    fresh=True,
)


def allowed(wanted: Permission, roles: Iterable[RoleName | str]) -> bool:
    """Whether somebody holding ``roles`` may do ``wanted``. ``PUBLIC`` is allowed to anybody."""
    return wanted is PUBLIC or bool(wanted.roles.intersection(roles))
