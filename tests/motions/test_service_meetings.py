"""Meetings are called in time and in public; what is put off comes back by itself; minutes and requests run on the clock."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.commands.audit import Finding, check
from core import clock
from core.db import db, write
from core.errors import DomainError
from followup.models import Promise
from motions.models.meetings import AgendaItem, Meeting, MeetingRequest, WaitingItem
from motions.models.motions import MotionEvent
from motions.rules.meetings import About, ItemKind
from motions.rules.stages import Stage
from motions.rules.votes import Abstentions, Majority, Tie, VoteRule
from motions.services import agenda, city, council_rules, drafting, meetings, minutes, presence, requests
from motions.services.acts import lock_motion
from motions.services.agenda import NewItem
from tests.accounts.browsers import letters
from tests.city import answer, everything, found_city, on_one_database, staff
from tests.conftest import TODAY
from tests.council.city import ENDS
from tests.motions.city import NAMES, account, acting_member, at, found_council_desk, member_id, stage_of
from tests.motions.meetings import (
    MEETING_DAY,
    NEXT_DAY,
    body_of,
    clerk,
    facts,
    hands,
    invited,
    item_of,
    meeting,
    on_agenda,
    opened,
    plan,
)


@pytest.fixture
def desk(app: Flask) -> int:
    found_city()
    return found_council_desk()


def mails() -> list[tuple[str, str]]:
    """Address and subject of every mail so far."""
    return [(letter["recipient"], letter["subject"]) for letter in letters()]


def found() -> list[Finding]:
    return [result.finding for result in check(db.session())[0] if result.finding]


def sound() -> bool:
    return found() == []


def items(meeting_id: int) -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(item.kind, item.placed_by) for item in agenda.items_of(db.session(), meeting_id)]


@on_one_database
def test_everything_that_is_wrong_with_a_meeting_comes_at_once(desk: int) -> None:
    plan()
    before = everything()
    with pytest.raises(DomainError) as error:
        plan(date(2027, 9, 1), ends_at=clock.in_the_city(date(2027, 8, 1), time(18)), place=" ")
    assert {each.code for each in error.value.all()} == {
        "meeting_past",
        "meeting_ends_early",
        "meeting_place_missing",
    }
    with pytest.raises(DomainError, match="meeting_same_time"):
        plan()
    with pytest.raises(DomainError, match="meeting_without_term"):
        plan(date(2040, 1, 1))
    assert everything() == before


def test_every_member_gets_one_invitation_in_time_and_none_twice(desk: int) -> None:
    meeting_id = invited(motions=[at(Stage.ADMISSIBLE)])
    sent = [mail for mail in mails() if "Invitation" in mail[1]]
    assert sorted(address for address, _subject in sent) == [
        f"member{n}@lindhafen.example" for n in range(1, 7)
    ]
    assert meeting(meeting_id).invited_on == TODAY
    with pytest.raises(DomainError, match="meeting_act_not_now"):
        meetings.invite(meeting_id, staff("clerk"))
    assert len([mail for mail in mails() if "Invitation" in mail[1]]) == 6


def test_an_invitation_that_would_be_too_late_is_refused_with_its_last_day(desk: int) -> None:
    meeting_id = plan()
    with clock.freeze(date(2027, 9, 22)), pytest.raises(DomainError) as error:
        meetings.invite(meeting_id, staff("clerk"))
    assert [(each.code, each.parameters) for each in error.value.all()] == [
        ("invitation_too_late", {"last": date(2027, 9, 21)}),
        ("agenda_empty", {}),
    ]


@on_one_database
def test_a_council_with_a_longer_invitation_period_is_invited_earlier(desk: int) -> None:
    rule = council_rules.NewRule(
        TODAY, VoteRule(Majority.OF_SEATS, Abstentions.COUNT_AS_NO, Tie.REJECTS), 3, 14
    )
    council_rules.change_rules(body_of(), rule, staff("clerk"))
    meeting_id = plan()
    agenda.place(meeting_id, NewItem(ItemKind.REPORT, "News"), staff("clerk"))
    with clock.freeze(date(2027, 9, 15)), pytest.raises(DomainError, match="invitation_too_late"):
        meetings.invite(meeting_id, staff("clerk"))
    assert meetings.invite(meeting_id, staff("clerk")) == 6
    with pytest.raises(DomainError, match="rules_set_before"):
        council_rules.change_rules(body_of(), rule, staff("clerk"))
    assert sound()


def test_after_the_invitation_only_what_is_urgent_is_placed_and_everybody_reads_why(desk: int) -> None:
    meeting_id = invited()
    motion_id = at(Stage.ADMISSIBLE)
    with pytest.raises(DomainError, match="urgent_reason_missing"):
        agenda.schedule(motion_id, meeting_id, clerk())
    item_id = agenda.schedule(motion_id, meeting_id, clerk(reason="The fair is next week."))
    assert db.session.get_one(AgendaItem, item_id).reason.best("en").text == "The fair is next week."
    assert stage_of(motion_id) is Stage.SCHEDULED
    with pytest.raises(DomainError, match="urgent_reason_missing"):
        agenda.place(meeting_id, NewItem(ItemKind.OTHER, "A letter"), staff("clerk"))


def test_a_changed_meeting_is_told_to_those_who_were_invited_and_to_their_calendars(desk: int) -> None:
    meeting_id = invited()
    meetings.change_meeting(meeting_id, facts(place="Library"), staff("clerk"))
    assert len([mail for mail in mails() if "Changed" in mail[1]]) == 6
    assert (meeting(meeting_id).sequence, meeting(meeting_id).place.best("en").text) == (1, "Library")
    with pytest.raises(DomainError, match="invitation_too_late"):
        meetings.change_meeting(meeting_id, facts(TODAY + timedelta(days=3)), staff("clerk"))


def test_a_cancelled_meeting_sends_its_motions_back_with_the_reason(desk: int) -> None:
    motion_id = at(Stage.ADMISSIBLE)
    meeting_id = invited(motions=[motion_id])
    with pytest.raises(DomainError, match="motion_reason_missing"):
        meetings.cancel_meeting(meeting_id, " ", staff("clerk"))
    meetings.cancel_meeting(meeting_id, "The hall is flooded.", staff("clerk"))
    assert stage_of(motion_id) is Stage.ADMISSIBLE
    event = db.session.scalars(select(MotionEvent).where(MotionEvent.kind == "take_off")).one()
    assert event.reason.best("en").text == "The hall is flooded."
    assert len([mail for mail in mails() if "Cancelled" in mail[1]]) == 6
    assert sound()


def test_what_a_meeting_did_not_deal_with_goes_back_when_it_ends(desk: int) -> None:
    with clock.freeze(MEETING_DAY):
        motion_id, item_id = on_agenda()
        meetings.close_meeting(db.session.get_one(AgendaItem, item_id).meeting_id, staff("clerk"))
        assert stage_of(motion_id) is Stage.ADMISSIBLE


def test_chair_and_clerk_place_motions_and_take_them_off_with_a_reason(desk: int) -> None:
    motion_id, meeting_id = at(Stage.ADMISSIBLE), plan()
    agenda.schedule(motion_id, meeting_id, clerk())
    with pytest.raises(DomainError, match="motion_on_agenda"):
        agenda.schedule(motion_id, meeting_id, clerk())
    with pytest.raises(DomainError, match="motion_reason_missing"):
        agenda.take_off(motion_id, clerk())
    agenda.take_off(motion_id, clerk(reason="Its author is ill."))
    assert (stage_of(motion_id), items(meeting_id)) == (Stage.ADMISSIBLE, [])
    agenda.schedule(motion_id, meeting_id, clerk())
    assert items(meeting_id) == [("motion", "clerk")]


@on_one_database
def test_items_change_places_until_the_meeting_is_on(desk: int) -> None:
    meeting_id = plan()
    ids = [agenda.place(meeting_id, NewItem(ItemKind.OTHER, name), staff("clerk")) for name in "abc"]
    agenda.reorder(meeting_id, ids[::-1], staff("clerk"))
    db.session.expire_all()
    assert [item.id for item in agenda.items_of(db.session(), meeting_id)] == ids[::-1]
    with pytest.raises(DomainError, match="agenda_order_wrong"):
        agenda.reorder(meeting_id, ids[:2], staff("clerk"))
    agenda.remove(ids[0], clerk())
    assert len(items(meeting_id)) == 2


# What comes back by itself -----------------------------------------------------------------------------------------


def referred(until: date = date(2027, 10, 10)) -> int:
    """A motion that the council sent to a committee on the meeting's day, until another day."""
    with clock.freeze(MEETING_DAY):
        motion_id, item_id = on_agenda()
        hands(item_id, 5, 0, about=About.REFERRAL, returns_on=until)
        meetings.close_meeting(db.session.get_one(AgendaItem, item_id).meeting_id, staff("clerk"))
    return motion_id


