"""The key ceremony of threshold trustees: what each computes and sends, so that nobody ever holds the whole key.

Specification of Belenios 3.0, "Messages specific to threshold decryption support". Each trustee has a **seed**. Round 1:
everybody gives a certificate. Round 2: everybody, having seen all certificates, gives a polynomial: its public images,
and for each trustee a secret that only that trustee can open. Round 3: everybody checks the secrets they got against the
images and gives the public key of their share. What is exchanged may pass through anybody's hands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from core.errors import DomainError
from elections.ballot import canonical, randomness
from elections.ballot.group import Element, Group, random_exponent, read_element, read_exponent
from elections.ballot.proofs import Proof, read_proof
from elections.ballot.trustees import (
    Certificate,
    SignedMessage,
    Threshold,
    TrusteeKey,
    certificate_holds,
    certificates_statement,
    coefficients_hold,
    is_signed,
    key_holds,
    make_key,
    read_certificate,
    read_coefficients,
    read_signed,
    share_image,
    sign,
)

SEED_LENGTH = 22
_NONCE = 13
_TAG = 8  # bytes; the message inside is signed besides


def new_seed() -> str:
    """A trustee's seed, from the operating system's randomness."""
    return randomness.token(SEED_LENGTH)


def signing_key(group: Group, seed: str) -> int:
    """The secret exponent with which a trustee signs."""
    return canonical.challenge(group.order, f"sk|{seed}")


def opening_key(group: Group, seed: str) -> int:
    """The secret exponent with which a trustee opens what is sent to them."""
    return canonical.challenge(group.order, f"dk|{seed}")


# Round 1 ---------------------------------------------------------------------------------------------------------------


def certify(group: Group, seed: str, *, index: int, threshold: int, size: int) -> SignedMessage:
    """The certificate of the trustee at ``index`` (from 1) of ``size``, any ``threshold`` of whom will suffice."""
    content = {
        "context": {"group": group.name, "size": size, "threshold": threshold, "index": index},
        "verification": group.write(group.generator.power(signing_key(group, seed))),
        "encryption": group.write(group.generator.power(opening_key(group, seed))),
    }
    message = canonical.write_text(content)
    return SignedMessage(message, sign(group, signing_key(group, seed), message))


def check_certificates(group: Group, certificates: Sequence[SignedMessage]) -> tuple[list[Certificate], int]:
    """All certificates of one ceremony, in order, and its threshold.

    Raises DomainError ``ceremony_certificate`` (``index``: whose is wrong, from 1) or ``ceremony_twice`` if two
    trustees gave the same key.
    """
    opened = []
    for index, signed in enumerate(certificates, 1):
        try:
            opened.append(read_certificate(group, signed))
        except DomainError:
            raise DomainError("ceremony_certificate", index=index) from None
    first = opened[0].context if opened else None
    threshold = first["threshold"] if first and type(first["threshold"]) is int else 0
    for index, signed in enumerate(certificates, 1):
        if opened[index - 1].context is None or not 1 <= threshold <= len(certificates):
            raise DomainError("ceremony_certificate", index=index)
        if not certificate_holds(group, signed, threshold, len(certificates), index):
            raise DomainError("ceremony_certificate", index=index)
    if len({each.verification for each in opened}) < len(opened):
        raise DomainError("ceremony_twice")
    return opened, threshold


def place(group: Group, seed: str, certificates: Sequence[Certificate]) -> int:
    """At which place, from 1, this trustee's certificate stands. Raises DomainError ``ceremony_not_yours``."""
    own = group.generator.power(signing_key(group, seed))
    for index, each in enumerate(certificates, 1):
        if each.verification == own:
            return index
    raise DomainError("ceremony_not_yours")


# Round 2 ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Polynomial:
    """What a trustee gives in round 2."""

    kept: str
    """The polynomial itself, sealed for its maker."""
    secrets: tuple[str, ...]
    """For each trustee the value at their place, sealed for them."""
    images: SignedMessage
    signature: Proof

    def plain(self) -> dict[str, Any]:
        """As sent."""
        return {
            "polynomial": self.kept,
            "secrets": list(self.secrets),
            "coefexps": self.images.plain(),
            "signature": self.signature.plain(),
        }


