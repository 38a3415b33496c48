"""The audit check: whatever is changed behind the services' backs is found, and the first broken entry is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result as Printed
from flask import Flask
from sqlalchemy import text

from app.commands.audit import Result, audit, check
from consult.services import moderation, rounds
from consult.services.submissions import reconsider, withdraw
from core import clock
from core.audit import Actor, AuditEntry, Chain, append, canonical, entry_hash
from core.db import db, write
from followup.rules import ReplyText
from followup.services import replies, steps
from followup.services.promises import extend_due_day, lock_register, pass_on
from tests.city import (
    AFTER_CLOSING,
    DUE,
    MATTER,
    answer,
    entries,
    found_city,
    meet_steps,
    open_round,
    owe_steps,
    promise,
    register_id,
    rows,
    staff,
    submit_comment,
)

CHAIN = "register:AS-27"


@pytest.fixture
def codes(app: Flask) -> list[str]:
    """A round in which everything has happened that is recorded; the receipt codes of its comments."""
    found_city()
    open_round()
    sent = [submit_comment(f"Comment {n}", "3").code for n in range(6)]
    moderation.release_texts("AS-27", [1, 2, 3, 4], staff("moderator"))
    moderation.release_redacted(
        "AS-27", 4, "Comment […]", "", "It holds a private number.", staff("moderator")
    )
    moderation.hide_text("AS-27", 2, "It names a neighbour.", staff("moderator"))
    moderation.hide_text("AS-27", 3, "A mistake.", staff("moderator"))
    moderation.show_text("AS-27", 3, staff("moderator"))
    moderation.correct_language("AS-27", 5, "uk", staff("moderator"))
    extend_due_day(register_id(), [5], DUE + timedelta(days=7), "en", "The expert is ill.", staff("officer"))
    pass_on(register_id(), [6], promise(1).department_id, staff("officer"))
    corrected = answer([1, 2])
    replies.correct_reply(corrected, staff("officer"))
    text = ReplyText("noted", "en", {"en": "Better."}, correction_note="The day was wrong.")
    replies.edit_answer(corrected, 1, text, staff("officer"), submit=True)
    replies.approve_answers([(corrected, 2)], staff("approver"))
    replies.publish_replies(register_id(), staff("approver"))
    answer([3, 4, 5], outcome="accepted", reason="Yes.")
    reconsider(sent[0], "You misread me.", "en")
    withdraw(sent[5])
    return sent


def look(*anchors: str) -> tuple[Result, list[str]]:
    db.session.rollback()
    results, missing = check(db.session(), anchors)
    return next(result for result in results if result.chain == CHAIN), missing


def tamper(*statements: str, **values: Any) -> None:
    """Run SQL past all triggers, as somebody with the database's password could."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        found = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for trigger in found.all():
            db.session.execute(text(f"DROP TRIGGER {trigger}"))
    else:
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in statements:
        db.session.execute(text(statement), values)
    db.session.commit()


def recorded(tag: str = "%") -> list[AuditEntry]:
    """Entries as they are now, to remember when they no longer are."""
    found = entries(tag)
    db.session.expunge_all()
    return found


def entry(tag: str) -> AuditEntry:
    return recorded(tag)[0]


def finding(*anchors: str) -> tuple[str, int, tuple[str, ...]]:
    """What is wrong: code, entry, register numbers."""
    found = look(*anchors)[0].finding
    assert found is not None, "nothing was found"
    return found.code, found.sequence, found.numbers


# Sound ---------------------------------------------------------------------------------------------------------------


def test_a_round_in_which_everything_happened_is_sound(codes: list[str]) -> None:
    result, missing = look()
    assert result.finding is None
    assert result.length == len([e for e in recorded() if e.tag.startswith(("consult", "followup"))])
    assert missing == []


def test_an_erased_text_leaves_the_chain_sound(codes: list[str]) -> None:
    for code in codes:
        withdraw(code)
    assert look()[0].finding is None


def test_a_concluded_round_is_sound(codes: list[str]) -> None:
    answer([6, 7])
    with clock.freeze(AFTER_CLOSING):
        rounds.conclude_round("AS-27", staff("officer"))
    assert look()[0].finding is None


def test_every_published_hash_is_an_anchor(codes: list[str]) -> None:
    hashes = [e.entry_hash for e in recorded()]
    assert look(*hashes)[1] == []
    assert look(hashes[3].upper(), "0" * 64)[1] == ["0" * 64]


