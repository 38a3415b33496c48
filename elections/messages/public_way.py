"""Words for the public way of an election: its milestones, and what anybody can do now."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from elections.rules.public_way import Door, Milestone
from elections.rules.stages import ActKind

MILESTONES: Mapping[str, LazyString] = {
    Milestone.CALLED: _l("The election is called"),
    Milestone.NOMINATIONS: _l("People can be nominated"),
    Milestone.CANDIDATES: _l("Candidates are published"),
    Milestone.ROLL: _l("The roll can be inspected"),
    Milestone.VOTING: _l("Voting"),
    Milestone.CLOSED: _l("Voting is closed"),
    Milestone.COUNTED: _l("The votes are counted"),
    Milestone.FOUND: _l("The election board finds the result"),
    Milestone.APPROVED: _l("The city council approves"),
    Milestone.PUBLISHED: _l("The result is published"),
}

DOORS: Mapping[str, LazyString] = {
    Door.NOMINATE: _l("Nominate yourself or somebody else"),
    Door.CHECK_ELIGIBILITY: _l("Check whether you may vote or stand"),
    Door.CHECK_ROLL: _l("Check whether you are on the roll"),
    Door.REGISTER: _l("Apply for the roll"),
    Door.VOTE: _l("Vote"),
    Door.OBJECT_TO_ROLL: _l("Object to the roll"),
    Door.OBJECT_TO_RESULT: _l("Object to the result"),
}

DONE: Mapping[str, LazyString] = {
    ActKind.CALL: _l("The election was called"),
    ActKind.PUBLISH_CANDIDATES: _l("The candidates were published"),
    ActKind.OPEN_ROLL: _l("The roll was opened for inspection"),
    ActKind.CHANGE_ROLL: _l("The roll was changed"),
    ActKind.COMMIT_ROLL: _l("The roll was committed"),
    ActKind.OPEN_VOTING: _l("Voting was opened"),
    ActKind.INTERRUPT_VOTING: _l("Voting was interrupted"),
    ActKind.RESUME_VOTING: _l("Voting was resumed"),
    ActKind.EXTEND_VOTING: _l("Voting was extended"),
    ActKind.CLOSE_VOTING: _l("Voting was closed"),
    ActKind.COUNT: _l("The votes were counted"),
    ActKind.FIND: _l("The result was found"),
    ActKind.APPROVE: _l("The result was approved"),
    ActKind.SEND_BACK: _l("The result was sent back to be counted anew"),
    ActKind.PUBLISH_RESULT: _l("The result was published and the council seated"),
    ActKind.CONCLUDE: _l("The election was concluded"),
    ActKind.ABANDON: _l("The election was abandoned"),
}
