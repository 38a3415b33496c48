"""What befalls a council: founded, seated, left, succeeded, removed; one transaction each, all of it in the chain."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.commands.audit import check
from core import clock
from core.audit import AuditEntry
from core.db import db, write
from core.errors import DomainError
from council.models import Member, Removal, Term
from council.queries import bodies
from council.rules import Filling, Ground, Office, RemovalGround, Votes, Way
from council.services import vacancies
from council.services.bodies import NewSeatClass, add_training, change_seats, create_body
from council.services.seating import NewMember, NewSuccessor, begin_term, seat_council
from council.services.vacancies import Seated
from tests.city import everything, found_city, on_one_database, staff
from tests.conftest import TODAY
from tests.council.city import (
    BEGINS,
    ENDS,
    KEY,
    call_for,
    english,
    facts,
    found_council,
    member,
    seat,
    sitting_council,
    successor,
)

CHAIN = "register:AB"


@pytest.fixture
def council(app: Flask) -> int:
    """The id of the first term of a council with three members."""
    found_city()
    return sitting_council()


@pytest.fixture
def empty_council(app: Flask) -> int:
    """The id of a council that nobody sits on."""
    found_city()
    return found_council()


# Founding and seats -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"key": "Not A Key"}, ["body_key_form"]),
        ({"key": "k" * 41}, ["body_key_form"]),
        ({"register_code": "ab"}, ["register_code_form"]),
        ({"register_code": "AB-27"}, ["register_code_form"]),
        ({"department": "nowhere"}, ["department_unknown"]),
        ({"language": "xx"}, ["language_unknown"]),
        ({"quorum_share": 0}, ["quorum_share_range"]),
        ({"quorum_share": 1001}, ["quorum_share_range"]),
        ({"seat_classes": []}, ["seat_classes_missing"]),
        ({"seat_classes": [NewSeatClass("a", Way.ELECTED, english("A"), 1)] * 2}, ["seat_class_twice"]),
        ({"seat_classes": [NewSeatClass("a", Way.ELECTED, english("A"), 1000)]}, ["seat_number_range"]),
        ({"seat_classes": [NewSeatClass("a", Way.ELECTED, english(""), 1)]}, ["title_missing"]),
        ({"name": english("")}, ["title_missing"]),
        ({"name": english("x" * 201)}, ["words_too_long"]),
        (
            {"key": "-", "register_code": "", "quorum_share": -1},
            ["body_key_form", "quorum_share_range", "register_code_form"],
        ),
    ],
)
def test_a_council_is_founded_whole_or_not_at_all(
    sqlite_app: Flask, changed: dict[str, Any], codes: list[str]
) -> None:
    found_city()
    before = everything()
    assert sorted(refused(lambda: create_body(facts(**changed), staff("clerk")))) == sorted(codes)
    assert everything() == before


def test_keys_and_register_codes_are_taken_once(empty_council: int) -> None:
    problems = refused(lambda: create_body(facts(), staff("clerk")))
    assert problems == ["body_key_taken", "register_code_taken"]


def test_a_change_of_seats_changes_the_quorum_on_the_same_day(council: int) -> None:
    body = bodies.find_body(KEY)
    assert (body.seats, body.quorum) == (8, 4)
    first = TODAY + timedelta(days=10)
    change_seats(body.id, "factions", first, 5, "Three factions are new.", staff("clerk"))
    with clock.freeze(first - timedelta(days=1)):
        assert (bodies.find_body(KEY).seats, bodies.find_body(KEY).quorum) == (8, 4)
    with clock.freeze(first):
        assert (bodies.find_body(KEY).seats, bodies.find_body(KEY).quorum) == (11, 6)
    assert tags()[-1] == "council:seats:change"


@on_one_database
@pytest.mark.parametrize(
    ("key", "day", "seats", "reason", "code"),
    [
        ("nobody", TODAY, 3, "Why.", "seat_class_unknown"),
        ("factions", TODAY, -1, "Why.", "seat_number_range"),
        ("factions", TODAY, 1000, "Why.", "seat_number_range"),
        ("factions", TODAY, 2, "Why.", "seats_unchanged"),
        ("factions", TODAY, 3, " ", "reason_missing"),
        ("factions", TODAY, 3, "x" * 8001, "words_too_long"),
        ("factions", TODAY - timedelta(days=1), 3, "Why.", "day_passed"),
    ],
)
def test_seats_change_from_a_day_ahead_with_a_reason(
    empty_council: int, key: str, day: date, seats: int, reason: str, code: str
) -> None:
    assert refused(lambda: change_seats(empty_council, key, day, seats, reason, staff("clerk"))) == [code]


def test_the_seats_of_one_day_are_set_once_and_never_rewritten(empty_council: int) -> None:
    change_seats(empty_council, "experts", TODAY, 3, "More experts.", staff("clerk"))
    problems = refused(lambda: change_seats(empty_council, "experts", TODAY, 4, "More.", staff("clerk")))
    assert problems == ["seats_set_before"]
    for statement in ("UPDATE council_seat_count SET seats = 9", "DELETE FROM council_seat_count"):
        with pytest.raises(DBAPIError), write() as session:
            session.execute(text(statement))


# Seating ------------------------------------------------------------------------------------------------------------


def test_a_term_begins_with_members_deputies_and_successors(council: int) -> None:
    body = bodies.find_body(KEY)
    assert (body.seats, body.sitting, body.vacant) == (8, 3, 5)
    first = bodies.find_class(body, "region-1")
    assert [each.name for each in first.members] == ["Amina Haddad", "Bao Nguyen"]
    assert first.members[0].deputy == "Dana Haddad"
    assert (first.vacant, first.successors_left) == (0, 3)
    assert member("Amina Haddad").source_id == 1
    assert tags() == [
        "council:body:create",
        "council:term:begin",
        *["council:member:seat"] * 4,
        *["council:successor:name"] * 4,
    ]
    assert sound()


def test_the_chain_names_nobody(council: int) -> None:
    told = "".join(entry.facts for entry in chain())
    assert not [name for name in ("Haddad", "Nguyen", "Vogel", "Kaya") if name in told]


def test_a_new_term_ends_the_memberships_of_the_one_before_on_its_first_day(council: int) -> None:
    begins = date(2032, 6, 1)
    body_id = bodies.find_body(KEY).id
    second = begin_term(
        body_id, begins, date(2037, 5, 31), [NewMember("region-2", "Ivo Ivanov")], [], staff("clerk")
    )
    assert member("Amina Haddad").left_on == begins
    assert member("Amina Haddad").left_ground == Ground.TERM_ENDED
    assert member("Dana Haddad").left_on == begins
    assert db.session.get_one(Term, council).ends_on == begins - timedelta(days=1)
    assert bodies.find_body(KEY).sitting == 3
    with clock.freeze(begins):
        later = bodies.find_body(KEY)
        assert later.term is not None
        assert (later.term.id, later.sitting, later.vacant) == (second, 1, 7)
    assert sound()


def test_who_leaves_before_the_next_term_that_is_known_already_still_leaves(council: int) -> None:
    seat(bodies.find_body(KEY).id, date(2032, 6, 1), date(2037, 5, 31))
    bao = next(m for m in rows(Member) if m.name == "Bao Nguyen" and m.term_id == council)
    vacancies.leave_member(bao.id, TODAY, Ground.RESIGNED, staff("clerk"))
    db.session.expire_all()
    assert (bao.left_on, bao.left_ground) == (TODAY, "resigned")


def test_an_election_seats_the_council_in_its_own_transaction_or_not_at_all(empty_council: int) -> None:
    before = everything()
    with pytest.raises(ZeroDivisionError), write() as session:
        term = seat_council(
            session, empty_council, BEGINS, ENDS, [NewMember("region-1", "Ada")], [], staff("clerk")
        )
        assert term.number == 1
        raise ZeroDivisionError
    assert everything() == before


@on_one_database
@pytest.mark.parametrize(
    ("members", "successors", "codes"),
    [
        ([NewMember("nowhere", "Ada")], [], ["seat_class_unknown"]),
        ([NewMember("region-1", " ")], [], ["name_missing"]),
        ([NewMember("region-1", "x" * 201)], [], ["words_too_long"]),
        ([NewMember("region-1", "Ada")] * 3, [], ["too_many_members"]),
        ([NewMember("region-1", "Ada"), NewMember("region-1", "Bo", deputy_of=1)], [], ["deputy_of_nobody"]),
        ([NewMember("region-1", "Ada"), NewMember("region-1", "Bo", deputy_of=9)], [], ["deputy_of_nobody"]),
        ([NewMember("region-1", "Ada"), NewMember("region-1", "Bo", deputy_of=-1)], [], ["deputy_of_nobody"]),
        ([], [NewSuccessor("region-1", 0, "Ada")], ["rank_range"]),
        (
            [NewMember("nowhere", "")],
            [NewSuccessor("x", 0, "Ada")],
            ["seat_class_unknown", "seat_class_unknown", "name_missing", "rank_range"],
        ),
    ],
)
def test_a_wrong_list_seats_nobody(
    empty_council: int, members: list[NewMember], successors: list[NewSuccessor], codes: list[str]
) -> None:
    before = everything()
    problems = refused(lambda: begin_term(empty_council, BEGINS, ENDS, members, successors, staff("clerk")))
    assert problems == codes
    assert everything() == before


def test_a_full_class_with_deputies_has_not_too_many_members(empty_council: int) -> None:
    members = [
        NewMember("experts", "Deputy", deputy_of=1),
        NewMember("experts", "Expert"),
    ]
    begin_term(empty_council, BEGINS, ENDS, members, [], staff("clerk"))
    assert member("Deputy").deputy_of_id == member("Expert").id
    assert bodies.find_class(bodies.find_body(KEY), "experts").vacant == 0


# Leaving and removal ------------------------------------------------------------------------------------------------


def test_who_leaves_takes_the_deputy_along_and_leaves_a_vacancy(council: int) -> None:
    vacancies.leave_member(member("Amina Haddad").id, TODAY, Ground.RESIGNED, staff("clerk"))
    assert (member("Amina Haddad").left_on, member("Amina Haddad").left_ground) == (TODAY, "resigned")
    assert member("Dana Haddad").left_ground == "member_left"
    assert bodies.find_class(bodies.find_body(KEY), "region-1").vacant == 1
    again = refused(
        lambda: vacancies.leave_member(member("Amina Haddad").id, TODAY, Ground.DIED, staff("clerk"))
    )
    assert again == ["member_left"]


@on_one_database
@pytest.mark.parametrize(
    ("name", "day", "ground", "code"),
    [
        ("Amina Haddad", TODAY, Ground.REMOVED, "ground_needs_vote"),
        ("Amina Haddad", TODAY, Ground.RECALLED, "ground_not_for_class"),
        ("Clara Vogel", TODAY, Ground.TERM_ENDED, "ground_not_for_class"),
        ("Amina Haddad", BEGINS - timedelta(days=1), Ground.RESIGNED, "day_outside_term"),
        ("Amina Haddad", ENDS + timedelta(days=1), Ground.RESIGNED, "day_outside_term"),
    ],
)
def test_a_seat_is_left_on_a_ground_and_a_day_of_the_term(
    council: int, name: str, day: date, ground: Ground, code: str
) -> None:
    assert refused(lambda: vacancies.leave_member(member(name).id, day, ground, staff("clerk"))) == [code]
    assert member(name).left_on is None


def test_a_removal_is_recorded_with_ground_reason_and_every_vote(empty_council: int) -> None:
    sit_full(empty_council)
    vacancies.remove_member(
        member("M3").id,
        TODAY,
        RemovalGround.ABSENCE,
        "She missed nine meetings.",
        Votes(4, 2, 1),
        staff("clerk"),
    )
    assert member("M3").left_ground == "removed"
    removal = rows(Removal)[0]
    assert (removal.ground, removal.yes, removal.no, removal.abstain) == ("absence", 4, 2, 1)
    told = json.loads(chain()[-1].facts)
    assert (told["ground"], told["yes"], told["no"], told["abstain"]) == ("absence", 4, 2, 1)
    with pytest.raises(DBAPIError), write() as session:
        session.execute(text("UPDATE council_removal SET yes = 7"))
    assert sound()


@on_one_database
@pytest.mark.parametrize(
    ("ground", "votes", "code"),
    [
        (None, Votes(7, 0, 0), "removal_ground_missing"),
        (RemovalGround.ABSENCE, Votes(3, 0, 0), "votes_below_quorum"),
        (RemovalGround.ABSENCE, Votes(3, 3, 1), "votes_no_majority"),
        (RemovalGround.ABSENCE, Votes(8, 1, 0), "votes_too_many"),
    ],
)
def test_a_member_stays_without_ground_quorum_or_majority(
    empty_council: int, ground: RemovalGround | None, votes: Votes, code: str
) -> None:
    sit_full(empty_council)
    before = everything()
    problems = refused(
        lambda: vacancies.remove_member(member("M3").id, TODAY, ground, "Why.", votes, staff("clerk"))
    )
    assert problems == [code]
    assert everything() == before


# Filling ------------------------------------------------------------------------------------------------------------


def test_equals_need_a_lot_and_then_the_next_rank_follows(council: int) -> None:
    vacate("Amina Haddad")
    vacate("Bao Nguyen")
    by_order = Seated(Filling.SUCCESSION)
    assert refused(lambda: fill(council, by_order)) == ["lot_needed"]
    goran = Seated(Filling.SUCCESSION, drawn_id=successor("Goran Babic").id, lot="By hand.")
    assert refused(lambda: fill(council, goran)) == ["lot_among_others"]
    fatou = successor("Fatou Diop").id
    assert refused(lambda: fill(council, Seated(Filling.SUCCESSION, drawn_id=fatou))) == ["lot_unexplained"]
    fill(council, Seated(Filling.SUCCESSION, drawn_id=fatou, lot="Drawn by a child before the press."))
    assert successor("Fatou Diop").member_id == member("Fatou Diop").id
    assert member("Fatou Diop").source_id == 4
    told = json.loads(chain()[-1].facts)
    assert told["equals"] == sorted([successor("Emre Kaya").id, fatou])
    assert "child" in json.dumps(told["lot"])

    vacancies.decline(successor("Emre Kaya").id, TODAY, staff("clerk"))
    fill(council, by_order)
    assert bodies.find_class(bodies.find_body(KEY), "region-1").vacant == 0
    assert member("Goran Babic").since_on == TODAY
    assert sound()


def test_ranks_are_looked_at_when_the_vacancy_is_filled_and_not_before(council: int) -> None:
    vacancies.decline(successor("Emre Kaya").id, TODAY, staff("clerk"))
    vacate("Amina Haddad")
    fill(council, Seated(Filling.SUCCESSION))
    assert member("Fatou Diop") is not None


def test_a_by_election_is_held_only_when_no_successor_is_left(council: int) -> None:
    by_election = Seated(Filling.BY_ELECTION, name="Jun Sato")
    assert refused(lambda: fill(council, by_election, "region-2")) == ["successor_left"]
    fill(council, Seated(Filling.SUCCESSION), "region-2")
    assert refused(lambda: fill(council, Seated(Filling.SUCCESSION), "region-2")) == ["successor_none_left"]
    fill(council, by_election, "region-2")
    assert refused(lambda: fill(council, by_election, "region-2")) == ["no_vacancy"]
    assert bodies.find_class(bodies.find_body(KEY), "region-2").vacant == 0


def test_factions_send_and_the_city_appoints(council: int) -> None:
    fill(council, Seated(Filling.DELEGATION, name="Kim Lund", organisation="The Oaks"), "factions")
    assert member("Kim Lund").organisation == "The Oaks"
    fill(council, Seated(Filling.APPOINTMENT, name="Lea Maier"), "experts")
    assert refused(lambda: fill(council, Seated(Filling.DELEGATION, name="X"), "experts")) == ["no_vacancy"]
    assert refused(lambda: fill(council, Seated(Filling.SUCCESSION), "associations")) == [
        "filling_not_for_class"
    ]
    assert refused(lambda: fill(council, Seated(Filling.APPOINTMENT), "associations")) == ["name_missing"]


@on_one_database
@pytest.mark.parametrize("day", [BEGINS - timedelta(days=1), ENDS + timedelta(days=1)])
def test_a_seat_is_taken_on_a_day_of_the_term(council: int, day: date) -> None:
    seated = Seated(Filling.APPOINTMENT, name="Lea Maier")
    problems = refused(lambda: vacancies.fill_vacancy(council, "experts", day, seated, staff("clerk")))
    assert problems == ["day_outside_term"]


def test_a_successor_declines_once_and_not_ahead_of_time(council: int) -> None:
    hiwa = successor("Hiwa Karim").id
    tomorrow = TODAY + timedelta(days=1)
    assert refused(lambda: vacancies.decline(hiwa, tomorrow, staff("clerk"))) == ["day_ahead"]
    vacancies.decline(hiwa, TODAY, staff("clerk"))
    assert refused(lambda: vacancies.decline(hiwa, TODAY, staff("clerk"))) == ["successor_settled"]


# Deputies, offices, training ----------------------------------------------------------------------------------------


def test_a_member_has_one_deputy_at_a_time(council: int) -> None:
    amina = member("Amina Haddad").id
    vacancies.name_deputy(amina, "Mona Haddad", TODAY, staff("clerk"))
    assert member("Dana Haddad").left_on == TODAY
    first = bodies.find_class(bodies.find_body(KEY), "region-1")
    assert (first.members[0].deputy, first.vacant) == ("Mona Haddad", 0)
    problems = refused(lambda: vacancies.name_deputy(member("Mona Haddad").id, "Nora", TODAY, staff("clerk")))
    assert problems == ["deputy_of_deputy"]


def test_there_is_one_chair(council: int) -> None:
    vacancies.elect_office(member("Amina Haddad").id, Office.CHAIR, staff("clerk"))
    vacancies.elect_office(member("Bao Nguyen").id, Office.CHAIR, staff("clerk"))
    vacancies.elect_office(member("Clara Vogel").id, Office.DEPUTY_CHAIR, staff("clerk"))
    assert [member(name).office for name in ("Amina Haddad", "Bao Nguyen", "Clara Vogel")] == [
        None,
        "chair",
        "deputy_chair",
    ]
    problems = refused(lambda: vacancies.elect_office(member("Dana Haddad").id, Office.CHAIR, staff("clerk")))
    assert problems == ["deputy_no_office"]
    vacate("Bao Nguyen")
    assert member("Bao Nguyen").office is None


def test_training_belongs_to_the_term(council: int) -> None:
    add_training(council, date(2027, 10, 2), "How the city's budget works", "Town hall", staff("clerk"))
    assert [each.place for each in bodies.find_body(KEY).trainings] == ["Town hall"]
    outside = refused(lambda: add_training(council, date(2033, 1, 1), "Late", "", staff("clerk")))
    assert outside == ["day_outside_term"]


# What cannot be undone ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["council_member", "council_successor", "council_removal", "council_call"])
def test_no_row_of_a_councils_history_is_deleted(empty_council: int, table: str) -> None:
    sit_full(empty_council)
    call_for()
    vacancies.remove_member(
        member("M3").id, TODAY, RemovalGround.ABSENCE, "Why.", Votes(4, 2, 1), staff("clerk")
    )
    with pytest.raises(DBAPIError, match="kept for good"), write() as session:
        session.execute(text("DELETE FROM council_training"))
        session.execute(text(f"DELETE FROM {table}"))


def test_a_name_that_was_changed_behind_the_services_backs_is_found(council: int) -> None:
    with write() as session:
        session.execute(text("UPDATE council_member SET name = 'Somebody Else' WHERE name = 'Bao Nguyen'"))
    assert not sound()


@pytest.mark.parametrize("hostile", ["9" * 30, str(2**31), "0", "-1"])
def test_numbers_that_no_row_can_have_are_not_found(sqlite_app: Flask, hostile: str) -> None:
    found_city()
    sitting_council()
    number = int(hostile)
    assert refused(lambda: vacancies.decline(number, TODAY, staff("clerk"))) == ["not_found"]
    assert refused(lambda: vacancies.leave_member(number, TODAY, Ground.DIED, staff("clerk"))) == [
        "not_found"
    ]
    assert refused(lambda: add_training(number, TODAY, "x", "", staff("clerk"))) == ["not_found"]


def sit_full(body_id: int) -> None:
    """Eight members M1 to M8 on eight seats, less one; M3 is an elected one. One successor."""
    places = ["region-1", "region-1", "region-2", "region-2", "factions", "factions", "experts"]
    members = [NewMember(key, f"M{number}") for number, key in enumerate(places, start=1)]
    begin_term(body_id, BEGINS, ENDS, members, [NewSuccessor("region-1", 1, "S1")], staff("clerk"))


def vacate(name: str) -> None:
    vacancies.leave_member(member(name).id, TODAY, Ground.MOVED_AWAY, staff("clerk"))


def fill(term_id: int, seated: Seated, seat_class: str = "region-1") -> int:
    return vacancies.fill_vacancy(term_id, seat_class, TODAY, seated, staff("clerk"))


def refused(act: Callable[[], object]) -> list[str]:
    try:
        act()
    except DomainError as error:
        return [single.code for single in error.all()]
    return []


def rows(model: Any) -> list[Any]:
    db.session.expire_all()
    return list(db.session.scalars(select(model).order_by(model.id)))


def chain() -> list[AuditEntry]:
    """What was recorded about the council."""
    db.session.expire_all()
    wanted = select(AuditEntry).where(AuditEntry.subject_kind.like("council.%")).order_by(AuditEntry.id)
    return list(db.session.scalars(wanted))


def tags() -> list[str]:
    return [entry.tag for entry in chain()]


def sound() -> bool:
    """Whether the audit check finds everything as it was recorded."""
    results, _missing = check(db.session())
    assert CHAIN in [result.chain for result in results]
    return not any(result.finding for result in results)
