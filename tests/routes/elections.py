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


def furnish() -> None:
    """A council and an election that was called."""
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