# Entries -------------------------------------------------------------------------------------------------------------


def test_a_changed_fact_breaks_its_entry(codes: list[str]) -> None:
    changed = entry("consult:submission:hide")
    tamper(
        "UPDATE core_audit_entry SET facts = replace(facts, 'neighbour', 'councillor') WHERE id = :id",
        id=changed.id,
    )
    assert finding() == ("hash", changed.sequence, ("AS-27-0002",))


@pytest.mark.parametrize(
    "column", ["day = '2027-09-01'", "role = 'system'", "actor = 'somebody'", "tag = 'x'"]
)
def test_a_changed_day_role_actor_or_tag_breaks_its_entry(codes: list[str], column: str) -> None:
    changed = entry("consult:submission:release")
    tamper(f"UPDATE core_audit_entry SET {column} WHERE id = :id", id=changed.id)
    assert finding()[:2] == ("hash", changed.sequence)


def test_a_changed_entry_with_a_new_hash_breaks_the_next_one(codes: list[str]) -> None:
    changed = entry("consult:submission:hide")
    facts = changed.facts.replace("neighbour", "councillor")
    forged = entry_hash(
        CHAIN,
        changed.sequence,
        changed.day,
        Actor(changed.role, changed.actor),
        changed.tag,
        f"{changed.subject_kind}:{changed.subject_id}",
        facts,
        changed.commitment,
        changed.previous_hash,
    )
    tamper(
        "UPDATE core_audit_entry SET facts = :facts, entry_hash = :forged WHERE id = :id",
        facts=facts,
        forged=forged,
        id=changed.id,
    )
    assert finding()[:2] == ("link", changed.sequence + 1)


def test_a_dropped_entry_is_missed(codes: list[str]) -> None:
    dropped = entry("consult:submission:hide")
    tamper("DELETE FROM core_audit_entry WHERE id = :id", id=dropped.id)
    assert finding()[:2] == ("sequence", dropped.sequence)


def test_a_dropped_entry_is_missed_even_if_the_rest_is_renumbered(codes: list[str]) -> None:
    dropped = entry("consult:submission:hide")
    tamper(
        "DELETE FROM core_audit_entry WHERE id = :id",
        "UPDATE core_audit_entry SET sequence = sequence + 9999 WHERE chain_id = :chain AND sequence > :sequence",
        "UPDATE core_audit_entry SET sequence = sequence - 10000 WHERE sequence > 10000",
        "UPDATE core_audit_chain SET length = length - 1 WHERE id = :chain",
        id=dropped.id,
        chain=dropped.chain_id,
        sequence=dropped.sequence,
    )
    assert finding()[:2] == ("link", dropped.sequence)


def test_two_entries_that_changed_places_are_found(codes: list[str]) -> None:
    first, second = recorded("consult:submission:release")[:2]
    tamper(
        "UPDATE core_audit_entry SET sequence = 100000 WHERE id = :first",
        "UPDATE core_audit_entry SET sequence = :one WHERE id = :second",
        "UPDATE core_audit_entry SET sequence = :two WHERE id = :first",
        first=first.id,
        second=second.id,
        one=first.sequence,
        two=second.sequence,
    )
    assert finding()[:2] == ("link", first.sequence)


def cut(after: int) -> None:
    """Take the end off the chain and make its head fit again."""
    last = next(e for e in recorded() if e.sequence == after and e.chain_id == chain().id)
    tamper(
        "DELETE FROM core_audit_entry WHERE chain_id = :chain AND sequence > :after",
        "UPDATE core_audit_chain SET length = :after, head = :head WHERE id = :chain",
        chain=last.chain_id,
        after=after,
        head=last.entry_hash,
    )


def chain() -> Chain:
    found = next(chain for chain in rows(Chain) if chain.name == CHAIN)
    db.session.expunge_all()
    return found


def test_a_chain_that_was_cut_is_found_by_its_length(codes: list[str]) -> None:
    tamper("DELETE FROM core_audit_entry WHERE sequence > 5 AND chain_id = :chain", chain=chain().id)
    assert finding()[:2] == ("length", 6)


def test_a_cut_chain_with_a_forged_head_no_longer_fits_the_tables(codes: list[str]) -> None:
    cut(chain().length - 1)  # the erasure of number 6
    assert finding()[0] == "missing"


