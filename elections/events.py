"""The closed list of audit tags of council elections, and the kinds of their subjects."""

from __future__ import annotations

ELECTION_CREATE = "elections:election:create"
ELECTION_CHANGE = "elections:election:change"
ACT_PROPOSE = "elections:act:propose"
ACT_WITHDRAW = "elections:act:withdraw"
ACT_PERFORM = "elections:act:perform"
LOT_ANNOUNCE = "elections:lot:announce"
LOT_DRAW = "elections:lot:draw"
ROLL_IMPORT = "elections:roll:import"
ROLL_DELETE = "elections:roll:delete"
REGISTRATION_RECEIVE = "elections:registration:receive"
REGISTRATION_SEE = "elections:registration:see"

ELECTION = "elections.election"
ACT = "elections.act"
LOT = "elections.lot"
ROLL = "elections.roll"
REGISTRATION = "elections.registration"
