"""Messages of people who cheat: written from the specification, apart from the code that honest people use.

With ``stray`` the first number of a ciphertext is multiplied by -1, which no element of the group is. A proof about it
can hold nevertheless: whoever cheats tries until the challenge is even.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gmpy2

from elections.ballot.group import _G, _P, _Q
from elections.ballot.questions import Election

P, Q, G = (gmpy2.mpz(number) for number in (_P, _Q, _G))
MINUS_ONE = P - 1
"""The element of order 2 among the numbers modulo p."""


def of_order_three() -> int:
    """An element of order 3 among the numbers modulo p."""
    assert (P - 1) % 3 == 0
    base = 2
    while (found := gmpy2.powmod(base, (P - 1) // 3, P)) == 1:
        base += 1
    return found


def power(base: int, exponent: int) -> int:
    return gmpy2.powmod(base, exponent, P)


def below_order() -> int:
    return secrets.randbelow(int(Q))


def hashed(statement: str) -> int:
    return int.from_bytes(hashlib.sha256(statement.encode()).digest(), "big") % int(Q)


def proof(challenge: int, response: int) -> dict[str, str]:
    return {"challenge": str(challenge % Q), "response": str(response % Q)}


def fingerprint(message: object) -> str:
    text = (
        json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        if not isinstance(message, bytes)
        else ""
    )
    data = message if isinstance(message, bytes) else text.encode()
    return b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def knowledge(exponent: int, statement: str, *, even: bool = False) -> dict[str, str]:
    """That one knows ``exponent``; with ``even``, tried until the challenge is even."""
    while True:
        nonce = below_order()
        challenge = hashed(f"{statement}|{power(G, nonce)}")
        if not even or challenge % 2 == 0:
            return proof(challenge, nonce - exponent * challenge)


@dataclass
class Slot:
    """A ciphertext of ``value`` with its randomness."""

    alpha: int
    beta: int
    randomness: int
    value: int
    stray: bool = False

    def plain(self) -> dict[str, str]:
        return {"alpha": str(self.alpha), "beta": str(self.beta)}

    def written(self) -> str:
        return f"{self.alpha},{self.beta}"


def encrypt(key: int, value: int, *, stray: bool = False) -> Slot:
    randomness = below_order()
    alpha = power(G, randomness) * (MINUS_ONE if stray else 1) % P
    return Slot(alpha, power(key, randomness) * power(G, value) % P, randomness, value, stray)


def total(slots: Sequence[Slot]) -> Slot:
    alpha = beta = gmpy2.mpz(1)
    for slot in slots:
        alpha, beta = alpha * slot.alpha % P, beta * slot.beta % P
    stray = sum(slot.stray for slot in slots) % 2 == 1
    return Slot(alpha, beta, sum(s.randomness for s in slots) % Q, sum(s.value for s in slots), stray)


def one_of(key: int, statement: str, cases: Sequence[tuple[Slot, int]]) -> list[dict[str, str]]:
    """Proofs that one of the cases is true; if none is, they look right and do not hold."""
    true = next((at for at, (slot, value) in enumerate(cases) if slot.value == value), len(cases) - 1)
    while True:
        challenges = [below_order() for _ in cases]
        responses = [below_order() for _ in cases]
        commitments = []
        for at, (slot, value) in enumerate(cases):
            if at == true:
                commitments += [power(G, responses[at]), power(key, responses[at])]
                continue
            shifted = slot.beta * power(G, -value % Q) % P
            commitments.append(power(G, responses[at]) * power(slot.alpha, challenges[at]) % P)
            commitments.append(power(key, responses[at]) * power(shifted, challenges[at]) % P)
        whole = hashed(f"{statement}|{','.join(map(str, commitments))}")
        challenges[true] = (whole - sum(challenges) + challenges[true]) % Q
        if cases[true][0].stray and challenges[true] % 2:
            continue
        responses[true] -= cases[true][0].randomness * challenges[true]
        return [proof(*pair) for pair in zip(challenges, responses, strict=True)]


def ballot(
    election: Election,
    secret: int,
    values: Sequence[Sequence[int]],
    *,
    stray: bool = False,
    stray_credential: bool = False,
    uuid: str | None = None,
    named: str | None = None,
    signed_hash: str | None = None,
) -> dict[str, Any]:
    """A ballot of any ``values``, allowed or not. ``uuid``, ``named`` (fingerprint) and ``signed_hash`` replace what it names."""
    key = gmpy2.mpz(election.public_key)
    credential = power(G, secret) * (MINUS_ONE if stray_credential else 1) % P
    zero = f"{election.fingerprint}|{credential}"
    answers = []
    for question, chosen in zip(election.questions, values, strict=True):
        slots = [encrypt(key, value, stray=stray and at == 0) for at, value in enumerate(chosen)]
        whole = f"{zero}|{','.join(slot.written() for slot in slots)}"
        summed = total(slots[1:] if question.blank else slots)
        allowed = [(summed, number) for number in range(question.least, question.most + 1)]
        answer: dict[str, Any] = {
            "choices": [slot.plain() for slot in slots],
            "individual_proofs": [
                one_of(key, f"prove|{zero}|{slot.written()}", [(slot, 0), (slot, 1)]) for slot in slots
            ],
        }
        if question.blank:
            answer["overall_proof"] = one_of(key, f"bproof1|{whole}", [(slots[0], 1), *allowed])
            answer["blank_proof"] = one_of(key, f"bproof0|{whole}", [(slots[0], 0), (summed, 0)])
        else:
            answer["overall_proof"] = one_of(key, f"prove|{whole}|{summed.written()}", allowed)
        answers.append(answer)
    message = {
        "election_uuid": uuid or election.uuid,
        "election_hash": named or election.fingerprint,
        "credential": str(credential),
        "answers": answers,
    }
    return signed(message, secret, signed_hash, even=stray_credential)


def signed(
    message: dict[str, Any], secret: int, signed_hash: str | None = None, *, even: bool = False
) -> dict[str, Any]:
    """The ballot with a fresh signature by the exponent ``secret``."""
    unsigned = {name: value for name, value in message.items() if name != "signature"}
    named = signed_hash or fingerprint(unsigned)
    return {
        **unsigned,
        "signature": {"hash": named, "proof": knowledge(secret, f"sig|{named}", even=even)},
    }
