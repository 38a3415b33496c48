"""Long numbers by gmpy2 and by Python give the same election to the byte; fresh randomness gives another each time."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from itertools import count

import pytest

from elections.ballot import ballots, ceremony, randomness, tally, trustees
from elections.ballot.arithmetic import FASTEST, PLAIN, Arithmetic
from elections.ballot.group import Element, belenios_2048
from elections.ballot.questions import Question, make_election, read_election
from tests.elections.ballot import forgery
from tests.elections.ballot.stories import Story, Town

P, Q = int(forgery.P), int(forgery.Q)


def stream() -> Callable[[int], int]:
    """The same numbers each time, where otherwise the operating system's randomness stands."""
    at = count()

    def below(bound: int) -> int:
        return int.from_bytes(hashlib.sha512(str(next(at)).encode()).digest(), "big") % bound

    return below


def whole_election(arithmetic: Arithmetic, patch: pytest.MonkeyPatch) -> list[bytes]:
    """Every message of a small election with a ceremony."""
    patch.setattr(randomness, "below", stream())
    group = belenios_2048(arithmetic)
    seeds = [str(number) * 22 for number in (1, 2, 3)]
    certificates = [
        ceremony.certify(group, seed, index=index, threshold=2, size=3) for index, seed in enumerate(seeds, 1)
    ]
    polynomials = [ceremony.draw_polynomial(group, seed, certificates) for seed in seeds]
    shares = [ceremony.accept_shares(group, seed, certificates, polynomials) for seed in seeds]
    committee = ceremony.assemble(group, certificates, polynomials, [key for _, key in shares])
    alone, key = trustees.make_key(group)
    keyholders: trustees.Trustees = (trustees.Single(key), committee)
    election = make_election(
        "1" * 22,
        "Same",
        "",
        (Question("Q?", ("a", "b"), 0, 1, blank=True),),
        trustees.public_key(group, keyholders),
        group=group,
    )
    cast = [
        ballots.make_ballot(election, secret, [choice]) for secret, choice in ((5, (0, 1, 0)), (7, (1, 0, 0)))
    ]
    product = tally.Tally(election)
    for ballot in cast:
        product.add(ballots.check_ballot(election, ballot), 2)
    secrets = {1: alone, 2: shares[0][0], 4: shares[2][0]}
    parts = {owner: tally.decrypt_part(election, product.table, secret) for owner, secret in secrets.items()}
    read = {owner: tally.read_part(election, part) for owner, part in parts.items()}
    keys = trustees.owners(keyholders)
    assert all(tally.part_holds(election, product.table, keys[owner], part) for owner, part in read.items())
    opened = tally.opened(group, product.table, tally.combine(group, keyholders, read))
    return [
        election.message,
        trustees.write_trustees(group, keyholders),
        *(json.dumps(each.plain()).encode() for each in polynomials),
        *cast,
        tally.write_table(group, product.table),
        *parts.values(),
        tally.write_result(tally.numbers(group, opened, 4)),
    ]


@pytest.mark.slow
def test_both_arithmetics_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert FASTEST is not PLAIN, "gmpy2 is not installed"
    plain, fast = (whole_election(arithmetic, monkeypatch) for arithmetic in (PLAIN, FASTEST))
    assert plain == fast
    assert plain[-1] == b'{"result":[[2,2,0]]}'


def test_a_ballot_made_with_one_arithmetic_is_checked_with_the_other(singles: tuple[Town, Story]) -> None:
    town, story = singles
    slow = read_election(story.election, {"BELENIOS-2048": belenios_2048(PLAIN)})
    assert ballots.check_ballot(slow, story.ballots[0]).tracker == (
        ballots.check_ballot(town.election, story.ballots[0]).tracker
    )


@pytest.mark.parametrize("arithmetic", [PLAIN, FASTEST], ids=["Python", "gmpy2"])
def test_powers_are_powers(arithmetic: Arithmetic) -> None:
    """Tables, shared squarings and quotients against Python's own ``pow``, at the edges too."""
    group = belenios_2048(arithmetic)
    chance = random.Random(1)
    g = int(forgery.G)
    exponents = [0, 1, 2, 15, 16, Q - 1, Q, *(chance.randrange(Q) for _ in range(3))]
    for base in (g, pow(g, 12345, P), P - 1, 2, 1):
        element = Element(arithmetic.number(base))
        assert group.powers(element, exponents) == [pow(base, each, P) for each in exponents]
        assert [group.power(element, each) for each in exponents] == [
            pow(base, each % Q, P) for each in exponents
        ]
        assert group.contains(element) == (pow(base, Q, P) == 1)
        assert group.quotient(group.identity, element) * base % P == 1
    for each in [*exponents, -1, -Q - 3, Q + 5]:
        assert group.generator.power(each) == pow(g, each % Q, P)


def test_the_group_is_the_one_of_the_specification() -> None:
    assert (P - 1) % Q == 0
    assert pow(int(forgery.G), Q, P) == 1
    assert int(forgery.G) != 1
    assert (P.bit_length(), Q.bit_length()) == (2048, 256)
    assert forgery.gmpy2.is_prime(P, 40)
    assert forgery.gmpy2.is_prime(Q, 40)


def numbers_in(message: bytes) -> set[str]:
    """All long numbers."""
    found: set[str] = set()

    def visit(value: object) -> None:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                visit(each)
        elif isinstance(value, str) and value.isdigit():
            found.add(value)

    visit(json.loads(message))
    return found


def test_two_encryptions_of_the_same_choice_have_nothing_in_common(singles: tuple[Town, Story]) -> None:
    town, _ = singles
    one, two = (numbers_in(town.cast(0, (1, 0), (0, 1, 1))) for _ in range(2))
    assert one & two == {town.public[0]}
    # The credential; two for each ciphertext and proof, of which there are 10, 2, 3 and 2; two for the signature.
    assert len(one) == len(two) == 1 + 2 * 5 + 2 * (10 + 2 + 3 + 2) + 2


def test_nonces_are_never_used_again(singles: tuple[Town, Story], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every number drawn for a ballot comes from the one source, and each is asked for anew."""
    town, _ = singles
    asked = []
    original = randomness.below

    def below(bound: int) -> int:
        asked.append(bound)
        return original(bound)

    monkeypatch.setattr(randomness, "below", below)
    town.cast(0, (1, 0), (0, 1, 1))
    slots, proofs = 5, 5 * 2 + 2 + 3 + 2
    assert asked == [Q] * (slots + 2 * proofs + 1)
