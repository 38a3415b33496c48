"""The clerk enters what was counted. Whether it is adopted, and what becomes of the motion, follows from the rules."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.commands.audit import check
from core import clock
from core.db import db, write
from core.errors import DomainError
from council.models import Member
from council.rules import Way as SeatWay
from council.services.bodies import NewSeatClass
from council.services.seating import NewMember, begin_term
from council.services.vacancies import name_deputy
from motions.models.drafting import Amendment
from motions.models.meetings import AgendaItem, PaperCount, Vote
from motions.models.motions import Motion, MotionEvent
from motions.queries.motions import words
from motions.queries.votes import votes_of, votes_of_member
from motions.rules.amendments import digest
from motions.rules.meetings import About
from motions.rules.stages import Stage
from motions.rules.votes import Choice, Figures, Way
from motions.services import agenda, corrections, meetings, papers, presence, votes
from motions.services.amendments import NewAmendment, propose_amendment
from motions.services.votes import NewVote
from tests.city import everything, found_city, on_one_database, staff
from tests.council.city import BEGINS, ENDS, english, found_council
from tests.motions.city import NAMES, acting_member, found_council_desk, member_id, stage_of
from tests.motions.meetings import (
    MEETING_DAY,
    by_name,
    come,
    facts,
    hands,
    on_agenda,
    set_rules,
    vote,
)

YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN


@pytest.fixture
def desk(app: Flask) -> Iterator[int]:
    found_city()
    body_id = found_council_desk()
    with clock.freeze(MEETING_DAY):
        yield body_id


def refused(code: str, item_id: int, new: NewVote) -> DomainError:
    """Recording it is refused, and nothing has changed."""
    before = everything()
    with pytest.raises(DomainError) as error:
        votes.record_vote(item_id, new, staff("clerk"))
    assert code in {single.code for single in error.value.all()}
    assert everything() == before
    return error.value


def large_council(present: int) -> int:
    """Of a council of 22 seats, so many are in the room; returns the item they vote under."""
    found_city()
    classes = [NewSeatClass("members", SeatWay.ELECTED, english("Members"), 22)]
    body_id = found_council(seat_classes=classes)
    seated = [NewMember("members", f"Member {n}", None, "elections.candidate", n) for n in range(1, 23)]
    begin_term(body_id, BEGINS, ENDS, seated, (), staff("clerk"))
    meeting_id = meetings.plan_meeting(body_id, facts(), staff("clerk"))
    item_id = agenda.place(meeting_id, agenda.NewItem(agenda.ItemKind.OTHER, "A letter"), staff("clerk"))
    meetings.invite(meeting_id, staff("clerk"))
    with clock.freeze(MEETING_DAY):
        meetings.open_meeting(meeting_id, staff("clerk"))
        ids = db.session.scalars(select(Member.id).order_by(Member.id).limit(present)).all()
        presence.record_presence(meeting_id, None, ids, [], staff("clerk"))
    return item_id


def procedure(yes: int, no: int, abstain: int = 0) -> NewVote:
    return NewVote(
        About.PROCEDURE, Way.SHOW_OF_HANDS, Figures(yes, no, abstain), question="Shall we write a letter?"
    )


@on_one_database
def test_of_22_seats_ten_decide_nothing_and_eleven_decide(app: Flask) -> None:
    item_id = large_council(10)
    with clock.freeze(MEETING_DAY):
        error = refused("vote_without_quorum", item_id, procedure(10, 0))
        assert error.parameters == {"have": 10, "need": 11}
        eleventh = db.session.scalars(select(Member.id).order_by(Member.id).limit(11)).all()
        item = db.session.get_one(AgendaItem, item_id)
        presence.record_presence(item.meeting_id, item_id, eleventh, [], staff("clerk"))
        vote_id = votes.record_vote(item_id, procedure(5, 5, 1), staff("clerk"))
        assert vote_id is not None
        assert (vote(vote_id).adopted, vote(vote_id).reasons[1]["ground"]) == (False, "tie_rejects")


@on_one_database
@pytest.mark.parametrize(("abstentions", "adopted"), [("do_not_count", True), ("count_as_no", False)])
def test_five_four_two_is_adopted_unless_abstentions_count_as_no(
    app: Flask, abstentions: str, adopted: bool
) -> None:
    item_id = large_council(11)
    set_rules(abstentions=abstentions)
    with clock.freeze(MEETING_DAY):
        vote_id = votes.record_vote(item_id, procedure(5, 4, 2), staff("clerk"))
        assert vote_id is not None
        assert vote(vote_id).adopted is adopted


def test_a_motion_that_gets_more_yes_than_no_is_adopted_with_the_words_that_were_voted_on(desk: int) -> None:
    motion_id, item_id = on_agenda()
    vote_id = hands(item_id, 3, 1, 1)
    motion = db.session.get_one(Motion, motion_id)
    assert stage_of(motion_id) is Stage.ADOPTED
    assert motion.final_digest == vote(vote_id).text_digest is not None
    assert motion.dealt_on == MEETING_DAY
    event = db.session.scalars(select(MotionEvent).where(MotionEvent.kind == "adopt")).one()
    assert (event.vote_id, event.day) == (vote_id, MEETING_DAY)
    assert [r.finding for r in check(db.session())[0] if r.finding] == []


def test_a_motion_that_gets_as_many_no_as_yes_is_rejected(desk: int) -> None:
    motion_id, item_id = on_agenda(here=4)
    hands(item_id, 2, 2)
    assert stage_of(motion_id) is Stage.REJECTED
    assert db.session.get_one(Motion, motion_id).final_digest is None


def test_where_the_chair_decides_a_tie_the_chair_has_to_say_how(desk: int) -> None:
    set_rules(tie="chair_decides")
    motion_id, item_id = on_agenda(here=4)
    refused("chair_must_decide", item_id, NewVote(About.MOTION, Way.SHOW_OF_HANDS, Figures(2, 2, 0)))
    hands(item_id, 2, 2, chair_choice=YES)
    assert stage_of(motion_id) is Stage.ADOPTED


def test_referral_and_postponement_need_a_day_to_come(desk: int) -> None:
    motion_id, item_id = on_agenda()
    new = NewVote(About.REFERRAL, Way.SHOW_OF_HANDS, Figures(5, 0, 0))
    refused("return_day_missing", item_id, new)
    refused(
        "return_day_past",
        item_id,
        NewVote(About.POSTPONEMENT, Way.SHOW_OF_HANDS, Figures(5, 0, 0), returns_on=MEETING_DAY),
    )
    hands(item_id, 4, 1, about=About.REFERRAL, returns_on=date(2027, 11, 1))
    assert stage_of(motion_id) is Stage.REFERRED
    assert db.session.get_one(Motion, motion_id).returns_on == date(2027, 11, 1)


def test_a_referral_that_finds_no_majority_moves_nothing_and_is_told(desk: int) -> None:
    motion_id, item_id = on_agenda()
    hands(item_id, 1, 4, about=About.REFERRAL, returns_on=date(2027, 11, 1))
    assert stage_of(motion_id) is Stage.SCHEDULED
    kinds = db.session.scalars(select(MotionEvent.kind).where(MotionEvent.motion_id == motion_id)).all()
    assert kinds[-1] == "vote"


@pytest.mark.parametrize(
    ("yes", "no", "after"), [(5, 0, Stage.VERIFIED), (1, 4, Stage.DISPUTED)], ids=["verified", "disputed"]
)
def test_the_council_verifies_or_disputes_what_the_city_says_is_done(
    desk: int, yes: int, no: int, after: Stage
) -> None:
    motion_id, item_id = on_agenda(Stage.CLAIMED_DONE)
    hands(item_id, yes, no, about=About.VERIFICATION, reason="Two schools have nobody.")
    assert stage_of(motion_id) is after


def test_a_dispute_needs_a_reason_for_everybody(desk: int) -> None:
    _motion_id, item_id = on_agenda(Stage.CLAIMED_DONE)
    refused(
        "motion_reason_missing", item_id, NewVote(About.VERIFICATION, Way.SHOW_OF_HANDS, Figures(0, 5, 0))
    )


def test_a_closed_motion_is_opened_again_by_vote_and_with_a_reason(desk: int) -> None:
    motion_id, item_id = on_agenda(Stage.CLOSED)
    hands(item_id, 5, 0, about=About.REOPENING, reason="The law has changed.")
    assert stage_of(motion_id) is Stage.ADMISSIBLE


def test_everything_that_contradicts_itself_is_refused_at_once(desk: int) -> None:
    _motion_id, item_id = on_agenda()
    new = NewVote(About.APPEAL, Way.SHOW_OF_HANDS, Figures(6, 0, 0))
    error = refused("vote_not_here", item_id, new)
    assert {each.code for each in error.all()} == {"vote_not_here", "votes_more_than_present"}
    refused("figures_negative", item_id, NewVote(About.MOTION, Way.SHOW_OF_HANDS, Figures(-1, 0, 0)))
    refused("invalid_on_paper_alone", item_id, NewVote(About.MOTION, Way.SHOW_OF_HANDS, Figures(3, 0, 0, 1)))
    here, away = member_id(NAMES[0]), member_id(NAMES[5])
    named = NewVote(About.MOTION, Way.BY_NAME, choices={here: YES, away: NO})
    error = refused("vote_of_stranger", item_id, named)
    assert {each.code for each in error.all()} == {"vote_of_stranger", "vote_missing"}


def test_by_name_everybody_reads_who_voted_what(desk: int) -> None:
    motion_id, item_id = on_agenda()
    by_name(item_id, dict(zip(NAMES[:5], (YES, YES, YES, NO, ABSTAIN), strict=True)))
    line = votes_of(db.session(), motion_id)[0]
    assert [(each.name, each.choice) for each in line.names] == [
        ("Adwoa Mensah", "yes"),
        ("Bilal Saleh", "yes"),
        ("Chiara Rossi", "yes"),
        ("Dariusz Nowak", "no"),
        ("Elif Demir", "abstain"),
    ]
    assert (line.yes, line.no, line.abstain, line.adopted) == (3, 1, 1, True)
    assert votes_of_member(db.session(), member_id(NAMES[3]))[0].choice == "no"


def test_who_has_a_conflict_of_interest_neither_votes_nor_makes_a_quorum(desk: int) -> None:
    _motion_id, item_id = on_agenda(here=4)
    presence.declare_conflicts(item_id, [member_id(NAMES[1])], staff("clerk"))
    error = refused(
        "vote_without_quorum", item_id, NewVote(About.MOTION, Way.SHOW_OF_HANDS, Figures(3, 0, 0))
    )
    assert {each.code for each in error.all()} == {"vote_without_quorum"}
    meeting_id = db.session.get_one(AgendaItem, item_id).meeting_id
    come(meeting_id, NAMES[:5], item_id)
    by_name(item_id, dict.fromkeys((NAMES[0], NAMES[2], NAMES[3], NAMES[4]), YES))
    found = db.session.scalars(select(Vote)).one()
    assert (found.voting, found.excluded) == (4, [member_id(NAMES[1])])
    with pytest.raises(DomainError, match="item_voted_on"):
        presence.declare_conflicts(item_id, [], staff("clerk"))


def test_a_personal_deputy_counts_and_votes_only_while_the_member_is_away(desk: int) -> None:
    name_deputy(member_id(NAMES[0]), "Ines Weber", date(2027, 9, 20), staff("clerk"))
    motion_id, item_id = on_agenda(here=4)
    meeting_id = db.session.get_one(AgendaItem, item_id).meeting_id
    come(meeting_id, [*NAMES[:4], "Ines Weber"], item_id)
    refused("votes_more_than_present", item_id, NewVote(About.MOTION, Way.SHOW_OF_HANDS, Figures(5, 0, 0)))
    come(meeting_id, [*NAMES[1:4], "Ines Weber"], item_id)
    by_name(item_id, dict.fromkeys((*NAMES[1:4], "Ines Weber"), YES))
    assert stage_of(motion_id) is Stage.ADOPTED


def test_who_left_before_an_item_does_not_count_there_and_counts_before(desk: int) -> None:
    _motion_id, item_id = on_agenda(here=5)
    meeting_id = db.session.get_one(AgendaItem, item_id).meeting_id
    assert come(meeting_id, NAMES[:3], item_id) == 2
    assert come(meeting_id, NAMES[:3], item_id) == 0
    refused("vote_without_quorum", item_id, NewVote(About.MOTION, Way.SHOW_OF_HANDS, Figures(3, 0, 0)))


def test_a_stranger_is_never_present(desk: int) -> None:
    _motion_id, item_id = on_agenda()
    meeting_id = db.session.get_one(AgendaItem, item_id).meeting_id
    before = everything()
    with pytest.raises(DomainError) as error:
        presence.record_presence(meeting_id, None, [member_id(NAMES[0]), 4711], [4711], staff("clerk"))
    assert {each.code for each in error.value.all()} == {"member_not_of_council", "excused_and_present"}
    assert everything() == before


def changed(motion_id: int, text: str = "The city pays for interpreters at every school.") -> int:
    """A member proposes another wording of the only paragraph; returns the amendment's id."""
    base = digest(words(db.session(), motion_id).text.best("en").text)
    new = NewAmendment(base, 1, "replace", text, "Say where.")
    propose_amendment(motion_id, new, acting_member("Chiara Rossi"))
    return db.session.scalars(select(Amendment.id).order_by(Amendment.id.desc()).limit(1)).one()


