"""Members, office and chair at the desk: from a draft to an admissible motion with amendments, page by page."""

from __future__ import annotations

import pytest
from flask import Flask

from core.db import db
from motions.models.motions import Motion
from motions.rules.drafting import TEXT_LENGTH
from motions.rules.stages import Stage
from motions.services import drafting
from tests.accounts.browsers import hidden_fields, text_of
from tests.accounts.people import Person
from tests.city import everything, found_city
from tests.consult.resident import Resident, errors_of
from tests.motions.city import acting_member, at, draft, found_council_desk, member_id, stage_of, tabled

WORDS = {
    "kind": "motion",
    "topic": "schools",
    "language": "en",
    "title": "Interpreters in schools",
    "text": "The city pays for interpreters.\n\nIt begins with two schools.",
    "reasons": "Children translate.",
}
AUTHOR, SECOND, THIRD, CHAIR = "Bilal Saleh", "Chiara Rossi", "Elif Demir", "Adwoa Mensah"


@pytest.fixture
def desk(sqlite_app: Flask) -> Flask:
    found_city()
    found_council_desk()
    return sqlite_app


def test_from_a_draft_to_an_admissible_motion_with_a_change_of_a_paragraph(desk: Flask) -> None:
    author = Person(desk, AUTHOR)
    page = author.do("/office/motions/new", **WORDS)
    assert "Interpreters in schools" in page
    assert "What happened" not in page  # nothing has
    author.do("/office/motions/1/invite", members=[str(member_id(SECOND)), str(member_id(THIRD))])
    assert "has not signed yet" in author.read("/office/motions/1/")
    for name in (SECOND, THIRD):
        signer = Person(desk, name)
        assert "Sign exactly these words" in signer.read("/office/motions/1/sign")
        signer.do("/office/motions/1/sign")
    assert "2 members signed. 2 are needed." in author.read("/office/motions/1/")
    author.do("/office/motions/1/submit")
    office = Person(desk, "officer")
    met = dict.fromkeys(("competent", "clear", "lawful", "not_personal", "costs", "not_repeated"), "met")
    office.do("/office/motions/1/check", act="admit", earlier="", **met)
    chair = Person(desk, CHAIR)
    assert "The office’s proposal" in chair.read("/office/motions/1/")
    chair.do("/office/motions/1/release")
    assert stage_of(1) is Stage.ADMISSIBLE
    third = Person(desk, THIRD)
    listed = third.do(
        "/office/motions/1/propose-amendment",
        paragraph="2",
        change="replace",
        text="It begins with five schools.",
        reason="Two are too few.",
    )
    assert "removed: two" in listed
    assert "added: five" in listed
    public = text_of(Resident(desk).open("/motions/AB-0001/"))
    assert "Amendment 1" in public
    assert "added: five" in public
    versions = text_of(Resident(desk).open("/motions/AB-0001/versions/"))
    assert "Version 1, public since" in versions
    for path in ("change-text", "invite", "sign", "submit", "release", "settle"):
        assert Person(desk, "clerk").open(f"/office/motions/1/{path}").status_code in (403, 404), path


WHO = (AUTHOR, SECOND, THIRD, CHAIR, "clerk", "officer", "administrator", "nobody")


@pytest.mark.parametrize(
    ("path", "seen_by"),
    [
        ("", {AUTHOR, SECOND}),
        ("sign", {AUTHOR, SECOND}),
        ("decline", {AUTHOR, SECOND}),
        ("change-text", {AUTHOR}),
        ("invite", {AUTHOR}),
        ("submit", {AUTHOR}),
        ("withdraw", {AUTHOR}),
        ("translate", {AUTHOR}),
        ("appeal", {AUTHOR}),
        ("carry-over", {AUTHOR, SECOND}),
        ("amendments/", set()),
        ("propose-amendment", set()),
        ("check", set()),
    ],
)
def test_a_draft_exists_for_its_author_and_those_who_were_asked_alone(
    desk: Flask, path: str, seen_by: set[str]
) -> None:
    motion_id = draft()
    drafting.invite(motion_id, [member_id(SECOND)], acting_member(AUTHOR))
    for who in WHO:
        found = Person(desk, who).open(f"/office/motions/{motion_id}/{path}").status_code
        if who in seen_by:
            assert found == 200, (who, found)
        else:
            assert found in ((302, 403) if who in ("nobody", "administrator") else (403, 404)), (who, found)
            if who in (THIRD, CHAIR):
                assert found in (403, 404), (who, found)


