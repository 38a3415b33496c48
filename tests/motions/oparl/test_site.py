"""Our own site conforms, with all that happens in a council, and says nothing that is not public."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db
from motions.models.motions import Motion
from motions.models.oparl import PublishedObject
from motions.oparl.crawl import check_site
from motions.oparl.work import publish_council, publish_everything
from tests.city import found_city, on_one_database
from tests.motions.oparl.client import ROOT, afresh, fetching, got
from tests.motions.oparl.council import PDF, busy, publish


@pytest.fixture
def council(app: Flask) -> Flask:
    """Published by what the services left to the outbox."""
    busy()
    publish()
    return app


def of_type(objects: dict[str, dict[str, object]], type: str) -> list[dict[str, object]]:
    return [each for each in objects.values() if str(each["type"]).endswith(f"/{type}")]


@pytest.mark.slow
def test_the_checker_finds_no_fault_in_a_council_at_work_and_nothing_waits_unpublished(
    council: Flask,
) -> None:
    read: list[int] = []
    assert check_site(ROOT, fetching(council), read.append) == []
    assert len(read) > 100

    objects = afresh(council)
    counts = {
        type: len(of_type(objects, type))
        for type in ("Body", "Organization", "Person", "Membership", "Meeting", "AgendaItem", "Paper", "File")
    }
    assert counts == {
        "Body": 1,
        "Organization": 3,  # the council and two departments
        "Person": 6,
        "Membership": 6,
        "Meeting": 3,
        "AgendaItem": 4,
        "Paper": 8,  # five motions, an amendment, two positions
        "File": 7,
    }
    # What the outbox published is all there is: the nightly turn changes no object and no moment.
    publish_council({})
    publish_everything({})
    assert afresh(council) == objects


@on_one_database
def test_what_is_private_is_nowhere(council: Flask) -> None:
    everything = "".join(row.content for row in db.session.query(PublishedObject))
    for secret in ("A secret", "About a person", "Not invited to yet", "lindhafen.example", "member0"):
        assert secret not in everything
    hidden = [each for each in of_type(afresh(council), "AgendaItem") if each["public"] is False]
    assert [sorted(each) for each in hidden] == [
        ["created", "id", "meeting", "modified", "number", "order", "public", "type"]
    ]
    drafts = db.session.scalars(select(Motion.id).where(Motion.number.is_(None))).all()
    assert len(drafts) == 2
    for id in drafts:
        assert fetching(council)(f"{ROOT}/paper/motion-{id}").status == 404


@on_one_database
def test_votes_deadlines_positions_and_measures_stand_with_a_prefix_of_ours(council: Flask) -> None:
    objects = afresh(council)
    voted = next(each for each in of_type(objects, "AgendaItem") if "answerable:votes" in each)
    assert (voted["result"], voted["resolutionText"]) == ("angenommen", "The city pays for interpreters.")
    assert voted["answerable:votes"][1]["byName"] == [  # type: ignore[index]
        {"person": f"{ROOT}/person/1", "choice": "yes"},
        {"person": f"{ROOT}/person/2", "choice": "no"},
    ]
    papers = {str(each.get("reference", each["name"])): each for each in of_type(objects, "Paper")}
    answered = next(each for each in papers.values() if each.get("answerable:stage") == "position_filed")
    position = objects[answered["relatedPaper"][0]]  # type: ignore[index]
    assert position["answerable:facts"] == {"position": "agree", "cents": 12000}
    assert position["mainFile"]["sha512Checksum"] == hashlib.sha512(PDF).hexdigest()  # type: ignore[index]
    steps = {each["step"]: each for each in answered["answerable:deadlines"]}  # type: ignore[union-attr]
    assert [name for name, step in steps.items() if "met" not in step] == ["decision"]
    closed = next(each for each in papers.values() if each.get("answerable:stage") == "closed")
    assert closed["answerable:measures"][0]["budgetCents"] == 1_200_000  # type: ignore[index]


def test_a_city_without_a_council_conforms_too(app: Flask) -> None:
    found_city()
    publish()
    assert check_site(ROOT, fetching(app)) == []
    assert got(app, "/body/1")["legislativeTerm"] == []


@on_one_database
def test_letters_stand_as_they_are(council: Flask) -> None:
    came = fetching(council)(f"{ROOT}/body/1/agendaitem")
    assert b"Greeting & tea" in came.body
    assert "durchgeführt".encode() in fetching(council)(f"{ROOT}/body/1/meeting").body
    assert came.headers["access-control-allow-origin"] == "*"
    assert json.loads(came.body)["pagination"] == {"elementsPerPage": 100}
