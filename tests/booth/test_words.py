"""What the booth says comes from the server, in whole sentences, for every number that can come up."""

from __future__ import annotations

import re

import pytest
from flask_babel import force_locale

from core.codes import Kind, read
from core.errors import DomainError
from elections.ballot import trustees
from elections.ballot.group import BELENIOS_2048 as GROUP
from elections.ballot.questions import Election, Question, make_election
from elections.messages import trustee
from elections.messages.booth import WORDS, AskedCandidate, AskedGroup, AskedQuestion, BoothFacts, say_booth
from tests.booth.bundles import ROOT
from tests.booth.server import Site, create_app

QUESTION = Question("Who?", tuple("ABCDEF"), 1, 3, blank=True)
SCRIPTS = ROOT / "frontend"
ON_THE_PAGE = {"skip", "booth"}
"""Words of the template that the script changes with the language."""


@pytest.fixture(scope="module")
def election() -> Election:
    key = trustees.public_key(GROUP, (trustees.Single(trustees.make_key(GROUP)[1]),))
    return make_election("uuid", "Council", "", (QUESTION,), key)


def said(election: Election, language: str) -> dict[str, object]:
    names = [AskedCandidate(slot, name) for slot, name in enumerate(QUESTION.answers)]
    facts = BoothFacts("Council", "en", "", "0555")
    with create_app(Site(election, 0, [])).test_request_context(), force_locale(language):
        asked = [AskedQuestion("Who?", [AskedGroup(names)])]
        return say_booth(election, asked, facts, language=language, direction="ltr", languages={})


def script(page: str) -> str:
    return "".join(path.read_text("utf-8") for path in sorted((SCRIPTS / page).glob("*.ts")))


def test_the_script_asks_for_every_word_and_for_no_other() -> None:
    keys = r"say\(booth, \"(\w+)\"\)|words\[\"(\w+)\"\]|\"((?:stage|code)_\w+)\""
    asked = {next(filter(None, each)) for each in re.findall(keys, script("booth"))}
    assert asked - {"stations"} == set(WORDS) - ON_THE_PAGE


def test_the_script_of_the_trustees_asks_for_every_word_and_for_no_other() -> None:
    written = script("trustee")
    asked = set(re.findall(r"say\(desk, \"(\w+)\"\)", written))
    asked |= set(re.findall(r"\"(\w+_button)\"", written))
    asked |= {f"fault_{name}" for name in re.findall(r"^  \| \"(\w+)\"", written, re.MULTILINE)}
    assert asked - {"passphrase_hint"} == set(trustee.WORDS) - {"skip", "page"}


def test_every_fault_of_a_code_has_its_sentence() -> None:
    for typed in ("", "x", "1", "1" * 32):
        with pytest.raises(DomainError) as caught:
            read(typed, Kind.VOTING)
        assert caught.value.code in WORDS


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_number_of_names_is_said(election: Election, language: str) -> None:
    question = said(election, language)["questions"][0]  # type: ignore[index]
    for list_ in ("says", "wrong", "left"):
        assert len(question[list_]) == len(QUESTION.answers) + 1
    assert all(question["says"])
    assert [bool(each) for each in question["wrong"]] == [True, False, False, False, True, True, True]
    assert [bool(each) for each in question["left"]] == [False, True, True, False, False, False, False]
    assert len(set(question["wrong"])) == 5, "each number has a sentence of its own"
    assert len(said(election, language)["progress"]) == QUESTION.slots + 1  # type: ignore[arg-type]


def test_the_sentences_fit_the_rule(election: Election) -> None:
    question = said(election, "en")["questions"][0]  # type: ignore[index]
    assert question["rule"] == "Choose at least 1 and at most 3 names"
    assert question["says"][2] == "2 of 3 chosen"
    assert question["wrong"][0] == "Nothing is chosen yet. Choose names, or the blank vote."
    assert question["wrong"][4:6] == [
        "You chose 4. Take 1 name away.",
        "You chose 5. Take 2 names away.",
    ]
    assert question["left"][1:3] == [
        "You may choose 2 more names. You need not.",
        "You may choose 1 more name. You need not.",
    ]
