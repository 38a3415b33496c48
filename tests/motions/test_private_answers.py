"""What a member asked for help with is between them and whoever answers: everybody sees the promise, its clock, and no word."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.commands.audit import Finding, check
from core import clock
from core.audit import canonical
from core.db import db, write
from core.errors import DomainError
from council.models import Member
from followup import events, subjects
from followup.models import Promise
from followup.services import replies
from motions import events as motion_events
from motions.services import requests
from tests.accounts.browsers import Browser, text_of
from tests.accounts.people import Person
from tests.city import (
    answer,
    draft_answer,
    entries,
    everything,
    found_city,
    on_one_database,
    register_id,
    reply_text,
    staff,
)
from tests.conftest import TODAY
from tests.consult.resident import Resident
from tests.core.test_audit_check import tamper
from tests.council.city import KEY
from tests.motions.city import NAMES, acting_member, found_council_desk, member_id
from tests.motions.meetings import plan
from tests.motions.test_suggestions import suggest

CARER = "A carer comes for your two children, 3 and 5, to Elm Street 4."
MINE = "/office/meetings/requests/"
REGISTER = f"/council/{KEY}/register/"
CHAIN = f"/council/{KEY}/chain.json"
PUBLIC = (
    REGISTER,
    CHAIN,
    f"/council/{KEY}/",
    f"/council/{KEY}.json",
    f"/council/{KEY}/history/",
    "/ledger/",
    "/ledger.json",
    "/ledger.csv",
    "/ledger/overdue.csv",
    "/ledger.atom",
    "/",
    "/meetings/",
    "/meetings/1/",
    "/motions/",
    "/motions/statistics/",
)


@pytest.fixture
def desk(app: Flask) -> Flask:
    found_city()
    found_council_desk()
    return app


def ask(name: str = NAMES[1], text: str = "Two children, 3 and 5") -> int:
    """Childcare that a member asks for at the first meeting; returns the register number."""
    meeting_id = 1 if entries(motion_events.REQUEST_RECEIVE) else plan()
    id = requests.ask_for_help(
        meeting_id, member_id(name), "childcare", text, None, "en", acting_member(name)
    )
    wanted = (Promise.subject_kind == motion_events.REQUEST, Promise.subject_id == id)
    return db.session.scalars(select(Promise.number).where(*wanted)).one()


def give(number: int, reason: str = CARER, outcome: str = "accepted") -> int:
    return answer([number], code="AB", reason=reason, outcome=outcome, change="From 18:00.")


def correct(reply_id: int, reason: str, note: str) -> None:
    """A new version, written, approved and released."""
    replies.correct_reply(reply_id, staff("clerk"))
    text = reply_text(reason=reason, outcome="not_accepted", correction_note=note)
    replies.edit_answer(reply_id, 1, text, staff("clerk"), submit=True)
    replies.approve_answers([(reply_id, 2)], staff("approver"))
    replies.publish_replies(register_id("AB"), staff("approver"))


def found() -> list[Finding]:
    return [result.finding for result in check(db.session())[0] if result.finding]


def chain(app: Flask) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = json.loads(Browser(app).get(CHAIN).text)["entries"]
    return entries


# What everybody reads -------------------------------------------------------------------------------------------------


def test_the_register_says_that_a_request_was_answered_and_when_and_nothing_else(desk: Flask) -> None:
    number = ask()
    waiting = text_of(Browser(desk).get(REGISTER))
    assert f"AB-{number:04d}" in waiting
    assert "Waiting" in waiting
    give(number)
    page = text_of(Browser(desk).get(REGISTER))
    assert "Answered" in page
    assert "The answer is private." in page
    assert "Accepted" not in page
    assert "Step met" not in page
    assert found() == []


def test_no_public_page_file_or_feed_has_a_word_of_the_answer_or_of_its_correction(desk: Flask) -> None:
    correct(give(ask()), "No carer was free on Elm Street.", "The carer is ill.")
    public = Browser(desk)
    for place in PUBLIC:
        page = public.get(place)
        assert page.status_code == 200, place
        for words in ("carer", "Elm Street", "children", "From 18:00"):
            assert words not in page.text, (place, words)


def test_the_ledger_counts_the_promise_and_shows_that_it_is_late(desk: Flask) -> None:
    number = ask()
    with clock.freeze(TODAY + timedelta(days=30)):
        public = Browser(desk)
        assert f"AB-{number:04d}" in public.get("/ledger/overdue.csv").text
        assert public.get("/ledger.json").json["overdue"] == 1
        give(number)
        ledger = public.get("/ledger.json").json
        assert (ledger["received"], ledger["answered"], ledger["overdue"]) == (1, 1, 0)


def test_the_chain_commits_to_the_answer_without_opening_it_or_saying_how_it_was_answered(
    desk: Flask,
) -> None:
    give(ask())
    entry = next(each for each in chain(desk) if each["tag"] == events.REPLY_PUBLISH)
    assert entry["commitment"]
    assert "opening" not in entry
    assert "outcome" not in str(entry["facts"])
    assert found() == []


def test_what_can_be_told_from_the_chain_can_be_recomputed_from_its_file(desk: Flask) -> None:
    give(ask())
    data = json.loads(Browser(desk).get(CHAIN).text)
    previous = data["genesis"]
    for each in data["entries"]:
        parts = [data["chain"], each["sequence"], each["day"], each["role"], each["actor"], each["tag"]]
        parts += [each["subject"], each["facts"], each["commitment"], previous]
        previous = hashlib.sha256(canonical(parts).encode()).hexdigest()
        assert previous == each["entry_hash"]
    assert previous == data["head"]


def test_asking_and_taking_the_text_out_are_recorded_by_role_without_handle_or_meeting(desk: Flask) -> None:
    number = ask()
    requests.erase_request(1, [member_id(NAMES[1])], acting_member(NAMES[1]))
    recorded = [each for each in chain(desk) if str(each["tag"]).startswith("motions:request:")]
    assert [(each["role"], each["actor"]) for each in recorded] == [("member", None)] * 2
    assert [json.loads(str(each["facts"])) for each in recorded] == [
        {"number": number, "due": "2027-09-21"},
        {"number": number},
    ]
    assert found() == []


def test_answers_to_others_stay_public_word_for_word(desk: Flask) -> None:
    suggest(Resident(desk))
    give(ask())
    answer([1], code="AB", reason="The school office has one.")
    public = text_of(Browser(desk).get(REGISTER))
    assert "The school office has one." in public
    opened = [
        each["opening"] for each in chain(desk) if each["tag"] == events.REPLY_PUBLISH and "opening" in each
    ]
    assert len(opened) == 1
    assert "school office" in str(opened)


# What was answered before answers were private ------------------------------------------------------------------------


def before_they_were_private(monkeypatch: pytest.MonkeyPatch, numbers: list[int]) -> None:
    """An answer as it was given then: for several at once, and recorded with its outcome."""
    with monkeypatch.context() as then:
        then.setattr(subjects, "private_kinds", lambda: ())
        answer(numbers, code="AB", reason=CARER, outcome="accepted", change="From 18:00.")


def test_an_answer_of_old_that_served_others_too_is_shown_no_more_and_stays_sound(
    desk: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggest(Resident(desk))
    before_they_were_private(monkeypatch, [1, ask()])
    public = Browser(desk)
    assert "Elm Street" not in public.get(REGISTER).text + public.get(CHAIN).text
    assert '"outcome":"accepted"' in str(
        next(e for e in chain(desk) if e["tag"] == events.REPLY_PUBLISH)["facts"]
    )
    assert found() == []


def test_an_answer_begun_for_several_is_not_approved_any_more(
    desk: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggest(Resident(desk))
    number = ask()
    with monkeypatch.context() as then:
        then.setattr(subjects, "private_kinds", lambda: ())
        reply_id = draft_answer([1, number], code="AB", reason=CARER)
    with pytest.raises(DomainError, match="private_alone"):
        replies.approve_answers([(reply_id, 1)], staff("approver"))
    replies.send_back_answer(reply_id, 1, "One by one.", staff("approver"))
    replies.discard_answer(reply_id, 1, staff("clerk"))
    give(number)
    assert found() == []


# The check ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changed", ["outcome = 'not_accepted'", "reason = change"])
def test_the_check_finds_a_private_answer_that_was_changed(desk: Flask, changed: str) -> None:
    give(ask())
    tamper(f"update followup_reply_version set {changed}")
    assert [each.reason for each in found()] == ["the text, answer or figure it is about was changed"]


def test_the_check_finds_a_private_answer_in_the_place_of_another(desk: Flask) -> None:
    give(ask())
    give(ask(NAMES[2]), "Nobody is free.", "not_accepted")
    tamper("update followup_promise set reply_id = 2 where reply_id = 1")
    assert [each.reason for each in found()] == ["the answer shown is not the one that was published"]


# Whoever may read it --------------------------------------------------------------------------------------------------


def test_the_member_reads_the_answer_and_its_correction_in_their_own_list(desk: Flask) -> None:
    number = ask()
    member = Person(desk, NAMES[1])
    assert "due by" in member.read(MINE)
    reply_id = give(number)
    page = member.read(MINE)
    assert f"AB-{number:04d}" in page
    assert "Accepted" in page
    assert CARER in page
    assert "From 18:00." in page
    correct(reply_id, "No carer is free.", "The carer is ill.")
    page = member.read(MINE)
    assert "No carer is free." in page
    assert "This answer was corrected." in page
    assert "The carer is ill." in page
    assert "which no longer counts" in page


def test_another_member_and_a_stranger_read_nothing_of_it(desk: Flask) -> None:
    give(ask())
    give(ask(NAMES[2], "An aunt"), "Your aunt is paid.")
    other = Person(desk, NAMES[2])
    page = other.read(MINE)
    assert "Your aunt is paid." in page
    assert "carer" not in page
    assert other.send(f"{MINE}1/erase").status_code == 404
    assert other.open("/office/promises/AB/").status_code == 403
    stranger = Person(desk, "nobody")
    for place in (MINE, f"{MINE}1/erase", "/office/promises/AB/"):
        assert stranger.open(place).status_code == 302, place
    for someone in ("officer", "clerk"):
        shown = Person(desk, someone).open(MINE)
        assert "carer" not in shown.text


def test_the_answer_stays_the_members_own_when_they_left_the_council(desk: Flask) -> None:
    give(ask())
    with write() as session:
        session.execute(
            update(Member).where(Member.name == NAMES[1]).values(left_on=TODAY, left_ground="resigned")
        )
    with clock.freeze(TODAY + timedelta(days=2)):
        assert CARER in Person(desk, NAMES[1]).read(MINE)


@on_one_database
def test_the_form_names_whoever_reads_what_is_asked(desk: Flask) -> None:
    meeting_id = plan()
    page = Person(desk, NAMES[1]).read(f"/office/meetings/{meeting_id}/ask")
    assert "Clerks, returning officers and the election board read what you write" in page
    assert "Only the office" not in page


# At the reply desk ----------------------------------------------------------------------------------------------------


def test_a_private_answer_is_written_for_one_alone(desk: Flask) -> None:
    suggest(Resident(desk))
    numbers = [ask(), ask(NAMES[2])]
    before = everything()
    for together in (numbers, [1, numbers[0]]):
        with pytest.raises(DomainError, match="private_alone"):
            draft_answer(together, code="AB")
    assert everything() == before
    clerk = Person(desk, "clerk")
    form = f"/office/promises/AB/answer?numbers=1-{numbers[0]}"
    refused = clerk.send(form, outcome="noted", reason="We looked.", language="en", send="1")
    assert refused.status_code == 422
    assert f"These are private: {numbers[0]}. Answer each by itself." in text_of(refused)


def test_the_desk_says_that_an_answer_is_private_wherever_one_writes_checks_or_moves_it(desk: Flask) -> None:
    suggest(Resident(desk))
    number = ask()
    clerk = Person(desk, "clerk")
    private = "This answer is private: only this desk and whoever asked read it."
    assert private in clerk.read(f"/office/promises/AB/answer?pick={number}")
    assert private not in clerk.read("/office/promises/AB/answer?pick=1")
    assert "Write nothing about the person" in clerk.read(f"/office/promises/AB/extend-due-day?pick={number}")
    assert "Write nothing about" not in clerk.read("/office/promises/AB/extend-due-day?pick=1")
    reply_id = draft_answer([number], code="AB")
    assert private in clerk.read(f"/office/promises/AB/{number}/")
    assert private in clerk.read(f"/office/promises/AB/replies/{reply_id}/")
    assert private in clerk.read(f"/office/promises/AB/replies/{reply_id}/edit")
    replies.approve_answers([(reply_id, 1)], staff("approver"))
    assert "shown to whoever asked, and to nobody else" in clerk.read("/office/promises/AB/publish-replies")
