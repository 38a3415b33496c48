"""Pages, files and feeds about motions, as everybody reads them."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, time, timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, write
from core.feeds import ATOM
from core.localized import Localized
from council.models import Member
from motions.models.drafting import MotionText
from motions.models.meetings import Meeting, Presence
from motions.models.motions import Motion
from motions.queries.listing import read_rows
from motions.rules.stages import Act, CityDecision, Stage
from motions.services.search import keep_found
from tests.city import found_city
from tests.conftest import TODAY
from tests.motions.city import at, do, draft, found_council_desk, member_id, tabled


@pytest.fixture
def desk(app: Flask) -> int:
    found_city()
    return found_council_desk()


def number(motion_id: int) -> str:
    return read_rows(db.session(), [motion_id])[0].number


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def words(page: str) -> str:
    """A page without its tags and line ends."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_late_step_is_said_first_with_days_and_whose_it_is(desk: int, client: FlaskClient) -> None:
    label = number(at(Stage.FORWARDED))
    with clock.freeze(date(2027, 10, 5)):
        page = read(client, f"/en/motions/{label}/")
    told = words(page)
    assert re.search(
        r"The city’s receipt was due Tuesday, 21 September 2027 14 days late\. Housing Office", told
    )
    assert page.index("a-clock--overdue") < page.index("a-letter")


def test_the_page_says_what_the_city_decided_and_how_the_motion_came_there(
    desk: int, client: FlaskClient
) -> None:
    label = number(at(Stage.DECIDED, decision=CityDecision.NOTED_WITHOUT_VOTE))
    told = words(read(client, f"/en/motions/{label}/"))
    assert "Noted without a vote: no decision" in told
    assert "Tabled and signed 14 September 2027" in told
    assert re.search(r"The city’s position 14 September 2027 42 days before the due day", told)
    assert "to come" not in told
    assert "Bilal Saleh" in told
    assert "Chiara Rossi" in told


def test_what_is_still_to_come_stands_on_the_way(desk: int, client: FlaskClient) -> None:
    told = words(read(client, f"/en/motions/{number(tabled())}/"))
    assert "The council votes to come" in told
    assert "The city’s decision to come" in told
    assert "The check whether it is admissible due by 28 September 2027" in told


def test_a_motion_is_found_by_any_spelling_of_its_number(desk: int, client: FlaskClient) -> None:
    label = number(tabled())
    for spelling in (label.lower(), "AB-1", "ab-٠٠٠١", "AB-00001"):
        answer = client.get(f"/en/motions/{spelling}/")
        assert (answer.status_code, answer.location) == (301, f"/en/motions/{label}/")
    for typed in (label, "1", "۱", " ab-1 "):
        answer = client.get("/en/motions/", query_string={"word": typed})
        assert (answer.status_code, answer.location) == (302, f"/en/motions/{label}/")


@pytest.mark.parametrize("label", ["AB-0002", "AB-9999999999999", "1", "XX-0001", "AB-", "%00", "AB-0001%00"])
def test_what_is_no_motion_is_not_found(desk: int, client: FlaskClient, label: str) -> None:
    tabled()
    read(client, f"/en/motions/{label}/", 404)


def test_drafts_and_withdrawn_drafts_do_not_exist(desk: int, client: FlaskClient) -> None:
    motion_id = draft(title="A private plan")
    do(motion_id, Act.WITHDRAW, "Bilal Saleh", reason="I changed my mind.")
    for path in (
        "/en/motions/",
        "/en/motions/register.json",
        "/en/motions/register.csv",
        "/en/motions/feed.atom",
    ):
        assert "private plan" not in read(client, path)
    member = read(client, f"/en/council/advisory-board/members/{member_id('Bilal Saleh')}/")
    assert "private plan" not in member
    assert "changed my mind" not in read(client, "/en/motions/feed.atom")