def test_an_anchor_finds_a_chain_that_was_cut_and_forged_to_fit(codes: list[str]) -> None:
    receipt = submit_comment("The last comment", "3")
    assert look(receipt.entry_hash)[1] == []
    number = receipt.number
    cut(chain().length - 1)
    tamper(
        "DELETE FROM followup_promise WHERE number = :number",
        "DELETE FROM consult_submission WHERE number = :number",
        "UPDATE followup_register SET last_number = last_number - 1",
        number=number,
    )
    result, missing = look(receipt.entry_hash)
    assert result.finding is None, "whoever forges everything deceives the server's own tables"
    assert missing == [receipt.entry_hash], "but not somebody with a receipt"


def test_a_rewritten_chain_loses_the_anchors(codes: list[str]) -> None:
    anchor = chain().head
    tamper("UPDATE core_audit_chain SET name = 'register:AS-28' WHERE name = :name", name=CHAIN)
    result, missing = look(anchor)
    assert missing == [anchor]
    assert result.finding is not None
    assert result.finding.code == "chain_missing"


def test_a_forged_head_is_found(codes: list[str]) -> None:
    tamper("UPDATE core_audit_chain SET head = :head WHERE id = :chain", head="f" * 64, chain=chain().id)
    assert finding()[:2] == ("head", chain().length)


# Texts, answers, numbers ---------------------------------------------------------------------------------------------

CONTENT: dict[str, tuple[str, str]] = {
    "an original": (
        "UPDATE consult_submission SET text = 'Something else' WHERE number = 5",
        "AS-27-0005",
    ),
    "a name": ("UPDATE consult_submission SET name = 'Somebody' WHERE number = 4", "AS-27-0004"),
    "a kind": ("UPDATE consult_submission SET kind = 'support' WHERE number = 3", "AS-27-0003"),
    "a public text": (
        "UPDATE consult_public_text SET text = 'Something else' WHERE version = 2",
        "AS-27-0004",
    ),
    "an outcome": (
        "UPDATE followup_reply_version SET outcome = 'not_accepted' WHERE outcome = 'accepted'",
        "AS-27-0003",
    ),
    "a second look": ("UPDATE consult_reconsideration SET text = 'Nothing'", "AS-27-0007"),
}


@pytest.mark.parametrize("what", CONTENT)
def test_a_changed_content_no_longer_fits_its_entry(codes: list[str], what: str) -> None:
    statement, number = CONTENT[what]
    tamper(statement)
    code, sequence, numbers = finding()
    assert code == "content"
    assert number in numbers
    assert sequence > 0


def test_a_text_that_vanished_without_being_erased_is_missed(codes: list[str]) -> None:
    tamper("UPDATE consult_submission SET text = NULL, salt = NULL WHERE number = 5")
    assert finding()[0] == "missing"


