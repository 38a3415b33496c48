"""An upheld objection turns the decision on a nomination round: who was refused stands, who was admitted is struck."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.commands.audit import check
from core import clock
from core.db import db, write
from elections.models.candidates import Candidate, CandidateList
from elections.models.objections import Objection
from elections.queries import tallies
from elections.rules.objections import Effect
from elections.rules.stages import ActKind, Stage
from elections.services import objections
from elections.services.effects import checklist
from elections.services.objections import NewObjection
from followup.models import Promise
from followup.rules import Outcome
from followup.services import replies
from tests.city import entries, refused, reply_text, rows, staff
from tests.consult.resident import Resident
from tests.elections.city import CODE, bring_to, election, rules
from tests.elections.nominees import (
    AFTER,
    OPEN,
    admit,
    call_election,
    draw_order,
    key_of,
    nominate,
    nomination,
    prepare,
    release,
    the_day,
)
from tests.office import Desk, text_of

REGION = rules().groups[0].key


@pytest.fixture(autouse=True)
def called(app: Flask) -> Iterator[None]:
    with the_day(OPEN):
        call_election()
        yield


def publish(reply: int, revision: int = 1) -> None:
    """Approve an answer as the second person, and publish it."""
    replies.approve_answers([(reply, revision)], staff("election_board"))
    replies.publish_replies(election().register_id, staff("election_board"))


def correct(reply: int | None, outcome: Outcome) -> None:
    """Publish a corrected answer, written and approved by two persons."""
    assert reply is not None
    replies.correct_reply(reply, staff("returning_officer"))
    words = reply_text(outcome, "She moved away in May.", correction_note="An objection was upheld.")
    replies.edit_answer(reply, 1, words, staff("returning_officer"), submit=True)
    publish(reply, 2)


def object_to(number: int, ground: str, outcome: Outcome = Outcome.ACCEPTED) -> int:
    """Object to the decision on a nomination; the objection is answered. Returns its id."""
    sent = NewObjection("nomination", ground, "I know her.", "en", number)
    objections.object_to(CODE, key_of(f"{ground} {len(rows(Objection))}"), sent)
    kept = rows(Objection)[-1]
    words = reply_text(outcome)
    publish(
        replies.write_answer(
            election().register_id, [kept.number], words, staff("returning_officer"), submit=True
        )
    )
    return kept.id


def reopen(objection: int, ground: str = "") -> None:
    objections.decide_effect(
        objection, Effect.NOMINATION_REOPENED, staff("returning_officer"), refusal_ground=ground
    )


def findings() -> list[str]:
    results, _missing = check(db.session())
    return [each.finding.code for each in results if each.finding]


def refuse(number: int = 1) -> None:
    prepare(number, decision="refuse")
    release(number)


def places() -> dict[str, int | None]:
    """Who stands, with their places on the ballot."""
    return {each.name: each.position for each in rows(Candidate) if each.withdrawn_on is None}


def test_an_upheld_objection_is_followed_by_a_candidate_in_the_same_transaction() -> None:
    nominate()
    refuse()
    objection = object_to(1, "wrongly_refused")
    with refused("decision_not_told"):
        reopen(objection)
    correct(nomination().reply_id, Outcome.ACCEPTED)
    reopen(objection)
    assert (nomination().state, len(rows(Candidate))) == ("admitted", 1)
    assert findings() == []


def three_on_the_ballot() -> dict[str, int | None]:
    """Three admitted candidates in the order of the lot; the first of them is number 1."""
    for number, name in enumerate(("Amina Yusuf", "Boris Novak", "Chen Wei"), start=1):
        nominate(name)
        admit(number)
    draw_order(REGION)
    return places()


def test_whoever_was_wrongly_admitted_is_struck_and_the_others_keep_their_places() -> None:
    drawn = three_on_the_ballot()
    objection = object_to(1, "wrongly_admitted")
    with refused("decision_not_told", "ground_missing"):
        reopen(objection)
    assert places() == drawn
    correct(nomination().reply_id, Outcome.NOT_ACCEPTED)
    reopen(objection, "not_eligible")
    assert (nomination().state, nomination().refusal_ground) == ("refused", "not_eligible")
    assert places() == {name: place for name, place in drawn.items() if name != "Amina Yusuf"}
    struck = json.loads(entries("elections:nomination:refuse")[-1].facts)
    assert (struck["number"], struck["ground"]) == (1, "not_eligible")
    assert "Amina Yusuf" not in tallies.options_of(db.session(), election()).values()
    assert findings() == []


def test_whoever_was_struck_after_publication_is_named_with_the_day_and_leaves_the_booklet(
    app: Flask,
) -> None:
    three_on_the_ballot()
    objection = object_to(1, "wrongly_admitted")
    correct(nomination().reply_id, Outcome.NOT_ACCEPTED)
    bring_to(Stage.CANDIDATES)
    reopen(objection, "not_eligible")
    page = Resident(app).open(f"/elections/{CODE}/candidates/").text
    assert page.count("Taken off the ballot on 8 February 2028, after an objection") == 1
    alone = Resident(app).open(f"/elections/{CODE}/candidates/{nomination().candidate_id}/").text
    assert "Taken off the ballot" in alone
    assert "Withdrew" not in page + alone


def test_whoever_was_struck_before_the_lot_was_never_public_and_is_not_named(app: Flask) -> None:
    nominate()
    admit()
    nominate("Boris Novak")
    admit(2)
    objection = object_to(1, "wrongly_admitted")
    correct(nomination().reply_id, Outcome.NOT_ACCEPTED)
    reopen(objection, "not_eligible")
    bring_to(Stage.CANDIDATES)
    page = Resident(app).open(f"/elections/{CODE}/candidates/").text
    assert "Boris Novak" in page
    assert "Amina Yusuf" not in page


def test_whoever_was_struck_may_object_from_that_day_and_comes_back_to_the_old_place() -> None:
    drawn = three_on_the_ballot()
    first = object_to(1, "wrongly_admitted")
    with clock.freeze(AFTER):
        correct(nomination().reply_id, Outcome.NOT_ACCEPTED)
        reopen(first, "not_eligible")
        with refused("objection_too_late"):
            object_to(2, "wrongly_admitted")
        second = object_to(1, "wrongly_refused")
        correct_again = nomination().reply_id
        correct(correct_again, Outcome.ACCEPTED)
        reopen(second)
    assert places() == drawn
    assert nomination().state == "admitted"
    assert findings() == []


def test_a_list_without_anybody_left_is_no_choice() -> None:
    nominate()
    admit()
    candidate = rows(Candidate)[0].id
    with write() as session:
        made = CandidateList(election_id=election().id, key="list-1", name="Bridge", position=1)
        session.add(made)
        session.flush()
        session.get_one(Candidate, candidate).list_id = made.id
    assert [each.name for each in tallies.gather(db.session(), election()).tally.lists] == ["Bridge"]
    objection = object_to(1, "wrongly_admitted")
    correct(nomination().reply_id, Outcome.NOT_ACCEPTED)
    reopen(objection, "not_serious")
    assert tallies.gather(db.session(), election()).tally.lists == ()


def test_voting_does_not_open_while_an_objection_to_a_nomination_is_open() -> None:
    nominate()
    refuse()
    objection = object_to(1, "wrongly_refused")

    def open_lines() -> set[str]:
        found = checklist(db.session(), election(), ActKind.OPEN_VOTING)
        return {each.code for each in found if not each.done and each.code.startswith("objections")}

    assert open_lines() == {"objections_followed"}
    objections.decide_effect(objection, Effect.NONE, staff("returning_officer"))
    assert open_lines() == set()


@pytest.mark.parametrize("ground", ["wrongly_refused", "wrongly_admitted"])
def test_nobody_is_put_on_or_taken_off_the_ballot_while_people_vote(ground: str) -> None:
    nominate()
    if ground == "wrongly_refused":
        refuse()
    else:
        admit()
    objection = object_to(1, ground, Outcome.NOT_ACCEPTED)
    bring_to(Stage.VOTING)
    answered = db.session.scalars(
        select(Promise.reply_id).where(Promise.number == rows(Objection)[0].number)
    ).one()
    correct(answered, Outcome.ACCEPTED)
    with refused("reopened_too_late"):
        reopen(objection, "not_eligible")
    objections.decide_effect(objection, Effect.NONE, staff("returning_officer"))


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE elections_candidate SET withdrawn_on = '2028-02-08'", "ballot"),
        (
            "UPDATE elections_nomination SET state = 'refused', decision = 'refuse',"
            " refusal_ground = 'not_eligible'",
            "decision",
        ),
    ],
)
def test_a_ballot_changed_behind_the_services_is_found(statement: str, reason: str) -> None:
    nominate()
    admit()
    assert findings() == []
    with write() as session:
        session.execute(text(statement))
    assert findings() == [reason]


def test_the_office_strikes_a_candidate_with_ground_and_the_minutes_say_it(app: Flask) -> None:
    three_on_the_ballot()
    objection = object_to(1, "wrongly_admitted")
    desk, form = Desk(app, "returning_officer"), f"/office/elections/{CODE}/objections/4/decide-effect"
    assert "Why the nomination is refused now" in desk.read(form)
    sent = {"effect": "nomination_reopened", "ground": "not_eligible"}
    too_early = desk.send(form, sent)
    assert too_early.status_code == 409
    assert "Correct it first" in text_of(too_early)
    correct(nomination().reply_id, Outcome.NOT_ACCEPTED)
    assert desk.send(form, {"effect": "nomination_reopened"}).status_code == 422
    assert desk.send(form, sent).status_code == 302
    assert "Objection 4: The nomination was decided anew." in desk.read(f"/office/elections/{CODE}/minutes")
    assert rows(Objection)[0].id == objection
    assert nomination().state == "refused"