def test_an_invited_member_sees_nothing_more_once_the_invitation_is_withdrawn(desk: Flask) -> None:
    motion_id = draft()
    drafting.invite(motion_id, [member_id(SECOND)], acting_member(AUTHOR))
    author = Person(desk, AUTHOR)
    author.do(f"/office/motions/{motion_id}/invitations/{member_id(SECOND)}/withdraw")
    assert Person(desk, SECOND).open(f"/office/motions/{motion_id}/").status_code == 404


def test_words_that_are_being_mended_are_private_again(desk: Flask) -> None:
    from motions.rules.stages import Act
    from tests.motions.city import do

    motion_id = tabled()
    do(motion_id, Act.RETURN, "officer", reason="It says nobody who should do it.")
    words = drafting.Text("Secret title", "Secret words.", "Children translate.")
    drafting.change_text(motion_id, 1, "schools", words, acting_member(AUTHOR))
    for who in (CHAIR, "clerk", "officer"):
        page = Person(desk, who).read(f"/office/motions/{motion_id}/")
        assert "Secret" not in page
    assert "Secret words" in Person(desk, AUTHOR).read(f"/office/motions/{motion_id}/")
    assert "Secret" not in text_of(Resident(desk).open("/motions/AB-0001/versions/"))


def test_a_preview_keeps_nothing_and_a_lost_race_keeps_what_was_typed(desk: Flask) -> None:
    author = Person(desk, AUTHOR)
    before = everything()
    shown = author.send("/office/motions/new", **{**WORDS, "text": "**Bold**"}, preview="1")
    assert shown.status_code == 200
    assert "<strong>Bold</strong>" in shown.text
    assert everything() == before
    motion_id = draft()
    path = f"/office/motions/{motion_id}/change-text"
    form = author.open(path)
    drafting.change_text(
        motion_id, 1, "schools", drafting.Text("First", "Other.", "Why."), acting_member(AUTHOR)
    )
    typed = {**hidden_fields(form), **WORDS, "title": "Second"}
    refused = author.browser.post(path, typed)
    assert refused.status_code == 409
    assert "The text was changed meanwhile" in text_of(refused)
    assert 'value="Second"' in refused.text
    assert "What differs from the text as it stands now" in text_of(refused)
    again = author.browser.post(path, {**typed, **hidden_fields(refused)})
    assert again.status_code == 302
    db.session.expire_all()
    assert db.session.get_one(Motion, motion_id).title.best("en").text == "Second"


def test_who_reads_old_words_signs_nothing_and_reads_the_new_ones(desk: Flask) -> None:
    motion_id = draft()
    drafting.invite(motion_id, [member_id(SECOND)], acting_member(AUTHOR))
    signer = Person(desk, SECOND)
    path = f"/office/motions/{motion_id}/sign"
    form = signer.open(path)
    drafting.change_text(
        motion_id, 1, "schools", drafting.Text("First", "Quite other words.", "Why."), acting_member(AUTHOR)
    )
    refused = signer.browser.post(path, hidden_fields(form))
    assert refused.status_code == 409
    assert "The text was changed since you read it" in text_of(refused)
    assert "Quite other words" in text_of(refused)
    assert signer.browser.post(path, hidden_fields(refused)).status_code == 302


HOSTILE = "<script>alert(1)</script> [x](javascript:alert(2)) ![i](http://tracker.example/i.png) <img src=x onerror=a>"