def test_changes_are_voted_on_first_and_the_words_that_were_adopted_are_those_with_them(desk: int) -> None:
    motion_id, item_id = on_agenda()
    first = changed(motion_id)
    second = changed(motion_id, "The city pays nothing.")
    refused("amendments_open", item_id, NewVote(About.MOTION, Way.SHOW_OF_HANDS, Figures(5, 0, 0)))
    hands(item_id, 4, 1, about=About.AMENDMENT, amendment_id=first)
    hands(item_id, 1, 4, about=About.AMENDMENT, amendment_id=second)
    vote_id = hands(item_id, 5, 0)
    assert [each.change for each in votes_of(db.session(), motion_id)] == [1, 2, None]
    assert stage_of(motion_id) is Stage.ADOPTED_AMENDED
    adopted = words(db.session(), motion_id, public=True)
    assert (adopted.version, adopted.text.best("en").text) == (
        2,
        "The city pays for interpreters at every school.",
    )
    assert adopted.digest == vote(vote_id).text_digest == db.session.get_one(Motion, motion_id).final_digest
    assert [r.finding for r in check(db.session())[0] if r.finding] == []
    with pytest.raises(DomainError, match="vote_outcome_binds"):
        corrections.correct_vote(vote_id, corrected(2, 3), staff("clerk"))


