"""What a member mends in private and never hands in: nobody reads it, nobody adopts it, nothing is sent to the city with it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from core import clock
from core.db import db, write
from core.errors import DomainError
from motions.models.drafting import MotionText
from motions.models.motions import Motion, MotionEvent
from motions.queries import meetings, motions
from motions.rules.drafting import Text
from motions.rules.meetings import About
from motions.rules.stages import Act, Part, Stage
from motions.services import amendments, city, drafting
from motions.services.acts import Doing, lock_motion
from tests.accounts.browsers import Browser
from tests.city import everything, found_city, staff
from tests.conftest import TODAY
from tests.motions.city import acting_member, at, do, found_council_desk, stage_of, tabled
from tests.motions.meetings import MEETING_DAY, NEXT_DAY, hands, invited, item_of, opened, vote

AUTHOR = "Bilal Saleh"
PRIVATE = Text("A private title", "The mayor pays from a private purse.", "Nobody has read this.")


@pytest.fixture
def desk(app: Flask) -> int:
    found_city()
    return found_council_desk()


def clerk(**more: Any) -> Doing:
    return Doing(staff("clerk"), frozenset({Part.CLERK}), language="en", **more)


def mended() -> int:
    """A motion that was returned, and that its author mends in private; returns its id."""
    motion_id = tabled()
    do(motion_id, Act.RETURN, "officer", reason="It says nobody who should do it.")
    drafting.change_text(motion_id, 1, "schools", PRIVATE, acting_member(AUTHOR))
    return motion_id


def withdrawn_and_closed() -> int:
    motion_id = mended()
    drafting.withdraw(motion_id, "It is settled.", acting_member(AUTHOR))
    city.close(motion_id, clerk(reason="It was withdrawn."))
    return motion_id


def public_digest(motion_id: int) -> str:
    return motions.words(db.session(), motion_id, public=True).digest


def motion(motion_id: int) -> Motion:
    db.session.expire_all()
    return db.session.get_one(Motion, motion_id)


def test_what_was_mended_and_then_withdrawn_is_on_no_agenda_and_is_never_adopted(
    app: Flask, desk: int
) -> None:
    motion_id = withdrawn_and_closed()
    assert (motion(motion_id).text_version, motion(motion_id).title.best("en").text) == (
        1,
        "Interpreters in schools",
    )
    meeting_id = invited(motions=[motion_id])
    agenda = Browser(app).get(f"/meetings/{meeting_id}/agenda.pdf")
    read = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(agenda.data)).pages)
    assert "The city pays for interpreters." in read
    assert "private" not in read
    with clock.freeze(MEETING_DAY):
        opened(meeting_id)
        vote_id = hands(item_of(meeting_id, motion_id), 5, 0, about=About.REOPENING, reason="We need it.")
        assert stage_of(motion_id) is Stage.ADMISSIBLE
        assert vote(vote_id).text_digest in (None, public_digest(motion_id))
        again = invited(NEXT_DAY, motions=[motion_id])
    with clock.freeze(NEXT_DAY):
        opened(again)
        hands(item_of(again, motion_id), 5, 0)
        assert motion(motion_id).final_digest == public_digest(motion_id)
        officer = Doing(staff("officer"), frozenset({Part.OFFICE}), language="en")
        city.forward(motion_id, "housing", officer)
    sent = db.session.scalars(select(MotionEvent.facts).where(MotionEvent.kind == "forward")).one()
    assert (sent["digest"], sent["version"]) == (public_digest(motion_id), 1)


def test_words_that_are_not_public_are_no_paper_and_are_neither_adopted_nor_sent(desk: int) -> None:
    motion_id = at(Stage.SCHEDULED)
    with write() as session:
        row = session.get_one(Motion, motion_id)
        drafting.add_version(session, row, drafting.words_of(session, row), PRIVATE)
    assert meetings.paper(db.session(), motion_id).version == 1
    with write() as session:
        digest = amendments.final_text(session, lock_motion(session, motion_id), TODAY)
    assert (digest, motion(motion_id).text_version) == (public_digest(motion_id), 1)
    with write() as session:
        row = session.get_one(Motion, motion_id)
        private = session.scalars(
            select(MotionText).where(MotionText.motion_id == motion_id, MotionText.version == 2)
        ).one()
        row.stage, row.text_version, row.final_digest = "adopted", 2, private.digest
    before = everything()
    officer = Doing(staff("officer"), frozenset({Part.OFFICE}), language="en")
    with pytest.raises(DomainError, match="forwarded_text_differs"):
        city.forward(motion_id, "housing", officer)
    assert everything() == before


def test_the_office_reads_the_public_words_while_others_are_being_mended(desk: int) -> None:
    motion_id = mended()
    assert motions.words(db.session(), motion_id).version == 2
    drafting.withdraw(motion_id, "It is settled.", acting_member(AUTHOR))
    db.session.expire_all()
    assert motions.words(db.session(), motion_id).version == 1
    assert [each.version for each in motions.versions(db.session(), motion_id)] == [1]
