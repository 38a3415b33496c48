"""Council elections."""

from __future__ import annotations

from accounts.rules import RoleName
from elections.rules.stages import ActKind, Stage
from elections.services import acts
from elections.services.stations import add_station
from tests.city import staff
from tests.elections.city import CODE, bring_to, found_council, prepare_election
from tests.routes.people import (
    Routes,
    actors,
    boards,
    clerks,
    election_readers,
    everybody,
    returning_officers,
)

ROUTES: Routes = {
    ("POST", "/answer/nomination/mend"): everybody,
    ("GET", "/elections.json"): everybody,
    ("GET", "/elections/"): everybody,
    ("GET", "/elections/<code>.json"): everybody,
    ("GET", "/elections/<code>/chain.json"): everybody,
    ("GET", "/elections/<code>/"): everybody,
    ("POST", "/elections/<code>/ballots"): everybody,
    ("GET", "/elections/<code>/board.bel"): everybody,
    ("GET", "/elections/<code>/board/"): everybody,
    ("GET", "/elections/<code>/board/<digest>.json"): everybody,
    ("GET", "/elections/<code>/board/credentials/<key>.json"): everybody,
    ("GET", "/elections/<code>/board/election.json"): everybody,
    ("GET", "/elections/<code>/board/replacements.json"): everybody,
    ("GET", "/elections/<code>/booklet.<language>.pdf"): everybody,
    ("GET", "/elections/<code>/candidates/"): everybody,
    ("GET", "/elections/<code>/candidates/<int(max=2147483647):candidate_id>/"): everybody,
    ("GET", "/elections/<code>/counting/"): everybody,
    ("GET", "/elections/<code>/eligibility/"): everybody,
    ("POST", "/elections/<code>/eligibility/"): everybody,
    ("GET", "/elections/<code>/flyer.<language>.pdf"): everybody,
    ("GET", "/elections/<code>/kit.<language>.pdf"): everybody,
    ("GET", "/elections/<code>/kit.<language>.txt"): everybody,
    ("GET", "/elections/<code>/kit/"): everybody,
    ("GET", "/elections/<code>/letters.atom"): everybody,
    ("GET", "/elections/<code>/letters.csv"): everybody,
    ("GET", "/elections/<code>/letters.json"): everybody,
    ("GET", "/elections/<code>/letters/"): everybody,
    ("GET", "/elections/<code>/letters/<int(max=2147483647):number>/"): everybody,
    ("GET", "/elections/<code>/lots/"): everybody,
    ("GET", "/elections/<code>/minutes/"): everybody,
    ("GET", "/elections/<code>/nominate/"): everybody,
    ("POST", "/elections/<code>/nominate/"): everybody,
    ("GET", "/elections/<code>/object/"): everybody,
    ("POST", "/elections/<code>/object/"): everybody,
    ("GET", "/elections/<code>/poster.<language>.pdf"): everybody,
    ("GET", "/elections/<code>/register/"): everybody,
    ("POST", "/elections/<code>/register/"): everybody,
    ("GET", "/elections/<code>/result.blt"): everybody,
    ("GET", "/elections/<code>/result.csv"): everybody,
    ("GET", "/elections/<code>/result-stations.csv"): everybody,
    ("GET", "/elections/<code>/result.json"): everybody,
    ("GET", "/elections/<code>/result/"): everybody,
    ("GET", "/elections/<code>/roll/"): everybody,
    ("GET", "/elections/<code>/rules/"): everybody,
    ("GET", "/elections/<code>/support/<token>/"): everybody,
    ("POST", "/elections/<code>/support/<token>/"): everybody,
    ("GET", "/elections/<code>/timetable.ics"): everybody,
    ("GET", "/elections/<code>/turnout/"): everybody,
    ("GET", "/elections/<code>/vote/"): everybody,
    ("GET", "/elections/<code>/vote/booth.json"): everybody,
    ("GET", "/eligibility/"): everybody,
    ("POST", "/eligibility/"): everybody,
    ("GET", "/office/elections/"): election_readers,
    ("GET", "/office/elections/<code>/"): election_readers,
    ("POST", "/office/elections/<code>/acts/<int:act_id>/confirm"): actors,
    ("POST", "/office/elections/<code>/acts/<int:act_id>/withdraw"): actors,
    ("POST", "/office/elections/<code>/acts/<kind>"): actors,
    ("GET", "/office/elections/<code>/ballot-order/"): election_readers,
    ("POST", "/office/elections/<code>/ballot-order/announce"): returning_officers,
    ("POST", "/office/elections/<code>/ballot-order/draw"): returning_officers,
    ("POST", "/office/elections/<code>/ballot-order/draw/<group>"): returning_officers,
    ("GET", "/office/elections/<code>/change"): returning_officers,
    ("POST", "/office/elections/<code>/change"): returning_officers,
    ("GET", "/office/elections/<code>/minutes"): election_readers,
    ("GET", "/office/elections/<code>/minutes.json"): election_readers,
    ("GET", "/office/elections/<code>/nominations/"): election_readers,
    ("GET", "/office/elections/<code>/nominations/<int(max=2147483647):number>/"): election_readers,
    ("POST", "/office/elections/<code>/nominations/<int(max=2147483647):number>/check"): returning_officers,
    ("POST", "/office/elections/<code>/nominations/<int(max=2147483647):number>/decide"): returning_officers,
    ("POST", "/office/elections/<code>/nominations/<int(max=2147483647):number>/release"): boards | clerks,
    (
        "POST",
        "/office/elections/<code>/nominations/<int(max=2147483647):number>/request-mending",
    ): returning_officers,
    (
        "POST",
        "/office/elections/<code>/nominations/<int(max=2147483647):number>/take-back",
    ): returning_officers,
    ("GET", "/office/elections/<code>/objections/"): actors,
    (
        "GET",
        "/office/elections/<code>/objections/<int(max=2147483647):number>/decide-effect",
    ): returning_officers,
    (
        "POST",
        "/office/elections/<code>/objections/<int(max=2147483647):number>/decide-effect",
    ): returning_officers,
    ("GET", "/office/elections/<code>/result/"): election_readers,
    ("POST", "/office/elections/<code>/result/ties/<int(max=9999):place>/announce"): returning_officers,
    ("POST", "/office/elections/<code>/result/ties/<int(max=9999):place>/draw"): returning_officers,
    ("GET", "/office/elections/<code>/roll/"): election_readers,
    ("POST", "/office/elections/<code>/roll/check-import"): returning_officers,
    ("GET", "/office/elections/<code>/roll/correct"): returning_officers,
    ("POST", "/office/elections/<code>/roll/correct"): returning_officers,
    ("POST", "/office/elections/<code>/roll/delete"): returning_officers,
    ("GET", "/office/elections/<code>/roll/import"): returning_officers,
    ("POST", "/office/elections/<code>/roll/import"): returning_officers,
    ("GET", "/office/elections/<code>/roll/look-up"): returning_officers,
    ("POST", "/office/elections/<code>/roll/look-up"): returning_officers,
    ("GET", "/office/elections/<code>/roll/registrations/<int:number>"): returning_officers,
    ("POST", "/office/elections/<code>/roll/registrations/<int:number>"): returning_officers,
    ("GET", "/office/elections/<code>/rules"): election_readers,
    ("GET", "/office/elections/<code>/rules/change"): returning_officers,
    ("POST", "/office/elections/<code>/rules/change"): returning_officers,
    ("GET", "/office/elections/<code>/stations/"): election_readers,
    ("GET", "/office/elections/<code>/stations/<key>/"): election_readers,
    ("POST", "/office/elections/<code>/stations/<key>/enter"): returning_officers | boards,
    ("POST", "/office/elections/<code>/stations/<key>/turnout"): returning_officers | boards,
    ("POST", "/office/elections/<code>/stations/add"): returning_officers,
    ("POST", "/office/elections/<code>/stations/delegates"): returning_officers,
    ("GET", "/office/elections/<code>/urn/"): election_readers,
    ("POST", "/office/elections/<code>/urn/begin"): returning_officers,
    ("POST", "/office/elections/<code>/urn/follow"): returning_officers,
    ("POST", "/office/elections/<code>/urn/multiply"): returning_officers,
    ("POST", "/office/elections/<code>/urn/prepare"): returning_officers,
    ("POST", "/office/elections/<code>/urn/take-part"): returning_officers,
    ("GET", "/office/elections/new"): returning_officers,
    ("POST", "/office/elections/new"): returning_officers,
}

