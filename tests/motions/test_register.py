"""The public register: newest first, filtered, searched in any script; drafts and what is being mended do not show."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from core import clock, outbox
from core.db import db, write
from core.localized import Localized
from motions.models.drafting import MotionText
from motions.models.motions import STATES, Motion
from motions.queries import listing
from motions.queries.listing import Filter
from motions.rules.register import LATE, State, place_of, state_of
from motions.rules.stages import Act, CityDecision, Stage
from motions.services.search import keep_found
from tests.city import found_city
from tests.conftest import TODAY
from tests.motions.city import at, do, draft, found_council_desk, member_id, tabled


@pytest.fixture
def desk(app: Flask) -> int:
    found_city()
    return found_council_desk()


def known() -> None:
    """Search learns everything that is public."""
    with write() as session:
        for motion_id in session.scalars(select(Motion.id).where(Motion.number.is_not(None))):
            keep_found(session, motion_id)


def found(**wanted: object) -> list[int]:
    known()
    return listing.find_ids(db.session(), Filter(**wanted), most=100)  # type: ignore[arg-type]


def test_the_newest_motion_stands_first_and_drafts_do_not_exist(desk: int) -> None:
    first = tabled()
    with clock.freeze(TODAY + timedelta(days=1)):
        second = tabled()
    draft()
    assert found() == [second, first]


def test_pages_follow_each_other_without_gaps_and_lead_back(
    desk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    motions = [tabled() for _ in range(5)][::-1]
    session = db.session()
    first = listing.read_page(session, Filter())
    second = listing.read_page(session, Filter(), after=first.rows[-1].place)
    third = listing.read_page(session, Filter(), after=second.rows[-1].place)
    back = listing.read_page(session, Filter(), before=second.rows[0].place)
    assert [row.id for page in (first, second, third) for row in page.rows] == motions
    assert [(page.earlier, page.later) for page in (first, second, third)] == [
        (False, True),
        (True, True),
        (True, False),
    ]
    assert ([row.id for row in back.rows], back.earlier, back.later) == (motions[:2], False, True)
    assert (first.count, second.count) == (5, None)


def test_every_filter_leaves_what_fits_and_they_combine(desk: int) -> None:
    housing = tabled(topic="housing")
    question = tabled(kind="question", author="Femi Okoro")
    in_city = at(Stage.FORWARDED)
    department = db.session.get_one(Motion, in_city).department_id
    assert found(topic="housing") == [housing]
    assert found(kind="question") == [question]
    assert found(department=department) == [in_city]
    assert found(member=member_id("Femi Okoro")) == [question]
    assert found(member=member_id("Elif Demir")) == [in_city, question, housing]
    assert found(council=desk, state="city") == [in_city]
    assert found(state="council", kind="motion") == [housing]
    assert found(topic="housing", kind="question") == []


def test_a_members_motions_come_page_by_page_in_both_directions(
    desk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    own = [tabled(author="Femi Okoro") for _ in range(5)][::-1]
    tabled(author="Bilal Saleh")
    known()
    session, wanted = db.session(), Filter(member=member_id("Femi Okoro"))
    first = listing.read_page(session, wanted)
    second = listing.read_page(session, wanted, after=first.rows[-1].place)
    back = listing.read_page(session, wanted, before=second.rows[-1].place)
    assert [row.id for page in (first, second) for row in page.rows] == own[:4]
    assert [row.id for row in back.rows] == own[1:3]
    assert found(member=wanted.member, word="interpreters", kind="motion") == own
    assert found(member=wanted.member, kind="question") == []


def test_who_takes_a_motion_over_is_found_under_it_and_who_gave_it_up_is_not(desk: int) -> None:
    motion_id = tabled(author="Femi Okoro")
    assert found(member=member_id("Femi Okoro")) == [motion_id]
    with write() as session:
        session.get_one(Motion, motion_id).author_id = member_id("Dariusz Nowak")
    assert found(member=member_id("Femi Okoro")) == []
    assert found(member=member_id("Dariusz Nowak")) == [motion_id]


def test_late_is_what_somebody_owes_since_yesterday(desk: int) -> None:
    waiting, closed = tabled(), at(Stage.CLOSED)
    assert found(state=LATE) == []
    with clock.freeze(date(2027, 9, 29)):
        assert found(state=LATE) == [waiting]
        rows = listing.read_rows(db.session(), [waiting, closed])
        assert [(row.is_late, row.step) for row in rows] == [(True, "admissibility"), (False, None)]


@pytest.mark.parametrize(
    "word", ["Dolmetscher", "dolmetsch", "ДИТЯЧИЙ садок", "مُتَرجِم", "مترجم", "学校翻译", "Schule dolmetscher"]
)
def test_words_are_found_in_any_script_and_language_version(desk: int, word: str) -> None:
    motion_id = tabled(title="Dolmetscher in der Schule", reasons="Дитячий садок")
    other = tabled(title="A bench in the park")
    with write() as session:
        words = session.scalars(select(MotionText).where(MotionText.motion_id == motion_id)).one()
        words.text = Localized.of(
            {"en": words.text.best("en").text, "ar": "مترجمون", "zh": "学校翻译员"}, "en"
        )
    assert found(word=word) == [motion_id]
    assert found(word=word, topic="housing") == []
    assert other in found(word="bench")


def test_search_goes_on_in_the_index_when_the_newest_do_not_fill_a_page(
    desk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("_NEWEST", (1, 1)), ("_PIECE", 2), ("_WIDEST", 3)):
        monkeypatch.setattr(listing, name, value)
    motions = [tabled(title="A tram stop" if n % 2 else "A bus stop") for n in range(9)]
    trams = motions[1::2][::-1]
    assert found(word="tram") == trams
    assert found(word="stop tram", kind="motion") == trams
    bound = place_of(TODAY, motions[4])
    session = db.session()
    assert listing.find_ids(session, Filter(word="tram"), bound, most=9) == trams[2:]
    assert listing.find_ids(session, Filter(word="tram"), bound, backwards=True, most=9) == trams[1::-1]
    assert listing.find_ids(session, Filter(word='"tram" OR'), most=9) == []


def test_hits_are_counted_up_to_a_hundred(desk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED", 2)
    monkeypatch.setattr(listing, "PAGE", 1)
    for _ in range(4):
        tabled()
    known()
    assert listing.read_page(db.session(), Filter(word="interpreters")).count == 3


def test_what_is_being_mended_is_searched_and_shown_as_it_was_public_last(
    desk: int, client: FlaskClient
) -> None:
    motion_id = tabled(title="Interpreters in schools")
    do(motion_id, Act.RETURN, "officer", reason="Costs are missing.")
    with write() as session:
        motion = session.get_one(Motion, motion_id)
        old = session.scalars(select(MotionText).where(MotionText.motion_id == motion_id)).one()
        new = {name: Localized.original("en", "Secret words") for name in ("title", "text", "reasons")}
        session.add(
            MotionText(
                motion_id=motion_id,
                version=2,
                costs=old.costs,
                digest="2",
                salt=b"2",
                written_on=TODAY,
                **new,
            )
        )
        motion.text_version, motion.title = 2, new["title"]
    do(motion_id, Act.CHANGE_TEXT, "Bilal Saleh")
    assert found(word="secret") == []
    assert found(state="council") == [motion_id]
    for path in ("/en/motions/", f"/en/motions/{number(motion_id)}/", "/en/motions/feed.atom"):
        page = client.get(path).get_data(as_text=True)
        assert "Secret" not in page, path
        assert "Interpreters in schools" in page, path
    assert "Returned to be mended" in client.get("/en/motions/").get_data(as_text=True)


def number(motion_id: int) -> str:
    return listing.read_rows(db.session(), [motion_id])[0].number


def test_search_learns_of_a_text_with_the_mail_about_it(desk: int) -> None:
    motion_id = tabled(title="Interpreters in schools")
    assert listing.find_ids(db.session(), Filter(word="interpreters"), most=9) == []
    for item in outbox.claim(1000):
        outbox.run_one(item)
    assert listing.find_ids(db.session(), Filter(word="interpreters"), most=9) == [motion_id]


def test_states_in_the_database_are_those_of_the_rule(app: Flask) -> None:
    decisions: list[CityDecision | None] = [None, *CityDecision]
    asked = ", ".join(f"CASE WHEN {condition} THEN '{state}' END" for state, condition in STATES.items())
    for stage in Stage:
        compare_states(asked, list(product([stage], decisions, (False, True), (False, True))))


def compare_states(asked: str, grid: list[tuple[Stage, CityDecision | None, bool, bool]]) -> None:
    rows = " UNION ALL ".join(
        f"SELECT {place} AS place, '{stage}' AS stage, {quoted(decision)}"
        f" AS city_decision, {1 if forwarded else 'CAST(NULL AS int)'} AS department_id,"
        f" {1 if dealt else 'CAST(NULL AS int)'} AS dealt_on"
        for place, (stage, decision, forwarded, dealt) in enumerate(grid)
    )
    found = db.session.execute(text(f"SELECT {asked} FROM ({rows}) AS motion ORDER BY place")).all()
    for (stage, decision, forwarded, dealt), states in zip(grid, found, strict=True):
        if (stage, decision) == (Stage.DECIDED, None):
            continue  # the act brings the decision
        expected = state_of(stage, decision, forwarded=forwarded, dealt=dealt)
        assert [each for each in states if each] == [expected], (stage, decision)


def quoted(decision: CityDecision | None) -> str:
    return f"'{decision}'" if decision else "CAST(NULL AS varchar)"


def test_each_state_is_what_people_expect() -> None:
    expected = {
        (Stage.REFERRED, None, False, False): State.COUNCIL,
        (Stage.ADOPTED, None, False, True): State.CITY,
        (Stage.DECIDED, CityDecision.PARTLY, True, True): State.DOING,
        (Stage.DECIDED, CityDecision.REJECTED, True, True): State.REFUSED,
        (Stage.DECIDED, CityDecision.NOTED_WITHOUT_VOTE, True, True): State.WITHOUT,
        (Stage.CLOSED, CityDecision.SETTLED_BY_OFFICE, True, True): State.WITHOUT,
        (Stage.CLOSED, CityDecision.ADOPTED, True, True): State.DONE,
        (Stage.CLOSED, None, True, False): State.DONE,
        (Stage.CLOSED, None, False, True): State.REFUSED,
        (Stage.CLOSED, None, False, False): State.WITHOUT,
    }
    for (stage, decision, forwarded, dealt), state in expected.items():
        assert state_of(stage, decision, forwarded=forwarded, dealt=dealt) is state
