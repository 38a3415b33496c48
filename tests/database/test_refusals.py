"""Bare SQL, past every service: what the database itself refuses, in its own words."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing

import pytest
from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError

from consult.services.submissions import reconsider, withdraw
from core.db import db
from followup.rules import ReplyText
from followup.services import replies
from tests.database.procedure import Procedure, later, open_procedure, refused, register, sql, sqlite

KEPT = {
    "followup_register": "register: never deleted",
    "followup_promise": "promise: never deleted",
    "core_audit_chain": "audit chain: never deleted",
    "core_audit_entry": "audit entry: never deleted",
    "consult_round": "round: never deleted",
    "consult_submission": "submission: never deleted",
    "consult_public_text": "public text: never deleted",
    "consult_reconsideration": "reconsideration: never deleted",
    "followup_reply": "reply: published, never deleted",
    "followup_reply_version": "reply version: published, never deleted",
}

UNCHANGING = {
    "register: its identity never changes": ["UPDATE followup_register SET code = 'XX-27'"],
    "register: numbers never run back": ["UPDATE followup_register SET last_number = last_number - 1"],
    "gate: a conclusion is final": [
        "UPDATE followup_register SET concluded_on = NULL",
        "UPDATE followup_register SET concluded_on = '2030-01-01' WHERE concluded_on IS NOT NULL",
    ],
    "promise: its identity never changes": [
        "UPDATE followup_promise SET number = number + 100",
        "UPDATE followup_promise SET register_id = register_id + 1",
        "UPDATE followup_promise SET kind = 'reconsideration' WHERE kind = 'answer'",
        "UPDATE followup_promise SET subject_id = subject_id + 100",
        "UPDATE followup_promise SET opened_on = '2020-01-01'",
        "UPDATE followup_promise SET id = id + 100",
    ],
    "promise: its answer stays": [
        "UPDATE followup_promise SET answered_on = NULL",
        "UPDATE followup_promise SET answered_on = '2020-01-01' WHERE answered_on IS NOT NULL",
        "UPDATE followup_promise SET reply_id = (SELECT max(id) FROM followup_reply) WHERE number = 1",
    ],
    "reply: never un-published": ["UPDATE followup_reply SET published_version = 0"],
    "reply: its identity never changes": ["UPDATE followup_reply SET register_id = register_id + 1"],
    "reply version: published, never changed": [
        "UPDATE followup_reply_version SET state = 'draft', published_on = NULL",
        "UPDATE followup_reply_version SET outcome = 'accepted'",
        "UPDATE followup_reply_version SET salt = '00'",
    ],
    "audit entry: never changed": [
        "UPDATE core_audit_entry SET facts = '{}'",
        "UPDATE core_audit_entry SET day = day",
    ],
    "audit chain: its identity never changes": ["UPDATE core_audit_chain SET name = 'other'"],
    "audit chain: only moves forward onto its newest entry": [
        "UPDATE core_audit_chain SET length = length - 1",
        "UPDATE core_audit_chain SET length = length + 1",
        "UPDATE core_audit_chain SET head = 'f'",
    ],
    "round: its identity never changes": [
        "UPDATE consult_round SET register_id = register_id + 1",
        "UPDATE consult_round SET code = 'XX-27'",
    ],
    "round: never un-published": ["UPDATE consult_round SET published_on = NULL"],
    "submission: its identity never changes": [
        "UPDATE consult_submission SET number = number + 100",
        "UPDATE consult_submission SET round_id = round_id + 1",
        "UPDATE consult_submission SET received_on = '2020-01-01'",
        "UPDATE consult_submission SET code_mac = NULL WHERE code_mac IS NOT NULL",
    ],
    "submission: its text is erased or stays": [
        "UPDATE consult_submission SET text = 'something milder'",
        "UPDATE consult_submission SET salt = 'another' WHERE salt IS NOT NULL",
        "UPDATE consult_submission SET text = 'invented', salt = 'invented' WHERE text IS NULL",
        "UPDATE consult_submission SET name = 'Somebody Else'",
    ],
    "public text: its identity never changes": ["UPDATE consult_public_text SET released_on = '2020-01-01'"],
    "public text: its reason never changes": ["UPDATE consult_public_text SET reason = 'Because'"],
    "public text: its text is erased or stays": ["UPDATE consult_public_text SET text = 'something milder'"],
    "reconsideration: its identity never changes": [
        "UPDATE consult_reconsideration SET number = number + 100"
    ],
    "reconsideration: its text is erased or stays": [
        "UPDATE consult_reconsideration SET text = 'Thank you.'"
    ],
}
"""By sentence: statements that each touch at least one row of the concluded round below."""

PROMISE = """
    INSERT INTO followup_promise (register_id, number, kind, subject_kind, subject_id, department_id, opened_on, due_on,
        extension_reason, reply_id, answered_on)
    SELECT register_id, 99, :kind, 'test', 99, department_id, opened_on, due_on, extension_reason, {answer}
    FROM followup_promise WHERE register_id = :register AND number = 1
