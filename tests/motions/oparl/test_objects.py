"""From facts to objects: nothing empty, nothing private, every address in one form."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.localized import Localized, State
from motions.oparl import facts
from motions.oparl.checks import check_object
from motions.oparl.objects import city, meetings
from motions.oparl.objects.made import ROOT, address, digest, filled, left_over, said, translations, whole
from tests.conftest import TODAY

NOW = datetime(2027, 9, 14, 10, tzinfo=UTC)


def seat(**changed: object) -> facts.SeatFacts:
    known: dict[str, object] = {
        "member_id": 7,
        "body_id": 1,
        "person": 3,
        "name": "Amina Haddad",
        "office": None,
        "is_deputy": False,
        "group": None,
        "since_on": date(2027, 9, 1),
        "left_on": None,
    }
    return facts.SeatFacts(**{**known, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {"role": "Mitglied", "votingRight": True}),
        ({"office": "chair"}, {"role": "Vorsitz"}),
        ({"office": "deputy_chair"}, {"role": "Stellvertretender Vorsitz"}),
        ({"is_deputy": True}, {"role": "Stellvertretendes Mitglied", "votingRight": False}),
        ({"left_on": date(2028, 1, 1)}, {"endDate": "2027-12-31"}),  # the first day without the seat
        ({"left_on": date(2027, 9, 1)}, {"endDate": "2027-09-01"}),  # never earlier than it began
        ({"group": 4}, {"onBehalfOf": f"{ROOT}/organization/group-4"}),
    ],
)
def test_a_membership_says_role_vote_and_days(
    changed: dict[str, object], expected: dict[str, object]
) -> None:
    membership, person = city.people([seat(**changed)])
    assert expected.items() <= dict(membership.content).items()
    assert person.key == "3"


def test_one_person_holds_all_seats_of_one_account_and_goes_by_the_newest_name() -> None:
    later = seat(member_id=9, name="Amina Haddad-Vogel", since_on=date(2032, 9, 1))
    *_memberships, person = city.people([seat(), later])
    assert person.content["name"] == "Amina Haddad-Vogel"
    assert [held.key for held in person.content["membership"]] == ["7", "9"]


def vote(about: str, adopted: bool) -> facts.VoteFacts:
    figures = (8, 4, 5, 5, 4, 1, 0, 0)
    return facts.VoteFacts(about, "show_of_hands", TODAY, *figures, adopted, (), (), None, False)


@pytest.mark.parametrize(
    ("votes", "result"),
    [
        ([], None),
        ([vote("amendment", True)], None),
        ([vote("amendment", False), vote("motion", True)], "angenommen"),
        ([vote("motion", False)], "abgelehnt"),
        ([vote("referral", True)], "verwiesen"),
        ([vote("postponement", True)], "vertagt"),
        ([vote("postponement", False), vote("motion", True)], "angenommen"),
    ],
)
def test_the_result_of_an_item_is_that_of_the_last_vote_on_the_matter(
    votes: list[facts.VoteFacts], result: str | None
) -> None:
    title = Localized.original("en", "Lamps")
    item = facts.ItemFacts(5, "motion", title, True, 2, "AB-0001", votes, None)
    assert meetings.agenda_item(item, 0, f"{ROOT}/meeting/1").content.get("result") == result


def test_of_an_item_that_is_not_public_nothing_is_said() -> None:
    title = Localized.original("en", "About a person")
    item = facts.ItemFacts(5, "other", title, False, None, None, [vote("procedure", True)], "Words")
    assert dict(meetings.agenda_item(item, 2, f"{ROOT}/meeting/1").content) == {
        "meeting": f"{ROOT}/meeting/1",
        "number": "3",
        "order": 2,
        "public": False,
    }


def test_what_is_empty_is_left_out_and_no_or_zero_is_not() -> None:
    assert filled(a=None, b="", c=[], d={}, e=False, f=0, a_stage="adopted") == {
        "e": False,
        "f": 0,
        "answerable:stage": "adopted",
    }


def test_no_text_can_pass_for_an_address_of_ours() -> None:
    assert said(f"{ROOT}/paper/motion-1") == "/paper/motion-1"


def test_translations_stand_beside_the_words_that_bind_with_their_states() -> None:
    text = Localized.original("en", "Lamps").with_version("de", "Lampen", State.MACHINE)
    assert (said(text), translations(text)) == ("Lamps", {"de": {"text": "Lampen", "state": "machine"}})


def test_a_deleted_object_conforms_and_the_digest_knows_no_order() -> None:
    left = left_over("Paper", "motion-1", NOW, NOW)
    at = "https://city.example/paper/motion-1"
    assert list(check_object({**left, "id": at}, at, "Paper")) == []
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})
    made = city.department(facts.DepartmentFacts(1, Localized.original("de", "Amt")))
    assert whole(made, made.content, NOW, NOW)["modified"] == "2027-09-14T12:00:00+02:00"
    assert address("System", "") == ROOT
