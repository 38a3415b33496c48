"""The urn: prepared for trustees and credentials, open, closed exactly, multiplied, decrypted, and checked by others."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, inspect, text, update
from sqlalchemy.exc import DBAPIError

from core import audit, clock
from core.db import db, write
from core.errors import DomainError
from elections.ballot import ballots, canonical, credentials
from elections.ballot.board import credential_key
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.ballot.replacements import Change, Record
from elections.models.urn import Urn, UrnEvent, UrnSetup
from elections.queries.board import find_ballot, find_board, find_use, list_ballots
from elections.queries.results import public_stations
from elections.queries.tallies import gather
from elections.rules.stages import ActKind, Stage
from elections.services.urn.casting import cast_ballot
from elections.services.urn.closing import multiply_ballots, take_part
from elections.services.urn.following import follow_replacements
from elections.services.urn.preparing import begin_urn, prepare_urn
from elections.verify import verify
from tests.city import found_city, refused, rows, staff
from tests.elections.boxes import ids, stand
from tests.elections.city import CODE, act, bring_to, election, found_council, prepare_election, rules
from tests.elections.voters import AFTER, VOTING, Town, archive, at, open_town, ready_town

DAY = VOTING.date()


def test_an_election_runs_from_its_urn_to_a_result_that_two_programs_accept(
    app: Flask, tmp_path: Path
) -> None:
    town = open_town()
    with at(VOTING):
        town.vote(0, 1)
        town.vote(1, 2, 3)
        older = archive()
        town.vote(0, 4)
        town.vote(2)
    with at(AFTER):
        act(ActKind.CLOSE_VOTING)
    multiply_ballots(CODE, staff("returning_officer"))
    officer = staff("returning_officer")
    parts = town.parts()
    done = [take_part(CODE, owner, part, officer) for owner, part in [*parts, parts[-1]]]
    assert done == [False, False, True, True]

    bundle = tmp_path / f"{town.uuid}.bel"
    bundle.write_bytes(archive())
    assert archive().startswith(older)
    account = verify(bundle)
    assert account.sound
    assert account.result == [[1, 0, 1, 1, 1]]
    said = subprocess.run(
        ["belenios-tool", "election", "verify", "--dir", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "all checks passed" in said.stderr
    accounts, _ = audit.verify(db.session(), {})
    assert [account.fault for account in accounts if account.chain == f"register:{CODE}"] == [None]


# Before voting ---------------------------------------------------------------------------------------------------------


def test_rules_that_cannot_be_added_up_encrypted_stay_on_paper(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election(rules("cumulative"))
    bring_to(Stage.READY)
    with refused("encrypted_ballot_unsupported"):
        begin_urn(CODE, staff("returning_officer"))
    assert rows(Urn) == []


def test_an_urn_is_begun_once_and_not_before_there_are_candidates(app: Flask) -> None:
    found_city()
    found_council()
    prepare_election()
    stand(4)
    with refused("urn_stage"):
        begin_urn(CODE, staff("returning_officer"))
    bring_to(Stage.ROLL)
    begin_urn(CODE, staff("returning_officer"))
    with refused("urn_begun"):
        begin_urn(CODE, staff("returning_officer"))


def test_voting_does_not_open_on_an_urn_without_its_keys_and_credentials(app: Flask) -> None:
    ready_town()
    with at(VOTING), refused("missing_urn_prepared"):
        act(ActKind.OPEN_VOTING)
    assert election().stage == Stage.READY
    assert rows(UrnEvent) == []


def test_wrong_keys_and_credentials_come_back_together_and_change_nothing(app: Flask) -> None:
    town = ready_town()
    listed = canonical.read(town.listed)
    twice = canonical.write([*listed, listed[0]])
    first, *others = canonical.read(town.keys)
    first[1]["pok"] = others[0][1]["pok"]
    keys = canonical.write([first, *others])
    with pytest.raises(DomainError) as raised:
        prepare_urn(CODE, keys, twice, ["5"], staff("returning_officer"))
    assert {error.code for error in raised.value.all()} == {
        "trustee_set_unsound",
        "credentials_twice",
        "spares_not_listed",
    }
    outside = canonical.write([*listed, str(3)])
    with refused("credentials_wrong"):
        prepare_urn(CODE, town.keys, outside, [], staff("returning_officer"))
    (urn,) = rows(Urn)
    assert (urn.state, urn.election) == ("begun", None)


def test_what_was_prepared_can_be_prepared_again_until_voting_opens(app: Flask) -> None:
    town = ready_town()
    town.prepare()
    town.prepare()
    with at(VOTING):
        act(ActKind.OPEN_VOTING)
    with refused("urn_stage"):
        town.prepare()


# Casting ---------------------------------------------------------------------------------------------------------------


def test_the_same_ballot_sent_again_gets_the_same_answer_and_counts_once(app: Flask) -> None:
    town = open_town()
    ballot = town.ballot(0, 1)
    with at(VOTING):
        first = cast_ballot(town.uuid, ballot)
        town.vote(1, 2)
        assert cast_ballot(town.uuid, ballot) == first
    with at(AFTER):  # the answer was lost on the way, and voting closed meanwhile
        assert cast_ballot(town.uuid, ballot) == first
    assert sum(row.kind == "Ballot" for row in rows(UrnEvent)) == 2


def test_a_ballot_writes_itself_and_never_again_what_a_large_city_has_prepared(sqlite_app: Flask) -> None:
    town = open_town()
    megabytes = 4 * 1024 * 1024
    with write() as session:
        session.execute(update(UrnSetup).values(replacements=b" " * megabytes))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    with at(VOTING):
        town.vote(0, 1)
    log = Path(f"{db.engine.url.database}-wal")
    assert 0 < log.stat().st_size < megabytes // 8


def test_of_a_voter_who_votes_again_the_last_ballot_counts(app: Flask) -> None:
    town = open_town()
    with at(VOTING):
        first, second = town.vote(0, 1), town.vote(0, 2)
    session = db.session()
    board = find_board(session, CODE)
    lines = {line.tracker: line.counts for line in list_ballots(session, board)}
    assert lines == {first.tracker: False, second.tracker: True}
    found, message = find_ballot(session, board, first.tracker)
    assert not found.counts
    assert canonical.fingerprint(message) == first.tracker
    used = find_use(session, board, credential_key(town.numbers[0].encode())).line
    assert used is not None
    assert used.tracker == second.tracker
    assert find_use(session, board, credential_key(town.numbers[1].encode())).line is None


def test_casting_never_reads_the_list_of_credentials_which_is_megabytes_for_a_city(app: Flask) -> None:
    town = open_town()
    ballot = town.ballot(0, 1)
    asked: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        with at(VOTING):
            cast_ballot(town.uuid, ballot)
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert any("elections_urn" in statement for statement in asked)
    assert [statement for statement in asked if "elections_urn.credentials" in statement] == []


@pytest.mark.parametrize("moment", [timedelta(0), timedelta(seconds=1), timedelta(days=1)])
def test_closing_is_exact(app: Flask, moment: timedelta) -> None:
    town = open_town()
    closes = election().voting_closes_at
    with at(closes - timedelta(microseconds=1)):
        town.vote(0, 1)
    with at(closes + moment), refused("urn_closed"):
        town.vote(1, 1)
    assert sum(row.kind == "Ballot" for row in rows(UrnEvent)) == 1


def test_while_voting_is_interrupted_no_ballot_is_taken_and_afterwards_again(app: Flask) -> None:
    town = open_town()
    with at(VOTING):
        act(ActKind.INTERRUPT_VOTING)
        with refused("urn_interrupted"):
            town.vote(0, 1)
        act(ActKind.RESUME_VOTING)
        town.vote(0, 1)


def test_a_spare_a_stranger_and_a_copied_ballot_are_refused(app: Flask) -> None:
    town = open_town()
    with at(VOTING):
        with refused("credential_spare"):
            town.vote(3, 1)
        stranger = ballots.make_ballot(town.election, 12345, [[0, 1, 0, 0, 0]])
        with refused("credential_unknown"):
            cast_ballot(town.uuid, stranger)
        message = canonical.read(town.ballot(0, 1))
        message["credential"] = GROUP.write(credentials.public_credential(town.uuid, town.codes[1]))
        with refused("ballot_signature_hash"):
            cast_ballot(town.uuid, canonical.write(message))
    assert [row.kind for row in rows(UrnEvent)] == ["Setup"]


def test_garbage_is_refused_with_a_code_and_changes_nothing(app: Flask) -> None:
    town = open_town()
    whole = town.ballot(0, 1)
    with at(VOTING):
        for garbage in (b"", b"{}", b"[]", b"null", b"\xff\xfe", whole[:-1], whole + b" ", b" " * 10_000_000):
            with pytest.raises(DomainError):
                cast_ballot(town.uuid, garbage)
        with pytest.raises(DomainError):
            cast_ballot("nobody", whole)
    assert [row.kind for row in rows(UrnEvent)] == ["Setup"]


def test_what_stands_on_the_board_can_be_neither_changed_nor_deleted(app: Flask) -> None:
    town = open_town()
    with at(VOTING):
        town.vote(0, 1)
    for statement in (
        "UPDATE elections_urn_event SET payload = NULL, payload_digest = NULL WHERE height = 1",
        "DELETE FROM elections_urn_event",
        "DELETE FROM elections_urn",
    ):
        with pytest.raises(DBAPIError), write() as session:
            session.execute(text(statement))


def test_no_table_of_the_urn_knows_a_person_a_time_or_an_order_of_the_roll(app: Flask) -> None:
    open_town()
    columns = {
        table: {column["name"] for column in inspect(db.engine).get_columns(table)}
        for table in ("elections_urn_credential", "elections_urn_event")
    }
    assert columns == {
        "elections_urn_credential": {"urn_id", "key", "state"},
        "elections_urn_event": {
            "urn_id", "height", "kind", "digest", "payload_digest", "payload", "before", "credential",
        },
    }  # fmt: skip


# After voting ----------------------------------------------------------------------------------------------------------


def closed() -> Town:
    town = open_town()
    with at(VOTING):
        town.vote(0, 1)
    with at(AFTER):
        act(ActKind.CLOSE_VOTING)
    return town


def test_multiplying_twice_changes_nothing_and_before_closing_it_is_refused(app: Flask) -> None:
    town = open_town()
    with at(VOTING):
        town.vote(0, 1)
    with refused("urn_state"):
        multiply_ballots(CODE, staff("returning_officer"))
    with at(AFTER):
        act(ActKind.CLOSE_VOTING)
    multiply_ballots(CODE, staff("returning_officer"))
    multiply_ballots(CODE, staff("returning_officer"))
    assert [row.kind for row in rows(UrnEvent)] == ["Setup", "Ballot", "EndBallots", "EncryptedTally"]


def test_a_trustees_part_is_taken_once_from_its_owner_and_only_if_its_proofs_hold(app: Flask) -> None:
    town = closed()
    officer = staff("returning_officer")
    with refused("urn_state"):
        take_part(CODE, 1, b"{}", officer)
    multiply_ballots(CODE, officer)
    parts = dict(town.parts())
    with refused("part_owner"):
        take_part(CODE, 4, parts[1], officer)
    with refused("part_wrong"):
        take_part(CODE, 2, parts[1], officer)
    assert not take_part(CODE, 1, parts[1], officer)
    assert not take_part(CODE, 1, parts[1], officer)
    with refused("part_twice"):
        take_part(CODE, 1, dict(town.parts())[1], officer)
    assert [row.kind for row in rows(UrnEvent)][-2:] == ["EncryptedTally", "PartialDecryption"]


# Replaced and revoked --------------------------------------------------------------------------------------------------


def test_a_spare_that_replaced_a_lost_code_casts_and_the_lost_code_does_not(app: Flask) -> None:
    town = open_town()
    record = Record(town.uuid).added(DAY, Change.REPLACED, old=town.numbers[0], new=town.spares[0])
    with at(VOTING):
        assert follow_replacements(CODE, record.write(), staff("returning_officer")) == 1
        with refused("credential_revoked"):
            town.vote(0, 1)
        town.vote(3, 2)
        assert follow_replacements(CODE, record.write(), staff("returning_officer")) == 0
        longer = record.added(DAY, Change.REVOKED, old=town.numbers[1], reason="struck")
        assert follow_replacements(CODE, longer.write(), staff("returning_officer")) == 1
        with refused("credential_revoked"):
            town.vote(1, 1)


def test_what_was_revoked_before_voting_stays_revoked_when_everything_is_prepared_anew(app: Flask) -> None:
    town = ready_town()
    town.prepare()
    record = Record(town.uuid).added(DAY, Change.REVOKED, old=town.numbers[0], reason="struck")
    assert follow_replacements(CODE, record.write(), staff("returning_officer")) == 1
    town.prepare()
    with at(VOTING):
        act(ActKind.OPEN_VOTING)
        with refused("credential_revoked"):
            town.vote(0, 1)
        town.vote(1, 1)


def test_other_codes_begin_a_record_of_their_own(app: Flask) -> None:
    town = ready_town()
    town.prepare()
    record = Record(town.uuid).added(DAY, Change.REVOKED, old=town.numbers[0], reason="struck")
    follow_replacements(CODE, record.write(), staff("returning_officer"))
    fewer = town.numbers[1:]
    prepare_urn(CODE, town.keys, canonical.write(fewer), town.spares, staff("returning_officer"))
    (urn,) = rows(Urn)
    assert urn.replacements is None
    begun = Record(town.uuid).added(DAY, Change.REVOKED, old=fewer[0], reason="struck")
    assert follow_replacements(CODE, begun.write(), staff("returning_officer")) == 1


def test_a_credential_with_a_ballot_is_not_taken_away(app: Flask) -> None:
    town = open_town()
    record = Record(town.uuid).added(DAY, Change.REVOKED, old=town.numbers[0], reason="struck")
    with at(VOTING):
        town.vote(0, 1)
        with refused("replacement_voted"):
            follow_replacements(CODE, record.write(), staff("returning_officer"))
        town.vote(0, 2)


def test_a_record_that_does_not_go_on_from_the_one_before_is_refused(app: Flask) -> None:
    town = open_town()
    officer = staff("returning_officer")
    record = Record(town.uuid).added(DAY, Change.REVOKED, old=town.numbers[0], reason="struck")
    other = Record(town.uuid).added(DAY, Change.REVOKED, old=town.numbers[1], reason="paper")
    foreign = Record("1" * 22).added(DAY, Change.REVOKED, old=town.numbers[0], reason="paper")
    unlisted = Record(town.uuid).added(DAY, Change.ADDED, new="5")
    with at(VOTING):
        with refused("replacements_other"):
            follow_replacements(CODE, foreign.write(), officer)
        with refused("record_impossible"):
            follow_replacements(CODE, unlisted.write(), officer)
        follow_replacements(CODE, record.write(), officer)
        with refused("replacements_other"):
            follow_replacements(CODE, other.write(), officer)


# Counted with everything else ------------------------------------------------------------------------------------------


def test_what_the_trustees_decrypted_is_counted_found_published_and_seats_the_council(app: Flask) -> None:
    town = open_town()
    with at(VOTING):
        town.vote(0, 1, 2)
        town.vote(1, 1)
        town.vote(2)
    officer = staff("returning_officer")
    with at(AFTER):
        act(ActKind.CLOSE_VOTING)
        with refused("missing_urn_opened"):
            act(ActKind.COUNT)
        multiply_ballots(CODE, officer)
        for owner, part in town.parts():
            take_part(CODE, owner, part, officer)
        act(ActKind.COUNT)
        found = gather(db.session(), election())
        people = ids()
        assert {each: found.tally.votes.get(each, 0) for each in people} == {
            people[0]: 2, people[1]: 1, people[2]: 0, people[3]: 0,
        }  # fmt: skip
        assert (found.tally.valid, found.tally.blank) == (3, 1)
        act(ActKind.FIND)
        act(ActKind.APPROVE, decided_on=clock.today().isoformat())
        act(ActKind.PUBLISH_RESULT)
    (online,) = public_stations(db.session(), CODE)[1]
    assert online.keys == ("urn:online",)
    assert online.figures.ballots == 3