def read_polynomial(group: Group, value: object) -> Polynomial:
    """As received. Raises what ``canonical.fields`` and the readers of numbers raise."""
    found = canonical.fields(value, ("polynomial", "secrets", "coefexps", "signature"))
    return Polynomial(
        canonical.text(found["polynomial"]),
        tuple(canonical.text(each) for each in canonical.items(found["secrets"])),
        read_signed(group, found["coefexps"]),
        read_proof(group, found["signature"]),
    )


def draw_polynomial(group: Group, seed: str, certificates: Sequence[SignedMessage]) -> Polynomial:
    """A fresh polynomial of this trustee. Raises what ``check_certificates`` and ``place`` raise."""
    opened, threshold = check_certificates(group, certificates)
    place(group, seed, opened)
    order = group.order
    coefficients = [random_exponent(group) for _ in range(threshold)]
    images = [group.generator.power(each) for each in coefficients]
    key = signing_key(group, seed)
    message = canonical.write_text({"coefexps": [group.write(image) for image in images]})
    own = group.generator.power(opening_key(group, seed))
    kept = canonical.write_text({"polynomial": [str(each) for each in coefficients]})
    return Polynomial(
        _send(group, key, own, kept),
        tuple(
            _send(group, key, each.encryption, _secret(order, coefficients, index))
            for index, each in enumerate(opened, 1)
        ),
        SignedMessage(message, sign(group, key, message)),
        sign(group, key, certificates_statement(group, certificates, images)),
    )


def _secret(order: int, coefficients: Sequence[int], index: int) -> str:
    value = 0
    for coefficient in reversed(coefficients):
        value = (value * index + coefficient) % order
    return canonical.write_text({"secret": str(value)})


# Round 3 ---------------------------------------------------------------------------------------------------------------


def accept_shares(
    group: Group, seed: str, certificates: Sequence[SignedMessage], polynomials: Sequence[Polynomial]
) -> tuple[int, TrusteeKey]:
    """This trustee's share of the key, to be kept secret, and its public key, to be sent.

    Raises DomainError ``ceremony_polynomial`` (``index``: whose is wrong, from 1) and what ``check_certificates`` raises.
    """
    opened, threshold = check_certificates(group, certificates)
    own = place(group, seed, opened)
    _one_each(opened, polynomials, "ceremony_polynomial")
    share = 0
    for index, (certificate, polynomial) in enumerate(zip(opened, polynomials, strict=True), 1):
        if not _polynomial_holds(group, certificate, certificates, polynomial, threshold):
            raise DomainError("ceremony_polynomial", index=index)
        images = read_coefficients(group, polynomial.images)
        try:
            received = _receive(group, seed, certificate, polynomial.secrets[own - 1])
            found = canonical.fields(canonical.read(received), ("secret",))
            value = read_exponent(group, found["secret"])
        except DomainError:
            raise DomainError("ceremony_polynomial", index=index) from None
        if group.generator.power(value) != share_image(group, [images], own):
            raise DomainError("ceremony_polynomial", index=index)
        share += value
    secret, key = make_key(group, share % group.order)
    signature = sign(group, signing_key(group, seed), group.write(key.public_key))
    return secret, TrusteeKey(key.public_key, key.proof, signature)


def _one_each(opened: Sequence[Certificate], given: Sequence[object], code: str) -> None:
    """Raises DomainError ``code`` with the first place where something is missing or too much."""
    if len(given) != len(opened):
        raise DomainError(code, index=min(len(given), len(opened)) + 1)


def _polynomial_holds(
    group: Group,
    certificate: Certificate,
    certificates: Sequence[SignedMessage],
    polynomial: Polynomial,
    threshold: int,
) -> bool:
    if len(polynomial.secrets) != len(certificates):
        return False
    try:
        if not coefficients_hold(group, certificate, polynomial.images, threshold):
            return False
    except DomainError:  # nothing that can be read
        return False
    images = read_coefficients(group, polynomial.images)
    statement = certificates_statement(group, certificates, images)
    return is_signed(group, certificate.verification, statement, polynomial.signature)


