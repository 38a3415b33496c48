"""A motion in real browsers, from its draft to the council's own check that it was done: three members, chair and clerk, an
officer of the council's office, one of the department that has to do it, and a resident who reads and suggests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale
from playwright.sync_api import FilePayload, expect
from sqlalchemy import select

from accounts.models import Account, Department
from core import outbox
from core.db import db, write
from core.outbox import OutboxItem
from motions import jobs
from motions.messages.words import CITY_DECISIONS, POSITIONS, STAGES
from tests.browser.conftest import DESK, PHONE, Opener
from tests.browser.office import sign_in, sign_in_as
from tests.browser.people import NARROW, SENT, Looking, Somebody
from tests.browser.town import PASSWORD, Town, let_sign_in
from tests.city import answer, rows
from tests.core.pdfs import by_hand
from tests.motions.city import NAMES, found_council_desk, member_id

pytestmark = pytest.mark.browser

KEY, CODE = "newcomers-council", "NC"
AUTHOR, SIGNER, THIRD, CHAIR = "Bilal Saleh", "Chiara Rossi", "Elif Demir", "Adwoa Mensah"
TEXT = "The city pays for interpreters in all schools.\n\nIt reports once a year."
AMENDED = "It reports twice a year."
PAPER = FilePayload(name="Paper.pdf", mimeType="application/pdf", buffer=by_hand())
FIRST, SECOND = date(2027, 9, 28), date(2027, 12, 14)


@pytest.fixture
def council(town: Town) -> Town:
    """A council of eight seats with six members who sign in; the second officer works for another department."""
    found_council_desk(key=KEY, register_code=CODE)
    with write() as session:
        housing = session.scalars(select(Department.id).where(Department.key == "housing")).one()
        session.scalars(select(Account).where(Account.handle == "0ff1ce02")).one().department_id = housing
    let_sign_in()
    return town


@pytest.mark.parametrize(
    ("language", "script"),
    [("en", True), ("ar", False)],
    ids=["English with script", "Arabic without script"],
)
def test_a_motion_is_drafted_adopted_answered_and_checked(
    council: Town, sqlite_app: Flask, open_page: Opener, axe: str, language: str, script: bool
) -> None:
    looking = Looking(axe, None if script else open_page(viewport=NARROW, locale=language, bypass_csp=True))

    def somebody(role: str = "", nth: int = 0, name: str = "") -> Somebody:
        size = DESK if role else PHONE if name else NARROW
        page = open_page(viewport=size, java_script_enabled=script, bypass_csp=True)
        page.set_default_timeout(10_000)
        if role:
            sign_in(page, council, role, language, nth)
        if name:
            email = f"member{NAMES.index(name) + 1}@lindhafen.example"
            sign_in_as(page, council, {"email": email, "password": PASSWORD}, language)
        return Somebody(page, council, language, looking)

    def reads(*wanted: object, look: bool = False) -> None:
        """The resident sees this on the motion's page, the first of it at the top."""
        with sqlite_app.test_request_context(), force_locale(language):
            texts = [str(each) for each in wanted]
        main = resident.opens(f"/motions/{number}/", look).locator("main")
        expect(main.locator(".a-eyebrow").first).to_contain_text(texts[0])
        for text in texts[1:]:
            expect(main).to_contain_text(text)

    author, signer, third, chair = (somebody(name=each) for each in (AUTHOR, SIGNER, THIRD, CHAIR))
    clerk, office, city = somebody("clerk"), somebody("officer"), somebody("officer", 1)
    resident = somebody()

    code = suggest(resident)
    motion = draft(author)
    have_signed(motion, author, signer, third)
    number = hand_in(motion, author)
    reads(STAGES["submitted"], AUTHOR, SIGNER, look=True)
    have_checked(motion, office, chair)
    reads(STAGES["admissible"])
    amend(motion, third)
    reads(STAGES["admissible"], THIRD, look=True)
    answer([1], code=CODE)
    resident.asks_with(code, "answer to a suggestion")
    expect(resident.page.locator("main")).to_contain_text("We keep this in mind.")

    first = plan_meeting(clerk, FIRST)
    place(motion, chair, first)
    invite(clerk, first)
    author.opens("/office/motions/")
    reads(STAGES["scheduled"])
    council.it_is(FIRST)
    hold_first(clerk, first)
    reads(STAGES["adopted_amended"], AUTHOR, AMENDED, look=True)
    read_votes(resident, first)
    council.it_is(date(2027, 9, 30))
    write_minutes(clerk, signer, first)

    forward(motion, office)
    reads(STAGES["forwarded"], "Housing Office")
    council.it_is(date(2027, 10, 4))
    city.opens("/office/motions/")
    city.opens("/office/motions/city/")
    acts(motion, city, "acknowledge", reference="H-77")
    reads(STAGES["acknowledged"], "H-77")
    council.it_is(date(2027, 11, 15))  # six weeks later: the last day
    ring()
    page = resident.opens(f"/motions/{number}/", look=False)
    expect(page.locator("main .a-chip--overdue")).to_have_count(0)
    council.it_is(date(2027, 11, 16))
    ring()
    reads(STAGES["acknowledged"], look=True)
    expect(resident.page.locator("main .a-eyebrow .a-chip--overdue").first).to_be_visible()
    expect(resident.opens("/motions/?state=late").locator("main")).to_contain_text(number)
    acts(motion, city, "file-position", position="agree", text="We begin in *ten* schools.", cost="12.000")
    reads(STAGES["position_filed"], POSITIONS["agree"])
    city.opens(f"/office/motions/{motion}/decide")
    city.page.locator("main input[type=file]").set_input_files(PAPER)
    city.fills(decision="adopted", body="City council", yes="40", no="12", abstain="3")
    city.sends()
    reads(CITY_DECISIONS["adopted"], "City council", "Paper.pdf")
    carry_out(motion, city)
    reads(STAGES["claimed_done"], "Ten schools have one.", look=True)

    second = plan_meeting(clerk, SECOND)
    place(motion, chair, second)
    invite(clerk, second)
    council.it_is(SECOND)
    hold_second(clerk, first, second)
    reads(STAGES["verified"])
    acts(motion, clerk, "close", reason="All schools have interpreters.")
    reads(STAGES["verified"], CITY_DECISIONS["adopted"], "All schools have interpreters.", look=True)
    resident.opens(f"/motions/{number}/versions/")
    resident.opens(f"/council/{KEY}/members/{member_id(AUTHOR)}/")
    resident.opens("/motions/statistics/")
    expect(resident.opens(f"/meetings/{first}/").locator("main")).to_contain_text("Everybody was heard.")
    assert looking.found == {}