def test_translations_say_how_far_to_trust_them_and_the_original_stands_beside(
    desk: int, client: FlaskClient
) -> None:
    motion_id = tabled()
    with write() as session:
        text = session.scalars(select(MotionText).where(MotionText.motion_id == motion_id)).one()
        text.text = Localized.load(
            {
                "en": {"text": "The city pays.", "state": "original"},
                "ar": {"text": "تدفع المدينة.", "state": "outdated"},
            }
        )
    page = read(client, f"/ar/motions/{number(motion_id)}/")
    assert "تدفع المدينة." in page
    assert "The city pays." in page
    assert (
        "Translation of an older text" in words(read(client, f"/en/motions/{number(motion_id)}/"))
        or "a-twin" in page
    )


def test_hostile_words_of_a_motion_stay_words(desk: int, client: FlaskClient) -> None:
    evil = "<script>alert(1)</script>"
    label = number(tabled(title=evil, text=f"{evil} [x](javascript:alert(1))", reasons=evil))
    for path in (
        "/en/motions/",
        f"/en/motions/{label}/",
        f"/en/council/advisory-board/members/{member_id('Bilal Saleh')}/",
    ):
        page = read(client, path)
        assert "<script>alert" not in page
        assert 'href="javascript' not in page
    ET.fromstring(read(client, "/en/motions/feed.atom"))


HOSTILE = (
    "'; drop table motions_motion; --",
    "%",
    "_____",
    '"unclosed',
    'a" OR "b',
    "NEAR(school)",
    "school*",
    "\x00abc",
    "٪٪٪",
    "x" * 5_000,
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "folded:school",
    "-school ^school",
)


@pytest.mark.parametrize(
    "name", ["word", "state", "topic", "member", "term", "department", "after", "before"]
)
def test_hostile_filters_are_words_like_any_other(desk: int, client: FlaskClient, name: str) -> None:
    motion_id = tabled()
    with write() as session:
        keep_found(session, motion_id)
    for value in (*HOSTILE, "-1", "9" * 30, "²"):
        for path in ("/en/motions/", "/en/motions/register.json", "/en/motions/feed.atom"):
            answer = client.get(path, query_string={name: value})
            assert answer.status_code == 200, (path, value)
            assert db.session.get(Motion, motion_id) is not None


def test_short_words_are_left_out_and_said(desk: int, client: FlaskClient) -> None:
    tabled()
    told = words(read(client, "/en/motions/?word=of+interpreters"))
    assert "Words need three characters. These were left out: of" in told


def test_files_hold_the_rows_of_the_page_with_the_same_filters(desk: int, client: FlaskClient) -> None:
    housing, question = tabled(topic="housing", title="=1+1"), tabled(kind="question")
    for query, expected in (
        ("", [question, housing]),
        ("?topic=housing", [housing]),
        ("?kind=question", [question]),
    ):
        labels = [number(id) for id in expected]
        data = json.loads(read(client, f"/en/motions/register.json{query}"))
        table = list(
            csv.DictReader(
                io.StringIO(read(client, f"/en/motions/register.csv{query}").removeprefix("\ufeff"))
            )
        )
        assert [each["number"] for each in data["motions"]] == labels
        assert [each["number"] for each in table] == labels
        page = read(client, f"/en/motions/{query}")
        assert re.findall(r'<bdi dir="ltr">(AB-\d+)</bdi>', page) == labels
    assert table[0]["title"] == "Interpreters in schools"
    assert "'=1+1" in read(client, "/en/motions/register.csv")


def test_feeds_are_atom_with_ids_that_stay(desk: int, client: FlaskClient) -> None:
    motion_id, other = at(Stage.ADMISSIBLE), tabled(topic="housing")
    label = number(motion_id)
    before = entries(read(client, f"/en/motions/{label}/feed.atom"))
    with clock.freeze(TODAY + timedelta(days=3)):
        do(motion_id, Act.SCHEDULE, "Adwoa Mensah")
        after = entries(read(client, f"/de/motions/{label}/feed.atom"))
        everything = entries(read(client, "/en/motions/feed.atom"))
    assert after[1:] == before
    assert len(after) == len(before) + 1
    assert set(after) < set(everything)
    assert all(number(other) in id for id in entries(read(client, "/en/motions/feed.atom?topic=housing")))
    assert client.get(f"/en/motions/{label.lower()}/feed.atom").status_code == 301


