"""Objections: who may object to what until when, the answer as a promise, and what follows from it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.commands.audit import Finding, check
from core import clock
from core.db import db, write
from core.errors import DomainError
from core.localized import Localized
from elections.events import NOMINATION, REGISTRATION
from elections.models.objections import Objection
from elections.queries import objections as queries
from elections.rules import objections as rules
from elections.rules.deadlines import Step
from elections.rules.objections import DONE_BY, EFFECT_OF, GROUNDS, Effect, Window
from elections.rules.rule_sets import Matter
from elections.rules.stages import ActKind, Stage
from elections.services import objections
from elections.services.objections import NewObjection
from elections.services.roll.imports import import_roll
from followup.models import Contact as FollowupContact
from followup.models import Promise, Register
from followup.rules import Outcome
from followup.services import replies
from followup.services.receipts import Contact, Receipt, code_mac
from tests.city import entries, found_city, refused, reply_text, rows, staff
from tests.consult.resident import Resident, hidden_fields, text_of
from tests.elections.city import CODE, act, bring_to, election, found_council, prepare_election
from tests.elections.city import rules as game_rules
from tests.elections.registers import mapping, town
from tests.office import Desk

TODAY = date(2028, 2, 1)
FIRST, LAST = TODAY - timedelta(3), TODAY + timedelta(3)


@pytest.fixture
def prepared(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()


def day(step: Step) -> date:
    return date.fromisoformat(election().timetable[step])


def new(matter: Matter = Matter.ROLL, **changed: Any) -> NewObjection:
    facts: dict[str, Any] = {
        "matter": matter.value,
        "ground": GROUNDS[matter][-1].value,
        "text": "My sister is missing on the roll.",
        "language": "en",
    }
    return NewObjection(**{**facts, **changed})


def send(matter: Matter = Matter.ROLL, **changed: Any) -> Receipt:
    return objections.object_to(CODE, secrets.token_hex(16), new(matter, **changed))


def answer(number: int, outcome: Outcome) -> None:
    register = election().register_id
    words = reply_text(outcome)
    reply = replies.write_answer(register, [number], words, staff("returning_officer"), submit=True)
    replies.approve_answers([(reply, 1)], staff("election_board"))
    replies.publish_replies(register, staff("election_board"))


def open_roll() -> Receipt:
    """An objection to the roll, on the first day of its inspection."""
    bring_to(Stage.ROLL)
    with clock.freeze(day(Step.ROLL_OPENS)):
        return send()


def findings() -> list[Finding]:
    """What ``answerable audit verify`` finds wrong in the election."""
    results, _missing = check(db.session())
    return [each.finding for each in results if each.finding and each.chain == f"register:{CODE}"]


def refusals(rule: Callable[[], object]) -> list[str]:
    """The codes for which a rule refuses; none when it lets pass."""
    try:
        rule()
    except DomainError as error:
        return sorted(each.code for each in error.all())
    return []


# Rules ---------------------------------------------------------------------------------------------------------------


OPEN_IN = {
    Matter.ROLL: (Stage.ROLL, Stage.READY),
    Matter.NOMINATION: (Stage.CALLED, Stage.CANDIDATES, Stage.ROLL, Stage.READY),
    Matter.RESULT: (Stage.PUBLISHED,),
}


@pytest.mark.parametrize("matter", Matter)
@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("today", [FIRST - timedelta(1), FIRST, LAST, LAST + timedelta(1)])
def test_an_objection_is_taken_in_within_its_days_and_stages_alone(
    matter: Matter, stage: Stage, today: date
) -> None:
    expected: list[str] = []
    if today > LAST:
        expected = ["objection_too_late"]
    elif today < FIRST:
        expected = ["objection_too_early"]
    elif stage not in OPEN_IN[matter]:
        expected = ["objection_not_now"]
    found = refusals(lambda: rules.check_open(matter, stage, Window(FIRST, LAST), today))
    assert found == expected


def test_nobody_loses_a_day_because_the_city_was_late() -> None:
    timetable = {
        Step.CANDIDATES_PUBLISHED: FIRST,
        Step.ROLL_OPENS: FIRST,
        Step.ROLL_OBJECTIONS_CLOSE: LAST,
        Step.RESULT_OBJECTIONS_CLOSE: LAST,
    }
    windows = {Matter.ROLL: 1, Matter.NOMINATION: 5, Matter.RESULT: 14}
    found = rules.window(Matter.RESULT, timetable, windows, published_on=LAST)
    assert found == Window(LAST, LAST + timedelta(14))
    assert rules.window(Matter.RESULT, timetable, windows, published_on=FIRST - timedelta(90)) == Window(
        FIRST - timedelta(90), LAST
    )
    assert rules.window(Matter.RESULT, timetable, windows) is None
    assert rules.window(Matter.NOMINATION, timetable, windows, told_on=LAST) == Window(
        LAST, LAST + timedelta(5)
    )
    assert rules.window(Matter.NOMINATION, timetable, windows) == Window(FIRST, FIRST + timedelta(5))
    assert rules.window(Matter.ROLL, timetable, windows) == Window(FIRST, LAST)


@pytest.mark.parametrize("matter", Matter)
@pytest.mark.parametrize("ground", [*rules.Ground, "", "hostile"])
def test_each_matter_has_its_own_grounds(matter: Matter, ground: str) -> None:
    expected = ["ground_unknown"] if ground else ["objection_ground_missing"]
    found = refusals(lambda: rules.check_objection(matter, ground, "Because.", "en", 1))
    assert found == ([] if ground in GROUNDS[matter] else expected)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert refusals(lambda: rules.check_objection("weather", "", "\u202e ", "no language", -1)) == [
        "about_unreadable",
        "language_unknown",
        "matter_unknown",
        "objection_text_missing",
    ]


@pytest.mark.parametrize("matter", Matter)
@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize("outcome", [None, *Outcome])
@pytest.mark.parametrize("done", [None, ActKind.CHANGE_ROLL, ActKind.SEND_BACK, ActKind.COUNT])
def test_what_follows_fits_the_answer_the_matter_and_the_act(
    matter: Matter, effect: Effect, outcome: Outcome | None, done: ActKind | None
) -> None:
    accepted = outcome in (Outcome.ACCEPTED, Outcome.PARTLY_ACCEPTED)
    fits = EFFECT_OF[matter] is effect and accepted and done is DONE_BY.get(effect)
    nothing = effect is Effect.NONE and outcome is not None and done is None
    found = refusals(lambda: rules.check_effect(matter, effect, outcome, done, None))
    assert (not found) is (fits or nothing)


def test_an_answer_about_the_roll_comes_before_voting_opens() -> None:
    timetable = {Step.VOTING_OPENS: LAST}
    assert rules.due_day(Matter.ROLL, timetable, FIRST) == LAST - timedelta(1)
    assert rules.due_day(Matter.ROLL, timetable, LAST + timedelta(5)) == LAST + timedelta(5)
    assert rules.due_day(Matter.RESULT, timetable, FIRST) == FIRST + timedelta(30)


# The service ---------------------------------------------------------------------------------------------------------


def test_an_objection_is_a_promise_and_stands_in_the_minutes(prepared: None) -> None:
    receipt = open_roll()
    assert (receipt.number, receipt.register_code) == (1, CODE)
    assert receipt.due_on < day(Step.VOTING_OPENS)
    entry = entries("elections:objection:receive")[0]
    assert entry.entry_hash == receipt.entry_hash
    assert "sister" not in str(entry.facts)
    assert findings() == []


def test_the_same_form_counts_once_and_another_text_is_refused(prepared: None) -> None:
    bring_to(Stage.ROLL)
    with clock.freeze(day(Step.ROLL_OPENS)):
        key = secrets.token_hex(16)
        first = objections.object_to(CODE, key, new())
        again = objections.object_to(CODE, key, new())
        assert (again.code, again.number, again.repeated) == (first.code, first.number, True)
        with refused("already_sent"):
            objections.object_to(CODE, key, new(text="Something else."))
    assert len(rows(Objection)) == 1


def test_who_is_too_early_or_too_late_reads_why(prepared: None) -> None:
    with refused("not_found"):
        send()
    bring_to(Stage.ROLL)
    with clock.freeze(day(Step.ROLL_OBJECTIONS_CLOSE) + timedelta(1)), refused("objection_too_late"):
        send()
    with clock.freeze(day(Step.ROLL_OPENS) - timedelta(1)), refused("objection_too_early"):
        send()
    with clock.freeze(day(Step.ROLL_OPENS)), refused("objection_not_now"):
        send(Matter.RESULT)


def test_a_refused_nomination_is_objected_to_by_its_number_from_the_day_it_was_told(prepared: None) -> None:
    first = open_roll()  # any other promise of the register stands for a nomination here
    wrongly = {"ground": "wrongly_refused"}
    with clock.freeze(day(Step.ROLL_OPENS)):
        with refused("about_needed"):
            send(Matter.NOMINATION, **wrongly)
        with refused("about_unknown"):
            send(Matter.NOMINATION, about=99, **wrongly)
        with refused("about_unknown"):
            send(Matter.NOMINATION, about=first.number, **wrongly)  # an objection is no nomination


def owe(number: int, subject_kind: str) -> None:
    """A promise of the election, about whatever kind of subject."""
    register_id, due_on = election().register_id, day(Step.CANDIDATES_PUBLISHED)
    with write() as session:
        register = session.get_one(Register, register_id)
        register.last_number = number
        session.add(
            Promise(
                register_id=register.id,
                number=number,
                kind="answer",
                subject_kind=subject_kind,
                subject_id=1,
                department_id=1,
                opened_on=clock.today(),
                due_on=due_on,
                extension_reason=Localized(),
            )
        )


def test_an_objection_to_a_nomination_is_about_a_nomination_and_nothing_else(prepared: None) -> None:
    open_roll()
    owe(2, REGISTRATION)
    with clock.freeze(day(Step.ROLL_OPENS)):
        answer(2, Outcome.NOT_ACCEPTED)
        with refused("about_unknown"):
            send(Matter.NOMINATION, about=2, ground="wrongly_refused")


def test_whoever_was_refused_keeps_all_days_from_the_day_of_the_answer(prepared: None) -> None:
    open_roll()
    owe(2, NOMINATION)
    wrongly = {"ground": "wrongly_refused", "about": 2}
    told_on = day(Step.ROLL_OPENS)
    with clock.freeze(told_on):
        with refused("about_not_answered"):
            send(Matter.NOMINATION, **wrongly)
        answer(2, Outcome.NOT_ACCEPTED)
    last = told_on + timedelta(game_rules().windows[Matter.NOMINATION])
    with clock.freeze(last + timedelta(1)), refused("objection_too_late"):
        send(Matter.NOMINATION, **wrongly)
    with clock.freeze(last):
        assert send(Matter.NOMINATION, **wrongly).number == 3
    assert rows(Objection)[-1].about == 2


def test_the_roll_is_not_committed_while_an_objection_to_it_waits(prepared: None) -> None:
    receipt = open_roll()
    with refused("missing_objections_answered", "missing_roll_imported"):
        act(ActKind.COMMIT_ROLL)
    answer(receipt.number, Outcome.ACCEPTED)
    with refused("missing_objections_followed", "missing_roll_imported"):
        act(ActKind.COMMIT_ROLL)
    objection = rows(Objection)[0]
    with refused("effect_without_act"):
        objections.decide_effect(objection.id, Effect.ROLL_CHANGED, staff("returning_officer"))
    objections.decide_effect(objection.id, Effect.NONE, staff("returning_officer"))
    assert rows(Objection)[0].effect == "none"
    with refused("effect_decided"):
        objections.decide_effect(objection.id, Effect.NONE, staff("returning_officer"))
    assert queries.unanswered(db.session(), election().id, "roll") == 0
    assert findings() == []


def test_the_election_is_not_concluded_while_its_result_can_be_objected_to(prepared: None) -> None:
    bring_to(Stage.PUBLISHED)
    with refused("missing_result_objections_over"):
        act(ActKind.CONCLUDE)
    with clock.freeze(day(Step.RESULT_OBJECTIONS_CLOSE) + timedelta(1)):
        act(ActKind.CONCLUDE)
    assert election().stage == Stage.CONCLUDED


def test_a_withdrawn_objection_loses_its_text_and_keeps_its_number(prepared: None) -> None:
    receipt = open_roll()
    objections.withdraw(receipt.code)
    objections.withdraw(receipt.code)
    own = queries.find_own(code_mac(receipt.code))
    assert own is not None
    assert (own.text, own.number) == (None, 1)
    assert len(entries("elections:objection:erase")) == 1
    assert findings() == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM elections_objection",
        "UPDATE elections_objection SET ground = 'wrong_entry'",
        "UPDATE elections_objection SET effect = 'counted_anew', effect_on = '2028-01-01'",
    ],
)
def test_the_database_itself_keeps_an_objection_as_it_was_received(prepared: None, statement: str) -> None:
    open_roll()
    with pytest.raises(DBAPIError), write() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE elections_objection SET text = null, salt = null", "erasure"),
        ("UPDATE elections_objection SET effect = 'none', effect_on = '2028-01-01'", "effect"),
        ("UPDATE elections_objection SET text = 'Other words'", "content"),
    ],
)
def test_what_is_changed_behind_the_services_is_found(prepared: None, statement: str, reason: str) -> None:
    open_roll()
    with write() as session:
        session.execute(text(statement))
    [finding] = findings()
    assert finding.numbers == (f"{CODE}-0001",)
    assert finding.code in (reason, "missing")


# Pages ---------------------------------------------------------------------------------------------------------------


def test_a_resident_objects_reads_the_answer_by_code_and_everybody_reads_it_in_the_register(
    app: Flask, prepared: None
) -> None:
    bring_to(Stage.ROLL)
    path = f"/elections/{CODE}/object/"
    with clock.freeze(day(Step.ROLL_OPENS)):
        resident = Resident(app)
        choosing = text_of(resident.open(path))
        assert "You can object until" in choosing
        assert "The result is not published" in choosing
        form = hidden_fields(resident.open(f"{path}?matter=roll"))
        empty = resident.browser.post(f"/en{path}", form)
        assert empty.status_code == 422
        assert "Choose why you object" in text_of(empty)
        fields = {
            **hidden_fields(empty),
            "ground": "not_on_roll",
            "text": "My sister is missing.",
            "about": "١٧",
        }
        sent = resident.browser.post(f"/en{path}", fields)
        assert sent.status_code == 200, text_of(sent)
        assert "We have your objection" in text_of(sent)
        again = resident.browser.post(f"/en{path}", fields)
        assert "this is the same receipt" in text_of(again)
    assert rows(Objection)[0].about == 17
    assert "My sister" not in resident.open(f"/elections/{CODE}/letters/").text
    code = objections.receipts.code_of(fields["form_key"])
    waiting = text_of(resident.read(code))
    assert "The city owes you an answer" in waiting
    assert "My sister is missing." in waiting
    answer(1, Outcome.NOT_ACCEPTED)
    objections.decide_effect(rows(Objection)[0].id, Effect.NONE, staff("returning_officer"))
    read = text_of(resident.read(code))
    assert "The city has answered you" in read
    assert "Nothing had to be changed." in read
    for where in (f"/elections/{CODE}/letters/", f"/elections/{CODE}/letters/1/"):
        shown = text_of(resident.open(where))
        assert "Not accepted" in shown
        assert "We keep this in mind." in shown
        assert "My sister" not in shown


def test_the_register_filters_and_comes_as_files(app: Flask, prepared: None) -> None:
    open_roll()
    resident = Resident(app)
    register = f"/elections/{CODE}/letters/"
    assert f"{CODE}-0001" in text_of(resident.open(register)).replace("\u2011", "-")
    assert "Nothing in the register matches" in text_of(resident.open(f"{register}?outcome=accepted"))
    assert "Objection" in text_of(resident.open(f"{register}?kind=elections.objection&state=waiting"))
    hostile = resident.open(f"{register}?kind=%00'--&state=x&after=99999999999999")
    assert hostile.status_code == 200
    found = resident.open(f"/elections/{CODE}/letters.json").get_json(force=True)
    assert [entry["kind"] for entry in found["entries"]] == ["objection"]
    table = resident.open(f"/elections/{CODE}/letters.csv").get_data(as_text=True)
    assert "sister" not in table
    assert f"{CODE}-0001" in table
    answer(1, Outcome.NOTED)
    feed = resident.open(f"/elections/{CODE}/letters.atom").get_data(as_text=True)
    assert "We keep this in mind." in feed
    assert resident.open(f"{register}2/").status_code == 404
    for nowhere in ("XX-99", "%00", "mc-27", "A" * 300):
        assert resident.open(f"/elections/{nowhere}/letters/").status_code == 404
        assert resident.open(f"/elections/{nowhere}/object/").status_code == 404


def test_an_election_that_nobody_called_has_no_register_in_public(app: Flask, prepared: None) -> None:
    resident = Resident(app)
    for where in ("letters/", "letters.json", "letters.csv", "letters.atom", "object/"):
        assert resident.open(f"/elections/{CODE}/{where}").status_code == 404


def test_the_ledger_leads_to_the_elections_register(app: Flask, prepared: None) -> None:
    open_roll()
    ledger = Resident(app).open("/ledger/").text
    assert f"/elections/{CODE}/letters/" in ledger


def test_the_office_records_what_followed_by_the_act_that_did_it(app: Flask, prepared: None) -> None:
    import_roll(CODE, town(2), "roll.csv", mapping(), staff("returning_officer"))
    open_roll()
    answer(1, Outcome.ACCEPTED)
    done = act(ActKind.CHANGE_ROLL, changes=[{"strike": 1, "ground": "moved_away"}])
    desk = Desk(app, "returning_officer")
    listed = f"/office/elections/{CODE}/objections/"
    assert "Not recorded yet" in Desk(app, "election_board").read(listed)
    assert "Record what followed" in desk.read(listed)
    form = f"{listed}1/decide-effect"
    refused_page = desk.send(form, {"effect": "roll_changed"})
    assert refused_page.status_code == 422
    assert "Do the act that this needs first" in text_of(refused_page)
    assert desk.send(form, {"effect": "counted_anew", "act": str(done)}).status_code == 422
    assert desk.send(form, {"effect": "roll_changed", "act": "9" * 12}).status_code == 422
    assert desk.send(form, {"effect": "roll_changed", "act": str(done)}).status_code == 302
    assert "The roll was changed." in desk.read(listed)
    assert rows(Objection)[0].act_id == done
    assert desk.open(f"{listed}2/decide-effect").status_code == 404
    assert "The roll was changed." in text_of(Resident(app).open(f"/elections/{CODE}/letters/1/"))


def test_the_reply_desk_shows_an_objection_with_its_text_and_where_it_belongs(
    app: Flask, prepared: None
) -> None:
    open_roll()
    desk = Desk(app, "clerk")
    register = f"/office/promises/{CODE}/"
    assert "Migrant council 2028" in desk.read("/office/promises/")
    assert "Something else" in desk.read(register)
    shown = desk.read(f"{register}1/")
    assert "My sister is missing on the roll." in shown
    assert "The roll of voters" in shown


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": " \n "}, "Write what is wrong"),
        ({"text": "x" * 6001}, "Shorten your text"),
        ({"text": "Hidden\u202etxet"}, "A sign that nobody can see"),
        ({"about": "-1"}, "Write the number in digits"),
        ({"about": "9" * 30}, "Write the number in digits"),
        ({"about": "0"}, "Write the number in digits"),
        ({"matter": "weather"}, "Choose what you object to"),
        ({"ground": "wrong_count"}, "Choose one of the grounds"),
        ({"form_key": "0" * 31}, "damaged on its way"),
        ({"contact": "nobody"}, "Write an address like"),
        ({"csrf_token": "forged"}, "not from this browser session"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_with_the_reason_and_nothing_is_kept(
    app: Flask, prepared: None, fields: dict[str, str], sentence: str
) -> None:
    bring_to(Stage.ROLL)
    path = f"/elections/{CODE}/object/"
    with clock.freeze(day(Step.ROLL_OPENS)):
        resident = Resident(app)
        form = hidden_fields(resident.open(f"{path}?matter=roll"))
        filled = {**form, "ground": "not_on_roll", "text": "<b>My sister</b>", **fields}
        page = resident.browser.post(f"/en{path}", filled)
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert "<b>My sister</b>" not in page.text
    assert rows(Objection) == []


def test_who_left_an_address_gets_the_receipt_and_word_of_the_answer(prepared: None) -> None:
    bring_to(Stage.ROLL)
    contact = Contact("email", "resident@example.org", "de")
    with clock.freeze(day(Step.ROLL_OPENS)):
        receipt = objections.object_to(CODE, secrets.token_hex(16), new(), contact)
    assert len(rows(FollowupContact)) == 1
    answer(receipt.number, Outcome.NOTED)
    assert rows(FollowupContact)[0].delete_on is not None
