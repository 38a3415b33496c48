"""Council elections."""

from __future__ import annotations

from tests.routes.people import Routes, election_readers, everybody, returning_officers

ROUTES: Routes = {
    ("GET", "/eligibility/"): everybody,
    ("POST", "/eligibility/"): everybody,
    # The roll
    ("GET", "/elections/<code>/roll/"): everybody,
    ("GET", "/elections/<code>/register/"): everybody,
    ("POST", "/elections/<code>/register/"): everybody,
    ("GET", "/office/elections/<code>/roll/"): election_readers,
    ("GET", "/office/elections/<code>/roll/import"): returning_officers,
    ("POST", "/office/elections/<code>/roll/import"): returning_officers,
    ("POST", "/office/elections/<code>/roll/check-import"): returning_officers,
    ("GET", "/office/elections/<code>/roll/look-up"): returning_officers,
    ("POST", "/office/elections/<code>/roll/look-up"): returning_officers,
    ("GET", "/office/elections/<code>/roll/registrations/<int:number>"): returning_officers,
    ("POST", "/office/elections/<code>/roll/registrations/<int:number>"): returning_officers,
    ("GET", "/office/elections/<code>/roll/correct"): returning_officers,
    ("POST", "/office/elections/<code>/roll/correct"): returning_officers,
    ("POST", "/office/elections/<code>/roll/delete"): returning_officers,
}

SAMPLES: dict[str, object] = {"code": "MC-27", "number": 1}


def furnish() -> None:
    """An election that was called."""
    from elections.rules.stages import Stage
    from tests.elections.city import bring_to, found_council, prepare_election

    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