# What each of them does ----------------------------------------------------------------------------------------------


def acts(motion: int, who: Somebody, act: str, **fields: str) -> None:
    """One act at the motion's desk, through the link that the page of the motion offers."""
    who.opens(f"/office/motions/{motion}/", look=False)
    who.presses(f"main a[href$='/{motion}/{act}']")
    who.looking.once(who.page, act)
    who.fills(**fields)
    who.sends()
    expect(who.page.locator(".govuk-notification-banner, .a-notice").first).to_be_visible()


def suggest(resident: Somebody) -> str:
    """Nobody needs an account to suggest something; returns the receipt code."""
    resident.opens("/motions/")
    resident.opens(f"/council/{KEY}/")
    resident.opens(f"/council/{KEY}/suggest/")
    resident.fills(topic="schools", text="Children should not have to translate for their parents.")
    resident.sends("/suggest/")
    return resident.keeps_code("receipt of a suggestion")


def draft(author: Somebody) -> int:
    """A draft that began with a template, and its translation; returns its id."""
    author.opens("/office/motions/")
    author.opens("/office/motions/guide/")
    author.opens("/office/motions/suggestions/")
    author.opens("/office/motions/", look=False)
    author.presses("main a[href*='template=improve']")
    author.looking.at(author.page, "draft from a template")
    assert author.page.locator("main [name=text]").input_value()
    author.fills(topic="schools", language="en", title="Interpreters in schools", text=TEXT, reasons="Why?")
    author.sends()
    motion = int(re.findall(r"/motions/(\d+)/$", author.page.url)[0])
    acts(motion, author, "translate", language="ar", title="مترجمون في المدارس", text="تدفع المدينة")
    author.opens(f"/office/motions/{motion}/")
    return motion


