"""Votes were counted anew: the new result takes the old one's place, in the same term, and the minutes say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from flask import Flask

from app.commands.audit import check
from core import clock
from core.db import db, write
from council.models import Member, SeatClass, Successor, Term
from council.queries.bodies import find_body
from council.rules import Filling, Ground
from council.services.seating import NewMember, NewSuccessor, reseat_council
from council.services.vacancies import Seated, decline, fill_vacancy, leave_member
from tests.city import entries, found_city, refused, rows, staff
from tests.council.city import BEGINS, KEY, found_council, seat

AMINA, BAO, EMRE, GORAN = (
    NewMember("region-1", name, None, "elections.candidate", number)
    for name, number in (("Amina Haddad", 1), ("Bao Nguyen", 2), ("Emre Kaya", 3), ("Goran Babic", 5))
)
NEXT = (NewSuccessor("region-1", 1, "Bao Nguyen", 90, False, "elections.candidate", 2),)


@pytest.fixture
def body(app: Flask) -> int:
    found_city()
    body_id = found_council()
    seat(body_id)
    return body_id


def reseat(body_id: int, members: Sequence[NewMember], begins: date = BEGINS) -> None:
    with write() as session:
        reseat_council(session, body_id, begins, members, NEXT, staff("clerk"))


def sitting() -> list[str]:
    return [each.name for each in rows(Member) if each.left_on is None]


def member(name: str) -> Member:
    return next(each for each in rows(Member) if each.name == name)


def test_who_is_in_both_results_stays_and_the_others_change_places(body: int) -> None:
    chair = member("Amina Haddad").id
    reseat(body, [AMINA, EMRE])
    assert sitting() == ["Amina Haddad", "Clara Vogel", "Dana Haddad", "Emre Kaya"]
    assert member("Amina Haddad").id == chair
    lost = member("Bao Nguyen")
    assert (lost.left_on, lost.left_ground) == (clock.today(), Ground.RESULT_REPLACED)
    assert member("Emre Kaya").since_on == clock.today()
    assert len(rows(Term)) == 1
    page = find_body(KEY)
    assert [each.name for each in page.classes[0].successors] == ["Bao Nguyen"]
    assert all(each.replaced_on for each in rows(Successor)[:4])
    (entry,) = entries("council:term:reseat")
    assert '"successors_replaced":4' in entry.facts
    results, _missing = check(db.session())
    assert [each.chain for each in results if each.finding] == []


def test_a_deputy_loses_the_place_with_the_member(body: int) -> None:
    reseat(body, [BAO, EMRE])
    assert member("Dana Haddad").left_ground == Ground.MEMBER_LEFT
    assert sitting() == ["Bao Nguyen", "Clara Vogel", "Emre Kaya"]


def test_whoever_gave_up_a_seat_does_not_come_back_by_a_new_count(body: int) -> None:
    leave_member(member("Bao Nguyen").id, clock.today(), Ground.RESIGNED, staff("clerk"))
    reseat(body, [AMINA, BAO])
    assert member("Bao Nguyen").left_ground == Ground.RESIGNED
    assert "Bao Nguyen" not in sitting()


def test_a_faction_that_named_somebody_else_meanwhile_sends_them(body: int) -> None:
    first = NewMember("factions", "Hanna Roth", "The Lindens", "elections.delegate", 1)
    other = NewMember("factions", "Ivo Marx", "The Lindens", "elections.delegate", 1)
    reseat(body, [AMINA, BAO, first])
    reseat(body, [AMINA, BAO, other])
    assert sitting() == ["Amina Haddad", "Bao Nguyen", "Clara Vogel", "Dana Haddad", "Ivo Marx"]


def test_a_third_count_can_give_a_seat_back(body: int) -> None:
    reseat(body, [AMINA, EMRE])
    reseat(body, [AMINA, BAO])
    assert sitting() == ["Amina Haddad", "Clara Vogel", "Dana Haddad", "Bao Nguyen"]
    assert member("Emre Kaya").left_ground == Ground.RESULT_REPLACED


def test_a_successor_of_the_old_result_can_no_longer_be_asked(body: int) -> None:
    old = rows(Successor)[2].id
    reseat(body, [AMINA, EMRE])
    with refused("successor_settled"):
        decline(old, clock.today(), staff("clerk"))


def by_election(name: str, leaves: str) -> None:
    """Somebody of region 1 leaves, no successor takes the seat, and a by-election fills it."""
    leave_member(member(leaves).id, clock.today(), Ground.RESIGNED, staff("clerk"))
    seat_class = next(each for each in rows(SeatClass) if each.key == "region-1")
    for each in rows(Successor):
        if each.seat_class_id == seat_class.id and each.declined_on is None and each.replaced_on is None:
            decline(each.id, clock.today(), staff("clerk"))
    seated = Seated(Filling.BY_ELECTION, name)
    fill_vacancy(rows(Term)[0].id, "region-1", clock.today(), seated, staff("clerk"))


def test_a_by_election_stands_while_the_new_result_leaves_its_seat_free(body: int) -> None:
    by_election("Farah Aziz", "Bao Nguyen")
    reseat(body, [AMINA, BAO])  # Bao does not come back
    assert [name for name in sitting() if name in ("Amina Haddad", "Farah Aziz")] == [
        "Amina Haddad",
        "Farah Aziz",
    ]
    assert member("Farah Aziz").left_ground is None


def test_a_by_election_gives_way_where_the_new_result_needs_every_seat(body: int) -> None:
    by_election("Farah Aziz", "Bao Nguyen")
    reseat(body, [AMINA, EMRE])
    assert "Farah Aziz" not in sitting()
    assert {"Amina Haddad", "Emre Kaya"} <= set(sitting())
    lost = member("Farah Aziz")
    assert (lost.left_on, lost.left_ground) == (clock.today(), Ground.RESULT_REPLACED)
    results, _missing = check(db.session())
    assert [each.chain for each in results if each.finding] == []


def test_of_two_by_elections_the_last_gives_way_first(body: int) -> None:
    by_election("Farah Aziz", "Bao Nguyen")
    by_election("Henk Visser", "Amina Haddad")
    reseat(body, [EMRE, AMINA])  # Amina does not come back, so one seat is left beside Emre
    assert "Farah Aziz" in sitting()
    assert "Henk Visser" not in sitting()


def test_before_the_term_nobody_of_the_old_result_ever_sits(app: Flask) -> None:
    found_city()
    body_id = found_council()
    begins = date(2028, 1, 1)
    seat(body_id, begins, date(2032, 12, 31))
    reseat(body_id, [AMINA, GORAN], begins)
    assert member("Goran Babic").since_on == begins
    lost = member("Bao Nguyen")
    assert lost.left_on == lost.since_on == begins


def test_only_the_term_that_the_result_filled_changes(body: int) -> None:
    with refused("not_found"):
        reseat(body, [EMRE], date(2028, 9, 1))
    seat(body, date(2028, 9, 1), date(2033, 8, 31))
    with refused("term_over"):
        reseat(body, [EMRE])
    with clock.freeze(date(2034, 1, 1)), refused("term_over"):
        reseat(body, [EMRE], date(2028, 9, 1))
    with refused("too_many_members"):
        reseat(body, [AMINA, BAO, EMRE], date(2028, 9, 1))
    with refused("seat_class_unknown"):
        reseat(body, [NewMember("nowhere", "X", None, "elections.candidate", 1)], date(2028, 9, 1))
