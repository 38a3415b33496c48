"""What was recorded wrongly is set right by another vote; a motion ends where the right figures lead, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.commands.audit import check
from core import clock
from core.db import db, write
from core.errors import DomainError
from followup.models import Register
from followup.queries import chain
from motions import events
from motions.models.meetings import AgendaItem, InterestConflict
from motions.models.motions import Motion, MotionEvent
from motions.rules.meetings import About, ItemKind
from motions.rules.stages import Stage
from motions.rules.votes import Choice, Figures, Way
from motions.services import agenda, corrections, meetings, papers, presence, votes
from motions.services.votes import NewVote
from tests.city import everything, found_city, staff
from tests.motions.city import NAMES, found_council_desk, member_id, stage_of
from tests.motions.meetings import (
    MEETING_DAY,
    NEXT_DAY,
    by_name,
    clerk,
    hands,
    item_of,
    on_agenda,
    opened,
    plan,
    vote,
)


@pytest.fixture
def desk(app: Flask) -> Iterator[int]:
    found_city()
    body_id = found_council_desk()
    with clock.freeze(MEETING_DAY):
        yield body_id


def right(
    yes: int, no: int, about: About = About.MOTION, way: Way = Way.SHOW_OF_HANDS, **more: object
) -> NewVote:
    return NewVote(about, way, Figures(yes, no, 0), reason="Two hands were overlooked.", **more)  # type: ignore[arg-type]


def correct(vote_id: int, new: NewVote) -> int:
    return corrections.correct_vote(vote_id, new, staff("clerk")) or 0


def motion(motion_id: int) -> Motion:
    db.session.expire_all()
    return db.session.get_one(Motion, motion_id)


def sound() -> bool:
    return not [result.finding for result in check(db.session())[0] if result.finding]


# Secret votes --------------------------------------------------------------------------------------------------------


def secret_vote() -> tuple[int, int, int]:
    """A motion that was adopted on paper, 3 to 2, counted by the first two members; the item and the vote."""
    motion_id, item_id = on_agenda()
    new = NewVote(About.MOTION, Way.ON_PAPER, Figures(3, 2, 0), teller_id=member_id(NAMES[0]))
    votes.record_vote(item_id, new, staff("clerk"))
    return (
        motion_id,
        item_id,
        papers.count_again(item_id, Figures(3, 2, 0), member_id(NAMES[1]), staff("other clerk")),
    )


def test_the_papers_of_a_secret_vote_are_counted_anew_by_two_before_anything_is_set_right(desk: int) -> None:
    motion_id, item_id, vote_id = secret_vote()
    new = right(2, 3, way=Way.ON_PAPER, teller_id=member_id(NAMES[2]))
    assert corrections.correct_vote(vote_id, new, staff("clerk")) is None
    assert stage_of(motion_id) is Stage.ADOPTED
    meeting_id = db.session.get_one(AgendaItem, item_id).meeting_id
    with pytest.raises(DomainError, match="paper_count_open"):
        meetings.close_meeting(meeting_id, staff("clerk"))
    for who, figures, code in (
        ("clerk", Figures(2, 3, 0), "teller_twice"),
        ("other clerk", Figures(1, 4, 0), "tellers_differ"),
    ):
        with pytest.raises(DomainError, match=code):
            papers.count_again(item_id, figures, member_id(NAMES[3]), staff(who))
    new_id = papers.count_again(item_id, Figures(2, 3, 0), member_id(NAMES[3]), staff("other clerk"))
    assert stage_of(motion_id) is Stage.REJECTED
    set_right = vote(new_id)
    assert (set_right.corrects_id, set_right.first_teller_id, set_right.second_teller_id) == (
        vote_id,
        member_id(NAMES[2]),
        member_id(NAMES[3]),
    )
    assert sound()


def test_a_secret_vote_is_set_right_after_its_meeting_too(desk: int) -> None:
    motion_id, item_id, vote_id = secret_vote()
    meetings.close_meeting(db.session.get_one(AgendaItem, item_id).meeting_id, staff("clerk"))
    new = right(2, 3, way=Way.ON_PAPER, teller_id=member_id(NAMES[2]))
    corrections.correct_vote(vote_id, new, staff("clerk"))
    papers.discard_count(item_id, staff("other clerk"))
    assert stage_of(motion_id) is Stage.ADOPTED
    corrections.correct_vote(vote_id, new, staff("clerk"))
    papers.count_again(item_id, Figures(2, 3, 0), member_id(NAMES[3]), staff("other clerk"))
    assert stage_of(motion_id) is Stage.REJECTED
    assert sound()


@pytest.mark.parametrize(("teller", "code"), [(None, "teller_missing"), (5, "teller_not_present")])
def test_a_secret_vote_is_not_set_right_without_a_teller_who_was_there(
    desk: int, teller: int | None, code: str
) -> None:
    _motion_id, _item_id, vote_id = secret_vote()
    before = everything()
    named = None if teller is None else member_id(NAMES[teller])
    with pytest.raises(DomainError, match=code):
        correct(vote_id, right(2, 3, way=Way.ON_PAPER, teller_id=named))
    assert everything() == before


def test_a_motion_that_is_withdrawn_while_papers_are_counted_does_not_keep_its_meeting_open(
    desk: int,
) -> None:
    motion_id, item_id = on_agenda()
    new = NewVote(About.MOTION, Way.ON_PAPER, Figures(3, 2, 0), teller_id=member_id(NAMES[0]))
    votes.record_vote(item_id, new, staff("clerk"))
    meeting_id = db.session.get_one(AgendaItem, item_id).meeting_id
    with write() as session:
        agenda.leave_agenda(session, motion_id)
    meetings.close_meeting(meeting_id, staff("clerk"))


# What a motion has become --------------------------------------------------------------------------------------------


def test_figures_that_were_confirmed_first_and_then_found_wrong_still_lead_to_the_right_outcome(
    desk: int,
) -> None:
    motion_id, item_id = on_agenda()
    second = correct(hands(item_id, 3, 2), right(4, 0))
    third = correct(second, right(2, 3))
    assert stage_of(motion_id) is Stage.REJECTED
    fourth = correct(third, right(1, 4))
    correct(fourth, right(3, 1))
    assert stage_of(motion_id) is Stage.ADOPTED
    kinds = db.session.scalars(
        select(MotionEvent.kind).where(MotionEvent.motion_id == motion_id).order_by(MotionEvent.sequence)
    ).all()
    assert kinds[-7:] == ["adopt", "correct", "correct", "reject", "correct", "correct", "adopt"]
    assert sound()


def test_a_vote_on_how_to_go_on_that_is_set_right_leaves_what_was_adopted_before(desk: int) -> None:
    motion_id, item_id = on_agenda(Stage.FORWARDED)
    with write() as session:
        adopted = session.get_one(Motion, motion_id)
        adopted.dealt_on, adopted.final_digest = date(2027, 9, 1), "a" * 64
    vote_id = hands(item_id, 3, 2, about=About.PROCEDURE, question="Shall the mayor come?")
    correct(vote_id, right(2, 3, about=About.PROCEDURE))
    found = motion(motion_id)
    assert (found.stage, found.dealt_on, found.final_digest) == ("forwarded", date(2027, 9, 1), "a" * 64)
    assert sound()


def test_a_motion_that_was_opened_again_by_mistake_is_closed_since_the_day_it_was(desk: int) -> None:
    motion_id, item_id = on_agenda(Stage.CLOSED)
    closed_on = motion(motion_id).closed_on
    vote_id = hands(item_id, 3, 2, about=About.REOPENING, reason="It was never built.")
    assert motion(motion_id).closed_on is None
    correct(vote_id, right(2, 3, about=About.REOPENING))
    assert (motion(motion_id).stage, motion(motion_id).closed_on) == ("closed", closed_on)
    assert closed_on is not None
    assert sound()


@pytest.mark.parametrize(
    ("day", "code"), [(None, "return_day_missing"), (date(2027, 9, 1), "return_day_past")]
)
def test_what_was_put_off_after_all_needs_its_day_of_return(desk: int, day: date | None, code: str) -> None:
    motion_id, item_id = on_agenda()
    vote_id = hands(item_id, 2, 3, about=About.REFERRAL, returns_on=date(2027, 11, 1))
    before = everything()
    with pytest.raises(DomainError, match=code):
        correct(vote_id, right(3, 2, about=About.REFERRAL, returns_on=day))
    assert everything() == before
    correct(vote_id, right(3, 2, about=About.REFERRAL, returns_on=date(2027, 11, 1)))
    assert (motion(motion_id).stage, motion(motion_id).returns_on) == ("referred", date(2027, 11, 1))


def test_a_day_of_return_holds_though_the_motion_was_placed_before_it_in_vain(desk: int) -> None:
    motion_id, item_id = on_agenda()
    hands(item_id, 4, 1, about=About.POSTPONEMENT, returns_on=date(2028, 1, 4))
    meetings.close_meeting(db.session.get_one(AgendaItem, item_id).meeting_id, staff("clerk"))
    early = plan(NEXT_DAY)
    agenda.schedule(motion_id, early, clerk())
    meetings.invite(early, staff("clerk"))
    with clock.freeze(NEXT_DAY):
        meetings.close_meeting(opened(early), staff("clerk"))
        later = plan(date(2028, 2, 1))
    assert stage_of(motion_id) is Stage.ADMISSIBLE
    with clock.freeze(date(2028, 1, 3)):
        assert agenda.return_expired() == 0
    with clock.freeze(date(2028, 1, 5)):
        assert agenda.return_expired() == 1
        assert agenda.return_expired() == 0
        assert item_of(later, motion_id)
    assert stage_of(motion_id) is Stage.SCHEDULED


def test_a_motion_that_was_decided_before_its_day_of_return_stays_decided(desk: int) -> None:
    motion_id, item_id = on_agenda()
    hands(item_id, 4, 1, about=About.POSTPONEMENT, returns_on=date(2028, 1, 4))
    with write() as session:
        session.get_one(Motion, motion_id).stage = "admissible"
    meetings.close_meeting(db.session.get_one(AgendaItem, item_id).meeting_id, staff("clerk"))
    early = plan(NEXT_DAY)
    agenda.schedule(motion_id, early, clerk())
    meetings.invite(early, staff("clerk"))
    with clock.freeze(NEXT_DAY):
        opened(early)
        hands(item_of(early, motion_id), 1, 4)
    assert motion(motion_id).returns_on is None
    with clock.freeze(date(2028, 1, 5)):
        plan(date(2028, 2, 1))
        assert agenda.return_expired() == 0
    assert stage_of(motion_id) is Stage.REJECTED


# What is not public --------------------------------------------------------------------------------------------------


def test_the_chain_says_nothing_of_who_voted_what_under_an_item_that_is_not_public(desk: int) -> None:
    meeting_id = plan(NEXT_DAY)
    new = agenda.NewItem(ItemKind.OTHER, "A letter of Mrs Example", public=False)
    item_id = agenda.place(meeting_id, new, staff("clerk"))
    meetings.invite(meeting_id, staff("clerk"))
    with clock.freeze(NEXT_DAY):
        opened(meeting_id, 6)
        presence.declare_conflicts(item_id, [member_id(NAMES[5])], staff("clerk"))
        choices = dict.fromkeys(NAMES[:3], Choice.YES) | dict.fromkeys(NAMES[3:5], Choice.NO)
        vote_id = by_name(item_id, choices, about=About.PROCEDURE, question="Shall we answer her?")
    register = db.session.scalars(select(Register).where(Register.code == "AB")).one()
    recorded = {
        link.tag: dict(link.facts)
        for link in chain.links(db.session(), register.chain)
        if link.subject_kind in (events.VOTE, events.AGENDA_ITEM) and link.subject_id in (vote_id, item_id)
    }
    assert recorded[events.VOTE_RECORD] == {"item": item_id, "sequence": 1, "day": NEXT_DAY.isoformat()}
    assert recorded[events.CONFLICT_DECLARE] == {}
    assert db.session.scalars(select(InterestConflict.member_id)).all() == [member_id(NAMES[5])]
    assert sound()


def test_a_vote_that_is_not_public_cannot_be_changed_without_notice(sqlite_app: Flask) -> None:
    found_city()
    found_council_desk()
    with clock.freeze(MEETING_DAY):
        meeting_id = plan(NEXT_DAY)
        item_id = agenda.place(
            meeting_id, agenda.NewItem(ItemKind.OTHER, "A letter", public=False), staff("clerk")
        )
        meetings.invite(meeting_id, staff("clerk"))
    with clock.freeze(NEXT_DAY):
        opened(meeting_id)
        hands(item_id, 3, 2, about=About.PROCEDURE, question="Shall we answer?")
        assert sound()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER motions_vote_unchanged")
            connection.exec_driver_sql("UPDATE motions_vote SET yes = 2, no = 3")
        db.session.rollback()
        assert not sound()
