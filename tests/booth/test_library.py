"""What the booth computes is what our ballot package computes, byte for byte, and what it makes is accepted."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import segno

from core.codes import Kind, draw, read
from core.errors import DomainError
from elections import verify
from elections.ballot import ballots, canonical, credentials, tally, trustees
from elections.ballot.board import credential_key
from elections.ballot.chain import Writer
from elections.ballot.group import BELENIOS_2048
from elections.ballot.questions import Election, Question, make_election, new_identifier
from elections.rehearsal import invented_answers
from tests.booth.codes import with_remainder
from tests.booth.conftest import Library
from tests.servers import Missing, skip_or_fail

GROUP = BELENIOS_2048
NAMES = (
    'Ana "Anči" Horvatić',
    "ريما حدّاد",
    "Яна\u2028Коваль",
    "候选人 👩🏽‍⚖️",
    "back\\slash / <b>",
    "é\u0301\u007e",
)
EVERY_CODE_POINT = 0x110000


def made(*questions: Question) -> tuple[Election, int]:
    """An election and its secret key."""
    secret, key = trustees.make_key(GROUP)
    election = make_election(
        new_identifier(),
        "Wahl – اقتراع",
        "nobody’s",
        questions,
        trustees.public_key(GROUP, (trustees.Single(key),)),
    )
    return election, secret


def allowed(question: Question) -> list[tuple[int, ...]]:
    """Every choice that keeps the question's rules."""
    found = []
    for choice in product((0, 1), repeat=question.slots):
        try:
            question.check_choice(choice)
        except DomainError:
            continue
        found.append(choice)
    return found


# --- codes -------------------------------------------------------------------------------------------------------------


def said(text: str) -> dict[str, object]:
    """What ``core.codes`` says about a voting code, in the words of the booth's library."""
    try:
        return {"code": read(text, Kind.VOTING)}
    except DomainError as error:
        return {"error": error.code, **error.parameters}


def test_codes_are_read_and_refused_as_everywhere_in_the_house(library: Library) -> None:
    voting, receipt = with_remainder(Kind.VOTING), with_remainder(Kind.RECEIPT)
    arabic, persian, mathematical = (
        "".join(chr(ord(zero) + int(digit)) for digit in voting) for zero in "٠۰𝟘"
    )
    grouped = " ".join(voting[at : at + 4] for at in range(0, 32, 4))
    typed = [
        voting, grouped, arabic, persian, mathematical, receipt, "", " - ", "12a4", "²" * 32, "1" * 31, "1" * 33,
        with_remainder(3), with_remainder(0), "\u200f" + arabic, voting.replace("", "\u2009"), "\x1c" + voting + "\x85",
        "-" * 2000 + voting, voting + " " * 2000 + "7", "½" + voting, "\ud800", voting[:31] + "\ufeff" + voting[31],
        voting[1] + voting[0] + voting[2:], str(int(voting[0]) ^ 1) + voting[1:],
    ]  # fmt: skip
    answers = library(*(("read", each) for each in typed))
    for each, answer in zip(typed, answers, strict=True):
        expected = said(each)
        assert {name: answer["value"][name] for name in expected} == expected, ascii(each)


def test_the_digits_of_every_script_are_read(library: Library) -> None:
    """One code for each script, its digits in turn; and what is no digit stays none."""
    known = [chr(point) for point in range(EVERY_CODE_POINT) if unicodedata.category(chr(point)) == "Nd"]
    zeros = [letter for letter in known if unicodedata.digit(letter) == 0]
    assert len(zeros) > 60
    voting = with_remainder(Kind.VOTING)
    texts = ["".join(chr(ord(zero) + int(digit)) for digit in voting) for zero in zeros]
    assert [each["value"] for each in library(*(("read", text) for text in texts))] == [
        {"code": voting}
    ] * len(zeros)


# --- credentials, randomness ------------------------------------------------------------------------------------------


def test_the_booth_derives_the_credential_that_the_authority_derived(library: Library) -> None:
    pairs = [(new_identifier(), draw(Kind.VOTING)) for _ in range(20)]
    answers = library(*(("derive", *pair) for pair in pairs))
    assert [each["value"] for each in answers] == [
        [
            str(credentials.secret_exponent(uuid, code)),
            GROUP.write(credentials.public_credential(uuid, code)),
        ]
        for uuid, code in pairs
    ]