TABLES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "a number": (
        "UPDATE followup_promise SET number = CASE number WHEN 3 THEN 104 ELSE 103 END WHERE number IN (3, 4); "
        "UPDATE followup_promise SET number = number - 100 WHERE number > 100",
        "number",
        ("AS-27-0003",),
    ),
    "a promise": ("DELETE FROM followup_promise WHERE number = 4", "gap", ("AS-27-0004",)),
    "the last promise": ("DELETE FROM followup_promise WHERE number = 7", "last_number", ()),
    "the last number": ("UPDATE followup_register SET last_number = 9", "last_number", ()),
    "a due day": (
        "UPDATE followup_promise SET due_on = '2028-06-01' WHERE number = 6",
        "due",
        ("AS-27-0006",),
    ),
    "an extended day": (
        "UPDATE followup_promise SET due_on = '2028-06-01' WHERE number = 5",
        "due",
        ("AS-27-0005",),
    ),
    "an answer taken back": (
        "UPDATE followup_promise SET answered_on = NULL WHERE number = 4",
        "answer_lost",
        ("AS-27-0004",),
    ),
    "an answer nobody published": (
        "UPDATE followup_promise SET answered_on = '2027-09-14', reply_id = (SELECT min(id) FROM followup_reply) "
        "WHERE number = 6",
        "answer_unrecorded",
        ("AS-27-0006",),
    ),
    "another answer": (
        "UPDATE followup_promise SET reply_id = (SELECT min(id) FROM followup_reply) WHERE number = 5",
        "outcome",
        ("AS-27-0005",),
    ),
    "an older version of an answer": (
        "UPDATE followup_reply SET published_version = 1 WHERE published_version = 2",
        "outcome",
        ("AS-27-0001",),
    ),
    "a conclusion": (
        "UPDATE followup_register SET concluded_on = '2027-09-14'",
        "concluded_unanswered",
        (),
    ),
    "a text shown again": (
        "UPDATE consult_submission SET hidden_on = NULL, hidden_reason = NULL WHERE number = 2",
        "hiding",
        ("AS-27-0002",),
    ),
    "a text hidden": (
        "UPDATE consult_submission SET hidden_on = '2027-09-14', hidden_reason = 'Because' WHERE number = 1",
        "hiding",
        ("AS-27-0001",),
    ),
    "the unshortened text": (
        "UPDATE consult_submission SET public_text_id = (SELECT id FROM consult_public_text "
        "WHERE submission_id = consult_submission.id AND version = 1) WHERE number = 4",
        "release",
        ("AS-27-0004",),
    ),
    "another reason for the shortened text": (
        "UPDATE consult_public_text SET reason = 'Because' WHERE version = 2",
        "release",
        ("AS-27-0004",),
    ),
    "another reason for hiding": (
        "UPDATE consult_submission SET hidden_reason = 'Because' WHERE number = 2",
        "hiding",
        ("AS-27-0002",),
    ),
    "another language": (
        "UPDATE consult_submission SET language = 'ru' WHERE number = 5",
        "language",
        ("AS-27-0005",),
    ),
    "another person who approved": (
        "UPDATE followup_reply_version SET approved_by = (SELECT id FROM accounts_account "
        "WHERE handle = 'm0derat0') WHERE outcome = 'accepted'",
        "approval",
        ("AS-27-0003",),
    ),
    "another person who wrote": (
        "UPDATE followup_reply_version SET written_by = (SELECT id FROM accounts_account "
        "WHERE handle = 'm0derat0'), editors = '[]' WHERE outcome = 'accepted'",
        "approval",
        ("AS-27-0003",),
    ),
}


@pytest.mark.parametrize("what", TABLES)
def test_tables_that_say_something_else_than_the_chain_are_found(codes: list[str], what: str) -> None:
    statements, code, numbers = TABLES[what]
    tamper(*statements.split("; "))
    assert finding() == (code, 0, numbers)


STEPS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "a step nobody owed": (
        "UPDATE followup_promise SET kind = 'step' WHERE number = 6",
        "unrecorded",
        ("AS-27-0006",),
    ),
    "a step made an answer": (
        "UPDATE followup_promise SET kind = 'answer' WHERE number = 8",
        "unrecorded",
        ("AS-27-0008",),
    ),
    "a step of another matter": (
        "UPDATE followup_promise SET subject_id = subject_id + 100 WHERE number = 8",
        "unrecorded",
        ("AS-27-0008",),
    ),
    "numbers of steps": (
        "UPDATE followup_promise SET number = CASE number WHEN 8 THEN 109 ELSE 108 END WHERE number IN (8, 9); "
        "UPDATE followup_promise SET number = number - 100 WHERE number > 100",
        "number",
        ("AS-27-0008",),
    ),
    "a step's day": (
        "UPDATE followup_promise SET due_on = '2028-06-01' WHERE number = 8",
        "due",
        ("AS-27-0008",),
    ),
    "a step's extended day": (
        "UPDATE followup_promise SET due_on = '2028-06-01' WHERE number = 10",
        "due",
        ("AS-27-0010",),
    ),
    "a step met by nobody": (
        "UPDATE followup_promise SET answered_on = '2027-09-14' WHERE number = 8",
        "answer_unrecorded",
        ("AS-27-0008",),
    ),
    "a met step owed again": (
        "UPDATE followup_promise SET answered_on = NULL WHERE number = 9",
        "answer_lost",
        ("AS-27-0009",),
    ),
    "a step met on a better day": (
        "UPDATE followup_promise SET answered_on = '2027-09-01' WHERE number = 9",
        "met_day",
        ("AS-27-0009",),
    ),
    "the last step": ("DELETE FROM followup_promise WHERE number = 10", "gap", ("AS-27-0010",)),
}


@pytest.fixture
def owed(codes: list[str]) -> None:
    """Three steps beside the comments: 8 is owed, 9 is met, 10 was extended and is met."""
    owe_steps(1, 2, 3)
    with write() as session:
        register, later = lock_register(session, register_id()), DUE + timedelta(days=7)
        moved = steps.extend(session, register, MATTER, 3, later, "en", "The council meets later.")
        append(session, register.chain, [moved])
    meet_steps(2, 3)