def test_a_referral_that_ran_out_is_on_the_next_agenda_once(desk: int) -> None:
    motion_id = referred()
    meeting_id = plan(NEXT_DAY)
    with clock.freeze(date(2027, 10, 9)):
        assert agenda.return_expired() == 0
    with clock.freeze(date(2027, 10, 10)):
        assert agenda.return_expired() == 1
        assert agenda.return_expired() == 0
        assert stage_of(motion_id) is Stage.SCHEDULED
        assert ("motion", "clock") in items(meeting_id)
        with pytest.raises(DomainError, match="item_placed_by_clock"):
            agenda.take_off(motion_id, clerk(reason="Not now."))
    assert sound()


def test_a_referral_that_ran_out_waits_for_a_meeting_that_can_still_be_invited_to(desk: int) -> None:
    motion_id = referred()
    plan(date(2027, 10, 14))
    with clock.freeze(date(2027, 10, 10)):
        assert agenda.return_expired() == 0
        assert stage_of(motion_id) is Stage.REFERRED
        later = plan(NEXT_DAY)
        assert ("motion", "clock") in items(later)
        assert stage_of(motion_id) is Stage.SCHEDULED


def test_what_came_by_itself_outlives_the_meetings_that_do_not_deal_with_it(desk: int) -> None:
    motion_id = referred()
    first, second = plan(NEXT_DAY), plan(date(2027, 11, 23))
    third = plan(date(2027, 12, 14))
    with clock.freeze(date(2027, 10, 11)):
        agenda.return_expired()
        meetings.cancel_meeting(first, "Nobody can come.", staff("clerk"))
        assert ("motion", "clock") in items(second)
        meetings.invite(second, staff("clerk"))
    with clock.freeze(date(2027, 11, 23)):
        opened(second)
        meetings.close_meeting(second, staff("clerk"))
        assert ("motion", "clock") in items(third)
        meetings.invite(third, staff("clerk"))
    with clock.freeze(date(2027, 12, 14)):
        opened(third)
        hands(item_of(third, motion_id), 5, 0)
        meetings.close_meeting(third, staff("clerk"))
        assert agenda.return_expired() == 0
    assert stage_of(motion_id) is Stage.ADOPTED
    assert (
        db.session.scalar(select(func.count()).select_from(WaitingItem).where(WaitingItem.dealt_on.is_(None)))
        == 0
    )
    assert sound()