def entries(feed: str) -> list[str]:
    """The ids of a feed's entries, after a look at what RFC 4287 asks for."""
    root = ET.fromstring(feed)
    assert root.tag == f"{{{ATOM}}}feed"
    for element in (root, *root.findall(f"{{{ATOM}}}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{{{ATOM}}}{name}")) == 1
            assert element.findtext(f"{{{ATOM}}}{name}")
    ids = [str(each.findtext(f"{{{ATOM}}}id")) for each in root.findall(f"{{{ATOM}}}entry")]
    assert len(set(ids)) == len(ids)
    return ids


def test_a_members_page_shows_seat_and_motions_and_nothing_of_the_account(
    desk: int, client: FlaskClient
) -> None:
    motion_id = tabled()
    with write() as session:
        keep_found(session, motion_id)
    author = words(read(client, f"/en/council/advisory-board/members/{member_id('Bilal Saleh')}/"))
    signer = words(read(client, f"/en/council/advisory-board/members/{member_id('Chiara Rossi')}/"))
    assert "Motions tabled 1 motion AB-0001" in author
    assert "Motions of others, signed 1 motion AB-0001" in signer
    assert "@" not in author
    assert "member02" not in author
    read(client, f"/en/council/other-council/members/{member_id('Bilal Saleh')}/", 404)
    read(client, "/en/council/advisory-board/members/2147483647/", 404)


def test_a_members_page_says_how_many_meetings_they_came_to(desk: int, client: FlaskClient) -> None:
    member = db.session.get_one(Member, member_id("Bilal Saleh"))
    with write() as session:
        for number, (state, present) in enumerate((("held", True), ("held", False), ("planned", False)), 1):
            starts = clock.in_the_city(TODAY + timedelta(days=number), time(18))
            meeting = Meeting(
                body_id=desk,
                term_id=member.term_id,
                number=number,
                state=state,
                starts_at=starts,
                place=Localized(),
                note=Localized(),
                invited_on=TODAY,
                created_at=clock.now(),
                modified_at=clock.now(),
            )
            session.add(meeting)
            session.flush()
            if present:
                session.add(
                    Presence(
                        meeting_id=meeting.id, sequence=1, member_id=member.id, present=True, excused=False
                    )
                )
    told = words(read(client, f"/en/council/advisory-board/members/{member.id}/"))
    assert "At 1 of 2 meetings" in told


def test_statistics_say_how_far_motions_came_and_rank_nobody(desk: int, client: FlaskClient) -> None:
    at(Stage.DECIDED, decision=CityDecision.NOTED_WITHOUT_VOTE)
    at(Stage.FORWARDED)
    told = words(read(client, "/en/motions/statistics/"))
    assert "Advisory Board 2 0 1 0 0 0 1" in told


def test_home_menu_council_and_registers_lead_to_motions(desk: int, client: FlaskClient) -> None:
    label = number(tabled())
    page = f"/en/motions/{label}/"
    home = read(client, "/en/")
    assert 'href="/en/motions/"' in home
    assert page in home
    body = read(client, "/en/council/advisory-board/")
    assert f'href="/en/motions/?council={desk}"' in body
    assert f"/en/council/advisory-board/members/{member_id('Bilal Saleh')}/" in body
    assert f'href="{page}"' in read(client, "/en/council/advisory-board/register/")
    with clock.freeze(date(2027, 11, 1)):
        assert f'href="{page}"' in read(client, "/en/ledger/")
        assert f'href="{page}"' in read(client, "/en/")
