"""Council elections."""

from __future__ import annotations

from elections.rules.stages import Stage
from tests.elections.city import CODE, bring_to, found_council, prepare_election
from tests.routes.people import Routes, everybody
from accounts.rules import RoleName
from elections.rules.stages import ActKind, Stage
from elections.services import acts
from tests.city import staff
from tests.elections.city import CODE, bring_to, found_council, prepare_election
from tests.routes.people import Routes, actors, election_readers, everybody, returning_officers

ROUTES: Routes = {
    ("GET", "/eligibility/"): everybody,
    ("POST", "/eligibility/"): everybody,
    ("GET", "/elections/<code>/lots/"): everybody,
    # Letters to an election, and objections
    ("GET", "/elections/<code>/letters/"): everybody,
    ("GET", "/elections/<code>/letters/<int(max=2147483647):number>/"): everybody,
    ("GET", "/elections/<code>/letters.json"): everybody,
    ("GET", "/elections/<code>/letters.csv"): everybody,
    ("GET", "/elections/<code>/letters.atom"): everybody,
    ("GET", "/elections/<code>/object/"): everybody,
    ("POST", "/elections/<code>/object/"): everybody,
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
    # the procedure
    ("GET", "/office/elections/"): election_readers,
    ("GET", "/office/elections/new"): returning_officers,
    ("POST", "/office/elections/new"): returning_officers,
    ("GET", "/office/elections/<code>/"): election_readers,
    ("GET", "/office/elections/<code>/change"): returning_officers,
    ("POST", "/office/elections/<code>/change"): returning_officers,
    ("GET", "/office/elections/<code>/rules"): election_readers,
    ("GET", "/office/elections/<code>/rules/change"): returning_officers,
    ("POST", "/office/elections/<code>/rules/change"): returning_officers,
    ("GET", "/office/elections/<code>/minutes"): election_readers,
    ("GET", "/office/elections/<code>/minutes.json"): election_readers,
    ("POST", "/office/elections/<code>/acts/<kind>"): actors,
    ("POST", "/office/elections/<code>/acts/<int:act_id>/confirm"): actors,
    ("POST", "/office/elections/<code>/acts/<int:act_id>/withdraw"): actors,
}

SAMPLES: dict[str, object] = {"code": CODE, "kind": "abandon", "act_id": 1}


def furnish() -> None:
    """A council, and an election of it in which an act waits for a second person."""
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
    acts.propose_act(
        CODE,
        ActKind.ABANDON,
        staff("other returning_officer"),
        [RoleName.RETURNING_OFFICER],
        reason="No hall.",
    )


FILLED: dict[str, dict[str, str]] = {"<kind>": {"reason": "No hall."}}
"""What a form would send that would do something, were it not for its token."""
