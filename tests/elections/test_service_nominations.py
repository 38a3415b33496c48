"""Nominations: handed in without account, supported by link, mended, checked, decided by two persons, erased."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.commands.audit import check
from core import audit, keys, outbox
from core.db import db, write
from core.localized import Localized
from elections import jobs
from elections.models.candidates import Candidate
from elections.models.nominations import Nomination, Supporter, VettingCheck
from elections.rules.lots import ballot_purpose
from elections.rules.nominations import is_counted, questions
from elections.rules.stages import ActKind, Stage
from elections.services.effects import checklist
from elections.services.nominations import ballot_order, decisions, erasing, receiving, seals, vetting
from elections.services.nominations.vetting import Found
from followup.models import Promise
from followup.rules import Outcome
from followup.services import replies
from tests.city import entries, everything, refused, reply_text, rows, staff
from tests.elections.city import CODE, act, bring_to, election, on, rules
from tests.elections.nominees import (
    AFTER,
    MENDING,
    OPEN,
    admit,
    call_election,
    draw_order,
    key_of,
    nominate,
    nomination,
    nominee,
    prepare,
    release,
    the_day,
    vet,
)

REGION = rules().groups[0].key


@pytest.fixture(autouse=True)
def called(app: Flask) -> Iterator[None]:
    with the_day(OPEN):
        call_election()
        yield


def token(receipt_code: str) -> str:
    return receiving.link_token(receipt_code)


# Handing in --------------------------------------------------------------------------------------------------------


def test_a_nomination_is_a_promise_with_a_receipt() -> None:
    receipt = nominate()
    kept = rows(Nomination)[0]
    owed = rows(Promise)[0]
    assert (receipt.written_number, kept.state, kept.name) == ("MC-27-0001", "received", "Amina Yusuf")
    assert owed.due_on == receipt.due_on == on(-18)
    assert entries("elections:nomination:receive")[0].entry_hash == receipt.entry_hash


def test_a_form_sent_twice_counts_once_and_shows_the_same_receipt_and_link() -> None:
    first, second = nominate(), nominate()
    assert (second.code, second.repeated) == (first.code, True)
    assert len(rows(Nomination)) == 1
    with refused("already_sent"):
        receiving.nominate(CODE, key_of("Amina Yusuf"), nominee("Somebody Else"))


def test_nominations_come_in_between_two_days_only() -> None:
    with the_day(on(-61)), refused("nominations_not_open_yet"):
        nominate()
    with the_day(on(-24)), refused("nominations_closed"):
        nominate()
    bring_to(Stage.CANDIDATES)
    with refused("nominations_closed"):
        nominate()


def test_a_nomination_holds_what_it_must() -> None:
    with refused(
        "nominee_missing",
        "nominee_address_missing",
        "nominee_group_missing",
        "statement_missing",
        "consent_missing",
        "language_unknown",
    ):
        receiving.nominate(
            CODE,
            key_of("x"),
            nominee("\u202e", address=" ", group_key="nowhere", statements={"xx": "Hello"}, consents=False),
        )
    with refused("nominee_too_long", "statement_too_long"):
        receiving.nominate(CODE, key_of("x"), nominee("x" * 121, statements={"en": "x" * 1501}))
    with refused("form_key"):
        receiving.nominate(CODE, "no key", nominee())


def test_the_chain_and_the_tables_hold_no_address_and_no_secret() -> None:
    receipt = nominate()
    secret = token(receipt.code)
    receiving.support(secret, "Karim Canary", "Plantedstrasse 3")
    chain = " ".join(f"{entry.facts} {entry.actor}" for entry in rows(audit.AuditEntry))
    stored = str(everything())
    for planted in ("Canarygasse", "Karim", "Plantedstrasse", receipt.code, secret):
        assert planted not in stored
    assert "Amina" not in chain


# Supporting --------------------------------------------------------------------------------------------------------


def test_a_person_supports_a_nomination_once_however_they_spell_it() -> None:
    secret = token(nominate().code)
    assert receiving.support(secret, "Zoë Müller", "Am Markt 1, Lindhafen")
    assert not receiving.support(secret, "zoë  müller ", "am Markt 1 Lindhafen")
    assert receiving.support(secret, "Zoë Müller", "Am Markt 2, Lindhafen")
    assert len(rows(Supporter)) == 2


def test_nobody_supports_with_a_wrong_link_without_name_or_too_late() -> None:
    secret = token(nominate().code)
    with refused("not_found"):
        receiving.support(secret + "x", "Ada", "Am Markt 1")
    with refused("not_found"):
        receiving.support("\x00\ud800" * 500, "Ada", "Am Markt 1")
    with refused("supporter_missing", "supporter_address_missing"):
        receiving.support(secret, " ", "\u202e")
    with the_day(AFTER), refused("mending_closed"):
        receiving.support(secret, "Ada", "Am Markt 1")


def test_supporters_are_counted_by_the_site_and_never_ticked() -> None:
    call = dataclasses.replace(rules(), supporters=1)
    last = list(questions(call.standing))[-1]
    assert last.key.endswith("-supporters")
    assert is_counted(last.criterion)


# Mending and withdrawing -------------------------------------------------------------------------------------------


def test_what_was_named_is_mended_until_the_day() -> None:
    receipt = nominate()
    vetting.request_mending(nomination().id, "en", "The address is incomplete.", staff("returning_officer"))
    assert (nomination().state, nomination().deficiencies.best("de").text) == (
        "mending",
        "The address is incomplete.",
    )
    with the_day(MENDING):
        receiving.mend(receipt.code, {"en": "Better words."}, "Canarygasse 7a")
    assert (nomination().state, nomination().statement.best("en").text) == ("received", "Better words.")
    assert seals.unseal(CODE, nomination().sealed)["note"] == "Canarygasse 7a"
    with the_day(AFTER), refused("mending_closed"):
        receiving.mend(receipt.code, {"en": "Even better words."})
    with refused("deficiencies_missing"):
        vetting.request_mending(nomination().id, "en", " ", staff("returning_officer"))


def test_a_withdrawn_nomination_keeps_its_number_and_is_still_owed_an_answer() -> None:
    receipt = nominate()
    vet()
    prepare()
    receiving.withdraw(receipt.code)
    assert (nomination().state, nomination().decision) == ("withdrawn", None)
    assert rows(Promise)[0].reply_id is None
    with refused("nomination_state"):
        release()
    with refused("nomination_state"):
        receiving.withdraw(receipt.code)


def test_a_candidate_may_withdraw_until_the_candidates_are_published() -> None:
    receipt = nominate()
    admit()
    receiving.withdraw(receipt.code)
    assert rows(Candidate)[0].withdrawn_on == OPEN
    other = nominate("Boris Novak")
    admit(2)
    bring_to(Stage.CANDIDATES)
    with refused("withdrawal_too_late"):
        receiving.withdraw(other.code)


# Checking and deciding ---------------------------------------------------------------------------------------------


def test_vetting_keeps_result_method_day_and_officer_and_the_newest_finding() -> None:
    nominate()
    vet(result="unknown")
    vet()
    found = rows(VettingCheck)
    assert {(each.result, each.method, each.checked_on) for each in found} == {("met", "register", OPEN)}
    assert len(found) == len(vetting.questions_of(election()))
    with refused("checklist_line_unknown"):
        vetting.check_nomination(
            nomination().id, {"9-passport": Found("met", "seen")}, staff("returning_officer")
        )
    key = vetting.questions_of(election())[0].key
    with refused("finding_unknown"):
        vetting.check_nomination(nomination().id, {key: Found("yes", "seen")}, staff("returning_officer"))


def test_two_persons_admit_and_the_decision_takes_effect_with_its_reply() -> None:
    nominate()
    vet()
    prepare()
    assert rows(Candidate) == []
    with refused("second_person"):
        release(who="returning_officer")
    release()
    candidate = rows(Candidate)[0]
    assert (candidate.name, candidate.group_key, candidate.position) == ("Amina Yusuf", REGION, None)
    assert (nomination().state, nomination().candidate_id) == ("admitted", candidate.id)
    assert rows(Promise)[0].answered_on == OPEN
    assert [entry.tag for entry in entries()][-2:] == ["followup:reply:publish", "elections:nomination:admit"]


def test_only_what_meets_every_line_is_admitted_and_a_refusal_needs_ground_and_reason() -> None:
    nominate()
    vet(result="unknown")
    with refused("vetting_incomplete"):
        prepare()
    with refused("ground_missing"):
        prepare(decision="refuse", ground="nationality")
    prepare(decision="refuse")
    release()
    assert (nomination().state, nomination().refusal_ground) == ("refused", "not_eligible")
    told = json.loads(entries("elections:nomination:refuse")[0].facts)
    assert told["objections_until"] == decisions.objections_until(election(), OPEN).isoformat()
    assert rows(Candidate) == []


def test_a_prepared_decision_can_be_taken_back_and_written_anew() -> None:
    nominate()
    prepare(decision="refuse")
    with refused("nomination_state"):
        vet()
    decisions.take_back_decision(nomination().id)
    assert (nomination().state, rows(Promise)[0].reply_id) == ("received", None)
    admit()
    assert nomination().state == "admitted"


def test_the_reply_desk_leaves_the_answer_of_a_decision_to_the_decision() -> None:
    nominate()
    register, words = election().register_id, reply_text(Outcome.ACCEPTED)
    officer, board = staff("returning_officer"), staff("election_board")
    with refused("decided_apart"):
        replies.write_answer(register, [1], words, officer)
    vet()
    prepare()
    reply = nomination().reply_id
    assert reply is not None
    for verb in (
        lambda: replies.edit_answer(reply, 1, words, officer),
        lambda: replies.discard_answer(reply, 1, officer),
        lambda: replies.send_back_answer(reply, 1, "Mend it.", board),
        lambda: replies.approve_answers([(reply, 1)], board),
    ):
        with refused("decided_apart"):
            verb()
    release()
    assert nomination().state == "admitted"
    replies.correct_reply(reply, officer)


def test_the_reply_desk_answers_a_nomination_that_was_withdrawn() -> None:
    receiving.withdraw(nominate().code)
    words = reply_text(Outcome.NOTED)
    reply = replies.write_answer(election().register_id, [1], words, staff("returning_officer"), submit=True)
    replies.approve_answers([(reply, 1)], staff("election_board"))
    assert replies.publish_replies(election().register_id, staff("election_board")) == 1


# The order of the ballot -------------------------------------------------------------------------------------------


def test_the_ballot_is_ordered_by_lot_when_everything_is_decided() -> None:
    for name in ("Amina Yusuf", "Boris Novak", "Chen Wei"):
        nominate(name)
    admit(1)
    admit(2)
    with refused("lot_too_early"):
        ballot_order.draw_ballot_order(CODE, REGION, staff("returning_officer"), seed="1")
    admit(3)
    order = draw_order(REGION)
    places = {str(each.id): each.position for each in rows(Candidate)}
    assert [places[item] for item in order] == [1, 2, 3]


def test_candidates_are_published_when_the_checklist_says_so() -> None:
    nominate()
    nominate("Boris Novak")
    admit(1)

    def open_lines() -> set[str]:
        with write() as session:
            lines = checklist(session, election(), ActKind.PUBLISH_CANDIDATES)
        return {each.code for each in lines if not each.done}

    everything_open = {"nominations_decided", "mending_over", "candidates_enough"}
    assert open_lines() == everything_open
    with refused("missing_nominations_decided", "missing_mending_over"):
        act(ActKind.PUBLISH_CANDIDATES)
    admit(2)
    with the_day(AFTER):
        assert open_lines() == {"ballot_order_drawn", "candidates_enough"}
        draw_order(REGION)
        nominate_late = open_lines()
        assert nominate_late == {"candidates_enough"}
        act(ActKind.PUBLISH_CANDIDATES)
    assert election().stage == Stage.CANDIDATES


def test_the_only_candidate_of_a_region_needs_no_lot() -> None:
    nominate()
    admit()
    with the_day(AFTER):
        act(ActKind.PUBLISH_CANDIDATES)
    assert rows(Candidate)[0].position == 1


# Erasing -----------------------------------------------------------------------------------------------------------


def test_after_the_election_everything_personal_is_erased_and_the_chain_still_holds() -> None:
    secret = token(nominate().code)
    receiving.support(secret, "Karim", "Am Markt 1")
    nominate("Boris Novak")
    admit(1)
    prepare(2, "refuse")
    release(2)
    with refused("erasing_too_early", "erasing_still_needed"):
        erasing.erase_nominations(CODE)
    with the_day(on(400)):
        assert erasing.erase_due_nominations() == []
        with refused("erasing_still_needed"):
            erasing.erase_nominations(CODE)
        bring_to(Stage.PUBLISHED)
        assert keys.exists(f"nominations-{CODE}")
        jobs.erase_nominations({})
        assert erasing.erase_nominations(CODE) == 0
        assert erasing.erase_due_nominations() == []
    assert not keys.exists(f"nominations-{CODE}")
    assert rows(Supporter) == []
    assert [(each.name, each.sealed) for each in rows(Nomination)] == [("Amina Yusuf", None), (None, None)]
    assert nomination(2).statement == Localized()
    results, _missing = check(db.session())
    found = {result.chain: result.finding for result in results}
    assert found[f"register:{CODE}"] is None


def test_nobody_is_erased_who_still_waits_for_an_answer() -> None:
    nominate()
    bring_to(Stage.PUBLISHED)
    with the_day(on(400)):
        with refused("erasing_unanswered"):
            erasing.erase_nominations(CODE)
        assert erasing.erase_due_nominations() == []
    assert nomination().name == "Amina Yusuf"


def test_what_is_sealed_opens_with_the_key_of_its_election_alone() -> None:
    receiving.support(token(nominate().code), "Karim", "Am Markt 1")
    sealed = nomination().sealed
    assert seals.unseal(CODE, sealed)["address"] == "Canarygasse 7, Lindhafen"
    assert len(seals.seal(CODE, {"address": "A"})) == len(seals.seal(CODE, {"address": "A longer one"}))
    with pytest.raises(InvalidTag):
        seals.unseal(CODE, seals.seal("XX-99", {"address": "A"}))
    keys.destroy(seals.key_name(CODE))
    assert seals.unseal(CODE, sealed) == {}
    assert not keys.exists(seals.key_name(CODE))
    keys.destroy(seals.key_name("XX-99"))


def test_the_erasing_comes_by_itself_every_day() -> None:
    assert outbox._periods["elections.erase_nominations"] == outbox.Daily(3)


def test_the_database_keeps_nominations_and_counts_supporters_once() -> None:
    secret = token(nominate().code)
    receiving.support(secret, "Karim", "Am Markt 1")
    with pytest.raises(DBAPIError), write() as session:
        session.execute(text("delete from elections_nomination"))
    with pytest.raises(DBAPIError), write() as session:
        session.execute(
            text(
                "insert into elections_supporter (nomination_id, digest, sealed, supported_on)"
                " select nomination_id, digest, sealed, supported_on from elections_supporter"
            )
        )
    assert db.session.scalar(select(func.count()).select_from(Supporter)) == 1
    assert ballot_purpose(REGION) == f"ballot-order:{REGION}"