def test_numbers_beyond_the_order_are_drawn_again_not_reduced(library: Library) -> None:
    order = GROUP.order
    draws = [2**256 - 1, order, order - 1, 7]
    value, left, booths_order = library(("exponent", [list(each.to_bytes(32, "big")) for each in draws]))[0][
        "value"
    ]
    assert booths_order == str(order)
    assert (value, left) == (str(order - 1), 1)


# --- ballots ----------------------------------------------------------------------------------------------------------

QUESTIONS = [
    Question("0 to 2 of 3", NAMES[:3], 0, 2),
    Question("1 to 3 of 3", NAMES[3:], 1, 3),
    Question("exactly 1 of 2", ("Liste A", "قائمة ب"), 1, 1),
    Question("exactly 2 of 2", NAMES[:2], 2, 2),
    Question("0 to 3 of 3, blank", NAMES[1:4], 0, 3, blank=True),
    Question("2 of 3, blank", NAMES[2:5], 2, 2, blank=True),
    Question("the only one", NAMES[:1], 0, 1, blank=True),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text)
def test_every_choice_that_the_rules_allow_becomes_a_ballot_that_is_accepted_and_counted(
    library: Library, question: Question
) -> None:
    election, secret = made(question)
    code = draw(Kind.VOTING)
    choices = allowed(question)
    made_by_booth = library(*(("vote", election.message.decode(), code, [choice]) for choice in choices))
    for choice, answer in zip(choices, made_by_booth, strict=True):
        vote = answer["value"]
        ballot = ballots.check_ballot(election, vote["ballot"].encode())
        assert ballot.tracker == vote["tracker"]
        assert ballot.signature_hash == vote["seal"]
        assert ballot.credential == credentials.public_credential(election.uuid, code)
        assert vote["progress"] == list(range(1, question.slots + 1))
        assert decrypted(election, secret, ballot) == [list(choice)]


def decrypted(election: Election, secret: int, ballot: ballots.Ballot) -> list[list[int]]:
    """What a ballot holds, opened with the secret key as no trustee ever may."""
    ones = {GROUP.generator.power(number): number for number in (0, 1)}
    return [
        [ones[GROUP.quotient(each.beta, GROUP.power(each.alpha, secret))] for each in answer.choices]
        for answer in ballot.answers
    ]


def test_a_choice_against_the_rules_is_never_encrypted(library: Library) -> None:
    election, _ = made(Question("1 to 2 of 3, blank", NAMES[:3], 1, 2, blank=True))
    wrong = [(0, 0, 0, 0), (0, 1, 1, 1), (1, 1, 0, 0), (0, 2, 0, 0), (0, -1, 1, 1), (0, 1), (1, 0, 0, 0, 0)]
    answers = library(
        *(("vote", election.message.decode(), draw(Kind.VOTING), [choice]) for choice in wrong),
        ("vote", election.message.decode(), draw(Kind.VOTING), []),
    )
    assert answers == [{"error": "Error: choice"}] * (len(wrong) + 1)


