"""A ballot that cannot be accepted is refused at once, with the reason, and nothing else ever happens."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.errors import DomainError
from elections.ballot import ballots, canonical
from elections.ballot.ballots import Fault
from tests.elections.ballot import forgery
from tests.elections.ballot.stories import GROUP, Story, Town

P, Q = int(forgery.P), int(forgery.Q)
HONEST = ((1, 0), (0, 1, 1))


@pytest.fixture(scope="module")
def town(singles: tuple[Town, Story]) -> Town:
    return singles[0]


@pytest.fixture(scope="module")
def honest(town: Town) -> bytes:
    return town.cast(0, *HONEST)


def refusal(town: Town, message: bytes | dict[str, Any]) -> str:
    with pytest.raises(DomainError) as caught:
        ballots.check_ballot(
            town.election, message if isinstance(message, bytes) else canonical.write(message)
        )
    return caught.value.code


def test_an_honest_ballot_is_accepted(town: Town, honest: bytes) -> None:
    assert ballots.check_ballot(town.election, honest).credential == GROUP.generator.power(town.voters[0])


# --- copied ballots -------------------------------------------------------------------------------------------


def test_a_ballot_copied_under_another_credential_is_refused(town: Town, honest: bytes) -> None:
    copied = json.loads(honest) | {"credential": town.public[3]}
    assert refusal(town, copied) == Fault.SIGNATURE_HASH
    assert refusal(town, forgery.signed(copied, town.voters[3])) == Fault.INDIVIDUAL_PROOF


def test_a_copied_ballot_with_fresh_randomness_is_refused(town: Town, honest: bytes) -> None:
    """Who copies cannot prove: the proofs name the credential, and the ciphertexts that they are about."""
    copied = json.loads(honest) | {"credential": town.public[3]}
    key = int(town.election.public_key)
    for answer in copied["answers"]:
        for choice in answer["choices"]:
            fresh = forgery.below_order()
            choice["alpha"] = str(int(choice["alpha"]) * forgery.power(forgery.G, fresh) % P)
            choice["beta"] = str(int(choice["beta"]) * forgery.power(key, fresh) % P)
    assert refusal(town, forgery.signed(copied, town.voters[3])) == Fault.INDIVIDUAL_PROOF
    own = copied | {"credential": town.public[0]}
    assert refusal(town, forgery.signed(own, town.voters[0])) == Fault.INDIVIDUAL_PROOF


def test_a_ballot_signed_by_another_credential_is_refused(town: Town, honest: bytes) -> None:
    assert refusal(town, forgery.signed(json.loads(honest), town.voters[3])) == Fault.SIGNATURE


# --- proofs moved about ---------------------------------------------------------------------------------------


def _swap(values: list[Any], first: int = 0, second: int = 1) -> None:
    values[first], values[second] = values[second], values[first]


MOVES: dict[str, tuple[Callable[[dict[str, Any]], object], Fault]] = {
    "two answers' proofs": (lambda m: _swap(m["answers"][0]["individual_proofs"]), Fault.INDIVIDUAL_PROOF),
    "both halves of a proof": (
        lambda m: _swap(m["answers"][0]["individual_proofs"][0]),
        Fault.INDIVIDUAL_PROOF,
    ),
    "two ciphertexts": (lambda m: _swap(m["answers"][0]["choices"]), Fault.INDIVIDUAL_PROOF),
    "the blank's ciphertext": (lambda m: _swap(m["answers"][1]["choices"]), Fault.INDIVIDUAL_PROOF),
    "ciphertexts with their proofs": (
        lambda m: (_swap(m["answers"][0]["choices"]), _swap(m["answers"][0]["individual_proofs"])),
        Fault.OVERALL_PROOF,
    ),
    "overall proofs": (lambda m: _swap(m["answers"][0]["overall_proof"]), Fault.OVERALL_PROOF),
    "overall and blank proof": (
        lambda m: m["answers"][1].update(
            overall_proof=[*m["answers"][1]["blank_proof"], m["answers"][1]["overall_proof"][2]]
        ),
        Fault.OVERALL_PROOF,
    ),
    "blank proofs": (lambda m: _swap(m["answers"][1]["blank_proof"]), Fault.BLANK_PROOF),
}


@pytest.mark.parametrize("moved", MOVES)
def test_moved_proofs_are_refused_even_if_signed_anew(moved: str, town: Town, honest: bytes) -> None:
    message = json.loads(honest)
    move, fault = MOVES[moved]
    move(message)
    assert refusal(town, forgery.signed(message, town.voters[0])) == fault


@pytest.mark.parametrize("part", ["individual_proofs", "overall_proof", "blank_proof"])
def test_proofs_of_another_ballot_by_the_same_person_are_refused(
    part: str, town: Town, honest: bytes
) -> None:
    message, other = json.loads(honest), json.loads(town.cast(0, *HONEST))
    message["answers"][1][part] = other["answers"][1][part]
    expected = {
        "individual_proofs": Fault.INDIVIDUAL_PROOF,
        "overall_proof": Fault.OVERALL_PROOF,
        "blank_proof": Fault.BLANK_PROOF,
    }
    assert refusal(town, forgery.signed(message, town.voters[0])) == expected[part]


# --- what may not be encrypted --------------------------------------------------------------------------------


FORBIDDEN: dict[tuple[tuple[int, ...], ...], Fault] = {
    ((2, -1), (0, 1, 0)): Fault.INDIVIDUAL_PROOF,
    ((5, -4), (0, 1, 0)): Fault.INDIVIDUAL_PROOF,
    ((1, 1), (0, 1, 0)): Fault.OVERALL_PROOF,
    ((1, 0), (0, 0, 0)): Fault.OVERALL_PROOF,
    ((1, 0), (1, 1, 0)): Fault.BLANK_PROOF,
    ((1, 0), (2, 0, 0)): Fault.INDIVIDUAL_PROOF,
    ((1, 0), (-1, 1, 0)): Fault.INDIVIDUAL_PROOF,
}


@pytest.mark.parametrize(("values", "fault"), FORBIDDEN.items())
def test_what_the_rules_forbid_cannot_be_proved(
    values: tuple[tuple[int, ...], ...], fault: Fault, town: Town
) -> None:
    assert refusal(town, forgery.ballot(town.election, town.voters[0], values)) == fault


def test_the_cheats_own_code_makes_ballots_that_are_accepted(town: Town) -> None:
    """Else all refusals above would show nothing."""
    for values in (HONEST, ((0, 0), (1, 0, 0)), ((0, 1), (0, 0, 1))):
        message = canonical.write(forgery.ballot(town.election, town.voters[0], values))
        ballots.check_ballot(town.election, message)


def test_an_element_outside_the_group_is_refused_even_if_every_proof_holds(town: Town) -> None:
    strayed = forgery.ballot(town.election, town.voters[0], HONEST, stray=True)
    assert refusal(town, strayed) == Fault.OUTSIDE_GROUP


# --- how numbers are written ----------------------------------------------------------------------------------


def element(message: dict[str, Any]) -> tuple[dict[str, Any], str]:
    return message["answers"][0]["choices"][0], "alpha"


def exponent(message: dict[str, Any]) -> tuple[dict[str, Any], str]:
    return message["answers"][0]["individual_proofs"][0][0], "response"


ODDLY: dict[str, Callable[[str], Any]] = {
    "leading zero": lambda text: "0" + text,
    "plus": lambda text: "+" + text,
    "minus": lambda text: "-" + text,
    "blank before": lambda text: " " + text,
    "blank after": lambda text: text + " ",
    "line end": lambda text: text + "\n",
    "underscore": lambda text: text[:1] + "_" + text[1:],
    "exponent": lambda text: text[:-1] + "e1",
    "point": lambda text: text + ".0",
    "hexadecimal": lambda text: hex(int(text)),
    "Arabic digits": lambda text: text.translate({48 + digit: 0x660 + digit for digit in range(10)}),
    "fullwidth digits": lambda text: text.translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    "empty": lambda text: "",
    "letters": lambda text: "x",
    "number": int,
    "list": lambda text: [text],
    "record": lambda text: {"0": text},
    "nothing": lambda text: None,
    "truth": lambda text: True,
    "ten million digits": lambda text: "1" * 10_000_000,
}


@pytest.mark.parametrize("place", [element, exponent])
@pytest.mark.parametrize("oddly", ODDLY)
def test_a_number_has_one_form(
    oddly: str, place: Callable[[dict[str, Any]], tuple[dict[str, Any], str]], town: Town, honest: bytes
) -> None:
    message = json.loads(honest)
    record, name = place(message)
    record[name] = ODDLY[oddly](record[name])
    code = refusal(town, forgery.signed(message, town.voters[0]))
    assert code == f"{place.__name__}_not_canonical"


@pytest.mark.parametrize(
    ("place", "alter", "code"),
    [
        (element, lambda number: number + P, "element_not_canonical"),
        (element, lambda number: P, "element_not_canonical"),
        (element, lambda number: 0, "element_not_canonical"),
        (element, lambda number: P - number, Fault.OUTSIDE_GROUP),
        (element, lambda number: P - 1, Fault.OUTSIDE_GROUP),
        (element, lambda number: number * int(forgery.of_order_three()) % P, Fault.OUTSIDE_GROUP),
        (element, lambda number: int(forgery.of_order_three()), Fault.OUTSIDE_GROUP),
        (element, lambda number: 2, Fault.OUTSIDE_GROUP),
        (element, lambda number: 1, Fault.INDIVIDUAL_PROOF),
        (exponent, lambda number: number + Q, "exponent_not_canonical"),
        (exponent, lambda number: Q, "exponent_not_canonical"),
        (exponent, lambda number: Q - number, Fault.INDIVIDUAL_PROOF),
        (exponent, lambda number: 0, Fault.INDIVIDUAL_PROOF),
    ],
)
def test_a_number_out_of_range_or_out_of_the_group_is_refused(
    place: Callable[[dict[str, Any]], tuple[dict[str, Any], str]],
    alter: Callable[[int], int],
    code: str,
    town: Town,
    honest: bytes,
) -> None:
    message = json.loads(honest)
    record, name = place(message)
    record[name] = str(alter(int(record[name])))
    assert refusal(town, forgery.signed(message, town.voters[0])) == code


# --- how messages are written ---------------------------------------------------------------------------------


def test_fields_in_another_order_are_refused(town: Town, honest: bytes) -> None:
    message = json.loads(honest)
    assert refusal(town, dict(reversed(message.items()))) == "message_malformed"
    inner = copy.deepcopy(message)
    choice = inner["answers"][0]["choices"][0]
    inner["answers"][0]["choices"][0] = dict(reversed(choice.items()))
    assert refusal(town, inner) == "message_malformed"


TRICKS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a blank": (lambda m: m.replace(b":", b": ", 1), Fault.NOT_CANONICAL),
    "a line end": (lambda m: m + b"\n", Fault.NOT_CANONICAL),
    "an escaped letter": (lambda m: m.replace(b'"alpha"', b'"\\u0061lpha"', 1), Fault.NOT_CANONICAL),
    "an escaped digit": (
        lambda m: m.replace(b'"response":"', b'"response":"\\u0030', 1),
        "exponent_not_canonical",
    ),
    "a field twice, first the true one": (
        lambda m: m.replace(b'{"alpha":"', b'{"alpha":"2","alpha":"', 1),
        Fault.NOT_CANONICAL,
    ),
    "the whole twice": (lambda m: m + m, "json_unreadable"),
    "a byte order mark": (lambda m: b"\xef\xbb\xbf" + m, "json_unreadable"),
    "UTF-16": (lambda m: m.decode().encode("utf-16"), "json_unreadable"),
    "UTF-32 without mark": (lambda m: m.decode().encode("utf-32-le"), "json_unreadable"),
    "a zero byte": (lambda m: m + b"\0", "json_unreadable"),
    "nothing": (lambda m: b"", "json_unreadable"),
    "half": (lambda m: m[: len(m) // 2], "json_unreadable"),
    "a broken letter": (lambda m: m.replace(b"alpha", b"alph\xff", 1), "json_unreadable"),
    "half an emoji in UTF-8": (lambda m: _named(m, b"\xed\xa0\xbd"), "json_unreadable"),
    "half an emoji escaped": (lambda m: _named(m, rb"\ud83d"), "json_unreadable"),
    "half an emoji as the signed hash": (
        lambda m: m.replace(b'"hash":"', rb'"hash":"\ud83d', 1),
        "json_unreadable",
    ),
    "no number": (lambda m: b'{"election_uuid":NaN}', "message_malformed"),
    "no end": (lambda m: b'{"election_uuid":-Infinity}', "message_malformed"),
    "a number of ten million digits": (lambda m: b"1" * 10_000_000, "json_unreadable"),
    "a fraction of ten million digits": (lambda m: b"0." + b"1" * 10_000_000, "message_malformed"),
    "ten million brackets": (lambda m: b"[" * 10_000_000, "json_unreadable"),
    "ten million pairs": (lambda m: b'{"a":' * 10_000_000, "json_unreadable"),
    "a list": (lambda m: b"[" + m + b"]", "message_malformed"),
    "a text": (lambda m: b'"x"', "message_malformed"),
}


def _named(message: bytes, text: bytes) -> bytes:
    return message.replace(b'"election_uuid":"', b'"election_uuid":"' + text, 1)


@pytest.mark.parametrize("trick", TRICKS)
def test_tricks_with_the_form_are_refused(trick: str, town: Town, honest: bytes) -> None:
    play, code = TRICKS[trick]
    assert refusal(town, play(honest)) == code


@pytest.mark.parametrize("depth", [*range(850, 1000, 7), 10_000])
def test_deep_nesting_is_refused_at_every_depth(depth: int, town: Town, honest: bytes) -> None:
    """Reading and writing again do not reach equally deep."""
    deep = b"[" * depth + b"]" * depth
    for message in (
        deep,
        honest.replace(b'"election_uuid":', b'"election_uuid":' + deep + b',"x":', 1),
        honest[:-1] + b',"x":' + deep + b"}",
    ):
        assert refusal(town, message) in {"json_unreadable", "message_malformed"}
