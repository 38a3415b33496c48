"""Council elections."""

from __future__ import annotations

from elections.rules.stages import Stage
from elections.services.stations import add_station
from tests.city import staff
from tests.elections.city import CODE, bring_to, found_council, prepare_election
from tests.routes.people import Routes, boards, clerks, election_readers, everybody, returning_officers

NOMINATION = "/office/elections/<code>/nominations/<int(max=2147483647):number>"

ROUTES: Routes = {
    ("GET", "/eligibility/"): everybody,
    ("POST", "/eligibility/"): everybody,
    ("GET", "/elections/<code>/lots/"): everybody,
    ("GET", "/elections/<code>/nominate/"): everybody,
    ("POST", "/elections/<code>/nominate/"): everybody,
    ("GET", "/elections/<code>/support/<token>/"): everybody,
    ("POST", "/elections/<code>/support/<token>/"): everybody,
    ("GET", "/elections/<code>/candidates/"): everybody,
    ("GET", "/elections/<code>/candidates/<int(max=2147483647):candidate_id>/"): everybody,
    ("GET", "/elections/<code>/booklet.<language>.pdf"): everybody,
    ("POST", "/answer/nomination/mend"): everybody,
    ("GET", "/office/elections/<code>/nominations/"): election_readers,
    ("GET", f"{NOMINATION}/"): election_readers,
    ("POST", f"{NOMINATION}/check"): returning_officers,
    ("POST", f"{NOMINATION}/request-mending"): returning_officers,
    ("POST", f"{NOMINATION}/decide"): returning_officers,
    ("POST", f"{NOMINATION}/take-back"): returning_officers,
    ("POST", f"{NOMINATION}/release"): boards | clerks,
    ("GET", "/office/elections/<code>/ballot-order/"): election_readers,
    ("POST", "/office/elections/<code>/ballot-order/announce"): returning_officers,
    ("POST", "/office/elections/<code>/ballot-order/draw"): returning_officers,
    ("POST", "/office/elections/<code>/ballot-order/draw/<group>"): returning_officers,
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

SAMPLES = {
    "code": CODE,
    "token": "x",
    "candidate_id": 1,
    "language": "en",
    "number": 1,
    "group": "europe",
    "key": "town-hall",
    "place": 1,
}


def furnish() -> None:
    """A council and an election that was called."""
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
    add_station(CODE, "town-hall", "Town hall", "Market 1", staff("returning_officer"))