def test_what_the_city_is_very_late_with_is_on_agendas_until_the_council_has_talked_about_it(
    desk: int,
) -> None:
    motion_id = at(Stage.FORWARDED)
    first, second = plan(), plan(NEXT_DAY)
    for _turn in range(2):
        with write() as session:
            locked = lock_motion(session, motion_id)
            entries = agenda.place_overdue(session, locked)
            from core import audit

            audit.append(session, locked.register.chain, entries)
    assert items(first) == [("overdue", "clock")]
    assert stage_of(motion_id) is Stage.FORWARDED
    meetings.invite(first, staff("clerk"))
    with clock.freeze(MEETING_DAY):
        opened(first)
        meetings.close_meeting(first, staff("clerk"))
        assert ("overdue", "clock") in items(second)
        meetings.invite(second, staff("clerk"))
    with clock.freeze(NEXT_DAY):
        opened(second)
        presence.note_discussion(item_of(second, motion_id), "The mayor is asked to come.", staff("clerk"))
        meetings.close_meeting(second, staff("clerk"))
        third = plan(date(2027, 11, 23))
        assert ("overdue", "clock") not in items(third)
    assert sound()


# Minutes --------------------------------------------------------------------------------------------------------------


def held() -> int:
    """A meeting that adopted a motion and is over; returns its id."""
    with clock.freeze(MEETING_DAY):
        _motion_id, item_id = on_agenda()
        hands(item_id, 4, 1)
        meeting_id = db.session.get_one(AgendaItem, item_id).meeting_id
        meetings.close_meeting(meeting_id, staff("clerk"))
    return meeting_id


