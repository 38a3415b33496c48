"""From ballots to a result without opening any: multiply, decrypt in parts, put together, look up the numbers.

Specification of Belenios 2.0, "Encrypted tally", "Partial decryptions", "Election result".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import DomainError
from elections.ballot import canonical
from elections.ballot.ballots import Ballot
from elections.ballot.group import Element, Group, random_exponent, read_element
from elections.ballot.proofs import (
    Ciphertext,
    Proof,
    plain_proofs,
    read_ciphertext,
    read_proofs,
)
from elections.ballot.questions import Election
from elections.ballot.trustees import Single, TrusteeKey, Trustees, lagrange

Table = tuple[tuple[Ciphertext, ...], ...]
"""A ciphertext for each question and slot."""
Factors = tuple[tuple[Element, ...], ...]
"""An element for each question and slot."""


class Tally:
    """The product of ballots. Parts made apart can be multiplied together; the order does not matter."""

    def __init__(self, election: Election) -> None:
        self._group = election.group
        one = Ciphertext(self._group.identity, self._group.identity)
        self.table: Table = tuple((one,) * question.slots for question in election.questions)

    def add(self, ballot: Ballot, weight: int = 1) -> None:
        """Counts ``ballot``, ``weight`` times."""
        self.multiply(tuple(answer.choices for answer in ballot.answers), weight)

    def multiply(self, table: Table, weight: int = 1) -> None:
        """Counts what another table holds."""
        group = self._group

        def raised(element: Element) -> Element:
            return element if weight == 1 else group.power(element, weight)

        self.table = tuple(
            tuple(
                Ciphertext(
                    group.product((held.alpha, raised(new.alpha))),
                    group.product((held.beta, raised(new.beta))),
                )
                for held, new in zip(ours, theirs, strict=True)
            )
            for ours, theirs in zip(self.table, table, strict=True)
        )


def write_table(group: Group, table: Table) -> bytes:
    """The encrypted tally as published."""
    return canonical.write([[each.plain(group) for each in row] for row in table])


def read_table(election: Election, data: bytes) -> Table:
    """An encrypted tally of this election's shape. Raises what the readers raise."""
    rows = canonical.items(canonical.read(data), len(election.questions))
    return tuple(
        tuple(read_ciphertext(election.group, each) for each in canonical.items(row, question.slots))
        for question, row in zip(election.questions, rows, strict=True)
    )


# Partial decryptions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartialDecryption:
    """What one trustee computes from the encrypted tally, each factor with the proof that it was computed rightly."""

    factors: Factors
    proofs: tuple[tuple[Proof, ...], ...]


def decrypt_part(election: Election, table: Table, secret: int) -> bytes:
    """A trustee's partial decryption of ``table``, as published."""
    group = election.group
    statement = _statement(election, group.generator.power(secret))
    factors, proofs = [], []
    for row in table:
        pairs = [_decrypt(group, each.alpha, secret, statement) for each in row]
        factors.append([group.write(factor) for factor, _ in pairs])
        proofs.append(plain_proofs([proof for _, proof in pairs]))
    return canonical.write({"decryption_factors": factors, "decryption_proofs": proofs})


def _statement(election: Election, public: Element) -> str:
    return f"decrypt|{election.fingerprint}|{election.group.write(public)}"


def _decrypt(group: Group, alpha: Element, secret: int, statement: str) -> tuple[Element, Proof]:
    nonce = random_exponent(group)
    factor, second = group.powers(alpha, (secret, nonce))
    first = group.generator.power(nonce)
    challenge = canonical.challenge(group.order, f"{statement}|{group.write(first)},{group.write(second)}")
    return factor, Proof(challenge, (nonce - secret * challenge) % group.order)


def read_part(election: Election, data: bytes) -> PartialDecryption:
    """A partial decryption of this election's shape, right or wrong. Raises what the readers raise."""
    found = canonical.fields(canonical.read(data), ("decryption_factors", "decryption_proofs"))
    count = len(election.questions)
    group = election.group
    factors, proofs = [], []
    for question, row, shown in zip(
        election.questions,
        canonical.items(found["decryption_factors"], count),
        canonical.items(found["decryption_proofs"], count),
        strict=True,
    ):
        factors.append(tuple(read_element(group, each) for each in canonical.items(row, question.slots)))
        proofs.append(read_proofs(group, shown, question.slots))
    return PartialDecryption(tuple(factors), tuple(proofs))


def hand_over(election: Election, owner: int, part: bytes) -> bytes:
    """A trustee's part as the file that they hand to the election board."""
    content = {"election": election.uuid, "owner": owner, "partial_decryption": canonical.read(part)}
    return canonical.write(content)