def test_two_accepted_changes_that_contradict_each_other_are_not_adopted(desk: int) -> None:
    motion_id, item_id = on_agenda()
    for amendment_id in (changed(motion_id), changed(motion_id, "The city pays nothing.")):
        hands(item_id, 4, 1, about=About.AMENDMENT, amendment_id=amendment_id)
    refused("amendments_conflict", item_id, NewVote(About.MOTION, Way.SHOW_OF_HANDS, Figures(5, 0, 0)))
    assert stage_of(motion_id) is Stage.SCHEDULED


def secret(figures: Figures, teller: str = NAMES[0]) -> NewVote:
    return NewVote(About.MOTION, Way.ON_PAPER, figures, teller_id=member_id(teller))


def test_a_secret_vote_stands_when_two_people_counted_the_same(desk: int) -> None:
    motion_id, item_id = on_agenda()
    assert votes.record_vote(item_id, secret(Figures(3, 1, 0, 1)), staff("clerk")) is None
    assert stage_of(motion_id) is Stage.SCHEDULED
    with pytest.raises(DomainError, match="paper_count_open"):
        hands(item_id, 5, 0)
    with pytest.raises(DomainError, match="paper_count_open"):
        meetings.close_meeting(db.session.get_one(AgendaItem, item_id).meeting_id, staff("clerk"))
    vote_id = papers.count_again(item_id, Figures(3, 1, 0, 1), member_id(NAMES[1]), staff("other clerk"))
    assert stage_of(motion_id) is Stage.ADOPTED
    assert vote(vote_id).second_teller_id == member_id(NAMES[1])
    assert db.session.scalar(select(func.count()).select_from(PaperCount)) == 0
    assert votes_of(db.session(), motion_id)[0].names == []


