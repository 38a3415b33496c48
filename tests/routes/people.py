"""Who may pass, in words: the sets of people that the tables of routes are written with."""

from __future__ import annotations

ROLES = (
    "officer",
    "approver",
    "moderator",
    "returning_officer",
    "election_board",
    "observer",
    "clerk",
    "member",
    "administrator",
)
ANYONE = ("nobody signed in", *ROLES)

everybody = frozenset(ANYONE)
nobody = frozenset[str]()
staff_members = frozenset(ROLES)
officers = frozenset({"officer"})
approvers = frozenset({"approver"})
moderators = frozenset({"officer", "moderator"})
readers = frozenset({"officer", "approver", "moderator"})
administrators = frozenset({"administrator"})
returning_officers = frozenset({"returning_officer"})
boards = frozenset({"election_board"})
clerks = frozenset({"clerk"})
election_readers = frozenset({"returning_officer", "election_board", "observer", "clerk"})
actors = frozenset({"returning_officer", "election_board", "clerk"})
seated_members = frozenset({"member"})
motion_readers = frozenset({"officer", "clerk", "member"})

Routes = dict[tuple[str, str], frozenset[str]]