def read_handed(data: bytes) -> tuple[str, int, bytes]:
    """The election's identifier, the trustee's number and the part, as ``hand_over`` put them together.

    Raises DomainError ``json_unreadable`` or ``message_malformed``.
    """
    found = canonical.fields(canonical.read(data), ("election", "owner", "partial_decryption"))
    part = canonical.write(found["partial_decryption"])
    return canonical.text(found["election"]), canonical.whole(found["owner"], 1), part


def part_is_member(group: Group, part: PartialDecryption) -> bool:
    """Whether every factor belongs to the group."""
    return all(group.contains(factor) for row in part.factors for factor in row)


def part_holds(election: Election, table: Table, key: TrusteeKey, part: PartialDecryption) -> bool:
    """Whether ``part`` was computed from ``table`` with the secret of ``key``."""
    group = election.group
    statement = _statement(election, key.public_key)
    for ciphertexts, factors, proofs in zip(table, part.factors, part.proofs, strict=True):
        for ciphertext, factor, proof in zip(ciphertexts, factors, proofs, strict=True):
            first = (group.generator.power(proof.response), group.power(key.public_key, proof.challenge))
            second = (
                group.power(ciphertext.alpha, proof.response),
                group.power(factor, proof.challenge),
            )
            commitments = ",".join(group.write(group.product(pair)) for pair in (first, second))
            if canonical.challenge(group.order, f"{statement}|{commitments}") != proof.challenge:
                return False
    return True


# Putting together ------------------------------------------------------------------------------------------------------


def enough(trustees: Trustees, parts: Mapping[int, object]) -> bool:
    """Whether the owners of ``parts`` can open the tally: every required trustee, and of a threshold as many as needed."""
    return all(present >= each.needed for each, present in _present(trustees, parts))


def _present(trustees: Trustees, parts: Mapping[int, object]) -> Iterator[tuple[Any, int]]:
    first = 1
    for each in trustees:
        numbers = range(first, first + len(each.keys))
        yield each, sum(number in parts for number in numbers)
        first += len(each.keys)


def combine(group: Group, trustees: Trustees, parts: Mapping[int, PartialDecryption]) -> Factors:
    """The factors of the whole key from those of the trustees, by owner. Raises DomainError ``parts_missing``."""
    if not enough(trustees, parts):
        raise DomainError("parts_missing")
    rows: list[list[list[Element]]] = []
    first = 1
    for each in trustees:
        if isinstance(each, Single):
            rows.append([list(row) for row in parts[first].factors])
        else:
            indices = [at for at in range(1, len(each.keys) + 1) if first + at - 1 in parts][: each.needed]
            weights = lagrange(group.order, indices)
            raised = [
                [
                    [group.power(factor, weights[at]) for factor in row]
                    for row in parts[first + at - 1].factors
                ]
                for at in indices
            ]
            rows += raised
        first += len(each.keys)
    return tuple(
        tuple(group.product(factors) for factors in zip(*same_row, strict=True))
        for same_row in zip(*rows, strict=True)
    )


def opened(group: Group, table: Table, factors: Factors) -> Factors:
    """The generator to the number of votes, for each question and slot."""
    return tuple(
        tuple(group.quotient(each.beta, factor) for each, factor in zip(row, own, strict=True))
        for row, own in zip(table, factors, strict=True)
    )


def numbers(group: Group, elements: Factors, most: int) -> list[list[int]]:
    """The numbers of votes, none above ``most``, found by counting up. Raises DomainError ``result_not_found``."""
    wanted = {element for row in elements for element in row}
    found: dict[Element, int] = {}
    step = group.generator.power(1)
    power = group.identity
    for number in range(most + 1):
        if power in wanted:
            found[power] = number
            if len(found) == len(wanted):
                break
        power = group.product((power, step))
    if len(found) < len(wanted):
        raise DomainError("result_not_found")
    return [[found[element] for element in row] for row in elements]


def write_result(result: Sequence[Sequence[int]]) -> bytes:
    """The result as published."""
    return canonical.write({"result": [list(row) for row in result]})


def read_result(election: Election, data: bytes) -> list[list[int]]:
    """A result of this election's shape, right or wrong. Raises what the readers raise."""
    found = canonical.fields(canonical.read(data), ("result",))
    rows = canonical.items(found["result"], len(election.questions))
    return [
        [canonical.whole(number) for number in canonical.items(row, question.slots)]
        for question, row in zip(election.questions, rows, strict=True)
    ]


def result_holds(group: Group, elements: Factors, result: Sequence[Sequence[int]]) -> bool:
    """Whether the generator to each number is what was decrypted."""
    return all(
        group.generator.power(number) == element
        for row, own in zip(elements, result, strict=True)
        for element, number in zip(row, own, strict=True)
    )