@pytest.mark.parametrize(
    ("figures", "teller", "who", "code"),
    [
        (Figures(3, 2, 0), NAMES[1], "other clerk", "tellers_differ"),
        (Figures(3, 1, 1), NAMES[0], "other clerk", "teller_twice"),
        (Figures(3, 1, 1), NAMES[1], "clerk", "teller_twice"),
        (Figures(3, 1, 1), NAMES[5], "other clerk", "teller_not_present"),
    ],
    ids=["other figures", "same teller", "same person enters", "teller is away"],
)
def test_a_second_count_that_does_not_confirm_the_first_makes_no_vote(
    desk: int, figures: Figures, teller: str, who: str, code: str
) -> None:
    motion_id, item_id = on_agenda()
    votes.record_vote(item_id, secret(Figures(3, 1, 1)), staff("clerk"))
    before = everything()
    with pytest.raises(DomainError, match=code):
        papers.count_again(item_id, figures, member_id(teller), staff(who))
    assert everything() == before
    papers.discard_count(item_id, staff("clerk"))
    hands(item_id, 5, 0)
    assert stage_of(motion_id) is Stage.ADOPTED


def corrected(yes: int, no: int, reason: str = "Two hands were overlooked.") -> NewVote:
    return NewVote(About.MOTION, Way.SHOW_OF_HANDS, Figures(yes, no, 0), reason=reason)


