"""Council elections."""

from __future__ import annotations

from elections.rules.stages import Stage
from tests.elections.city import CODE, bring_to, found_council, prepare_election
from tests.routes.people import Routes, actors, everybody, returning_officers

ROUTES: Routes = {
    ("GET", "/eligibility/"): everybody,
    ("POST", "/eligibility/"): everybody,
    # Letters to an election, and objections
    ("GET", "/elections/<code>/letters/"): everybody,
    ("GET", "/elections/<code>/letters/<int(max=2147483647):number>/"): everybody,
    ("GET", "/elections/<code>/letters.json"): everybody,
    ("GET", "/elections/<code>/letters.csv"): everybody,
    ("GET", "/elections/<code>/letters.atom"): everybody,
    ("GET", "/elections/<code>/object/"): everybody,
    ("POST", "/elections/<code>/object/"): everybody,
    ("GET", "/office/elections/<code>/objections/"): actors,
    (
        "GET",
        "/office/elections/<code>/objections/<int(max=2147483647):number>/decide-effect",
    ): returning_officers,
    (
        "POST",
        "/office/elections/<code>/objections/<int(max=2147483647):number>/decide-effect",
    ): returning_officers,
}

SAMPLES: dict[str, object] = {"code": CODE, "number": 1}


def furnish() -> None:
    """A council, and an election of it that was called."""
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
