"""Changes of a paragraph: proposed, decided, merged without contradiction, and one digest wherever the text stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.commands.audit import check
from core import audit
from core.audit import AuditEntry
from core.db import db, write
from core.errors import DomainError
from core.texts import Kept
from motions.models.drafting import Amendment, MotionText
from motions.models.motions import Motion
from motions.queries import amendments as queries
from motions.queries.motions import find_motion
from motions.rules import amendments as rules
from motions.rules.stages import Stage
from motions.services import amendments, drafting
from motions.services.acts import lock_motion
from motions.services.amendments import NewAmendment
from tests.city import everything, found_city, staff
from tests.conftest import TODAY
from tests.motions.city import acting_member, at, found_council_desk, tabled

TEXT = "The city pays for interpreters.\n\nIt begins with two schools.\n\nIt reports every year."


@pytest.fixture
def desk(app: Flask) -> int:
    found_city()
    return found_council_desk()


@pytest.fixture
def motion_id(desk: int) -> int:
    return at(Stage.SCHEDULED, tabled(text=TEXT))


def propose(motion_id: int, who: str | audit.Actor = "Chiara Rossi", **changed: Any) -> int:
    """A proposed change; returns its id."""
    known: dict[str, Any] = {
        "base": rules.digest(TEXT),
        "paragraph": 2,
        "change": "replace",
        "text": "It begins with five schools.",
        "reason": "Two are too few.",
    }
    actor = acting_member(who) if isinstance(who, str) else who
    number = amendments.propose_amendment(motion_id, NewAmendment(**{**known, **changed}), actor)
    db.session.expire_all()
    return db.session.scalars(
        select(Amendment.id).where(Amendment.motion_id == motion_id, Amendment.number == number)
    ).one()


def decide(motion_id: int, decided: Mapping[int, bool]) -> None:
    with write() as session:
        locked = lock_motion(session, motion_id)
        entries = amendments.decide_amendments(session, locked, decided)
        audit.append(session, locked.register.chain, entries, staff("clerk"))


def adopt(motion_id: int) -> str:
    with write() as session:
        return amendments.final_text(session, lock_motion(session, motion_id), TODAY)


def words(motion_id: int) -> MotionText:
    db.session.expire_all()
    return drafting.words_of(db.session(), db.session.get_one(Motion, motion_id))


def state_of(amendment_id: int) -> str:
    db.session.expire_all()
    return db.session.get_one(Amendment, amendment_id).state


def sound() -> bool:
    return not [result.finding for result in check(db.session())[0] if result.finding]


def test_members_amend_author_and_office_recommend_and_the_words_that_change_are_shown(
    motion_id: int,
) -> None:
    propose(motion_id)
    propose(motion_id, "Bilal Saleh", paragraph=3, change="delete", text="ignored")
    propose(motion_id, staff("officer"), paragraph=0, change="insert_after", text="Children go to school.")
    first, second, third = queries.public_amendments(db.session(), motion_id)
    assert (first.kind, first.member, first.state) == ("amendment", "Chiara Rossi", "open")
    assert [(each.kept, each.text) for each in first.pieces if each.kept is not Kept.SAME] == [
        (Kept.OUT, "two"),
        (Kept.IN, "five"),
    ]
    assert (second.kind, [each.kept for each in second.pieces]) == ("recommendation", [Kept.OUT])
    assert (third.kind, third.member, [each.kept for each in third.pieces]) == (
        "recommendation",
        None,
        [Kept.IN],
    )
    assert sound()


def test_the_same_change_sent_twice_is_proposed_once(motion_id: int) -> None:
    first = propose(motion_id)
    before = everything()
    assert propose(motion_id) == first
    assert everything() == before
    assert propose(motion_id, "Elif Demir") != first


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"paragraph": 9}, "paragraph_unknown"),
        ({"paragraph": -1}, "paragraph_unknown"),
        ({"paragraph": 0}, "paragraph_unknown"),
        ({"text": " "}, "amendment_empty"),
        ({"text": "One.\n\nTwo."}, "amendment_several"),
        ({"text": "It begins with two schools."}, "amendment_changes_nothing"),
        ({"change": "burn"}, "amendment_change_unknown"),
        ({"reason": ""}, "motion_reason_missing"),
        ({"reason": "a" * 2001}, "motion_reason_too_long"),
        ({"text": "a" * 5001}, "words_too_long"),
        ({"base": "0" * 64}, "text_changed"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(motion_id: int, changed: dict[str, Any], code: str) -> None:
    before = everything()
    with pytest.raises(DomainError) as refused:
        propose(motion_id, **changed)
    assert code in [each.code for each in refused.value.all()]
    assert everything() == before


def test_nobody_amends_from_outside_or_once_the_council_has_voted(desk: int) -> None:
    open_one = at(Stage.ADMISSIBLE, tabled(text=TEXT))
    with pytest.raises(DomainError, match="motion_act_not_yours"):
        propose(open_one, staff("clerk"))
    with pytest.raises(DomainError, match="amendment_not_now"):
        propose(tabled(text=TEXT))
    with pytest.raises(DomainError, match="amendment_not_now"):
        propose(at(Stage.ADOPTED, tabled(text=TEXT)))
    with pytest.raises(DomainError, match="amendment_not_now"):
        propose(at(Stage.ADMISSIBLE, tabled(text=TEXT, kind="question")))


def test_only_whoever_proposed_it_withdraws_it_and_only_once(motion_id: int) -> None:
    mine, of_office = propose(motion_id), propose(motion_id, staff("officer"), paragraph=1, change="delete")
    for wrong in ("Elif Demir", "Bilal Saleh"):
        with pytest.raises(DomainError, match="motion_act_not_yours"):
            amendments.withdraw_amendment(mine, acting_member(wrong))
    with pytest.raises(DomainError, match="motion_act_not_yours"):
        amendments.withdraw_amendment(of_office, acting_member("Chiara Rossi"))
    amendments.withdraw_amendment(mine, acting_member("Chiara Rossi"))
    amendments.withdraw_amendment(of_office, staff("other officer"))
    with pytest.raises(DomainError, match="amendment_settled"):
        amendments.withdraw_amendment(mine, acting_member("Chiara Rossi"))
    assert sound()


def test_the_final_text_holds_what_was_accepted_and_its_digest_is_that_of_its_version(motion_id: int) -> None:
    german = drafting.Text("Dolmetschen", "Die Stadt zahlt.", "Kinder dolmetschen.")
    drafting.translate(motion_id, words(motion_id).digest, "de", german, acting_member("Bilal Saleh"))
    yes, no = propose(motion_id), propose(motion_id, "Elif Demir", paragraph=3, change="delete")
    later = propose(motion_id, "Femi Okoro", paragraph=1, change="insert_after", text="Soon.")
    decide(motion_id, {yes: True, no: False})
    digest = adopt(motion_id)
    final = words(motion_id)
    assert final.text.best("en").text == (
        "The city pays for interpreters.\n\nIt begins with five schools.\n\nIt reports every year."
    )
    assert (final.version, final.public_on, final.digest) == (2, TODAY, digest)
    assert db.session.get_one(Motion, motion_id).final_digest == digest
    assert [(each.language, each.state.value) for each in final.text.versions] == [
        ("en", "original"),
        ("de", "outdated"),
    ]
    assert (state_of(yes), state_of(no), state_of(later)) == ("accepted", "rejected", "outdated")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == "motions:text:publish")).one()
    assert digest in entry.facts
    assert sound()
    lines = queries.version_lines(db.session(), find_motion(db.session(), motion_id))
    assert [(line.words.version, line.first, [each.part for each in line.changes]) for line in lines] == [
        (2, False, ["text"]),
        (1, True, []),
    ]


def test_what_is_adopted_unchanged_keeps_its_digest_and_gets_no_version(motion_id: int) -> None:
    refused = propose(motion_id)
    decide(motion_id, {refused: False})
    before = words(motion_id).digest
    assert adopt(motion_id) == before
    assert (words(motion_id).version, db.session.get_one(Motion, motion_id).final_digest) == (1, before)


def test_two_accepted_changes_of_one_paragraph_are_not_merged_until_the_clerk_settles_it(
    motion_id: int,
) -> None:
    one = propose(motion_id)
    other = propose(motion_id, "Elif Demir", text="It begins with nine schools.")
    apart = propose(motion_id, "Elif Demir", paragraph=3, change="delete")
    decide(motion_id, {one: True, other: True, apart: True})
    before = everything()
    with pytest.raises(DomainError) as refused:
        adopt(motion_id)
    assert (refused.value.code, refused.value.parameters) == (
        "amendments_conflict",
        {"paragraph": 2, "amendments": [1, 2]},
    )
    assert everything() == before
    assert [each.conflicts for each in queries.public_amendments(db.session(), motion_id)] == [[2], [1], []]
    with pytest.raises(DomainError, match="motion_act_not_yours"):
        amendments.settle_conflict(one, "rejected", acting_member("Adwoa Mensah"))
    with pytest.raises(DomainError, match="amendment_outcome"):
        amendments.settle_conflict(one, "accepted", staff("clerk"))
    with pytest.raises(DomainError, match="amendment_no_conflict"):
        amendments.settle_conflict(apart, "rejected", staff("clerk"))
    amendments.settle_conflict(one, "withdrawn", staff("clerk"))
    adopt(motion_id)
    assert words(motion_id).text.best("en").text == (
        "The city pays for interpreters.\n\nIt begins with nine schools."
    )
    assert sound()


def test_a_decision_is_taken_once_and_about_this_motion_alone(motion_id: int) -> None:
    other_motion = at(Stage.SCHEDULED, tabled(text=TEXT))
    foreign, mine = propose(other_motion), propose(motion_id)
    with pytest.raises(DomainError, match="not_found"):
        decide(motion_id, {foreign: True})
    decide(motion_id, {mine: True})
    with pytest.raises(DomainError, match="amendment_settled"):
        decide(motion_id, {mine: False})
    assert (state_of(mine), state_of(foreign)) == ("accepted", "open")
    assert db.session.get_one(Amendment, mine).decided_on == TODAY
