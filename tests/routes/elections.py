"""Council elections."""

from __future__ import annotations

from elections.rules.stages import Stage
from tests.elections.city import CODE, bring_to, found_council, prepare_election
from tests.routes.people import Routes, everybody

ROUTES: Routes = {
    ("GET", "/eligibility/"): everybody,
    ("POST", "/eligibility/"): everybody,
    ("GET", "/elections/<code>/lots/"): everybody,
}

SAMPLES = {"code": CODE}
    ("GET", "/elections/"): everybody,
    ("GET", "/elections.json"): everybody,
    ("GET", "/elections/<code>.json"): everybody,
    ("GET", "/elections/<code>/"): everybody,
    ("GET", "/elections/<code>/timetable.ics"): everybody,
    ("GET", "/elections/<code>/eligibility/"): everybody,
    ("POST", "/elections/<code>/eligibility/"): everybody,
    ("GET", "/elections/<code>/rules/"): everybody,
    ("GET", "/elections/<code>/counting/"): everybody,
    ("GET", "/elections/<code>/minutes/"): everybody,
    ("GET", "/elections/<code>/kit/"): everybody,
    ("GET", "/elections/<code>/kit.<language>.txt"): everybody,
    ("GET", "/elections/<code>/kit.<language>.pdf"): everybody,
    ("GET", "/elections/<code>/poster.<language>.pdf"): everybody,
    ("GET", "/elections/<code>/flyer.<language>.pdf"): everybody,
}

SAMPLES = {"code": CODE, "language": "en"}


def furnish() -> None:
    """A council and an election that was called."""
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
