"""Whoever asks for what changed since ends with what a whole crawl finds; nothing is passed over while others edit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock, outbox
from core.db import db, insert_rows, write
from core.documents import stored
from core.localized import State
from council.models import Member
from council.rules import Ground, Way
from council.services.accounts import link_account
from council.services.bodies import NewSeatClass
from council.services.seating import NewMember, begin_term
from council.services.vacancies import leave_member
from motions.models.drafting import MotionText
from motions.models.meetings import AgendaItem, Meeting
from motions.models.oparl import PublishedObject
from motions.oparl.crawl import check_site
from motions.oparl.objects.made import dump
from motions.oparl.work import publish_council
from motions.rules.stages import Act, Stage
from tests.city import on_one_database, staff
from tests.conftest import TODAY
from tests.council.city import BEGINS, ENDS, english, found_council
from tests.motions.city import NAMES, account, do, member_id, responsible, tabled
from tests.motions.oparl.client import ROOT, Client, afresh, fetching, got, pages
from tests.motions.oparl.council import amend, busy, change, item, meeting, motion, publish, vote


def forward() -> None:
    motion_id = motion(Stage.ADOPTED)
    responsible(motion_id)
    do(motion_id, Act.FORWARD, "officer")


def take_off() -> None:
    found = db.session.scalars(
        select(AgendaItem.id).where(AgendaItem.motion_id == motion(Stage.SCHEDULED))
    ).one()
    change(AgendaItem, found, removed_on=clock.today())


def erase_document() -> None:
    with write() as session:
        stored.erase(session, session.scalars(select(stored.StoredDocument.id)).one())


def meet_again() -> None:
    new = meeting(4, "invited", 60)
    item(new, 0, "motion", motion(Stage.SUBMITTED))


def vote_in_the_next_meeting() -> None:
    found = db.session.scalars(
        select(AgendaItem).where(AgendaItem.motion_id.is_not(None)).order_by(AgendaItem.id.desc())
    ).first()
    assert found is not None
    vote(found.id, "postponement", by_name=True)


def call_off() -> None:
    found = db.session.scalars(select(Meeting.id).where(Meeting.number == 2)).one()
    change(Meeting, found, state="cancelled", note=english("Too few can come."))


def resign() -> None:
    leave_member(member_id(NAMES[3]), TODAY, Ground.RESIGNED, staff("clerk"))


def follow() -> None:
    """Somebody takes the empty seat."""
    gone = db.session.get_one(Member, member_id(NAMES[3]))
    with write() as session:
        session.add(
            Member(
                term_id=gone.term_id,
                seat_class_id=gone.seat_class_id,
                name="Ines Costa",
                organisation="Bridge",
                since_on=TODAY,
            )
        )


def sit_on_two_councils() -> None:
    """Somebody who signs in turns out to sit on another council too: one person, with two memberships."""
    other = found_council(
        key="youth-council",
        register_code="YC",
        seat_classes=[NewSeatClass("youth", Way.ELECTED, english("Youth"), 3)],
    )
    begin_term(other, BEGINS, ENDS, [NewMember("youth", NAMES[1], None, None, None)], (), staff("clerk"))
    publish()
    second = db.session.scalars(
        select(Member.id).where(Member.name == NAMES[1]).order_by(Member.id.desc()).limit(1)
    ).one()
    link_account(second, account(NAMES[1]).id, staff("clerk"))


def translate() -> None:
    found = db.session.scalars(
        select(MotionText).where(MotionText.motion_id == motion(Stage.SUBMITTED))
    ).one()
    change(MotionText, found.id, title=found.title.with_version("de", "Noch ein Antrag", State.MACHINE))


CHANGES: tuple[Callable[[], object], ...] = (
    forward,
    lambda: amend(motion(Stage.SUBMITTED)),
    take_off,
    meet_again,
    vote_in_the_next_meeting,
    erase_document,
    tabled,
    translate,
    resign,
    follow,
    call_off,
    sit_on_two_councils,
)


@pytest.mark.slow
def test_a_client_that_asks_for_changes_ends_with_what_a_whole_crawl_finds(app: Flask) -> None:
    busy()
    publish()
    client = Client(app)
    client.crawl()
    assert client.objects == afresh(app)
    quiet = client.crawl()
    assert len(quiet) <= len(client.newest)  # each list gives the newest one again, and nothing else

    for number, happen in enumerate(CHANGES, 1):
        with clock.freeze(clock.now() + timedelta(minutes=number)):
            happen()
            publish()
            came = client.crawl()
            assert client.objects == afresh(app), happen
            assert len(came) < 40, "only what changed came"

    deleted = [row for row in db.session.query(PublishedObject) if row.deleted]
    assert {row.type for row in deleted} == {"AgendaItem", "Consultation", "File", "Person"}
    for row in deleted:
        assert sorted(got(app, f"/{row.type.lower()}/{row.key}")) == [
            "created",
            "deleted",
            "id",
            "modified",
            "type",
        ]
    # Two seats became one person's: the outbox goes over everything once more, and then the site conforms.
    waiting = select(outbox.OutboxItem.id).where(outbox.OutboxItem.kind == "motions.oparl_all")
    with clock.freeze(clock.now() + timedelta(hours=2)):
        assert all(outbox.run_one(id) for id in db.session.scalars(waiting).all())
    assert check_site(ROOT, fetching(app)) == []


@on_one_database
def test_what_is_removed_moves_what_it_stood_in(app: Flask) -> None:
    busy()
    publish()
    invited = next(each for each in afresh(app).values() if each.get("answerable:state") == "invited")
    gone = invited["agendaItem"][0]
    paper = gone["answerable:paper"].removeprefix(ROOT)
    before = got(app, paper)
    change(AgendaItem, int(gone["id"].rsplit("/", 1)[-1]), removed_on=clock.today())
    publish()
    after = got(app, invited["id"])
    assert after["modified"] > invited["modified"]
    assert "agendaItem" not in after
    assert got(app, paper)["modified"] > before["modified"]
    assert got(app, gone["id"])["deleted"] is True
    listed = [each["id"] for page in pages(app, f"{ROOT}/body/1/agendaitem") for each in page["data"]]
    assert gone["id"] not in listed


def rows(count: int, start: int = 0) -> Iterator[dict[str, object]]:
    """Papers as they are kept, without what they are made from."""
    begin = clock.now()
    for n in range(start, start + count):
        at = begin + timedelta(microseconds=n)
        content = dump({"id": f"\x01/paper/bulk-{n}", "created": at.isoformat(), "modified": at.isoformat()})
        yield {
            "type": "Paper",
            "key": f"bulk-{n}",
            "scope": f"bulk-{n}",
            "created": at,
            "modified": at,
            "deleted": False,
            "digest": hashlib.sha256(content.encode()).hexdigest(),
            "source": None,
            "body_id": None,
            "content": content,
        }


def test_a_crawl_has_no_gaps_and_no_repeats_while_others_edit(app: Flask) -> None:
    with write() as session:
        insert_rows(session, PublishedObject, list(rows(1200)))
    seen: list[str] = []
    removed: set[str] = set()
    for number, page in enumerate(pages(app, f"{ROOT}/body/1/paper?limit=50")):
        seen += [each["id"] for each in page["data"]]
        with write() as session:  # on each turn one is changed, one is deleted ahead, and one comes in
            ahead = session.scalars(
                select(PublishedObject).where(
                    PublishedObject.key.in_((f"bulk-{number}", f"bulk-{number * 50 + 75}"))
                )
            ).all()
            for row in ahead:
                row.modified = clock.now() + timedelta(days=1)
                if row.key != f"bulk-{number}":
                    row.deleted = True
                    removed.add(f"{ROOT}/paper/{row.key}")
            if number < 20:
                insert_rows(session, PublishedObject, list(rows(1, 1200 + number)))
    assert len(seen) == len(set(seen))
    assert {f"{ROOT}/paper/bulk-{n}" for n in range(1220)} - removed == set(seen)


def test_pages_lead_on_and_back_and_keep_what_was_asked(app: Flask) -> None:
    with write() as session:
        insert_rows(session, PublishedObject, list(rows(25)))
    since = quote((clock.now() + timedelta(microseconds=5)).isoformat(), safe="")
    base = f"{ROOT}/body/1/paper?modified_since={since}&limit=8"
    forth = list(pages(app, base))
    assert [len(page["data"]) for page in forth] == [8, 8, 4]
    assert [sorted(page["links"]) for page in forth] == [
        ["first", "next", "self"],
        ["first", "next", "prev", "self"],
        ["first", "prev", "self"],
    ]
    assert all(f"modified_since={since}&limit=8" in link for page in forth for link in page["links"].values())
    back = got(app, forth[2]["links"]["prev"])
    assert back["data"] == forth[1]["data"]
    assert got(app, back["links"]["prev"])["data"] == forth[0]["data"]
    assert got(app, back["links"]["next"])["data"] == forth[2]["data"]
    assert got(app, forth[1]["links"]["self"]) == forth[1]


@on_one_database
@pytest.mark.parametrize(
    ("asked", "status", "place"),
    [
        ("/oparl/v1.1", 200, None),
        ("/oparl/v1.1/", 301, ""),
        ("/de/oparl/v1.1", 301, ""),
        ("/oparl/v1.1?print=1", 301, ""),
        ("/oparl/v1.1/Body/1/", 301, "/body/1"),
        ("/de/oparl/v1.1/body/1/paper?limit=5", 301, "/body/1/paper?limit=5"),
        ("/oparl/v1.1/body/1/Paper?limit=5", 301, "/body/1/paper?limit=5"),
        (
            "/oparl/v1.1/body/1/paper?limit=5&omit_internal=true",
            301,
            "/body/1/paper?omit_internal=true&limit=5",
        ),
        ("/oparl/v1.1/body/1/paper?limit=5&color=red", 301, "/body/1/paper?limit=5"),
        ("/oparl/v1.1/body/1/paper?limit=0", 400, None),
        ("/oparl/v1.1/body/1/paper?after=x", 400, None),
        ("/oparl/v1.1/body/1/paper?after=1&before=9", 400, None),
        ("/oparl/v1.1/body/1/paper?omit_internal=perhaps", 400, None),
        ("/oparl/v1.1/body/1/paper?modified_since=yesterday", 400, None),
        ("/oparl/v1.1/body/1/paper?modified_since=2028-01-01T00:00:00", 400, None),
        ("/oparl/v1.1/body/1/paper?modified_since=2028-01-01T00:00:00%2B01:00", 200, None),
        ("/oparl/v1.1/body/1/paper?modified_since=2028-01-01T00:00:00+01:00", 200, None),
        ("/oparl/v1.1/body/2", 404, None),
        ("/oparl/v1.1/paper/motion-1", 404, None),
        ("/oparl/v1.1/file/text-1/open", 404, None),
        ("/oparl/v1.1/organization/9/meeting", 404, None),
        ("/oparl/v1.1/nothing/at/all", 404, None),
    ],
)
def test_each_address_is_written_in_one_way(app: Flask, asked: str, status: int, place: str | None) -> None:
    publish_council({})
    came = app.test_client().get(asked, base_url="http://answerable.test")
    assert came.status_code == status
    assert came.headers["Access-Control-Allow-Origin"] == "*"
    if place is not None:
        assert came.headers["Location"] == ROOT + place
    if status >= 400:
        assert json.loads(came.data)["type"] == "https://schema.oparl.org/1.1/Error"
        assert json.loads(came.data)["message"]
