"""The practice election: the real booth and the real checks, nothing kept, and no way into a real election or out of one."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import codes
from core.errors import DomainError
from elections.ballot import ballots, canonical, credentials, trustees
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.ballot.practice import ANSWERS, check_practice, practice_election
from elections.ballot.questions import make_election, new_identifier
from elections.messages.booth import POLICY
from elections.messages.practice import FRUITS, ask_practice
from elections.services.urn.casting import cast_ballot
from tests.accounts.browsers import text_of
from tests.city import everything, refused
from tests.elections.voters import VOTING, at, open_town

PRACTICE = "/en/elections/practice/"


def practice_ballot(code: str = "", *chosen: int) -> bytes:
    asked = practice_election()
    secret = credentials.secret_exponent(asked.uuid, code or codes.draw(codes.Kind.VOTING))
    slots = [int(slot in (chosen or (1,))) for slot in range(len(ANSWERS) + 1)]
    return ballots.make_ballot(asked, secret, [slots])


def test_its_key_belongs_to_the_group_and_follows_from_a_sentence_alone() -> None:
    key = practice_election().public_key
    assert GROUP.contains(key)
    assert key != GROUP.identity
    assert key == GROUP.hashed("Answerable: the key of the practice election, which nobody holds")


def test_a_newcomer_practises_with_the_code_of_the_page_and_nothing_is_kept(
    app: Flask, client: FlaskClient
) -> None:
    page = client.get(PRACTICE).get_data(as_text=True)
    code = re.search(r"/en/elections/practice/vote/#([0-9]{32})", page)
    assert code is not None
    assert " ".join(codes.groups(code[1])) in page
    assert codes.read(code[1], codes.Kind.VOTING) == code[1]
    booth = client.get(f"{PRACTICE}vote/")
    assert booth.headers["Content-Security-Policy"] == POLICY
    assert client.get(f"{PRACTICE}election.json").get_data() == practice_election().message
    before = everything()
    ballot = practice_ballot(code[1], 1, 4)
    answer = client.post(f"{PRACTICE}ballots", data=ballot, content_type="application/json").get_json()
    assert answer["tracker"] == canonical.fingerprint(ballot)
    assert everything() == before


def test_a_practice_vote_is_checked_as_a_real_one_is(app: Flask, client: FlaskClient) -> None:
    broken = practice_ballot().replace(b'"response":"', b'"response":"1', 1)
    sent = {"data": broken, "content_type": "application/json"}
    answer = client.post(f"{PRACTICE}ballots", **sent)
    assert answer.status_code == 422
    assert (
        client.post(f"{PRACTICE}ballots", data=b"x" * 99_999, content_type="application/json").status_code
        == 422
    )


def test_every_page_of_it_says_that_nothing_counts(client: FlaskClient) -> None:
    words = client.get(f"{PRACTICE}vote/booth.json", follow_redirects=True).get_json()
    assert words["notice"] == "This is a practice. Nothing here counts."
    assert words["words"]["done_heading"] == "You have practised"
    assert words["board"] == ""
    assert "Nothing here counts" in text_of(client.get(PRACTICE))


def test_a_practice_vote_is_no_vote_and_a_vote_no_practice(app: Flask) -> None:
    town = open_town()
    with at(VOTING):
        with refused("message_malformed"):
            cast_ballot(town.uuid, practice_ballot(town.codes[0]))
        with pytest.raises(DomainError):
            check_practice(town.ballot(0, 1))


def test_even_the_same_question_under_another_key_takes_no_practice_vote() -> None:
    asked = practice_election()
    _secret, key = trustees.make_key(GROUP)
    other = make_election(
        new_identifier(), "Fruit", "", asked.questions, trustees.public_key(GROUP, (trustees.Single(key),))
    )
    with pytest.raises(DomainError, match="ballot_other_election"):
        ballots.check_ballot(other, practice_ballot())


def test_each_fruit_stands_once_in_the_booth_in_the_order_of_the_ballot(app: Flask) -> None:
    with app.test_request_context("/en/"):
        shown = [each for group in ask_practice().groups for each in group.candidates]
    assert [(each.slot, each.name) for each in shown] == list(enumerate(map(str, ANSWERS)))
    assert len(FRUITS) == len(ANSWERS)
