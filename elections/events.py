"""The closed list of audit tags of council elections, and the kinds of their subjects."""

from __future__ import annotations

ELECTION_CREATE = "elections:election:create"
ELECTION_CHANGE = "elections:election:change"
ACT_PROPOSE = "elections:act:propose"
ACT_WITHDRAW = "elections:act:withdraw"
ACT_PERFORM = "elections:act:perform"
LOT_ANNOUNCE = "elections:lot:announce"
LOT_DRAW = "elections:lot:draw"

ELECTION = "elections.election"
ACT = "elections.act"
LOT = "elections.lot"

OBJECTION_RECEIVE = "elections:objection:receive"
OBJECTION_ERASE = "elections:objection:erase"
OBJECTION_DECIDE_EFFECT = "elections:objection:decide_effect"
OBJECTION = "elections.objection"
