"""The audit tags of motions and meetings, and the kinds of their subjects.

What happens to a motion is tagged by the act or notice: ``motions:motion:file-position`` (see ``rules.stages.Act`` and
``rules.steps.Notice``). The tags below are the closed list of everything else.
"""

from __future__ import annotations

TEXT_PUBLISH = "motions:text:publish"
FINDING_PROPOSE = "motions:finding:propose"
FINDING_TAKE_BACK = "motions:finding:take-back"
SUGGESTION_RECEIVE = "motions:suggestion:receive"
SUGGESTION_ERASE = "motions:suggestion:erase"
AMENDMENT_PROPOSE = "motions:amendment:propose"
AMENDMENT_WITHDRAW = "motions:amendment:withdraw"
AMENDMENT_DECIDE = "motions:amendment:decide"
MEETING_CALL = "motions:meeting:call"
MEETING_CHANGE = "motions:meeting:change"
MEETING_INVITE = "motions:meeting:invite"
MEETING_CANCEL = "motions:meeting:cancel"
MEETING_OPEN = "motions:meeting:open"
MEETING_CLOSE = "motions:meeting:close"
AGENDA_PLACE = "motions:agenda:place"
AGENDA_REMOVE = "motions:agenda:remove"
AGENDA_NOTE = "motions:agenda:note"
PRESENCE_RECORD = "motions:presence:record"
CONFLICT_DECLARE = "motions:conflict:declare"
VOTE_COUNT = "motions:vote:count"
VOTE_DISCARD = "motions:vote:discard"
VOTE_RECORD = "motions:vote:record"
VOTE_CORRECT = "motions:vote:correct"
MINUTES_WRITE = "motions:minutes:write"
MINUTES_SEND = "motions:minutes:send"
MINUTES_OBJECT = "motions:minutes:object"
MINUTES_DECIDE = "motions:minutes:decide"
MINUTES_APPROVE = "motions:minutes:approve"
REQUEST_RECEIVE = "motions:request:receive"
REQUEST_ERASE = "motions:request:erase"
RULES_CHANGE = "motions:rules:change"

MOTION = "motions.motion"
TEXT = "motions.text"
STEP = "motions.step"
SUGGESTION = "motions.suggestion"
FINDING = "motions.finding"
AMENDMENT = "motions.amendment"
MEETING = "motions.meeting"
AGENDA_ITEM = "motions.agenda_item"
VOTE = "motions.vote"
MINUTES = "motions.minutes"
OBJECTION = "motions.minutes_objection"
REQUEST = "motions.request"
COUNCIL_RULE = "motions.council_rule"

PUBLISH = "motions.oparl"
"""The outbox's work of bringing open data up to date."""


def happened(kind: str) -> str:
    """The tag of what happened to a motion."""
    return f"motions:motion:{kind.replace('_', '-')}"
