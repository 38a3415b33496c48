"""The key ceremony at the desk and on the trustees' page: who the trustees are, their keys one by one, their parts."""

from __future__ import annotations

import io
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from elections import events
from elections.ballot import canonical, tally, trustees
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.ballot.replacements import Change, Record
from elections.models.urn import Urn, UrnEvent, UrnTrustee
from elections.queries.urn import find_ceremony
from elections.rules.stages import ActKind
from elections.rules.urn import UrnState, check_ceremony, check_trustees
from elections.services.urn.closing import multiply_ballots
from elections.services.urn.following import follow_replacements
from elections.services.urn.keys import (
    hand_in_key,
    hand_in_key_by_code,
    name_trustees,
    place_code,
    take_key_away,
)
from elections.services.urn.preparing import prepare_urn
from tests.accounts.browsers import hidden_fields
from tests.city import found_city, refused, rows, staff
from tests.elections.city import CODE, act, found_council, prepare_election
from tests.elections.voters import AFTER, VOTING, Town, at, ready_town
from tests.office import Desk, text_of

NAMES = ("Chair of the migrant council", "قاضية المدينة", "City library")
DESK = f"/office/elections/{CODE}/urn/"
PAGE = f"/en/elections/{CODE}/trustee/"
PUBLIC = f"/en/elections/{CODE}/trustees/"


def keys_of(town: Town) -> list[bytes]:
    """The public keys of the town's trustees, as each of them hands it in."""
    return [canonical.write(key) for _, key in canonical.read(town.keys)]


def named_town() -> Town:
    """A town whose trustees are named; no key is there."""
    town = ready_town()
    name_trustees(CODE, NAMES, staff("returning_officer"))
    return town


def keyed_town() -> Town:
    """A town whose trustees have handed in their keys at the desk."""
    town = named_town()
    for number, key in enumerate(keys_of(town), 1):
        hand_in_key(CODE, number, key, staff("returning_officer"))
    return town


def code_of(number: int) -> str:
    """The code that the desk gives to a trustee now."""
    (urn,) = rows(Urn)
    (place,) = [row for row in rows(UrnTrustee) if row.number == number]
    return place_code(urn.uuid, number, place.turn)


def tags() -> list[str]:
    """What of the ceremony stands in the election's chain."""
    return [
        row.tag for row in rows(audit.AuditEntry) if row.tag.startswith(("elections:key", "elections:urn"))
    ]


# Rules -----------------------------------------------------------------------------------------------------------------


def test_trustees_and_keys_change_until_voting_opens_and_never_after() -> None:
    for state in UrnState:
        if state in (UrnState.BEGUN, UrnState.PREPARED):
            check_ceremony(state)
        else:
            with pytest.raises(Conflict, match="keys_fixed"):
                check_ceremony(state)


@pytest.mark.parametrize(
    ("count", "keyed", "expected"),
    [
        (0, (), "trustees_number"),
        (1, (), ""),
        (1, (1,), ""),
        (1, (3,), "trustee_keyed"),
        (3, (1, 3), ""),
        (20, (3,), ""),
        (21, (), "trustees_number"),
    ],
)
def test_from_one_to_twenty_trustees_are_named_and_none_loses_a_key(
    count: int, keyed: tuple[int, ...], expected: str
) -> None:
    assert _refusal(["Somebody"] * count, keyed) == expected


def test_what_is_said_of_a_trustee_is_one_line() -> None:
    assert [_refusal(["x" * length], ()) for length in (120, 121)] == ["", "trustee_name_long"]


def _refusal(names: list[str], keyed: tuple[int, ...]) -> str:
    try:
        check_trustees(names, keyed)
    except DomainError as error:
        return error.code
    return ""


# The ceremony ----------------------------------------------------------------------------------------------------------