def have_signed(motion: int, author: Somebody, *others: Somebody) -> None:
    """A changed word voids what was signed, and who signed is asked anew."""
    author.opens(f"/office/motions/{motion}/invite")
    for name in (SIGNER, THIRD):
        author.page.locator("main").get_by_label(name).check()
    author.sends()
    for who in others:
        who.opens("/office/motions/")
        acts(motion, who, "sign")
    author.opens(f"/office/motions/{motion}/change-text")
    expect(author.page.locator("main .govuk-warning-text")).to_be_visible()
    author.fills(reasons="Children translate for their parents.")
    author.sends()
    author.opens(f"/office/motions/{motion}/submit", look=False)
    author.presses(SENT)
    expect(author.page.locator(".govuk-error-summary")).to_be_visible()
    author.looking.at(author.page, "too few signatures")
    for who in others:
        acts(motion, who, "sign")


def hand_in(motion: int, author: Somebody) -> str:
    """From now on everybody reads it; returns its number."""
    acts(motion, author, "submit")
    found = re.search(rf"{CODE}-\d{{4}}", author.page.locator("main").inner_text())
    assert found is not None
    return found[0]


def have_checked(motion: int, office: Somebody, chair: Somebody) -> None:
    """The office fills the checklist in, the chair releases it."""
    office.opens("/office/motions/")
    office.opens(f"/office/motions/{motion}/check")
    for name in ("competent", "clear", "lawful", "not_personal", "costs", "not_repeated"):
        office.fills(**{name: "met"})
    office.fills(act="admit")
    office.sends()
    chair.opens("/office/motions/")
    acts(motion, chair, "release")


def amend(motion: int, third: Somebody) -> None:
    """A third member wants a paragraph to read otherwise."""
    third.opens(f"/office/motions/{motion}/amendments/")
    third.presses("main a[href$='/propose-amendment']")
    third.looking.at(third.page, "amendment")
    third.fills(paragraph="2", change="replace", text=AMENDED, reason="Once is too rare.")
    third.sends()


def plan_meeting(clerk: Somebody, day: date) -> int:
    """A meeting in the calendar; returns its id."""
    clerk.opens("/office/meetings/")
    clerk.opens(f"/office/meetings/{KEY}/plan")
    clerk.fills(day=f"{day.day}.{day.month}.{day.year}", starts="18:00", place="Town hall, room 3")
    clerk.sends()
    return int(re.findall(r"/meetings/(\d+)/$", clerk.page.url)[0])


def place(motion: int, chair: Somebody, meeting: int) -> None:
    """The chair chooses the meeting that deals with it."""
    acts(motion, chair, "schedule", meeting=str(meeting))


def invite(clerk: Somebody, meeting: int) -> None:
    """Everybody is invited, with the agenda."""
    clerk.opens(f"/office/meetings/{meeting}/")
    clerk.opens(f"/office/meetings/{meeting}/invite")
    clerk.sends()


def begin(clerk: Somebody, meeting: int) -> None:
    """The meeting begins with five members there, and one excused."""
    clerk.opens(f"/office/meetings/{meeting}/open", look=False)
    clerk.sends()
    clerk.looking.at(clerk.page, "presence")
    for name in NAMES[:5]:
        clerk.fills(**{f"member_{member_id(name)}": "here"})
    clerk.fills(**{f"member_{member_id(NAMES[5])}": "excused"})
    db.session.rollback()
    clerk.sends()


def votes(clerk: Somebody, meeting: int, item: int, about: str, way: str, fields: Mapping[str, str]) -> None:
    """Choose on what and how is voted under an item, and enter it."""
    clerk.opens(f"/office/meetings/{meeting}/", look=False)
    clerk.presses(f"main article.a-letter[id^=item-] >> nth={item} >> a[href$='/choose-vote']")
    clerk.looking.once(clerk.page, "choose a vote")
    clerk.fills(about=about, way=way)
    clerk.presses("main form[method=get] button[type=submit]")
    clerk.looking.once(clerk.page, f"vote on {about}")
    clerk.fills(**fields)
    clerk.sends()


def hold_first(clerk: Somebody, meeting: int) -> None:
    """One has an interest of their own; the change is adopted, then the motion, by name."""
    begin(clerk, meeting)
    clerk.opens(f"/office/meetings/{meeting}/")
    clerk.presses("main a[href$='/conflicts']")
    clerk.looking.at(clerk.page, "conflicts")
    clerk.page.locator("main").get_by_label(NAMES[3]).check()
    clerk.sends()
    clerk.presses("main a[href$='/note']")
    clerk.fills(text="Everybody was heard.")
    clerk.sends()
    votes(clerk, meeting, 0, "amendment", "show_of_hands", {"yes": "3", "no": "1", "abstain": "0"})
    voting = dict.fromkeys((CHAIR, AUTHOR, THIRD), "yes") | {SIGNER: "no"}
    named = {f"member_{member_id(name)}": choice for name, choice in voting.items()}
    db.session.rollback()
    votes(clerk, meeting, 0, "motion", "by_name", named)
    clerk.opens(f"/office/meetings/{meeting}/close", look=False)
    clerk.sends()
    clerk.looking.at(clerk.page, "meeting held")


