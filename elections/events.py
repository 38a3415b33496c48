"""The closed list of audit tags of council elections, and the kinds of their subjects."""

from __future__ import annotations

ELECTION_CREATE = "elections:election:create"
ELECTION_CHANGE = "elections:election:change"
ACT_PROPOSE = "elections:act:propose"
ACT_WITHDRAW = "elections:act:withdraw"
ACT_PERFORM = "elections:act:perform"
LOT_ANNOUNCE = "elections:lot:announce"
LOT_DRAW = "elections:lot:draw"
STATION_ADD = "elections:station:add"
STATION_ENTER = "elections:station:enter"
STATION_RECONCILE = "elections:station:reconcile"
TURNOUT_REPORT = "elections:turnout:report"
DELEGATE_NAME = "elections:delegate:name"

ELECTION = "elections.election"
ACT = "elections.act"
LOT = "elections.lot"
STATION = "elections.station"
DELEGATE = "elections.delegate"
CANDIDATE = "elections.candidate"
