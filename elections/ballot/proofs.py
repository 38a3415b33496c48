"""Zero-knowledge proofs: what a message claims is shown without showing what it hides.

Specification of Belenios 2.0: "Verification keys", "Proofs of interval membership", "Proofs of possibly-blank votes",
"Signatures", "Partial decryptions". All are of one kind: a challenge that is the hash of the whole statement, and a
response that only who knows the exponent can give (Schnorr; Fiat and Shamir). Where one of several cases holds, the
others are simulated, and the challenges of all cases add up to the hash (Cramer, Damgård, Schoenmakers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from elections.ballot import canonical
from elections.ballot.group import Element, FixedBase, Group, random_exponent, read_element, read_exponent


@dataclass(frozen=True, slots=True)
class Proof:
    """A challenge and a response, numbers modulo the group's order."""

    challenge: int
    response: int

    def plain(self) -> dict[str, str]:
        """As it stands in a message."""
        return {"challenge": str(self.challenge), "response": str(self.response)}


def read_proof(group: Group, value: object) -> Proof:
    """A proof from a message. Raises DomainError ``message_malformed`` or ``exponent_not_canonical``."""
    found = canonical.fields(value, ("challenge", "response"))
    return Proof(read_exponent(group, found["challenge"]), read_exponent(group, found["response"]))


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """An encrypted number m: (g^r, y^r * g^m), where y is the election's public key and r is random (ElGamal)."""

    alpha: Element
    beta: Element

    def plain(self, group: Group) -> dict[str, str]:
        """As it stands in a message."""
        return {"alpha": group.write(self.alpha), "beta": group.write(self.beta)}


def read_ciphertext(group: Group, value: object) -> Ciphertext:
    """A ciphertext from a message. Raises DomainError ``message_malformed`` or ``element_not_canonical``."""
    found = canonical.fields(value, ("alpha", "beta"))
    return Ciphertext(read_element(group, found["alpha"]), read_element(group, found["beta"]))


def multiply(group: Group, ciphertexts: Sequence[Ciphertext]) -> Ciphertext:
    """The product: it encrypts the sum of what they encrypt."""
    return Ciphertext(
        group.product(each.alpha for each in ciphertexts), group.product(each.beta for each in ciphertexts)
    )


# One exponent ----------------------------------------------------------------------------------------------------------


def prove_exponent(group: Group, exponent: int, statement: str) -> Proof:
    """Shows that one knows ``exponent``, bound to the ``statement``, whose hash ends with the commitment."""
    nonce = random_exponent(group)
    committed = group.write(group.generator.power(nonce))
    challenge = canonical.challenge(group.order, f"{statement}|{committed}")
    return Proof(challenge, (nonce - exponent * challenge) % group.order)


def shows_exponent(group: Group, public: Element, statement: str, proof: Proof) -> bool:
    """Whether ``proof`` shows knowledge of the exponent of ``public``, bound to the ``statement``."""
    committed = group.product((group.generator.power(proof.response), group.power(public, proof.challenge)))
    found = canonical.challenge(group.order, f"{statement}|{group.write(committed)}")
    return found == proof.challenge


# One of several cases --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """A ciphertext with what only its maker knows."""

    ciphertext: Ciphertext
    randomness: int
    value: int


