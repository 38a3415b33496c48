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
RETURNING_OFFICER, ELECTION_BOARD = RoleName.RETURNING_OFFICER, RoleName.ELECTION_BOARD
OBSERVER, CLERK, MEMBER = RoleName.OBSERVER, RoleName.CLERK, RoleName.MEMBER


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

# Elections
read_elections = permission(
    "read_elections",
    "Returning officers, the election board, clerks and observers may read every step of an election.",
    RETURNING_OFFICER,
    ELECTION_BOARD,
    CLERK,
    OBSERVER,
)
manage_elections = permission(
    "manage_elections",
    "Returning officers may prepare elections: rules, days, texts, candidates, stations.",
    RETURNING_OFFICER,
)
propose_acts = permission(
    "propose_acts",
    "Returning officers, the board and clerks may propose acts; the table of acts says who may propose which.",
    RETURNING_OFFICER,
    ELECTION_BOARD,
    CLERK,
)
confirm_acts = permission(
    "confirm_acts",
    "A second person may confirm what somebody else proposed; the table of acts says who may confirm which.",
    RETURNING_OFFICER,
    ELECTION_BOARD,
    CLERK,
)
keep_roll = permission(
    "keep_roll",
    "Returning officers may import the roll, register people and prepare corrections.",
    RETURNING_OFFICER,
)
vet_nominations = permission(
    "vet_nominations",
    "Returning officers may check nominations and name what must be mended.",
    RETURNING_OFFICER,
)
enter_results = permission(
    "enter_results",
    "Returning officers and the board may enter a station's results, two persons apart.",
    RETURNING_OFFICER,
    ELECTION_BOARD,
)
read_promises = permission(
    "read_promises",
    "Returning officers, the election board and clerks may read what was sent to an election or the council.",
    RETURNING_OFFICER,
    ELECTION_BOARD,
    CLERK,
)
answer_promises = permission(
    "answer_promises",
    "Returning officers and clerks may write what is owed to whoever wrote to an election or the council.",
    RETURNING_OFFICER,
    CLERK,
)
approve_promises = permission(
    "approve_promises",
    "The election board and clerks may approve and release such answers that they did not write.",
    ELECTION_BOARD,
    CLERK,
)

# Council
manage_council = permission(
    "manage_council",
    "Clerks may record the council's seats, terms, members, vacancies and training, and let members sign in.",
    CLERK,
)

# Motions and meetings
use_members_desk = permission(
    "use_members_desk",
    "Members of a council may draft, sign and table motions, propose amendments, and ask for help with meetings.",
    MEMBER,
)
check_motions = permission(
    "check_motions",
    "Officers may check motions, forward them, and enter what the city did, with its source.",
    OFFICER,
)
record_meetings = permission(
    "record_meetings", "Clerks may call meetings, record votes and minutes, and close motions.", CLERK
)
count_votes = permission(
    "count_votes",
    "Clerks and members may enter what the second teller of a secret vote counted.",
    CLERK,
    MEMBER,
)
read_motions_desk = permission(
    "read_motions_desk",
    "Officers, clerks and members may read the desk of motions and meetings.",
    OFFICER,
    CLERK,
    MEMBER,
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
