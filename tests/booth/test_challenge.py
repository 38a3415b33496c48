"""A ballot that was opened shows what it holds, and nobody can show something else or cast it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import main
from core.codes import Kind, draw
from core.errors import DomainError
from elections.ballot import ballots, canonical, trustees
from elections.ballot.challenge import check_challenge
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.ballot.questions import Election, Question, make_election, new_identifier
from tests.booth.conftest import Library

CHOICES = ((0, 1, 0, 1), (0, 0))
ANSWERS = ("Ana Horvatić", "ريما حدّاد", "Яна Коваль")


@pytest.fixture(scope="module")
def election() -> Election:
    key = trustees.public_key(GROUP, (trustees.Single(trustees.make_key(GROUP)[1]),))
    questions = (Question("Who?", ANSWERS, 0, 2, blank=True), Question("Which list?", ("A", "B"), 0, 1))
    return make_election(new_identifier(), "Council", "", questions, key)


@pytest.fixture(scope="module")
def opened(library: Library, election: Election) -> str:
    """What the booth leaves as a file."""
    return str(library(("challenge", election.message.decode(), draw(Kind.VOTING), CHOICES))[0]["value"])


def test_an_opened_ballot_shows_what_it_holds(election: Election, opened: str) -> None:
    found = check_challenge(opened.encode(), election.message)
    assert found.choices == CHOICES
    assert found.answers() == [[ANSWERS[0], ANSWERS[2]], []]
    assert found.seal == json.loads(opened)["seal"]


def test_an_opened_ballot_cannot_be_cast(election: Election, opened: str) -> None:
    ballot = canonical.write(json.loads(opened)["ballot"])
    with pytest.raises(DomainError):
        ballots.check_ballot(election, ballot)
    assert "signature" not in opened


@pytest.mark.parametrize(
    ("orders", "news"),
    [
        (("open", "sign"), ["sealed", "opened", "failed"]),
        (("sign", "open"), ["sealed", "signed", "failed"]),
        (("sign", "sign"), ["sealed", "signed", "failed"]),
    ],
)
def test_a_sealed_ballot_is_either_opened_or_signed_and_only_once(
    library: Library, election: Election, orders: tuple[str, ...], news: list[str]
) -> None:
    answer = library(("orders", election.message.decode(), draw(Kind.VOTING), CHOICES, orders))[0]
    assert answer["value"] == news


Alter = Callable[[dict[str, Any]], object]


def swap(file: dict[str, Any], name: str) -> None:
    file[name][0][1], file[name][0][2] = file[name][0][2], file[name][0][1]


def reseal(file: dict[str, Any]) -> None:
    file["seal"] = canonical.fingerprint(canonical.write(file["ballot"]))


def other_box(file: dict[str, Any]) -> None:
    boxes = file["ballot"]["answers"][0]["choices"]
    boxes[1], boxes[2] = boxes[2], boxes[1]
    reseal(file)


def other_election(file: dict[str, Any]) -> None:
    file["ballot"]["election_uuid"] = "x"
    reseal(file)


def other_questions(file: dict[str, Any]) -> None:
    file["election"] = file["election"].replace(ANSWERS[0], "Somebody else")


LIES: dict[str, tuple[str, Alter]] = {
    "other choices": ("challenge_not_as_said", lambda file: swap(file, "choices")),
    "other randomness": ("challenge_not_as_said", lambda file: swap(file, "randomness")),
    "other boxes": ("challenge_not_as_said", other_box),
    "too many choices": ("choice_count", lambda file: file["choices"].__setitem__(0, [0, 1, 1, 1])),
    "a choice of two": ("choice_shape", lambda file: file["choices"].__setitem__(0, [0, 2, 0, 0])),
    "a question less": ("message_malformed", lambda file: file["choices"].pop()),
    "a box less": ("message_malformed", lambda file: file["randomness"][0].pop()),
    "other seal": ("challenge_seal", lambda file: file.update(seal="A" * 43)),
    "other election": ("ballot_other_election", other_election),
    "other names": ("ballot_other_fingerprint", other_questions),
    "no answers": ("challenge_seal", lambda file: file["ballot"].update(answers=[])),
    "a signature": ("message_malformed", lambda file: file["ballot"].update(signature={})),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_file_that_lies_is_refused(opened: str, lie: str) -> None:
    code, alter = LIES[lie]
    file = json.loads(opened)
    alter(file)
    with pytest.raises(DomainError) as caught:
        check_challenge(canonical.write(file))
    assert caught.value.code == code


def test_the_booth_on_another_device_sees_the_same_and_refuses_the_same(
    library: Library, election: Election, opened: str
) -> None:
    message = election.message.decode()
    files = ["", "{}", "null"]
    for _code, alter in LIES.values():
        file = json.loads(opened)
        alter(file)
        files.append(canonical.write_text(file))
    honest, *lies = library(("check", message, opened), *(("check", message, file) for file in files))
    assert honest["value"] == {
        "seal": json.loads(opened)["seal"],
        "choices": [list(each) for each in CHOICES],
    }
    assert lies == [{"error": "Error: opening"}] * len(files)
    other = election.message.replace(b"Council", b"Another")
    assert library(("check", other.decode(), opened)) == [{"error": "Error: opening"}]


def test_an_election_other_than_the_published_one_is_named(election: Election, opened: str) -> None:
    with pytest.raises(DomainError) as caught:
        check_challenge(opened.encode(), election.message + b" ")
    assert caught.value.code == "ballot_other_election"


def test_the_command_says_what_a_file_holds(election: Election, opened: str, tmp_path: Path) -> None:
    file, published = tmp_path / "opened.json", tmp_path / "election.json"
    file.write_text(opened, encoding="utf-8")
    published.write_bytes(election.message)
    words = ["elections", "check-challenge", str(file), "--election", str(published)]
    said = CliRunner().invoke(main, words)
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    assert lines[0] == f"Seal: {json.loads(opened)['seal']}"
    assert lines[1] == f"Election: Council, fingerprint {election.fingerprint}"
    assert lines[2:-1] == ["Who?", f"  {ANSWERS[0]}", f"  {ANSWERS[2]}", "Which list?", "  nobody"]
    as_json = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)
    assert as_json["choices"] == [list(each) for each in CHOICES]
