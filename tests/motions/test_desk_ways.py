"""The desk leads to the right act: nothing is chosen for anybody, nothing is offered that is refused, all errors come at once."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from werkzeug.test import TestResponse

from core import clock
from core.db import db, write
from council.models import Body
from motions.messages.guide import TEMPLATES
from motions.models.motions import Motion
from motions.queries import motions
from motions.rules.drafting import GAP, Text
from motions.rules.stages import Act, CityDecision, Stage
from motions.services import drafting
from tests.accounts.browsers import form_fields, text_of
from tests.accounts.people import Person
from tests.city import beginning, everything
from tests.consult.resident import errors_of
from tests.motions.city import NAMES, acting_member, at, do, draft, member_id, sign, stage_of, tabled
from tests.motions.test_city import decided, forwarded, found_desk, planned

PAPER_MISSING = "Attach the city’s paper, so that everybody can check it."
REASON_MISSING = "Give a reason. Everybody will read it."
TEXT_MISSING = "Write what the city says."
AUTHOR, SECOND, THIRD = "Bilal Saleh", "Chiara Rossi", "Elif Demir"


@pytest.fixture
def desk(sqlite_app: Flask) -> Flask:
    beginning("city desk", found_desk)
    return sqlite_app


def page(motion_id: int, name: str = "") -> str:
    return f"/office/motions/{motion_id}/{name}"


def test_one_press_sends_a_motion_to_nobody(desk: Flask) -> None:
    motion_id = at(Stage.ADOPTED)
    office = Person(desk, "officer")
    before = everything()
    refused = office.send(page(motion_id, "forward"))
    assert (refused.status_code, errors_of(refused)) == (422, ["Choose the department."])
    refused = office.send(page(motion_id, "forward"), department="nowhere")
    assert errors_of(refused) == ["Choose the department."]
    assert everything() == before
    office.do(page(motion_id, "forward"), department="housing")
    assert stage_of(motion_id) is Stage.FORWARDED


def test_no_department_is_chosen_before_when_a_motion_is_passed_on_or_a_measure_planned(desk: Flask) -> None:
    motion_id = decided()
    official = Person(desk, "other officer")
    before = everything()
    assert errors_of(official.send(page(motion_id, "pass-on"))) == ["Choose the department.", REASON_MISSING]
    assert errors_of(official.send(page(motion_id, "plan"))) == [
        "Write what will be done.",
        "Choose the department.",
        "Name the day by which it will be done.",
    ]
    assert everything() == before


def test_whoever_forwards_reads_the_words_that_are_sent_in_their_own_language(desk: Flask) -> None:
    motion_id = at(Stage.ADOPTED)
    old = Text("مترجمون", "تدفع المدينة", "لأن")
    drafting.translate(motion_id, digest_of(motion_id), "ar", old, acting_member(AUTHOR))
    shown = Person(desk, "officer").read(f"/ar{page(motion_id, 'forward')}")
    assert "The city pays for interpreters." in shown
    assert "Interpreters in schools" in shown


def test_the_desk_shows_the_binding_words_beside_the_readers_translation(desk: Flask) -> None:
    motion_id = at(Stage.ADMISSIBLE)
    text = Text("مترجمون", "تدفع المدينة", "لأن")
    drafting.translate(motion_id, digest_of(motion_id), "ar", text, acting_member(AUTHOR))
    shown = Person(desk, "officer").read(f"/ar{page(motion_id)}")
    assert "تدفع المدينة" in shown
    assert "The city pays for interpreters." in shown


def digest_of(motion_id: int) -> str:
    return motions.words(db.session(), motion_id).digest


def test_the_city_hears_everything_that_is_missing_at_once(desk: Flask) -> None:
    motion_id = forwarded()
    office = Person(desk, "officer")
    before = everything()
    assert errors_of(office.send(page(motion_id, "acknowledge"))) == [
        "Write the city’s reference.",
        PAPER_MISSING,
    ]
    assert errors_of(office.send(page(motion_id, "extend"))) == [
        "Choose what needs longer.",
        "Name the new day.",
        REASON_MISSING,
        PAPER_MISSING,
    ]
    assert everything() == before


def test_every_later_step_says_all_that_is_missing_at_once(desk: Flask) -> None:
    motion_id, measure_id = planned()
    office = Person(desk, "officer")
    before = everything()
    assert errors_of(office.send(page(motion_id, "file-position"))) == [
        "Choose what the city thinks.",
        TEXT_MISSING,
        PAPER_MISSING,
    ]
    assert errors_of(office.send(page(motion_id, "decide"), yes="many")) == [
        "Choose what became of it.",
        "Write who decided or noted it.",
        "Write a whole number.",
        PAPER_MISSING,
    ]
    assert errors_of(office.send(page(motion_id, f"measures/{measure_id}/update"))) == [
        "Choose how far it is.",
        TEXT_MISSING,
        PAPER_MISSING,
    ]
    done = Person(desk, "other officer").send(page(motion_id, f"measures/{measure_id}/update"), state="done")
    assert errors_of(done) == [TEXT_MISSING, "Attach a paper that shows that it is done."]
    assert errors_of(office.send(page(motion_id, "claim-done"))) == [
        "Write what was done.",
        "Attach a paper that shows that it is done.",
    ]
    assert everything() == before


def test_only_a_step_that_can_be_extended_is_offered(desk: Flask) -> None:
    motion_id = forwarded()
    official = Person(desk, "other officer")
    step_id = str(motions.owed(db.session(), motion_id)[-1].id)
    form = official.open(page(motion_id, "extend"))
    assert "The city’s receipt, due on" in text_of(form)
    assert "Ask for more time" in official.read(page(motion_id))
    with clock.freeze(date(2027, 9, 22)):  # a day after it was due
        assert "Ask for more time" not in official.read(page(motion_id))
        shown = official.read(page(motion_id, "extend"))
        assert "No step can be given more time now" in shown
        assert "The city’s receipt, due on" not in shown
        assert "Set the new day" not in shown
        asked = {**form_fields(form), "step": step_id, "reason": "The post is on strike."}
        day = {f"new_due_on-{part}": str(n) for part, n in (("day", 15), ("month", 10), ("year", 2027))}
        refused = official.browser.post(page(motion_id, "extend"), asked | day)
        assert errors_of(refused) == ["Choose what needs longer."]
    official.do(page(motion_id, "extend"), step=step_id, reason="Why.", new_due_on=date(2027, 10, 15))
    assert "Ask for more time" not in official.read(page(motion_id))


def button(shown: TestResponse) -> str:
    """The main button under "What you can do now"; nothing where there is nothing to do."""
    found = re.search(r'id="now".*?<a class="govuk-button" href="[^"]*">(.*?)</a>', shown.text, re.DOTALL)
    return found[1] if found else ""


def test_the_main_button_is_what_comes_next_for_author_and_signers(desk: Flask) -> None:
    motion_id = draft()
    author, signer = Person(desk, AUTHOR), Person(desk, SECOND)
    drafting.invite(motion_id, [member_id(SECOND), member_id(THIRD)], acting_member(AUTHOR))
    shown = author.open(page(motion_id))
    assert button(shown) == "Ask members to sign"
    assert "Hand it in" not in text_of(shown)
    assert "Nobody signed yet. 2 are needed." in text_of(shown)
    assert button(signer.open(page(motion_id))) == "Sign it"
    assert "I do not sign" in signer.read(page(motion_id))

    signed = signer.do(page(motion_id, "sign"))
    assert "Sign it" not in signed
    assert "I do not sign" not in signed
    assert "Take my signature back" in signed
    assert "You need not do anything here now." in signed
    assert "One member signed. 2 are needed." in signed
    assert "Hand it in" not in author.read(page(motion_id))
    drafting.sign(motion_id, digest_of(motion_id), acting_member(THIRD))
    shown = author.open(page(motion_id))
    assert button(shown) == "Hand it in"
    assert "2 members signed. 2 are needed." in text_of(shown)

    assert "Take my signature back" in signer.read(page(motion_id, "decline"))
    assert "Your signature is taken back." in signer.do(page(motion_id, "decline"))
    assert button(signer.open(page(motion_id))) == "Sign it"
    assert "Hand it in" not in author.read(page(motion_id))


def test_more_signatures_than_needed_are_no_mistake(desk: Flask) -> None:
    motion_id = draft()
    signers = [name for name in NAMES[:6] if name != AUTHOR][:3]
    drafting.invite(motion_id, [member_id(name) for name in signers], acting_member(AUTHOR))
    for name in signers:
        drafting.sign(motion_id, digest_of(motion_id), acting_member(name))
    assert "3 members signed. 2 are needed." in Person(desk, AUTHOR).read(page(motion_id))
    assert "3 members signed. 2 are needed." in Person(desk, AUTHOR).read(page(motion_id, "submit"))


def test_the_author_of_what_was_returned_reads_why_and_what_to_do(desk: Flask) -> None:
    motion_id = tabled()
    why = "It says nobody who should do it."
    do(motion_id, Act.RETURN, "officer", reason=why)
    author = Person(desk, AUTHOR)
    shown = author.open(page(motion_id))
    assert button(shown) == "Change the text"
    now = text_of(shown).partition("What you can do now")[0]
    assert f"The motion was returned to be mended. {why} Change the text. Have it signed again." in now
    assert text_of(shown).count(why) == 2  # there, and in the history
    words = Text("Interpreters", "The city pays.", "Children translate.")
    drafting.change_text(motion_id, 1, "schools", words, acting_member(AUTHOR))
    assert text_of(author.open(page(motion_id))).count(why) == 2  # still to be signed and handed in
    assert button(Person(desk, SECOND).open(page(motion_id))) == "Sign it"
    chair = Person(desk, NAMES[0]).open(page(motion_id))
    assert text_of(chair).count(why) == 1
    assert button(chair) == ""  # nobody asked the chair to sign


def test_each_queue_of_the_desk_leads_to_something_to_do(desk: Flask) -> None:
    adopted, noted = at(Stage.ADOPTED), at(Stage.DECIDED, decision=CityDecision.NOTED_WITHOUT_VOTE)
    admissible, handed_in = at(Stage.ADMISSIBLE), tabled()
    wanted = {"officer": [handed_in, adopted], "clerk": [admissible, noted]}
    for role, expected in wanted.items():
        person = Person(desk, role)
        shown = person.open("/office/motions/").text
        queues = shown.partition('id="o1-owed"')[0]
        listed = [int(found) for found in re.findall(r"/office/motions/(\d+)/\"", queues)]
        assert listed == expected, role
        for motion_id in listed:
            assert button(person.open(page(motion_id))), (role, motion_id)


def test_the_first_page_of_an_officer_begins_with_what_is_late_or_due_soon(desk: Flask) -> None:
    with clock.freeze(date(2027, 9, 1)):
        late = forwarded()
    soon, far = forwarded(), decided()
    official = Person(desk, "other officer")
    shown = official.open("/office/").text
    card = shown.partition('id="pressing"')[2].partition("</section>")[0]
    assert re.findall(r"/office/motions/(\d+)/", card) == [str(late), str(soon)]
    assert "a-due--overdue" in card
    assert "6 days late" in card
    assert f"/office/motions/{far}/" not in shown  # a plan within six weeks
    assert "Nothing waits for you" not in shown
    assert "Late or due soon" not in Person(desk, "moderator").read("/office/")


def test_a_template_is_filled_in_before_anybody_signs_and_before_it_is_public(desk: Flask) -> None:
    author = Person(desk, AUTHOR)
    typed: dict[str, Any] = {"title": "Guides", "topic": "schools", "costs": "12000"}
    begun = author.read("/office/motions/new?template=money")
    assert f"Put your own words in place of each {GAP}." in begun
    drafted = author.do("/office/motions/new?template=money", **typed)
    assert GAP in drafted
    motion_id = db.session.scalars(select(Motion.id)).one()
    assert button(author.open(page(motion_id))) == "Change the text"
    asked = author.open(page(motion_id, "invite"))
    assert "The text is not complete yet. Fill in the gaps of the template first." in text_of(asked)
    assert f'<a class="govuk-link" href="{page(motion_id, "change-text")}">' in asked.text
    before = everything()
    refused = author.send(page(motion_id, "invite"), members=[str(member_id(SECOND))])
    assert errors_of(refused) == ["Fill in the gaps of the template first."]
    assert everything() == before
    filled: dict[str, Any] = {
        "text": "The council asks the city to put 12,000 euros into the budget.",
        "reasons": "Why.",
    }
    author.do(page(motion_id, "change-text"), **filled)
    assert button(author.open(page(motion_id))) == "Ask members to sign"
    assert "not complete" not in author.read(page(motion_id, "invite"))
    author.do(page(motion_id, "invite"), members=[str(member_id(SECOND))])


def test_what_was_signed_with_a_gap_is_not_handed_in(desk: Flask) -> None:
    motion_id = draft(text=f"The city pays for {GAP}.")
    do(motion_id, Act.INVITE, AUTHOR)
    sign(motion_id, SECOND, THIRD)
    author = Person(desk, AUTHOR)
    assert button(author.open(page(motion_id))) == "Change the text"
    assert "Hand it in" not in author.read(page(motion_id))
    refused = author.send(page(motion_id, "submit"))
    assert errors_of(refused) == ["Fill in the gaps of the template first."]
    assert stage_of(motion_id) is Stage.COSIGNING


def test_every_template_has_its_gaps_marked_in_every_language(desk: Flask) -> None:
    for language in ("en", "de", "ar"):
        with desk.test_request_context("/"), force_locale(language):
            for template in TEMPLATES:
                for text in (str(template.text), str(template.reasons)):
                    assert GAP in text, (language, template.key)
                    assert text.count("…") == text.count(GAP), (language, template.key)


def test_a_budget_request_without_costs_leads_to_where_costs_are_written(desk: Flask) -> None:
    motion_id = draft(kind="budget_request")
    asked = Person(desk, AUTHOR).read(page(motion_id, "invite"))
    assert "Write what it costs. A budget request needs it. Change the text" in asked


def test_a_draft_begins_in_the_councils_language_and_without_a_topic(desk: Flask) -> None:
    with write() as session:
        session.scalars(select(Body)).one().language = "de"
    author = Person(desk, AUTHOR)
    shown = author.open("/ar/office/motions/new?template=money")
    assert form_fields(shown)["language"] == "de"
    assert "Der Beirat bittet die Stadt" in text_of(shown)
    assert form_fields(author.open("/ar/office/motions/new"))["language"] == "de"
    before = everything()
    refused = author.send("/office/motions/new", title="Guides")
    assert errors_of(refused) == ["Choose a topic."]
    assert everything() == before


def test_a_text_that_was_sent_unchanged_is_not_said_to_be_changed(desk: Flask) -> None:
    motion_id = draft()
    author = Person(desk, AUTHOR)
    same = author.do(page(motion_id, "change-text"))
    assert "Nothing was changed." in same
    assert "The text is changed." not in same
    assert "The text is changed." in author.do(page(motion_id, "change-text"), title="Guides in schools")


def test_whoever_places_a_motion_is_asked_for_a_meeting_in_one_sentence(desk: Flask) -> None:
    motion_id = at(Stage.ADMISSIBLE)
    clerk = Person(desk, "clerk")
    assert errors_of(clerk.send(page(motion_id, "schedule"))) == ["Choose a meeting."]
    assert errors_of(clerk.send(page(motion_id, "schedule"), meeting="99")) == ["Choose a meeting."]