class Prover:
    """Encrypts under one public key and proves what was encrypted."""

    def __init__(self, group: Group, public_key: FixedBase) -> None:
        self.group = group
        self.public_key = public_key

    def encrypt(self, value: int) -> Opened:
        """``value`` under fresh randomness."""
        randomness = random_exponent(self.group)
        generator = self.group.generator
        beta = self.group.product((self.public_key.power(randomness), generator.power(value)))
        return Opened(Ciphertext(generator.power(randomness), beta), randomness, value)

    def total(self, opened: Sequence[Opened]) -> Opened:
        """The product of ciphertexts, opened likewise."""
        return Opened(
            multiply(self.group, [each.ciphertext for each in opened]),
            sum(each.randomness for each in opened) % self.group.order,
            sum(each.value for each in opened),
        )

    def prove(self, statement: str, cases: Sequence[tuple[Opened, int]]) -> tuple[Proof, ...]:
        """Proofs that in one of the ``cases`` the ciphertext encrypts the number beside it.

        The first case that is true is proved, the others are simulated; nobody can tell which. Raises ValueError if
        none is true.
        """
        order = self.group.order
        true = next((at for at, (opened, value) in enumerate(cases) if opened.value == value), None)
        if true is None:
            raise ValueError("none of the cases is true")
        nonces = [random_exponent(self.group) for _ in cases]
        challenges = [random_exponent(self.group) for _ in cases]
        commitments = []
        for at, (opened, value) in enumerate(cases):
            # With response = nonce - randomness * challenge, alpha and beta fall out of the equations.
            stray = 0 if at == true else (opened.value - value) * challenges[at]
            commitments.append(self.group.write(self.group.generator.power(nonces[at])))
            second = (self.public_key.power(nonces[at]), self.group.generator.power(stray))
            commitments.append(self.group.write(self.group.product(second)))
        total = canonical.challenge(order, f"{statement}|{','.join(commitments)}")
        challenges[true] = (total - sum(challenges) + challenges[true]) % order
        return tuple(
            Proof(challenge, (nonce - opened.randomness * challenge) % order)
            for challenge, nonce, (opened, _value) in zip(challenges, nonces, cases, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """That a ciphertext encrypts one of ``values``, each with a proof of its own."""

    ciphertext: Ciphertext
    values: tuple[int, ...]


class Checker:
    """Checks proofs about ciphertexts under one public key."""

    def __init__(self, group: Group, public_key: FixedBase) -> None:
        self.group = group
        self.public_key = public_key

    def shows(self, statement: str, claims: Sequence[Claim], proofs: Sequence[Proof]) -> bool:
        """Whether ``proofs``, one for each value of each claim in order, show that one of all these cases is true."""
        return self.inspect(statement, claims, proofs, membership=False)[1]

    def inspect(
        self, statement: str, claims: Sequence[Claim], proofs: Sequence[Proof], *, membership: bool = True
    ) -> tuple[bool, bool]:
        """Whether every ciphertext belongs to the group, and whether the proofs hold: together they cost less.

        Without ``membership`` the first answer is always yes.
        """
        group, order = self.group, self.group.order
        member = True
        commitments = []
        at = 0
        for claim in claims:
            own = proofs[at : at + len(claim.values)]
            at += len(claim.values)
            exponents = [proof.challenge for proof in own]
            if membership:
                exponents.append(order)
            alphas = group.powers(claim.ciphertext.alpha, exponents)
            betas = group.powers(claim.ciphertext.beta, exponents)
            if membership:
                member = member and alphas.pop() == group.identity and betas.pop() == group.identity
            for value, proof, alpha, beta in zip(claim.values, own, alphas, betas, strict=False):
                commitments.append(group.write(group.product((group.generator.power(proof.response), alpha))))
                factors = [self.public_key.power(proof.response), beta]
                if value:
                    factors.append(group.generator.power(-value * proof.challenge))
                commitments.append(group.write(group.product(factors)))
        total = canonical.challenge(order, f"{statement}|{','.join(commitments)}")
        return member, total == sum(proof.challenge for proof in proofs) % order


def read_proofs(group: Group, value: object, count: int) -> tuple[Proof, ...]:
    """``count`` proofs from a message. Raises DomainError ``message_malformed`` or ``exponent_not_canonical``."""
    return tuple(read_proof(group, each) for each in canonical.items(value, count))


def plain_proofs(proofs: Sequence[Proof]) -> list[Any]:
    """As they stand in a message."""
    return [proof.plain() for proof in proofs]