def read_votes(resident: Somebody, meeting: int) -> None:
    """Everybody reads who voted what, and who had no vote; one link leads to the text as it was before."""
    expect(resident.page.locator("main a[href$='/versions/']")).to_have_count(1)
    page = resident.page.locator("main article", has_text=NAMES[3]).last
    page.locator("details summary").click()
    for name in (AUTHOR, SIGNER, THIRD, CHAIR):
        expect(page.locator("details")).to_contain_text(name)
    resident.opens("/meetings/")
    expect(resident.opens(f"/meetings/{meeting}/").locator("main")).to_contain_text(NAMES[3])


def write_minutes(clerk: Somebody, signer: Somebody, meeting: int) -> None:
    """The minutes are written from what was recorded, and sent; a member objects."""
    clerk.opens(f"/office/meetings/{meeting}/minutes/write")
    assert "Everybody was heard." in clerk.page.locator("main [name=text]").input_value()
    clerk.sends()
    clerk.opens(f"/office/meetings/{meeting}/minutes/send", look=False)
    clerk.sends()
    signer.opens("/office/motions/")
    signer.opens(f"/office/meetings/{meeting}/")
    signer.opens(f"/office/meetings/{meeting}/minutes/")
    signer.presses("main a[href$='/object']")
    signer.looking.at(signer.page, "object")
    signer.fills(text="I said why I was against it.")
    signer.sends()


def forward(motion: int, office: Somebody) -> None:
    """The adopted text goes to the department."""
    office.opens("/office/motions/")
    acts(motion, office, "forward", department="housing")
    office.opens(f"/office/motions/{motion}/")


def carry_out(motion: int, city: Somebody) -> None:
    """A measure is planned and reported on; then the department says, with evidence, that it is done."""
    acts(motion, city, "plan", measure_title="Train ten guides", department="housing", due_on="1.12.2027")
    acts_on_measure(motion, city, "running", "Six are trained.")
    acts_on_measure(motion, city, "done", "Ten are trained.")
    city.opens(f"/office/motions/{motion}/claim-done")
    city.page.locator("main input[type=file]").set_input_files(PAPER)
    city.fills(text="Ten schools have one.")
    city.sends()
    city.opens("/office/motions/verification/")


def acts_on_measure(motion: int, city: Somebody, state: str, text: str) -> None:
    """A report on the only measure."""
    city.opens(f"/office/motions/{motion}/update", look=state == "running")
    city.presses("main a[href*='/measures/']")
    city.looking.at(city.page, f"report {state}")
    if state == "done":
        city.page.locator("main input[type=file]").set_input_files(PAPER)
    city.fills(state=state, text=text)
    city.sends()


def hold_second(clerk: Somebody, first: int, meeting: int) -> None:
    """The council accepts the objection, approves the minutes that say so, and checks what the city says."""
    begin(clerk, meeting)
    hands = {"yes": "5", "no": "0", "abstain": "0"}
    votes(
        clerk, meeting, 0, "minutes", "show_of_hands", {**hands, "objection": "1", "reason": "It is added."}
    )
    clerk.opens(f"/office/meetings/{first}/minutes/write", look=False)
    written = clerk.page.locator("main [name=text]").input_value()
    clerk.fills(text=f"{written}\n\n{SIGNER} said why she was against it.")
    clerk.sends()
    votes(clerk, meeting, 0, "minutes", "show_of_hands", hands)
    votes(clerk, meeting, 1, "verification", "show_of_hands", {**hands, "reason": "We visited two schools."})
    clerk.opens(f"/office/meetings/{meeting}/close", look=False)
    clerk.sends()


def ring() -> None:
    """The work that the clock brings by itself on this day."""
    jobs.plan_clock({})
    for item in rows(OutboxItem):
        if item.kind == "motions.clock" and item.done_at is None:
            outbox.run_one(item.id)
    db.session.rollback()
