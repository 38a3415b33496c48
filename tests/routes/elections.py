"""Council elections."""

from __future__ import annotations

from elections.rules.stages import Stage
from elections.services.stations import add_station
from tests.city import staff
from tests.elections.city import CODE, bring_to, found_council, prepare_election
from tests.routes.people import Routes, boards, election_readers, everybody, returning_officers

ROUTES: Routes = {
    ("GET", "/eligibility/"): everybody,
    ("POST", "/eligibility/"): everybody,
    ("GET", "/elections/<code>/lots/"): everybody,
    # the result
    ("GET", "/elections/<code>/result/"): everybody,
    ("GET", "/elections/<code>/turnout/"): everybody,
    ("GET", "/elections/<code>/result.csv"): everybody,
    ("GET", "/elections/<code>/result.json"): everybody,
    ("GET", "/elections/<code>/result.blt"): everybody,
    ("GET", "/office/elections/<code>/stations/"): election_readers,
    ("POST", "/office/elections/<code>/stations/add"): returning_officers,
    ("POST", "/office/elections/<code>/stations/delegates"): returning_officers,
    ("GET", "/office/elections/<code>/stations/<key>/"): election_readers,
    ("POST", "/office/elections/<code>/stations/<key>/enter"): returning_officers | boards,
    ("POST", "/office/elections/<code>/stations/<key>/turnout"): returning_officers | boards,
    ("GET", "/office/elections/<code>/result/"): election_readers,
    ("POST", "/office/elections/<code>/result/ties/<int(max=9999):place>/announce"): returning_officers,
    ("POST", "/office/elections/<code>/result/ties/<int(max=9999):place>/draw"): returning_officers,
}

SAMPLES = {"code": CODE, "key": "town-hall", "place": 1}


def furnish() -> None:
    """A council and an election that was called."""
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
    add_station(CODE, "town-hall", "Town hall", "Market 1", staff("returning_officer"))