def test_minutes_are_sent_objected_to_and_approved_by_the_next_meeting(desk: int) -> None:
    first = held()
    second = plan(NEXT_DAY)
    assert items(second) == [("minutes", "clock")]
    with clock.freeze(date(2027, 10, 1)):
        with pytest.raises(DomainError, match="minutes_not_drafted"):
            minutes.send_minutes(first, staff("clerk"))
        minutes.write_minutes(first, "Five members came.", staff("clerk"))
        with pytest.raises(DomainError, match="minutes_not_open"):
            minutes.object_to_minutes(first, member_id(NAMES[1]), "Six.", "en", acting_member(NAMES[1]))
        assert minutes.send_minutes(first, staff("clerk")) == 6
        assert len([mail for mail in mails() if "Minutes" in mail[1]]) == 6
        objection = minutes.object_to_minutes(
            first, member_id(NAMES[1]), "Six came.", "en", acting_member(NAMES[1])
        )
        meetings.invite(second, staff("clerk"))
    with clock.freeze(NEXT_DAY):
        opened(second)
        item_id = item_of(second)
        with pytest.raises(DomainError, match="objections_open"):
            hands(item_id, 5, 0, about=About.MINUTES)
        hands(item_id, 5, 0, about=About.MINUTES, objection_id=objection, reason="Hana came later.")
        with pytest.raises(DomainError, match="minutes_not_corrected"):
            hands(item_id, 5, 0, about=About.MINUTES)
        minutes.write_minutes(first, "Six members came.", staff("clerk"))
        vote_id = hands(item_id, 5, 0, about=About.MINUTES)
        newest = minutes.newest(db.session(), first)
        assert newest is not None
        assert (newest.state, newest.version, newest.vote_id) == ("approved", 2, vote_id)
        with pytest.raises(DomainError, match="minutes_approved"):
            minutes.write_minutes(first, "Nobody came.", staff("clerk"))
    assert sound()


# Help for members -----------------------------------------------------------------------------------------------------


def test_whoever_asks_for_help_gets_a_number_and_an_answer_within_five_working_days(desk: int) -> None:
    meeting_id = plan()
    request_id = requests.ask_for_help(
        meeting_id,
        member_id(NAMES[1]),
        "expenses",
        "Train from the hospital.",
        1240,
        "en",
        acting_member(NAMES[1]),
    )
    promise = db.session.scalars(select(Promise).where(Promise.subject_kind == "motions.request")).one()
    number = promise.number
    assert (promise.subject_id, promise.due_on) == (request_id, date(2027, 9, 21))
    assert sound()
    with pytest.raises(DomainError, match="not_found"):
        requests.erase_request(request_id, [member_id(NAMES[2])], acting_member(NAMES[2]))
    requests.erase_request(request_id, [member_id(NAMES[1])], acting_member(NAMES[1]))
    erased = db.session.get_one(MeetingRequest, request_id)
    db.session.refresh(erased)
    assert (erased.text, erased.salt, erased.cents, erased.number) == (None, None, None, number)
    assert sound()