def test_keys_come_in_one_by_one_and_are_put_together_with_the_authoritys_files(app: Flask) -> None:
    town = named_town()
    officer = staff("returning_officer")
    with refused("trustee_keys_missing"):
        prepare_urn(CODE, None, town.listed, town.spares, officer)
    for number, key in enumerate(keys_of(town), 1):
        assert find_ceremony(db.session(), CODE).keys == number - 1
        hand_in_key(CODE, number, key, officer)
    prepare_urn(CODE, None, town.listed, town.spares, officer)
    (urn,) = rows(Urn)
    assert urn.trustees == town.keys
    ceremony = find_ceremony(db.session(), CODE)
    assert (ceremony.keys, ceremony.needed, ceremony.fixed) == (3, 3, True)
    assert [each.name for each in ceremony.trustees] == list(NAMES)
    with at(VOTING):
        act(ActKind.OPEN_VOTING)
        town.vote(0, 1)
        with refused("keys_fixed"):
            take_key_away(CODE, 1, officer)


def test_a_set_assembled_by_the_trustees_themselves_is_taken_as_before(app: Flask) -> None:
    town = ready_town()
    with refused("trustees_unnamed"):
        prepare_urn(CODE, None, town.listed, town.spares, staff("returning_officer"))
    town.prepare()
    ceremony = find_ceremony(db.session(), CODE)
    assert [(each.number, each.name, each.turn) for each in ceremony.trustees] == [
        (1, "", 0),
        (2, "", 0),
        (3, "", 0),
    ]


def test_a_key_from_the_page_is_taken_with_the_code_of_its_place_and_from_nobody_else(app: Flask) -> None:
    town = named_town()
    first, second, _third = keys_of(town)
    code = code_of(1)
    for wrong in ("", "0" * 32, code_of(2), code[:-1], "é"):
        with refused("trustee_code"):
            hand_in_key_by_code(CODE, 1, wrong, first)
    with refused("trustee_code"):
        hand_in_key_by_code(CODE, 7, code, first)
    done = hand_in_key_by_code(CODE, 1, code, first)
    assert done == find_ceremony(db.session(), CODE).trustees[0].fingerprint
    assert hand_in_key_by_code(CODE, 1, code, first) == done, "sent twice, taken once"
    with refused("key_there"):
        hand_in_key_by_code(CODE, 1, code, second)
    assert tags().count(events.KEY_HAND_IN) == 1


def test_a_key_is_replaced_only_by_the_desk_and_under_a_new_code(app: Flask) -> None:
    town = keyed_town()
    officer = staff("returning_officer")
    old = code_of(2)
    prepare_urn(CODE, None, town.listed, town.spares, officer)
    _secret, key = trustees.make_key(GROUP)
    fresh = canonical.write(key.plain(GROUP))
    with refused("key_there"):
        hand_in_key(CODE, 2, fresh, officer)
    take_key_away(CODE, 2, officer)
    (urn,) = rows(Urn)
    assert (urn.state, urn.trustees, urn.election, urn.credentials) == ("begun", None, None, None)
    with at(VOTING), refused("missing_urn_prepared"):
        act(ActKind.OPEN_VOTING)
    with refused("trustee_code"):
        hand_in_key_by_code(CODE, 2, old, fresh)
    hand_in_key_by_code(CODE, 2, code_of(2), fresh)
    prepare_urn(CODE, None, town.listed, town.spares, officer)
    with at(VOTING):
        act(ActKind.OPEN_VOTING)
    accounts, _ = audit.verify(db.session(), {})
    assert [account.fault for account in accounts if account.chain == f"register:{CODE}"] == [None]


def test_a_replaced_key_gives_no_revoked_code_back(app: Flask) -> None:
    town = keyed_town()
    officer = staff("returning_officer")
    prepare_urn(CODE, None, town.listed, town.spares, officer)
    record = Record(town.uuid).added(VOTING.date(), Change.REVOKED, old=town.numbers[0], reason="struck")
    follow_replacements(CODE, record.write(), officer)
    take_key_away(CODE, 2, officer)
    _secret, key = trustees.make_key(GROUP)
    hand_in_key(CODE, 2, canonical.write(key.plain(GROUP)), officer)
    prepare_urn(CODE, None, town.listed, town.spares, officer)
    with at(VOTING):
        act(ActKind.OPEN_VOTING)
        with refused("credential_revoked"):
            town.vote(0, 1)
        town.vote(1, 1)


