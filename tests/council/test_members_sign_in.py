"""Members of a council sign in: who lets them, with which account, and as whom they sit on a day."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from accounts.models import Account, Invitation
from accounts.rules import RoleName
from accounts.services import change_roles, disable_account
from core.db import db, write
from core.mail import MailMessage
from council.models import Body
from council.queries.members import members_of_account, seats_and_quorum, sitting_members
from council.rules import Filling, Ground, Office
from council.services import vacancies
from council.services.accounts import invite_member, link_account
from council.services.bodies import change_seats
from council.services.seating import NewMember, begin_term
from council.services.vacancies import Seated
from tests.accounts.browsers import hidden_fields
from tests.accounts.people import Person
from tests.city import entries, found_city, fresh, refused, rows, staff
from tests.conftest import TODAY
from tests.consult.resident import errors_of
from tests.council.city import ENDS, KEY, member, sitting_council

TOMORROW = TODAY + timedelta(days=1)
AMINA, BAO = "amina@lindhafen.example", "bao@lindhafen.example"


@pytest.fixture
def council(app: Flask) -> int:
    """A council in its first term; gives the term's id."""
    found_city()
    return sitting_council()


def invited(name: str, email: str) -> int:
    return invite_member(member(name).id, email, "en", staff("clerk"))


def seats_of(account_id: int, day: date = TODAY) -> list[str]:
    fresh()
    return [each.name for each in members_of_account(db.session(), account_id, day)]


def body_id() -> int:
    return db.session.scalars(select(Body.id)).one()


def account(account_id: int) -> Account:
    fresh()
    return db.session.get_one(Account, account_id)


def test_a_member_is_invited_by_mail_and_sits_with_that_account(council: int) -> None:
    letters = len(rows(MailMessage))
    amina = invited("Amina Haddad", f" {AMINA.title()} ")
    assert (account(amina).email, account(amina).role_names) == (AMINA, (RoleName.MEMBER,))
    assert account(amina).name == "Amina Haddad"
    assert len(rows(Invitation)) == 1
    assert len(rows(MailMessage)) == letters + 1
    assert seats_of(amina) == ["Amina Haddad"]
    assert seats_of(account_of_staff("member")) == []


def linked() -> list[bool]:
    """What the council's chain says about signing in, in order."""
    return [json.loads(each.facts)["signs_in"] for each in entries("council:member:link")]


def account_of_staff(who: str) -> int:
    found = staff(who).account_id
    assert found is not None
    return found


def test_the_councils_chain_says_that_somebody_signs_in_and_not_with_what(council: int) -> None:
    amina = invited("Amina Haddad", AMINA)
    (entry,) = entries("council:member:link")
    assert entry.facts == '{"signs_in":true}'
    assert (entry.subject_kind, entry.subject_id) == ("council.member", member("Amina Haddad").id)
    chain = str([(each.facts, each.tag) for each in entries("council:%")])
    assert account(amina).handle not in chain
    assert AMINA not in chain
    link_account(member("Amina Haddad").id, None, staff("clerk"))
    assert linked() == [True, False]
    assert seats_of(amina) == []


def test_what_is_linked_already_is_not_linked_twice(council: int) -> None:
    amina = invited("Amina Haddad", AMINA)
    link_account(member("Amina Haddad").id, amina, staff("clerk"))
    assert len(entries("council:member:link")) == 1
    with refused("member_signs_in"):
        invited("Amina Haddad", BAO)
    with refused("account_linked"):
        link_account(member("Bao Nguyen").id, amina, staff("clerk"))
    with refused("account_linked"):
        invited("Bao Nguyen", AMINA)


def test_only_a_members_account_that_is_not_disabled_will_do(council: int) -> None:
    bao = member("Bao Nguyen").id
    with refused("account_not_member"):
        link_account(bao, account_of_staff("officer"), staff("clerk"))
    with refused("account_not_member"):
        invited("Bao Nguyen", "0ff1ce01@lindhafen.example")
    with refused("not_found"):
        link_account(bao, 999_999, staff("clerk"))
    with refused("not_found"):
        link_account(2**40, None, staff("clerk"))
    with refused("email_invalid", "language_unknown"):
        invite_member(bao, "no address", "xx", staff("clerk"))
    known = account_of_staff("member")
    disable_account(staff("administrator"), known)
    with refused("account_disabled"):
        link_account(bao, known, staff("clerk"))


def test_who_was_invited_but_never_came_gets_a_new_link(council: int) -> None:
    amina = invited("Amina Haddad", AMINA)
    before = [each.token_hash for each in rows(Invitation)]
    link_account(member("Amina Haddad").id, None, staff("clerk"))
    assert invited("Bao Nguyen", AMINA) == amina
    after = [each.token_hash for each in rows(Invitation)]
    assert (len(before), len(after)) == (1, 1)
    assert before != after
    assert seats_of(amina) == ["Bao Nguyen"]


def test_who_leaves_sits_no_more_from_that_day_on_though_the_role_stays(council: int) -> None:
    amina = invited("Amina Haddad", AMINA)
    dana = invited("Dana Haddad", "dana@lindhafen.example")
    vacancies.leave_member(member("Amina Haddad").id, TOMORROW, Ground.RESIGNED, staff("clerk"))
    assert (seats_of(amina), seats_of(dana)) == (["Amina Haddad"], ["Dana Haddad"])
    assert (seats_of(amina, TOMORROW), seats_of(dana, TOMORROW)) == ([], [])
    assert account(amina).role_names == (RoleName.MEMBER,)
    with refused("member_left"):
        invited("Amina Haddad", BAO)