SAMPLES: dict[str, object] = {
    "code": CODE,
    "kind": "abandon",
    "act_id": 1,
    "language": "en",
    "key": "town-hall",
    "place": 1,
    "token": "x",
    "candidate_id": 1,
    "number": 1,
    "roll_number": 1,
    "group": "europe-1",
    "digest": "0" * 64,
}


def furnish() -> None:
    """A council, and an election of it with a station, in which an act waits for a second person."""
    found_council()
    prepare_election()
    bring_to(Stage.CALLED)
    add_station(CODE, "town-hall", "Town hall", "Market 1", staff("returning_officer"))
    acts.propose_act(
        CODE,
        ActKind.ABANDON,
        staff("other returning_officer"),
        [RoleName.RETURNING_OFFICER],
        reason="No hall.",
    )


FILLED: dict[str, dict[str, str]] = {
    "<kind>": {"reason": "No hall."},
    "request-mending": {"deficiencies": "The street is missing."},
    "decide": {
        "decision": "refuse",
        "ground": "not_eligible",
        "reason_en": "Too late.",
        "reason": "Too late.",
    },
    "announce": {"way": "seed", "source": "The lottery of next Saturday."},
    "decide-effect": {"effect": "none"},
    "correct": {"numbers": "1", "ground": "moved_away", "reason": "Moved."},
    "<int:number>": {"method": "in_person", "verdict": "met"},
    "look-up": {"name": "Amira Haddad 1", "street": "Seestraße 1", "postcode": "01234"},
    "add": {"name": "Library", "key": "library", "place": "Market 2"},
    "delegates": {"seat_class": "factions", "organisation": "Greens", "person": "Ines Okafor"},
    "turnout": {"ballots": "12"},
    "enter": {"ballots": "3", "invalid": "1", "blank": "2"},
}
"""What a form would send that would do something, were it not for its token."""
