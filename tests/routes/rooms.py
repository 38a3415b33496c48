"""All tables of routes together, and what each room's addresses are filled with."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from tests.routes import (
    accounts,
    consult,
    council,
    elections,
    followup,
    meetings,
    motions,
    oparl,
)
from tests.routes.people import Routes

ROOMS = (accounts, consult, council, elections, followup, motions, meetings, oparl)

ROUTES: Routes = {line: who for room in ROOMS for line, who in room.ROUTES.items()}


def room_of(rule: str) -> ModuleType:
    """The room whose table has this address; the consultations' for one that nobody listed."""
    return next((room for room in ROOMS if any(path == rule for _method, path in room.ROUTES)), consult)


def samples_of(rule: str) -> dict[str, Any]:
    """What stands for each part of this address."""
    return dict(getattr(room_of(rule), "SAMPLES", {}))


def query_of(rule: str, path: str) -> str:
    """What an address that is read needs behind it."""
    return str(getattr(room_of(rule), "QUERIES", {}).get(path.rsplit("/", 1)[-1], ""))


def furnish() -> None:
    """Put into the test city what the rooms' samples name."""
    for room in ROOMS:
        getattr(room, "furnish", lambda: None)()