def test_who_takes_another_seat_in_the_same_term_takes_the_account_along(council: int) -> None:
    clara = invited("Clara Vogel", BAO)
    vacancies.leave_member(member("Clara Vogel").id, TODAY, Ground.RESIGNED, staff("clerk"))
    seat = Seated(Filling.APPOINTMENT, name="Clara Vogel")
    again = vacancies.fill_vacancy(council, "experts", TODAY, seat, staff("clerk"))
    assert invite_member(again, BAO, "en", staff("clerk")) == clara
    assert [each.member_id for each in members_of_account(db.session(), clara, TODAY)] == [again]
    assert linked() == [True, False, True]


def test_a_new_term_needs_its_own_link_and_takes_the_same_account(council: int) -> None:
    amina = invited("Amina Haddad", AMINA)
    begin_term(body_id(), TOMORROW, ENDS, [NewMember("region-1", "Amina Haddad")], [], staff("clerk"))
    assert (seats_of(amina), seats_of(amina, TOMORROW)) == (["Amina Haddad"], [])
    assert invited("Amina Haddad", AMINA) == amina
    assert seats_of(amina, TOMORROW) == ["Amina Haddad"]
    assert len(members_of_account(db.session(), amina, TOMORROW)) == 1


def test_members_and_their_deputies_sit_and_only_members_vote(council: int) -> None:
    vacancies.elect_office(member("Bao Nguyen").id, Office.CHAIR, staff("clerk"))
    fresh()
    found = sitting_members(db.session(), body_id(), TODAY)
    assert [(each.name, each.office, each.is_deputy, each.voting) for each in found] == [
        ("Amina Haddad", None, False, True),
        ("Bao Nguyen", "chair", False, True),
        ("Clara Vogel", None, False, True),
        ("Dana Haddad", None, True, False),
    ]
    assert {(each.body_key, each.term_id) for each in found} == {(KEY, council)}
    assert found[3].deputy_of_id == found[0].member_id
    assert sitting_members(db.session(), body_id(), date(2027, 8, 31)) == []


def test_seats_and_quorum_follow_the_day(council: int) -> None:
    change_seats(body_id(), "experts", TOMORROW, 4, "More experts.", staff("clerk"))
    assert seats_and_quorum(db.session(), body_id(), TODAY) == (8, 4)
    assert seats_and_quorum(db.session(), body_id(), TOMORROW) == (11, 6)
    assert seats_and_quorum(db.session(), body_id(), date(2026, 12, 31)) == (0, 0)


def test_the_database_knows_one_member_of_a_term_for_an_account(council: int) -> None:
    amina = invited("Amina Haddad", AMINA)
    for other in (amina, 999_999):
        with pytest.raises(IntegrityError), write() as session:
            session.execute(
                text("UPDATE council_member SET account_id = :account WHERE name = 'Bao Nguyen'"),
                {"account": other},
            )


def test_an_administrator_gives_and_takes_the_role(council: int) -> None:
    officer = account_of_staff("officer")
    change_roles(staff("administrator"), officer, ["officer", "member"])
    link_account(member("Bao Nguyen").id, officer, staff("clerk"))
    assert seats_of(officer) == ["Bao Nguyen"]


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(sqlite_app: Flask) -> Person:
    found_city()
    sitting_council()
    return Person(sqlite_app, "clerk")


def test_a_clerk_lets_members_and_deputies_sign_in_and_takes_it_back(clerk: Person) -> None:
    page = clerk.read(f"/office/council/{KEY}/")
    assert "Invite to sign in Amina Haddad" in page
    assert "Invite the deputy to sign in Dana Haddad" in page
    path = f"/office/council/members/{member('Amina Haddad').id}"
    page = clerk.do(f"{path}/let-sign-in", email=AMINA, language="en")
    assert "The invitation is on its way." in page
    assert "Take the account off Amina Haddad" in page
    deputy = f"/office/council/members/{member('Dana Haddad').id}"
    assert "Dana Haddad" in clerk.read(f"{deputy}/let-sign-in")
    page = clerk.do(f"{deputy}/let-sign-in", email=BAO, language="en")
    assert "Take the deputy’s account off Dana Haddad" in page
    assert AMINA not in page
    page = clerk.do(f"{path}/stop-sign-in")
    assert "Invite to sign in Amina Haddad" in page
    assert member("Amina Haddad").account_id is None


@pytest.mark.parametrize(
    ("email", "status", "said"),
    [
        ("", 422, "Write an e-mail address."),
        ("nowhere", 422, "Write an e-mail address like name@example.org"),
        (
            "adm1n001@lindhafen.example",
            422,
            "Somebody who is no council member has this address. Ask an administrator to add the role.",
        ),
    ],
)
def test_a_refused_address_says_why(clerk: Person, email: str, status: int, said: str) -> None:
    path = f"/office/council/members/{member('Amina Haddad').id}/let-sign-in"
    page = clerk.send(path, email=email, language="en")
    assert (page.status_code, errors_of(page)) == (status, [said])


def test_who_signs_in_already_is_not_invited_again_and_who_left_is_not_found(clerk: Person) -> None:
    path = f"/office/council/members/{member('Bao Nguyen').id}/let-sign-in"
    shown = hidden_fields(clerk.browser.get(path))
    clerk.do(path, email=BAO, language="en")
    late = clerk.browser.post(path, {**shown, "email": AMINA, "language": "en"})
    assert (late.status_code, errors_of(late)) == (
        409,
        ["This member signs in already. Take the account off first."],
    )
    vacancies.leave_member(member("Bao Nguyen").id, TODAY, Ground.RESIGNED, staff("clerk"))
    assert clerk.browser.get(path).status_code == 404