def test_keys_that_are_not_sound_change_nothing(app: Flask) -> None:
    town = named_town()
    officer = staff("returning_officer")
    first, second, _third = keys_of(town)
    hand_in_key(CODE, 1, first, officer)
    with refused("key_twice"):
        hand_in_key(CODE, 2, first, officer)
    with refused("trustee_unknown"):
        hand_in_key(CODE, 4, second, officer)
    stolen = {**canonical.read(second), "pok": canonical.read(first)["pok"]}
    with refused("key_wrong"):
        hand_in_key(CODE, 2, canonical.write(stolen), officer)
    outside = {**canonical.read(second), "public_key": "3"}
    with refused("key_wrong"):
        hand_in_key(CODE, 2, canonical.write(outside), officer)
    for garbage in (
        b"",
        b"[]",
        b"{}",
        b"\xff",
        town.keys,
        canonical.write({**canonical.read(second), "signature": {}}),
    ):
        with pytest.raises(DomainError):
            hand_in_key(CODE, 2, garbage, officer)
    assert find_ceremony(db.session(), CODE).keys == 1


def test_trustees_are_named_anew_without_losing_a_key(app: Flask) -> None:
    keyed_town()
    officer = staff("returning_officer")
    take_key_away(CODE, 3, officer)
    name_trustees(CODE, ["Chair", "Judge"], officer)
    name_trustees(CODE, ["Chair", "Judge"], officer)
    assert [(row.number, row.name, row.key is not None) for row in rows(UrnTrustee)] == [
        (1, "Chair", True),
        (2, "Judge", True),
    ]
    with refused("trustee_keyed"):
        name_trustees(CODE, ["Chair"], officer)
    assert tags().count(events.URN_NAME_TRUSTEES) == 2


def test_no_entry_of_the_chain_holds_a_name(app: Flask) -> None:
    keyed_town()
    facts = [row.facts for row in rows(audit.AuditEntry)]
    assert not [each for each in facts if any(name in each for name in NAMES)]


# Pages -----------------------------------------------------------------------------------------------------------------


def send(client: FlaskClient, path: str, message: object) -> tuple[int, dict[str, object]]:
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    answer = client.post(PAGE + path, data=data, content_type="application/json")
    return answer.status_code, answer.get_json()