def test_hostile_markdown_becomes_words(desk: Flask) -> None:
    author = Person(desk, AUTHOR)
    author.do("/office/motions/new", **{**WORDS, "text": HOSTILE, "reasons": HOSTILE, "title": HOSTILE[:150]})
    for path in ("", "sign", "change-text", "submit", "translate"):
        page = author.open(f"/office/motions/1/{path}").text
        assert "<script>alert" not in page
        assert 'href="javascript' not in page
        assert "<img src" not in page
        assert 'src="http' not in page


def test_too_long_and_missing_parts_are_named_beside_their_fields_and_nothing_is_kept(desk: Flask) -> None:
    author = Person(desk, AUTHOR)
    before = everything()
    refused = author.send("/office/motions/new", **{**WORDS, "title": "", "reasons": "a" * (TEXT_LENGTH + 1)})
    assert refused.status_code == 422
    assert any("Write a title" in each for each in errors_of(refused))
    assert any("too long" in each for each in errors_of(refused))
    assert "The city pays for interpreters." in refused.text
    assert everything() == before


def test_the_author_translates_appeals_and_withdraws_with_a_reason(desk: Flask) -> None:
    from motions.rules.stages import Act
    from tests.motions.city import do

    author = Person(desk, AUTHOR)
    motion_id = tabled()
    page = author.do(
        f"/office/motions/{motion_id}/translate",
        language="ar",
        title="مترجمون في المدارس",
        text="تدفع المدينة",
        made="machine",
    )
    assert "translation by a machine, not checked" in page
    do(motion_id, Act.REFUSE, "officer", reason="Not ours.")
    assert author.send(f"/office/motions/{motion_id}/appeal", reason="").status_code == 422
    author.do(f"/office/motions/{motion_id}/appeal", reason="It is ours.")
    assert stage_of(motion_id) is Stage.APPEALED
    author.do(f"/office/motions/{motion_id}/withdraw", reason="Settled.")
    assert stage_of(motion_id) is Stage.WITHDRAWN


def test_the_office_sees_earlier_motions_beside_its_checklist(desk: Flask) -> None:
    from core.db import write
    from tests.conftest import TODAY

    earlier, motion_id = tabled(), tabled()
    with write() as session:
        session.get_one(Motion, earlier).dealt_on = TODAY
    page = Person(desk, "officer").read(f"/office/motions/{motion_id}/check")
    assert "AB-0001" in page
    assert "100 of 100 word pairs are the same" in page


def test_the_clerk_settles_what_contradicts_itself(desk: Flask) -> None:
    from motions.rules import amendments as rules
    from motions.services.amendments import NewAmendment, propose_amendment
    from tests.motions.test_service_amendments import decide

    motion_id = at(Stage.SCHEDULED)
    base = rules.digest("The city pays for interpreters.")
    for name in (SECOND, THIRD):
        propose_amendment(
            motion_id, NewAmendment(base, 1, "replace", f"{name} pays.", "Why not."), acting_member(name)
        )
    decide(motion_id, {1: True, 2: True})
    clerk = Person(desk, "clerk")
    assert "Accepted changes contradict each other" in clerk.read(f"/office/motions/{motion_id}/amendments/")
    clerk.do(f"/office/motions/{motion_id}/amendments/2/settle", outcome="rejected")
    assert "contradict each other" not in clerk.read(f"/office/motions/{motion_id}/amendments/")
    assert Person(desk, SECOND).open(f"/office/motions/{motion_id}/amendments/1/settle").status_code == 403
    assert Person(desk, SECOND).open(f"/office/motions/{motion_id}/amendments/2/withdraw").status_code == 404
    assert clerk.open(f"/office/motions/{motion_id}/amendments/9/settle").status_code == 404


@pytest.mark.parametrize(
    "query", ["?follows=x", "?follows=99", "?suggestion=99", "?suggestion=-1", f"?body={'9' * 40}"]
)
def test_what_a_draft_is_to_refer_to_must_exist(desk: Flask, query: str) -> None:
    assert Person(desk, AUTHOR).open(f"/office/motions/new{query}").status_code == 404