def test_who_asked_for_help_gets_word_of_the_answer_by_mail_and_nothing_of_it(desk: int) -> None:
    meeting_id = plan()
    helped = acting_member(NAMES[1])
    requests.ask_for_help(meeting_id, member_id(NAMES[1]), "childcare", "Two children", None, "en", helped)
    number = db.session.scalars(select(Promise.number).where(Promise.subject_kind == "motions.request")).one()
    answer([number], code="AB")
    told = [letter for letter in letters() if "is there" in letter["subject"]]
    assert [letter["recipient"] for letter in told] == [account(NAMES[1]).email]
    assert "/office/meetings/requests/" in told[0]["body"]
    assert "children" not in told[0]["body"]


@on_one_database
@pytest.mark.parametrize(
    ("kind", "text", "cents", "codes"),
    [
        ("taxi", "", None, {"request_kind_unknown", "request_text_missing"}),
        ("expenses", "Train", None, {"request_cents_missing"}),
        ("childcare", "Two children", 500, {"request_cents_needless"}),
    ],
)
def test_a_request_that_makes_no_sense_leaves_nothing(
    desk: int, kind: str, text: str, cents: int | None, codes: set[str]
) -> None:
    meeting_id = plan()
    before = everything()
    with pytest.raises(DomainError) as error:
        requests.ask_for_help(
            meeting_id, member_id(NAMES[1]), kind, text, cents, "en", acting_member(NAMES[1])
        )
    assert {each.code for each in error.value.all()} == codes
    assert everything() == before


# The audit check ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("update motions_motion set stage = 'rejected'", "the motion stands elsewhere"),
        ("update motions_agenda_item set removed_on = '2027-09-20'", "something is on an agenda"),
        (
            "update motions_minutes set state = 'approved', sent_on = '2027-10-02', approved_on = '2027-10-02'",
            "other minutes are approved",
        ),
    ],
    ids=["stage", "agenda", "minutes"],
)
def test_the_audit_check_finds_what_was_changed_past_the_verbs(
    desk: int, statement: str, reason: str
) -> None:
    first = held()
    with clock.freeze(date(2027, 10, 1)):
        minutes.write_minutes(first, "Five members came.", staff("clerk"))
    assert sound()
    with write() as session:
        session.execute(text(statement))
    findings = found()
    assert [finding.reason.startswith(reason) for finding in findings] == [True]


def test_a_vote_that_nobody_recorded_is_found(desk: int) -> None:
    held()
    with write() as session:
        columns = [
            c.name
            for c in Meeting.metadata.tables["motions_vote"].columns
            if c.name not in ("id", "sequence")
        ]
        names = ", ".join(columns)
        session.execute(
            text(
                f"insert into motions_vote (sequence, {names}) select sequence + 1, {names} from motions_vote"
            )
        )
    findings = found()
    assert [finding.code for finding in findings] == ["vote"]


def test_a_motion_that_is_withdrawn_or_lapsed_leaves_the_agenda(desk: int) -> None:
    ends = (
        lambda motion_id: drafting.withdraw(motion_id, "It is settled.", acting_member("Bilal Saleh")),
        lambda motion_id: city.lapse(motion_id, clerk()),
    )
    for end, day in zip(ends, (TODAY, ENDS + timedelta(days=1)), strict=True):
        motion_id = at(Stage.ADMISSIBLE)
        meeting_id = plan(NEXT_DAY) if end is ends[1] else plan()
        item_id = agenda.schedule(motion_id, meeting_id, clerk())
        with clock.freeze(day):
            end(motion_id)
        db.session.expire_all()
        assert db.session.get_one(AgendaItem, item_id).removed_on == day
    assert sound()