def hand_in(desk: Desk, verb: str, *files: bytes, **fields: str) -> tuple[int, str]:
    """Fill in a form of the desk; the status and the text of the page that comes back."""
    token = hidden_fields(desk.open(DESK))["csrf_token"]
    sent = [(io.BytesIO(data), f"file-{at}.json") for at, data in enumerate(files)]
    answer = desk.browser.client.post(
        DESK + verb,
        data={"csrf_token": token, **fields, **({"file": sent} if sent else {})},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    return answer.status_code, text_of(answer)


def test_the_desk_collects_keys_from_files_and_from_the_page_and_everybody_sees_how_far_it_is(
    app: Flask, client: FlaskClient
) -> None:
    town = ready_town()
    first, second, third = keys_of(town)
    desk = Desk(app, "returning_officer")
    assert "It is not public yet who the trustees are." in client.get(PUBLIC).text
    status, page = hand_in(desk, "name-trustees", names="\r\n".join(NAMES))
    assert (status, "0 of 3 keys handed in" in page) == (200, True)
    addresses = dict(re.findall(r"/trustee/#(\d)-([0-9a-f]{32})", desk.open(DESK).text.replace("<wbr>", "")))
    assert set(addresses) == {"1", "2", "3"}
    _status, page = hand_in(desk, "hand-in-key", first, number="1")
    assert "The key is taken." in page
    message = {"number": 2, "code": addresses["2"], "key": canonical.read(second)}
    assert send(client, "keys", message) == send(client, "keys", message)
    assert send(client, "keys", {**message, "number": 3})[0] == 422
    _status, page = hand_in(desk, "prepare", town.listed, canonical.write(town.spares))
    assert "The keys of these trustees are missing: 3." in page
    assert hand_in(desk, "hand-in-key", third, number="3")[0] == 200
    public = text_of(client.get(PUBLIC))
    assert "3 of 3 keys handed in" in public
    for name, fingerprint in zip(NAMES, find_ceremony(db.session(), CODE).trustees, strict=True):
        assert name in public
        assert re.sub(r"(.{5})(?=.)", r"\1 ", fingerprint.fingerprint) in public
    assert "3 of 3 keys handed in" in text_of(client.get(f"/en/elections/{CODE}/"))
    _status, page = hand_in(desk, "prepare", town.listed, canonical.write(town.spares))
    assert "Prepared: voting can open" in page
    _status, page = hand_in(desk, "take-key-away", number="2")
    assert "2 of 3 keys handed in" in page


def test_an_address_is_shown_to_nobody_who_may_not_manage_the_election(app: Flask) -> None:
    named_town()
    for who in ("election_board", "observer"):
        page = Desk(app, who).open(DESK)
        assert page.status_code == 200
        assert "Key not handed in" in page.text
        assert not re.search(r"#\d-", page.text)


def test_a_part_is_handed_in_by_anybody_once_if_its_proofs_hold(app: Flask, client: FlaskClient) -> None:
    town = keyed_town()
    officer = staff("returning_officer")
    prepare_urn(CODE, None, town.listed, town.spares, officer)
    with at(VOTING):
        act(ActKind.OPEN_VOTING)
        town.vote(0, 1)
    with at(AFTER):
        act(ActKind.CLOSE_VOTING)
    early = {"election": town.uuid, "owner": 1, "partial_decryption": {}}
    assert send(client, "parts", early)[1]["code"] == "urn_state"
    multiply_ballots(CODE, officer)
    (table,) = [row.before for row in rows(UrnEvent) if row.kind == "EncryptedTally"]
    ceremony = find_ceremony(db.session(), CODE)
    assert ceremony.tally == canonical.digest(table or b"")
    assert ceremony.tally in client.get(PUBLIC).text.replace("<wbr>", "")
    files = {owner: tally.hand_over(town.election, owner, part) for owner, part in town.parts()}
    wrong = json.loads(files[1])
    for code, message in {
        "part_wrong": {**wrong, "owner": 2},
        "part_owner": {**wrong, "owner": 9},
        "part_other_election": {**wrong, "election": "another"},
        "message_malformed": {**wrong, "more": 1},
        "json_unreadable": b"{",
    }.items():
        status, answer = send(client, "parts", message)
        assert (status, answer["code"]) == (422, code)
        assert answer["message"]
    assert [row.kind for row in rows(UrnEvent)][-1] == "EncryptedTally"
    assert [send(client, "parts", files[owner]) for owner in (1, 1, 2)] == [(200, {"done": False})] * 3
    public = text_of(client.get(PUBLIC))
    assert "2 of 3 parts handed in" in public
    assert public.count("Part not handed in") == 1
    assert "Part not handed in" in text_of(Desk(app, "election_board").open(DESK))
    assert send(client, "parts", files[3]) == (200, {"done": True})
    assert send(client, "parts", files[3]) == (200, {"done": True})
    assert [row.kind for row in rows(UrnEvent)][-4:] == ["PartialDecryption"] * 3 + ["Result"]
    takers = [row.role for row in rows(audit.AuditEntry) if row.tag == events.URN_TAKE_PART]
    assert takers == ["trustee"] * 3


def test_the_page_holds_no_secret_and_says_how_far_the_trustees_are(app: Flask, client: FlaskClient) -> None:
    town = named_town()
    hand_in_key(CODE, 1, keys_of(town)[0], staff("returning_officer"))
    page = client.get(PAGE)
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    told = client.get(f"/ar/elections/{CODE}/trustee/trustee.json").get_json()
    assert (told["direction"], told["makes"], told["decrypts"], told["tally"]) == ("rtl", True, False, "")
    assert told["trustees"] == [
        {"number": 1, "name": NAMES[0], "keyed": True},
        {"number": 2, "name": NAMES[1], "keyed": False},
        {"number": 3, "name": NAMES[2], "keyed": False},
    ]
    assert not any(code_of(number) in page.text + json.dumps(told) for number in (1, 2, 3))


def test_where_nobody_votes_online_there_are_no_trustees(app: Flask, client: FlaskClient) -> None:
    found_city()
    found_council()
    prepare_election()
    for path in (PAGE, f"{PAGE}trustee.json", PUBLIC):
        assert client.get(path).status_code == 404
    assert send(client, "keys", {"number": 1, "code": "x", "key": {}})[0] == 422
    assert send(client, "parts", {"election": "x", "owner": 1, "partial_decryption": {}})[0] == 422
