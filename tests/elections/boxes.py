"""Candidates and ballot boxes to test results with, on top of ``tests.elections.city``.

``stand_for_leipzig()`` puts up 53 invented candidates in eight regions; ``open_stations()`` five stations;
``leipzig_boxes()`` is what lies in them, with a tie in one region; ``enter_everywhere(boxes)`` enters it twice.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from core import clock
from core.db import db, write
from core.localized import Localized
from elections.models.candidates import Candidate
from elections.rules.stations import Figures
from elections.services.stations import add_station, enter_station_results
from tests.city import staff
from tests.elections.city import CODE, election, rules

STATIONS = ("library", "market", "school", "theatre", "town-hall")
ENTERING = ("returning_officer", "election_board")


def stand(number: int, *, groups: bool = True, backwards: bool = False) -> None:
    """``number`` candidates, going round the regions; ``backwards`` writes the rows in the other order."""
    keys = [group.key for group in rules().groups]
    found = election()
    with write() as session:
        for n in reversed(range(number)) if backwards else range(number):
            session.add(
                Candidate(
                    id=1001 + n,
                    election_id=found.id,
                    group_key=keys[n % 8] if groups else None,
                    name=f"Candidate {n + 1:02}",
                    statement=Localized(),
                    position=n // 8 + 1 if groups else n + 1,
                    admitted_on=clock.today(),
                )
            )
            session.flush()


def ids() -> list[str]:
    """The candidates' ids, in the order of their numbers."""
    found = db.session.scalars(select(Candidate.id).where(Candidate.election_id == election().id))
    return [str(each) for each in sorted(found)]


def open_stations(keys: tuple[str, ...] = STATIONS) -> None:
    for key in keys:
        add_station(CODE, key, key.title(), f"{key.title()} Street 1", staff("returning_officer"))


def leipzig_boxes() -> dict[str, Figures]:
    """Five boxes of 53 candidates. In the first region the second seat is tied between candidates 9 and 17."""
    people = ids()
    boxes = {}
    for place, key in enumerate(STATIONS):
        votes = {who: 20 + (n * 37 + place * 11) % 53 for n, who in enumerate(people)}
        votes[people[0]], votes[people[8]], votes[people[16]] = 400, 300, 300
        for n in range(24, 53, 8):
            votes[people[n]] = 5
        total = sum(votes.values())
        boxes[key] = Figures(votes, ballots=total // 2 + 7, invalid=4, blank=3)
    return boxes


def enter_everywhere(boxes: Mapping[str, Figures]) -> None:
    """Both persons enter the same, everywhere."""
    for key, figures in boxes.items():
        for who in ENTERING:
            enter_station_results(CODE, key, figures, staff(who))
