"""The city's side in front of a browser without script: forms filled in, papers attached and served, the pages around them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask, render_template
from flask_babel import force_locale
from sqlalchemy import select

from core.db import db
from core.errors import DomainError
from core.wording import explain
from motions.messages import city as words
from motions.models.motions import Motion
from motions.queries import city as read
from motions.queries import motions
from motions.queries.motions import find_motion
from motions.rules.stages import Act, Stage
from motions.services import city
from tests.accounts.browsers import Browser
from tests.accounts.people import Person
from tests.city import beginning, everything
from tests.consult.resident import errors_of
from tests.core.pdfs import by_hand
from tests.motions.city import at, do, stage_of
from tests.motions.test_city import (
    PAPER,
    acting,
    both_measures,
    claimed,
    decided,
    forwarded,
    found_desk,
    planned,
)


@pytest.fixture
def desk(sqlite_app: Flask) -> Flask:
    beginning("city desk", found_desk)
    return sqlite_app


def page(motion_id: int, name: str = "") -> str:
    return f"/office/motions/{motion_id}/{name}"


def test_a_department_goes_the_whole_way_of_a_motion_by_its_forms(desk: Flask) -> None:
    motion_id = at(Stage.ADOPTED)
    office, official = Person(desk, "officer"), Person(desk, "other officer")
    office.do(page(motion_id, "forward"), department="housing")
    assert "The city’s receipt" in official.read("/office/motions/city/")
    official.do(page(motion_id, "acknowledge"), reference="IV-2027/88")
    shown = official.do(
        page(motion_id, "file-position"),
        position="alternative",
        text="We *train* the staff instead.",
        cost="12.000,50",
        legal="It is lawful.",
    )
    assert "The city proposes something else" in shown
    assert "€12,000.50" in shown
    assert "The city has not decided yet." in shown
    shown = official.do(
        page(motion_id, "decide"),
        decision="partly",
        body="City council",
        wording="In two schools.",
        yes="40",
        no="12",
    )
    assert "40 yes, 12 no" in shown
    shown = official.do(
        page(motion_id, "plan"),
        measure_title="Train ten guides",
        department="housing",
        due_on=date(2028, 9, 30),
        budget="12000",
    )
    assert "Train ten guides" in shown
    assert "€12,000" in shown
    assert "Train ten guides" in official.read(page(motion_id, "update"))
    shown = official.do(page(motion_id, "measures/1/update"), PAPER, state="done", text="Ten guides work.")
    assert "Ten guides work." in shown
    official.do(page(motion_id, "claim-done"), PAPER, text="It is all done.")
    assert "2 meetings left" in office.read("/office/motions/verification/")
    do(motion_id, Act.VERIFY, "clerk")
    clerk = Person(desk, "clerk")
    clerk.do(page(motion_id, "close"), reason="The guides work.")
    assert stage_of(motion_id) is Stage.CLOSED


def test_the_office_is_asked_for_the_paper_and_what_it_typed_is_kept(desk: Flask) -> None:
    motion_id = forwarded()
    office = Person(desk, "officer")
    before = everything()
    refused = office.send(page(motion_id, "acknowledge"), reference="IV-2027/88")
    assert refused.status_code == 422
    assert errors_of(refused) == ["Attach the city’s paper, so that everybody can check it."]
    assert "IV-2027/88" in refused.text
    assert everything() == before
    office.do(page(motion_id, "acknowledge"), PAPER, reference="IV-2027/88")


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        (b"<html>", "document_kind"),
        (b"%PDF-1.7\nhello", "document_damaged"),
        (by_hand(b"[ [ << /A << /JS (1) >> >> ] ]"), "document_with_script"),
    ],
)
def test_a_wrong_paper_is_refused_in_a_sentence_and_changes_nothing(
    desk: Flask, paper: bytes, code: str
) -> None:
    motion_id = forwarded()
    before = everything()
    refused = Person(desk, "officer").send(page(motion_id, "acknowledge"), paper, reference="1")
    assert refused.status_code == 422
    with desk.test_request_context("/"):
        assert errors_of(refused) == [explain(DomainError(code))]
    assert everything() == before


def test_an_officer_of_another_department_is_refused_in_words(desk: Flask) -> None:
    motion_id = forwarded()
    stranger = Person(desk, "other officer")
    do_pass = acting(motion_id, reason="Schools are theirs.")
    city.pass_on(motion_id, "integration", do_pass)
    refused = stranger.send(page(motion_id, "acknowledge"), PAPER, reference="1")
    assert (refused.status_code, errors_of(refused)) == (422, ["Somebody else has to do this."])


def test_days_out_of_order_and_contradictory_votes_are_said_beside_the_field(desk: Flask) -> None:
    motion_id = forwarded()
    official = Person(desk, "other officer")
    refused = official.send(page(motion_id, "acknowledge"), reference="1", day=date(2027, 9, 13))
    assert errors_of(refused) == ["Choose a day from 14 September 2027 to 14 September 2027."]
    official.do(page(motion_id, "acknowledge"), reference="1")
    official.do(page(motion_id, "file-position"), position="agree", text="Yes.")
    refused = official.send(
        page(motion_id, "decide"), decision="noted_without_vote", body="Committee", yes="3", no="1"
    )
    assert errors_of(refused) == ["Nobody voted on what was only noted or settled. Leave the votes empty."]
    refused = official.send(page(motion_id, "file-position"), position="agree", text="Yes.", cost="much")
    assert errors_of(refused) == ["Write an amount in euros, such as 12000 or 12000.50."]


def test_what_was_only_noted_says_honestly_that_nothing_was_decided(desk: Flask) -> None:
    motion_id = forwarded()
    official = Person(desk, "other officer")
    official.do(page(motion_id, "acknowledge"), reference="1")
    official.do(page(motion_id, "file-position"), position="status_report", text="We look into it.")
    shown = official.do(
        page(motion_id, "decide"), decision="noted_without_vote", body="Committee for schools"
    )
    assert "Noted without a vote: no decision" in shown
    assert "The city has not decided." in shown


def test_more_time_is_asked_for_with_a_reason_that_everybody_reads(desk: Flask) -> None:
    motion_id = forwarded()
    official = Person(desk, "other officer")
    refused = official.send(page(motion_id, "extend"), step="999", reason="Why.")
    assert refused.status_code == 422
    step_id = str(motions.owed(db.session(), motion_id)[-1].id)
    refused = official.send(page(motion_id, "extend"), step=step_id, reason="The post is on strike.")
    assert errors_of(refused) == ["Name the new day."]
    shown = official.do(
        page(motion_id, "extend"),
        step=step_id,
        reason="The post is on strike.",
        new_due_on=date(2027, 10, 15),
    )
    assert "the day was moved from 21 September 2027 to 15 October 2027" in shown
    assert "The post is on strike." in shown


def test_the_department_of_one_measure_is_offered_that_measure_alone(desk: Flask) -> None:
    motion_id, ours, theirs = both_measures()
    city.pass_on(motion_id, "integration", acting(motion_id, reason="Schools are theirs."))
    official = Person(desk, "other officer")  # of housing, which carries out the first measure
    shown = official.browser.get(page(motion_id, "")).text
    offered = {
        act for act in ("plan", "update", "extend", "claim-done", "pass-on") if page(motion_id, act) in shown
    }
    assert offered == {"update", "extend"}
    assert "/correct" not in shown
    listed = official.browser.get(page(motion_id, "update")).text
    assert f"measures/{ours}/update" in listed
    assert f"measures/{theirs}/update" not in listed
    asked = official.read(page(motion_id, "extend"))
    assert "Train ten guides" in asked
    assert "Translate ten forms" not in asked
    assert "You can leave this empty." in asked
    official.do(page(motion_id, f"measures/{ours}/update"), state="running", text="We train.")
    refused = official.send(page(motion_id, f"measures/{theirs}/update"), state="running", text="We train.")
    assert errors_of(refused) == ["Somebody else has to do this."]


def test_a_correction_begins_with_what_was_entered_and_marks_it(desk: Flask) -> None:
    motion_id = decided()
    official = Person(desk, "other officer")
    event_id = (read.city_side(db.session(), motion_id) or pytest.fail("none")).decision.event_id  # type: ignore[union-attr]
    path = page(motion_id, f"events/{event_id}/correct")
    assert "Two schools, not ten." in official.browser.get(path).text
    shown = official.do(
        path,
        decision="partly",
        body="City council",
        wording="Three schools.",
        yes="41",
        no="12",
        reason="Typo.",
    )
    assert "Three schools." in shown
    assert "41 yes, 12 no" in shown
    assert "Corrected on 14 September 2027. Typo." in shown


def test_a_paper_is_served_where_a_public_event_names_it_and_nowhere_else(desk: Flask) -> None:
    motion_id, other = claimed(), forwarded()
    visitor = Browser(desk)
    numbers = {motion.id: f"AB-{motion.number:04d}" for motion in db.session.scalars(select(Motion))}
    shown = visitor.get(f"/motions/{numbers[motion_id]}/documents/1/")
    assert (shown.status_code, shown.mimetype, shown.data) == (200, "application/pdf", PAPER)
    assert "attachment" not in shown.headers["Content-Disposition"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    saved = visitor.get(f"/motions/{numbers[motion_id]}/documents/1/?download=1")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    for path in (
        f"/motions/{numbers[other]}/documents/1/",
        f"/motions/{numbers[motion_id]}/documents/2/",
        "/motions/AB-9999/documents/1/",
        "/motions/AB-x/documents/1/",
    ):
        assert visitor.get(path).status_code == 404, path


def test_amounts_are_written_as_the_reader_writes_them(desk: Flask) -> None:
    for language, whole, exact in (
        ("en", "€12,000", "€12,000.50"),
        ("de", "12.000\xa0€", "12.000,50\xa0€"),
        ("ar", "\u200f12,000\xa0€", "\u200f12,000.50\xa0€"),
    ):
        with desk.test_request_context("/"), force_locale(language):
            assert (words.euros(1_200_000), words.euros(1_200_050)) == (whole, exact)


def test_the_public_part_of_the_page_shows_measures_and_evidence(desk: Flask) -> None:
    motion_id, _measure = planned()
    session = db.session()
    with desk.test_request_context("/"):
        shown = render_template(
            "motions/_city.html",
            motion=find_motion(session, motion_id),
            city_side=read.city_side(session, motion_id),
        )
    assert "Train ten guides" in shown
    assert "No report yet." in shown
    assert "Correct it" not in shown
