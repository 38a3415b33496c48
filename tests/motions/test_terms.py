"""What becomes of a motion when the term ends: it lapses, and whoever takes it over begins where nothing was passed over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask

from app.commands.audit import check
from core import clock
from core.db import db
from core.errors import DomainError
from council.rules import Office
from council.services.accounts import link_account
from council.services.seating import NewMember, begin_term
from council.services.vacancies import elect_office
from motions.models.drafting import Finding
from motions.models.motions import Motion
from motions.queries import motions
from motions.queries.desk import members_desks
from motions.queries.drafting import may_be_asked
from motions.rules.admissibility import Criterion
from motions.rules.stages import Act, Part, Stage
from motions.services import admissibility, city, drafting
from motions.services.acts import Doing
from motions.services.admissibility import NewFinding
from tests.accounts.people import Person
from tests.city import everything, found_city, staff
from tests.council.city import ENDS
from tests.motions.city import (
    account,
    acting_member,
    at,
    do,
    draft,
    found_council_desk,
    member_id,
    stage_of,
    tabled,
)

LATER = ENDS + timedelta(days=1)
AUTHOR = "Bilal Saleh"


@pytest.fixture
def desk(app: Flask) -> int:
    found_city()
    return found_council_desk()


def lapse(motion_id: int) -> None:
    city.lapse(motion_id, Doing(staff("clerk"), frozenset({Part.CLERK})))


@contextmanager
def next_term(body_id: int, *names: str) -> Iterator[None]:
    """The first day of the next term, with some of the members before on new seats, with the accounts that they had."""
    with clock.freeze(LATER):
        seats = [NewMember("members", f"{name} again") for name in names]
        begin_term(body_id, LATER, date(2037, 8, 31), seats, (), staff("clerk"))
        for name in names:
            link_account(member_id(f"{name} again"), account(name).id, staff("clerk"))
        yield


def owed(motion_id: int) -> list[tuple[str, date]]:
    """What is owed to a motion now, since when."""
    return [
        (each.step, each.debt.opened_on) for each in motions.owed(db.session(), motion_id) if not each.met
    ]


def propose(motion_id: int) -> int:
    met = {each.value: "met" for each in Criterion}
    return admissibility.propose_finding(motion_id, NewFinding("admit", met), staff("officer"))


def sound() -> bool:
    return not [result.finding for result in check(db.session())[0] if result.finding]


def test_nothing_lapses_before_its_term_has_ended(desk: int) -> None:
    motion_id = tabled()
    for day in (clock.today(), ENDS):
        with clock.freeze(day):
            before = everything()
            with pytest.raises(DomainError) as refused:
                lapse(motion_id)
            assert (refused.value.code, refused.value.parameters) == ("term_not_over", {"day": ENDS})
            assert everything() == before
    assert owed(motion_id) == [("admissibility", clock.today())]


def test_what_lapses_leaves_no_proposal_behind(desk: int) -> None:
    motion_id = tabled()
    finding_id = propose(motion_id)
    with clock.freeze(LATER):
        lapse(motion_id)
        db.session.expire_all()
        assert db.session.get_one(Finding, finding_id).taken_back_on == LATER
        with pytest.raises(DomainError, match="finding_settled"):
            admissibility.release_finding(finding_id, acting_member("Adwoa Mensah"))
    assert sound()


def test_what_lapsed_is_taken_over_by_a_member_of_the_next_term_alone(desk: int) -> None:
    motion_id = at(Stage.ADMISSIBLE)
    with clock.freeze(LATER):
        lapse(motion_id)
        with pytest.raises(DomainError, match="carry_over_same_term"):
            drafting.carry_over(motion_id, acting_member("Chiara Rossi"))
    with next_term(desk, "Chiara Rossi"):
        drafting.carry_over(motion_id, acting_member("Chiara Rossi"))
        assert owed(motion_id) == []
    db.session.expire_all()
    motion = db.session.get_one(Motion, motion_id)
    assert (motion.author_id, motion.stage) == (member_id("Chiara Rossi again"), "admissible")
    assert motion.number == 1


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.INADMISSIBLE, Stage.APPEALED])
def test_what_nobody_had_admitted_is_checked_anew_when_it_is_taken_over(desk: int, stage: Stage) -> None:
    motion_id = tabled()
    if stage is not Stage.SUBMITTED:
        do(motion_id, Act.REFUSE, "officer", reason="It is unlawful.")
    if stage is Stage.APPEALED:
        drafting.appeal(motion_id, "It is lawful.", acting_member(AUTHOR))
    with clock.freeze(LATER):
        lapse(motion_id)
        assert owed(motion_id) == []
    with next_term(desk, "Chiara Rossi"):
        drafting.carry_over(motion_id, acting_member("Chiara Rossi"))
        assert stage_of(motion_id) is Stage.SUBMITTED
        assert owed(motion_id) == [("admissibility", LATER)]
        propose(motion_id)
    assert sound()


def test_who_was_heard_by_the_council_is_admitted_in_the_next_term_too(desk: int) -> None:
    motion_id = tabled()
    do(motion_id, Act.REFUSE, "officer", reason="It is unlawful.")
    drafting.appeal(motion_id, "It is lawful.", acting_member(AUTHOR))
    do(motion_id, Act.UPHOLD_APPEAL, "clerk")
    with clock.freeze(LATER):
        lapse(motion_id)
    with next_term(desk, "Chiara Rossi"):
        drafting.carry_over(motion_id, acting_member("Chiara Rossi"))
        assert stage_of(motion_id) is Stage.ADMISSIBLE


def test_the_clerk_is_offered_it_only_once_the_term_has_ended(app: Flask, desk: int) -> None:
    path = f"/office/motions/{tabled()}/"
    with clock.freeze(ENDS):
        clerk = Person(app, "clerk")
        assert f"{path}lapse" not in clerk.browser.get(path).text
        refused = clerk.send(f"{path}lapse")
        assert refused.status_code == 422
        assert "The term runs until 31 August 2032." in refused.text
    with clock.freeze(LATER):
        clerk = Person(app, "clerk")
        assert f"{path}lapse" in clerk.browser.get(path).text
        clerk.do(f"{path}lapse")


MENDED = drafting.Text("A private title", "The mayor pays from a private purse.", "Nobody has read this.")


def mended() -> int:
    """A motion that was returned, and that its author mends in private."""
    motion_id = tabled()
    do(motion_id, Act.RETURN, "officer", reason="It says nobody who should do it.")
    drafting.change_text(motion_id, 1, "schools", MENDED, acting_member(AUTHOR))
    return motion_id


def test_what_was_being_mended_when_the_term_ended_lapses_with_its_public_words(desk: int) -> None:
    motion_id = mended()
    with next_term(desk, "Chiara Rossi"):
        lapse(motion_id)
        assert stage_of(motion_id) is Stage.LAPSED
        assert motions.words(db.session(), motion_id).version == 1
        drafting.carry_over(motion_id, acting_member("Chiara Rossi"))
        assert (stage_of(motion_id), owed(motion_id)) == (Stage.SUBMITTED, [("admissibility", LATER)])
        assert motions.words(db.session(), motion_id).title.best("en").text == "Interpreters in schools"
    assert sound()


def test_a_draft_that_was_never_handed_in_stays_its_author_s_and_never_lapses(desk: int) -> None:
    motion_id = draft()
    do(motion_id, Act.INVITE, AUTHOR)
    with clock.freeze(LATER):
        before = everything()
        with pytest.raises(DomainError, match="motion_act_not_now"):
            lapse(motion_id)
        assert everything() == before


def test_who_is_elected_again_goes_on_with_what_they_wrote(desk: int) -> None:
    motion_id, private = mended(), draft(title="Lamps")
    with next_term(desk, AUTHOR, "Chiara Rossi", "Elif Demir"):
        own = acting_member(AUTHOR)
        (desk_of,) = members_desks(db.session(), account(AUTHOR))
        assert {each.id for each in desk_of.drafts} == {motion_id, private}
        head = motions.find_motion(db.session(), motion_id)
        asked = [each.name for each in may_be_asked(db.session(), head)]
        assert f"{AUTHOR} again" not in asked
        drafting.invite(motion_id, [member_id("Chiara Rossi again"), member_id("Elif Demir again")], own)
        digest = motions.words(db.session(), motion_id).digest
        for name in ("Chiara Rossi", "Elif Demir"):
            drafting.sign(motion_id, digest, acting_member(name))
        drafting.submit(motion_id, digest, own)
        motion = db.session.get_one(Motion, motion_id)
        assert (stage_of(motion_id), motion.author_id) == (
            Stage.SUBMITTED,
            member_id(f"{AUTHOR} again"),
        )
        with pytest.raises(DomainError, match="term_not_over"):
            lapse(motion_id)
        with pytest.raises(DomainError, match="own_motion"):
            drafting.invite(private, [member_id(f"{AUTHOR} again")], own)
    assert sound()


def test_nobody_else_becomes_the_author_in_the_next_term(desk: int) -> None:
    motion_id = mended()
    with next_term(desk, "Chiara Rossi"):
        before = everything()
        for who in (AUTHOR, "Chiara Rossi"):
            with pytest.raises(DomainError, match="motion_act_not_yours"):
                drafting.withdraw(motion_id, "It is mine.", acting_member(who))
            with pytest.raises(DomainError, match="motion_act_not_yours"):
                drafting.change_text(motion_id, 2, "schools", MENDED, acting_member(who))
        assert everything() == before


def test_a_chair_who_wrote_it_in_the_term_before_does_not_release_its_check(desk: int) -> None:
    chair = "Adwoa Mensah"
    motion_id = tabled(author=chair)
    with next_term(desk, chair):
        elect_office(member_id(f"{chair} again"), Office.CHAIR, staff("clerk"))
        with pytest.raises(DomainError, match="finding_not_yours"):
            admissibility.release_finding(propose(motion_id), acting_member(chair))