def test_steps_that_are_as_recorded_are_sound(owed: None) -> None:
    assert look()[0].finding is None


@pytest.mark.parametrize("what", STEPS)
def test_steps_that_are_not_as_recorded_are_found(owed: None, what: str) -> None:
    statements, code, numbers = STEPS[what]
    tamper(*statements.split("; "))
    assert finding() == (code, 0, numbers)


def test_a_concluded_register_that_owes_a_step_is_found(owed: None) -> None:
    answer([6, 7])
    tamper("UPDATE followup_register SET concluded_on = '2027-09-14'")
    assert finding()[0] == "concluded_unanswered"


def test_a_submission_slipped_in_without_a_promise_is_found(codes: list[str]) -> None:
    tamper(
        "UPDATE consult_submission SET number = 50 WHERE number = 5",
    )
    assert finding()[0] in ("content", "promise_missing")


def test_a_conclusion_taken_back_is_found(codes: list[str]) -> None:
    answer([6, 7])
    with clock.freeze(AFTER_CLOSING):
        rounds.conclude_round("AS-27", staff("officer"))
    tamper("UPDATE followup_register SET concluded_on = NULL")
    assert finding()[0] == "conclusion_lost"


def test_entries_of_answers_from_before_people_were_named_are_sound(codes: list[str]) -> None:
    """As the first releases wrote them: without writers and approver, their hashes made from what was there."""
    links = [e for e in recorded() if e.chain_id == chain().id]
    previous = links[0].previous_hash
    for link in links:
        facts = json.loads(link.facts)
        facts = {name: value for name, value in facts.items() if name not in ("writers", "approver")}
        actor, subject = Actor(link.role, link.actor), f"{link.subject_kind}:{link.subject_id}"
        older = canonical(facts)
        made = entry_hash(
            CHAIN, link.sequence, link.day, actor, link.tag, subject, older, link.commitment, previous
        )
        tamper(
            "UPDATE core_audit_entry SET facts = :facts, previous_hash = :previous, entry_hash = :made WHERE id = :id",
            facts=older,
            previous=previous,
            made=made,
            id=link.id,
        )
        previous = made
    tamper(
        "UPDATE core_audit_chain SET head = :head WHERE id = :chain", head=previous, chain=links[0].chain_id
    )
    assert look()[0].finding is None


# The command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(app: Flask) -> Callable[..., Printed]:
    def invoke(*words: str) -> Printed:
        db.session.rollback()
        return app.test_cli_runner().invoke(audit, ["verify", *words])

    return invoke


def test_the_command_prints_a_line_for_each_chain_and_ends_well(
    codes: list[str], run: Callable[..., Printed]
) -> None:
    anchor = chain().head
    printed = run("--anchor", anchor)
    assert printed.exit_code == 0
    assert f"sound      {CHAIN}: {chain().length} entries, head {anchor}" in printed.output


def test_the_command_names_the_first_broken_entry_and_fails(
    codes: list[str], run: Callable[..., Printed]
) -> None:
    changed = entry("consult:submission:hide")
    tamper("UPDATE core_audit_entry SET facts = :facts WHERE id = :id", facts='{"number": 2}', id=changed.id)
    printed = run()
    assert printed.exit_code == 1
    assert (
        f"BROKEN     {CHAIN}: entry {changed.sequence} (AS-27-0002): the entry was changed" in printed.output
    )


def test_facts_made_unreadable_do_not_stop_the_check(codes: list[str], run: Callable[..., Printed]) -> None:
    changed = entry("consult:submission:hide")
    tamper("UPDATE core_audit_entry SET facts = 'no json' WHERE id = :id", id=changed.id)
    printed = run()
    assert printed.exit_code == 1
    assert f"entry {changed.sequence}: the entry was changed" in printed.output


def test_the_command_fails_for_an_anchor_that_is_gone(codes: list[str], run: Callable[..., Printed]) -> None:
    printed = run("--anchor", "a" * 64)
    assert printed.exit_code == 1
    assert "NOT FOUND  " + "a" * 64 in printed.output


def test_the_command_speaks_json(codes: list[str], run: Callable[..., Printed]) -> None:
    found = json.loads(run("--json").output)
    assert found["sound"] is True
    assert {one["chain"] for one in found["chains"]} >= {CHAIN}