"""
SUBMISSION = """
    INSERT INTO consult_submission (round_id, number, draft_id, channel, author_kind, publish_name, language, received_on)
    SELECT round_id, 99, draft_id, channel, author_kind, publish_name, language, received_on
    FROM consult_submission WHERE number = 1 AND round_id = (SELECT id FROM consult_round WHERE code = :code)
"""


@pytest.fixture
def concluded(app: Flask) -> Procedure:
    """A concluded round: two comments, one of them withdrawn, both answered, one reply corrected, one asked about."""
    procedure = open_procedure()
    first, second = procedure.submit(), procedure.submit("More courses in the evening.")
    procedure.release(1, 2)
    procedure.answer(1)
    procedure.answer(2)
    withdraw(second.code)
    replies.correct_reply(1, procedure.officer)
    text = ReplyText("noted", "en", {"en": "We read it again."}, correction_note="The day was wrong.")
    replies.edit_answer(1, 1, text, procedure.officer, submit=True)
    replies.approve_answers([(1, 2)], procedure.approver)
    procedure.publish()
    procedure.conclude()
    reconsider(first.code, "You misread me.", "en")
    db.session.rollback()
    return procedure


def test_nothing_is_ever_deleted(concluded: Procedure, subtests: pytest.Subtests) -> None:
    for table, sentence in KEPT.items():
        with subtests.test(table), refused(sentence):
            sql(f"DELETE FROM {table}")


def test_nothing_is_ever_replaced(app: Flask, subtests: pytest.Subtests) -> None:
    if not sqlite():
        return  # PostgreSQL knows no REPLACE
    procedure = open_procedure()
    receipt = procedure.submit()
    procedure.submit()
    procedure.release(1)
    procedure.answer(1)
    procedure.draft(2)
    reconsider(receipt.code, "You misread me.", "en")
    # Rows that no other trigger would keep out.
    rows = {
        "followup_promise": "SELECT * FROM followup_promise WHERE answered_on IS NULL",
        "followup_reply": "SELECT * FROM followup_reply WHERE published_version = 0",
        "core_audit_chain": "SELECT id, name, 0, head FROM core_audit_chain",
    }
    for table in KEPT:
        with subtests.test(table), refused(f"{table}: already there, never replaced"):
            sql(f"REPLACE INTO {table} {rows.get(table, f'SELECT * FROM {table}')}")


def test_no_table_is_emptied_at_once(concluded: Procedure, subtests: pytest.Subtests) -> None:
    if sqlite():
        return  # it knows no TRUNCATE
    for table in KEPT:
        with subtests.test(table), refused(": never emptied"):
            sql(f"TRUNCATE {table} CASCADE")
    with subtests.test("by way of another table"), refused(": never emptied"):
        sql("TRUNCATE accounts_department CASCADE")


def test_what_stands_does_not_change(concluded: Procedure, subtests: pytest.Subtests) -> None:
    for sentence, statements in UNCHANGING.items():
        for statement in statements:
            with subtests.test(statement), refused(sentence):
                sql(statement)


def test_a_text_can_be_erased_for_good(concluded: Procedure) -> None:
    for table in ("consult_submission", "consult_public_text", "consult_reconsideration"):
        sql(f"UPDATE {table} SET text = NULL, salt = NULL")
    db.session.commit()
    with refused("submission: its text is erased or stays"):
        sql("UPDATE consult_submission SET text = 'back', salt = 'back'")


def test_a_register_with_an_unanswered_promise_is_not_concluded(app: Flask) -> None:
    procedure = open_procedure()
    procedure.submit()
    procedure.submit()
    procedure.answer(1)
    with refused("gate: promises unanswered"):
        sql("UPDATE followup_register SET concluded_on = '2027-11-01'")
    procedure.answer(2)
    sql("UPDATE followup_register SET concluded_on = '2027-11-01'")


def test_an_unanswered_reconsideration_holds_the_gate(app: Flask) -> None:
    procedure = open_procedure()
    receipt = procedure.submit()
    procedure.answer(1)
    reconsider(receipt.code, "You misread me.", "en")
    with refused("gate: promises unanswered"):
        sql("UPDATE followup_register SET concluded_on = '2027-11-01'")


def test_no_register_is_born_concluded(app: Flask) -> None:
    with refused("gate: a register opens unconcluded"):
        sql(
            "INSERT INTO followup_register (code, kind, last_number, concluded_on)"
            " VALUES ('XX-27', 'consult.round', 0, '2027-11-01')"
        )


def test_after_conclusion_no_answer_is_promised_any_more(concluded: Procedure) -> None:
    statement = PROMISE.format(answer="NULL, NULL")
    with refused("gate: register concluded"):
        sql(statement, kind="answer", register=concluded.register_id)
    sql(statement, kind="reconsideration", register=concluded.register_id)


def test_after_conclusion_nothing_is_received_any_more(concluded: Procedure) -> None:
    with refused("gate: register concluded"):
        sql(SUBMISSION, code=concluded.code)


def test_another_register_stays_open_beside_a_concluded_one(concluded: Procedure) -> None:
    other = open_procedure("BS-27")
    other.submit()
    sql(SUBMISSION, code=other.code)
    sql(PROMISE.format(answer="NULL, NULL"), kind="answer", register=other.register_id)


def test_a_promise_is_opened_unanswered(app: Flask) -> None:
    procedure = open_procedure()
    procedure.submit()
    procedure.answer(1)
    with refused("promise: opens unanswered"):
        sql(PROMISE.format(answer="reply_id, answered_on"), kind="answer", register=procedure.register_id)


@pytest.mark.parametrize("state", ["without a reply", "by a draft", "by an approved reply", "from elsewhere"])
def test_no_promise_is_answered(app: Flask, state: str) -> None:
    procedure = open_procedure()
    procedure.submit()
    if state == "without a reply":
        with pytest.raises(IntegrityError, match=r"answered"):
            sql("UPDATE followup_promise SET answered_on = '2027-09-20'")
        return
    if state == "from elsewhere":
        other = open_procedure("BS-27")
        other.submit()
        reply_id = other.answer(1)
    else:
        reply_id = procedure.draft(1)
        if state == "by an approved reply":
            procedure.approve(reply_id)
    with refused("promise: answered only by a published reply"):
        sql(
            "UPDATE followup_promise SET answered_on = '2027-09-20', reply_id = :reply WHERE register_id = :register",
            reply=reply_id,
            register=procedure.register_id,
        )


def owed_step(procedure: Procedure) -> None:
    """Number 99 is a step, beside comment 1."""
    procedure.submit()
    sql(PROMISE.format(answer="NULL, NULL"), kind="step", register=procedure.register_id)
    db.session.commit()


def test_a_step_is_met_without_a_reply_and_stays_met(app: Flask) -> None:
    owed_step(open_procedure())
    sql("UPDATE followup_promise SET answered_on = '2027-09-20' WHERE number = 99")
    db.session.commit()
    tallied = "SELECT days_taken FROM followup_tally WHERE days_taken >= 0 AND count = 1"
    assert len(sql(tallied).all()) == 1
    for day in ("NULL", "'2027-09-21'"):
        with refused("promise: its answer stays"):
            sql(f"UPDATE followup_promise SET answered_on = {day} WHERE number = 99")


@pytest.mark.parametrize("answered_on", ["NULL", "'2027-09-20'"])
def test_a_step_never_has_a_reply(app: Flask, answered_on: str) -> None:
    procedure = open_procedure()
    owed_step(procedure)
    procedure.answer(1)
    with refused("step_without_reply"):
        sql(
            f"UPDATE followup_promise SET answered_on = {answered_on},"
            " reply_id = (SELECT max(id) FROM followup_reply) WHERE number = 99"
        )


def test_beside_a_step_an_answer_still_needs_its_published_reply(app: Flask) -> None:
    procedure = open_procedure()
    owed_step(procedure)
    with pytest.raises(IntegrityError, match=r"answered"):
        sql("UPDATE followup_promise SET answered_on = '2027-09-20'")
    db.session.rollback()
    with refused("promise: its identity never changes"):
        sql("UPDATE followup_promise SET kind = 'step' WHERE number = 1")


def test_no_step_is_opened_met_and_none_after_conclusion(concluded: Procedure) -> None:
    other = open_procedure("BS-27")
    other.submit()
    with refused("promise: opens unanswered"):
        sql(PROMISE.format(answer="NULL, opened_on"), kind="step", register=other.register_id)
    with refused("gate: register concluded"):
        sql(PROMISE.format(answer="NULL, NULL"), kind="step", register=concluded.register_id)


def test_an_unmet_step_holds_the_gate(app: Flask) -> None:
    procedure = open_procedure()
    owed_step(procedure)
    procedure.answer(1)
    with refused("gate: promises unanswered"):
        sql("UPDATE followup_register SET concluded_on = '2027-11-01'")
    sql("UPDATE followup_promise SET answered_on = '2027-09-20' WHERE number = 99")
    sql("UPDATE followup_register SET concluded_on = '2027-11-01'")


def test_a_promise_of_no_known_kind_is_refused(app: Flask) -> None:
    procedure = open_procedure()
    procedure.submit()
    with refused("kind_known"):
        sql(PROMISE.format(answer="NULL, NULL"), kind="favour", register=procedure.register_id)


def test_a_reply_is_not_declared_published(app: Flask) -> None:
    procedure = open_procedure()
    procedure.submit()
    procedure.draft(1)
    with refused("reply: publishes an approved version"):
        sql("UPDATE followup_reply SET published_version = 1")
    with refused("reply: begins unpublished"):
        sql(
            "INSERT INTO followup_reply (register_id, department_id, published_version, answered_count)"
            " SELECT register_id, department_id, 1, 0 FROM followup_reply"
        )


@pytest.mark.parametrize(
    "statement", ["UPDATE followup_reply_version SET state = 'draft'", "DELETE FROM followup_reply_version"]
)
def test_the_version_in_force_does_not_go_back_to_its_writer(app: Flask, statement: str) -> None:
    procedure = open_procedure()
    procedure.submit()
    procedure.approve(procedure.draft(1))
    sql("UPDATE followup_reply SET published_version = 1")
    with refused("reply version: in force"):
        sql(statement)


def test_a_draft_may_be_thrown_away(app: Flask) -> None:
    procedure = open_procedure()
    procedure.submit()
    reply_id = replies.write_answer(
        procedure.register_id, [1], ReplyText("", "en", {"en": "Perhaps"}), procedure.officer
    )
    replies.discard_answer(reply_id, 1, procedure.officer)
    assert sql("SELECT count(*) FROM followup_reply_version").scalar() == 0


def test_a_chain_begins_empty(app: Flask) -> None:
    with refused("audit chain: begins empty"):
        sql(
            f"INSERT INTO core_audit_chain (name, length, head) VALUES ('forged', 3, '{secrets.token_hex(32)}')"
        )


def test_what_the_services_do_passes_every_refusal(concluded: Procedure) -> None:
    with later(60):
        procedure = concluded
        procedure.answer(3)
    found = register(procedure)
    assert (found.last_number, found.concluded_on is not None) == (3, True)
    assert sql("SELECT count(*) FROM followup_promise WHERE answered_on IS NULL").scalar() == 0


def test_a_stranger_with_the_file_cannot_replace_either(app: Flask) -> None:
    """Without our pragmas SQLite's REPLACE deletes a row and fires no delete trigger."""
    if not sqlite():
        return
    procedure = open_procedure()
    procedure.submit()
    procedure.submit()
    path = make_url(str(db.engine.url)).database
    db.session.remove()
    with closing(sqlite3.connect(str(path))) as stranger:
        for statement in (
            "REPLACE INTO followup_promise SELECT * FROM followup_promise",
            "INSERT OR REPLACE INTO core_audit_entry SELECT * FROM core_audit_entry",
            "UPDATE OR REPLACE followup_promise SET number = 1",
            "UPDATE OR REPLACE consult_submission SET code_mac = (SELECT max(code_mac) FROM consult_submission)",
        ):
            with pytest.raises(sqlite3.IntegrityError, match=r"never (replaced|changes)"):
                stranger.execute(statement)