def assemble(
    group: Group,
    certificates: Sequence[SignedMessage],
    polynomials: Sequence[Polynomial],
    keys: Sequence[TrusteeKey],
) -> Threshold:
    """What is published of the ceremony. Raises DomainError ``ceremony_key`` (``index``) and what the rounds raise."""
    opened, threshold = check_certificates(group, certificates)
    _one_each(opened, polynomials, "ceremony_polynomial")
    _one_each(opened, keys, "ceremony_key")
    for index, (certificate, polynomial) in enumerate(zip(opened, polynomials, strict=True), 1):
        if not _polynomial_holds(group, certificate, certificates, polynomial, threshold):
            raise DomainError("ceremony_polynomial", index=index)
    images = [read_coefficients(group, each.images) for each in polynomials]
    for index, (certificate, key) in enumerate(zip(opened, keys, strict=True), 1):
        signed = key.signature is not None and is_signed(
            group, certificate.verification, group.write(key.public_key), key.signature
        )
        if not (signed and key_holds(group, key) and key.public_key == share_image(group, images, index)):
            raise DomainError("ceremony_key", index=index)
    return Threshold(
        threshold,
        tuple(certificates),
        tuple(each.images for each in polynomials),
        tuple(each.signature for each in polynomials),
        tuple(keys),
    )


# Sealed and signed for one reader --------------------------------------------------------------------------------------


def _send(group: Group, sender: int, recipient: Element, message: str) -> str:
    """``message`` for the holder of ``recipient`` alone, signed by ``sender``."""
    channel = canonical.write_text({"recipient": group.write(recipient), "message": message})
    signed = SignedMessage(channel, sign(group, sender, channel))
    return _seal(group, recipient, canonical.write_text(signed.plain()))


def _receive(group: Group, seed: str, sender: Certificate, sealed: str) -> str:
    """The message for this trustee from ``sender``. Raises DomainError ``channel_unreadable``."""
    signed = read_signed(group, canonical.read(_open(group, opening_key(group, seed), sealed)))
    channel = canonical.fields(canonical.read(signed.message), ("recipient", "message"))
    own = group.generator.power(opening_key(group, seed))
    if channel["recipient"] != group.write(own):
        raise DomainError("channel_unreadable")
    if not is_signed(group, sender.verification, signed.message, signed.signature):
        raise DomainError("channel_unreadable")
    return canonical.text(channel["message"])


def _cipher(group: Group, shared: Element, alpha: Element) -> tuple[AESCCM, bytes]:
    key = hashlib.sha256(f"key|{group.write(shared)}".encode()).digest()
    nonce = hashlib.sha256(f"iv|{group.write(alpha)}".encode()).digest()[:_NONCE]
    return AESCCM(key, tag_length=_TAG), nonce


def _seal(group: Group, recipient: Element, message: str) -> str:
    randomness_, blinding = random_exponent(group), random_exponent(group)
    alpha = group.generator.power(randomness_)
    shared = group.generator.power(blinding)
    cipher, nonce = _cipher(group, shared, alpha)
    return canonical.write_text(
        {
            "alpha": group.write(alpha),
            "beta": group.write(group.product((group.power(recipient, randomness_), shared))),
            "data": cipher.encrypt(nonce, message.encode("utf-8"), None).hex(),
        }
    )


def _open(group: Group, secret: int, sealed: str) -> str:
    found = canonical.fields(canonical.read(sealed), ("alpha", "beta", "data"))
    alpha, beta = (read_element(group, found[name]) for name in ("alpha", "beta"))
    shared = group.quotient(beta, group.power(alpha, secret))
    cipher, nonce = _cipher(group, shared, alpha)
    try:
        return cipher.decrypt(nonce, bytes.fromhex(canonical.text(found["data"])), None).decode("utf-8")
    except (InvalidTag, ValueError):
        raise DomainError("channel_unreadable") from None