def test_a_correction_is_another_vote_and_leads_the_motion_back_and_on(desk: int) -> None:
    motion_id, item_id = on_agenda()
    vote_id = hands(item_id, 3, 2)
    new_id = corrections.correct_vote(vote_id, corrected(2, 3), staff("clerk"))
    assert stage_of(motion_id) is Stage.REJECTED
    assert vote(new_id).corrects_id == vote_id
    assert db.session.get_one(Motion, motion_id).final_digest is None
    events = db.session.scalars(select(MotionEvent).where(MotionEvent.motion_id == motion_id)).all()
    assert [event.kind for event in events][-3:] == ["adopt", "correct", "reject"]
    assert events[-2].corrects_id == events[-3].id
    assert [line.corrected for line in votes_of(db.session(), motion_id)] == [True, False]
    assert [r.finding for r in check(db.session())[0] if r.finding] == []
    with pytest.raises(DomainError, match="vote_corrected"):
        corrections.correct_vote(vote_id, corrected(4, 1), staff("clerk"))


def test_corrected_figures_that_decide_the_same_move_nothing(desk: int) -> None:
    motion_id, item_id = on_agenda()
    vote_id = hands(item_id, 3, 2)
    corrections.correct_vote(vote_id, corrected(4, 1), staff("clerk"))
    assert stage_of(motion_id) is Stage.ADOPTED
    kinds = db.session.scalars(select(MotionEvent.kind).where(MotionEvent.motion_id == motion_id)).all()
    assert kinds[-2:] == ["adopt", "correct"]


def test_a_correction_comes_too_late_once_the_motion_has_moved_on(desk: int) -> None:
    from motions.rules.stages import Act
    from tests.motions.city import do, responsible

    motion_id, item_id = on_agenda()
    vote_id = hands(item_id, 3, 2)
    responsible(motion_id)
    do(motion_id, Act.FORWARD, "officer")
    before = everything()
    with pytest.raises(DomainError, match="motion_moved_on"):
        corrections.correct_vote(vote_id, corrected(2, 3), staff("clerk"))
    with pytest.raises(DomainError, match="motion_reason_missing"):
        corrections.correct_vote(vote_id, corrected(2, 3, reason=" "), staff("clerk"))
    assert everything() == before


def test_of_two_clerks_who_record_the_same_vote_one_wins(desk: int, app: Flask) -> None:
    motion_id, item_id = on_agenda()
    results: list[str] = []
    ready = threading.Barrier(2)

    def record(who: str) -> None:
        with app.app_context(), clock.freeze(MEETING_DAY):
            actor = staff(who)
            db.session.rollback()
            ready.wait()
            try:
                votes.record_vote(
                    item_id, NewVote(About.MOTION, Way.SHOW_OF_HANDS, Figures(5, 0, 0), seen=0), actor
                )
                results.append("recorded")
            except DomainError as error:
                results.append(error.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=record, args=(who,)) for who in ("clerk", "other clerk")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["recorded", "vote_recorded_meanwhile"]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Vote)) == 1
    assert stage_of(motion_id) is Stage.ADOPTED


@pytest.mark.parametrize(
    "statement",
    [
        "update motions_vote set adopted = not adopted",
        "delete from motions_vote",
        "update motions_vote_by_name set choice = 'no'",
        "delete from motions_vote_by_name",
        "delete from motions_presence",
    ],
)
def test_the_database_lets_nobody_change_what_was_voted(desk: int, statement: str) -> None:
    _motion_id, item_id = on_agenda()
    by_name(item_id, dict.fromkeys(NAMES[:5], YES))
    with pytest.raises(DBAPIError), write() as session:
        session.execute(text(statement))
