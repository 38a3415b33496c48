"""An evening at the browser, without script: the clerk plans, invites, opens, records and writes; members read and object."""

from __future__ import annotations

import io
from datetime import date

import pytest
from flask import Flask
from icalendar import Calendar
from pypdf import PdfReader
from sqlalchemy import select

from accounts.models import Account, Department
from core import clock
from core.db import db, write
from motions.documents.minutes import draft
from motions.models.meetings import AgendaItem, Meeting, Vote
from motions.queries import meetings as read
from motions.rules.stages import Stage
from motions.rules.votes import Choice
from motions.services import agenda, meetings, minutes, presence
from tests.accounts.browsers import Browser, text_of
from tests.accounts.people import Person
from tests.city import found_city, staff
from tests.motions.city import NAMES, at, found_council_desk, member_id, stage_of
from tests.motions.meetings import (
    MEETING_DAY,
    NEXT_DAY,
    by_name,
    hands,
    invited,
    item_of,
    meeting,
    on_agenda,
    opened,
    plan,
)


@pytest.fixture
def council(sqlite_app: Flask) -> Flask:
    found_city()
    found_council_desk()
    return sqlite_app


def text_of_pdf(body: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


def test_a_clerk_plans_a_meeting_invites_and_sees_first_what_is_not_translated(council: Flask) -> None:
    clerk = Person(council, "clerk")
    motion_id = at(Stage.ADMISSIBLE)
    page = clerk.do(
        "/office/meetings/advisory-board/plan", day=MEETING_DAY, starts="18:30", place="Town hall, room 3"
    )
    assert "Town hall, room 3" in page
    meeting_id = db.session.scalars(select(Meeting.id)).one()
    clerk.do(f"/office/motions/{motion_id}/schedule", meeting=meeting_id)
    clerk.do(f"/office/meetings/{meeting_id}/place", kind="report", item_title="News of the office")
    before = clerk.read(f"/office/meetings/{meeting_id}/invite")
    assert "Not everybody can read these papers" in before
    assert "Deutsch" in before or "German" in before
    page = clerk.do(f"/office/meetings/{meeting_id}/invite")
    assert "Members are invited" in page
    refused = clerk.send(f"/office/meetings/{meeting_id}/place", kind="other", item_title="A letter")
    assert refused.status_code == 422
    assert "Say why this cannot wait" in refused.text


def test_a_clerk_records_presence_and_a_vote_by_name_and_everybody_reads_it(council: Flask) -> None:
    motion_id = at(Stage.ADMISSIBLE)
    meeting_id = invited(motions=[motion_id])
    with clock.freeze(MEETING_DAY):
        clerk = Person(council, "clerk")
        clerk.do(f"/office/meetings/{meeting_id}/open")
        there = {f"member_{member_id(name)}": "here" for name in NAMES[:4]}
        clerk.do(f"/office/meetings/{meeting_id}/presence", **there)
        item_id = item_of(meeting_id, motion_id)
        chosen = clerk.read(f"/office/meetings/items/{item_id}/choose-vote")
        assert "By name" in chosen
        path = f"/office/meetings/items/{item_id}/vote?about=motion&way=by_name"
        named = {f"member_{member_id(name)}": "yes" for name in NAMES[:3]}
        refused = clerk.send(path, **named)
        assert (refused.status_code, stage_of(motion_id)) == (422, Stage.SCHEDULED)
        assert "Enter a vote or an abstention for everybody" in refused.text
        clerk.do(path, **named, **{f"member_{member_id(NAMES[3])}": "abstain"})
        assert stage_of(motion_id) is Stage.ADOPTED
        public = Browser(council)
        page = text_of(public.get(f"/meetings/{meeting_id}/"))
        assert "3 votes were for it. Needed: at least 1." in page
        assert "Adwoa Mensah" in page
        page = text_of(public.get("/motions/AB-0001/"))
        assert "How the council voted" in page
        page = text_of(public.get(f"/council/advisory-board/members/{member_id(NAMES[3])}/"))
        assert "Votes by name" in page
        assert "Abstention" in page


def test_what_the_city_says_is_done_is_placed_on_an_agenda_from_its_page(council: Flask) -> None:
    motion_id, meeting_id = at(Stage.CLAIMED_DONE), plan()
    chair, path = Person(council, NAMES[0]), f"/office/motions/{motion_id}/"
    assert f'href="{path}schedule"' in chair.browser.get(path).text
    assert f'href="{path}schedule"' not in Person(council, NAMES[1]).browser.get(path).text
    chair.do(f"{path}schedule", meeting=meeting_id)
    assert f'href="{path}schedule"' not in chair.browser.get(path).text  # it is on one
    assert item_of(meeting_id, motion_id)


def test_two_tellers_at_two_desks_make_a_secret_vote(council: Flask) -> None:
    with clock.freeze(MEETING_DAY):
        motion_id, item_id = on_agenda()
        clerk, teller = Person(council, "clerk"), Person(council, NAMES[1])
        path = f"/office/meetings/items/{item_id}/vote?about=motion&way=on_paper"
        counted = {"yes": 3, "no": 1, "abstain": 0, "invalid": 1}
        clerk.do(path, **counted, teller=member_id(NAMES[0]))
        again = f"/office/meetings/items/{item_id}/count-again"
        wrong = teller.send(again, **{**counted, "yes": 2}, teller=member_id(NAMES[1]))
        assert wrong.status_code == 422
        assert "First: 3 yes, 1 no, 0 abstentions, 1 invalid" in wrong.text
        page = teller.do(again, **counted, teller=member_id(NAMES[1]))
        assert "Both tellers counted the same" in page
        assert stage_of(motion_id) is Stage.ADOPTED
        vote_id = db.session.scalars(select(Vote.id)).one()
        counted |= {"yes": 1, "no": 3}
        found = {"teller": member_id(NAMES[2]), "reason": "The papers were mixed up."}
        clerk.do(f"/office/meetings/votes/{vote_id}/correct", **counted, **found)
        assert stage_of(motion_id) is Stage.ADOPTED
        assert "Enter the second count" in teller.read(
            f"/office/meetings/{db.session.get_one(AgendaItem, item_id).meeting_id}/"
        )
        page = teller.do(again, **counted, teller=member_id(NAMES[1]))
        assert "Corrected later" in page
        assert stage_of(motion_id) is Stage.REJECTED


def test_what_is_not_public_is_read_by_the_councils_members_alone(council: Flask) -> None:
    meeting_id = plan()
    agenda.place(
        meeting_id,
        agenda.NewItem(agenda.ItemKind.OTHER, "A letter of Mrs Example", public=False),
        staff("clerk"),
    )
    meetings.invite(meeting_id, staff("clerk"))
    public = Browser(council)
    assert "Mrs Example" not in public.get(f"/meetings/{meeting_id}/").text
    assert "Mrs Example" not in text_of_pdf(public.get(f"/meetings/{meeting_id}/agenda.pdf").data)
    assert "Mrs Example" in Person(council, NAMES[1]).read(f"/office/meetings/{meeting_id}/")
    found_council_desk_of_others = Person(council, "member")
    assert found_council_desk_of_others.browser.get(f"/office/meetings/{meeting_id}/").status_code == 404
    with write() as session:
        housing = session.scalars(select(Department.id).where(Department.key == "housing")).one()
        session.get_one(Account, staff("other officer").account_id).department_id = housing
    assert Person(council, "officer").browser.get(f"/office/meetings/{meeting_id}/").status_code == 200
    assert Person(council, "other officer").browser.get(f"/office/meetings/{meeting_id}/").status_code == 404
    with clock.freeze(MEETING_DAY):
        opened(meeting_id)
        presence.note_discussion(item_of(meeting_id), "Mrs Example came.", staff("clerk"))
        meetings.close_meeting(meeting_id, staff("clerk"))
        db.session.rollback()
        with council.test_request_context("/en/"):
            assert "Mrs Example" not in draft(db.session(), read.find_meeting(db.session(), meeting_id))


def test_minutes_are_drafted_from_what_was_recorded_and_public_once_approved(council: Flask) -> None:
    with clock.freeze(MEETING_DAY):
        _motion_id, item_id = on_agenda()
        by_name(item_id, dict.fromkeys(NAMES[:5], Choice.YES))
        first = db.session.get_one(agenda.AgendaItem, item_id).meeting_id
        presence.note_discussion(item_id, "All were for it.", staff("clerk"))
        meetings.close_meeting(first, staff("clerk"))
        clerk, member = Person(council, "clerk"), Person(council, NAMES[1])
        shown = clerk.browser.get(f"/office/meetings/{first}/minutes/write").text
        for words in ("Present: Adwoa Mensah", "Absent: Femi Okoro", "All were for it.", "5 yes, 0 no"):
            assert words in shown, words
        clerk.do(f"/office/meetings/{first}/minutes/write", text="# Minutes\n\nFive came.")
        assert "Five came" not in member.read(f"/office/meetings/{first}/minutes/")
        clerk.do(f"/office/meetings/{first}/minutes/send")
        member.do(f"/office/meetings/{first}/minutes/object", text="Six came.")
        assert "Objection of Bilal Saleh" in clerk.read(f"/office/meetings/{first}/minutes/")
        second = plan(NEXT_DAY)
        meetings.invite(second, staff("clerk"))
    public = Browser(council)
    assert "Five came" not in public.get(f"/meetings/{first}/").text
    assert public.get(f"/meetings/{first}/minutes.pdf").status_code == 404
    with clock.freeze(NEXT_DAY):
        opened(second)
        clerk = Person(council, "clerk")
        path = f"/office/meetings/items/{item_of(second)}/vote?about=minutes&way=show_of_hands"
        objection = minutes.objections(db.session(), first)[0].id
        assert "Six came." in clerk.read(path)
        unsaid = clerk.send(path, yes=5, no=0, abstain=0)
        assert (unsaid.status_code, "Choose what was voted on." in unsaid.text) == (422, True)
        clerk.do(path, yes=1, no=4, abstain=0, objection=objection, reason="Five signed.")
        clerk.do(path, yes=5, no=0, abstain=0, objection="minutes")
        page = public.get(f"/meetings/{second}/").text
        assert page.count("Vote on an objection to the minutes") == page.count("Vote on the minutes") == 1
        assert "Five came" in public.get(f"/meetings/{first}/").text
        assert "Five came" in text_of_pdf(public.get(f"/meetings/{first}/minutes.pdf").data)


def test_a_member_asks_for_help_and_only_the_office_reads_it(council: Flask) -> None:
    meeting_id = plan()
    member = Person(council, NAMES[1])
    refused = member.send(f"/office/meetings/{meeting_id}/ask", kind="expenses", text="Train")
    assert refused.status_code == 422
    page = member.do(
        f"/office/meetings/{meeting_id}/ask", kind="expenses", text="Train from work", amount="12.40"
    )
    assert "AB-0001" in page
    assert "Bilal Saleh" in Person(council, "clerk").read("/office/promises/AB/")
    public = Browser(council).get("/council/advisory-board/register/").text
    assert "AB-0001" in public
    assert "Train" not in public
    member.do("/office/meetings/requests/1/erase")
    assert "Train from work" not in member.read("/office/meetings/requests/")


def test_calendars_follow_what_changes_and_see_what_is_cancelled(council: Flask) -> None:
    moved, gone = invited(), plan(NEXT_DAY)
    clerk = Person(council, "clerk")
    clerk.do(f"/office/meetings/{moved}/change", day=MEETING_DAY, starts="19:00", place="Library")
    clerk.do(f"/office/meetings/{gone}/cancel", reason="Nobody can come.")
    page = Browser(council).get("/meetings/calendar.ics")
    events = list(Calendar.from_ical(page.data).walk("VEVENT"))
    assert [(str(e["uid"]), int(e["sequence"]), str(e["status"]), str(e["location"])) for e in events] == [
        (f"meeting-{moved}@meetings.answerable", 1, "CONFIRMED", "Library"),
        (f"meeting-{gone}@meetings.answerable", 1, "CANCELLED", "Town hall, room 3"),
    ]
    assert events[0]["dtstart"].dt.hour == 19
    assert meeting(gone).state == "cancelled"
    assert "Nobody can come." in text_of(Browser(council).get(f"/meetings/{gone}/"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_invitation_and_papers_are_one_file_in_the_readers_language(council: Flask, language: str) -> None:
    meeting_id = invited(motions=[at(Stage.ADMISSIBLE)])
    member = Person(council, NAMES[1])
    page = member.browser.get(f"/{language}/office/meetings/{meeting_id}/invitation.pdf")
    assert page.mimetype == "application/pdf"
    text = text_of_pdf(page.data)
    assert "The city pays for interpreters." in text
    assert "Town hall, room 3" in text


def test_a_council_changes_its_rules_from_a_day_on(council: Flask) -> None:
    clerk = Person(council, "clerk")
    path = "/office/meetings/advisory-board/rules"
    rules = {
        "majority": "of_seats",
        "abstentions": "count_as_no",
        "tie": "chair_decides",
        "cosigners": 3,
        "invitation_days": 14,
    }
    refused = clerk.send(path, **{**rules, "invitation_days": 99}, from_on=date(2020, 1, 1))
    assert refused.status_code == 422
    clerk.do(path, **rules, from_on=date(2027, 9, 20))
    with clock.freeze(MEETING_DAY):
        _motion, item_id = on_agenda_in_time()
        hands(item_id, 4, 0)
        found = db.session.scalars(select(Vote)).one()
        assert (found.rule["majority"], found.adopted) == ("of_seats", False)


def on_agenda_in_time() -> tuple[int, int]:
    """With an invitation period of two weeks the tests' day is the last one."""
    return on_agenda()