def test_the_same_vote_twice_has_nothing_in_common_but_election_and_credential(library: Library) -> None:
    election, _ = made(QUESTIONS[0])
    call = ("vote", election.message.decode(), draw(Kind.VOTING), [(1, 0, 0)])
    one, other = (answer["value"] for answer in library(call, call))

    def numbers(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set().union(*map(numbers, value.values()))
        if isinstance(value, list):
            return set().union(*map(numbers, value))
        return {value}

    first, second = (numbers(json.loads(vote["ballot"])) for vote in (one, other))
    shared = first & second
    assert shared == {election.uuid, election.fingerprint, json.loads(one["ballot"])["credential"]}
    assert len(one["ballot"]) > 5_000


def test_an_election_that_the_booth_cannot_serve_is_refused(library: Library) -> None:
    election, _ = made(QUESTIONS[0])
    plain = canonical.read(election.message)
    question = plain["questions"][0]
    order_two = str(int(str(GROUP._p)) - 1)  # type: ignore[attr-defined]
    altered = [
        {**plain, "version": 2},
        {**plain, "group": "BELENIOS-1024"},
        *({**plain, "public_key": key} for key in ("0", "1", order_two, "7", "0" + plain["public_key"], 5)),
        {**plain, "questions": []},
        {**plain, "questions": [{**question, "type": "NonHomomorphic"}]},
        {**plain, "questions": [{**question, "max": 4}]},
        {**plain, "questions": [{**question, "min": 3}]},
        {**plain, "questions": [{**question, "min": 0.5}]},
        {**plain, "questions": [{**question, "answers": [1, 2, 3]}]},
    ]
    texts = ["", "[", "null", *(json.dumps(each) for each in altered)]
    answers = library(*(("election", text) for text in texts), ("election", election.message.decode()))
    assert [list(answer) for answer in answers[:-1]] == [["error"]] * len(texts)
    read_by_booth = answers[-1]["value"]
    assert read_by_booth["fingerprint"] == election.fingerprint
    assert [each["answers"] for each in read_by_booth["questions"]] == [list(NAMES[:3])]


# --- a whole election -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def voted(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundle of an election in which everybody voted in the booth, one person twice."""
    questions = (
        Question("Who?", invented_answers(6), 0, 3, blank=True),
        Question("Which list?", NAMES[:2], 1, 1),
    )
    secret, key = trustees.make_key(GROUP)
    keys = (trustees.Single(key),)
    election = make_election(new_identifier(), "Booth", "", questions, trustees.public_key(GROUP, keys))
    codes = [draw(Kind.VOTING) for _ in range(5)]
    votes = [
        (codes[0], ((0, 1, 1, 1, 0, 0, 0), (1, 0))),
        (codes[1], ((1, 0, 0, 0, 0, 0, 0), (0, 1))),
        (codes[2], ((0, 0, 0, 0, 0, 0, 0), (0, 1))),
        (codes[0], ((0, 0, 0, 0, 0, 0, 1), (0, 1))),
        (codes[3], ((0, 0, 0, 1, 0, 0, 1), (1, 0))),
    ]
    answers = library(*(("vote", election.message.decode(), *vote) for vote in votes))
    folder = tmp_path_factory.mktemp("voted")
    with (folder / "bundle.bel").open("wb") as stream:
        writer = Writer(stream, 1_840_000_000)
        public = [credentials.public_credential(election.uuid, code) for code in codes]
        writer.setup(
            election.message, trustees.write_trustees(GROUP, keys), credentials.write_credentials(public)
        )
        counted = tally.Tally(election)
        last = {}
        for (code, _), answer in zip(votes, answers, strict=True):
            message = answer["value"]["ballot"].encode()
            writer.ballot(message)
            last[code] = ballots.read_ballot(election, message)
        for ballot in last.values():
            counted.multiply([each.choices for each in ballot.answers])
        writer.end_ballots()
        writer.encrypted_tally(tally.write_table(GROUP, counted.table), len(last), len(last))
        part = tally.decrypt_part(election, counted.table, secret)
        writer.partial_decryption(1, part)
        factors = tally.combine(GROUP, keys, {1: tally.read_part(election, part)})
        result = tally.numbers(GROUP, tally.opened(GROUP, counted.table, factors), len(last))
        writer.result(tally.write_result(result))
    assert result == [[1, 0, 0, 1, 0, 0, 2], [1, 3]]
    return folder


def test_our_verifier_passes_an_election_of_the_booth(voted: Path) -> None:
    assert verify.check_file(voted / "bundle.bel", 1).sound


def test_belenios_tool_passes_an_election_of_the_booth(voted: Path) -> None:
    if shutil.which("belenios-tool") is None:
        skip_or_fail(Missing("belenios-tool is not installed: apt-get install belenios-tool"))
    done = subprocess.run(
        ["belenios-tool", "election", "verify", "--dir", str(voted)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# The receipt -----------------------------------------------------------------------------------------------------------


def test_a_qr_code_is_the_one_that_another_program_draws(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    # segno pads with eight zeros where the standard asks for none, which no reader minds.
    monkeypatch.setattr(
        segno.encoder,
        "write_padding_bits",
        lambda buffer, _version, length: buffer.extend([0] * (-length % 8)),
    )
    texts = ["a" * length for length in (14, 26, 42, 62, 84, 106, 122, 152, 180, 213)]
    texts.append("https://wahl.lindhafen.example/ar/elections/MC-28/board/?tracker=%2B%2F" + "x" * 39)
    calls = [("qr", text, mask) for text in texts for mask in range(8)]
    for (_call, text, mask), drawn in zip(calls, library(*calls), strict=True):
        other = segno.make(text, error="m", mode="byte", mask=mask, boost_error=False, micro=False)
        assert drawn["value"] == [[bool(dark) for dark in row] for row in other.matrix], (len(text), mask)
    assert library(("qr", "a" * 214, 0)) == [{"value": None}]


def test_the_key_under_which_the_board_finds_a_code_is_the_same_here_and_there(library: Library) -> None:
    assert library(("key", "12345")) == [{"value": credential_key(b"12345").hex()}]
