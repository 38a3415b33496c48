"""The office's desk of an election: what may be done, by whom, and what a second person confirms."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import write
from core.i18n import show_day
from elections.messages import checklists
from elections.models.elections import Act, Election
from elections.rules.stages import ActKind, Stage
from elections.staff.desk import PLACES
from followup.rules import PromiseKind
from followup.services import promises
from tests.city import everything, found_city, rows
from tests.elections.city import CODE, bring_to, election, found_council, prepare_election
from tests.elections.desk import ElectionDesk
from tests.office import text_of


@pytest.fixture(autouse=True)
def prepared(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()


def test_the_returning_officer_sees_what_is_next_and_calls_the_election(app: Flask) -> None:
    officer = ElectionDesk(app, "returning_officer")
    assert "Migrant council 2028 MC-27 Not public yet" in officer.read("/office/elections/")
    desk = officer.read("/")
    assert "Done The rules do not contradict themselves" in desk
    assert "Advised Title and texts in German" in desk
    assert officer.propose(ActKind.CALL).status_code == 302
    assert election().stage == Stage.CALLED
    assert "Done: Call the election" in officer.read("/")


def test_a_proposal_shows_what_exactly_and_waits_for_somebody_else(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer, board = ElectionDesk(app, "returning_officer"), ElectionDesk(app, "election_board")
    sent = officer.propose(
        ActKind.EXTEND_VOTING,
        "The hall was closed on Monday.",
        **{"closes_on-day": "20", "closes_on-month": "3", "closes_on-year": "2028", "closes_hour": "18:00"},
    )
    assert sent.status_code == 302
    (act,) = [row for row in rows(Act) if row.performed_on is None]
    assert "You proposed this yourself. A second person must confirm it." in officer.read("/")
    shown = board.read("/")
    assert "Voting closes: 20 March 2028, 18:00" in shown
    assert "The hall was closed on Monday." in shown
    assert "You can confirm it." in board.read("/office/elections/")
    assert board.confirm(act.id).status_code == 302
    assert election().voting_closes_at.isoformat() == "2028-03-20T17:00:00+00:00"
    assert "Voting was extended." in board.read("/minutes")


def test_nobody_confirms_alone_and_nothing_happens_twice(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer, board = ElectionDesk(app, "returning_officer"), ElectionDesk(app, "election_board")
    officer.propose(ActKind.INTERRUPT_VOTING, "A power cut.")
    (act,) = [row for row in rows(Act) if row.performed_on is None]
    own = officer.confirm(act.id)
    assert own.status_code == 422
    assert "You proposed this yourself" in text_of(own)
    assert board.confirm(act.id).status_code == 302
    again = board.confirm(act.id)
    assert again.status_code == 409
    assert "was settled by somebody else meanwhile" in text_of(again)
    assert election().stage == Stage.INTERRUPTED


def test_what_was_typed_is_kept_when_a_proposal_is_refused(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer = ElectionDesk(app, "returning_officer")
    refused = officer.propose(
        ActKind.EXTEND_VOTING,
        "For the rain.",
        **{"closes_on-day": "18", "closes_on-month": "3", "closes_on-year": "2028", "closes_hour": "18:00"},
    )
    assert refused.status_code == 422
    assert "For the rain." in refused.text
    assert "later than the old one: 19 March 2028, 18:00" in text_of(refused)
    assert not [row for row in rows(Act) if row.performed_on is None]
    assert CODE in refused.text


def test_the_clerk_enters_the_day_on_which_the_city_council_decided(app: Flask) -> None:
    bring_to(Stage.FOUND)
    clerk, officer = ElectionDesk(app, "clerk"), ElectionDesk(app, "returning_officer")
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    unsaid = clerk.propose(ActKind.APPROVE)
    assert unsaid.status_code == 422
    assert "Write the day of the decision." in text_of(unsaid)
    early = clerk.propose(ActKind.APPROVE, **written("decided_on", tomorrow))
    assert early.status_code == 422
    assert "not before the finding, not in the future" in text_of(early)
    assert f'value="{tomorrow.year}"' in early.text  # what was typed is kept
    assert clerk.propose(ActKind.APPROVE, **written("decided_on", today)).status_code == 302
    (act,) = [row for row in rows(Act) if row.performed_on is None]
    said = f"Decided by the city council on {show_day(today)}"
    assert said in officer.read("/")
    assert officer.confirm(act.id).status_code == 302
    assert election().stage == Stage.APPROVED
    assert said in officer.read("/minutes")


def test_the_desk_leads_to_the_page_on_which_the_roll_is_corrected(app: Flask) -> None:
    bring_to(Stage.ROLL)
    officer, board = ElectionDesk(app, "returning_officer"), ElectionDesk(app, "election_board")
    assert "/roll/correct" in officer.open("/").text
    assert "/acts/change-roll" not in officer.open("/").text
    assert officer.open("/roll/correct").status_code == 200
    assert "/roll/correct" not in board.open("/").text


def written(name: str, day: date) -> dict[str, str]:
    """A day as it is typed into three boxes."""
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


# Who sees what -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_an_observer_reads_every_stage_and_finds_no_button_in_it(app: Flask, stage: Stage) -> None:
    bring_to(stage)
    observer = ElectionDesk(app, "observer")
    for path in ("/office/elections/", "/", "/rules", "/minutes", "/minutes.json"):
        page = observer.open(path)
        assert page.status_code == 200, path
        assert "/acts/" not in page.text
        assert "/change" not in page.text
        assert page.text.count("<form") == (0 if path.endswith("json") else 1), path  # signing out


def test_an_observer_does_nothing_at_any_door(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer, observer = ElectionDesk(app, "returning_officer"), ElectionDesk(app, "observer")
    officer.propose(ActKind.INTERRUPT_VOTING, "Fire.")
    (act,) = [row for row in rows(Act) if row.performed_on is None]
    before = everything()
    for path in (
        *(f"/acts/{kind.value.replace('_', '-')}" for kind in ActKind),
        f"/acts/{act.id}/confirm",
        f"/acts/{act.id}/withdraw",
        "/change",
        "/rules/change",
        "/office/elections/new",
    ):
        assert observer.post(path, {"reason": "Because."}).status_code == 403, path
    assert everything() == before


@pytest.mark.parametrize("who", ["returning_officer", "election_board", "observer", "clerk"])
def test_everybody_of_an_election_begins_at_its_list(app: Flask, who: str) -> None:
    desk = ElectionDesk(app, who)
    assert desk.open("/office/begin").location.endswith("/office/elections/")
    assert "Elections" in desk.read("/office/account")


def test_a_role_sees_only_the_forms_of_its_own_acts(app: Flask) -> None:
    bring_to(Stage.FOUND)
    clerk, officer = ElectionDesk(app, "clerk"), ElectionDesk(app, "returning_officer")
    assert "Propose: Approve the result" in clerk.read("/")
    assert "Propose: Approve the result" not in officer.read("/")
    refused = officer.post("/acts/approve", {"reason": "", **written("decided_on", clock.today())})
    assert refused.status_code == 422
    assert "Your role may not do this" in text_of(refused)


# Sent twice, gone back, not there ------------------------------------------------------------------------------------


def test_a_double_click_proposes_once_and_says_that_it_waits(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer = ElectionDesk(app, "returning_officer")
    filled = {**officer.fields(officer.open("/")), "reason": "Fire."}
    assert officer.post("/acts/interrupt-voting", filled).status_code == 302
    again = officer.post("/acts/interrupt-voting", filled)
    assert again.status_code == 409
    assert "already waits for a second person" in text_of(again)


def test_whoever_goes_back_to_a_page_of_an_earlier_stage_is_told_where_it_stands(app: Flask) -> None:
    officer = ElectionDesk(app, "returning_officer")
    old = officer.fields(officer.open("/"))
    bring_to(Stage.CANDIDATES)
    refused = officer.post("/acts/call", old)
    assert refused.status_code == 409
    assert "cannot be done while the election stands at “Candidates published”" in text_of(refused)
    assert "Open the roll for inspection" in text_of(refused)


def test_a_refusal_and_a_taking_back_leave_the_election_where_it_is(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer, board = ElectionDesk(app, "returning_officer"), ElectionDesk(app, "election_board")
    for settling in (officer, board):
        officer.propose(ActKind.INTERRUPT_VOTING, "Fire.")
        (act,) = [row for row in rows(Act) if row.performed_on is None and row.withdrawn_on is None]
        assert settling.withdraw(act.id).status_code == 302
        assert board.confirm(act.id).status_code == 409
    assert election().stage == Stage.VOTING
    assert board.read("/minutes").count("Taken back or refused: Interrupt voting") == 2


def test_what_is_not_there_is_not_found(app: Flask) -> None:
    bring_to(Stage.CALLED)
    prepare_election(code="MC-99")
    officer = ElectionDesk(app, "returning_officer")
    officer.propose(ActKind.ABANDON, "No hall.")
    (act,) = [row for row in rows(Act) if row.performed_on is None]
    assert officer.post("/acts/dissolve").status_code == 404
    assert officer.post("/acts/999999/confirm").status_code == 404
    assert officer.post(f"/office/elections/MC-99/acts/{act.id}/confirm").status_code == 404
    for code in ("MC-98", "mc-27", "MC-27%00", "%F0%9F%97%B3", "..%2F.."):
        assert officer.open(f"/office/elections/{code}/").status_code == 404, code


def test_programs_get_the_refusal_and_the_minutes_as_json(app: Flask) -> None:
    bring_to(Stage.VOTING)
    officer = ElectionDesk(app, "returning_officer")
    refused = officer.post("/acts/close-voting", Accept="application/json")
    assert refused.status_code == 409
    assert "missing_closing_reached" in refused.text
    officer.propose(ActKind.INTERRUPT_VOTING, "Fire.")
    minutes = officer.open("/minutes.json").get_json()
    assert minutes["stage"] == "voting"
    assert minutes["entries"][-1]["sentence"] == "Proposed: Interrupt voting"
    assert minutes["entries"][-1]["facts"]["reason"]["en"]["text"] == "Fire."
    assert len(minutes["entries"][-1]["hash"]) == 64


def test_the_desk_names_the_numbers_that_are_missing_before_conclusion(app: Flask) -> None:
    bring_to(Stage.PUBLISHED)
    officer = ElectionDesk(app, "returning_officer")
    assert "Not answered yet" not in officer.read("/")
    with write() as session:
        found = session.scalars(select(Election)).one()
        register = promises.lock_register(session, found.register_id)
        numbers = promises.take_numbers(session, register, 2, PromiseKind.ANSWER)
        owed = [
            promises.NewPromise(number, number, found.department_id, clock.today(), clock.today())
            for number in numbers
        ]
        promises.open_promises(session, register, PromiseKind.ANSWER, "elections.objection", owed)
    assert "2 numbers have no published answer" in officer.read("/")
    assert "MC-27-0001 MC-27-0002" in officer.read("/")
    with clock.freeze(date(2029, 6, 1)):
        refused = ElectionDesk(app, "returning_officer").propose(ActKind.CONCLUDE)
        assert refused.status_code == 409
    assert election().stage == Stage.PUBLISHED


def test_every_line_of_a_checklist_that_leads_on_leads_to_a_page_of_the_office(app: Flask) -> None:
    assert set(PLACES) <= checklists.known()
    assert {endpoint for endpoint in PLACES.values() if endpoint not in app.view_functions} == set()
    bring_to(Stage.CALLED)
    assert f"/office/elections/{CODE}/nominations/" in ElectionDesk(app, "returning_officer").open("/").text


def test_the_office_leads_everybody_on_to_where_their_work_begins(app: Flask) -> None:
    for role in ("returning_officer", "election_board", "observer", "clerk"):
        led_on = ElectionDesk(app, role).browser.get("/office/", follow_redirects=True)
        assert (led_on.status_code, led_on.request.path) == (200, "/en/office/elections/"), role
